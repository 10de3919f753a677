//! Puts what single messages say together into requests.

use super::note::{Heard, Key, Note};
use super::row::{BrokenOff, Request, Said};
use super::way::Ways;
use crate::exchange::{Part, Short};
use crate::limits::MAX_REQUESTS;
use crate::maps::FastMap;

/// The requests of a recording, as far as it was read.
#[derive(Clone, Debug, Default)]
pub struct Requests {
    rows: Vec<Request>,
    places: FastMap<Key, u32>,
    ways: Ways,
    left_out: u64,
}

impl Requests {
    /// Takes in what a message says; messages come in the order of the frames that complete them.
    /// Gives the place of its row, as they began; `None` if it went into none.
    pub fn take(&mut self, note: Note) -> Option<u32> {
        let heard = match note {
            Note::Heard(heard) => *heard,
            Note::Opens(step) => {
                self.ways.take(step);
                return None;
            }
        };
        let known = heard.key.and_then(|key| self.places.get(&key)).copied();
        let place = known.or_else(|| self.begin(&heard))?;
        self.rows.get_mut(place as usize)?.take(heard);
        Some(place)
    }

    /// All rows that were gathered, in the order in which they began.
    #[must_use]
    pub fn finish(self) -> (Vec<Request>, u64) {
        self.finish_of(|_, _| true)
    }

    /// The same of those rows alone that are kept: `keep` is asked with the place of each.
    #[must_use]
    pub fn finish_of(mut self, keep: impl Fn(u32, &Request) -> bool) -> (Vec<Request>, u64) {
        let mut place = 0;
        self.rows.retain(|row| {
            place += 1;
            keep(place - 1, row)
        });
        self.rows.sort_by_key(|row| (row.start().frame, row.connection, row.lane));
        for row in &mut self.rows {
            let before = self.ways.before(row.connection, &row.host, row.start().time);
            row.before = before.map(Box::new);
        }
        (self.rows, self.left_out)
    }

    /// A row for a message that begins one; `None` if there are too many, and for what goes on with
    /// an exchange that nobody knows.
    fn begin(&mut self, note: &Heard) -> Option<u32> {
        if matches!(note.part, Part::More | Part::Reset) {
            return None;
        }
        if self.rows.len() >= MAX_REQUESTS {
            // Its answer is not counted again.
            let asks = matches!(note.part, Part::Question | Part::Promise);
            self.left_out += u64::from(asks || note.key.is_none());
            return None;
        }
        let place = self.rows.len() as u32;
        if let Some(key) = note.key {
            self.places.insert(key, place);
        }
        self.rows.push(Request::begun_by(note));
        Some(place)
    }
}

impl Request {
    fn begun_by(note: &Heard) -> Self {
        let asks = note.part == Part::Question;
        Self {
            connection: note.connection,
            protocol: note.protocol,
            version: Box::default(),
            lane: note.lane,
            asker: if asks { note.direction } else { note.direction.reverse() },
            is_promised: false,
            method: Box::default(),
            scheme: Box::default(),
            host: Box::default(),
            path: Box::default(),
            status: None,
            kind: Box::default(),
            interim: Vec::new(),
            question: None,
            answer: None,
            broken_off: None,
            places: Vec::new(),
            before: None,
        }
    }

    fn take(&mut self, note: Heard) {
        if note.holds {
            self.remember(note.place, note.is_needed);
        }
        if let Some(words) = note.words
            && self.method.is_empty()
        {
            (self.method, self.scheme) = (words.method, words.scheme);
            (self.host, self.path) = (words.host, words.path);
        }
        if self.version.is_empty() {
            self.version = note.version;
        }
        let by_asker = note.direction == self.asker;
        let side = match note.part {
            Part::Question => &mut self.question,
            Part::Promise => {
                self.is_promised = true;
                &mut self.question
            }
            Part::Interim => return self.hear(note.status.unwrap_or(0), note.last),
            Part::Answer => {
                (self.status, self.kind) = (note.status, note.kind);
                &mut self.answer
            }
            Part::More if by_asker => &mut self.question,
            Part::More => &mut self.answer,
            Part::Reset => {
                self.broken_off.get_or_insert(BrokenOff { by_asker, at: note.last });
                return;
            }
        };
        let said = side.get_or_insert(Said::at(note.first, (note.place, note.anchor)));
        said.last = note.last;
        said.head += note.head;
        // A frame out of order is in no exchange, and what it carried in the content all the same.
        said.body = (said.body + note.body).max(note.whole);
        said.decoded = said.decoded.or(note.decoded);
        said.ended |= note.ends || note.part == Part::Promise;
        said.short = said.short.or(note.short);
        if said.ended && said.short == Some(Short::Cut) {
            said.ended = false;
        }
    }
}
