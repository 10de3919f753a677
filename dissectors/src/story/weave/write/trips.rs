//! Writes round trips: from where to where, how long each took, and how much of that was no way.

use etherparse::TcpHeader;

use super::Writer;
use crate::engine::options;
use crate::engine::reader::Context;
use crate::ids::{Direction, FrameId};
use crate::protocol::Framing;
use crate::protocols::tcp;
use crate::story::weave::gather::Item;
use crate::story::weave::item::Place;
use crate::story::weave::question::is_transport;
use crate::story::weave::told::Told;
use crate::story::{BeatId, FirstTry, PassedOver, Pondered, RoundTrip};
use crate::survey::{Survey, Transport};
use crate::wording::span;

/// How many frames behind a question are looked at for the one that acknowledges it.
const NEAR: usize = 64;

/// From so many nanoseconds on a wait is told with the answer: no way in one city takes as long.
const LONG: i64 = 20_000_000;

/// From so many nanoseconds for the first round trip on it is a way, and not what a machine needs
/// to wake somebody up.
const FAR: i64 = 2_000_000;

impl Writer<'_> {
    /// Adds a sentence to a flight.
    fn hold(&mut self, flight: BeatId, sentence: &str) {
        if let Some(beat) = self.at(flight) {
            beat.detail = format!("{} {sentence}", beat.detail).trim_start().to_owned();
        }
    }

    /// The measured round trips of a connection; each is also counted in the chapter that asked.
    pub(super) fn trips(&mut self, told: &Told, survey: &Survey) -> Vec<RoundTrip> {
        let mut trips = Vec::new();
        for trip in &told.trips {
            let place = |flight| self.flights.get(&(told.thread.number, flight)).copied();
            let item = |at: usize| told.thread.items.get(at);
            let (Some(asked), Some(answered)) = (item(trip.last), item(trip.answered)) else {
                continue;
            };
            let asked = match item(trip.asked) {
                Some(first) if told.overtakes(answered, asked, self.context) => first,
                _ => asked,
            };
            let last = told.dealt.last_before(asked, answered.start);
            let came_again = told.came_again((last, asked.direction), answered.start, survey);
            let (left_first, last) = (last, came_again.unwrap_or(last));
            let from = told.under_way(trip.from, last);
            let (Some(from), Some(to)) = (place(from), place(trip.to)) else { continue };
            let is_unseen = asked.direction == answered.direction;
            let answered_item = answered;
            let pondered = pondered(told, (last, asked), answered, (self.context, survey));
            let is_again = asked.is_try || asked.protocol == tcp::PROTOCOL_ID;
            let first = item(trip.asked).filter(|first| first.start != asked.start && is_again);
            let first = first.map(|first| first.end);
            let first = first.or_else(|| came_again.map(|_| left_first));
            let first_try = first.map(|first| FirstTry {
                moment: told.vantage.sent(first, asked.direction, self.context),
                passed_over: match () {
                    () if told.vantage.lost(first, asked.direction) => Some(PassedOver::Lost),
                    () if echoes(answered.start, last, (self.context, survey))
                        && !echoes(answered.start, first, (self.context, survey)) =>
                    {
                        Some(PassedOver::NotEchoed)
                    }
                    () => None,
                },
            });
            let asked = told.vantage.sent(last, asked.direction, self.context);
            let answered = if is_unseen {
                // It came some time before whoever had asked went on.
                told.vantage.sent(answered.start, answered.direction, self.context)
            } else {
                told.vantage.came(answered.start, answered.direction, self.context)
            };
            let nanos = answered.time.since(asked.time).max(0);
            // Two clocks may stamp an acknowledgement before its question: that proves nothing.
            let pondered = pondered.filter(|had| had.nanos() <= nanos);
            // Of questions whose last bytes left together and whose answers came together, one.
            let is_new =
                trips.last().is_none_or(|known: &RoundTrip| (known.from, known.to) != (from, to));
            // Of a question that stands behind its answer nobody knows how long that took.
            let is_measured = trip.asked < trip.answered;
            if is_new
                && is_measured
                && let Some(held) = held(told, answered_item, (nanos, pondered))
            {
                self.hold(to, &held);
            }
            if is_new && is_measured {
                let counts = trip.counts;
                trips.push(RoundTrip {
                    from,
                    to,
                    asked,
                    answered,
                    first_try,
                    nanos,
                    pondered,
                    counts,
                });
            }
            if !trip.counts {
                continue;
            }
            let chapter = self.story.beat(from).and_then(|flight| flight.parent);
            if let Some(chapter) = chapter.and_then(|chapter| self.at(chapter)) {
                chapter.round_trips += 1;
            }
        }
        trips
    }
}

impl Told {
    /// Whether an answer had left before the last try of its question came, by what both ends saw.
    fn overtakes(&self, answered: &Item, last: &Item, context: Context<'_>) -> bool {
        let came = self.vantage.received(last.end, last.direction, context);
        let left = self.vantage.left(answered.start, answered.direction);
        came.zip(left).is_some_and(|(came, left)| left.time < came.time)
    }

