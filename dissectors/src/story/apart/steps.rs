//! Frames apart, told one by one: each an arrow, answers tied to their questions.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::exchange::{Exchanges, Meaning, Said};
use super::hosts::{Hosts, Networks, place, reorder};
use super::{Apart, Kind, Seen, list};
use crate::describe::Dissection;
use crate::engine::reader::Context;
use crate::headers::names::Address;
use crate::ids::{FlowId, FrameId};
use crate::story::carriers::Ways;
use crate::story::{
    ActorId, Beat, BeatId, Level, Moment, Outcome, Recorded, RoundTrip, Story, Telling,
};
use crate::wording::thousands;

/// The story of frames apart, or of those of one flow.
pub(super) fn story(
    apart: &Apart,
    of: Option<FlowId>,
    scene: &Dissection<'_>,
    facts: &Recorded,
) -> Story {
    let context = scene.context();
    let mut story = Story { subtitle: facts.subtitle.clone(), ..Story::default() };
    let kinds: Vec<Kind> = match of {
        None => apart.packets(context),
        Some(flow) => apart.of_flow(flow, context),
    };
    story.title = match (facts.title.is_empty(), kinds.is_empty()) {
        (false, _) => facts.title.clone(),
        (true, false) => names(&kinds),
        (true, true) => "An empty recording".into(),
    };
    let hosts = Hosts::of(apart);
    let mut teller =
        Teller { apart, context, story, exchanges: Exchanges::default(), lifelines: Vec::new() };
    let mut told = 0;
    let mut networks = Networks::default();
    for seen in apart.seen.iter().filter(|seen| of.is_none_or(|flow| seen.flow == flow)) {
        let seen_on = context.frames.frame(seen.frame).interface;
        let network = networks.of(seen, seen_on);
        let ends = seen.ends.each_ref().map(|end| hosts.name(end, network));
        let Some(ends) = place(ends, &mut teller.lifelines) else { continue };
        teller.step(seen, ends);
        told += 1;
    }
    let Teller { mut story, mut lifelines, .. } = teller;
    reorder(&mut lifelines, &mut story.beats, facts);
    let mut ways = Ways::default();
    let seen = apart.seen.iter().filter(|seen| of.is_none_or(|flow| seen.flow == flow));
    ways.add_apart(seen.map(|seen| seen.frame), scene);
    story.carriers = ways.finish();
    story.cast = lifelines.iter().map(|end| hosts.actor(end, facts)).collect();
    story.trips.sort_by_key(|trip| trip.from);
    story.both_ends = apart.seen.iter().any(|seen| seen.received.is_some());
    let all: u64 = kinds.iter().map(|kind| kind.frames).sum();
    let unread: Vec<Kind> = kinds.iter().filter(|kind| !kind.is_read).cloned().collect();
    if !unread.is_empty() {
        story.notes.push(format!("Not read: {}.", list(&unread)));
    }
    if all > told && told > 0 {
        let [told, all] = [told, all].map(thousands);
        story.notes.push(format!("Only {told} of {all} frames are told."));
    }
    story.notes.extend(apart.conflicts());
    story.sum = if kinds.is_empty() {
        "Nothing was said.".into()
    } else {
        format!("No connection: {}", list(&kinds))
    };
    story.packets = u32::try_from(all).unwrap_or(u32::MAX);
    story.bytes = kinds.iter().map(|kind| kind.bytes).sum();
    story.name_steps();
    story
}

/// What a story is about: the first of its kinds.
fn names(kinds: &[Kind]) -> String {
    const MOST: usize = 6;
    let names: Vec<&str> = kinds.iter().take(MOST).map(|kind| kind.name.as_str()).collect();
    match kinds.len().saturating_sub(MOST) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

impl Apart {
    /// All frames by kind; packets that both ends saw count once.
    fn packets(&self, context: Context<'_>) -> Vec<Kind> {
        let mut kinds: Vec<Kind> = self.counted(|tally| tally.all).collect();
        for seen in &self.seen {
            let name = self.kinds.get(seen.kind).map(|tally| &tally.name);
            let kind = kinds.iter_mut().find(|kind| Some(&kind.name) == name);
            if let (Some(twin), Some(kind)) = (seen.received, kind) {
                let bytes = u64::from(context.frames.frame(twin).wire_len);
                kind.frames = kind.frames.saturating_sub(1);
                kind.bytes = kind.bytes.saturating_sub(bytes);
            }
        }
        kinds
    }

    /// The kinds of frames that one flow carries, of those that are told.
    fn of_flow(&self, flow: FlowId, context: Context<'_>) -> Vec<Kind> {
        let mut kinds: Vec<Kind> = Vec::new();
        for seen in self.seen.iter().filter(|seen| seen.flow == flow) {
            let Some(tally) = self.kinds.get(seen.kind) else { continue };
            let bytes = u64::from(context.frames.frame(seen.frame).wire_len);
            match kinds.iter_mut().find(|kind| kind.name == tally.name) {
                Some(kind) => (kind.frames, kind.bytes) = (kind.frames + 1, kind.bytes + bytes),
                None => {
                    let name = tally.name.clone();
                    kinds.push(Kind { name, is_read: tally.is_read, frames: 1, bytes });
                }
            }
        }
        kinds
    }

    /// A sentence for each address of IPv4 that several links claim, of the frames that are
    /// looked at one by one.
    pub(super) fn conflicts(&self) -> Vec<String> {
        let mut claims: BTreeMap<Ipv4Addr, BTreeMap<[u8; 6], FrameId>> = BTreeMap::new();
        for seen in &self.seen {
            if let Some((ip, link)) = seen.said.as_ref().and_then(Said::claim) {
                claims.entry(ip).or_default().entry(link).or_insert(seen.frame);
            }
        }
        let several = claims.into_iter().filter(|(_, links)| links.len() > 1);
        let say = |(ip, links): (Ipv4Addr, BTreeMap<[u8; 6], FrameId>)| {
            let mut links: Vec<_> = links.into_iter().collect();
            links.sort_by_key(|(_, frame)| *frame);
            let links: Vec<String> = links
                .iter()
                .map(|(link, frame)| format!("{} (frame {})", Address(*link), frame.number()))
                .collect();
            format!("Several link addresses claim {ip}: {}.", links.join(", "))
        };
        several.map(say).collect()
    }
}

struct Teller<'a> {
    apart: &'a Apart,
    context: Context<'a>,
    story: Story,
    exchanges: Exchanges,
    lifelines: Vec<String>,
}

