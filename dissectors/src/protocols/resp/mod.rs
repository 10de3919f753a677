//! RESP, the protocol of Redis and of those that speak like it, versions 2 and 3.
//!
//! ```text
//!   client ── *2 $3 GET $3 key ──> server       a command is a list of strings, or a line of text
//!   client <── $5 value ────────── server       the reply, in the order of the commands
//!   client <── >3 $7 message … ─── server       a push, which nobody asked for (version 3)
//! ```

mod describe;
mod grammar;
mod tell;
#[cfg(test)]
mod tests;
mod value;

use std::fmt::{self, Write};

use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Kind as Width};
use crate::fields;
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::protocols::framed::Framed;
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message of RESP is.
    pub enum Kind {
        /// What a client asks.
        Command,
        /// What answers it.
        Reply,
        /// What a server sends on its own.
        Push,
        /// The rest of a message that was too long to be told as a whole.
        Rest,
    }
}

impl MessageKind for Kind {
    /// The frame of the command that a reply answers.
    type Extra = Option<FrameId>;
}

/// A count of values, which may be -1 for null.
const fn count(name: &'static str) -> FieldDef {
    FieldDef::of(name, "Length", Width::Signed(64)).computed()
}

/// A count of bytes, which may be -1 for null.
const fn length(name: &'static str) -> FieldDef {
    FieldDef::of(name, "Length", Width::Signed(32)).computed()
}

fields! { "resp", "RESP";
    STRING = FieldDef::text("resp.string", "String"),
    ERROR = FieldDef::text("resp.error", "Error"),
    INTEGER = FieldDef::of("resp.integer", "Integer", Width::Signed(64)).computed(),
    BULK = FieldDef::group("resp.bulk_string", "Bulk String"),
    BULK_LENGTH = length("resp.bulk_string.length"),
    BULK_VALUE = FieldDef::bytes("resp.bulk_string.value", "Value"),
    BULK_ERROR = FieldDef::group("resp.bulk_error", "Bulk Error"),
    BULK_ERROR_LENGTH = length("resp.bulk_error.length"),
    BULK_ERROR_VALUE = FieldDef::bytes("resp.bulk_error.value", "Value"),
    VERBATIM = FieldDef::group("resp.verbatim_string", "Verbatim String"),
    VERBATIM_LENGTH = length("resp.verbatim_string.length"),
    VERBATIM_ENCODING = FieldDef::text("resp.verbatim_string.encoding", "Encoding"),
    VERBATIM_VALUE = FieldDef::bytes("resp.verbatim_string.value", "Value"),
    NULL = FieldDef::group("resp.null", "Null"),
    BOOLEAN = FieldDef::flag("resp.boolean", "Boolean", 0).computed(),
    DOUBLE = FieldDef::text("resp.double", "Double"),
    BIG_NUMBER = FieldDef::text("resp.big_number", "Big Number"),
    ARRAY = FieldDef::group("resp.array", "Array"),
    ARRAY_LENGTH = count("resp.array.length"),
    SET = FieldDef::group("resp.set", "Set"),
    SET_LENGTH = count("resp.set.length"),
    PUSH = FieldDef::group("resp.push", "Push"),
    PUSH_LENGTH = count("resp.push.length"),
    MAP = FieldDef::group("resp.map", "Map"),
    MAP_LENGTH = count("resp.map.length"),
    ATTRIBUTE = FieldDef::group("resp.attribute", "Attribute"),
    ATTRIBUTE_LENGTH = count("resp.attribute.length"),
    /// A command in a line of text, which Wireshark calls so.
    FRAGMENT = FieldDef::group("resp.fragment", "Fragment"),
}

/// The text that defines it.
const STANDARD: &str = "Redis serialization protocol specification";

/// The protocol of Redis.
pub struct Resp;

impl Protocol for Resp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &[STANDARD]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(6379)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// A list of strings begins a command, and nothing else looks like it; what a server says
    /// looks like many things.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing != Framing::Stream {
            return Likelihood::No;
        }
        if grammar::is_command(bytes)
            && value::words(bytes).next().is_some_and(|word| is_word(word.text))
        {
            return Likelihood::Surely;
        }
        match value::head(bytes) {
            Ok(_) | Err(value::Missing::More) => Likelihood::Unsaid,
            // A port may say that a line of text is a command.
            Err(value::Missing::Never) if crate::bytes::looks_like_text(bytes) => {
                Likelihood::Unsaid
            }
            Err(value::Missing::Never) => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(Framed::new(grammar::Resp::new(facts.began))) as Box<dyn Session>;
        (facts.framing == Framing::Stream).then(open)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        describe::summary(message, view, line)
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe::describe(message, view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }
}

/// Whether it may be the name of a command.
fn is_word(text: &[u8]) -> bool {
    let may_stand = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    !text.is_empty() && text.iter().all(may_stand)
}
