//! DNS (RFC 1035) over UDP, TCP, TLS and HTTPS, and its relatives on the local link: mDNS
//! (RFC 6762) and LLMNR (RFC 4795), whose messages are built alike.
//!
//! ```text
//!   a datagram, a body of application/dns-message    │ message │
//!   a stream: TCP (RFC 1035, 4.2.2), TLS (RFC 7858)  │ len │ message │ len │ message │ …
//!
//!   message:  header │ questions │ answers │ authorities │ additional records
//! ```
//!
//! One message is one question or one answer. Names in it point at each other (`name`), so every
//! part is read with the whole message at hand (`wire`).

mod codes;
mod describe;
mod fields;
mod kind;
mod name;
mod probe;
mod rdata;
mod session;
mod summary;
mod tell;
#[cfg(test)]
mod tests;
mod wire;

pub use fields::*;
use kind::Flavour;
pub use kind::Kind;

use std::fmt::{self, Write};

use crate::engine::session::Session;
use crate::engine::view::View;
use crate::exchange::Opening;
use crate::field::{FieldDef, FieldId};
use crate::message::Message;
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

/// DNS.
pub struct Dns;

static MDNS: FieldDef = FieldDef::group("mdns", "MDNS");
static LLMNR: FieldDef = FieldDef::group("llmnr", "LLMNR");
const MDNS_HEADING: FieldId = FieldId::heading(&MDNS);
const LLMNR_HEADING: FieldId = FieldId::heading(&LLMNR);

/// Multicast DNS.
pub struct Mdns;

/// Link-Local Multicast Name Resolution.
pub struct Llmnr;

/// What the three have in common.
macro_rules! common {
    ($flavour:expr) => {
        fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
            probe::probe(bytes, framing, $flavour)
        }

        fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
            Some(Box::new(session::DnsSession::new(facts.framing, $flavour)))
        }

        fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
            summary::write(message, view, $flavour, line)
        }

        fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
            describe::describe(message, view, $flavour, sink);
        }

        fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
            tell::tell(message, view, $flavour)
        }
    };
}

impl Protocol for Dns {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 1035", "RFC 6891", "RFC 7766", "RFC 7858", "RFC 8484", "RFC 9460"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[
            Claim::UdpPort(53),
            Claim::TcpPort(53),
            Claim::TcpPort(5353),
            Claim::Alpn(b"dot"),
            Claim::Alpn(b"doq"),
            Claim::ContentType("application/dns-message"),
        ]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn opening(&self, message: &Message, view: &View<'_>) -> Option<Opening> {
        summary::opening(message, view)
    }

    common!(Flavour::Dns);
}

impl Protocol for Mdns {
    fn heading(&self) -> FieldId {
        MDNS_HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 6762", "RFC 6763"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(5353)]
    }

    /// Those of DNS.
    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }

    common!(Flavour::Mdns);
}

impl Protocol for Llmnr {
    fn heading(&self) -> FieldId {
        LLMNR_HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 4795"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(5355), Claim::TcpPort(5355)]
    }

    /// Those of DNS.
    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }

    common!(Flavour::Llmnr);
}
