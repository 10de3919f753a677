//! Header sections: unpacked, or waiting for the entries that they name, and told what part of an
//! exchange they are.

use std::sync::Arc;

use super::super::frame::{FrameHeader, PUSH_PROMISE};
use super::super::kind::{Facts, Kind, List};
use super::super::qpack::{Head, Section};
use super::Http3Session;
use crate::bytes::Reader;
use crate::engine::session::{Announce, Input, Out};
use crate::ids::{Direction, FrameId, MessageId, Time};
use crate::limits::MAX_BLOCKED_SECTIONS;
use crate::message::Relation;
use crate::protocols::multiplexed::{self, Carried, Content, Fault, Part, Question};
use crate::protocols::varint::varint;
use crate::span::Span;
use crate::typed::Extra;

/// A header section that waits for entries of the table.
#[derive(Clone, Copy)]
pub(super) struct Blocked {
    at: Place,
    /// Where the section lies.
    pub(super) payload: Span,
    required: u64,
}

/// A frame with a header section, and where it stands.
#[derive(Clone, Copy)]
struct Place {
    id: MessageId,
    stream: u64,
    from: Direction,
    frame: FrameId,
    time: Time,
    is_promise: bool,
}

/// What fields say that matters to the connection.
type Said = multiplexed::Head;

impl Http3Session {
    /// A frame with a header section. One that names entries which have not come waits for them
    /// where it stands (RFC 9204, section 2.1.2).
    pub(super) fn headers(
        &mut self,
        header: FrameHeader,
        (payload, span): (&[u8], Span),
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> MessageId {
        let is_promise = header.kind == PUSH_PROMISE;
        let mut reader = Reader::new(payload, span.from(header.own));
        if is_promise {
            // The promise's number stands before its section.
            let _ = varint(&mut reader, "the push's number");
        }
        let (bytes, place) = (reader.rest(), reader.span());
        let table = self.table(input.direction).clone();
        let head = Head::read(bytes, &table);
        let waits = head.is_ok_and(|head| head.required > table.inserted());
        let id = out.begin(Announce::new(Kind::Frame, span));
        let Input { lane: stream, direction: from, frame, time, .. } = input;
        let at = Place { id, stream, from, frame, time, is_promise };
        if let Ok(Head { required, .. }) = head
            && waits
            && self.blocked.len() < MAX_BLOCKED_SECTIONS
            && out.park(id)
        {
            out.attachment(id).keep(Facts { stream, ..Facts::default() });
            self.blocked.push(Blocked { at, payload: place, required });
            return id;
        }
        let section = match head {
            Ok(_) if waits => Section::broken(Fault::Blocked, place),
            Ok(head) => Section::read(head, &table, (bytes, place), out),
            Err(fault) => Section::broken(fault, place),
        };
        self.take_in(at, (section, place.len), None, out);
        id
    }

    /// Entries have come: what waited for them is read.
    pub(super) fn unblock(&mut self, from: Direction, out: &mut Out<'_>) {
        let now = out.frame();
        let inserted = self.table(from).inserted();
        let mut at = 0;
        while let Some(one) = self.blocked.get(at).copied() {
            if one.at.from != from || one.required > inserted {
                at += 1;
                continue;
            }
            self.blocked.remove(at);
            let bytes = out.bytes(one.payload).to_vec();
            let table = self.table(from).clone();
            let section = match Head::read(&bytes, &table) {
                Ok(head) => Section::read(head, &table, (&bytes, one.payload), out),
                Err(fault) => Section::broken(fault, one.payload),
            };
            if out.resume(one.at.id, out.protection()) {
                self.take_in(one.at, (section, one.payload.len), Some(now), out);
            }
        }
    }

    /// Takes a header section into account, and completes its message.
    fn take_in(
        &mut self,
        at: Place,
        (section, packed): (Section, u32),
        unblocked: Option<FrameId>,
        out: &mut Out<'_>,
    ) {
        let mut said = Said::default();
        section.lines.iter().for_each(|line| said.add(line, out));
        let part = self.part(&said, at);
        // One that waited may have been the last on its stream.
        let ends = out.attachment(at.id).facts::<Facts>().is_some_and(|facts| facts.ends);
        let mut facts = Facts { stream: at.stream, ends, ..Facts::default() };
        let question = self.streams.get(at.stream).and_then(|stream| stream.question);
        let is_answer = matches!(part, Part::Interim | Part::Response);
        let answered = question.filter(|_| is_answer);
        let since = answered.and_then(|question| question.since(at.time));
        let (mut number, mut waiting) = (0, 0);
        match part {
            Part::Request => {
                let asked = Arc::clone(&said.asked);
                waiting = self.streams.waiting() as u32;
                self.requests = self.requests.saturating_add(1);
                number = self.requests;
                let own = Question {
                    id: at.id,
                    frame: at.frame,
                    began: at.time,
                    ended: at.time,
                    from: at.from,
                };
                self.streams.ask(at.stream, Arc::clone(&asked), own);
                facts.asked = Some(asked);
            }
            Part::Promise => facts.asked = Some(Arc::clone(&said.asked)),
            _ => {
                facts.asked = self.streams.get(at.stream).and_then(|stream| stream.asked.clone());
            }
        }
        self.streams.go_on(at.stream, at.from, at.time);
        if let Some(question) = answered {
            out.set_extra(at.id, Extra::pack(Some(question.frame)));
            out.relate(at.id, Relation::Answers, question.id);
        }
        // A section changes nothing: its encoder does, on a stream of its own.
        let moment = self.table(at.from).moment();
        facts.list = Some(Box::new(List {
            part,
            first: true,
            lines: section.lines.into(),
            packed,
            dropped: section.dropped,
            fault: section.fault,
            number,
            waiting,
            status: said.status,
            since,
            unblocked,
            tables: Some([moment.clone(), moment]),
        }));
        out.attachment(at.id).keep(facts);
        out.finish(at.id);
        if matches!(part, Part::Request | Part::Response) {
            self.begin_content(at, part, said, out);
        }
    }

    /// What a head says of the content that follows it.
    fn begin_content(&mut self, at: Place, part: Part, said: Said, out: &Out<'_>) {
        let asked = self.streams.get(at.stream).and_then(|stream| stream.asked.clone());
        let is_open = part == Part::Request || said.status / 100 == 2;
        let tunnel = asked.as_deref().filter(|asked| asked.is_connect() && is_open);
        let to = Carried::behind(tunnel, said.media_type.as_deref(), out);
        self.streams.begin(at.stream, at.from, Content { to, ..said.content });
    }

    /// Which part of an exchange a section is, by its control data.
    fn part(&mut self, said: &Said, at: Place) -> Part {
        match (at.is_promise, said.status) {
            (true, _) => Part::Promise,
            _ if said.asked.is_known() => Part::Request,
            (_, 100..=199) => Part::Interim,
            (_, 200..) => Part::Response,
            _ => match self.streams.get(at.stream) {
                Some(stream) if stream.side(at.from).begun => Part::Trailers,
                _ => Part::Unknown,
            },
        }
    }
}
