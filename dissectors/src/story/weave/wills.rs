//! Last wills: what a broker publishes for a client whose connection ended without a word, on the
//! connections of those who asked for it.
//!
//! ```text
//!   A  sensor  ── CONNECT, last will: gone ──>  broker
//!   A  sensor  ── FIN ──>                       broker          no DISCONNECT before it
//!   B                                           broker ── PUBLISH gone ──> display
//! ```

use std::collections::HashMap;

use super::item::Item;
use super::told::Told;
use crate::ids::{Direction, FrameId};
use crate::known::{Token, tokens};
use crate::protocols::tcp;
use crate::story::TrackId;

/// A will that has come to be published.
#[derive(Clone, Copy)]
struct Due {
    /// The connection on which it was left, by position and by its letter.
    thread: usize,
    track: Option<TrackId>,
    /// Which way it was left.
    direction: Direction,
    /// The frames in which it was left, and in which that connection ended.
    left: FrameId,
    ended: FrameId,
    /// Whether it ended with no more than a segment.
    is_mute: bool,
}

/// Says of each message that is somebody's last will whose, and why it is published.
pub(super) fn tie(told: &mut [Told]) {
    let mut due: HashMap<Token, Vec<Due>> = HashMap::new();
    for (thread, one) in told.iter().enumerate() {
        let items = &one.thread.items;
        for (at, item) in items.iter().enumerate() {
            let Some(will) = item.told.trace.gives.filter(|one| one.what == tokens::WILL) else {
                continue;
            };
            let mut later = items.iter().skip(at + 1);
            let Some(end) = later.find(|item| item.told.stance.closes) else { continue };
            if end.told.trace.gives.is_some_and(|one| one.what == tokens::LEAVE) {
                continue;
            }
            let is_mute = end.protocol == tcp::PROTOCOL_ID;
            let (left, ended, direction) = (item.end, end.start, item.direction);
            let track = one.track;
            let one = Due { thread, track, direction, left, ended, is_mute };
            due.entry(will).or_default().push(one);
        }
    }
    if due.is_empty() {
        return;
    }
    for (thread, one) in told.iter_mut().enumerate() {
        for item in &mut one.thread.items {
            let known = item.told.trace.shows.iter().filter_map(|token| due.get(token)).flatten();
            let is_it = |will: &&Due| {
                will.thread != thread && will.ended < item.start && will.direction != item.direction
            };
            if let Some(will) = known.filter(is_it).max_by_key(|will| will.ended).copied() {
                say(item, will);
            }
        }
    }
}

/// Adds whose last will a message is.
fn say(item: &mut Item, will: Due) {
    let whose = will.track.map(|track| format!(", on connection {}", track.letter()));
    let how = if will.is_mute { " without a word" } else { "" };
    let [left, ended] = [will.left, will.ended].map(|frame| format!("frame {}", frame.number()));
    item.told.detail += &format!(
        " It is the last will that was left in {left}{}, which ended{how} in {ended}.",
        whose.unwrap_or_default()
    );
}
