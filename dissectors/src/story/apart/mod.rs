//! Frames that belong to no connection: ARP, ICMP, what travels right on a link, and what nobody
//! here can read. They are counted by name, and where a recording holds nothing else, told one
//! by one. An ICMP error that quotes a connection is told in that connection's story.

mod exchange;
mod hosts;
mod steps;
mod twice;

use std::collections::{HashMap, HashSet};

use self::exchange::Said;
use self::twice::Sight;
use super::errors::{self, Errors, Quoting};
use super::{Recorded, Story};
use crate::describe::{Dissection, Heard};
use crate::engine::reader::Context;
use crate::frames::LinkType;
use crate::ids::{FlowId, FrameId, ProtocolId};
use crate::limits::{MAX_APART_NAMED, MAX_APART_TOLD, MAX_MARKS_READ};
use crate::protocols::{arp, icmp, icmpv6, sctp};
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

/// Frames that could not be read on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// How many.
    pub frames: u64,
    /// Their bytes on the wire.
    pub bytes: u64,
    /// Which, by number and name: "2 frames of Link type 8 (SLIP) (108 bytes)".
    pub what: String,
}

/// All frames of a recording that belong to no connection.
#[derive(Clone, Debug, Default)]
pub struct Apart {
    kinds: Vec<Tally>,
    seen: Vec<Seen>,
    by_name: HashMap<String, usize>,
    /// Frames beyond those that were looked at.
    unnamed: Tally,
    /// Entries that say what a program did and when, and their bytes.
    marks: (u64, u64),
    /// The first of them.
    program_marks: Vec<FrameId>,
    /// Frames that hold pieces of what connections carry, and their bytes.
    pieces: (u64, u64),
    errors: Errors,
    /// Flows whose frames headers tell whole: they carry what has no ports.
    carriers: HashSet<FlowId>,
}

/// Frames of one kind while they are counted.
#[derive(Clone, Debug, Default)]
struct Tally {
    name: String,
    is_read: bool,
    /// How many there are, and their bytes.
    all: (u64, u64),
    /// Those of them that are told in the story of a connection.
    tied: (u64, u64),
    /// Those of them that the survey counts in a flow.
    in_flows: (u64, u64),
}

/// One frame, as its row has it; where both ends of its way were recorded, that of its sender's.
#[derive(Clone, Debug)]
struct Seen {
    frame: FrameId,
    flow: FlowId,
    protocol: ProtocolId,
    ends: [String; 2],
    kind: usize,
    info: String,
    said: Option<Said>,
    /// Of ICMP: by what its packet is known again.
    sight: Option<Sight>,
    /// The frame in which the other end saw it.
    received: Option<FrameId>,
    /// Whether the other end was recorded and never saw it.
    is_lost: bool,
}

impl Apart {
    /// Looks for them; costs nothing for frames that have a connection.
    #[must_use]
    pub fn of(context: Context<'_>, survey: &Survey) -> Self {
        let scene = Dissection::of_headers(context, survey);
        let mut apart = Self { carriers: survey.told_flows(context.registry), ..Self::default() };
        let mut row = RowText::new();
        let mut named = 0;
        let pieces = survey.pieces();
        for id in (0..survey.frame_count()).map(FrameId) {
            let Some(flow) = survey.row(id).map(|row| row.flow) else { continue };
            if flow.some().is_some() && !apart.carriers.contains(&flow) {
                continue;
            }
            let frame = context.frames.frame(id);
            let bytes = u64::from(frame.wire_len);
            if frame.link == LinkType::MARK {
                apart.marks = (apart.marks.0 + 1, apart.marks.1 + bytes);
                if apart.program_marks.len() < MAX_MARKS_READ {
                    apart.program_marks.push(id);
                }
                continue;
            }
            if pieces.contains(&id) {
                apart.pieces = (apart.pieces.0 + 1, apart.pieces.1 + bytes);
                continue;
            }
            if named >= MAX_APART_NAMED {
                apart.unnamed.count(bytes, (false, flow.some().is_some()));
                continue;
            }
            named += 1;
            apart.add((id, flow), bytes, &scene, &mut row);
        }
        apart.errors.finish();
        twice::join(&mut apart.seen, context);
        apart
    }

    /// Takes in a frame.
    fn add(
        &mut self,
        (id, flow): (FrameId, FlowId),
        bytes: u64,
        scene: &Dissection<'_>,
        row: &mut RowText,
    ) {
        let (context, survey) = (scene.context(), scene.survey());
        let (protocol, is_read) = scene.headers_row(id, &context.frames.frame(id), row);
        let title = context.registry.get(protocol).title();
        let kind = self.kind(if is_read { title } else { &row.info }, is_read);
        let is_icmp = [icmp::PROTOCOL_ID, icmpv6::PROTOCOL_ID].contains(&protocol);
        let error = is_icmp.then(|| {
            let mut heard = Heard::new(errors::ROLES);
            scene.hear(id, &mut heard);
            errors::Said::of(&heard)
        });
        let error = error.flatten();
        let is_told = |quoting: &Quoting| !self.carriers.contains(&quoting.flow);
        let is_tied =
            error.is_some_and(|said| self.errors.tie((id, &said), is_told, context, survey));
        if let Some(tally) = self.kinds.get_mut(kind) {
            tally.count(bytes, (is_tied, flow.some().is_some()));
        }
        if is_tied || self.seen.len() >= MAX_APART_TOLD {
            return;
        }
        let said = error.map(Said::Error).or_else(|| {
            let mut heard = Heard::new(exchange::ROLES);
            if is_icmp || [arp::PROTOCOL_ID, sctp::PROTOCOL_ID].contains(&protocol) {
                scene.hear(id, &mut heard);
            }
            Said::of(protocol, &heard)
        });
        if let Some((from, to)) = row.ends() {
            let ends = [from, to].map(str::to_owned);
            let sight = if is_icmp { Sight::of(id, scene) } else { None };
            let (info, received, is_lost) = (row.info.clone(), None, false);
            self.seen.push(Seen {
                frame: id,
                flow,
                protocol,
                ends,
                kind,
                info,
                said,
                sight,
                received,
                is_lost,
            });
        }
    }

