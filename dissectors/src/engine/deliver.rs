//! Delivers bytes down the layers of a connection: the loop between reader and sessions.

use super::out::{Handed, Out, Rope, What};
use super::reader::{Context, Inbox, Layer, Reader, Slot};
use super::stretch::Stretch;
use super::tcp::{Arrival, Event, Segment, flags};
use super::view::View;
use crate::ids::{Direction, FrameId, LayerId, Time};
use crate::limits::{MAX_DEPTH, MAX_INBOX, MAX_LAYERS};
use crate::message::Protection;
use crate::protocol::{Carrier, Claim};
use crate::registry::{self, ProtocolId};
use crate::session::{Input, Progress};
use crate::span::{Buffer, Span};

/// The layer directly on the transport.
const BOTTOM: LayerId = LayerId(0);

/// How much an inbox takes over at least when it has to hold bytes back: sessions that look for
/// the end of a head ask for one byte more at a time.
const MIN_HELD: usize = 4096;

/// One frame's work.
pub(super) struct Engine<'e> {
    pub(super) context: Context<'e>,
    pub(super) stretch: &'e mut Stretch,
    pub(super) frame: FrameId,
    pub(super) time: Time,
}

/// Bytes on their way to a layer.
#[derive(Clone, Copy)]
struct Parcel<'a> {
    direction: Direction,
    span: Span,
    bytes: &'a [u8],
    protection: Protection,
    depth: usize,
}

impl<'e> Engine<'e> {
    /// A TCP segment: what is in order now goes down the layers.
    pub(super) fn segment(&mut self, reader: &mut Reader, arrival: &Arrival) -> Segment {
        let direction = arrival.direction;
        let mut events = Vec::new();
        let mut segment = Segment::Plain;
        if let Some(half) = reader.halves.get_mut(direction.index()) {
            segment = half.push(arrival, &mut events);
        }
        self.events(reader, direction, &events);
        if arrival.flags & flags::ACK != 0 {
            events.clear();
            let other = direction.reverse();
            if let Some(half) = reader.halves.get_mut(other.index()) {
                half.acknowledged(arrival.ack, &mut events);
            }
            self.events(reader, other, &events);
        }
        segment
    }

    /// A datagram goes down the layers as it is.
    pub(super) fn datagram(&mut self, reader: &mut Reader, arrival: &Arrival) {
        let bytes = self.bytes(reader, arrival.payload);
        let parcel = Parcel {
            direction: arrival.direction,
            span: arrival.payload,
            bytes: &bytes,
            protection: Protection::Clear,
            depth: 0,
        };
        self.bottom(reader, parcel);
    }

    /// What reassembly said, in order.
    pub(super) fn events(&mut self, reader: &mut Reader, direction: Direction, events: &[Event]) {
        for event in events {
            match *event {
                Event::Data(span) => {
                    let bytes = self.bytes(reader, span);
                    let protection = Protection::Clear;
                    let parcel = Parcel { direction, span, bytes: &bytes, protection, depth: 0 };
                    self.bottom(reader, parcel);
                }
                Event::Gap(len) => self.gap(reader, BOTTOM, direction, Some(len), 0),
                Event::End => self.end(reader, BOTTOM, direction, 0),
            }
        }
    }

    fn bottom(&mut self, reader: &mut Reader, parcel: Parcel<'_>) {
        if parcel.bytes.is_empty() && reader.ports.carrier == Carrier::Stream {
            return;
        }
        if reader.slots.is_empty() {
            let claims = reader.ports.claims();
            let protocol = registry::decide(&claims, parcel.bytes, reader.ports.carrier);
            let layer = Layer { protocol, carrier: LayerId::NONE, stream: 0 };
            add_layer(reader, layer, reader.ports.carrier);
        }
        self.deliver(reader, BOTTOM, parcel);
    }

