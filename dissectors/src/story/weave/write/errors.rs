//! Writes what others say of a connection: errors of ICMP, each an arrow of its own.

use super::Writer;
use crate::ids::FrameId;
use crate::story::weave::told::Told;
use crate::story::{ActorId, Beat, BeatId, Level, RoundTrip};

impl Writer<'_> {
    /// What somebody says of a packet of the connection: in the chapter that it was in.
    pub(super) fn error(&mut self, told: &Told, at: usize) {
        let Some(error) = told.errors.get(at) else { return };
        let number = told.thread.number;
        let title = self.latest.get(&number).unwrap_or(&error.told.chapter.title).clone();
        let context = self.context;
        let way = error.direction.reverse();
        // What a host says is seen at both ends, what a router says at one.
        let moments = |frame: FrameId| match error.there.get(&frame) {
            Some(there) => {
                let (sent, came) = told.vantage.both_seen((frame, *there), way, context);
                (sent, Some(came))
            }
            None => (told.vantage.sent(frame, way, context), None),
        };
        let moment = |frame| moments(frame).0;
        let size = |frame| u64::from(context.frames.frame(frame).wire_len);
        let frames: Vec<FrameId> =
            [error.frame].into_iter().chain(error.others.iter().copied()).collect();
        let bytes: u64 = frames.iter().map(|frame| size(*frame)).sum();
        let packets = frames.len() as u32;
        let (sent, received) = moments(error.frame);
        let ended = frames.last().map_or(sent, |frame| moment(*frame));
        let beat = |level, parent| Beat {
            parent,
            track: told.track,
            ended,
            received,
            label: error.told.label.clone(),
            headline: error.told.headline.clone(),
            detail: error.told.detail.clone(),
            outcome: error.told.outcome,
            lesson: error.told.lesson,
            source: error.told.source,
            bytes,
            packets,
            ..Beat::blank(level, [error.from, error.to], sent, error.protocol)
        };
        let chapter = self.chapter(told, &title, beat(Level::Chapter, None));
        if let Some(chapter) = self.at(chapter) {
            (chapter.packets, chapter.bytes) = (chapter.packets + packets, chapter.bytes + bytes);
            if chapter.ended.time < ended.time {
                chapter.ended = ended;
            }
        }
        let story = &mut self.story;
        (story.packets, story.bytes) = (story.packets + packets, story.bytes + bytes);
        let flight = self.push(beat(Level::Flight, Some(chapter)));
        let one = |level, frame: FrameId| {
            let ((sent, received), bytes) = (moments(frame), size(frame));
            Beat { sent, ended: sent, received, bytes, packets: 1, ..beat(level, Some(flight)) }
        };
        for frame in &frames {
            self.push(one(Level::Message, *frame));
        }
        for frame in &frames {
            let (headline, detail) = (String::new(), String::new());
            let label = format!("frame {}", frame.number());
            let (lesson, source) = (None, None);
            let packet = one(Level::Packet, *frame);
            self.push(Beat { label, headline, detail, lesson, source, ..packet });
        }
        let Some(quoted) = error.quoted else { return };
        let asked = told.flights.iter().position(|flight| {
            flight.direction == error.direction && (flight.start..=flight.end).contains(&quoted)
        });
        if let Some(from) = asked.and_then(|at| self.flights.get(&(number, at)).copied()) {
            let left = told.vantage.sent(quoted, error.direction, self.context);
            let (asked, answered) = (left, received.unwrap_or(sent));
            let nanos = answered.time.since(asked.time).max(0);
            self.errors.push(RoundTrip {
                from,
                to: flight,
                asked,
                answered,
                nanos,
                first_try: None,
                pondered: None,
                counts: true,
            });
            if error.is_dropped {
                self.ends_at(from, error.from);
            }
        }
    }

    /// Lets a flight of one message end where it was dropped: at the router that says so.
    fn ends_at(&mut self, flight: BeatId, router: ActorId) {
        let is_own = |beat: &Beat| beat.parent == Some(flight) && beat.level == Level::Message;
        if self.story.beats.iter().filter(|beat| is_own(beat)).count() > 1 {
            return;
        }
        let whole = self
            .story
            .beats
            .iter_mut()
            .zip(0..)
            .filter(|(beat, at)| BeatId(*at) == flight || beat.parent == Some(flight));
        for (beat, _) in whole {
            beat.to = router;
        }
    }

    /// Adds the way to an error and back, where nothing else answers what it quotes.
    pub(super) fn add_trip(&mut self, trip: RoundTrip, trips: &mut Vec<RoundTrip>) {
        if trips.iter().any(|known| known.from == trip.from) {
            return;
        }
        trips.push(trip);
        let chapter = self.story.beat(trip.from).and_then(|flight| flight.parent);
        if let Some(chapter) = chapter.and_then(|chapter| self.at(chapter)) {
            chapter.round_trips += 1;
        }
    }
}
