//! The outer layers of an LDAP message in BER (RFC 4511, sections 4.1.1 and 5.1).

use std::ops::Range;

use super::{BIND_REQUEST, START_TLS};
use crate::bytes::Reader;
pub(super) use crate::protocols::ber::Missing;
use crate::protocols::ber::{element, number};

/// A message, as far as its head tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Its bytes.
    pub(super) len: usize,
    /// The number that an answer repeats.
    pub(super) id: u64,
    /// Where that number lies.
    pub(super) id_place: Range<usize>,
    /// The number of the APPLICATION tag.
    pub(super) operation: u8,
    /// Where the operation's content lies.
    content: Range<usize>,
}

/// Reads the head of a message.
pub(super) fn message(bytes: &[u8]) -> Result<Found, Missing> {
    let fits = |holds: bool| if holds { Ok(()) } else { Err(Missing::Never) };
    fits(bytes.first().is_none_or(|tag| *tag == 0x30))?;
    let (_, whole) = element(bytes, 0)?;
    fits(bytes.get(whole.start).is_none_or(|tag| *tag == 2))?;
    let (_, id_place) = element(bytes, whole.start)?;
    fits((1..=5).contains(&id_place.len()))?;
    let id = number(bytes.get(id_place.clone()).ok_or(Missing::More)?);
    let (tag, content) = element(bytes, id_place.end)?;
    // APPLICATION class; the numbers that exist.
    fits(tag & 0xc0 == 0x40 && matches!(tag & 0x1f, 0..=16 | 19 | 23..=25))?;
    fits(content.end <= whole.end)?;
    Ok(Found { len: whole.end, id, id_place, operation: tag & 0x1f, content })
}

impl Found {
    /// What the operation holds, of a reader over the message.
    pub(super) fn content<'a>(&self, mut reader: Reader<'a>) -> Option<Reader<'a>> {
        reader.take(self.content.start, "The head of a message").ok()?;
        let len = self.content.len().min(reader.len());
        reader.sub(len, "The operation").ok()
    }

    /// The name of an extended request.
    pub(super) fn request_name<'a>(&self, bytes: &'a [u8]) -> Option<(&'a [u8], Range<usize>)> {
        let (tag, name) = element(bytes, self.content.start).ok()?;
        let fits = self.operation == 23 && tag == 0x80 && name.end <= self.content.end;
        if fits { Some((bytes.get(name.clone())?, name)) } else { None }
    }

    /// Whether it says by SASL who it is (section 4.2): `version`, `name`, and choice 3.
    pub(super) fn is_sasl_bind(&self, bytes: &[u8]) -> bool {
        let version = || element(bytes, self.content.start).ok();
        let name = |at: usize| element(bytes, at).ok();
        let choice = version().and_then(|(_, version)| {
            let (_, name) = name(version.end)?;
            (name.end < self.content.end).then(|| bytes.get(name.end).copied())?
        });
        self.operation == BIND_REQUEST && choice == Some(0xa3)
    }

    /// Whether it asks for TLS.
    pub(super) fn is_start_tls(&self, bytes: &[u8]) -> bool {
        self.request_name(bytes).is_some_and(|(name, _)| name == START_TLS)
    }

    /// The result of an answer that has one.
    pub(super) fn result(&self, bytes: &[u8]) -> Option<(u64, Range<usize>)> {
        if !matches!(self.operation, 1 | 5 | 7 | 9 | 11 | 13 | 15 | 24) {
            return None;
        }
        let (tag, code) = element(bytes, self.content.start).ok()?;
        let fits = tag == 0x0a && (1..=4).contains(&code.len()) && code.end <= self.content.end;
        if fits { Some((number(bytes.get(code.clone())?), code)) } else { None }
    }
}
