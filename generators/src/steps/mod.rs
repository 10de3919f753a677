//! The words of the transcript: every step, its facts, how each fact is spelled, and where the wire
//! shows it.
//!
//! One function makes one step, so a role and whoever checks it against the wire spell it alike.
//! Each is built from what a library told its caller and can be built again from recorded bytes.
//!
//! Spelling, for all steps:
//!
//! - an address with port is `127.0.0.1:443` or `[::1]:443`;
//! - a count is a decimal number;
//! - a digest is SHA-256 in 64 lower-case hexadecimal digits;
//! - a list is joined by commas without spaces, in the order of the wire;
//! - names of suites, groups, signature schemes, alerts, record types and response codes are those
//!   of the IANA registries, as in [`names`](crate::names);
//! - a domain name is `www.wirestage.test`, without the dot of the root;
//! - a flag is `yes` or `no`;
//! - a fact that has no value, such as the ALPN of a handshake that chose none, is absent.

use std::net::SocketAddr;

use crate::{
    Entry, Facts,
    digest::{self, Running},
};

mod amqp;
mod dns;
mod events;
mod grpc;
mod http;
mod http2;
mod http3;
mod icmp;
mod mqtt;
mod openssl;
mod quic;
mod streams;
mod tls;
mod websocket;

pub use amqp::*;
pub use dns::*;
pub use events::*;
pub use grpc::*;
pub use http::*;
pub use http2::*;
pub use http3::*;
pub use icmp::*;
pub use mqtt::*;
pub use openssl::*;
pub use quic::*;
pub use streams::{FieldLines, StreamRequest, StreamResponse};
pub use tls::*;
pub use websocket::*;

/// One step with its facts; a role's name makes an [`Entry`] of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The step, such as `tcp.connected`.
    pub name: &'static str,
    /// Its facts.
    pub facts: Facts,
}

impl Step {
    fn new<const N: usize>(name: &'static str, facts: [(&str, String); N]) -> Step {
        Step { name, facts: facts.map(|(fact, value)| (fact.to_owned(), value)).into() }
    }

    /// Adds a fact that may have no value.
    fn maybe(mut self, fact: &str, value: Option<String>) -> Step {
        self.facts.extend(value.map(|value| (fact.to_owned(), value)));
        self
    }

    /// The step as an entry of `role`.
    pub fn by(self, role: &str) -> Entry {
        Entry { role: role.to_owned(), step: self.name.to_owned(), facts: self.facts }
    }
}

/// `udp.sent {from, to, bytes, sha256}`: the socket took one datagram.
///
/// On the wire: source and destination of IP and UDP, length and digest of the UDP payload.
pub fn udp_sent(from: SocketAddr, to: SocketAddr, payload: &[u8]) -> Step {
    datagram("udp.sent", from, to, payload)
}

/// `udp.received {from, to, bytes, sha256}`: the socket gave one datagram. The same facts as
/// [`udp_sent`].
pub fn udp_received(from: SocketAddr, to: SocketAddr, payload: &[u8]) -> Step {
    datagram("udp.received", from, to, payload)
}

fn datagram(name: &'static str, from: SocketAddr, to: SocketAddr, payload: &[u8]) -> Step {
    Step::new(
        name,
        [
            ("from", from.to_string()),
            ("to", to.to_string()),
            ("bytes", payload.len().to_string()),
            ("sha256", digest::sha256(payload)),
        ],
    )
}

/// `udp.refused {from, to}`: the socket reported that a datagram found no program ("connection
/// refused"). Only the sender says it, and only of a socket that is connected.
///
/// On the wire: an ICMP error "port unreachable" that quotes a datagram from `from` to `to`.
pub fn udp_refused(from: SocketAddr, to: SocketAddr) -> Step {
    ends("udp.refused", from, to)
}

/// `tcp.connected {from, to}`: `connect` returned a connection. Said by the side that opened it.
///
/// On the wire: a SYN and the SYN, ACK that answers it; `from` sent the SYN.
pub fn tcp_connected(from: SocketAddr, to: SocketAddr) -> Step {
    ends("tcp.connected", from, to)
}

/// `tcp.accepted {from, to}`: `accept` returned a connection. Said by the side that listened;
/// `from` is the client's end, as in [`tcp_connected`].
///
/// On the wire: the ACK that completes the three-way handshake.
pub fn tcp_accepted(from: SocketAddr, to: SocketAddr) -> Step {
    ends("tcp.accepted", from, to)
}

/// `tcp.refused {from, to}`: `connect` failed with "connection refused". Only the client says it:
/// no program at the other end ever hears of the attempt.
///
/// On the wire: a SYN answered by RST, ACK.
pub fn tcp_refused(from: SocketAddr, to: SocketAddr) -> Step {
    ends("tcp.refused", from, to)
}

