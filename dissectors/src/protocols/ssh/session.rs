//! Reads one SSH connection, as long as there is something to read.
//!
//! ```text
//!   each side:  Start ── SSH-2.0-… ──> Packets ── NEWKEYS ──> Sealed
//!                 │  └── SSH-1.5-… ──> Old ── session key ──> OldSealed
//!                 └── neither: Packets where it looks like one, else Sealed
//! ```

use super::lines::{self, Cursor, Next};
use super::wire::{self, EXCHANGE, KEXINIT, NEWKEYS};
use super::{Kind, Method, Note, Role};
use crate::engine::session::{Announce, Input, Out, Progress, Session, Way};
use crate::ids::{Both, Direction, MessageId};
use crate::message::{Protection, Relation};

/// The longest list of exchanges that is compared: a KEXINIT of today has some five hundred bytes
/// of them.
const MAX_LIST: usize = 4096;

/// The code of SSH 1 with which a client sends the key of the session.
const OLD_SESSION_KEY: u8 = 3;

/// The state of a connection.
#[derive(Clone)]
pub(super) struct SshSession {
    began: Option<Direction>,
    sides: Both<Side>,
    /// What the codes of the exchange mean, once both lists are there.
    method: Method,
    /// A side has said that it speaks SSH 1 only.
    is_old: bool,
}

/// One side.
#[derive(Clone, Default)]
struct Side {
    state: State,
    lines: Cursor,
    /// The exchanges that it can do.
    exchanges: Vec<u8>,
    /// Its last packet that asks for an answer.
    asked: Option<MessageId>,
}

/// What one side says next.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Start,
    Packets,
    Sealed,
    Old,
    OldSealed,
}

