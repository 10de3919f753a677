//! The window, driven by the names that a screen reader hears: no display, no GPU.

mod columns;
mod commands;
mod compare;
mod counted;
mod decode;
mod died;
mod export;
mod filter;
mod find;
mod follow;
mod graph;
mod keys;
mod lessons;
mod live;
mod menus;
mod pace;
mod reach;
mod remarks;
mod requests;
mod said;
mod sealed;
mod small;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use wirestage::document::Progress;
use wirestage::gui::{Recorded, Recorder, Screen, Settings, Wake, Wanted, Window};
use wirestage::trouble::Trouble;
use wirestage_captures::Recording;
use wirestage_dissectors::frames::Frames as _;
use wirestage_generators::SCENARIOS;

use sealed::without_secrets;

/// Frames after which the window has taken in what was done; while work is under way it goes on
/// painting.
const SETTLED: usize = 12;

/// A recording that is part of the project.
fn recording(name: &str) -> PathBuf {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/recordings");
    assets.join(name).join("recording.pcapng")
}

/// Plays nothing: what it "records" is a recording that was made before.
struct Made;

impl Recorder for Made {
    fn record(
        &self,
        wanted: &Wanted,
        progress: &Progress,
        _changed: &Wake,
    ) -> Result<Option<Recorded>, Trouble> {
        progress.set(7, 0);
        std::fs::copy(recording(wanted.scenario.name), &wanted.path)
            .map_err(|error| Trouble::new(error.to_string(), "render the recordings again"))?;
        Ok(Some(Recorded { path: wanted.path.clone(), ended_early: None }))
    }
}

/// Says what it was asked for, and records nothing.
struct Told(Sender<Wanted>);

impl Recorder for Told {
    fn record(&self, wanted: &Wanted, _: &Progress, _: &Wake) -> Result<Option<Recorded>, Trouble> {
        let _ = self.0.send(wanted.clone());
        Ok(None)
    }
}

/// Waits until it is cancelled.
struct Endless;

impl Recorder for Endless {
    fn record(
        &self,
        _wanted: &Wanted,
        progress: &Progress,
        changed: &Wake,
    ) -> Result<Option<Recorded>, Trouble> {
        while !progress.is_cancelled() {
            progress.set(23, 0);
            changed();
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(None)
    }
}

/// Is not allowed to.
struct Refused;

impl Recorder for Refused {
    fn record(&self, _: &Wanted, _: &Progress, _: &Wake) -> Result<Option<Recorded>, Trouble> {
        Err(Trouble::new("user namespaces are turned off", "sudo sysctl -w something=1"))
    }
}

/// A window as on a screen of 1400 by 936 points: below the bar and the filter line, 834 for
/// panels.
fn window(
    recorder: impl Recorder + 'static,
    open: impl IntoIterator<Item = PathBuf>,
) -> Harness<'static, Window> {
    let recordings = std::env::temp_dir().join(format!("wirestage-gui-{}", std::process::id()));
    let settings = Settings { recordings, ..Settings::default() };
    let builder = Harness::builder().with_size(egui::vec2(1400.0, 936.0));
    let open = open.into_iter().collect();
    builder.build_eframe(move |cc| Window::with(&cc.egui_ctx, settings, Arc::new(recorder), open))
}

/// Shows frames until something is so.
fn until(harness: &mut Harness<'_, Window>, what: &str, so: impl Fn(&Harness<'_, Window>) -> bool) {
    let begun = Instant::now();
    while !so(harness) {
        assert!(begun.elapsed() < Duration::from_secs(60), "in vain: {what}");
        harness.step();
        std::thread::sleep(Duration::from_millis(2));
    }
    harness.run_steps(3);
}

/// A window that shows this recording, read and told.
fn explore(path: PathBuf) -> Harness<'static, Window> {
    let mut harness = window(Made, Some(path));
    until(&mut harness, "a story", |harness| {
        harness.state().state.explore.as_ref().is_some_and(|open| open.shown.story.is_some())
    });
    harness
}

/// Chooses a row and waits for its tree to be read as a whole.
fn choose_row(harness: &mut Harness<'_, Window>, words: &str) {
    until(harness, words, |harness| harness.query_by_label_contains(words).is_some());
    harness.get_by_label_contains(words).click();
    harness.run_steps(3);
}

/// A file as the desktop drops it.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