    /// The place of a kind among those that are known.
    fn kind(&mut self, name: &str, is_read: bool) -> usize {
        let known = self.by_name.get(name).copied();
        known.unwrap_or_else(|| {
            self.kinds.push(Tally { name: name.to_owned(), is_read, ..Tally::default() });
            self.by_name.insert(name.to_owned(), self.kinds.len() - 1);
            self.kinds.len() - 1
        })
    }

    /// The kinds of frames that are in no flow, in the order of their first frame; those beyond
    /// what is looked at singly are one kind without a name.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> + '_ {
        self.counted(|tally| less(tally.all, tally.in_flows))
    }

    /// The same of frames that no story of connections tells.
    pub fn untold(&self) -> impl Iterator<Item = Kind> + '_ {
        self.counted(|tally| less(tally.all, tally.tied))
    }

    fn counted(&self, count: fn(&Tally) -> (u64, u64)) -> impl Iterator<Item = Kind> + '_ {
        let kinds = self.kinds.iter().map(move |tally| {
            let (frames, bytes) = count(tally);
            Kind { name: tally.name.clone(), is_read: tally.is_read, frames, bytes }
        });
        let (frames, bytes) = count(&self.unnamed);
        let rest = Kind { name: "not looked at".into(), is_read: false, frames, bytes };
        kinds.chain([rest]).filter(|kind| kind.frames > 0)
    }

    /// The entries that say what a program did and when, as far as they are read.
    #[must_use]
    pub fn program_marks(&self) -> &[FrameId] {
        &self.program_marks
    }

    /// How many entries say what a program did and when, and their bytes: they are no frames.
    #[must_use]
    pub const fn marks(&self) -> (u64, u64) {
        self.marks
    }

    /// How many frames hold pieces of what connections carry, beside the last piece of each, and
    /// their bytes.
    #[must_use]
    pub const fn pieces(&self) -> (u64, u64) {
        self.pieces
    }

    /// Whether headers tell all that a flow carries, so that its frames are told here.
    #[must_use]
    pub fn tells(&self, flow: FlowId) -> bool {
        self.carriers.contains(&flow)
    }

    /// The errors that quote packets of a flow.
    pub(super) fn errors(&self, flow: FlowId) -> impl Iterator<Item = &Quoting> {
        self.errors.of(flow)
    }

    /// The errors that say that a packet of a flow was not delivered: the flow, the frame of the
    /// error, whether a hop limit ran out, and what the error is called.
    pub(crate) fn undelivered(&self) -> impl Iterator<Item = (FlowId, FrameId, bool, String)> {
        self.errors.all().filter_map(|one| {
            let is_expired = one.expired()?;
            Some((one.flow, one.frame, is_expired, one.tell().label))
        })
    }

    /// What could not be read on; nothing where all was.
    #[must_use]
    pub fn unread(&self) -> Option<Unread> {
        let kinds: Vec<Kind> =
            self.counted(|tally| tally.all).filter(|kind| !kind.is_read).collect();
        let frames = kinds.iter().map(|kind| kind.frames).sum();
        let bytes = kinds.iter().map(|kind| kind.bytes).sum();
        (frames > 0).then(|| Unread { frames, bytes, what: list(&kinds) })
    }

    /// What a story of connections says of them: that they are there, and what could not be read.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let read: Vec<Kind> = self.untold().filter(|kind| kind.is_read).collect();
        let read = (!read.is_empty())
            .then(|| format!("Outside of connections, and not told here: {}.", list(&read)));
        let unread = self.unread().map(|unread| format!("Not read: {}.", unread.what));
        read.into_iter().chain(unread).chain(self.conflicts()).collect()
    }
}

impl Tally {
    /// Counts a frame, with whether a connection's story tells it and whether a flow has it.
    fn count(&mut self, bytes: u64, (is_tied, in_flow): (bool, bool)) {
        let add = |sum: &mut (u64, u64)| *sum = (sum.0 + 1, sum.1 + bytes);
        add(&mut self.all);
        if is_tied {
            add(&mut self.tied);
        }
        if in_flow {
            add(&mut self.in_flows);
        }
    }
}

const fn less((frames, bytes): (u64, u64), (own, own_bytes): (u64, u64)) -> (u64, u64) {
    (frames.saturating_sub(own), bytes.saturating_sub(own_bytes))
}

/// The kinds with their numbers, in one line; of very many only the first.
fn list(kinds: &[Kind]) -> String {
    const MOST: usize = 12;
    let mut counted: Vec<String> = kinds.iter().take(MOST).map(Kind::counted).collect();
    let rest = kinds.get(MOST..).unwrap_or(&[]);
    if !rest.is_empty() {
        let frames: u64 = rest.iter().map(|kind| kind.frames).sum();
        counted.push(format!("{frames} more of {} other kinds", rest.len()));
    }
    counted.join(", ")
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

impl Apart {
    /// The story of a recording that holds no connection, or of one flow that carries what has no
    /// ports: each frame a step.
    #[must_use]
    pub fn story(
        &self,
        of: Option<FlowId>,
        (context, survey): (Context<'_>, &Survey),
        facts: &Recorded,
    ) -> Story {
        steps::story(self, of, &Dissection::of_headers(context, survey), facts)
    }
}
