//! Ties what programs did to the packets behind it. Nothing is tied by time alone: a read is tied
//! to the frame that completed its bytes, a write to the one that carried its first, both found by
//! counting, and only as long as count and clock agree. What never came was read by nobody; what
//! left first is what was written, whether it came or not.

use crate::story::weave::told::Told;
use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;

use super::Writer;
use crate::engine::reader::Context;
use crate::engine::tcp::flags;
use crate::ids::{Direction, FlowId, FrameId};
use crate::limits::MAX_STORY_MARKS;
use crate::protocol::Framing;
use crate::protocols::mark::{Deed, deed};
use crate::story::{Mark, Moment};
use crate::survey::{Row, Survey};

/// One end of a connection: which of those that are told, and the direction in which it sends.
type End = (usize, Direction);

impl Writer<'_> {
    /// Ties these marks to flights.
    pub(super) fn marks(&mut self, told: &[Told], marks: &[FrameId], survey: &Survey) {
        let mut ends = Ends::of(told, survey);
        let mut sockets: HashMap<End, Socket> = HashMap::new();
        let mut found = Vec::new();
        for frame in marks.iter().copied() {
            let mark = self.context.frames.frame(frame);
            let Some(deed) = deed(mark.bytes) else { continue };
            let at = Moment { frame, time: mark.time };
            let Some(end) = ends.of_deed(&deed) else { continue };
            let Some(one) = told.get(end.0) else { continue };
            let socket = sockets.entry(end);
            let known = (self.context, survey);
            let socket = socket.or_insert_with(|| Socket::of(one, end.1, known));
            let apart = |frame: &FrameId| {
                one.vantage.sent(*frame, end.1, self.context).time.since(at.time).abs()
            };
            let Some(tie) = socket.tie(&deed, &apart) else { continue };
            let Some((flight, after)) = self.tied(one, &tie, at) else {
                // Something is missing, so that counting leads nowhere from here on.
                socket.is_lost |= tie.counts;
                continue;
            };
            if found.len() >= MAX_STORY_MARKS {
                self.story.notes.push(cut());
                break;
            }
            let [forward, backward] = one.ends;
            let actor = if end.1 == Direction::Forward { forward } else { backward };
            let Deed { role, what, bytes, .. } = deed;
            let on_send = tie.direction == end.1;
            let earlier = what == "listen";
            if what == "no-port" {
                self.story.notes.push(NO_PORT.into());
            }
            found.push(Mark { actor, role, at, what, bytes, flight, on_send, earlier, after });
        }
        self.story.marks = found;
    }

    /// The flight of the frame that a mark is tied to, and how long after its arrival the mark was
    /// set; `None` if the frame had not come by then.
    fn tied(
        &self,
        told: &Told,
        tie: &Tie,
        at: Moment,
    ) -> Option<(crate::story::BeatId, Option<i64>)> {
        let Tie { frame, direction, is_cause, .. } = *tie;
        let number = told.thread.number;
        if told.vantage.never_seen().binary_search(&frame).is_ok()
            && let Some((_, flight)) = self.packets.get(&(number, frame)).filter(|_| !is_cause)
        {
            return Some((*flight, None));
        }
        let own = |flight: &super::Flight| flight.direction == direction && flight.start <= frame;
        let place = told.flights.iter().rposition(own)?;
        let flight = *self.flights.get(&(number, place))?;
        if !is_cause {
            return Some((flight, None));
        }
        let came = told.vantage.came(frame, direction, self.context).time;
        let after = at.time.since(came);
        (after >= 0).then_some((flight, Some(after)))
    }
}

/// What no packet tells.
const NO_PORT: &str = "One more connection failed before its first packet: the client had no port \
                       left towards this server.";

/// What a reader is told where there are more.
fn cut() -> String {
    format!("Only {MAX_STORY_MARKS} marks of programs are shown.")
}

/// What a mark is tied to.
struct Tie {
    frame: FrameId,
    /// Which way that frame went.
    direction: Direction,
    /// Whether the frame made the deed possible; else the deed sent it, or it is merely the last
    /// one before.
    is_cause: bool,
    /// Whether it was found by counting bytes.
    counts: bool,
}

