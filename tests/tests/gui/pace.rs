//! How long frames of the window take over a large recording: printed, and held against nothing,
//! for it depends on the machine.
//!
//! ```text
//!   WIRESTAGE_PACE=http.pcap cargo test --release -p wirestage-tests --test gui pace -- --ignored --nocapture
//! ```

use wirestage::gui::percentile;

use super::*;

/// How long frames of the window take, each with its tessellation, while something is done.
fn frames(
    harness: &mut Harness<'_, Window>,
    count: usize,
    done: impl Fn(&mut Harness<'_, Window>),
) -> Vec<Duration> {
    harness.state_mut().pace.forget();
    let mut painted = Vec::new();
    for _ in 0..count {
        done(harness);
        harness.step();
        let shapes = harness.output().shapes.clone();
        let begun = Instant::now();
        let meshes = harness.ctx.tessellate(shapes, harness.ctx.pixels_per_point());
        painted.push(begun.elapsed());
        assert!(!meshes.is_empty());
    }
    let laid: Vec<Duration> = harness.state().pace.frames().collect();
    laid.iter().zip(&painted).map(|(laid, more)| *laid + *more).collect()
}

fn told(all: &[Duration]) {
    let of = |share| percentile(all, share).unwrap_or_default();
    eprintln!("    {} frames: median {:?}, 99 % within {:?}", all.len(), of(0.5), of(0.99));
}

/// Does something, and says how long it takes until something is so.
fn wait(harness: &mut Harness<'_, Window>, what: &str, so: impl Fn(&Harness<'_, Window>) -> bool) {
    let begun = Instant::now();
    until(harness, what, so);
    eprintln!("    {what} after {:?}", begun.elapsed());
}

#[test]
#[ignore = "takes a large recording: WIRESTAGE_PACE=FILE"]
fn the_window_keeps_its_pace_over_a_large_recording() {
    let Some(path) = std::env::var_os("WIRESTAGE_PACE").map(PathBuf::from) else {
        panic!("WIRESTAGE_PACE names a recording")
    };
    let mut harness = window(Made, Some(path));
    wait(&mut harness, "open", |harness| harness.state().state.explore.is_some());
    let count = harness.state().state.explore.as_ref().unwrap().frame_count();
    eprintln!("    {count} frames in the recording");
    eprintln!("while everything is read");
    told(&frames(&mut harness, 300, |_| {}));
    harness.get_by_label("Packets").click();
    harness.run_steps(3);

    eprintln!("the list is scrolled");
    let list = format!("Packets, {count} rows");
    harness.get_by_label(&list).focus();
    harness.run_steps(2);
    told(&frames(&mut harness, 300, |harness| harness.key_press(Key::PageDown)));

    eprintln!("a filter is typed and put into force");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::L);
    harness.run_steps(3);
    let mut typed = Vec::new();
    for letter in "tcp.flags.syn == 1".chars() {
        harness.get_by_label("Filter").type_text(&letter.to_string());
        typed.extend(frames(&mut harness, 1, |_| {}));
    }
    told(&typed);
    harness.key_press(Key::Enter);
    harness.step();
    let passed =
        |harness: &Harness<'_, Window>| harness.query_by_label_contains(" frames pass").is_some();
    wait(&mut harness, "the first that pass", passed);
    told(&frames(&mut harness, 100, |_| {}));
    harness.get_by_label("Clear").click();
    harness.run_steps(5);

    eprintln!("the list is sorted by length");
    harness.get_by_label_contains("Sort packets by Length").click();
    told(&frames(&mut harness, 100, |_| {}));

    eprintln!("the plot is brushed");
    harness.get_by_label("Traffic").click();
    harness.run_steps(3);
    let plot =
        |harness: &Harness<'_, Window>| harness.query_by_label_contains("Traffic, ").is_some();
    wait(&mut harness, "the plot", plot);
    let rect = harness.get_by_label_contains("Traffic, ").rect();
    let at = |share: f32| egui::pos2(rect.left() + rect.width() * share, rect.center().y);
    harness.drag_at(at(0.2));
    let mut brushed = Vec::new();
    for step in 1_u8..60 {
        harness.hover_at(at(0.2 + 0.005 * f32::from(step)));
        brushed.extend(frames(&mut harness, 1, |_| {}));
    }
    told(&brushed);
    harness.drop_at(at(0.5));
    told(&frames(&mut harness, 100, |_| {}));
}
