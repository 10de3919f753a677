//! The datagram service of NetBIOS (RFC 1002, section 4.4): a message to a name instead of an
//! address, mostly one of SMB to a mailslot.
//!
//! ```text
//!   type │ flags │ id ×2 │ source's address ×4 │ port ×2 │ length ×2 │ offset ×2 │ names │ data
//! ```

use std::fmt::{self, Write};

use super::name::Name;
use crate::bytes::{Reader, Short};
use crate::codes;
use crate::engine::session::{Announce, Input, Out, Progress, Session, To};
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Kind as FieldKind, Names, Value};
use crate::fields;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::protocols::datagrams::{self, is_cut, note_short};
use crate::protocols::values::{bits, bytes, number};
use crate::sink::{Severity, Sink};
use crate::telling::{Outcome, Telling};

codes! {
    /// What a message is.
    pub enum Kind {
        /// A datagram: its first byte says which.
        Datagram,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

const TYPES: Names = &[
    (0x10, "Direct_unique datagram"),
    (0x11, "Direct_group datagram"),
    (0x12, "Broadcast datagram"),
    (0x13, "Datagram error"),
    (0x14, "Datagram query request"),
    (0x15, "Datagram positive query response"),
    (0x16, "Datagram negative query response"),
];

const ERRORS: Names = &[
    (0x82, "Destination name not present"),
    (0x83, "Invalid source name format"),
    (0x84, "Invalid destination name format"),
];

fields! { "nbdgm", "NBDS";
    TYPE = FieldDef::u8("nbdgm.type", "Message Type").names(TYPES),
    FLAGS = FieldDef::u8("nbdgm.flags", "Flags").hex(),
    MORE = FieldDef::flag("nbdgm.next", "More fragments follow", 0x01),
    FIRST = FieldDef::flag("nbdgm.first", "This is first fragment", 0x02),
    NODE = FieldDef::u8("nbdgm.node_type", "Node Type").mask(0x0c)
        .names(&[(0, "B node"), (1, "P node"), (2, "M node"), (3, "NBDD")]),
    ID = FieldDef::u16("nbdgm.dgram_id", "Datagram ID").hex(),
    SOURCE = FieldDef::of("nbdgm.src.ip", "Source IP", FieldKind::Ipv4),
    PORT = FieldDef::u16("nbdgm.src.port", "Source Port"),
    LENGTH = FieldDef::u16("nbdgm.dgram_len", "Datagram length"),
    OFFSET = FieldDef::u16("nbdgm.pkt_offset", "Packet offset"),
    ERROR = FieldDef::u8("nbdgm.error_code", "Error code").hex().names(ERRORS),
    SOURCE_NAME = FieldDef::text("nbdgm.source_name", "Source name").computed(),
    DESTINATION_NAME = FieldDef::text("nbdgm.destination_name", "Destination name").computed(),
}

/// Bytes that all have, and those that carry data before the names.
const HEAD: usize = 10;
const DATA_HEAD: usize = 14;

/// Types that carry data, and the error.
const DIRECT: u8 = 0x10;
const BROADCAST: u8 = 0x12;
const FAILED: u8 = 0x13;
const LAST: u8 = 0x16;

/// The layer of what it carries.
const CARRIED: u64 = 1;

/// The NetBIOS Datagram Service.
pub struct Nbdgm;

impl Protocol for Nbdgm {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 1001", "RFC 1002"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(138)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match kind(bytes).filter(|_| framing == Framing::Datagram) {
            Some(_) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        (facts.framing == Framing::Datagram).then(|| Box::new(Datagrams) as Box<dyn Session>)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let bytes = view.bytes(message.span);
        // What a message carries speaks for the row.
        if carries_smb(bytes) {
            return Ok(());
        }
        line.write_str(title(bytes))?;
        match names(view.reader(message.span)) {
            Some((from, to)) => write!(line, ", {from} to {to}"),
            None => Ok(()),
        }
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        if let Err(short) = describe(view.reader(message.span), sink) {
            note_short(short, is_cut(message, view), sink);
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let bytes = view.bytes(message.span);
        let headline = match kind(bytes)? {
            DIRECT => "Sends a message to a name",
            0x11 => "Sends a message to all who share a name",
            BROADCAST => "Sends a message to everybody",
            FAILED => "Says that the message could not be handed over",
            0x14 => "Asks whether a name is known",
            0x15 => "Knows the name",
            _ => "Does not know the name",
        };
        let told = Telling::new(title(bytes), headline, "NetBIOS datagrams");
        let told = told.lesson("nbns/name", "RFC 1002", "4.4");
        let told = match names(view.reader(message.span)) {
            Some((from, to)) => told.detail(format!("From {from} to {to}.")),
            None => told,
        };
        Some(if kind(bytes) == Some(FAILED) { told.outcome(Outcome::Refused) } else { told })
    }
}

/// Which message bytes are: `None` if they are none. Two bits of the flags are used, and two for
/// the kind of node.
fn kind(bytes: &[u8]) -> Option<u8> {
    match bytes {
        [kind @ DIRECT..=LAST, 0..=0x0f, ..] if bytes.len() >= HEAD => Some(*kind),
        _ => None,
    }
}

fn title(bytes: &[u8]) -> &'static str {
    kind(bytes).and_then(|kind| TYPE.def().name_of(kind.into())).unwrap_or("Datagram")
}

/// A reader at the names of a message that carries data.
fn at_names(mut reader: Reader<'_>) -> Option<Reader<'_>> {
    kind(reader.rest()).filter(|kind| *kind <= BROADCAST)?;
    reader.take(DATA_HEAD, "a head").ok()?;
    Some(reader)
}

/// From whom to whom it is. Names are spelled out, and point nowhere.
fn names(reader: Reader<'_>) -> Option<(Name<'_>, Name<'_>)> {
    let message = reader.rest();
    let mut reader = at_names(reader)?;
    Some((Name::read(message, &mut reader)?, Name::read(message, &mut reader)?))
}

/// How many bytes stand before the data.
fn data_at(bytes: &[u8]) -> Option<usize> {
    let mut at = DATA_HEAD;
    kind(bytes).filter(|kind| *kind <= BROADCAST)?;
    for _ in 0..2 {
        at += super::name::in_place(bytes.get(at..)?)?;
    }
    Some(at)
}

/// Whether a message, or its first fragment, carries SMB.
fn carries_smb(bytes: &[u8]) -> bool {
    let data = data_at(bytes).and_then(|at| bytes.get(at..));
    data.is_some_and(|data| data.starts_with(b"\xffSMB"))
}

fn describe(mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let message = reader.rest();
    let kind = number(TYPE, 1, &mut reader, sink)? as u8;
    let (flags, place) = reader.number(1, "flags")?;
    sink.open(FLAGS, Value::Unsigned(flags), place);
    for field in [MORE, FIRST, NODE] {
        bits(field, flags, place, sink);
    }
    sink.close();
    number(ID, 2, &mut reader, sink)?;
    bytes(SOURCE, 4, &mut reader, sink)?;
    number(PORT, 2, &mut reader, sink)?;
    let fields: &[FieldId] = match kind {
        DIRECT..=BROADCAST => {
            number(LENGTH, 2, &mut reader, sink)?;
            number(OFFSET, 2, &mut reader, sink)?;
            &[SOURCE_NAME, DESTINATION_NAME]
        }
        FAILED => {
            number(ERROR, 1, &mut reader, sink)?;
            &[]
        }
        _ => &[DESTINATION_NAME],
    };
    for field in fields {
        let place = reader.span();
        match Name::read(message, &mut reader) {
            Some(name) if sink.wants(*field) => {
                sink.field(*field, Value::Text(&name.to_string()), name.span);
            }
            Some(_) => {}
            None => {
                let text = format_args!("No name of NetBIOS stands here");
                sink.note(Severity::Broken, place, text);
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Every datagram is a message, and may carry one.
#[derive(Clone)]
struct Datagrams;

impl Session for Datagrams {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let taken = Progress::Took(input.bytes.len().max(1));
        if kind(input.bytes).is_none() {
            datagrams::hand_on(input, out);
            return taken;
        }
        let span = out.span(input.at, input.bytes.len());
        out.announce(Announce::new(Kind::Datagram, span));
        if let Some(at) = data_at(input.bytes).filter(|_| carries_smb(input.bytes)) {
            let to = To::child(CARRIED, Claim::Named("smb")).datagrams();
            out.hand_on(to, span.from(at), None);
        }
        taken
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::ports::Ports;
    use crate::protocols::stage::{Played, ask, play_over};

    /// A name as two letters for each byte.
    fn name(text: &str, service: u8) -> Vec<u8> {
        let padded = format!("{text:<15}");
        let letters = padded.bytes().chain([service]).flat_map(|byte| [byte >> 4, byte & 15]);
        let letters = letters.map(|half| b'A' + half);
        [32].into_iter().chain(letters).chain([0]).collect()
    }

    fn datagram(kind: u8, data: &[u8]) -> Vec<u8> {
        let names = [name("ALICE", 0), name("OFFICE", 0x1d)].concat();
        let len = ((names.len() + data.len()) as u16).to_be_bytes();
        let head = [kind, 0x02, 0x12, 0x34, 192, 0, 2, 1, 0, 138];
        [&head[..], &len, &[0, 0], &names, data].concat()
    }

    fn played(bytes: &[u8]) -> Played {
        let ports = Ports { framing: Framing::Datagram, ports: [138, 138], began: None };
        play_over(ports, &[ask(bytes)])
    }

    /// The rows of a datagram, and values of its fields.
    #[track_caller]
    fn check(bytes: &[u8], rows: &str, values: &[(&str, &str)]) {
        let stage = played(bytes);
        assert_eq!(stage.rows(), rows);
        for (field, expected) in values {
            assert_eq!(stage.values(field), *expected, "{field}");
        }
    }

    #[test]
    fn a_message_goes_to_a_name() {
        check(
            &datagram(0x11, b"hello"),
            "nbdgm@1 Direct_group datagram, ALICE<00> to OFFICE<1d>\n",
            &[
                ("nbdgm.first", "1"),
                ("nbdgm.node_type", "0"),
                ("nbdgm.dgram_id", "4660"),
                ("nbdgm.src.ip", "c0000201"),
                ("nbdgm.src.port", "138"),
                ("nbdgm.dgram_len", "73"),
                ("nbdgm.source_name", "ALICE<00>"),
                ("nbdgm.destination_name", "OFFICE<1d>"),
            ],
        );
        check(
            &[0x13, 2, 0, 1, 192, 0, 2, 1, 0, 138, 0x82],
            "nbdgm@1 Datagram error\n",
            &[("nbdgm.error_code", "130")],
        );
    }

    #[test]
    fn smb_in_it_is_read_on() {
        let mut smb = b"\xffSMB\x25".to_vec();
        smb.resize(35, 0);
        check(&datagram(0x10, &smb), "nbdgm@1 \nsmb@1 Trans Request\n", &[("smb.cmd", "37")]);
    }

    #[test]
    fn what_is_none_of_it_is_data() {
        check(b"GET / HTTP", "data@1 10 bytes\n", &[]);
        let mut broken = datagram(0x10, b"");
        broken[16] = b'!';
        check(&broken, "nbdgm@1 Direct_unique datagram\n", &[("nbdgm.source_name", "")]);
    }
}
