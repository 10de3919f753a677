//! QUIC and HTTP/3: packets as they are captured, and what lies sealed inside of them.
//!
//! Packets are those of the standards' vectors, in several orders, what a server sends in the
//! clear, and those of the samples. All else is sealed when frames are made of it.

use super::{dialogues, talk};
use crate::carry::bytes;
use crate::input::{Carrier, Input, Turn};
use crate::sealed::{FIN, Inside, key_log};

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

/// Handshakes of both versions, with what goes wrong before them and what follows; and samples.
pub(super) fn packets() -> Vec<Input> {
    let mut found = dialogues::samples(&["quic-", "http3-", "https-quic"]);
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

/// Frames of every kind that there is (RFC 9000, section 19; RFC 9221; extensions), in packets of
/// every level.
const FRAMES: &[(char, u16, &str)] = &[
    ('C', 0, "02 00 00 00 00 06 40ff 04 01020304 01"),
    ('S', 2, "02 00 00 00 00 06 7f 02 0102"),
    ('C', 1, "0b 00 05 68656c6c6f"),
    ('C', 3, "0a 00 03 000400 0f 04 0a 02 6162 08 08 636465"),
    ('S', 3, "03 05 4001 01 00 02 01 02 03 04"),
    ('S', 3, "02 4064 19 00 00 1e 10 7fff 11 04 40ff 12 14 13 05"),
    ('C', 3, "14 40ff 15 04 20 16 14 17 05 04 08 4101 09 05 04 4102"),
    ('S', 3, "18 02 01 08 0303030303030303 77777777777777777777777777777777 19 00"),
    ('C', 3, "1a 0102030405060708 1b 0807060504030201"),
    ('S', 3, "07 04 aabbccdd 24 04 4105 0a 05 40af 02 04 4101 01 1f"),
    ('C', 4, "31 03 000102 30 040506"),
    ('S', 4, "01 02 06 00 01 02 00 01"),
    ('S', 5, "1d 4100 05 6f7665722e"),
    ('C', 5, "1c 0a 06 03 626164"),
];

/// Transport parameters (RFC 9000, section 18.2; RFC 9221; RFC 9287; RFC 9368; extensions): the
/// client's, the server's with a preferred address and tokens, and odd ones.
const PARAMETERS: [&[(char, u16, &str)]; 2] = [
    &[
        (
            'C',
            0,
            "01 02 4064 03 02 45c8 04 04 80100000 05 02 7fff 06 02 7fff 07 02 7fff 08 01 0a 09 01 03 \
             0a 01 03 0b 01 19 0c 00 0e 01 04 0f 05 0202020202 20 02 4100 6ab2 00 \
             11 0c 00000001 6b3343cf 1a2a3a4a 80ff04de1b 02 43e8 5b 01 02",
        ),
        (
            'S',
            0,
            "00 08 0101010101010101 0f 07 03030303030303 10 04 04040404 \
             0d 31 cb007109 01bb 20010db8000000000000000000000009 01bb 08 0505050505050505 \
             77777777777777777777777777777777 11 08 00000001 00000001",
        ),
        ('C', 3, "0a 00 03 000400"),
        ('S', 3, "19 00"),
    ],
    &[
        ('C', 0, "01 01 00 01 01 00 0a 01 15 0b 02 7fff 03 01 10 0e 01 00 7b 03 616263"),
        ('S', 0, "0d 02 0000 02 01 00 40aa 40 ff"),
    ],
];

/// Streams of HTTP/3 by their numbers: control streams with settings, requests with bodies and
/// trailers, a push, priorities, a datagram's stream, an end (RFC 9114; RFC 9218; RFC 9297).
const HTTP3: &[(char, u16, &str)] = &[
    ('C', 2, "00 04 0d 01 44b0 07 4064 06 6000 33 01 08 01"),
    ('S', 3, "00 04 06 01 44b0 07 4064 21 03 616263 0d 01 08"),
    ('C', 6, "02"),
    ('S', 7, "03"),
    ('C', 0, "01 12 0000 d1 d7 51 0b 2f696e6465782e68746d6c 50 01 61 00 03 616263"),
    ('C', FIN, "01 08 0000 23 612d62 01 31"),
    ('S', 0, "01 04 0000 ff00 01 06 0000 d9 54 01 33 00 03 616263"),
    ('S', 0, "05 08 00 0000 d1 d7 50 01 61"),
    ('S', FIN, "01 08 0000 23 612d62 01 31"),
    ('S', 15, "01 00 01 03 0000 d9"),
    ('C', 2, "800f0700 05 00 753d31 69 07 01 00 03 01 00"),
    ('C', 4, "01 1a 0000 cf d7 50 01 61 27 02 3a70726f746f636f6c 07 636f6e6e656374 0000"),
    ('C', 10, "4054 00 68656c6c6f"),
    ('S', 3, "07 01 04"),
];

/// Instructions and sections of RFC 9204, appendix B, a section that waits, and one whose entry is
/// gone.
const QPACK: &[(char, u16, &str)] = &[
    ('S', 3, "00 04 03 01 40dc"),
    ('C', 2, "00 04 06 01 40dc 07 4064"),
    ('C', 0, "01 0f 0000 510b 2f696e6465782e68746d6c"),
    ('C', 4 | FIN, "01 04 0381 10 11"),
    ('C', 6, "02 3fbd01 c00f 7777772e6578616d706c652e636f6d c10c 2f73616d706c652f70617468"),
    ('C', 6, "4a 637573746f6d2d6b6579 0c 637573746f6d2d76616c7565 02"),
    ('C', 8 | FIN, "01 05 0500 80 c1 81"),
    ('C', 6, "810d 637573746f6d2d76616c756532"),
    ('S', 7, "03 84 01 48"),
    ('C', 12 | FIN, "01 08 0281 10 11 4103 616263"),
    ('S', 11, "02 3fbd01 d8 04 74657374 62 6162 8363 6465"),
    ('S', 0, "01 09 0280 80 10 01 61 50 8135"),
    ('C', 10, "03 80"),
];

/// One connection with these turns: who speaks, the level or the stream, and digits.
fn connection(inside: Inside, said: &[(char, u16, &str)]) -> Input {
    let turn = |(who, link, digits): &(char, u16, &str)| {
        let (is_client, link, after) = (*who == 'C', *link, 1_000_000);
        Turn { is_client, after, link, bytes: bytes(digits) }
    };
    let turns = said.iter().map(turn).collect();
    Input { secrets: key_log().into(), ..Input::new(Carrier::Quic(inside), turns) }
}

/// Frames of one connection; and of one whose packets come the other way round.
pub(super) fn frames() -> Vec<Input> {
    let turned: Vec<_> = FRAMES.iter().rev().copied().collect();
    vec![connection(Inside::Frames, FRAMES), connection(Inside::Frames, &turned)]
}

/// What both sides say of themselves.
pub(super) fn parameters() -> Vec<Input> {
    PARAMETERS.map(|said| connection(Inside::Parameters, said)).into()
}

/// Streams of both sides.
pub(super) fn http3() -> Vec<Input> {
    vec![connection(Inside::Streams, HTTP3)]
}

/// Tables of both sides, and what refers to them.
pub(super) fn qpack() -> Vec<Input> {
    let turned: Vec<_> = QPACK.iter().rev().copied().collect();
    vec![connection(Inside::Streams, QPACK), connection(Inside::Streams, &turned)]
}
