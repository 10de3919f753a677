//! Frames that belong to no connection: ARP, ICMP, what travels right on a link, and what nobody
//! here can read. They are counted by name, and where a recording holds nothing else, told one
//! by one.

use super::{Actor, ActorId, Beat, BeatId, Level, Moment, Outcome, Recorded, Story};
use crate::describe::Scene;
use crate::engine::reader::Context;
use crate::frames::LinkType;
use crate::ids::{FrameId, ProtocolId};
use crate::limits::{MAX_APART_ACTORS, MAX_APART_NAMED, MAX_APART_TOLD};
use crate::message::Protection;
use crate::sinks::RowText;
use crate::survey::Survey;

/// Frames of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The protocol of the innermost header: `ICMPv6`; of frames that could not be read on, the
    /// number that nobody here knows: `EtherType 0x88f7`.
    pub name: String,
    /// Whether what they hold could be read.
    pub is_read: bool,
    /// How many.
    pub frames: u64,
    /// Their bytes on the wire.
    pub bytes: u64,
}

/// All frames of a recording that belong to no connection.
#[derive(Clone, Debug, Default)]
pub struct Apart {
    kinds: Vec<Kind>,
    told: Vec<Seen>,
    /// Frames beyond those that were looked at, and their bytes.
    unnamed: (u64, u64),
    /// Entries that say what a program did and when, and their bytes.
    marks: (u64, u64),
}

/// One frame, as its row has it.
#[derive(Clone, Debug)]
struct Seen {
    frame: FrameId,
    protocol: ProtocolId,
    ends: [String; 2],
    kind: usize,
    info: String,
}

impl Apart {
    /// Looks for them; costs nothing for frames that have a connection.
    #[must_use]
    pub fn of(context: Context<'_>, survey: &Survey) -> Self {
        let scene = Scene::of_headers(context, survey);
        let mut apart = Self::default();
        let mut row = RowText::new();
        let mut named = 0;
        for id in (0..survey.frame_count()).map(FrameId) {
            if survey.row(id).is_none_or(|row| row.flow.some().is_some()) {
                continue;
            }
            let frame = context.frames.frame(id);
            let bytes = u64::from(frame.wire_len);
            if frame.link == LinkType::MARK {
                apart.marks = (apart.marks.0 + 1, apart.marks.1 + bytes);
                continue;
            }
            if named >= MAX_APART_NAMED {
                apart.unnamed = (apart.unnamed.0 + 1, apart.unnamed.1 + bytes);
                continue;
            }
            named += 1;
            let (protocol, is_read) = scene.headers_row(id, &mut row);
            let title = context.registry.get(protocol).title();
            let kind = apart.count(if is_read { title } else { &row.info }, is_read, bytes);
            if let Some((from, to)) = row.ends().filter(|_| apart.told.len() < MAX_APART_TOLD) {
                let ends = [from, to].map(str::to_owned);
                let info = row.info.clone();
                apart.told.push(Seen { frame: id, protocol, ends, kind, info });
            }
        }
        apart
    }

    fn count(&mut self, name: &str, is_read: bool, bytes: u64) -> usize {
        let known = self.kinds.iter().position(|kind| kind.name == name);
        let place = known.unwrap_or_else(|| {
            self.kinds.push(Kind { name: name.into(), is_read, frames: 0, bytes: 0 });
            self.kinds.len() - 1
        });
        if let Some(kind) = self.kinds.get_mut(place) {
            kind.frames += 1;
            kind.bytes += bytes;
        }
        place
    }

