//! Lanes of connections: what passed on each stream, and what each is for.

use crate::story::weave::told::Told;
use std::collections::HashMap;

use super::Writer;
use crate::limits::{MAX_STORY_LANE_MARKS, MAX_STORY_LANES};
use crate::story::lanes::{Lane, LaneMark};
use crate::telling::Piece;

impl Writer<'_> {
    /// Takes the lanes of a connection into the story, in the order of their numbers.
    pub(super) fn lanes(&mut self, told: &Told) {
        let mut places: HashMap<u64, usize> = HashMap::new();
        let mut lanes: Vec<Lane> = Vec::new();
        let mut room = MAX_STORY_LANE_MARKS;
        for item in &told.thread.items {
            let (Some(number), Some(on_lane)) = (item.told.lane, &item.told.on_lane) else {
                continue;
            };
            let Some(beat) = self.messages.get(&(told.thread.number, item.message)) else {
                continue;
            };
            let place = match places.get(&number) {
                Some(place) => *place,
                None if lanes.len() >= MAX_STORY_LANES => continue,
                None => {
                    places.insert(number, lanes.len());
                    lanes.push(Lane {
                        track: told.track,
                        number,
                        name: String::new(),
                        asker: None,
                        bytes: 0,
                        marks: Vec::new(),
                    });
                    lanes.len() - 1
                }
            };
            let Some(lane) = lanes.get_mut(place) else { continue };
            let (from, to) = told.between(item.direction, item.start);
            if let Some(purpose) = on_lane.purpose.as_ref().filter(|_| lane.name.is_empty()) {
                lane.name.clone_from(purpose);
                // What nobody was heard to ask for is an answer.
                lane.asker = Some(if item.told.turn.asks { from } else { to });
            }
            if let Piece::Content(bytes) = on_lane.piece {
                lane.bytes += bytes;
            }
            if room == 0 {
                continue;
            }
            room -= 1;
            let at = |frame| told.vantage.sent(frame, item.direction, self.context);
            let came = |frame| told.vantage.received(frame, item.direction, self.context);
            let came = came(item.start).zip(came(item.came));
            lane.marks.push(LaneMark {
                beat: *beat,
                from,
                sent: at(item.start),
                ended: at(item.came),
                came: came.map(|(first, last)| (first.time, last.time)),
                piece: on_lane.piece,
                packed: item.told.packed,
                held: told.held.get(&item.message).copied(),
                ends: on_lane.ends,
            });
        }
        lanes.sort_by_key(|lane| lane.number);
        self.story.lanes.append(&mut lanes);
    }
}
