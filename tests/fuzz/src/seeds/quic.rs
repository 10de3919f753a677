//! Packets of QUIC that open without a key log: those of the standards' vectors, in several orders,
//! and what a server sends in the clear.

use super::talk;
use crate::input::{Carrier, Input};

/// The vectors, which the tests of the protocol hold it against.
const VECTORS: &str = include_str!("../../../../dissectors/src/protocols/quic/tests/vectors.txt");

/// The versions that a server speaks, one of them a reserved number.
const NEGOTIATION: &str = "Sx 80 00000000 00 08 8394c8f03e515708 00000001 6b3343cf 1a2a3a4a";

/// A packet with a short header, as nobody can open it.
const SEALED: &str =
    "Cx 47 f067a5502a4262b5 00112233445566778899aabbccddeeff00112233445566778899aa";

/// What one side says: the packet below a title.
fn said(who: char, title: &str) -> String {
    let digits = VECTORS.split_once(title).map_or("", |(_, behind)| behind);
    let digits: String = digits.lines().skip(1).take_while(|line| !line.is_empty()).collect();
    format!("{who}x {digits}")
}

/// Handshakes of both versions, with what goes wrong before them and what follows.
pub(super) fn seeds() -> Vec<Input> {
    let mut found = Vec::new();
    for standard in ["RFC 9001", "RFC 9369"] {
        let client = said('C', &format!("{standard}, A.2"));
        let server = said('S', &format!("{standard}, A.3"));
        let retry = said('S', &format!("{standard}, A.4"));
        let (hello, answer, retry) = (client.as_str(), server.as_str(), retry.as_str());
        for said in [
            &[hello, answer, SEALED][..],
            &[answer, hello, SEALED],
            &[hello, retry, hello, answer],
            &[hello, NEGOTIATION, hello, answer, hello],
        ] {
            found.push(talk(Carrier::Udp(443), said));
        }
    }
    found
}
