//! Finds round trips: from a question to what answers it.
//!
//! An answer goes to the question that its protocol says it answers (a stream of HTTP/2); where it
//! says none, to the oldest of its own protocol, because that is the order in which TCP, TLS and
//! HTTP/1.1 answer, or to one of a protocol inside where it says so (Retry of QUIC). A question
//! that gets an answer for now stays open. Where an answer was not captured, what its receiver
//! could not have said without it stands for it; and whatever waited when bytes of the other side
//! turned out to be missing is not taken for what the next answer answers, unless its protocol says
//! so. What counts as cost is how often one side had to wait for the other: questions that wait at
//! the same time share a round trip, which is what pipelining saves.

use std::iter::Peekable;

use super::flights::Flight;
use super::gather::{Item, Thread};
use super::holes::Hole;
use crate::ids::{Direction, FrameId, MessageId, ProtocolId};
use crate::maps::FastMap;
use crate::message::Relation;
use crate::protocols::{quic, tcp, tls};

/// A question and what answered it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answered {
    /// The item that asked, by position in the thread.
    pub(super) asked: usize,
    /// The last item of the question before the answer, by position in the thread.
    pub(super) last: usize,
    /// The item that answered, by position in the thread.
    pub(super) answered: usize,
}

impl Answered {
    /// The last frame in which the question surely went on before it was answered.
    pub(super) fn asked_until(&self, items: &[Item]) -> Option<FrameId> {
        let (last, answered) = (items.get(self.last)?, items.get(self.answered)?);
        Some(if last.end < answered.start { last.end } else { last.start })
    }
}

/// A round trip of one thread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trip {
    /// The flight that asked, by position.
    pub(super) from: usize,
    /// The flight that answered, by position.
    pub(super) to: usize,
    /// The item that asked, by position in the thread.
    pub(super) asked: usize,
    /// The last item of the question before the answer, by position in the thread.
    pub(super) last: usize,
    /// The item that answered, by position in the thread.
    pub(super) answered: usize,
    /// Whether it adds to the cost: none that counts was under way when it began.
    pub(super) counts: bool,
}

/// A question whose answer may lie in what the recording lacks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unheard {
    /// The item that asked, by position in the thread.
    pub(super) asked: usize,
    /// How many bytes are missing up to what the other side said next.
    pub(super) bytes: u64,
    /// Whether nothing else waited then, so that the answer surely lies there.
    pub(super) is_alone: bool,
}

/// A question that waits for its answer.
struct Question {
    /// The item that asked.
    item: usize,
    /// The last item of the question.
    last: usize,
    direction: Direction,
    protocol: ProtocolId,
    /// What turned out to be missing of the other side while it waited.
    lacks: Option<Lack>,
}

/// Bytes that are missing behind a question.
#[derive(Clone, Copy)]
struct Lack {
    bytes: u64,
    is_alone: bool,
    /// Whether either side has gone on since.
    is_over: bool,
}

/// Notes with the questions that wait what turns out to be missing up to a frame.
fn lose<'h>(waiting: &mut [Question], holes: impl Iterator<Item = &'h Hole>) {
    for hole in holes {
        let own = |one: &&mut Question| {
            one.direction != hole.direction && one.protocol != tcp::PROTOCOL_ID
        };
        let mut all: Vec<&mut Question> = waiting.iter_mut().filter(own).collect();
        let is_alone = all.iter().filter(|one| one.lacks.is_none()).count() == 1;
        for question in &mut all {
            match &mut question.lacks {
                Some(lack) if !lack.is_over => lack.bytes += hole.bytes,
                Some(_) => {}
                lacks @ None => {
                    *lacks = Some(Lack { bytes: hole.bytes, is_alone, is_over: false });
                }
            }
        }
    }
}

/// Lets questions wait until an item: what is missing up to there is noted with them, and what is
/// missing behind it counts no more for those that had lost something before.
fn go_on<'h>(
    waiting: &mut [Question],
    holes: &mut Peekable<impl Iterator<Item = &'h Hole>>,
    item: &Item,
) {
    lose(waiting, std::iter::from_fn(|| holes.next_if(|hole| hole.shown <= item.start)));
    if !item.is_quiet() {
        waiting.iter_mut().filter_map(|one| one.lacks.as_mut()).for_each(|it| it.is_over = true);
    }
}

