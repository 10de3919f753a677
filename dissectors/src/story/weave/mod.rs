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
mod court;
mod early;
mod elsewhere;
mod error;
mod flights;
mod gather;
mod gone;
mod handed;
mod heard;
mod held;
mod item;
mod keys;
mod packets;
mod paths;
mod pieces;
mod question;
mod recovery;
mod shared;
mod silent;
mod sum;
mod tokens;
mod told;
mod trips;
mod unanswered;
mod vantage;
mod write;

use std::collections::HashSet;

use clock::Clock;
use elsewhere::Elsewhere;
use error::Error;
use flights::Around;
use paths::Paths;
use recovery::Recovery;
use told::Told;
use vantage::Vantage;

use super::apart::Apart;
use super::carriers::Ways;
use super::cast::Cast;
use super::errors::Quoting;
use super::sighting::{fragments, several_places, sightings, twins};
use super::{ActorId, Recorded, Story, TrackId};
use crate::attribution::Attribution;
use crate::describe::Dissection;
use crate::engine::conversation::{Conversations, NEVER, Stop, heeding};
use crate::engine::reader::Context;
use crate::frames::Passing;
use crate::ids::{ConnectionId, Direction, FlowId, FrameId};
use crate::limits::{MAX_STORY_CONNECTIONS, MAX_STORY_MESSAGES, MAX_STORY_PACKETS_IN_ALL};
use crate::message::Protection;
use crate::survey::{Flow, Survey};

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

/// The same; nothing where it shall stop before all is told, which is asked every so many frames.
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
    let flow = |id: ConnectionId| survey.flow(FlowId(id.0));
    let paths: Vec<_> = chosen.iter().map(|(id, _)| Paths::of(*id, attribution, survey)).collect();
    let mut cast = Cast::of(paths.iter().flat_map(Paths::all).filter_map(|path| survey.flow(path)));
    for (id, vantage) in &chosen {
        let Some(flow) = flow(*id) else { continue };
        for error in error::quoting(apart, FlowId(id.0), vantage) {
            cast.invite(error.complaint.from, flow);
            cast.invite(error.to, flow);
        }
    }
    let scene = Dissection::of_headers(context, survey);
    let mut ways = Ways::default();
    let mut room = MAX_STORY_MESSAGES;
    let mut untold = Untold::default();
    let mut heard = Vec::new();
    for (number, ((id, vantage), paths)) in chosen.into_iter().zip(paths).enumerate() {
        if stop() {
            return None;
        }
        if untold.is_begun {
            untold.frames += conversations.begin(id, survey).frames().len();
            continue;
        }
        let mut thread =
            gather::gather(conversations, (context, survey), (number, id, paths), (room, stop));
        let quoting = error::quoting(apart, FlowId(id.0), &vantage);
        let recovery = Recovery::of(&thread, &vantage, &quoting, (context, survey));
        if let Some(recovery) = &recovery {
            recovery.tell(&mut thread, survey);
        }
        let astray = astray::tell(&mut thread, &vantage, conversations, (context, survey), stop);
        keys::settle(&mut thread.items);
        gone::settle(&mut thread, &vantage, context);
        room = room.saturating_sub(thread.items.len());
        let until = if thread.cut { thread.until } else { FrameId::NONE };
        let quoting: Vec<&Quoting> =
            quoting.into_iter().filter(|error| error.frame <= until).collect();
        let (kept, all) = (quoting.len().min(room), quoting.len());
        let kept_errors = quoting.get(..kept).unwrap_or_default();
        let there = error::seen_there(kept_errors, apart, &vantage);
        let mut errors = Error::all_of(kept_errors, &cast, (flow(id), context.frames), &there);
        errors.iter_mut().for_each(|error| error.add_hops(&scene));
        room = room.saturating_sub(kept);
        if kept < all {
            story.notes.push(format!("Only {kept} of {all} ICMP errors are told."));
        }
        let frames = heeding(thread.conversation.frames().iter().copied(), stop);
        ways.add(frames.take_while(|id| *id <= thread.until), &scene);
        if thread.cut {
            untold.is_begun = true;
            let frames = thread.conversation.frames();
            untold.frames += frames.len() - frames.partition_point(|id| *id <= thread.until);
        }
        heard.push((thread, vantage, recovery, astray, errors));
    }
    let elsewhere = Elsewhere::of(heard.iter().map(|(thread, ..)| thread), survey);
    let mut told = Vec::new();
    let mut tracks = 0;
    let mut singly = MAX_STORY_PACKETS_IN_ALL;
    let mut silent = Silent::default();
    for (mut thread, vantage, recovery, astray, errors) in heard {
        if stop() {
            return None;
        }
        let first = survey.flow(thread.paths.first);
        let ends = first.map_or([ActorId(0); 2], |flow: &Flow| cast.ends(flow));
        let port = first.map_or(0, |flow| {
            let [port, _] = flow.ports().ports;
            port
        });
        let unnamed = first.map_or([None; 2], |flow| cast.unnamed_ports(flow));
        let hosts = first.map(|flow| Direction::BOTH.map(|way| flow.address(way).to_canonical()));
        let there = thread.paths.ends(&cast, survey);
        let at: Vec<FrameId> = errors.iter().map(|error| error.frame).collect();
        let pairs = trips::answered(&thread);
        unanswered::tell(&mut thread, &pairs, &vantage, context);
        let sent = |frame, way| vantage.sent(frame, way, context).time;
        let (errors_at, elsewhere) = (at.as_slice(), &elsewhere);
        let around = Around { frames: context.frames, errors: errors_at, elsewhere, sent: &sent };
        let flights = flights::flights(&thread, &pairs, around);
        let trips = trips::trips(&thread, &pairs, &flights);
        let mut dealt = packets::deal(&thread, &flights, (context, survey), (&mut singly, stop));
        dealt.add_lost(&flights, &vantage, (context, survey), &mut singly);
        // Who only acknowledges what was sent elsewhere, or before, does nothing that is told.
        let is_silent = flights.is_empty() && errors.is_empty() && !thread.cut;
        if is_silent {
            silent.connections += 1;
            silent.frames += thread.conversation.frames().len();
        }
        let track = (thread.binds() && !is_silent).then_some(TrackId(tracks));
        tracks += u16::from(track.is_some());
        told.push(Told {
            thread,
            flights,
            pairs,
            trips,
            dealt,
            ends,
            hosts,
            port,
            unnamed,
            track,
            elsewhere: there,
            vantage,
            recovery,
            astray,
            errors,
            held: held::Held::default(),
        });
    }
    story.notes.extend(untold.note());
    if !story.both_ends {
        let clock = Clock::of(told.iter().map(|one| &one.thread), context.frames, stop);
        story.notes.extend(clock.notes());
        for one in &mut told {
            one.vantage.keep(clock.clone());
        }
    }
    tokens::tie(&mut told);
    handed::settle(&mut told);
    story.cast = cast.actors(&facts.names);
    story.carriers = ways.finish();
    if stop() {
        return None;
    }
    told.iter_mut().for_each(|one| held::tell(one, context));
    write::write(&mut told, (context, survey), apart.program_marks(), &mut story);
    if told.iter().any(|one| one.dealt.is_full) {
        let (singly, all) = (MAX_STORY_PACKETS_IN_ALL, story.packets);
        let said = format!("Only the first {singly} of {all} packets stand here one by one.");
        story.notes.push(said);
    }
    if told.iter().any(|one| !one.thread.whole) {
        story.notes.push("The recording begins inside a connection.".into());
    }
    story.notes.extend(silent.said());
    match told.iter().filter(|one| one.thread.one_sided).count() {
        0 => {}
        1 => story.notes.push("Of one connection only one direction was recorded.".into()),
        count => {
            story.notes.push(format!("Of {count} connections only one direction was recorded."))
        }
    }
    let mut items = told.iter().flat_map(|one| &one.thread.items);
    if items.any(|item| item.protection == Protection::Opaque) {
        story.notes.push("Some records stay sealed: their keys are not known here.".into());
    }
    story.sum = sum::sum(&told, all, context);
    story.title = if facts.title.is_empty() {
        sum::title(&told, &story.cast, context.registry)
    } else {
        facts.title.clone()
    };
    story.name_steps();
    (!stop()).then_some(story)
}

