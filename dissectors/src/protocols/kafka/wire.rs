//! The heads of requests and responses, and the forms in which lengths are written.

use super::schema::flexible_since;
use crate::bytes::{Reader, Short};
use crate::span::Span;

/// A length, an API and its version, and a number.
pub(super) const REQUEST_HEAD: usize = 12;
/// A length and a number.
pub(super) const RESPONSE_HEAD: usize = 8;

/// No broker takes longer messages than these, unless it is told to (`socket.request.max.bytes`).
const MAX_MESSAGE: u32 = 100 << 20;

/// The highest number of an API, and the highest version of one, that there will be for a while.
const MAX_API: u16 = 127;
const MAX_VERSION: u16 = 31;

/// What was asked: kept with a response, which does not say it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Api {
    pub(super) key: u8,
    pub(super) version: u8,
}

impl Api {
    /// Whether lengths are written in the compact form.
    pub(super) const fn is_flexible(self) -> bool {
        self.version >= flexible_since(self.key)
    }
}

/// The head of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Request<'a> {
    pub(super) api: Api,
    pub(super) correlation: u32,
    /// The name of the client, as far as it is there.
    pub(super) client: &'a [u8],
    /// Where what it asks begins.
    pub(super) at: usize,
}

/// How long the message is that begins here, with its length; `None` if it can be none.
pub(super) fn length(bytes: &[u8]) -> Option<u64> {
    let len = u32::from_be_bytes(*bytes.first_chunk::<4>()?);
    (4..=MAX_MESSAGE).contains(&len).then_some(4 + u64::from(len))
}

/// The number of a response.
pub(super) fn correlation(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(4..)?.first_chunk::<4>()?))
}

impl<'a> Request<'a> {
    /// The request that begins here; `None` if it is none.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let whole = length(bytes)?;
        let [_, _, _, _, k1, k0, v1, v0, c3, c2, c1, c0] = *bytes.first_chunk::<REQUEST_HEAD>()?;
        let (key, version) = (u16::from_be_bytes([k1, k0]), u16::from_be_bytes([v1, v0]));
        let rest = bytes.get(REQUEST_HEAD..)?;
        let len = rest.first_chunk::<2>().map_or(u16::MAX, |len| u16::from_be_bytes(*len));
        let client_len = if len == u16::MAX { 0 } else { usize::from(len) };
        let client = rest.get(2..2 + client_len).unwrap_or(&[]);
        let at = REQUEST_HEAD + 2 + client_len;
        let is_one = key <= MAX_API
            && version <= MAX_VERSION
            && at as u64 <= whole
            && client.iter().all(|byte| (b' '..=b'~').contains(byte));
        let api = Api { key: key as u8, version: version as u8 };
        let correlation = u32::from_be_bytes([c3, c2, c1, c0]);
        is_one.then_some(Self { api, correlation, client, at })
    }

    /// Whether a Produce wants no answer: its acknowledgements are none.
    pub(super) fn is_silent(&self, bytes: &[u8]) -> bool {
        if self.api.key != 0 {
            return false;
        }
        let span = Span { len: u32::MAX, ..Span::NONE };
        let mut reader = Reader::new(bytes.get(self.at..).unwrap_or(&[]), span);
        let read = |reader: &mut Reader<'_>| {
            if self.api.is_flexible() {
                tags(reader)?;
            }
            if self.api.version >= 3 {
                counted(reader, self.api.is_flexible(), 2)?;
            }
            reader.u16("The acknowledgements")
        };
        read(&mut reader).is_ok_and(|(acks, _)| acks == 0)
    }
}

/// A number of variable length, seven bits in a byte, the lowest first.
pub(super) fn varint(reader: &mut Reader<'_>) -> Result<(u64, Span), Short> {
    let len = reader.rest().iter().take(9).position(|byte| byte & 0x80 == 0);
    let (bytes, place) = reader.take(len.map_or(10, |at| at + 1), "A number of variable length")?;
    let number = bytes.iter().rev().fold(0, |sum, byte| sum << 7 | u64::from(byte & 0x7f));
    Ok((number, place))
}

/// A count, which is nothing for null: in `width` bytes, or in the compact form one more than it
/// is.
pub(super) fn count(
    reader: &mut Reader<'_>,
    is_compact: bool,
    width: usize,
) -> Result<Option<u64>, Short> {
    if is_compact {
        return varint(reader).map(|(number, _)| number.checked_sub(1));
    }
    let (number, _) = reader.number(width, "A length")?;
    Ok((number >> (8 * width - 1) == 0).then_some(number))
}

/// Bytes behind their count.
pub(super) fn counted<'a>(
    reader: &mut Reader<'a>,
    is_compact: bool,
    width: usize,
) -> Result<Option<(&'a [u8], Span)>, Short> {
    match count(reader, is_compact, width)? {
        Some(len) => {
            let len = usize::try_from(len).unwrap_or(usize::MAX);
            reader.take(len, "A text or bytes").map(Some)
        }
        None => Ok(None),
    }
}

/// What is tagged at the end of a compact form: passed over.
pub(super) fn tags(reader: &mut Reader<'_>) -> Result<(), Short> {
    let (count, _) = varint(reader)?;
    for _ in 0..count {
        varint(reader)?;
        let (len, _) = varint(reader)?;
        reader.take(usize::try_from(len).unwrap_or(usize::MAX), "What is tagged")?;
    }
    Ok(())
}
