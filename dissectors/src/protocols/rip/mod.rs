//! RIP (RFC 2453; version 1: RFC 1058): routers tell their neighbours how far each network is.
//!
//! ```text
//!   command │ version │ 0 ×2 │ entries: family ×2, tag ×2, address ×4, mask ×4, next hop ×4, metric ×4
//! ```

use std::fmt::{self, Write};

use super::datagrams::{self, Asking, Seen, is_cut, note_short};
use super::values::{bytes, number, text};
use crate::bytes::{Reader, Short};
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Kind as FieldKind, Names, Value};
use crate::fields;
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::{Outcome, Telling};

codes! {
    /// What a message is.
    pub enum Kind {
        /// It asks for routes.
        Request,
        /// It tells routes, asked or not.
        Response,
    }
}

impl MessageKind for Kind {
    /// Of a repeated request the frame of the first; of an answer that of the request.
    type Extra = Option<FrameId>;
}

const COMMANDS: Names = &[(1, "Request"), (2, "Response")];
const VERSIONS: Names = &[(1, "RIPv1"), (2, "RIPv2")];
const FAMILIES: Names = &[(0, "Unspecified"), (2, "IP")];

fields! { "rip", "RIP";
    COMMAND = FieldDef::u8("rip.command", "Command").names(COMMANDS),
    VERSION = FieldDef::u8("rip.version", "Version").names(VERSIONS),
    FAMILY = FieldDef::u16("rip.family", "Address Family").names(FAMILIES),
    TAG = FieldDef::u16("rip.route_tag", "Route Tag"),
    ADDRESS = FieldDef::of("rip.ip", "IP Address", FieldKind::Ipv4),
    MASK = FieldDef::of("rip.netmask", "Netmask", FieldKind::Ipv4),
    NEXT_HOP = FieldDef::of("rip.next_hop", "Next Hop", FieldKind::Ipv4),
    METRIC = FieldDef::u16("rip.metric", "Metric"),
    AUTH_TYPE = FieldDef::u16("rip.auth.type", "Authentication type"),
    PASSWORD = FieldDef::text("rip.auth.passwd", "Password"),
}

/// Bytes of the head, and of an entry.
const HEAD: usize = 4;
const ENTRY: usize = 20;

/// The family of an entry that proves who sends, and a password in the clear (RFC 2453, section
/// 4.1).
const AUTHENTICATION: u64 = 0xffff;
const IN_CLEAR: u64 = 2;

/// The Routing Information Protocol.
pub struct Rip;

