//! Tells DNS from other bytes.
//!
//! Four counts of sixteen bits, most of them zero, hardly ever pass by chance. A header that fits
//! is enough where a port says the same; without one the first part has to be readable as well.
//! A header that does not fit takes a row of parts to make up for it, and then the port decides.
//! Sure is only what was read to its last byte and cannot be one of the relatives, whose ports
//! tell them apart and whose messages look alike.

use super::kind::Flavour;
use super::name::{Broken, Name};
use super::wire::{Entries, Entry, HEADER, Header, Stop, Wire};
use crate::bytes::Reader;
use crate::protocol::{Framing, Likelihood};
use crate::span::Span;

/// Bytes of the shortest question and of the shortest record.
const MIN_QUESTION: u32 = 5;
const MIN_RECORD: u32 = 11;

/// Parts in a row that do not come about by chance, whatever types and classes they name: no label
/// begins with half of all bytes, and a pointer has to lead into its message.
const ROW: usize = 16;

/// The header of a message, where what it says can be true. `bytes` may be cut anywhere.
pub(super) fn header(bytes: &[u8]) -> Option<Header> {
    let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let mut reader = Reader::new(bytes, Span { len, ..Span::NONE });
    let header = Header::read(&mut reader).ok()?;
    let known = matches!(header.opcode(), 0 | 1 | 2 | 4 | 5 | 6);
    let [questions, records @ ..] = header.counts.map(u32::from);
    let records: u32 = records.iter().sum();
    let least = HEADER as u32 + questions * MIN_QUESTION + records * MIN_RECORD;
    // A message says something, or why it does not (a refusal may be a header alone). A stateful
    // operation has no counts (RFC 8490, section 5.4).
    let says = questions + records > 0 || header.opcode() == 6 || header.rcode() != 0;
    if known && says && least <= u32::from(u16::MAX) {
        return Some(header);
    }
    // An operation nobody knows, or counts that cannot be true: what follows has to make up for it.
    let fits = match walk(bytes, header) {
        First::Fits(walked) => walked.parts > 0 && (known || walked.sound),
        First::Row => true,
        First::Odd | First::Netbios => false,
    };
    fits.then_some(header)
}

/// How much bytes look like DNS.
pub(super) fn probe(bytes: &[u8], framing: Framing, flavour: Flavour) -> Likelihood {
    let likelihood = match framing {
        Framing::Datagram => message(bytes, true),
        Framing::Stream => stream(bytes),
    };
    match flavour {
        Flavour::Dns => likelihood,
        // Their ports tell them.
        Flavour::Mdns | Flavour::Llmnr => likelihood.min(Likelihood::Perhaps),
    }
}

/// A length alone, which some send in a segment of its own, says nothing yet: there the port does.
fn stream(bytes: &[u8]) -> Likelihood {
    let Some(([high, low], rest)) = bytes.split_first_chunk::<2>() else {
        return Likelihood::Unsaid;
    };
    let len = usize::from(u16::from_be_bytes([*high, *low]));
    if len < HEADER {
        return Likelihood::No;
    }
    match rest.get(..len) {
        _ if rest.len() < HEADER => Likelihood::Unsaid,
        Some(rest) => message(rest, true),
        None => message(rest, false),
    }
}

/// How much one message looks like DNS; `whole` where nothing of it can be missing. One that is
/// broken behind a header that fits stays what its port says.
fn message(bytes: &[u8], whole: bool) -> Likelihood {
    let Some(header) = header(bytes) else { return Likelihood::No };
    let walked = walk(bytes, header);
    let odd = header.flags & 0x0040 != 0 || !header.is_response() && header.rcode() != 0;
    if odd && !matches!(walked, First::Row) {
        // Where every byte of it is in its place all the same, the port decides.
        let is_in_place = |walked: Walked| whole && walked.sound && walked.parts > 0;
        return match walked {
            First::Fits(walked) if is_in_place(walked) => Likelihood::Unsaid,
            _ => Likelihood::No,
        };
    }
    let walked = match walked {
        First::Netbios => return Likelihood::No,
        First::Odd | First::Row => return Likelihood::Unsaid,
        First::Fits(walked) => walked,
    };
    // What the relatives have no use for: recursion on offer, or an extension of DNS. That
    // recursion is wanted says nothing, for the same bit means something else in LLMNR.
    let own = if header.is_response() { header.flags & 0x0080 != 0 } else { walked.extended };
    if whole && walked.sound && walked.parts > 0 && own {
        Likelihood::Surely
    } else if walked.parts > 0 && (walked.short || walked.sound)
        || header.is_response() && bytes.len() == HEADER
    {
        Likelihood::Perhaps
    } else {
        Likelihood::Unsaid
    }
}

