//! The filter line: typed, completed, applied, cleared; the list, the counters and the connections
//! obey it.

use egui_kittest::kittest::NodeT;

use super::*;

/// A recording of one connection, with the filter line in focus.
fn typing(text: &str) -> Harness<'static, Window> {
    let mut harness = explore(recording("http1-keepalive"));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::L);
    harness.run_steps(3);
    harness.get_by_label("Filter").type_text(text);
    harness.run_steps(3);
    harness
}

fn apply(harness: &mut Harness<'_, Window>, what: &str) {
    harness.key_press(Key::Enter);
    let so = |harness: &Harness<'_, Window>| harness.query_by_label_contains(what).is_some();
    until(harness, what, so);
}

#[test]
fn only_frames_that_pass_are_listed_and_counted() {
    let mut harness = typing("http.request.method == \"GET\"");
    assert!(harness.query_by_label("Packets, 29 rows").is_some(), "nothing is applied yet");
    let words = "Enter selects: HTTP Request Method is \"GET\"";
    assert!(harness.query_by_label(words).is_some(), "it is said in words");
    apply(&mut harness, "3 of 29 frames pass in 1 connection");
    assert!(harness.query_by_label("Packets, 3 rows").is_some());
    assert!(harness.query_by_label("3 of 29 frames shown").is_some(), "the status line counts");
    for (frame, is_shown) in [(5, true), (12, true), (20, true), (9, false), (16, false)] {
        let row = format!("Frame {frame}, ");
        assert_eq!(harness.query_by_label_contains(&row).is_some(), is_shown, "{row}");
    }
    // Down goes to the next that passes.
    harness.get_by_label_contains("Frame 5, ").click();
    harness.run_steps(3);
    harness.get_by_label("Packets, 3 rows").focus();
    harness.run_steps(3);
    harness.key_press(Key::ArrowDown);
    harness.run_steps(3);
    let selected = harness.state().state.explore.as_ref().and_then(|open| open.selection.frame);
    assert_eq!(selected.map(|frame| frame.number()), Some(12));
    harness.get_by_label("Clear").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Packets, 29 rows").is_some());
    assert!(harness.query_by_label("29 frames").is_some());
}

#[test]
fn what_is_no_filter_is_told_at_its_place_and_leaves_the_last_one_in_force() {
    let mut harness = typing("tcp.flags.syn == 1");
    apply(&mut harness, "2 of 29 frames pass");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::L);
    harness.run_steps(3);
    harness.get_by_label("Filter").type_text(" and ip.scr");
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("does not count yet").is_some());
    apply(&mut harness, "No field is called “ip.scr”. Did you mean ip.src?");
    assert!(harness.query_by_label("Packets, 2 rows").is_some(), "the last one stays");
}

#[test]
fn words_are_completed_and_taken_by_tab() {
    let mut harness = typing("tls.handshake.ty");
    let offered = |harness: &Harness<'_, Window>, what: &str| {
        harness.query_all_by_label(what).next().is_some()
    };
    assert!(offered(&harness, "tls.handshake.type"));
    harness.key_press(Key::Tab);
    harness.run_steps(3);
    let typed =
        |harness: &Harness<'_, Window>| harness.get_by_label("Filter").value().unwrap_or_default();
    assert_eq!(typed(&harness), "tls.handshake.type");
    harness.get_by_label("Filter").type_text(" ");
    harness.run_steps(3);
    assert!(offered(&harness, ">="), "operators follow a field");
    harness.get_by_label("Filter").type_text("== C");
    harness.run_steps(3);
    assert!(offered(&harness, "\"Client Hello\""), "values have names");
    // Escape closes what is offered, and only then clears the line.
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(!offered(&harness, "\"Client Hello\""));
    assert_eq!(typed(&harness), "tls.handshake.type == C");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert_eq!(typed(&harness), "");
}

#[test]
fn steps_of_which_nothing_passes_step_back() {
    let mut harness = typing("http.response.code == 200");
    let back = "(nothing of it passes the filter)";
    let steps = |harness: &Harness<'_, Window>, what: &str| {
        let steps = harness.get_all_by_role(egui::accesskit::Role::Button);
        let names = steps.filter_map(|node| node.accesskit_node().label());
        let named = |name: &String| name.starts_with("Step ") && name.contains(what);
        names.filter(named).map(|name| name.contains(back)).collect::<Vec<bool>>()
    };
    until(&mut harness, "the steps", |harness| !steps(harness, "SYN").is_empty());
    assert!(!steps(&harness, "").contains(&true), "without a filter none does");
    apply(&mut harness, "frames pass in 1 connection");
    until(&mut harness, "the steps", |harness| steps(harness, "SYN").contains(&true));
    assert!(!steps(&harness, "SYN").contains(&false), "no step that opens the connection passes");
    assert!(steps(&harness, "200 OK").contains(&false), "that of the answer does");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::L);
    harness.run_steps(3);
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(!steps(&harness, "").contains(&true), "all of them are there again");
}

