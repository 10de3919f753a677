//! Streams (RFC 9000, section 2): bytes put in order, and given to whom both sides agreed on.
//!
//! ```text
//!   HTTP/3        one layer that reads all streams, a lane for each
//!   all others    a layer for each stream
//! ```

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::flow::Account;
use super::levels::Opened;
use super::{QuicSession, inside};
use crate::engine::ordered::{Event, Ordered, Piece};
use crate::engine::session::{Ending, Out, To};
use crate::ids::{Both, Direction};
use crate::message::Protection;
use crate::protocol::Claim;
use crate::protocols::quic::limits::{MAX_QUIC_STREAMS, MAX_STREAM_WAITING};
use crate::protocols::tls::handshake::Epoch;
use crate::span::Span;

/// The streams of a connection. A copy costs a pointer until either changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Streams {
    table: Arc<Table>,
    /// Whether those before were thrown away.
    is_anew: bool,
    /// Whether any of what came was early data.
    is_early: bool,
}

/// Streams by their numbers.
#[derive(Clone, Debug, Default)]
struct Table {
    all: BTreeMap<u64, Stream>,
    /// Those that have ended in both directions, the first of them in front.
    ended: VecDeque<u64>,
}

impl Table {
    /// A stream, opened where it was not; `None` if there are too many.
    fn open(&mut self, id: u64) -> Option<&mut Stream> {
        if self.all.len() >= MAX_QUIC_STREAMS && !self.all.contains_key(&id) {
            let ended = self.ended.pop_front()?;
            self.all.remove(&ended);
        }
        Some(self.all.entry(id).or_default())
    }

    /// Changes a stream, and remembers whether that has ended it.
    fn change<T>(&mut self, id: u64, how: impl FnOnce(&mut Stream) -> T) -> Option<T> {
        let stream = self.open(id)?;
        let had_ended = stream.has_ended();
        let changed = how(stream);
        if stream.has_ended() && !had_ended {
            self.ended.push_back(id);
        }
        Some(changed)
    }
}

/// One stream, in both directions.
#[derive(Clone, Debug, Default)]
struct Stream {
    ways: Both<Way>,
}

/// What one side sends on a stream.
#[derive(Clone, Debug, Default)]
struct Way {
    bytes: Ordered,
    /// How many bytes there are in all, once that is known.
    len: Option<u64>,
    ended: bool,
    /// Up to where bytes were sent; the end of the stream counts as one more.
    sent: u64,
    /// How far its sender may go.
    account: Account,
}

impl Way {
    /// Nothing more is read of it.
    fn end(&mut self) {
        let mut account = self.account;
        account.end();
        *self = Self { ended: true, sent: self.sent, account, ..Self::default() };
    }
}

impl Stream {
    fn way(&mut self, from: Direction) -> &mut Way {
        self.ways.of_mut(from)
    }

    fn has_ended(&self) -> bool {
        self.ways.iter().all(|way| way.ended)
    }

    /// Bytes of it came: those that are in order now, and whether it has ended.
    fn take(
        &mut self,
        (id, from): (u64, Direction),
        (offset, data): (u64, Span),
        is_last: bool,
    ) -> Came {
        let mut came = Came::default();
        // Who may not speak there has said all.
        if id & 2 != 0 {
            self.way(from.reverse()).ended = true;
        }
        let way = self.way(from);
        if way.ended {
            return came;
        }
        let len = u64::from(data.len);
        if is_last {
            way.len = Some(offset.saturating_add(len));
        }
        if len > 0 {
            way.bytes.push(offset, Piece { span: data, len }, &mut came.events);
        }
        while way.bytes.waiting() > MAX_STREAM_WAITING {
            way.bytes.give_up_hole(&mut came.events);
        }
        if way.len.is_some_and(|len| way.bytes.next() >= len) {
            came.ending = Some(Ending::Closed);
            way.end();
        }
        came
    }
}

/// What came out of a stream: bytes in order, holes, and whether it has ended.
#[derive(Debug, Default)]
struct Came {
    events: Vec<Event>,
    ending: Option<Ending>,
}

impl Streams {
    fn open(&mut self, id: u64) -> Option<&mut Stream> {
        Arc::make_mut(&mut self.table).open(id)
    }

    fn change<T>(&mut self, id: u64, how: impl FnOnce(&mut Stream) -> T) -> Option<T> {
        Arc::make_mut(&mut self.table).change(id, how)
    }

    /// The server has thrown away what came early, and with it the state of all streams (RFC 9001,
    /// section 4.6.2).
    pub(super) fn begin_anew(&mut self) {
        if self.table.all.is_empty() || !self.is_early {
            return;
        }
        // How far each was sent stays: what comes now says it again.
        let begun = |way: &Way| Way { sent: way.sent, ..Way::default() };
        let all = self.table.all.iter();
        let all = all.map(|(id, stream)| (*id, Stream { ways: stream.ways.map(begun) }));
        let table = Table { all: all.collect(), ended: VecDeque::new() };
        *self = Self { table: Arc::new(table), is_anew: true, is_early: false };
    }

