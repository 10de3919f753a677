//! What stands at the ends of arrows: states and keys that change there, and what programs do.

use wirestage_dissectors::story::{ActorId, BeatId, Doing, KeyHeld, State, Story};

use super::plan::Plan;

/// What changes for an actor where an arrow leaves or arrives.
#[derive(Clone, Default)]
pub(super) struct End<'a> {
    pub(super) states: Vec<&'a State>,
    pub(super) keys: Vec<&'a KeyHeld>,
    /// What programs did that sent the arrow off, and what it made possible.
    pub(super) before: Vec<Doing>,
    pub(super) after: Vec<Doing>,
}

impl End<'_> {
    /// Whether anything stands beside it.
    pub(super) fn gains(&self) -> bool {
        self.changes() || !self.before.is_empty() || !self.after.is_empty()
    }

    /// Whether anything changes here.
    fn changes(&self) -> bool {
        !self.states.is_empty() || !self.keys.is_empty()
    }
}

impl<'a> Plan<'a> {
    /// Hands states and keys to the ends of the arrows that brought them about.
    pub(super) fn attach(&mut self, story: &'a Story) {
        for state in &story.states {
            if let Some(end) = self.end(state.flight, state.actor, state.on_send, true) {
                // Far out one arrow stands for several changes: the last one counts.
                end.states.retain(|old| old.connection != state.connection);
                end.states.push(state);
            }
        }
        for key in &story.keys {
            if let Some(end) = self.end(key.flight, key.actor, key.on_send, false)
                && end.keys.iter().all(|held| held.protection != key.protection)
            {
                end.keys.push(key);
            }
        }
        for unit in &mut self.units {
            unit.quiet &= !unit.tail.changes() && !unit.head.changes();
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
