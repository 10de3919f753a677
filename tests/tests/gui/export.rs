//! What leaves the window: files, the clipboard, a recording under another name.

use super::*;

/// A window on a recording, with its export open and bound for a folder.
fn exporting(name: &str, folder: &Path) -> Harness<'static, Window> {
    let mut harness = explore(recording(name));
    harness.state_mut().state.settings.exports = Some(folder.to_path_buf());
    harness.get_by_label("Export…").click();
    until(&mut harness, "the export", |harness| harness.query_by_label("File").is_some());
    harness
}

/// Waits for what the export says when it is done.
fn written(harness: &mut Harness<'_, Window>, words: &str) {
    until(harness, words, |harness| harness.query_by_label_contains(words).is_some());
}

#[test]
fn what_is_told_is_exported_in_every_format_under_a_name_that_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = exporting("tls13-full", folder.path());
    for (name, ending, begins) in [
        ("SVG", "svg", "<svg"),
        ("PNG", "png", "\u{fffd}PNG"),
        ("PDF", "pdf", "%PDF-"),
        ("Mermaid", "mmd", "sequenceDiagram"),
        ("PlantUML", "puml", "@startuml"),
        ("Text", "txt", "TLS 1.3: full handshake"),
    ] {
        harness.get_by_label(name).click();
        harness.run_steps(3);
        harness.get_by_label("Write the file").click();
        written(&mut harness, &format!(".{ending} ("));
        let path = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let path = path.into_iter().find(|path| path.extension().is_some_and(|e| e == ending));
        let path = path.unwrap();
        let said = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(said.starts_with("tls13-full-20"), "{said}");
        let bytes = std::fs::read(&path).unwrap();
        assert!(String::from_utf8_lossy(&bytes).starts_with(begins), "{name}");
        // The same once more replaces the file, and says so before.
        assert!(harness.query_by_label("There is a file of that name.").is_some());
        assert!(harness.query_by_label("Replace the file").is_some());
    }
    harness.check_accessibility();
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label("Write the file").is_none());
}

#[test]
fn an_export_that_fails_says_so_in_its_place_and_can_be_mended_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = exporting("udp-echo", &folder.path().join("missing"));
    harness.get_by_label("Write the file").click();
    written(&mut harness, "cannot be written");
    assert!(harness.state().state.problem.is_none(), "the diagram is not to blame");
    harness.get_by_label("Dismiss").click();
    harness.run_steps(3);
    let mended = folder.path().join("mended.svg");
    let one = harness.state_mut().state.exporting.as_mut().unwrap();
    one.path = mended.display().to_string();
    harness.run_steps(2);
    harness.get_by_label("Write the file").click();
    written(&mut harness, "mended.svg (");
    assert!(mended.is_file());
}

#[test]
fn a_recording_is_saved_for_its_owner_alone_and_never_over_itself() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let mut harness = exporting("tls13-full", folder.path());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    harness.run_steps(3);
    harness.get_by_label("Save the recording").click();
    written(&mut harness, ".pcapng (");
    let saved = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let same = std::fs::read(recording("tls13-full")).unwrap() == std::fs::read(&saved).unwrap();
    assert!(same, "what is saved is what was recorded");
    assert_eq!(saved.metadata().unwrap().permissions().mode() & 0o777, 0o600);

    let itself = harness.state().state.explore.as_ref().unwrap().source.paths[0].clone();
    harness.state_mut().state.exporting.as_mut().unwrap().path = itself.display().to_string();
    harness.run_steps(2);
    harness.get_by_label("Replace the file").click();
    written(&mut harness, "This is the recording that is open");
}

#[test]
fn picture_and_text_go_to_the_clipboard() {
    let mut harness = explore(recording("udp-echo"));
    let mut copies = |key: Key, what: &dyn Fn(&egui::OutputCommand) -> bool| {
        let begun = Instant::now();
        for round in 0.. {
            assert!(begun.elapsed() < Duration::from_secs(60), "nothing was copied");
            // A step may take several frames, of which the last alone is seen: ask again.
            if round % 500 == 0 {
                harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, key);
            }
            harness.step();
            if harness.output().platform_output.commands.iter().any(what) {
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        harness.run_steps(3);
        assert!(harness.query_by_label_contains("is on the clipboard").is_some());
    };
    copies(
        Key::P,
        &|command| matches!(command, egui::OutputCommand::CopyImage(image) if image.size[0] > 1_000),
    );
    copies(
        Key::Y,
        &|command| matches!(command, egui::OutputCommand::CopyText(text) if text.contains("UDP echo")),
    );
}

#[test]
fn what_both_ends_recorded_opens_to_scale() {
    use wirestage::diagram::Axis;
    for (name, axis) in [("tcp-loss-recovery", Axis::Time), ("udp-echo", Axis::Order)] {
        let harness = explore(recording(name));
        let shown = harness.state().state.explore.as_ref().map(|open| open.shown.axis());
        assert_eq!(shown, Some(axis), "{name}");
    }
}

#[test]
fn the_scale_is_chosen_once_for_diagram_and_export() {
    let mut harness = explore(recording("udp-echo"));
    harness.get_by_label("Scale").click();
    harness.run_steps(3);
    harness.get_by_label("Time to scale").click();
    harness.run_steps(3);
    let folder = tempfile::tempdir().unwrap();
    harness.state_mut().state.settings.exports = Some(folder.path().to_path_buf());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    harness.run_steps(3);
    harness.get_by_label("Write the file").click();
    written(&mut harness, ".svg (");
    let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains("to scale") && !text.contains("not to scale"), "{text}");
}

#[test]
fn times_of_day_are_chosen_once_for_diagram_and_export() {
    let mut harness = explore(recording("udp-echo"));
    assert!(harness.query_by_label_contains("times of 20").is_none());
    harness.get_by_label("Times").click();
    harness.run_steps(3);
    harness.get_by_label("Time of day, UTC").click();
    until(&mut harness, "the date", |harness| {
        harness.query_by_label_contains("times of 20").is_some()
    });
    let folder = tempfile::tempdir().unwrap();
    harness.state_mut().state.settings.exports = Some(folder.path().to_path_buf());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    harness.run_steps(3);
    harness.get_by_label("Text").click();
    harness.run_steps(3);
    harness.get_by_label("Write the file").click();
    written(&mut harness, ".txt (");
    let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains("\ntimes of 20") && text.contains(", UTC\n"), "{text}");
}
