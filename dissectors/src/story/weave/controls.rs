//! Segments that open, end or break off a connection and never came to its initiator, where both
//! ends were recorded. What carries data beside is told as segments (`recovery`).
//!
//! ```text
//!   initiator's end                  responder's end
//!                       x ────────── SYN, ACK           told as lost, by the reading there
//!   SYN, ACK (again) <────────────── SYN, ACK           there it is the second
//! ```

use std::collections::{HashMap, HashSet};

use super::gather::{Item, Place, Thread};
use super::vantage::Vantage;
use crate::engine::conversation::{Conversations, Stop};
use crate::engine::reader::Context;
use crate::engine::tcp::flags;
use crate::ids::{ConnectionId, Direction, FrameId};
use crate::limits::MAX_STORY_SEGMENTS;
use crate::protocol::Framing;
use crate::protocols::tcp;
use crate::story::{Gained, Outcome, Side};
use crate::survey::{Row, Survey};
use crate::telling::{Telling, Turn};

/// Tells in a connection's thread which of them never came.
pub(super) fn tell(
    thread: &mut Thread,
    vantage: &Vantage,
    conversations: &mut Conversations,
    (context, survey): (Context<'_>, &Survey),
    stop: Stop<'_>,
) {
    let (Some(sightings), Some(far)) = (vantage.sightings(), vantage.far()) else { return };
    let is_long = sightings.len() > MAX_STORY_SEGMENTS;
    if thread.framing != Framing::Stream || thread.cut || is_long {
        return;
    }
    let controls = |id: &FrameId| survey.row(*id).is_some_and(controls);
    let lost: HashSet<FrameId> = vantage.never_seen().iter().copied().filter(controls).collect();
    if lost.is_empty() {
        return;
    }
    let own = sightings.iter().filter(|one| one.direction == Direction::Backward);
    let came: HashMap<FrameId, FrameId> =
        own.filter_map(|one| Some((one.sent.frame, one.received?.frame))).collect();
    // Where the two ends do not agree on who began, each way has another name there.
    let began = [thread.paths.first, far].map(|id| Some(survey.flow(id)?.initiator_is_low));
    let way = match began {
        [Some(near), Some(far)] if near != far => Direction::Forward,
        _ => Direction::Backward,
    };
    let mut never: Vec<Item> = Vec::new();
    // What is said there of those that came, by their frames here.
    let mut again: HashMap<(FrameId, Place), Telling> = HashMap::new();
    for index in 0.. {
        let id = ConnectionId(far.0);
        let held = conversations.stretch_until(id, index, stop, (context, survey));
        let Some(held) = held else { break };
        let view = held.view(context.frames);
        for message in held.stretch().messages.iter().filter(|one| one.direction == way) {
            let is_own =
                view.layer(message.layer).is_some_and(|it| it.protocol == tcp::PROTOCOL_ID);
            if !is_own || !controls(&message.done) {
                continue;
            }
            let told = context.registry.get(tcp::PROTOCOL_ID).tell(message, &view);
            let Some(told) = told.map(Telling::terse) else { continue };
            let item =
                Item::of_datagram((message.done, message.done), tcp::PROTOCOL_ID, message, told);
            let item = item.of_segment(tcp::is_end(message, &view));
            if lost.contains(&message.done) {
                never.push(item);
            } else if let Some(here) = came.get(&message.done)
                && item.told.outcome == Outcome::Repeated
            {
                again.insert((*here, item.place), item.told);
            }
        }
    }
    if stop() {
        return;
    }
    let mut reached: Vec<(Side, Gained)> = Vec::new();
    for item in &mut never {
        item.direction = Direction::Backward;
        item.never_comes();
        reached.extend(&item.told.gained);
    }
    for item in thread.items.iter_mut().filter(|item| item.direction == Direction::Backward) {
        if item.protocol == tcp::PROTOCOL_ID
            && let Some(told) = again.remove(&(item.start, item.place))
        {
            let (turn, mut gained) = (item.told.turn, std::mem::take(&mut item.told.gained));
            // Its sender had come to that with the one before.
            gained.retain(|gain| !reached.contains(gain));
            item.told = Telling { turn, gained, ..told };
            item.is_try = true;
        }
    }
    thread.items.append(&mut never);
    thread.items.sort_by_key(Item::order);
}

/// Whether a segment does more than carry and acknowledge.
const fn controls(row: &Row) -> bool {
    row.tcp_flags() & (flags::SYN | flags::FIN | flags::RST) != 0
}

impl Item {
    /// It left and never came: whoever sent it has come to its state, and nobody answers it.
    fn never_comes(&mut self) {
        (self.is_try, self.is_lost) = (true, true);
        let told = &mut self.told;
        told.outcome = Outcome::Lost;
        told.turn = Turn::default();
        told.gained.retain(|(side, _)| *side == Side::Sender);
        told.detail = format!("{} It never comes.", told.detail).trim_start().to_owned();
    }
}
