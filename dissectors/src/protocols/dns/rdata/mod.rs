//! The data of records: most types are rows of simple items (`layout`), a few need more.

mod layout;
mod opt;
mod service;
mod show;

use layout::{Item, layout};
pub(super) use opt::{Opt, extended_error, extended_rcode, fixed};
pub(super) use show::Shown;

use super::fields as f;
use super::wire::{Record, Stop, Wire, name};
use crate::bytes::Reader;
use crate::field::{FieldId, Value};
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// The pseudo-record of EDNS (RFC 6891).
pub(super) const OPT: u16 = 41;

/// Who may issue certificates for a name (RFC 8659).
const CAA: u16 = 257;

/// Describes the data of a record. `Err` where they are shorter than their type asks for.
pub(super) fn describe<'a>(
    record: &Record<'a>,
    wire: &Wire<'a>,
    sink: &mut dyn Sink,
) -> Result<(), Stop> {
    let mut data = record.data;
    if data.is_empty() {
        // An update names records without data (RFC 2136, section 2.4).
        return Ok(());
    }
    match record.type_number() {
        OPT => return opt::options(&mut data, wire, sink),
        CAA => return authorization(&mut data, sink),
        _ => {}
    }
    let Some(pieces) = layout(record) else {
        sink.field(f::DATA, Value::Bytes(data.rest()), data.span());
        return Ok(());
    };
    for piece in pieces {
        item(&piece.item, &mut data, record, wire, sink)?;
    }
    if !data.is_empty() {
        let text = format_args!("{} bytes more than this type of record has", data.len());
        sink.note(Severity::Broken, data.span(), text);
    }
    Ok(())
}

fn item<'a>(
    item: &Item,
    data: &mut Reader<'a>,
    record: &Record<'a>,
    wire: &Wire<'a>,
    sink: &mut dyn Sink,
) -> Result<(), Stop> {
    match *item {
        Item::Number(width, field) => {
            let (value, span) = data.number(width, "a number of a record")?;
            sink.field(field, Value::Unsigned(value), span);
        }
        Item::Flags(width, field, flags) => {
            let (value, span) = data.number(width, "the flags of a record")?;
            sink.open(field, Value::Unsigned(value), span);
            for flag in flags {
                bits(*flag, value, span, sink);
            }
            sink.close();
        }
        Item::Time(width, field) => {
            let (seconds, span) = data.number(width, "a time of a record")?;
            let nanos = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000_000);
            sink.field(field, Value::Nanos(nanos), span);
        }
        Item::Bytes(len, field) => {
            let (bytes, span) = data.take(len, "an address of a record")?;
            sink.field(field, Value::Bytes(bytes), span);
        }
        Item::Name(field) => {
            let name = name(wire, data)?;
            tell_name(field, &name, sink);
        }
        Item::Mailbox(field, mailbox) => {
            let name = name(wire, data)?;
            tell_name(field, &name, sink);
            if sink.wants(mailbox) && name.labels > 1 {
                let all = usize::from(name.labels);
                let text = format!("{}@{}", name.part(0, 1), name.part(1, all));
                sink.field(mailbox, Value::Text(&text), name.span);
            }
        }
        Item::Replacement => {
            let name = name(wire, data)?;
            let len = Value::Unsigned(name.len.into());
            sink.field(f::NAPTR_REPLACEMENT_LENGTH, len, Span::NONE);
            tell_name(f::NAPTR_REPLACEMENT, &name, sink);
        }
        Item::Text(length, field) => text(length, field, data, sink)?,
        Item::Texts(length, field) => {
            while !data.is_empty() {
                text(length, field, data, sink)?;
            }
        }
        Item::Sized(width, length, field) => {
            let (len, span) = data.number(width, "the length of an item")?;
            sink.field(length, Value::Unsigned(len), span);
            let (bytes, span) = data.take(usize::try_from(len).unwrap_or(usize::MAX), "an item")?;
            if !bytes.is_empty() {
                sink.field(field, Value::Bytes(bytes), span);
            }
        }
        Item::Hash(length, field) => {
            let (len, span) = data.u8("the length of a hash")?;
            sink.field(length, Value::Unsigned(len.into()), span);
            let (bytes, span) = data.take(len.into(), "a hash")?;
            if sink.wants(field) {
                sink.field(field, Value::Text(&base32(bytes)), span);
            }
        }
        Item::KeyId(field) => {
            let id = key_tag(record.data.rest());
            sink.field(field, Value::Unsigned(id.into()), Span::NONE);
        }
        Item::Rest(field) => {
            let (bytes, span) = data.take(data.len(), "the rest")?;
            sink.field(field, Value::Bytes(bytes), span);
        }
        Item::RestText(field) => {
            let (bytes, span) = data.take(data.len(), "the rest")?;
            sink.field(field, Value::text(bytes), span);
        }
        Item::Bitmap => bitmap(data, sink)?,
        Item::Params => service::params(data, sink)?,
    }
    Ok(())
}

