//! Writes beats: chapters, the exchanges and flights in them, and below those their messages and
//! packets.

mod again;
mod copies;
mod errors;
mod exchanges;
mod lanes;
mod ledgers;
mod marks;
mod order;
mod passages;
mod repeats;
mod spills;
mod tracks;
mod trips;
mod whole;
mod windows;

use std::collections::HashMap;

use super::flights::Flight;
use super::gather::Item;
use super::packets::Packet;
use super::question::Course;
use super::shared::shared;
use super::told::Told;
use crate::engine::reader::Context;
use crate::ids::{Direction, FrameId, MessageId};
use crate::limits::MAX_STORY_PACKETS;
use crate::message::Protection;
use crate::protocols::{data, tcp, udp};
use crate::story::{
    ActorId, Beat, BeatId, Gained, Judged, KeyHeld, Level, Link, Moment, Outcome, Parcel,
    RoundTrip, Side, State, Story,
};
use crate::survey::Survey;
use crate::verdict::Verdict;

/// What becomes an arrow, by position in its connection.
#[derive(Clone, Copy)]
enum Step {
    Flight(usize),
    Error(usize),
}

/// Puts the flights of all connections into one story: each connection a track with chapters of
/// its own.
pub(super) fn write(
    told: &mut [Told],
    (context, survey): (Context<'_>, &Survey),
    marks: &[FrameId],
    story: &mut Story,
) {
    let mut order: Vec<(Moment, &Told, Step)> = Vec::new();
    for one in &*told {
        let sent = |frame, direction| one.vantage.sent(frame, direction, context);
        for (at, flight) in one.flights.iter().enumerate() {
            order.push((sent(flight.speaks, flight.direction), one, Step::Flight(at)));
        }
        for (at, error) in one.errors.iter().enumerate() {
            order.push((sent(error.frame, error.direction.reverse()), one, Step::Error(at)));
        }
    }
    if story.both_ends {
        // The sort is stable: flights of one connection keep their order where times are equal.
        order.sort_by_key(|(moment, ..)| moment.time);
    } else {
        order.sort_by_key(|(moment, ..)| moment.frame);
    }
    let begun = order.iter().map(|(moment, one, _)| (one.thread.number, *moment));
    let begun = whole::Begun::of(begun, story.both_ends);
    let mut writer = Writer {
        context,
        story,
        begun,
        at_hand: None,
        chapters: HashMap::new(),
        flights: HashMap::new(),
        messages: HashMap::new(),
        latest: HashMap::new(),
        last: HashMap::new(),
        errors: Vec::new(),
        packets: HashMap::new(),
    };
    for (_, one, step) in &order {
        match *step {
            Step::Flight(at) => writer.flight(one, at),
            Step::Error(at) => writer.error(one, at),
        }
    }
    for one in &*told {
        writer.links(one);
    }
    writer.transfers(told);
    writer.marks(told, marks, survey);
    let mut trips: Vec<RoundTrip> = told.iter().flat_map(|one| writer.trips(one, survey)).collect();
    let errors = std::mem::take(&mut writer.errors);
    for trip in errors {
        writer.add_trip(trip, &mut trips);
    }
    for one in &*told {
        writer.exchanges(one);
        writer.lanes(one);
        writer.windows(one);
        writer.ledger(one);
    }
    let mut passages = copies::copies(told, &writer);
    passages.append(&mut passages::passages(told, &writer));
    trips.sort_by_key(|trip| trip.from);
    story.passages = passages;
    story.trips = trips;
    order::settle(story);
    story.repeats = repeats::repeats(story);
    story.tracks = tracks::tracks(told, story);
}

struct Writer<'a> {
    context: Context<'a>,
    story: &'a mut Story,
    /// When the steps of each connection begin.
    begun: whole::Begun,
    /// The chapter of the last arrow.
    at_hand: Option<BeatId>,
    /// The last chapter of each title in each connection.
    chapters: HashMap<(usize, String), BeatId>,
    flights: HashMap<(usize, usize), BeatId>,
    messages: HashMap<(usize, MessageId), BeatId>,
    /// The title of the last chapter of each connection.
    latest: HashMap<usize, String>,
    /// The last flight of each connection.
    last: HashMap<usize, spills::Last>,
    /// From what was quoted to the error that quotes it.
    errors: Vec<RoundTrip>,
    /// The packets that stand singly, by connection and frame, with their flights.
    packets: HashMap<(usize, FrameId), (BeatId, BeatId)>,
}

