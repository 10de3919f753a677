//! A listener that keeps of one frame what a filter asks about.

use super::datum::Datum;
use super::program::{Slot, Take};
use super::token::{Piece, Until};
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Kind, Value};
use crate::frames::Frames;
use crate::ids::ProtocolId;
use crate::limits::MAX_FILTER_VALUES;
use crate::maps::FastMap;
use crate::sink::Sink;
use crate::span::{Buffer, Span};

/// Which slots want a field, for one filter.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    by_field: FastMap<FieldId, Vec<(u16, Take)>>,
    /// Whether anybody asks for layers.
    layered: bool,
}

impl Wanted {
    pub(super) fn new(slots: &[Slot]) -> Self {
        let mut by_field: FastMap<FieldId, Vec<(u16, Take)>> = FastMap::new();
        for (number, slot) in (0u16..).zip(slots) {
            for field in &slot.fields {
                by_field.entry(*field).or_default().push((number, slot.take));
            }
        }
        Self { by_field, layered: slots.iter().any(|slot| slot.layers.is_some()) }
    }
}

/// What was found in a frame.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By slot.
    slots: Vec<Vec<One>>,
    /// The bytes of values.
    bytes: Vec<u8>,
    /// How many layers of each protocol there were.
    layers: Vec<(ProtocolId, u16)>,
}

/// One value of a slot.
#[derive(Clone, Copy, Debug)]
pub(super) struct One {
    pub(super) def: &'static FieldDef,
    value: Held,
    protocol: ProtocolId,
    layer: u16,
}

/// A value that is kept; bytes by their place.
#[derive(Clone, Copy, Debug)]
enum Held {
    Present,
    Unsigned(u64),
    Signed(i64),
    Nanos(i64),
    Bytes(usize, usize),
    Text(usize, usize),
}

impl Found {
    pub(super) fn new(slots: usize) -> Self {
        Self { slots: vec![Vec::new(); slots], ..Self::default() }
    }

    /// Forgets the last frame, and keeps its room.
    pub(super) fn clear(&mut self) {
        self.slots.iter_mut().for_each(Vec::clear);
        self.bytes.clear();
        self.layers.clear();
    }

    /// What a slot has, of the layers that it asks for.
    pub(super) fn of<'f>(&'f self, number: usize, slot: &'f Slot) -> impl Iterator<Item = &'f One> {
        let all = self.slots.get(number).map_or(&[][..], Vec::as_slice);
        all.iter().filter(move |one| {
            let total = || self.layers.iter().find(|(known, _)| *known == one.protocol);
            slot.layers.as_ref().is_none_or(|layers| {
                let total = total().map_or(0, |(_, total)| *total);
                layers.iter().any(|piece| is_layer(*piece, one.layer, total))
            })
        })
    }

    /// The value of one.
    pub(super) fn datum(&self, one: &One) -> Datum<'_> {
        let bytes =
            |start: usize, len: usize| self.bytes.get(start..start + len).unwrap_or_default();
        match one.value {
            Held::Present => Datum::Present,
            Held::Unsigned(nanos) if matches!(one.def.kind, Kind::Duration | Kind::Time) => {
                Datum::Nanos(nanos.into())
            }
            Held::Unsigned(number) => Datum::Number(number.into()),
            Held::Signed(number) => Datum::Number(number.into()),
            Held::Nanos(nanos) => Datum::Nanos(nanos.into()),
            Held::Bytes(start, len) => Datum::Bytes(bytes(start, len).into()),
            Held::Text(start, len) => Datum::Text(bytes(start, len).into()),
        }
    }

    /// Keeps a value of a slot.
    fn push(&mut self, slot: u16, field: FieldId, value: Held, layer: u16) {
        if let Some(values) = self.slots.get_mut(usize::from(slot)) {
            values.push(One { def: field.def(), value, protocol: field.protocol(), layer });
        }
    }

    fn keep(&mut self, bytes: &[u8]) -> Option<(usize, usize)> {
        let start = self.bytes.len();
        if start + bytes.len() > MAX_FILTER_VALUES {
            return None;
        }
        self.bytes.extend_from_slice(bytes);
        Some((start, bytes.len()))
    }

    /// The value as it is kept; `None` if there is no more room.
    fn hold(&mut self, def: &FieldDef, value: Value<'_>) -> Option<Held> {
        Some(match value {
            Value::None => Held::Present,
            Value::Bool(flag) => Held::Unsigned(flag.into()),
            Value::Unsigned(number) => Held::Unsigned(number),
            Value::Signed(number) => Held::Signed(number),
            Value::Nanos(nanos) => Held::Nanos(nanos),
            Value::Text(text) => {
                let (start, len) = self.keep(text.as_bytes())?;
                Held::Text(start, len)
            }
            Value::Bytes(bytes) => {
                let (start, len) = self.keep(bytes)?;
                // Text that is not UTF-8 travels as bytes.
                if def.kind == Kind::Text {
                    Held::Text(start, len)
                } else {
                    Held::Bytes(start, len)
                }
            }
        })
    }

    /// Keeps a value that columns know.
    pub(super) fn know(&mut self, slot: usize, take: Take, field: FieldId, value: Value<'_>) {
        let held = match take {
            Take::Presence => Some(Held::Present),
            _ => self.hold(field.def(), value),
        };
        if let (Some(held), Ok(slot)) = (held, u16::try_from(slot)) {
            self.push(slot, field, held, 1);
        }
    }

    /// All values of a slot as they are kept, and their bytes.
    pub(super) fn raw(&self, slot: usize) -> (&[One], &[u8]) {
        (self.slots.get(slot).map_or(&[], Vec::as_slice), &self.bytes)
    }

    /// Takes over values that were kept.
    pub(super) fn load(&mut self, slot: usize, ones: &[One], bytes: &[u8]) {
        if let Some(values) = self.slots.get_mut(slot) {
            values.extend(ones.iter().map(|one| one.moved(bytes, &mut self.bytes)));
        }
    }
}