#[test]
fn files_that_are_named_or_dropped_together_are_one_recording() {
    let both = [recording("udp-echo"), recording("tcp-refused")];
    let count = |path: &PathBuf| Recording::open(path).unwrap().count();
    let frames = both.iter().map(count).sum::<u32>();
    let opened = |harness: &mut Harness<'_, Window>| {
        until(harness, "the recording", |harness| harness.state().state.explore.is_some());
        let open = harness.state().state.explore.as_ref().unwrap();
        assert_eq!(open.source.name, "recording.pcapng and 1 more");
        assert_eq!(open.frame_count(), frames);
    };
    opened(&mut window(Made, both.clone()));

    let mut harness = window(Made, None);
    harness.run_steps(SETTLED);
    let files = both.map(|path| Arc::new(Dropped(path)) as egui::DroppedFileHandle);
    harness.input_mut().dropped_files.extend(files);
    opened(&mut harness);
    assert!(harness.state().state.settings.recent.is_empty(), "several have no one path");
}

#[test]
fn the_stage_lists_every_scenario_and_the_search_narrows_it() {
    let mut harness = window(Made, None);
    harness.run_steps(SETTLED);
    for scenario in SCENARIOS {
        let found = harness.query_all_by_label(scenario.title).count();
        assert!(found > 0, "{} is not listed", scenario.title);
    }
    harness.get_by_label("Search the catalogue").focus();
    harness.run_steps(SETTLED);
    harness.get_by_label("Search the catalogue").type_text("refused");
    harness.run_steps(SETTLED);
    assert!(harness.query_by_label("TCP: connection refused").is_some());
    assert!(harness.query_by_label("TLS 1.2: full handshake").is_none());
}

#[test]
fn running_a_scenario_ends_on_its_recording() {
    let mut harness = window(Made, None);
    harness.run_steps(SETTLED);
    harness.get_by_label("TLS 1.2: full handshake").click_accesskit();
    harness.run_steps(8);
    harness.get_by_label("Run").click();
    until(&mut harness, "the recording", |harness| harness.state().state.screen == Screen::Explore);
    let name = harness.state().state.explore.as_ref().map(|open| open.source.name.clone());
    assert!(name.is_some_and(|name| name.starts_with("tls12-full-")));
}

#[test]
fn a_scenario_runs_over_a_link_that_is_set_field_by_field() {
    let (sender, asked) = channel();
    let mut harness = window(Told(sender), None);
    harness.run_steps(SETTLED);
    assert!(harness.query_by_label("Round trip").is_none(), "no link unless one is asked for");
    harness.get_by_label("Over a link").click();
    harness.run_steps(SETTLED);
    harness.get_by_label("Loss").focus();
    harness.run_steps(SETTLED);
    harness.get_by_label("Loss").type_text("2");
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("loss=2%").is_some(), "what is wrong is said at once");
    harness.get_by_label("Loss").type_text("%");
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("loss=2%").is_none());
    let run = |harness: &mut Harness<'_, Window>| {
        harness.get_by_label("Run").click();
        until(harness, "the end", |harness| harness.query_by_label("Run").is_some());
        asked.recv_timeout(Duration::from_secs(60)).expect("it was run").link
    };
    assert_eq!(run(&mut harness).as_deref(), Some("rtt=40ms,loss=2%"));

    // A scenario that needs a link has one, whose settings are shown where nothing is typed.
    harness.get_by_label("TCP: a segment gets lost").click();
    harness.run_steps(SETTLED);
    assert!(harness.query_by_label("Over a link").is_none());
    assert_eq!(run(&mut harness), None);
    harness.get_by_label("Round trip").focus();
    harness.run_steps(SETTLED);
    harness.get_by_label("Round trip").type_text("1s");
    harness.run_steps(SETTLED);
    assert_eq!(run(&mut harness).as_deref(), Some("rtt=1s"));
}

#[test]
fn a_run_shows_how_far_it_is_and_can_be_cancelled() {
    let mut harness = window(Endless, None);
    harness.run_steps(SETTLED);
    harness.get_by_label("Run").click();
    until(&mut harness, "progress", |harness| {
        harness.query_by_label_contains("23 frames so far").is_some()
    });
    harness.get_by_label("Cancel").click();
    until(&mut harness, "the end", |harness| harness.query_by_label("Run").is_some());
    assert!(harness.state().state.problem.is_none());
}

#[test]
fn a_refusal_stands_where_the_work_would_have_been_and_can_be_copied() {
    let mut harness = window(Refused, None);
    harness.run_steps(SETTLED);
    harness.get_by_label("Run").click();
    until(&mut harness, "the cause", |harness| {
        harness.query_by_label_contains("User namespaces are turned off").is_some()
    });
    assert!(harness.query_by_label_contains("sudo sysctl -w something=1").is_some());
    harness.get_by_label("Copy").click();
    harness.step();
    let copied = harness.output().platform_output.commands.iter().any(|command| {
        matches!(command, egui::OutputCommand::CopyText(text) if text.contains("sudo sysctl"))
    });
    assert!(copied, "nothing was copied");
}