/// Connections that a story has nothing to tell of.
#[derive(Default)]
struct Silent {
    connections: usize,
    frames: usize,
}

impl Silent {
    fn said(&self) -> Option<String> {
        let packets = match self.frames {
            1 => "1 packet".to_owned(),
            count => format!("{count} packets"),
        };
        match self.connections {
            0 => None,
            1 => Some(format!("Of one connection nothing is told: {packets} without data.")),
            count => {
                Some(format!("Of {count} connections nothing is told: {packets} without data."))
            }
        }
    }
}

/// What a story has no room for.
#[derive(Default)]
struct Untold {
    /// Whether something is left out.
    is_begun: bool,
    /// The frames that are left out.
    frames: usize,
}

impl Untold {
    fn note(&self) -> Option<String> {
        let left = match self.frames {
            0 => String::new(),
            1 => ", and 1 more packet is left out".into(),
            frames => format!(", and {frames} more packets are left out"),
        };
        let most = MAX_STORY_MESSAGES;
        self.is_begun.then(|| format!("Only the first {most} messages are told{left}."))
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
            let said =
                format!("Only the first {MAX_STORY_CONNECTIONS} of {count} connections are told.");
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
        let seen = sightings(twins, context.frames, survey);
        let fragments = fragments(&seen, context.frames, survey);
        let vantage = Vantage::both(seen).with_fragments(fragments);
        chosen.push((near, vantage.with_far(twins.far)));
    }
    let first = |id: ConnectionId| survey.flow(attribution.first_path(id)).map(|flow| flow.first);
    chosen.sort_by_key(|(id, _)| first(*id));
    let all = all.unwrap_or(chosen.len());
    (chosen, all)
}
