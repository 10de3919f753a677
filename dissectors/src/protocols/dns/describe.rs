//! Says what a message holds: header, questions and records, field by field.

use super::codes::{CLASSES, Known, TYPES};
use super::fields as f;
use super::kind::{Flavour, Kind};
use super::name::Broken;
use super::rdata::{self, Shown, tell_name};
use super::wire::{Entries, Entry, HEADER, Header, Question, Record, Stop, Wire};
use crate::bytes::Reader;
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// A message without what carries it, and whether bytes of it are missing from the recording.
pub(super) struct Opened<'a> {
    pub(super) wire: Wire<'a>,
    /// The length before it, in a stream.
    pub(super) length: Option<(u16, Span)>,
    pub(super) is_cut: bool,
}

/// Takes a message out of what carries it.
pub(super) fn open<'a>(message: &Message, view: &View<'a>) -> Opened<'a> {
    let mut reader = view.reader(message.span);
    if !Kind::of(message).is_prefixed() {
        let frame = message.done.some().map(|frame| view.frames().frame(frame));
        let is_cut = frame.is_some_and(|frame| frame.wire_len as usize > frame.bytes.len());
        return Opened { wire: Wire::new(reader), length: None, is_cut };
    }
    let length = reader.u16("the length of a message").ok();
    let claimed = length.map_or(0, |(length, _)| usize::from(length));
    let present = reader.len();
    let whole = reader.sub(claimed.min(present), "a message").unwrap_or(reader);
    Opened { wire: Wire::new(whole), length, is_cut: present < claimed }
}

/// Describes a message.
pub(super) fn describe(message: &Message, view: &View<'_>, flavour: Flavour, sink: &mut dyn Sink) {
    let Opened { wire, length, is_cut } = open(message, view);
    if let Some((length, span)) = length {
        sink.field(f::LENGTH, Value::Unsigned(length.into()), span);
    }
    let mut reader = wire.reader();
    let header = match Header::read(&mut reader) {
        Ok(header) => header,
        Err(short) => {
            sink.note(severity(is_cut), short.place, format_args!("{short}"));
            return;
        }
    };
    tell_header(header, wire.reader(), flavour, sink);
    let walk = Describer { wire, header, flavour, is_cut };
    walk.sections(sink);
    pairing(message, view, header, flavour, sink);
}

const fn severity(is_cut: bool) -> Severity {
    if is_cut { Severity::Missing } else { Severity::Broken }
}

/// The header (RFC 1035, section 4.1.1), with the bits that DNSSEC (RFC 4035) and LLMNR
/// (RFC 4795, section 2.1.1) gave a meaning.
fn tell_header(header: Header, reader: Reader<'_>, flavour: Flavour, sink: &mut dyn Sink) {
    let place = |at: usize| reader.span().part(at, 2);
    sink.field(f::ID, Value::Unsigned(header.id.into()), place(0));
    let flags = u64::from(header.flags);
    sink.open(f::FLAGS, Value::Unsigned(flags), place(2));
    let mut bit = |field: FieldId| rdata::bits(field, flags, place(2), sink);
    bit(f::RESPONSE);
    bit(f::OPCODE);
    let response = header.is_response();
    if flavour == Flavour::Llmnr {
        [f::CONFLICT, f::TRUNCATED, f::TENTATIVE].into_iter().for_each(&mut bit);
    } else {
        if response {
            bit(f::AUTHORITATIVE);
        }
        bit(f::TRUNCATED);
        bit(f::RECDESIRED);
        if response {
            bit(f::RECAVAIL);
        }
        bit(f::RESERVED);
        if response {
            bit(f::AUTHENTICATED);
        } else if flags & 0x0020 != 0 {
            bit(f::AD);
        }
        bit(f::CHECKDISABLE);
    }
    if response {
        bit(f::RCODE);
    }
    sink.close();
    let names = if header.is_update() {
        [f::COUNT_ZONES, f::COUNT_PREREQUISITES, f::COUNT_UPDATES, f::COUNT_ADDITIONAL]
    } else {
        [f::COUNT_QUERIES, f::COUNT_ANSWERS, f::COUNT_AUTHORITY, f::COUNT_ADDITIONAL]
    };
    for ((field, count), at) in names.into_iter().zip(header.counts).zip([4, 6, 8, 10]) {
        sink.field(field, Value::Unsigned(count.into()), place(at));
    }
    if header.is_truncated() {
        let text = format_args!(
            "Truncated: not all of the answer fitted, and whoever wants it asks again over TCP"
        );
        sink.note(Severity::Hint, place(2), text);
    }
}

/// A walk over all parts of a message.
struct Describer<'a> {
    wire: Wire<'a>,
    header: Header,
    flavour: Flavour,
    is_cut: bool,
}

