//! The row of a message, worded as Wireshark's:
//! `Standard query response 0x1a2b A example.com A 192.0.2.1`.

use std::fmt::{self, Display, Write};

use super::codes::{Known, OPCODES, RCODES, TYPES};
use super::describe::open;
use super::kind::Flavour;
use super::rdata::{self, Shown};
use super::wire::{Entries, Entry, Header, Wire};
use crate::engine::view::View;
use crate::exchange::Opening;
use crate::message::Message;

/// Questions and records that a row names; more would be longer than any screen is wide.
const MAX_NAMED: usize = 64;

/// Writes a message in one line.
pub(super) fn write(
    message: &Message,
    view: &View<'_>,
    flavour: Flavour,
    line: &mut dyn Write,
) -> fmt::Result {
    let wire = open(message, view).wire;
    match Header::read(&mut wire.reader()) {
        Ok(header) => write!(line, "{}", Summary { wire, header, flavour }),
        Err(_) => write!(line, "Message of {} bytes", wire.bytes().len()),
    }
}

/// The types that lead to an address: A and AAAA, and what browsers ask for beside them
/// (RFC 9460, section 9).
const LEADS_TO_AN_ADDRESS: [u16; 3] = [1, 28, 65];

/// Which name's addresses a message asks for or gives.
pub(super) fn opening(message: &Message, view: &View<'_>) -> Option<Opening> {
    let wire = open(message, view).wire;
    let header = Header::read(&mut wire.reader()).ok()?;
    let Some((_, Ok(Entry::Question(question)))) = Entries::new(wire, header).next() else {
        return None;
    };
    question.kind.filter(|(kind, _)| LEADS_TO_AN_ADDRESS.contains(kind))?;
    let name = question.name.to_string().to_ascii_lowercase().into_boxed_str();
    Some(if header.is_response() { Opening::Finds(name) } else { Opening::Seeks(name) })
}

/// A message in one line.
struct Summary<'a> {
    wire: Wire<'a>,
    header: Header,
    flavour: Flavour,
}

impl Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { wire, header, flavour } = self;
        match header.opcode() {
            opcode @ (0..=2 | 4..=6) => Known(OPCODES, opcode.into()).fmt(f)?,
            opcode => write!(f, "Unknown operation ({opcode})")?,
        }
        if header.is_response() {
            f.write_str(" response")?;
        }
        write!(f, " 0x{:04x}", header.id)?;
        let rcode = rdata::extended_rcode(*header, *wire);
        if header.is_response() && rcode != 0 {
            write!(f, " {}", Known(RCODES, rcode.into()))?;
        }
        let mut parts = Entries::new(*wire, *header);
        for (_, part) in parts.by_ref().take(MAX_NAMED) {
            match part {
                Ok(Entry::Question(question)) => {
                    if let Some((kind, _)) = question.kind {
                        write!(f, " {}", Known(TYPES, kind.into()))?;
                    }
                    write!(f, " {}", question.name)?;
                    if *flavour == Flavour::Mdns
                        && let Some((class, _)) = question.class
                    {
                        let wish = if class & 0x8000 == 0 { "QM" } else { "QU" };
                        write!(f, ", \"{wish}\" question")?;
                    }
                }
                Ok(Entry::Record(record)) => {
                    let Some((kind, _)) = record.kind else { break };
                    write!(f, " {}", Known(TYPES, kind.into()))?;
                    let flush = record.class_number() & 0x8000 != 0 && kind != rdata::OPT;
                    if *flavour == Flavour::Mdns && flush {
                        f.write_str(", cache flush")?;
                    }
                    Shown(&record, wire).fmt(f)?;
                }
                Err(_) => break,
            }
        }
        if parts.next().is_some() { f.write_str(" …") } else { Ok(()) }
    }
}
