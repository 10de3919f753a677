//! Messages made by hand, read back.

mod sentences;

use super::*;
use crate::engine::ports::Ports;
use crate::protocols::stage::{Played, Step, ask, play_over, say};
use crate::telling::Outcome;

const MAC: [u8; 6] = [0x02, 0, 0, 0, 0, 0x07];

/// A message: who speaks, number, addresses (client, yours, relay), and options behind the cookie.
fn message(op: u8, id: u32, [client, yours, relay]: [[u8; 4]; 3], options: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![op, 1, 6, 0];
    bytes.extend(id.to_be_bytes());
    bytes.extend([0, 3, 0x80, 0]);
    bytes.extend([client, yours, [0; 4], relay].concat());
    bytes.extend(MAC);
    bytes.extend([0; 10 + 64 + 128]);
    bytes.extend(wire::COOKIE);
    bytes.extend(options.concat());
    bytes.push(255);
    bytes
}

const NONE: [[u8; 4]; 3] = [[0; 4]; 3];
const YOURS: [[u8; 4]; 3] = [[0; 4], [192, 0, 2, 7], [0; 4]];
const SERVER: &[u8] = &[54, 4, 192, 0, 2, 1];
const LEASE: &[u8] = &[51, 4, 0, 0, 0x0e, 0x10];

fn discover(id: u32) -> Vec<u8> {
    message(1, id, NONE, &[&[53, 1, 1], &[12, 4, b'h', b'o', b's', b't'], &[55, 2, 1, 3]])
}

fn offer(id: u32) -> Vec<u8> {
    message(2, id, YOURS, &[&[53, 1, 2], SERVER, LEASE, &[3, 4, 192, 0, 2, 254]])
}

fn request(id: u32) -> Vec<u8> {
    message(1, id, NONE, &[&[53, 1, 3], &[50, 4, 192, 0, 2, 7], SERVER])
}

fn ack(id: u32) -> Vec<u8> {
    message(2, id, YOURS, &[&[53, 1, 5], SERVER, LEASE])
}

fn over_udp(steps: &[Step]) -> Played {
    play_over(Ports { framing: Framing::Datagram, ports: [68, 67], began: None }, steps)
}

#[test]
fn a_lease_in_four_messages() {
    let stage = over_udp(&[ask(discover(7)), say(offer(7)), ask(request(7)), say(ack(7))]);
    assert_eq!(
        stage.rows(),
        "dhcp@1 DHCP Discover - Transaction ID 0x7\n\
         dhcp@2 DHCP Offer    - Transaction ID 0x7\n\
         dhcp@3 DHCP Request  - Transaction ID 0x7\n\
         dhcp@4 DHCP ACK      - Transaction ID 0x7\n"
    );
    let related: Vec<_> =
        stage.related().iter().map(|one| (one.from.0, one.relation, one.to.0)).collect();
    let answers = crate::message::Relation::Answers;
    assert_eq!(related, [(1, answers, 0), (3, answers, 2)]);
}

#[test]
fn who_hears_nothing_asks_again_and_two_servers_may_offer() {
    let steps = [ask(discover(7)), ask(discover(7)), say(offer(7)), say(offer(7)), {
        let other: &[u8] = &[54, 4, 192, 0, 2, 2];
        say(message(2, 7, YOURS, &[&[53, 1, 2], other]))
    }];
    let stage = over_udp(&steps);
    let related: Vec<_> = stage
        .related()
        .iter()
        .map(|one| format!("{} {:?} {}", one.from.0, one.relation, one.to.0))
        .collect();
    assert_eq!(related, ["1 Repeats 0", "2 Answers 0", "3 Repeats 2", "4 Answers 0"]);
}

/// What is told of the last message.
#[track_caller]
fn check(steps: &[Step], label: &str, headline: &str, lesson: &str) -> Telling {
    let stage = over_udp(steps);
    let told = Dhcp.tell(stage.messages().last().unwrap(), &stage.view()).unwrap();
    assert_eq!(told.label, label);
    assert!(told.headline.contains(headline), "{}", told.headline);
    assert_eq!(told.lesson, Some(lesson));
    told
}

#[test]
fn what_messages_mean() {
    let told = check(&[ask(discover(7))], "Discover", "everybody on the link", "dhcp/lease");
    assert!(told.turn.asks && told.detail.contains("02:00:00:00:00:07"), "{}", told.detail);
    assert!(told.detail.contains("calls itself host"), "{}", told.detail);
    let told = check(&[ask(discover(7)), say(offer(7))], "Offer 192.0.2.7", "Offers", "dhcp/lease");
    assert!(told.turn.answers && told.detail.contains("For 1 hour. Router: 192.0.2.254."));
    let told = check(&[ask(discover(7)), ask(discover(7))], "Discover", "once more", "dhcp/lease");
    assert_eq!(told.outcome, Outcome::Repeated);
    check(&[ask(request(7))], "Request 192.0.2.7", "Takes one offer", "dhcp/lease");
    let renewal = message(1, 8, [[192, 0, 2, 7], [0; 4], [0; 4]], &[&[53, 1, 3]]);
    check(&[ask(renewal)], "Request 192.0.2.7", "keep the address", "dhcp/lease");
    let told = check(&[say(ack(7))], "ACK 192.0.2.7", "may use it now", "dhcp/lease");
    assert!(!told.turn.answers, "what it answers was not captured");
    let nak = message(2, 7, NONE, &[&[53, 1, 6], SERVER, &[56, 5, b'w', b'r', b'o', b'n', b'g']]);
    let told = check(&[ask(request(7)), say(nak)], "NAK", "Refuses", "dhcp/refusal");
    assert!(told.detail.contains("says: wrong."), "{}", told.detail);
    let decline = message(1, 7, NONE, &[&[53, 1, 4]]);
    let told = check(&[ask(decline)], "Decline", "somebody else", "dhcp/refusal");
    assert!(!told.turn.asks, "nothing answers it");
}

