//! What each scenario with a handshake is there to show stands in its story: lookups, the life of a
//! connection of TCP, TLS of two versions and in each of its ways, and HTTPS in six.

use wirestage_dissectors::story::Story;
use wirestage_tests::seen::{check, count, told};

const CLIENT: &str = "Client";
const SERVER: &str = "Server";
const NAME_SERVER: &str = "Name server";

/// The names of the states that both ends come to, in the order of the story.
fn states(story: &Story) -> Vec<(&str, &'static str)> {
    let state = |it: &wirestage_dissectors::story::State| {
        (story.cast[usize::from(it.actor.0)].name.as_str(), it.name)
    };
    story.states.iter().map(state).collect()
}

#[test]
fn a_datagram_needs_no_handshake_and_a_segment_does() {
    check(
        "udp-echo",
        &[
            (CLIENT, "17 bytes", "UDP needs no handshake"),
            (SERVER, "17 bytes back", "Nothing in UDP ties it to the question"),
        ],
    );
    check(
        "tcp-lifecycle",
        &[
            (CLIENT, "SYN", "Asks for a connection"),
            (SERVER, "SYN, ACK", "Accepts, and opens its own direction"),
            (CLIENT, "ACK", "the connection is open on both sides"),
            (CLIENT, "FIN, ACK", "Has nothing more to send"),
            (SERVER, "FIN, ACK", "Has nothing more to send either"),
            (CLIENT, "ACK", "Confirms that the other side has ended its direction"),
        ],
    );
    let story = told("tcp-lifecycle");
    assert_eq!(
        states(&story),
        [
            (CLIENT, "SYN-SENT"),
            (SERVER, "SYN-RECEIVED"),
            (CLIENT, "ESTABLISHED"),
            (SERVER, "ESTABLISHED"),
            (CLIENT, "FIN-WAIT-1"),
            (SERVER, "CLOSE-WAIT"),
            (SERVER, "LAST-ACK"),
            (CLIENT, "TIME-WAIT"),
            (SERVER, "CLOSED"),
        ]
    );
    check("tcp-refused", &[(CLIENT, "SYN", ""), (SERVER, "RST, ACK", "Refuses the connection")]);
    assert_eq!(states(&told("tcp-refused")).last(), Some(&(CLIENT, "CLOSED")));
}

#[test]
fn a_lost_segment_is_named_where_it_left_and_where_it_is_sent_again() {
    check(
        "tcp-loss-recovery",
        &[
            (SERVER, "13,032 bytes", "Sends segments 1–10, of which 3 never comes"),
            (SERVER, "3 again", "three duplicate acknowledgements tell of a hole"),
        ],
    );
    let story = told("tcp-loss-recovery");
    assert!(story.both_ends && story.transfers.iter().any(|one| one.counts().lost == 1));
}

#[test]
fn names_stand_for_addresses_for_other_names_and_for_nothing() {
    check(
        "dns-lookup",
        &[
            (CLIENT, "A server.wirestage.test", "Recursion desired"),
            (NAME_SERVER, "192.0.2.80", "now the client can connect"),
            (CLIENT, "AAAA server.wirestage.test", "the IPv6 addresses"),
            (NAME_SERVER, "2001:db8::80", ""),
            (NAME_SERVER, "198.51.100.7", "is an alias of edge-7.cdn.wirestage.test"),
            (NAME_SERVER, "No such name", "with records of any type"),
        ],
    );
    check(
        "dns-over-tcp",
        &[
            (NAME_SERVER, "truncated", "the client has to ask again over TCP"),
            (CLIENT, "SYN", ""),
            (CLIENT, "TXT wirestage.test", ""),
            (NAME_SERVER, "TXT and 18 more", ""),
        ],
    );
}

#[test]
fn tls_1_2_takes_two_round_trips_or_goes_on_in_one() {
    check(
        "tls12-full",
        &[
            (CLIENT, "ClientHello", "keys have to wait"),
            (SERVER, "ServerKeyExchange", "TLS_ECDHE_ECDSA"),
            (CLIENT, "ClientKeyExchange", "now both can compute the application keys"),
            (SERVER, "Finished", "TLS has taken two round trips"),
            (CLIENT, "GET /", "only who has the keys can read"),
            (SERVER, "200 OK  412 B", ""),
        ],
    );
    check(
        "tls12-resumption",
        &[
            (SERVER, "NewSessionTicket", ""),
            (CLIENT, "ClientHello", "it shows the ticket of an earlier visit"),
            (SERVER, "ServerHello", "one round trip is enough"),
            (CLIENT, "ClientHello", "it names the session of an earlier visit"),
            (SERVER, "ServerHello", "one round trip is enough"),
        ],
    );
    // The two connections that go on show no certificate.
    assert_eq!(count("tls12-resumption", "Certificate"), 2);
    check(
        "tls12-mtls",
        &[
            (SERVER, "CertificateRequest", "Wants to know who the client is"),
            (CLIENT, "CertificateVerify", "Shows who it is, in the clear"),
        ],
    );
}

