//! Finds the passages: which question on one connection was handed on as which on another.
//!
//! Questions are walked in the order of time. Those that wait for their answers are kept by what
//! they ask for and by the ids that they bear; a later one was handed on from one of them where a
//! mark proves it, and where a single one is left of all that fit as well.

use crate::story::weave::told::Told;
use std::collections::HashMap;
use std::net::IpAddr;

use super::Writer;
use crate::ids::{Direction, FrameId, MessageId, Time};
use crate::known::{Head, Known};
use crate::limits::MAX_EQUAL_QUESTIONS;
use crate::message::Relation;
use crate::story::passages::{Changes, HandedBack};
use crate::story::weave::gather::Item;
use crate::story::{ActorId, BeatId, Outcome, Passage, Proof};

/// A place in the order of the wire.
type Place = (Time, FrameId);

/// A question that may have been handed on, or be one that was.
struct Question<'a> {
    beat: BeatId,
    connection: usize,
    known: &'a Known,
    from: ActorId,
    to: ActorId,
    /// The address of who asks.
    host: Option<IpAddr>,
    /// When it left, when it was there, and when its answer came or what else ended the wait.
    sent: Place,
    received: Place,
    ended: Option<Place>,
    /// Whether what came is an answer, and not the end of the connection nor a refusal.
    succeeded: bool,
    answered: bool,
    /// The heads of the question and of its answer, with the message of that.
    head: Option<&'a Head>,
    answer: Option<(BeatId, &'a Head)>,
}

/// The passages of a story that is written, in the order of time.
pub(super) fn passages(told: &[Told], writer: &Writer<'_>) -> Vec<Passage> {
    let mut questions: Vec<Question<'_>> =
        told.iter().flat_map(|one| questions(one, writer)).collect();
    questions.sort_by_key(|one| one.sent);
    let mut found: Vec<(usize, Passage)> = Vec::new();
    let mut origins: HashMap<usize, usize> = HashMap::new();
    let mut waiting = Waiting::default();
    for (at, one) in questions.iter().enumerate() {
        if let Some((origin, same, proof)) = waiting.origin(&questions, &origins, one) {
            let Some(before) = questions.get(origin) else { continue };
            origins.insert(at, origin);
            let heads = before.head.zip(one.head).filter(|_| same);
            let passage = Passage {
                asked: before.beat,
                handed_on: one.beat,
                same,
                proof,
                attempt: 1,
                question: heads.map(|(came, went)| Changes::between(came, went)),
                answer: None,
            };
            found.push((at, passage));
        }
        if one.answered {
            waiting.add(at, one);
        }
    }
    let mut kept = tries(found, &questions);
    handed_back(&mut kept, &origins, &questions);
    kept.into_iter().map(|(_, passage)| passage).collect()
}

