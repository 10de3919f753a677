//! Heads that two readers may read in two ways. What one takes for the end of a message is the
//! middle of it to another, and bytes become a request that nobody meant to pass on (request
//! smuggling: RFC 9112, section 11.2).

use std::ops::Range;

use super::framing::is_chunked;
use super::head::{Headers, StartLine};
use crate::protocols::semantics::{list, number};

/// How many doubts about one head are told in words.
pub(super) const MAX_TOLD: usize = 2;

/// What readers of a head may not agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It bears a length, and chunks as well.
    BothFramings,
    /// It bears lengths that differ.
    Lengths,
    /// A request's last transfer coding is not `chunked`.
    LastCoding,
    /// Something stands behind `chunked` that is no part of its name.
    BehindChunked,
    /// A carriage return that ends no line.
    LoneReturn,
    /// A value goes on in the next line.
    Fold,
    /// A blank stands before the colon.
    Blank,
}

impl Doubt {
    /// What stands there, and how it may be read, with its source.
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::BothFramings => {
                "It bears a length and chunks: the chunks count, but who goes by the length sees \
                 another message begin elsewhere (RFC 9112, section 6.3)"
            }
            Self::Lengths => {
                "It bears lengths that differ: a reader has to refuse it, and one who picks a length \
                 sees another message begin elsewhere (RFC 9110, section 8.6)"
            }
            Self::LastCoding => {
                "Its last transfer coding is not chunked: nobody can tell where its body ends, and a \
                 server has to refuse it (RFC 9112, section 6.3)"
            }
            Self::BehindChunked => {
                "Something stands behind the name of its transfer coding: some take it for chunked \
                 all the same, others do not know it (RFC 9112, section 7.1)"
            }
            Self::LoneReturn => {
                "A carriage return stands alone in the head: some readers end a line there, others \
                 read on (RFC 9112, section 2.2)"
            }
            Self::Fold => {
                "A line is folded: some readers join it to the line before, others take it for a \
                 line of its own (RFC 9112, section 5.2)"
            }
            Self::Blank => {
                "A blank stands before a colon: some readers take it for a part of the name, others \
                 do not (RFC 9112, section 5.1)"
            }
        }
    }
}

/// What a whole head leaves in doubt, with the places; the lengths first, as they decide most.
pub(super) fn of(head: &[u8]) -> Vec<(Doubt, Range<usize>)> {
    let mut found = Vec::new();
    let mut length: Option<(u64, Range<usize>)> = None;
    let mut last_coding: Option<(bool, Range<usize>)> = None;
    let mut lines = Vec::new();
    for header in Headers::new(head) {
        let (Some(name), Some(value)) =
            (head.get(header.name.clone()), head.get(header.value.clone()))
        else {
            continue;
        };
        if name.eq_ignore_ascii_case(b"content-length") {
            for given in list(value).filter_map(number) {
                match &length {
                    Some((known, _)) if *known != given => {
                        found.push((Doubt::Lengths, header.value.clone()));
                    }
                    _ => length = Some((given, header.value.clone())),
                }
            }
        } else if name.eq_ignore_ascii_case(b"transfer-encoding")
            && let Some(last) = list(value).last()
        {
            last_coding = Some((is_chunked(last), header.value.clone()));
            if is_chunked(last) && !last.eq_ignore_ascii_case(b"chunked") {
                found.push((Doubt::BehindChunked, header.value.clone()));
            }
        }
        if name.last().is_some_and(u8::is_ascii_whitespace) {
            lines.push((Doubt::Blank, header.name.clone()));
        }
        if head.get(header.value.clone()).is_some_and(|value| value.contains(&b'\n')) {
            lines.push((Doubt::Fold, header.value));
        }
    }
    let asks = matches!(StartLine::read(head), Some(StartLine::Request { .. }));
    match (last_coding, length) {
        (Some((true, coding)), Some(_)) => found.push((Doubt::BothFramings, coding)),
        (Some((false, coding)), _) if asks => found.push((Doubt::LastCoding, coding)),
        _ => {}
    }
    found.extend(lone_returns(head).map(|at| (Doubt::LoneReturn, at..at + 1)));
    found.extend(lines);
    found
}

/// Where a carriage return stands without a line feed.
fn lone_returns(head: &[u8]) -> impl Iterator<Item = usize> {
    memchr::memchr_iter(b'\r', head).filter(|at| head.get(at + 1) != Some(&b'\n'))
}
