//! Describes frames: their headers, then the messages they complete.

mod around;
mod heard;
mod listeners;

pub(crate) use heard::{Field, Heard};
use listeners::{Innermost, Protocols};

use etherparse::{IpNumber, UdpHeader};

use crate::engine::conversation::Held;
use crate::engine::reader::{Context, Layer};
use crate::engine::stretch::Note;
use crate::engine::sweep::Window;
use crate::engine::tcp::SegmentKind;
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::frames::{AHEAD, Frame};
use crate::headers::{self, Ends, HeaderContext, Next, Part};
use crate::ids::{FrameId, ProtocolId};
use crate::limits::MAX_DEPTH;
use crate::message::Message;
use crate::protocol::Registry;
use crate::protocols::{frame, tcp, udp};
use crate::sink::{Severity, Sink};
use crate::sinks::RowText;
use crate::survey::{Network, Survey, Transport};

/// Frames that can be described: those of a sweep's window, or of a stretch that is looked at.
#[derive(Clone, Copy)]
pub struct Dissection<'a> {
    context: Context<'a>,
    survey: &'a Survey,
    read: Read<'a>,
}

/// The messages of a frame that speak for it: those of a protocol, from one on.
#[derive(Clone, Copy)]
struct Speaks<'a> {
    protocol: ProtocolId,
    message: &'a Message,
    view: View<'a>,
    first: usize,
}

/// Fields that rest on the times of other frames.
const OF_OTHER_TIMES: [FieldId; 7] = [
    frame::TIME_DELTA,
    frame::TIME_DELTA_DISPLAYED,
    frame::TIME_RELATIVE,
    tcp::TIME_RELATIVE,
    tcp::TIME_DELTA,
    udp::TIME_RELATIVE,
    udp::TIME_DELTA,
];

