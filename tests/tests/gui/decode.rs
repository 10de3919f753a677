//! Decode as: a port is read as something else, and as its bytes say again.

use super::*;

#[test]
fn a_port_is_read_as_another_protocol_and_as_its_bytes_say_again() {
    let mut harness = explore(recording("http1-keepalive"));
    let is_there = |harness: &Harness<'_, Window>, words: &str| {
        harness.query_all_by_label_contains(words).next().is_some()
    };
    until(&mut harness, "requests", |harness| is_there(harness, "Frame 5, HTTP, "));
    harness.get_by_label_contains("Frame 5, ").click();
    harness.run_steps(4);
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::U);
    harness.run_steps(4);
    assert_eq!(harness.get_by_label("What is read").value().as_deref(), Some("Port 80 of TCP"));
    harness.get_by_label("Which protocol").click();
    harness.run_steps(4);
    harness.get_by_label("data").click_accesskit();
    harness.run_steps(4);
    let chosen = harness.get_by_label("Which protocol").value();
    assert_eq!(chosen.as_deref(), Some("data"));
    harness.get_by_label("Apply").click();
    until(&mut harness, "bytes alone", |harness| {
        !is_there(harness, "Frame 5, HTTP, ") && harness.query_by_label("Apply").is_none()
    });
    until(&mut harness, "a story without requests", |harness| {
        let open = harness.state().state.explore.as_ref().unwrap();
        let story = open.shown.story.as_ref().unwrap();
        !story.beats.iter().any(|beat| beat.label.contains("GET"))
    });
    let open = harness.state().state.explore.as_ref().unwrap();
    assert_eq!(open.selection.frame.map(|frame| frame.number()), Some(5), "the choice stays");

    // From the menu of a row, back to what the bytes say.
    harness.get_by_label_contains("Frame 5, ").click_secondary();
    harness.run_steps(4);
    harness.get_by_label_contains("Decode as…").click();
    harness.run_steps(4);
    harness.get_by_label("Forget 1 rule").click();
    until(&mut harness, "requests again", |harness| is_there(harness, "Frame 5, HTTP, "));
}
