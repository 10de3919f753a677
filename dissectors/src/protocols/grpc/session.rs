//! Reads the messages of both sides of a call.

use super::{HEADER_LEN, Kind, PACKED_FLAG, Role};
use crate::engine::derive::Coding;
use crate::engine::session::{Announce, Ending, Input, Out, Progress, Session, To, Way};
use crate::ids::{Direction, MessageId};
use crate::message::MessagePart;
use crate::protocol::Claim;
use crate::protocols::protobuf;
use crate::protocols::semantics::Call;
use crate::span::Span;

/// The longest message that is waited for as a whole; longer ones pass by.
const MAX_WHOLE: usize = 512 << 10;

/// The state of a call.
#[derive(Clone)]
pub(super) struct GrpcSession {
    call: Option<Call>,
    /// Messages that pass by.
    passing: [Option<MessageId>; 2],
}

impl GrpcSession {
    pub(super) fn new(call: Option<&Call>) -> Self {
        Self { call: call.cloned(), passing: [None; 2] }
    }

    fn passing(&mut self, direction: Direction) -> &mut Option<MessageId> {
        let [forward, backward] = &mut self.passing;
        match direction {
            Direction::Forward => forward,
            Direction::Backward => backward,
        }
    }

    fn name(&self, id: MessageId, out: &mut Out<'_>) {
        if let Some(call) = &self.call {
            out.attachment(id).keep(call.clone());
        }
    }
}

/// Hands what a message holds to who reads it.
fn hand_on(held: Span, is_packed: bool, id: MessageId, out: &mut Out<'_>) {
    let mut held = held;
    if is_packed {
        let Some(coding) = coding(out.bytes(held)) else { return };
        let unpacked = out.decode(coding, held);
        held = unpacked.part(0, out.bytes(unpacked).len());
        out.attachment(id).parts.push(MessagePart::new(Role::Unpacked, held));
    }
    // Most messages are; what is not (JSON, with another media type) is nobody's.
    if held.len > 0 && protobuf::is_message(out.bytes(held)) {
        let to = To::child(0, Claim::Named("protobuf")).datagrams();
        out.hand_on(to, held, None);
    }
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
        if flags & 0x7e != 0 {
            return Progress::GiveUp("no message of gRPC begins like this");
        }
        let len = HEADER_LEN + u32::from_be_bytes(*length) as usize;
        if len > MAX_WHOLE {
            let span = out.span(input.at, HEADER_LEN);
            let id = out.begin(Announce::new(Kind::Message, span));
            out.collect(id, Role::Passed);
            self.name(id, out);
            *self.passing(input.direction) = Some(id);
            return Progress::Pass(len as u64);
        }
        if input.bytes.len() < len {
            return Progress::Need(len);
        }
        let span = out.span(input.at, len);
        let id = out.announce(Announce::new(Kind::Message, span));
        self.name(id, out);
        let held = span.part(HEADER_LEN, len - HEADER_LEN);
        let is_trailer = flags & 0x80 != 0;
        if held.len > 0 && !is_trailer {
            hand_on(held, flags & PACKED_FLAG != 0, id, out);
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
