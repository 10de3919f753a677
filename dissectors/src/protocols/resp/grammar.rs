//! Where the messages of RESP end, and which reply belongs to which command.
//!
//! Replies come in the order of their commands. Three things break that: who subscribes gets a
//! confirmation for each channel and then messages that nobody asked for, who watches gets lines,
//! and a client may ask the server not to reply (`CLIENT REPLY`).

use super::Kind;
use super::value::{self, Missing, Scan};
use crate::ids::{Direction, FrameId};
use crate::limits::{MAX_FRAMED_ASKED, MAX_FRAMED_WHOLE};
use crate::protocols::framed::{Grammar, Measure, Seen, Ties};
use crate::protocols::lines;
use crate::protocols::waiting::Waiting;

/// The key of commands that get one reply each, in their order.
const IN_ORDER: u64 = 0;
/// The key of those that subscribe.
const SUBSCRIBES: u64 = 1;

/// The longest command that is a line of text (`PROTO_INLINE_MAX_SIZE` of the server).
const MAX_INLINE: usize = 1 << 16;

/// Whether the server replies.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Replies {
    #[default]
    Always,
    /// Not to the next command.
    NotNext,
    /// To none, until it is asked to again.
    Never,
}

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct Resp {
    client: Option<Direction>,
    scans: [Scan; 2],
    replies: Replies,
    /// How many confirmations each command that subscribes still gets.
    subscriptions: Waiting<u64, MAX_FRAMED_ASKED>,
    /// Whether messages may come that nobody asked for.
    subscribed: bool,
    /// Whether the server says what others ask.
    watches: bool,
    /// Bytes are missing: nobody knows which reply is whose.
    is_unsure: bool,
}

impl Resp {
    /// A connection that this side opened, where that is known.
    pub(super) fn new(client: Option<Direction>) -> Self {
        Self { client, ..Self::default() }
    }

    fn scan(&mut self, from: Direction) -> &mut Scan {
        let [forward, backward] = &mut self.scans;
        match from {
            Direction::Forward => forward,
            Direction::Backward => backward,
        }
    }

    /// A command, and whether it gets a reply.
    fn command(&mut self, bytes: &[u8]) -> Ties {
        let mut words = words(bytes);
        let name = words.next().unwrap_or(&[]);
        let is = |word: &str| name.eq_ignore_ascii_case(word.as_bytes());
        if is("CLIENT") && words.next().is_some_and(|word| word.eq_ignore_ascii_case(b"REPLY")) {
            return self.reply_mode(words.next().unwrap_or(&[]));
        }
        match self.replies {
            Replies::Always => {}
            Replies::Never => return Ties::ALONE,
            Replies::NotNext => {
                self.replies = Replies::Always;
                return Ties::ALONE;
            }
        }
        self.watches |= is("MONITOR");
        if !["SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE"]
            .iter()
            .any(|word| is(word))
        {
            return Ties::asks(IN_ORDER);
        }
        self.subscribed = true;
        self.subscriptions.push((words.count() as u64).max(1));
        Ties::asks(SUBSCRIBES)
    }

    fn reply_mode(&mut self, mode: &[u8]) -> Ties {
        self.replies = match mode.to_ascii_uppercase().as_slice() {
            b"OFF" => Replies::Never,
            b"SKIP" => Replies::NotNext,
            _ => Replies::Always,
        };
        if self.replies == Replies::Always { Ties::asks(IN_ORDER) } else { Ties::ALONE }
    }

    fn reply(&mut self, bytes: &[u8]) -> (Kind, Ties) {
        let letter = bytes.first().copied().unwrap_or(0);
        let first = value::words(bytes).next().map_or(&[][..], |word| word.text);
        if letter == b'>' || letter == b'*' && self.subscribed {
            if is_confirmation(first) {
                return (Kind::Reply, self.confirmed());
            }
            if letter == b'>' || matches!(first, b"message" | b"pmessage" | b"smessage") {
                return (Kind::Push, Ties::ALONE);
            }
        }
        if self.watches && letter == b'+' && first.first().is_some_and(u8::is_ascii_digit) {
            return (Kind::Push, Ties::ALONE);
        }
        (Kind::Reply, Ties::answers(IN_ORDER))
    }

