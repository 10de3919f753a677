//! What was lost and sent again in a connection that was recorded at both its ends.
//!
//! Whoever stands at one end only cannot tell a second try whose first was lost before it came
//! past from a segment that others overtook. With both ends it is known what left, what came, and
//! what the sender had heard when it sent something again.
//!
//! ```text
//!   sightings ──> packets ──> sender: sends and hears, in the order of its own end
//!                               │ segments with numbers and causes, bytes under way
//!                               v
//!   items of TCP that told of holes ── tell ──> what is proven, in their stead
//! ```

mod cut;
mod growth;
mod sender;
#[cfg(test)]
mod tests;
mod words;

use std::collections::HashMap;

use super::gather::{Item, Thread};
use super::vantage::Vantage;
use crate::engine::options;
use crate::engine::reader::Context;
use crate::engine::tcp::flags;
use crate::ids::{Direction, FrameId, MessageId, Time};
use crate::limits::MAX_STORY_SEGMENTS;
use crate::message::Anchor;
use crate::protocols::tcp;
use crate::story::errors::Quoting;
use crate::story::sighting::Sighting;
use crate::story::steps::AT_ONCE;
use crate::story::{ActorId, BeatId, Numbers, Segment, Telling, TrackId, Transfer};
use crate::survey::Survey;
use sender::Sender;

/// One connection's segments.
pub(super) struct Recovery {
    /// What each end sent, by direction; nothing where it sent no data.
    ways: [Option<Way>; 2],
    /// Which segment with data a frame is, where it goes by that frame in the story.
    places: HashMap<FrameId, (Direction, usize)>,
}

/// What one end sent.
struct Way {
    direction: Direction,
    transfer: Transfer,
    /// What left in each round trip, while that grew.
    rounds: Vec<Numbers>,
    /// By which frames its segments and the acknowledgements go in the story: those of the
    /// initiator's end, or of their sender's where that never saw them.
    frames: Vec<FrameId>,
    answers: Vec<FrameId>,
}

/// A packet of TCP on its way.
struct Packet {
    seen: Sighting,
    /// The number of its first byte of data, and how many there are.
    first: u32,
    len: u32,
    flags: u16,
    ack: u32,
    window: u16,
    /// What it names beyond holes (RFC 2018, section 3).
    sack: Vec<(u32, u32)>,
}

