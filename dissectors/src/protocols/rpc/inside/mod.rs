//! Programs whose arguments and results are read: each a protocol of its own inside RPC.
//!
//! RPC settles which procedure a layer is about, so that its messages can be read one by one.

pub mod mount;
pub mod nfs;
pub mod portmap;

use std::fmt::{self, Write};

use super::{Called, Procedure, describe};
use crate::bytes::{Reader, Short};
use crate::codes;
use crate::engine::session::{Announce, Input, Out, Progress, Session};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::{Message, MessageKind};
use crate::protocol::{Facts, Framing};
use crate::protocols::values;
use crate::sink::{Severity, Sink};
use crate::span::Span;

codes! {
    /// What a message is.
    pub enum Kind {
        /// The arguments of a call.
        Call,
        /// The results of a reply.
        Reply,
    }
}

impl MessageKind for Kind {
    /// Version and number of the procedure.
    type Extra = u32;
}

/// Which procedure of this program a message is about.
fn procedure(message: &Message, program: u32) -> Procedure {
    let packed = message.extra::<Kind>().unwrap_or_default();
    Procedure { program, version: packed >> 16, number: packed & 0xffff }
}

/// Begins to read a layer.
fn open(facts: &Facts<'_>) -> Option<Box<dyn Session>> {
    let called = facts.get::<Called>().copied();
    (facts.framing == Framing::Datagram).then(|| Box::new(Inside { called }) as Box<dyn Session>)
}

/// Announces what a layer is handed.
#[derive(Clone)]
struct Inside {
    called: Option<Called>,
}

impl Session for Inside {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let Some(Called { procedure, caller }) = self.called else {
            return Progress::GiveUp("only its carrier says which procedure this is about");
        };
        let kind = if input.direction == caller { Kind::Call } else { Kind::Reply };
        let packed = procedure.version << 16 | procedure.number & 0xffff;
        let span = out.span(input.at, input.bytes.len());
        out.announce(Announce::new(kind, span).extra(packed));
        Progress::Took(input.bytes.len().max(1))
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

/// Writes what a message is: `V3 GETATTR Call`.
fn head(message: &Message, program: u32, line: &mut dyn Write) -> fmt::Result {
    describe::name(procedure(message, program), line)?;
    line.write_str(if message.is(Kind::Call) { " Call" } else { " Reply" })
}

/// Describes a message: its procedure under the field of its version, then what `tell` reads.
fn describe(
    message: &Message,
    view: &View<'_>,
    (program, fields): (u32, &[(u32, FieldId)]),
    sink: &mut dyn Sink,
    tell: impl FnOnce(Procedure, &mut Reader<'_>, &mut dyn Sink) -> Result<(), Short>,
) {
    let one = procedure(message, program);
    if let Some((_, field)) = fields.iter().find(|(version, _)| *version == one.version) {
        sink.field(*field, Value::Unsigned(one.number.into()), Span::NONE);
    }
    if let Err(short) = tell(one, &mut view.reader(message.span), sink) {
        sink.note(Severity::Broken, short.place, format_args!("{short}"));
    }
}

/// A number of four bytes (RFC 4506, section 4.2), told.
fn number(reader: &mut Reader<'_>, field: FieldId, sink: &mut dyn Sink) -> Result<u32, Short> {
    values::number(field, 4, reader, sink).map(|value| value as u32)
}

/// The next string or opaque value (RFC 4506, sections 4.10 and 4.11): a length, its bytes, and
/// what fills them up to a multiple of four.
fn opaque<'a>(reader: &mut Reader<'a>) -> Result<(&'a [u8], Span), Short> {
    let (len, _) = reader.u32("The length of a value")?;
    let (bytes, place) = reader.take(len as usize, "A value")?;
    reader.take(bytes.len().next_multiple_of(4) - bytes.len(), "What fills a value up")?;
    Ok((bytes, place))
}

/// Tells a string.
fn text(reader: &mut Reader<'_>, field: FieldId, sink: &mut dyn Sink) -> Result<(), Short> {
    let (bytes, place) = opaque(reader)?;
    sink.field(field, Value::text(bytes), place);
    Ok(())
}

/// What the three programs have in common.
macro_rules! program {
    ($name:ident, $standards:expr, $number:expr, $summary:path, $describe:path) => {
        impl Protocol for $name {
            fn heading(&self) -> FieldId {
                HEADING
            }

            fn standards(&self) -> &'static [&'static str] {
                $standards
            }

            fn claims(&self) -> &'static [Claim<'static>] {
                &[Claim::RpcProgram($number)]
            }

            fn fields(&self) -> &'static [FieldDef] {
                FIELDS
            }

            /// Only RPC knows what its bytes are.
            fn probe(&self, _bytes: &[u8], _framing: Framing) -> Likelihood {
                Likelihood::Unsaid
            }

            fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
                super::open(facts)
            }

            fn summary(
                &self,
                message: &Message,
                view: &View<'_>,
                line: &mut dyn Write,
            ) -> fmt::Result {
                $summary(message, view, line)
            }

            fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
                $describe(message, view, sink);
            }
        }
    };
}
use program;
