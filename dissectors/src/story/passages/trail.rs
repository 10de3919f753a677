//! A trail: one question with all that it was handed on as, from the first who asked to the last
//! who answered.

use std::collections::HashSet;

use super::Passage;
use crate::message::Relation;
use crate::story::{BeatId, Level, Link, Moment, Story, TrackId};

/// A question and all that it was handed on as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trail {
    /// Its legs: the first, and then each behind the one that it was handed on from, in the order
    /// of time.
    pub legs: Vec<Leg>,
}

/// A question on one connection, up to its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The connection.
    pub track: TrackId,
    /// The message that asks.
    pub question: BeatId,
    /// The message that answers, or the flight in which the connection ended instead.
    pub end: BeatId,
    /// Whether it was answered.
    pub answered: bool,
    /// The leg that it was handed on from, by position.
    pub from: Option<usize>,
    /// Which try it was.
    pub attempt: u32,
    /// When its last byte left.
    pub asked: Moment,
    /// When the first byte came that answers it, or tells that nothing will.
    pub ended: Moment,
}

impl Story {
    /// The trail that a beat is a step of, or a part of one.
    #[must_use]
    pub fn trail(&self, beat: BeatId) -> Option<Trail> {
        if self.passages.is_empty() {
            return None;
        }
        let mut first = self.question_of(self.flight_of(beat)?)?;
        // Nobody hands on what was handed on from it, so this comes to an end.
        while let Some(passage) = self.came_by(first) {
            first = passage.asked;
        }
        let mut trail = Trail { legs: Vec::new() };
        self.walk(&mut trail, (first, None, 1));
        (trail.legs.len() > 1).then_some(trail)
    }

    /// The question of a passage that a flight asks, or ends.
    fn question_of(&self, flight: BeatId) -> Option<BeatId> {
        let is_within = |id: &BeatId| self.flight_of(*id) == Some(flight);
        let questions = || self.passages.iter().flat_map(|one| [one.asked, one.handed_on]);
        if let Some(asked) = questions().find(is_within) {
            return Some(asked);
        }
        let passing: HashSet<BeatId> = questions().collect();
        let answers = self.links.iter().filter(|link| link.relation == Relation::Answers);
        let answers: Vec<&Link> = answers.filter(|link| passing.contains(&link.to)).collect();
        if let Some(link) = answers.iter().find(|link| is_within(&link.from)) {
            return Some(link.to);
        }
        let answered: HashSet<BeatId> = answers.iter().map(|link| link.to).collect();
        let track = self.beat(flight)?.track;
        let open = passing.difference(&answered).copied();
        let own = open.filter(|id| self.beat(*id).is_some_and(|beat| beat.track == track));
        own.filter(|id| self.end_of(*id) == Some((flight, false))).min()
    }

    fn walk(&self, trail: &mut Trail, (question, from, attempt): (BeatId, Option<usize>, u32)) {
        let Some(leg) = self.leg(question, from, attempt) else { return };
        let at = trail.legs.len();
        trail.legs.push(leg);
        let further: Vec<&Passage> = self.passed_on(question).collect();
        for passage in further {
            self.walk(trail, (passage.handed_on, Some(at), passage.attempt));
        }
    }

    fn leg(&self, question: BeatId, from: Option<usize>, attempt: u32) -> Option<Leg> {
        let (end, answered) = self.end_of(question)?;
        let (asks, ends) = (self.beat(question)?, self.beat(end)?);
        let (first, last) = (self.flight_of(question), self.flight_of(end));
        let measured = self.trips.iter().find(|trip| {
            (Some(trip.from), Some(trip.to)) == (first, last) && trip.asked.frame >= asks.sent.frame
        });
        let (asked, ended) = match measured {
            Some(trip) => (trip.asked, trip.answered),
            // What is answered early may still be asked.
            None if asks.ended.time > ends.sent.time => (asks.sent, ends.sent),
            None => (asks.ended, ends.sent),
        };
        Some(Leg { track: asks.track?, question, end, answered, from, attempt, asked, ended })
    }

    /// What answered a question, or the step in which its connection ended; and whether it was
    /// answered. `None` if it was still open.
    pub(in crate::story) fn end_of(&self, question: BeatId) -> Option<(BeatId, bool)> {
        let answers = self
            .links
            .iter()
            .filter(|link| link.to == question && link.relation == Relation::Answers);
        // What comes first may be an answer for now.
        let answer = answers.filter_map(|link| Some((self.beat(link.from)?.sent.frame, link.from)));
        if let Some((_, answer)) = answer.max() {
            return Some((answer, true));
        }
        let asks = self.beat(question)?;
        let flight = self.flight_of(question)?;
        let later = self.level(Level::Flight).filter(|(id, beat)| {
            *id != flight && beat.track == asks.track && beat.sent.frame > asks.ended.frame
        });
        let (_, next) = later.map(|(id, beat)| (beat.sent.frame, id)).min()?;
        Some((next, false))
    }

    /// The step that a beat is part of, or is.
    #[must_use]
    pub fn flight_of(&self, id: BeatId) -> Option<BeatId> {
        let mut at = id;
        loop {
            let beat = self.beat(at)?;
            match beat.level {
                Level::Flight => return Some(at),
                Level::Chapter | Level::Exchange => return None,
                Level::Message | Level::Packet => at = beat.parent?,
            }
        }
    }
}

impl Trail {
    /// The flights that it is made of, in the order in which its legs go and come back: each from
    /// the leg's question to what is handed on, and back to the leg's end.
    #[must_use]
    pub fn flights(&self, story: &Story) -> Vec<BeatId> {
        let mut flights = Vec::new();
        self.add(0, story, &mut flights);
        flights.dedup();
        flights
    }

    fn add(&self, at: usize, story: &Story, flights: &mut Vec<BeatId>) {
        let Some(leg) = self.legs.get(at) else { return };
        flights.extend(story.flight_of(leg.question));
        let further = (0..).zip(&self.legs).filter(|(_, other)| other.from == Some(at));
        let further: Vec<usize> = further.map(|(further, _)| further).collect();
        for further in further {
            self.add(further, story, flights);
        }
        flights.extend(story.flight_of(leg.end));
    }
}
