//! Gathers what one connection says: its messages, those of TCP among them, in the order of the
//! wire.
//!
//! ```text
//!   frames      3 ACK   4 data   5 data   6 data+FIN
//!   items       [ACK]   [──── ClientHello ────][FIN]
//! ```

use std::collections::HashSet;
use std::sync::Arc;

use super::court::Court;
use super::early::sent_again;
use super::excused;
use super::heard::{Covered, Heard};
use super::holes::Hole;
pub(super) use super::item::{Item, Place, QUIET};
use super::paths::Paths;
use super::pieces;
use super::silent;
use crate::engine::anchors::Anchors;
use crate::engine::conversation::{Conversation, Conversations, Stop, heeding};
use crate::engine::reader::Context;
use crate::engine::view::View;
use crate::ids::{ConnectionId, Direction, FrameId, MessageId, ProtocolId};
use crate::limits::MAX_STORY_PACKETS_IN_ALL;
use crate::maps::FastMap;
use crate::message::{Message, Protection, Related};
use crate::protocol::{Framing, Registry};
use crate::protocols::{data, tcp};
use crate::story::Telling;
use crate::story::steps::AT_ONCE;
use crate::survey::{Row, Survey};
use crate::telling::Enclosed;
use crate::wording;

/// One connection, ready to be told.
pub(super) struct Thread {
    /// Its place among the connections of the story.
    pub(super) number: usize,
    pub(super) id: ConnectionId,
    pub(super) paths: Paths,
    pub(super) framing: Framing,
    pub(super) conversation: Arc<Conversation>,
    pub(super) items: Vec<Item>,
    pub(super) related: Vec<Related>,
    /// What the recording lacks of it, in the order in which that shows.
    pub(super) holes: Vec<Hole>,
    /// The last frame that is told: there may be more than a story can hold.
    pub(super) until: FrameId,
    /// Whether it was cut there.
    pub(super) cut: bool,
    /// Whether its beginning was recorded.
    pub(super) whole: bool,
    /// Whether only one of its directions was recorded.
    pub(super) one_sided: bool,
    /// Under which keys datagrams travelled that were sealed; of several, the last.
    pub(super) sealed: FastMap<FrameId, Protection>,
    /// What datagrams hold that hold several messages, each with its keys.
    pub(super) parts: FastMap<FrameId, Vec<(Enclosed, Protection)>>,
}

