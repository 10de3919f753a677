//! The DNS scenarios, run for real on the host's loopback.

use std::collections::BTreeSet;

use crate::{
    common::{only, play, stage, steps},
    http::told,
};

const RECORD: [&str; 5] = ["section", "name", "type", "ttl", "data"];

#[test]
fn dns_lookup_asks_for_addresses_an_alias_and_nothing() {
    let (transcript, recorder) = play(stage("dns-lookup"));
    let transcript = transcript.expect("it plays");
    let facts = ["over", "name", "type", "udp_payload"];
    let asked = [
        ["udp", "server.wirestage.test", "A", "1232"],
        ["udp", "server.wirestage.test", "AAAA", "1232"],
        ["udp", "shop.wirestage.test", "A", "1232"],
        ["udp", "sevrer.wirestage.test", "A", "1232"],
    ];
    assert_eq!(told(&transcript, "client", "dns.query.sent", facts), asked);
    assert_eq!(told(&transcript, "server", "dns.query.received", facts), asked);

    let facts = ["over", "code", "authoritative", "truncated", "answers", "authorities"];
    let answered = told(&transcript, "client", "dns.response.received", facts);
    assert_eq!(
        answered,
        [
            ["udp", "NoError", "yes", "no", "1", "0"],
            ["udp", "NoError", "yes", "no", "1", "0"],
            ["udp", "NoError", "yes", "no", "3", "0"],
            ["udp", "NXDomain", "yes", "no", "0", "1"],
        ]
    );
    assert_eq!(answered, told(&transcript, "server", "dns.response.sent", facts));

    let soa = "ns.wirestage.test hostmaster.wirestage.test 2026112501 7200 900 1209600 60";
    assert_eq!(
        told(&transcript, "client", "dns.record.received", RECORD),
        [
            ["answer", "server.wirestage.test", "A", "300", "192.0.2.80"],
            ["answer", "server.wirestage.test", "AAAA", "300", "2001:db8::80"],
            ["answer", "shop.wirestage.test", "CNAME", "600", "shop.cdn.wirestage.test"],
            ["answer", "shop.cdn.wirestage.test", "CNAME", "60", "edge-7.cdn.wirestage.test"],
            ["answer", "edge-7.cdn.wirestage.test", "A", "20", "198.51.100.7"],
            ["authority", "wirestage.test", "SOA", "60", soa],
        ]
    );

    // Each query has an id of its own, and a datagram each way from a port of its own.
    let id = |role, step| told(&transcript, role, step, ["id"]);
    assert_eq!(id("client", "dns.query.sent"), id("server", "dns.response.sent"));
    assert_eq!(id("server", "dns.query.received"), id("client", "dns.response.received"));
    let datagram = ["from", "to", "bytes", "sha256"];
    let sent = told(&transcript, "client", "udp.sent", datagram);
    assert_eq!(sent, told(&transcript, "server", "udp.received", datagram));
    assert_eq!(sent.iter().map(|facts| &facts[0]).collect::<BTreeSet<_>>().len(), 4);
    let received = told(&transcript, "client", "udp.received", datagram);
    assert_eq!(received, told(&transcript, "server", "udp.sent", datagram));

    let marks: Vec<_> = recorder.marks().iter().map(|mark| (mark.role, mark.what)).collect();
    assert_eq!(marks, [("server", "read"), ("server", "write")].repeat(4));
}

#[test]
fn without_edns_nothing_is_said_of_sizes() {
    let transcript = play(stage("dns-lookup").knob("edns", "none")).0.expect("it plays");
    for (role, step) in [("client", "dns.query.sent"), ("server", "dns.query.received")] {
        assert_eq!(told(&transcript, role, step, ["udp_payload"]), [[""]; 4]);
    }
}

