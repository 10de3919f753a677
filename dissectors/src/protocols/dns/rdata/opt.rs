//! EDNS (RFC 6891): a pseudo-record whose fixed fields mean other things, and its options.
//!
//! ```text
//!   name  0 (root)
//!   type  41
//!   class → the largest datagram its sender takes
//!   ttl   → upper bits of the response code | version | DO and reserved bits
//!   data  → options: code, length, value
//! ```

use std::borrow::Cow;

use super::super::fields as f;
use super::super::kind::Flavour;
use super::super::wire::{Entries, Entry, Header, Record, Stop, Wire, name};
use super::tell_name;
use crate::bytes::{Reader, Short};
use crate::field::Value;
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// The fixed fields of an OPT record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Opt {
    /// The largest datagram its sender takes, in bytes.
    pub(in super::super) size: u16,
    /// The upper eight bits of a response code of twelve.
    pub(in super::super) rcode: u8,
    version: u8,
    z: u16,
}

impl Opt {
    /// What stands where other records have class and lifetime.
    pub(in super::super) fn of(record: &Record<'_>) -> Option<Self> {
        let ((size, _), (ttl, _)) = (record.class?, record.ttl?);
        let [rcode, version, high, low] = ttl.to_be_bytes();
        Some(Self { size, rcode, version, z: u16::from_be_bytes([high, low]) })
    }

    /// Whether the sender wants the records of DNSSEC (RFC 3225, section 3).
    pub(in super::super) const fn wants_signatures(self) -> bool {
        self.z & 0x8000 != 0
    }
}

/// The whole response code: four bits in the header, eight more in an OPT record.
pub(in super::super) fn extended_rcode(header: Header, wire: Wire<'_>) -> u16 {
    let opt = Entries::new(wire, header).find_map(|(_, part)| match part {
        Ok(Entry::Record(record)) if record.type_number() == super::OPT => Opt::of(&record),
        _ => None,
    });
    header.rcode() | opt.map_or(0, |opt| u16::from(opt.rcode)) << 4
}

/// Tells what stands where other records have class and lifetime.
pub(in super::super) fn fixed(record: &Record<'_>, flavour: Flavour, sink: &mut dyn Sink) {
    if let Some((size, span)) = record.class {
        if flavour == Flavour::Mdns {
            let low = Value::Unsigned(u64::from(size & 0x7fff));
            sink.field(f::PAYLOAD_SIZE_MDNS, low, span);
            sink.field(f::CACHE_FLUSH, Value::Bool(size & 0x8000 != 0), span);
        } else {
            sink.field(f::PAYLOAD_SIZE, Value::Unsigned(size.into()), span);
        }
    }
    let (Some(opt), Some((_, span))) = (Opt::of(record), record.ttl) else { return };
    sink.field(f::EXT_RCODE, Value::Unsigned(opt.rcode.into()), span.part(0, 1));
    sink.field(f::EDNS_VERSION, Value::Unsigned(opt.version.into()), span.part(1, 1));
    let z = span.part(2, 2);
    sink.open(f::EDNS_Z, Value::Unsigned(opt.z.into()), z);
    sink.field(f::EDNS_DO, Value::Bool(opt.wants_signatures()), z);
    sink.field(f::EDNS_RESERVED, Value::Unsigned(u64::from(opt.z & 0x7fff)), z);
    sink.close();
}

/// Tells all options.
pub(super) fn options<'a>(
    data: &mut Reader<'a>,
    wire: &Wire<'a>,
    sink: &mut dyn Sink,
) -> Result<(), Stop> {
    while !data.is_empty() && !sink.is_done() {
        let start = data.span();
        let (code, code_span) = data.u16("the code of an option")?;
        let (len, len_span) = data.u16("the length of an option")?;
        let short = usize::from(len) > data.len();
        let whole = start.part(0, 4 + usize::from(len));
        sink.open(f::OPT, Value::None, whole);
        sink.field(f::OPT_CODE, Value::Unsigned(code.into()), code_span);
        sink.field(f::OPT_LEN, Value::Unsigned(len.into()), len_span);
        let what = "an option";
        if short {
            sink.close();
            let (needed, present) = (usize::from(len), data.len());
            return Err(Short { what, needed, present, place: len_span }.into());
        }
        let value = data.sub(len.into(), what)?;
        sink.field(f::OPT_DATA, Value::Bytes(value.rest()), value.span());
        let told = option(code, value, wire, sink);
        if let Err(stop) = told {
            sink.note(Severity::Broken, stop.place(), format_args!("{stop}"));
        }
        sink.close();
    }
    Ok(())
}

