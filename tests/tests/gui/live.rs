//! Capturing live: asked for, watched while it grows, stopped, kept.

use std::io::{PipeReader, PipeWriter, Write as _, pipe};
use std::sync::Mutex;

use wirestage::gui::{Begun, Closing, LiveWanted, Origin};
use wirestage::record::Take;

use super::*;

/// Captures what a test writes.
struct Pipe {
    reader: Mutex<Option<PipeReader>>,
    keys: Option<PathBuf>,
    asked: Sender<LiveWanted>,
}

impl Recorder for Pipe {
    fn record(&self, _: &Wanted, _: &Progress, _: &Wake) -> Result<Option<Recorded>, Trouble> {
        Ok(None)
    }

    fn listen(&self, wanted: &LiveWanted) -> Result<Begun, Trouble> {
        self.asked.send(wanted.clone()).expect("the test listens");
        let reader = self.reader.lock().unwrap().take();
        let reader = reader.ok_or_else(|| Trouble::new("lo cannot be captured", "be root"))?;
        let keys = self.keys.clone().or(wanted.keys.clone());
        Ok(Begun { take: Take::of_reader(reader, || {})?, keys, kept: None })
    }
}

/// A window in which a capture of the loopback was begun.
fn capturing(
    reader: Option<PipeReader>,
    keys: Option<PathBuf>,
) -> (Harness<'static, Window>, LiveWanted) {
    let (sender, asked) = channel();
    let mut harness = window(Pipe { reader: Mutex::new(reader), keys, asked: sender }, None);
    harness.run_steps(SETTLED);
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::R);
    harness.run_steps(SETTLED);
    assert!(harness.query_by_label("Interface").is_some());
    harness.get_by_label("Start").click();
    harness.run_steps(3);
    let wanted = asked.recv_timeout(Duration::from_secs(60)).expect("it is begun");
    (harness, wanted)
}

/// Writes a part of a recording, cut anywhere.
fn write(pipe: &mut PipeWriter, bytes: &[u8], part: std::ops::Range<usize>) {
    pipe.write_all(&bytes[part]).unwrap();
}

fn frames(harness: &Harness<'_, Window>) -> u32 {
    harness.state().state.explore.as_ref().map_or(0, |open| open.frame_count())
}

/// Whether something that is told says this.
fn tells(harness: &Harness<'_, Window>, words: &str) -> bool {
    let open = harness.state().state.explore.as_ref();
    let story = open.and_then(|open| open.shown.story.as_ref());
    story.is_some_and(|story| story.beats.iter().any(|beat| beat.label.contains(words)))
}

#[test]
fn a_capture_is_watched_while_it_grows_and_kept_when_it_ends() {
    let bytes = std::fs::read(recording("http1-keepalive")).unwrap();
    let (reader, mut pipe) = pipe().unwrap();
    let (mut harness, wanted) = capturing(Some(reader), None);
    let Origin::Interface(listen) = &wanted.origin else { panic!("{wanted:?}") };
    assert_eq!((listen.interface.as_str(), &listen.filter), ("lo", &None));

    write(&mut pipe, &bytes, 0..bytes.len() / 2);
    until(&mut harness, "the first packets", |harness| frames(harness) > 3);
    let before = frames(&harness);
    assert!(harness.query_by_label_contains(&format!("{before} packets")).is_some());
    assert!(harness.query_by_label("0 lost").is_some());
    assert!(harness.query_all_by_label("Capture of lo").next().is_some());
    let rows = format!("Packets, {before} rows");
    until(&mut harness, "its rows", |harness| harness.query_by_label(&rows).is_some());
    until(&mut harness, "its diagram", |harness| {
        harness.query_all_by_label_contains("GET /").next().is_some()
    });
    // A choice stays while more comes.
    harness.get_by_label_contains("Frame 5, ").click();
    harness.run_steps(3);

    write(&mut pipe, &bytes, bytes.len() / 2..bytes.len());
    until(&mut harness, "all packets", |harness| frames(harness) == 29);
    until(&mut harness, "all of the story", |harness| tells(harness, "/thanks.html"));
    let open = harness.state().state.explore.as_ref().unwrap();
    assert_eq!(open.selection.frame.map(|frame| frame.number()), Some(5));
    drop(pipe);
    until(&mut harness, "the end", |harness| harness.query_by_label("Save as…").is_some());
    assert_eq!(Recording::open(&wanted.path).unwrap().count(), 29);
    assert_eq!(harness.state().state.settings.recent, std::slice::from_ref(&wanted.path));
    std::fs::remove_file(&wanted.path).unwrap();
}

