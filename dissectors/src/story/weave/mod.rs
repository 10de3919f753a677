//! Weaves connections into one story: who talked, in which chapters and flights, at what cost.
//!
//! ```text
//!   messages, of TCP as of all ─ gather ─> items ─ flights ─> flights ─ trips ─> round trips
//!                                                    │ packets: each frame dealt out once
//!                                                    v
//!   every connection of the story ─────────────── write ─> beats, states, keys, links ─ sum
//! ```
//!
//! The same frames and secrets give an equal story, whatever order tables keep their entries in.

mod astray;
mod came;
mod clock;
mod controls;
mod court;
mod early;
mod elsewhere;
mod error;
mod excused;
mod flights;
mod gather;
mod gone;
mod handed;
mod heard;
mod held;
mod holes;
mod item;
mod keys;
mod loom;
mod packets;
mod paths;
mod pieces;
mod question;
mod reached;
mod recovery;
mod shared;
mod silent;
mod sum;
mod tokens;
mod told;
mod trips;
mod unanswered;
mod unsent;
mod untold;
mod vantage;
mod wills;
mod write;

use std::collections::HashSet;

use clock::Clock;
use elsewhere::Elsewhere;
use loom::Loom;
use paths::Paths;
use told::Told;
use vantage::Vantage;

use super::apart::Apart;
use super::cast::Cast;
use super::sighting::{both_sides, fragments, several_places, twins};
use super::{Recorded, Story};
use crate::attribution::Attribution;
use crate::engine::conversation::{Conversations, NEVER, Stop};
use crate::engine::reader::Context;
use crate::frames::Passing;
use crate::ids::{ConnectionId, FlowId};
use crate::limits::{MAX_STORY_CONNECTIONS, MAX_STORY_PACKETS_IN_ALL};
use crate::message::Protection;
use crate::survey::Survey;
use crate::wording::thousands;

/// Tells these connections as one story.
///
/// A connection that was recorded at both its ends is told once, as the initiator's end saw it,
/// each packet with the time at which it was sent and the time at which it was received.
#[must_use]
pub fn weave(
    conversations: &mut Conversations,
    context: Context<'_>,
    known: (&Survey, &Apart),
    ids: &[ConnectionId],
    facts: &Recorded,
) -> Story {
    weave_until(conversations, context, known, ids, (facts, NEVER)).unwrap_or_default()
}