impl Writer<'_> {
    fn push(&mut self, beat: Beat) -> BeatId {
        let id = BeatId(self.story.beats.len() as u32);
        self.story.beats.push(beat);
        id
    }

    fn at(&mut self, id: BeatId) -> Option<&mut Beat> {
        self.story.beats.get_mut(id.0 as usize)
    }

    fn flight(&mut self, told: &Told, at: usize) {
        let Some(flight) = told.flights.get(at) else { return };
        let Some(lead) = told.thread.items.get(flight.lead) else { return };
        let span = (flight.speaks, flight.end);
        let blank = self.beat(Level::Chapter, told, lead, span);
        let known = self.chapters.get(&(told.thread.number, flight.title.clone()));
        let chapter = match known.copied().filter(|_| lead.told.turn.stored_late) {
            Some(chapter) => chapter,
            None => self.chapter(told, &flight.title, blank),
        };
        let labels: Vec<&str> = flight
            .items
            .iter()
            .filter_map(|at| told.thread.items.get(*at))
            .map(|item| item.told.label.as_str())
            .collect();
        let mut beat = Beat {
            parent: Some(chapter),
            label: labels.join(" · "),
            outcome: flight.outcome,
            detail: flight.detail(&told.thread.items),
            ..self.beat(Level::Flight, told, lead, span)
        };
        let own = flight.items.iter().filter_map(|at| told.thread.items.get(*at));
        if !told.thread.one_sided
            && let Some(shared) = shared(own, lead)
        {
            beat.headline = shared.headline;
            let explains = shared.explains.unwrap_or(lead);
            beat.lesson = explains.told.lesson;
            beat.source = shared.source.or(explains.told.source);
        }
        let is_lost = |at: &usize| {
            told.thread.items.get(*at).is_some_and(|item| {
                item.start == item.end && told.vantage.lost(item.start, item.direction)
            })
        };
        if flight.items.iter().all(is_lost) {
            beat.outcome = Outcome::Lost;
        }
        let own = flight.items.iter().filter_map(|at| told.thread.items.get(*at));
        let last = own.map(|item| item.came).max().unwrap_or(flight.end);
        let beat = self.whole_at(told.with_losses(beat, lead, at), (told, flight.direction), last);
        let ended = beat.ended;
        let id = self.push(beat);
        self.flights.insert((flight.thread, at), id);
        self.spills((told, flight), (id, chapter));
        if let Some(chapter) = self.at(chapter)
            && chapter.ended.time < ended.time
        {
            chapter.ended = ended;
        }
        for item in flight.items.iter().filter_map(|at| told.thread.items.get(*at)) {
            let at_once = |keys: Protection| {
                let mut own = flight.items.iter().filter_map(|at| told.thread.items.get(*at));
                own.any(|other| other.protection == keys)
            };
            self.item(told, item, (id, &at_once));
        }
        self.packets(told, at, id, chapter);
    }

    /// The chapter of an arrow: the last one of its connection where that has the same title,
    /// else a new one. Datagrams that no connection binds share the chapter at hand.
    fn chapter(&mut self, told: &Told, title: &str, blank: Beat) -> BeatId {
        let number = told.thread.number;
        let last = match told.track {
            None => self.at_hand,
            Some(_) => {
                let latest = self.latest.get(&number);
                latest.and_then(|latest| self.chapters.get(&(number, latest.clone())).copied())
            }
        };
        let same = |id: &BeatId| {
            let beat = self.story.beat(*id);
            beat.is_some_and(|beat| beat.label == title && beat.track == told.track)
        };
        if let Some(id) = last.filter(same) {
            self.at_hand = Some(id);
            self.chapters.insert((number, title.to_owned()), id);
            return id;
        }
        let id = self.push(Beat {
            label: title.to_owned(),
            headline: String::new(),
            detail: String::new(),
            protection: Protection::Clear,
            outcome: Outcome::Arrived,
            anchor: None,
            bytes: 0,
            packets: 0,
            ..blank
        });
        self.at_hand = Some(id);
        self.chapters.insert((number, title.to_owned()), id);
        self.latest.insert(number, title.to_owned());
        id
    }

    /// Writes a message of a flight, of which it is known under which keys it holds messages.
    fn item(
        &mut self,
        told: &Told,
        item: &Item,
        (flight, holds): (BeatId, &dyn Fn(Protection) -> bool),
    ) {
        let lost = item.start == item.end && told.vantage.lost(item.start, item.direction);
        let beat = Beat {
            parent: Some(flight),
            outcome: if lost { Outcome::Lost } else { item.told.outcome },
            bytes: item.bytes,
            packets: told.dealt.packets_between(item.direction, item.start, item.end),
            ..self.beat(Level::Message, told, item, (item.start, item.came))
        };
        let beat = self.whole_at(beat, (told, item.direction), item.came);
        let (from, to) = (beat.from, beat.to);
        let id = self.push(beat);
        if item.message != MessageId::NONE {
            // What was held back is a part of the same message: its head stands for it.
            self.messages.entry((told.thread.number, item.message)).or_insert(id);
        }
        if let Some(verdict) = &item.told.verdict {
            let (verdict, actor) = (Verdict::clone(verdict), from);
            self.story.verdicts.push(Judged { flight, message: id, actor, verdict });
        }
        let connection = told.thread.id;
        for (side, gained) in &item.told.gained {
            let on_send = *side == Side::Sender;
            let actor = if on_send { from } else { to };
            match *gained {
                Gained::Keys(protection, name) | Gained::Renewed(protection, name) => {
                    let renews = matches!(gained, Gained::Renewed(..));
                    let at_once = on_send && holds(protection);
                    self.story.keys.push(KeyHeld {
                        actor,
                        flight,
                        message: id,
                        on_send,
                        at_once,
                        protection,
                        name,
                        renews,
                    });
                }
                Gained::State(name, open) => {
                    // Where one end was recorded, what crossed stands in that end's order: a state
                    // that was over by then does not come back.
                    let is_over =
                        |state: &&State| state.actor == actor && state.connection == connection;
                    let last = self.story.states.iter().rev().find(is_over);
                    let goes_back = name == "SYN-RECEIVED"
                        && last.is_some_and(|last| last.name == "ESTABLISHED");
                    if goes_back && !self.story.both_ends {
                        continue;
                    }
                    // Nor was an end that closes by itself in the state of one that was told to.
                    let was_told = self.story.states.iter().rposition(|state| is_over(&state));
                    if name == "CLOSING"
                        && let Some(at) = was_told
                        && self.story.states.get(at).is_some_and(|it| it.name == "CLOSE-WAIT")
                    {
                        self.story.states.remove(at);
                    }
                    self.story.states.push(State {
                        actor,
                        connection,
                        flight,
                        message: id,
                        on_send,
                        name,
                        open,
                    });
                }
            }
        }
    }

    fn packets(&mut self, told: &Told, at: usize, flight: BeatId, chapter: BeatId) {
        let Some(share) = told.dealt.shares.get(at) else { return };
        if let Some(beat) = self.at(flight) {
            (beat.packets, beat.bytes) = (share.packets, share.bytes);
        }
        let mut packets: Vec<(Beat, Packet)> = share
            .shown
            .iter()
            .map(|packet| (self.packet(told, *packet, flight), *packet))
            .collect();
        if self.story.both_ends {
            // What never came stands among what did.
            packets.sort_by_key(|(beat, _)| beat.sent.time);
        }
        for (beat, packet) in packets {
            let id = self.push(beat);
            let parts = told.thread.parts.get(&packet.frame).into_iter().flatten();
            let parcels = parts.map(|(part, protection)| {
                let (label, protection) = (part.label.clone(), *protection);
                Parcel { packet: id, label, protection }
            });
            self.story.parcels.extend(parcels);
            self.packets.insert((told.thread.number, packet.frame), (id, flight));
        }
        for cost in &share.costs {
            let named = cost.title.clone().map(|title| (told.thread.number, title));
            let elsewhere = named.and_then(|key| self.chapters.get(&key).copied());
            if let Some(chapter) = self.at(elsewhere.unwrap_or(chapter)) {
                chapter.packets += cost.packets;
                chapter.bytes += cost.bytes;
            }
            self.story.packets += cost.packets;
            self.story.bytes += cost.bytes;
        }
    }

    fn packet(&self, told: &Told, packet: Packet, flight: BeatId) -> Beat {
        let Packet { frame, direction, bytes, .. } = packet;
        let (from, to) = told.between(direction, frame);
        let sent = told.vantage.sent(frame, direction, self.context);
        let protocol = match told.thread.framing {
            crate::protocol::Framing::Stream => tcp::PROTOCOL_ID,
            crate::protocol::Framing::Datagram => udp::PROTOCOL_ID,
        };
        let lost = told.vantage.lost(frame, direction);
        let sealed = told.thread.sealed.get(&frame).copied();
        let parts = told.thread.parts.get(&frame);
        Beat {
            parent: Some(flight),
            track: told.track,
            received: told.vantage.received(frame, direction, self.context),
            label: packet.label(sent.frame),
            protection: sealed.unwrap_or(Protection::Clear),
            outcome: if lost { Outcome::Lost } else { Outcome::Arrived },
            lesson: parts.and_then(|all| all.first()).map(|(part, _)| part.lesson),
            bytes: u64::from(bytes),
            packets: 1,
            ..Beat::blank(Level::Packet, [from, to], sent, protocol)
        }
    }

    /// A beat that says what an item says.
    fn beat(
        &self,
        level: Level,
        told: &Told,
        item: &Item,
        (start, end): (FrameId, FrameId),
    ) -> Beat {
        let (from, to) = told.between(item.direction, start);
        let sent = told.vantage.sent(told.dealt.begun(start), item.direction, self.context);
        Beat {
            track: told.track,
            ended: told.vantage.sent(end, item.direction, self.context),
            received: told.vantage.received(start, item.direction, self.context),
            label: item.told.label.clone(),
            headline: item.told.headline.clone(),
            detail: item.told.detail.clone(),
            protection: item.protection,
            outcome: item.told.outcome,
            lesson: item.told.lesson,
            source: item.told.source,
            carries: item.told.stance.carries && level == Level::Message,
            anchor: item.anchor,
            ..Beat::blank(level, [from, to], sent, item.protocol)
        }
    }

    fn links(&mut self, told: &Told) {
        let number = told.thread.number;
        for related in &told.thread.related {
            let place = |message| self.messages.get(&(number, message)).copied();
            if let (Some(from), Some(to)) = (place(related.from), place(related.to)) {
                self.story.links.push(Link { from, relation: related.relation, to });
            }
        }
    }
}

