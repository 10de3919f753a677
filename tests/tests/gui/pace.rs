//! How long frames of the window take over a large recording: printed, and held against nothing,
//! for it depends on the machine. Beside what a clock says stands what the window's own thread had
//! of a core: the rest, others had.
//!
//! ```text
//!   WIRESTAGE_PACE=http.pcap cargo test --release -p wirestage-tests --test gui pace -- --ignored --nocapture
//! ```

use wirestage::gui::percentile;

use super::*;

/// What a frame may have of a core at sixty a second, with as much left for the painter.
const SLOW: Duration = Duration::from_millis(8);

/// How long a frame took, with its tessellation.
#[derive(Clone, Copy)]
struct Took {
    /// By the clock: logic, layout and tessellation.
    clock: Duration,
    /// Of a core, by the window's thread: the same, and what the harness does around it.
    core: Duration,
}

/// What this thread had of a core so far.
fn core() -> Duration {
    let mut had = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is that of a value which outlives the call.
    let told = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut had) };
    assert_eq!(told, 0, "the system says no time of a thread");
    Duration::new(had.tv_sec as u64, had.tv_nsec as u32)
}

/// How long frames of the window take while something is done.
fn frames(
    harness: &mut Harness<'_, Window>,
    count: usize,
    done: impl Fn(&mut Harness<'_, Window>),
) -> Vec<Took> {
    harness.state_mut().pace.forget();
    let mut painted = Vec::new();
    for _ in 0..count {
        done(harness);
        let had = core();
        harness.step();
        let shapes = harness.output().shapes.clone();
        let begun = Instant::now();
        let meshes = harness.ctx.tessellate(shapes, harness.ctx.pixels_per_point());
        painted.push((begun.elapsed(), core() - had));
        assert!(!meshes.is_empty());
    }
    let laid: Vec<Duration> = harness.state().pace.frames().collect();
    let both = laid.iter().zip(&painted);
    both.map(|(laid, (more, core))| Took { clock: *laid + *more, core: *core }).collect()
}

fn told(all: &[Took]) {
    let clock: Vec<Duration> = all.iter().map(|took| took.clock).collect();
    let core: Vec<Duration> = all.iter().map(|took| took.core).collect();
    let of = |all, share| percentile(all, share).unwrap_or_default();
    eprintln!(
        "    {} frames: median {:.2?}, 99 % within {:.2?}; of a core {:.2?}, {:.2?}",
        all.len(),
        of(&clock, 0.5),
        of(&clock, 0.99),
        of(&core, 0.5),
        of(&core, 0.99),
    );
    // Where one frame in a hundred is too slow, it helps to know which.
    let slow = core.iter().enumerate().filter(|(_, core)| **core > SLOW);
    let slow: Vec<String> = slow.map(|(at, core)| format!("{at}: {core:.1?}")).collect();
    if !slow.is_empty() {
        eprintln!("    slow: {}", slow.join(", "));
    }
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
    harness.key_press_modifiers(Modifiers::ALT, Key::Home);
    harness.run_steps(5);

    eprintln!("one connection is followed");
    harness.get_by_label("Connections").click();
    harness.run_steps(5);
    let first =
        |harness: &Harness<'_, Window>| harness.query_by_label_contains("Connection 1, ").is_some();
    wait(&mut harness, "the list of connections", first);
    let told_now = |harness: &Harness<'_, Window>| {
        let open = harness.state().state.explore.as_ref()?;
        Some((open.shown.told, open.shown.story.as_ref().map(Arc::as_ptr)))
    };
    let before = told_now(&harness);
    harness.get_by_label_contains("Connection 1, ").click();
    wait(&mut harness, "its story", |harness| {
        let now = told_now(harness);
        now != before && now.is_some_and(|(_, story)| story.is_some())
    });
    told(&frames(&mut harness, 300, |_| {}));

    eprintln!("a packet is chosen while another connection is told");
    for (connection, frame) in [(2, count / 2), (3, count / 3), (4, count / 4)] {
        let label = format!("Connection {connection}, ");
        let Some(row) = harness.query_by_label_contains(&label) else { break };
        row.click();
        harness.key_press_modifiers(Modifiers::COMMAND, Key::G);
        harness.run_steps(2);
        harness.get_by_label("Go to").type_text(&frame.to_string());
        harness.run_steps(2);
        harness.key_press(Key::Enter);
        let chosen = wirestage_dissectors::ids::FrameId(frame - 1);
        wait(&mut harness, "its fields", |harness| {
            let open = harness.state().state.explore.as_ref();
            let details = open.and_then(|open| open.details.as_ref());
            details.is_some_and(|details| {
                details.frame == chosen
                    && (details.segment.is_some() || !details.messages.is_empty())
            })
        });
    }
}
