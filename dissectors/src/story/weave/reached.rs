//! States and keys that a segment brings about where it comes to: one that never came has brought
//! about none, and the next of its kind does.
//!
//! ```text
//!   client  ACK ───── x             server   still SYN-RECEIVED
//!   client  19 bytes, ACK ───────>  server   ESTABLISHED
//! ```

use super::item::Item;
use super::vantage::Vantage;
use crate::ids::Direction;
use crate::protocols::tcp;
use crate::story::{Gained, Side};

/// What a receiver would have come to.
struct Owed {
    direction: Direction,
    kind: Kind,
    gained: Gained,
}

/// What a segment does, as far as others may do it in its stead.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Syn,
    Fin,
    Reset,
    /// It acknowledges, and does nothing else.
    Acknowledges,
    /// It carries what is told by another protocol.
    Carries,
    /// It carries that again.
    Again,
}

impl Kind {
    fn of(item: &Item) -> Self {
        let label = item.told.label.as_str();
        match item.protocol {
            tcp::PROTOCOL_ID if label.starts_with("SYN") => Self::Syn,
            tcp::PROTOCOL_ID if label.starts_with("FIN") => Self::Fin,
            tcp::PROTOCOL_ID if label.starts_with(tcp::RESET) => Self::Reset,
            tcp::PROTOCOL_ID if item.is_try => Self::Again,
            tcp::PROTOCOL_ID => Self::Acknowledges,
            _ => Self::Carries,
        }
    }

    /// Whether this one does what that one would have done.
    fn does(self, that: Self) -> bool {
        match that {
            Self::Syn | Self::Fin | Self::Reset => self == that,
            Self::Acknowledges => !matches!(self, Self::Syn | Self::Reset),
            Self::Carries | Self::Again => self == Self::Again,
        }
    }
}

/// Takes from each segment that never came what its receiver would have gained, and gives it to
/// the next that did.
pub(super) fn settle(items: &mut [Item], vantage: &Vantage) {
    if vantage.sightings().is_none() {
        return;
    }
    let mut owed: Vec<Owed> = Vec::new();
    for item in items {
        let (direction, kind) = (item.direction, Kind::of(item));
        let gained = &mut item.told.gained;
        if item.start == item.end && vantage.lost(item.start, direction) {
            gained.retain(|(side, gained)| {
                if *side == Side::Receiver {
                    owed.push(Owed { direction, kind, gained: *gained });
                }
                *side == Side::Sender
            });
            continue;
        }
        owed.retain(|one| {
            let is_brought = one.direction == direction && kind.does(one.kind);
            let gain = (Side::Receiver, one.gained);
            if is_brought && !gained.contains(&gain) {
                gained.insert(0, gain);
            }
            !is_brought
        });
    }
}