impl Packet {
    fn read(seen: Sighting, (context, survey): (Context<'_>, &Survey)) -> Option<Self> {
        let row = survey.row(seen.sent.frame)?;
        let bytes = context.frames.frame(seen.sent.frame).bytes;
        let (from, end) =
            (usize::from(row.payload_at.checked_sub(row.tcp_header_len())?), row.payload_at.into());
        let header = bytes.get(from..end).filter(|header| header.len() >= 20)?;
        let &[high, low] = header.get(14..16)? else { return None };
        Some(Self {
            seen,
            first: row.first_byte(),
            len: row.data_len(),
            flags: row.tcp_flags(),
            ack: row.acknowledgement(bytes)?,
            window: u16::from_be_bytes([high, low]),
            sack: options::sack(header.get(20..)?).collect(),
        })
    }

    fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    /// Whether it acknowledges and does nothing else.
    fn is_bare(&self) -> bool {
        self.len == 0
            && self.has(flags::ACK)
            && !self.has(flags::SYN)
            && !self.has(flags::FIN)
            && !self.has(flags::RST)
    }

    /// The frame by which it goes in the story, that of the initiator's end where there is one.
    fn frame(&self) -> FrameId {
        match (self.seen.direction, self.seen.received) {
            (Direction::Backward, Some(received)) => received.frame,
            _ => self.seen.sent.frame,
        }
    }
}

impl Recovery {
    /// What happened to the segments of a connection; nothing where it is not known from both
    /// ends, or not told to its end, or where it has more of them than one looks at singly.
    pub(super) fn of(
        thread: &Thread,
        vantage: &Vantage,
        errors: &[&Quoting],
        known: (Context<'_>, &Survey),
    ) -> Option<Self> {
        let sightings = vantage.sightings()?;
        if thread.cut || sightings.len() > MAX_STORY_SEGMENTS {
            return None;
        }
        let packets: Vec<Packet> =
            sightings.iter().filter_map(|one| Packet::read(*one, known)).collect();
        let ways = Direction::BOTH.map(|way| {
            let (context, _) = known;
            let own = errors.iter().filter(|one| one.direction == way && one.is_too_large());
            let too_large = own.map(|one| context.frames.frame(one.frame).time).collect();
            Way::of(way, thread, (&packets, too_large))
        });
        let mut places = HashMap::new();
        for (direction, way) in Direction::BOTH.into_iter().zip(&ways) {
            let frames = way.iter().flat_map(|way| &way.frames).enumerate();
            places.extend(frames.map(|(at, frame)| (*frame, (direction, at))));
        }
        Some(Self { ways, places })
    }

    fn way(&self, direction: Direction) -> Option<&Way> {
        self.ways.get(direction.index())?.as_ref()
    }

    /// Says of second tries what is proven, in the stead of what one end alone would tell.
    pub(super) fn tell(&self, thread: &mut Thread, survey: &Survey) {
        let is_trouble = |item: &Item| {
            item.protocol == tcp::PROTOCOL_ID && item.told.chapter.title == tcp::RECOVERY
        };
        let mut told: HashMap<FrameId, MessageId> = HashMap::new();
        thread.items.retain_mut(|item| {
            let known = self.places.get(&item.start).filter(|_| is_trouble(item));
            let Some((direction, at)) = known else { return true };
            let segment = self.way(*direction).and_then(|way| way.transfer.segments.get(*at));
            match segment {
                // It is told below.
                Some(Segment { again: Some(_), .. }) => {
                    told.insert(item.start, item.message);
                    return false;
                }
                Some(segment) => item.told = words::overtaken(segment),
                None => {}
            }
            true
        });
        for way in self.ways.iter().flatten() {
            let mut tries = way.tries(thread, survey);
            // What excuses it names its message.
            for one in &mut tries {
                one.message = told.get(&one.start).copied().unwrap_or(one.message);
            }
            thread.items.extend(tries);
            thread.items.extend(way.vanished());
        }
        thread.items.sort_by_key(Item::order);
    }

    /// What is said of the segments that these frames carry, where some of them are lost.
    pub(super) fn lost_among(&self, frames: impl Iterator<Item = FrameId>) -> Option<String> {
        let mut own: Vec<(Direction, usize)> =
            frames.filter_map(|frame| self.places.get(&frame).copied()).collect();
        own.sort_unstable_by_key(|(direction, at)| (direction.index(), *at));
        let segments = own.iter().filter_map(|(direction, at)| {
            self.way(*direction).and_then(|way| way.transfer.segments.get(*at))
        });
        words::lost(&segments.collect::<Vec<_>>())
    }

    /// What is said of a flight whose first new segment begins a round trip, by the frames that
    /// carry its segments.
    pub(super) fn grown_among(&self, frames: impl Iterator<Item = FrameId>) -> Option<Telling> {
        let own: Vec<(Direction, usize)> =
            frames.filter_map(|frame| self.places.get(&frame).copied()).collect();
        let (direction, first) = own.iter().min_by_key(|(way, at)| (way.index(), *at))?;
        let last = own.iter().filter(|(way, _)| way == direction).map(|(_, at)| *at).max()?;
        let way = self.way(*direction)?;
        let numbers = |at: usize| way.transfer.segments.get(at).map(|one| one.numbers);
        let (first, last) = (numbers(*first)?.first, numbers(last)?.last);
        let round = way.rounds.iter().position(|round| round.first == first)?;
        growth::told(&way.rounds, round, last)
    }

    /// All that was sent, with the beats of the packets and the flights that they are part of.
    pub(super) fn transfers(
        self,
        (track, ends): (Option<TrackId>, [ActorId; 2]),
        beats: impl Fn(FrameId) -> Option<(BeatId, BeatId)>,
    ) -> Vec<Transfer> {
        let [initiator, responder] = ends;
        let actors = [(initiator, responder), (responder, initiator)];
        let ways = self.ways.into_iter().zip(actors);
        let filled = ways.filter_map(|(way, (from, to))| {
            let Way { mut transfer, frames, answers, .. } = way?;
            (transfer.from, transfer.to, transfer.track) = (from, to, track);
            for (segment, frame) in transfer.segments.iter_mut().zip(frames) {
                (segment.beat, segment.flight) = beats(frame).unzip();
            }
            for (answer, frame) in transfer.acknowledgements.iter_mut().zip(answers) {
                answer.beat = beats(frame).map(|(packet, _)| packet);
            }
            Some(transfer)
        });
        filled.collect()
    }
}

impl Way {
    /// What the sender of a direction did, in the order of its own end.
    fn of(
        direction: Direction,
        thread: &Thread,
        (packets, too_large): (&[Packet], Vec<Time>),
    ) -> Option<Self> {
        let data = packets.iter().find(|one| one.seen.direction == direction && one.len > 0)?;
        let mut sender = Sender::new(data.first, too_large);
        let mut events: Vec<_> = packets
            .iter()
            .filter_map(|one| {
                let is_own = one.seen.direction == direction;
                let at = if is_own { one.seen.sent } else { one.seen.received? };
                (one.len > 0 || !is_own).then_some((at, is_own, one))
            })
            .collect();
        events.sort_by_key(|(at, ..)| (at.time, at.frame));
        let (mut frames, mut answers) = (Vec::new(), Vec::new());
        for (at, is_own, packet) in events {
            if is_own {
                sender.send(packet);
                frames.push(packet.frame());
            } else if packet.has(flags::ACK) && sender.hear(packet, at) {
                answers.push(packet.frame());
            }
        }
        for packet in packets.iter().filter(|one| one.seen.direction != direction) {
            if packet.seen.received.is_none() && packet.is_bare() && sender.miss(packet) {
                answers.push(packet.frame());
            }
        }
        let transfer = sender.finish(thread.id);
        Some(Self { direction, rounds: growth::rounds(&transfer), transfer, frames, answers })
    }

