//! SMTP (RFC 5321): a server greets, a client commands, every command gets a reply of a code and
//! text; mail travels between DATA and a line of one dot, or in counted chunks (RFC 3030).
//!
//! ```text
//!   S: 220 mail.example.org ESMTP
//!   C: EHLO client.example.org         COMMAND
//!   S: 250-mail.example.org            REPLY, of two lines
//!   S: 250 STARTTLS
//!   C: STARTTLS
//!   S: 220 go ahead                    from here on TLS speaks (RFC 3207)
//! ```

mod describe;
mod fields;
mod session;
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
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;
use crate::typed::{Code, Extra};

codes! {
    /// What a message of SMTP is.
    pub enum Kind {
        /// A command line.
        Command,
        /// A reply with all its lines.
        Reply,
        /// Mail: what follows DATA or BDAT.
        Content,
        /// A part of mail that goes on.
        Part,
        /// A client's answer to a challenge of AUTH.
        Auth,
        /// Bytes that are neither: the rest of a line that began in a gap, or that never ends.
        Other,
    }
}

impl MessageKind for Kind {
    type Extra = Note;
}

/// What a message's bytes do not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Note {
    /// Nothing.
    #[default]
    Nothing,
    /// What a client's answer to a challenge holds.
    Holds(Secret),
    /// Which command a reply answers.
    Answers(Verb),
}

codes! {
    /// What a client's answer to a challenge holds.
    pub enum Secret {
        /// A name.
        Username,
        /// A password.
        Password,
        /// Both, and who is meant by them (RFC 4616).
        Both,
    }
}

impl Extra for Note {
    fn pack(self) -> u32 {
        match self {
            Self::Nothing => 0,
            Self::Holds(secret) => 1 << 8 | u32::from(secret.number()),
            Self::Answers(Verb(verb)) => 2 << 8 | u32::from(verb),
        }
    }

    fn unpack(packed: u32) -> Self {
        let number = packed as u8;
        match packed >> 8 {
            1 => Secret::of(number).map_or(Self::Nothing, Self::Holds),
            2 => Self::Answers(Verb(number)),
            _ => Self::Nothing,
        }
    }
}

codes! {
    /// What a part of a message is.
    pub enum Role {
        /// Mail as it travelled, with the line that ends it.
        Body,
    }
}

/// Commands that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verb(u8);

const VERBS: &[&str] = &[
    "EHLO", "HELO", "LHLO", "MAIL", "RCPT", "DATA", "BDAT", "RSET", "QUIT", "NOOP", "VRFY", "EXPN",
    "HELP", "AUTH", "STARTTLS", "ETRN", "SEND", "SOML", "SAML", "TURN", "XCLIENT", "XFORWARD",
];

impl Verb {
    /// No command that is known.
    const NONE: Self = Self(0);
    /// Not a command: the mail itself, which gets a reply of its own.
    const MAIL: Self = Self(u8::MAX);

    fn of(word: &[u8]) -> Self {
        let found = VERBS.iter().position(|verb| verb.as_bytes().eq_ignore_ascii_case(word));
        found.map_or(Self::NONE, |index| Self(index as u8 + 1))
    }

    fn name(self) -> &'static str {
        VERBS.get(usize::from(self.0).wrapping_sub(1)).copied().unwrap_or("")
    }

    fn is(self, name: &str) -> bool {
        self.name() == name
    }
}

/// SMTP.
pub struct Smtp;

impl Protocol for Smtp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 5321", "RFC 3207", "RFC 3030", "RFC 4954"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(25), Claim::TcpPort(587), Claim::TcpPort(2525)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing == Framing::Stream { probe(bytes) } else { Likelihood::No }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::SmtpSession::default()) as Box<dyn Session>;
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

/// A greeting that names SMTP, or a command that no other protocol has, is sure; other greetings
/// and replies may be FTP's as well.
fn probe(bytes: &[u8]) -> Likelihood {
    let Some(line) = lines::opening(bytes) else { return Likelihood::No };
    let complete = bytes.contains(&b'\n');
    match lines::reply::code(line) {
        Some((220, _)) if lines::holds(line, &["smtp", "postfix", "sendmail", "exim"]) => {
            Likelihood::Surely
        }
        Some((220, _)) if lines::holds(line, &["ftp"]) => Likelihood::No,
        Some((
            220 | 221 | 250 | 251 | 334 | 354 | 421 | 450..=455 | 500..=504 | 535 | 550..=556,
            _,
        )) => Likelihood::Perhaps,
        // On its port the others are SMTP's as well: 235, 252, 530.
        Some(_) => Likelihood::Unsaid,
        None if complete && lines::commands(line, &["EHLO", "HELO", "LHLO"]) => Likelihood::Surely,
        None if lines::commands(line, VERBS) => {
            let shared = lines::commands(line, &["QUIT", "NOOP", "HELP", "STARTTLS"]);
            if shared { Likelihood::Unsaid } else { Likelihood::Perhaps }
        }
        None if !complete && begins(line) => Likelihood::Perhaps,
        None => lines::unsaid(!complete && (lines::begins(line, VERBS) || digits(line))),
    }
}

/// Whether this may become the code of a reply.
fn digits(line: &[u8]) -> bool {
    line.len() < 3 && line.iter().all(u8::is_ascii_digit)
}

/// Whether this is the start of a greeting's code, or of a command.
fn begins(line: &[u8]) -> bool {
    lines::begins(line, &["220 ", "220-", "EHLO ", "HELO "])
}
