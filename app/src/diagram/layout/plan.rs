//! Which beats become arrows, in which chapter, with which beads, under which number.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use wirestage_dissectors::ids::{ConnectionId, Time};
use wirestage_dissectors::message::Relation;
use wirestage_dissectors::story::{ActorId, Beat, BeatId, Level, Outcome, Repeat, Story, TrackId};

pub(super) use super::carried::Carried;
use super::deeds::{self, Deed};
use super::ends::End;
use super::family::Family;
use super::fate::{self, Fate};
use super::in_time;
use super::messages::{Bead, Messages};
use super::reckoned::Reckoned;
use super::renewed::Renewals;
use super::segments::{self, Segments};
pub(super) use super::unit::{Free, Unit};
use super::wording::{self, counted};
use super::{Axis, Request};
use crate::diagram::style::Style;

/// What is to be drawn, in reading order.
#[derive(Clone)]
pub(super) struct Plan<'a> {
    /// The actors that are shown, by position in the cast.
    pub(super) cast: Vec<usize>,
    /// The chapters.
    pub(super) chapters: Vec<Chapter>,
    /// The arrows of all chapters.
    pub(super) units: Vec<Unit<'a>>,
    /// When the first arrow left, and when the last thing ended.
    pub(super) start: Time,
    pub(super) end: Time,
    /// Which page this is, of how many.
    pub(super) page: Option<(usize, usize)>,
    /// What programs did, where time is to scale: it stands at its own time.
    pub(super) deeds: Vec<Deed>,
    /// Connections that were open before the first arrow.
    pub(super) carried: Vec<Carried>,
    /// The connections that go by letters.
    pub(super) tracks: HashMap<ConnectionId, TrackId>,
    /// Ways to where nobody recorded, where time is to scale.
    pub(super) reckoned: Reckoned,
    /// The first and the last arrow that show each beat of the story, or a part of it.
    pub(super) cover: Vec<Option<(usize, usize)>>,
}

/// A band: a chapter, or several of different connections that overlap in time.
#[derive(Clone)]
pub(super) struct Chapter {
    /// Its beat; none for arrows that belong to no chapter, and where there are several.
    pub(super) beat: Option<BeatId>,
    /// The chapters of several connections that share the band, in the order of their beginnings.
    pub(super) scopes: Vec<BeatId>,
    /// Its arrows.
    pub(super) units: Range<usize>,
    /// Whether it began on the page before.
    pub(super) continued: bool,
    /// The connections whose last arrow is one of its own.
    pub(super) closes: Vec<TrackId>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(story: &'a Story, family: &Family, request: &Request) -> Self {
        // Who neither says nor hears anything that is told has no lifeline.
        let beats = story.beats.iter().flat_map(|beat| [beat.from, beat.to]);
        let heard: HashSet<ActorId> =
            beats.chain(story.marks.iter().map(|mark| mark.actor)).collect();
        let is_told = |actor: ActorId| heard.is_empty() || heard.contains(&actor);
        let cast: Vec<usize> = (0..story.cast.len())
            .filter(|at| {
                let actor = ActorId(*at as u16);
                is_told(actor) && !request.hidden.contains(&actor)
            })
            .collect();
        let answers = || story.links.iter().filter(|link| link.relation == Relation::Answers);
        let mut walk = Planner {
            story,
            request,
            family,
            segments: Segments::new(story, request),
            answers: answers().map(|link| link.from).collect(),
            questions: answers().map(|link| link.to).collect(),
            renewals: Renewals::of(story),
            resets: fate::resets(story),
            plan: Self {
                cast,
                chapters: Vec::new(),
                units: Vec::new(),
                start: Time::default(),
                end: Time::default(),
                page: None,
                carried: Vec::new(),
                deeds: Vec::new(),
                tracks: HashMap::new(),
                reckoned: Reckoned::default(),
                cover: vec![None; story.beats.len()],
            },
        };
        walk.chapters();
        let mut plan = walk.plan;
        if request.axis == Axis::Time && !plan.has_times() {
            // What is told packet by packet is so on that axis only.
            let in_order = Request { axis: Axis::Order, ..request.clone() };
            return Self::new(story, family, &in_order);
        }
        let sent = plan.units.iter().map(|unit| unit.beat.sent.time);
        plan.start = sent.min().unwrap_or_default();
        let ended = plan.units.iter().map(|unit| {
            let seen = unit.beat.received.map(|moment| moment.time);
            seen.unwrap_or(unit.beat.ended.time).max(unit.beat.ended.time)
        });
        plan.end = ended.max().unwrap_or_default().max(plan.start);
        plan.mark_crossings();
        plan.attach(story);
        match super::axis(request, &plan) {
            _ if request.still => {}
            Axis::Order => plan.attach_doings(story),
            Axis::Time => {
                plan.deeds = deeds::of(story, &plan);
                plan.reckoned = Reckoned::new(story, &plan);
            }
        }
        plan.begun_before(story);
        plan
    }

