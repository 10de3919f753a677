//! Connections that end without a word, because both sides had agreed on how long a silence may
//! last.

use super::gather::Thread;
use crate::engine::reader::Context;
use crate::ids::FrameId;

/// Says so with the last message of a connection, where the recording went on for long enough to
/// prove it.
pub(super) fn tell(thread: &mut Thread, context: Context<'_>) {
    let Some(silent) = thread.items.iter().rev().find_map(|item| item.told.silent.clone()) else {
        return;
    };
    let time = |frame| context.frames.frame(frame).time;
    let ended = context.frames.count().checked_sub(1).map(|last| time(FrameId(last)));
    let last = thread.conversation.frames().last().map(|last| time(*last));
    let is_silent = ended.zip(last).is_some_and(|(end, last)| end.since(last) >= silent.after);
    if !is_silent || thread.cut || thread.items.iter().any(|item| item.told.stance.closes) {
        return;
    }
    if let Some(item) = thread.items.last_mut() {
        item.told.detail = format!("{} {}", item.told.detail, silent.told).trim().to_owned();
    }
}