    /// Bytes of a stream came: those that are in order now, and whether it has ended.
    fn take(
        &mut self,
        (id, from): (u64, Direction),
        (offset, data): (u64, Span),
        is_last: bool,
    ) -> Came {
        self.change(id, |stream| stream.take((id, from), (offset, data), is_last))
            .unwrap_or_default()
    }

    /// Whether all bytes of a stream up to that offset have come.
    pub(super) fn had_come(&self, (id, from): (u64, Direction), end: u64) -> bool {
        let stream = self.table.all.get(&id);
        let way = stream.map(|stream| stream.ways.of(from));
        way.is_some_and(|way| way.ended || end <= way.bytes.next())
    }

    /// Up to where a side has sent bytes on a stream.
    pub(super) fn sent_to(&self, (id, from): (u64, Direction)) -> u64 {
        let way = self.table.all.get(&id).map(|stream| stream.ways.of(from));
        way.map_or(0, |way| way.sent)
    }

    /// A side has sent bytes on a stream up to there.
    pub(super) fn send(&mut self, (id, from): (u64, Direction), end: u64) {
        if let Some(stream) = self.open(id) {
            let way = stream.way(from);
            way.sent = way.sent.max(end);
        }
    }

    /// How far a side may go on a stream.
    pub(super) fn account(&mut self, (id, from): (u64, Direction)) -> Option<&mut Account> {
        self.open(id).map(|stream| &mut stream.way(from).account)
    }

    /// One side breaks off what it sends on a stream: says whether it had not ended.
    fn break_off(&mut self, id: u64, from: Direction) -> bool {
        let ends = |stream: &mut Stream| {
            let way = stream.way(from);
            let had_ended = way.ended;
            way.end();
            !had_ended
        };
        self.change(id, ends).unwrap_or(false)
    }

    /// What waits behind holes on all streams of a side, which will not be filled.
    fn give_up(&mut self, from: Direction) -> Vec<(u64, Vec<Event>)> {
        let waits = |stream: &Stream| stream.ways.of(from).bytes.waiting() > 0;
        let waiting: Vec<u64> =
            self.table.all.iter().filter(|(_, stream)| waits(stream)).map(|(id, _)| *id).collect();
        let all = &mut Arc::make_mut(&mut self.table).all;
        let mut found = Vec::new();
        for id in waiting {
            let Some(way) = all.get_mut(&id).map(|stream| stream.way(from)) else { continue };
            let mut events = Vec::new();
            while way.bytes.waiting() > 0 {
                way.bytes.give_up_hole(&mut events);
            }
            found.push((id, events));
        }
        found
    }

    /// Where bytes that wait lie.
    pub(super) fn places(&self) -> impl Iterator<Item = Span> {
        let ways = self.table.all.values().flat_map(|stream| stream.ways.iter());
        ways.flat_map(|way| way.bytes.places())
    }
}

impl QuicSession {
    /// Bytes of a stream.
    pub(super) fn stream(
        &mut self,
        way: (u64, Direction),
        opened: Opened,
        bytes: (u64, Span),
        is_last: bool,
        out: &mut Out<'_>,
    ) {
        self.streams.is_early |= opened.epoch == Epoch::Early;
        let came = self.streams.take(way, bytes, is_last);
        self.pass_on(way.0, came.events, opened.protection(), out);
        if let Some(ending) = came.ending {
            self.end_stream(way.0, ending, out);
        }
    }

    /// A stream is broken off by who sends on it.
    pub(super) fn break_off(&mut self, id: u64, from: Direction, out: &mut Out<'_>) {
        if self.streams.break_off(id, from) {
            self.end_stream(id, Ending::Reset, out);
        }
    }

    /// Nothing more comes from a side: what waits behind holes is read without what is missing.
    pub(super) fn give_up_holes(&mut self, from: Direction, out: &mut Out<'_>) {
        for (id, events) in self.streams.give_up(from) {
            self.pass_on(id, events, Protection::Application, out);
        }
    }

    fn pass_on(&self, id: u64, events: Vec<Event>, protection: Protection, out: &mut Out<'_>) {
        let (child, lane) = self.place(id);
        let claim = self.alpn.as_deref().map_or(Claim::Content, Claim::Alpn);
        let to = To::child(child, claim).lane(lane).agreed();
        for event in events {
            match event {
                Event::Data(place) => out.hand_on(to, place, Some(protection)),
                Event::Gap(missing) => out.lose(child, lane, Some(missing)),
                Event::End => {}
            }
        }
    }