/// The same; `None` if it shall stop before all is told, which is asked every so many frames.
pub fn weave_until(
    conversations: &mut Conversations,
    context: Context<'_>,
    (survey, apart): (&Survey, &Apart),
    ids: &[ConnectionId],
    (facts, stop): (&Recorded, Stop<'_>),
) -> Option<Story> {
    let passing = Passing::new(context.frames);
    let context = Context { frames: &passing, ..context };
    let mut story = Story { subtitle: facts.subtitle.clone(), ..Story::default() };
    let attribution = conversations.attribution();
    let (chosen, all) = choose((context, survey, attribution), ids, &mut story);
    let paths: Vec<_> = chosen.iter().map(|(id, _)| Paths::of(*id, attribution, survey)).collect();
    let cast = cast(&chosen, &paths, (survey, apart));
    let mut loom = Loom::new(context, (survey, apart), cast, stop);
    let mut gathered = Vec::new();
    for (number, ((id, vantage), paths)) in chosen.into_iter().zip(paths).enumerate() {
        if stop() {
            return None;
        }
        gathered.extend(loom.gather(conversations, (number, id), vantage, paths));
    }
    let elsewhere = Elsewhere::of(gathered.iter().map(|one| &one.thread), survey);
    let mut told = Vec::new();
    for one in gathered {
        if stop() {
            return None;
        }
        told.push(loom.tell(one, &elsewhere));
    }
    story.notes.extend(loom.noted());
    if !story.both_ends {
        let clock = Clock::of(told.iter().map(|one| &one.thread), context.frames, stop);
        story.notes.extend(clock.notes());
        for one in &mut told {
            one.vantage.keep(clock.clone());
        }
    }
    tokens::tie(&mut told);
    wills::tie(&mut told);
    handed::settle(&mut told);
    story.cast = loom.cast.actors(&facts.names);
    let silent = loom.silent();
    story.carriers = loom.ways.finish();
    if stop() {
        return None;
    }
    told.iter_mut().for_each(|one| held::tell(one, context));
    write::write(&mut told, (context, survey), apart.program_marks(), &mut story);
    note(&told, silent, &mut story);
    story.sum = sum::sum(&told, all, context);
    story.title = if facts.title.is_empty() {
        sum::title(&told, &story.cast, context.registry)
    } else {
        facts.title.clone()
    };
    story.name_steps();
    (!stop()).then_some(story)
}

/// Who speaks on these connections, and who complains of them.
fn cast(
    chosen: &[(ConnectionId, Vantage)],
    paths: &[Paths],
    (survey, apart): (&Survey, &Apart),
) -> Cast {
    let mut cast = Cast::of(paths.iter().flat_map(Paths::all).filter_map(|path| survey.flow(path)));
    for (id, vantage) in chosen {
        let Some(flow) = survey.flow(FlowId(id.0)) else { continue };
        for error in apart.quoting(FlowId(id.0), vantage.far()) {
            cast.invite(error.complaint.from, flow);
            cast.invite(error.to, flow);
        }
    }
    cast
}

/// Notes what the story does not hold of its connections; `silent` says it of those without a word.
fn note(told: &[Told], silent: Option<String>, story: &mut Story) {
    if told.iter().any(|one| one.dealt.is_full) {
        let [singly, all] = [MAX_STORY_PACKETS_IN_ALL as u64, story.packets.into()].map(thousands);
        let said = format!("Only the first {singly} of {all} packets stand here one by one.");
        story.notes.push(said);
    }
    if told.iter().any(|one| !one.thread.whole) {
        story.notes.push("The recording begins inside a connection.".into());
    }
    story.notes.extend(silent);
    match told.iter().filter(|one| one.thread.one_sided).count() {
        0 => {}
        1 => story.notes.push("Of one connection only one direction was recorded.".into()),
        count => {
            let count = thousands(count as u64);
            story.notes.push(format!("Of {count} connections only one direction was recorded."))
        }
    }
    let mut items = told.iter().flat_map(|one| &one.thread.items);
    if items.any(|item| item.protection == Protection::Opaque) {
        story.notes.push("Some records stay sealed: their keys are not known here.".into());
    }
}

/// The connections to tell, in the order in which they began, each once even where it was
/// recorded twice; and how many there are in all.
fn choose(
    (context, survey, attribution): (Context<'_>, &Survey, &Attribution),
    ids: &[ConnectionId],
    story: &mut Story,
) -> (Vec<(ConnectionId, Vantage)>, usize) {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut all = None;
    let count = ids.len();
    let several = several_places(survey);
    let mut chosen: Vec<(ConnectionId, Vantage)> = Vec::new();
    let mut nears = HashSet::new();
    for id in ids {
        if chosen.len() >= MAX_STORY_CONNECTIONS {
            let [told, of] = [MAX_STORY_CONNECTIONS, count].map(|count| thousands(count as u64));
            let said = format!("Only the first {told} of {of} connections are told.");
            story.notes.push(said);
            all = Some(count);
            break;
        }
        let path = attribution.first_path(id);
        let twins = if several { twins(path, context.frames, survey) } else { None };
        let Some(twins) = twins else {
            chosen.push((id, Vantage::default()));
            continue;
        };
        // Several connections may share a flow; of those at the far end the first stands for all.
        let near = if path == twins.near { id } else { ConnectionId(twins.near.0) };
        if !nears.insert(near) {
            continue;
        }
        story.both_ends = true;
        let (seen, strays) = both_sides(twins, context.frames, survey);
        let fragments = fragments(&seen, context.frames, survey);
        let vantage = Vantage::both(seen).with_fragments(fragments).with_strays(strays);
        chosen.push((near, vantage.with_far(twins.far)));
    }
    let first = |id: ConnectionId| survey.flow(attribution.first_path(id)).map(|flow| flow.first);
    chosen.sort_by_key(|(id, _)| first(*id));
    let all = all.unwrap_or(chosen.len());
    (chosen, all)
}
