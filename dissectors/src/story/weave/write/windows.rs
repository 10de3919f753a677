//! Windows of flow control: what each side might send, on a connection and on its lanes.

use crate::story::weave::told::Told;
use std::collections::HashMap;

use super::Writer;
use crate::ids::Direction;
use crate::limits::{MAX_STORY_LANES, MAX_STORY_WINDOW_POINTS};
use crate::story::lanes::Window;
use crate::telling::Side;

/// Of which window something is said: who sends, and on which lane.
type Which = (Direction, Option<u64>);

impl Writer<'_> {
    /// Takes the windows of a connection into the story: those of all lanes together first, then of
    /// lanes whose window was used up.
    pub(super) fn windows(&mut self, told: &Told) {
        let mut places: HashMap<Which, usize> = HashMap::new();
        let mut windows: Vec<Window> = Vec::new();
        let mut room = MAX_STORY_WINDOW_POINTS;
        for item in &told.thread.items {
            let Some(allowed) = item.told.allowed else { continue };
            // Who has said all does not wait.
            let ends = item.told.on_lane.as_ref().is_some_and(|it| it.ends);
            let (sender, moment) = match allowed.side {
                Side::Sender => {
                    let left = told.vantage.sent(item.end, item.direction, self.context);
                    (item.direction, left)
                }
                Side::Receiver => {
                    let came = told.vantage.came(item.end, item.direction, self.context);
                    (item.direction.reverse(), came)
                }
            };
            let lane = item.told.lane.zip(allowed.lane).map(|(lane, change)| (Some(lane), change));
            let connection = allowed.connection.map(|change| (None, change));
            for (lane, (before, after)) in connection.into_iter().chain(lane) {
                let place = *places.entry((sender, lane)).or_insert_with(|| {
                    let (sender, _) = told.between(sender, item.start);
                    let (track, points, held_up) = (told.track, Vec::new(), false);
                    windows.push(Window { track, lane, sender, initial: before, points, held_up });
                    windows.len() - 1
                });
                if let Some(window) = windows.get_mut(place).filter(|_| room > 0) {
                    window.points.push((moment.time, after));
                    window.held_up |= after <= 0 && !(lane.is_some() && ends);
                    room -= 1;
                }
            }
        }
        windows.iter_mut().for_each(in_order);
        windows.retain(|window| window.lane.is_none() || window.held_up);
        windows.sort_by_key(|window| window.lane);
        windows.truncate(MAX_STORY_LANES);
        self.story.windows.append(&mut windows);
    }
}

/// Puts changes in the order of the sender's clock. They were found in the order of the recording,
/// in which what was allowed may stand before what had left by then.
fn in_order(window: &mut Window) {
    let mut held = window.initial;
    let changes = window.points.iter().map(|(time, after)| {
        let change = after.saturating_sub(std::mem::replace(&mut held, *after));
        (*time, change)
    });
    let mut changes: Vec<_> = changes.collect();
    changes.sort_by_key(|(time, _)| *time);
    let mut held = window.initial;
    window.points.clear();
    window.points.extend(changes.into_iter().map(|(time, change)| {
        held = held.saturating_add(change);
        (time, held)
    }));
}
