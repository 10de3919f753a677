//! Packets made by hand, read back.

use super::*;
use crate::engine::ports::Ports;
use crate::protocols::stage::{Played, Step, ask, check_told, play_over, say};
use crate::telling::Outcome;

fn attribute(kind: u8, value: &[u8]) -> Vec<u8> {
    [&[kind, value.len() as u8 + 2], value].concat()
}

fn packet(code: u8, id: u8, attributes: &[Vec<u8>]) -> Vec<u8> {
    let attributes = attributes.concat();
    let len = (wire::HEAD + attributes.len()) as u16;
    let mut bytes = vec![code, id];
    bytes.extend(len.to_be_bytes());
    bytes.extend([0xaa; 16]);
    bytes.extend(attributes);
    bytes
}

fn request(id: u8) -> Vec<u8> {
    packet(1, id, &[attribute(1, b"ann"), attribute(2, &[7; 16]), attribute(4, &[192, 0, 2, 1])])
}

fn over_udp(steps: &[Step]) -> Played {
    play_over(Ports { framing: Framing::Datagram, ports: [40000, 1812], began: None }, steps)
}

#[test]
fn numbers_pair_and_what_comes_again_is_the_same() {
    let accept = packet(2, 7, &[attribute(27, &[0, 0, 14, 16])]);
    let other = packet(1, 7, &[attribute(1, b"bob")]);
    let reject = packet(3, 7, &[attribute(18, b"no")]);
    let steps = [ask(request(7)), ask(request(7)), say(accept), ask(other), say(reject)];
    let stage = over_udp(&steps);
    assert_eq!(
        stage.rows(),
        "radius@1 Access-Request id=7\n\
         radius@2 Access-Request id=7, Duplicate Request\n\
         radius@3 Access-Accept id=7\n\
         radius@4 Access-Request id=7\n\
         radius@5 Access-Reject id=7\n"
    );
    let related: Vec<_> = stage
        .related()
        .iter()
        .map(|one| format!("{} {:?} {}", one.from.0, one.relation, one.to.0))
        .collect();
    assert_eq!(related, ["1 Repeats 0", "2 Answers 0", "4 Answers 3"]);
    assert_eq!(stage.values("radius.reqframe"), "1 4");
    assert_eq!(stage.values("radius.req.dup"), "1");
}

#[test]
fn fields_have_their_names_and_kinds() {
    let attributes = [
        attribute(1, b"ann"),
        attribute(4, &[192, 0, 2, 1]),
        attribute(5, &[0, 0, 0, 9]),
        attribute(3, &[5, 1, 2]),
        attribute(26, &[0, 0, 0, 9, 1, 5, b'a', b'=', b'b']),
        attribute(200, &[1]),
        attribute(6, &[1]),
    ];
    let stage = over_udp(&[ask(packet(1, 7, &attributes))]);
    let check = |field: &str, expected: &str| assert_eq!(stage.values(field), expected, "{field}");
    check("radius.code", "1");
    check("radius.avp.type", "1 4 5 3 26 200 6");
    check("radius.User_Name", "ann");
    check("radius.NAS_IP_Address", "c0000201");
    check("radius.NAS_Port", "9");
    check("radius.CHAP_Ident", "5");
    check("radius.avp.vendor_id", "9");
    check("radius.Unknown_Attribute", "613d62 01 01");
}

/// What is told of the last packet.
#[track_caller]
fn check(steps: &[Step], label: &str, headline: &str, detail: &str) -> Telling {
    let stage = over_udp(steps);
    let told = Radius.tell(stage.messages().last().unwrap(), &stage.view()).unwrap();
    assert_eq!((told.label.as_str(), told.lesson), (label, Some("radius/access")));
    assert!(told.headline.contains(headline), "{}", told.headline);
    assert!(told.detail.contains(detail), "{}", told.detail);
    told
}

#[test]
fn what_packets_mean() {
    assert!(check(&[ask(request(7))], "ann?", "may come in", "hidden by MD5").turn.asks);
    let accept = packet(2, 7, &[attribute(27, &[0, 0, 14, 16])]);
    assert!(
        check(&[ask(request(7)), say(accept)], "Accept", "Lets", "For 3600 seconds.").turn.answers
    );
    let reject = packet(3, 7, &[attribute(18, b"go away")]);
    let told = check(&[say(reject)], "Reject", "Does not", "The server says: go away.");
    assert_eq!((told.outcome, told.turn.answers), (Outcome::Refused, false));
    let stop = packet(4, 7, &[attribute(40, &[0, 0, 0, 2]), attribute(1, b"ann")]);
    check(&[ask(stop)], "Stop", "has ended", "ann");
    let nak = packet(42, 7, &[attribute(101, &[0, 0, 1, 0xf7])]);
    check(&[say(nak)], "Disconnect-NAK", "could not end", "Session Context Not Found.");
}

