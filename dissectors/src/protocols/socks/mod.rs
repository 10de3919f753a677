//! SOCKS, versions 4, 4a and 5 (RFC 1928, RFC 1929): a client asks a server to connect for it.
//! After the server's consent the connection speaks whatever the two ends speak.
//!
//! ```text
//!   05 | n | methods            HELLO        client
//!   05 | method                 METHOD       server
//!   01 | name | password        USER         client, where method 2 was chosen
//!   01 | status                 STATUS       server
//!   05 | cmd 00 | type | address | port      REQUEST, then REPLY of the same shape
//! ```

mod describe;
mod session;
mod shape;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write};

use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{self, FieldDef, FieldId, Names};
use crate::fields;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::{Outcome, Telling};
use crate::wording::counted;

codes! {
    /// What a message of SOCKS is.
    pub enum Kind {
        /// Version 5: which ways of proving who it is the client has.
        Hello,
        /// Version 5: the way that the server chose.
        Method,
        /// Version 5: name and password (RFC 1929).
        User,
        /// Version 5: whether they are right.
        Status,
        /// Version 5: what the server is to do.
        Request,
        /// Version 5: what became of it.
        Reply,
        /// Version 4 and 4a: what the server is to do.
        Request4,
        /// Version 4 and 4a: what became of it.
        Reply4,
        /// Bytes that are none of these: other methods have dialogues of their own.
        Other,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

fields! { "socks", "Socks";
    VERSION = FieldDef::u8("socks.version", "Version"),
    COMMAND = FieldDef::u8("socks.command", "Command").names(COMMANDS),
    RESULTS = FieldDef::u8("socks.results", "Results(V5)").names(RESULT_NAMES),
    METHOD_COUNT = FieldDef::u8("socks.auth_method_count", "Authentication Method Count"),
    AUTH_METHOD = FieldDef::u8("socks.auth_method", "Method").names(METHODS),
    ACCEPTED = FieldDef::u8("socks.auth_accepted_method", "Accepted Auth Method").names(METHODS),
    SUBVERSION = FieldDef::u8("socks.subnegotiation_version", "Subnegotiation Version"),
    AUTH_STATUS = FieldDef::u8("socks.auth_status", "Status").names(&[(0, "success")]),
    USERNAME = FieldDef::text("socks.username", "User name"),
    PASSWORD = FieldDef::text("socks.password", "Password"),
    RESERVED = FieldDef::u8("socks.reserved", "Reserved"),
    ADDRESS_TYPE = FieldDef::u8("socks.address_type", "Address Type").names(TYPES),
    DST = FieldDef::of("socks.dst", "Remote Address", field::Kind::Ipv4),
    DST_V6 = FieldDef::of("socks.dstV6", "Remote Address(ipv6)", field::Kind::Ipv6),
    REMOTE_NAME = FieldDef::text("socks.remote_name", "Remote name"),
    V4A_NAME = FieldDef::text("socks.v4a_dns_name", "SOCKS v4a Remote Domain Name"),
    DST_PORT = FieldDef::u16("socks.dstport", "Remote Port"),
    PORT = FieldDef::u16("socks.port", "Port"),
    /// Ours: what other methods send.
    DATA = FieldDef::bytes("socks.data", "Data"),
}

const COMMANDS: Names = &[(1, "Connect"), (2, "Bind"), (3, "UdpAssociate")];
const TYPES: Names = &[(1, "IPv4"), (3, "Domain Name"), (4, "IPv6")];
const METHODS: Names = &[
    (0, "No authentication"),
    (1, "GSSAPI"),
    (2, "Username/Password"),
    (255, "No acceptable methods"),
];
/// What says how version 4 is spoken, by its author, Ying-Da Lee.
const VERSION_4: &str = "SOCKS: a protocol for TCP proxy across firewalls";

/// RFC 1928, section 6; from 90 on those of version 4.
const RESULT_NAMES: Names = &[
    (0, "Succeeded"),
    (1, "General SOCKS server failure"),
    (2, "Connection not allowed by ruleset"),
    (3, "Network unreachable"),
    (4, "Host unreachable"),
    (5, "Connection refused"),
    (6, "TTL expired"),
    (7, "Command not supported"),
    (8, "Address type not supported"),
    (90, "Granted"),
    (91, "Rejected or Failed"),
    (92, "Rejected because SOCKS server cannot connect to identd on the client"),
    (93, "Rejected because the client program and identd report different user-ids"),
];

/// SOCKS.
pub struct Socks;

impl Protocol for Socks {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 1928", "RFC 1929", VERSION_4]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(1080)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// A greeting that is exactly as long as it says, of methods that exist; or a request of
    /// version 4 that ends with its last zero. Binary protocols begin like this too, so nothing
    /// is sure.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing == Framing::Stream { probe(bytes) } else { Likelihood::No }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::SocksSession::default()) as Box<dyn Session>;
        (facts.framing == Framing::Stream).then(open)
    }

    fn stays(&self) -> bool {
        true
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        describe::summary(message, view, line)
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe::describe(message, view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let bytes = view.bytes(message.span);
        let second = bytes.get(1).copied().unwrap_or(0);
        let target =
            || describe::target(message, bytes).map_or_else(String::new, |at| at.to_string());
        let kind = message.kind().unwrap_or(Kind::Other);
        let (label, headline, asks, section) = match kind {
            Kind::Hello => ("hello".into(), "Offers ways to prove who it is", true, "3"),
            Kind::Method if second == 255 => {
                ("no method".into(), "Accepts none of them", false, "3")
            }
            Kind::Method => ("method".into(), "Chooses one of them", false, "3"),
            Kind::User => {
                ("name, password".into(), "Gives name and password, in the open", true, "")
            }
            Kind::Status => ("status".into(), "Says whether they are right", false, ""),
            Kind::Request | Kind::Request4 => {
                (format!("CONNECT {}", target()), "Asks the server to connect for it", true, "4")
            }
            Kind::Reply | Kind::Reply4 if session::granted(kind, bytes) => (
                "granted".into(),
                "Is connected; from here on it copies bytes both ways",
                false,
                "6",
            ),
            Kind::Reply | Kind::Reply4 => {
                ("refused".into(), "Could not, or does not want to", false, "6")
            }
            _ => (counted(bytes.len() as u64, "byte"), "Bytes of the method chosen", false, "3"),
        };
        let refused = headline.starts_with("Could not") || headline.starts_with("Accepts none");
        let (standard, section) = match kind {
            Kind::Request4 | Kind::Reply4 => (VERSION_4, "CONNECT"),
            _ if section.is_empty() => ("RFC 1929", section),
            _ => ("RFC 1928", section),
        };
        let told =
            Telling::new(label, headline, "SOCKS").lesson("socks/connect", standard, section);
        let told = if asks { told.asking() } else { told.answering() };
        Some(if refused { told.outcome(Outcome::Refused) } else { told })
    }
}

/// A hello or a request of version 4 is a guess; what else the dialogue has needs the port.
fn probe(bytes: &[u8]) -> Likelihood {
    match bytes {
        [5] => Likelihood::Perhaps,
        [5, count, methods @ ..] if *count > 0 && hello(methods, *count) => {
            // More behind them is sent before the answer.
            let more = methods.len() > usize::from(*count);
            if more { Likelihood::Unsaid } else { Likelihood::Perhaps }
        }
        // A request or a reply.
        [5, _, 0, 1 | 3 | 4, ..] | [5, _, 0] | [5, _] => Likelihood::Unsaid,
        [4] | [4, 1 | 2] | [4, 1 | 2, _] | [4, 1 | 2, _, _] => Likelihood::Unsaid,
        [4, 1 | 2, ..] => match shape::request_4(bytes) {
            shape::Shape::Whole(len) if len < bytes.len() => Likelihood::Unsaid,
            shape::Shape::Whole(_) | shape::Shape::Part => Likelihood::Perhaps,
            shape::Shape::Broken => Likelihood::No,
        },
        [0, 90..=93, ..] => Likelihood::Unsaid,
        _ => Likelihood::No,
    }
}

/// Whether these begin with so many methods that exist or are private.
fn hello(methods: &[u8], count: u8) -> bool {
    let known = |method: &u8| matches!(method, 0..=9 | 0x80..=0xfe);
    methods.iter().take(usize::from(count)).all(known)
}
