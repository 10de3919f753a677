//! Messages made by hand, read back.

use super::*;
use crate::engine::ports::Ports;
use crate::protocols::stage::{Played, Step, ask, play_over, say};
use crate::telling::Outcome;

const INITIATOR: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];
const RESPONDER: [u8; 8] = [9, 8, 7, 6, 5, 4, 3, 2];
const NOBODY: [u8; 8] = [0; 8];

/// A message: who answers, first payload, version, exchange, flags, number, and the payloads.
fn message(responder: [u8; 8], head: [u8; 4], id: u32, payloads: &[Vec<u8>]) -> Vec<u8> {
    let body = payloads.concat();
    let len = 28 + body.len() as u32;
    [&INITIATOR[..], &responder, &head, &id.to_be_bytes(), &len.to_be_bytes(), &body].concat()
}

/// A payload, which names the next one.
fn payload(next: u8, body: &[u8]) -> Vec<u8> {
    let len = (4 + body.len() as u16).to_be_bytes();
    [&[next, 0], &len[..], body].concat()
}

/// An offer of version 2: AES with 256 bits in CBC mode, and a group.
fn offer(next: u8) -> Vec<u8> {
    let cipher = payload(3, &[1, 0, 0, 12, 0x80, 14, 1, 0]);
    let group = payload(0, &[4, 0, 0, 14]);
    let proposal = payload(0, &[&[1, 1, 0, 2][..], &cipher, &group].concat());
    payload(next, &proposal)
}

fn init(responder: [u8; 8], flags: u8) -> Vec<u8> {
    let key = payload(40, &[0, 14, 0, 0, 0xaa, 0xbb]);
    let nonce = payload(0, &[7; 16]);
    message(responder, [33, 0x20, 34, flags], 0, &[offer(34), key, nonce])
}

fn sealed(flags: u8) -> Vec<u8> {
    message(RESPONDER, [46, 0x20, 35, flags], 1, &[payload(35, &[0xcc; 20])])
}

fn refusal(note: u16) -> Vec<u8> {
    let [high, low] = note.to_be_bytes();
    message(NOBODY, [41, 0x20, 34, 0x20], 0, &[payload(0, &[0, 0, high, low, 0xee])])
}

fn main_mode(responder: [u8; 8]) -> Vec<u8> {
    let short = |kind: u8, value: u16| [&[0x80, kind], &value.to_be_bytes()[..]].concat();
    let attributes = [short(1, 7), short(2, 4), short(3, 1), vec![0, 12, 0, 4, 0, 1, 0x51, 0x80]];
    let transform = payload(0, &[&[1, 1, 0, 0][..], &attributes.concat()].concat());
    let proposal = payload(0, &[&[1, 1, 0, 1][..], &transform].concat());
    let sa = payload(13, &[&[0, 0, 0, 1, 0, 0, 0, 1][..], &proposal].concat());
    message(responder, [1, 0x10, 2, 0], 0, &[sa, payload(0, &[0xab; 16])])
}

fn over_udp(steps: &[Step]) -> Played {
    play_over(Ports { framing: Framing::Datagram, ports: [500, 500], began: None }, steps)
}

/// What each message means.
fn tellings(stage: &Played) -> Vec<Telling> {
    let told = stage.messages().iter().map(|message| Isakmp.tell(message, &stage.view()));
    told.map(Option::unwrap).collect()
}

/// What one message has wrong.
fn notes(message: Vec<u8>) -> String {
    let stage = over_udp(&[ask(message)]);
    stage.messages().iter().flat_map(|message| stage.describe(message).notes).collect()
}

#[test]
fn two_pairs_of_messages_open_a_tunnel() {
    let steps = [
        ask(init(NOBODY, 0x08)),
        ask(init(NOBODY, 0x08)),
        say(init(RESPONDER, 0x20)),
        ask(sealed(0x08)),
        say(sealed(0x20)),
    ];
    let stage = over_udp(&steps);
    assert_eq!(
        stage.rows(),
        "isakmp@1 IKE_SA_INIT MID=00 Initiator Request\n\
         isakmp@2 IKE_SA_INIT MID=00 Initiator Request\n\
         isakmp@3 IKE_SA_INIT MID=00 Responder Response\n\
         isakmp@4 IKE_AUTH MID=01 Initiator Request\n\
         isakmp@5 IKE_AUTH MID=01 Responder Response\n"
    );
    let outcomes: Vec<_> = tellings(&stage).into_iter().map(|told| told.outcome).collect();
    assert_eq!(outcomes[1], Outcome::Repeated);
    check_values(&init(NOBODY, 0x08), "isakmp.ispi", "0102030405060708");
    check_values(&init(NOBODY, 0x08), "isakmp.typepayload", "33 2 3 3 34 40");
    check_values(&init(NOBODY, 0x08), "isakmp.nextpayload", "33 34 0 3 0 40 0");
    check_values(&init(NOBODY, 0x08), "isakmp.tf.id.encr", "12");
    check_values(&init(NOBODY, 0x08), "isakmp.ike2.attr.key_length", "256");
    check_values(&init(NOBODY, 0x08), "isakmp.tf.id.dh", "14");
    check_values(&init(NOBODY, 0x08), "isakmp.key_exchange.dh_group", "14");
    check_values(&init(NOBODY, 0x08), "isakmp.flag_i", "1");
    check_values(&init(NOBODY, 0x08), "isakmp.flag_e", "");
    // What the sealed payload names lies inside it.
    check_values(&sealed(0x08), "isakmp.typepayload", "46");
}

