//! What segments say of urgent data, and resets of their cause.

use super::*;
use crate::protocols::stage::line;

/// An open connection, in which nothing changes.
const OPEN: [[State; 2]; 2] = [[State::Established; 2]; 2];

#[track_caller]
fn check(flags: u16, len: u32, pointer: u16, expected: &str) {
    let one = segment('>', flags, len, Kind::Plain, OPEN);
    check_one(Segment { urgent: Some(pointer), seq: 100, ..one }, expected);
}

#[test]
fn a_segment_says_which_of_its_bytes_are_urgent() {
    let rest = |seq: u32| {
        format!(
            "The urgent pointer points at seq {seq}, behind the last of them: whoever reads is \
             told to go on quickly up to there. Common systems take the last byte alone for urgent \
             and hand it over apart; new programs do without (RFC 6093)."
        )
    };
    let [one, three, nine] = [101, 103, 109].map(rest);
    check(ACK, 1, 1, &format!("urgent | Marks its 1 byte as urgent | {one}"));
    check(ACK, 5, 3, &format!("urgent | Marks its first 3 bytes as urgent | {three}"));
    let more = "Marks its 5 bytes and the next 4 bytes as urgent";
    check(ACK, 5, 9, &format!("urgent | {more} | {nine}"));
    let to_come = "Says that urgent data is to come: 3 bytes";
    check(ACK, 0, 3, &format!("urgent | {to_come} | {three}"));
    check(
        ACK,
        2,
        0,
        "urgent | Is marked as urgent, and names no urgent byte | The urgent pointer points behind \
         the last urgent byte, and here at the first byte of the segment.",
    );
    // What means something else says it, too.
    check(
        FIN | ACK,
        3,
        3,
        &format!(
            "FIN, ACK | Has nothing more to send | The last 3 bytes ride along. The other \
             direction may go on until it says the same. Marks its 3 bytes as urgent. {three}"
        ),
    );
}

#[test]
fn a_reset_says_why_in_words_or_in_bytes() {
    let reset = segment('<', RST, 0, Kind::Plain, [[State::Closed; 2]; 2]);
    let told = of(&reset).unwrap();
    let check = |cause: &[u8], cut: u32, expected: &str| {
        let told = ending::with_cause(told.clone(), cause, cut);
        let before = line(&of(&reset).unwrap());
        assert_eq!(line(&told), format!("{before} {expected}"));
    };
    check(b"no such pool\0", 0, "It says why: “no such pool”.");
    let long = "x".repeat(130);
    check(b"no such", 5, "It says why: “no such…”");
    check(long.as_bytes(), 0, &format!("It says why: “{}…”", "x".repeat(120)));
    check(
        &[0xd9, 1],
        1,
        "It carries 3 bytes that may say why, and no standard says how to read them (RFC 9293, \
         section 3.5.3).",
    );
}