/// What the first part of a message looks like.
enum First {
    /// One of DNS, and so on with the others.
    Fits(Walked),
    /// None that makes sense in DNS.
    Odd,
    /// None that makes sense, in a row of parts that are built like those of DNS.
    Row,
    /// A question of NetBIOS.
    Netbios,
}

/// What a walk over all parts of a message found.
#[derive(Clone, Copy)]
struct Walked {
    /// How many parts there are.
    parts: u32,
    /// Whether each could be read, and nothing was left over.
    sound: bool,
    /// Whether the bytes ended inside a part, as they do where a recording cut them.
    short: bool,
    /// Whether there is an OPT record.
    extended: bool,
}

/// Walks over all parts, where the first one is one of DNS.
fn walk(bytes: &[u8], header: Header) -> First {
    let mut parts = Entries::new(Wire::of(bytes), header);
    let mut walked = Walked { parts: 0, sound: true, short: false, extended: false };
    for (_, part) in parts.by_ref() {
        // Too little is there to know a part by that ends before its class.
        let is_known;
        let (name, kind, class, stop) = match part {
            Ok(Entry::Question(question)) => {
                is_known = question.class.is_some();
                (question.name, question.kind, question.class, question.stop)
            }
            Ok(Entry::Record(record)) => {
                is_known = record.class.is_some();
                let is_opt = record.type_number() == super::rdata::OPT;
                walked.extended |= is_opt;
                // The class of an OPT record is a size.
                (record.name, record.kind, record.class.filter(|_| !is_opt), record.stop)
            }
            Err(stop) if walked.parts == 0 && !stop.is_short() => return First::Odd,
            Err(stop) => {
                (walked.sound, walked.short) = (false, stop.is_short());
                break;
            }
        };
        let known = |class| matches!(class & 0x7fff, 1..=4 | 254 | 255);
        let odd = class.is_some_and(|(class, _)| !known(class))
            || kind.is_some_and(|(kind, _)| kind == 0);
        if walked.parts == 0 && is_netbios(name.labels().next()) {
            return First::Netbios;
        }
        if walked.parts == 0 && odd {
            return if is_row(bytes, header) { First::Row } else { First::Odd };
        }
        walked.short |= stop.is_some_and(|stop| stop.is_short());
        walked.sound &= !odd && stop.is_none() && name.broken.is_none();
        // Of a question that ends before its class, too little is there to know it by.
        walked.parts += u32::from(is_known);
    }
    walked.sound &= parts.rest().is_empty();
    First::Fits(walked)
}

/// Whether a message begins with a row of parts that can be read.
fn is_row(bytes: &[u8], header: Header) -> bool {
    let mut parts = Entries::new(Wire::of(bytes), header).take(ROW);
    let reads = |(name, kind, stop): (Name<'_>, Option<(u16, Span)>, Option<Stop>)| {
        let inside = !matches!(name.broken, Some(Broken::Beyond | Broken::Kind));
        inside && stop.is_none() && kind.is_some_and(|(kind, _)| kind != 0)
    };
    let mut count = 0;
    let all = parts.all(|(_, part)| {
        count += 1;
        match part {
            Ok(Entry::Question(one)) => reads((one.name, one.kind, one.stop)),
            Ok(Entry::Record(one)) => reads((one.name, one.kind, one.stop)),
            Err(_) => false,
        }
    });
    all && count == ROW
}

/// Whether a name is one of NetBIOS, whose messages are built like these (RFC 1002, section 4.2):
/// sixteen bytes written as thirty-two letters.
fn is_netbios(label: Option<&[u8]>) -> bool {
    label.is_some_and(|label| {
        label.len() == 32 && label.iter().all(|letter| matches!(letter, b'A'..=b'P'))
    })
}
