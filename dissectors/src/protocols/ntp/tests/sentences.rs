//! Every sentence of NTP, beside what is said.

use super::{THEN, client, over_udp, packet, server};
use crate::protocols::stage::{ask, check_told, say};

#[test]
fn a_question_and_answers() {
    check_told(
        &over_udp(&[ask(client(6)), say(server(6))]),
        &[
            "What time is it? | Asks a server for the time | It notes when this leaves. The \
             answer repeats what stands here as the time of sending, so that a late or a \
             forged one shows.",
            "It is Jan  1, 2024 00:00:00 UTC | Gives its time, and says how well it knows it | \
             Stratum 2: so many steps from a reference clock. The question lay there for 999 \
             µs, by that clock.",
        ],
    );
    let then = THEN << 32;
    let source =
        |flags, stratum, reference| say(packet(flags, stratum, reference, [0, 0, 0, then]));
    let steps = [
        source(0x24, 1, b"GPS\0"),
        source(0xe4, 16, b"\0\0\0\0"),
        source(0x24, 0, b"RATE"),
        source(0x24, 0, b"DENY"),
        source(0x24, 0, b"INIT"),
        source(0x24, 0, b"\0\0\0\0"),
        source(0x25, 2, b"\0\0\0\0"),
        source(0x21, 2, b"\0\0\0\0"),
    ];
    check_told(
        &over_udp(&steps),
        &[
            "It is Jan  1, 2024 00:00:00 UTC | Gives its time, and says how well it knows it | \
             Stratum 1: it has a reference clock of its own (GPS).",
            "It is Jan  1, 2024 00:00:00 UTC | Gives its time, and says how well it knows it | \
             Stratum 16: it knows no time itself. Its clock is not synchronized: no client may \
             follow it.",
            "RATE | Says that it is asked too often, and gives no time | An answer of stratum 0 \
             is called a kiss of death; this one the client must obey.",
            "DENY | Refuses: this client may not ask here | An answer of stratum 0 is called a \
             kiss of death; this one the client must obey.",
            "INIT | Gives no time, and says why in four letters | An answer of stratum 0 \
             carries no time that a client may use.",
            "no time | Has no time to give | An answer of stratum 0 carries no time that a \
             client may use.",
            "Broadcast | Tells everybody the time, unasked | Stratum 2: so many steps from a \
             reference clock.",
            "Peers | Two servers compare their clocks | Stratum 2: so many steps from a \
             reference clock.",
        ],
    );
}

#[test]
fn about_a_server() {
    let mut asked = vec![0x16, 2, 0, 1];
    asked.extend([0; 8]);
    let mut said = asked.clone();
    said[1] = 0x82;
    check_told(
        &over_udp(&[ask(asked), say(said)]),
        &[
            "About you? | Asks a server about its state, not for the time | A tool like ntpq \
             does so.",
            "About itself | Tells about its state, not the time | Such answers are far longer \
             than what asks for them: sent to forged addresses, they served attacks. Servers \
             answer only those they know.",
        ],
    );
}
