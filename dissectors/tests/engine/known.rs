//! What sessions are told when they begin, what they leave for each other, and what they make out
//! of a state of their own.

use crate::made::known;
use crate::play::{CLIENT, Line, SERVER, Told, Wire, read};

fn facts(told: &[Told]) -> Vec<String> {
    let told = told.iter().filter(|one| one.protocol() == "known");
    told.map(|one| String::from_utf8_lossy(&one.facts).into_owned()).collect()
}

#[test]
fn a_session_knows_what_its_carrier_settled_and_who_began() {
    let line = Line::to(known::PORT);
    let mut wire = Wire::default();
    wire.connect(line);
    wire.send(line, CLIENT, b"abc");
    wire.send(line, SERVER, b"xyz");
    let expected = ["Stream a Some(Forward) after ", "Stream x Some(Forward) after abc"];
    assert_eq!(facts(&read(&wire.frames)), expected);
    // Without its handshake nobody knows who began; the shelf is each connection's own.
    let mut wire = Wire::default();
    wire.send(line, CLIENT, b"abc");
    wire.datagram(line, CLIENT, b"def");
    wire.datagram(line, CLIENT, b"ghi");
    let expected = ["Stream a None after ", "Stream d None after ", "Stream g None after def"];
    assert_eq!(facts(&read(&wire.frames)), expected);
}

#[test]
fn what_rests_on_all_that_came_before_is_made_again_with_equal_bytes() {
    let line = Line::to(known::TABLE_PORT);
    let mut wire = Wire::default();
    wire.connect(line);
    let mut sent: Vec<u8> = Vec::new();
    for round in 1..40u8 {
        let bytes = [round, 3, if round % 5 == 0 { 0 } else { 7 }, 1];
        wire.send(line, CLIENT, &bytes);
        sent.extend(bytes);
    }
    // All at once, without windows.
    let mut sum = 0u8;
    let mut expected = vec![Vec::new()];
    for byte in sent {
        sum = sum.wrapping_add(byte);
        expected.last_mut().unwrap().push(sum);
        if byte == 0 {
            expected.push(Vec::new());
        }
    }
    expected.pop();
    let told = read(&wire.frames);
    let complete: Vec<Vec<u8>> =
        told.iter().take(expected.len()).map(|one| one.facts.clone()).collect();
    assert_eq!(complete, expected);
    // The head of each is what its first frame gave of it.
    assert!(told.iter().zip(&expected).all(|(one, all)| all.starts_with(&one.bytes)));
    assert!(told.iter().all(|one| !one.bytes.is_empty() && !one.trace.is_empty()));
}
