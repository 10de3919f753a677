//! What stands at the ends of arrows: states and keys that change there, and what programs do.

use std::collections::HashMap;

use wirestage_dissectors::ids::ConnectionId;
use wirestage_dissectors::story::{
    ActorId, BeatId, Doing, KeyHeld, Level, State, Story, Track, TrackId,
};

use super::plan::{Carried, Plan, Unit};

/// A state that an actor takes, and what stands beside its lifeline for it.
#[derive(Clone)]
pub(super) struct Turn<'a> {
    state: &'a State,
    /// Its name, with the letter of its connection where several share the lifeline.
    pub(super) words: String,
    /// That connection.
    pub(super) track: Option<TrackId>,
}

impl<'a> Turn<'a> {
    fn new(story: &Story, state: &'a State) -> Self {
        let tracks = || (0..).map(TrackId).zip(&story.tracks);
        let shares = |(_, track): &(TrackId, &Track)| {
            track.like.is_none() && track.ends.contains(&state.actor)
        };
        let own = tracks().find(|(_, track)| track.connection == state.connection);
        let is_shared = tracks().filter(shares).nth(1).is_some();
        let track = own.map(|(id, _)| id).filter(|_| is_shared);
        let words = match track {
            Some(track) => format!("{} · {}", track.letter(), state.name),
            None => state.name.to_owned(),
        };
        Self { state, words, track }
    }
}

impl std::ops::Deref for Turn<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        self.state
    }
}

/// What changes for an actor where an arrow leaves or arrives.
#[derive(Clone, Default)]
pub(super) struct End<'a> {
    pub(super) states: Vec<Turn<'a>>,
    /// Keys that the arrow uses already, and those that come into use behind it.
    pub(super) ready: Vec<&'a KeyHeld>,
    pub(super) keys: Vec<&'a KeyHeld>,
    /// Closed connections whose end still has something to send: their bars go on.
    lasting: Vec<ConnectionId>,
    /// Those whose bar ends here, with the last of it.
    spent: Vec<ConnectionId>,
    /// How long the connection had been idle that is used again.
    pub(super) idle: Option<String>,
    /// What programs did that sent the arrow off, and what it made possible.
    pub(super) before: Vec<Doing>,
    pub(super) after: Vec<Doing>,
}

impl End<'_> {
    /// Whether anything stands beside it.
    pub(super) fn gains(&self) -> bool {
        self.changes() || self.idle.is_some() || !self.before.is_empty() || !self.after.is_empty()
    }

    /// Whether anything changes here.
    fn changes(&self) -> bool {
        !self.states.is_empty() || !self.ready.is_empty() || !self.keys.is_empty()
    }

    /// What becomes of the bars of connections: of which, and whether it lasts from here on.
    pub(super) fn bars(&self) -> impl Iterator<Item = (ConnectionId, bool)> {
        let lasts = |state: &Turn<'_>| state.open || self.lasting.contains(&state.connection);
        let changed = self.states.iter().map(move |state| (state.connection, lasts(state)));
        changed.chain(self.spent.iter().map(|connection| (*connection, false)))
    }

    /// The names of what stands above the arrow, from the top down: how long its connection was
    /// idle, keys, what programs did, states.
    pub(super) fn above(&self) -> impl Iterator<Item = &str> {
        let before = self.before.iter().map(|doing| doing.beside.as_str());
        let ready = self.ready.iter().map(|key| key.name);
        self.idle
            .as_deref()
            .into_iter()
            .chain(ready)
            .chain(before)
            .chain(self.states.iter().map(|turn| turn.words.as_str()))
    }

    /// The names of what stands below it: keys, then what programs did.
    pub(super) fn below(&self) -> impl Iterator<Item = &str> {
        let after = self.after.iter().map(|doing| doing.beside.as_str());
        self.keys.iter().map(|key| key.name).chain(after)
    }
}

impl<'a> Plan<'a> {
    /// Hands states and keys to the ends of the arrows that brought them about.
    pub(super) fn attach(&mut self, story: &'a Story) {
        for state in &story.states {
            let at = self.place(story, state.message, state.on_send).unwrap_or(state.flight);
            if let Some(end) = self.end(at, state.actor, state.on_send, true) {
                // Far out one arrow stands for several changes: the last one counts.
                end.states.retain(|old| old.connection != state.connection);
                end.states.push(Turn::new(story, state));
            }
        }
        self.last_bars(story);
        for key in &story.keys {
            let at = self.place(story, key.message, key.on_send).unwrap_or(key.flight);
            // Where each message has an arrow of its own, none under these keys left before.
            let is_one = story.beat(at).is_none_or(|beat| beat.level != Level::Message);
            let is_ready = key.at_once && is_one;
            if let Some(end) = self.end(at, key.actor, key.on_send, is_ready)
                && end.ready.iter().chain(&end.keys).all(|held| held.protection != key.protection)
            {
                let side = if is_ready { &mut end.ready } else { &mut end.keys };
                side.push(key);
            }
        }
        for idle in story.idles() {
            let asks = story.beat(idle.before).map(|beat| beat.from);
            let end = asks.and_then(|actor| self.end(idle.before, actor, true, true));
            if let Some(end) = end {
                end.idle = Some(idle.label());
            }
        }
        for unit in &mut self.units {
            unit.quiet &= !unit.tail.changes() && !unit.head.changes();
        }
    }

