//! Messages of Kerberos by their outermost tag.

use std::ops::Range;

use crate::protocols::ber;

/// The length before a message on a stream.
pub(super) const MARK: usize = 4;

/// No ticket makes a message as long as this.
const MAX_RECORD: u32 = 1 << 22;

/// Messages by the numbers of their tags (RFC 4120, section 5.10).
pub(super) mod kind {
    pub(crate) const AS_REQ: u8 = 10;
    pub(crate) const AS_REP: u8 = 11;
    pub(crate) const TGS_REQ: u8 = 12;
    pub(crate) const TGS_REP: u8 = 13;
    pub(crate) const AP_REQ: u8 = 14;
    pub(crate) const AP_REP: u8 = 15;
    pub(crate) const ERROR: u8 = 30;

    /// Whether a message of that number asks for one.
    pub(crate) const fn asks(number: u8) -> bool {
        matches!(number, AS_REQ | TGS_REQ | AP_REQ)
    }
}

/// The number of the message that begins here; `None` if it is none.
pub(super) fn message(bytes: &[u8]) -> Option<u8> {
    let (tag, content) = ber::element(bytes, 0).ok()?;
    // An application's tag, constructed, and in it a sequence.
    let number = tag.checked_sub(0x60).filter(|number| matches!(number, 10..=15 | 20..=22 | 30))?;
    matches!(bytes.get(content.start), None | Some(0x30)).then_some(number)
}

/// How long a record is with its length, and the number of its message.
pub(super) fn record(bytes: &[u8]) -> Option<(u64, u8)> {
    let len = u32::from_be_bytes(*bytes.first_chunk::<MARK>()?);
    let number = message(bytes.get(MARK..)?)?;
    (len <= MAX_RECORD).then_some((MARK as u64 + u64::from(len), number))
}

/// The content of the first element with that tag, among those that stand here.
pub(super) fn find(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let mut at = 0;
    while let Ok((found, content)) = ber::element(bytes, at) {
        if found == tag {
            return bytes.get(clipped(&content, bytes));
        }
        at = content.end;
    }
    None
}

/// A range as far as it is there.
fn clipped(range: &Range<usize>, bytes: &[u8]) -> Range<usize> {
    let end = range.end.min(bytes.len());
    range.start.min(end)..end
}

/// What a message is about, for rows and sentences.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct About<'a> {
    pub(super) number: u8,
    /// The code of an error.
    pub(super) error: u64,
    /// The last part of the service's name.
    pub(super) service: &'a [u8],
    /// Whether a proof comes with it: a time sealed with the client's key.
    pub(super) has_proof: bool,
}

/// What the message that begins here is about.
pub(super) fn about(bytes: &[u8]) -> About<'_> {
    let mut found = About { number: message(bytes).unwrap_or(0), ..About::default() };
    let Some(content) = find(bytes, 0x60 + found.number).and_then(|all| find(all, 0x30)) else {
        return found;
    };
    match found.number {
        kind::AS_REQ | kind::TGS_REQ => {
            let body = find(content, 0xa4).and_then(|body| find(body, 0x30)).unwrap_or(&[]);
            found.service = name(body, 0xa3);
            found.has_proof = find(content, 0xa3).is_some_and(has_proof);
        }
        kind::ERROR => {
            let code = find(content, 0xa6).and_then(|code| find(code, 0x02));
            found.error = code.map_or(0, ber::number);
        }
        _ => {}
    }
    found
}

/// The parts of a principal's name, joined to one: the last ones, where there are many.
fn name(body: &[u8], tag: u8) -> &[u8] {
    let parts = find(body, tag)
        .and_then(|name| find(name, 0x30))
        .and_then(|name| find(name, 0xa1))
        .and_then(|parts| find(parts, 0x30));
    let Some(parts) = parts else { return &[] };
    let (mut at, mut last) = (0, &[][..]);
    while let Ok((_, content)) = ber::element(parts, at) {
        last = parts.get(clipped(&content, parts)).unwrap_or(&[]);
        at = content.end;
    }
    last
}

/// Whether a time sealed with the client's key stands among the data before authentication.
fn has_proof(padata: &[u8]) -> bool {
    let list = find(padata, 0x30).unwrap_or(&[]);
    let mut at = 0;
    while let Ok((_, content)) = ber::element(list, at) {
        let one = list.get(clipped(&content, list)).unwrap_or(&[]);
        let kind = find(one, 0xa1).and_then(|kind| find(kind, 0x02));
        if kind.map(ber::number) == Some(2) {
            return true;
        }
        at = content.end;
    }
    false
}
