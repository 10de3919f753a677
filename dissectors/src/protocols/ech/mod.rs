//! What a server publishes so that a client can encrypt its ClientHello to it (RFC 9849, section
//! 4). DNS hands it out beforehand (RFC 9848), and a server of TLS itself where it could not open
//! what was sealed with another key.
//!
//! ```text
//!   ECHConfigList   |length 2|ECHConfig|ECHConfig|…
//!   ECHConfig       |version 2|length 2|
//!                   |id 1|KEM 2|length 2| key |length 2|KDF 2|AEAD 2|…
//!                   |longest name 1|length 1| public name |length 2| extensions |
//! ```

pub mod fields;
pub mod names;

use crate::bytes::{Lossy, Reader, Short};
use crate::field::{FieldId, Value};
use crate::protocols::values::{bytes, number};
use crate::sink::{Severity, Sink};
use crate::span::Span;
use fields::Fields;

/// The version whose form is known here: that of RFC 9849.
pub const VERSION: u16 = 0xfe0d;

/// What of an ECHConfig it takes to open what was sealed to its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config<'a> {
    /// By what a ClientHello names it.
    pub id: u8,
    /// How a secret is sealed to its key.
    pub kem: u16,
    /// The name that is there for all to read.
    pub public_name: &'a [u8],
}

impl<'a> Config<'a> {
    /// Reads one ECHConfig, its version and its length included; nothing where that is of another
    /// version, or broken.
    #[must_use]
    pub fn read(whole: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(whole, Span { len: u32::MAX, ..Span::NONE });
        let (version, _) = reader.u16("version").ok()?;
        let (len, _) = reader.u16("length").ok()?;
        let mut inside = reader.sub(len.into(), "ECHConfig").ok()?;
        (version == VERSION && reader.is_empty()).then_some(())?;
        let (id, _) = inside.u8("config id").ok()?;
        let (kem, _) = inside.u16("KEM").ok()?;
        for what in ["public key", "cipher suites"] {
            let (len, _) = inside.u16(what).ok()?;
            inside.take(len.into(), what).ok()?;
        }
        inside.u8("longest name").ok()?;
        let (len, _) = inside.u8("length of the public name").ok()?;
        let (public_name, _) = inside.take(len.into(), "public name").ok()?;
        Some(Self { id, kem, public_name })
    }
}

/// Tells an ECHConfigList field by field.
///
/// # Errors
/// Where a length claims more than is there.
pub fn list(f: &Fields, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let len = number(f.list_length, 2, reader, sink)?;
    let mut inside = reader.sub(len as usize, f.list_length.def().title)?;
    while !inside.is_empty() && !sink.is_done() {
        one(f, &mut inside, sink)?;
    }
    Ok(())
}

/// Tells one ECHConfig.
fn one(f: &Fields, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let mut ahead = *reader;
    let (version, _) = ahead.u16(f.version.def().title)?;
    let (len, _) = ahead.u16(f.length.def().title)?;
    let mut whole = reader.sub(4 + usize::from(len), f.config.def().title)?;
    let place = whole.span();
    let title = Config::read(whole.rest())
        .map(|config| format!("id={} {}", config.id, Lossy(config.public_name)));
    sink.open(f.config, title.as_deref().map_or(Value::None, Value::Text), place);
    let told = number(f.version, 2, &mut whole, sink)
        .and_then(|_| number(f.length, 2, &mut whole, sink))
        .and_then(|_| match version {
            VERSION => contents(f, &mut whole, sink),
            _ => {
                let text = format_args!("an ECHConfig of version {version:#06x} is not read here");
                sink.note(Severity::Hint, place, text);
                Ok(())
            }
        });
    // Its length stands before it: one that breaks its own grammar costs itself only.
    if let Err(short) = told {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    } else if version == VERSION && !whole.is_empty() {
        let left = whole.len();
        sink.note(Severity::Broken, whole.span(), format_args!("{left} bytes are left over"));
    }
    sink.close();
    Ok(())
}

