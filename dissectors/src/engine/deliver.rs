//! Delivers bytes up the layers of a connection: the loop between reader and sessions.

use std::sync::Arc;

use super::arrival::Arrival;
use super::hand::{Handed, What};
use super::inbox::{Inbox, Moment, Parcel};
use super::later::Later;
use super::out::{Out, Rope};
use super::reader::{ConnectionReader, Context};
use super::session::{Ending, Input, Session, Way};
use super::slot::{Lineage, Opening, Slot, SlotId, Speaker};
use super::stream::input;
use super::stretch::Stretch;
use super::view::View;
use crate::claim::{Claim, Framing, Likelihood};
use crate::ids::{Direction, FrameId, ProtocolId};
use crate::limits::MAX_DEPTH;
use crate::message::Protection;
use crate::span::{Buffer, Span};

/// One frame's work.
pub(super) struct Engine<'e> {
    pub(super) context: Context<'e>,
    pub(super) stretch: &'e mut Stretch,
    /// What is known of the frames to come.
    pub(super) later: &'e dyn Later,
    pub(super) moment: Moment,
    /// Who sent the frame at hand, where it brought data.
    pub(super) own: Option<Direction>,
    /// The frame at hand and its bytes, so that they need not be looked up again.
    pub(super) at_hand: Option<(FrameId, &'e [u8])>,
}

/// The number of TCP in IP (RFC 9293, section 3.1).
const TCP: Claim<'static> = Claim::IpProtocol(6);

impl<'e> Engine<'e> {
    /// A datagram goes up the layers as it is, to the protocol that it shows.
    pub(super) fn datagram(&mut self, reader: &mut ConnectionReader, arrival: &Arrival<'_>) {
        let bytes = self.transport_bytes(reader, arrival.carried);
        let protocol = self.of_datagram(reader, &bytes, arrival.by_name);
        let known = reader.roots.iter().find(|(one, _)| *one == protocol).map(|(_, id)| *id);
        // The first layer above a transport, as what TCP carries is.
        let root = known.or_else(|| add_root(reader, protocol, 1));
        if let Some(root) = root {
            self.deliver(reader, root, self.parcel(arrival, &bytes));
        }
    }

    /// A segment goes to whoever lays claim to TCP, header and all. None is ever held back, so that
    /// it goes past the inbox.
    pub(super) fn segment(&mut self, reader: &mut ConnectionReader, arrival: &Arrival<'_>) {
        let known = reader.roots.first().map(|(_, id)| *id);
        let root = known.or_else(|| {
            let registry = self.context.registry;
            let protocol = registry.by_claim(TCP).unwrap_or_else(|| registry.fallback());
            let root = add_root(reader, protocol, 0)?;
            Direction::BOTH.into_iter().for_each(|way| self.take_seat(reader, root, way, protocol));
            Some(root)
        });
        let bytes = self.transport_bytes(reader, arrival.carried);
        if let Some(root) = root {
            let parcel = self.parcel(arrival, &bytes);
            let rope = Rope { last: parcel.span, ..Rope::NOTHING };
            let input = input(Framing::Datagram, rope.at, parcel);
            self.with_session(reader, root, rope, parcel, |session, out| session.read(input, out));
        }
    }

    fn parcel<'b>(&self, arrival: &Arrival<'_>, bytes: &'b [u8]) -> Parcel<'b> {
        Parcel {
            lane: 0,
            direction: arrival.direction,
            span: arrival.carried,
            bytes,
            cut: arrival.cut,
            protection: Protection::Clear,
            moment: self.moment,
        }
    }

