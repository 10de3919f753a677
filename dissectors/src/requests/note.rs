//! What is kept of a message for the request that it belongs to, or that will travel on the way
//! that it opens.

use super::row::Place;
use super::way::Step;
use crate::attribution::Attribution;
use crate::bytes::Lossy;
use crate::describe::Dissection;
use crate::engine::anchors::first_byte;
use crate::engine::tcp::flags;
use crate::engine::view::View;
use crate::exchange::{Opening, Part, Share, Short, Which};
use crate::ids::{ConnectionId, Direction, FrameId, LayerId, MessageId, ProtocolId};
use crate::limits::MAX_REQUEST_WORDS;
use crate::message::{Anchor, Message};
use crate::span::{Buffer, Span};
use crate::story::Moment;

/// Which exchange of a recording a message belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Lane(ConnectionId, LayerId, u64),
    Question(ConnectionId, MessageId),
}

/// The words of a question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) method: Box<str>,
    pub(super) scheme: Box<str>,
    pub(super) host: Box<str>,
    pub(super) path: Box<str>,
}

/// What one message says: bounded, and borrowing nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// It is a part of a request or of its answer.
    Heard(Box<Heard>),
    /// It opens the way for requests.
    Opens(Step),
}

/// What one message says of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub(super) key: Option<Key>,
    pub(super) connection: ConnectionId,
    pub(super) protocol: ProtocolId,
    pub(super) lane: Option<u64>,
    pub(super) direction: Direction,
    pub(super) part: Part,
    pub(super) first: Moment,
    pub(super) last: Moment,
    pub(super) place: Place,
    pub(super) anchor: Anchor,
    /// Whether the message holds anything that a row does not.
    pub(super) holds: bool,
    /// Whether what it holds cannot be left out: a head that begins a side, or a whole content.
    pub(super) is_needed: bool,
    pub(super) words: Option<Words>,
    pub(super) version: Box<str>,
    pub(super) status: Option<u16>,
    pub(super) kind: Box<str>,
    pub(super) head: u64,
    pub(super) body: u64,
    /// Bytes of all content of its sender, with the message that ends it.
    pub(super) whole: u64,
    pub(super) decoded: Option<u64>,
    pub(super) ends: bool,
    pub(super) short: Option<Short>,
}

/// What the messages that a frame completes say of requests.
pub fn notes(
    frame: FrameId,
    scene: &Dissection<'_>,
    attribution: &Attribution,
    found: &mut Vec<Note>,
) {
    let (context, survey) = (scene.context(), scene.survey());
    let Some(owner) = attribution.of(frame, survey) else { return };
    let connection = owner.connection;
    let opens = |frame: FrameId, opening: Opening| {
        let at = context.frames.frame(frame).time;
        Note::Opens(Step { connection, at, opening })
    };
    let control = survey.row(frame).and_then(|row| control(row.tcp_flags()));
    found.extend(control.map(|opening| opens(frame, opening)));
    for (message, view) in scene.messages(frame) {
        let Some(layer) = view.layer(message.layer) else { continue };
        let protocol = context.registry.get(layer.protocol);
        if let Some(share) = protocol.exchange(message, &view) {
            let heard = heard((connection, layer.protocol), message, &view, &share);
            found.push(Note::Heard(Box::new(heard)));
        } else if let Some(opening) = protocol.opening(message, &view) {
            let begins = begin(message, &view).map_or(frame, |(first, _)| first);
            let is_end = matches!(opening, Opening::Confirms | Opening::Finds(_));
            found.push(opens(if is_end { frame } else { begins }, opening));
        }
    }
}

/// What a segment does that opens a connection (RFC 9293, section 3.5).
const fn control(flags: u16) -> Option<Opening> {
    const ACCEPTS: u16 = flags::SYN | flags::ACK;
    match flags & (ACCEPTS | flags::RST) {
        flags::SYN => Some(Opening::Asks),
        ACCEPTS => Some(Opening::Accepts),
        _ => None,
    }
}

fn heard(
    (connection, protocol): (ConnectionId, ProtocolId),
    message: &Message,
    view: &View<'_>,
    share: &Share<'_>,
) -> Heard {
    let at = |frame: FrameId| Moment { frame, time: view.frames().frame(frame).time };
    let (first, offset) = match share.part {
        Part::More | Part::Reset => (message.done, 0),
        _ => begin(message, view).unwrap_or((message.done, 0)),
    };
    let direction = message.direction;
    let anchor = Anchor { connection, protocol, direction, frame: first, offset, ordinal: 0 };
    let (key, lane) = match share.of {
        Which::Lane(lane) => (Some(Key::Lane(connection, message.layer, lane)), Some(lane)),
        Which::Question(id) => (Some(Key::Question(connection, id)), None),
        Which::Unknown => (None, None),
    };
    let words = share.asked.map(|asked| Words {
        method: text(asked.method),
        scheme: text(asked.scheme),
        host: text(asked.authority),
        path: text(asked.path),
    });
    let is_answer = share.part == Part::Answer;
    let kind = share.value("content-type").filter(|_| is_answer).unwrap_or_default();
    let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    let content = share.content;
    let coded = content.sent.zip(content.shown).filter(|(sent, shown)| sent != shown);
    Heard {
        key,
        connection,
        protocol,
        lane,
        direction,
        part: share.part,
        first: at(first),
        last: at(message.done),
        anchor,
        place: Place { message: message.id, done: message.done },
        holds: !share.fields.is_empty() || !share.trailers.is_empty() || content.sent.is_some(),
        is_needed: !matches!(share.part, Part::More | Part::Interim)
            || content.sent.is_some()
            || !share.trailers.is_empty(),
        words,
        version: text(share.version),
        status: share.status,
        kind: text(&kind.to_ascii_lowercase()),
        head: share.head_bytes,
        body: content.came,
        whole: content.sent.map_or(0, |sent| sent.len.into()),
        decoded: coded.map(|(_, shown)| view.length(shown) as u64).filter(|length| *length > 0),
        ends: share.ends,
        short: share.short,
    }
}

/// The frame that holds the first byte of a message, and where in it.
fn begin(message: &Message, view: &View<'_>) -> Option<(FrameId, u32)> {
    let Span { buffer, start, .. } = first_byte(message, view)?;
    match buffer.kind() {
        Buffer::Frame(frame) => Some((frame, start)),
        _ => None,
    }
}

/// Bytes as text for a row: what is no text, and what would move a terminal's cursor, is replaced;
/// what is too long is cut.
fn text(bytes: &[u8]) -> Box<str> {
    let cut = bytes.get(..MAX_REQUEST_WORDS);
    let shown = Lossy(cut.unwrap_or(bytes)).to_string();
    let mut text: String =
        shown.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if cut.is_some_and(|cut| cut.len() < bytes.len()) {
        text.push('…');
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_holds_text_and_nothing_else() {
        assert_eq!(&*text(b"/a?b=\xc3\xa9"), "/a?b=é");
        assert_eq!(&*text(b"/\x1b[2J\xff"), "/\u{fffd}[2J\u{fffd}");
        let long = text(&vec![b'a'; MAX_REQUEST_WORDS + 1]);
        assert_eq!(long.chars().count(), MAX_REQUEST_WORDS + 1);
        assert!(long.ends_with("a…"));
    }
}
