//! Who holds which keys, as far as it shows only later: who refuses makes no keys that it has no
//! use for, and who takes early data had its keys since they were offered.
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

/// Takes keys from who answers with a refusal what would have given them, unless that is sealed
/// with them.
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
    // What nobody here can open may be sealed with them.
    let may_use = |item: &Item| [keys, Protection::Opaque].contains(&item.protection);
    let last = own.find(|item| may_use(item) || item.told.outcome == Outcome::Refused);
    last.is_some_and(|item| !may_use(item))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{FrameId, ProtocolId};
    use crate::protocols::tls::fields::PROTOCOL_ID as TLS;
    use crate::story::Telling;

    const SERVER: Direction = Direction::Backward;
    const CLIENT: Direction = Direction::Forward;
    const APPLICATION: Gained = Gained::Keys(Protection::Application, "application keys");
    const EARLY: Gained = Gained::Keys(Protection::Early, "early data keys");

    fn item(
        frame: u32,
        (direction, protocol, protection): (Direction, ProtocolId, Protection),
        told: Telling,
    ) -> Item {
        let mut item = Item::of_try((FrameId(frame), FrameId(frame)), direction, told, None);
        (item.protocol, item.protection) = (protocol, protection);
        item
    }

    fn told(label: &str) -> Telling {
        Telling::new(label, "Says it", "TLS 1.3 handshake")
    }

    /// Who holds which keys after a Finished of the server that is answered by this.
    #[track_caller]
    fn check(answer: Telling, protection: Protection, expected: &[Side]) {
        let finished =
            told("Finished").gains(Side::Sender, APPLICATION).gains(Side::Receiver, APPLICATION);
        let mut items = [
            item(0, (SERVER, TLS, Protection::Handshake), finished),
            item(1, (CLIENT, tcp::PROTOCOL_ID, Protection::Clear), told("ACK")),
            item(2, (CLIENT, TLS, protection), answer),
        ];
        settle(&mut items);
        let sides: Vec<Side> = items[0].told.gained.iter().map(|(side, _)| *side).collect();
        assert_eq!(sides, expected);
    }

    #[test]
    fn who_refuses_holds_no_keys_for_what_it_refuses() {
        let both = [Side::Sender, Side::Receiver];
        let refused = || told("unknown_ca").outcome(Outcome::Refused);
        check(refused(), Protection::Handshake, &[Side::Sender]);
        check(refused(), Protection::Clear, &[Side::Sender]);
        // Under the keys themselves it says that it has them.
        check(refused(), Protection::Application, &both);
        check(told("GET /"), Protection::Application, &both);
        check(told("Finished"), Protection::Handshake, &both);
        check(told("sealed record"), Protection::Opaque, &both);
    }

    #[test]
    fn who_takes_early_data_had_its_keys_since_they_were_offered() {
        let offer = told("ClientHello").gains(Side::Sender, EARLY);
        let takes = told("EncryptedExtensions").gains(Side::Sender, EARLY);
        let mut items = [
            item(0, (CLIENT, TLS, Protection::Clear), offer),
            item(1, (CLIENT, TLS, Protection::Early), told("GET /")),
            item(2, (SERVER, TLS, Protection::Handshake), takes),
        ];
        settle(&mut items);
        assert_eq!(items[0].told.gained, [(Side::Sender, EARLY), (Side::Receiver, EARLY)]);
        assert_eq!(items[2].told.gained, []);
    }
}
