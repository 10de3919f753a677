//! Reads one connection of MySQL, packet by packet, up to where TLS begins.

use super::Kind;
use crate::engine::session::{Announce, Input, Out, Progress, Session, Way};
use crate::ids::{Both, Direction, MessageId};
use crate::message::Relation;
use crate::protocol::{Claim, Likelihood};

/// The longest packet that is held as a whole; longer ones pass by behind their head.
const MAX_WHOLE: usize = 1 << 16;
/// Length and number.
pub(super) const HEAD: usize = 4;
/// The highest number of a packet that begins what was captured of a direction: logging in takes
/// a few turns.
const MAX_NUMBER: u8 = 9;
/// Flags, longest packet, character set, 23 zeros: all that asking for TLS takes.
const TLS_LEN: usize = 32;
const CLIENT_COMPRESS: u8 = 0x20;
const CLIENT_SSL: u8 = 0x08;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct MysqlSession {
    server: Option<Direction>,
    /// The latest packet that asks, for its answers.
    asked: Option<MessageId>,
    passing: Both<Option<MessageId>>,
    lost: Both<bool>,
    /// The client can compress, and so do both once it is let in.
    compresses: bool,
    switched: bool,
    /// Whether the client is let in: what follows are commands and their answers.
    is_in: bool,
}

/// The length of the first packet, with its head.
fn length(bytes: &[u8]) -> Option<usize> {
    let [a, b, c, _] = bytes.get(..HEAD)? else { return None };
    Some(HEAD + (usize::from(*a) | usize::from(*b) << 8 | usize::from(*c) << 16))
}

/// Whether a payload is a greeting: version 10, and a version in text that a zero ends.
fn greets(bytes: &[u8]) -> bool {
    let text = match bytes.get(HEAD..) {
        Some([10, text @ ..]) if bytes.get(3) == Some(&0) => text,
        _ => return false,
    };
    let end = text.iter().take(64).position(|byte| *byte == 0);
    end.is_some_and(|end| end > 0 && text.iter().take(end).all(u8::is_ascii_graphic))
}

/// Whether it is a client's first packet, of protocol 4.1: 23 zeros stand before the name.
fn logs_in(bytes: &[u8]) -> bool {
    let zeros = bytes.get(HEAD + 9..HEAD + TLS_LEN);
    let modern = bytes.get(HEAD + 1).is_some_and(|flags| flags & 2 != 0);
    // MariaDB uses the last four of them.
    modern
        && zeros.is_some_and(|zeros| zeros.iter().take(19).all(|byte| *byte == 0))
        && matches!(bytes.get(3), Some(1 | 2))
}

pub(super) fn probe(bytes: &[u8]) -> Likelihood {
    let whole = length(bytes).is_some_and(|len| len == bytes.len());
    if whole && (greets(bytes) || logs_in(bytes)) {
        return Likelihood::Surely;
    }
    // A command, alone in its segment.
    let command = whole && matches!(bytes, [_, _, 0, 0, 1..=31, ..]);
    let part = length(bytes).is_some_and(|len| len > bytes.len()) && greets(bytes);
    if command || part {
        return Likelihood::Perhaps;
    }
    // Each turn numbers its packets from 0 on, and TLS has a session of its own. The first packet
    // of a turn is not so long that its length reads as text.
    match bytes {
        [20..=23, 3, 0..=4, ..] => Likelihood::No,
        [_, _, 0..=0x1f, 0..=MAX_NUMBER, ..] | [] | [_] | [_, _] | [_, _, 0..=0x1f] => {
            Likelihood::Unsaid
        }
        _ => Likelihood::No,
    }
}

impl MysqlSession {
    /// What a packet is on the way in, which ends with an OK or an error of the server; a capture
    /// may begin behind it.
    fn phase(&mut self, kind: Kind, (server, bytes): (bool, &[u8])) -> Kind {
        match kind {
            Kind::Packet if self.is_in => kind,
            Kind::Packet if server && is_ok(bytes) => {
                self.is_in = true;
                Kind::Accepted
            }
            Kind::Packet => Kind::WayIn,
            Kind::Error if !self.is_in => Kind::Denied,
            Kind::Command => {
                self.is_in = true;
                kind
            }
            kind => kind,
        }
    }
}

/// Whether a packet is an OK: how many rows are affected and an id follow its zero.
pub(super) fn is_ok(bytes: &[u8]) -> bool {
    bytes.get(HEAD) == Some(&0) && bytes.len() >= HEAD + 7
}

impl Session for MysqlSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if self.switched {
            return Progress::Switch(Claim::Named("tls"));
        }
        let lane = input.direction;
        if *self.lost.of(lane) {
            let span = out.span(input.at, input.bytes.len());
            out.announce(Announce::new(Kind::Other, span));
            return Progress::Took(input.bytes.len());
        }
        let Some(len) = length(input.bytes) else { return Progress::Need(HEAD) };
        if len <= MAX_WHOLE && input.bytes.len() < len {
            return Progress::Need(len);
        }
        let server = *self.server.get_or_insert_with(|| {
            // A server that lets nobody in says so in place of its greeting.
            let speaks = greets(input.bytes) || matches!(input.bytes, [_, _, _, 0, 0xff, ..]);
            if speaks { input.direction } else { input.direction.reverse() }
        });
        let speaks = server == input.direction;
        let kind = self.phase(kind(speaks, len, input.bytes), (speaks, input.bytes));
        if len > MAX_WHOLE {
            let span = out.span(input.at, input.bytes.len().min(HEAD + 1));
            let id = out.begin(Announce::new(kind, span));
            *self.passing.of_mut(lane) = Some(id);
            return Progress::Pass(len as u64);
        }
        let span = out.span(input.at, len);
        let id = out.announce(Announce::new(kind, span));
        if server != input.direction {
            self.asked = Some(id);
            self.switched = kind == Kind::TlsRequest;
            if kind == Kind::Login {
                let flags = input.bytes.get(HEAD).copied().unwrap_or(0);
                self.compresses = flags & CLIENT_COMPRESS != 0;
            }
        } else if let Some(question) = self.asked {
            out.relate(id, Relation::Answers, question);
            if self.compresses && input.bytes.get(HEAD) == Some(&0) {
                self.lost = Both::each(true);
            }
        }
        Progress::Took(len)
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, out: &mut Out<'_>) -> bool {
        let direction = way.direction;
        self.passed(way, out);
        *self.lost.of_mut(direction) = true;
        true
    }

    fn passed(&mut self, way: Way, out: &mut Out<'_>) {
        let direction = way.direction;
        if let Some(id) = self.passing.of_mut(direction).take() {
            out.finish(id);
        }
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

/// What a packet is, from its side, its number and its first byte.
fn kind(server: bool, len: usize, bytes: &[u8]) -> Kind {
    let (number, first) = (bytes.get(3).copied(), bytes.get(HEAD).copied());
    let asks_tls = || bytes.get(HEAD + 1).is_some_and(|flags| flags & CLIENT_SSL != 0);
    match (server, number, first) {
        (true, Some(0), Some(10)) if greets(bytes) => Kind::Greeting,
        (true, _, Some(0xff)) if len >= HEAD + 3 => Kind::Error,
        (false, Some(1), _) if len == HEAD + TLS_LEN && asks_tls() => Kind::TlsRequest,
        (false, Some(1 | 2), _) if logs_in(bytes) => Kind::Login,
        (false, Some(0), Some(_)) => Kind::Command,
        _ => Kind::Packet,
    }
}
