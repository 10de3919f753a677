//! Says what a message of RPC holds.

use std::fmt::{self, Write};

use super::wire::{self, Head, MARK, Said};
use super::{
    ACCEPT_STATE, AUTH_LENGTH, AUTH_STATE, Answered, CREDENTIALS, FLAVOR, FRAGMENT, GID, Kind,
    LAST, LENGTH, MACHINE, NULL_MOUNT_1, NULL_MOUNT_2, NULL_MOUNT_3, NULL_NFS_2, NULL_NFS_3,
    NULL_NFS_4, NULL_PORTMAP_2, NULL_PORTMAP_3, NULL_PORTMAP_4, OF_PROCEDURE, OF_PROGRAM,
    OF_VERSION, PROCEDURE, PROGRAM, PROGRAM_MAX, PROGRAM_MIN, PROGRAM_VERSION, Procedure,
    REJECT_STATE, REPLY_STATE, REQUEST_FRAME, REST, STAMP, TYPE, UID, VERIFIER, VERSION,
    VERSION_MAX, VERSION_MIN, XID, programs,
};
use crate::bytes::Reader;
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// AUTH_UNIX, which RFC 5531 calls AUTH_SYS (appendix A).
const AUTH_SYS: u32 = 1;

/// The message without its mark, and where it lies.
fn inside<'a>(message: &Message, view: &View<'a>) -> (&'a [u8], Span) {
    let span = if message.is(Kind::Marked) { message.span.from(MARK) } else { message.span };
    (view.bytes(span), span)
}

/// The head of a message that is whole enough.
pub(super) fn head<'a>(message: &Message, view: &View<'a>) -> Option<(Head, &'a [u8])> {
    let is_message = message.is(Kind::Plain) || message.is(Kind::Marked);
    let (bytes, _) = inside(message, view);
    wire::head(bytes).ok().filter(|_| is_message).map(|head| (head, bytes))
}

/// Which procedure a message calls, or answers.
pub(super) fn procedure(message: &Message, view: &View<'_>) -> Option<Procedure> {
    match head(message, view)?.0.said {
        Said::Call(procedure) => Some(procedure),
        _ => view.facts::<Answered>(message).map(|answered| answered.procedure),
    }
}

/// Writes what a call or a reply is about: `V3 GETATTR`.
pub(super) fn name(one: Procedure, line: &mut dyn Write) -> fmt::Result {
    match programs::procedure(one) {
        Some(name) => write!(line, "V{} {name}", one.version),
        None => write!(line, "V{} proc-{}", one.version, one.number),
    }
}

/// The row's text.
pub(super) fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    match message.kind() {
        Some(Kind::Fragment) => return line.write_str("RPC Fragment"),
        Some(Kind::Other) => return line.write_str("Continuation"),
        _ => {}
    }
    let Some((head, _)) = head(message, view) else { return line.write_str("RPC, cut") };
    let Some(one) = procedure(message, view) else {
        return line.write_str("Reply to a call that was not captured");
    };
    name(one, line)?;
    match head.said {
        Said::Call(_) => return line.write_str(" Call"),
        Said::Accepted(state) => {
            line.write_str(" Reply")?;
            if state > 0 {
                write!(line, " ({})", ACCEPT_STATE.def().name_of(state.into()).unwrap_or("?"))?;
            }
        }
        Said::Denied(why) => {
            let why = REJECT_STATE.def().name_of(why.into()).unwrap_or("?");
            write!(line, " Reply (denied: {why})")?;
        }
    }
    match view.facts::<Answered>(message) {
        Some(answered) => write!(line, " (Call In {})", answered.frame.number()),
        None => Ok(()),
    }
}

/// Describes a message of any kind.
pub(super) fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let mut whole = view.reader(message.span);
    if message.is(Kind::Other) {
        return sink.field(REST, Value::Bytes(whole.rest()), message.span);
    }
    if message.is(Kind::Marked) || message.is(Kind::Fragment) {
        let Ok((bytes, place)) = whole.take(MARK, "A mark") else { return };
        if let Some(mark) = wire::Mark::read(bytes) {
            sink.open(super::MARK, Value::None, place);
            sink.field(LAST, Value::Bool(mark.last), place);
            sink.field(LENGTH, Value::Unsigned(mark.len as u64), place);
            sink.close();
        }
    }
    if message.is(Kind::Fragment) {
        return sink.field(FRAGMENT, Value::Bytes(whole.rest()), whole.span());
    }
    let (bytes, span) = inside(message, view);
    let told = Told { bytes, span };
    told.number(0, XID, sink);
    told.number(4, TYPE, sink);
    match wire::head(bytes) {
        Ok(head) => told.head(&head, view.facts(message), sink),
        Err(_) => {
            let text = format_args!("The capture does not hold the head of this message");
            sink.note(Severity::Missing, span, text);
        }
    }
}

