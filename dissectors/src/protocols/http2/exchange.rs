//! What share a frame of HTTP/2 has in the exchange of its stream (RFC 9113, section 8.1).

use super::facts::{Facts, Remark};
use super::frame::{
    CONTINUATION, DATA, FrameHeader, HEADER_LEN, HEADERS, PUSH_PROMISE, RST_STREAM,
};
use super::{Kind, Role};
use crate::engine::view::View;
use crate::exchange::{Content, Part, Share, Short, Which};
use crate::message::Message;
use crate::protocols::multiplexed;

/// The share of a frame; nothing for one that is about the connection, or out of order.
pub(super) fn share<'v>(message: &Message, view: &View<'v>) -> Option<Share<'v>> {
    if !message.is(Kind::Frame) {
        return None;
    }
    let bytes = view.bytes(message.span);
    let header = FrameHeader::read(bytes).filter(|header| header.stream > 0)?;
    let facts = Facts::of(message, view);
    let is_stray = |remark| matches!(remark, Remark::Ended | Remark::Within | Remark::NoBlock);
    if facts.and_then(|facts| facts.remark).is_some_and(is_stray) {
        return None;
    }
    // What answers a request of HTTP/1.1 is in the exchange that this began.
    let upgraded = facts.and_then(|facts| facts.upgraded).map(Which::Question);
    let of = upgraded.unwrap_or(Which::Lane(header.stream.into()));
    let share = match header.kind {
        HEADERS | PUSH_PROMISE | CONTINUATION => head(&header, bytes, facts?, view)?,
        DATA => data(&header, message, bytes, view),
        RST_STREAM => Share { ends: true, ..Share::new(of, Part::Reset) },
        _ => return None,
    };
    let share = Share { of: upgraded.unwrap_or(share.of), ..share };
    // With the frame that ends a side stands all of its content.
    let sent = view.part(message, Role::Body);
    let shown = view.part(message, Role::BodyDecoded).or(sent);
    let content = Content { sent, shown, ..share.content };
    Some(Share { content, ends: share.ends || header.ends_stream(), ..share })
}

/// A frame of a header block.
fn head<'v>(
    header: &FrameHeader,
    bytes: &[u8],
    facts: &'v Facts,
    view: &View<'v>,
) -> Option<Share<'v>> {
    let list = facts.list.as_deref()?;
    let of = Which::Lane(lane(header, bytes)?);
    Some(multiplexed::share(of, list, (facts.asked.as_deref(), b"HTTP/2"), view))
}

/// The stream that a header block is about: of a promise the promised one (section 6.6).
fn lane(header: &FrameHeader, bytes: &[u8]) -> Option<u64> {
    if header.kind != PUSH_PROMISE {
        return Some(header.stream.into());
    }
    let at = HEADER_LEN + usize::from(header.is_padded());
    let promised = bytes.get(at..)?.first_chunk()?;
    Some(u64::from(u32::from_be_bytes(*promised) & 0x7fff_ffff))
}

/// A piece of content: without padding, and as much of it as came.
fn data<'v>(header: &FrameHeader, message: &Message, bytes: &[u8], view: &View<'v>) -> Share<'v> {
    let is_padded = header.is_padded() && header.length > 0;
    let padding = bytes.get(HEADER_LEN).filter(|_| is_padded).map_or(0, |len| u32::from(*len));
    let payload = header.length - u32::from(is_padded);
    let announced = payload.saturating_sub(padding);
    let there = view.part(message, Role::Payload).map_or(0, |span| span.len);
    let came = announced.min(there);
    let content = Content { came: came.into(), ..Content::default() };
    let short = (there < payload).then_some(Short::Missing);
    Share { content, short, ..Share::new(Which::Lane(header.stream.into()), Part::More) }
}
