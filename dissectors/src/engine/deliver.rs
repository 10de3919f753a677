//! Delivers bytes down the layers of a connection: the loop between reader and sessions.

use super::inbox::{Parcel, inbox_of};
use super::out::{Handed, Out, Rope, What};
use super::reader::{Context, Layer, Reader, Slot};
use super::stretch::Stretch;
use super::tcp::{Arrival, Event, Segment, flags};
use super::view::View;
use crate::ids::{Direction, FrameId, LayerId, Time};
use crate::limits::{MAX_DEPTH, MAX_LAYERS};
use crate::message::Protection;
use crate::protocol::{Carrier, Claim};
use crate::registry::{self, ProtocolId};
use crate::span::{Buffer, Span};

/// The layer directly on the transport.
const BOTTOM: LayerId = LayerId(0);

/// One frame's work.
pub(super) struct Engine<'e> {
    pub(super) context: Context<'e>,
    pub(super) stretch: &'e mut Stretch,
    pub(super) frame: FrameId,
    pub(super) time: Time,
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

    /// Runs one call of a session, then delivers what it handed on.
    pub(super) fn with_session<T>(
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
