//! LDAP (RFC 4511), as far as every message tells: its number and its operation. StartTLS is
//! followed: an extended request, and the answer after which TLS speaks (section 4.14).
//!
//! ```text
//!   30 len | 02 len messageID | [APPLICATION n] len protocolOp | controls
//! ```
//!
//! A bind by SASL may put a layer beneath all that follows; what it does not seal is read in it
//! (`sasl`). Over UDP, as directories find each other, a datagram holds whole messages.

mod ber;
mod filter;
mod operation;
mod sasl;
mod session;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write};

use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Kind as Width, Names, Value};
use crate::fields;
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::protocols::lines::text::Shown;
use crate::sink::{Severity, Sink};
use crate::span::Span;
use crate::telling::{Outcome, Telling};
use crate::wording::counted;

codes! {
    /// What a message of LDAP is.
    pub enum Kind {
        /// A message.
        Message,
        /// A buffer of the security layer that SASL agreed on, with messages inside.
        Layer,
        /// Bytes that are none: sealed by SASL, or broken.
        Other,
    }
}

impl MessageKind for Kind {
    /// Of a response, the frame of the request that it answers.
    type Extra = Option<FrameId>;
}

fields! { "ldap", "LDAP";
    MESSAGE_ID = FieldDef::u32("ldap.messageID", "messageID"),
    PROTOCOL_OP = FieldDef::u32("ldap.protocolOp", "protocolOp").names(OPERATIONS).computed(),
    REQUEST_NAME = FieldDef::text("ldap.requestName", "requestName"),
    RESULT_CODE = FieldDef::u32("ldap.resultCode", "resultCode").names(RESULTS),
    EXTENDED_RESULT =
        FieldDef::u32("ldap.extendedResponse_resultCode", "resultCode").names(RESULTS),
    MATCHED = FieldDef::text("ldap.matchedDN", "matchedDN"),
    ERROR = FieldDef::text("ldap.errorMessage", "errorMessage"),
    VERSION = FieldDef::u32("ldap.version", "version").computed(),
    NAME = FieldDef::text("ldap.name", "name"),
    AUTHENTICATION = FieldDef::u32("ldap.authentication", "authentication")
        .names(&[(0, "simple"), (3, "sasl")]).computed(),
    SIMPLE = FieldDef::text("ldap.simple", "simple"),
    MECHANISM = FieldDef::text("ldap.mechanism", "mechanism"),
    CREDENTIALS = FieldDef::bytes("ldap.credentials", "credentials"),
    BASE = FieldDef::text("ldap.baseObject", "baseObject"),
    SCOPE = FieldDef::u32("ldap.scope", "scope").names(SCOPES).computed(),
    DEREFERENCES = FieldDef::u32("ldap.derefAliases", "derefAliases").names(ALIASES).computed(),
    SIZE_LIMIT = FieldDef::u32("ldap.sizeLimit", "sizeLimit").computed(),
    TIME_LIMIT = FieldDef::u32("ldap.timeLimit", "timeLimit").computed(),
    TYPES_ONLY = FieldDef::flag("ldap.typesOnly", "typesOnly", 0).computed(),
    FILTER = FieldDef::u32("ldap.filter", "Filter").names(FILTERS).computed(),
    /// Ours: the filter as RFC 4515 writes it.
    FILTER_TEXT = FieldDef::text("ldap.filter.text", "Filter as text").computed(),
    WANTED = FieldDef::text("ldap.AttributeDescription", "AttributeDescription"),
    OBJECT_NAME = FieldDef::text("ldap.objectName", "objectName"),
    TYPE = FieldDef::text("ldap.type", "type"),
    VALUE = FieldDef::bytes("ldap.AttributeValue", "AttributeValue"),
    OBJECT = FieldDef::text("ldap.object", "object"),
    OPERATION = FieldDef::u32("ldap.operation", "operation").names(CHANGES).computed(),
    ENTRY = FieldDef::text("ldap.entry", "entry"),
    DELETED = FieldDef::text("ldap.delRequest", "delRequest"),
    NEW_NAME = FieldDef::text("ldap.newrdn", "newrdn"),
    DELETES_OLD = FieldDef::flag("ldap.deleteoldrdn", "deleteoldrdn", 0).computed(),
    NEW_SUPERIOR = FieldDef::text("ldap.newSuperior", "newSuperior"),
    COMPARED = FieldDef::text("ldap.attributeDesc", "attributeDesc"),
    ASSERTED = FieldDef::text("ldap.assertionValue", "assertionValue"),
    ABANDONED = FieldDef::u32("ldap.abandonRequest", "abandonRequest").computed(),
    URL = FieldDef::text("ldap.LDAPURL", "LDAPURL"),
    BUFFER_LENGTH = FieldDef::u32("ldap.sasl_buffer_length", "SASL Buffer Length"),
    SEALED = FieldDef::bytes("ldap.gssapi_encrypted_payload", "GSS-API Encrypted payload"),
    RESPONSE_TO = FieldDef::u32("ldap.response_to", "Response To").computed(),
    /// Ours: what is not read further.
    DATA = FieldDef::bytes("ldap.data", "Data"),
}

