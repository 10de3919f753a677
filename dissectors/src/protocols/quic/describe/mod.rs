//! Says what a packet holds, field by field.
//!
//! A packet that was opened is told from its header as it was before the mask; one that was not,
//! as it was sent, without what the mask hides.

mod beside;
mod enclosed;
mod frames;
mod row;

pub(super) use enclosed::enclosed;
pub(super) use row::summary;

use super::facts::Facts;
use super::fields as f;
use super::header::{Long, TAG_LEN};
use super::kind::{How, Kind, Note, Role};
use super::number;
use super::version::Version;
use crate::bytes::{Reader, Short};
use crate::engine::derive::Recipe;
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::{Message, Protection};
use crate::protocols::values::{bits, bytes, number as fixed};
use crate::protocols::varint::varint;
use crate::sink::{Severity, Sink};
use crate::span::{Buffer, Span};

/// A packet, as it was opened or as it was sent.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) kind: Kind,
    pub(super) note: Note,
    pub(super) reader: Reader<'a>,
    /// Whether it was opened.
    pub(super) is_open: bool,
    /// The number that was expected.
    expected: u64,
}

impl<'a> Seen<'a> {
    /// The packet that a message is.
    pub(super) fn of(message: &Message, view: &View<'a>) -> Option<Self> {
        let kind = message.kind::<Kind>()?;
        let opened = view.part(message, Role::Opened);
        let span = opened.unwrap_or(message.span);
        let expected = expected(span, view);
        let note = Note::of(message);
        let is_sealed = message.protection == Protection::Opaque || note.how == How::Reset;
        let is_open = kind.epoch().is_some() && !is_sealed;
        let reader = view.reader(span);
        Some(Self { kind, note, reader, is_open, expected: expected? })
    }

    /// Whether Ethernet carries no datagram of that length: 1500 bytes, less the headers of IPv4
    /// and UDP.
    pub(super) fn is_longer_than_paths_carry(&self) -> bool {
        self.reader.len() > 1472
    }

    /// Where the packet number begins.
    fn number_at(&self) -> Option<usize> {
        match self.kind {
            Kind::OneRtt => self.note.id_len.map(|len| 1 + usize::from(len)),
            _ => Long::read(self.reader.rest()).ok().map(|long| long.number_at),
        }
    }

    /// The packet number, and the place of what the header holds of it.
    pub(super) fn number(&self) -> Option<(u64, Span)> {
        let at = self.number_at().filter(|_| self.is_open)?;
        let width = usize::from(self.reader.rest().first()? & 3) + 1;
        let mut reader = self.reader;
        reader.take(at, "the header").ok()?;
        let (last, place) = reader.number(width, "the packet number").ok()?;
        Some((number::decode(self.expected, last, width), place))
    }

    /// The frames of a packet that was opened.
    pub(super) fn frames(&self) -> Option<Reader<'a>> {
        let (_, place) = self.number()?;
        let mut reader = self.reader;
        let skip = place.end().checked_sub(reader.span().start)?;
        reader.take(skip as usize, "the header").ok()?;
        Some(reader)
    }
}

/// The number that was expected when a packet was opened: its recipe knows.
fn expected(span: Span, view: &View<'_>) -> Option<u64> {
    let Buffer::Derived(buffer) = span.buffer.kind() else { return Some(0) };
    match view.stretch().derived(buffer).map(|derived| derived.recipe) {
        Some(Recipe::Open { number, .. }) => Some(number),
        _ => Some(0),
    }
}

/// Describes a packet.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let Some(seen) = Seen::of(message, view) else { return };
    let sealed = view.trace(seen.reader.span());
    let tag = if seen.is_open { TAG_LEN } else { 0 };
    let len = sealed.iter().map(|span| u64::from(span.len)).sum::<u64>() + tag as u64;
    sink.field(f::PACKET_LENGTH, Value::Unsigned(len), Span::NONE);
    let told = match seen.kind {
        _ if seen.note.how == How::Reset => reset(seen.reader, sink),
        Kind::OneRtt => short(&seen, sink),
        _ => long(&seen, sink),
    };
    if let Err(short) = told {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
    if let Some(facts) = Facts::of(message, view) {
        beside::describe(facts, sink);
    }
    let whole = seen.reader.span();
    if seen.note.is_glued {
        let text = "captured as one with other datagrams of its sender, which are cut apart later";
        sink.note(Severity::Hint, whole, format_args!("{text}"));
    }
    match seen.note.how {
        How::Suspected => {
            sink.field(f::DECRYPTION_FAILED, Value::None, Span::NONE);
            let text = "no key opens it, and nobody goes by its id: it may be a stateless reset";
            sink.note(Severity::Hint, whole, format_args!("{text}"));
        }
        How::Failed => {
            sink.field(f::DECRYPTION_FAILED, Value::None, Span::NONE);
            sink.note(Severity::Broken, whole, format_args!("the keys do not open this packet"));
            if seen.is_longer_than_paths_carry() {
                let text = "it may be several datagrams that were captured as one";
                sink.note(Severity::Hint, whole, format_args!("{text}"));
            }
        }
        How::NoKey if !seen.is_open => {
            sink.note(Severity::Missing, whole, format_args!("no key opens this packet"));
        }
        How::Cut => {
            let text = format_args!("the capture does not hold all of this packet");
            sink.note(Severity::Missing, whole, text);
        }
        _ => {}
    }
}

