//! What is shown on one connection and was handed out on another: a ticket of TLS, the id of a
//! session.

use std::collections::HashMap;

use super::told::Told;
use crate::ids::FrameId;
use crate::known::{Token, tokens};
use crate::story::TrackId;

/// Where something was handed out: the frame, and the connection.
type Given = (FrameId, usize, Option<TrackId>);

/// Says of each message that shows something where that came from, if the story has it.
pub(super) fn tie(told: &mut [Told]) {
    let mut given: HashMap<Token, Given> = HashMap::new();
    for (number, one) in told.iter().enumerate() {
        for item in &one.thread.items {
            // Of last wills more is said than where they were left.
            let of_wills = [tokens::WILL, tokens::LEAVE];
            let gives = item.told.trace.gives.filter(|token| !of_wills.contains(&token.what));
            let Some(token) = gives else { continue };
            let place = (item.end, number, one.track);
            given.entry(token).and_modify(|first| *first = (*first).min(place)).or_insert(place);
        }
    }
    if given.is_empty() {
        return;
    }
    for (number, one) in told.iter_mut().enumerate() {
        for item in &mut one.thread.items {
            let known =
                item.told.trace.shows.iter().filter_map(|token| Some((token, given.get(token)?)));
            let mut before = known.filter(|(_, (frame, ..))| *frame < item.start);
            let Some((token, (frame, whose, track))) = before.next() else { continue };
            let sentence = match (token.what, *whose != number) {
                // Who asks twice on one connection may well mean it.
                (tokens::KEY | tokens::REQUEST, false) => continue,
                (tokens::KEY, true) => again(" under the same key", *frame, *track),
                (tokens::REQUEST, true) => again("", *frame, *track) + TWICE,
                (what, is_other) => said((what, *frame), track.filter(|_| is_other)),
            };
            item.told.detail.push_str(&sentence);
        }
    }
}

/// What is said of a request that came before, and bears nothing that says so.
const TWICE: &str = " Nothing in it says whether it is to be done once or twice.";

/// " It was asked before under the same key, in frame 14, on connection A."
fn again(how: &str, frame: FrameId, track: Option<TrackId>) -> String {
    let whose = track.map(|track| format!(", on connection {}", track.letter()));
    format!(" It was asked before{how}, in frame {}{}.", frame.number(), whose.unwrap_or_default())
}

/// " The ticket was handed out in frame 14, on connection A."
fn said((what, frame): (&str, FrameId), elsewhere: Option<TrackId>) -> String {
    let whose = elsewhere.map(|track| format!(", on connection {}", track.letter()));
    format!(" The {what} was handed out in frame {}{}.", frame.number(), whose.unwrap_or_default())
}
