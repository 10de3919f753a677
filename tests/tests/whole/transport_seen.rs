//! What each transport scenario is there to show stands in its story as a step, sent by whom it
//! should be.

use wirestage_tests::seen::{Step, check, count, told};

const CLIENT: &str = "Client";
const SERVER: &str = "Server";
const NAME_SERVER: &str = "Name server";

#[test]
fn datagrams_find_nobody_and_come_in_fragments() {
    check(
        "udp-unreachable",
        &[
            (CLIENT, "17 bytes", "UDP needs no handshake"),
            (SERVER, "Port unreachable", "Quotes the datagram of step 1"),
        ],
    );
    check(
        "udp-fragments",
        &[
            (CLIENT, "8000 bytes in 6 IP fragments", "It came in 6 fragments"),
            (SERVER, "30 bytes back", "8000 bytes came, in one piece"),
        ],
    );
}

#[test]
fn a_neighbour_is_asked_for_and_for_a_host_beyond_the_gateway_is() {
    let (neighbour, gateway, beyond) = ("Neighbour", "Gateway", "Gateway, far side");
    check(
        "arp-gateway",
        &[
            (CLIENT, "Who has 10.0.1.2?", "Asks who has 10.0.1.2"),
            (neighbour, "Reply 10.0.1.2", "10.0.1.2 is at 02:00:00:00:01:02"),
            (CLIENT, "Echo request", "Asks 10.0.1.2 for an echo"),
            (neighbour, "Echo reply", "Sends back what came"),
            (CLIENT, "Who has 10.0.1.254?", "Asks who has 10.0.1.254"),
            (gateway, "Reply 10.0.1.254", "10.0.1.254 is at 02:00:00:00:01:fe"),
            (CLIENT, "Echo request", "the next hop to 10.0.2.1"),
            (beyond, "Who has 10.0.2.1?", "Asks who has 10.0.2.1"),
            (SERVER, "Reply 10.0.2.1", "10.0.2.1 is at 02:00:00:00:02:01"),
            (SERVER, "Echo reply", "the next hop to 10.0.1.1"),
        ],
    );
    // Who was found once is not asked for again.
    assert_eq!(count("arp-gateway", "Echo request"), 4);
    assert_eq!(count("arp-gateway", "Who has 10.0.1.254?"), 1);
}

#[test]
fn routers_say_where_a_packet_ends_and_how_large_it_may_be() {
    let step =
        |router| [(CLIENT, "13 bytes", ""), (router, "TTL exceeded", "its time to live ran out")];
    let way = ["10.0.101.1", "10.0.102.1", "10.0.103.1"];
    let end = [(CLIENT, "13 bytes", ""), (SERVER, "Port unreachable", "is closed")];
    check("icmp-traceroute", &[way.map(step).concat(), end.to_vec()].concat());
    check(
        "path-mtu",
        &[
            (SERVER, "1–4", "Sends segments 1–4, which never come"),
            ("10.0.101.1", "Fragmentation needed", "the next link takes 1280 bytes"),
            (SERVER, "1–4 again", "a router says that it is too large for the way"),
        ],
    );
}

#[test]
fn connections_end_in_other_ways_than_both_at_once() {
    check(
        "tcp-abort",
        &[
            (SERVER, "15 bytes", ""),
            (CLIENT, "10 bytes", "read 10 B"),
            (SERVER, "RST, ACK", "its sender gave up by itself"),
        ],
    );
    assert_eq!(count("tcp-abort", "FIN, ACK"), 0);
    check(
        "tcp-half-close",
        &[
            (CLIENT, "28 bytes", ""),
            (CLIENT, "FIN, ACK", "The other direction may go on"),
            (SERVER, "half-closed", "Sends on, though the other side has ended its direction"),
            (SERVER, "FIN, ACK", "Has nothing more to send either"),
        ],
    );
}

#[test]
fn a_window_closes_and_a_peer_is_asked_whether_it_is_there() {
    check(
        "tcp-zero-window",
        &[
            (CLIENT, "SYN", "window 4096"),
            (SERVER, "4096 bytes", ""),
            (CLIENT, "window 0", "Has no room left"),
            (SERVER, "window probe", "Asks whether there is room again"),
            (CLIENT, "window 0", "Has still no room left"),
            (CLIENT, "window update", "Has room again"),
            (SERVER, "20,480 bytes", ""),
        ],
    );
    check(
        "tcp-keepalive",
        &[
            (CLIENT, "keep-alive", "Asks whether the other side is still there"),
            (SERVER, "ACK", "Is still there"),
            (CLIENT, "keep-alive", ""),
            (SERVER, "ACK", ""),
            (CLIENT, "14 bytes", "Still there?"),
        ],
    );
}