#[test]
fn fields_have_their_names_and_kinds() {
    let client = message(
        1,
        0x1234,
        NONE,
        &[
            &[53, 1, 1],
            &[61, 7, 1, 2, 0, 0, 0, 0, 7],
            &[81, 5, 1, 0, 0, b'h', b'.'],
            &[82, 4, 1, 2, 0xaa, 0xbb],
            &[77, 3, 2, b'u', b'c'],
            &[0, 0],
        ],
    );
    let stage = over_udp(&[ask(client)]);
    let check = |field: &str, expected: &str| assert_eq!(stage.values(field), expected, "{field}");
    check("dhcp.type", "1");
    check("dhcp.id", "4660");
    check("dhcp.secs", "3");
    check("dhcp.flags.bc", "1");
    check("dhcp.hw.mac_addr", "020000000007 020000000007");
    check("dhcp.ip.client", "00000000");
    check("dhcp.option.type", "53 61 81 82 77 0 255");
    check("dhcp.option.dhcp", "1");
    check("dhcp.fqdn.s", "1");
    check("dhcp.fqdn.name", "h.");
    check("dhcp.option.agent_information_option.agent_circuit_id", "aabb");
    check("dhcp.option.user_class.data", "7563");
    check("dhcp.option.end", "255");
}

#[test]
fn options_run_over_into_the_names() {
    let mut bytes = message(2, 7, YOURS, &[&[53, 1, 5], &[52, 1, 2]]);
    bytes[44..51].copy_from_slice(&[3, 4, 192, 0, 2, 254, 255]);
    let stage = over_udp(&[say(bytes)]);
    assert_eq!(stage.values("dhcp.option.router"), "c00002fe");
    assert_eq!(stage.values("dhcp.server"), "");
}

#[test]
fn bootp_has_no_options() {
    let mut bytes = message(1, 7, NONE, &[]);
    bytes.truncate(wire::OPTIONS);
    bytes.extend([0; 64]);
    let stage = over_udp(&[ask(bytes)]);
    let row = "dhcp@1 Boot Request from 02:00:00:00:00:07 (02:00:00:00:00:07)\n";
    assert_eq!(stage.rows(), row);
}

#[test]
fn the_head_decides_what_it_is() {
    let check = |bytes: &[u8], expected: Likelihood| {
        assert_eq!(Dhcp.probe(bytes, Framing::Datagram), expected, "{bytes:02x?}");
    };
    let whole = discover(7);
    check(&whole, Likelihood::Surely);
    check(&whole[..wire::OPTIONS], Likelihood::Unsaid);
    check(&whole[..43], Likelihood::No);
    check(&[&[3], &whole[1..]].concat(), Likelihood::No);
    check(&[&whole[..2], &[17], &whole[3..]].concat(), Likelihood::No);
    check(&[&whole[..3], &[40], &whole[4..]].concat(), Likelihood::No);
    assert_eq!(Dhcp.probe(&whole, Framing::Stream), Likelihood::No);
    let other = over_udp(&[ask(b"no message at all, whatever the port says it were")]);
    assert!(other.rows().starts_with("data@1 "), "{}", other.rows());
}

#[test]
fn names_hold_for_both_sides_and_not_behind_a_relay() {
    let known = |_: &[u8]| false;
    let (asked, said) = (discover(0x0102_0304), offer(0x0102_0304));
    assert_eq!(Dhcp.bears(&asked, &known), Bears::Opening(&[1, 1, 6, 0, 1, 2, 3, 4]));
    assert_eq!(Dhcp.bears(&said, &known), Bears::Opening(&[2, 1, 6, 0, 1, 2, 3, 4]));
    let relayed = message(1, 7, [[0; 4], [0; 4], [192, 0, 2, 9]], &[&[53, 1, 1]]);
    assert_eq!(Dhcp.bears(&relayed, &known), Bears::Nothing);
}

#[test]
fn a_message_cut_anywhere_is_told_as_far_as_it_goes() {
    let whole = offer(7);
    for len in 0..whole.len() {
        let stage = over_udp(&[say(&whole[..len])]);
        assert_eq!(stage.rows().starts_with("dhcp@1 "), len >= wire::HEAD, "{len}");
    }
}

#[test]
fn flipped_bits_never_panic() {
    let whole = message(1, 7, NONE, &[&[53, 1, 1], &[52, 1, 3], &[82, 4, 1, 2, 0xaa, 0xbb]]);
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            over_udp(&[ask(&bytes)]).rows();
        }
    }
}
