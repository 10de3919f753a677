//! What a sender did and what it had heard by then: which bytes were acknowledged by number or by
//! SACK, and so what each second try can have been caused by.

use super::Packet;
use crate::engine::under_way::UnderWay;
use crate::ids::{ConnectionId, Time};
use crate::story::{
    Acknowledgement, ActorId, Again, Cause, Moment, Numbers, Role, Segment, Transfer,
};

/// So many duplicate acknowledgements are taken for a loss (RFC 5681, section 3.2).
const DUPLICATES: usize = 3;

/// No timer for retransmissions is shorter, in nanoseconds: kernels count in ticks of a few
/// milliseconds, and Linux waits for 200 of them.
const LEAST_TIMER: i64 = 10_000_000;

/// A sender at work. Places in its stream are counted from its first byte of data.
pub(super) struct Sender {
    /// The number of that byte.
    base: u32,
    way: UnderWay,
    /// First and last byte of each new segment, and the try of it that came first, or else was
    /// the last.
    originals: Vec<(i64, i64)>,
    tries: Vec<usize>,
    /// The latest try that was acknowledged by number or by SACK, and by SACK alone.
    fresh: Option<usize>,
    fresh_by_sack: Option<usize>,
    /// Acknowledgements that repeat the last one.
    duplicates: Vec<usize>,
    /// The last one that named something new beyond a hole.
    hint: Option<usize>,
    /// How often a timer ran out since something was heard.
    timers: u32,
    window: Option<u16>,
    /// When somebody said that a segment is too large for the way.
    too_large: Vec<Time>,
    /// When something was sent or heard last.
    last: Option<Time>,
    segments: Vec<Segment>,
    /// First and last byte of each of them.
    spans: Vec<(i64, i64)>,
    answers: Vec<Acknowledgement>,
    in_flight: Vec<(Time, u64)>,
}

impl Sender {
    pub(super) fn new(base: u32, too_large: Vec<Time>) -> Self {
        Self {
            too_large,
            base,
            way: UnderWay::default(),
            originals: Vec::new(),
            tries: Vec::new(),
            fresh: None,
            fresh_by_sack: None,
            duplicates: Vec::new(),
            hint: None,
            timers: 0,
            window: None,
            last: None,
            segments: Vec::new(),
            spans: Vec::new(),
            answers: Vec::new(),
            in_flight: Vec::new(),
        }
    }

    pub(super) fn finish(self, connection: ConnectionId) -> Transfer {
        Transfer {
            connection,
            track: None,
            from: ActorId(0),
            to: ActorId(0),
            segments: self.segments,
            acknowledgements: self.answers,
            in_flight: self.in_flight,
        }
    }

    /// A place in the stream; numbers go round (RFC 9293, section 3.4).
    fn place(&self, number: u32) -> i64 {
        let acknowledged = self.way.acknowledged();
        let here = self.base.wrapping_add(acknowledged as u32);
        acknowledged + i64::from(number.wrapping_sub(here) as i32)
    }

    /// Which new segments share bytes with a stretch.
    fn numbers(&self, from: i64, to: i64) -> Numbers {
        let before = self.originals.partition_point(|(_, end)| *end <= from);
        let until = self.originals.partition_point(|(first, _)| *first < to);
        Numbers { first: before as u32 + 1, last: until.max(before + 1) as u32 }
    }

    /// It sends a segment with data.
    pub(super) fn send(&mut self, packet: &Packet) {
        let (sent, received) = (packet.seen.sent, packet.seen.received);
        let first = self.place(packet.first);
        let end = first + i64::from(packet.len);
        let (numbers, again) = if self.way.send(end) {
            self.originals.push((first, end));
            self.tries.push(self.segments.len());
            let number = self.originals.len() as u32;
            (Numbers { first: number, last: number }, None)
        } else {
            let numbers = self.numbers(first, end);
            (numbers, self.again((first, end), sent.time))
        };
        let at = self.segments.len();
        for number in numbers.first..=numbers.last {
            let Some(place) = self.tries.get_mut(number as usize - 1) else { continue };
            let came = |at: usize| {
                let one = self.segments.get(at)?;
                Some(one.received?.time)
            };
            let earlier = came(*place);
            if earlier.is_none_or(|earlier| received.is_some_and(|now| now.time < earlier)) {
                *place = at;
            }
        }
        let (beat, flight, bytes) = (None, None, packet.len);
        self.segments.push(Segment { beat, flight, numbers, bytes, sent, received, again });
        self.spans.push((first, end));
        self.last = Some(sent.time);
        self.count(sent.time);
    }

    /// What a second try is, with what was known when it was sent.
    fn again(&mut self, (first, end): (i64, i64), now: Time) -> Option<Again> {
        let before = self.spans.iter().rposition(|(from, to)| *from < end && first < *to)?;
        let follows = self.spans.last().is_some_and(|(_, to)| *to == first);
        let left = self.segments.get(before).map(|one| one.sent.time);
        let is_too_large =
            self.too_large.iter().any(|said| left.is_some_and(|left| left < *said) && *said <= now);
        let cause = if is_too_large { Cause::TooLarge } else { self.cause((first, end), before) };
        let silence = self.last.map_or(0, |last| now.since(last));
        // No timer runs out in the moment in which something has come.
        let is_at_once = cause == Cause::Timer && silence < LEAST_TIMER;
        let cause = if is_at_once { Cause::Unknown } else { cause };
        let told = match cause {
            Cause::Duplicates { .. } => self.duplicates.get(DUPLICATES - 1).copied(),
            Cause::Sack => self.hint,
            _ => None,
        };
        if let Some(answer) = told.and_then(|at| self.answers.get_mut(at)) {
            answer.role = Role::Hint;
        }
        if matches!(cause, Cause::Probe | Cause::Timer | Cause::Silence) {
            self.timers += 1;
        }
        Some(Again { before, cause, silence, follows })
    }

