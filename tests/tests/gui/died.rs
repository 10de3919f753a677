//! What the window says where a thread beside it dies: what it was, why, and what to do next.

use egui_kittest::kittest::Queryable;
use wirestage::document::{Ground, Progress};
use wirestage::gui::Teller;
use wirestage_dissectors::ids::ConnectionId;
use wirestage_dissectors::story::Story;

use super::*;

/// Dies of whatever it is to tell, or to play.
struct Dies;

impl Teller for Dies {
    fn tell(&self, _: &Ground, _: Option<ConnectionId>, _: &Progress) -> Option<Story> {
        panic!("on purpose")
    }
}

impl Recorder for Dies {
    fn record(&self, _: &Wanted, _: &Progress, _: &Wake) -> Result<Option<Recorded>, Trouble> {
        panic!("on purpose")
    }
}

/// Waits until it is said that this died, of what, and what to do about it.
fn is_said(harness: &mut Harness<'_, Window>, what: &str) {
    let cause = format!("{what} ended unexpectedly: on purpose");
    until(harness, what, |harness| harness.query_by_label_contains(&cause).is_some());
    let mend = "To mend it: do it again, or open the recording again";
    assert!(harness.query_by_label_contains(mend).is_some());
}

#[test]
fn a_teller_that_dies_leaves_a_window_that_says_so_and_goes_on() {
    let path = recording("tls13-full");
    let builder = Harness::builder().with_size(egui::vec2(1400.0, 936.0));
    let mut harness = builder.build_eframe(move |cc| {
        let mut window =
            Window::with(&cc.egui_ctx, Settings::default(), Arc::new(Made), vec![path]);
        window.state.teller = Arc::new(Dies);
        window
    });
    is_said(&mut harness, "Telling the story");
    assert!(harness.query_by_label_contains("Reading the connections").is_none(), "it waits");
    assert!(harness.query_by_label_contains("This could not be told").is_some());
    harness.get_by_label("Dismiss").click();
    // Whatever else there is to look at is there.
    choose_row(&mut harness, "Client Hello");
    let details = |harness: &Harness<'_, Window>| {
        harness.state().state.explore.as_ref().and_then(|open| open.details.clone())
    };
    until(&mut harness, "the fields", |harness| {
        details(harness).is_some_and(|details| !details.messages.is_empty())
    });
}

#[test]
fn a_recorder_that_dies_leaves_a_stage_that_runs_again() {
    let mut harness = window(Dies, None);
    harness.run_steps(SETTLED);
    harness.get_by_label("TLS 1.2: full handshake").click_accesskit();
    harness.run_steps(8);
    harness.get_by_label("Run").click();
    is_said(&mut harness, "Recording TLS 1.2: full handshake");
    assert!(harness.query_by_label("Run").is_some());
}
