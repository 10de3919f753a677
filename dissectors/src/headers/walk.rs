//! The walk itself: a sink, what is known about the frame, and the few ways of telling.

use std::fmt;

use super::{HeaderContext, Part};
use crate::field::{FieldId, Value};
use crate::finding::Registry;
use crate::ids::Time;
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// One walk over the headers of a frame.
pub struct Walk<'w> {
    /// What the frame's bytes do not tell.
    pub(crate) context: HeaderContext,
    /// When the frame was seen.
    pub(crate) time: Time,
    /// Who lays claim to what.
    pub(crate) registry: &'w Registry,
    sink: &'w mut dyn Sink,
    /// How many packets quoted inside others the walk is in.
    quoted: usize,
}

impl<'w> Walk<'w> {
    pub(crate) fn new(
        time: Time,
        context: &HeaderContext,
        registry: &'w Registry,
        sink: &'w mut dyn Sink,
    ) -> Self {
        Self { context: *context, time, registry, sink, quoted: 0 }
    }

    /// Whether anybody listens for this field: for those that take work to make.
    pub(crate) fn wants(&self, field: FieldId) -> bool {
        self.sink.wants(field)
    }

    /// Tells a field whose value its bytes hold, where they were kept.
    pub(crate) fn tell(&mut self, part: &Part<'_>, at: usize, len: usize, field: FieldId) {
        if !self.sink.wants(field) {
            return;
        }
        if let Some(value) = part.value(at, len, field.def()) {
            self.sink.field(field, value, part.place(at, len));
        }
    }

    /// Tells such a field as the head of a group; always to be closed.
    pub(crate) fn open(&mut self, part: &Part<'_>, at: usize, len: usize, field: FieldId) {
        let value = part.value(at, len, field.def()).unwrap_or(Value::None);
        self.sink.open(field, value, part.place(at, len));
    }

    /// Tells a value that was worked out; `place` is what it was worked out from.
    pub(crate) fn work_out(&mut self, field: FieldId, value: Value<'_>, place: Span) {
        self.sink.field(field, value, place);
    }

    /// Tells that something holds: a flag without bytes of its own.
    pub(crate) fn holds(&mut self, field: FieldId) {
        self.sink.field(field, Value::Bool(true), Span::NONE);
    }

    /// Opens a protocol's group over its header, with a text that tells it from its like.
    pub(crate) fn group(
        &mut self,
        part: &Part<'_>,
        len: usize,
        field: FieldId,
        text: fmt::Arguments<'_>,
    ) {
        let place = part.place(0, len);
        if self.sink.wants(field) {
            self.sink.open(field, Value::Text(&text.to_string()), place);
        } else {
            self.sink.open(field, Value::None, place);
        }
    }

    /// Opens a group that its title says enough about.
    pub(crate) fn plain_group(&mut self, place: Span, field: FieldId) {
        self.sink.open(field, Value::None, place);
    }

    /// Closes the last group.
    pub(crate) fn close(&mut self) {
        self.sink.close();
    }

    /// Tells how far into its stream the frame came, and how long after the one before it.
    pub(crate) fn stream_times(&mut self, relative: FieldId, delta: FieldId) {
        let context = self.context;
        let (Some(time), Some(first)) = (self.time.known(), context.flow_first_time) else {
            return;
        };
        let previous = context.flow_previous_time.unwrap_or(first);
        self.work_out(relative, Value::Nanos(time.since(first)), Span::NONE);
        self.work_out(delta, Value::Nanos(time.since(previous)), Span::NONE);
    }

    /// Says what stands in the frame's row, unless this is a packet quoted inside another.
    pub(crate) fn summary(&mut self, text: fmt::Arguments<'_>) {
        if self.quoted == 0 {
            self.sink.summary(text);
        }
    }

    /// Says what number nobody lays claim to, unless this is a packet quoted inside another.
    pub(crate) fn unread(&mut self, text: fmt::Arguments<'_>) {
        if self.quoted == 0 {
            self.sink.unread(text);
        }
    }

    /// Says what stopped or surprised the walk.
    pub(crate) fn note(&mut self, severity: Severity, place: Span, text: fmt::Arguments<'_>) {
        self.sink.note(severity, place, text);
    }

    /// Says that a header cannot be read on: because the capture cut it, or because it is broken.
    pub(crate) fn stop(&mut self, part: &Part<'_>, what: &str, why: fmt::Arguments<'_>) {
        if part.is_cut() {
            let text = format_args!("The capture cut the {what} header");
            self.sink.note(Severity::Missing, part.span, text);
        } else {
            self.sink.note(Severity::Broken, part.span, format_args!("{what}: {why}"));
        }
    }

    /// Walks over a packet that is quoted inside another: what is known about the frame's own
    /// flow does not hold for it, and it has no say in the row.
    pub(crate) fn quote(&mut self, tell: impl FnOnce(&mut Self)) {
        if self.quoted >= crate::limits::MAX_DEPTH {
            return;
        }
        let own = std::mem::take(&mut self.context);
        self.quoted += 1;
        tell(self);
        self.quoted -= 1;
        self.context = own;
    }
}