#[test]
fn a_file_that_is_no_capture_says_so_and_leaves_the_window_usable() {
    let mut harness = window(Made, Some(PathBuf::from(file!()).join("no-such-file")));
    until(&mut harness, "the cause", |harness| {
        harness.query_by_label_contains("no-such-file").is_some()
    });
    harness.get_by_label("Dismiss").click();
    harness.run_steps(SETTLED);
    assert!(harness.query_by_label("Run").is_some());
}

#[test]
fn the_sample_of_a_scenario_is_a_click_away() {
    let mut harness = window(Refused, None);
    harness.run_steps(SETTLED);
    harness.get_by_label("UDP: one question, one answer").click();
    harness.run_steps(3);
    harness.get_by_label("Open this sample").click();
    until(&mut harness, "the sample", |harness| harness.state().state.screen == Screen::Explore);
    let open = harness.state().state.explore.as_ref().unwrap();
    assert_eq!(open.source.name, "Sample of udp-echo");
    assert!(open.frame_count() > 0);
}

#[test]
fn a_recording_that_was_cut_says_so_and_keeps_its_frames() {
    let folder = tempfile::tempdir().unwrap();
    let cut = folder.path().join("cut.pcapng");
    let whole = std::fs::read(recording("tls13-full")).unwrap();
    std::fs::write(&cut, &whole[..whole.len() * 2 / 3]).unwrap();
    let mut harness = explore(cut);
    assert!(harness.state().state.explore.as_ref().unwrap().frame_count() > 10);
    harness.get_by_label("Recording ended early").click();
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("all frames before that are shown").is_some());
}

#[test]
fn what_could_not_be_read_stands_in_the_status_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mixed.pcap");
    let mut bytes = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0];
    bytes.extend([0; 8]);
    bytes.extend([255, 255, 0, 0, 1, 0, 0, 0]);
    let frame = [&[2; 12][..], &[0x81, 0x37], b"ipx."].concat();
    for _ in 0..2 {
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 0, 18, 0, 0, 0, 18, 0, 0, 0]);
        bytes.extend(&frame);
    }
    std::fs::write(&path, bytes).unwrap();
    let mut harness = explore(path);
    until(&mut harness, "what was not read", |harness| {
        harness.query_by_label("2 frames not read").is_some()
    });
    let note = "Not read: 2 frames of EtherType 0x8137 (IPX) (36 bytes).";
    assert!(harness.query_by_label(note).is_some(), "the diagram's notes name it");
}

#[test]
fn a_row_leads_to_its_tree_a_field_to_its_bytes_and_a_byte_back_to_its_field() {
    let mut harness = explore(recording("tls13-full"));
    choose_row(&mut harness, "Server Hello, ");
    until(&mut harness, "its tree", |harness| {
        harness.query_by_label("Handshake Protocol: Server Hello").is_some()
    });
    harness.get_by_label("Handshake Protocol: Server Hello").click_accesskit();
    until(&mut harness, "its bytes", |harness| {
        harness.query_by_label_contains("bytes: Frame").is_some()
    });
    let selection = harness.state().state.explore.as_ref().unwrap().selection.clone();
    assert!(selection.beat.is_some(), "the diagram does not follow");
    assert!(selection.anchor.is_some());
    let line = selection.line;

    // The arrow keys walk over the bytes, and each byte finds its field.
    harness.get_by_label_contains("arrow keys choose a byte").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowRight);
    harness.run_steps(3);
    let selection = harness.state().state.explore.as_ref().unwrap().selection.clone();
    assert_eq!(selection.byte, Some(0));
    assert!(selection.line.is_some() && selection.line != line);
    assert!(harness.query_by_label_contains("Destination: 00:00:00").is_some());
}

#[test]
fn an_arrow_leads_to_its_message_its_frames_and_its_bytes() {
    let mut harness = explore(recording("tls13-full"));
    until(&mut harness, "arrows", |harness| {
        harness.query_by_label_contains("ClientHello").is_some()
    });
    let before = harness.state().state.explore.as_ref().unwrap().selection.clone();
    harness.get_by_label_contains("ClientHello").click_accesskit();
    harness.run_steps(5);
    let after = harness.state().state.explore.as_ref().unwrap().selection.clone();
    assert_ne!(before.beat, after.beat);
    assert!(after.frame.is_some() && !after.frames.is_empty());
    assert!(after.frames.contains(&after.frame.unwrap()));
}

