//! Messages made by hand, read back.

use super::*;
use crate::engine::ports::Ports;
use crate::protocols::stage::{Played, Step, ask, play_over, say};
use crate::telling::Outcome;

fn option(code: u8, data: &[&[u8]]) -> Vec<u8> {
    let data = data.concat();
    [&[0, code, 0, data.len() as u8][..], &data].concat()
}

/// A DUID with a link-layer address.
const DUID: &[u8] = &[0, 3, 0, 1, 2, 0, 0, 0, 0, 7];
const ADDRESS: [u8; 16] = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7];

fn message(kind: u8, id: u8, options: &[Vec<u8>]) -> Vec<u8> {
    [&[kind, 0, 0, id][..], &options.concat()].concat()
}

fn lease(inside: &[u8]) -> Vec<u8> {
    option(3, &[&[0, 0, 0, 9], &[0, 0, 14, 16], &[0, 0, 21, 24], inside])
}

fn given() -> Vec<u8> {
    lease(&option(5, &[&ADDRESS, &[0, 0, 14, 16], &[0, 0, 28, 32]]))
}

fn solicit(id: u8) -> Vec<u8> {
    message(
        1,
        id,
        &[option(1, &[DUID]), option(8, &[&[0, 96]]), option(6, &[&[0, 23, 0, 24]]), lease(&[])],
    )
}

fn reply(id: u8) -> Vec<u8> {
    let search = option(24, &[b"\x07example\x03org\0"]);
    message(7, id, &[option(1, &[DUID]), option(2, &[DUID]), given(), search])
}

fn relay(kind: u8, inner: &[u8]) -> Vec<u8> {
    [&[kind, 0][..], &ADDRESS, &ADDRESS, &option(9, &[inner])].concat()
}

fn over_udp(steps: &[Step]) -> Played {
    play_over(Ports { framing: Framing::Datagram, ports: [546, 547], began: None }, steps)
}

#[test]
fn an_exchange_has_a_number() {
    let advertise = message(2, 7, &[option(1, &[DUID]), given()]);
    let stage = over_udp(&[
        ask(solicit(7)),
        ask(solicit(7)),
        say(advertise),
        ask(solicit(8)),
        say(reply(8)),
    ]);
    let rows = stage.rows();
    assert!(rows.starts_with("dhcpv6@1 Solicit XID: 0x7 CID: 00030001020000000007 \n"), "{rows}");
    let row = "dhcpv6@5 Reply XID: 0x8 CID: 00030001020000000007 IAA: 2001:db8::7 \n";
    assert!(rows.ends_with(row), "{rows}");
    let related: Vec<_> = stage
        .related()
        .iter()
        .map(|one| format!("{} {:?} {}", one.from.0, one.relation, one.to.0))
        .collect();
    assert_eq!(related, ["1 Repeats 0", "2 Answers 0", "4 Answers 3"]);
}

#[test]
fn fields_have_their_names_and_kinds() {
    let stage = over_udp(&[ask(solicit(7)), say(reply(7))]);
    let check = |field: &str, expected: &str| assert_eq!(stage.values(field), expected, "{field}");
    check("dhcpv6.msgtype", "1 7");
    check("dhcpv6.xid", "7 7");
    check("dhcpv6.option.type", "1 8 6 3 1 2 3 5 24");
    check("dhcpv6.requested_option_code", "23 24");
    check("dhcpv6.duidll.link_layer_addr_ether", "020000000007 020000000007 020000000007");
    check("dhcpv6.iaid", "00000009 00000009");
    check("dhcpv6.iaid.t1", "3600 3600");
    check("dhcpv6.iaaddr.ip", "20010db8000000000000000000000007");
    check("dhcpv6.iaaddr.valid_lifetime", "7200");
    check("dhcpv6.search_list_entry", "example.org.");
    check("dhcpv6.elapsed_time", "960");
}

