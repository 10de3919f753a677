//! Which chapters end or begin within a flight of another one.

use super::super::flights::{Flight, is_of};
use super::super::told::Told;
use super::Writer;
use crate::story::{BeatId, Spill};

/// The last flight of a connection: its chapter, and the titles of what it holds of others.
#[derive(Clone, Debug)]
pub(super) struct Last {
    flight: BeatId,
    chapter: BeatId,
    others: Vec<String>,
}

impl Writer<'_> {
    /// Takes note of a flight of this chapter, which follows the one before it in its connection:
    /// what belongs to the chapter that ends with it, and which chapter has begun in the last one.
    pub(super) fn spills(
        &mut self,
        (told, flight): (&Told, &Flight),
        (id, chapter): (BeatId, BeatId),
    ) {
        let number = told.thread.number;
        let items = flight.items.iter().filter_map(|at| told.thread.items.get(*at));
        // What nobody waits for, or is sent again, is no part of how a chapter went.
        let own = items.filter(|item| !item.told.stance.aside && !item.is_try);
        let titles = own.map(|item| item.told.chapter.title.as_str());
        let mut others: Vec<String> = titles
            .filter(|title| !title.is_empty() && !is_of(title, &flight.title))
            .map(str::to_owned)
            .collect();
        others.dedup();
        if let Some(last) = self.last.get(&number).filter(|last| last.chapter != chapter) {
            let title = |id| self.story.beat(id).map_or("", |beat| beat.label.as_str());
            let ends = others.iter().any(|other| is_of(other, title(last.chapter)));
            let begins = last.others.iter().any(|other| is_of(other, &flight.title));
            let step = None;
            let (before, within) = (last.chapter, last.flight);
            if ends {
                self.story.spills.push(Spill { chapter: before, flight: id, ends: true, step });
            }
            if begins {
                self.story.spills.push(Spill { chapter, flight: within, ends: false, step });
            }
        }
        self.last.insert(number, Last { flight: id, chapter, others });
    }
}
