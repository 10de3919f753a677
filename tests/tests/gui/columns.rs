//! The packet list: sorted, with fields as columns, and times that count from where one likes.

use egui_kittest::kittest::NodeT;

use super::*;

/// The frames of the rows in sight, from above.
fn rows(harness: &Harness<'_, Window>) -> Vec<u32> {
    let mut found: Vec<(f32, u32)> = harness
        .query_all_by_label_contains("Frame ")
        .filter_map(|row| {
            let label = row.accesskit_node().label()?;
            let number = label.strip_prefix("Frame ")?.split(',').next()?.parse().ok()?;
            Some((row.rect().top(), number))
        })
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().map(|(_, number)| number).collect()
}

fn first_is(harness: &mut Harness<'_, Window>, frame: u32) {
    until(harness, "the order", |harness| rows(harness).first() == Some(&frame));
}

/// Opens the menu of something, and chooses from it.
fn choose(harness: &mut Harness<'_, Window>, what: &str, entry: &str) {
    harness.get_by_label_contains(what).click_secondary();
    harness.run_steps(4);
    harness.get_by_label_contains(entry).click();
    harness.run_steps(4);
}

#[test]
fn packets_are_sorted_by_any_column_and_back() {
    let mut harness = explore(recording("http1-keepalive"));
    harness.get_by_label("Packets alone").click();
    harness.run_steps(4);
    harness.get_by_label("Sort packets by Length").click();
    first_is(&mut harness, 4);
    harness.get_by_label("Sort packets by Length, ascending").click();
    first_is(&mut harness, 9);
    // What a column says is read for it.
    harness.get_by_label("Sort packets by Info").click();
    until(&mut harness, "the order", |harness| rows(harness).starts_with(&[4, 10]));
    let order = rows(&harness);
    let place = |frame: u32| order.iter().position(|one| *one == frame);
    assert!(place(5) < place(9) && place(9) < place(16), "GET, HTTP/1.1 200, POST: {order:?}");
    harness.get_by_label("Sort packets by No.").click();
    first_is(&mut harness, 1);
    assert_eq!(rows(&harness).len(), 29);
}

#[test]
fn a_filter_and_an_order_go_together() {
    let mut harness = explore(recording("http1-keepalive"));
    harness.get_by_label("Packets alone").click();
    harness.run_steps(4);
    harness.get_by_label("Sort packets by Length").click();
    harness.run_steps(3);
    harness.get_by_label("Sort packets by Length, ascending").click();
    first_is(&mut harness, 9);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::L);
    harness.run_steps(3);
    harness.get_by_label("Filter").type_text("http.request");
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    until(&mut harness, "four requests, the longest first", |harness| {
        rows(harness) == [16, 20, 12, 5]
    });
}

#[test]
fn a_field_becomes_a_column_from_its_menu_and_is_kept() {
    let mut harness = explore(recording("http1-keepalive"));
    harness.get_by_label_contains("Frame 5, ").click();
    until(&mut harness, "its fields", |harness| {
        harness.query_by_label_contains("Request Method: GET").is_some()
    });
    harness.get_by_label_contains("Request Method: GET").click_secondary();
    harness.run_steps(4);
    harness.get_by_label("Show as column").click();
    harness.run_steps(4);
    until(&mut harness, "its value in the row", |harness| {
        harness.query_by_label_contains("http.request.method GET").is_some()
    });
    // Another recording has it, too.
    harness.state_mut().state.open(vec![recording("http1-chunked")], None);
    until(&mut harness, "the column again", |harness| {
        let open = harness.state().state.explore.as_ref();
        open.is_some_and(|open| open.columns() == ["http.request.method"])
            && harness.query_by_label_contains("http.request.method GET").is_some()
    });
    let heading = "Sort packets by Request Method";
    choose(&mut harness, heading, "Remove this column");
    assert!(harness.query_by_label_contains(heading).is_none());
}

#[test]
fn times_count_from_a_packet_and_from_the_one_above() {
    let mut harness = explore(recording("http1-keepalive"));
    assert!(harness.query_by_label("Sort packets by Time").is_some());
    choose(&mut harness, "Frame 5, ", "Count times from here");
    assert!(harness.query_by_label("Sort packets by Since 5").is_some());
    choose(&mut harness, "Sort packets by Since 5", "Time of day");
    assert!(harness.query_by_label("Sort packets by Time of day").is_some());
    choose(&mut harness, "Sort packets by Time of day", "Since the packet above");
    assert!(harness.query_by_label("Sort packets by Since above").is_some());
}

#[test]
fn what_is_wrong_with_a_packet_is_said_in_its_row() {
    let mut harness = explore(recording("tcp-refused"));
    until(&mut harness, "the reset", |harness| {
        harness.query_by_label_contains(", refuses").is_some()
    });
}
