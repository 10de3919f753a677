//! How long a body is: the rules of RFC 9112, section 6.3, out of the few headers they need.

use std::ops::Range;

use super::head::{Headers, StartLine};
use crate::protocols::semantics::{Codings, list, number};

/// How a body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyLength {
    /// There is none.
    Nothing,
    /// After so many bytes, at least one.
    Length(u64),
    /// With its last chunk (RFC 9112, section 7.1).
    Chunked,
    /// With the connection.
    ToEnd,
}

/// What a request's method does to its response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// Its response has a head only.
    Head,
    /// Its response, if it succeeds, opens a tunnel.
    Connect,
    /// Any other.
    Other,
}

/// What the session needs to know of a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// A request's method; nothing for a response.
    pub(super) method: Option<Method>,
    /// A response's status code; 0 for a request.
    pub(super) code: u16,
    /// The protocols named by `Upgrade`, as a place in the head.
    pub(super) upgrade: Range<usize>,
    /// The media type and its parameters, as a place in the head.
    pub(super) media_type: Range<usize>,
    /// The content codings, then the transfer codings before `chunked`.
    pub(super) codings: Codings,
    transfer: Transfer,
    length: Length,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transfer {
    Absent,
    Chunked,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Absent,
    Known(u64),
    Broken,
}

impl Head {
    /// Reads a head whose start line was read.
    pub(super) fn behind(start: StartLine, bytes: &[u8]) -> Option<Self> {
        let (method, code) = match start {
            StartLine::Request { method, .. } => (Some(method_of(bytes.get(method)?)), 0),
            StartLine::Response { number, .. } => (None, number),
        };
        let mut head = Self {
            method,
            code,
            upgrade: 0..0,
            media_type: 0..0,
            codings: Codings::default(),
            transfer: Transfer::Absent,
            length: Length::Absent,
        };
        let mut transfer_codings = Codings::default();
        let mut headers = Headers::new(bytes);
        while let Some(header) = headers.next_of(may_count) {
            let (Some(name), Some(value)) =
                (bytes.get(header.name), bytes.get(header.value.clone()))
            else {
                continue;
            };
            // Most headers are dismissed by their length alone.
            match name.len() {
                7 if name.eq_ignore_ascii_case(b"upgrade") => head.upgrade = header.value,
                12 if name.eq_ignore_ascii_case(b"content-type") => head.media_type = header.value,
                14 if name.eq_ignore_ascii_case(b"content-length") => head.length.add(value),
                16 if name.eq_ignore_ascii_case(b"content-encoding") => {
                    list(value).for_each(|name| head.codings.add(name));
                }
                17 if name.eq_ignore_ascii_case(b"transfer-encoding") => {
                    for name in list(value) {
                        head.transfer = Transfer::Other;
                        if is_chunked(name) {
                            head.transfer = Transfer::Chunked;
                        } else {
                            transfer_codings.add(name);
                        }
                    }
                }
                _ => {}
            }
        }
        head.codings.follow(transfer_codings);
        Some(head)
    }

    /// Whether this is a response that does not end the exchange (RFC 9110, section 15.2).
    pub(super) const fn is_interim(&self) -> bool {
        self.method.is_none() && self.code / 100 == 1 && self.code != 101
    }

    /// Whether what follows this response to a request of that method is another protocol.
    pub(super) const fn opens_tunnel(&self, asked: Method) -> bool {
        self.method.is_none()
            && (self.code == 101 || (matches!(asked, Method::Connect) && self.code / 100 == 2))
    }

    /// How the body ends: RFC 9112, section 6.3, whose rules come in this order. `asked` is the
    /// method of the request that a response answers.
    pub(super) const fn framing(&self, asked: Method) -> BodyLength {
        let response = self.method.is_none();
        let bare = self.code / 100 == 1 || self.code == 204 || self.code == 304;
        if response && (matches!(asked, Method::Head) || bare || self.opens_tunnel(asked)) {
            return BodyLength::Nothing;
        }
        match (self.transfer, self.length) {
            (Transfer::Chunked, _) => BodyLength::Chunked,
            (Transfer::Other, _) | (_, Length::Broken) if response => BodyLength::ToEnd,
            // A request whose length nobody can tell is refused and the connection closed.
            (Transfer::Other, _) | (_, Length::Broken) => BodyLength::Nothing,
            (_, Length::Known(0)) => BodyLength::Nothing,
            (_, Length::Known(length)) => BodyLength::Length(length),
            (_, Length::Absent) if response => BodyLength::ToEnd,
            (_, Length::Absent) => BodyLength::Nothing,
        }
    }
}

impl Length {
    /// Takes another value into account: equal ones are one, different ones are an error
    /// (RFC 9110, section 8.6).
    fn add(&mut self, value: &[u8]) {
        for item in list(value) {
            *self = match (*self, number(item)) {
                (Self::Absent, Some(length)) => Self::Known(length),
                (Self::Known(known), Some(length)) if known == length => Self::Known(length),
                _ => Self::Broken,
            };
        }
        if *self == Self::Absent {
            *self = Self::Broken;
        }
    }
}

/// Whether a transfer coding is `chunked`, as readers take it: it has no parameters, and a reader
/// may take some for a mistake (RFC 9112, section 7.1), but hardly one for another coding; and a
/// zero ends it for who reads text as C does.
pub(super) fn is_chunked(name: &[u8]) -> bool {
    let end = name.iter().position(|byte| matches!(byte, b';' | 0)).unwrap_or(name.len());
    let name = name.get(..end).unwrap_or(name);
    name.trim_ascii_end().eq_ignore_ascii_case(b"chunked")
}

/// Whether a header is one that counts, as far as its first letters tell. Setting the bit makes
/// letters small; what is no letter is told by the whole name.
fn may_count(line: &[u8]) -> bool {
    const SMALL: u8 = 0x20;
    let begins = line.first_chunk::<4>().map(|letters| letters.map(|letter| letter | SMALL));
    begins.is_some_and(|begins| matches!(&begins, b"cont" | b"tran" | b"upgr"))
}

fn method_of(name: &[u8]) -> Method {
    match name {
        b"HEAD" => Method::Head,
        b"CONNECT" => Method::Connect,
        _ => Method::Other,
    }
}