    /// Whether time can be to scale: not where some times are not known, nor where a conversation
    /// is folded.
    pub(super) fn has_times(&self) -> bool {
        self.units.iter().all(|unit| !unit.folded && unit.beat.sent.time.known().is_some())
    }

    /// Arrows that meet: sent before the one that travels against them has arrived, or arriving
    /// before one that was sent earlier.
    fn mark_crossings(&mut self) {
        for later in 1..self.units.len() {
            let (before, rest) = self.units.split_at_mut(later);
            let (Some(a), Some(b)) = (before.last_mut(), rest.first_mut()) else { continue };
            let Some((first, second)) = a.received.zip(b.received) else { continue };
            if (a.from, a.to) == (b.to, b.from) && b.beat.sent.time < first {
                (a.free, b.free) = (Free::Tail, Free::Tail);
            } else if (a.from, a.to) == (b.from, b.to) && second < first {
                (a.free, b.free) = (Free::Tail, Free::Head);
            }
        }
    }

    /// The part of it that stands on one page. Times are counted from the first arrow of all.
    pub(super) fn part(&self, units: Range<usize>, page: (usize, usize)) -> Self {
        let chapters = self.chapters.iter().filter_map(|chapter| {
            let first = chapter.units.start.max(units.start);
            let end = chapter.units.end.min(units.end);
            (first < end).then(|| Chapter {
                beat: chapter.beat,
                scopes: chapter.scopes.clone(),
                units: first - units.start..end - units.start,
                continued: chapter.continued || first > chapter.units.start,
                closes: if end == chapter.units.end { chapter.closes.clone() } else { Vec::new() },
            })
        });
        let within = |covered: &Option<(usize, usize)>| {
            let (first, last) = (*covered)?;
            let inside = first >= units.start && last < units.end;
            inside.then(|| (first - units.start, last - units.start))
        };
        let mut carried = self.carried.clone();
        for unit in self.units.iter().take(units.start) {
            for (column, other, end) in
                [(unit.from, unit.to, &unit.tail), (unit.to, unit.from, &unit.head)]
            {
                for (connection, lasts) in end.bars() {
                    carried.retain(|one| (one.column, one.connection) != (column, connection));
                    if lasts {
                        carried.push(Carried { column, other, connection, since: Some(unit.id) });
                    }
                }
            }
        }
        let shown =
            |deed: &&Deed| self.cover(deed.flight).is_some_and(|(first, _)| units.contains(&first));
        let deeds = self.deeds.iter().filter(shown).cloned().collect();
        Self {
            cast: self.cast.clone(),
            chapters: chapters.collect(),
            cover: self.cover.iter().map(within).collect(),
            units: self.units.get(units).unwrap_or_default().to_vec(),
            start: self.start,
            end: self.end,
            page: Some(page),
            carried,
            deeds,
            tracks: self.tracks.clone(),
            reckoned: self.reckoned.clone(),
        }
    }

    /// The same with level arrows, where there is no room for them to slant.
    pub(super) fn levelled(&self) -> Self {
        let mut plan = self.clone();
        for unit in &mut plan.units {
            (unit.received, unit.free) = (None, Free::Whole);
        }
        plan
    }

    /// From when to when it shows what happens; all of it where it is no page of several.
    pub(super) fn shown(&self) -> (Time, Time) {
        if self.page.is_none() {
            return (Time(i64::MIN), Time(i64::MAX));
        }
        let sent = self.units.iter().map(|unit| unit.beat.sent.time);
        let ends = self.units.iter().flat_map(|unit| [Some(unit.beat.ended.time), unit.received]);
        let (first, last) = (sent.min(), ends.flatten().max());
        (first.unwrap_or_default(), last.unwrap_or_default())
    }

    /// The connection that goes by a letter.
    pub(super) fn connection(&self, track: TrackId) -> Option<ConnectionId> {
        self.tracks.iter().find(|(_, id)| **id == track).map(|(connection, _)| *connection)
    }

    /// The first and the last arrow that show a beat or a part of it.
    pub(super) fn cover(&self, beat: BeatId) -> Option<(usize, usize)> {
        self.cover.get(beat.0 as usize).copied().flatten()
    }
}

struct Planner<'a, 'r> {
    story: &'a Story,
    request: &'r Request,
    family: &'r Family,
    segments: Segments,
    /// The messages that answer questions.
    answers: HashSet<BeatId>,
    /// The questions that they answer.
    questions: HashSet<BeatId>,
    /// Which generation of keys seals what; the messages that break off a stream, and no more.
    renewals: Renewals,
    resets: HashSet<BeatId>,
    plan: Plan<'a>,
}