/// The values of a field in one message.
#[track_caller]
fn check_values(message: &[u8], field: &str, expected: &str) {
    assert_eq!(over_udp(&[ask(message)]).values(field), expected, "{field}");
}

#[test]
fn version_1_is_read_by_what_it_carries() {
    let stage = over_udp(&[ask(main_mode(NOBODY)), say(main_mode(RESPONDER))]);
    let rows =
        "isakmp@1 Identity Protection (Main Mode)\nisakmp@2 Identity Protection (Main Mode)\n";
    assert_eq!(stage.rows(), rows);
    let headlines: Vec<_> = tellings(&stage).into_iter().map(|told| told.headline).collect();
    assert_eq!(headlines[0], "Offers ciphers, and ways to prove who one is");
    assert_eq!(headlines[1], "Chooses among what was offered");
    let offered = main_mode(NOBODY);
    check_values(&offered, "isakmp.sa.doi", "1");
    check_values(&offered, "isakmp.ike.attr.encryption_algorithm", "7");
    check_values(&offered, "isakmp.ike.attr.hash_algorithm", "4");
    check_values(&offered, "isakmp.ike.attr.life_duration", "86400");
    check_values(&offered, "isakmp.ike.attr.value", "0007 0004 0001 00015180");
    check_values(&offered, "isakmp.vid_bytes", &"ab".repeat(16));
    // Sealed messages of version 1 are sealed as a whole.
    let quick = message(RESPONDER, [8, 0x10, 32, 1], 77, &[vec![0x5a; 32]]);
    check_values(&quick, "isakmp.typepayload", "");
    check_values(&quick, "isakmp.flag_e", "1");
}

#[test]
fn a_responder_may_say_no_or_ask_for_a_cookie() {
    let told = |note| {
        let stage = over_udp(&[ask(init(NOBODY, 0x08)), say(refusal(note))]);
        tellings(&stage).pop().map(|told| (told.label.to_string(), told.outcome))
    };
    let done = tellings(&over_udp(&[ask(init(NOBODY, 0x08))]))[0].outcome;
    assert_eq!(told(14), Some(("Refused".to_owned(), Outcome::Refused)));
    assert_eq!(told(16390), Some(("Cookie".to_owned(), done)));
    assert_eq!(told(17), Some(("Other group".to_owned(), done)));
    check_values(&refusal(14), "isakmp.notify.msgtype", "14");
    check_values(&refusal(14), "isakmp.notify.data", "ee");
}

#[test]
fn beside_esp_a_marker_stands_before_it() {
    let marked = [&[0; 4][..], &init(NOBODY, 0x08)].concat();
    let ports = Ports { framing: Framing::Datagram, ports: [4500, 4500], began: None };
    let stage = play_over(ports, &[ask(&marked)]);
    assert_eq!(stage.rows(), "isakmp@1 IKE_SA_INIT MID=00 Initiator Request\n");
    assert_eq!(stage.values("isakmp.messageid"), "0");
}

fn check_probe(bytes: &[u8], expected: Likelihood) {
    assert_eq!(Isakmp.probe(bytes, Framing::Datagram), expected, "{bytes:?}");
}

#[test]
fn only_numbers_that_fit_each_other_are_taken_for_it() {
    let whole = init(NOBODY, 0x08);
    check_probe(&whole, Likelihood::Surely);
    check_probe(&whole[..whole.len() - 1], Likelihood::Unsaid);
    check_probe(&whole[..27], Likelihood::No);
    let mut other = whole.clone();
    // An exchange of version 1 in version 2, and a version that is none.
    other[18] = 2;
    check_probe(&other, Likelihood::No);
    other[17] = 0x30;
    check_probe(&other, Likelihood::No);
    check_probe(&[0; 40], Likelihood::No);
}

#[test]
fn payloads_that_claim_too_much_are_said() {
    let long = [0, 0, 0, 40, 1, 2, 3];
    let message = message(NOBODY, [33, 0x20, 34, 8], 0, &[long.to_vec()]);
    let said = notes(message);
    assert!(said.contains("A payload claims 40 bytes, and 7 are there"), "{said}");
    let none = [0, 0, 0, 3, 1];
    let message = self::message(NOBODY, [40, 0x20, 34, 8], 0, &[none.to_vec()]);
    let said = notes(message);
    assert!(said.contains("A payload claims 3 bytes, and 5 are there"), "{said}");
    // Wherever a message ends, what is opened is closed, and nothing is read beyond.
    let whole = main_mode(NOBODY);
    for len in 28..whole.len() {
        over_udp(&[ask(&whole[..len])]).values("isakmp.length");
    }
}
