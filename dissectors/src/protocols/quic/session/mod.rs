//! Reads one QUIC connection: a datagram may hold several packets, each of which is opened with the
//! keys of its level and taken apart into frames.
//!
//! ```text
//!   datagram ─> packet ─> header ─> keys known? ── yes ─> opened ─> frames ─> CRYPTO ─> handshake
//!                                       ├ not yet ─> waits                 └> ids, tokens, ends
//!                                       └ no ─> stays sealed
//! ```
//!
//! Initial packets open by themselves: their keys follow from the id that the client chose for the
//! server. For all others a key log is needed.

mod flow;
mod frames;
mod glued;
mod ids;
mod late;
mod levels;
mod log;
mod path;
mod recovery;
mod side;
mod streams;
mod unproven;

use super::facts::Facts;
use super::frame::Frame;
use super::header::{Long, TAG_LEN};
use super::kind::{How, Kind, Note, Role};
use super::retry;
use super::version::Version;
use crate::engine::derive::Openers;
use crate::engine::session::{Announce, Ending, Input, Out, Progress, Session, To, Way};
use crate::ids::{Both, Direction, FrameId, MessageId, Time};
use crate::message::{MessagePart, Protection};
use crate::protocol::{Claim, Likelihood};
use crate::protocols::tls::handshake::{Epoch, Handshake};
use crate::span::Span;
use late::Found;
use levels::{Closed, Initial, Opened};
use path::Path;
use recovery::Followed;
use side::Side;
use streams::Streams;
use unproven::Unproven;

/// The layers inside a connection, by their numbers: the handshake, what nobody knows, and what
/// streams carry.
pub(super) mod inside {
    pub(in crate::protocols::quic) const HANDSHAKE: u64 = 0;
    pub(in crate::protocols::quic) const UNKNOWN: u64 = 1;
    /// The one that reads all streams.
    pub(in crate::protocols::quic) const STREAMS: u64 = 2;
    /// Those that read one each: its number is added.
    pub(in crate::protocols::quic) const FIRST_STREAM: u64 = 3;
    /// Datagrams of HTTP/3: no stream has so high a number.
    pub(in crate::protocols::quic) const DATAGRAMS: u64 = u64::MAX;
    /// Added to all others of streams that begin anew, for the server has thrown early data away.
    pub(in crate::protocols::quic) const ANEW: u64 = 1 << 63;
}

/// The shortest stateless reset: a first byte, four more, and the token (RFC 9000, section 10.3).
const SHORTEST_RESET: usize = 5 + TAG_LEN;

/// A connection.
#[derive(Clone, Default)]
pub(in crate::protocols::quic) struct QuicSession {
    /// Who began it.
    client: Option<Direction>,
    /// The version that the latest packet with a long header had.
    version: Version,
    /// The same of each side, opened or not.
    offered: Both<Option<Version>>,
    /// The id that the client chose for the server, or the server asked it to use.
    chosen: Option<Box<[u8]>>,
    initial: Vec<Initial>,
    /// How many of those were made.
    made: usize,
    sides: Both<Side>,
    handshake: Handshake,
    /// What the client offers to speak first, and what the server chose.
    alpn: Option<Vec<u8>>,
    streams: Streams,
    parked: Vec<Parked>,
    /// Whether the server has asked the client to come again.
    is_retried: bool,
    /// Whether the server has answered with a packet of its own version.
    is_answered: bool,
    /// Whether it has named its versions before that: the client begins anew.
    is_negotiated: bool,
    /// Whether the server has confirmed the handshake (RFC 9001, section 4.1.2).
    is_confirmed: bool,
    unproven: Unproven,
    /// What was found by trial, where the beginning was not captured, and of how many packets it
    /// was sought.
    found: Option<Found>,
    tried: u32,
    /// The id under which the server would rather be reached at another address.
    preferred: Option<Box<[u8]>>,
    /// The datagram that a packet was cut off from which others were glued to.
    cut_in: Option<(FrameId, Direction)>,
}

