//! The overview in the window: many connections in rows, each leading to its own, and the list of
//! them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use wirestage::diagram::FontMeasure;
use wirestage::diagram::overview::{Subject, overview};
use wirestage::diagram::scene::{Mark, Shape};
use wirestage::document::{Counting, Document, Progress};
use wirestage::gui::{Lab, Settings, View, Window};

/// A window of 1400 by 900 points that opens this file.
fn window(open: PathBuf) -> Harness<'static, Window> {
    let recordings = std::env::temp_dir().join(format!("wirestage-rows-{}", std::process::id()));
    let settings = Settings { recordings, ..Settings::default() };
    let builder = Harness::builder().with_size(egui::vec2(1400.0, 900.0));
    builder.build_eframe(move |cc| {
        Window::with(&cc.egui_ctx, settings, Arc::new(Lab::default()), vec![open])
    })
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

/// A recording of so many connections to one port, every third of them refused.
fn many(count: u16) -> (tempfile::TempDir, PathBuf) {
    const HEADER: [u8; 24] = [
        0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 101, 0, 0, 0,
    ];
    /// SYN, SYN-ACK, ACK, FIN and RST as TCP has them.
    const WELL: [(bool, u8); 5] =
        [(true, 0x02), (false, 0x12), (true, 0x10), (true, 0x11), (false, 0x11)];
    const REFUSED: [(bool, u8); 2] = [(true, 0x02), (false, 0x14)];
    let mut file = HEADER.to_vec();
    let mut frame = 0_u32;
    for number in 0..count {
        let steps = if number % 3 == 0 { &REFUSED[..] } else { &WELL };
        let mut seq = [100_u32, 500];
        for (is_client, flags) in steps {
            let side = usize::from(!is_client);
            let ports = [40_000 + number, 8_080];
            let hosts = [[10, 0, 0, 1 + (number % 3) as u8], [10, 0, 0, 9]];
            let mut packet = vec![0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0];
            packet.extend([hosts[side], hosts[1 - side]].concat());
            packet.extend(ports[side].to_be_bytes());
            packet.extend(ports[1 - side].to_be_bytes());
            packet.extend(seq[side].to_be_bytes());
            packet.extend(if flags & 0x10 == 0 { 0 } else { seq[1 - side] }.to_be_bytes());
            packet.extend([0x50, *flags, 0xff, 0xff, 0, 0, 0, 0]);
            seq[side] += u32::from(flags & 0x03 != 0);
            frame += 1;
            for number in [frame / 1000, frame % 1000 * 1000, 40, 40] {
                file.extend(number.to_le_bytes());
            }
            file.extend(packet);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.pcap");
    std::fs::write(&path, file).unwrap();
    (folder, path)
}

/// What the list of connections says of its length.
fn listed(harness: &Harness<'_, Window>, rows: &str) -> bool {
    harness.query_by_label(&format!("Connections, {rows} rows")).is_some()
}

#[test]
fn many_connections_open_on_the_overview_and_each_row_leads_to_its_own() {
    let (_folder, path) = many(30);
    let mut harness = window(path);
    // Who was refused every time is a row, who was not is another.
    let refused = "TCP port 8080: 10.0.0.9:8080 · 10 connections";
    until(&mut harness, "the overview", |harness| {
        harness.query_by_label_contains(refused).is_some()
    });
    assert!(harness.query_by_label_contains("10 refused").is_some());
    assert!(harness.query_by_label_contains("20 closed in order").is_some());
    let explore = |harness: &Harness<'_, Window>| {
        harness
            .state()
            .state
            .explore
            .as_ref()
            .map(|open| (open.shown.view, open.shown.story.is_some()))
    };
    assert_eq!(explore(&harness), Some((View::Overview, false)), "nothing is told yet");

    // The row narrows the list, and a connection of it is told.
    assert!(listed(&harness, "30"));
    harness.get_by_label_contains(refused).click();
    until(&mut harness, "the row's connections", |harness| listed(harness, "10"));
    harness.get_by_label_contains("Connection 4, TCP").click();
    until(&mut harness, "its story", |harness| explore(harness) == Some((View::Story, true)));

    // Back is the overview, with the row still chosen.
    harness.get_by_label("‹ Overview").click();
    until(&mut harness, "the overview again", |harness| {
        harness.query_by_label_contains(refused).is_some()
    });
    harness.get_by_label_contains("Show all connections again").click();
    until(&mut harness, "all of them", |harness| listed(harness, "30"));
}

#[test]
fn the_connections_are_sorted_and_narrowed_by_name() {
    let (_folder, path) = many(30);
    let mut harness = window(path);
    until(&mut harness, "the list", |harness| listed(harness, "30"));
    let top = |harness: &Harness<'_, Window>, words: &str| {
        let all = harness.query_all_by_label_contains("Connection ");
        let rows =
            all.filter_map(|node| Some((node.rect().top() as i32, node.accesskit_node().label()?)));
        let first = rows.filter(|(_, label)| label.contains(", TCP")).min();
        first.is_some_and(|(_, label)| label.contains(words))
    };
    until(&mut harness, "the first", |harness| top(harness, "Connection 1,"));
    harness.get_by_label("Sort by Outcome").click();
    until(&mut harness, "sorted", |harness| top(harness, "closed in order"));
    harness.get_by_label("Sort by Outcome, ascending").click();
    until(&mut harness, "the other way", |harness| top(harness, "refused"));
    harness.get_by_label("Narrow the connections").focus();
    harness.run_steps(2);
    harness.get_by_label("Narrow the connections").type_text("10.0.0.2 closed");
    until(&mut harness, "narrowed", |harness| listed(harness, "10"));
    assert!(harness.query_by_label_contains("10 of 30").is_some());
}

/// Texts of a picture, and the whole of it.
fn check_picture(path: &std::path::Path, width: f32) {
    let document = Document::open(path, &Progress::new()).unwrap();
    let mut known = document.overview();
    assert!(known.look_at_all(&Progress::new()) && known.read(&Progress::new()));
    let report = known.report();
    let activity = known.activity(&report, Counting::Bytes);
    let (known, subtitle) = (known.known(), "many.pcap");
    let subject = Subject { report: &report, known: &known, activity: &activity, subtitle };
    let picture = overview(&subject, width, &FontMeasure::default());
    let scene = &picture.scene;
    assert_eq!(picture.rows.len(), report.rows.len());
    for mark in scene.marks() {
        let is_inside = mark.bounds.left >= 0.0 && mark.bounds.right <= scene.width;
        assert!(is_inside && mark.bounds.bottom <= scene.height, "{width}: {mark:?}");
    }
    let is_text = |mark: &&Mark| matches!(mark.shape, Shape::Text { .. });
    let texts: Vec<&Mark> = scene.marks().iter().filter(is_text).collect();
    for (index, one) in texts.iter().enumerate() {
        for other in &texts[index + 1..] {
            assert!(!one.bounds.overlaps(other.bounds), "{width}: {one:?} and {other:?}");
        }
    }
    for pair in picture.rows.windows(2) {
        assert!(!pair[0].bounds.overlaps(pair[1].bounds), "rows share no place");
    }
}

#[test]
fn a_picture_holds_together_at_any_width() {
    let (_folder, path) = many(60);
    for width in [420.0, 700.0, 900.0, 1100.0, 1200.0, 1640.0, 2600.0] {
        check_picture(&path, width);
    }
}
