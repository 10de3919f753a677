//! The Compare screen: a set from its samples, recorded now, and a ladder that opens its recording.

use egui_kittest::kittest::Queryable;
use wirestage::compare::SETS;
use wirestage::gui::Screen;

use super::{Made, SETTLED, Told, until, window};

/// What is heard of the first ladder.
const LADDER: &str = "TLS 1.2, over TCP: 3 + 1 round trips";

#[test]
fn a_set_is_seen_side_by_side_and_a_ladder_opens_its_recording() {
    let mut harness = window(Made, None);
    harness.run_steps(SETTLED);
    harness.get_by_label("HTTPS, six ways").click();
    until(&mut harness, "the ladders", |harness| harness.query_by_label_contains(LADDER).is_some());
    assert_eq!(harness.state().state.screen, Screen::Compare);
    assert!(harness.query_by_label_contains("TLS 1.3, over TCP: 2 + 1 round trips").is_some());

    harness.get_by_label("Field by field, below the picture").click();
    harness.run_steps(3);
    let alone = "ServerKeyExchange (server), only in TLS 1.2";
    assert!(harness.query_by_label(alone).is_some());
    harness.get_by_label_contains("ClientHello (client): ").click();
    harness.run_steps(SETTLED);
    let version = "tls.handshake.extensions.supported_version";
    assert!(harness.query_by_label(version).is_some());
    harness.get_by_label("Field by field, below the picture").click();

    harness.get_by_label_contains("Record all").click();
    harness.run_steps(3);
    until(&mut harness, "the recordings", |harness| {
        harness.query_by_label_contains("Record all").is_some()
    });
    harness.get_by_label_contains(LADDER).click();
    until(&mut harness, "the recording", |harness| harness.state().state.screen == Screen::Explore);
    let open = harness.state().state.explore.as_ref().unwrap();
    assert!(open.source.name.contains("https-tls12"), "{}", open.source.name);
}

#[test]
fn what_defaults_cost_is_a_set_of_the_window() {
    let mut harness = window(Made, None);
    harness.run_steps(SETTLED);
    harness.get_by_label("HTTPS, as it comes and tuned").click();
    let tuned = "QUIC, 0-RTT, tuned, answers at once: 0 + 1 round trips";
    until(&mut harness, "the ladders", |harness| harness.query_by_label_contains(tuned).is_some());
    assert!(harness.query_by_label_contains("Record all 6 now").is_some());
}

#[test]
fn all_of_a_set_are_recorded_over_the_link_that_was_typed() {
    let (send, wanted) = std::sync::mpsc::channel();
    let mut harness = window(Told(send), None);
    harness.run_steps(SETTLED);
    harness.get_by_label("Compare").click();
    until(&mut harness, "the ladders", |harness| harness.query_by_label_contains(LADDER).is_some());
    harness.get_by_label_contains("Record all").click();
    harness.run_steps(3);
    until(&mut harness, "the end", |harness| {
        harness.query_by_label_contains("Record all").is_some()
    });
    let wanted = wanted.try_recv().expect("somebody was asked");
    assert_eq!(wanted.scenario.name, SETS[0].members[0].scenario);
    assert_eq!(wanted.link.as_deref(), Some(SETS[0].link));
}
