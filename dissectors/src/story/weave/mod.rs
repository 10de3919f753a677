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

mod clock;
mod flights;
mod gather;
mod packets;
mod paths;
mod sum;
mod trips;
mod vantage;
mod write;

use std::net::IpAddr;

use clock::Clock;
use paths::Paths;
use vantage::Vantage;
use write::Told;

use super::apart::Apart;
use super::carriers::Ways;
use super::cast::Cast;
use super::errors::Quoting;
use super::sighting::{sightings, twins};
use super::{ActorId, Story, Telling, TrackId};
use crate::attribution::Attribution;
use crate::describe::Scene;
use crate::engine::conversation::Conversations;
use crate::engine::reader::Context;
use crate::ids::{ConnectionId, Direction, FlowId, FrameId, ProtocolId};
use crate::limits::{MAX_STORY_CONNECTIONS, MAX_STORY_MESSAGES};
use crate::message::Protection;
use crate::survey::{Flow, Survey};

/// What a recording says beside its packets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// What was staged; empty where nobody said.
    pub title: String,
    /// Where and how it was recorded, in one line; empty where nobody said.
    pub subtitle: String,
    /// What the ends are called, by their addresses.
    pub names: Vec<(IpAddr, String)>,
}

/// Tells these connections as one story.
///
/// A connection that was recorded at both its ends is told once, as the initiator's end saw it,
/// each packet with the time at which it was sent and the time at which it was received.
#[must_use]
pub fn weave(
    conversations: &mut Conversations,
    context: Context<'_>,
    (survey, apart): (&Survey, &Apart),
    ids: &[ConnectionId],
    facts: &Recorded,
) -> Story {
    let mut story = Story { subtitle: facts.subtitle.clone(), ..Story::default() };
    let attribution = conversations.attribution();
    let (chosen, all) = choose((context, survey, attribution), ids, &mut story);
    let flow = |id: ConnectionId| survey.flow(FlowId(id.0));
    let paths: Vec<_> = chosen.iter().map(|(id, _)| Paths::of(*id, attribution, survey)).collect();
    let mut cast = Cast::of(paths.iter().flat_map(Paths::all).filter_map(|path| survey.flow(path)));
    for (id, _) in &chosen {
        let Some(flow) = flow(*id) else { continue };
        for error in apart.errors(FlowId(id.0)) {
            cast.invite(error.complaint.from, flow);
            cast.invite(error.to, flow);
        }
    }
    let scene = Scene::of_headers(context, survey);
    let mut ways = Ways::default();
    let mut told = Vec::new();
    let mut tracks = 0;
    let mut room = MAX_STORY_MESSAGES;
    for (number, ((id, vantage), paths)) in chosen.into_iter().zip(paths).enumerate() {
        let first = survey.flow(paths.first);
        let ends = first.map_or([ActorId(0); 2], |flow: &Flow| cast.ends(flow));
        let port = first.map_or(0, |flow| {
            let [port, _] = flow.ports().ports;
            port
        });
        let elsewhere = paths.ends(&cast, survey);
        let thread = gather::gather(conversations, (context, survey), (number, id, paths), room);
        room = room.saturating_sub(thread.items.len());
        let until = if thread.cut { thread.until } else { FrameId::NONE };
        let quoting = apart.errors(FlowId(id.0)).filter(|error| error.frame <= until);
        let quoting: Vec<&Quoting> = quoting.collect();
        let errors: Vec<Error> =
            quoting.iter().take(room).map(|error| Error::of(error, &cast, flow(id))).collect();
        room = room.saturating_sub(errors.len());
        if errors.len() < quoting.len() {
            let (told, all) = (errors.len(), quoting.len());
            story.notes.push(format!("Only {told} of {all} ICMP errors are told."));
        }
        let at: Vec<FrameId> = errors.iter().map(|error| error.frame).collect();
        let flights = flights::flights(&thread, context.frames, &at);
        let trips = trips::trips(&thread, &flights);
        let mut dealt = packets::deal(&thread, &flights, (context, survey));
        dealt.add_lost(&flights, &vantage, (context, survey));
        let frames = thread.conversation.frames().iter().copied();
        ways.add(frames.take_while(|id| *id <= thread.until), &scene);
        let cut = thread.cut;
        let track = thread.binds().then_some(TrackId(tracks));
        tracks += u16::from(track.is_some());
        told.push(Told {
            thread,
            flights,
            trips,
            dealt,
            ends,
            port,
            track,
            elsewhere,
            vantage,
            errors,
        });
        if cut {
            let said = format!("Only the first {MAX_STORY_MESSAGES} messages are told.");
            story.notes.push(said);
            break;
        }
    }
    if !story.two_clocks {
        let clock = Clock::of_told(&told, context.frames);
        story.notes.extend(clock.notes());
        for one in &mut told {
            one.vantage.keep(clock.clone());
        }
    }
    story.cast = cast.actors(&facts.names);
    story.carriers = ways.finish();
    write::write(&told, context, &mut story);
    if told.iter().any(|one| !one.thread.whole) {
        story.notes.push("The recording begins inside a connection.".into());
    }
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
    story.sum = sum::sum(&told, all, context.registry);
    story.title = if facts.title.is_empty() {
        sum::title(&told, &story.cast, context.registry)
    } else {
        facts.title.clone()
    };
    story
}

/// An error that quotes a connection, ready to be told.
struct Error {
    frame: FrameId,
    /// Who says it, and to whom.
    from: ActorId,
    to: ActorId,
    /// Which way the quoted packet went, and its frame, where that is known.
    direction: Direction,
    quoted: Option<FrameId>,
    protocol: ProtocolId,
    told: Telling,
}

impl Error {
    fn of(quoting: &Quoting, cast: &Cast, flow: Option<&Flow>) -> Self {
        let actor = |address| flow.map_or(ActorId(0), |flow| cast.guest(address, flow));
        Self {
            frame: quoting.frame,
            from: actor(quoting.complaint.from),
            to: actor(quoting.to),
            direction: quoting.direction,
            quoted: quoting.quoted,
            protocol: quoting.protocol,
            told: quoting.tell(),
        }
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
    let several = survey.flows().windows(2).any(|pair| match pair {
        [a, b] => a.key.interface != b.key.interface,
        _ => false,
    });
    let mut chosen: Vec<(ConnectionId, Vantage)> = Vec::new();
    let mut far = Vec::new();
    for id in ids {
        if chosen.len() >= MAX_STORY_CONNECTIONS {
            let said =
                format!("Only the first {MAX_STORY_CONNECTIONS} of {count} connections are told.");
            story.notes.push(said);
            all = Some(count);
            break;
        }
        let twins = if several { twins(FlowId(id.0), context.frames, survey) } else { None };
        let Some(twins) = twins else {
            chosen.push((id, Vantage::default()));
            continue;
        };
        let near = ConnectionId(twins.near.0);
        if far.contains(&twins.far) {
            continue;
        }
        far.push(twins.far);
        story.two_clocks = true;
        chosen.push((near, Vantage::both(sightings(twins, context.frames, survey))));
    }
    let first = |id: ConnectionId| survey.flow(attribution.first_path(id)).map(|flow| flow.first);
    chosen.sort_by_key(|(id, _)| first(*id));
    let all = all.unwrap_or(chosen.len());
    (chosen, all)
}