    /// What a datagram is: that of a protocol whose name it bears; else what it surely shows; else
    /// that of a protocol whose names led it here; else what the flow's datagrams are.
    fn of_datagram(
        &self,
        reader: &mut ConnectionReader,
        bytes: &[u8],
        by_name: bool,
    ) -> ProtocolId {
        let registry = self.context.registry;
        if let Some(ruled) = registry.ruled(Framing::Datagram, reader.ports.ports) {
            return ruled;
        }
        // Nobody has to be asked whether it looks like theirs, which takes longer than to open it.
        let mut roots = reader.roots.iter().map(|(id, _)| *id).filter(|_| by_name);
        if let Some(named) = roots.find(|id| registry.get(*id).has_names()) {
            return named;
        }
        let content = registry.by_content(bytes, Framing::Datagram);
        if let Some((protocol, Likelihood::Surely)) = content {
            return protocol;
        }
        let named =
            reader.roots.iter().map(|(id, _)| registry.get(*id)).find(|one| {
                one.has_names() && one.probe(bytes, Framing::Datagram) != Likelihood::No
            });
        if let Some(named) = named {
            return named.id();
        }
        let fits = |id: &ProtocolId| !registry.belies(*id, bytes, Framing::Datagram);
        if let Some(main) = reader.main.filter(fits) {
            return main;
        }
        let claimed = reader.ports.claimed(registry);
        let protocol = registry.settle(content, claimed, bytes, Framing::Datagram);
        if protocol != registry.fallback() {
            reader.main = Some(protocol);
        }
        protocol
    }

    /// What frames are given to directly has ended in one direction. TCP itself ends what it
    /// carries.
    pub(super) fn end_roots(
        &mut self,
        reader: &mut ConnectionReader,
        direction: Direction,
        ending: Ending,
    ) {
        let ended = reader.ended.get_mut(direction.index());
        if ended.is_some_and(|ended| !std::mem::replace(ended, true)) {
            for at in 0..reader.roots.len() {
                let Some((_, root)) = reader.roots.get(at).copied() else { continue };
                match reader.ports.framing {
                    Framing::Stream => self.end(reader, root, Way { lane: 0, direction }, ending),
                    Framing::Datagram => self.end_all(reader, root, direction, ending),
                }
            }
        }
    }

