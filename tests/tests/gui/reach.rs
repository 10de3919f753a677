//! Everything in the window can be reached: by the menu, by the keyboard alone, from each
//! connection to the next, and along one selection.

use egui::accesskit::Role;
use egui_kittest::kittest::NodeT;

use super::*;

fn has_keyboard(harness: &Harness<'_, Window>, label: &str) -> bool {
    let found = harness.query_all_by_label_contains(label);
    found.into_iter().any(|node| node.accesskit_node().is_focused())
}

fn frame(harness: &Harness<'_, Window>) -> Option<u32> {
    let open = harness.state().state.explore.as_ref()?;
    open.selection.frame.map(|frame| frame.number())
}

#[test]
fn the_menu_stands_below_its_button_and_arrows_walk_all_of_it() {
    let mut harness = explore(recording("http1-keepalive"));
    harness.get_by_label("Menu").click();
    harness.run_steps(4);
    let button = harness.get_by_label("Menu").rect();
    let first = harness.get_by_role_and_label(Role::Button, "Open… Ctrl+O");
    assert!(first.rect().top() > button.bottom(), "it covers its button");
    harness.key_press(Key::End);
    harness.run_steps(4);
    assert!(has_keyboard(&harness, "Quit"), "the last entry is reached");
    let last = harness.get_by_role_and_label(Role::Button, "Quit Ctrl+Q").rect();
    assert!(last.bottom() < 936.0, "it is in sight: {last:?}");
    harness.key_press(Key::ArrowUp);
    harness.run_steps(3);
    assert!(has_keyboard(&harness, "Shortcuts"));
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert!(harness.state().state.shortcuts);
}

#[test]
fn f6_goes_from_region_to_region_and_back() {
    let mut harness = explore(recording("http1-keepalive"));
    let regions = ["Stage", "Filter", "Packets, 29 rows"];
    let mut seen = Vec::new();
    for _ in 0..8 {
        harness.key_press(Key::F6);
        harness.run_steps(3);
        let here = regions.iter().find(|label| has_keyboard(&harness, label));
        seen.extend(here.copied());
    }
    for region in regions {
        assert!(seen.contains(&region), "{region} is never reached: {seen:?}");
    }
    harness.get_by_label("Filter").focus();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::F6);
    harness.run_steps(3);
    assert!(has_keyboard(&harness, "Stage"), "the bar lies before the filter line");
}

#[test]
fn the_catalogue_is_one_stop_and_what_has_the_keyboard_is_in_sight() {
    let mut harness = window(Made, None);
    harness.run_steps(SETTLED);
    harness.get_by_label("Search the catalogue").focus();
    harness.run_steps(2);
    harness.key_press(Key::Tab);
    harness.run_steps(3);
    harness.key_press(Key::End);
    harness.run_steps(4);
    let last = SCENARIOS.last().unwrap().title;
    assert!(has_keyboard(&harness, last), "{last}");
    let found = harness.query_all_by_label(last).next().unwrap().rect();
    assert!(found.bottom() <= 936.0 && found.top() >= 0.0, "{found:?}");
    // Behind the list comes what can be set and run, not the rest of the list.
    let reached = (0..3).any(|_| {
        harness.key_press(Key::Tab);
        harness.run_steps(3);
        has_keyboard(&harness, "Run")
    });
    assert!(reached, "the list is one stop, and its edge another");
}

#[test]
fn a_filter_moves_the_selection_to_what_passes() {
    let mut harness = explore(recording("tls13-full"));
    assert_eq!(frame(&harness), Some(2));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::L);
    harness.run_steps(3);
    harness.get_by_label("Filter").type_text("tls.handshake.type == 2");
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    until(&mut harness, "the ServerHello", |harness| frame(harness) == Some(9));
}