#[test]
fn what_was_typed_before_is_at_hand_again() {
    let mut harness = typing("tcp.flags.fin == 1");
    apply(&mut harness, "2 of 29 frames pass");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::L);
    harness.run_steps(3);
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label("Packets, 29 rows").is_some(), "Escape lets everything pass");
    harness.get_by_label("History").click();
    harness.run_steps(3);
    harness.get_by_label("Keep: tcp.flags.fin == 1").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Keep no longer: tcp.flags.fin == 1").is_some());
    harness.get_by_label("tcp.flags.fin == 1").click();
    until(&mut harness, "the rows", |harness| harness.query_by_label("Packets, 2 rows").is_some());

    // What is kept is there in the next recording as well.
    harness.state_mut().state.open(vec![recording("udp-echo")], None);
    until(&mut harness, "the other", |harness| {
        harness.query_by_label_contains("Is anybody there").is_some()
            || harness.state().state.explore.as_ref().is_some_and(|open| open.frame_count() < 29)
    });
    assert_eq!(harness.state().state.settings.filters, ["tcp.flags.fin == 1"]);
    harness.get_by_label("History").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("tcp.flags.fin == 1").is_some());
}

/// Drags what has this name onto the filter line, a few points right of its left edge.
fn drag(harness: &mut Harness<'_, Window>, what: &str, right: f32) {
    let from = harness.get_by_label_contains(what).rect();
    let from = egui::pos2(from.left() + right, from.center().y);
    let to = harness.get_by_label("Filter").rect().center();
    harness.hover_at(from);
    harness.step();
    harness.drag_at(from);
    harness.step();
    for at in [from + egui::vec2(12.0, 0.0), from + egui::vec2(40.0, -30.0), to] {
        harness.hover_at(at);
        harness.step();
    }
    harness.run_steps(2);
}

/// Lets it go there.
fn drop(harness: &mut Harness<'_, Window>, passed: &str) {
    assert!(harness.query_by_label_contains("Drop to ask for").is_some(), "the line takes it");
    let to = harness.get_by_label("Filter").rect().center();
    harness.drop_at(to);
    let so = |harness: &Harness<'_, Window>| harness.query_by_label_contains(passed).is_some();
    until(harness, passed, so);
    assert!(harness.query_by_label_contains("Drop to ask for").is_none());
}

#[test]
fn a_field_and_a_cell_are_dropped_on_the_line() {
    let mut harness = explore(recording("http1-keepalive"));
    let typed =
        |harness: &Harness<'_, Window>| harness.get_by_label("Filter").value().unwrap_or_default();
    choose_row(&mut harness, "Frame 5, ");
    until(&mut harness, "its fields", |harness| {
        harness.query_by_label_contains("Request Method: GET").is_some()
    });
    drag(&mut harness, "Request Method: GET", 90.0);
    drop(&mut harness, "3 of 29 frames pass");
    assert_eq!(typed(&harness), "http.request.method == \"GET\"");
    // What is dropped then has to pass besides.
    drag(&mut harness, "Frame 12, ", 20.0);
    drop(&mut harness, "1 of 29 frames pass");
    assert_eq!(typed(&harness), "http.request.method == \"GET\" and frame.number == 12");
    // Let go elsewhere, it does nothing.
    harness.get_by_label("Clear").click();
    harness.run_steps(3);
    drag(&mut harness, "Frame 12, ", 20.0);
    let away = harness.get_by_label_contains("Frame 13, ").rect().center();
    harness.hover_at(away);
    harness.step();
    assert!(harness.query_by_label_contains("To the filter line: frame.number == 12").is_some());
    harness.drop_at(away);
    harness.run_steps(3);
    assert_eq!(typed(&harness), "");
}

#[test]
fn what_is_no_field_yet_is_told_quietly_while_it_is_typed() {
    let mut harness = typing("ip.scr");
    let quiet = "no field is called “ip.scr”: nearest ip.src";
    assert!(harness.query_by_label(quiet).is_some());
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label(quiet).is_none(), "nothing is typed any more");
    harness.get_by_label("Filter").type_text("tcp.flags.s");
    harness.run_steps(3);
    let quiet = "no field is called “tcp.flags.s” yet: tcp.flags.str, tcp.flags.syn";
    assert!(harness.query_by_label(quiet).is_some());
}
