//! Tells of header lists: requests, responses, promises, trailers.

use super::CHAPTER;
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::http2::facts::Facts;
use crate::protocols::http2::frame::{END_HEADERS, FrameHeader, HEADER_LEN, HEADERS, PUSH_PROMISE};
use crate::protocols::multiplexed::{self, Frame, Part, Words};
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
        is_whole: header.has(END_HEADERS),
        list: facts.list.as_deref(),
        asked: facts.asked.as_deref(),
    };
    let told = promises(multiplexed::tell(&frame, &OWN, view), header, view.bytes(message.span));
    let is_begun = facts.list.as_deref().is_none_or(|list| list.part == Part::Begun);
    if is_begun || header.kind != HEADERS || header.has(END_HEADERS) {
        return told;
    }
    let detail = format!(
        "{} The block goes on in a frame of its own kind, and nothing may come between (section 6.10).",
        told.detail
    );
    Telling { detail: detail.trim_start().to_owned(), ..told }
}

/// The same telling, with the stream on which a promise is kept, and with what a response on such a
/// stream is.
fn promises(told: Telling, header: &FrameHeader, bytes: &[u8]) -> Telling {
    let is_answer = told.turn.answers && !told.turn.interim;
    let about = match header.kind {
        PUSH_PROMISE => match promised(header, bytes) {
            Some(stream) => {
                format!(" It will come on stream {stream}, and need not be asked for.")
            }
            None => return told,
        },
        // On the streams that a server begins nobody asked (section 5.1.1).
        _ if is_answer && header.stream.is_multiple_of(2) => {
            " Nobody asked for it: it was promised.".to_owned()
        }
        _ => return told,
    };
    let detail = format!("{}{about}", told.detail);
    told.detail(detail)
}

/// The stream that a promise is kept on (RFC 9113, section 6.6).
fn promised(header: &FrameHeader, bytes: &[u8]) -> Option<u32> {
    let at = HEADER_LEN + usize::from(header.is_padded());
    let number = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*number) & 0x7fff_ffff)
}
