//! What a stage checks, and how a run is ended from outside.

use std::sync::Arc;

use wirestage_generators::{
    Failure, Mark, MarkSink, PortPolicy, SCENARIOS, Stage, StopSignal, Transcript, find,
};

use crate::common::{play, stage};
use crate::skip::skip;

#[test]
fn the_catalogue_is_consistent() {
    for scenario in SCENARIOS {
        let name = scenario.name;
        assert!(
            name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{name}"
        );
        assert_eq!(
            SCENARIOS.iter().filter(|other| other.name == name).count(),
            1,
            "{name} is listed once"
        );
        assert_eq!(
            scenario.teaches.matches(". ").count() + 1,
            2,
            "{name} teaches in two sentences"
        );
        assert!(
            scenario.knobs.iter().all(|knob| knob.takes(knob.default)),
            "{name} takes its own defaults"
        );
        Stage::builder(scenario).build().expect("defaults are enough");
    }
}

#[test]
fn roles_get_addresses_of_their_own() {
    for scenario in SCENARIOS {
        let addresses = Stage::default_addresses(scenario);
        assert_eq!(addresses.len(), scenario.roles.len());
        for (at, (role, address)) in addresses.iter().enumerate() {
            assert!(
                addresses[..at].iter().all(|(_, other)| other != address),
                "{role} shares {address}"
            );
        }
    }
    let stage = stage("udp-echo").address("server", [127, 0, 0, 9].into()).build().unwrap();
    assert_eq!(stage.address("client").unwrap().to_string(), "127.0.0.1");
    assert_eq!(stage.address("server").unwrap().to_string(), "127.0.0.9");
}

#[test]
fn an_unknown_role_is_refused() {
    let failure = stage("udp-echo").address("proxy", [127, 0, 0, 3].into()).build().unwrap_err();
    assert!(matches!(failure, Failure::UnknownRole { .. }));
    assert_eq!(failure.to_string(), "udp-echo has no role called \"proxy\"");
}

#[test]
fn an_unknown_knob_is_refused() {
    let failure = stage("udp-echo").knob("colour", "red").build().unwrap_err();
    assert!(matches!(failure, Failure::UnknownKnob { .. }));
    assert_eq!(failure.to_string(), "udp-echo has no knob called \"colour\"");
    assert_eq!(failure.mend().as_deref(), Some("this scenario has nothing to set"));
}

#[test]
fn a_standard_port_that_is_taken_is_replaced_or_reported() {
    // Whatever the policy asks for first is refused, as if the port were taken.
    let bind = |at: std::net::SocketAddr| match at.port() {
        0 => Ok("a free port"),
        _ => Err(std::io::Error::from(std::io::ErrorKind::AddrInUse)),
    };
    let with = |policy| stage("udp-echo").ports(policy).build().unwrap();
    assert_eq!(with(PortPolicy::StandardOrFree).bind("server", 7, bind).unwrap(), "a free port");
    assert_eq!(with(PortPolicy::Free).bind("server", 7, bind).unwrap(), "a free port");
    let failure = with(PortPolicy::Standard).bind("server", 7, bind).unwrap_err();
    assert!(failure.to_string().starts_with("server could not bind 127.0.0.2:7: "), "{failure}");
    assert!(failure.mend().unwrap().contains("free ports"));
}

#[test]
fn a_setting_of_all_of_a_network_is_left_alone_where_that_is_not_ones_own() {
    for name in [
        "tcp-fast-open",
        "tcp-idle-forgotten",
        "tcp-simultaneous-open",
        "tcp-ports-exhausted",
        "icmp-ping",
        "icmp-traceroute",
        "path-mtu",
    ] {
        let failure = play(stage(name)).0.unwrap_err();
        assert!(matches!(failure, Failure::NeedsNetwork { .. }), "{failure:?}");
        assert!(failure.to_string().contains(" needs "), "{failure}");
        assert!(failure.mend().unwrap().contains("lab"));
    }
}

