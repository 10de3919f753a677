//! The scenarios of QUIC, run for real on the host's loopback.

use wirestage_generators::Transcript;

use crate::{
    common::{only, play, stage, steps},
    http::told,
};

/// Plays `name`: what one side sent the other must have received.
fn check(name: &str) -> Transcript {
    let transcript = play(stage(name)).0.unwrap_or_else(|failure| panic!("{name}: {failure}"));
    for (from, to) in [("client", "server"), ("server", "client")] {
        let facts = ["bytes", "sha256"];
        assert_eq!(
            told(&transcript, from, "quic.datagram.sent", facts),
            told(&transcript, to, "quic.datagram.received", facts),
            "{name}"
        );
        let facts = ["code", "reason"];
        assert_eq!(
            told(&transcript, from, "quic.close.sent", facts),
            told(&transcript, to, "quic.close.received", facts),
            "{name}"
        );
    }
    let facts = ["from", "to", "alpn"];
    assert_eq!(
        told(&transcript, "client", "quic.connected", facts),
        told(&transcript, "server", "quic.accepted", facts),
        "{name}"
    );
    let facts = ["stream", "bytes", "sha256"];
    assert_eq!(
        told(&transcript, "server", "quic.stream.sent", facts),
        told(&transcript, "client", "quic.stream.received", facts),
        "{name}"
    );
    transcript
}

/// The steps of one role that are QUIC's, without the name that is before all of them.
fn spoken<'a>(transcript: &'a Transcript, role: &'a str) -> Vec<&'a str> {
    steps(transcript, role).into_iter().filter_map(|step| step.strip_prefix("quic.")).collect()
}

#[test]
fn quic_1rtt_asks_on_two_streams() {
    let transcript = check("quic-1rtt");
    let streams = told(&transcript, "server", "quic.stream.received", ["stream", "bytes"]);
    assert_eq!(streams, [["0", "17"], ["4", "4000"]]);
    let closed = told(&transcript, "server", "quic.close.received", ["code", "reason"]);
    assert_eq!(closed, [["0", "thank you"]]);
    let accepted = &only(&transcript, "server", "quic.accepted").facts;
    assert_eq!(accepted["server_name"], "server.wirestage.test");
    assert_eq!(accepted["validated"], "no");
    assert_eq!(only(&transcript, "client", "tls.ticket.received").facts["early_data"], "0");
}

#[test]
fn quic_0rtt_is_taken_once_and_thrown_away_once() {
    let transcript = check("quic-0rtt");
    let early = told(&transcript, "client", "quic.connected", ["early"]);
    assert_eq!(early, [[""], ["accepted"], ["rejected"]]);
    let sent = told(&transcript, "client", "quic.stream.sent", ["stream", "early"]);
    assert_eq!(sent, [["0", ""], ["0", "yes"], ["0", "yes"], ["0", ""], ["4", ""]]);
    let received = told(&transcript, "server", "quic.stream.received", ["stream"]);
    assert_eq!(received, [["0"], ["0"], ["0"], ["4"]], "one of five was never read");
}

#[test]
fn quic_retry_proves_the_clients_address() {
    let transcript = check("quic-retry");
    let [retry, accepted] =
        ["quic.retry.sent", "quic.accepted"].map(|step| &only(&transcript, "server", step).facts);
    assert_eq!((&retry["id"], &retry["from"]), (&accepted["id"], &accepted["from"]));
    assert_eq!(accepted["validated"], "yes");
}

#[test]
fn quic_version_negotiation_begins_anew() {
    let transcript = check("quic-version-negotiation");
    let refused = &only(&transcript, "client", "quic.version.refused").facts;
    assert_eq!(refused["version"], "0xff00001d");
    assert_eq!(spoken(&transcript, "client")[..2], ["version.refused", "connected"]);
}

#[test]
fn quic_key_update_is_followed() {
    let transcript = check("quic-key-update");
    let client = ["connected", "stream.sent", "stream.received", "keys.updated", "close.sent"];
    let streams = ["stream.sent", "stream.received"];
    assert_eq!(spoken(&transcript, "client"), [&client[..], &streams].concat());
}

#[test]
fn quic_migration_takes_the_connection_along() {
    let transcript = check("quic-migration");
    let moved = &only(&transcript, "client", "quic.moved").facts;
    assert_eq!(moved, &only(&transcript, "server", "quic.followed").facts);
    assert_ne!(moved["from"], only(&transcript, "client", "quic.connected").facts["from"]);
}

#[test]
fn quic_datagrams_go_both_ways() {
    let transcript = check("quic-datagrams");
    let bytes = told(&transcript, "client", "quic.datagram.received", ["bytes"]);
    assert_eq!(bytes, [["14"], ["14"], ["14"]]);
}

#[test]
fn quic_close_ends_in_three_ways() {
    let transcript = check("quic-close");
    let ends = ["close.received", "timed-out", "reset"];
    let client: Vec<_> =
        spoken(&transcript, "client").into_iter().filter(|step| ends.contains(step)).collect();
    assert_eq!(client, ends);
    let closed = told(&transcript, "client", "quic.close.received", ["code", "reason"]);
    assert_eq!(closed, [["17", "closing time"]]);
    let server = spoken(&transcript, "server");
    assert_eq!(server.iter().filter(|step| **step == "timed-out").count(), 1);
}
