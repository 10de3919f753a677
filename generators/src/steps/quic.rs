//! The steps of QUIC: how a connection begins, what its streams carry, where it goes on, how it
//! ends. The handshake inside is told by the steps of TLS, as far as its library tells of it.

use std::net::SocketAddr;

use super::Step;
use crate::digest;

/// What became of early data, in [`QuicConnected::early`].
pub const EARLY_ACCEPTED: &str = "accepted";

/// The server has thrown early data away.
pub const EARLY_REJECTED: &str = "rejected";

/// A connection as the client knows it.
#[derive(Clone, Copy, Debug)]
pub struct QuicConnected<'a> {
    /// The client's end.
    pub from: SocketAddr,
    /// The server's.
    pub to: SocketAddr,
    /// The protocol chosen by ALPN.
    pub alpn: Option<&'a str>,
    /// What became of early data, where any was sent.
    pub early: Option<&'a str>,
}

/// A connection as the server knows it.
#[derive(Clone, Copy, Debug)]
pub struct QuicAccepted<'a> {
    /// The client's end.
    pub from: SocketAddr,
    /// The server's.
    pub to: SocketAddr,
    /// The id that the client made up for the server.
    pub id: &'a [u8],
    /// Whether the client's first packet brought a token that proved its address.
    pub validated: bool,
    /// The protocol chosen by ALPN.
    pub alpn: Option<&'a str>,
    /// The name that the client asked for.
    pub server_name: Option<&'a str>,
}

/// `quic.connected {from, to, alpn, early}`: the library has completed the handshake for the
/// client. `early` is `accepted` or `rejected`, where the client had sent data before.
///
/// On the wire: the Finished of both sides in CRYPTO frames, and the ALPN of EncryptedExtensions;
/// 0-RTT packets, and whether EncryptedExtensions has `early_data`.
pub fn quic_connected(connection: &QuicConnected<'_>) -> Step {
    let ends = [("from", connection.from.to_string()), ("to", connection.to.to_string())];
    Step::new("quic.connected", ends)
        .maybe("alpn", connection.alpn.map(str::to_owned))
        .maybe("early", connection.early.map(str::to_owned))
}

/// `quic.accepted {from, to, id, validated, alpn, server_name}`: the library has handed a
/// connection to the server.
///
/// On the wire: as [`quic_connected`]; `id` is the destination of the first Initial that the client
/// sent, before any Retry, and `validated` whether the Initial that was answered has a token.
pub fn quic_accepted(connection: &QuicAccepted<'_>) -> Step {
    let facts = [
        ("from", connection.from.to_string()),
        ("to", connection.to.to_string()),
        ("id", digest::hex(connection.id)),
        ("validated", flag(connection.validated)),
    ];
    Step::new("quic.accepted", facts)
        .maybe("alpn", connection.alpn.map(str::to_owned))
        .maybe("server_name", connection.server_name.map(str::to_owned))
}

/// `quic.retry.sent {from, to, id}`: the server told its library to ask the client at `from` to
/// come again, before it kept anything of it. `id` is that of [`quic_accepted`].
///
/// On the wire: Retry.
pub fn quic_retry_sent(from: SocketAddr, to: SocketAddr, id: &[u8]) -> Step {
    let facts = [("from", from.to_string()), ("to", to.to_string()), ("id", digest::hex(id))];
    Step::new("quic.retry.sent", facts)
}

/// `quic.version.refused {version}`: the client's library gave up, for the server speaks no version
/// that it was told to speak. The version is `0xff00001d`.
///
/// On the wire: Version Negotiation, and the version of the packet before it.
pub fn quic_version_refused(version: u32) -> Step {
    Step::new("quic.version.refused", [("version", format!("0x{version:08x}"))])
}

/// `quic.stream.sent {stream, bytes, sha256, early}`: this side has written all of its direction of
/// a stream, and ended it. `early` is `yes` where that was before the handshake was complete.
///
/// On the wire: STREAM frames up to one with FIN, put in order by their offsets; those of a stream
/// in 0-RTT packets are early.
pub fn quic_stream_sent(stream: u64, bytes: &[u8], early: bool) -> Step {
    let step = in_stream("quic.stream.sent", stream, bytes);
    step.maybe("early", early.then(|| flag(true)))
}