    /// A bar reaches as far as its end sends: who waits in TIME-WAIT has sent the last
    /// acknowledgement of all (RFC 9293, 3.6). What is refused is sent by nobody's connection.
    fn last_bars(&mut self, story: &Story) {
        let connection = |unit: &Unit<'_>| {
            let track = unit.beat.track.and_then(|id| story.tracks.get(usize::from(id.0)));
            track.map(|track| track.connection)
        };
        let sends = self.units.iter().enumerate().filter(|(_, unit)| !unit.refused());
        let sends = sends.filter_map(|(at, unit)| Some(((unit.from, connection(unit)?), at)));
        let last: HashMap<(usize, ConnectionId), usize> = sends.collect();
        let mut spent = Vec::new();
        for (at, unit) in self.units.iter_mut().enumerate() {
            for (column, end) in [(unit.from, &mut unit.tail), (unit.to, &mut unit.head)] {
                for state in end.states.iter().filter(|state| !state.open) {
                    let last = last.get(&(column, state.connection)).filter(|last| **last > at);
                    if let Some(last) = last {
                        end.lasting.push(state.connection);
                        spent.push((*last, state.connection));
                    }
                }
            }
        }
        for (at, connection) in spent {
            if let Some(unit) = self.units.get_mut(at) {
                unit.tail.spent.push(connection);
            }
        }
    }

    /// Names the connections, and finds those that were open before the recording began.
    pub(super) fn begun_before(&mut self, story: &Story) {
        if story.tracks.len() < 2 {
            return;
        }
        let column = |actor: ActorId| self.cast.iter().position(|at| *at == usize::from(actor.0));
        for (id, track) in (0..).map(TrackId).zip(&story.tracks) {
            self.tracks.insert(track.connection, id);
            let [Some(asks), Some(answers)] = track.ends.map(column) else { continue };
            if track.is_whole || track.like.is_some() {
                continue;
            }
            for (column, other) in [(asks, answers), (answers, asks)] {
                let connection = track.connection;
                self.carried.push(Carried { column, other, connection, since: None });
            }
        }
    }

    /// Hands what programs did to the ends of the arrows that it belongs to; a block that folds
    /// several arrows says nothing of it.
    pub(super) fn attach_doings(&mut self, story: &Story) {
        let mut flights: Vec<BeatId> = story.marks.iter().map(|mark| mark.flight).collect();
        flights.dedup();
        for flight in flights {
            let folded = self.cover(flight).and_then(|(first, _)| self.units.get(first));
            if folded.is_none_or(|unit| unit.folded) {
                continue;
            }
            for doing in story.doings(flight) {
                let above = doing.on_send || doing.earlier;
                if let Some(end) = self.end(flight, doing.actor, doing.on_send, above) {
                    let side = if above { &mut end.before } else { &mut end.after };
                    side.push(doing);
                }
            }
        }
    }

    /// What shows the message with which something changed: itself or its packet where these have
    /// arrows of their own, else its flight.
    fn place(&self, story: &Story, message: BeatId, on_send: bool) -> Option<BeatId> {
        let flight = story.flight_of(message)?;
        let own = |id: BeatId| self.cover(id).filter(|shown| Some(*shown) != self.cover(flight));
        if own(message).is_some() {
            return Some(message);
        }
        let beat = story.beat(message)?;
        let at = if on_send { beat.sent } else { beat.ended };
        let mut packets = story.children(Some(flight)).filter(|(id, packet)| {
            packet.level == Level::Packet && packet.sent.frame == at.frame && own(*id).is_some()
        });
        packets.next().map(|(id, _)| id).or(Some(flight))
    }

    /// The end of an arrow at which an actor's change stands. Both ends of a message to oneself
    /// are the actor's: states stand above the upper, keys below the lower.
    fn end(
        &mut self,
        flight: BeatId,
        actor: ActorId,
        on_send: bool,
        above: bool,
    ) -> Option<&mut End<'a>> {
        let (first, last) = self.cover(flight)?;
        let unit = self.units.get_mut(if on_send { first } else { last })?;
        let (from, to) = (unit.beat.from == actor, unit.beat.to == actor);
        match (from, to) {
            (true, true) => Some(if above { &mut unit.tail } else { &mut unit.head }),
            (true, false) => Some(&mut unit.tail),
            (false, true) => Some(&mut unit.head),
            (false, false) => None,
        }
    }
}
