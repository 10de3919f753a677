//! What a flight says as a whole that asks or answers on several streams at once: that they share it,
//! and whether they take turns.

use super::gather::Item;
use crate::story::Outcome;
use crate::telling::{OnLane, Piece};

/// What a flight that several streams share is about.
pub(super) struct Shared<'a> {
    /// Its sentence.
    pub(super) headline: String,
    /// The message whose lesson explains it: a piece of content, where they take turns.
    pub(super) explains: Option<&'a Item>,
}

/// What is said of a flight of several questions, or of several answers, in the order of the wire;
/// nothing where something else in it insists more.
pub(super) fn shared<'a>(
    items: impl Iterator<Item = &'a Item> + Clone,
    lead: &Item,
) -> Option<Shared<'a>> {
    on_lane(lead)?;
    let pieces = items.filter_map(|item| Some((item, on_lane(item)?)));
    let mut heads: Vec<(u64, &Item)> = pieces
        .clone()
        .filter(|(item, (_, on))| on.piece == Piece::Head && (item.told.asks || item.told.answers))
        .map(|(item, (lane, _))| (lane, item))
        .collect();
    heads.sort_by_key(|(lane, _)| *lane);
    heads.dedup_by_key(|(lane, _)| *lane);
    let count = heads.len();
    let all = |is: fn(&Item) -> bool| heads.iter().all(|(_, item)| is(item));
    if count < 2 {
        return None;
    }
    if all(|item| item.told.asks) {
        let headline = format!("{count} questions at once, each on a stream of its own");
        return Some(Shared { headline, explains: None });
    }
    if !all(|item| item.told.answers && !item.told.interim) {
        return None;
    }
    let refused = heads.iter().filter(|(_, item)| item.told.outcome == Outcome::Refused).count();
    if refused > 0 {
        let say = if refused == 1 { "says" } else { "say" };
        let headline = format!("{count} answers at once, {refused} of which {say} no");
        return Some(Shared { headline, explains: None });
    }
    let content = pieces.filter(|(_, (_, on))| matches!(on.piece, Piece::Content(_)));
    let content: Vec<(u64, &Item)> = content.map(|(item, (lane, _))| (lane, item)).collect();
    let turn = content.iter().enumerate().find(|(at, (lane, _))| {
        let before = content.get(..*at).unwrap_or_default();
        let own = before.iter().rposition(|(other, _)| other == lane);
        own.is_some_and(|own| own + 1 < *at)
    });
    Some(match turn {
        Some((_, (_, item))) => Shared {
            headline: format!(
                "{count} answers take turns: pieces of each pass between the others'"
            ),
            explains: Some(item),
        },
        None => Shared {
            headline: format!("{count} answers at once, stream by stream"),
            explains: None,
        },
    })
}

/// The lane of a message, and what it is there.
fn on_lane(item: &Item) -> Option<(u64, &OnLane)> {
    item.told.lane.zip(item.told.on_lane.as_ref())
}
