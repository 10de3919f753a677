//! Frames that belong to no connection: ARP, ICMP, what travels right on a link, and what nobody
//! here can read. They are counted by name, and where a recording holds nothing else, told one
//! by one. An ICMP error that quotes a connection is told in that connection's story.

mod exchange;
mod hosts;
mod steps;
mod tally;
mod twice;

use std::collections::{HashMap, HashSet};

use self::exchange::Said;
pub use self::tally::{Count, Kind, Unread};
use self::tally::{Tally, list};
use self::twice::Sight;
use super::errors::{self, Errors, Quoting};
use super::{Recorded, Story};
use crate::describe::{Dissection, Heard};
use crate::engine::reader::Context;
use crate::frames::LinkType;
use crate::ids::{Direction, FlowId, FrameId, ProtocolId};
use crate::limits::{MAX_APART_NAMED, MAX_APART_TOLD, MAX_MARKS_READ};
use crate::protocols::{arp, icmp, icmpv6, sctp};
use crate::sinks::RowText;
use crate::survey::Survey;

/// All frames of a recording that belong to no connection.
#[derive(Clone, Debug, Default)]
pub struct Apart {
    kinds: Vec<Tally>,
    seen: Vec<Seen>,
    by_name: HashMap<String, usize>,
    /// Frames beyond those that were looked at.
    unnamed: Tally,
    /// Entries that say what a program did and when.
    marks: Count,
    /// The first of them.
    program_marks: Vec<FrameId>,
    /// Frames that hold pieces of what connections carry.
    pieces: Count,
    errors: Errors,
    /// Flows whose frames headers tell whole: they carry what has no ports.
    carriers: HashSet<FlowId>,
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

/// What an ICMP error says of a packet that was not delivered.
pub(crate) struct Undelivered {
    /// The flow of the packet.
    pub(crate) flow: FlowId,
    /// The frame of the error.
    pub(crate) error: FrameId,
    /// Whether a hop limit ran out.
    pub(crate) is_expired: bool,
    /// What the error is called.
    pub(crate) label: String,
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
                apart.marks.add(bytes);
                if apart.program_marks.len() < MAX_MARKS_READ {
                    apart.program_marks.push(id);
                }
                continue;
            }
            if pieces.contains(&id) {
                apart.pieces.add(bytes);
                continue;
            }
            if named >= MAX_APART_NAMED {
                apart.unnamed.add(bytes, flow);
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
            tally.add(bytes, flow);
            if is_tied {
                tally.tied.add(bytes);
            }
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
        self.counted(|tally| tally.all - tally.in_flows)
    }

    /// The same of frames that no story of connections tells.
    pub fn untold(&self) -> impl Iterator<Item = Kind> + '_ {
        self.counted(|tally| tally.all - tally.tied)
    }

    fn counted(&self, count: fn(&Tally) -> Count) -> impl Iterator<Item = Kind> + '_ {
        let kinds = self.kinds.iter().map(move |tally| {
            let Count { frames, bytes } = count(tally);
            Kind { name: tally.name.clone(), is_read: tally.is_read, frames, bytes }
        });
        let Count { frames, bytes } = count(&self.unnamed);
        let rest = Kind { name: "not looked at".into(), is_read: false, frames, bytes };
        kinds.chain([rest]).filter(|kind| kind.frames > 0)
    }

    /// The entries that say what a program did and when, as far as they are read.
    #[must_use]
    pub fn program_marks(&self) -> &[FrameId] {
        &self.program_marks
    }

    /// How many entries say what a program did and when: they are no frames.
    #[must_use]
    pub const fn marks(&self) -> Count {
        self.marks
    }

    /// How many frames hold pieces of what connections carry, beside the last piece of each.
    #[must_use]
    pub const fn pieces(&self) -> Count {
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

    /// The errors that are told with a connection: those that quote it as the initiator's end saw
    /// it, and those that only the responder's end saw, for they were said to it.
    pub(super) fn quoting(&self, near: FlowId, far: Option<FlowId>) -> Vec<&Quoting> {
        let mut all: Vec<&Quoting> = self.errors(near).collect();
        let is_to_far = |error: &&Quoting| error.direction == Direction::Backward;
        if let Some(far) = far.filter(|_| !all.iter().any(is_to_far)) {
            all.extend(self.errors(far).filter(is_to_far));
            all.sort_by_key(|error| error.frame);
        }
        all
    }

    /// The flows that errors quote, in order.
    pub(crate) fn quoted(&self) -> Vec<FlowId> {
        let mut flows: Vec<FlowId> = self.errors.all().map(|one| one.flow).collect();
        flows.sort_unstable();
        flows.dedup();
        flows
    }

    /// The frames of the errors that are told with a connection.
    pub(crate) fn errors_of(&self, near: FlowId, far: Option<FlowId>) -> Vec<FrameId> {
        self.quoting(near, far).into_iter().map(|error| error.frame).collect()
    }

    /// The errors that say that a packet of a flow was not delivered.
    pub(crate) fn undelivered(&self) -> impl Iterator<Item = Undelivered> {
        self.errors.all().filter_map(|one| {
            let is_expired = one.expired()?;
            Some(Undelivered {
                flow: one.flow,
                error: one.frame,
                is_expired,
                label: one.tell().label,
            })
        })
    }

    /// What could not be read on; `None` if all was.
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