/// What the value of one option says, where it is known.
fn option<'a>(
    code: u16,
    mut value: Reader<'a>,
    wire: &Wire<'a>,
    sink: &mut dyn Sink,
) -> Result<(), Stop> {
    match code {
        // Algorithms that are understood (RFC 6975).
        5..=7 => {
            let field = match code {
                5 => f::OPT_DAU,
                6 => f::OPT_DHU,
                _ => f::OPT_N3U,
            };
            while let Ok((number, span)) = value.u8("an algorithm") {
                sink.field(field, Value::Unsigned(number.into()), span);
            }
        }
        8 | 20730 => subnet(&mut value, sink)?,
        // A cookie of the client, and one of the server once it gave one (RFC 7873, section 4).
        10 => {
            let (client, span) = value.take(8, "the client's cookie")?;
            sink.field(f::OPT_COOKIE_CLIENT, Value::Bytes(client), span);
            if !value.is_empty() {
                sink.field(f::OPT_COOKIE_SERVER, Value::Bytes(value.rest()), value.span());
            }
        }
        // In tenths of a second; a client sends none (RFC 7828, section 3.1).
        11 if !value.is_empty() => {
            let (timeout, span) = value.u16("a timeout")?;
            sink.field(f::OPT_KEEPALIVE, Value::Unsigned(timeout.into()), span);
        }
        12 if !value.is_empty() => {
            sink.field(f::OPT_PADDING, Value::Bytes(value.rest()), value.span());
        }
        13 if !value.is_empty() => tell_name(f::OPT_CHAIN, &name(wire, &mut value)?, sink),
        // Why there is no better answer (RFC 8914, section 2).
        15 => {
            let (error, span) = value.u16("an error")?;
            sink.field(f::OPT_ERROR, Value::Unsigned(error.into()), span);
            if !value.is_empty() {
                sink.field(f::OPT_ERROR_TEXT, Value::text(value.rest()), value.span());
            }
        }
        18 if !value.is_empty() => tell_name(f::OPT_AGENT, &name(wire, &mut value)?, sink),
        _ => {}
    }
    Ok(())
}

/// Part of the address that a resolver asks for (RFC 7871, section 6): only as many bytes as the
/// prefix needs.
fn subnet(value: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    let (family, span) = value.u16("a family of addresses")?;
    sink.field(f::OPT_FAMILY, Value::Unsigned(family.into()), span);
    for field in [f::OPT_NETMASK, f::OPT_SCOPE] {
        let (bits, span) = value.u8("the length of a prefix")?;
        sink.field(field, Value::Unsigned(bits.into()), span);
    }
    let (bytes, span): (&[u8], Span) = (value.rest(), value.span());
    let mut address = [0; 16];
    for (to, from) in address.iter_mut().zip(bytes) {
        *to = *from;
    }
    match (family, bytes.len()) {
        (1, 0..=4) => {
            let first = address.get(..4).unwrap_or(&[]);
            sink.field(f::OPT_ADDR4, Value::Bytes(first), span);
        }
        (2, 0..=16) => sink.field(f::OPT_ADDR6, Value::Bytes(&address), span),
        _ => {
            sink.field(f::OPT_ADDR, Value::Bytes(bytes), span);
            if matches!(family, 1 | 2) {
                let text = format_args!("{} bytes are too many for an address", bytes.len());
                sink.note(Severity::Broken, span, text);
            }
        }
    }
    Ok(())
}

/// Why there is no better answer (RFC 8914): the number, and text for people.
pub(in super::super) fn extended_error<'a>(record: &Record<'a>) -> Option<(u16, Cow<'a, str>)> {
    let mut data = record.data;
    while let Ok((code, _)) = data.u16("the code of an option") {
        let (len, _) = data.u16("the length of an option").ok()?;
        let mut value = data.sub(len.into(), "an option").ok()?;
        if code == 15 {
            let (error, _) = value.u16("an error").ok()?;
            return Some((error, String::from_utf8_lossy(value.rest())));
        }
    }
    None
}
