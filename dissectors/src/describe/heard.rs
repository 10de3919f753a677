//! A listener that keeps chosen fields of a frame's headers, in the order of the walk.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::field::{FieldId, Kind, Value};
use crate::sink::Sink;
use crate::span::Span;

/// The fields that were asked for, as far as a frame has them.
#[derive(Debug)]
pub(crate) struct Heard<R: 'static> {
    /// Each with what it is to whoever asks.
    wanted: &'static [(FieldId, R)],
    depth: usize,
    fields: Vec<Field<R>>,
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field<R> {
    pub(crate) id: FieldId,
    pub(crate) role: R,
    /// In how many groups it stands: 0 for the group of a header, 1 for what that header says,
    /// more for what lies in a packet that it quotes.
    pub(crate) depth: usize,
    pub(crate) span: Span,
    number: u64,
    bytes: [u8; LONGEST],
    len: usize,
}

/// The most bytes of a value that are kept: an IPv6 address.
const LONGEST: usize = 16;

impl<R: Copy> Heard<R> {
    pub(crate) const fn new(wanted: &'static [(FieldId, R)]) -> Self {
        Self { wanted, depth: 0, fields: Vec::new() }
    }

    pub(crate) fn fields(&self) -> &[Field<R>] {
        &self.fields
    }

    fn role(&self, id: FieldId) -> Option<R> {
        self.wanted.iter().find(|(wanted, _)| *wanted == id).map(|(_, role)| *role)
    }

    fn keep(&mut self, id: FieldId, value: Value<'_>, span: Span) {
        let Some(role) = self.role(id) else { return };
        let bytes = [0; LONGEST];
        let mut field = Field { id, role, depth: self.depth, span, number: 0, bytes, len: 0 };
        match value {
            Value::Unsigned(number) => field.number = number,
            Value::Bytes(bytes) => {
                field.len = bytes.len();
                field.bytes.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
            }
            _ => {}
        }
        self.fields.push(field);
    }
}

impl<R> Field<R> {
    /// Its value, where that is a number.
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }

    /// Its value, where that is the address of a host.
    pub(crate) fn ip(&self) -> Option<IpAddr> {
        match self.len {
            4 => self.bytes.first_chunk::<4>().map(|bytes| Ipv4Addr::from(*bytes).into()),
            LONGEST => Some(Ipv6Addr::from(self.bytes).into()),
            _ => None,
        }
    }

    /// Its value, where that is a link address of six bytes.
    pub(crate) fn link(&self) -> Option<[u8; 6]> {
        self.bytes.first_chunk().filter(|_| self.len == 6).copied()
    }
}

impl<R: Copy> Sink for Heard<R> {
    fn wants(&self, field: FieldId) -> bool {
        // A group is heard of all the same, and its text would be of no use.
        field.def().kind != Kind::Group && self.role(field).is_some()
    }

    fn field(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.keep(field, value, span);
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.keep(field, value, span);
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}