    /// Of bytes that never came the frame that brought them after all, before their answer.
    fn came_again(
        &self,
        (frame, direction): (FrameId, Direction),
        answer: FrameId,
        survey: &Survey,
    ) -> Option<FrameId> {
        let end = survey.row(frame).filter(|row| row.data_len() > 0)?.end();
        if !self.vantage.lost(frame, direction) {
            return None;
        }
        let frames = self.thread.conversation.frames();
        let first = frames.partition_point(|id| *id <= frame);
        let mut later = frames.get(first..)?.iter().copied().take_while(|id| *id < answer);
        later.find(|id| {
            let row = survey.row(*id).filter(|row| row.data_len() > 0);
            row.is_some_and(|row| {
                let last = end.wrapping_sub(1);
                let is_within = last.wrapping_sub(row.first_byte()) < row.data_len();
                is_within
                    && self.thread.paths.way(*id, row) == direction
                    && !self.vantage.lost(*id, direction)
            })
        })
    }
}

/// Whether a segment echoes the timestamp of another (RFC 7323, section 3.2).
fn echoes(answer: FrameId, asked: FrameId, (context, survey): (Context<'_>, &Survey)) -> bool {
    let stamps = |id: FrameId| {
        let row = survey.row(id)?;
        let start = usize::from(row.transport_at(Transport::Tcp));
        let header = start..start + usize::from(row.tcp_header_len());
        let options = context.frames.frame(id).bytes.get(header)?.get(TcpHeader::MIN_LEN..)?;
        options::timestamps(options)
    };
    stamps(answer).zip(stamps(asked)).is_some_and(|((_, echoed), (sent, _))| echoed == sent)
}

/// What is said of an answer that kept its question waiting, where that is most of what it took: a
/// server that has nothing to say yet, or much to do.
fn held(told: &Told, answer: &Item, (nanos, pondered): (i64, Option<Pondered>)) -> Option<String> {
    let waited = pondered?.nanos();
    if waited < LONG || waited.saturating_mul(2) < nanos || told.thread.cut {
        return None;
    }
    if is_transport(answer) {
        return None;
    }
    let end =
        if answer.told.label.starts_with("204") { ", and has nothing to say then" } else { "" };
    Some(format!("It has kept the question waiting for {}{end}.", span(waited)))
}

/// How long a question was no longer under way before its answer was: by what both ends saw, or by
/// an acknowledgement of TCP that came in between.
fn pondered(
    told: &Told,
    (last, asked): (FrameId, &Item),
    answered: &Item,
    (context, survey): (Context<'_>, &Survey),
) -> Option<Pondered> {
    if asked.direction == answered.direction {
        return None;
    }
    let left = told.vantage.sent(answered.start, answered.direction, context);
    if let Some(came) = told.vantage.received(last, asked.direction, context) {
        let nanos = left.time.known()?.since(came.time.known()?);
        return (nanos >= 0).then_some(Pondered::Seen(nanos));
    }
    if told.thread.framing != Framing::Stream {
        return None;
    }
    let confirmed = confirmed(told, (last, asked), answered.start, (context, survey))?;
    let confirmed = told.vantage.sent(confirmed, answered.direction, context);
    let asked = told.vantage.sent(last, asked.direction, context);
    if is_from_midway(told, confirmed.time.known()?.since(asked.time.known()?), context) {
        return None;
    }
    let nanos = left.time.known()?.since(confirmed.time.known()?);
    (nanos > 0).then_some(Pondered::AtLeast(nanos))
}

/// Whether an acknowledgement came so much sooner than the other side could answer the first
/// segment that somebody between the two must have sent it, such as a translator of addresses: that
/// a question has come to where it goes is not proven then.
fn is_from_midway(told: &Told, after: i64, context: Context<'_>) -> bool {
    let opening = told.trips.iter().find_map(|trip| {
        let (asked, answered) =
            (told.thread.items.get(trip.last)?, told.thread.items.get(trip.answered)?);
        if asked.protocol != tcp::PROTOCOL_ID || asked.place != Place::Before {
            return None;
        }
        let left = told.vantage.sent(asked.end, asked.direction, context).time.known()?;
        let came = told.vantage.came(answered.start, answered.direction, context).time.known()?;
        Some(came.since(left))
    });
    opening.is_some_and(|way| way >= FAR && after.saturating_mul(2) < way)
}

/// The first frame between a question and its answer that acknowledges all of the question.
fn confirmed(
    told: &Told,
    (last, asked): (FrameId, &Item),
    answer: FrameId,
    (context, survey): (Context<'_>, &Survey),
) -> Option<FrameId> {
    let frames = told.thread.conversation.frames();
    let end = survey.row(last)?.end();
    let first = frames.partition_point(|id| *id <= last);
    let between = frames.get(first..)?.iter().copied().take_while(|id| *id < answer).take(NEAR);
    let mut between = between.filter_map(|id| Some((id, survey.row(id)?)));
    let found = between.find(|(id, row)| {
        let acknowledged = row.acknowledgement(context.frames.frame(*id).bytes);
        told.thread.paths.way(*id, row) != asked.direction
            && acknowledged.is_some_and(|number| number.wrapping_sub(end) as i32 >= 0)
    });
    found.map(|(id, _)| id)
}