fn ends(name: &'static str, from: SocketAddr, to: SocketAddr) -> Step {
    Step::new(name, [("from", from.to_string()), ("to", to.to_string())])
}

/// `tcp.sent {bytes, sha256}`: everything this side wrote to the connection, said when it has
/// closed, before [`tcp_received`] and [`tcp_closed`].
///
/// On the wire: the reassembled stream in this direction, without SYN and FIN.
pub fn tcp_sent(stream: &[u8]) -> Step {
    whole("tcp.sent", stream.len() as u64, digest::sha256(stream))
}

/// `tcp.received {bytes, sha256}`: everything this side read from the connection, said when it has
/// closed. The facts of the other side's [`tcp_sent`].
pub fn tcp_received(stream: &[u8]) -> Step {
    whole("tcp.received", stream.len() as u64, digest::sha256(stream))
}

/// `tcp.resent {segments, told}`: how many segments this side's kernel had to send again, and how
/// many of those because acknowledgements told it of a hole; it sent the others when a timer ran
/// out. Said before [`tcp_sent`] where anything was sent again, in scenarios that need a link.
///
/// On the wire, at this side's end: segments with data that was sent before; and those among them
/// before which, since that data was last sent, an acknowledgement came that names data behind it
/// as received (SACK, RFC 2018).
pub fn tcp_resent(segments: u64, told: u64) -> Step {
    Step::new("tcp.resent", [("segments", segments.to_string()), ("told", told.to_string())])
}

/// `tcp.probed {alive, window}`: how often this side's kernel asked on its own account: whether the
/// other side is still there, and whether it has room again. Said before [`tcp_sent`] where it did
/// either, in scenarios that ask for it and over a link.
///
/// On the wire, at this side's end: segments with at most one byte of data whose number is that of
/// the last byte sent; for `window` those behind an acknowledgement whose window was zero.
pub fn tcp_probed(alive: u64, window: u64) -> Step {
    Step::new("tcp.probed", [("alive", alive.to_string()), ("window", window.to_string())])
}

/// [`tcp_sent`] and [`tcp_received`] of a connection that kept digests instead of its bytes.
pub(crate) fn tcp_totals(sent: &Running, received: &Running) -> [Step; 2] {
    [
        whole("tcp.sent", sent.bytes(), sent.sha256()),
        whole("tcp.received", received.bytes(), received.sha256()),
    ]
}

fn whole(name: &'static str, bytes: u64, sha256: String) -> Step {
    Step::new(name, [("bytes", bytes.to_string()), ("sha256", sha256)])
}

/// `tcp.closed {by}`: both directions have ended in order. `by` is the role that ended its
/// direction first: for a role's own socket, whether it shut down before or after it read the end
/// of the stream.
///
/// On the wire: the sender of the first FIN, where both sides sent one.
pub fn tcp_closed(by: &str) -> Step {
    Step::new("tcp.closed", [("by", by.to_owned())])
}

/// `tcp.aborted {by}`: the connection ended without a close. `by` is the role that broke it off:
/// for a role's own socket, whether it did so or was told by an error.
///
/// On the wire: the sender of the RST of a connection that was open.
pub fn tcp_aborted(by: &str) -> Step {
    Step::new("tcp.aborted", [("by", by.to_owned())])
}

/// `tcp.timed-out {}`: the kernel gave the connection up, because what this side had sent was not
/// acknowledged.
///
/// On the wire, at this side's end: its last data is not acknowledged, and neither FIN nor RST
/// came.
pub fn tcp_timed_out() -> Step {
    Step::new("tcp.timed-out", [])
}

/// `tcp.fast-open.sent {carried}`: on how many SYNs of this side data rode along that the other
/// side took. Said last, by the side that opened the connections.
///
/// On the wire: SYNs with data that the SYN, ACK acknowledges (RFC 7413, section 4.2.2).
pub fn tcp_fast_open_sent(carried: u64) -> Step {
    Step::new("tcp.fast-open.sent", [("carried", carried.to_string())])
}

/// `tcp.fast-open.taken {asked, carried}`: how many SYNs asked this side for a cookie, and on how
/// many data rode along that it took. Said last, by the side that listened.
///
/// On the wire: SYNs with an empty option of Fast Open; and those of [`tcp_fast_open_sent`].
pub fn tcp_fast_open_taken(asked: u64, carried: u64) -> Step {
    let counts = [("asked", asked.to_string()), ("carried", carried.to_string())];
    Step::new("tcp.fast-open.taken", counts)
}
