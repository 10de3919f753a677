//! The three readings, each on its own: survey, converse, describe.
//!
//! They read the sample recordings, or `WIRESTAGE_BENCH_FILE` where that names a larger one.
//! How the whole program compares with tshark is `make bench`.

use std::path::PathBuf;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use wirestage::document::{Document, Opening};
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::sweep::Sweep;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::sinks::{FieldTree, RowText};
use wirestage_dissectors::survey::Survey;
use wirestage_tests::{open, samples};

/// The recordings to read, by name.
fn recordings() -> Vec<(String, PathBuf)> {
    match std::env::var_os("WIRESTAGE_BENCH_FILE") {
        Some(file) => vec![("file".into(), file.into())],
        None => samples()
            .into_iter()
            .map(|(name, folder)| (name, folder.join("recording.pcapng")))
            .collect(),
    }
}

/// Reads every connection of a document to its end.
fn converse(document: &Document) -> usize {
    let mut sweep = Sweep::new(document.context(), &document.survey, &document.attribution);
    sweep.read(0..document.survey.frame_count()).0.done_frames().count()
}

/// Describes every frame, as rows and as trees.
fn describe(document: &Document) -> usize {
    let context = document.context();
    let mut sweep = Sweep::new(context, &document.survey, &document.attribution);
    let (window, frames) = sweep.read(0..document.survey.frame_count());
    let scene = Dissection::of_window(context, &document.survey, &window);
    let mut row = RowText::new();
    frames
        .map(FrameId)
        .map(|id| {
            let mut tree = FieldTree::new();
            scene.describe(id, &mut tree);
            scene.row(id, &mut row);
            tree.nodes.len() + row.info.len()
        })
        .sum()
}

fn readings(criterion: &mut Criterion) {
    for (name, path) in recordings() {
        let document = open(&path, Opening::default());
        let frames = u64::from(document.recording.count());
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(frames));
        group.bench_function(BenchmarkId::from_parameter("survey"), |bench| {
            bench.iter(|| Survey::of(&*document.recording, standard()).flows().len());
        });
        group.bench_function(BenchmarkId::from_parameter("converse"), |bench| {
            bench.iter(|| converse(&document));
        });
        group.bench_function(BenchmarkId::from_parameter("converse and describe"), |bench| {
            bench.iter(|| describe(&document));
        });
        group.finish();
    }
}

criterion_group!(benches, readings);
criterion_main!(benches);