#[test]
fn keys_go_from_connection_to_connection() {
    let mut harness = explore(recording("tls-failures"));
    let told = |harness: &Harness<'_, Window>| {
        let open = harness.state().state.explore.as_ref().unwrap();
        open.shown.told.map(|id| id.0)
    };
    let mut seen = Vec::new();
    for _ in 0..3 {
        harness.key_press_modifiers(Modifiers::ALT, Key::PageDown);
        harness.run_steps(3);
        seen.push(told(&harness).unwrap());
    }
    assert!(seen.is_sorted() && seen[0] < seen[1] && seen[1] < seen[2], "{seen:?}");
    harness.key_press_modifiers(Modifiers::ALT, Key::PageUp);
    harness.run_steps(3);
    assert_eq!(told(&harness), Some(seen[1]));
}

#[test]
fn connections_go_by_the_badges_of_the_diagram() {
    let mut harness = explore(recording("tls-failures"));
    harness.get_by_label("Connections").click();
    until(&mut harness, "the badges", |harness| {
        harness.query_by_label_contains("Badge B").is_some()
    });
    let label = harness.get_by_label_contains("Badge B").accesskit_node().label().unwrap();
    assert!(label.starts_with("Connection 2, "), "{label}");
}

#[test]
fn the_window_is_called_after_what_it_shows() {
    let harness = explore(recording("tls13-full"));
    let open = harness.state().state.explore.as_ref().unwrap();
    assert_eq!(open.title(), "TLS 1.3: full handshake");
    // What nobody staged goes by what is told of it, and by its file.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.pcap");
    let frames = Recording::open(recording("http1-keepalive")).unwrap();
    let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0];
    file.extend([0; 8]);
    file.extend([65_535_u32, 1].iter().flat_map(|number| number.to_le_bytes()));
    for id in 0..frames.count() {
        let frame = frames.frame(wirestage_dissectors::ids::FrameId(id));
        if frame.link == wirestage_dissectors::frames::LinkType::ETHERNET {
            let nanos = frame.time.0.unsigned_abs();
            let head = [
                (nanos / 1_000_000_000) as u32,
                (nanos / 1000 % 1_000_000) as u32,
                frame.bytes.len() as u32,
                frame.wire_len,
            ];
            file.extend(head.iter().flat_map(|number| number.to_le_bytes()));
            file.extend(frame.bytes);
        }
    }
    std::fs::write(&path, file).unwrap();
    let harness = explore(path);
    let title = harness.state().state.explore.as_ref().unwrap().title();
    assert!(title.contains("HTTP") && title.ends_with(" · other.pcap"), "{title}");
}

#[test]
fn keys_that_were_named_beside_the_file_open_it() {
    let folder = tempfile::tempdir().unwrap();
    let sealed = folder.path().join("sealed.pcapng");
    let log = folder.path().join("keys.log");
    let whole = std::fs::read(recording("tls13-full")).unwrap();
    let (capture, keys) = without_secrets(&whole);
    std::fs::write(&sealed, capture).unwrap();
    std::fs::write(&log, keys).unwrap();
    let mut harness = window(Made, None);
    harness.state_mut().state.keys = vec![log];
    harness.state_mut().state.open(vec![sealed], None);
    until(&mut harness, "opened records", |harness| {
        harness.query_by_label_contains("10 of 10 sealed messages decrypted").is_some()
    });
}

#[test]
fn a_stretch_of_the_overview_opens_its_connection() {
    let mut harness = explore(recording("tls-failures"));
    harness.key_press_modifiers(Modifiers::ALT, Key::Home);
    until(&mut harness, "the overview", |harness| {
        harness.query_by_label("Open connection 3").is_some()
    });
    harness.get_by_label("Open connection 3").click_accesskit();
    harness.run_steps(4);
    let open = harness.state().state.explore.as_ref().unwrap();
    let all = open.shown.told.unwrap();
    let third = harness.state().state.explore.as_ref().unwrap().title();
    assert!(all.0 > 0 && !third.is_empty());
    assert_ne!(frame(&harness), Some(2), "its own first packet is chosen");
}