/// Which sockets the ends of the told connections are.
struct Ends {
    /// By the two addresses, one's own first.
    by_pair: HashMap<(SocketAddr, SocketAddr), End>,
    /// By the other's address, or one's own: the first connection that has it.
    by_peer: HashMap<SocketAddr, End>,
    by_local: HashMap<SocketAddr, End>,
    /// The connections that each role has accepted and not closed.
    accepted: HashMap<String, Vec<End>>,
}

impl Ends {
    fn of(told: &[Told], survey: &Survey) -> Self {
        let mut ends = Self {
            by_pair: HashMap::new(),
            by_peer: HashMap::new(),
            by_local: HashMap::new(),
            accepted: HashMap::new(),
        };
        for (number, one) in told.iter().enumerate() {
            let Some(flow) = survey.flow(FlowId(one.thread.id.0)) else { continue };
            let [from, to] = flow.ports().ports;
            let forward = SocketAddr::new(flow.address(Direction::Forward), from);
            let backward = SocketAddr::new(flow.address(Direction::Backward), to);
            for (own, other, direction) in
                [(forward, backward, Direction::Forward), (backward, forward, Direction::Backward)]
            {
                let end = (number, direction);
                ends.by_pair.entry((own, other)).or_insert(end);
                ends.by_peer.entry(other).or_insert(end);
                ends.by_local.entry(own).or_insert(end);
            }
        }
        ends
    }

    /// The end that a deed was done at: by its addresses; without them, the only connection that
    /// its role has open.
    fn of_deed(&mut self, deed: &Deed) -> Option<End> {
        let open = self.accepted.get(&deed.role).map_or(&[][..], Vec::as_slice);
        let end = match (deed.local, deed.peer) {
            (Some(local), Some(peer)) => self.by_pair.get(&(local, peer)).copied(),
            (None, Some(peer)) => self.by_peer.get(&peer).copied(),
            (Some(local), None) => self.by_local.get(&local).copied(),
            (None, None) => match open {
                [only] => Some(*only),
                _ => None,
            },
        }?;
        match deed.what.as_str() {
            "accept" => self.accepted.entry(deed.role.clone()).or_default().push(end),
            "close" | "abort" => {
                if let Some(open) = self.accepted.get_mut(&deed.role) {
                    open.retain(|one| *one != end);
                }
            }
            _ => {}
        }
        Some(end)
    }
}

/// One end of a connection, and how far its program has come with it.
struct Socket {
    own: Direction,
    framing: Framing,
    /// What comes, and what goes.
    incoming: Course,
    outgoing: Course,
    read: u64,
    written: u64,
    /// Whether counting has lost its way.
    is_lost: bool,
}