    /// An item for each burst of new segments of which none came.
    fn vanished(&self) -> Vec<Item> {
        let segments = &self.transfer.segments;
        let mut bursts: Vec<(usize, usize)> = Vec::new();
        for (at, segment) in segments.iter().enumerate().filter(|(_, one)| one.again.is_none()) {
            let goes_on = |burst: &&mut (usize, usize)| {
                let last = segments.get(burst.1);
                last.is_some_and(|last| segment.sent.time.since(last.sent.time) <= AT_ONCE)
            };
            match bursts.last_mut().filter(goes_on) {
                Some(burst) => burst.1 = at,
                None => bursts.push((at, at)),
            }
        }
        let item = |(first, last): (usize, usize)| {
            let own: Vec<&Segment> = segments.get(first..=last)?.iter().collect();
            let told = words::vanished(&own)?;
            let (start, end) = (*self.frames.get(first)?, *self.frames.get(last)?);
            // The initiator's end tells what itself has sent; what never came to it nobody tells.
            let is_unseen = self.direction == Direction::Backward;
            let ends = (start.min(end), start.max(end));
            is_unseen.then(|| Item::of_try(ends, self.direction, told, None))
        };
        bursts.into_iter().filter_map(item).collect()
    }

    /// An item for each run of second tries that were sent at once for one cause.
    fn tries(&self, thread: &Thread, survey: &Survey) -> Vec<Item> {
        let segments = &self.transfer.segments;
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (at, segment) in segments.iter().enumerate() {
            let Some(again) = segment.again else { continue };
            let goes_on = |run: &&mut (usize, usize)| {
                let last = segments.get(run.1).filter(|_| run.1 + 1 == at);
                last.is_some_and(|last| {
                    let is_next = last.numbers.last + 1 == segment.numbers.first;
                    (is_next || again.follows)
                        && last.is_lost() == segment.is_lost()
                        && last.again.is_some_and(|last| last.cause == again.cause)
                        && segment.sent.time.since(last.sent.time) <= AT_ONCE
                })
            };
            match runs.last_mut().filter(goes_on) {
                Some(run) => run.1 = at,
                None => runs.push((at, at)),
            }
        }
        let cuts = cut::cuts(&self.transfer);
        let item = |(first, last): (usize, usize)| {
            let (start, end) = (*self.frames.get(first)?, *self.frames.get(last)?);
            let cut = cuts.iter().find(|(at, _)| (first..=last).contains(at)).map(|(_, cut)| *cut);
            let told = words::again(segments, (first, last), cut)?;
            // Only what the initiator's end saw is read there.
            let row = survey.row(start).filter(|row| row.flow == thread.paths.first);
            let anchor = row.map(|row| Anchor {
                connection: thread.id,
                protocol: tcp::PROTOCOL_ID,
                direction: self.direction,
                frame: start,
                offset: row.payload_at.saturating_sub(row.tcp_header_len()).into(),
                ordinal: 0,
            });
            Some(Item::of_try((start.min(end), start.max(end)), self.direction, told, anchor))
        };
        runs.into_iter().filter_map(item).collect()
    }
}