#[test]
fn dns_over_tcp_asks_again_when_the_answer_is_cut() {
    for (edns, limit, fits) in [("1232", 1232, "14"), ("none", 512, "6")] {
        let (transcript, recorder) = play(stage("dns-over-tcp").knob("edns", edns));
        let transcript = transcript.expect("it plays");

        let facts = ["over", "name", "type"];
        let asked = [["udp", "wirestage.test", "TXT"], ["tcp", "wirestage.test", "TXT"]];
        assert_eq!(told(&transcript, "client", "dns.query.sent", facts), asked);
        assert_eq!(told(&transcript, "server", "dns.query.received", facts), asked);

        let facts = ["over", "code", "truncated", "answers"];
        let answered = [["udp", "NoError", "yes", fits], ["tcp", "NoError", "no", "19"]];
        assert_eq!(told(&transcript, "client", "dns.response.received", facts), answered);
        assert_eq!(told(&transcript, "server", "dns.response.sent", facts), answered);
        let records = told(&transcript, "client", "dns.record.received", RECORD);
        assert_eq!(records.len(), 19, "those of the cut answer are not used");
        assert_eq!(
            records[0],
            ["answer", "wirestage.test", "TXT", "900", "v=spf1 ip4:192.0.2.0/24 -all"]
        );

        // The cut answer keeps to the limit; the whole one is longer than any.
        let number = |text: &str| text.parse::<usize>().expect("a count");
        let cut = number(&only(&transcript, "client", "udp.received").facts["bytes"]);
        assert!(cut <= limit && cut + 100 > limit, "{cut} bytes of {limit}");
        let lengths = told(&transcript, "client", "dns.response.received", ["length"]);
        assert_eq!(lengths[0], [""], "a datagram says itself how long it is");
        let whole = number(&lengths[1][0]);
        assert!(whole > 1232, "{whole} bytes would fit");
        // Two bytes of length stand before the message, and nothing else is in the stream.
        let received = number(&only(&transcript, "client", "tcp.received").facts["bytes"]);
        assert_eq!(received, 2 + whole);

        let facts = |role, step| &only(&transcript, role, step).facts;
        assert_eq!(facts("client", "udp.sent"), facts("server", "udp.received"));
        assert_eq!(facts("client", "udp.received"), facts("server", "udp.sent"));
        assert_eq!(facts("client", "tcp.connected"), facts("server", "tcp.accepted"));
        assert_eq!(facts("client", "tcp.sent"), facts("server", "tcp.received"));
        assert_eq!(facts("client", "tcp.received"), facts("server", "tcp.sent"));
        assert_eq!(facts("client", "tcp.closed")["by"], "client");
        assert_eq!(facts("client", "udp.sent")["to"], facts("client", "tcp.connected")["to"]);

        // Length and message leave in one write, and are read one after the other.
        let order: Vec<_> = recorder.marks().iter().map(|mark| mark.what).collect();
        let expected = [
            &["listen", "read", "write"][..],
            &["accept", "read", "read", "write"],
            &["end", "shutdown", "close"],
        ];
        assert_eq!(order, expected.concat());
    }
}

#[test]
fn a_client_and_a_server_say_their_steps_in_order() {
    let transcript = play(stage("dns-over-tcp")).0.expect("it plays");
    let connection = ["tcp.sent", "tcp.received", "tcp.closed"];
    let client = steps(&transcript, "client");
    let (before, records) = client.split_at(client.len() - 19);
    assert_eq!(
        before,
        [
            &["udp.sent", "udp.received", "tcp.connected"][..],
            &connection,
            &["dns.query.sent", "dns.response.received"].repeat(2),
        ]
        .concat()
    );
    assert_eq!(records, ["dns.record.received"; 19]);
    assert_eq!(
        steps(&transcript, "server"),
        [
            &["udp.received", "udp.sent", "tcp.accepted"][..],
            &connection,
            &["dns.query.received", "dns.response.sent"].repeat(2),
        ]
        .concat()
    );
}

#[test]
fn dns_over_tls_and_over_https_ask_the_same_and_hear_the_same() {
    let mut heard = Vec::new();
    for (name, over, alpn) in [("dns-over-tls", "tls", "dot"), ("dns-over-https", "https", "h2")] {
        let transcript = play(stage(name)).0.unwrap_or_else(|failure| panic!("{name}: {failure}"));
        let facts = ["over", "name", "type", "udp_payload"];
        let asked = [
            [over, "server.wirestage.test", "A", "1232"],
            [over, "server.wirestage.test", "AAAA", "1232"],
        ];
        assert_eq!(told(&transcript, "client", "dns.query.sent", facts), asked);
        assert_eq!(told(&transcript, "server", "dns.query.received", facts), asked);
        assert_eq!(only(&transcript, "client", "tls.established").facts["alpn"], alpn);
        let id = |role, step| told(&transcript, role, step, ["id"]);
        assert_eq!(id("client", "dns.query.sent"), id("server", "dns.response.sent"));
        heard.push(told(&transcript, "client", "dns.record.received", RECORD));
    }
    assert_eq!(heard[0], heard[1]);
}