/// The field of a program's procedure that does nothing, which nobody inside tells: it has neither
/// arguments nor results.
fn null_of(procedure: Procedure) -> Option<FieldId> {
    let Procedure { program, version, number } = procedure;
    let fields = match program {
        programs::PORTMAP => {
            [None, Some(NULL_PORTMAP_2), Some(NULL_PORTMAP_3), Some(NULL_PORTMAP_4)]
        }
        programs::NFS => [None, Some(NULL_NFS_2), Some(NULL_NFS_3), Some(NULL_NFS_4)],
        programs::MOUNT => [Some(NULL_MOUNT_1), Some(NULL_MOUNT_2), Some(NULL_MOUNT_3), None],
        _ => return None,
    };
    let place = (version as usize).checked_sub(1).filter(|_| number == 0)?;
    fields.get(place).copied().flatten()
}

/// A message, and how its numbers are told.
struct Told<'a> {
    bytes: &'a [u8],
    span: Span,
}

impl Told<'_> {
    fn number(&self, at: usize, field: FieldId, sink: &mut dyn Sink) {
        if let Some(value) = wire::number(self.bytes, at) {
            sink.field(field, Value::Unsigned(value.into()), self.span.part(at, 4));
        }
    }

    fn head(&self, head: &Head, answered: Option<&Answered>, sink: &mut dyn Sink) {
        if let Said::Call(_) = head.said {
            self.number(8, VERSION, sink);
            self.number(12, PROGRAM, sink);
            self.number(16, PROGRAM_VERSION, sink);
            self.number(20, PROCEDURE, sink);
        } else {
            if let Some(Answered { frame, procedure }) = answered {
                let Procedure { program, version, number } = *procedure;
                for (field, value) in
                    [(OF_PROGRAM, program), (OF_VERSION, version), (OF_PROCEDURE, number)]
                {
                    sink.field(field, Value::Unsigned(value.into()), Span::NONE);
                }
                let frame = Value::Unsigned(frame.number().into());
                sink.field(REQUEST_FRAME, frame, Span::NONE);
            }
            self.number(8, REPLY_STATE, sink);
        }
        let procedure = match head.said {
            Said::Call(procedure) => Some(procedure),
            Said::Accepted(_) | Said::Denied(_) => answered.map(|answered| answered.procedure),
        };
        if let Some(field) = procedure.and_then(null_of) {
            sink.field(field, Value::Unsigned(0), Span::NONE);
        }
        for (field, at) in [CREDENTIALS, VERIFIER].into_iter().zip(head.auths) {
            if let Some(at) = at {
                self.auth(at, field, sink);
            }
        }
        match head.said {
            Said::Call(_) => {}
            Said::Accepted(state) => {
                self.number(head.state, ACCEPT_STATE, sink);
                if state == 2 {
                    self.number(head.body, PROGRAM_MIN, sink);
                    self.number(head.body + 4, PROGRAM_MAX, sink);
                }
            }
            Said::Denied(why) => {
                self.number(head.state, REJECT_STATE, sink);
                if why == 0 {
                    self.number(head.body, VERSION_MIN, sink);
                    self.number(head.body + 4, VERSION_MAX, sink);
                } else {
                    self.number(head.body, AUTH_STATE, sink);
                }
            }
        }
    }

    /// Tells credentials or a verifier.
    fn auth(&self, at: usize, group: FieldId, sink: &mut dyn Sink) {
        let flavor = wire::number(self.bytes, at).unwrap_or_default();
        let len = wire::number(self.bytes, at + 4).unwrap_or_default() as usize;
        sink.open(group, Value::None, self.span.part(at, 8 + len));
        self.number(at, FLAVOR, sink);
        self.number(at + 4, AUTH_LENGTH, sink);
        if flavor == AUTH_SYS {
            let bytes = self.bytes.get(at + 8..).unwrap_or(&[]);
            let reader = Reader::new(bytes, self.span.part(at + 8, len));
            // What does not fit is left out: the length bounds it.
            let _ = unix(reader, sink);
        }
        sink.close();
    }
}

/// Who the client says it is (RFC 5531, appendix A).
fn unix(mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), crate::bytes::Short> {
    let number = |reader: &mut Reader<'_>, field, sink: &mut dyn Sink| {
        let (value, place) = reader.u32("A number")?;
        sink.field(field, Value::Unsigned(value.into()), place);
        Ok(value)
    };
    number(&mut reader, STAMP, sink)?;
    let (len, _) = reader.u32("The length of a name")?;
    let (name, place) = reader.take(len as usize, "A name")?;
    sink.field(MACHINE, Value::text(name), place);
    reader.take(name.len().next_multiple_of(4) - name.len(), "What fills it up")?;
    number(&mut reader, UID, sink)?;
    number(&mut reader, GID, sink)?;
    let (count, _) = reader.u32("The number of groups")?;
    for _ in 0..count {
        number(&mut reader, GID, sink)?;
    }
    Ok(())
}
