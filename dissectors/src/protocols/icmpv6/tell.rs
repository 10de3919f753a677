//! What an error, or a redirect, means to the conversation that it quotes a packet of.

use super::fields::{CODE_EXCEEDED, CODE_UNREACHABLE, TYPE};
use crate::headers::Complaint;
use crate::telling::{Outcome, Telling};
use crate::wording::counted;

/// The bead, the sentences and the section of the standard for an error. What it quotes, its
/// teller adds.
#[must_use]
pub fn tell(complaint: &Complaint) -> Telling {
    let Complaint { kind, code, number, gateway, from, .. } = *complaint;
    let (target, port) = (complaint.target(), complaint.port());
    let (headline, detail) = match (kind, code) {
        (1, 0 | 6) => (format!("No way leads to {target}"), ""),
        (1, 1 | 5) => (format!("{from} forbids the way to {target}"), "A rule, not a failure."),
        (1, 3) => (format!("{target} cannot be reached"), ""),
        (1, 4) if complaint.is_of_target() && complaint.transport == "TCP" => (
            format!("{port} is closed"),
            "TCP has a reset of its own to say so; here ICMPv6 said it.",
        ),
        (1, 4) if complaint.is_of_target() => (
            format!("{port} is closed"),
            "Nobody listens there. UDP has no way to say so: ICMPv6 says it.",
        ),
        (1, 4) => {
            (format!("{port} is closed, says {from}"), "It was not the host itself that said so.")
        }
        (2, _) => (
            format!(
                "Too large for the way to {target}: the next link takes {}",
                counted(number.into(), "byte")
            ),
            "No router cuts a packet of IPv6 into fragments: it is dropped, and its sender \
             learns how large one may be.",
        ),
        (3, 0) => (
            format!("The packet ends here, on its way to {target}: its hop limit ran out"),
            "Each router takes one from the hop limit. Traceroute asks for this answer on purpose.",
        ),
        (3, 1) => (
            "Fragments are missing: the rest was thrown away".to_owned(),
            "One lost fragment costs the whole datagram.",
        ),
        (137, _) => match gateway {
            Some(gateway) if gateway == target => (
                format!("{target} is on this link: no router is needed"),
                "The packet was passed on all the same.",
            ),
            Some(gateway) => (
                format!("For {target}, {gateway} is the better first step"),
                "The packet was passed on all the same.",
            ),
            None => (format!("For {target}, another first step is better"), ""),
        },
        _ => (format!("{from} refuses the packet: {}", name(kind, code)), ""),
    };
    let (standard, section) = match kind {
        1 => ("RFC 4443", "3.1"),
        2 => ("RFC 4443", "3.2"),
        3 => ("RFC 4443", "3.3"),
        137 => ("RFC 4861", "4.5"),
        _ => ("RFC 4443", "3.4"),
    };
    let label = match (kind, code) {
        (1, 0 | 6) => "No route".to_owned(),
        (1, 1 | 5) => "Prohibited".to_owned(),
        (3, 0) => "Hop limit exceeded".to_owned(),
        (3, 1) => "Fragments missing".to_owned(),
        _ => name(kind, code),
    };
    let told = Telling::new(label, headline, "ICMPv6").detail(detail);
    let told = told.lesson("icmp/error", standard, section);
    // A redirect refuses nothing; nor does a router that cannot carry a packet so far or so large.
    let outcome = if matches!(kind, 2 | 3 | 137) { Outcome::Arrived } else { Outcome::Refused };
    Telling { outcome, ..told }
}

/// What the error is called.
fn name(kind: u8, code: u8) -> String {
    let named = |field: crate::field::FieldId, number: u8| field.def().name_of(number.into());
    let code = match kind {
        1 => named(CODE_UNREACHABLE, code),
        3 => named(CODE_EXCEEDED, code),
        _ => None,
    };
    let name = code.or(named(TYPE, kind)).unwrap_or("ICMPv6 error");
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv6Addr};

    fn host(last: u16) -> IpAddr {
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last).into()
    }

    /// Bead and sentence of an error with that number about a datagram to 2001:db8::2, port 53.
    #[track_caller]
    fn check((kind, code, number): (u8, u8, u32), from: u16, gateway: u16, expected: &str) {
        let ends = [(host(1), 40_000).into(), (host(2), 53).into()];
        let gateway = (kind == 137).then_some(host(gateway));
        let from = host(from);
        let told = tell(&Complaint { kind, code, number, gateway, from, ends, transport: "UDP" });
        assert_eq!(format!("{}: {}", told.label, told.headline), expected);
    }

    #[test]
    fn an_error_says_what_it_means_and_who_says_so() {
        check((1, 4, 0), 2, 0, "Port unreachable: UDP port 53 of 2001:db8::2 is closed");
        check(
            (1, 4, 0),
            9,
            0,
            "Port unreachable: UDP port 53 of 2001:db8::2 is closed, says 2001:db8::9",
        );
        check((1, 0, 0), 9, 0, "No route: No way leads to 2001:db8::2");
        check((1, 1, 0), 9, 0, "Prohibited: 2001:db8::9 forbids the way to 2001:db8::2");
        check((1, 3, 0), 9, 0, "Address unreachable: 2001:db8::2 cannot be reached");
        check(
            (2, 0, 1280),
            9,
            0,
            "Packet Too Big: Too large for the way to 2001:db8::2: the next link takes 1280 bytes",
        );
        check(
            (3, 0, 0),
            9,
            0,
            "Hop limit exceeded: \
             The packet ends here, on its way to 2001:db8::2: its hop limit ran out",
        );
        check((137, 0, 0), 9, 2, "Redirect: 2001:db8::2 is on this link: no router is needed");
        check((137, 0, 0), 9, 8, "Redirect: For 2001:db8::2, 2001:db8::8 is the better first step");
        check(
            (4, 1, 6),
            2,
            0,
            "Parameter Problem: 2001:db8::2 refuses the packet: Parameter Problem",
        );
    }
}