#[test]
fn keys_that_come_later_open_records_and_the_selection_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (sealed, keys) = (folder.path().join("sealed.pcapng"), folder.path().join("keys.log"));
    let (capture, secrets) = without_secrets(&std::fs::read(recording("tls13-full")).unwrap());
    std::fs::write(&sealed, capture).unwrap();
    std::fs::write(&keys, secrets).unwrap();

    let mut harness = explore(sealed);
    choose_row(&mut harness, "Server Hello, ");
    until(&mut harness, "its tree", |harness| {
        harness.query_by_label("Handshake Protocol: Server Hello").is_some()
    });
    harness.get_by_label("Handshake Protocol: Server Hello").click_accesskit();
    harness.run_steps(3);
    let before = harness.state().state.explore.as_ref().unwrap().selection.clone();
    assert!(harness.query_by_label("Plaintext").is_none());
    assert!(harness.query_by_label_contains("0 of ").is_some(), "something was decrypted");

    harness.get_by_label("Add keys…").click();
    harness.run_steps(3);
    harness.get_by_label("Key log or names").focus();
    harness.run_steps(2);
    harness.get_by_label("Key log or names").type_text(&keys.display().to_string());
    harness.run_steps(2);
    harness.get_by_label("Add").click();
    until(&mut harness, "plaintext", |harness| {
        harness.query_by_label("Plaintext").is_some()
            && harness.query_by_label_contains("new key").is_some()
    });
    let after = harness.state().state.explore.as_ref().unwrap().selection.clone();
    assert_eq!(before.frame, after.frame);
    assert_eq!(before.anchor, after.anchor);
    harness.get_by_label("Plaintext").click();
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("Plaintext: arrow keys").is_some());
}

#[test]
fn the_keyboard_goes_from_row_to_row() {
    let mut harness = explore(recording("tcp-lifecycle"));
    harness.get_by_label_contains("Packets, ").focus();
    harness.run_steps(2);
    harness.key_press(Key::End);
    harness.run_steps(3);
    let open = harness.state().state.explore.as_ref().unwrap();
    assert_eq!(open.selection.frame.map(|frame| frame.number()), Some(open.frame_count()));
    harness.key_press(Key::Home);
    harness.run_steps(3);
    let open = harness.state().state.explore.as_ref().unwrap();
    assert_eq!(open.selection.frame.map(|frame| frame.number()), Some(1));
}

#[test]
fn one_panel_takes_all_room_and_gives_it_back() {
    let mut harness = explore(recording("tls13-full"));
    let fields = |harness: &Harness<'_, Window>| harness.query_by_label("Step").is_some();
    assert!(fields(&harness));
    harness.get_by_label("Packets alone").click();
    harness.run_steps(4);
    assert!(!fields(&harness) && harness.query_by_label("All panels").is_some());
    harness.get_by_label("All panels").click();
    harness.run_steps(4);
    assert!(fields(&harness));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::M);
    harness.run_steps(4);
    assert!(!fields(&harness), "the diagram alone, by the keyboard");
    assert!(harness.query_by_label("Level").is_some());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::M);
    harness.run_steps(4);
    assert!(fields(&harness));
}

#[test]
fn how_far_one_looks_in_is_chosen() {
    let mut harness = explore(recording("tls13-full"));
    let told =
        |harness: &Harness<'_, Window>, what: &str| harness.query_by_label_contains(what).is_some();
    assert!(!told(&harness, "Step 1–3"));
    harness.get_by_label("Level").click();
    harness.run_steps(4);
    harness.get_by_label("Exchanges").click();
    harness.run_steps(4);
    assert!(told(&harness, "Step 1–3, Client and Server"));
}

#[test]
fn theme_and_size_follow_their_shortcuts() {
    let mut harness = window(Made, None);
    harness.run_steps(SETTLED);
    assert!(!harness.ctx.global_style().visuals.dark_mode);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::T);
    harness.run_steps(3);
    assert!(harness.ctx.global_style().visuals.dark_mode);
    for _ in 0..40 {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::Plus);
        harness.run_steps(1);
    }
    assert_eq!(harness.state().state.settings.scale, 300);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num0);
    harness.run_steps(2);
    assert_eq!(harness.state().state.settings.scale, 100);
}

#[test]
fn every_input_has_a_name() {
    let mut harness = explore(recording("http1-keepalive"));
    harness.check_accessibility();
    harness.get_by_label("Stage").click();
    harness.run_steps(3);
    harness.check_accessibility();
    harness.key_press(Key::F1);
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("Record the chosen scenario").is_some());
    harness.check_accessibility();
}