fn contents(f: &Fields, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    sink.open(f.key_config, Value::None, key_config_place(reader));
    let told = key_config(f, reader, sink);
    sink.close();
    told?;
    number(f.max_name, 1, reader, sink)?;
    sized(f.name_length, 1, f.name, reader, sink)?;
    sized(f.extensions_length, 2, f.extensions, reader, sink)
}

/// Where the HpkeKeyConfig lies that begins here, as far as it is there.
fn key_config_place(reader: &Reader<'_>) -> Span {
    let mut ahead = *reader;
    let mut walk = || -> Result<(), Short> {
        ahead.take(3, "the key's head")?;
        for what in ["public key", "cipher suites"] {
            let (len, _) = ahead.u16(what)?;
            ahead.take(len.into(), what)?;
        }
        Ok(())
    };
    let walked = walk();
    let left = if walked.is_ok() { ahead.len() } else { 0 };
    reader.span().part(0, reader.len() - left)
}

fn key_config(f: &Fields, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    number(f.config_id, 1, reader, sink)?;
    number(f.kem, 2, reader, sink)?;
    sized(f.key_length, 2, f.key, reader, sink)?;
    let len = number(f.suites_length, 2, reader, sink)?;
    let mut suites = reader.sub(len as usize, f.suites_length.def().title)?;
    sink.open(f.suites, Value::None, suites.span());
    let mut told = Ok(());
    while !suites.is_empty() && told.is_ok() {
        told = suite(f, &mut suites, sink);
    }
    sink.close();
    told
}

/// Tells a pair of KDF and AEAD.
///
/// # Errors
/// Where it is not all there.
pub fn suite(f: &Fields, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let mut pair = reader.sub(4, f.suite.def().title)?;
    let [kdf, aead] = [0, 2].map(|at| {
        let bytes = pair.rest().get(at..).and_then(|rest| rest.first_chunk::<2>());
        u64::from(bytes.map_or(0, |bytes| u16::from_be_bytes(*bytes)))
    });
    let name = |field: FieldId, number: u64| {
        field.def().name_of(number).map_or_else(|| format!("{number:#06x}"), str::to_owned)
    };
    let title = format!("{}/{}", name(f.kdf, kdf), name(f.aead, aead));
    sink.open(f.suite, Value::Text(&title), pair.span());
    let told = number(f.kdf, 2, &mut pair, sink).and_then(|_| number(f.aead, 2, &mut pair, sink));
    sink.close();
    told.map(|_| ())
}

/// A length in `width` bytes and so many bytes; empty values are left out, as Wireshark does.
fn sized(
    length: FieldId,
    width: usize,
    field: FieldId,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    match number(length, width, reader, sink)? as usize {
        0 => Ok(()),
        len => bytes(field, len, reader, sink).map(|_| ()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An ECHConfig of version `version` with a key of four bytes.
    fn config(version: u16, name: &[u8]) -> Vec<u8> {
        let contents = [
            &[7, 0, 0x20, 0, 4, 1, 2, 3, 4, 0, 4, 0, 1, 0, 1, 64][..],
            &[name.len() as u8],
            name,
            &[0, 0],
        ]
        .concat();
        let len = (contents.len() as u16).to_be_bytes();
        [&version.to_be_bytes()[..], &len, &contents].concat()
    }

    #[test]
    fn what_opening_takes_is_read_from_a_config_that_is_whole() {
        let whole = config(VERSION, b"public.example");
        let expected = Config { id: 7, kem: 0x20, public_name: b"public.example" };
        assert_eq!(Config::read(&whole), Some(expected));
        for cut in 0..whole.len() {
            assert_eq!(Config::read(&whole[..cut]), None, "{cut}");
        }
        assert_eq!(Config::read(&[&whole[..], &[0]].concat()), None, "something behind it");
        assert_eq!(Config::read(&config(0xfe0a, b"public.example")), None);
    }
}
