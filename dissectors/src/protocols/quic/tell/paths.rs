//! Says which path a packet takes or asks: the one that both sides take, one to move to, one that
//! the other side has moved to, or the one that it has left.

use super::super::facts::Asks;
use super::CHAPTER;
use crate::telling::{Route, Telling};

/// Its sender goes on along another path with it: to the address that the server prefers, or
/// because its own has changed.
pub(super) fn moves(is_to_preferred: bool) -> Telling {
    if is_to_preferred {
        let headline = "Goes on at the address that the server prefers";
        return Telling::new("another path", headline, CHAPTER)
            .detail("The server has named it in its transport parameters, with an id to reach it by there: so many servers can share the first address, and each has one of its own for what follows.")
            .weight(8, 5)
            .naming_path(Route::Onto)
            .lesson("quic/path", "RFC 9000", "9.6");
    }
    let headline = "Goes on along another path: the connection goes by ids, not by addresses";
    Telling::new("another path", headline, CHAPTER)
        .detail("An address has changed, as when a phone leaves a network, or a NAT gives out another port.")
        .weight(8, 5)
        .naming_path(Route::Onto)
        .lesson("quic/path", "RFC 9000", "9")
}

/// It asks a path; `None` if that is the one that both sides take, of which its frame tells.
pub(super) fn asks(which: Asks) -> Option<Telling> {
    let (headline, detail, section) = match which {
        Asks::Own => return None,
        Asks::Further => (
            "Asks along another path before it moves there",
            "Only what the other side sends back along it proves that it leads there. Until then data stays on the old one.",
            "9.1",
        ),
        Asks::Followed => (
            "Asks along the new path whether the other side is really there",
            "Anybody can write an address of somebody else into a packet. Until the answer is there, little is sent that way.",
            "9.3",
        ),
        Asks::Left => (
            "Asks along the path of before as well",
            "Somebody on the way could have sent a packet on from another address. Where the other side never moved, it answers here.",
            "9.3.3",
        ),
    };
    // Of two that leave together, the new path speaks.
    let weight = if which == Asks::Left { 6 } else { 7 };
    let told = Telling::new("PATH_CHALLENGE", headline, CHAPTER).detail(detail).asking();
    let told = told.weight(weight, 5).naming_path(Route::Along);
    Some(told.lesson("quic/path", "RFC 9000", section))
}
