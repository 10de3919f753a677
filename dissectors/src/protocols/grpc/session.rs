//! Reads the messages of both sides of a call.

use super::{HEADER_LEN, Kind, OUTCOME_FLAGS, PACKED_FLAG, Part, Role, reflection};
use crate::engine::derive::Coding;
use crate::engine::session::{Announce, Ending, Input, Out, Progress, Session, To, Way};
use crate::ids::{Both, Direction, MessageId};
use crate::message::MessagePart;
use crate::protocol::Claim;
use crate::protocols::protobuf;
use crate::protocols::semantics::Call;
use crate::schema::Typed;
use crate::span::Span;
use crate::typed::AnyFact;

/// The longest message that is waited for as a whole; longer ones pass by.
const MAX_WHOLE: usize = 512 << 10;

/// The state of a call.
#[derive(Clone)]
pub(super) struct GrpcSession {
    call: Option<Call>,
    /// Messages that pass by.
    passing: Both<Option<MessageId>>,
}

impl GrpcSession {
    pub(super) fn new(call: Option<&Call>) -> Self {
        Self { call: call.cloned(), passing: Both::each(None) }
    }

    fn passing(&mut self, direction: Direction) -> &mut Option<MessageId> {
        self.passing.of_mut(direction)
    }

    /// Notes which call a message is of, and what it holds where that is known.
    fn name(&self, id: MessageId, from: Direction, out: &mut Out<'_>) -> Option<Typed> {
        let call = self.call.clone()?;
        let is_answer = from != call.asker;
        let given = out.schema();
        let given = given.and_then(|schema| Typed::of_call(schema, &call.path, is_answer));
        // What somebody hands in counts for more than what a server says of itself.
        let typed = given.or_else(|| {
            let schema = reflection::learned(out)?;
            Typed::of_call(&schema, &call.path, is_answer)
        });
        out.attachment(id).keep(Part { call, typed: typed.clone() });
        typed
    }
}

/// Hands what a message holds to who reads it, and says where that lies.
fn hand_on(
    (held, from): (Span, Direction),
    is_packed: bool,
    (id, typed): (MessageId, Option<Typed>),
    out: &mut Out<'_>,
) -> Option<Span> {
    let mut held = held;
    if is_packed {
        let coding = coding(out.bytes(held))?;
        let unpacked = out.decode(coding, held);
        held = unpacked.part(0, out.bytes(unpacked).len());
        out.attachment(id).parts.push(MessagePart::new(Role::Unpacked, held));
    }
    // Most messages are; what is not (JSON, with another media type) is nobody's.
    if held.len == 0 || !protobuf::is_message(out.bytes(held)) {
        return None;
    }
    // What the two sides say is of two types, each settled where its layer begins.
    let typed = typed.map(AnyFact::new);
    let to = To::child(from.index() as u64, Claim::Named("protobuf")).datagrams();
    out.hand_on(to.settled(typed.as_slice()), held, None);
    Some(held)
}

/// The coding of packed bytes, by the first of them: the head that names it need not have been
/// captured.
fn coding(bytes: &[u8]) -> Option<Coding> {
    match bytes {
        [0x1f, 0x8b, ..] => Some(Coding::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Coding::Zstd),
        // RFC 1950, section 2.2: a multiple of 31, and method 8.
        [first, second, ..]
            if first & 0x0f == 8 && u16::from_be_bytes([*first, *second]) % 31 == 0 =>
        {
            Some(Coding::Deflate)
        }
        _ => None,
    }
}

impl Session for GrpcSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let Some([flags, length @ ..]) = input.bytes.first_chunk::<HEADER_LEN>() else {
            return Progress::Need(HEADER_LEN);
        };
        if flags & !(OUTCOME_FLAGS | PACKED_FLAG) != 0 {
            return Progress::GiveUp("no message of gRPC begins like this");
        }
        let len = HEADER_LEN + u32::from_be_bytes(*length) as usize;
        if len > MAX_WHOLE {
            let span = out.span(input.at, HEADER_LEN);
            let id = out.begin(Announce::new(Kind::Message, span));
            out.collect(id, Role::Passed);
            self.name(id, input.direction, out);
            *self.passing(input.direction) = Some(id);
            return Progress::Pass(len as u64);
        }
        if input.bytes.len() < len {
            return Progress::Need(len);
        }
        let span = out.span(input.at, len);
        let id = out.announce(Announce::new(Kind::Message, span));
        let typed = self.name(id, input.direction, out);
        let held = span.part(HEADER_LEN, len - HEADER_LEN);
        if held.len > 0 && flags & OUTCOME_FLAGS == 0 {
            let held = (held, input.direction);
            let held = hand_on(held, flags & PACKED_FLAG != 0, (id, typed), out);
            let call = self.call.as_ref();
            let tells = |call: &Call| call.asker != input.direction && reflection::asks(&call.path);
            if let Some(held) = held.filter(|_| call.is_some_and(tells)) {
                let answer = out.bytes(held).to_vec();
                reflection::learn(&answer, out);
            }
        }
        Progress::Took(len)
    }

    fn passed(&mut self, way: Way, out: &mut Out<'_>) {
        if let Some(id) = self.passing(way.direction).take() {
            out.finish(id);
        }
    }

    fn end(&mut self, way: Way, _ending: Ending, out: &mut Out<'_>) {
        self.passed(way, out);
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
