//! Requests that get no answer because their connection ends, or whose answer the recording lacks:
//! what was asked says so.
//!
//! A client may ask at the very moment at which a server that has waited for long enough ends its
//! direction (RFC 9112, section 9.5): the one takes the connection for idle, the other has a
//! request under way.

use super::gather::Thread;
use super::item::{Item, Place};
use super::question::is_transport;
use super::trips::{Answered, Unheard};
use super::vantage::Vantage;
use crate::engine::reader::Context;
use crate::ids::{Direction, MessageId};
use crate::protocol::Framing;
use crate::protocols::{data, tcp};
use crate::telling::Piece;
use crate::wording::counted;

/// Says so with each of them, of which `pairs` are answered, and `unheard` may have been.
pub(super) fn tell(
    thread: &mut Thread,
    (pairs, unheard): (&[Answered], &[Unheard]),
    vantage: &Vantage,
    context: Context<'_>,
) {
    if thread.framing != Framing::Stream || thread.cut || thread.one_sided {
        return;
    }
    let items = &thread.items;
    // One whose content was held back is two items, and the answer is to the second.
    let asked_of = |is_final: bool| {
        let of = pairs.iter().filter(move |pair| {
            items.get(pair.answered).is_some_and(|one| one.told.turn.interim != is_final)
        });
        let asked = of.filter_map(|pair| items.get(pair.asked));
        asked.map(|item| item.message).collect::<Vec<MessageId>>()
    };
    let (answered, put_off) = (asked_of(true), asked_of(false));
    let open = items.iter().enumerate().filter(|(at, item)| {
        if unheard.iter().any(|one| one.asked == *at) {
            return false;
        }
        let is_request =
            item.told.turn.asks && (item.told.head.is_some() || item.told.trace.known.is_some());
        is_request
            && !answered.contains(&item.message)
            && !is_heard_of(items, item, pairs)
            && !is_called_off(items, item)
    });
    let lacking = unheard.iter().filter_map(|one| {
        let asked = items.get(one.asked).filter(|asked| !is_transport(asked))?;
        let is_begun = put_off.contains(&asked.message);
        Some((one.asked, lacking(items, (one, asked), (pairs, is_begun))))
    });
    let mut said: Vec<(usize, String)> = lacking.collect();
    let unanswered: Vec<(usize, String)> = open
        .filter_map(|(at, item)| {
            let why = why(items, item, vantage, context)?;
            let which = if put_off.contains(&item.message) { "final answer" } else { "answer" };
            Some((at, format!("No {which} comes{why}")))
        })
        .collect();
    said.extend(unanswered);
    for (at, why) in said {
        if let Some(item) = thread.items.get_mut(at) {
            item.told.detail = format!("{} {why}", item.told.detail).trim_start().to_owned();
        }
    }
}

/// What is said of a question whose answer may be missing.
fn lacking(
    items: &[Item],
    (unheard, asked): (&Unheard, &Item),
    (pairs, is_begun): (&[Answered], bool),
) -> String {
    let bytes = counted(unheard.bytes, "byte");
    if !unheard.is_alone {
        return format!(
            "Whether it was answered is not known: the recording lacks {bytes} of the other side."
        );
    }
    if is_begun {
        return format!("Its final answer was not captured ({bytes}).");
    }
    // What follows without a head is the rest of it.
    let later = items.iter().enumerate().skip(unheard.asked + 1);
    let mut before_next =
        later.take_while(|(_, item)| item.direction != asked.direction || !item.told.turn.asks);
    let is_rest = |(at, item): (usize, &Item)| {
        item.direction != asked.direction
            && [asked.protocol, data::PROTOCOL_ID].contains(&item.protocol)
            && !item.told.turn.answers
            && !pairs.iter().any(|pair| pair.answered == at)
    };
    let what = if before_next.any(is_rest) { "The beginning of its answer" } else { "Its answer" };
    format!("{what} was not captured ({bytes}).")
}

/// Whether the other side says anything on its lane, or what nobody could read, or what answers
/// nothing that was recorded: the head of an answer may lie in a hole of the recording.
fn is_heard_of(items: &[Item], asked: &Item, pairs: &[Answered]) -> bool {
    let is_paired = |at: usize| pairs.iter().any(|pair| pair.answered == at);
    let later = items.iter().enumerate().filter(|(_, item)| item.start >= asked.start);
    let mut there = later.filter(|(_, item)| item.direction != asked.direction);
    there.any(|(at, item)| match asked.told.lane {
        Some(lane) => item.told.lane == Some(lane),
        None if item.protocol == asked.protocol => !is_paired(at),
        None => item.protocol == data::PROTOCOL_ID,
    })
}

/// Whether who asked has broken its lane off: then nobody owes it an answer.
fn is_called_off(items: &[Item], asked: &Item) -> bool {
    let is_reset = |item: &&Item| {
        item.told.on_lane.as_ref().is_some_and(|on| on.piece == Piece::Reset)
            && item.told.lane == asked.told.lane
    };
    items.iter().filter(is_reset).any(|item| item.direction == asked.direction)
}

/// Why nothing comes back, where the connection ends.
fn why(
    items: &[Item],
    asked: &Item,
    vantage: &Vantage,
    context: Context<'_>,
) -> Option<&'static str> {
    let sent = |item: &Item, way: Direction| vantage.sent(item.start, way, context).time;
    let came = vantage.came(asked.end, asked.direction, context).time;
    let is_end = |item: &&Item| {
        item.protocol == tcp::PROTOCOL_ID && item.place == Place::After && !item.breaks_off()
    };
    let mut ends = items.iter().filter(is_end).filter(|end| end.direction != asked.direction);
    let ended = ends.next().map(|end| sent(end, end.direction));
    let is_late = ended.is_some_and(|ended| ended < came);
    let mut resets = items.iter().filter(|item| item.breaks_off() && item.start > asked.start);
    let first = resets.next();
    if !is_late && first.is_some_and(|reset| vantage.stray(reset.start).is_some()) {
        return Some(": a reset that comes from the way breaks the connection off.");
    }
    let reset = first.map(|reset| reset.direction == asked.direction);
    Some(match (is_late, reset) {
        (true, Some(false)) => {
            ": when this came, the other side had ended its direction, and it resets \
             the connection."
        }
        (true, _) => ": when this came, the other side had ended its direction.",
        (false, Some(false)) => ": the other side resets the connection.",
        (false, Some(true)) => " before its own side breaks the connection off.",
        (false, None) if ended.is_some() => ": the other side ends its direction.",
        (false, None) => return None,
    })
}