/// Gathers one connection, at most `room` items of it. If `stop` ends it early, what comes out is
/// incomplete and must not be used.
pub(super) fn gather(
    conversations: &mut Conversations,
    (context, survey): (Context<'_>, &Survey),
    (number, id, paths): (usize, ConnectionId, Paths),
    (room, stop): (usize, Stop<'_>),
) -> Thread {
    let conversation = conversations.begin(id, survey);
    let flow = survey.flow(paths.first);
    let framing = flow.map_or(Framing::Datagram, |flow| flow.ports().framing);
    let began = flow.is_some_and(|flow| {
        let [asked, _] = flow.numbers.syns();
        asked
    });
    let until = conversation.frames().last().copied().unwrap_or(FrameId::NONE);
    let mut thread = Thread {
        number,
        id,
        paths,
        framing,
        conversation,
        items: Vec::new(),
        related: Vec::new(),
        holes: Vec::new(),
        until,
        cut: false,
        whole: framing == Framing::Datagram || began,
        one_sided: false,
        sealed: FastMap::default(),
        parts: FastMap::default(),
    };
    thread.one_sided = thread.is_one_sided(survey);
    let heard = thread.messages(conversations, (context, survey), (room, stop));
    thread.settle((context, survey), heard, (room, stop));
    if thread.items.len() > room {
        thread.items.truncate(room);
        thread.cut = true;
        thread.until = thread.items.last().map_or(thread.until, |item| item.end);
    }
    thread
}

impl Thread {
    /// Whether its ends keep a connection: they have states or keys in common.
    pub(super) fn binds(&self) -> bool {
        self.framing == Framing::Stream
            || self.items.iter().any(|item| !item.told.gained.is_empty())
    }

    /// Whether only one of two directions was recorded: one that sent data over TCP, which it could
    /// not have done had the other been silent.
    fn is_one_sided(&self, survey: &Survey) -> bool {
        if self.framing == Framing::Datagram {
            return false;
        }
        let mut ways = [false; 2];
        let mut carries = false;
        for id in self.conversation.frames() {
            let Some(row) = survey.row(*id) else { continue };
            if let Some(seen) = ways.get_mut(row.direction().index()) {
                *seen = true;
            }
            if ways == [true; 2] {
                return false;
            }
            carries |= row.data_len() > 0;
        }
        carries
    }

    /// What sessions announced and protocols tell.
    fn messages(
        &mut self,
        conversations: &mut Conversations,
        (context, survey): (Context<'_>, &Survey),
        (room, stop): (usize, Stop<'_>),
    ) -> Heard {
        let mut heard = Heard::default();
        let mut court = Court::new(self.framing);
        let mut anchors = Anchors::new(self.id);
        let conversation = Arc::clone(&self.conversation);
        let frames = conversation.frames();
        for index in 0.. {
            // It is read as it is told: what is not told any more need not be read.
            let held = conversations.stretch_until(self.id, index, stop, (context, survey));
            let Some(held) = held else { break };
            let view = held.view(context.frames);
            let mut untold = HashSet::new();
            for message in &held.stretch().messages {
                let anchor = anchors.next(message, &view);
                if self.framing == Framing::Datagram {
                    self.note_datagram(message, anchor.protocol, (&view, context.registry));
                }
                // A fragment of IP is no frame of the connection: whatever it holds begins with the
                // one that completes its datagram.
                let place = frames.partition_point(|id| *id < anchor.frame);
                let start = frames.get(place).copied().unwrap_or(message.done).min(message.done);
                let told =
                    self.telling(message, anchor.protocol, &view, &mut court, (context, survey));
                let mut item =
                    told.map(|told| Item::of_message(told, message, anchor, start, &view));
                if anchor.protocol == tcp::PROTOCOL_ID {
                    item = item.map(|item| item.of_segment(tcp::is_end(message, &view)));
                    let kept = heard.acknowledgements.len();
                    item = heard.segment(message, item);
                    if item.is_none() && heard.acknowledgements.len() == kept {
                        untold.insert(message.id);
                    }
                } else {
                    heard.covered.of_mut(message.direction).add(start, message.done);
                }
                self.items.extend(item);
                if self.items.len() >= room {
                    self.until = message.done;
                    self.cut = self.conversation.frames().last() != Some(&message.done);
                    self.relate(&held.stretch().related, &untold);
                    return heard;
                }
            }
            self.relate(&held.stretch().related, &untold);
        }
        heard
    }

    /// Notes of a datagram's message under which keys it travelled, and what it is part of.
    fn note_datagram(
        &mut self,
        message: &Message,
        protocol: ProtocolId,
        (view, registry): (&View<'_>, &Registry),
    ) {
        // What lies sealed in a message is not what its datagram is sealed with.
        if message.protection.is_sealed() && message.protection != Protection::Ech {
            self.sealed.insert(message.done, message.protection);
        }
        if self.parts.len() >= MAX_STORY_PACKETS_IN_ALL {
            return;
        }
        if let Some(part) = registry.get(protocol).enclosed(message, view) {
            self.parts.entry(message.done).or_default().push((part, message.protection));
        }
    }

    /// What is told of a message; `None` of one that nobody tells.
    fn telling(
        &self,
        message: &Message,
        protocol: ProtocolId,
        view: &View<'_>,
        court: &mut Court,
        (context, survey): (Context<'_>, &Survey),
    ) -> Option<Telling> {
        let time = context.frames.frame(message.done).time;
        // Judges hear all messages, also those that nobody tells.
        let verdict = court.hear((message, protocol, time), view, context.registry);
        let mut told = context.registry.get(protocol).tell(message, view)?.terse();
        if self.framing == Framing::Datagram
            && let Some(whole) = survey.reassembled(message.done)
        {
            told = pieces::told(told, &whole.carried);
        }
        if let Some(verdict) = verdict {
            told = told.judged(verdict);
        }
        Some(self.paths.name(told, (message.done, message.direction), survey))
    }

    /// Takes over how messages bear on each other. Each segment acknowledges another: what those do
    /// that nobody tells is left out, for a story has room for some of them only.
    fn relate(&mut self, related: &[Related], untold: &HashSet<MessageId>) {
        self.related.extend(related.iter().filter(|one| !untold.contains(&one.from)));
    }

    /// Adds data that nobody could read, and acknowledgements where nothing else is said.
    fn settle(
        &mut self,
        (context, survey): (Context<'_>, &Survey),
        heard: Heard,
        (room, stop): (usize, Stop<'_>),
    ) {
        let Heard { mut covered, repeated, mut acknowledgements } = heard;
        covered.iter_mut().for_each(Covered::sort);
        let conversation = Arc::clone(&self.conversation);
        let most = self.items.len().saturating_add(room);
        let said = |item: &Item| [data::PROTOCOL_ID, tcp::PROTOCOL_ID].contains(&item.protocol);
        let plain = self.items.iter().all(said);
        let mut unread: Option<usize> = None;
        let until = self.until;
        let frames = heeding(conversation.frames().iter().copied(), stop);
        for id in frames.take_while(|id| *id <= until) {
            let Some(row) = survey.row(id).filter(|row| row.data_len() > 0) else { continue };
            let is_copy = row.is_duplicate() && self.framing == Framing::Stream;
            let way = self.paths.way(id, row);
            let told = covered.of_mut(way).holds(id);
            if !told && !is_copy && repeated.binary_search(&id).is_err() {
                unread = Some(self.unread(unread, id, (way, row), context));
            }
            if self.items.len() >= most {
                (self.until, self.cut) = (id, true);
                break;
            }
        }
        self.items.sort_by_key(Item::order);
        acknowledgements.retain(|item| {
            let is_told = plain && self.is_followed(item, context) || self.frees(item);
            item.end <= until && is_told
        });
        acknowledgements.truncate(room);
        self.items.append(&mut acknowledgements);
        self.items.sort_by_key(Item::order);
        self.split_held_back(survey);
        silent::tell(self, context);
        excused::tell(self);
        if self.framing == Framing::Stream {
            self.join_unread(context);
        }
        sent_again(&mut self.items);
    }

    /// Makes one item of bytes that nobody can read and that follow each other at once: where a
    /// stream was cut into segments means nothing.
    fn join_unread(&mut self, context: Context<'_>) {
        let time = |frame| context.frames.frame(frame).time;
        let mut joined: Vec<Item> = Vec::with_capacity(self.items.len());
        // How long each piece is of the one that is joined last.
        let mut pieces: Vec<u64> = Vec::new();
        for item in self.items.drain(..) {
            let last = joined.last_mut().filter(|last| {
                [last.protocol, item.protocol] == [data::PROTOCOL_ID; 2]
                    && (last.direction, last.protection) == (item.direction, item.protection)
                    && time(item.start).since(time(last.end)) <= AT_ONCE
            });
            match last {
                Some(last) => {
                    last.end = item.end.max(last.end);
                    last.bytes += item.bytes;
                    last.told.label = wording::counted(last.bytes, "byte");
                    if pieces.len() == 1 {
                        goes_on(&mut last.told.detail);
                    }
                    pieces.push(item.bytes);
                }
                None => {
                    if let Some(last) = joined.last_mut() {
                        in_pieces(&mut last.told.detail, &pieces);
                    }
                    pieces = vec![item.bytes];
                    joined.push(item);
                }
            }
        }
        if let Some(last) = joined.last_mut() {
            in_pieces(&mut last.told.detail, &pieces);
        }
        self.items = joined;
    }

    /// Makes two items of a message of which a part was held back: one up to where the other side
    /// spoke, one from there on. That it was held back shows: only its first frame came before.
    fn split_held_back(&mut self, survey: &Survey) {
        let mut parts = Vec::new();
        for (at, item) in self.items.iter().enumerate().filter(|(_, item)| item.told.rest.is_some())
        {
            let mut later = self.items.iter().skip(at + 1).take_while(|it| it.start < item.end);
            let between = later.find(|other| other.direction != item.direction);
            let Some(spoken) = between.map(|other| other.start) else { continue };
            let frames = self.conversation.frames();
            let first = frames.partition_point(|id| *id <= item.start);
            let rest = frames.get(first..).unwrap_or_default().iter().copied();
            let mut own = rest.take_while(|id| *id <= item.end).filter(|id| {
                let row = survey.row(*id).filter(|row| row.data_len() > 0);
                row.is_some_and(|row| self.paths.way(*id, row) == item.direction)
            });
            if let Some(start) = own.next().filter(|start| *start > spoken) {
                parts.push((at, start));
            }
        }
        for (at, start) in parts {
            let Some(item) = self.items.get_mut(at) else { continue };
            let Some(told) = item.told.rest.take() else { continue };
            let rest = Item {
                start,
                told: *told,
                bytes: item.bytes.saturating_sub(item.head),
                ..item.clone()
            };
            (item.end, item.came, item.bytes) = (item.start, item.start, item.head);
            self.items.push(rest);
        }
        self.items.sort_by_key(Item::order);
    }

    /// Whether the sender of an acknowledgement says something at once, so that it rides along.
    ///
    /// Every byte is acknowledged sometime, and a story that said so each time would say nothing
    /// else. Only where nobody speaks above TCP, acknowledgements are part of what is shown, and
    /// there only those that need no arrow of their own.
    fn is_followed(&self, item: &Item, context: Context<'_>) -> bool {
        let next = self.items.partition_point(|other| other.start < item.start);
        let time = |frame| context.frames.frame(frame).time;
        self.items.get(next).is_some_and(|next| {
            next.direction == item.direction && time(next.start).since(time(item.start)) <= AT_ONCE
        })
    }

    /// Whether the other side had held data back until this acknowledgement, and sends it next.
    fn frees(&self, item: &Item) -> bool {
        let next = self.items.partition_point(|other| other.start <= item.start);
        let next = self.items.get(next).filter(|next| next.direction != item.direction);
        next.is_some_and(|next| next.protocol == tcp::PROTOCOL_ID && next.told.label == tcp::HELD)
    }

    /// Bytes that no message holds: one item for each run of one sender without a pause.
    fn unread(
        &mut self,
        latest: Option<usize>,
        id: FrameId,
        (way, row): (Direction, &Row),
        context: Context<'_>,
    ) -> usize {
        let count = self.items.len();
        let time = |frame| context.frames.frame(frame).time;
        if let Some(at) = latest
            && let Some(item) = self.items.get_mut(at)
            && item.direction == way
            && time(id).since(time(item.end)) <= AT_ONCE
        {
            item.end = id;
            item.bytes += u64::from(row.data_len());
            item.told.label = wording::counted(item.bytes, "byte");
            return at;
        }
        let label = wording::counted(row.data_len().into(), "byte");
        let told = Telling::new(label, "Sends data that could not be read", "Data").weight(2, 4);
        self.items.push(Item {
            protocol: data::PROTOCOL_ID,
            bytes: u64::from(row.data_len()),
            place: Place::Among,
            is_try: false,
            ..Item::of_try((id, id), way, told, None)
        });
        count
    }
}

/// Marks what is quoted as the beginning of more.
fn goes_on(detail: &mut String) {
    if let Some(quoted) = detail.trim_end_matches('.').strip_suffix('”').map(str::to_owned)
        && !quoted.ends_with('…')
    {
        *detail = format!("{quoted}…”");
    }
}

/// Says in which pieces bytes were sent at once that are told as one.
fn in_pieces(detail: &mut String, pieces: &[u64]) {
    if let [first @ .., last] = pieces
        && (1..MANY_PIECES).contains(&first.len())
    {
        let first: Vec<String> = first.iter().copied().map(wording::thousands).collect();
        let said = format!("Sent as {} and {} bytes.", first.join(", "), wording::thousands(*last));
        *detail = format!("{detail} {said}").trim_start().to_owned();
    }
}

/// From so many pieces on they are not told one by one.
const MANY_PIECES: usize = 4;
