//! Two exchanges over HTTP behind links and in tunnels: whatever carries them, the same frames say
//! the same, answer the same, and are told as the same story.

use wirestage_dissectors::frames::LinkType;
use wirestage_dissectors::secret::Secrets;

use crate::made::{Client, Made, Server};
use crate::order::chapters;
use crate::reading::Reading;
use crate::wrap::{carry_on, ether, fragments, fragments_of_ipv6, ipv4, ipv6, udp};

/// A connection with two requests and their answers, closed.
fn exchanges() -> Made {
    let mut made = Made::open(80);
    made.say(Client, "GET /one HTTP/1.1\r\nHost: a.test\r\n\r\n").ack(Server);
    made.say(Server, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nfirst answer").ack(Client);
    made.say(Client, "GET /two HTTP/1.1\r\nHost: a.test\r\n\r\n");
    made.say(Server, "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nsecond answer").ack(Client);
    made.fin(Client).fin(Server).ack(Client);
    made
}

/// On a link of that number, each packet behind what `wrap` puts before it.
#[track_caller]
fn check(link: u16, wrap: impl Fn(&[u8]) -> Vec<u8>) {
    let frames = carry_on(LinkType(link), &exchanges().frames, |packet| vec![wrap(packet)]);
    let reading = Reading::new(frames, Secrets::default());
    reading.check(
        1,
        "4 HTTP GET /one HTTP/1.1
         6 HTTP HTTP/1.1 200 OK answers 4
         8 HTTP GET /two HTTP/1.1
         9 HTTP HTTP/1.1 200 OK answers 8",
    );
    told(&reading);
}

/// Two hosts, and what they did.
#[track_caller]
fn told(reading: &Reading) {
    let story = reading.story();
    assert_eq!(chapters(&story), ["TCP handshake", "HTTP request", "Closing"]);
    assert_eq!(story.cast.len(), 2, "{:?}", story.cast);
}

fn behind(head: &[u8], packet: &[u8]) -> Vec<u8> {
    [head, packet].concat()
}

/// The packet's segment in IPv6 instead.
fn six(packet: &[u8]) -> Vec<u8> {
    ipv6(packet, 6, &packet[20..])
}

#[test]
fn the_loopback_of_bsd_in_either_order_and_of_openbsd() {
    check(0, |packet| behind(&[2, 0, 0, 0], packet));
    check(0, |packet| behind(&[0, 0, 0, 2], packet));
    check(108, |packet| behind(&[0, 0, 0, 2], packet));
    for family in [24, 28, 30] {
        check(0, |packet| behind(&[family, 0, 0, 0], &six(packet)));
        check(0, |packet| behind(&[0, 0, 0, family], &six(packet)));
        check(108, |packet| behind(&[0, 0, 0, family], &six(packet)));
    }
}

#[test]
fn a_mirror_port_and_a_line() {
    check(1, |packet| {
        let vxlan = behind(&[8, 0, 0, 0, 0, 0, 42, 0], &ether(0x0800, packet));
        ether(0x0800, &ipv4(packet, 17, &udp(4789, &vxlan)))
    });
    check(1, |packet| {
        let erspan = [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 7, 0, 5, 0, 0, 0, 0];
        ether(0x0800, &ipv4(packet, 47, &behind(&erspan, &ether(0x0800, packet))))
    });
    check(1, |packet| ether(0x0800, &ipv4(packet, 4, packet)));
    check(1, |packet| {
        let [a, b] = (2 + packet.len() as u16).to_be_bytes();
        ether(0x8864, &behind(&[0x11, 0, 0, 9, a, b, 0, 0x21], packet))
    });
    check(1, |packet| ether(0x8847, &behind(&[0, 1, 0xd1, 64], packet)));
}

#[test]
fn an_answer_in_fragments_is_complete_with_the_last_of_them() {
    let body = ["x".repeat(600), "Y".repeat(600)].concat();
    let made = || {
        let mut made = Made::open(80);
        made.say(Client, "GET /big HTTP/1.1\r\nHost: a.test\r\n\r\n").ack(Server);
        made.say(Server, format!("HTTP/1.1 200 OK\r\nContent-Length: 1200\r\n\r\n{body}"));
        made.ack(Client).fin(Client).fin(Server).ack(Client);
        made.frames
    };
    let cut = |packet: &[u8]| {
        let number = u16::from(packet[27]);
        fragments(packet, 560, number).iter().map(|one| ether(0x0800, one)).collect::<Vec<_>>()
    };
    let cut_6 = |packet: &[u8]| {
        let number = u16::from(packet[27]);
        let pieces = fragments_of_ipv6(packet, 648, number);
        pieces.iter().map(|one| ether(0x86dd, one)).collect::<Vec<_>>()
    };
    let frames = carry_on(LinkType::ETHERNET, &made(), cut);
    let reading = Reading::new(frames, Secrets::default());
    reading.check(1, "4 HTTP GET /big HTTP/1.1\n8 HTTP HTTP/1.1 200 OK answers 4");
    told(&reading);
    assert!(reading.tree(8).contains("Reassembled length: 1261"), "{}", reading.tree(8));
    let frames = carry_on(LinkType::ETHERNET, &made(), cut_6);
    let reading = Reading::new(frames, Secrets::default());
    reading.check(1, "4 HTTP GET /big HTTP/1.1\n7 HTTP HTTP/1.1 200 OK answers 4");
    told(&reading);
}