    /// The bytes of a span: borrowed from its frame wherever it lies in one.
    fn bytes(&self, reader: &Reader, span: Span) -> std::borrow::Cow<'e, [u8]> {
        match span.buffer.kind() {
            Buffer::Frame(frame) => {
                let whole = self.context.frames.frame(frame).bytes;
                let rest = whole.get(span.start as usize..).unwrap_or(&[]);
                rest.get(..span.len as usize).unwrap_or(rest).into()
            }
            _ => View::new(self.context.frames, reader, self.stretch).bytes(span).to_vec().into(),
        }
    }

    /// Gives a parcel to a layer: straight from where it lies while the session keeps up, through
    /// the inbox where it has to wait for more.
    fn deliver(&mut self, reader: &mut Reader, id: LayerId, parcel: Parcel<'_>) {
        let Some(slot) = reader.slots.get_mut(id.index()) else { return };
        let Some(inbox) = slot.inbox.get_mut(parcel.direction.index()) else { return };
        let mut inbox = std::mem::take(inbox);
        if slot.layer.carrier != LayerId::NONE || reader.ports.carrier == Carrier::Stream {
            self.stream(reader, id, &mut inbox, parcel);
        } else {
            self.one_datagram(reader, id, &mut inbox, parcel);
        }
        if let Some(place) = inbox_of(reader, id, parcel.direction) {
            *place = inbox;
        }
    }

    fn one_datagram(
        &mut self,
        reader: &mut Reader,
        id: LayerId,
        inbox: &mut Inbox,
        parcel: Parcel<'_>,
    ) {
        let rope = Rope { at: inbox.at, pieces: &[], last: parcel.span };
        if !inbox.closed
            && let Progress::GiveUp(_) = self.call(reader, id, rope, inbox, parcel)
        {
            inbox.closed = true;
        }
        inbox.at += parcel.bytes.len() as u64;
    }

    fn stream(
        &mut self,
        reader: &mut Reader,
        id: LayerId,
        inbox: &mut Inbox,
        mut parcel: Parcel<'_>,
    ) {
        while !parcel.bytes.is_empty() && !inbox.closed {
            if inbox.pass > 0 {
                let len = usize::try_from(inbox.pass).unwrap_or(usize::MAX).min(parcel.bytes.len());
                self.pass(reader, id, inbox, parcel, len);
                parcel = parcel.from(len);
                continue;
            }
            if inbox.held.is_empty() {
                let rope = Rope { at: inbox.at, pieces: &[], last: parcel.span };
                match self.call(reader, id, rope, inbox, parcel) {
                    Progress::Took(len) => {
                        let len = len.min(parcel.bytes.len());
                        inbox.at += len as u64;
                        parcel = parcel.from(len);
                    }
                    Progress::Need(need) => {
                        inbox.hold(parcel, parcel.bytes.len());
                        inbox.need = need;
                        parcel = parcel.from(parcel.bytes.len());
                    }
                    Progress::Pass(len) => inbox.pass = len,
                    progress => self.turn(reader, id, inbox, progress),
                }
            } else {
                let missing = inbox.need.saturating_sub(inbox.held.len()).max(1);
                // Who asks for one byte more does not know how many: as much again is held.
                let again = if missing == 1 { inbox.held.len() } else { 0 };
                let len = missing.max(MIN_HELD.saturating_sub(inbox.held.len())).max(again);
                let len = len.min(parcel.bytes.len());
                inbox.hold(parcel, len);
                parcel = parcel.from(len);
                self.drain(reader, id, inbox, parcel);
            }
        }
    }

    /// Reads on in the held bytes as far as the session goes.
    fn drain(&mut self, reader: &mut Reader, id: LayerId, inbox: &mut Inbox, now: Parcel<'_>) {
        while !inbox.held.is_empty() && inbox.held.len() >= inbox.need && !inbox.closed {
            let held = std::mem::take(&mut inbox.held);
            let pieces = std::mem::take(&mut inbox.pieces);
            let nothing = Span { len: 0, ..now.span };
            let rope = Rope { at: inbox.at, pieces: &pieces, last: nothing };
            let parcel = Parcel { bytes: &held, ..now };
            let progress = if inbox.pass > 0 {
                Progress::Pass(inbox.pass)
            } else {
                self.call(reader, id, rope, inbox, parcel)
            };
            let taken = match progress {
                Progress::Took(len) => len.min(held.len()),
                Progress::Pass(len) => {
                    inbox.pass = len;
                    let here = usize::try_from(len).unwrap_or(usize::MAX).min(held.len());
                    self.pass_held(reader, id, inbox, &pieces, here, now);
                    // `pass_held` has moved the offset along already.
                    inbox.restore(held, pieces, here);
                    continue;
                }
                Progress::Need(need) => {
                    inbox.need = need;
                    0
                }
                progress => {
                    self.turn(reader, id, inbox, progress);
                    0
                }
            };
            inbox.at += taken as u64;
            inbox.restore(held, pieces, taken);
            if taken == 0 && inbox.held.len() < inbox.need {
                break;
            }
        }
        if inbox.held.len() > MAX_INBOX.max(inbox.need.min(2 * MAX_INBOX)) {
            inbox.close();
        }
    }

    /// A session stepped aside or gave up.
    fn turn(&mut self, reader: &mut Reader, id: LayerId, inbox: &mut Inbox, progress: Progress) {
        let protocol = match progress {
            Progress::Switch(claim) => registry::by_claim(claim),
            _ => None,
        };
        let opened = protocol.and_then(|protocol| {
            let session = protocol.get().open(Carrier::Stream)?;
            Some((protocol, session))
        });
        match (opened, reader.slots.get_mut(id.index())) {
            (Some((protocol, session)), Some(slot)) => {
                slot.layer.protocol = protocol;
                slot.session = Some(session);
                inbox.need = 0;
                // What the other direction waited for was the old session's wish.
                for other in &mut slot.inbox {
                    other.need = 0;
                }
            }
            _ => inbox.close(),
        }
    }

    fn pass(
        &mut self,
        reader: &mut Reader,
        id: LayerId,
        inbox: &mut Inbox,
        parcel: Parcel<'_>,
        len: usize,
    ) {
        if let Some(message) = inbox.collecting {
            reader.shared.collect(message, parcel.span.part(0, len));
        }
        inbox.at += len as u64;
        inbox.pass -= len as u64;
        if inbox.pass == 0 {
            self.passed(reader, id, inbox, parcel);
        }
    }

    fn pass_held(
        &mut self,
        reader: &mut Reader,
        id: LayerId,
        inbox: &mut Inbox,
        pieces: &[Span],
        len: usize,
        now: Parcel<'_>,
    ) {
        let mut left = len;
        for piece in pieces {
            let part = piece.part(0, left);
            left -= part.len as usize;
            if let (Some(message), true) = (inbox.collecting, part.len > 0) {
                reader.shared.collect(message, part);
            }
        }
        inbox.at += len as u64;
        inbox.pass -= len as u64;
        if inbox.pass == 0 {
            self.passed(reader, id, inbox, now);
        }
    }

    fn passed(&mut self, reader: &mut Reader, id: LayerId, inbox: &mut Inbox, parcel: Parcel<'_>) {
        inbox.collecting = None;
        let rope = Rope { at: inbox.at, pieces: &[], last: Span { len: 0, ..parcel.span } };
        self.with_session(reader, id, rope, parcel, |session, out| {
            session.passed(parcel.direction, out);
        });
    }

    fn call(
        &mut self,
        reader: &mut Reader,
        id: LayerId,
        rope: Rope<'_>,
        inbox: &mut Inbox,
        parcel: Parcel<'_>,
    ) -> Progress {
        let input = Input {
            direction: parcel.direction,
            at: rope.at,
            bytes: parcel.bytes,
            frame: self.frame,
            time: self.time,
        };
        let mut collecting = None;
        let progress = self.with_session(reader, id, rope, parcel, |session, out| {
            let progress = session.read(input, out);
            collecting = out.collecting;
            progress
        });
        inbox.collecting = collecting.or(inbox.collecting);
        match progress.unwrap_or(Progress::GiveUp("nothing reads this layer")) {
            // A session that takes nothing, or needs no more than it has, would be called forever.
            Progress::Took(0) | Progress::Pass(0) => Progress::GiveUp("the session stands still"),
            Progress::Need(need) if need <= parcel.bytes.len() => {
                Progress::Need(parcel.bytes.len() + 1)
            }
            progress => progress,
        }
    }

    /// Runs one call of a session, then delivers what it handed on.
    fn with_session<T>(
        &mut self,
        reader: &mut Reader,
        id: LayerId,
        rope: Rope<'_>,
        parcel: Parcel<'_>,
        call: impl FnOnce(&mut dyn crate::session::Session, &mut Out<'_>) -> T,
    ) -> Option<T> {
        let mut session = reader.slots.get_mut(id.index())?.session.take()?;
        let mut handed = Vec::new();
        let mut out = Out {
            stretch: self.stretch,
            shared: &mut reader.shared,
            handed: &mut handed,
            secrets: self.context.secrets,
            rope,
            depth: parcel.depth,
            layer: id,
            direction: parcel.direction,
            frame: self.frame,
            time: self.time,
            protection: parcel.protection,
            collecting: None,
        };
        let result = call(session.as_mut(), &mut out);
        if let Some(slot) = reader.slots.get_mut(id.index()) {
            slot.session = Some(session);
        }
        for parcel_on in handed {
            self.hand_on(reader, id, parcel.depth + 1, parcel_on);
        }
        Some(result)
    }

    fn hand_on(&mut self, reader: &mut Reader, carrier: LayerId, depth: usize, handed: Handed) {
        if depth >= MAX_DEPTH {
            return;
        }
        let known = reader.children.get(&(carrier, handed.stream)).copied();
        match (handed.what, known) {
            (What::Bytes, _) => {}
            (What::Gap, Some(child)) => {
                return self.gap(reader, child, handed.direction, None, depth);
            }
            (What::End, Some(child)) => return self.end(reader, child, handed.direction, depth),
            (_, None) => return,
        }
        let segment = self.arena_segment(handed.span);
        // The arena segment is set aside while the next layer reads it and fills its own.
        let arena = segment.and_then(|(segment, _)| {
            self.stretch.segments.get_mut(segment as usize).map(std::mem::take)
        });
        let owned;
        let bytes: &[u8] = match (&arena, segment) {
            (Some(arena), Some((_, start))) => {
                let rest = arena.get(start as usize..).unwrap_or(&[]);
                rest.get(..handed.span.len as usize).unwrap_or(rest)
            }
            _ => {
                owned = self.bytes(reader, handed.span);
                &owned
            }
        };
        let child = known.or_else(|| {
            let protocol =
                handed.protocol.unwrap_or_else(|| registry::decide(&[], bytes, Carrier::Stream));
            let layer = Layer { protocol, carrier, stream: handed.stream };
            let child = add_layer(reader, layer, Carrier::Stream)?;
            reader.children.insert((carrier, handed.stream), child);
            Some(child)
        });
        if let Some(child) = child {
            let (direction, span, protection) = (handed.direction, handed.span, handed.protection);
            self.deliver(reader, child, Parcel { direction, span, bytes, protection, depth });
        }
        if let (Some(arena), Some((segment, _))) = (arena, segment)
            && let Some(place) = self.stretch.segments.get_mut(segment as usize)
        {
            *place = arena;
        }
    }

    fn arena_segment(&self, span: Span) -> Option<(u32, u32)> {
        let Buffer::Derived(number) = span.buffer.kind() else { return None };
        match self.stretch.derived(number)?.kept {
            super::derive::Kept::Arena { segment, start } => {
                Some((segment, start.saturating_add(span.start)))
            }
            super::derive::Kept::Later(_) => None,
        }
    }

    /// Bytes of a layer are missing: so many, or nobody knows how many.
    fn gap(
        &mut self,
        reader: &mut Reader,
        id: LayerId,
        direction: Direction,
        missing: Option<u64>,
        depth: usize,
    ) {
        let Some(inbox) = inbox_of(reader, id, direction) else { return };
        let mut inbox = std::mem::take(inbox);
        let len = missing.unwrap_or(0);
        let inside = missing.is_some() && inbox.held.is_empty() && inbox.pass >= len;
        inbox.at += len;
        let parcel = Parcel {
            direction,
            span: Span::NONE,
            bytes: &[],
            protection: Protection::Clear,
            depth,
        };
        if inside {
            // Missing bytes of a body that passes by anyway change nothing for the session.
            inbox.pass -= len;
            if inbox.pass == 0 {
                self.passed(reader, id, &mut inbox, parcel);
            }
        } else {
            inbox.drop_held();
            let rope = Rope { at: inbox.at, pieces: &[], last: Span::NONE };
            let goes_on = self.with_session(reader, id, rope, parcel, |session, out| {
                session.gap(direction, len, out)
            });
            if goes_on != Some(true) {
                inbox.close();
            }
        }
        if let Some(place) = inbox_of(reader, id, direction) {
            *place = inbox;
        }
    }

    /// One direction of a layer has ended, and so have the streams inside it.
    fn end(&mut self, reader: &mut Reader, id: LayerId, direction: Direction, depth: usize) {
        if depth >= MAX_DEPTH {
            return;
        }
        let rope = Rope { at: 0, pieces: &[], last: Span::NONE };
        let parcel = Parcel {
            direction,
            span: Span::NONE,
            bytes: &[],
            protection: Protection::Clear,
            depth,
        };
        self.with_session(reader, id, rope, parcel, |session, out| session.end(direction, out));
        let only_child = reader.children.get(&(id, 0)).copied();
        if let Some(child) = only_child {
            self.end(reader, child, direction, depth + 1);
        }
    }
}

