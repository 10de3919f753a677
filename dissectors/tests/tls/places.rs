//! Where sealed bytes lie: each byte of the plaintext leads to its sealed form in its frame.

use wirestage_dissectors::ids::{Direction, FrameId};
use wirestage_dissectors::protocols::data;
use wirestage_dissectors::span::Span;

use crate::feed::{HEADER, read_on};
use crate::vector::{Vector, openssl};

/// Where records of application data begin in the segments of one side that are so long behind
/// their header of five bytes.
fn records(vector: &Vector, way: Direction, len: usize) -> Vec<(FrameId, u32)> {
    let mut found = Vec::new();
    for (frame, (_, segment)) in (0..).zip(&vector.sent).filter(|(_, (one, _))| *one == way) {
        let mut at = 0;
        while let Some([kind, _, _, high, low]) = segment.get(at..at + 5) {
            let sealed = usize::from(u16::from_be_bytes([*high, *low]));
            if *kind == 23 && sealed == len {
                found.push((FrameId(frame), HEADER + at as u32));
            }
            at += 5 + sealed;
        }
    }
    found
}

#[test]
fn a_byte_of_the_plaintext_leads_to_its_exact_place_in_the_frame() {
    let mut checked = 0;
    // Block ciphers keep no byte in its place.
    let is_plain = |name: &str| !name.contains("CBC");
    for vector in openssl().iter().filter(|vector| is_plain(vector.name)) {
        let read = read_on(8444, &vector.sent, &vector.secrets);
        let view = read.view();
        // What stands in front of the ciphertext, and behind the plaintext before the tag.
        let (explicit, kind) = match (vector.name.contains("1.2"), vector.name.contains("ChaCha")) {
            (true, false) => (8, 0),
            (true, true) => (0, 0),
            (false, _) => (0, 1),
        };
        let mut seen = Vec::new();
        let messages: Vec<_> = read.messages(data::PROTOCOL_ID).collect();
        for message in messages.into_iter().rev() {
            let len = view.bytes(message.span).len();
            let sealed = explicit + len + kind + 16;
            // The last message of that length is in the last such record: before it, in TLS 1.3,
            // parts of the handshake may look the same.
            let same = seen.iter().filter(|one| **one == (message.direction, len)).count();
            seen.push((message.direction, len));
            let places = records(vector, message.direction, sealed);
            let (frame, start) = places[places.len() - 1 - same];
            let first = start + 5 + explicit as u32;
            assert_eq!(view.trace(message.span), [Span::frame(frame, first, len as u32)]);
            for at in [0, len / 2, len - 1] {
                let place = Span::frame(frame, first + at as u32, 1);
                assert_eq!(view.trace(message.span.part(at, 1)), [place], "{}", vector.name);
            }
            checked += 1;
        }
    }
    assert!(checked >= 8, "{checked} messages");
}
