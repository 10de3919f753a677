//! Second tries of which an acknowledgement showed later that they had not been needed.

use std::collections::HashSet;

use super::gather::Thread;
use crate::ids::MessageId;
use crate::message::Relation;
use crate::protocols::tcp;

/// Says so with each of them.
pub(super) fn tell(thread: &mut Thread) {
    let shown = thread.related.iter().filter(|one| one.relation == Relation::Excuses);
    let excused: HashSet<MessageId> = shown.map(|one| one.to).collect();
    if excused.is_empty() {
        return;
    }
    let own = |id: MessageId, protocol| protocol == tcp::PROTOCOL_ID && excused.contains(&id);
    for item in thread.items.iter_mut().filter(|item| own(item.message, item.protocol)) {
        item.told.detail = format!(
            "{} It was unnecessary: a later acknowledgement shows that an earlier try had come.",
            item.told.detail
        );
    }
}