    /// The kinds, in the order of their first frame; those beyond what is looked at singly are
    /// one kind without a name.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> + '_ {
        let (frames, bytes) = self.unnamed;
        let rest = Kind { name: "not looked at".into(), is_read: false, frames, bytes };
        self.kinds.iter().cloned().chain((frames > 0).then_some(rest))
    }

    /// How many entries say what a program did and when, and their bytes: they are no frames.
    #[must_use]
    pub const fn marks(&self) -> (u64, u64) {
        self.marks
    }

    /// What a story of connections says of them: that they are there.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        let list: Vec<String> = self.kinds().map(|kind| kind.counted()).collect();
        let list = list.join(", ");
        (!list.is_empty()).then(|| format!("Outside of connections, and not told here: {list}."))
    }

    /// The story of a recording that holds no connection: each frame a step.
    #[must_use]
    pub fn story(&self, context: Context<'_>, facts: &Recorded) -> Story {
        let mut story = Story { subtitle: facts.subtitle.clone(), ..Story::default() };
        let names: Vec<String> = self.kinds.iter().map(|kind| kind.name.clone()).collect();
        story.title = match (facts.title.is_empty(), names.is_empty()) {
            (false, _) => facts.title.clone(),
            (true, false) => names.join(", "),
            (true, true) => "An empty recording".into(),
        };
        let mut told = 0;
        let mut lifelines = Vec::new();
        for seen in &self.told {
            let Some(ends) = place(&seen.ends, &mut lifelines) else { continue };
            self.step(seen, ends, context, &mut story);
            told += 1;
        }
        story.cast = lifelines.iter().map(|end| actor(end, facts)).collect();
        let all: u64 = self.kinds().map(|kind| kind.frames).sum();
        let untold = all - told;
        let unread: Vec<String> =
            self.kinds().filter(|kind| !kind.is_read).map(|kind| kind.counted()).collect();
        if !unread.is_empty() {
            story.notes.push(format!("Not read: {}.", unread.join(", ")));
        }
        if untold > 0 && told > 0 {
            story.notes.push(format!("Only {told} of {all} frames are told."));
        }
        let list: Vec<String> = self.kinds().map(|kind| kind.counted()).collect();
        story.sum = match list.as_slice() {
            [] => "Nothing was said.".into(),
            list => format!("No connection: {}", list.join(", ")),
        };
        story.packets = u32::try_from(all).unwrap_or(u32::MAX);
        story.bytes = self.kinds().map(|kind| kind.bytes).sum();
        story
    }

    /// One frame: an arrow, with its chapter before it where another kind begins.
    fn step(&self, seen: &Seen, [from, to]: [ActorId; 2], context: Context<'_>, story: &mut Story) {
        let frame = context.frames.frame(seen.frame);
        let kind = self.kinds.get(seen.kind).map_or("", |kind| kind.name.as_str());
        let at = Moment { frame: seen.frame, time: frame.time };
        let bytes = u64::from(frame.wire_len);
        let beat = |level, parent, label: String| Beat {
            level,
            parent,
            from,
            to,
            sent: at,
            ended: at,
            received: None,
            protocol: seen.protocol,
            label,
            headline: String::new(),
            detail: String::new(),
            protection: Protection::Clear,
            outcome: Outcome::Arrived,
            lesson: None,
            source: None,
            bytes,
            packets: 1,
            round_trips: 0,
            anchor: None,
        };
        let last = story.beats.iter().rposition(|beat| beat.level == Level::Chapter);
        let at_hand = last.filter(|at| story.beats.get(*at).is_some_and(|one| one.label == kind));
        let at_hand = at_hand.map(|at| BeatId(at as u32));
        let chapter = at_hand.unwrap_or_else(|| {
            let beat = Beat { bytes: 0, packets: 0, ..beat(Level::Chapter, None, kind.into()) };
            push(story, beat)
        });
        if let Some(chapter) = story.beats.get_mut(chapter.0 as usize) {
            (chapter.packets, chapter.bytes) = (chapter.packets + 1, chapter.bytes + bytes);
            chapter.ended = at;
        }
        let label = match short(&seen.info) {
            label if label.is_empty() => context.registry.get(seen.protocol).title().to_owned(),
            label => label,
        };
        let said = |beat| Beat { headline: seen.info.clone(), ..beat };
        let flight = push(story, said(beat(Level::Flight, Some(chapter), label.clone())));
        push(story, said(beat(Level::Message, Some(flight), label)));
        let number = format!("frame {}", seen.frame.number());
        push(story, beat(Level::Packet, Some(flight), number));
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

fn push(story: &mut Story, beat: Beat) -> BeatId {
    story.beats.push(beat);
    BeatId(story.beats.len() as u32 - 1)
}

/// The lifelines of both ends; nothing where a diagram would have too many of them.
fn place<'s>(ends: &'s [String; 2], lifelines: &mut Vec<&'s str>) -> Option<[ActorId; 2]> {
    let new = ends.iter().filter(|end| !lifelines.contains(&end.as_str())).count();
    if lifelines.len() + new > MAX_APART_ACTORS {
        return None;
    }
    Some(ends.each_ref().map(|end| {
        let place = lifelines.iter().position(|known| known == end).unwrap_or_else(|| {
            lifelines.push(end);
            lifelines.len() - 1
        });
        ActorId(u16::try_from(place).unwrap_or(u16::MAX))
    }))
}

fn actor(end: &str, facts: &Recorded) -> Actor {
    match facts.names.iter().find(|(address, _)| address.to_string() == end) {
        Some((_, name)) => Actor { name: name.clone(), address: end.into() },
        None => Actor { name: end.into(), address: String::new() },
    }
}

impl Kind {
    /// "3 ARP frames (126 bytes)", "1 frame of link type 127 (54 bytes)".
    fn counted(&self) -> String {
        let frames = if self.frames == 1 { "frame" } else { "frames" };
        let (count, name, bytes) = (self.frames, &self.name, self.bytes);
        if self.is_read {
            format!("{count} {name} {frames} ({bytes} bytes)")
        } else {
            format!("{count} {frames} of {name} ({bytes} bytes)")
        }
    }
}