impl<'a> Describer<'a> {
    fn sections(&self, sink: &mut dyn Sink) {
        let mut parts = Entries::new(self.wire, self.header);
        let (mut open, mut all_read) = (None, true);
        while !sink.is_done()
            && let Some((section, part)) = parts.next()
        {
            if open != Some(section) {
                if open.is_some() {
                    sink.close();
                }
                open = Some(section);
                let heading = self.heading(section);
                let span = if sink.wants(heading) { self.span(section) } else { Span::NONE };
                sink.open(heading, Value::None, span);
            }
            match part {
                Ok(Entry::Question(question)) => {
                    all_read = question.stop.is_none();
                    self.question(&question, sink);
                }
                Ok(Entry::Record(record)) => {
                    all_read = record.stop.is_none();
                    self.record(&record, sink);
                }
                Err(stop) => {
                    all_read = false;
                    self.stopped(stop, sink);
                }
            }
        }
        if open.is_some() {
            sink.close();
        }
        let rest = parts.rest();
        // What is behind a part that could not be read has had its note.
        if all_read && !rest.is_empty() && self.header.opcode() != 6 && !sink.is_done() {
            sink.field(f::EXTRANEOUS, Value::Bytes(rest.rest()), rest.span());
            sink.field(f::EXTRANEOUS_LENGTH, Value::Unsigned(rest.len() as u64), Span::NONE);
            let text = format_args!("{} bytes behind all that the counts announce", rest.len());
            sink.note(Severity::Broken, rest.span(), text);
        } else if !rest.is_empty() && self.header.opcode() == 6 {
            sink.field(f::DATA, Value::Bytes(rest.rest()), rest.span());
        }
    }

    const fn heading(&self, section: usize) -> FieldId {
        match (section, self.header.is_update()) {
            (0, false) => f::QUERIES,
            (0, true) => f::ZONE,
            (1, false) => f::ANSWERS,
            (1, true) => f::PREREQUISITES,
            (2, false) => f::AUTHORITY,
            (2, true) => f::UPDATES,
            _ => f::ADDITIONAL,
        }
    }

    /// Where a section lies: from its first part to the end of its last.
    fn span(&self, section: usize) -> Span {
        let whole = self.wire.reader().span();
        let mut parts = Entries::new(self.wire, self.header);
        let (mut start, mut end) = (None, HEADER);
        loop {
            let before = parts.rest();
            let Some((at, _)) = parts.next() else { break };
            if at > section {
                break;
            }
            if at == section {
                start.get_or_insert(self.wire.position(&before));
                end = self.wire.position(&parts.rest());
            }
        }
        let start = start.unwrap_or(HEADER);
        whole.part(start, end.saturating_sub(start))
    }

    fn question(&self, question: &Question<'a>, sink: &mut dyn Sink) {
        let is_mdns = self.flavour == Flavour::Mdns;
        with_text(f::QUERY, question.span, sink, || {
            heading(question.name, question.kind, question.class, is_mdns)
        });
        let name = &question.name;
        tell_name(f::QRY_NAME, name, sink);
        // Wireshark counts the text it shows, `<Root>` and the like included.
        let shown = match name.broken {
            None if name.is_root() => Some(6),
            Some(Broken::Long) => Some(15),
            Some(Broken::Loop) => Some(36),
            _ => None,
        };
        let (len, labels) = shown.map_or((name.len, name.labels), |len| (len, 1));
        sink.field(f::QRY_NAME_LEN, Value::Unsigned(len.into()), Span::NONE);
        sink.field(f::COUNT_LABELS, Value::Unsigned(labels.into()), Span::NONE);
        number(f::QRY_TYPE, question.kind, sink);
        match question.class {
            Some((class, span)) if is_mdns => {
                let low = Value::Unsigned(u64::from(class & 0x7fff));
                sink.field(f::QRY_CLASS_MDNS, low, span);
                sink.field(f::QRY_QU, Value::Bool(class & 0x8000 != 0), span);
            }
            class => number(f::QRY_CLASS, class, sink),
        }
        sink.close();
        if let Some(stop) = question.stop {
            self.stopped(stop, sink);
        }
    }