    /// The bytes of a span of the transport: borrowed from its frame wherever it lies in one.
    fn transport_bytes(&self, reader: &ConnectionReader, span: Span) -> std::borrow::Cow<'e, [u8]> {
        match span.buffer.kind() {
            Buffer::Frame(frame) => {
                let whole = match self.at_hand {
                    Some((known, bytes)) if known == frame => bytes,
                    _ => self.context.frames.frame(frame).bytes,
                };
                let rest = whole.get(span.start as usize..).unwrap_or(&[]);
                rest.get(..span.len as usize).unwrap_or(rest).into()
            }
            _ => {
                let frames = self.context.frames;
                View::over(frames, &reader.shared, self.stretch).bytes(span).to_vec().into()
            }
        }
    }

    /// Gives a parcel to a lane: straight from where it lies while the session keeps up, through
    /// the inbox where it has to wait for more.
    fn deliver(&mut self, reader: &mut ConnectionReader, id: SlotId, parcel: Parcel<'_>) {
        let Some(slot) = reader.slots.get_mut(id) else { return };
        let framing = slot.opening.framing;
        let Some(place) = slot.lanes.inbox(parcel.lane, parcel.direction) else { return };
        let mut inbox = std::mem::take(place);
        inbox.heard = Some(parcel.moment);
        inbox.protection = Some(parcel.protection);
        match framing {
            Framing::Stream => self.stream(reader, id, &mut inbox, parcel),
            Framing::Datagram => self.one_datagram(reader, id, &mut inbox, parcel),
        }
        put_back(reader, id, parcel.lane, parcel.direction, inbox);
    }

    /// Runs one call of the session that speaks in a direction, then delivers what it handed on.
    pub(super) fn with_session<T>(
        &mut self,
        reader: &mut ConnectionReader,
        id: SlotId,
        rope: Rope<'_>,
        parcel: Parcel<'_>,
        call: impl FnOnce(&mut dyn Session, &mut Out<'_>) -> T,
    ) -> Option<T> {
        let slot = reader.slots.get_mut(id)?;
        let who = slot.who(parcel.direction)?;
        let Speaker { lineage, layer, session, .. } = slot.speakers.get_mut(who)?.as_mut()?;
        let mut handed = reader.spare.pop().unwrap_or_default();
        let mut out = Out {
            frames: self.context.frames,
            secrets: self.context.secrets,
            claims: self.context.registry.claims(),
            stretch: self.stretch,
            shared: &mut reader.shared,
            handed: &mut handed,
            children: &slot.children,
            later: self.later,
            rope,
            depth: slot.depth,
            layer: *layer,
            lane: parcel.lane,
            lineage,
            direction: parcel.direction,
            moment: parcel.moment,
            protection: parcel.protection,
            collecting: None,
        };
        let result = session.as_mut().map(|session| call(session.as_mut(), &mut out));
        if !handed.is_empty() {
            let lineage = Arc::clone(lineage);
            for one in handed.drain(..) {
                self.hand_on(reader, id, &lineage, one);
            }
        }
        reader.spare.push(handed);
        result
    }

    fn hand_on(
        &mut self,
        reader: &mut ConnectionReader,
        from: SlotId,
        lineage: &Lineage,
        handed: Handed,
    ) {
        let Some(slot) = reader.slots.get(from) else { return };
        let depth = slot.depth + 1;
        let known = slot.children.get(&handed.child).copied();
        let way = Way { lane: handed.lane, direction: handed.direction };
        // A layer may hand on what stands on an earlier frame, once a key has come.
        let moment = std::mem::replace(&mut self.moment, handed.moment);
        let child = known.or_else(|| {
            let opening = handed.opening.filter(|_| depth <= MAX_DEPTH)?;
            let mut slot = Slot {
                parent: Some((from, handed.child)),
                below: Some(Arc::clone(lineage)),
                ..Slot::new(opening, depth)
            };
            // What has ended before anything came was nobody's to be told.
            let around = reader.slots.get_mut(from)?;
            if let Some(direction) = around.half_ended.remove(&handed.child)
                && let Some(inbox) = slot.lanes.inbox(0, direction)
            {
                inbox.ended = true;
            }
            let child = reader.slots.add(slot)?;
            reader.slots.get_mut(from)?.children.insert(handed.child, child);
            Some(child)
        });
        match (child, handed.what) {
            (Some(child), What::Bytes(span)) => {
                self.derived(reader, child, way, span, handed.protection);
            }
            (Some(child), What::Gap(missing)) => self.gap(reader, child, way, missing),
            (Some(child), What::End(ending)) => self.end(reader, child, way, ending),
            (Some(child), What::EndAll(ending)) => {
                self.end_all(reader, child, handed.direction, ending);
            }
            (None, What::EndAll(_)) => {
                if let Some(slot) = reader.slots.get_mut(from) {
                    slot.note_end(handed.child, handed.direction);
                }
            }
            (None, _) => {}
        }
        self.moment = moment;
    }

    /// Delivers bytes that lie in a frame or in a buffer that was derived.
    fn derived(
        &mut self,
        reader: &mut ConnectionReader,
        child: SlotId,
        way: Way,
        span: Span,
        protection: Protection,
    ) {
        let chunk;
        let owned;
        let bytes = match self.arena_chunk(span) {
            Some((number, start)) => {
                // The chunk stays readable while the layers above add to theirs.
                chunk = self.stretch.chunk(number);
                let whole = chunk.as_ref().map_or(&[][..], |chunk| chunk.bytes());
                let rest = whole.get(start as usize..).unwrap_or(&[]);
                rest.get(..span.len as usize).unwrap_or(rest)
            }
            None => {
                owned = self.transport_bytes(reader, span);
                &owned
            }
        };
        let Way { lane, direction } = way;
        let moment = self.moment;
        let cut = 0;
        let parcel = Parcel { lane, direction, span, bytes, cut, protection, moment };
        self.deliver(reader, child, parcel);
    }

    fn arena_chunk(&self, span: Span) -> Option<(u32, u32)> {
        let Buffer::Derived(number) = span.buffer.kind() else { return None };
        match self.stretch.derived(number)?.kept {
            super::derive::Kept::Arena { chunk, start } => {
                Some((chunk, start.saturating_add(span.start)))
            }
            _ => None,
        }
    }

    /// Bytes of a lane are missing: so many, or nobody knows how many.
    fn gap(&mut self, reader: &mut ConnectionReader, id: SlotId, way: Way, missing: Option<u64>) {
        let Some(mut inbox) = take(reader, id, way) else { return };
        let len = missing.unwrap_or(0);
        let inside = missing.is_some() && inbox.held.is_empty() && inbox.pass >= len;
        let parcel = self.nothing(way, &inbox);
        if inside {
            // Missing bytes of a body that passes by anyway change nothing for the session.
            inbox.at += len;
            inbox.pass -= len;
            if inbox.pass == 0 {
                self.passed(reader, id, &mut inbox, parcel);
            }
        } else if !inbox.closed {
            self.settle_speaker(reader, id, &mut inbox, parcel);
            self.cut(reader, id, &mut inbox, parcel);
            inbox.at += len;
            let goes_on = self.with_session(reader, id, Rope::NOTHING, parcel, |session, out| {
                session.gap(way, missing, out)
            });
            match goes_on {
                Some(true) => {}
                Some(false) => {
                    self.note_given_up(reader, id, parcel, "it cannot go on behind missing bytes");
                    inbox.close();
                }
                // Where nobody speaks yet, whoever begins to is told then.
                None => inbox.missed = true,
            }
        }
        put_back(reader, id, way.lane, way.direction, inbox);
    }

    /// What was waited on will not be completed: the session takes from it what it can tell.
    pub(super) fn cut(
        &mut self,
        reader: &mut ConnectionReader,
        id: SlotId,
        inbox: &mut Inbox,
        now: Parcel<'_>,
    ) {
        let framing = reader.slots.get(id).map_or(Framing::Stream, |slot| slot.opening.framing);
        let held = std::mem::take(&mut inbox.held);
        let pieces = std::mem::take(&mut inbox.pieces);
        if !held.is_empty() && !inbox.closed {
            let rope = Rope { at: inbox.at, pieces: pieces.as_slice(), last: Span::NONE };
            let input = Input {
                lane: now.lane,
                direction: now.direction,
                framing,
                at: inbox.at,
                bytes: held.as_slice(),
                cut: 0,
                frame: now.moment.frame,
                time: now.moment.time,
            };
            self.with_session(reader, id, rope, now, |session, out| session.cut(input, out));
            inbox.at += held.len() as u64;
        }
        inbox.drop_held();
    }

    /// Nothing, on the frame at hand; where that is not its sender's, where that was heard last.
    pub(super) fn nothing(&self, way: Way, inbox: &Inbox) -> Parcel<'static> {
        Parcel {
            lane: way.lane,
            direction: way.direction,
            span: Span::NONE,
            bytes: &[],
            cut: 0,
            protection: inbox.protection.unwrap_or(Protection::Clear),
            moment: match inbox.heard {
                Some(heard) if self.own != Some(way.direction) => heard,
                _ => self.moment,
            },
        }
    }
}

/// Another slot that frames are given to directly.
fn add_root(reader: &mut ConnectionReader, protocol: ProtocolId, depth: usize) -> Option<SlotId> {
    let (framing, claimed) = (Framing::Datagram, [Some(protocol), None]);
    let opening = Opening { framing, claimed, is_agreed: false, settled: Arc::default() };
    let root = reader.slots.add(Slot::new(opening, depth))?;
    reader.roots.push((protocol, root));
    Some(root)
}

pub(super) fn take(reader: &mut ConnectionReader, id: SlotId, way: Way) -> Option<Inbox> {
    let slot = reader.slots.get_mut(id)?;
    slot.lanes.inbox(way.lane, way.direction).map(std::mem::take)
}

pub(super) fn put_back(
    reader: &mut ConnectionReader,
    id: SlotId,
    lane: u64,
    direction: Direction,
    inbox: Inbox,
) {
    let slot = reader.slots.get_mut(id);
    if let Some(place) = slot.and_then(|slot| slot.lanes.inbox(lane, direction)) {
        *place = inbox;
    }
}
