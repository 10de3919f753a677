//! What a sender did and what it had heard by then: which bytes were acknowledged by number or by
//! SACK, and so what each second try can have been caused by.

use super::Packet;
use crate::ids::{ConnectionId, Time};
use crate::story::{
    Acknowledgement, ActorId, Again, Cause, Moment, Numbers, Role, Segment, Transfer,
};

/// So many duplicate acknowledgements are taken for a loss (RFC 5681, section 3.2).
const DUPLICATES: usize = 3;

/// A sender at work. Places in its stream are counted from its first byte of data.
pub(super) struct Sender {
    /// The number of that byte.
    base: u32,
    /// The first byte that is not acknowledged, and the one behind the last that was sent.
    acknowledged: i64,
    high: i64,
    /// What was acknowledged beyond a hole, in order and apart from each other.
    held: Vec<(i64, i64)>,
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
    answers: Vec<Acknowledgement>,
    in_flight: Vec<(Time, u64)>,
}

impl Sender {
    pub(super) fn new(base: u32, too_large: Vec<Time>) -> Self {
        Self {
            too_large,
            base,
            acknowledged: 0,
            high: 0,
            held: Vec::new(),
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
        let here = self.base.wrapping_add(self.acknowledged as u32);
        self.acknowledged + i64::from(number.wrapping_sub(here) as i32)
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
        let (numbers, again) = if end > self.high {
            self.high = end;
            self.originals.push((first, end));
            self.tries.push(self.segments.len());
            let number = self.originals.len() as u32;
            (Numbers { first: number, last: number }, None)
        } else {
            let numbers = self.numbers(first, end);
            (numbers, self.again(numbers, (first, end), sent.time))
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
        self.last = Some(sent.time);
        self.count(sent.time);
    }

    /// What a second try is, with what was known when it was sent.
    fn again(&mut self, numbers: Numbers, (first, end): (i64, i64), now: Time) -> Option<Again> {
        let own =
            |one: &&Segment| one.numbers.first <= numbers.last && numbers.first <= one.numbers.last;
        let before = self.segments.iter().rposition(|one| own(&one))?;
        let left = self.segments.get(before).map(|one| one.sent.time);
        let is_too_large =
            self.too_large.iter().any(|said| left.is_some_and(|left| left < *said) && *said <= now);
        let cause = if is_too_large { Cause::TooLarge } else { self.cause((first, end), before) };
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
        let silence = self.last.map_or(0, |last| now.since(last));
        Some(Again { before, cause, silence })
    }

    fn cause(&self, (first, end): (i64, i64), before: usize) -> Cause {
        let is_first = self.segments.get(before).is_some_and(|one| one.again.is_none());
        let is_next = (first..end).contains(&self.acknowledged);
        let later = |fresh: Option<usize>| fresh.is_some_and(|fresh| fresh > before);
        let sack = later(self.fresh_by_sack) && self.held.iter().any(|(from, _)| *from >= end);
        match () {
            () if end <= self.acknowledged => Cause::Needless,
            () if is_first && is_next && self.duplicates.len() >= DUPLICATES => {
                Cause::Duplicates { sack }
            }
            () if sack => Cause::Sack,
            () if later(self.fresh) => Cause::Later,
            // One or two duplicates may be what counted, or not.
            () if is_first && is_next && !self.duplicates.is_empty() => Cause::Unknown,
            () if self.timers > 0 && is_next => Cause::Timer,
            () if is_next && end == self.high => Cause::Silence,
            () if is_next => Cause::Timer,
            () if end == self.high => Cause::Probe,
            () => Cause::Unknown,
        }
    }

    /// It hears from the other end. Says whether that was an acknowledgement and nothing else.
    pub(super) fn hear(&mut self, packet: &Packet, at: Moment) -> bool {
        let (answer, is_bare) = (self.answers.len(), packet.is_bare());
        let place = self.place(packet.ack).min(self.high);
        let blocks = self.blocks(packet);
        let mut named = false;
        for (from, to) in blocks.iter().copied().filter(|(_, to)| *to > place) {
            if self.hold(from.max(place), to) {
                named = true;
                let fresh = self.latest_try(from, to);
                self.fresh_by_sack = self.fresh_by_sack.max(fresh);
                self.fresh = self.fresh.max(fresh);
            }
        }
        let mut role = Role::Plain;
        if place > self.acknowledged {
            if self.mends(self.acknowledged, place) {
                role = Role::Fills;
            }
            self.fresh = self.fresh.max(self.latest_try(self.acknowledged, place));
            self.acknowledged = place;
            self.held.retain_mut(|(from, to)| {
                *from = (*from).max(place);
                *from < *to
            });
            self.duplicates.clear();
            self.timers = 0;
        } else if place == self.acknowledged && place < self.high && is_bare {
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
        let (place, blocks) = (self.place(packet.ack).min(self.high), self.blocks(packet));
        self.answer(packet, (place, &blocks), Role::Plain);
        true
    }

    fn answer(&mut self, packet: &Packet, (place, blocks): (i64, &[(i64, i64)]), role: Role) {
        let upto = self.originals.partition_point(|(_, end)| *end <= place) as u32;
        let mut sack: Vec<Numbers> = Vec::new();
        for (from, to) in blocks.iter().filter(|(_, to)| *to > place) {
            sack.push(self.numbers((*from).max(place), *to));
        }
        sack.sort_unstable();
        let (beat, sent, received) = (None, packet.seen.sent, packet.seen.received);
        self.answers.push(Acknowledgement { beat, sent, received, upto, sack, role });
    }

    /// The stretches that an acknowledgement names, as far as they were sent.
    fn blocks(&self, packet: &Packet) -> Vec<(i64, i64)> {
        let blocks = packet.sack.iter().map(|(from, to)| (self.place(*from), self.place(*to)));
        blocks.filter(|(from, to)| from < to && *to <= self.high && *from >= 0).collect()
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

    /// Notes a stretch beyond a hole; says whether something of it is new.
    fn hold(&mut self, from: i64, to: i64) -> bool {
        if self.held.iter().any(|(low, high)| *low <= from && to <= *high) {
            return false;
        }
        let touches = |(low, high): &(i64, i64)| *low <= to && from <= *high;
        let all = self.held.iter().filter(|one| touches(one));
        let (low, high) = all.fold((from, to), |(low, high), (a, b)| (low.min(*a), high.max(*b)));
        self.held.retain(|one| !touches(one));
        let at = self.held.partition_point(|(other, _)| *other < low);
        self.held.insert(at, (low, high));
        true
    }

    /// Notes how much is under way.
    fn count(&mut self, now: Time) {
        let held: i64 = self.held.iter().map(|(from, to)| to - from).sum();
        let bytes = (self.high - self.acknowledged - held).max(0).unsigned_abs();
        match self.in_flight.last_mut() {
            Some((_, before)) if *before == bytes => {}
            Some((time, before)) if *time == now => *before = bytes,
            None if bytes == 0 => {}
            _ => self.in_flight.push((now, bytes)),
        }
    }
}