/// The questions of a thread that were answered, in the order of the answers; and those whose
/// answer may be missing.
pub(super) fn answered(thread: &Thread) -> (Vec<Answered>, Vec<Unheard>) {
    let mut holes = thread.holes.iter().peekable();
    let mut pairs: Vec<Answered> = Vec::new();
    let mut waiting: Vec<Question> = Vec::new();
    let related = thread.related.iter().filter(|one| one.relation == Relation::Answers);
    let related: FastMap<MessageId, MessageId> = related.map(|one| (one.from, one.to)).collect();
    let repeats = thread.related.iter().filter(|one| one.relation == Relation::Repeats);
    let repeats: FastMap<MessageId, MessageId> = repeats.map(|one| (one.from, one.to)).collect();
    for (at, item) in thread.items.iter().enumerate() {
        let (direction, protocol) = (item.direction, item.protocol);
        go_on(&mut waiting, &mut holes, item);
        if item.told.turn.after_unseen {
            // The answer itself is not there: who goes on behind its own question has had it.
            let own = |one: &Question| one.direction == direction && one.protocol == protocol;
            if let Some(place) = waiting.iter().position(own) {
                let Question { item: asked, last, .. } = waiting.remove(place);
                pairs.push(Answered { asked, last, answered: at });
            }
        }
        if item.told.turn.answers {
            let own = related.get(&item.message).and_then(|asked| {
                let is_it = |at: usize| thread.items.get(at).map(|item| item.message);
                waiting.iter().position(|question| is_it(question.item) == Some(*asked))
            });
            let place = own.or_else(|| {
                waiting.iter().position(|question| {
                    let is_own = question.protocol == protocol;
                    question.direction != direction
                        && is_own != item.told.turn.answers_inside
                        && question.lacks.is_none()
                })
            });
            // QUIC asks with what it carries, and may answer that itself: with a Retry, or with the
            // versions that it speaks.
            let place = place.or_else(|| {
                let asked = |question: &Question| question.direction != direction;
                (protocol == quic::PROTOCOL_ID).then(|| waiting.iter().position(asked)).flatten()
            });
            if let Some(place) = place
                && let Some(question) = waiting.get(place)
            {
                let (asked, last) = (question.item, question.last);
                pairs.push(Answered { asked, last, answered: at });
                if !item.told.turn.interim {
                    waiting.remove(place);
                }
            }
        }
        if item.told.turn.stored_late {
            let before = thread.items.get(..at).unwrap_or_default().iter();
            let answers = |one: &Item| {
                one.told.turn.answers
                    && (one.direction, one.protocol) == (direction.reverse(), protocol)
            };
            if let Some(answered) =
                before.rev().position(answers).and_then(|back| at.checked_sub(back + 1))
            {
                pairs.push(Answered { asked: at, last: at, answered });
                continue;
            }
        }
        // Whoever asks anew whether somebody is there asks the same.
        let may_be_again = item.is_try || protocol == tcp::PROTOCOL_ID && item.told.turn.asks;
        if may_be_again && !item.told.turn.answers && again(&mut waiting, (thread, &repeats), at) {
            continue;
        }
        if item.told.turn.asks {
            // What was held back asks in the place of what came before.
            waiting.retain(|question| {
                item.message == MessageId::NONE
                    || thread.items.get(question.item).is_none_or(|it| it.message != item.message)
            });
            if waiting.len() >= MANY {
                waiting.remove(0);
            }
            waiting.push(Question { item: at, last: at, direction, protocol, lacks: None });
        } else if item.told.turn.continues {
            let is_it = |question: &&mut Question| {
                let asked = thread.items.get(question.item);
                (question.direction, question.protocol) == (direction, protocol)
                    && asked.is_some_and(|asked| asked.told.lane == item.told.lane)
            };
            if let Some(question) = waiting.iter_mut().rev().find(is_it) {
                question.last = at;
            }
        }
    }
    lose(&mut waiting, holes);
    pairs.sort_by_key(|pair| pair.answered);
    let unheard = waiting.iter().filter_map(|question| {
        let Lack { bytes, is_alone, .. } = question.lacks?;
        Some(Unheard { asked: question.item, bytes, is_alone })
    });
    (pairs, unheard.collect())
}

/// Takes an item as a further try of a question that waits, where it is one: the answer may be to
/// either, and is no later than that to the last of them.
fn again(
    waiting: &mut [Question],
    (thread, repeats): (&Thread, &FastMap<MessageId, MessageId>),
    at: usize,
) -> bool {
    let Some(item) = thread.items.get(at) else { return false };
    let before = repeats.get(&item.message);
    let repeats = |asked: &Item| {
        let is_same = asked.told.label == item.told.label && asked.told.lane == item.told.lane;
        asked.told.turn.asks && (is_same || before == Some(&asked.message))
    };
    let is_it = |question: &&mut Question| {
        (question.direction, question.protocol) == (item.direction, item.protocol)
            && thread.items.get(question.item).is_some_and(repeats)
    };
    match waiting.iter_mut().rev().find(is_it) {
        Some(question) => {
            question.last = at;
            true
        }
        None => false,
    }
}

/// The round trips among the flights of one thread, in the order in which they end.
pub(super) fn trips(thread: &Thread, pairs: &[Answered], flights: &[Flight]) -> Vec<Trip> {
    let mut trips: Vec<Trip> = Vec::new();
    // Where the last round trip that counts ended.
    let mut counted: Option<FrameId> = None;
    let places = places(thread, flights);
    let flight_of = |item: usize| places.get(item).copied().unwrap_or_default();
    for &Answered { asked, last, answered } in pairs {
        if thread.items.get(answered).is_some_and(|item| item.told.turn.in_vain) {
            continue;
        }
        let (from, to) = (flight_of(asked), flight_of(answered));
        if trips.iter().rev().take(MANY).any(|trip| (trip.from, trip.to) == (from, to)) {
            continue;
        }
        let begun = thread.items.get(asked).map(|item| match item.protocol {
            // What does not fit into a SYN of Fast Open waits for its answer, and nobody can answer
            // a part of a ClientHello.
            tls::fields::PROTOCOL_ID => {
                Answered { asked, last, answered }.asked_until(&thread.items).unwrap_or(item.start)
            }
            _ => item.start,
        });
        let counts = begun > counted;
        if counts {
            counted = thread.items.get(answered).map(|item| item.start);
        }
        trips.push(Trip { from, to, asked, last, answered, counts });
    }
    trips
}

/// Questions of one connection that may wait at once; older ones are given up.
const MANY: usize = 256;

/// The flight of each item of a thread, by position.
fn places(thread: &Thread, flights: &[Flight]) -> Vec<usize> {
    let mut places = vec![0; thread.items.len()];
    for (number, flight) in flights.iter().enumerate() {
        for at in &flight.items {
            if let Some(place) = places.get_mut(*at) {
                *place = number;
            }
        }
    }
    places
}
