//! Messages made by hand, read back.

use super::*;
use crate::engine::ports::Ports;
use crate::protocols::stage::{Played, Step, ask, play_over, say};
use crate::telling::Outcome;

const SEARCH: &str = "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\
                      MAN: \"ssdp:discover\"\r\nMX: 2\r\nST: upnp:rootdevice\r\n\r\n";
const ALIVE: &str = "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nnt:upnp:rootdevice\r\n\
                     NTS: ssdp:alive\r\nLOCATION: http://192.0.2.1/d.xml\r\n\r\n";
const FOUND: &str = "HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:1\r\n\
                     LOCATION: http://192.0.2.1/d.xml\r\n\r\n";

fn over_udp(steps: &[Step]) -> Played {
    play_over(Ports { framing: Framing::Datagram, ports: [40000, 1900], began: None }, steps)
}

#[test]
fn fields_are_those_of_http() {
    let stage = over_udp(&[ask(SEARCH), say(FOUND), say(ALIVE)]);
    assert_eq!(
        stage.rows(),
        "ssdp@1 M-SEARCH * HTTP/1.1 \nssdp@2 HTTP/1.1 200 OK \nssdp@3 NOTIFY * HTTP/1.1 \n"
    );
    let check = |field: &str, expected: &str| assert_eq!(stage.values(field), expected, "{field}");
    check("http.request.method", "M-SEARCH NOTIFY");
    check("http.request.uri", "* *");
    check("http.response.code", "200");
    check("http.response.phrase", "OK");
    check("http.host", "239.255.255.250:1900 239.255.255.250:1900");
    check("http.location", "http://192.0.2.1/d.xml http://192.0.2.1/d.xml");
    check("http.notification", "1");
    check("http.request_in", "1");
    assert!(stage.values("http.unknown_header").contains("ST: upnp:rootdevice\r\n"));
}

/// What is told of the last message.
#[track_caller]
fn check(steps: &[Step], label: &str, headline: &str, detail: &str) -> Telling {
    let stage = over_udp(steps);
    let told = Ssdp.tell(stage.messages().last().unwrap(), &stage.view()).unwrap();
    assert_eq!((told.label.as_str(), told.lesson), (label, Some("ssdp/discovery")));
    assert!(told.headline.contains(headline), "{}", told.headline);
    assert!(told.detail.contains(detail), "{}", told.detail);
    told
}

#[test]
fn what_messages_mean() {
    let root = "upnp:rootdevice";
    let told = check(&[ask(SEARCH)], root, "Asks everybody", "looks for devices.");
    assert!(!told.turn.asks, "answers come from elsewhere");
    assert_eq!(check(&[ask(SEARCH), ask(SEARCH)], root, "", "").outcome, Outcome::Repeated);
    let alone = SEARCH.replace("239.255.255.250", "192.0.2.1");
    assert!(check(&[ask(&alone)], root, "Asks one device", "").turn.asks);
    let told = check(&[ask(SEARCH), say(FOUND)], root, "Has what", "http://192.0.2.1/d.xml");
    assert!(told.turn.answers);
    check(&[say(ALIVE)], root, "Announces", "Everybody");
    assert!(check(&[say(ALIVE.replace("alive", "byebye"))], root, "Takes leave", "").stance.closes);
}

#[test]
fn the_start_line_decides_what_it_is() {
    let check = |bytes: &[u8], expected: Likelihood| {
        assert_eq!(Ssdp.probe(bytes, Framing::Datagram), expected);
    };
    check(SEARCH.as_bytes(), Likelihood::Surely);
    check(ALIVE.as_bytes(), Likelihood::Surely);
    check(FOUND.as_bytes(), Likelihood::Surely);
    check(b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n", Likelihood::Unsaid);
    check(b"NOTIFY sip:a@b SIP/2.0\r\n", Likelihood::No);
    check(b"GET / HTTP/1.1\r\n", Likelihood::No);
    assert_eq!(Ssdp.probe(SEARCH.as_bytes(), Framing::Stream), Likelihood::No);
}

#[test]
fn cut_and_flipped_messages_never_panic() {
    for whole in [SEARCH, ALIVE, FOUND] {
        for at in 0..whole.len() {
            over_udp(&[ask(&whole[..at])]).rows();
            let mut bytes = whole.as_bytes().to_vec();
            bytes[at] ^= 0x80;
            over_udp(&[ask(&bytes)]).rows();
        }
        let cut = over_udp(&[ask(&whole[..whole.len() - 2])]);
        let notes = cut.describe(&cut.messages()[0]).notes;
        assert_eq!(notes, ["The head does not end with an empty line"]);
    }
}
