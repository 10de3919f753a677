//! Marks and comments on packets: set by keys and menus, shown, saved, read again; and times that
//! count from a packet.

use egui_kittest::kittest::NodeT;

use super::*;

fn select(harness: &mut Harness<'_, Window>, frame: u32) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::G);
    harness.run_steps(3);
    harness.get_by_label("Go to").type_text(&frame.to_string());
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
}

fn selected(harness: &Harness<'_, Window>) -> Option<u32> {
    let open = harness.state().state.explore.as_ref();
    open.and_then(|open| open.selection.frame).map(|frame| frame.number())
}

const BOTH: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

fn comment(harness: &mut Harness<'_, Window>, frame: u32, text: &str) {
    harness.key_press_modifiers(BOTH, Key::N);
    harness.run_steps(4);
    harness.get_by_label(&format!("Comment on packet {frame}")).type_text(text);
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    harness.run_steps(4);
}

#[test]
fn a_comment_and_a_mark_are_shown_everywhere_saved_and_read_again() {
    let mut harness = explore(recording("http1-keepalive"));
    select(&mut harness, 5);
    comment(&mut harness, 5, "why this late?");
    harness.key_press_modifiers(BOTH, Key::M);
    harness.run_steps(4);
    let words = "marked, comment: why this late?";
    let row = |harness: &Harness<'_, Window>| {
        let mut rows = harness.query_all_by_label_contains("Frame 5, ");
        rows.any(|row| row.accesskit_node().label().is_some_and(|label| label.ends_with(words)))
    };
    assert!(row(&harness), "the list says it");
    until(&mut harness, "the diagram says it", |harness| {
        let flag = format!(": Packet 5: {words}");
        let mut flags = harness.query_all_by_label_contains("Remark on step ");
        flags.any(|one| one.accesskit_node().value().is_some_and(|label| label.ends_with(&flag)))
    });
    harness.get_by_label("Notes").click();
    until(&mut harness, "the notes say it", |harness| {
        harness.query_by_label_contains(&format!("Remarked, {words}, 1, 5")).is_some()
    });
    assert!(harness.query_by_label("remarks on 1 packet not saved").is_some());

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("remarked.pcapng");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    harness.run_steps(3);
    harness.state_mut().state.exporting.as_mut().unwrap().path = path.display().to_string();
    harness.run_steps(2);
    harness.get_by_label("Save the recording").click();
    until(&mut harness, "the file", |harness| {
        harness.query_by_label_contains("Written: ").is_some()
    });
    assert!(harness.query_by_label("remarks on 1 packet not saved").is_none());
    let saved = Recording::open(&path).unwrap();
    let texts: Vec<(u32, String)> =
        saved.frame_comments().into_iter().map(|(frame, text)| (frame.number(), text)).collect();
    let expected = [(5, "why this late?".to_owned()), (5, "wirestage.marked".to_owned())];
    assert_eq!(texts, expected);
    assert_eq!(saved.count(), 29);

    let filter =
        ["show", path.to_str().unwrap(), "--filter", "frame.comment contains \"this late\""];
    assert_eq!(wirestage_tests::program::run(&filter).done().text().lines().count(), 1);

    // What was saved is there when it is opened, and can be taken away.
    let mut harness = explore(path);
    until(&mut harness, "the row", |harness| row(harness));
    select(&mut harness, 7);
    harness.key_press(Key::F4);
    harness.run_steps(4);
    assert_eq!(selected(&harness), Some(5));
    harness.get_by_label_contains("Frame 5, ").click_secondary();
    harness.run_steps(4);
    harness.get_by_label_contains("Take the mark away").click();
    harness.run_steps(4);
    let left = "comment: why this late?";
    assert!(harness.query_all_by_label_contains(left).next().is_some());
    assert!(!row(&harness));
}

#[test]
fn what_is_no_packet_takes_no_comment_and_escape_leaves_one_as_it_was() {
    let mut harness = explore(recording("http1-keepalive"));
    // A mark of a program: it is numbered, and no packet.
    select(&mut harness, 1);
    harness.key_press_modifiers(BOTH, Key::N);
    harness.run_steps(4);
    assert!(harness.query_by_label("Comment on packet 1").is_none());
    harness.get_by_label_contains("Frame 5, ").click();
    harness.run_steps(4);
    harness.key_press_modifiers(BOTH, Key::N);
    harness.run_steps(4);
    harness.get_by_label("Comment on packet 5").type_text("not this");
    harness.run_steps(3);
    harness.key_press(Key::Escape);
    harness.run_steps(4);
    assert!(harness.query_by_label("Comment on packet 5").is_none());
    assert!(harness.query_all_by_label_contains("not this").next().is_none());
}

#[test]
fn times_count_from_the_chosen_packet_and_from_the_first_again() {
    let mut harness = explore(recording("http1-keepalive"));
    select(&mut harness, 5);
    let heading = |harness: &Harness<'_, Window>| {
        harness.query_all_by_label_contains("Since 5").next().is_some()
    };
    assert!(!heading(&harness));
    harness.key_press_modifiers(BOTH, Key::T);
    harness.run_steps(4);
    assert!(heading(&harness));
    harness.key_press_modifiers(BOTH, Key::T);
    harness.run_steps(4);
    assert!(!heading(&harness));
}