    /// One of the confirmations that a command waits for.
    fn confirmed(&mut self) -> Ties {
        match self.subscriptions.oldest_mut() {
            Some(left) if *left > 1 => {
                *left -= 1;
                Ties::answers_for_now(SUBSCRIBES)
            }
            _ => {
                self.subscriptions.pop();
                Ties::answers(SUBSCRIBES)
            }
        }
    }
}

/// The words of a command: of a list, or of a line of text.
pub(super) fn words(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_inline = value::head(bytes) == Err(Missing::Never);
    let line = if is_inline { bytes } else { &[] };
    let inline = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    value::words(bytes).map(|word| word.text).chain(inline)
}

fn is_confirmation(first: &[u8]) -> bool {
    matches!(
        first,
        b"subscribe"
            | b"psubscribe"
            | b"ssubscribe"
            | b"unsubscribe"
            | b"punsubscribe"
            | b"sunsubscribe"
    )
}

/// Whether bytes begin a command in the form of a list: what only a client sends as a rule.
pub(super) fn is_command(bytes: &[u8]) -> bool {
    let Ok(value::Head { letter: b'*', len, .. }) = value::head(bytes) else { return false };
    matches!(bytes.get(len), None | Some(b'$'))
}

/// A line of text that may be a command.
fn inline(bytes: &[u8]) -> Option<lines::Line> {
    let line = lines::line(bytes.get(..MAX_INLINE).unwrap_or(bytes))?;
    lines::is_text(bytes.get(..line.text)?).then_some(line)
}

/// Whether a line of text may still become a command.
fn may_go_on(bytes: &[u8]) -> bool {
    lines::is_text(bytes.strip_suffix(b"\r").unwrap_or(bytes))
}

impl Grammar for Resp {
    type Kind = Kind;

    fn measure(&mut self, from: Direction, bytes: &[u8]) -> Measure {
        let may_be_line = self.client.is_none_or(|client| client == from);
        let scan = self.scan(from);
        match scan.run(bytes, MAX_FRAMED_WHOLE) {
            Ok(len) => Measure::Whole(len),
            Err(Missing::More) => Measure::Need(scan.at.max(bytes.len()) + 1),
            Err(Missing::Never) if scan.at == 0 && may_be_line => match inline(bytes) {
                Some(line) => Measure::Whole(line.len as u64),
                None if bytes.len() < MAX_INLINE && may_go_on(bytes) => {
                    Measure::Need(bytes.len() + 1)
                }
                None => Measure::Nothing,
            },
            Err(Missing::Never) => Measure::Nothing,
        }
    }

    fn accept(&mut self, from: Direction, bytes: &[u8]) -> Seen<Kind> {
        let scan = self.scan(from);
        let (is_rest, left) = (scan.is_rest, scan.left);
        // A line of text was no value.
        let is_inline = scan.at == 0;
        *scan = if left > 0 && !is_inline {
            Scan { left, is_rest: true, at: 0 }
        } else {
            Scan::default()
        };
        if is_rest {
            return Seen { kind: Kind::Rest, extra: None, ties: Ties::ALONE };
        }
        let client = *self.client.get_or_insert_with(|| {
            if is_inline || is_command(bytes) { from } else { from.reverse() }
        });
        let (kind, ties) =
            if client == from { (Kind::Command, self.command(bytes)) } else { self.reply(bytes) };
        let ties = if self.is_unsure { Ties::ALONE } else { ties };
        Seen { kind, extra: None, ties }
    }

    fn goes_by_order(key: u64) -> bool {
        [IN_ORDER, SUBSCRIBES].contains(&key)
    }

    fn begins(&self, from: Direction, bytes: &[u8]) -> bool {
        match self.client {
            Some(client) if client == from => is_command(bytes),
            _ => value::head(bytes) != Err(Missing::Never),
        }
    }

    fn lost(&mut self, from: Direction) {
        *self.scan(from) = Scan::default();
        self.is_unsure = true;
    }

    fn answered(_extra: Option<FrameId>, asked: FrameId) -> Option<FrameId> {
        Some(asked)
    }
}