impl<'a> Planner<'a, '_> {
    fn chapters(&mut self) {
        for band in self.family.bands(self.story) {
            let first = self.plan.units.len();
            let is_chapter =
                |id: &BeatId| self.story.beat(*id).is_some_and(|beat| beat.level == Level::Chapter);
            let chapters: Vec<BeatId> = band.iter().copied().filter(is_chapter).collect();
            if let [_, _, ..] = chapters.as_slice() {
                self.side_by_side(&chapters);
            } else {
                band.iter().for_each(|id| self.beat(*id, None));
            }
            let units = first..self.plan.units.len();
            let (beat, scopes) = match chapters.as_slice() {
                [one] => (Some(*one), Vec::new()),
                _ => (None, chapters),
            };
            if !units.is_empty() {
                let (continued, closes) = (false, Vec::new());
                self.plan.chapters.push(Chapter { beat, scopes, units, continued, closes });
            }
        }
        if self.request.level == Level::Packet {
            in_time::sort(&mut self.plan);
        }
        self.closes();
    }

    /// Finds out in which chapter each connection has its last arrow.
    fn closes(&mut self) {
        let mut closed = HashSet::new();
        for chapter in self.plan.chapters.iter_mut().rev() {
            let units = self.plan.units.get(chapter.units.clone()).unwrap_or_default();
            let tracks = units.iter().filter_map(|unit| unit.beat.track);
            chapter.closes = tracks.filter(|track| closed.insert(*track)).collect();
        }
    }

    /// Draws chapters that overlap in time: their flights in the order of the wire.
    fn side_by_side(&mut self, chapters: &[BeatId]) {
        if self.request.level <= Level::Chapter {
            chapters.iter().for_each(|id| self.beat(*id, None));
            return;
        }
        let parts = self.in_order(chapters.iter().flat_map(|id| self.family.of(*id)));
        for part in parts {
            self.beat(part, None);
        }
        for chapter in chapters {
            let parts = self.in_order(self.family.of(*chapter).iter());
            let covers = parts.into_iter().filter_map(|id| self.plan.cover(id));
            let ends = covers.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
            if let Some(place) = self.plan.cover.get_mut(chapter.0 as usize) {
                *place = ends;
            }
        }
    }

    /// What is drawn of the parts of chapters, in the order of the wire: flights of others may
    /// stand between those of an exchange.
    fn in_order<'b>(&self, parts: impl Iterator<Item = &'b BeatId>) -> Vec<BeatId> {
        let is_exchange =
            |id: BeatId| self.story.beat(id).is_some_and(|beat| beat.level == Level::Exchange);
        let mut found = Vec::new();
        for id in parts {
            if let Some(repeat) = self.story.repeat(*id) {
                // One row stands for all of them, where time is not to scale.
                found.extend(
                    (repeat.first == *id && self.request.axis == Axis::Order).then_some(*id),
                );
                continue;
            }
            if self.request.level > Level::Exchange && is_exchange(*id) {
                found.extend(self.family.of(*id));
            } else {
                found.push(*id);
            }
        }
        found.sort_by_key(|id| match self.story.repeat(*id) {
            Some(repeat) => (self.family.steps(repeat.like).map(|(_, last)| (last, last)), true),
            None => (self.family.steps(*id), false),
        });
        found
    }

    /// Draws a beat, or its parts where the request looks further in. Parts of a flight have no
    /// number of their own, and inherit one.
    fn beat(&mut self, id: BeatId, inherited: Option<String>) {
        if let Some(repeat) = self.story.repeat(id) {
            self.more(repeat);
            return;
        }
        let Some(beat) = self.story.beat(id) else { return };
        let first = self.plan.units.len();
        let number = match self.family.steps(id) {
            Some((first, last)) if first == last => first.to_string(),
            // Steps of other connections may lie between its own.
            Some((first, last)) if self.family.flights(id) <= last - first => {
                format!("{first} … {last}")
            }
            Some((first, last)) => format!("{first}–{last}"),
            None => inherited.unwrap_or_else(|| (first + 1).to_string()),
        };
        let opened = self.request.opened.contains(&id);
        let parts = if beat.level < self.request.level || opened {
            self.parts(id, opened)
        } else {
            Vec::new()
        };
        for (position, part) in parts.iter().enumerate() {
            let several = parts.len() > 1;
            let below = if several { format!("{number}.{}", position + 1) } else { number.clone() };
            self.beat(*part, Some(below));
        }
        if parts.is_empty() {
            self.draw(id, number);
        }
        let end = self.plan.units.len();
        if end > first {
            self.covers(id, (first, end - 1), parts.is_empty());
        }
    }

    /// The parts of a beat that are drawn in its stead: packets where the request goes as far
    /// as that, else anything above them.
    fn parts(&self, id: BeatId, opened: bool) -> Vec<BeatId> {
        let children = self.family.of(id);
        let packet =
            |id: &BeatId| self.story.beat(*id).is_some_and(|beat| beat.level == Level::Packet);
        let wanted = self.request.level == Level::Packet
            || (opened && children.iter().all(packet) && !children.is_empty());
        let has_packets = children.iter().any(packet);
        let found = children.iter().filter(|child| packet(child) == (wanted && has_packets));
        let is_chapter = self.story.beat(id).is_some_and(|beat| beat.level == Level::Chapter);
        if is_chapter { self.in_order(found) } else { found.copied().collect() }
    }

    /// Says which arrows show a beat; `whole` if its parts have none of their own.
    fn covers(&mut self, id: BeatId, arrows: (usize, usize), whole: bool) {
        if let Some(place) = self.plan.cover.get_mut(id.0 as usize) {
            *place = place.or(Some(arrows));
        }
        if whole {
            for child in self.family.of(id).to_vec() {
                self.covers(child, arrows, true);
            }
        }
    }

    fn draw(&mut self, id: BeatId, number: String) {
        let Some(beat) = self.story.beat(id) else { return };
        let column =
            |actor: u16| self.plan.cast.iter().position(|shown| *shown == usize::from(actor));
        let (Some(from), Some(to)) = (column(beat.from.0), column(beat.to.0)) else { return };
        let folded = from != to
            && matches!(beat.level, Level::Chapter | Level::Exchange)
            && self.family.flights(id) > 1;
        let note = if folded { self.note(id, beat) } else { String::new() };
        let mut beads = Messages { story: self.story, family: self.family }.beads(id, beat);
        let messages = beads.iter().filter_map(|bead| self.story.beat(bead.beat));
        let tags = segments::less_what_beads_say(self.segments.of(id, messages), &beads);
        beads.retain(|bead| {
            let message = self.story.beat(bead.beat);
            !message.is_some_and(|message| segments::speak_for(&tags, message))
        });
        for bead in &mut beads {
            let is_in = |these: &HashSet<BeatId>| these.contains(&bead.beat);
            bead.speaks = is_in(&self.answers) || is_in(&self.questions);
            bead.generation = self.renewals.generation(self.story, bead);
        }
        let quiet = beat.outcome == Outcome::Arrived
            && !folded
            && !beads.is_empty()
            && beads.iter().all(|bead| bead.style == Style::Tcp);
        let received = beat.received.map(|moment| moment.time).filter(|arrival| {
            // Of what the way has made nobody knows how long it took: it is level.
            let is_known = *arrival > beat.sent.time || beat.is_from_midway();
            self.story.both_ends && is_known && from != to && !folded
        });
        let is_lead = |bead: &Bead| {
            let message = self.story.beat(bead.beat);
            message.is_some_and(|one| one.anchor == beat.anchor && one.protocol == beat.protocol)
        };
        let lead = beads.iter().position(is_lead).unwrap_or_default();
        let fate = Fate::of((&beads, folded), &self.answers, &self.resets);
        self.plan.units.push(Unit {
            id,
            beat,
            from,
            to,
            number,
            badge: self.story.badge(beat),
            beads,
            lead,
            tags,
            folded,
            note,
            fate,
            quiet,
            received,
            free: Free::Whole,
            tail: End::default(),
            head: End::default(),
        });
    }

    /// Draws exchanges that are told as one.
    fn more(&mut self, repeat: &'a Repeat) {
        let beat = &repeat.beat;
        let column =
            |actor: u16| self.plan.cast.iter().position(|shown| *shown == usize::from(actor));
        let (Some(from), Some(to)) = (column(beat.from.0), column(beat.to.0)) else { return };
        let at = self.plan.units.len();
        self.plan.units.push(Unit {
            id: repeat.first,
            beat,
            from,
            to,
            number: format!("+{}", repeat.count),
            badge: self.story.badge(beat),
            beads: vec![Bead::of_many(repeat)],
            lead: 0,
            tags: Vec::new(),
            folded: from != to,
            note: repeat.cost(),
            fate: Fate::default(),
            quiet: false,
            received: None,
            free: Free::Whole,
            tail: End::default(),
            head: End::default(),
        });
        let beats = repeat.first.0 as usize..=repeat.last.0 as usize;
        for place in self.plan.cover.get_mut(beats).into_iter().flatten() {
            *place = Some((at, at));
        }
    }

    /// What a block folds.
    fn note(&self, id: BeatId, beat: &Beat) -> String {
        let flights = Some(counted(self.family.flights(id), "flight"));
        let trips = (beat.round_trips > 0).then(|| counted(beat.round_trips, "round trip"));
        let bytes = (beat.bytes > 0).then(|| wording::bytes(beat.bytes));
        [flights, trips, bytes].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}
