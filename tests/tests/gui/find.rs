//! Finding within a recording, going to a named place, and back to where one was.

use super::*;

/// A recording with the search line in focus.
fn finding(name: &str, text: &str) -> Harness<'static, Window> {
    let mut harness = explore(recording(name));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run_steps(3);
    harness.get_by_label("Find").type_text(text);
    harness.run_steps(3);
    harness
}

/// Chooses an entry of a list that folds out.
fn choose(harness: &mut Harness<'_, Window>, list: &str, entry: &str) {
    harness.get_by_label(list).click();
    harness.run_steps(4);
    harness.get_by_label(entry).click();
    harness.run_steps(4);
}

fn selected(harness: &Harness<'_, Window>) -> Option<u32> {
    let open = harness.state().state.explore.as_ref();
    open.and_then(|open| open.selection.frame).map(|frame| frame.number())
}

fn told(harness: &mut Harness<'_, Window>, what: &str) {
    until(harness, what, |harness| harness.query_by_label_contains(what).is_some());
}

#[test]
fn what_rows_say_is_found_from_here_on_and_back_again() {
    let mut harness = finding("http1-keepalive", "get /");
    harness.key_press(Key::Enter);
    told(&mut harness, "1 of 3 frames");
    assert_eq!(selected(&harness), Some(5));
    // The field keeps the keyboard; F3 goes on from anywhere.
    harness.key_press(Key::Enter);
    told(&mut harness, "2 of 3 frames");
    assert_eq!(selected(&harness), Some(12));
    harness.key_press(Key::F3);
    told(&mut harness, "3 of 3 frames");
    harness.key_press(Key::F3);
    told(&mut harness, "1 of 3 frames · from the start again");
    assert_eq!(selected(&harness), Some(5));
    harness.key_press_modifiers(Modifiers::SHIFT, Key::F3);
    told(&mut harness, "3 of 3 frames · from the end again");
    assert_eq!(selected(&harness), Some(20));
    // Large letters are told from small ones where that is asked for.
    harness.get_by_label("Match case").click();
    harness.run_steps(3);
    harness.key_press(Key::F3);
    told(&mut harness, "Found nowhere");
    assert_eq!(selected(&harness), Some(20));
}

#[test]
fn what_only_decoded_bodies_hold_is_found_there_and_raised() {
    let mut harness = finding("tls13-full", "GET / HTTP");
    choose(&mut harness, "Where it is looked for", "in bytes");
    harness.key_press(Key::F3);
    told(&mut harness, "Found nowhere");
    choose(&mut harness, "Where it is looked for", "in decoded bodies");
    harness.key_press(Key::F3);
    told(&mut harness, "1 of 1 frame");
    assert_eq!(selected(&harness), Some(16));
    until(&mut harness, "its place", |harness| {
        let open = harness.state().state.explore.as_ref();
        open.is_some_and(|open| open.selection.byte.is_some())
    });
    assert!(harness.query_by_label_contains("Plaintext: arrow keys").is_some());
}

#[test]
fn fields_bytes_and_expressions_lead_to_their_place() {
    let mut harness = finding("tls13-full", "server hello$");
    choose(&mut harness, "How it is written", "Regular expression");
    choose(&mut harness, "Where it is looked for", "in fields");
    harness.key_press(Key::F3);
    told(&mut harness, "1 of 1 frame");
    until(&mut harness, "the line", |harness| {
        let open = harness.state().state.explore.as_ref();
        open.is_some_and(|open| open.selection.line.is_some())
    });
    assert_eq!(selected(&harness), Some(9));

    let mut harness = finding("tls13-full", "16 03 01 ??");
    choose(&mut harness, "How it is written", "Hex");
    choose(&mut harness, "Where it is looked for", "in bytes");
    harness.key_press(Key::F3);
    told(&mut harness, "1 of 1 frame");
    assert_eq!(selected(&harness), Some(6));
    let byte = harness.state().state.explore.as_ref().unwrap().selection.byte;
    assert_eq!(byte, Some(66), "behind the headers of Ethernet, IP and TCP");

    harness.get_by_label("Find").focus();
    harness.run_steps(2);
    harness.get_by_label("Find").type_text("x");
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    told(&mut harness, "× Bytes are pairs of hex digits");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label("Find").is_none(), "Escape puts the line away");
}

#[test]
fn frames_times_steps_and_connections_are_gone_to() {
    let mut harness = explore(recording("http1-keepalive"));
    let mut go = |typed: &str| {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::G);
        harness.run_steps(3);
        let kept = harness.get_by_label("Go to").value().unwrap_or_default();
        for _ in 0..kept.chars().count() {
            harness.key_press(Key::Backspace);
        }
        harness.get_by_label("Go to").type_text(typed);
        harness.run_steps(3);
        harness.key_press(Key::Enter);
        harness.run_steps(4);
        let wrong = harness.query_by_label_contains("× ").is_some();
        (selected(&harness), wrong)
    };
    assert_eq!(go("frame 12"), (Some(12), false));
    assert_eq!(go("4.6 ms"), (Some(16), false));
    assert_eq!(go("30"), (Some(16), true));
    assert_eq!(go("9"), (Some(9), false));
    assert_eq!(go("connection 1"), (Some(2), false));
    assert_eq!(go("connection 2"), (Some(2), true));
    assert_eq!(go("step 4"), (Some(5), false));
    let beat = harness.state().state.explore.as_ref().unwrap().selection.beat;
    assert!(beat.is_some(), "a step is chosen in the diagram");
}

#[test]
fn one_goes_back_where_one_was() {
    let mut harness = explore(recording("http1-keepalive"));
    let first = selected(&harness);
    for row in ["Frame 5, ", "Frame 6, "] {
        harness.get_by_label_contains(row).click();
        harness.run_steps(3);
    }
    harness.get_by_label("Packets, 29 rows").focus();
    harness.run_steps(2);
    harness.key_press(Key::End);
    harness.run_steps(3);
    assert_eq!(selected(&harness), Some(29));
    for expected in [Some(6), first] {
        harness.key_press_modifiers(Modifiers::ALT, Key::ArrowLeft);
        harness.run_steps(3);
        assert_eq!(selected(&harness), expected);
    }
    harness.key_press_modifiers(Modifiers::ALT, Key::ArrowRight);
    harness.run_steps(3);
    assert_eq!(selected(&harness), Some(6));
}
