//! Rows are made of less than all that can be read: they are the same.

use std::ops::Range;

use wirestage::document::{Document, Opening, Progress, Swept, Windows, sweep, sweep_rows};
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::sinks::RowText;
use wirestage_tests::{open, samples, streams};

fn rows(scene: &Dissection<'_>, frames: Range<u32>) -> Vec<String> {
    let mut row = RowText::new();
    let text = |id: u32| {
        let column = scene.row(FrameId(id), &mut row);
        format!("{column} {}", row.info)
    };
    frames.map(text).collect()
}

/// The rows of a document: of a reading for them alone, and of a whole one.
fn both(document: &Document, windows: Windows) -> [Vec<String>; 2] {
    let (mut brief, mut whole) = (Vec::new(), Vec::new());
    let progress = Progress::new();
    let keep = |found: Vec<String>| {
        brief.extend(found);
        true
    };
    assert_eq!(sweep_rows(document, windows, &progress, rows, keep), Swept::All);
    let keep = |found: Vec<String>| {
        whole.extend(found);
        true
    };
    assert_eq!(sweep(document, windows, &progress, rows, keep), Swept::All);
    [brief, whole]
}

#[test]
fn rows_alone_are_those_of_a_whole_reading() {
    let small = Windows { frames: 5, bytes: 1 << 12, share: 2 };
    for (name, folder) in samples() {
        let document = open(&folder.join("recording.pcapng"), Opening::default());
        for windows in [Windows::default(), small] {
            let [brief, whole] = both(&document, windows);
            assert_eq!(brief.len(), document.survey.frame_count() as usize, "{name}");
            let differs = brief.iter().zip(&whole).find(|(brief, whole)| brief != whole);
            assert_eq!((differs, brief.len()), (None, whole.len()), "{name}");
        }
    }
}

#[test]
fn rows_alone_of_many_streams_are_those_of_a_whole_reading() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("streams.pcapng");
    streams::write(&path, 1).unwrap();
    let document = open(&path, Opening::default());
    let [brief, whole] = both(&document, Windows { frames: 64, bytes: 1 << 16, share: 16 });
    assert!(brief == whole && brief.iter().any(|row| row.contains("DATA[")));
}