impl Protocol for Rip {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 2453", "RFC 1058"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(520)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match look(bytes, bytes.len()).filter(|_| framing == Framing::Datagram) {
            Some(_) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        datagrams::open(facts, look)
    }

    fn column(&self, message: &Message, view: &View<'_>) -> &'static str {
        match view.bytes(message.span) {
            [_, 1, ..] => "RIPv1",
            [_, 2, ..] => "RIPv2",
            _ => "RIP",
        }
    }

    fn summary(&self, message: &Message, _view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        line.write_str(if message.is(Kind::Request) { "Request" } else { "Response" })
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        if let Err(short) = describe(view.reader(message.span), sink) {
            note_short(short, is_cut(message, view), sink);
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let is_paired = message.extra::<Kind>().flatten().is_some();
        if message.is(Kind::Request) {
            let told = Telling::new("Request", "Asks its neighbours for their routes", "RIP");
            return Some(if is_paired { told.outcome(Outcome::Repeated) } else { told });
        }
        let count = view.bytes(message.span).len().saturating_sub(HEAD) / ENTRY;
        let told = Telling::new(format!("{count} routes"), "Tells how far each network is", "RIP");
        Some(if is_paired { told.answering() } else { told })
    }
}

/// What a datagram is: a known version and command, and whole entries. Routes are told every half
/// minute, asked or not: nothing says which of them answer.
fn look(bytes: &[u8], wire: usize) -> Option<Seen<Kind>> {
    let [command @ 1..=2, 1..=2, ..] = bytes else { return None };
    let fits = wire > HEAD && (wire - HEAD).is_multiple_of(ENTRY);
    let kind = if *command == 1 { Kind::Request } else { Kind::Response };
    fits.then_some(Seen { kind, asking: Asking::Alone, same: 0 })
}

fn describe(mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    number(COMMAND, 1, &mut reader, sink)?;
    let version = number(VERSION, 1, &mut reader, sink)?;
    reader.take(2, "zeros")?;
    while !reader.is_empty() && !sink.is_done() {
        let mut entry = reader.sub(ENTRY, "an entry")?;
        let (family, place) = entry.number(2, "a family")?;
        sink.open(FAMILY, Value::Unsigned(family), place);
        let told = one(family, version, entry, sink);
        sink.close();
        told?;
    }
    Ok(())
}

/// Tells an entry behind its family.
fn one(family: u64, version: u64, mut rest: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    if family == AUTHENTICATION {
        if number(AUTH_TYPE, 2, &mut rest, sink)? == IN_CLEAR {
            text(PASSWORD, rest, sink);
        }
        return Ok(());
    }
    if version == 1 {
        rest.take(2, "zeros")?;
        bytes(ADDRESS, 4, &mut rest, sink)?;
        rest.take(8, "zeros")?;
    } else {
        number(TAG, 2, &mut rest, sink)?;
        for field in [ADDRESS, MASK, NEXT_HOP] {
            bytes(field, 4, &mut rest, sink)?;
        }
    }
    number(METRIC, 4, &mut rest, sink)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::ports::Ports;
    use crate::protocols::stage::{ask, check_told, play_over, say};

    fn route(net: u8, metric: u8) -> Vec<u8> {
        [&[0, 2, 0, 7, 10, net, 0, 0, 255, 255, 0, 0, 10, 0, 0, 9, 0, 0, 0][..], &[metric]].concat()
    }

    fn message(command: u8, version: u8, entries: &[Vec<u8>]) -> Vec<u8> {
        [&[command, version, 0, 0][..], &entries.concat()].concat()
    }

    #[track_caller]
    fn check(bytes: &[u8], rows: &str, values: &[(&str, &str)]) {
        let ports = Ports { framing: Framing::Datagram, ports: [520, 520], began: None };
        let stage = play_over(ports, &[ask(bytes)]);
        assert_eq!(stage.rows(), rows);
        for (field, expected) in values {
            assert_eq!(stage.values(field), *expected, "{field}");
        }
    }

    #[test]
    fn routes_are_told_with_their_metrics() {
        let proof = [&[0xff, 0xff, 0, 2][..], b"secret\0\0\0\0\0\0\0\0\0\0"].concat();
        check(
            &message(2, 2, &[proof, route(1, 1), route(2, 16)]),
            "rip@1 Response\n",
            &[
                ("rip.family", "65535 2 2"),
                ("rip.auth.passwd", "secret"),
                ("rip.route_tag", "7 7"),
                ("rip.ip", "0a010000 0a020000"),
                ("rip.netmask", "ffff0000 ffff0000"),
                ("rip.next_hop", "0a000009 0a000009"),
                ("rip.metric", "1 16"),
            ],
        );
        check(
            &message(1, 1, &[route(1, 16)]),
            "rip@1 Request\n",
            &[("rip.ip", "0a010000"), ("rip.netmask", ""), ("rip.metric", "16")],
        );
    }

    #[test]
    fn what_is_told() {
        let ports = Ports { framing: Framing::Datagram, ports: [520, 520], began: None };
        let routes = message(2, 2, &[route(1, 1), route(2, 16)]);
        check_told(
            &play_over(ports, &[ask(message(1, 2, &[route(0, 16)])), say(routes)]),
            &[
                "Request | Asks its neighbours for their routes",
                "2 routes | Tells how far each network is",
            ],
        );
    }

    #[test]
    fn what_is_none_of_it_is_data() {
        check(&message(2, 2, &[vec![0; 19]]), "data@1 23 bytes\n", &[]);
        check(&message(9, 2, &[route(1, 1)]), "data@1 24 bytes\n", &[]);
    }
}