/// RFC 4511, section 4.2 and following.
const OPERATIONS: Names = &[
    (0, "bindRequest"),
    (1, "bindResponse"),
    (2, "unbindRequest"),
    (3, "searchRequest"),
    (4, "searchResEntry"),
    (5, "searchResDone"),
    (6, "modifyRequest"),
    (7, "modifyResponse"),
    (8, "addRequest"),
    (9, "addResponse"),
    (10, "delRequest"),
    (11, "delResponse"),
    (12, "modDNRequest"),
    (13, "modDNResponse"),
    (14, "compareRequest"),
    (15, "compareResponse"),
    (16, "abandonRequest"),
    (19, "searchResRef"),
    (23, "extendedReq"),
    (24, "extendedResp"),
    (25, "intermediateResponse"),
];

/// RFC 4511, sections 4.5.1 and 4.6.
const SCOPES: Names = &[(0, "baseObject"), (1, "singleLevel"), (2, "wholeSubtree")];
const ALIASES: Names = &[
    (0, "neverDerefAliases"),
    (1, "derefInSearching"),
    (2, "derefFindingBaseObj"),
    (3, "derefAlways"),
];
const FILTERS: Names = &[
    (0, "and"),
    (1, "or"),
    (2, "not"),
    (3, "equalityMatch"),
    (4, "substrings"),
    (5, "greaterOrEqual"),
    (6, "lessOrEqual"),
    (7, "present"),
    (8, "approxMatch"),
    (9, "extensibleMatch"),
];
const CHANGES: Names = &[(0, "add"), (1, "delete"), (2, "replace"), (3, "increment")];

/// RFC 4511, section 4.1.9: those that are seen most.
const RESULTS: Names = &[
    (0, "success"),
    (1, "operationsError"),
    (2, "protocolError"),
    (3, "timeLimitExceeded"),
    (4, "sizeLimitExceeded"),
    (7, "authMethodNotSupported"),
    (8, "strongerAuthRequired"),
    (10, "referral"),
    (13, "confidentialityRequired"),
    (14, "saslBindInProgress"),
    (32, "noSuchObject"),
    (34, "invalidDNSyntax"),
    (49, "invalidCredentials"),
    (50, "insufficientAccessRights"),
    (51, "busy"),
    (52, "unavailable"),
    (53, "unwillingToPerform"),
    (68, "entryAlreadyExists"),
];

/// The operation of who says who it is, and of the answer (section 4.2).
const BIND_REQUEST: u8 = 0;
const BIND_RESPONSE: u8 = 1;

/// The operation that StartTLS is one of (section 4.12).
const EXTENDED_REQUEST: u8 = 23;

/// The name of StartTLS (RFC 4511, section 4.14.1).
const START_TLS: &[u8] = b"1.3.6.1.4.1.1466.20037";

/// LDAP.
pub struct Ldap;

static CLDAP: FieldDef = FieldDef::group("cldap", "CLDAP");
const CLDAP_HEADING: FieldId = FieldId::heading(&CLDAP);

/// LDAP without connections, over UDP: what a client asks of a domain controller to find it.
pub struct Cldap;