impl Parcel<'_> {
    fn from(self, len: usize) -> Self {
        let bytes = self.bytes.get(len..).unwrap_or(&[]);
        Self { bytes, span: self.span.from(len), ..self }
    }
}

impl Inbox {
    fn hold(&mut self, parcel: Parcel<'_>, len: usize) {
        let bytes = parcel.bytes.get(..len).unwrap_or(parcel.bytes);
        self.held.extend_from_slice(bytes);
        let piece = parcel.span.part(0, bytes.len());
        match self.pieces.last_mut() {
            Some(last) if last.buffer == piece.buffer && last.end() == piece.start => {
                last.len += piece.len;
            }
            _ => self.pieces.push(piece),
        }
    }

    /// Puts held bytes back after a call, less those that were taken.
    fn restore(&mut self, mut held: Vec<u8>, mut pieces: Vec<Span>, taken: usize) {
        held.drain(..taken.min(held.len()));
        let mut left = taken;
        let mut whole = 0;
        for piece in &mut pieces {
            if left == 0 {
                break;
            }
            let len = (piece.len as usize).min(left);
            left -= len;
            *piece = piece.from(len);
            whole += usize::from(piece.len == 0);
        }
        pieces.drain(..whole);
        if taken > 0 {
            self.need = 0;
        }
        if !self.closed {
            (self.held, self.pieces) = (held, pieces);
        }
    }