#[test]
fn keys_are_read_as_their_log_grows_and_kept_with_the_packets() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("keys.log");
    let whole = std::fs::read(recording("tls13-full")).unwrap();
    let (capture, secrets) = without_secrets(&whole);
    let (reader, mut pipe) = pipe().unwrap();
    let (mut harness, wanted) = capturing(Some(reader), Some(log.clone()));
    write(&mut pipe, &capture, 0..capture.len());
    until(&mut harness, "sealed messages", |harness| {
        harness.query_by_label_contains("0 of ").is_some()
    });
    std::fs::write(&log, &secrets).unwrap();
    until(&mut harness, "opened messages", |harness| tells(harness, "GET /"));
    assert!(harness.query_by_label("5 keys").is_some());
    drop(pipe);
    until(&mut harness, "the end", |harness| harness.query_by_label("Save as…").is_some());
    let kept = Recording::open(&wanted.path).unwrap();
    assert_eq!(kept.secrets_text().lines().filter(|line| !line.is_empty()).count(), 5);
    std::fs::remove_file(&wanted.path).unwrap();
}

/// Closes the window as a desktop does; whether it goes.
fn closes(harness: &mut Harness<'static, Window>) -> bool {
    let id = harness.ctx.viewport_id();
    let viewport = harness.input_mut().viewports.entry(id).or_default();
    viewport.events.push(egui::ViewportEvent::Close);
    harness.step();
    harness.input_mut().viewports.entry(id).or_default().events.clear();
    harness.state().state.closing == Closing::Now
}

#[test]
fn a_window_that_is_closed_keeps_what_it_captures() {
    let bytes = std::fs::read(recording("http1-keepalive")).unwrap();
    let (reader, mut pipe) = pipe().unwrap();
    let (mut harness, wanted) = capturing(Some(reader), None);
    write(&mut pipe, &bytes, 0..bytes.len());
    until(&mut harness, "all packets", |harness| frames(harness) == 29);
    assert!(!closes(&mut harness), "it waits until all is kept");
    drop(pipe);
    until(&mut harness, "the end", |harness| harness.state().state.closing == Closing::Now);
    assert_eq!(Recording::open(&wanted.path).unwrap().count(), 29);
    std::fs::remove_file(&wanted.path).unwrap();
}

#[test]
fn who_closes_a_window_twice_does_not_wait() {
    let (reader, _pipe) = pipe().unwrap();
    let (mut harness, _) = capturing(Some(reader), None);
    assert!(!closes(&mut harness));
    assert!(closes(&mut harness));
}

#[test]
fn what_may_not_be_captured_says_why_and_leaves_the_window_usable() {
    let (mut harness, _) = capturing(None, None);
    until(&mut harness, "the cause", |harness| {
        harness.query_by_label_contains("Lo cannot be captured").is_some()
    });
    assert!(harness.query_by_label("Run").is_some());
}

#[test]
fn a_command_is_asked_for_with_its_server() {
    let (sender, asked) = channel();
    let pipe = Pipe { reader: Mutex::new(None), keys: None, asked: sender };
    let mut harness = window(pipe, None);
    harness.run_steps(SETTLED);
    harness.get_by_label("Capture…").click();
    harness.run_steps(SETTLED);
    harness.get_by_label("A command").click();
    harness.run_steps(SETTLED);
    for (field, text) in [("Command", "curl http://127.0.0.1:8000/"), ("Server", "serve 8000")] {
        harness.get_by_label(field).focus();
        harness.run_steps(2);
        harness.get_by_label(field).type_text(text);
        harness.run_steps(3);
    }
    harness.get_by_label("Start").click();
    harness.run_steps(3);
    let wanted = asked.recv_timeout(Duration::from_secs(60)).expect("it is begun");
    let (command, server) =
        ("curl http://127.0.0.1:8000/".to_owned(), Some("serve 8000".to_owned()));
    assert_eq!(wanted.origin, Origin::Programs { server, command });
    assert_eq!(wanted.title(), "Run of curl http://127.0.0.1:8000/");
}
