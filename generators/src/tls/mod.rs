//! TLS for scenarios: certificates made for the occasion, configurations by version and knob, and
//! the handshake of either side with everything it says.
//!
//! ```text
//!   authority   who vouches for whom         client, server   a handshake, complete or refused
//!   staple      its word that a              packing         certificates that travel
//!               certificate is good                          compressed
//!   config      what each side puts on the   early            data before the handshake is complete
//!               wire                         closing          close_notify in both directions
//!   witness     hears what the library asks  refusal          why a side would not go on
//!                                            page             a handshake, one page, and the end
//! ```
//!
//! The programs on stage use `rustls` as any program would. What is added stands in `witness`:
//! objects that the library asks or informs during a handshake, and that pass on what they hear.

mod authority;
mod client;
mod closing;
mod config;
mod early;
mod packing;
mod page;
mod refusal;
mod server;
mod staple;
mod witness;

use rustls::{ClientConnection, CommonState, HandshakeKind, client::EchStatus};
use tokio_rustls::{client as client_side, server as server_side};

pub(crate) use authority::{Authority, Identity};
pub(crate) use client::Client;
pub(crate) use closing::{close_after, close_after_one_that_left, close_first, leave_first};
pub(crate) use config::{
    GROUP, GROUP_HYBRID, GROUP_TLS12, HTTP_1, HTTP_2, HTTP_3, SUITE, Terms, Trust,
};
pub(crate) use config::{client as client_config, server as server_config};
pub(crate) use early::{EarlyClientEnd, EarlyServerEnd};
pub(crate) use refusal::end as end_refused;
pub(crate) use server::Server;

use crate::{actor::Actor, counted::Counted, names, steps};

/// A client's end of an established TLS connection.
pub(crate) type ClientEnd = client_side::TlsStream<Counted>;

/// A server's end of an established TLS connection.
pub(crate) type ServerEnd = server_side::TlsStream<Counted>;

/// A version of TLS that a scenario insists on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// TLS 1.2, RFC 5246.
    Tls12,
    /// TLS 1.3, RFC 9846.
    Tls13,
}

/// Says what a client that asked for `name` knows when its handshake is complete.
fn say_complete(
    actor: &Actor,
    connection: &Counted,
    (session, name): (&ClientConnection, &'static str),
) {
    let certificate = session.peer_certificates().and_then(<[_]>::first);
    let certificate = certificate.map(|certificate| certificate.as_ref());
    say_established(actor, session, Some(name), certificate);
    match session.ech_status() {
        EchStatus::Grease => actor.say(steps::tls_ech_greased()),
        EchStatus::Accepted => actor.say(steps::tls_ech_accepted()),
        _ => {}
    }
    actor.say(steps::tls_waited(connection.round_trips()));
}

/// Says what the library reports of a complete handshake.
fn say_established(
    actor: &Actor,
    session: &CommonState,
    server_name: Option<&str>,
    certificate: Option<&[u8]>,
) {
    let version = session.protocol_version().map(|version| names::tls_version(version.into()));
    let suite =
        session.negotiated_cipher_suite().map(|suite| names::tls_suite(suite.suite().into()));
    let group =
        session.negotiated_key_exchange_group().map(|group| names::tls_group(group.name().into()));
    let alpn = session.alpn_protocol().map(String::from_utf8_lossy);
    let kind = session.handshake_kind();
    let handshake = kind.map(|kind| match kind {
        HandshakeKind::Full => "full",
        HandshakeKind::FullWithHelloRetryRequest => "full-after-retry",
        HandshakeKind::Resumed => "resumed",
    });
    // The library remembers the certificate of the first visit; this time none was shown.
    let certificate = certificate.filter(|_| kind != Some(HandshakeKind::Resumed));
    actor.say(steps::tls_established(steps::Established {
        version: version.as_deref(),
        suite: suite.as_deref(),
        group: group.as_deref(),
        alpn: alpn.as_deref(),
        handshake,
        server_name,
        certificate,
    }));
}