#[test]
fn a_relay_wraps_the_message() {
    let (to, back) = (relay(12, &solicit(7)), relay(13, &reply(7)));
    let stage = over_udp(&[ask(to), say(back)]);
    let row = "dhcpv6@1 Relay-forw L: 2001:db8::7 Solicit XID: 0x7 CID: 00030001020000000007 \n";
    assert!(stage.rows().starts_with(row), "{}", stage.rows());
    assert_eq!(stage.related().len(), 1);
    assert_eq!(stage.values("dhcpv6.msgtype"), "12 1 13 7");
    check(&[ask(relay(12, &solicit(7)))], "relays Solicit", "Hands");
    // Deeper than any message is.
    let deep = (0..200).fold(solicit(7), |inner, _| {
        let inner = inner.get(..200).unwrap_or(&inner).to_vec();
        relay(12, &inner)
    });
    over_udp(&[ask(deep)]).rows();
}

/// What is told of the last message.
#[track_caller]
fn check(steps: &[Step], label: &str, headline: &str) -> Telling {
    let stage = over_udp(steps);
    let told = Dhcpv6.tell(stage.messages().last().unwrap(), &stage.view()).unwrap();
    assert_eq!((told.label.as_str(), told.lesson), (label, Some("dhcpv6/exchange")));
    assert!(told.headline.contains(headline), "{}", told.headline);
    told
}

#[test]
fn what_messages_mean() {
    assert!(check(&[ask(solicit(7))], "Solicit", "Asks all servers").turn.asks);
    let told = check(&[ask(solicit(7)), say(reply(7))], "Reply 2001:db8::7", "may use it now");
    assert!(told.turn.answers);
    let prefix = option(26, &[&[0; 8], &[56], &ADDRESS]);
    let delegated = message(7, 7, &[option(25, &[&[0; 12], &prefix])]);
    check(&[say(delegated)], "Reply 2001:db8::7/56", "may use it now");
    let none = message(7, 7, &[lease(&option(13, &[&[0, 2], b"none left"]))]);
    let told = check(&[say(none)], "NoAddrsAvail", "Refuses");
    assert_eq!(
        (told.outcome, told.detail.as_str()),
        (Outcome::Refused, "The server says: none left.")
    );
    check(&[ask(message(11, 7, &[]))], "Information-request", "other settings");
}

#[test]
fn the_head_decides_what_it_is() {
    let check = |bytes: &[u8], expected: Likelihood| {
        assert_eq!(Dhcpv6.probe(bytes, Framing::Datagram), expected, "{bytes:02x?}");
    };
    check(&solicit(7), Likelihood::Unsaid);
    check(&message(11, 7, &[]), Likelihood::Unsaid);
    check(&message(0, 7, &[option(1, &[DUID])]), Likelihood::No);
    check(&message(38, 7, &[option(1, &[DUID])]), Likelihood::No);
    check(&message(1, 7, &[option(0, &[DUID])]), Likelihood::No);
    check(&relay(12, &solicit(7)), Likelihood::Unsaid);
    check(&relay(12, &solicit(7))[..34], Likelihood::No);
    check(&[1, 0, 0], Likelihood::No);
    assert_eq!(Dhcpv6.probe(&solicit(7), Framing::Stream), Likelihood::No);
}

#[test]
fn names_hold_for_both_sides_and_not_behind_a_relay() {
    let known = |_: &[u8]| false;
    assert_eq!(Dhcpv6.bears(&solicit(7), &known), Bears::Opening(&[1, 0, 0, 7]));
    assert_eq!(Dhcpv6.bears(&reply(7), &known), Bears::Opening(&[7, 0, 0, 7]));
    assert_eq!(Dhcpv6.bears(&relay(12, &solicit(7)), &known), Bears::Nothing);
}

#[test]
fn cut_and_flipped_messages_never_panic() {
    for whole in [solicit(7), reply(7), relay(13, &reply(7))] {
        for at in 0..whole.len() {
            over_udp(&[ask(&whole[..at])]).rows();
            for bit in 0..8 {
                let mut bytes = whole.clone();
                bytes[at] ^= 1 << bit;
                over_udp(&[ask(&bytes)]).rows();
            }
        }
    }
}
