//! What a flight says as a whole that asks or answers on several streams at once: that they share
//! it, and whether they take turns.

use super::gather::Item;
use crate::message::Protection;
use crate::protocols::http;
use crate::protocols::tls::fields as tls;
use crate::story::{Outcome, Source};
use crate::telling::{OnLane, Piece, Side};

/// What a flight that several streams share is about.
pub(super) struct Shared<'a> {
    /// Its sentence.
    pub(super) headline: String,
    /// The message whose lesson explains it: a piece of content, where they take turns.
    pub(super) explains: Option<&'a Item>,
    /// The section of the standard, where no message has it.
    pub(super) source: Option<Source>,
}

impl<'a> Shared<'a> {
    fn new(headline: String, explains: Option<&'a Item>) -> Self {
        Self { headline, explains, source: None }
    }
}

/// What is said of a flight of several requests of HTTP/1.1, which has no lanes: their answers will
/// come in their order.
fn in_order<'a>(items: impl Iterator<Item = &'a Item>, lead: &Item) -> Option<Shared<'a>> {
    let asks = |item: &&Item| item.protocol == http::PROTOCOL_ID && item.told.turn.asks;
    let count = items.filter(asks).count();
    let source = Some(Source { standard: "RFC 9112", section: "9.3.2" });
    (asks(&lead) && count > 1).then(|| Shared {
        headline: format!("{count} questions at once, none of which waits for an answer"),
        explains: None,
        source,
    })
}

/// What is said of a flight of several questions, or of several answers, in the order of the wire;
/// `None` if something else in it insists more.
pub(super) fn shared<'a>(
    items: impl Iterator<Item = &'a Item> + Clone,
    lead: &Item,
) -> Option<Shared<'a>> {
    let finishes =
        |item: &Item| item.protocol == tls::PROTOCOL_ID && item.protection == Protection::Handshake;
    // What asks early and then again is no first request, and no later one either.
    if lead.told.turn.reuses && items.clone().any(finishes) {
        let headline = "Asks further as soon as the handshake is over".to_owned();
        return Some(Shared::new(headline, None));
    }
    if on_lane(lead).is_none() {
        return in_order(items, lead);
    }
    let pieces = items.filter_map(|item| Some((item, on_lane(item)?)));
    let mut heads: Vec<(u64, &Item)> = pieces
        .clone()
        .filter(|(item, (_, on))| {
            on.piece == Piece::Head && (item.told.turn.asks || item.told.turn.answers)
        })
        .map(|(item, (lane, _))| (lane, item))
        .collect();
    heads.sort_by_key(|(lane, _)| *lane);
    heads.dedup_by_key(|(lane, _)| *lane);
    let count = heads.len();
    let all = |is: fn(&Item) -> bool| heads.iter().all(|(_, item)| is(item));
    if count < 2 {
        return None;
    }
    if all(|item| item.told.turn.asks) {
        let headline = format!("{count} questions at once, each on a stream of its own");
        return Some(Shared::new(headline, None));
    }
    if !all(|item| item.told.turn.answers && !item.told.turn.interim) {
        return None;
    }
    let refused = heads.iter().filter(|(_, item)| item.told.outcome == Outcome::Refused).count();
    if refused > 0 {
        let say = if refused == 1 { "says" } else { "say" };
        let headline = format!("{count} answers at once, {refused} of which {say} no");
        return Some(Shared::new(headline, None));
    }
    if let Some((which, item)) = pieces.clone().find_map(|(item, _)| Some((used_up(item)?, item))) {
        let headline = format!("{count} answers at once, until the window {which} is used up");
        return Some(Shared::new(headline, Some(item)));
    }
    let content = pieces.filter(|(_, (_, on))| matches!(on.piece, Piece::Content(_)));
    let content: Vec<(u64, &Item)> = content.map(|(item, (lane, _))| (lane, item)).collect();
    let turn = content.iter().enumerate().find(|(at, (lane, _))| {
        let before = content.get(..*at).unwrap_or_default();
        let own = before.iter().rposition(|(other, _)| other == lane);
        own.is_some_and(|own| own + 1 < *at)
    });
    Some(match turn {
        Some((_, (_, item))) => {
            let headline =
                format!("{count} answers take turns: pieces of each pass between the others'");
            Shared::new(headline, Some(item))
        }
        None => {
            let first = content.first().map(|(lane, _)| *lane);
            let of_several = content.iter().any(|(lane, _)| Some(*lane) != first);
            let how = if of_several { "stream by stream" } else { "each on a stream of its own" };
            Shared::new(format!("{count} answers at once, {how}"), None)
        }
    })
}

/// Which window a message has used up, of those that let its sender send.
fn used_up(item: &Item) -> Option<&'static str> {
    let allowed = item.told.allowed.filter(|allowed| allowed.side == Side::Sender)?;
    let is_over = |change: Option<(i64, i64)>| change.is_some_and(|(_, after)| after <= 0);
    // The last of a stream's content may use it up to the byte: then nothing waits.
    let ends = item.told.on_lane.as_ref().is_some_and(|on| on.ends);
    match (is_over(allowed.connection), is_over(allowed.lane)) {
        _ if ends => None,
        (true, _) => Some("of the connection"),
        (false, true) => Some("of a stream"),
        (false, false) => None,
    }
}

/// The lane of a message, and what it is there.
fn on_lane(item: &Item) -> Option<(u64, &OnLane)> {
    item.told.lane.zip(item.told.on_lane.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{Direction, FrameId};
    use crate::story::Telling;

    #[test]
    fn what_is_asked_behind_early_data_reuses_no_connection() {
        let item =
            |told: Telling| Item::of_try((FrameId(0), FrameId(0)), Direction::Forward, told, None);
        let asks = Telling::new("GET /b", "Asks for a resource", "HTTP/3").reusing(true);
        let asks = Item { protocol: http::PROTOCOL_ID, ..item(asks) };
        let finished = Item {
            protocol: tls::PROTOCOL_ID,
            protection: Protection::Handshake,
            ..item(Telling::new("Finished", "Proves that nobody tampered", "TLS 1.3"))
        };
        let said =
            |items: &[&Item]| shared(items.iter().copied(), &asks).map(|shared| shared.headline);
        let expected = "Asks further as soon as the handshake is over";
        assert_eq!(said(&[&finished, &asks]).as_deref(), Some(expected));
        assert_eq!(said(&[&asks]), None);
    }
}
