//! What an error means to the conversation that it quotes a packet of.

use super::fields::{CODE_EXCEEDED, CODE_UNREACHABLE, TYPE};
use crate::headers::Complaint;
use crate::telling::{Outcome, Telling};
use crate::wording::counted;

/// The bead, the sentences and the section of the standard for an error. What it quotes, its
/// teller adds.
#[must_use]
pub fn tell(complaint: &Complaint) -> Telling {
    let Complaint { kind, code, number, gateway, .. } = *complaint;
    let (target, port) = (complaint.target(), complaint.port());
    let (headline, detail) = match (kind, code) {
        (3, 0 | 6 | 11) => (format!("No way leads to the network of {target}"), ""),
        (3, 1 | 7 | 12) => (format!("{target} cannot be reached"), ""),
        (3, 2) => (format!("{target} does not speak {}", complaint.transport), ""),
        (3, 3) if complaint.is_of_target() && complaint.transport == "TCP" => (
            format!("{port} is closed"),
            "TCP has a reset of its own to say so; here ICMP said it.",
        ),
        (3, 3) if complaint.is_of_target() => (
            format!("{port} is closed"),
            "Nobody listens there. UDP has no way to say so: ICMP says it.",
        ),
        (3, 3) => (
            format!("{port} is closed, says {}", complaint.from),
            "It was not the host itself that said so.",
        ),
        (3, 4) if number > 0 => (
            format!(
                "Too large for the way to {target}: the next link takes {}",
                counted(number.into(), "byte")
            ),
            "The packet forbids cutting it into fragments, and was dropped. \
             Its sender learns how large a packet may be.",
        ),
        (3, 4) => (
            format!("Too large for the way to {target}"),
            "The packet forbids cutting it into fragments, and was dropped. \
             How large it may be is not said.",
        ),
        (3, 9 | 10 | 13) => {
            (format!("{} forbids the way to {target}", complaint.from), "A rule, not a failure.")
        }
        (4, _) => (
            format!("{} cannot keep up, and asks to send more slowly", complaint.from),
            "No host should send or heed this any more (RFC 6633).",
        ),
        (5, _) => match gateway {
            Some(gateway) => (
                format!("For {target}, {gateway} is the better first step"),
                "The packet was passed on all the same.",
            ),
            None => (format!("For {target}, another first step is better"), ""),
        },
        (11, 0) => (
            format!("The packet ends here, on its way to {target}: its time to live ran out"),
            "Each router takes one from that number. Traceroute asks for this answer on purpose.",
        ),
        (11, 1) => (
            "Fragments are missing: the rest was thrown away".to_owned(),
            "One lost fragment costs the whole datagram.",
        ),
        _ => (format!("{} refuses the packet: {}", complaint.from, name(kind, code)), ""),
    };
    // RFC 792 numbers no sections; RFC 1122 says of each message what hosts do with it.
    let section = match kind {
        3 => "3.2.2.1",
        4 => "3.2.2.3",
        5 => "3.2.2.2",
        11 => "3.2.2.4",
        _ => "3.2.2.5",
    };
    let label = match (kind, code) {
        (3, 9 | 10 | 13) => "Prohibited",
        (11, 0) => "TTL exceeded",
        (11, 1) => "Fragments missing",
        _ => name(kind, code),
    };
    let told = Telling::new(label, headline, "ICMP").detail(detail);
    let lesson = match (kind, code) {
        (3, 4) => "icmp/path-mtu",
        (11, 0) => "icmp/traceroute",
        _ => "icmp/error",
    };
    let told = told.lesson(lesson, "RFC 1122", section);
    // A redirect and a plea for patience refuse nothing; nor does a router that cannot carry a
    // packet so far or so large.
    let is_no = !matches!((kind, code), (4 | 5 | 11, _) | (3, 4));
    let outcome = if is_no { Outcome::Refused } else { Outcome::Arrived };
    Telling { outcome, ..told }
}

/// What the error is called.
fn name(kind: u8, code: u8) -> &'static str {
    let named = |field: crate::field::FieldId, number: u8| field.def().name_of(number.into());
    let code = match kind {
        3 => named(CODE_UNREACHABLE, code),
        11 => named(CODE_EXCEEDED, code),
        _ => None,
    };
    code.or(named(TYPE, kind)).unwrap_or("ICMP error")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bead and sentence of an error with that number about a datagram to 10.0.0.2, port 53.
    #[track_caller]
    fn check((kind, code, number): (u8, u8, u32), from: [u8; 4], expected: &str) {
        let ends = [([10, 0, 0, 1], 40_000).into(), ([10, 0, 0, 2], 53).into()];
        let gateway = (kind == 5).then_some([10, 0, 0, 254].into());
        let from = from.into();
        let told = tell(&Complaint { kind, code, number, gateway, from, ends, transport: "UDP" });
        assert_eq!(format!("{}: {}", told.label, told.headline), expected);
    }

    #[test]
    fn an_error_says_what_it_means_and_who_says_so() {
        let (host, router) = ([10, 0, 0, 2], [10, 0, 0, 254]);
        check((3, 3, 0), host, "Port unreachable: UDP port 53 of 10.0.0.2 is closed");
        check(
            (3, 3, 0),
            router,
            "Port unreachable: UDP port 53 of 10.0.0.2 is closed, says 10.0.0.254",
        );
        check((3, 0, 0), router, "Network unreachable: No way leads to the network of 10.0.0.2");
        check((3, 1, 0), router, "Host unreachable: 10.0.0.2 cannot be reached");
        check((3, 2, 0), host, "Protocol unreachable: 10.0.0.2 does not speak UDP");
        check(
            (3, 4, 1400),
            router,
            "Fragmentation needed: \
             Too large for the way to 10.0.0.2: the next link takes 1400 bytes",
        );
        check((3, 4, 0), router, "Fragmentation needed: Too large for the way to 10.0.0.2");
        check((3, 13, 0), router, "Prohibited: 10.0.0.254 forbids the way to 10.0.0.2");
        check(
            (3, 5, 0),
            router,
            "Source route failed: 10.0.0.254 refuses the packet: Source route failed",
        );
        check((5, 1, 0), router, "Redirect: For 10.0.0.2, 10.0.0.254 is the better first step");
        check(
            (11, 0, 0),
            router,
            "TTL exceeded: \
             The packet ends here, on its way to 10.0.0.2: its time to live ran out",
        );
        check(
            (11, 1, 0),
            host,
            "Fragments missing: Fragments are missing: the rest was thrown away",
        );
        check(
            (12, 0, 5),
            host,
            "Parameter problem: 10.0.0.2 refuses the packet: Parameter problem",
        );
    }
}