#[test]
fn a_raised_signal_ends_every_scenario() {
    for scenario in SCENARIOS {
        let signal = StopSignal::new();
        signal.raise();
        let (outcome, _) = play(stage(scenario.name).stop(signal));
        assert!(matches!(outcome, Err(Failure::Stopped)), "{}: {outcome:?}", scenario.name);
    }
}

#[test]
fn an_address_this_machine_lacks_is_a_failure_with_a_mend() {
    // TEST-NET-1 (RFC 5737) is assigned to nobody, so no machine can bind it.
    let (outcome, _) = play(stage("tcp-lifecycle").address("server", [192, 0, 2, 1].into()));
    let failure = outcome.unwrap_err();
    assert!(matches!(failure, Failure::Io { role: "server", .. }), "{failure:?}");
    assert!(failure.mend().is_some());
}

/// Asks for the end as soon as the server says that it listens.
struct StopWhenListening(StopSignal);

impl MarkSink for StopWhenListening {
    fn mark(&self, mark: Mark) {
        if mark.what == "listen" {
            self.0.raise();
        }
    }
}

#[test]
fn a_signal_raised_while_it_plays_ends_the_run_early() {
    // The server tells the client where to connect only after this mark, so the run cannot have
    // ended before.
    let signal = StopSignal::new();
    let stage = stage("tls13-full").stop(signal.clone()).marks(Arc::new(StopWhenListening(signal)));
    let stage = stage.build().unwrap();
    assert!(!stage.stopped());
    let outcome = (stage.scenario().run)(&stage);
    assert!(matches!(outcome, Err(Failure::Stopped)), "{outcome:?}");
    assert!(stage.stopped());
}

#[test]
fn every_transcript_is_in_comparable_order_and_survives_json() {
    for scenario in SCENARIOS {
        let transcript = match play(stage(scenario.name)).0 {
            Ok(transcript) => transcript,
            // What it sets holds for all of a network, and this one is the host's; or a program
            // that it takes is not here.
            Err(failure @ (Failure::NeedsNetwork { .. } | Failure::NeedsProgram { .. })) => {
                skip(scenario.name, &failure.to_string());
                continue;
            }
            Err(failure) => panic!("{}: {failure}", scenario.name),
        };
        for entry in &transcript.entries {
            assert!(scenario.role(&entry.role).is_some(), "{} is in the cast", entry.role);
            assert!(
                [
                    "icmp",
                    "udp",
                    "tcp",
                    "tls",
                    "quic",
                    "dns",
                    "http",
                    "http2",
                    "http3",
                    "grpc",
                    "websocket",
                    "mqtt",
                    "amqp",
                    "sse"
                ]
                .contains(&entry.protocol()),
                "{}",
                entry.step
            );
        }
        assert_eq!(Transcript::new(transcript.entries.clone()), transcript, "{}", scenario.name);
        let json = serde_json::to_string(&transcript).unwrap();
        assert_eq!(serde_json::from_str::<Transcript>(&json).unwrap(), transcript);
    }
}

#[test]
fn the_catalogue_can_be_printed_as_json() {
    let json = serde_json::to_value(find("tls12-full").unwrap()).unwrap();
    assert_eq!(json["name"], "tls12-full");
    assert_eq!(json["group"], "tls");
    assert_eq!(json["roles"][1]["kind"], "server");
    assert_eq!(json["knobs"][0]["default"], "x25519");
    assert_eq!(json["limit"], 10.0);
}

#[test]
fn a_value_a_knob_does_not_take_is_refused_with_its_choices() {
    let failure = stage("tls13-full").knob("suite", "rot13").build().unwrap_err();
    assert_eq!(failure.to_string(), "suite cannot be \"rot13\"");
    assert_eq!(failure.mend().as_deref(), Some("choose one of: aes128gcm, aes256gcm, chacha20"));

    let failure = stage("tls13-full").knob("cipher", "rot13").build().unwrap_err();
    assert_eq!(failure.mend().as_deref(), Some("it has: group, suite, page"));

    let stage = stage("tls13-full").knob("suite", "chacha20").build().unwrap();
    assert_eq!((stage.knob("suite"), stage.knob("group")), ("chacha20", "x25519"));
}
