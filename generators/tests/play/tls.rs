//! The TLS scenarios, run for real on the host's loopback.

use wirestage_generators::{Failure, Transcript};

use crate::common::{Handed, Recorder, only, play, stage, steps};
use crate::skip::skip;

/// Label and client random of each secret, in the order they were handed over.
fn keys(recorder: &Recorder) -> Vec<(String, Vec<u8>)> {
    let keys = recorder.all().into_iter().filter_map(|handed| match handed {
        Handed::Key(label, random, _) => Some((label, random)),
        Handed::Mark(_) => None,
    });
    keys.collect()
}

/// Plays `name` and checks what holds for TLS 1.2 and 1.3 alike: both sides report the same
/// agreement, the page arrives whole, the end is said by both, and no secret is handed over twice.
fn check(
    name: &str,
    knobs: &[(&str, &str)],
    agreed: [&str; 3],
) -> (Transcript, std::sync::Arc<Recorder>) {
    let stage = knobs.iter().fold(stage(name), |stage, (knob, value)| stage.knob(*knob, *value));
    let (transcript, recorder) = play(stage);
    let transcript = transcript.unwrap_or_else(|failure| panic!("{name} {knobs:?}: {failure}"));
    let facts = |role, step| &only(&transcript, role, step).facts;

    let established = facts("client", "tls.established");
    assert_eq!(established, facts("server", "tls.established"));
    assert_eq!(["version", "suite", "group"].map(|fact| established[fact].as_str()), agreed);
    assert_eq!(established["alpn"], "http/1.1");
    assert_eq!(established["handshake"], "full");
    assert_eq!(established["server_name"], "server.wirestage.test");

    let verified = facts("client", "tls.certificate.verified");
    assert_eq!(verified["sha256"], established["certificate_sha256"]);
    assert_eq!(verified["server_name"], "server.wirestage.test");
    assert_eq!(verified["certificates"], "1");
    assert_eq!(facts("client", "tls.signature.verified")["scheme"], "ecdsa_secp256r1_sha256");

    let hello = facts("server", "tls.client_hello.received");
    assert!(hello["suites"].starts_with(agreed[1]), "{}", hello["suites"]);
    assert!(hello["groups"].starts_with(agreed[2]), "{}", hello["groups"]);
    assert_eq!(hello["alpn"], "http/1.1");

    for role in ["client", "server"] {
        assert_eq!(facts(role, "tls.alert.sent")["description"], "close_notify");
        assert_eq!(facts(role, "tls.alert.received")["description"], "close_notify");
        assert_eq!(facts(role, "tcp.closed")["by"], "client");
    }
    let response = facts("client", "http.response.received");
    assert_eq!(response, facts("server", "http.response.sent"));
    assert_eq!((response["status"].as_str(), response["body_bytes"].as_str()), ("200", "412"));
    assert_eq!(facts("client", "tcp.sent"), facts("server", "tcp.received"));
    assert_eq!(facts("client", "tcp.received"), facts("server", "tcp.sent"));

    let mut keys = keys(&recorder);
    let handed = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), handed, "no secret is handed over twice");
    (transcript, recorder)
}