impl Told {
    /// What was said, and what waited for what.
    pub(super) fn course(&self) -> Course<'_> {
        let Self { thread, pairs, trips, vantage, .. } = self;
        Course { thread, pairs, trips, vantage }
    }

    /// The flight in which a frame left, of a question that began in flight `first`: what asks
    /// may be told over several, with a pause between them.
    fn under_way(&self, first: usize, frame: FrameId) -> usize {
        let Some(direction) = self.flights.get(first).map(|flight| flight.direction) else {
            return first;
        };
        let later = self.flights.iter().enumerate().skip(first);
        let begun = later.take_while(|(_, one)| one.start <= frame);
        let own = begun.filter(|(_, one)| one.direction == direction);
        own.last().map_or(first, |(at, _)| at)
    }

    /// A flight with what of it is known to be lost: where its bytes mean nothing to anyone else,
    /// that is what there is to say of it.
    fn with_losses(&self, beat: Beat, lead: &Item, at: usize) -> Beat {
        let Some(recovery) = &self.recovery else { return beat };
        let frames = self.dealt.shares.get(at).map_or(&[][..], |share| &share.shown);
        if frames.len() >= MAX_STORY_PACKETS {
            // It may hold more than stand singly.
            return beat;
        }
        let own = frames.iter().filter(|one| one.direction == lead.direction);
        let frames = own.map(|one| one.frame);
        let Some(lost) = recovery.lost_among(frames.clone()) else {
            return match recovery.grown_among(frames) {
                Some(grown) => again::with_growth(beat, lead, grown),
                None => beat,
            };
        };
        if beat.headline == lost {
            return beat;
        }
        let (headline, added) = if lead.protocol == data::PROTOCOL_ID {
            (lost, String::new())
        } else {
            (beat.headline, format!(" {lost}."))
        };
        let detail = format!("{}{added}", beat.detail).trim_start().to_owned();
        Beat { headline, detail, ..beat }
    }

    fn between(&self, direction: Direction, at: FrameId) -> (ActorId, ActorId) {
        let [initiator, responder] = self.elsewhere.get(&at).copied().unwrap_or(self.ends);
        match direction {
            Direction::Forward => (initiator, responder),
            Direction::Backward => (responder, initiator),
        }
    }
}
