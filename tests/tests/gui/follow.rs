//! Following one connection of many: there and back without losing the place, and without waiting
//! for a story that somebody else asked for.

use std::sync::Mutex;
use std::sync::mpsc::Receiver;

use egui::accesskit::Role;
use egui_kittest::Node;
use egui_kittest::kittest::NodeT;
use tempfile::TempDir;
use wirestage::document::Ground;
use wirestage::gui::{Reads, Selection, Teller, View};
use wirestage_dissectors::ids::ConnectionId;
use wirestage_dissectors::story::Story;

use super::*;

/// SYN, ACK, PSH and FIN as TCP has them.
const SYN: u8 = 0x02;
const ACK: u8 = 0x10;
const DATA: u8 = 0x18;
const FIN: u8 = 0x11;

/// How many connections run at once.
const FIFTY: u16 = 50;

/// A recording of fifty connections that take turns, packet by packet: each asks for a page of its
/// own, and is closed in order.
fn fifty() -> (TempDir, PathBuf) {
    const HEADER: [u8; 24] = [
        0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 101, 0, 0, 0,
    ];
    const STEPS: [(usize, u8, &str); 8] = [
        (0, SYN, ""),
        (1, SYN | ACK, ""),
        (0, ACK, ""),
        (0, DATA, "GET /page-NUMBER HTTP/1.1\r\nHost: example.test\r\n\r\n"),
        (1, DATA, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        (0, FIN, ""),
        (1, FIN, ""),
        (0, ACK, ""),
    ];
    let mut file = HEADER.to_vec();
    let mut frame = 0_u32;
    let mut seqs = [[100_u32, 500]; FIFTY as usize];
    for (side, flags, said) in STEPS {
        for (number, seq) in (0..FIFTY).zip(&mut seqs) {
            let said = said.replace("NUMBER", &(number + 1).to_string());
            let len = 40 + said.len() as u16;
            let mut packet = vec![0x45, 0];
            packet.extend(len.to_be_bytes());
            packet.extend([0, 0, 0, 0, 64, 6, 0, 0]);
            let hosts = [[10, 0, 0, 1], [10, 0, 0, 9]];
            packet.extend([hosts[side], hosts[1 - side]].concat());
            let ports = [40_000 + number, 80];
            packet.extend([ports[side], ports[1 - side]].map(u16::to_be_bytes).concat());
            packet.extend(seq[side].to_be_bytes());
            packet.extend(if flags == SYN { 0 } else { seq[1 - side] }.to_be_bytes());
            packet.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
            packet.extend(said.bytes());
            seq[side] += said.len() as u32 + u32::from(flags & (SYN | 0x01) != 0);
            frame += 1;
            let micros = frame * 100;
            for word in [micros / 1_000_000, micros % 1_000_000, len.into(), len.into()] {
                file.extend(word.to_le_bytes());
            }
            file.extend(packet);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fifty.pcap");
    std::fs::write(&path, file).unwrap();
    (folder, path)
}

/// A field of each answer.
const FIELD: &str = "Formatted text: HTTP/1.1 200 OK";

/// What a held teller did.
#[derive(Debug, PartialEq, Eq)]
enum Did {
    Begun(Option<ConnectionId>),
    Cancelled(Option<ConnectionId>),
}

/// Tells a story only when it is let go; what was cancelled it tells all the same, under a title
/// that nobody must ever see.
struct Slow {
    did: Sender<Did>,
    go: Mutex<Receiver<()>>,
}

const UNSEEN: &str = "A story that was cancelled";

impl Teller for Slow {
    fn tell(
        &self,
        ground: &Ground,
        connection: Option<ConnectionId>,
        progress: &Progress,
    ) -> Option<Story> {
        let _ = self.did.send(Did::Begun(connection));
        loop {
            if progress.is_cancelled() {
                let _ = self.did.send(Did::Cancelled(connection));
                return Some(Story { title: UNSEEN.into(), ..Story::default() });
            }
            let wait = Duration::from_millis(1);
            if self.go.lock().is_ok_and(|go| go.recv_timeout(wait).is_ok()) {
                return Reads.tell(ground, connection, progress);
            }
        }
    }
}

/// A window that shows this recording and tells stories only when it is let go; what its teller
/// does, and how to let it go.
fn slow(path: PathBuf) -> (Harness<'static, Window>, Receiver<Did>, Sender<()>) {
    let ((did, done), (go, gone)) = (channel(), channel());
    let teller = Slow { did, go: Mutex::new(gone) };
    let builder = Harness::builder().with_size(egui::vec2(1400.0, 936.0));
    let harness = builder.build_eframe(move |cc| {
        let mut window =
            Window::with(&cc.egui_ctx, Settings::default(), Arc::new(Made), vec![path]);
        window.state.teller = Arc::new(teller);
        window
    });
    (harness, done, go)
}

/// The next thing a teller does, while frames are shown.
fn next(harness: &mut Harness<'_, Window>, done: &Receiver<Did>) -> Did {
    let begun = Instant::now();
    loop {
        if let Ok(did) = done.try_recv() {
            return did;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "the teller does nothing");
        harness.step();
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn story(harness: &Harness<'_, Window>) -> Option<Arc<Story>> {
    harness.state().state.explore.as_ref()?.shown.story.clone()
}

/// Whether the connection of this number is what is told.
fn is_told(harness: &Harness<'_, Window>, number: u32) -> bool {
    let first = |story: Arc<Story>| story.tracks.first().map(|track| track.first.frame.number());
    story(harness).and_then(first) == Some(number)
}

fn selection(harness: &Harness<'_, Window>) -> Selection {
    harness.state().state.explore.as_ref().map(|open| open.selection.clone()).unwrap()
}

/// Which connections the list has in sight, by their numbers.
fn in_sight(harness: &Harness<'_, Window>) -> Vec<u16> {
    let is_shown = |number: &u16| {
        harness.query_by_label_contains(&format!("Connection {number}, HTTP")).is_some()
    };
    (1..=FIFTY).filter(is_shown).collect()
}

/// The arrow in the diagram whose words hold these.
fn step<'a>(harness: &'a Harness<'_, Window>, words: &'a str) -> Option<Node<'a>> {
    let is_step = |node: &Node<'_>| {
        let label = node.accesskit_node().label().unwrap_or_default();
        node.accesskit_node().role() == Role::Button && label.starts_with("Step ")
    };
    harness.query_all_by_label_contains(words).find(is_step)
}

/// Chooses what the diagram tells.
fn tell(harness: &mut Harness<'_, Window>, what: &str, tracks: usize) {
    if harness.query_by_role_and_label(Role::Button, what).is_none() {
        harness.get_by_label("What the diagram tells").click();
        harness.run_steps(3);
    }
    // It may lie below what the list has in sight.
    harness.get_by_role_and_label(Role::Button, what).click_accesskit();
    until(harness, what, |harness| story(harness).is_some_and(|s| s.tracks.len() == tracks));
}

/// Opens the fifty, and goes to the end of their list: the last one is told.
fn at_the_end(harness: &mut Harness<'_, Window>) {
    until(harness, "the list", |harness| {
        harness.query_by_label("Connections, 50 rows").is_some()
            && in_sight(harness).first() == Some(&1)
    });
    harness.get_by_label("Connections, 50 rows").focus();
    harness.run_steps(2);
    harness.key_press(Key::End);
    until(harness, "the last connection", |harness| in_sight(harness).last() == Some(&FIFTY));
    assert!(!in_sight(harness).contains(&1));
}

/// Goes to one of the last connections, and in it to its answer.
fn at_a_step(harness: &mut Harness<'_, Window>) {
    at_the_end(harness);
    harness.get_by_label_contains("Connection 48, HTTP").click();
    until(harness, "its steps", |harness| {
        is_told(harness, 48) && step(harness, "200 OK").is_some()
    });
    step(harness, "200 OK").unwrap().click_accesskit();
    until(harness, "its tree", |harness| harness.query_by_label(FIELD).is_some());
}

#[test]
fn from_the_overview_to_a_connection_a_step_a_field_and_back() {
    let (_folder, path) = fifty();
    let mut harness = window(Made, Some(path));
    at_a_step(&mut harness);
    let place = in_sight(&harness);
    let chosen = selection(&harness);
    assert_eq!(chosen.frame.map(|frame| frame.number()), Some(4 * 50 + 48));
    assert!(chosen.beat.is_some() && chosen.anchor.is_some());
    harness.get_by_label(FIELD).click_accesskit();
    harness.run_steps(3);
    let chosen = selection(&harness);
    assert!(chosen.line.is_some());
    assert!(harness.query_by_label_contains("bytes: Frame").is_some(), "no bytes are shown");

    // Back is the overview, with the list where it was and the choice as it was.
    harness.get_by_label("‹ Overview").click();
    harness.run_steps(3);
    assert_eq!(
        harness.state().state.explore.as_ref().map(|open| open.shown.view),
        Some(View::Overview)
    );
    assert_eq!(in_sight(&harness), place);
    assert_eq!(selection(&harness), chosen);
}

#[test]
fn one_of_fifty_is_followed_and_left_again() {
    let (_folder, path) = fifty();
    let mut harness = window(Made, Some(path));
    at_a_step(&mut harness);
    tell(&mut harness, "All 50 connections", 50);
    let (before, place) = (selection(&harness), in_sight(&harness));
    assert!(before.beat.is_some() && before.anchor.is_some());
    assert!(!place.is_empty() && !place.contains(&1));

    tell(&mut harness, "HTTP  10.0.0.1:40047 → 10.0.0.9:80", 1);
    let within = selection(&harness);
    assert_eq!((within.frame, within.anchor), (before.frame, before.anchor));
    assert!(step(&harness, "200 OK").is_some());
    tell(&mut harness, "All 50 connections", 50);
    assert_eq!(selection(&harness), before);
    assert_eq!(in_sight(&harness), place);
}

#[test]
fn what_went_the_same_way_is_unfolded_in_place_and_folded_again() {
    let (_folder, path) = fifty();
    let mut harness = window(Made, Some(path));
    at_a_step(&mut harness);
    tell(&mut harness, "All 50 connections", 50);
    let steps = |harness: &Harness<'_, Window>| story(harness).map(|story| story.steps().len());
    let folded = steps(&harness).unwrap();
    let before = selection(&harness);
    assert!(harness.query_by_label("Fold alike").is_none());
    step(&harness, "SYN").unwrap().click_accesskit();
    harness.run_steps(3);
    for _ in 0..8 {
        harness.key_press(Key::PageDown);
        harness.run_steps(2);
    }
    harness.get_by_label_contains("Unfold: and 49 more").click_accesskit();
    until(&mut harness, "all of them", |harness| steps(harness) == Some(folded * 50));

    // Long as it is now, it has a strip beside it.
    harness.run_steps(3);
    assert!(harness.query_by_label("Place in the diagram, percent").is_some());
    assert!(harness.query_by_label_contains("Unfold: ").is_none());
    harness.get_by_label("Fold alike").click();
    until(&mut harness, "the one", |harness| steps(harness) == Some(folded));
    assert_eq!(
        selection(&harness).anchor.map(|anchor| anchor.connection),
        before.anchor.map(|_| ConnectionId(0))
    );
    harness.run_steps(3);
    assert!(harness.query_by_label("Fold alike").is_none());
}

#[test]
fn what_is_chosen_does_not_wait_for_a_story() {
    let (mut harness, done, go) = slow(recording("tls13-full"));
    assert_eq!(next(&mut harness, &done), Did::Begun(None));
    choose_row(&mut harness, "Server Hello, ");
    until(&mut harness, "its tree", |harness| {
        harness.query_by_label("Handshake Protocol: Server Hello").is_some()
    });
    harness.get_by_label("Handshake Protocol: Server Hello").click_accesskit();
    until(&mut harness, "its bytes", |harness| {
        harness.query_by_label_contains("bytes: Frame").is_some()
    });
    let before = selection(&harness);
    assert!(before.line.is_some() && before.anchor.is_some());
    assert!(story(&harness).is_none() && before.beat.is_none());
    assert!(harness.query_by_label("telling the story").is_some());

    // The story takes up what was chosen meanwhile.
    go.send(()).unwrap();
    until(&mut harness, "the story", |harness| story(harness).is_some());
    let after = selection(&harness);
    assert_eq!((after.frame, after.line, after.anchor), (before.frame, before.line, before.anchor));
    assert!(after.beat.is_some());
}

#[test]
fn a_story_that_nobody_waits_for_any_more_is_cancelled() {
    let (_folder, path) = fifty();
    let (mut harness, done, go) = slow(path);
    at_the_end(&mut harness);
    let Did::Begun(Some(last)) = next(&mut harness, &done) else { panic!("nothing is told") };
    harness.get_by_label_contains("Connection 48, HTTP").click();
    let (mut said, mut chosen) = (Vec::new(), None);
    while said.len() < 2 {
        match next(&mut harness, &done) {
            Did::Begun(connection) => chosen = connection,
            Did::Cancelled(connection) => assert_eq!(connection, Some(last)),
        }
        said.push(());
    }
    assert_ne!(chosen, Some(last));
    harness.run_steps(5);
    assert!(story(&harness).is_none(), "what was cancelled is shown");
    go.send(()).unwrap();
    until(&mut harness, "the story", |harness| story(harness).is_some());
    assert_ne!(story(&harness).unwrap().title, UNSEEN);
    assert!(is_told(&harness, 48));

    // Opening another file closes this one, with what is told of it.
    harness.get_by_label_contains("Connection 47, HTTP").click();
    assert!(matches!(next(&mut harness, &done), Did::Begun(Some(_))));
    harness.state_mut().state.open(vec![recording("udp-echo")], None);
    assert!(matches!(next(&mut harness, &done), Did::Cancelled(Some(_)) | Did::Begun(None)));
    assert!(matches!(next(&mut harness, &done), Did::Cancelled(Some(_)) | Did::Begun(None)));
    assert!(story(&harness).is_none_or(|story| story.title != UNSEEN));
}