/// A packet that waits for its keys.
#[derive(Clone, Copy)]
struct Parked {
    id: MessageId,
    kind: Kind,
    version: Version,
    from: Direction,
    place: Span,
    is_glued: bool,
}

/// A packet at hand.
#[derive(Clone, Copy)]
struct Packet<'a> {
    kind: Kind,
    version: Version,
    from: Direction,
    bytes: &'a [u8],
    place: Span,
    /// Whether its datagram was captured with others, as one.
    is_glued: bool,
}

impl Session for QuicSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let all = input.bytes.len();
        let len = all.saturating_add(input.cut);
        self.unproven.datagram(input.frame, input.direction, len as u64, input.time);
        let first = input.bytes.first().copied().unwrap_or_default();
        if !Long::is(first) {
            // Some fill a datagram with zeros behind its packets.
            if input.bytes.iter().all(|byte| *byte == 0) {
                return Progress::Took(all);
            }
            let took = self.short(input, out);
            if took < all {
                self.cut_in = Some((input.frame, input.direction));
            }
            self.wake(out);
            return Progress::Took(took.max(1));
        }
        let place = out.span(input.at, all);
        let Ok(long) = Long::read(input.bytes) else {
            out.hand_on(To::child(inside::UNKNOWN, Claim::Named("data")).datagrams(), place, None);
            return Progress::Took(all);
        };
        let end = long.end.min(all);
        let packet = Packet {
            kind: long.kind,
            version: long.version,
            from: input.direction,
            bytes: input.bytes.get(..end).unwrap_or_default(),
            place: place.part(0, end),
            is_glued: self.cut_in == Some((input.frame, input.direction)),
        };
        self.long(&long, packet, out);
        self.wake(out);
        Progress::Took(end.max(1))
    }

    fn end(&mut self, way: Way, _ending: Ending, out: &mut Out<'_>) {
        self.give_up_holes(way.direction, out);
    }

    fn holds(&self) -> Vec<Span> {
        let crypto = self.sides.iter().flat_map(|side| &side.crypto);
        let waiting = crypto.flat_map(|crypto| crypto.places());
        let parked = self.parked.iter().map(|parked| parked.place);
        let streams = self.streams.places();
        waiting.chain(self.handshake.holds()).chain(parked).chain(streams).collect()
    }

    fn opens(&self, from: Direction, datagram: &[u8], keys: &Openers) -> Likelihood {
        self.would_open(from, datagram, keys)
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl QuicSession {
    fn side(&self, direction: Direction) -> &Side {
        self.sides.of(direction)
    }

    fn side_mut(&mut self, direction: Direction) -> &mut Side {
        self.sides.of_mut(direction)
    }

    /// A packet with a long header.
    fn long(&mut self, long: &Long, packet: Packet<'_>, out: &mut Out<'_>) {
        let from_id = Long::id(&long.from, packet.bytes);
        if long.kind != Kind::Negotiation {
            *self.offered.of_mut(packet.from) = Some(long.version);
        }
        match long.kind {
            Kind::Negotiation => {
                self.announce(packet, How::Read, out);
                // Nothing that was said before counts: the client begins anew, or gives up.
                if self.client != Some(packet.from) && !self.is_answered {
                    self.restart();
                    self.is_negotiated = true;
                }
            }
            Kind::Unknown => {
                self.goes_by(packet.from, &from_id, out);
                if self.client.is_none() {
                    out.publish_for(packet.from.reverse(), &Long::id(&long.to, packet.bytes));
                }
                self.announce(packet, How::Read, out);
            }
            Kind::Retry => self.retry(&from_id, packet, out),
            _ if long.end > packet.bytes.len() => {
                self.announce(packet, How::Cut, out);
            }
            _ => {
                if packet.kind == Kind::Handshake && self.client == Some(packet.from) {
                    self.unproven.prove(packet.from);
                }
                if !long.token.is_empty() {
                    self.unproven.give_up();
                }
                let to_id = Long::id(&long.to, packet.bytes);
                if packet.kind == Kind::Initial && self.client.is_none_or(|one| one == packet.from)
                {
                    out.publish_for(packet.from.reverse(), &to_id);
                }
                self.goes_by(packet.from, &from_id, out);
                let opened = self.open(&to_id, packet, out);
                self.take(packet, opened, out);
            }
        }
    }

    /// What was opened is announced and taken apart; what may be opened later waits.
    fn take(&mut self, packet: Packet<'_>, opened: Result<Opened, Closed>, out: &mut Out<'_>) {
        match opened {
            Ok(opened) => {
                let how = match self.client == Some(packet.from) {
                    true if self.is_retried => How::Again,
                    true if self.is_negotiated => How::Anew,
                    _ => How::Read,
                };
                let frames = opened.frames(out);
                let note = self.judge((packet, how), opened, &frames, out);
                let announce = Announce::new(packet.kind, opened.place).extra(note);
                let message = out.announce(announce.protection(opened.protection()));
                let (from, moves) = (packet.from, note.moves);
                let followed = Followed { from, opened, frames: &frames, message, moves };
                if self.follow(followed, out) {
                    self.act(from, opened, frames, out);
                }
            }
            Err(Closed::NotYet) => {
                let note = self.note(packet, How::NoKey);
                let announce = Announce::new(packet.kind, packet.place).extra(note);
                let id = out.begin(announce.protection(Protection::Opaque));
                if out.park(id) {
                    let Packet { kind, version, from, place, is_glued, .. } = packet;
                    self.parked.push(Parked { id, kind, version, from, place, is_glued });
                } else {
                    out.finish(id);
                }
            }
            Err(Closed::NoKey) => self.announce(packet, How::NoKey, out),
            Err(Closed::Failed) => {
                self.announce(packet, self.failure(packet), out);
            }
        }
    }

    /// Tries again what waits, after anything may have brought its keys.
    fn wake(&mut self, out: &mut Out<'_>) {
        let mut at = 0;
        while let Some(parked) = self.parked.get(at).copied() {
            let Parked { id, kind, version, from, place, is_glued } = parked;
            if self.waits(kind) {
                at += 1;
                continue;
            }
            let bytes = out.bytes(place).to_vec();
            let packet = Packet { kind, version, from, bytes: &bytes, place, is_glued };
            let opened = self.open(&[], packet, out);
            if matches!(opened, Err(Closed::NotYet)) {
                at += 1;
                continue;
            }
            self.parked.remove(at);
            let Ok(opened) = opened else {
                out.finish(id);
                continue;
            };
            if out.resume(id, opened.protection()) {
                let frames = opened.frames(out);
                let note = self.judge((packet, How::Read), opened, &frames, out);
                out.set_extra(id, crate::typed::Extra::pack(note));
                out.attachment(id).parts.push(MessagePart::new(Role::Opened, opened.place));
                let moves = note.moves;
                let followed = Followed { from, opened, frames: &frames, message: id, moves };
                let is_new = self.follow(followed, out);
                out.finish(id);
                if is_new {
                    self.act(from, opened, frames, out);
                }
                // It may have brought the keys of what stands before it.
                at = 0;
            }
        }
    }

    /// What is kept with a packet that was opened.
    fn judge(
        &mut self,
        (packet, how): (Packet<'_>, How),
        opened: Opened,
        frames: &[Frame],
        out: &Out<'_>,
    ) -> Note {
        let from = packet.from;
        let repeats = self.repeats(from, opened.epoch, frames);
        let is_application = opened.epoch == Epoch::Application;
        // One that was overtaken on its old path moves nobody (RFC 9000, section 9.3), nor does one
        // that only asks a path.
        let may_move = is_application && opened.is_newest;
        let may_move = may_move && !frames.iter().all(Frame::only_probes);
        let moves = may_move && self.side_mut(from).moves_to(out.path());
        if moves {
            // What was measured on one path says nothing of another (section 9.4).
            self.sides.iter_mut().for_each(|side| side.path_taken = Path::default());
        }
        Note { renews: opened.renews, repeats, moves, ..self.note(packet, how) }
    }

    /// What a packet is that does not open with the keys there are.
    fn failure(&self, packet: Packet<'_>) -> How {
        if packet.kind != Kind::OneRtt {
            How::Failed
        } else if self.side(packet.from).ids.is_reset(packet.bytes) {
            How::Reset
        } else if packet.bytes.len() >= SHORTEST_RESET
            && self.side(packet.from.reverse()).ids.is_unlike(packet.bytes)
        {
            How::Suspected
        } else {
            How::Failed
        }
    }

    /// Announces a packet that nothing is read of but its header.
    fn announce(&mut self, packet: Packet<'_>, how: How, out: &mut Out<'_>) {
        let note = self.note(packet, how);
        let protection = match packet.kind {
            Kind::Retry | Kind::Negotiation | Kind::Unknown => Protection::Clear,
            // It only looks like a sealed one (RFC 9000, section 10.3).
            Kind::OneRtt if how == How::Reset => Protection::Clear,
            _ => Protection::Opaque,
        };
        let announce = Announce::new(packet.kind, packet.place).extra(note);
        let message = out.announce(announce.protection(protection));
        let facts = match packet.kind {
            Kind::OneRtt if how != How::Cut => {
                let spun = self.spin(packet.from, packet.bytes.first().copied(), out.time());
                Facts { spun, ..Facts::default() }
            }
            Kind::Negotiation => {
                Facts { offered: *self.offered.of(packet.from.reverse()), ..Facts::default() }
            }
            _ => return,
        };
        if !facts.is_empty() {
            out.attachment(message).keep(facts);
        }
    }

    /// The spin bit in the first byte of a packet (RFC 9000, section 17.4): nothing hides it.
    fn spin(&mut self, from: Direction, first: Option<u8>, now: Time) -> Option<i64> {
        self.side_mut(from).spin(first? & 0x20 != 0, now)
    }

    /// What is kept with a packet.
    fn note(&self, packet: Packet<'_>, how: How) -> Note {
        let (id_len, is_glued) = (self.id_len(packet), packet.is_glued);
        Note { id_len, how, is_glued, ..Note::default() }
    }

    /// How long the id is that a packet goes to, where it does not say so itself.
    fn id_len(&self, packet: Packet<'_>) -> Option<u8> {
        if packet.kind != Kind::OneRtt {
            return None;
        }
        self.side(packet.from.reverse()).ids.len_in(packet.bytes)
    }

    /// A side goes by this id, too.
    fn goes_by(&mut self, side: Direction, id: &[u8], out: &mut Out<'_>) {
        if self.side_mut(side).ids.add(id) && !id.is_empty() {
            out.publish_for(side, id);
        }
    }

    /// The server asks the client to try again, to another id and with a token (RFC 9000, section
    /// 8.1.2).
    fn retry(&mut self, from_id: &[u8], packet: Packet<'_>, out: &mut Out<'_>) {
        let is_server = self.client == Some(packet.from.reverse());
        if self.is_retried && is_server {
            self.announce(packet, How::Spare, out);
            return;
        }
        let chosen = self.chosen.as_deref();
        let is_genuine =
            chosen.and_then(|chosen| retry::is_genuine(packet.version, chosen, packet.bytes));
        let how = match is_genuine {
            Some(true) => How::Genuine,
            Some(false) => How::Forged,
            None => How::Read,
        };
        self.announce(packet, how, out);
        if is_server && is_genuine != Some(false) && packet.bytes.len() > TAG_LEN {
            (self.chosen, self.is_retried) = (Some(from_id.into()), true);
            // The client sends its ClientHello again. It must be the same one (section 17.2.5.3),
            // and with some clients is not.
            self.side_mut(packet.from.reverse()).repeat_handshake();
            self.handshake = Handshake::default();
            self.goes_by(packet.from, from_id, out);
        }
    }

    /// Forgets streams, handshake and keys: what comes next begins a connection.
    fn restart(&mut self) {
        self.sides.iter_mut().for_each(Side::restart);
        (self.chosen, self.handshake, self.alpn) = (None, Handshake::default(), None);
        self.streams = Streams::default();
        (self.is_retried, self.is_confirmed) = (false, false);
        self.initial.clear();
    }
}
