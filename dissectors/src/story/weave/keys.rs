//! Who holds which keys, as far as it shows only later: who refuses makes no keys that it has no use
//! for, and who takes early data had its keys since they were offered.
//!
//! ```text
//!   server ── ServerHello … Finished ──> client     it could make application keys now,
//!   client ── bad_certificate ─────────> server     and does not
//! ```

use super::gather::Item;
use super::question::is_transport;
use crate::ids::Direction;
use crate::message::Protection;
use crate::protocols::tcp;
use crate::story::{Gained, Outcome, Side};

/// Corrects what the items of a connection say of keys by what came after them.
pub(super) fn settle(items: &mut [Item]) {
    refused(items);
    early(items);
}

/// Takes keys from who answers with a refusal what would have given them, unless that is sealed with
/// them.
fn refused(items: &mut [Item]) {
    let mut unused: Vec<(usize, Protection)> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        for (side, gained) in &item.told.gained {
            let Gained::Keys(keys, _) = *gained else { continue };
            if *side == Side::Receiver && refuses(items.get(at..), item.direction.reverse(), keys) {
                unused.push((at, keys));
            }
        }
    }
    for (at, keys) in unused {
        let Some(item) = items.get_mut(at) else { continue };
        item.told.gained.retain(|(side, gained)| {
            let is_it = matches!(gained, Gained::Keys(other, _) if *other == keys);
            !(is_it && *side == Side::Receiver)
        });
    }
}

/// Whether a side refuses before it has used keys.
fn refuses(later: Option<&[Item]>, side: Direction, keys: Protection) -> bool {
    let own = later.unwrap_or_default().iter().filter(|item| item.direction == side);
    let mut own = own.filter(|item| is_transport(item) && item.protocol != tcp::PROTOCOL_ID);
    let last = own.find(|item| item.protection == keys || item.told.outcome == Outcome::Refused);
    last.is_some_and(|item| item.protection != keys)
}

/// Lets who takes early data hold its keys since the message that offered it.
fn early(items: &mut [Item]) {
    let keys = |item: &Item| {
        item.told.gained.iter().position(|(side, gained)| {
            *side == Side::Sender && matches!(gained, Gained::Keys(Protection::Early, _))
        })
    };
    let mut offered: Option<usize> = None;
    let mut taken: Vec<(usize, usize, usize)> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let Some(place) = keys(item) else { continue };
        let offer = offered.filter(|offer| {
            items.get(*offer).is_some_and(|offer| offer.direction != item.direction)
        });
        match offer {
            Some(offer) => taken.push((at, place, offer)),
            None => offered = Some(at),
        }
    }
    for (at, place, offer) in taken {
        let Some((_, gained)) = items.get_mut(at).map(|item| item.told.gained.remove(place)) else {
            continue;
        };
        if let Some(offer) = items.get_mut(offer) {
            offer.told.gained.push((Side::Receiver, gained));
        }
    }
}
