//! What was sent early and thrown away, and then sent again: the second time is told as such.
//!
//! ```text
//!   client   ClientHello, GET /  (early data keys)
//!   server   ServerHello … EncryptedExtensions: throws the early data away
//!   client   Finished, GET /     (application keys): again
//! ```

use super::gather::Item;
use crate::message::Protection;
use crate::story::Outcome;

/// Marks items that repeat early data which was thrown away. Two are the same if they look alike:
/// their ciphertexts differ, what the protocol says of them does not.
pub(super) fn sent_again(items: &mut [Item]) {
    let Some(place) = items.iter().position(|item| item.told.voids_early) else { return };
    let (before, after) = items.split_at_mut(place);
    let Some((voids, after)) = after.split_first_mut() else { return };
    let own = |item: &Item| item.direction != voids.direction && item.protocol != voids.protocol;
    let early = before.iter().filter(|item| own(item) && item.protection == Protection::Early);
    let mut early: Vec<&Item> = early.collect();
    let sent = after.iter_mut().filter(|item| item.direction != voids.direction);
    for item in sent.filter(|item| item.protection == Protection::Application) {
        let is_it = |one: &&Item| {
            (one.protocol, one.bytes) == (item.protocol, item.bytes)
                && one.told.label.split(" #").next() == item.told.label.split(" #").next()
        };
        let Some(found) = early.iter().position(is_it) else { continue };
        early.remove(found);
        item.told.outcome = Outcome::Repeated;
        let detail = std::mem::take(&mut item.told.detail);
        item.told.detail =
            format!("The same came early and was thrown away. {detail}").trim().into();
    }
}

/// Whether an item left early and was thrown away: it counts as never sent.
pub(super) fn is_void(items: &[Item], at: usize) -> bool {
    let Some(item) = items.get(at) else { return false };
    let later = items.iter().skip(at + 1);
    item.protection == Protection::Early
        && later.into_iter().any(|one| one.told.voids_early && one.direction != item.direction)
}