impl Protocol for Ldap {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 4511"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(389), Claim::TcpPort(3268)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing != Framing::Stream {
            return Likelihood::No;
        }
        match ber::message(bytes) {
            // A bind or an extended request is nothing else; other operations look like MQTT, and
            // like whatever else is written in BER.
            Ok(message) if matches!(message.operation, BIND_REQUEST | EXTENDED_REQUEST) => {
                Likelihood::Surely
            }
            Ok(_) | Err(ber::Missing::More) => Likelihood::Unsaid,
            Err(ber::Missing::Never) => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        (facts.framing == Framing::Stream)
            .then(|| Box::new(session::LdapSession::default()) as Box<dyn Session>)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let bytes = view.bytes(message.span);
        if message.is(Kind::Layer) {
            return sasl::summary(bytes, line);
        }
        let Ok(found) = ber::message(bytes) else { return line.write_str("Data") };
        let name = PROTOCOL_OP.def().name_of(found.operation.into()).unwrap_or("unknown");
        write!(line, "{name}({}) ", found.id)?;
        let content = found.content(view.reader(message.span));
        if let Some((base, scope, _)) = content.and_then(operation::searched) {
            let base = if base.is_empty() { &b"<ROOT>"[..] } else { base };
            write!(line, "\"{}\" {scope} ", Shown(base))?;
        }
        let name = content.and_then(|content| operation::named(found.operation, content));
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            write!(line, "\"{}\" ", Shown(name))?;
        }
        match found.result(bytes).and_then(|(code, _)| RESULT_CODE.def().name_of(code)) {
            Some(result) => write!(line, "{result} "),
            None => Ok(()),
        }
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        let bytes = view.bytes(message.span);
        if message.is(Kind::Layer) {
            return sasl::describe(bytes, message.span, sink);
        }
        let Ok(found) = ber::message(bytes) else {
            sink.field(DATA, Value::Bytes(bytes), message.span);
            return;
        };
        let place = |range: &std::ops::Range<usize>| message.span.part(range.start, range.len());
        sink.field(MESSAGE_ID, Value::Unsigned(found.id), place(&found.id_place));
        let op = Value::Unsigned(found.operation.into());
        sink.open(PROTOCOL_OP, op, message.span.from(found.id_place.end));
        if let Some((name, range)) = found.request_name(bytes) {
            sink.field(REQUEST_NAME, Value::text(name), place(&range));
        }
        if let Some((code, range)) = found.result(bytes) {
            let field = if found.operation == 24 { EXTENDED_RESULT } else { RESULT_CODE };
            sink.field(field, Value::Unsigned(code), place(&range));
        }
        if let Some(content) = found.content(view.reader(message.span))
            && let Err(stop) = operation::describe(found.operation, content, sink)
        {
            sink.note(Severity::Missing, stop.place(), format_args!("{stop}"));
        }
        sink.close();
        if let Some(request) = message.extra::<Kind>().flatten() {
            sink.field(RESPONSE_TO, Value::Unsigned(request.number().into()), Span::NONE);
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let bytes = view.bytes(message.span);
        if message.is(Kind::Layer) {
            return sasl::tell(bytes);
        }
        let Ok(found) = ber::message(bytes) else {
            let label = counted(bytes.len() as u64, "byte");
            return Some(Telling::new(label, "Bytes that are no message", "LDAP").weight(2, 2));
        };
        let name = PROTOCOL_OP.def().name_of(found.operation.into()).unwrap_or("unknown");
        if found.is_start_tls(bytes) {
            let told = Telling::new("StartTLS", "Asks to go on in TLS on this connection", "LDAP")
                .detail("Until the handshake has ended, anyone on the way can take this away.")
                .weight(7, 5)
                .lesson("lines/starttls", "RFC 4511", "4.14");
            return Some(told.asking());
        }
        let told = Telling::new(name, "", "LDAP");
        let headline = match found.operation {
            0 => "Says who it is",
            2 => "Takes leave; nothing answers it",
            3 => "Searches the directory",
            4 | 19 => "Gives one of the results",
            5 => "Ends the results",
            16 => "No longer wants an answer",
            1 | 7 | 9 | 11 | 13 | 15 | 24 | 25 => "Answers; the number says which request",
            _ => "Asks the server; the number will be in the answer",
        };
        let answers = matches!(found.operation, 1 | 4 | 5 | 7 | 9 | 11 | 13 | 15 | 19 | 24 | 25);
        let told = Telling { headline: headline.into(), ..told };
        let content = found.content(view.reader(message.span));
        let told = match (found.operation, content.and_then(operation::searched)) {
            (3, Some((base, scope, filter))) => {
                let filter = filter.unwrap_or_else(|| "a filter".to_owned());
                let base = if base.is_empty() { &b"the root"[..] } else { base };
                told.detail(format!("{scope}, {}: {filter}.", Shown(base)))
            }
            _ => match content.and_then(|content| operation::named(found.operation, content)) {
                Some(name) if !name.is_empty() => told.detail(format!("{}.", Shown(name))),
                _ => told,
            },
        };
        let result = found.result(bytes).map(|(code, _)| code).filter(|code| *code > 0);
        let told = match result.map(|code| RESULT_CODE.def().name_of(code)) {
            Some(name) => {
                let result = format!("Result: {}.", name.unwrap_or("one without a name"));
                let detail = format!("{} {result}", told.detail);
                told.detail(detail.trim_start())
            }
            None => told,
        };
        let told = match found.operation {
            // Nothing answers an unbind or an abandon (RFC 4511, sections 4.3 and 4.11).
            2 => told.closing(),
            16 => told,
            // More follows to the same request.
            4 | 19 | 25 => told.answering_for_now(),
            _ if answers => told.answering(),
            _ => told.asking(),
        };
        let refused = result.is_some_and(|code| !matches!(code, 5 | 6 | 10 | 14));
        Some(if refused { told.outcome(Outcome::Refused) } else { told })
    }
}

impl Protocol for Cldap {
    fn heading(&self) -> FieldId {
        CLDAP_HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 1798"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(389)]
    }

    /// Those of LDAP.
    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }

    /// Written in BER is much: the port has to say the same.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match ber::message(bytes) {
            Ok(message) if framing == Framing::Datagram && message.len <= bytes.len() => {
                Likelihood::Unsaid
            }
            _ => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        (facts.framing == Framing::Datagram)
            .then(|| Box::new(session::LdapSession::default()) as Box<dyn Session>)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        Ldap.summary(message, view, line)
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        Ldap.describe(message, view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        Ldap.tell(message, view)
    }
}
