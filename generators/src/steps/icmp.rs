//! The steps of ICMP.

use std::net::{IpAddr, SocketAddr};

use super::Step;
use crate::digest;

/// `icmp.error.received {from, to, type, code}`: the kernel kept an error about a datagram that
/// this side had sent to `to`; `from` is who says so.
///
/// On the wire: an ICMP message of that type and code from `from`, which quotes a datagram to `to`.
pub fn icmp_error_received(from: IpAddr, to: SocketAddr, [kind, code]: [u8; 2]) -> Step {
    Step::new(
        "icmp.error.received",
        [
            ("from", from.to_string()),
            ("to", to.to_string()),
            ("type", kind.to_string()),
            ("code", code.to_string()),
        ],
    )
}

/// `icmp.path-mtu {bytes}`: the largest packet that this side's kernel sends on a connection when
/// it is about to be closed.
///
/// On the wire: what the last ICMP error "fragmentation needed" to this side says; without one the
/// largest segment that the other side takes (MSS) and 40 bytes of headers.
pub fn icmp_path_mtu(bytes: u32) -> Step {
    Step::new("icmp.path-mtu", [("bytes", bytes.to_string())])
}

/// `icmp.echo.sent {to, number, bytes, sha256}`: this side asked `to` for an echo, for the
/// `number`th time, with data of that length and digest.
///
/// On the wire: an ICMP echo request with that sequence number.
pub fn icmp_echo_sent(to: IpAddr, number: u16, data: &[u8]) -> Step {
    echo("icmp.echo.sent", ("to", to), number, data)
}

/// `icmp.echo.received {from, number, bytes, sha256}`: the answer came. The facts of
/// [`icmp_echo_sent`].
///
/// On the wire: an ICMP echo reply with that sequence number.
pub fn icmp_echo_received(from: IpAddr, number: u16, data: &[u8]) -> Step {
    echo("icmp.echo.received", ("from", from), number, data)
}

fn echo(name: &'static str, (whose, address): (&str, IpAddr), number: u16, data: &[u8]) -> Step {
    Step::new(
        name,
        [
            (whose, address.to_string()),
            ("number", number.to_string()),
            ("bytes", data.len().to_string()),
            ("sha256", digest::sha256(data)),
        ],
    )
}