/// Some bits of a number that was read.
pub(super) fn bits(field: FieldId, value: u64, span: Span, sink: &mut dyn Sink) {
    let def = field.def();
    let value = (value & def.mask) >> def.mask.trailing_zeros();
    let value = match def.kind {
        crate::field::Kind::Bool => Value::Bool(value != 0),
        _ => Value::Unsigned(value),
    };
    sink.field(field, value, span);
}

/// A name as a field, with a note where it is broken.
pub(super) fn tell_name(field: FieldId, name: &super::name::Name<'_>, sink: &mut dyn Sink) {
    if sink.wants(field) {
        sink.field(field, Value::Text(&name.to_string()), name.span);
    }
    if let Some(broken) = name.broken {
        sink.note(Severity::Broken, name.span, format_args!("{broken}"));
    } else if name.forward {
        let text = format_args!(
            "a pointer leads forward, where RFC 1035, section 4.1.4, wants a prior occurrence"
        );
        sink.note(Severity::Broken, name.span, text);
    }
}

/// A string behind its length (RFC 1035, section 3.3).
fn text(
    length: FieldId,
    field: FieldId,
    data: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Stop> {
    let (len, span) = data.u8("the length of a text")?;
    sink.field(length, Value::Unsigned(len.into()), span);
    let (bytes, span) = data.take(len.into(), "a text")?;
    sink.field(field, Value::text(bytes), span);
    Ok(())
}

/// The types that a bit map names (RFC 4034, section 4.1.2): windows of 256 types, one bit each.
fn bitmap(data: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    while !data.is_empty() {
        let (window, _) = data.u8("a window of types")?;
        let (len, _) = data.u8("the length of a window")?;
        let mut bytes = data.sub(len.into(), "a window of types")?;
        let mut first = u64::from(window) << 8;
        while let Ok((byte, span)) = bytes.u8("a byte of bits") {
            let set = (0u64..8).filter(|bit| byte & 0x80 >> bit != 0);
            set.for_each(|bit| sink.field(f::BITMAP_TYPE, Value::Unsigned(first + bit), span));
            first += 8;
        }
    }
    Ok(())
}

/// Who may issue certificates (RFC 8659, section 4.1): flags, a tag, a value.
fn authorization(data: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    let (flags, span) = data.u8("the flags")?;
    sink.open(f::CAA_FLAGS, Value::Unsigned(flags.into()), span);
    bits(f::CAA_CRITICAL, flags.into(), span, sink);
    sink.close();
    let (len, len_span) = data.u8("the length of a tag")?;
    let (tag, tag_span) = data.take(len.into(), "a tag")?;
    let (value, value_span) = data.take(data.len(), "a value")?;
    let field = match tag {
        tag if tag.eq_ignore_ascii_case(b"issue") => f::CAA_ISSUE,
        tag if tag.eq_ignore_ascii_case(b"issuewild") => f::CAA_ISSUEWILD,
        tag if tag.eq_ignore_ascii_case(b"iodef") => f::CAA_IODEF,
        _ => f::CAA_UNKNOWN,
    };
    sink.open(field, Value::text(value), value_span);
    sink.field(f::CAA_TAG_LENGTH, Value::Unsigned(len.into()), len_span);
    sink.field(f::CAA_TAG, Value::text(tag), tag_span);
    sink.field(f::CAA_VALUE, Value::text(value), value_span);
    sink.close();
    Ok(())
}

/// The number by which a signature names its key (RFC 4034, appendix B).
fn key_tag(data: &[u8]) -> u16 {
    // RSA/MD5 takes it from the key itself (appendix B.1).
    if let [_, _, _, 1, .., high, low, _] = data {
        return u16::from_be_bytes([*high, *low]);
    }
    let sum = data.chunks(2).fold(0u64, |sum, pair| match pair {
        [high, low] => sum + u64::from(u16::from_be_bytes([*high, *low])),
        [high] => sum + (u64::from(*high) << 8),
        _ => sum,
    });
    (sum + (sum >> 16 & 0xffff)) as u16
}

/// Base 32 with the extended hexadecimal alphabet, in small letters and without padding, as
/// hashed names are written (RFC 5155, section 3.3; RFC 4648, section 7).
fn base32(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 8 / 5 + 1);
    for chunk in bytes.chunks(5) {
        let value = chunk.iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
        let value = value << (8 * (5 - chunk.len()));
        let digits = (chunk.len() * 8).div_ceil(5);
        for digit in 0..digits {
            let five = (value >> (35 - 5 * digit)) as u32 & 31;
            out.push(char::from_digit(five, 32).unwrap_or('?'));
        }
    }
    out
}
