//! Handshakes that were handed on as they came: who stands between them has copied bytes, and holds
//! no keys.
//!
//! ```text
//!   A  client ── ClientHello ──> router                              holds keys: the client
//!   B                            router ── ClientHello ──> server    holds keys: the server
//! ```

use std::collections::HashMap;

use super::told::Told;
use crate::ids::{Direction, FrameId};
use crate::known::Token;
use crate::story::{Gained, Side, Telling};

/// Where a message was said: the frame, the connection, and the item there.
type Place = (FrameId, usize, usize);

/// Takes keys from those between, and says of each message that was handed on that it was.
pub(super) fn settle(told: &mut [Told]) {
    let mut said: HashMap<Token, Vec<Place>> = HashMap::new();
    for (number, one) in told.iter().enumerate() {
        for (at, item) in one.thread.items.iter().enumerate() {
            if let Some(token) = item.told.trace.unique {
                said.entry(token).or_default().push((item.start, number, at));
            }
        }
    }
    for mut places in said.into_values() {
        places.sort_unstable();
        for (before, after) in places.iter().zip(places.iter().skip(1)) {
            hand_on(told, *before, *after);
        }
    }
}

fn hand_on(told: &mut [Told], (_, asked, _): Place, (_, handed, at): Place) {
    let (Some(before), Some(after)) = (told.get(asked), told.get(handed)) else { return };
    let ([client, near], [far, server]) = (before.ends, after.ends);
    if asked == handed {
        return;
    }
    // Where only addresses were rewritten, one end is the same on both.
    let (is_near_between, is_far_between) = (near != server, far != client);
    let Some(item) = told.get_mut(handed).and_then(|one| one.thread.items.get_mut(at)) else {
        return;
    };
    item.told = copied(std::mem::take(&mut item.told));
    if item.direction == Direction::Backward {
        // Who holds keys is settled by the question.
        return;
    }
    if is_near_between {
        take_keys(told.get_mut(asked), Direction::Backward);
    }
    if is_far_between {
        take_keys(told.get_mut(handed), Direction::Forward);
    }
}

/// What is said of a message that somebody hands on who did not write it.
fn copied(told: Telling) -> Telling {
    let headline = format!("Hands the {} on as it came", told.label);
    let between = if told.turn.asks {
        "Whoever hands it on can choose the way by what stands there in the clear, such as the server \
         name, and holds no keys"
    } else {
        "Whoever hands it on holds no keys of what follows"
    };
    let detail = format!("{between}. {}", told.detail);
    Telling { headline, detail, ..told }
}

/// Lets the end of a connection that sends this way hold no keys of it.
fn take_keys(told: Option<&mut Told>, way: Direction) {
    for item in told.into_iter().flat_map(|one| &mut one.thread.items) {
        let side = if item.direction == way { Side::Sender } else { Side::Receiver };
        let is_its = |gained: &(Side, Gained)| {
            let keys = matches!(gained.1, Gained::Keys(..) | Gained::Renewed(..));
            keys && gained.0 == side
        };
        item.told.gained.retain(|gained| !is_its(gained));
    }
}
