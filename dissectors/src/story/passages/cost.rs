//! What a question cost that was handed on: where the time between it and its answer went.
//!
//! ```text
//!   A             ├──────────────────────────────┤     the whole
//!   B               ├───x                              first try
//!   D  opens            ├──┤
//!   D                        ├──────────────┤          second try
//!   the proxy     ├─┤  ├┤  ├─┤              ├──┤       what is left
//! ```
//!
//! Of each leg that was handed on, what it was handed on as, the connections that were opened for
//! that, and what is left to who handed it on, make up its whole time.

use super::trail::{Leg, Trail};
use crate::ids::Time;
use crate::story::{ActorId, Story, TrackId};

/// From and until when, in nanoseconds since the first question.
pub type Span = (i64, i64);

/// Where the time went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// The shares: the whole first, and behind each leg that was handed on those that make it up.
    pub shares: Vec<Share>,
    /// From the first try to the last one, where there were several.
    pub retries: Option<i64>,
}

/// A share of the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Whose.
    pub what: What,
    /// The leg that it is a share of, by position in the trail; none for the whole.
    pub of: Option<usize>,
    /// When.
    pub spans: Vec<Span>,
}

/// What took its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A leg, by position in the trail.
    Leg(usize),
    /// The opening of a connection, which took so many round trips.
    Opens(TrackId, u32),
    /// Whoever was asked, between what it asked itself.
    Own(ActorId),
}

impl Share {
    /// How long it took, in nanoseconds.
    #[must_use]
    pub fn nanos(&self) -> i64 {
        self.spans.iter().map(|(from, until)| until - from).sum()
    }
}

impl Trail {
    /// Where the time went. `None` if clocks do not agree, a time is not known, or several
    /// questions were asked at once, so that their times do not add up.
    #[must_use]
    pub fn cost(&self, story: &Story) -> Option<Cost> {
        if story.both_ends && !story.one_clock {
            return None;
        }
        let start = self.legs.first()?.asked.time.known()?;
        let mut cost = Cost { shares: Vec::new(), retries: None };
        let whole = self.legs.first()?;
        let span = (0, whole.ended.time.known()?.since(start));
        cost.shares.push(Share { what: What::Leg(0), of: None, spans: vec![span] });
        self.share(&mut cost, story, (0, span), start)?;
        Some(cost)
    }

    /// Adds what makes up the time of a leg.
    fn share(
        &self,
        cost: &mut Cost,
        story: &Story,
        (of, whole): (usize, Span),
        start: Time,
    ) -> Option<()> {
        let within = |time: Time| Some(time.known()?.since(start).clamp(whole.0, whole.1));
        let mut until = whole.0;
        let mut own = Vec::new();
        let mut tracks = Vec::new();
        let further: Vec<(usize, &Leg)> =
            (0..).zip(&self.legs).filter(|(_, leg)| leg.from == Some(of)).collect();
        for (at, leg) in &further {
            let span = (within(leg.asked.time)?, within(leg.ended.time)?);
            let opening = leg.opening(story).filter(|_| !tracks.contains(&leg.track));
            tracks.push(leg.track);
            if let Some((opened, trips)) = opening {
                let opened = (within(opened.0)?, within(opened.1)?);
                if until <= opened.0 && opened.0 < opened.1 && opened.1 <= span.0 {
                    own.push((until, opened.0));
                    until = opened.1;
                    let what = What::Opens(leg.track, trips);
                    cost.shares.push(Share { what, of: Some(of), spans: vec![opened] });
                }
            }
            if span.0 < until || span.1 < span.0 {
                return None;
            }
            own.push((until, span.0));
            until = span.1;
            cost.shares.push(Share { what: What::Leg(*at), of: Some(of), spans: vec![span] });
            self.share(cost, story, (*at, span), start)?;
        }
        let (Some((_, first)), Some((_, last))) = (further.first(), further.last()) else {
            // Nobody handed it on: all of its time is whose it was handed on to.
            return Some(());
        };
        if last.attempt > 1 {
            cost.retries = Some(last.asked.time.since(first.asked.time));
        }
        own.push((until, whole.1));
        own.retain(|(from, until)| from < until);
        let actor = story.beat(self.legs.get(of)?.question)?.to;
        cost.shares.push(Share { what: What::Own(actor), of: Some(of), spans: own });
        Some(())
    }
}

impl Leg {
    /// The opening of its connection: from its first step to the last answer before the question,
    /// and how many round trips that took. `None` if it was open before.
    fn opening(&self, story: &Story) -> Option<((Time, Time), u32)> {
        let track = story.track(self.track).filter(|track| track.is_whole)?;
        let own = |id| story.beat(id).is_some_and(|beat| beat.track == Some(self.track));
        let trips = story.trips.iter().filter(|trip| own(trip.from));
        let before = trips.filter(|trip| trip.answered.time <= self.asked.time);
        let (count, last) = before
            .fold((0, None), |(count, last), trip| (count + 1, last.max(Some(trip.answered.time))));
        Some(((track.first.time, last?), count))
    }
}
