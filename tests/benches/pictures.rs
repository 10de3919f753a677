//! Pictures: laying a story out, and what a frame of the window costs once it is laid out, at each
//! level.
//!
//! They draw the sample recordings, or `WIRESTAGE_BENCH_FILE` where that names a larger one.

use std::path::PathBuf;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use egui::{Context, RawInput, Rect, pos2, vec2};
use wirestage::diagram::{DiagramView, FontMeasure, Request, Theme, fonts, layout};
use wirestage::document::{Opening, Progress};
use wirestage_dissectors::story::{Level, Story};
use wirestage_tests::{open, samples};

/// The stories to draw, by name.
fn stories() -> Vec<(String, Arc<Story>)> {
    let files: Vec<(String, PathBuf)> = match std::env::var_os("WIRESTAGE_BENCH_FILE") {
        Some(file) => vec![("file".into(), file.into())],
        None => samples()
            .into_iter()
            .map(|(name, folder)| (name, folder.join("recording.pcapng")))
            .collect(),
    };
    let told = |(name, path): (String, PathBuf)| {
        let ground = open(&path, Opening::default()).ground();
        Some((name, Arc::new(ground.story(None, &Progress::new())?)))
    };
    files.into_iter().filter_map(told).collect()
}

const LEVELS: [(Level, &str); 5] = [
    (Level::Chapter, "phases"),
    (Level::Exchange, "exchanges"),
    (Level::Flight, "flights"),
    (Level::Message, "messages"),
    (Level::Packet, "packets"),
];

/// One frame of a window that shows nothing else, tessellated.
fn frame(context: &Context, view: &mut DiagramView, story: &Arc<Story>, theme: &Theme) -> usize {
    let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(1400.0, 900.0));
    let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
    let shown = context.run_ui(input, |ui| {
        let _ = view.show(ui, story, theme, None);
    });
    context.tessellate(shown.shapes, shown.pixels_per_point).len()
}

fn pictures(criterion: &mut Criterion) {
    let measure = FontMeasure::default();
    let theme = Theme::light();
    for (name, story) in stories() {
        let mut group = criterion.benchmark_group(name);
        for (level, called) in LEVELS {
            let request = Request { width: 1400, level, ..Request::default() };
            group.bench_function(BenchmarkId::new("layout", called), |bench| {
                bench.iter(|| layout(&story, &request, &measure).marks().len());
            });
            let context = Context::default();
            context.set_fonts(fonts::definitions());
            let mut view = DiagramView::default();
            view.level = Some(level);
            frame(&context, &mut view, &story, &theme);
            while view.is_waiting() {
                std::thread::yield_now();
                frame(&context, &mut view, &story, &theme);
            }
            group.bench_function(BenchmarkId::new("frame", called), |bench| {
                bench.iter(|| frame(&context, &mut view, &story, &theme));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, pictures);
criterion_main!(benches);
