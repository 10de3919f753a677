//! Deals the frames of a connection out to its flights, each frame once.
//!
//! A frame with data belongs to the last flight of its sender; a bare acknowledgement to the flight
//! under way, whoever sent it, unless it is told as a step itself. The fragments of a datagram go
//! with the frame that completes it.

use std::collections::HashMap;

use super::flights::Flight;
use super::gather::{Item, Thread};
use super::vantage::Vantage;
use crate::engine::conversation::{Stop, heeding};
use crate::engine::reader::Context;
use crate::engine::tcp::flags;
use crate::ids::{Both, Direction, FrameId, Time};
use crate::limits::MAX_STORY_PACKETS;
use crate::protocols::tcp;
use crate::story::Outcome;
use crate::survey::{Row, Survey};
use crate::wording::thousands;

/// The frames of one flight.
#[derive(Clone, Debug, Default)]
pub(super) struct Share {
    /// How many its sender sent.
    pub(super) packets: u32,
    /// Their bytes on the wire.
    pub(super) bytes: u64,
    /// All that stand in the story singly, acknowledgements of the other side included.
    pub(super) shown: Vec<Packet>,
    /// Of which chapter its frames are: mostly the flight's own.
    pub(super) costs: Vec<Cost>,
}

/// One frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packet {
    pub(super) frame: FrameId,
    pub(super) direction: Direction,
    /// On the wire.
    pub(super) bytes: u32,
    /// The flags of TCP; none where something else carries it.
    flags: u16,
    /// How much data it carries.
    payload: u32,
    /// Which fragment it is of a datagram, and of how many.
    fragment: Option<(u32, u32)>,
}

impl Packet {
    fn of(frame: FrameId, direction: Direction, context: Context<'_>, row: &Row) -> Self {
        let bytes = context.frames.frame(frame).wire_len;
        let (flags, payload) = (row.tcp_flags(), row.payload_len);
        Self { frame, direction, bytes, flags, payload, fragment: None }
    }

    /// The frames that hold the fragments of what one of them completes, or that one alone.
    fn all_of(
        frame: FrameId,
        direction: Direction,
        (context, survey): (Context<'_>, &Survey),
        row: &Row,
    ) -> Vec<Self> {
        let whole = Self::of(frame, direction, context, row);
        let frames = survey.fragments(frame);
        let count = frames.len() as u32;
        if count < 2 {
            return vec![whole];
        }
        let one = |(number, frame): (u32, FrameId)| {
            let bytes = context.frames.frame(frame).wire_len;
            Self { frame, bytes, fragment: Some((number, count)), ..whole }
        };
        (1..).zip(frames).map(one).collect()
    }

    /// What it does, as shortly as can be: "frame 7: SYN, ACK", "frame 9: 1448 B".
    ///
    /// Of fragments the first alone has the ports: "frame 1: IP fragment 1 of 6, with the ports".
    pub(super) fn label(&self, seen: FrameId) -> String {
        if let Some((number, of)) = self.fragment {
            let ports = if number == 1 { ", with the ports" } else { "" };
            return format!("frame {}: IP fragment {number} of {of}{ports}", seen.number());
        }
        let controls = [(flags::SYN, "SYN"), (flags::FIN, "FIN"), (flags::RST, "RST")];
        let has = |flag: u16| self.flags & flag != 0;
        let mut said: Vec<String> = controls
            .iter()
            .filter(|(flag, _)| has(*flag))
            .map(|(_, name)| (*name).into())
            .collect();
        if has(flags::ACK) && (self.payload == 0 || !said.is_empty()) {
            said.push("ACK".into());
        }
        if self.payload > 0 || said.is_empty() {
            said.push(format!("{} B", thousands(self.payload.into())));
        }
        format!("frame {}: {}", seen.number(), said.join(", "))
    }
}

/// Frames that count for one chapter.
#[derive(Clone, Debug, Default)]
pub(super) struct Cost {
    /// The title of the chapter, where it is another than the flight's.
    pub(super) title: Option<String>,
    pub(super) packets: u32,
    pub(super) bytes: u64,
}

/// All frames of a connection, dealt out.
#[derive(Debug, Default)]
pub(super) struct Dealt {
    /// The share of each flight, in the order of the flights.
    pub(super) shares: Vec<Share>,
    /// The frames of each direction, in order, less bare acknowledgements.
    frames: Both<Vec<FrameId>>,
    /// Those that only say again what was said before, in order.
    again: Vec<FrameId>,
    /// The first frame of each datagram in fragments, by the frame that completes it.
    fragments: HashMap<FrameId, FrameId>,
    /// Whether there was no room for packets that would stand in the story singly.
    pub(super) is_full: bool,
}

impl Dealt {
    /// The frame in which what a frame completes began: another one where it came in fragments.
    pub(super) fn begun(&self, frame: FrameId) -> FrameId {
        self.fragments.get(&frame).copied().unwrap_or(frame)
    }