    fn cause(&self, (first, end): (i64, i64), before: usize) -> Cause {
        let is_first = self.segments.get(before).is_some_and(|one| one.again.is_none());
        let acknowledged = self.way.acknowledged();
        let is_last = end == self.way.sent_to();
        let is_next = (first..end).contains(&acknowledged);
        let later = |fresh: Option<usize>| fresh.is_some_and(|fresh| fresh > before);
        let sack = later(self.fresh_by_sack) && self.way.holds_beyond(end);
        match () {
            () if end <= acknowledged => Cause::Needless,
            () if is_first && is_next && self.duplicates.len() >= DUPLICATES => {
                Cause::Duplicates { sack }
            }
            () if sack => Cause::Sack,
            () if later(self.fresh) => Cause::Later,
            // One or two duplicates may be what counted, or not.
            () if is_first && is_next && !self.duplicates.is_empty() => Cause::Unknown,
            () if self.timers > 0 && is_next => Cause::Timer,
            () if is_next && is_last => Cause::Silence,
            () if is_next => Cause::Timer,
            () if is_last => Cause::Probe,
            () => Cause::Unknown,
        }
    }

    /// It hears from the other end. Says whether that was an acknowledgement and nothing else.
    pub(super) fn hear(&mut self, packet: &Packet, at: Moment) -> bool {
        let (answer, is_bare) = (self.answers.len(), packet.is_bare());
        let sent_to = self.way.sent_to();
        let place = self.place(packet.ack).min(sent_to);
        let blocks = self.blocks(packet);
        let mut named = false;
        for (from, to) in blocks.iter().copied().filter(|(_, to)| *to > place) {
            if self.way.hold(from.max(place), to) {
                named = true;
                let fresh = self.latest_try(from, to);
                self.fresh_by_sack = self.fresh_by_sack.max(fresh);
                self.fresh = self.fresh.max(fresh);
            }
        }
        let mut role = Role::Plain;
        let acknowledged = self.way.acknowledged();
        if self.way.confirm(place) {
            if self.mends(acknowledged, place) {
                role = Role::Fills;
            }
            self.fresh = self.fresh.max(self.latest_try(acknowledged, place));
            self.duplicates.clear();
            self.timers = 0;
        } else if place == acknowledged && place < sent_to && is_bare {
            // RFC 5681, section 2; where SACK is in use, what it names is what counts (RFC 6675,
            // section 2).
            let alike = self.window == Some(packet.window) && packet.sack.is_empty();
            if named || alike {
                self.duplicates.push(answer);
            }
        }
        if named {
            self.hint = Some(answer).filter(|_| is_bare);
            self.timers = 0;
        }
        self.window = Some(packet.window);
        self.last = Some(at.time);
        self.count(at.time);
        if is_bare {
            self.answer(packet, (place, &blocks), role);
        }
        is_bare
    }

    /// The other end sent an acknowledgement that never came.
    pub(super) fn miss(&mut self, packet: &Packet) -> bool {
        let place = self.place(packet.ack).min(self.way.sent_to());
        let blocks = self.blocks(packet);
        self.answer(packet, (place, &blocks), Role::Plain);
        true
    }

    fn answer(&mut self, packet: &Packet, (place, blocks): (i64, &[(i64, i64)]), role: Role) {
        let upto = self.originals.partition_point(|(_, end)| *end <= place);
        let is_within = self.originals.get(upto).is_some_and(|(first, _)| *first < place);
        let upto = upto as u32;
        let mut sack: Vec<Numbers> = Vec::new();
        for (from, to) in blocks.iter().filter(|(_, to)| *to > place) {
            sack.push(self.numbers((*from).max(place), *to));
        }
        sack.sort_unstable();
        let (beat, sent, received) = (None, packet.seen.sent, packet.seen.received);
        self.answers.push(Acknowledgement { beat, sent, received, upto, is_within, sack, role });
    }

    /// The stretches that an acknowledgement names, as far as they were sent.
    fn blocks(&self, packet: &Packet) -> Vec<(i64, i64)> {
        let blocks = packet.sack.iter().map(|(from, to)| (self.place(*from), self.place(*to)));
        let sent_to = self.way.sent_to();
        blocks.filter(|(from, to)| from < to && *to <= sent_to && *from >= 0).collect()
    }

    /// The latest of the tries that carried a stretch.
    fn latest_try(&self, from: i64, to: i64) -> Option<usize> {
        let numbers = self.numbers(from, to);
        let own = self.tries.get(numbers.first as usize - 1..numbers.last as usize)?;
        own.iter().copied().max()
    }

    /// Whether something in a stretch had been lost and was sent again.
    fn mends(&self, from: i64, to: i64) -> bool {
        let numbers = self.numbers(from, to);
        let own = self.tries.get(numbers.first as usize - 1..numbers.last as usize);
        let again = |at: &usize| self.segments.get(*at).is_some_and(|one| one.again.is_some());
        own.unwrap_or_default().iter().any(again)
    }

    /// Notes how much is under way.
    fn count(&mut self, now: Time) {
        let bytes = self.way.bytes();
        match self.in_flight.last_mut() {
            Some((_, before)) if *before == bytes => {}
            Some((time, before)) if *time == now => *before = bytes,
            None if bytes == 0 => {}
            _ => self.in_flight.push((now, bytes)),
        }
    }
}
