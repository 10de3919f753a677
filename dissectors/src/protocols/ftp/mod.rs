//! FTP (RFC 959), its control connection: a server greets, a client commands, replies are codes
//! and text. Files travel on connections of their own, whose addresses are agreed on here.
//!
//! ```text
//!   S: 220 ready
//!   C: AUTH TLS                        COMMAND
//!   S: 234 go ahead                    REPLY; from here on TLS speaks (RFC 4217)
//! ```

mod address;
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

codes! {
    /// What a message of FTP is.
    pub enum Kind {
        /// A command line.
        Command,
        /// A reply with all its lines.
        Reply,
        /// Bytes that are neither.
        Other,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

/// Commands that no other protocol of lines has in its first words.
const OWN: &[&str] = &[
    "AUTH TLS", "AUTH SSL", "FEAT", "SYST", "PASV", "EPSV", "PBSZ", "PROT", "CWD", "PWD", "XPWD",
    "TYPE", "PORT", "EPRT", "RETR", "STOR", "LIST", "NLST", "MLSD", "SITE", "OPTS", "CLNT",
];

/// Commands that others have as well, or that do not open a connection (RFC 959, section 4.1;
/// RFC 3659).
const SHARED: &[&str] = &[
    "QUIT", "NOOP", "HELP", "ACCT", "CDUP", "SMNT", "REIN", "STRU", "MODE", "STOU", "APPE", "ALLO",
    "REST", "RNFR", "RNTO", "ABOR", "DELE", "RMD", "MKD", "STAT", "MDTM", "SIZE", "MLST", "HOST",
    "USER", "PASS",
];

/// FTP.
pub struct Ftp;

impl Protocol for Ftp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 959", "RFC 4217", "RFC 2428"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(21), Claim::TcpPort(2121)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing == Framing::Stream { probe(bytes) } else { Likelihood::No }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::FtpSession::default()) as Box<dyn Session>;
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

/// A greeting that names FTP is sure; other greetings may be SMTP's as well.
fn probe(bytes: &[u8]) -> Likelihood {
    let Some(line) = lines::opening(bytes) else { return Likelihood::No };
    let complete = bytes.contains(&b'\n');
    match lines::reply::code(line) {
        Some((220, _)) if lines::holds(line, &["ftp"]) => Likelihood::Surely,
        Some((220, _)) if lines::holds(line, &["smtp"]) => Likelihood::No,
        Some((
            120
            | 125
            | 150
            | 220
            | 221
            | 225..=234
            | 250
            | 257
            | 331
            | 350
            | 421
            | 425
            | 426
            | 450
            | 500..=504
            | 530
            | 550..=553,
            _,
        )) => Likelihood::Perhaps,
        Some(_) => Likelihood::Unsaid,
        None if lines::commands(line, OWN) || lines::commands(line, &["AUTH"]) => {
            Likelihood::Perhaps
        }
        None if lines::names_user(line) => Likelihood::Perhaps,
        None if !complete && lines::begins(line, &["220 ", "220-"]) => Likelihood::Perhaps,
        None if lines::commands(line, SHARED) => Likelihood::Unsaid,
        None => lines::unsaid(!complete && (line.len() < 4 && line.is_ascii())),
    }
}