#[test]
fn small_writes_wait_with_one_algorithm_and_not_without() {
    let stall: [Step; 3] = [
        (CLIENT, "9 bytes", "two plus"),
        (SERVER, "ACK", "Confirms what has arrived only after"),
        (CLIENT, "held back", "Nagle's algorithm (inferred)"),
    ];
    check("tcp-nagle", &stall);
    // Never at the first of three exchanges, and never on the second connection.
    assert_eq!(count("tcp-nagle", "held back"), 2);
}

#[test]
fn a_cookie_is_asked_for_given_and_used() {
    check(
        "tcp-fast-open",
        &[
            (CLIENT, "SYN", "asks for a cookie"),
            (SERVER, "SYN, ACK", "It gives a cookie of 8 bytes"),
            (CLIENT, "SYN", "Asks for a connection, and sends its first bytes along"),
            (SERVER, "SYN, ACK", "Accepts, and has taken what came with the SYN"),
            (SERVER, "19 bytes", "Here it is again."),
        ],
    );
}

#[test]
fn what_may_be_under_way_doubles_and_what_has_no_port_sends_nothing() {
    check(
        "tcp-slow-start",
        &[
            (SERVER, "5240 bytes", "Sends segments 1–10: as many as it begins with"),
            (SERVER, "10,480 bytes", "Sends segments 11–30: twice as many as a round trip before"),
            (SERVER, "20,960 bytes", "Sends segments 31–70: twice as many as a round trip before"),
        ],
    );
    check(
        "tcp-ports-exhausted",
        &[
            (CLIENT, "SYN", ""),
            (CLIENT, "SYN", ""),
            (CLIENT, "SYN", ""),
            (CLIENT, "SYN", ""),
            (SERVER, "SYN, ACK", "the next connect fails and sends no packet"),
        ],
    );
    assert_eq!(count("tcp-ports-exhausted", "SYN"), 4);
    assert_eq!(
        told("tcp-ports-exhausted").notes,
        [
            "One more connection failed before its first packet: the client had no port left towards \
          this server."
        ]
    );
}

#[test]
fn names_are_asked_for_where_nobody_reads_them() {
    check(
        "dns-over-tls",
        &[
            (CLIENT, "ClientHello", "dot (ALPN)"),
            (CLIENT, "A server.wirestage.test", "Sealed"),
            (NAME_SERVER, "192.0.2.80", "Gives the address"),
            (NAME_SERVER, "2001:db8::80", "Gives the address"),
        ],
    );
    check(
        "dns-over-https",
        &[
            (CLIENT, "A server.wirestage.test", "Asks for the IPv4 addresses of a name"),
            (NAME_SERVER, "192.0.2.80", "Gives the address"),
            (CLIENT, "AAAA server.wirestage.test", "the content of a request of HTTP"),
            (NAME_SERVER, "2001:db8::80", "Gives the address"),
        ],
    );
}

#[test]
fn two_that_ask_at_once_have_one_connection() {
    const ONE: &str = "One peer";
    const OTHER: &str = "Other peer";
    check(
        "tcp-simultaneous-open",
        &[
            (ONE, "SYN", "Asks for a connection"),
            (OTHER, "SYN", "Asks, too: both sides open at once"),
            (ONE, "25 bytes", ""),
        ],
    );
    assert!(told("tcp-simultaneous-open").both_ends);
    let seen = |bead| count("tcp-simultaneous-open", bead);
    assert_eq!([seen("SYN"), seen("SYN, ACK")], [2, 2]);
}

#[test]
fn certificates_come_in_fewer_bytes_and_with_their_issuers_word() {
    check(
        "tls13-cert-compression",
        &[(CLIENT, "ClientHello", ""), (SERVER, "CompressedCertificate", "bytes in place of")],
    );
    assert_eq!(count("tls13-cert-compression", "Certificate"), 0);
    check(
        "tls-ocsp-stapling",
        &[
            (SERVER, "CertificateStatus", "its issuer says “good” as of"),
            (SERVER, "Certificate", "its issuer’s word comes along: “good” as of"),
        ],
    );
    assert_eq!(count("tls-ocsp-stapling", "CertificateStatus"), 1);
}

#[test]
fn what_openssl_speaks_is_told() {
    check(
        "tls12-rsa",
        &[
            (CLIENT, "ClientHello", ""),
            (SERVER, "ServerHello", "the secret comes from the client"),
            (CLIENT, "ClientKeyExchange", "Whoever gets the server’s private key later"),
            (CLIENT, "33 bytes", "who will read this"),
        ],
    );
    check(
        "tls12-renegotiation",
        &[
            (CLIENT, "ClientKeyExchange", ""),
            (CLIENT, "13 bytes", "have we met?"),
            (CLIENT, "ClientHello", "repeats the client’s Finished"),
            (CLIENT, "ClientKeyExchange", ""),
            (SERVER, "11 bytes", "yes, twice"),
        ],
    );
}
