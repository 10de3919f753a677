//! Writes ledgers: of each connection that asked and was answered, what that cost.

use super::Writer;
use crate::ids::{Direction, FrameId};
use crate::message::Protection;
use crate::story::ledger::{Ledger, Replay, Spent};
use crate::story::weave::gather::Item;
use crate::story::weave::question;
use crate::story::weave::told::Told;
use crate::story::{BeatId, Moment};

impl Writer<'_> {
    /// The ledger of a connection that was recorded from its beginning, in both directions.
    pub(super) fn ledger(&mut self, told: &Told) {
        self.story.ledgers.extend(self.ledger_of(told));
    }

    fn ledger_of(&self, told: &Told) -> Option<Ledger> {
        if !told.thread.whole || told.thread.one_sided {
            return None;
        }
        let asked = question::of(told.course(), self.context)?;
        let answer = asked.answer?;
        let item = |at: usize| told.thread.items.get(at);
        let (question, reply) = (item(asked.item)?, item(answer.item)?);
        let beat = |item: &Item| -> Option<BeatId> {
            self.messages.get(&(told.thread.number, item.message)).copied()
        };
        let frames = told.thread.conversation.frames();
        let sent = |item: &Item| told.vantage.sent(item.start, item.direction, self.context);
        let first = *frames.first()?;
        // Who asks need not be who began.
        let is_own = question.direction == Direction::Forward;
        let began = match is_own {
            true => told.vantage.sent(first, question.direction, self.context),
            false => told.vantage.came(first, question.direction.reverse(), self.context),
        };
        let (left, came) =
            (sent(question), told.vantage.came(reply.start, reply.direction, self.context));
        let spent = |round_trips: usize, until: usize, at: Moment| {
            let frames = frames.get(..until).unwrap_or_default();
            let bytes = frames.iter().map(|id| u64::from(self.context.frames.frame(*id).wire_len));
            Spent {
                round_trips: u32::try_from(round_trips).unwrap_or(u32::MAX),
                packets: u32::try_from(frames.len()).unwrap_or(u32::MAX),
                bytes: bytes.sum(),
                nanos: at.time.since(began.time).max(0),
            }
        };
        let before = frames.partition_point(|id| *id < question.start);
        let through = frames.partition_point(|id| *id <= reply.start);
        Some(Ledger {
            track: told.track,
            request: beat(question)?,
            answer: beat(reply)?,
            began,
            asked: left,
            answered: came,
            until_request: spent(asked.before, before, left),
            until_answer: spent(answer.round_trips, through, came),
            replay: replay(&told.thread.items, question, first),
        })
    }
}

/// What may be read a second time.
fn replay(items: &[Item], question: &Item, first: FrameId) -> Replay {
    let is_first = |item: &Item| item.start == first && item.direction == question.direction;
    let secures = |item: &Item| item.protection != Protection::Clear;
    if question.protection == Protection::Early {
        return Replay::Request;
    }
    let carried = || items.iter().filter(|item| is_first(item));
    let opens = carried().any(|item| item.protocol == crate::protocols::tcp::PROTOCOL_ID);
    let is_in_syn = opens && is_first(question);
    let has_more = opens && carried().any(|item| !is_tcp(item));
    match (is_in_syn && !secures(question), has_more) {
        (true, _) => Replay::Request,
        (false, true) => Replay::Opening,
        (false, false) if !secures(question) => Replay::InTheClear,
        (false, false) => Replay::Impossible,
    }
}

fn is_tcp(item: &Item) -> bool {
    item.protocol == crate::protocols::tcp::PROTOCOL_ID
}