impl Teller<'_> {
    /// One frame: an arrow, with its chapter before it where another kind begins.
    fn step(&mut self, seen: &Seen, ends: [ActorId; 2]) {
        let frame = self.context.frames.frame(seen.frame);
        let kind = self.apart.kinds.get(seen.kind).map_or("", |kind| kind.name.as_str());
        let moment = |id: FrameId| Moment { frame: id, time: self.context.frames.frame(id).time };
        let at = moment(seen.frame);
        let received = seen.received.map(moment);
        let came = received.unwrap_or(at);
        let bytes = u64::from(frame.wire_len);
        let blank = Beat {
            received,
            outcome: if seen.is_lost { Outcome::Lost } else { Outcome::Arrived },
            bytes,
            packets: 1,
            ..Beat::blank(Level::Chapter, ends, at, seen.protocol)
        };
        let beats = &self.story.beats;
        let last = beats.iter().rposition(|beat| beat.level == Level::Chapter);
        let at_hand = last.filter(|at| beats.get(*at).is_some_and(|one| one.label == kind));
        let chapter = at_hand.map(|at| BeatId(at as u32)).unwrap_or_else(|| {
            let outcome = Outcome::Arrived;
            self.push(Beat { bytes: 0, packets: 0, label: kind.into(), outcome, ..blank.clone() })
        });
        if let Some(chapter) = self.story.beats.get_mut(chapter.0 as usize) {
            (chapter.packets, chapter.bytes) = (chapter.packets + 1, chapter.bytes + bytes);
            chapter.ended = at;
        }
        let flight = BeatId(self.story.beats.len() as u32);
        let meaning =
            seen.said.as_ref().map(|said| self.exchanges.hear(said, (at.frame, at.time), flight));
        let Meaning { told, trip } = meaning.unwrap_or_else(|| {
            let label = match short(&seen.info) {
                label if label.is_empty() => {
                    self.context.registry.get(seen.protocol).title().to_owned()
                }
                label => label,
            };
            // What the bead says in full needs no sentence that says it again.
            let says_all = label == seen.info;
            let headline = if says_all { String::new() } else { seen.info.clone() };
            Meaning { told: Telling::new(label, headline, kind), trip: None }
        });
        let told = match &seen.said {
            // Its bead has no room for what its chunks are numbered with.
            Some(Said::Sctp(_)) if seen.info.contains('(') => {
                let detail = format!("{}. {}", seen.info.trim(), told.detail);
                told.detail(detail.trim_end())
            }
            _ => told,
        };
        let said = |level, parent| Beat {
            level,
            parent: Some(parent),
            label: told.label.clone(),
            headline: told.headline.clone(),
            detail: told.detail.clone(),
            outcome: if seen.is_lost { Outcome::Lost } else { told.outcome },
            lesson: told.lesson,
            source: told.source,
            ..blank.clone()
        };
        self.push(said(Level::Flight, chapter));
        self.push(said(Level::Message, flight));
        let number = format!("frame {}", seen.frame.number());
        self.push(Beat { level: Level::Packet, parent: Some(flight), label: number, ..blank });
        if let Some((from, asked)) = trip {
            let nanos = came.time.since(asked.time).max(0);
            self.story.trips.push(RoundTrip {
                from,
                to: flight,
                asked,
                answered: came,
                nanos,
                first_try: None,
                pondered: None,
                counts: true,
            });
            let chapter = self.story.beat(from).and_then(|asked| asked.parent);
            if let Some(chapter) = chapter.and_then(|at| self.story.beats.get_mut(at.0 as usize)) {
                chapter.round_trips += 1;
            }
        }
    }

    fn push(&mut self, beat: Beat) -> BeatId {
        self.story.beats.push(beat);
        BeatId(self.story.beats.len() as u32 - 1)
    }
}

/// The first words of a row, as many as a bead takes.
fn short(info: &str) -> String {
    const MOST: usize = 24;
    if info.chars().count() <= MOST {
        return info.into();
    }
    let mut label = String::new();
    for word in info.split(' ') {
        if label.chars().count() + word.chars().count() > MOST {
            break;
        }
        label.push_str(word);
        label.push(' ');
    }
    label.push('…');
    label
}
