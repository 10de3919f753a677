//! The parameters of a service binding (RFC 9460, section 2.2): what a client has to know before
//! it connects, sorted by their keys.

use super::super::fields as f;
use super::super::wire::Stop;
use crate::bytes::{Reader, Short};
use crate::field::Value;
use crate::protocols::ech;
use crate::sink::{Severity, Sink};

/// Tells all parameters.
pub(super) fn params(data: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Stop> {
    while !data.is_empty() && !sink.is_done() {
        let start = data.span();
        let (key, key_span) = data.u16("the key of a parameter")?;
        let (len, len_span) = data.u16("the length of a parameter")?;
        sink.open(f::SVC_PARAM, Value::None, start.part(0, 4 + usize::from(len)));
        sink.field(f::SVC_KEY, Value::Unsigned(key.into()), key_span);
        sink.field(f::SVC_LENGTH, Value::Unsigned(len.into()), len_span);
        let Ok(value) = data.sub(len.into(), "a parameter") else {
            sink.close();
            let (needed, present) = (usize::from(len), data.len());
            let what = "a parameter";
            return Err(Short { what, needed, present, place: len_span }.into());
        };
        if let Err(short) = param(key, value, sink) {
            sink.note(Severity::Broken, short.place, format_args!("{short}"));
        }
        sink.close();
    }
    Ok(())
}

fn param(key: u16, mut value: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    match key {
        // Parameters without which the client must not go on (section 8).
        0 => {
            while !value.is_empty() {
                let (key, span) = value.u16("a key")?;
                sink.field(f::SVC_MANDATORY, Value::Unsigned(key.into()), span);
            }
        }
        // Protocols that are spoken there (section 7.1).
        1 => {
            while !value.is_empty() {
                let (len, span) = value.u8("the length of a protocol's name")?;
                sink.field(f::SVC_ALPN_LENGTH, Value::Unsigned(len.into()), span);
                let (name, span) = value.take(len.into(), "a protocol's name")?;
                sink.field(f::SVC_ALPN, Value::text(name), span);
            }
        }
        3 => {
            let (port, span) = value.u16("a port")?;
            sink.field(f::SVC_PORT, Value::Unsigned(port.into()), span);
        }
        // Addresses to try while the real ones are looked up (section 7.3).
        4 | 6 => {
            let (field, len) = if key == 4 { (f::SVC_IPV4, 4) } else { (f::SVC_IPV6, 16) };
            while !value.is_empty() {
                let (address, span) = value.take(len, "an address")?;
                sink.field(field, Value::Bytes(address), span);
            }
        }
        // Keys to which a ClientHello can be encrypted (RFC 9848).
        5 if !value.is_empty() => ech::list(&f::ECH, &mut value, sink)?,
        7 => sink.field(f::SVC_DOHPATH, Value::text(value.rest()), value.span()),
        _ if value.is_empty() => {}
        _ => sink.field(f::SVC_VALUE, Value::Bytes(value.rest()), value.span()),
    }
    Ok(())
}
