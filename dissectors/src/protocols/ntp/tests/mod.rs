//! Packets made by hand, read back.

mod sentences;

use super::*;
use crate::engine::ports::Ports;
use crate::message::Relation;
use crate::protocols::stage::{Played, Step, ask, play_over, say};
use crate::telling::Outcome;

/// 2024-01-01 00:00:00 UTC, in seconds since 1900.
const THEN: u64 = 3_913_056_000;

/// A packet: flags, stratum, reference, and its four times in units of 2^-32 seconds.
fn packet(flags: u8, stratum: u8, reference: &[u8; 4], times: [u64; 4]) -> Vec<u8> {
    let mut bytes = vec![flags, stratum, 6, 0xec];
    bytes.extend([0, 0, 1, 0, 0, 0, 2, 0]);
    bytes.extend(reference);
    bytes.extend(times.map(u64::to_be_bytes).concat());
    bytes
}

fn client(sent: u64) -> Vec<u8> {
    packet(0x23, 0, &[0; 4], [0, 0, 0, sent])
}

fn server(origin: u64) -> Vec<u8> {
    let received = THEN << 32 | 0x8000_0000;
    // A millisecond later.
    packet(0x24, 2, &[192, 0, 2, 1], [THEN << 32, origin, received, received + (1 << 32) / 1000])
}

fn over_udp(steps: &[Step]) -> Played {
    play_over(Ports { framing: Framing::Datagram, ports: [40000, 123], began: None }, steps)
}

#[test]
fn an_answer_repeats_when_the_question_left() {
    let stage = over_udp(&[
        ask(client(5)),
        ask(client(6)),
        say(server(6)),
        say(server(5)),
        say(server(9)),
        say(server(5)),
    ]);
    assert!(stage.rows().starts_with("ntp@1 NTP Version 4, client\n"));
    assert!(stage.rows().contains("ntp@3 NTP Version 4, server\n"));
    let related: Vec<_> =
        stage.related().iter().map(|one| (one.from.0, one.relation, one.to.0)).collect();
    let answers = Relation::Answers;
    assert_eq!(related, [(2, answers, 1), (3, answers, 0), (5, Relation::Repeats, 3)]);
    assert_eq!(stage.values("ntp.request_in"), "2 1 1");
    assert_eq!(stage.values("ntp.delta_time"), "1000000 3000000 5000000");
}

#[test]
fn fields_have_their_names_and_kinds() {
    let mut bytes = server(5);
    bytes.extend([1, 4, 0, 28]);
    bytes.extend([7; 24]);
    bytes.extend([0, 0, 0, 1]);
    bytes.extend([9; 16]);
    let stage = over_udp(&[say(bytes)]);
    let check = |field: &str, expected: &str| assert_eq!(stage.values(field), expected, "{field}");
    check("ntp.flags", "36");
    check("ntp.flags.li", "0");
    check("ntp.flags.vn", "4");
    check("ntp.flags.mode", "4");
    check("ntp.stratum", "2");
    check("ntp.precision", "-20");
    check("ntp.refid", "c0000201");
    check("ntp.reftime", "1704067200000000000");
    check("ntp.rec", "1704067200500000000");
    check("ntp.ext.type", "260");
    check("ntp.ext.value", &"07".repeat(24));
    check("ntp.keyid", "00000001");
    check("ntp.mac", &"09".repeat(16));
}

#[test]
fn times_go_on_in_the_next_era() {
    assert_eq!(wire::nanos(0x8000_0000 << 32), -61_505_152_000_000_000);
    // 2036-02-07 06:28:17: the first second after the counter has come round.
    assert_eq!(wire::nanos(1 << 32), 2_085_978_497_000_000_000);
    assert_eq!(wire::between(u64::MAX, (1 << 32) - 1), 1_000_000_000);
}

#[test]
fn servers_are_asked_about_themselves() {
    let question = [0x16, 2, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0];
    let answer = [&[0x16, 0x82, 0, 7, 6, 0x15, 0, 0, 0, 0, 0, 4][..], b"a=b\n"].concat();
    let stage = over_udp(&[ask(question), say(answer)]);
    assert_eq!(stage.rows(), "ntp@1 NTP Version 2, control\nntp@2 NTP Version 2, control\n");
    assert_eq!(stage.related().len(), 1);
    assert_eq!(stage.values("ntp.ctrl.sequence"), "7 7");
    assert_eq!(stage.values("ntp.ctrl.flags2.opcode"), "2 2");
    let monlist = over_udp(&[ask([0x17, 0, 3, 42, 0, 0, 0, 0])]);
    assert_eq!(monlist.rows(), "ntp@1 NTP Version 2, private\n");
    assert_eq!(monlist.values("ntp.priv.reqcode"), "42");
}

/// What is told of the last packet.
#[track_caller]
fn check(steps: &[Step], label: &str, headline: &str, detail: &str) -> Telling {
    let stage = over_udp(steps);
    let told = Ntp.tell(stage.messages().last().unwrap(), &stage.view()).unwrap();
    assert_eq!(told.label, label);
    assert!(told.headline.contains(headline), "{}", told.headline);
    assert!(told.detail.contains(detail), "{}", told.detail);
    told
}

#[test]
fn what_packets_mean() {
    assert!(check(&[ask(client(5))], "What time is it?", "Asks a server", "repeats").turn.asks);
    let told = check(
        &[ask(client(5)), say(server(5))],
        "It is Jan  1, 2024 00:00:00 UTC",
        "Gives its time",
        "Stratum 2: so many steps from a reference clock. The question lay there for 999 µs",
    );
    assert!(told.turn.answers);
    assert!(!check(&[say(server(5))], "It is Jan  1, 2024 00:00:00 UTC", "", "").turn.answers);
    let kiss = packet(0xe4, 0, b"RATE", [0, 5, 0, 5]);
    let told = check(&[ask(client(5)), say(kiss)], "RATE", "too often", "kiss of death");
    assert_eq!(told.outcome, Outcome::Refused);
    let lost = packet(0xe4, 16, &[0; 4], [0, 5, 0, THEN << 32]);
    check(&[say(lost)], "It is Jan  1, 2024 00:00:00 UTC", "", "not synchronized");
    let reference = packet(0x25, 1, b"GPS\0", [0, 0, 0, 5]);
    check(&[say(reference)], "Broadcast", "unasked", "of its own (GPS).");
}

#[test]
fn the_head_decides_what_it_is() {
    let check = |bytes: &[u8], expected: Likelihood| {
        assert_eq!(Ntp.probe(bytes, Framing::Datagram), expected, "{bytes:02x?}");
    };
    let whole = client(5);
    check(&whole, Likelihood::Unsaid);
    check(&whole[..47], Likelihood::No);
    check(&[&whole[..], &[0]].concat(), Likelihood::No);
    check(&[&[0x03], &whole[1..]].concat(), Likelihood::No);
    check(&[&[0x20], &whole[1..]].concat(), Likelihood::No);
    check(&[&[0x23, 17], &whole[2..]].concat(), Likelihood::No);
    check(&[0x16, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], Likelihood::Unsaid);
    check(&[0x16, 0x40, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], Likelihood::No);
    check(&[], Likelihood::No);
    assert_eq!(Ntp.probe(&whole, Framing::Stream), Likelihood::No);
}

#[test]
fn cut_and_flipped_packets_never_panic() {
    let mut whole = server(5);
    whole.extend([1, 4, 0, 28]);
    whole.extend([7; 44]);
    for at in 0..whole.len() {
        over_udp(&[say(&whole[..at])]).rows();
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            over_udp(&[say(&bytes)]).rows();
        }
    }
}