impl One {
    /// The same with its bytes elsewhere.
    pub(super) fn moved(&self, from: &[u8], to: &mut Vec<u8>) -> Self {
        let mut shift = |start: usize, len: usize| {
            let at = to.len();
            to.extend_from_slice(from.get(start..start + len).unwrap_or_default());
            at
        };
        let value = match self.value {
            Held::Bytes(start, len) => Held::Bytes(shift(start, len), len),
            Held::Text(start, len) => Held::Text(shift(start, len), len),
            other => other,
        };
        Self { value, ..*self }
    }
}

/// Whether a layer is one of those that a piece means: they are counted from 1, negative ones from
/// the innermost.
fn is_layer(piece: Piece, layer: u16, total: u16) -> bool {
    let (layer, total) = (i32::from(layer), i32::from(total));
    let place = |at: i32| if at < 0 { total + at + 1 } else { at };
    let from = place(piece.from);
    layer >= from
        && match piece.until {
            Until::Len(count) => layer < from.saturating_add(count),
            Until::Last(last) => layer <= place(last),
            Until::End => true,
        }
}

/// Listens to one frame.
pub(super) struct Catch<'a> {
    pub(super) wanted: &'a Wanted,
    pub(super) found: &'a mut Found,
    pub(super) frames: &'a dyn Frames,
    /// The bytes behind the messages of the frame.
    pub(super) view: Option<View<'a>>,
    /// Whether headers are behind it.
    pub(super) in_messages: bool,
    /// The protocol whose group was opened last.
    pub(super) latest: Option<ProtocolId>,
}

impl Catch<'_> {
    /// The bytes at a place, for a header with all that it carries where that is asked for.
    fn bytes(&self, span: Span, take: Take) -> &[u8] {
        match (span.buffer.kind(), self.view) {
            (Buffer::Frame(frame), _) => {
                let bytes = self.frames.frame(frame).bytes;
                let start = span.start as usize;
                let end = if take == Take::Content && !self.in_messages {
                    bytes.len()
                } else {
                    bytes.len().min(span.end() as usize)
                };
                bytes.get(start..end).unwrap_or_default()
            }
            (Buffer::Derived(_), Some(view)) => view.bytes(span),
            _ => &[],
        }
    }

    fn take(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        let Some(slots) = self.wanted.by_field.get(&field) else { return };
        let layer = if self.wanted.layered { self.layer(field.protocol()) } else { 1 };
        for (slot, take) in slots {
            let held = match take {
                Take::Presence => Some(Held::Present),
                Take::Value => self.found.hold(field.def(), value),
                Take::Bytes | Take::Content => {
                    let bytes = self.bytes(span, *take).to_vec();
                    self.found.keep(&bytes).map(|(start, len)| Held::Bytes(start, len))
                }
            };
            if let Some(held) = held {
                self.found.push(*slot, field, held, layer);
            }
        }
    }

    fn layer(&self, protocol: ProtocolId) -> u16 {
        let known = self.found.layers.iter().find(|(known, _)| *known == protocol);
        known.map_or(1, |(_, layer)| *layer)
    }

    /// Counts the layers of protocols. Several messages of one in a row are one.
    fn enter(&mut self, field: FieldId) {
        let protocol = field.protocol();
        let is_same = self.in_messages && self.latest == Some(protocol);
        if !is_heading(field.def()) || is_same {
            return;
        }
        self.latest = Some(protocol);
        match self.found.layers.iter_mut().find(|(known, _)| *known == protocol) {
            Some((_, layer)) => *layer = layer.saturating_add(1),
            None => self.found.layers.push((protocol, 1)),
        }
    }
}

/// Whether a group is that of a protocol.
fn is_heading(def: &FieldDef) -> bool {
    def.kind == Kind::Group && !def.name.contains('.')
}

impl Sink for Catch<'_> {
    fn wants(&self, field: FieldId) -> bool {
        // The group of a protocol is heard of all the same, and its text would be of no use.
        !is_heading(field.def()) && self.wanted.by_field.contains_key(&field)
    }

    fn field(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.take(field, value, span);
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        if self.wanted.layered {
            self.enter(field);
        }
        self.take(field, value, span);
    }
}
