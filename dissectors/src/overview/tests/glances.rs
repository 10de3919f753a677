//! What first bytes say: names with their sources, first requests in words.

use super::stage::{CLIENT, Ends, SERVER, Wire};
use crate::overview::NameSource;

const OPEN: [(&str, &str); 3] = [(">S", ""), ("<SA", ""), (">A", "")];

/// Host, first request and protocol of the last connection.
#[track_caller]
fn check(wire: &Wire, expected: (Option<&str>, Option<&str>, &str)) {
    wire.seen(true, |known, _| {
        let last = known.lines.len() - 1;
        let first = known.glance(last).and_then(|glance| glance.first.as_deref());
        let host = known.host(last).map(|(name, _)| name);
        assert_eq!((host, first, known.protocol(last)), expected);
    });
}

#[test]
fn a_request_names_its_host() {
    let ends: Ends = [(CLIENT, 40_000), (SERVER, 8_080)];
    let mut wire = Wire::default();
    let request = "GET /p5.txt HTTP/1.1\r\nHost: shop.test:8080\r\n\r\n";
    wire.tcp(ends, &[&OPEN[..], &[(">A", request)]].concat());
    check(&wire, (Some("shop.test"), Some("GET /p5.txt"), "HTTP"));
    let mut wire = Wire::default();
    let request = "GET / HTTP/1.1\r\nHost: 10.0.0.2:8080\r\n\r\n";
    wire.tcp(ends, &[&OPEN[..], &[(">A", request)]].concat());
    check(&wire, (None, Some("GET /"), "HTTP"));
    // Of an upload that goes on, its head is enough.
    let mut wire = Wire::default();
    let upload = "PUT /a HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 900000\r\n\r\nabc";
    wire.tcp(ends, &[&OPEN[..], &[(">A", upload)]].concat());
    check(&wire, (Some("shop.test"), Some("PUT /a"), "HTTP"));
}

#[test]
fn of_several_requests_at_once_the_first_one_counts() {
    let mut wire = Wire::default();
    let request = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: shop.test\r\n\r\n");
    let both = request("/report") + &request("/note");
    wire.tcp([(CLIENT, 40_000), (SERVER, 80)], &[&OPEN[..], &[(">A", &both)]].concat());
    check(&wire, (Some("shop.test"), Some("GET /report"), "HTTP"));
}

#[test]
fn who_greets_is_heard_where_nobody_asks() {
    let ends: Ends = [(CLIENT, 40_000), (SERVER, 25)];
    let mut wire = Wire::default();
    wire.tcp(ends, &[&OPEN[..], &[("<A", "220 mail.test ESMTP\r\n")]].concat());
    wire.seen(true, |known, _| {
        let first = known.glance(0).and_then(|glance| glance.first.as_deref());
        assert!(first.is_some_and(|first| first.contains("220")), "{first:?}");
        assert_eq!(known.protocol(0), "SMTP");
    });
}

#[test]
fn what_nobody_said_is_not_guessed() {
    let mut wire = Wire::default();
    wire.tcp([(CLIENT, 40_000), (SERVER, 443)], &OPEN);
    check(&wire, (None, None, "TCP"));
}

/// A DNS message about the name `shop.test`: a question, or with an answer that gives an address.
fn dns(id: u8, answer: Option<[u8; 4]>) -> Vec<u8> {
    let mut bytes = vec![0, id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    bytes.extend(b"\x04shop\x04test\x00\x00\x01\x00\x01");
    if let Some(address) = answer {
        (bytes[2], bytes[7]) = (0x81, 1);
        bytes.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
        bytes.extend(address);
    }
    bytes
}

#[test]
fn dns_names_the_ends_of_others() {
    let ask: Ends = [(CLIENT, 40_001), ([10, 0, 0, 53], 53)];
    let mut wire = Wire::default();
    wire.udp(ask, 0, &dns(9, None));
    check(&wire, (None, Some("Query A shop.test"), "DNS"));
    wire.udp(ask, 1, &dns(9, Some(SERVER)));
    wire.tcp([(CLIENT, 40_000), (SERVER, 443)], &OPEN);
    check(&wire, (Some("shop.test"), None, "TCP"));
    wire.seen(true, |known, report| {
        let source = known.host(1).map(|(_, source)| source);
        assert_eq!(source, Some(NameSource::Dns(crate::ids::FrameId(1))));
        let titles: Vec<&str> = report.rows.iter().map(|row| row.title.as_str()).collect();
        assert!(titles.contains(&"TCP port 443, shop.test"), "{titles:?}");
    });
}