    /// Adds what was sent at the other end and never seen here: to the flight under way there.
    pub(super) fn add_lost(
        &mut self,
        flights: &[Flight],
        vantage: &Vantage,
        (context, survey): (Context<'_>, &Survey),
        room: &mut usize,
    ) {
        let direction = Direction::Backward;
        let time = |frame| context.frames.frame(frame).time;
        let own = flights.iter().enumerate().filter(|(_, flight)| flight.direction == direction);
        let mut begun: Vec<(Time, usize)> = own
            .map(|(at, flight)| (vantage.sent(flight.start, direction, context).time, at))
            .collect();
        // They stand in the order in which they came.
        begun.sort_unstable();
        for frame in vantage.never_seen().iter().copied() {
            let after = begun.partition_point(|(sent, _)| *sent <= time(frame));
            let place = begun.get(after.saturating_sub(1)).map(|(_, at)| *at);
            let Some(share) = place.and_then(|at| self.shares.get_mut(at)) else { continue };
            let Some(row) = survey.row(frame) else { continue };
            for packet in Packet::all_of(frame, direction, (context, survey), row) {
                share.packets += 1;
                share.bytes += u64::from(packet.bytes);
                if share.shown.len() < MAX_STORY_PACKETS
                    && let Some(less) = room.checked_sub(1)
                {
                    *room = less;
                    share.shown.push(packet);
                }
                share.count(None, packet.bytes);
            }
        }
    }

    /// The last frame of a question that left before its answer came; what was sent again had
    /// left before.
    pub(super) fn last_before(&self, asked: &Item, answer: FrameId) -> FrameId {
        let is_again = |frame: &FrameId| self.again.binary_search(frame).is_ok();
        // A segment of TCP is its own frame, sent again or not.
        if asked.end < answer && (asked.protocol == tcp::PROTOCOL_ID || !is_again(&asked.end)) {
            return asked.end;
        }
        let frames = self.frames.of(asked.direction);
        let before = frames.partition_point(|frame| *frame < answer && *frame <= asked.end);
        let left = frames.get(..before).unwrap_or_default().iter().rev();
        let last = left.copied().find(|frame| !is_again(frame));
        last.unwrap_or(asked.start).max(asked.start)
    }

    /// How many frames of a direction there are from one to another.
    pub(super) fn packets_between(
        &self,
        direction: Direction,
        first: FrameId,
        last: FrameId,
    ) -> u32 {
        let frames = self.frames.of(direction);
        let before = |limit: FrameId| frames.partition_point(|frame| *frame < limit);
        let through = frames.partition_point(|frame| *frame <= last);
        through.saturating_sub(before(first)) as u32
    }
}

/// Deals the frames of a thread out to its flights; at most `room` of them stand singly, which is
/// less by those afterwards.
pub(super) fn deal(
    thread: &Thread,
    flights: &[Flight],
    (context, survey): (Context<'_>, &Survey),
    (room, stop): (&mut usize, Stop<'_>),
) -> Dealt {
    let mut dealt = Dealt { shares: vec![Share::default(); flights.len()], ..Dealt::default() };
    let is_again =
        |item: &&Item| item.protocol == tcp::PROTOCOL_ID && item.told.outcome == Outcome::Repeated;
    dealt.again = thread.items.iter().filter(is_again).map(|item| item.start).collect();
    dealt.again.sort_unstable();
    let mut begun = 0;
    // The last flight begun by each direction, and by any.
    let mut latest: Both<Option<usize>> = Both::default();
    let mut under_way = 0;
    let frames = thread.conversation.frames().iter().copied();
    for id in heeding(frames, stop).take_while(|id| *id <= thread.until) {
        let Some(row) = survey.row(id) else { continue };
        while let Some(flight) = flights.get(begun).filter(|flight| flight.start <= id) {
            *latest.of_mut(flight.direction) = Some(begun);
            under_way = begun;
            begun += 1;
        }
        let direction = thread.paths.way(id, row);
        let own = *latest.of(direction);
        let bare = row.payload_len == 0 && row.tcp_flags() & !ACK == 0;
        let told = own.filter(|_| bare);
        let told = told.and_then(|own| quiet_step(thread, flights.get(own)?, id));
        if !bare || told.is_some() {
            dealt.frames.of_mut(direction).push(id);
        }
        let place = if bare && told.is_none() { under_way } else { own.unwrap_or(under_way) };
        let (Some(share), Some(flight)) = (dealt.shares.get_mut(place), flights.get(place)) else {
            continue;
        };
        let elsewhere = |title: &&String| !title.is_empty() && **title != flight.title;
        let title = told.filter(elsewhere);
        let packets = if row.is_fragment() {
            Packet::all_of(id, direction, (context, survey), row)
        } else {
            vec![Packet::of(id, direction, context, row)]
        };
        if let Some(first) = packets.iter().map(|packet| packet.frame).min().filter(|one| *one < id)
        {
            dealt.fragments.insert(id, first);
        }
        for packet in packets {
            if direction == flight.direction {
                share.packets += 1;
                share.bytes += u64::from(packet.bytes);
            }
            if share.shown.len() < MAX_STORY_PACKETS {
                match room.checked_sub(1) {
                    Some(less) => {
                        *room = less;
                        share.shown.push(packet);
                    }
                    None => dealt.is_full = true,
                }
            }
            share.count(title, packet.bytes);
        }
    }
    dealt
}

const ACK: u16 = flags::ACK | flags::PSH;

/// The chapter that an acknowledgement told in this flight belongs to, where this frame is one.
fn quiet_step<'a>(thread: &'a Thread, flight: &Flight, id: FrameId) -> Option<&'a String> {
    // Acknowledgements that are told stand first or alone.
    let items = flight.items.iter().take(4).filter_map(|at| thread.items.get(*at));
    let mut quiet = items.filter(|item| item.is_quiet());
    quiet.find(|item| item.start == id).map(|item| &item.told.chapter.title)
}

impl Share {
    fn count(&mut self, title: Option<&String>, bytes: u32) {
        let cost = match self.costs.iter_mut().find(|cost| cost.title.as_ref() == title) {
            Some(cost) => cost,
            None => {
                self.costs.push(Cost { title: title.cloned(), ..Cost::default() });
                match self.costs.last_mut() {
                    Some(cost) => cost,
                    None => return,
                }
            }
        };
        cost.packets += 1;
        cost.bytes += u64::from(bytes);
    }
}
