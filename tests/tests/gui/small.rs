//! A window that is small, or large at a large scale: one panel at a time, and none is lost.

use egui_kittest::kittest::Queryable as _;

use super::{explore, recording};

#[test]
fn a_small_window_shows_one_panel_at_a_time() {
    let mut harness = explore(recording("tls13-full"));
    // As 1,400 by 900 at 200 percent.
    harness.set_size(egui::vec2(700.0, 450.0));
    harness.run_steps(4);
    let diagram = "Diagram: TLS 1.3: full handshake";
    assert!(harness.query_by_label(diagram).is_some(), "the diagram comes first");
    harness.get_by_label("Step").click();
    harness.run_steps(4);
    assert!(harness.query_by_label(diagram).is_none());
    assert!(harness.query_by_label("Asks for a connection").is_some());
    harness.get_by_label("Packets").click();
    harness.run_steps(4);
    assert!(harness.query_by_label("Asks for a connection").is_none());
    harness.get_by_label("Diagram").click();
    harness.run_steps(4);
    assert!(harness.query_by_label(diagram).is_some());
    // With more room all of them are there again.
    harness.set_size(egui::vec2(1400.0, 900.0));
    harness.run_steps(4);
    assert!(harness.query_by_label(diagram).is_some());
    assert!(harness.query_by_label("Asks for a connection").is_some());
}

#[test]
fn a_narrow_window_has_room_for_the_name_of_what_is_open() {
    let mut harness = explore(recording("tls13-full"));
    let names = |harness: &egui_kittest::Harness<'_, wirestage::gui::Window>| {
        let rect = |label: &str| harness.query_by_label(label).map(|node| node.rect());
        (rect("TLS 1.3: full handshake"), rect("Dark"), rect("Export…"))
    };
    let (_, _, export) = names(&harness);
    assert!(export.is_some());
    harness.set_size(egui::vec2(740.0, 600.0));
    harness.run_steps(4);
    let (name, dark, export) = names(&harness);
    assert!(export.is_none(), "the menu has it");
    assert!(name.unwrap().right() <= dark.unwrap().left());
    assert!(name.unwrap().width() > 60.0);
}
