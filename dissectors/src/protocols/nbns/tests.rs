//! Messages made by hand, read back.

use super::*;
use crate::engine::ports::Ports;
use crate::protocols::stage::{Played, Step, ask, play_over, say};
use crate::telling::Outcome;

/// A name as it is written: fifteen bytes filled with blanks, and the service.
fn name(text: &str, service: u8) -> Vec<u8> {
    let mut bytes = [b' '; 16];
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes[15] = service;
    if text == "*" {
        bytes[1..].fill(0);
    }
    let letters = bytes.iter().flat_map(|byte| [b'A' + (byte >> 4), b'A' + (byte & 15)]);
    [32].into_iter().chain(letters).chain([0]).collect()
}

fn message(id: u16, flags: u16, counts: [u16; 4], parts: &[Vec<u8>]) -> Vec<u8> {
    let head = [[id, flags], [counts[0], counts[1]], [counts[2], counts[3]]].concat();
    let head: Vec<u8> = head.into_iter().flat_map(u16::to_be_bytes).collect();
    [head, parts.concat()].concat()
}

fn query(id: u16) -> Vec<u8> {
    message(id, 0x0110, [1, 0, 0, 0], &[name("FRED", 0x20), vec![0, 32, 0, 1]])
}

fn record(name: &[u8], kind: u8, data: &[u8]) -> Vec<u8> {
    let len = (data.len() as u16).to_be_bytes();
    [name, &[0, kind, 0, 1, 0, 0, 1, 44], &len[..], data].concat()
}

fn answer(id: u16) -> Vec<u8> {
    let data = [0x60, 0, 192, 0, 2, 1];
    message(id, 0x8500, [0, 1, 0, 0], &[record(&name("FRED", 0x20), 32, &data)])
}

fn state() -> Vec<u8> {
    let mut data = vec![1];
    data.extend(b"FRED           \x20");
    data.extend([0x04, 0]);
    data.extend([2, 0, 0, 0, 0, 7]);
    data.extend([0; 40]);
    message(9, 0x8400, [0, 1, 0, 0], &[record(&name("*", 0), 33, &data)])
}

fn over_udp(steps: &[Step]) -> Played {
    play_over(Ports { framing: Framing::Datagram, ports: [137, 137], began: None }, steps)
}

#[test]
fn a_name_is_asked_for_and_given() {
    let stage = over_udp(&[ask(query(7)), ask(query(7)), say(answer(7))]);
    assert_eq!(
        stage.rows(),
        "nbns@1 Name query NB FRED<20>\n\
         nbns@2 Name query NB FRED<20>\n\
         nbns@3 Name query response NB 192.0.2.1\n"
    );
    let related: Vec<_> = stage
        .related()
        .iter()
        .map(|one| format!("{} {:?} {}", one.from.0, one.relation, one.to.0))
        .collect();
    assert_eq!(related, ["1 Repeats 0", "2 Answers 0"]);
    let check = |field: &str, expected: &str| assert_eq!(stage.values(field), expected, "{field}");
    check("nbns.name", "FRED<20> FRED<20> FRED<20>");
    check("nbns.flags.broadcast", "1 1 0");
    check("nbns.nb_flags.ont", "3");
    check("nbns.addr", "c0000201");
    check("nbns.ttl", "300");
}

#[test]
fn a_host_tells_its_names() {
    let stage = over_udp(&[say(state())]);
    assert_eq!(stage.rows(), "nbns@1 Name query response NBSTAT\n");
    let star = format!("*{}", "<00>".repeat(15));
    assert_eq!(stage.values("nbns.name"), star);
    assert_eq!(stage.values("nbns.netbios_name"), "FRED");
    assert_eq!(stage.values("nbns.name_flags.act"), "1");
    assert_eq!(stage.values("nbns.unit_id"), "020000000007");
    assert_eq!(stage.values("nbns.session_data_packet_size"), "0");
}

/// What is told of the last message.
#[track_caller]
fn check(steps: &[Step], label: &str, headline: &str, detail: &str) -> Telling {
    let stage = over_udp(steps);
    let told = Nbns.tell(stage.messages().last().unwrap(), &stage.view()).unwrap();
    assert_eq!((told.label.as_str(), told.lesson), (label, Some("nbns/name")));
    assert!(told.headline.contains(headline), "{}", told.headline);
    assert!(told.detail.contains(detail), "{}", told.detail);
    told
}

#[test]
fn what_messages_mean() {
    let told = check(&[ask(query(7))], "FRED<20>", "Asks who has", "stands for the file server");
    assert!(!told.turn.asks, "everybody hears it");
    let told = check(&[ask(query(7)), say(answer(7))], "192.0.2.1", "Has the name", "FRED<20>");
    assert!(told.turn.answers);
    check(&[say(state())], "1 names", "Gives its names", "");
    let pointer = record(&[0xc0, 12], 32, &[0, 0, 192, 0, 2, 1]);
    let parts = [name("FRED", 0), vec![0, 32, 0, 1], pointer];
    let claim = message(7, 0x2910, [1, 0, 0, 1], &parts);
    check(&[ask(&claim)], "claim FRED<00>", "Claims a name", "Everybody");
    assert_eq!(over_udp(&[ask(claim)]).rows(), "nbns@1 Registration NB FRED<00>\n");
    let no = message(7, 0x8583, [0, 1, 0, 0], &[record(&name("FRED", 0), 32, &[])]);
    let told = check(&[say(&no)], "Requested name does not exist", "Says no", "");
    assert_eq!(told.outcome, Outcome::Refused);
    let row = "nbns@1 Name query response, Requested name does not exist NB\n";
    assert_eq!(over_udp(&[say(no)]).rows(), row);
}

#[test]
fn name_and_type_decide_what_it_is() {
    let check = |bytes: &[u8], expected: Likelihood| {
        assert_eq!(Nbns.probe(bytes, Framing::Datagram), expected, "{bytes:02x?}");
    };
    let whole = query(7);
    check(&whole, Likelihood::Surely);
    check(&whole[..47], Likelihood::Unsaid);
    check(&whole[..40], Likelihood::Unsaid);
    check(&whole[..11], Likelihood::No);
    let mut dns = message(7, 0x0100, [1, 0, 0, 0], &[b"\x03www\x07example\x03org\0".to_vec()]);
    dns.extend([0, 1, 0, 1]);
    dns.resize(60, 0);
    check(&dns, Likelihood::No);
    let mut small = whole.clone();
    small[13] = b'a';
    check(&small, Likelihood::No);
    let mut many = whole.clone();
    many[5] = 2;
    check(&many, Likelihood::No);
    assert_eq!(Nbns.probe(&whole, Framing::Stream), Likelihood::No);
}

#[test]
fn cut_and_flipped_messages_never_panic() {
    for whole in [query(7), answer(7), state()] {
        for at in 0..whole.len() {
            let stage = over_udp(&[ask(&whole[..at])]);
            for message in stage.messages() {
                let heard = stage.describe(message);
                assert!(stage.rows().starts_with("data@") || at > 80 || !heard.notes.is_empty());
            }
            for bit in 0..8 {
                let mut bytes = whole.clone();
                bytes[at] ^= 1 << bit;
                over_udp(&[ask(&bytes)]).rows();
            }
        }
    }
}
