//! Goldens a person can read: for each sample recording the tree of every frame, the story and
//! the diagram.
//!
//! `WIRESTAGE_RENEW=1 cargo test -p wirestage-tests --test goldens` writes them anew; read the
//! difference before you commit it.

#[path = "../../dissectors/tests/naive/mod.rs"]
mod naive;

use std::path::Path;

use wirestage::cli::show::Format;
use wirestage::document::{Opening, Windows};
use wirestage_dissectors::story::Times;
use wirestage_dissectors::story::text::{to_mermaid, to_plantuml, to_text};
use wirestage_tests::{diagram, open, samples, shown};

fn check(folder: &Path, file: &str, found: &str) -> Result<(), String> {
    let path = folder.join(file);
    if std::env::var_os("WIRESTAGE_RENEW").is_some() {
        return std::fs::write(&path, found).map_err(|error| error.to_string());
    }
    let expected = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
    if expected == found {
        return Ok(());
    }
    let differs = expected.lines().zip(found.lines()).position(|(a, b)| a != b);
    let line = differs.unwrap_or_else(|| expected.lines().count().min(found.lines().count()));
    Err(format!(
        "{} differs at line {}:\n  expected {:?}\n  found    {:?}",
        path.display(),
        line + 1,
        expected.lines().nth(line),
        found.lines().nth(line),
    ))
}

#[test]
fn every_sample_reads_as_it_is_written_down() {
    let samples = samples();
    let mut wrong = Vec::new();
    for (_, folder) in &samples {
        let document = open(&folder.join("recording.pcapng"), Opening::default());
        let tree = shown(&document, Format::Tree, Windows::default());
        let found = [
            ("tree.txt", tree),
            ("story.txt", to_text(&document.story(None))),
            ("diagram.svg", diagram(&document)),
        ];
        wrong.extend(found.iter().filter_map(|(file, text)| check(folder, file, text).err()));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_sample_is_written_for_other_programs_as_it_is_written_down() {
    let all = samples();
    let (_, folder) = all.iter().find(|(name, _)| *name == "tls13-full").unwrap();
    let story = open(&folder.join("recording.pcapng"), Opening::default()).story(None);
    let found = [
        ("diagram.mmd", to_mermaid(&story, Times::Elapsed)),
        ("diagram.puml", to_plantuml(&story, Times::UTC)),
    ];
    let wrong: Vec<_> =
        found.iter().filter_map(|(file, text)| check(folder, file, text).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn chunks_windows_and_cache_change_nothing() {
    for (name, folder) in samples() {
        let path = folder.join("recording.pcapng");
        let whole = open(&path, Opening::default());
        let frames = whole.survey.frame_count();
        let small = Opening { chunk: frames.div_ceil(7).max(1), budget: 1 << 20 };
        let tiny = Opening { chunk: 1, budget: 0 };
        let one_frame = Windows { frames: 1, bytes: 1, share: 1 };
        for format in [Format::Tree, Format::Jsonl, Format::Rows] {
            let expected = shown(&whole, format, Windows::default());
            for how in [small, tiny] {
                let cut = open(&path, how);
                assert_eq!(shown(&cut, format, one_frame), expected, "{name}, {how:?}");
            }
        }
        let story = to_text(&whole.story(None));
        for how in [small, tiny] {
            assert_eq!(to_text(&open(&path, how).story(None)), story, "{name}, {how:?}");
        }
    }
}

#[test]
fn a_naive_reader_reads_the_same_and_each_message_stands_on_a_frame_of_its_sender() {
    let mut all = 0;
    for (name, folder) in samples() {
        let document = open(&folder.join("recording.pcapng"), Opening::default());
        let (context, survey) = (document.context(), &document.survey);
        let read = naive::read(context, survey);
        let expected: Vec<String> = naive::messages(&read, context)
            .iter()
            .map(|(_, message, view)| naive::in_words(message, view))
            .collect();
        let found = naive::swept(context, survey, &document.attribution)
            .unwrap_or_else(|why| panic!("{name}: {why}"));
        all += found.len();
        let differs = found.iter().zip(&expected).find(|(found, expected)| found != expected);
        assert_eq!((differs, found.len()), (None, expected.len()), "{name}");
    }
    assert!(all > 100, "{all} messages");
}
