//! One walk, many listeners: what a dissector says goes to a sink, which keeps what it needs.

use std::fmt;

use crate::field::{FieldId, Value};
use crate::span::Span;

/// How serious a note is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong (a partial checksum, a retransmission).
    Hint,
    /// The capture does not hold everything (a cut frame, a missing key, a gap).
    Missing,
    /// The bytes break the protocol's rules.
    Broken,
}

/// Hears a walk over one frame or message: fields, nested by `open` and `close`, and notes.
///
/// The walk makes no text on its own; a sink that prints does. Whatever a sink has no method for,
/// it does not hear.
pub trait Sink {
    /// Whether this field is of any use here. A walk may skip the work that leads to fields
    /// nobody wants, and may also give them anyway.
    fn wants(&self, _field: FieldId) -> bool {
        true
    }

    /// Whether nothing more is wanted: a walk may stop early, leaving groups open.
    fn is_done(&self) -> bool {
        false
    }

    /// A value at a place; `Span::NONE` for computed ones.
    fn field(&mut self, _field: FieldId, _value: Value<'_>, _span: Span) {}

    /// A value with children, which follow until [`Sink::close`].
    fn open(&mut self, _field: FieldId, _value: Value<'_>, _span: Span) {}

    /// The end of the last opened value's children.
    fn close(&mut self) {}

    /// What follows was looked up by an EtherType at the end of a link's header or tag.
    fn looked_up(&mut self) {}

    /// What is opened next stands above a protocol that turned the connection over to it.
    fn through(&mut self, _protocol: &'static str) {}

    /// The clause of the row that stands for a header. Messages have
    /// [`Protocol::summary`](crate::protocol::Protocol::summary): only rows listen.
    fn summary(&mut self, _text: fmt::Arguments<'_>) {}

    /// What nobody here can read, so that the walk ends before the bytes do: `EtherType 0x88f7`.
    fn unread(&mut self, text: fmt::Arguments<'_>) {
        self.summary(text);
    }

    /// What stopped or surprised the walk, in a sentence a learner understands, and where.
    fn note(&mut self, _severity: Severity, _span: Span, _text: fmt::Arguments<'_>) {}
}
