//! PostgreSQL's protocol, version 3, as far as it names its messages: what comes before TLS, the
//! start, queries, and every later message by its type and length.
//!
//! ```text
//!   00000008 04d2162f          client: SSLRequest, no type before the length
//!   S                          server: one byte; from here on TLS speaks. N: it does not
//!   length 00030000 name\0 value\0 … \0        client: StartupMessage
//!   type | length | …          all others, both sides
//! ```

mod describe;
mod session;
mod tell;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write};

use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message of PostgreSQL is.
    pub enum Kind {
        /// A client's message without a type: SSLRequest, StartupMessage and their like.
        First,
        /// A server's answer of one byte to SSLRequest or GSSENCRequest.
        Consent,
        /// A client's message with a type.
        Frontend,
        /// A server's message with a type.
        Backend,
        /// Bytes that are none of these.
        Other,
    }
}

codes! {
    /// What a message's bytes do not say.
    #[derive(Default)]
    pub enum Note {
        /// Nothing.
        #[default]
        None,
        /// A consent: it answers a request for TLS, and not one for GSSAPI.
        Tls,
        /// The server's latest demand for proof was one for GSSAPI or SSPI.
        Gss,
        /// It was for a SASL mechanism to begin.
        Sasl,
        /// It was for SASL to go on.
        SaslContinue,
        /// A ROLLBACK that answers who asked to commit.
        Undone,
    }
}

impl MessageKind for Kind {
    type Extra = Note;
}

impl Note {
    /// What the server's demand for proof makes of the client's next messages of type `p`.
    const fn of_demand(demand: u32) -> Self {
        match demand {
            7 | 8 => Self::Gss,
            10 => Self::Sasl,
            11 => Self::SaslContinue,
            _ => Self::None,
        }
    }
}

/// Codes that stand where a StartupMessage has the version.
const CANCEL: u32 = 80_877_102;
const SSL: u32 = 80_877_103;
const GSSENC: u32 = 80_877_104;

fields! { "pgsql", "PGSQL";
    TYPE = FieldDef::text("pgsql.type", "Type").computed(),
    LENGTH = FieldDef::u32("pgsql.length", "Length"),
    IS_FRONTEND = FieldDef::flag("pgsql.frontend", "Frontend", 0).computed().listed(),
    REQUEST_CODE = FieldDef::u32("pgsql.request_code", "Request code"),
    MAJOR = FieldDef::u16("pgsql.version_major", "Protocol major version"),
    MINOR = FieldDef::u16("pgsql.version_minor", "Protocol minor version"),
    PARAMETER_NAME = FieldDef::text("pgsql.parameter_name", "Parameter name"),
    PARAMETER_VALUE = FieldDef::text("pgsql.parameter_value", "Parameter value"),
    QUERY = FieldDef::text("pgsql.query", "Query"),
    STATEMENT = FieldDef::text("pgsql.statement", "Statement"),
    AUTH_TYPE = FieldDef::u32("pgsql.authtype", "Authentication type"),
    TAG = FieldDef::text("pgsql.tag", "Tag"),
    STATUS = FieldDef::u8("pgsql.status", "Status"),
    PID = FieldDef::u32("pgsql.pid", "PID"),
    KEY = FieldDef::u32("pgsql.key", "Key"),
    SEVERITY = FieldDef::text("pgsql.severity", "Severity"),
    CODE = FieldDef::text("pgsql.code", "Code"),
    MESSAGE = FieldDef::text("pgsql.message", "Message"),
    SSL_RESPONSE = FieldDef::text("pgsql.ssl_response", "SSL Response"),
    GSSENC_RESPONSE = FieldDef::text("pgsql.gssenc_response", "GSSAPI Encrypt Response"),
    /// Ours: what is not read further.
    DATA = FieldDef::bytes("pgsql.data", "Data"),
}

/// PostgreSQL.
pub struct Pgsql;

impl Protocol for Pgsql {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["PostgreSQL, Frontend/Backend Protocol"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(5432), Claim::Alpn(b"postgresql")]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing == Framing::Stream { session::probe(bytes) } else { Likelihood::No }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::PgsqlSession::default()) as Box<dyn Session>;
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