    /// One side has said all on a stream. Where the other may not speak there, all is said.
    fn end_stream(&self, id: u64, ending: Ending, out: &mut Out<'_>) {
        let (child, lane) = self.place(id);
        if self.speaks_http3() {
            out.end_lane(child, lane, ending);
            if id & 2 != 0 {
                out.end_other(child, lane, ending);
            }
        } else if id & 2 != 0 {
            out.end_child(child, ending);
            out.end_other(child, 0, ending);
        } else {
            out.end_child(child, ending);
        }
    }

    /// A datagram: of others than HTTP/3 nobody knows what is in it.
    pub(super) fn datagram(&self, data: Span, opened: Opened, out: &mut Out<'_>) {
        if self.speaks_http3() && data.len > 0 {
            let to = To::child(inside::DATAGRAMS, Claim::Alpn(b"h3")).datagrams().agreed();
            out.hand_on(to, data, Some(opened.protection()));
        }
    }

    /// Whether both sides agreed on HTTP/3.
    pub(super) fn speaks_http3(&self) -> bool {
        self.alpn.as_deref().is_some_and(|name| name.starts_with(b"h3"))
    }

    /// The layer and the lane that a stream is read on.
    fn place(&self, id: u64) -> (u64, u64) {
        let anew = if self.streams.is_anew { inside::ANEW } else { 0 };
        if self.speaks_http3() {
            (inside::STREAMS | anew, id)
        } else {
            (inside::FIRST_STREAM.saturating_add(id) | anew, 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::FrameId;

    fn piece(len: u32) -> Span {
        Span::frame(FrameId(0), 0, len)
    }

    #[test]
    fn bytes_come_out_in_order_and_once() {
        let mut streams = Streams::default();
        let from = Direction::Forward;
        let mut take = |offset, len, is_last| {
            let came = streams.take((4, from), (offset, piece(len)), is_last);
            let lens = came.events.iter().map(|event| match event {
                Event::Data(span) => i64::from(span.len),
                Event::Gap(missing) => -(*missing as i64),
                Event::End => 0,
            });
            (lens.collect::<Vec<_>>(), came.ending.is_some())
        };
        assert_eq!(take(10, 5, true), (vec![], false));
        assert_eq!(take(0, 4, false), (vec![4], false));
        assert_eq!(take(0, 4, false), (vec![], false), "sent again");
        assert_eq!(take(2, 8, false), (vec![6, 5], true));
        assert_eq!(take(0, 15, true), (vec![], false), "what has ended is not read anew");
    }

    #[test]
    fn what_waits_and_what_is_known_is_bounded() {
        let mut streams = Streams::default();
        let from = Direction::Backward;
        let mut gaps = 0;
        for at in 0..2 * MAX_STREAM_WAITING as u64 {
            let came = streams.take((0, from), (2 * at + 1, piece(1)), false);
            gaps += came.events.iter().filter(|event| matches!(event, Event::Gap(1))).count();
        }
        assert_eq!(gaps, MAX_STREAM_WAITING);
        assert_eq!(streams.places().count(), MAX_STREAM_WAITING);
        assert_eq!(streams.take((0, from), (u64::MAX, piece(9)), true).events, []);
        for id in 1..2 * MAX_QUIC_STREAMS as u64 {
            let id = 4 * id;
            streams.take((id, from), (0, piece(1)), true);
            streams.take((id, from.reverse()), (0, piece(1)), true);
        }
        assert_eq!(streams.table.all.len(), MAX_QUIC_STREAMS);
        assert!(streams.table.ended.len() < MAX_QUIC_STREAMS);
        assert_eq!(streams.give_up(from).len(), 1);
    }
    #[test]
    fn the_first_that_ended_is_forgotten_first() {
        let mut streams = Streams::default();
        let end = |streams: &mut Streams, id| {
            for from in Direction::BOTH {
                streams.take((id, from), (0, piece(1)), true);
            }
        };
        for id in 0..MAX_QUIC_STREAMS as u64 {
            streams.take((4 * id, Direction::Forward), (0, piece(1)), false);
        }
        [40, 8].into_iter().for_each(|id| end(&mut streams, id));
        let new = 4 * MAX_QUIC_STREAMS as u64;
        streams.take((new, Direction::Forward), (0, piece(1)), false);
        let has = |streams: &Streams, id| streams.table.all.contains_key(&id);
        assert_eq!([40, 8, new].map(|id| has(&streams, id)), [false, true, true]);
        // Where none has ended any more, no other is forgotten.
        for id in [new + 4, new + 8] {
            streams.take((id, Direction::Forward), (0, piece(1)), false);
        }
        assert_eq!(
            [8, 12, new + 4, new + 8].map(|id| has(&streams, id)),
            [false, true, true, false]
        );
    }
}
