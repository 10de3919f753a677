//! IMAP (RFC 9051, RFC 3501): commands with tags, answers that name the tag, and what the server
//! says on its own, with a star. Any line may hold literals: counted bytes in between.
//!
//! ```text
//!   S: * OK ready                      RESPONSE, untagged
//!   C: a1 LOGIN {3}                    COMMAND, goes on behind the literal
//!   S: + go on
//!   C: joe secret
//!   S: a1 OK done                      RESPONSE to a1
//!   C: a2 STARTTLS
//!   S: a2 OK begin                     from here on TLS speaks
//! ```

mod describe;
mod fields;
mod session;
mod syntax;
mod tell;
#[cfg(test)]
mod tests;

pub use fields::*;

use std::fmt::{self, Write};

use super::lines;
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message of IMAP is.
    pub enum Kind {
        /// A command, with its literals.
        Command,
        /// A response, tagged or not, with its literals.
        Response,
        /// What the server says first, unasked.
        Greeting,
        /// What a client sends inside AUTHENTICATE or IDLE.
        Data,
        /// Bytes that are none of these.
        Other,
    }
}

impl MessageKind for Kind {
    /// Of a tagged response, the frame of the command that it answers.
    type Extra = Option<FrameId>;
}

codes! {
    /// What a part of a message is.
    pub enum Role {
        /// The bytes of a literal.
        Literal,
        /// A line that goes on behind a literal.
        Line,
    }
}

/// IMAP.
pub struct Imap;

impl Protocol for Imap {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 9051", "RFC 3501", "RFC 7888"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(143)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing == Framing::Stream { probe(bytes) } else { Likelihood::No }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::ImapSession::default()) as Box<dyn Session>;
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

/// The start of a greeting that names IMAP is sure, and so is a tag with a command that no other
/// protocol has.
fn probe(bytes: &[u8]) -> Likelihood {
    let Some(line) = lines::opening(bytes) else { return Likelihood::No };
    let complete = bytes.contains(&b'\n');
    let greeting =
        ["* OK", "* PREAUTH", "* BYE"].iter().any(|word| line.starts_with(word.as_bytes()));
    if greeting && lines::holds(line, &["imap", "[capability"]) {
        return Likelihood::Surely;
    }
    let own = syntax::tagged(line).is_some_and(|(tag, word)| {
        let word = line.get(word).unwrap_or(&[]);
        let own =
            ["CAPABILITY", "AUTHENTICATE", "STARTTLS", "SELECT", "EXAMINE", "LOGIN", "LOGOUT"];
        tag.len() <= 16 && own.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(word))
    });
    if own && complete {
        return Likelihood::Surely;
    }
    let other = syntax::tagged(line)
        .is_some_and(|(_, word)| syntax::is_command(line.get(word).unwrap_or(&[])));
    if greeting || own || other || line.starts_with(b"* ") || !complete && line == b"*" {
        return Likelihood::Perhaps;
    }
    // The server's wish for more, the end of a command, or what may become a tag and a command.
    let wants = line.starts_with(b"+ ") || line == b"+";
    let tag = line.len() <= 16 && line.iter().all(u8::is_ascii_alphanumeric);
    let ends = syntax::tagged(line)
        .is_some_and(|(_, word)| syntax::is_status(line.get(word).unwrap_or(&[])));
    let part = syntax::tagged(line).is_some_and(|(tag, word)| {
        let word = line.get(word).unwrap_or(&[]);
        tag.len() <= 16 && line.ends_with(word) && word.iter().all(u8::is_ascii_alphabetic)
    });
    lines::unsaid(wants || ends || !complete && (tag || part))
}
