//! The steps of TLS where the program `openssl` speaks it: what it says of itself, and what was
//! typed into it.

use super::Step;
use crate::digest;

/// `tls.agreed {version, suite}`: the program says that its first handshake is complete.
///
/// On the wire: version and suite of the first ServerHello, with a Finished from each side.
pub fn tls_agreed(version: &str, suite: &str) -> Step {
    Step::new("tls.agreed", [("version", version.to_owned()), ("suite", suite.to_owned())])
}

/// `tls.renegotiated {}`: the client was told to shake hands again, and its program has made new
/// keys. Said by the client alone.
///
/// On the wire: a ClientHello sealed with the keys of the handshake before, and a ClientKeyExchange
/// after it.
pub fn tls_renegotiated() -> Step {
    Step::new("tls.renegotiated", [])
}

/// `tls.lines.sent {bytes, sha256}`: what was typed into this side's program, in all.
///
/// On the wire: the application data that this side sends.
pub fn tls_lines_sent(lines: &[u8]) -> Step {
    Step::new("tls.lines.sent", facts(lines))
}

/// `tls.lines.received {bytes, sha256}`: what this side's program printed, in all. The facts of the
/// other side's [`tls_lines_sent`].
pub fn tls_lines_received(lines: &[u8]) -> Step {
    Step::new("tls.lines.received", facts(lines))
}

fn facts(lines: &[u8]) -> [(&'static str, String); 2] {
    [("bytes", lines.len().to_string()), ("sha256", digest::sha256(lines))]
}
