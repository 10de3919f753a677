//! The walk itself: a sink, what is known about the frame, and the few ways of telling.

use std::fmt;

use super::{Datagram, Found, Fragment, HeaderContext, Joined, Next, Part, Registry};
use crate::claim::Claim;
use crate::field::{FieldId, Value};
use crate::ids::{ProtocolId, Time};
use crate::sink::{Severity, Sink};
use crate::span::{Buffer, Span};

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
    /// Datagrams that the frame makes whole, from the outermost in.
    datagrams: &'w [Joined<'w>],
    /// How many of them were entered.
    entered: usize,
    /// Whether it goes over a message that a session read: its places are those of its connection.
    is_message: bool,
}

impl<'w> Walk<'w> {
    pub(crate) fn new(
        time: Time,
        context: &HeaderContext,
        registry: &'w Registry,
        sink: &'w mut dyn Sink,
    ) -> Self {
        let (datagrams, is_message) = (&[][..], false);
        let context = *context;
        Self { context, time, registry, sink, quoted: 0, datagrams, entered: 0, is_message }
    }

    /// The same walk, over a message that a session read.
    pub(crate) fn over_message(self) -> Self {
        Self { is_message: true, ..self }
    }

    /// The same walk, with the datagrams that the frame, as their last fragment, makes whole.
    pub(crate) fn with(self, datagrams: &'w [Joined<'w>]) -> Self {
        Self { datagrams, ..self }
    }

    /// The datagram that the fragment at hand makes whole with this frame. Nothing for a fragment
    /// that the capture cut or another packet quotes.
    pub(crate) fn completed(&self, part: &Part<'_>) -> Option<&'w Datagram> {
        if self.quoted > 0 || part.is_cut() {
            return None;
        }
        self.datagrams.get(self.entered).map(|joined| joined.datagram)
    }

    /// What to read on in behind the header of a fragment: the datagram that this frame makes
    /// whole; or, where the rest will not be shown, the first fragment by itself.
    pub(super) fn whole<'a>(
        &mut self,
        fragment: &Fragment,
        part: Part<'a>,
    ) -> Option<(Found, Part<'a>)>
    where
        'w: 'a,
    {
        if self.quoted > 0 || part.is_cut() {
            return (fragment.offset == 0).then_some((fragment.found(), part));
        }
        let joined = self.datagrams.get(self.entered)?;
        let whole = joined.part(self.entered);
        self.entered += 1;
        let protocol = joined.datagram.protocol;
        Some((Fragment { protocol, ..*fragment }.found(), whole))
    }

    /// Tells one header. What is known of the frame's flow holds for its own transport, and not
    /// for one that carries it.
    pub(super) fn header<'a>(
        &mut self,
        protocol: ProtocolId,
        part: Part<'a>,
        found: Found,
    ) -> Option<Next<'a>> {
        let header = |walk: &mut Self| walk.registry.get(protocol).header(part, found, walk);
        let is_transport = matches!(found.claim, Claim::IpProtocol(6 | 17));
        let is_own = |own: Span| (own.buffer, own.start) == (part.span.buffer, part.span.start);
        if !is_transport || self.context.own.is_none_or(is_own) {
            return header(self);
        }
        let own = std::mem::take(&mut self.context);
        let next = header(self);
        self.context = own;
        next
    }

    /// Tells bytes that no header knows, as far as whoever takes such bytes has a way to.
    pub(crate) fn rest(&mut self, part: Part<'_>) {
        // What a message carries is its session's to hand on.
        if !part.bytes.is_empty() && !self.is_message {
            let id = self.registry.fallback();
            let found = Found { claim: Claim::Protocol(id), ends: None };
            self.registry.get(id).header(part, found, self);
        }
    }

    /// Where bytes of a datagram lie in the frames it came in.
    fn place(&self, span: Span) -> Span {
        match span.buffer.kind() {
            Buffer::Derived(_) if self.is_message => span,
            Buffer::Derived(number) => {
                let datagram = self.datagrams.get(number as usize);
                datagram.map_or(Span::NONE, |joined| joined.place(span))
            }
            _ => span,
        }
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
            self.work_out(field, value, part.place(at, len));
        }
    }

    /// Tells such a field as the head of a group; always to be closed.
    pub(crate) fn open(&mut self, part: &Part<'_>, at: usize, len: usize, field: FieldId) {
        let value = part.value(at, len, field.def()).unwrap_or(Value::None);
        let place = self.place(part.place(at, len));
        self.sink.open(field, value, place);
    }

    /// Tells a value that was worked out; `place` is what it was worked out from.
    pub(crate) fn work_out(&mut self, field: FieldId, value: Value<'_>, place: Span) {
        let place = self.place(place);
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
        let place = self.place(part.place(0, len));
        if self.sink.wants(field) {
            self.sink.open(field, Value::Text(&text.to_string()), place);
        } else {
            self.sink.open(field, Value::None, place);
        }
    }

    /// Opens a group that its title says enough about.
    pub(crate) fn plain_group(&mut self, place: Span, field: FieldId) {
        let place = self.place(place);
        self.sink.open(field, Value::None, place);
    }

    /// Says that what follows is looked up by the EtherType at the end of a header.
    pub(super) fn looked_up(&mut self) {
        self.sink.looked_up();
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
        let place = self.place(place);
        self.sink.note(severity, place, text);
    }

    /// Says that a header cannot be read on: because the capture cut it, or because it is broken.
    pub(crate) fn stop(&mut self, part: &Part<'_>, what: &str, why: fmt::Arguments<'_>) {
        if part.is_cut() {
            let text = format_args!("The capture cut the {what} header");
            self.note(Severity::Missing, part.span, text);
        } else {
            self.note(Severity::Broken, part.span, format_args!("{what}: {why}"));
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
