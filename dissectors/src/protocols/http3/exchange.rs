//! What share a message of HTTP/3 has in the exchange of its stream (RFC 9114, section 4.1).

use super::frame::{DATA, FrameHeader, HEADERS};
use super::kind::{Facts, Kind, Role};
use crate::engine::view::View;
use crate::exchange::{Content, Part, Share, Short, Which};
use crate::message::Message;
use crate::protocols::multiplexed;

/// The share of a message; nothing for one that is about the connection. A promise is left out:
/// what is promised comes on a stream of another number.
pub(super) fn share<'v>(message: &Message, view: &View<'v>) -> Option<Share<'v>> {
    let facts = Facts::of(message, view)?;
    let of = Which::Lane(facts.stream);
    match message.kind::<Kind>()? {
        _ if facts.of_type.is_some() => None,
        Kind::Frame => {
            let header = FrameHeader::read(view.bytes(message.span)).ok()?;
            match header.kind {
                HEADERS => head(of, facts, view),
                DATA => Some(data(of, header, message, view)),
                _ => None,
            }
        }
        Kind::End => {
            // What somebody reads as it comes is not kept.
            let is_kept = |came: u64| came == u64::from(message.span.len);
            let is_whole =
                facts.body.is_some_and(|it| it.frames > 0 && it.whole && is_kept(it.came));
            let sent = is_whole.then_some(message.span);
            let shown = view.part(message, Role::Decoded).or(sent);
            let content = Content { came: 0, sent, shown };
            Some(Share { content, ends: true, ..Share::new(of, Part::More) })
        }
        Kind::StreamType | Kind::Datagram | Kind::Encoder | Kind::Decoder => None,
    }
}

/// A header section.
fn head<'v>(of: Which, facts: &'v Facts, view: &View<'v>) -> Option<Share<'v>> {
    let list = facts.list.as_deref()?;
    if list.part == multiplexed::Part::Promise {
        return None;
    }
    let asked = facts.asked.as_deref();
    let share = multiplexed::share(of, list, (asked, b"HTTP/3"), view);
    Some(Share { ends: facts.ends, ..share })
}

/// A piece of content, as much of it as came.
fn data<'v>(of: Which, header: FrameHeader, message: &Message, view: &View<'v>) -> Share<'v> {
    let came = view.part(message, Role::Payload).map_or(0, |span| u64::from(span.len));
    let content = Content { came, ..Content::default() };
    let short = (came < header.length).then_some(Short::Missing);
    Share { content, short, ..Share::new(of, Part::More) }
}