/// `quic.stream.received {stream, bytes, sha256}`: this side has read a direction of a stream to
/// its end. The facts of the other side's [`quic_stream_sent`]; whether they came early the library
/// does not tell for sure.
pub fn quic_stream_received(stream: u64, bytes: &[u8]) -> Step {
    in_stream("quic.stream.received", stream, bytes)
}

fn in_stream(name: &'static str, stream: u64, bytes: &[u8]) -> Step {
    let facts = [
        ("stream", stream.to_string()),
        ("bytes", bytes.len().to_string()),
        ("sha256", digest::sha256(bytes)),
    ];
    Step::new(name, facts)
}

/// `quic.datagram.sent {bytes, sha256}`: the library took a datagram, to be sent once.
///
/// On the wire: a DATAGRAM frame.
pub fn quic_datagram_sent(bytes: &[u8]) -> Step {
    datagram("quic.datagram.sent", bytes)
}

/// `quic.datagram.received {bytes, sha256}`: the library gave a datagram. The facts of
/// [`quic_datagram_sent`].
pub fn quic_datagram_received(bytes: &[u8]) -> Step {
    datagram("quic.datagram.received", bytes)
}

fn datagram(name: &'static str, bytes: &[u8]) -> Step {
    let facts = [("bytes", bytes.len().to_string()), ("sha256", digest::sha256(bytes))];
    Step::new(name, facts)
}

/// `quic.keys.updated {}`: this side told its library to go on to the next generation of keys.
///
/// On the wire: packets of this side with the other key phase, before any such of the other side.
pub fn quic_keys_updated() -> Step {
    Step::new("quic.keys.updated", [])
}

/// `quic.moved {from, to}`: the client gave its library another socket, whose address is `from`;
/// its connection to `to` goes on.
///
/// On the wire: packets of the connection from another address.
pub fn quic_moved(from: SocketAddr, to: SocketAddr) -> Step {
    ends("quic.moved", from, to)
}

/// `quic.followed {from, to}`: the server's library says that the client is at another address now.
/// The facts of [`quic_moved`].
///
/// On the wire: as [`quic_moved`], and a packet of the server to that address.
pub fn quic_followed(from: SocketAddr, to: SocketAddr) -> Step {
    ends("quic.followed", from, to)
}

fn ends(name: &'static str, from: SocketAddr, to: SocketAddr) -> Step {
    Step::new(name, [("from", from.to_string()), ("to", to.to_string())])
}

/// `quic.close.sent {code, reason}`: the program of this side ended the connection.
///
/// On the wire: CONNECTION_CLOSE of the application (0x1d), however often.
pub fn quic_close_sent(code: u64, reason: &[u8]) -> Step {
    close("quic.close.sent", code, reason)
}

/// `quic.close.received {code, reason}`: the library says that the program of the other side ended
/// the connection. The facts of [`quic_close_sent`].
pub fn quic_close_received(code: u64, reason: &[u8]) -> Step {
    close("quic.close.received", code, reason)
}

fn close(name: &'static str, code: u64, reason: &[u8]) -> Step {
    let reason = String::from_utf8_lossy(reason).into_owned();
    Step::new(name, [("code", code.to_string()), ("reason", reason)])
}

/// `quic.timed-out {}`: the library gave the connection up, for nothing came for as long as both
/// sides agreed on.
///
/// On the wire: silence. Neither side has closed the connection.
pub fn quic_timed_out() -> Step {
    Step::new("quic.timed-out", [])
}

/// `quic.reset {}`: the client's library says that the server knows nothing of the connection any
/// more.
///
/// On the wire: a packet that ends in a token which the server had handed out (RFC 9000, section
/// 10.3).
pub fn quic_reset() -> Step {
    Step::new("quic.reset", [])
}

fn flag(is_set: bool) -> String {
    if is_set { "yes" } else { "no" }.to_owned()
}
