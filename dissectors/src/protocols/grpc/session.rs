//! Reads the messages of both sides of a call.

use super::{HEADER_LEN, Kind, Role};
use crate::engine::session::{Announce, Ending, Input, Out, Progress, Session, Way};
use crate::ids::{Direction, MessageId};
use crate::protocols::semantics::Call;

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