impl Socket {
    fn of(told: &Told, own: Direction, known: (Context<'_>, &Survey)) -> Self {
        Self {
            own,
            framing: told.thread.framing,
            incoming: Course::of(told, (own.reverse(), false), known),
            outgoing: Course::of(told, (own, true), known),
            read: 0,
            written: 0,
            is_lost: false,
        }
    }

    /// What something done is tied to; `apart` is how far its time is from that of an own frame.
    fn tie(&mut self, deed: &Deed, apart: &dyn Fn(&FrameId) -> i64) -> Option<Tie> {
        let (own, other) = (self.own, self.own.reverse());
        let cause = |frame| Tie { frame, direction: other, is_cause: true, counts: false };
        let effect = |frame| Tie { frame, direction: own, is_cause: false, counts: false };
        let counted = |tie: Tie| Tie { counts: true, ..tie };
        match deed.what.as_str() {
            "listen" => Some(Tie { is_cause: false, ..cause(self.incoming.first?) }),
            "accept" | "thread" => Some(cause(self.incoming.opened?)),
            "end" => Some(cause(self.incoming.ended?)),
            "shutdown" => Some(effect(self.outgoing.ended?)),
            // Behind the answer to the last connect that had a port.
            "no-port" => Some(Tie { is_cause: false, ..cause(self.incoming.first?) }),
            // A reset may leave long after that, when something comes to where nobody is any more.
            "abort" if self.outgoing.broken.is_some() => {
                let ends = [self.outgoing.ended, self.outgoing.broken];
                Some(effect(ends.into_iter().flatten().min_by_key(apart)?))
            }
            "close" | "abort" => {
                let last = self.outgoing.last.max(self.incoming.last)?;
                let direction = if self.outgoing.last == Some(last) { own } else { other };
                Some(Tie { direction, ..effect(last) })
            }
            _ if self.is_lost => None,
            "read" => {
                let frame = match self.framing {
                    Framing::Datagram => self.incoming.datagram(self.read)?,
                    Framing::Stream => self.incoming.completes(self.read + deed.bytes?)?,
                };
                self.read += if self.framing == Framing::Datagram { 1 } else { deed.bytes? };
                Some(counted(cause(frame)))
            }
            // What it read last made that possible.
            "parse" | "execute" => Some(cause(self.incoming.completes(self.read)?)),
            "write" => {
                let frame = match self.framing {
                    Framing::Datagram => self.outgoing.datagram(self.written)?,
                    Framing::Stream => self.outgoing.carries(self.written)?,
                };
                self.written += if self.framing == Framing::Datagram { 1 } else { deed.bytes? };
                Some(counted(effect(frame)))
            }
            _ => None,
        }
    }
}

/// How many frames before the one that fills a gap are looked at for what came ahead of its turn.
const AHEAD: usize = 64;

/// How the bytes of one direction went by.
#[derive(Default)]
struct Course {
    first: Option<FrameId>,
    last: Option<FrameId>,
    /// The first acknowledgement that is no SYN: with it the handshake is complete.
    opened: Option<FrameId>,
    /// The first FIN, and the first reset.
    ended: Option<FrameId>,
    broken: Option<FrameId>,
    /// Frames with data: how far all bytes are there with it, and the range that it carries.
    data: Vec<Carried>,
    /// Behind the last byte up to which none is missing, and what is there beyond.
    whole: u64,
    held: BTreeMap<u64, u64>,
}

struct Carried {
    frame: FrameId,
    from: u64,
    to: u64,
    /// Behind the last byte up to which none is missing.
    whole: u64,
}

impl Course {
    /// What was sent in a direction, or what of it came.
    fn of(
        told: &Told,
        (direction, is_own): (Direction, bool),
        (context, survey): (Context<'_>, &Survey),
    ) -> Self {
        let mut course = Self::default();
        let flow = survey.flow(told.thread.paths.first);
        let base = flow.and_then(|flow| flow.numbers.bases().get(direction.index()).copied()?);
        let all = told.thread.conversation.frames().iter().copied();
        let here = all.filter_map(|frame| Some((frame, survey.row(frame)?)));
        let here = here.filter(|(frame, row)| {
            let is_way = told.thread.paths.way(*frame, row) == direction;
            is_way && (is_own || !told.vantage.lost(*frame, direction))
        });
        let mut frames: Vec<(FrameId, &Row)> = here.collect();
        let never = told.vantage.never_seen();
        if is_own && direction == Direction::Backward && !never.is_empty() {
            frames.extend(never.iter().filter_map(|frame| Some((*frame, survey.row(*frame)?))));
            frames.sort_by_key(|(frame, _)| told.vantage.sent(*frame, direction, context).time);
        }
        for (frame, row) in frames {
            course.see(frame, row);
            if row.data_len() == 0 {
                continue;
            }
            let whole = course.whole;
            let from = match base.filter(|_| told.thread.framing == Framing::Stream) {
                // The first byte of data has the number after that of the SYN.
                Some(base) => {
                    let expected = base.wrapping_add(1).wrapping_add(whole as u32);
                    let ahead = row.first_byte().wrapping_sub(expected).cast_signed();
                    whole.saturating_add_signed(ahead.into())
                }
                None => whole,
            };
            course.carry(frame, from, row.data_len().into());
        }
        course
    }

    /// Takes a frame with data.
    fn carry(&mut self, frame: FrameId, from: u64, length: u64) {
        let to = from.saturating_add(length);
        let end = self.held.entry(from).or_default();
        *end = to.max(*end);
        while let Some(first) = self.held.first_entry().filter(|one| *one.key() <= self.whole) {
            self.whole = self.whole.max(first.remove());
        }
        self.data.push(Carried { frame, from, to, whole: self.whole });
    }

    fn see(&mut self, frame: FrameId, row: &Row) {
        let has = |flag: u16| row.tcp_flags() & flag != 0;
        self.first.get_or_insert(frame);
        self.last = Some(frame);
        if has(flags::ACK) && !has(flags::SYN) {
            self.opened.get_or_insert(frame);
        }
        if has(flags::FIN) {
            self.ended.get_or_insert(frame);
        }
        if has(flags::RST) {
            self.broken.get_or_insert(frame);
        }
    }

    /// The frame with which the first so many bytes are all there.
    fn completes(&self, bytes: u64) -> Option<FrameId> {
        let at = self.data.partition_point(|one| one.whole < bytes);
        self.data.get(at).map(|one| one.frame)
    }

    /// The first frame that carries the byte at this place.
    fn carries(&self, at: u64) -> Option<FrameId> {
        // What came ahead of its turn stands before the frame that filled the gap.
        let complete = self.data.partition_point(|one| one.whole <= at);
        let near = self.data.get(complete.saturating_sub(AHEAD)..=complete)?;
        near.iter().find(|one| one.from <= at && at < one.to).map(|one| one.frame)
    }

    /// The n-th datagram.
    fn datagram(&self, number: u64) -> Option<FrameId> {
        self.data.get(usize::try_from(number).ok()?).map(|one| one.frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames 1, 2, 3 ... that carry these ranges; which of them completes so many bytes, and which
    /// carries the byte behind them.
    #[track_caller]
    fn check(ranges: &[(u64, u64)], bytes: u64, completes: Option<u32>, carries: Option<u32>) {
        let mut course = Course::default();
        for (number, (from, to)) in (1..).zip(ranges) {
            course.carry(FrameId(number), *from, to - from);
        }
        let found = (course.completes(bytes), course.carries(bytes));
        assert_eq!(found, (completes.map(FrameId), carries.map(FrameId)), "{ranges:?} {bytes}");
    }

    #[test]
    fn who_gives_up_ends_its_direction_or_resets() {
        let deed = |what: &str| Deed {
            role: "server".into(),
            what: what.into(),
            bytes: None,
            local: None,
            peer: None,
        };
        let check = |ended: Option<u32>, broken: Option<u32>, near: u32, expected: Option<u32>| {
            let [ended, broken] = [ended, broken].map(|frame| frame.map(FrameId));
            let mut socket = Socket {
                own: Direction::Backward,
                framing: Framing::Stream,
                incoming: Course::default(),
                outgoing: Course { ended, broken, last: Some(FrameId(9)), ..Course::default() },
                read: 0,
                written: 0,
                is_lost: false,
            };
            let apart = |frame: &FrameId| i64::from(frame.0.abs_diff(near));
            let tie = socket.tie(&deed("abort"), &apart);
            assert_eq!(tie.map(|tie| tie.frame), expected.map(FrameId));
        };
        check(Some(3), Some(7), 4, Some(3));
        check(Some(3), Some(7), 7, Some(7));
        check(None, Some(7), 4, Some(7));
        check(None, None, 4, Some(9));
    }

    #[test]
    fn what_is_left_out_is_said() {
        assert_eq!(cut(), "Only 4096 marks of programs are shown.");
    }

    #[test]
    fn bytes_are_counted_to_the_frame_that_brought_them() {
        let plain = [(0, 100), (100, 200), (200, 250)];
        check(&plain, 0, Some(1), Some(1));
        check(&plain, 99, Some(1), Some(1));
        check(&plain, 100, Some(1), Some(2));
        check(&plain, 101, Some(2), Some(2));
        check(&plain, 250, Some(3), None);
        check(&plain, 251, None, None);
        // The second is late: what came before it is read with it.
        let late = [(0, 100), (200, 300), (100, 200), (300, 400)];
        check(&late, 150, Some(3), Some(3));
        check(&late, 250, Some(3), Some(2));
        check(&late, 300, Some(3), Some(4));
        // Said again, it brings nothing new.
        let again = [(0, 100), (0, 100), (50, 150)];
        check(&again, 100, Some(1), Some(3));
        check(&again, 120, Some(3), Some(3));
        check(&[], 0, None, None);
        check(&[(10, 20)], 5, None, None);
    }
}