#[test]
fn tls13_full_takes_one_round_trip_and_two_epochs() {
    let agreed = ["TLS 1.3", "TLS_AES_256_GCM_SHA384", "x25519"];
    let (transcript, recorder) = check("tls13-full", &[], agreed);
    assert_eq!(
        steps(&transcript, "client"),
        [
            "tcp.connected",
            "tcp.sent",
            "tcp.received",
            "tcp.closed",
            "tls.keys",
            "tls.certificate.verified",
            "tls.signature.verified",
            "tls.keys",
            "tls.established",
            "tls.waited",
            "tls.ticket.received",
            "tls.alert.sent",
            "tls.alert.received",
            "http.request.sent",
            "http.response.received",
        ]
    );
    assert_eq!(
        steps(&transcript, "server"),
        [
            "tcp.accepted",
            "tcp.sent",
            "tcp.received",
            "tcp.closed",
            "tls.client_hello.received",
            "tls.keys",
            "tls.keys",
            "tls.ticket.sent",
            "tls.established",
            "tls.alert.received",
            "tls.alert.sent",
            "http.request.received",
            "http.response.sent",
        ]
    );
    assert_eq!(only(&transcript, "client", "tls.waited").facts["round_trips"], "1");
    assert_eq!(only(&transcript, "server", "tls.ticket.sent").facts["bytes"], "32");
    let ticket = &only(&transcript, "client", "tls.ticket.received").facts;
    assert_eq!((ticket["suite"].as_str(), ticket["early_data"].as_str()), (agreed[1], "0"));

    let keys = keys(&recorder);
    let mut labels: Vec<_> = keys.iter().map(|(label, _)| label.as_str()).collect();
    labels.sort_unstable();
    assert_eq!(
        labels,
        [
            "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
            "CLIENT_TRAFFIC_SECRET_0",
            "EXPORTER_SECRET",
            "SERVER_HANDSHAKE_TRAFFIC_SECRET",
            "SERVER_TRAFFIC_SECRET_0",
        ]
    );
    let random: String = keys[0].1.iter().map(|byte| format!("{byte:02x}")).collect();
    for role in ["client", "server"] {
        let epochs: Vec<_> = transcript
            .of(role)
            .filter(|entry| entry.step == "tls.keys")
            .map(|entry| (entry.facts["epoch"].as_str(), entry.facts["client_random"].as_str()))
            .collect();
        assert_eq!(epochs, [("handshake", random.as_str()), ("application", random.as_str())]);
    }
}

