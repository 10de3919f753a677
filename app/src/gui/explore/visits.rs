//! Where one was: back and forward through it.

use wirestage_dissectors::ids::{ConnectionId, FrameId};
use wirestage_dissectors::message::Anchor;

use super::{Explore, View};
use crate::diagram::Towards;

/// Places that are remembered.
const REMEMBERED: usize = 200;

/// A place where one was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Visit {
    frame: FrameId,
    anchor: Option<Anchor>,
    view: View,
    told: Option<ConnectionId>,
}

impl Visit {
    /// Whether going there from another place is a step and no jump.
    fn is_beside(self, other: Self) -> bool {
        (self.view, self.told) == (other.view, other.told)
            && self.frame.0.abs_diff(other.frame.0) <= 1
    }
}

/// The places where one was, and which of them one is at.
#[derive(Default)]
pub(super) struct Visits {
    places: Vec<Visit>,
    at: usize,
}

impl Visits {
    /// Remembers where one is now. Steps from row to row are one place.
    fn note(&mut self, visit: Visit) {
        match self.places.get_mut(self.at) {
            Some(here) if here.is_beside(visit) => *here = visit,
            Some(_) => {
                self.places.truncate(self.at + 1);
                self.places.push(visit);
                let over = self.places.len().saturating_sub(REMEMBERED);
                self.places.drain(..over);
                self.at = self.places.len() - 1;
            }
            None => {
                self.places = vec![visit];
                self.at = 0;
            }
        }
    }

    /// The place before this one, or after it.
    pub(super) fn turn(&mut self, towards: Towards) -> Option<Visit> {
        let next = match towards {
            Towards::Next => self.at.checked_add(1),
            Towards::Previous => self.at.checked_sub(1),
        }?;
        let visit = self.places.get(next).copied()?;
        self.at = next;
        Some(visit)
    }
}

impl Explore {
    /// Remembers where one is.
    pub(super) fn visited(&mut self) {
        let Some(frame) = self.selection.frame else { return };
        let anchor = self.selection.anchor;
        self.visits.note(Visit { frame, anchor, view: self.shown.view, told: self.shown.told });
    }

    /// Goes where one was before, or on again after that.
    pub(super) fn turn(&mut self, towards: Towards) {
        if let Some(visit) = self.visits.turn(towards) {
            self.revisit(visit);
        }
    }

    /// Goes where one was.
    fn revisit(&mut self, visit: Visit) {
        match visit.view {
            View::Overview => self.shown.view = View::Overview,
            View::Story if (self.shown.view, self.shown.told) != (visit.view, visit.told) => {
                self.tell(visit.told);
            }
            View::Story => {}
        }
        match visit.anchor {
            Some(anchor) => self.select_message(visit.frame, anchor),
            None => self.select_frame(visit.frame),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(frame: u32) -> Visit {
        Visit { frame: FrameId(frame), anchor: None, view: View::Story, told: None }
    }

    #[test]
    fn one_goes_back_over_jumps_and_not_over_steps() {
        let mut visits = Visits::default();
        for frame in [0, 1, 2, 50, 51, 9] {
            visits.note(visit(frame));
        }
        assert_eq!(visits.turn(Towards::Previous), Some(visit(51)));
        assert_eq!(visits.turn(Towards::Previous), Some(visit(2)));
        assert_eq!(visits.turn(Towards::Previous), None);
        assert_eq!(visits.turn(Towards::Next), Some(visit(51)));
        visits.note(visit(80));
        assert_eq!(visits.turn(Towards::Next), None, "another way was taken");
        assert_eq!(visits.turn(Towards::Previous), Some(visit(51)));
    }

    #[test]
    fn the_oldest_places_are_forgotten() {
        let mut visits = Visits::default();
        (0..1000).for_each(|n| visits.note(visit(n * 10)));
        assert_eq!(std::iter::from_fn(|| visits.turn(Towards::Previous)).count(), REMEMBERED - 1);
    }
}