/// Sets answers that were handed back beside what came: that of the last try.
fn handed_back(
    found: &mut [(usize, Passage)],
    origins: &HashMap<usize, usize>,
    questions: &[Question<'_>],
) {
    let mut later: HashMap<usize, u32> = HashMap::new();
    for (at, passage) in found.iter_mut().rev().filter(|(_, passage)| passage.same) {
        let Some(origin) = origins.get(at) else { continue };
        if later.insert(*origin, passage.attempt).is_some() {
            continue;
        }
        let answer = |at: &usize| questions.get(*at).and_then(|one| one.answer);
        let both = answer(at).zip(answer(origin));
        passage.answer = both.map(|((came, head), (went, other))| HandedBack {
            came,
            went,
            changes: Changes::between(head, other),
        });
    }
}

/// Says which try each passage is. Of several ways that one question went on, each but the last
/// must have failed before the next was tried: else it is not known which of them mattered.
fn tries(found: Vec<(usize, Passage)>, questions: &[Question<'_>]) -> Vec<(usize, Passage)> {
    let mut by_asked: HashMap<BeatId, Vec<usize>> = HashMap::new();
    for (place, (_, passage)) in found.iter().enumerate().filter(|(_, (_, one))| one.same) {
        by_asked.entry(passage.asked).or_default().push(place);
    }
    let question = |place: &usize| found.get(*place).and_then(|(at, _)| questions.get(*at));
    let mut attempts: Vec<Option<u32>> = vec![Some(1); found.len()];
    for group in by_asked.values().filter(|group| group.len() > 1) {
        let pairs = group.iter().zip(group.iter().skip(1));
        let in_turn = pairs
            .filter_map(|(a, b)| Some((question(a)?, question(b)?)))
            .all(|(a, b)| !a.succeeded && a.ended.is_some_and(|ended| ended <= b.sent));
        for (attempt, place) in (1..).zip(group) {
            if let Some(slot) = attempts.get_mut(*place) {
                *slot = in_turn.then_some(attempt);
            }
        }
    }
    let kept = found.into_iter().zip(attempts);
    kept.filter_map(|((at, passage), attempt)| Some((at, Passage { attempt: attempt?, ..passage })))
        .collect()
}

/// Questions that wait, by what they ask for and by the ids that they bear.
#[derive(Default)]
struct Waiting<'a> {
    by_target: HashMap<(&'a [u8], &'a [u8]), Vec<usize>>,
    by_id: HashMap<(&'static str, &'a [u8]), Vec<usize>>,
}

impl<'a> Waiting<'a> {
    fn add(&mut self, at: usize, question: &Question<'a>) {
        let Known { method, target, ids, .. } = question.known;
        self.by_target.entry((method, target)).or_default().push(at);
        for (field, id) in ids {
            self.by_id.entry((field, id)).or_default().push(at);
        }
    }

    /// The question that this one was handed on from, whether it asks for the same, and the proof.
    fn origin(
        &mut self,
        questions: &[Question<'a>],
        origins: &HashMap<usize, usize>,
        one: &Question<'a>,
    ) -> Option<(usize, bool, Proof)> {
        let mut fitting: Vec<(usize, bool, Proof)> = Vec::new();
        let Known { method, target, ids, .. } = one.known;
        let is_over = |at: &usize| {
            let ended = questions.get(*at).and_then(|other| other.ended);
            ended.is_none_or(|ended| ended < one.sent)
        };
        // Whether few enough wait for one to be told from the others.
        let mut look = |list: Option<&mut Vec<usize>>| {
            let Some(list) = list else { return true };
            list.retain(|at| !is_over(at));
            for at in list.iter().take(MAX_EQUAL_QUESTIONS) {
                let Some(other) = questions.get(*at).filter(|other| other.encloses(one)) else {
                    continue;
                };
                let same = (&other.known.method, &other.known.target) == (method, target);
                let proof = proof(other, one);
                let proof = proof.filter(|proof| same || matches!(proof, Proof::Id(_)));
                fitting.extend(proof.map(|proof| (*at, same, proof)));
            }
            list.len() <= MAX_EQUAL_QUESTIONS
        };
        let mut few = look(self.by_target.get_mut(&(&**method, &**target)));
        for (field, id) in ids {
            few &= look(self.by_id.get_mut(&(*field, &**id)));
        }
        if !few {
            return None;
        }
        fitting.sort_unstable_by_key(|(at, ..)| *at);
        fitting.dedup_by_key(|(at, ..)| *at);
        single(fitting, questions, origins, one)
    }
}

/// The one that is left of those that fit, where one is.
fn single(
    mut fitting: Vec<(usize, bool, Proof)>,
    questions: &[Question<'_>],
    origins: &HashMap<usize, usize>,
    one: &Question<'_>,
) -> Option<(usize, bool, Proof)> {
    let best = fitting.iter().map(|(_, same, proof)| (proof.rank(), *same)).max()?;
    fitting.retain(|(_, same, proof)| (proof.rank(), *same) == best);
    // A question that was handed on twice is known by its marks on all its ways: the last counts.
    let before: Vec<usize> =
        fitting.iter().filter_map(|(at, ..)| origins.get(at).copied()).collect();
    fitting.retain(|(at, ..)| !before.contains(at));
    if fitting.len() > 1 {
        let is_host = |at: &usize| questions.get(*at).is_some_and(|other| other.to == one.from);
        fitting.retain(|(at, ..)| is_host(at));
    }
    match fitting.as_slice() {
        [single] => Some(*single),
        _ => None,
    }
}

/// What proves that one question was handed on as another.
fn proof(asked: &Question<'_>, other: &Question<'_>) -> Option<Proof> {
    let id = asked.known.ids.iter().find(|id| other.known.ids.contains(id));
    let names = |(_, host): &&(&'static str, IpAddr)| Some(*host) == asked.host;
    let name = other.known.asked_by.iter().find(names).map(|(field, _)| *field);
    let host = asked.to == other.from;
    let passed = other.known.passed.as_ref().filter(|(_, passed)| {
        let before = asked.known.passed.as_ref().map_or(&[][..], |(_, before)| before);
        let added = passed.strip_prefix(before).unwrap_or_default();
        let added = if before.is_empty() { Some(added) } else { added.strip_prefix(b", ") };
        added.is_some_and(|added| !added.is_empty() && !added.contains(&b','))
    });
    match (id, name) {
        (Some((field, _)), _) => Some(Proof::Id(field)),
        (None, Some(field)) if host => Some(Proof::HostAndName(field)),
        (None, Some(field)) => Some(Proof::Name(field)),
        (None, None) if host => Some(Proof::Host),
        (None, None) => passed.map(|(field, _)| Proof::Passed(field)),
    }
}

impl Question<'_> {
    /// Whether another one begins after this one was received and is over before its answer.
    fn encloses(&self, other: &Self) -> bool {
        self.connection != other.connection
            && self.received <= other.sent
            && other.ended.zip(self.ended).is_some_and(|(inner, outer)| inner <= outer)
    }
}

/// The questions of a connection that bear marks.
fn questions<'a>(told: &'a Told, writer: &Writer<'_>) -> Vec<Question<'a>> {
    let (Some(hosts), Some(_)) = (told.hosts, told.track) else { return Vec::new() };
    let items = &told.thread.items;
    let marked = items.iter().filter(|item| item.told.turn.asks && item.told.trace.known.is_some());
    let marked: Vec<&Item> = marked.collect();
    if marked.is_empty() {
        return Vec::new();
    }
    let by_message: HashMap<MessageId, &Item> = items
        .iter()
        .filter(|item| !item.told.turn.interim)
        .map(|item| (item.message, item))
        .collect();
    let answers = told.thread.related.iter().filter(|one| one.relation == Relation::Answers);
    let answers: HashMap<MessageId, &Item> =
        answers.filter_map(|one| Some((one.to, *by_message.get(&one.from)?))).collect();
    let place = |frame, direction| {
        let moment = told.vantage.sent(frame, direction, writer.context);
        (moment.time, moment.frame)
    };
    let question = |item: &&'a Item| {
        let beat = *writer.messages.get(&(told.thread.number, item.message))?;
        let answer = answers.get(&item.message);
        let end = answer.map(|answer| place(answer.start, answer.direction));
        let (from, to) = told.between(item.direction, item.start);
        let [ahead, back] = hosts;
        let sent = place(item.start, item.direction);
        let came = told.vantage.came(item.start, item.direction, writer.context);
        Some(Question {
            beat,
            connection: told.thread.number,
            known: item.told.trace.known.as_deref()?,
            from,
            to,
            host: Some(if item.direction == Direction::Forward { ahead } else { back }),
            sent,
            received: (came.time, sent.1),
            ended: end.or_else(|| broken_off(told, item, &place)),
            succeeded: answer.is_some_and(|answer| answer.told.outcome != Outcome::Refused),
            answered: answer.is_some(),
            head: item.told.head.as_deref(),
            answer: answer.and_then(|answer| {
                let beat = *writer.messages.get(&(told.thread.number, answer.message))?;
                Some((beat, answer.told.head.as_deref()?))
            }),
        })
    };
    marked.iter().filter_map(question).collect()
}

/// Where the connection ended instead of an answer: what was said there next begins a flight.
fn broken_off(
    told: &Told,
    question: &Item,
    place: &impl Fn(FrameId, Direction) -> Place,
) -> Option<Place> {
    let next = told.flights.partition_point(|flight| flight.speaks <= question.end);
    told.flights.get(next).map(|next| place(next.speaks, next.direction))
}