/// Where messages come from.
#[derive(Clone, Copy)]
enum Read<'a> {
    /// Nowhere: headers only.
    Nothing,
    Window(&'a Window),
    Held(&'a Held),
}

impl<'a> Dissection<'a> {
    /// The frames of a window.
    #[must_use]
    pub const fn of_window(context: Context<'a>, survey: &'a Survey, window: &'a Window) -> Self {
        Self { context, survey, read: Read::Window(window) }
    }

    /// The frames of a stretch.
    #[must_use]
    pub const fn of_stretch(context: Context<'a>, survey: &'a Survey, held: &'a Held) -> Self {
        Self { context, survey, read: Read::Held(held) }
    }

    /// Any frame, as far as its own bytes tell.
    #[must_use]
    pub const fn of_headers(context: Context<'a>, survey: &'a Survey) -> Self {
        Self { context, survey, read: Read::Nothing }
    }

    /// What reading needs to know of its surroundings.
    #[must_use]
    pub const fn context(&self) -> Context<'a> {
        self.context
    }

    /// The survey.
    #[must_use]
    pub const fn survey(&self) -> &'a Survey {
        self.survey
    }

    /// The messages that a frame completed, in the order of their completion; without the segment
    /// that it is, which its headers tell.
    #[must_use]
    pub fn messages(&self, frame: FrameId) -> Vec<(&'a Message, View<'a>)> {
        let mut found = Vec::new();
        self.each(frame, |_, message, view| found.push((message, view)));
        found
    }

    /// Calls for each of those.
    fn each(&self, frame: FrameId, mut call: impl FnMut(usize, &'a Message, View<'a>)) {
        let mut above = |index: usize, message: &'a Message, view| {
            if !is_segment(message) {
                call(index, message, view);
            }
        };
        match self.read {
            Read::Nothing => {}
            Read::Window(window) => {
                let found = window.messages(frame, self.context).enumerate();
                found.for_each(|(index, (message, view))| above(index, message, view));
            }
            Read::Held(held) => {
                let view = held.view(self.context.frames);
                let found = held.completed_by(frame).enumerate();
                found.for_each(|(index, message)| above(index, message, view));
            }
        }
    }

    /// Whether a frame completes a message.
    #[must_use]
    pub fn completes(&self, frame: FrameId) -> bool {
        let mut found = false;
        self.each(frame, |_, _, _| found = true);
        found
    }

    /// What a frame's segment was to its stream.
    #[must_use]
    pub fn segment(&self, frame: FrameId) -> SegmentKind {
        let first = self.first(frame);
        first.and_then(|(message, _)| message.kind()).unwrap_or(SegmentKind::Plain)
    }

    /// The row of a frame: its messages in a line, or its innermost header where it completes
    /// none. Says what stands in the protocol column.
    pub fn row(&self, id: FrameId, row: &mut RowText) -> &'static str {
        self.row_of(id, &self.context.frames.frame(id), row)
    }

    /// The same of a frame that is at hand.
    pub fn row_of(&self, id: FrameId, frame: &Frame<'a>, row: &mut RowText) -> &'static str {
        row.info.clear();
        self.context.frames.expect(FrameId(id.0.saturating_add(AHEAD)));
        let registry = self.context.registry;
        let fallback = registry.fallback();
        // The messages of the latest protocol speak for the frame: those of one before it do not,
        // unless the latest has nothing to say.
        let mut latest: Option<Speaks<'_>> = None;
        let mut before = None;
        self.each(id, |index, message, view| {
            let Some(layer) = view.layer(message.layer) else { return };
            // Content that nobody knows names no frame: what carried it does, or what came first.
            let came_first = latest.is_some_and(|known| known.protocol != fallback);
            if layer.protocol == fallback && (came_first || inside(layer, &view)) {
                return;
            }
            let protocol = layer.protocol;
            let first = match latest.filter(|known| known.protocol == protocol) {
                Some(known) => known.first,
                None => {
                    before = latest;
                    index
                }
            };
            latest = Some(Speaks { protocol, message, view, first });
        });
        let mut column = None;
        for speaks in [latest, before].into_iter().flatten() {
            let column = column.get_or_insert(speaks);
            self.clauses(id, speaks, row);
            if !row.info.is_empty() {
                *column = speaks;
                break;
            }
        }
        match column {
            Some(Speaks { protocol, message, view, .. }) => {
                registry.get(protocol).column(message, &view)
            }
            None => registry.get(self.headers_row(id, frame, row).0).title(),
        }
    }

    /// The clauses of the messages that speak for a frame.
    fn clauses(&self, id: FrameId, speaks: Speaks<'_>, row: &mut RowText) {
        let registry = self.context.registry;
        let is_fallback = speaks.protocol == registry.fallback();
        let protocol = registry.get(speaks.protocol);
        self.each(id, |index, message, view| {
            let layer = view.layer(message.layer).filter(|_| index >= speaks.first);
            let Some(layer) = layer.filter(|layer| layer.protocol == speaks.protocol) else {
                return;
            };
            if !(is_fallback && inside(layer, &view)) {
                row.clause(|line| protocol.summary(message, &view, line));
            }
        });
    }

    /// The row of a frame's innermost header. Says whose that is, and whether nothing lies
    /// behind it that nobody can read.
    pub(crate) fn headers_row(
        &self,
        id: FrameId,
        frame: &Frame<'a>,
        row: &mut RowText,
    ) -> (ProtocolId, bool) {
        row.info.clear();
        let transport = self.transport(id, frame);
        if let Some((IpNumber::TCP, part, _)) = &transport {
            tcp::row(part, &self.header_context(id, false), &mut row.info);
            row.set_ends(None);
            return (tcp::PROTOCOL_ID, true);
        }
        let known = self.survey.row(id).filter(|row| row.flow.some().is_some());
        // Of what headers tell whole, the flow knows who carries it, and not who speaks in it.
        let is_told = known.is_some_and(|row| self.survey.is_told(row, self.context.registry));
        let mut innermost = Innermost {
            row,
            protocol: frame::PROTOCOL_ID,
            ends: Default::default(),
            wanted: known.is_none() || is_told,
            depth: 0,
            is_read: true,
        };
        match transport {
            Some((number, part, ends)) => {
                let (context, registry) = (self.header_context(id, false), self.context.registry);
                let mut walk = headers::Walk::new(frame.time, &context, registry, &mut innermost);
                Next::ip(number, part, ends).describe(&mut walk);
            }
            None => self.headers(id, &mut innermost),
        }
        let Innermost { protocol, ends, is_read, .. } = innermost;
        let [from, to] = ends;
        row.set_ends(from.zip(to));
        (protocol, is_read)
    }

    /// The header that a frame's row is about where it completes nothing: the survey knows where
    /// it begins, and so what lies before it need not be walked over.
    fn transport(&self, id: FrameId, frame: &Frame<'a>) -> Option<(IpNumber, Part<'a>, Ends)> {
        let row = self.survey.row(id)?;
        let flow = self.survey.flow(row.flow)?;
        // A datagram that came in fragments does not lie in this frame, and of one that headers
        // tell all, the innermost of those is what the row is about.
        if self.survey.reassembled(id).is_some() || self.survey.is_told(row, self.context.registry)
        {
            return None;
        }
        let (number, header_len) = match flow.key.transport {
            Transport::Tcp => (IpNumber::TCP, row.tcp_header_len()),
            Transport::Udp => (IpNumber::UDP, UdpHeader::LEN as u16),
        };
        let at = usize::from(row.payload_at.checked_sub(header_len)?);
        let ends = match flow.key.network {
            Network::V4(from, to) => Ends::V4(from, to),
            Network::V6(from, to) => Ends::V6(from, to),
        };
        let part = Part::frame(frame, id).after(at);
        let len = usize::from(header_len) + row.payload_len as usize;
        Some((number, part.upto(len), ends))
    }

    /// The protocols of a frame from the outermost in, as `frame.protocols` has them.
    #[must_use]
    pub fn protocols(&self, id: FrameId) -> String {
        let mut names = Protocols::default();
        self.headers(id, &mut names);
        names.in_messages = true;
        self.parts(id, &mut names);
        names.text
    }

    /// Describes a frame: its headers, then every message that it completes, parts inside what
    /// they are part of.
    pub fn describe(&self, id: FrameId, sink: &mut dyn Sink) {
        self.headers(id, sink);
        self.parts(id, sink);
    }

    /// The same where its protocols are known ([`Dissection::protocols`]): finding them takes a
    /// walk.
    pub fn describe_as(&self, id: FrameId, protocols: &str, sink: &mut dyn Sink) {
        let protocols = sink.wants(frame::PROTOCOLS).then_some(protocols);
        self.headers_as(id, protocols, sink);
        self.parts(id, sink);
    }

    /// Listens to the headers of a frame, which are told by themselves: nothing that the frames
    /// around it would say.
    pub(crate) fn hear<R: Copy>(&self, id: FrameId, heard: &mut Heard<R>) {
        let (frame, joined) = (self.context.frames.frame(id), self.joined(id));
        let (context, registry) = (HeaderContext::default(), self.context.registry);
        let mut walk = headers::Walk::new(frame.time, &context, registry, heard).with(&joined);
        headers::describe(&frame, id, &mut walk);
    }

    /// Describes the messages that a frame completes.
    pub(crate) fn parts(&self, id: FrameId, sink: &mut dyn Sink) {
        let messages = self.messages(id);
        for (message, view) in &messages {
            let here = |(other, _): &(&Message, View<'_>)| other.id == message.parent;
            if !sink.is_done() && !messages.iter().any(here) {
                let place = (self.context.registry, None, 0);
                describe_message(message, view, &messages, place, sink);
            }
        }
        self.given_up(id, sink);
    }

    /// Notes where a frame showed that nobody reads on.
    fn given_up(&self, id: FrameId, sink: &mut dyn Sink) {
        let note = |note: &Note| {
            let title = self.context.registry.get(note.protocol).title();
            let text = format_args!("{title} reads no further here: {}", note.reason);
            sink.note(Severity::Missing, note.span, text);
        };
        match self.read {
            Read::Nothing => {}
            Read::Window(window) => window.notes(id).for_each(note),
            Read::Held(held) => {
                held.stretch().notes().iter().filter(|one| one.frame == id).for_each(note);
            }
        }
    }

    /// Describes the headers of a frame.
    pub(crate) fn headers(&self, id: FrameId, sink: &mut dyn Sink) {
        let protocols = sink.wants(frame::PROTOCOLS).then(|| self.protocols(id));
        self.headers_as(id, protocols.as_deref(), sink);
    }

    fn headers_as(&self, id: FrameId, protocols: Option<&str>, sink: &mut dyn Sink) {
        let frame = self.context.frames.frame(id);
        // Times of other frames take looking those up: rows do without.
        let times = OF_OTHER_TIMES.iter().any(|field| sink.wants(*field));
        let (mut context, registry) = (self.header_context(id, times), self.context.registry);
        context.analysis = self.analysis(id);
        let joined = self.joined(id);
        let comments = sink.wants(frame::COMMENT).then(|| self.context.frames.comments(id));
        let comments = comments.unwrap_or_default();
        let mut walk = headers::Walk::new(frame.time, &context, registry, sink).with(&joined);
        frame::describe(&frame, id, (protocols, &comments), &mut walk);
        headers::describe(&frame, id, &mut walk);
    }
}

/// Whether a layer lies inside another that is not TCP.
fn inside(layer: &Layer, view: &View<'_>) -> bool {
    view.layer(layer.below).is_some_and(|below| below.protocol != tcp::PROTOCOL_ID)
}

/// Whether a message is a segment: what it holds is told as the frame's TCP header.
fn is_segment(message: &Message) -> bool {
    message.kind::<SegmentKind>().is_some()
}

/// Describes a message within its protocol's group, then the messages that are part of it, each
/// with those that are part of it in turn. What is part of a message of its own protocol stands in
/// its group; what another protocol speaks inside it has a group of its own.
fn describe_message(
    message: &Message,
    view: &View<'_>,
    all: &[(&Message, View<'_>)],
    place: (&Registry, Option<ProtocolId>, usize),
    sink: &mut dyn Sink,
) {
    let (registry, around, depth) = place;
    let Some(layer) = view.layer(message.layer).filter(|_| depth < MAX_DEPTH) else { return };
    let protocol = registry.get(layer.protocol);
    let is_apart = around != Some(layer.protocol);
    if is_apart {
        if let Some(below) = layer.through {
            sink.through(registry.get(below).name());
        }
        sink.open(protocol.heading(), Value::None, message.span);
    }
    protocol.describe(message, view, sink);
    if view.stretch().may_lack(message.id) {
        let text = format_args!("Too much was found out here at once to keep it for this message");
        sink.note(Severity::Missing, message.span, text);
    }
    for (part, view) in all.iter().filter(|(part, _)| part.parent == message.id) {
        if sink.is_done() {
            break;
        }
        describe_message(part, view, all, (registry, Some(layer.protocol), depth + 1), sink);
    }
    if is_apart {
        sink.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::{FrameList, LinkType};
    use crate::headers::samples::sample;
    use crate::ids::Time;
    use crate::secret::Secrets;

    /// The row of a frame alone, and the protocols in it.
    fn check(name: &str, expected: &str, protocols: &str) {
        let mut frames = FrameList::new();
        frames.push(Time(0), 0, LinkType::ETHERNET, sample(name));
        let (registry, secrets) = (crate::registry::standard(), Secrets::default());
        let survey = Survey::of(&frames, registry);
        let context = Context { frames: &frames, secrets: &secrets, registry };
        let scene = Dissection::of_headers(context, &survey);
        let mut row = RowText::new();
        let column = scene.row(FrameId(0), &mut row);
        let (from, to) = row.ends().unwrap_or_default();
        assert_eq!(format!("{from} → {to} {column}: {}", row.info), expected);
        assert_eq!(scene.protocols(FrameId(0)), protocols);
    }

    #[test]
    fn a_row_is_about_the_frame_and_not_about_what_it_quotes() {
        check(
            "icmp-unreachable",
            "127.0.0.2 → 127.0.0.1 ICMP: Destination unreachable (Port unreachable)",
            "eth:ethertype:ip:icmp:ip:udp",
        );
        check(
            "arp-reply",
            "0a:0b:0c:0d:0e:0f → 02:00:00:00:00:01 ARP: 10.0.0.2 is at 02:00:00:00:00:01",
            "eth:ethertype:arp",
        );
        check(
            "first-fragment",
            "10.0.0.1 → 10.0.0.2 IPv4: Fragmented IP protocol (proto=UDP 17, off=0, ID=1234)",
            "eth:ethertype:ip:data",
        );
    }
}
