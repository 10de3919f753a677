//! Tells of header lists: requests, responses, promises, trailers.

use super::CHAPTER;
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::http2::facts::Facts;
use crate::protocols::http2::frame::{END_HEADERS, FrameHeader, HEADER_LEN, PUSH_PROMISE};
use crate::protocols::multiplexed::{self, Frame, Words};
use crate::telling::Telling;

/// Where the standard says what is told.
const OWN: Words = Words {
    chapter: CHAPTER,
    standard: "RFC 9113",
    heads: "http2/headers",
    promises: "http2/push",
    trailers: "http2/trailers",
    extended: ("RFC 8441", "4"),
    frame: "6.2",
    control: "8.3.1",
    tunnel: "8.5",
    promise: "6.6",
    trailer: "8.1",
    parallel: "5",
    again: "5",
};

/// Tells of a frame that begins a header list.
pub(super) fn tell(
    message: &Message,
    header: &FrameHeader,
    facts: &Facts,
    view: &View<'_>,
) -> Telling {
    let frame = Frame {
        name: header.name(),
        is_sealed: message.protection.is_sealed(),
        ends: header.ends_stream(),
        list: facts.list.as_deref(),
        asked: facts.asked.as_deref(),
    };
    let mut told = multiplexed::tell(&frame, &OWN, view);
    if told.packed.is_some() && !header.has(END_HEADERS) {
        told.detail += " That is not all: the header block goes on in the next frame.";
    }
    let is_answer = told.turn.answers && !told.turn.interim;
    let about = match header.kind {
        PUSH_PROMISE => promised(header, view.bytes(message.span))
            .map(|stream| format!(" It will come on stream {stream}, and need not be asked for.")),
        // On the streams that a server begins nobody asked (section 5.1.1).
        _ if is_answer && header.stream.is_multiple_of(2) => {
            Some(" Nobody asked for it: it was promised.".to_owned())
        }
        _ => None,
    };
    match about {
        Some(about) => {
            let detail = format!("{}{about}", told.detail);
            told.detail(detail)
        }
        None => told,
    }
}

/// The stream that a promise is kept on (RFC 9113, section 6.6).
fn promised(header: &FrameHeader, bytes: &[u8]) -> Option<u32> {
    let at = HEADER_LEN + usize::from(header.is_padded());
    let number = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*number) & 0x7fff_ffff)
}