/// A stateless reset: but for two bits and a token it means nothing (RFC 9000, section 10.3).
fn reset(mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let (first, place) = reader.number(1, "the first byte")?;
    for field in [f::HEADER_FORM, f::FIXED_BIT] {
        bits(field, first, place, sink);
    }
    let len = reader.len().saturating_sub(TAG_LEN);
    bytes(f::UNPREDICTABLE, len, &mut reader, sink)?;
    bytes(f::RESET_TOKEN, TAG_LEN, &mut reader, sink)?;
    Ok(())
}

fn short(seen: &Seen<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let mut reader = seen.reader;
    sink.open(f::SHORT, Value::None, reader.span());
    let told = short_header(seen, &mut reader, sink);
    sink.close();
    told?;
    if seen.is_open { frames::describe(reader, sink) } else { Ok(()) }
}

fn short_header(
    seen: &Seen<'_>,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let (first, place) = reader.number(1, "the first byte")?;
    for field in [f::HEADER_FORM, f::FIXED_BIT, f::SPIN_BIT] {
        bits(field, first, place, sink);
    }
    if seen.is_open {
        for field in [f::SHORT_RESERVED, f::KEY_PHASE, f::NUMBER_LENGTH] {
            bits(field, first, place, sink);
        }
    }
    let len = seen.note.id_len.map_or(0, usize::from);
    if len > 0 {
        bytes(f::DCID, len, reader, sink)?;
    }
    if let Some((number, place)) = seen.number() {
        sink.field(f::PACKET_NUMBER, Value::Unsigned(number), place);
        reader.take(place.len as usize, "the packet number")?;
    }
    if !reader.is_empty() {
        sink.field(f::PROTECTED, Value::Bytes(reader.rest()), reader.span());
    }
    Ok(())
}

fn long(seen: &Seen<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let mut reader = seen.reader;
    let (first, place) = reader.number(1, "the first byte")?;
    bits(f::HEADER_FORM, first, place, sink);
    let (version, version_place) = reader.number(4, "the version")?;
    let version = Version(version as u32);
    if seen.kind == Kind::Negotiation {
        bits(f::UNUSED, first, place, sink);
    } else {
        bits(f::FIXED_BIT, first, place, sink);
    }
    if version.scheme().is_some() {
        let field = if version == Version::V2 { f::LONG_TYPE_V2 } else { f::LONG_TYPE };
        bits(field, first, place, sink);
    }
    if seen.is_open {
        bits(f::LONG_RESERVED, first, place, sink);
        bits(f::NUMBER_LENGTH, first, place, sink);
    }
    sink.field(f::VERSION, Value::Unsigned(version.0.into()), version_place);
    for (length, id) in [(f::DCIL, f::DCID), (f::SCIL, f::SCID)] {
        let len = fixed(length, 1, &mut reader, sink)? as usize;
        if len > 0 {
            bytes(id, len, &mut reader, sink)?;
        }
    }
    match seen.kind {
        Kind::Negotiation => {
            while !reader.is_empty() {
                fixed(f::SUPPORTED_VERSION, 4, &mut reader, sink)?;
            }
            return Ok(());
        }
        Kind::Retry => return retry(seen, reader, sink),
        Kind::Unknown => {
            if !reader.is_empty() {
                sink.field(f::PAYLOAD, Value::Bytes(reader.rest()), reader.span());
            }
            return Ok(());
        }
        Kind::Initial => {
            let len = variable(f::TOKEN_LENGTH, &mut reader, sink)?;
            if len > 0 {
                let len = usize::try_from(len).unwrap_or(usize::MAX);
                bytes(f::TOKEN, len, &mut reader, sink)?;
            }
        }
        Kind::ZeroRtt | Kind::Handshake | Kind::OneRtt => {}
    }
    variable(f::LENGTH, &mut reader, sink)?;
    let Some((number, place)) = seen.number() else {
        sink.field(f::REMAINING, Value::Bytes(reader.rest()), reader.span());
        return Ok(());
    };
    sink.field(f::PACKET_NUMBER, Value::Unsigned(number), place);
    reader.take(place.len as usize, "the packet number")?;
    sink.field(f::PAYLOAD, Value::Bytes(reader.rest()), reader.span());
    frames::describe(reader, sink)
}

fn retry(seen: &Seen<'_>, mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let len = reader.len().saturating_sub(TAG_LEN);
    bytes(f::RETRY_TOKEN, len, &mut reader, sink)?;
    let place = reader.span();
    bytes(f::RETRY_TAG, TAG_LEN, &mut reader, sink)?;
    if seen.note.how == How::Forged {
        sink.field(f::BAD_RETRY, Value::None, Span::NONE);
        sink.note(Severity::Broken, place, format_args!("the integrity tag is not the right one"));
    }
    Ok(())
}

/// A number of variable length.
fn variable(field: FieldId, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<u64, Short> {
    let (number, place) = varint(reader, field.def().title)?;
    sink.field(field, Value::Unsigned(number), place);
    Ok(number)
}