#[test]
fn tls12_full_takes_two_round_trips_and_one_epoch() {
    let agreed = ["TLS 1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "x25519"];
    let (transcript, recorder) = check("tls12-full", &[], agreed);
    assert_eq!(
        steps(&transcript, "client"),
        [
            "tcp.connected",
            "tcp.sent",
            "tcp.received",
            "tcp.closed",
            "tls.certificate.verified",
            "tls.signature.verified",
            "tls.keys",
            "tls.established",
            "tls.waited",
            "tls.alert.sent",
            "tls.alert.received",
            "http.request.sent",
            "http.response.received",
        ]
    );
    assert_eq!(
        steps(&transcript, "server"),
        [
            "tcp.accepted",
            "tcp.sent",
            "tcp.received",
            "tcp.closed",
            "tls.client_hello.received",
            "tls.keys",
            "tls.established",
            "tls.alert.received",
            "tls.alert.sent",
            "http.request.received",
            "http.response.sent",
        ]
    );
    assert_eq!(only(&transcript, "client", "tls.waited").facts["round_trips"], "2");
    assert_eq!(only(&transcript, "client", "tls.keys").facts["epoch"], "connection");
    let labels: Vec<_> = keys(&recorder).into_iter().map(|(label, _)| label).collect();
    assert_eq!(labels, ["CLIENT_RANDOM"]);
}

#[test]
fn knobs_choose_suite_and_group() {
    let suites = [
        ("aes128gcm", "TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
        ("aes256gcm", "TLS_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
        (
            "chacha20",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        ),
    ];
    for (suite, tls13, tls12) in suites {
        check("tls13-full", &[("suite", suite)], ["TLS 1.3", tls13, "x25519"]);
        check("tls12-full", &[("suite", suite)], ["TLS 1.2", tls12, "x25519"]);
    }
    for group in ["secp256r1", "secp384r1"] {
        check("tls13-full", &[("group", group)], ["TLS 1.3", "TLS_AES_256_GCM_SHA384", group]);
        let suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
        check("tls12-full", &[("group", group)], ["TLS 1.2", suite, group]);
    }
    let hybrid = ["TLS 1.3", "TLS_AES_256_GCM_SHA384", "X25519MLKEM768"];
    check("tls13-full", &[("group", "x25519mlkem768")], hybrid);
}

#[test]
fn secrets_come_before_the_bytes_they_seal() {
    // The server's first write carries its sealed flight in TLS 1.3; in TLS 1.2 its second is its
    // Finished.
    for (name, label, write) in
        [("tls13-full", "SERVER_HANDSHAKE_TRAFFIC_SECRET", 0), ("tls12-full", "CLIENT_RANDOM", 1)]
    {
        let (_, recorder) = play(stage(name));
        let all = recorder.all();
        let key = all
            .iter()
            .position(|handed| matches!(handed, Handed::Key(found, ..) if found == label))
            .expect("the secret was handed over");
        let written = all
            .iter()
            .enumerate()
            .filter(|(_, handed)| matches!(handed, Handed::Mark(mark) if mark.what == "write"))
            .nth(write)
            .expect("the server wrote")
            .0;
        assert!(key < written, "{name}: {label} at {key}, write at {written}");
    }
}

/// Plays `name` with its defaults.
fn run(name: &str) -> Transcript {
    play(stage(name)).0.unwrap_or_else(|failure| panic!("{name}: {failure}"))
}

/// One fact of each step of that name that a role says, in order.
fn facts<'a>(transcript: &'a Transcript, role: &'a str, step: &str, fact: &str) -> Vec<&'a str> {
    let said = transcript.of(role).filter(|entry| entry.step == step);
    said.map(|entry| entry.facts.get(fact).map_or("", String::as_str)).collect()
}

#[test]
fn later_visits_go_on_from_the_first() {
    for (name, handshakes, waited) in [
        ("tls13-resumption", vec!["full", "resumed"], vec!["1", "1"]),
        ("tls12-resumption", vec!["full", "resumed", "full", "resumed"], vec!["2", "1", "2", "1"]),
        ("tls13-0rtt", vec!["full", "resumed", "full"], vec!["1", "1", "1"]),
    ] {
        let transcript = run(name);
        for role in ["client", "server"] {
            assert_eq!(facts(&transcript, role, "tls.established", "handshake"), handshakes);
        }
        assert_eq!(facts(&transcript, "client", "tls.waited", "round_trips"), waited, "{name}");
        let verified = facts(&transcript, "client", "tls.certificate.verified", "sha256");
        assert_eq!(verified.len(), handshakes.iter().filter(|kind| **kind == "full").count());
        let found = facts(&transcript, "server", "tls.session.found", "bytes");
        assert_eq!(found, if name == "tls12-resumption" { vec!["32"] } else { vec![] });
        let answers = facts(&transcript, "client", "http.response.received", "status");
        assert_eq!(answers, vec!["200"; handshakes.len()]);
    }
}

#[test]
fn early_data_is_taken_once_and_sent_again_once() {
    for answer in ["after-finished", "at-once"] {
        let (transcript, _) = play(stage("tls13-0rtt").knob("answer", answer));
        let transcript = transcript.unwrap();
        assert_eq!(facts(&transcript, "client", "tls.early.sent", "accepted"), ["yes", "no"]);
        let sent = facts(&transcript, "client", "tls.early.sent", "sha256");
        assert_eq!(sent[0], sent[1], "it is the same request");
        assert_eq!(facts(&transcript, "server", "tls.early.received", "sha256"), [sent[0]]);
        assert_eq!(facts(&transcript, "server", "http.request.received", "target"), ["/"; 3]);
    }
}

#[test]
fn a_wrong_guess_costs_a_round_trip() {
    let transcript = run("tls13-hello-retry");
    assert_eq!(facts(&transcript, "client", "tls.established", "handshake"), ["full-after-retry"]);
    assert_eq!(facts(&transcript, "client", "tls.established", "group"), ["secp384r1"]);
    assert_eq!(facts(&transcript, "client", "tls.waited", "round_trips"), ["2"]);
    assert_eq!(facts(&transcript, "server", "tls.client_hello.received", "groups").len(), 2);
}

#[test]
fn both_sides_show_certificates_where_both_are_asked() {
    for name in ["tls12-mtls", "tls13-mtls"] {
        let transcript = run(name);
        let step = "tls.client_certificate.verified";
        assert_eq!(facts(&transcript, "server", step, "certificates"), ["1"], "{name}");
        let schemes = facts(&transcript, "server", "tls.signature.verified", "scheme");
        assert_eq!(schemes, ["ecdsa_secp256r1_sha256"], "{name}");
    }
}

#[test]
fn what_a_hello_holds_beside_the_usual_is_said() {
    let transcript = run("tls13-hybrid-pq");
    assert_eq!(facts(&transcript, "client", "tls.established", "group"), ["X25519MLKEM768"]);
    let transcript = run("tls13-ech");
    assert_eq!(facts(&transcript, "client", "tls.ech.greased", ""), [""]);
    let transcript = run("tls13-key-update");
    assert_eq!(facts(&transcript, "client", "tls.keys.updated", ""), [""]);
    let pages = facts(&transcript, "server", "http.request.received", "target");
    assert_eq!(pages, ["/", "/about.html"]);
}

#[test]
fn certificates_travel_in_fewer_bytes_and_with_word_of_their_issuer() {
    let transcript = run("tls13-cert-compression");
    let packed = &only(&transcript, "server", "tls.certificate.compressed").facts;
    assert_eq!(packed, &only(&transcript, "client", "tls.certificate.inflated").facts);
    let len = |fact: &str| packed[fact].parse::<usize>().unwrap();
    assert!(len("compressed") < len("bytes"), "{packed:?}");
    let chain = facts(&transcript, "client", "tls.certificate.verified", "certificates");
    assert_eq!(chain, ["2"]);

    let transcript = run("tls-ocsp-stapling");
    let heard = facts(&transcript, "client", "tls.staple.received", "sha256");
    assert!(heard.len() == 2 && heard[0] == heard[1], "{heard:?}");
    let versions = facts(&transcript, "client", "tls.established", "version");
    assert_eq!(versions, ["TLS 1.2", "TLS 1.3"]);
}

#[test]
fn each_refusal_has_its_cause_and_is_heard_by_the_other() {
    let transcript = run("tls-failures");
    let by = |role| facts(&transcript, role, "tls.refused", "cause");
    assert_eq!(by("client"), ["unknown-issuer", "expired", "wrong-name"]);
    assert_eq!(by("server"), ["no-common-alpn", "no-common-version"]);
    let sent = |role| facts(&transcript, role, "tls.alert.sent", "description");
    assert_eq!(sent("client"), ["unknown_ca", "certificate_expired", "bad_certificate"]);
    assert_eq!(sent("server"), ["no_application_protocol", "protocol_version"]);
    let heard = |role| facts(&transcript, role, "tls.alert.received", "description");
    assert_eq!((heard("server"), heard("client")), (sent("client"), sent("server")));
    assert_eq!(facts(&transcript, "client", "tls.established", "version"), [""; 0]);
}

#[test]
fn one_failure_is_tried_alone_where_it_is_asked_for() {
    for (failure, role, cause) in [
        ("unknown-authority", "client", "unknown-issuer"),
        ("expired", "client", "expired"),
        ("wrong-name", "client", "wrong-name"),
        ("no-protocol", "server", "no-common-alpn"),
        ("no-version", "server", "no-common-version"),
    ] {
        let (transcript, _) = play(stage("tls-failures").knob("failure", failure));
        let transcript = transcript.unwrap_or_else(|wrong| panic!("{failure}: {wrong}"));
        assert_eq!(facts(&transcript, role, "tls.refused", "cause"), [cause], "{failure}");
        let opened = facts(&transcript, "client", "tcp.connected", "to");
        assert_eq!(opened.len(), 1, "{failure}");
    }
}

#[test]
fn a_page_is_as_large_as_it_is_asked_for() {
    for name in [
        "tls12-full",
        "tls12-mtls",
        "tls13-full",
        "tls13-mtls",
        "tls13-hybrid-pq",
        "https-tls12",
        "https-tls13",
        "https-tls13-0rtt",
    ] {
        for (page, bytes) in [("as-it-is", "412"), ("4000", "4000"), ("64000", "64000")] {
            let (transcript, _) = play(stage(name).knob("page", page));
            let transcript = transcript.unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
            let read = facts(&transcript, "client", "http.response.received", "body_bytes");
            assert!(!read.is_empty() && read.iter().all(|one| *one == bytes), "{name}: {read:?}");
        }
    }
}

#[test]
fn a_router_by_name_knows_nothing_of_tls() {
    let transcript = run("proxy-sni");
    let asked = facts(&transcript, "client", "tls.established", "server_name");
    assert_eq!(asked, ["server.wirestage.test", "shop.wirestage.test"]);
    for server in ["server", "shop"] {
        assert_eq!(facts(&transcript, server, "http.request.received", "target"), ["/"]);
    }
    let router: Vec<_> = transcript.of("router").map(|entry| entry.protocol()).collect();
    assert!(router.iter().all(|protocol| *protocol == "tcp"), "{router:?}");
}

#[test]
fn openssl_speaks_what_the_library_does_not() {
    for (name, suite, again) in [
        ("tls12-rsa", "TLS_RSA_WITH_AES_128_GCM_SHA256", 0),
        ("tls12-renegotiation", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 1),
    ] {
        let (transcript, recorder) = play(stage(name));
        let transcript = match transcript {
            Err(failure @ Failure::NeedsProgram { .. }) => {
                assert!(failure.mend().unwrap().starts_with("install openssl"));
                skip(name, &failure.to_string());
                continue;
            }
            played => played.unwrap(),
        };
        for role in ["client", "server"] {
            assert_eq!(facts(&transcript, role, "tls.agreed", "version"), ["TLS 1.2"]);
            assert_eq!(facts(&transcript, role, "tls.agreed", "suite"), [suite]);
        }
        let renegotiated = transcript.of("client").filter(|one| one.step == "tls.renegotiated");
        assert_eq!(renegotiated.count(), again, "{name}");
        // One secret for each handshake.
        assert_eq!(keys(&recorder).len(), again + 1, "{name}");
    }
}

#[test]
fn a_hello_that_selfserv_cannot_open_ends_the_handshake() {
    let name = "tls13-ech-accepted";
    let (transcript, recorder) = play(stage(name).knob("key", "replaced"));
    let transcript = match transcript {
        Err(failure @ Failure::NeedsProgram { .. }) => return skip(name, &failure.to_string()),
        played => played.unwrap(),
    };
    assert_eq!(facts(&transcript, "client", "tls.refused", "cause"), ["ech-required"]);
    let verified = facts(&transcript, "client", "tls.certificate.verified", "server_name");
    assert_eq!(verified, ["public.wirestage.test"], "the one who shows for all to read");
    assert_eq!(facts(&transcript, "client", "tls.established", "").len(), 0);
    // All secrets go by the random outside.
    let keys = keys(&recorder);
    assert!(keys.len() > 2 && keys.iter().all(|(_, random)| *random == keys[0].1), "{keys:?}");
}

#[test]
fn selfserv_opens_a_hello_that_was_sealed_for_it() {
    let name = "tls13-ech-accepted";
    let (transcript, recorder) = play(stage(name));
    let transcript = match transcript {
        Err(failure @ Failure::NeedsProgram { .. }) => {
            let mend = failure.mend().unwrap();
            assert!(mend.ends_with("as with sudo apt-get install libnss3-tools"), "{mend}");
            return skip(name, &failure.to_string());
        }
        played => played.unwrap(),
    };
    assert_eq!(facts(&transcript, "client", "tls.ech.accepted", ""), [""]);
    assert_eq!(facts(&transcript, "client", "tls.ech.greased", "").len(), 0);
    let asked = facts(&transcript, "client", "tls.established", "server_name");
    assert_eq!(asked, ["server.wirestage.test"]);
    assert_eq!(transcript.of("server").count(), 0, "the program keeps it to itself");
    // What opens the hello goes by the random outside, and all else by the one inside.
    let keys = keys(&recorder);
    let (sealing, others): (Vec<_>, Vec<_>) =
        keys.iter().partition(|(label, _)| label.starts_with("ECH_"));
    let labels: Vec<&str> = sealing.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(labels, ["ECH_SECRET", "ECH_CONFIG"]);
    assert!(sealing.iter().all(|(_, random)| *random == sealing[0].1));
    assert!(others.iter().all(|(_, random)| *random == others[0].1));
    assert_ne!(sealing[0].1, others[0].1);
}