#[test]
fn tls_1_3_takes_one_round_trip_or_says_why_it_takes_two() {
    check(
        "tls13-full",
        &[
            (CLIENT, "ClientHello", "a key share for x25519 is sent at once"),
            (SERVER, "Certificate", "from EncryptedExtensions on it is sealed"),
            (CLIENT, "Finished", "Application keys from here on"),
            (SERVER, "NewSessionTicket", "do without a certificate"),
            (CLIENT, "GET /", ""),
        ],
    );
    let story = told("tls13-full");
    let keys = |name| story.keys.iter().filter(|key| key.name == name).count();
    assert_eq!([keys("handshake keys"), keys("application keys")], [2, 2]);
    check(
        "tls13-hello-retry",
        &[
            (CLIENT, "ClientHello", "x25519"),
            (SERVER, "HelloRetryRequest", "one more round trip"),
            (CLIENT, "ClientHello", "Asking twice has cost a round trip"),
            (SERVER, "ServerHello", "By secp384r1"),
        ],
    );
    check(
        "tls13-mtls",
        &[
            (SERVER, "CertificateRequest", ""),
            (CLIENT, "CertificateVerify", "only the server can read it"),
        ],
    );
    check(
        "tls13-key-update",
        &[
            (CLIENT, "KeyUpdate", "asks the other side to do the same"),
            (SERVER, "200 OK  290 B", "Takes new keys into use in its direction"),
        ],
    );
    check("tls13-hybrid-pq", &[(CLIENT, "ClientHello", "The share for X25519MLKEM768 takes 1216")]);
    check("tls13-ech", &[(CLIENT, "ClientHello", "or random bytes in its place (GREASE)")]);
}

#[test]
fn an_earlier_visit_saves_the_certificate_or_a_round_trip() {
    check(
        "tls13-resumption",
        &[
            (SERVER, "Certificate", ""),
            (SERVER, "NewSessionTicket", ""),
            (CLIENT, "ClientHello", "proves by a binder that it has the secret behind it"),
            (SERVER, "ServerHello", "no certificate is sent"),
        ],
    );
    assert_eq!(count("tls13-resumption", "Certificate"), 1);
    check(
        "tls13-0rtt",
        &[
            (SERVER, "NewSessionTicket", "early data (0-RTT)"),
            (CLIENT, "GET /", "Offers early data, under keys from an earlier visit"),
            (SERVER, "ServerHello", "Takes the early data"),
            (CLIENT, "EndOfEarlyData", ""),
            (CLIENT, "GET /", "Offers early data"),
            (SERVER, "ServerHello", "Throws the early data away"),
            (CLIENT, "GET /", "The same came early and was thrown away"),
        ],
    );
}

#[test]
fn each_failure_of_tls_has_its_cause_and_who_would_not_go_on() {
    let story = told("tls-failures");
    let name = |actor: usize| story.cast[actor].name.as_str();
    let found: Vec<(&str, &str)> = story
        .verdicts
        .iter()
        .map(|one| (name(usize::from(one.actor.0)), one.verdict.cause))
        .collect();
    assert_eq!(
        found,
        [
            (CLIENT, "unknown-issuer"),
            (CLIENT, "expired"),
            (CLIENT, "wrong-name"),
            (SERVER, "no-common-alpn"),
            (SERVER, "no-common-version"),
        ]
    );
}

#[test]
fn https_costs_what_the_textbook_says_in_each_of_six_ways() {
    let check = |scenario: &str, expected: &str| {
        let sum = told(scenario).sum;
        assert!(sum.ends_with(expected), "{scenario}: {sum}");
    };
    let until =
        |request: &str, answer: &str| format!("{request} until the request can be sent, {answer}");
    let first_byte = "until the first byte of the answer";
    check("https-tls12", &until("3 round trips (1 of TCP, 2 of TLS)", &format!("4 {first_byte}")));
    check("https-tls13", &until("2 round trips (1 of TCP, 1 of TLS)", &format!("3 {first_byte}")));
    for scenario in ["https-tfo-tls13", "https-tls13-0rtt"] {
        check(scenario, "B: 1 until the request, 2 until the answer");
    }
    check("https-quic", &until("1 round trip of QUIC", "2 round trips until the answer"));
    check("https-quic-0rtt", "B: 0 until the request, 1 until the answer");
}
