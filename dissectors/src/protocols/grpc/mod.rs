//! gRPC: calls of methods over streams of HTTP/2. There is no RFC; the protocol is described in
//! "gRPC over HTTP2" of its project.
//!
//! ```text
//!   HEADERS   :path /service/method          the call
//!   DATA      │0│length 32│message …│0│…     messages, in as many frames as it takes
//!             └ 1 where the message is packed
//!   HEADERS   grpc-status: 0                 trailers: how it went
//! ```
//!
//! gRPC-Web and Connect are for who sees no trailers, such as a page's scripts: how a call went is
//! the last message there, with a flag of its own.

mod reflection;
mod session;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write};

use crate::bytes::{Lossy, Short};
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Names, Value, reread};
use crate::fields;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Protocol};
use crate::protocols::protobuf;
use crate::protocols::semantics::Call;
use crate::schema::{Origin, Typed};
use crate::sink::{Severity, Sink};
use crate::span::Span;
use crate::telling::Telling;
use crate::typed::Fact;
use crate::wording::thousands;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A message of a call.
        Message,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

codes! {
    /// What a part of a message is.
    pub enum Role {
        /// What it holds, unpacked.
        Unpacked,
        /// A message that is too long to wait for, with its header.
        Passed,
    }
}

/// What a message is a part of.
#[derive(Clone, Debug, PartialEq)]
struct Part {
    call: Call,
    /// Of which type it is, where somebody handed in what its fields are called.
    typed: Option<Typed>,
}

impl Fact for Part {}

const TYPES: Names = &[(0, "Data"), (1, "Trailer")];
const PACKED: Names = &[(0, "Not Compressed"), (1, "Compressed")];

fields! { "grpc", "GRPC";
    FRAME_TYPE = FieldDef::u8("grpc.frame_type", "Frame Type").mask(0x80).names(TYPES),
    COMPRESSED = FieldDef::u8("grpc.compressed_flag", "Compressed Flag").mask(1).names(PACKED),
    MESSAGE_LENGTH = FieldDef::u32("grpc.message_length", "Message Length"),
    MESSAGE_DATA = FieldDef::bytes("grpc.message_data", "Message Data"),
}

/// Says that what follows is packed.
const PACKED_FLAG: u8 = 1;

/// Says that it is no message but how the call went: as fields (gRPC-Web), or in JSON (Connect).
const OUTCOME_FLAGS: u8 = 0x82;

/// The length of what stands before a message.
const HEADER_LEN: usize = 5;

/// gRPC.
pub struct Grpc;

impl Protocol for Grpc {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[
            Claim::StreamType("application/grpc"),
            Claim::StreamType("application/grpc-web"),
            Claim::StreamType("application/connect"),
        ]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::GrpcSession::new(facts.get())) as Box<dyn Session>;
        (facts.framing == Framing::Stream).then(open)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let path = view.facts::<Part>(message).map(|part| &*part.call.path).unwrap_or_default();
        write!(line, "Message of {} bytes", length(message, view))?;
        if path.is_empty() { Ok(()) } else { write!(line, " ({})", Lossy(path)) }
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        if let Err(short) = fields(message, view, sink) {
            sink.note(Severity::Broken, short.place, format_args!("{short}"));
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let length = length(message, view);
        let stream = view.layer(message.layer).map_or(0, |layer| layer.child);
        let is_packed = view.bytes(message.span).first().is_some_and(|flag| flag & 1 != 0);
        let bytes = if length == 1 { "byte" } else { "bytes" };
        let packed = if is_packed { ", packed" } else { "" };
        let headline = "Sends one message of a call, with its length before it";
        let part = view.facts::<Part>(message);
        let of = part.map(|part| format!(" Its method is {}.", Lossy(&part.call.path)));
        let of = of.unwrap_or_default();
        let typed = part.and_then(|part| part.typed.as_ref());
        let held = held(message, view).map(|span| view.bytes(span));
        let fields = held.and_then(|bytes| protobuf::told(bytes, typed, MAX_TOLD));
        let by_server = typed.is_some_and(|typed| typed.origin() == Origin::Reflected);
        let by = if by_server { ", as the server describes it" } else { "" };
        let fields = fields.map(|said| match typed.and_then(Typed::message) {
            Some(kind) => format!(" It is a {}{by}: {said}.", kind.name),
            None => format!(" Its fields, by number: {said}."),
        });
        let fields = fields.unwrap_or_default();
        let chapter = part.and_then(|part| part.call.carrier.chapter()).unwrap_or("gRPC");
        let flags = view.bytes(message.span).first().copied().unwrap_or(0);
        if flags & OUTCOME_FLAGS != 0 {
            return Some(outcome(message, view, chapter).on_lane(stream));
        }
        let told =
            Telling::new(format!("Message {} B", thousands(length.into())), headline, chapter)
                .detail(format!("{} {bytes}{packed}.{of}{fields}", thousands(length.into())))
                .weight(6, 6)
                .lesson("grpc/message", "gRPC over HTTP2", "")
                .on_lane(stream);
        Some(told)
    }
}

/// What the last message of a call means where trailers cannot be seen.
fn outcome(message: &Message, view: &View<'_>, chapter: &'static str) -> Telling {
    let headline = "Says how the call went, for who sees no trailers";
    let said = held(message, view).map(|span| Lossy(view.bytes(span)).to_string());
    let said = said.unwrap_or_default();
    let said: String = said.trim().chars().take(MAX_OUTCOME).collect();
    Telling::new("Outcome", headline, chapter).detail(said).weight(6, 6).lesson(
        "grpc/status",
        "gRPC over HTTP2",
        "",
    )
}

/// The longest text of an outcome that is told.
const MAX_OUTCOME: usize = 120;

/// Fields of a message that are told.
const MAX_TOLD: usize = 3;

/// Where what a message holds lies, unpacked; `None` if it passed by or cannot be unpacked.
fn held(message: &Message, view: &View<'_>) -> Option<Span> {
    let is_packed = view.bytes(message.span).first().is_some_and(|flag| flag & PACKED_FLAG != 0);
    match view.part(message, Role::Unpacked) {
        Some(unpacked) => Some(unpacked),
        None if is_packed || message.span.len as usize <= HEADER_LEN => None,
        None => Some(message.span.part(HEADER_LEN, message.span.len as usize - HEADER_LEN)),
    }
}

/// The length of a message in bytes.
fn length(message: &Message, view: &View<'_>) -> u32 {
    let bytes = view.bytes(message.span.part(0, HEADER_LEN));
    let length = bytes.get(1..).and_then(<[u8]>::first_chunk);
    length.map_or(0, |all| u32::from_be_bytes(*all))
}

fn fields(message: &Message, view: &View<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let mut reader = view.reader(view.part(message, Role::Passed).unwrap_or(message.span));
    let (flags, place) = reader.take(1, "the flags")?;
    for field in [FRAME_TYPE, COMPRESSED] {
        if let Some(value) = reread(field.def(), flags) {
            sink.field(field, value, place);
        }
    }
    let (length, place) = reader.u32("the length")?;
    sink.field(MESSAGE_LENGTH, Value::Unsigned(length.into()), place);
    if !reader.is_empty() {
        sink.field(MESSAGE_DATA, Value::Bytes(reader.rest()), reader.span());
    }
    Ok(())
}