impl Session for SshSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        match self.side(input.direction).state {
            State::Start => self.start(input, out),
            State::Packets => self.packet(input, out),
            State::Sealed => self.sealed(Kind::Sealed, input.bytes.len(), input, out),
            State::Old | State::OldSealed => self.old(input, out),
        }
    }

    /// A line or a packet that lost its end is told as far as it is there.
    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        let kind = match self.side(input.direction).state {
            State::Start if input.bytes.starts_with(b"SSH-") => Kind::Line,
            State::Packets if input.bytes.len() > wire::HEAD => Kind::Packet,
            State::Old if input.bytes.len() > 12 => Kind::OldPacket,
            _ => Kind::Sealed,
        };
        self.announce(kind, input.bytes.len(), input, out);
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, _out: &mut Out<'_>) -> bool {
        let side = self.side(way.direction);
        // What comes now may still be readable, and may be sealed: its looks decide.
        if side.state != State::Sealed {
            side.state = State::Start;
        }
        side.asked = None;
        true
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl SshSession {
    /// A connection that begins; `began` is who opened it.
    pub(super) fn new(began: Option<Direction>) -> Self {
        Self { began, sides: Default::default(), method: Method::Unknown, is_old: false }
    }

    fn side(&mut self, direction: Direction) -> &mut Side {
        self.sides.of_mut(direction)
    }

    fn role(&self, direction: Direction) -> Role {
        match self.began {
            None => Role::Unknown,
            Some(began) if began == direction => Role::Client,
            Some(_) => Role::Server,
        }
    }

    fn announce(
        &mut self,
        kind: Kind,
        len: usize,
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> MessageId {
        let span = out.span(input.at, len);
        let note = Note { role: self.role(input.direction), method: self.method };
        let message = Announce::new(kind, span).extra(note);
        out.announce(match kind {
            Kind::Sealed | Kind::OldSealed => message.protection(Protection::Opaque),
            _ => message,
        })
    }

    fn sealed(&mut self, kind: Kind, len: usize, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        self.announce(kind, len, input, out);
        Progress::Took(len)
    }

    /// The line of a side; a server may send others before it (RFC 4253, section 4.2).
    fn start(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        const MARK: &[u8] = b"SSH-";
        let seen = input.bytes.len().min(MARK.len());
        let is_mark = input.bytes.get(..seen) == MARK.get(..seen);
        if !is_mark && !lines::is_text(input.bytes.get(..MARK.len()).unwrap_or(input.bytes)) {
            let looks = wire::begins(input.bytes);
            self.side(input.direction).state = if looks { State::Packets } else { State::Sealed };
            return self.read(input, out);
        }
        let line = match self.side(input.direction).lines.next(input.bytes) {
            Next::Line(line) => line,
            Next::Wait => return Progress::Need(input.bytes.len() + 1),
            Next::Rest(len) => return self.sealed(Kind::Sealed, len, input, out),
        };
        self.announce(Kind::Line, line.len, input, out);
        if seen == MARK.len() && is_mark {
            let version = input.bytes.get(MARK.len()..).unwrap_or(&[]);
            // 1.99 stands for 2.0, from a server that would speak the old one as well (section
            // 5.1).
            self.is_old |= version.starts_with(b"1.") && !version.starts_with(b"1.99");
            self.side(input.direction).state = State::Packets;
        }
        Progress::Took(line.len)
    }

    fn packet(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if self.is_old {
            self.side(input.direction).state = State::Old;
            return self.old(input, out);
        }
        if input.bytes.len() <= wire::HEAD {
            return Progress::Need(wire::HEAD + 1);
        }
        let Some(len) = wire::packet(input.bytes) else {
            // No packet: what was sealed began before.
            self.side(input.direction).state = State::Sealed;
            return self.read(input, out);
        };
        let Some(packet) = input.bytes.get(..len) else { return Progress::Need(len) };
        let code = wire::code(packet);
        if code == KEXINIT {
            let list = wire::exchanges(packet).unwrap_or(&[]);
            self.side(input.direction).exchanges = list.get(..MAX_LIST).unwrap_or(list).to_vec();
            self.agree();
        }
        let id = self.announce(Kind::Packet, len, input, out);
        self.pair(code, id, input.direction, out);
        if code == NEWKEYS {
            self.side(input.direction).state = State::Sealed;
        }
        Progress::Took(len)
    }

    /// Settles the exchange once both lists are there, and it is known whose is whose.
    fn agree(&mut self) {
        let asker = self.began.unwrap_or(Direction::Forward);
        let (client, server) = (self.sides.of(asker), self.sides.of(asker.reverse()));
        if client.exchanges.is_empty() || server.exchanges.is_empty() {
            return;
        }
        let one = wire::agreed(&client.exchanges, &server.exchanges);
        // Where nobody knows who is the client, both orders have to come to the same.
        let other = match self.began {
            Some(_) => one,
            None => wire::agreed(&server.exchanges, &client.exchanges),
        };
        let method = |name: Option<&[u8]>| name.map_or(Method::Unknown, wire::method);
        self.method = if method(one) == method(other) { method(one) } else { Method::Unknown };
    }

    /// The packets of an exchange answer each other in turn: of two codes that follow each other
    /// the second is the answer.
    fn pair(&mut self, code: u8, id: MessageId, from: Direction, out: &mut Out<'_>) {
        if !EXCHANGE.contains(&code) {
            return;
        }
        if let Some(asked) = self.side(from.reverse()).asked.take() {
            out.relate(id, Relation::Answers, asked);
        }
        self.side(from).asked = Some(id);
    }

    fn old(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if input.bytes.len() < 4 {
            return Progress::Need(4);
        }
        let Some((head, len)) = wire::old_packet(input.bytes) else {
            self.side(input.direction).state = State::Sealed;
            return self.read(input, out);
        };
        let Some(packet) = input.bytes.get(..len) else { return Progress::Need(len) };
        let is_sealed = self.side(input.direction).state == State::OldSealed;
        let kind = if is_sealed { Kind::OldSealed } else { Kind::OldPacket };
        self.announce(kind, len, input, out);
        if !is_sealed && packet.get(head) == Some(&OLD_SESSION_KEY) {
            // With this both have the key.
            self.sides.iter_mut().for_each(|side| side.state = State::OldSealed);
        }
        Progress::Took(len)
    }
}