    fn drop_held(&mut self) {
        self.held = Vec::new();
        self.pieces = Vec::new();
        self.need = 0;
        self.pass = 0;
    }

    fn close(&mut self) {
        self.drop_held();
        self.closed = true;
    }
}

fn inbox_of(reader: &mut Reader, id: LayerId, direction: Direction) -> Option<&mut Inbox> {
    reader.slots.get_mut(id.index())?.inbox.get_mut(direction.index())
}

/// Opens a layer, or says no where there are too many.
fn add_layer(reader: &mut Reader, layer: Layer, carrier: Carrier) -> Option<LayerId> {
    if reader.slots.len() >= MAX_LAYERS {
        return None;
    }
    let mut layer = layer;
    let session = layer.protocol.get().open(carrier).or_else(|| {
        // Something that has headers but no session was claimed: its bytes are data.
        layer.protocol = ProtocolId::DATA;
        ProtocolId::DATA.get().open(carrier)
    });
    let id = LayerId(reader.slots.len() as u32);
    reader.slots.push(Slot { layer, session, inbox: Default::default() });
    Some(id)
}

impl super::reader::Ports {
    /// What the ports lay claim to: the responder's first.
    pub(crate) fn claims(&self) -> [Claim<'static>; 2] {
        let [initiator, responder] = self.ports;
        match self.carrier {
            Carrier::Stream => [Claim::TcpPort(responder), Claim::TcpPort(initiator)],
            Carrier::Datagram => [Claim::UdpPort(responder), Claim::UdpPort(initiator)],
        }
    }
}