    fn record(&self, record: &Record<'a>, sink: &mut dyn Sink) {
        let is_mdns = self.flavour == Flavour::Mdns;
        let is_opt = record.type_number() == rdata::OPT;
        let class = record.class.filter(|_| !is_opt);
        with_text(f::RECORD, record.span, sink, || {
            let text = heading(record.name, record.kind, class, is_mdns);
            match Shown(record, &self.wire).to_string() {
                data if data.is_empty() => text,
                data => format!("{text},{data}"),
            }
        });
        self.owner(record, sink);
        number(f::RESP_TYPE, record.kind, sink);
        if is_opt {
            rdata::fixed(record, self.flavour, sink);
        } else {
            match record.class {
                Some((class, span)) if is_mdns => {
                    let low = Value::Unsigned(u64::from(class & 0x7fff));
                    sink.field(f::RESP_CLASS_MDNS, low, span);
                    sink.field(f::CACHE_FLUSH, Value::Bool(class & 0x8000 != 0), span);
                }
                class => number(f::RESP_CLASS, class, sink),
            }
            if let Some((ttl, span)) = record.ttl {
                sink.field(f::RESP_TTL, Value::Unsigned(ttl.into()), span);
                if ttl > i32::MAX as u32 {
                    let text = format_args!(
                        "Lifetimes have 31 bits; one beyond counts as zero (RFC 2181, section 8)"
                    );
                    sink.note(Severity::Broken, span, text);
                }
            }
        }
        number(f::RESP_LEN, record.len, sink);
        let told = rdata::describe(record, &self.wire, sink);
        sink.close();
        // Data that were cut have had their note by then.
        match (record.stop, told) {
            (Some(stop), _) | (None, Err(stop)) => self.stopped(stop, sink),
            (None, Ok(())) => {}
        }
    }

    /// Who the record is about. The name of an SRV record says which service of whom
    /// (RFC 2782): it is told in its parts, as Wireshark does.
    fn owner(&self, record: &Record<'a>, sink: &mut dyn Sink) {
        const SRV: u16 = 33;
        let name = &record.name;
        let all = usize::from(name.labels);
        let service = name.labels().position(|label| label.starts_with(b"_"));
        let Some(service) = service.filter(|_| record.type_number() == SRV && all > 1) else {
            return tell_name(f::RESP_NAME, name, sink);
        };
        let part = |field: FieldId, from: usize, to: usize, sink: &mut dyn Sink| {
            if from < to && sink.wants(field) {
                sink.field(field, Value::Text(&name.part(from, to)), name.span);
            }
        };
        part(f::SRV_INSTANCE, 0, service, sink);
        part(f::SRV_SERVICE, service, service + 1, sink);
        part(f::SRV_PROTO, service + 1, all.min(service + 2), sink);
        part(f::SRV_NAME, service + 2, all, sink);
    }

    fn stopped(&self, stop: Stop, sink: &mut dyn Sink) {
        let severity = severity(self.is_cut && stop.is_short());
        if severity == Severity::Missing {
            let text = format_args!("The recording ends inside this message: {stop}");
            sink.note(severity, stop.place(), text);
        } else {
            sink.note(severity, stop.place(), format_args!("{stop}"));
        }
    }
}

fn number(field: FieldId, number: Option<(u16, Span)>, sink: &mut dyn Sink) {
    if let Some((value, span)) = number {
        sink.field(field, Value::Unsigned(value.into()), span);
    }
}

/// Opens a heading with a text, which is made only for those who want it.
fn with_text(field: FieldId, span: Span, sink: &mut dyn Sink, text: impl FnOnce() -> String) {
    if sink.wants(field) {
        sink.open(field, Value::Text(&text()), span);
    } else {
        sink.open(field, Value::None, span);
    }
}

/// `example.com: type A, class IN`.
fn heading(
    name: super::name::Name<'_>,
    kind: Option<(u16, Span)>,
    class: Option<(u16, Span)>,
    is_mdns: bool,
) -> String {
    let mut text = name.to_string();
    if let Some((kind, _)) = kind {
        text += &format!(": type {}", Known(TYPES, kind.into()));
    }
    if let Some((class, _)) = class {
        let class = if is_mdns { class & 0x7fff } else { class };
        text += &format!(", class {}", Known(CLASSES, class.into()));
    }
    text
}

/// What the message has to do with an earlier one.
fn pairing(
    message: &Message,
    view: &View<'_>,
    header: Header,
    flavour: Flavour,
    sink: &mut dyn Sink,
) {
    let Some(earlier) = message.extra::<Kind>().flatten() else {
        // Whoever was asked by multicast answers from another address: what was asked lies in
        // another conversation.
        if header.is_response() && flavour != Flavour::Llmnr {
            sink.field(f::UNSOLICITED, Value::Bool(true), Span::NONE);
        }
        return;
    };
    let number = Value::Unsigned(earlier.number().into());
    if Kind::of(message).is_repeated() {
        let (heading, field) = if header.is_response() {
            (f::RETRANSMIT_RESPONSE, f::RETRANSMIT_RESPONSE_IN)
        } else {
            (f::RETRANSMIT_REQUEST, f::RETRANSMIT_REQUEST_IN)
        };
        sink.field(heading, Value::None, Span::NONE);
        sink.field(field, number, Span::NONE);
        sink.field(f::RETRANSMISSION, Value::Bool(true), Span::NONE);
        return;
    }
    sink.field(f::RESPONSE_TO, number, Span::NONE);
    if let Some(done) = message.done.some() {
        let frames = view.frames();
        let nanos = frames.frame(done).time.since(frames.frame(earlier).time);
        sink.field(f::TIME, Value::Nanos(nanos), Span::NONE);
    }
}
