//! Nest: messages that are parts of messages, each told by its depth.
//!
//! ```text
//!   |depth|     a message with a part in it, which has a part in it, so many deep
//! ```

use std::fmt::{self, Write};

use wirestage_dissectors::engine::session::{Announce, Input, Out, Progress, Session, To};
use wirestage_dissectors::engine::view::View;
use wirestage_dissectors::field::{FieldDef, FieldId, Value};
use wirestage_dissectors::message::Message;
use wirestage_dissectors::protocol::{Claim, Facts, Protocol};
use wirestage_dissectors::sink::Sink;

use super::Number;

/// Where it is found.
pub(crate) const PORT: u16 = 4013;

wirestage_dissectors::fields! { "nest", "Nest";
    DEPTH = FieldDef::u32("nest.depth", "Depth").computed(),
}

/// The protocol.
pub(crate) struct Nest;

impl Protocol for Nest {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(PORT)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn open(&self, _: &Facts<'_>) -> Option<Box<dyn Session>> {
        Some(Box::new(Nesting))
    }

    fn describe(&self, message: &Message, _: &View<'_>, sink: &mut dyn Sink) {
        sink.field(DEPTH, Value::Unsigned(u64::from(message.kind_number())), message.span);
    }

    fn summary(&self, message: &Message, _: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        write!(line, "{} deep", message.kind_number())
    }
}

#[derive(Clone)]
struct Nesting;

impl Session for Nesting {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let place = out.span(input.at, 1);
        let mut around = out.announce(Announce::new(Number(0), place));
        for depth in 1..=input.bytes[0] {
            around = out.announce(Announce::new(Number(depth), place).part_of(around));
        }
        // Content that nobody knows.
        out.hand_on(To::child(0, Claim::Content), place, None);
        Progress::Took(1)
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