#[test]
fn lengths_decide_what_it_is() {
    let check = |bytes: &[u8], expected: Likelihood| {
        assert_eq!(Radius.probe(bytes, Framing::Datagram), expected, "{bytes:02x?}");
    };
    let whole = request(7);
    check(&whole, Likelihood::Surely);
    check(&[&whole[..], &[0]].concat(), Likelihood::Unsaid);
    check(&packet(1, 7, &[]), Likelihood::Unsaid);
    check(&whole[..19], Likelihood::No);
    check(&[&[6], &whole[1..]].concat(), Likelihood::No);
    check(&[&whole[..2], &[0x40], &whole[3..]].concat(), Likelihood::No);
    check(&[&whole[..21], &[1], &whole[22..]].concat(), Likelihood::No);
    assert_eq!(Radius.probe(&whole, Framing::Stream), Likelihood::No);
}

#[test]
fn cut_and_flipped_packets_never_panic() {
    let whole = packet(1, 7, &[attribute(26, &[0, 0, 0, 9, 1, 3, b'a']), attribute(3, &[5, 1, 2])]);
    for at in 0..whole.len() {
        let stage = over_udp(&[ask(&whole[..at])]);
        for message in stage.messages() {
            let heard = stage.describe(message);
            assert!(stage.rows().starts_with("data@") || !heard.notes.is_empty(), "{at}");
        }
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            over_udp(&[ask(&bytes)]).rows();
        }
    }
}

/// A message of EAP of that code and number, with a type and what follows it.
fn eap(code: u8, id: u8, rest: &[u8]) -> Vec<u8> {
    [&[code, id, 0, rest.len() as u8 + 4][..], rest].concat()
}

#[test]
fn eap_is_carried_also_in_parts() {
    let name = eap(2, 1, &[1, b'a', b'n', b'n']);
    let (first, second) = name.split_at(5);
    let challenge = eap(1, 2, &[4, 1, 7]);
    let stage = over_udp(&[
        ask(packet(1, 1, &[attribute(79, first), attribute(1, b"ann"), attribute(79, second)])),
        say(packet(11, 1, &[attribute(79, &challenge)])),
        ask(packet(1, 2, &[attribute(79, &eap(2, 2, &[3, 25]))])),
        say(packet(3, 2, &[attribute(79, &eap(4, 2, &[]))])),
        ask(packet(1, 3, &[attribute(79, &eap(1, 9, &[1]))])),
        say(packet(2, 3, &[attribute(79, &eap(3, 9, &[]))])),
        say(packet(2, 3, &[attribute(79, &eap(5, 9, &[]))])),
    ]);
    let rows = stage.rows();
    let rows: Vec<&str> = rows.lines().filter(|row| row.starts_with("eap")).collect();
    assert_eq!(
        rows,
        [
            "eap@1 Response, Identity",
            "eap@2 Request, MD5-Challenge EAP",
            "eap@3 Response, Legacy Nak (Response Only)",
            "eap@4 Failure",
            "eap@5 Request, Identity",
            "eap@6 Success",
            "eap@7 Initiate",
        ]
    );
    assert_eq!(stage.values("eap.identity"), "ann");
    let asks = "Request | Asks whether this user may come in | \
                The proof goes through EAP: the gateway only carries it.";
    let named = "ann? | Asks whether this user may come in | \
                 The proof goes through EAP: the gateway only carries it.";
    check_told(
        &stage,
        &[
            named,
            "Response | Says who it is | Identity.",
            "Challenge | Wants more before it decides | The next request brings the answer.",
            "Request | Asks for a proof | MD5-Challenge EAP.",
            asks,
            "Response | Gives a proof, or says what it would rather prove | Legacy Nak (Response Only).",
            "Reject | Does not let the user in",
            "Failure | Is not satisfied",
            asks,
            "Request | Asks who it is | Identity.",
            "Accept | Lets the user in",
            "Success | Is satisfied with the proof",
            "Accept | Lets the user in",
            "Initiate | Goes on with an authentication",
        ],
    );
}
