//! Draws a story at every width and level, and holds each picture to the rules of all.

use serde_json::Value;
use wirestage::diagram::overview::{Subject, overview};
use wirestage::diagram::{FontMeasure, Fonts, Request, Theme, layout, svg};
use wirestage::document::{Counting, Document, Progress};
use wirestage::export::{Format, Wanted, write};
use wirestage_dissectors::story::{BeatId, Level, Story};
use wirestage_tests::picture::holds;
use wirestage_tests::{renderers, skip};

use super::told::Recorded;

const WIDTHS: [u32; 5] = [420, 700, 1100, 1640, 2600];

/// So many lifelines have room in any width.
const FEW: u32 = 2;
/// The most that each of several needs.
const EACH: u32 = 270;

/// What one arrow can stand for.
pub(crate) const LEVELS: [Level; 5] =
    [Level::Chapter, Level::Exchange, Level::Flight, Level::Message, Level::Packet];

/// The pictures of a recording.
pub(crate) fn check(recorded: &Recorded, levels: &[Level]) {
    check_story(&recorded.name, &recorded.story, levels);
}

/// The pictures of a story.
pub(crate) fn check_story(name: &str, story: &Story, levels: &[Level]) {
    let told = told(story);
    for width in WIDTHS {
        // Many lifelines need their room, however narrow a picture is to be.
        let lifelines = story.cast.len() as u32;
        let widest = if lifelines > FEW { width.max(lifelines * EACH) } else { width };
        for level in levels {
            let which = format!("{name}, {width} points, {level:?}");
            let fonts = Fonts::Named;
            let wanted = Wanted { level: *level, width: Some(width), fonts, ..Wanted::default() };
            let written = write(story, Format::Svg, &wanted, &Progress::new());
            let written = written.unwrap_or_else(|trouble| panic!("{which}: {trouble}"));
            let mut heads = 0;
            for file in written.expect("nobody cancels").files {
                let svg = String::from_utf8(file).expect("SVG is text");
                holds(&which, &svg, width..=widest, &told);
                heads += svg.matches("<polygon ").count();
            }
            // Each step is an arrow with a head; exchanges are blocks without.
            let within = |id: &BeatId| {
                let around = story.beat(*id).and_then(|beat| story.beat(beat.parent?));
                *level == Level::Exchange
                    && around.is_some_and(|beat| beat.level == Level::Exchange)
            };
            let arrows = story.steps().iter().filter(|id| !within(id)).count();
            // A chapter is a block that stands for its steps.
            let is_told = heads >= arrows || *level == Level::Chapter;
            assert!(is_told, "{which}: {heads} heads of {arrows} steps");
        }
        drawn_in_order(&format!("{name}, {width} points"), story, width);
    }
    rendered(name, story);
}

/// The first page of a story's picture, in renderers of other people where they are installed.
fn rendered(name: &str, story: &Story) {
    let folder = tempfile::tempdir().expect("a folder");
    for width in [WIDTHS[0], WIDTHS[3]] {
        let which = format!("{name}, {width} points");
        let wanted = Wanted { width: Some(width), ..Wanted::default() };
        let written = write(story, Format::Svg, &wanted, &Progress::new());
        let written = written.unwrap_or_else(|trouble| panic!("{which}: {trouble}"));
        let mut files = written.expect("nobody cancels").files.into_iter();
        let svg = files.next().and_then(|file| String::from_utf8(file).ok()).expect("a picture");
        match renderers::has_rsvg() {
            true => renderers::without_fonts(&which, &svg, folder.path()),
            false => skip(&which, "rsvg-convert is not installed"),
        }
        match renderers::browser() {
            Some(browser) => renderers::in_a_browser(browser, &which, &svg, folder.path()),
            None => skip(&which, "Chromium is not installed"),
        }
    }
}

/// What was sent first stands above what was sent later.
fn drawn_in_order(which: &str, story: &Story, width: u32) {
    let request = Request { width, ..Request::default() };
    let scene = layout(story, &request, &FontMeasure::default());
    let mut rows: Vec<_> = scene
        .beats()
        .iter()
        .filter_map(|drawn| Some((story.beat(drawn.beat)?, drawn)))
        .filter(|(beat, _)| beat.level == Level::Flight)
        .map(|(beat, drawn)| (beat.sent.frame, drawn.bounds.bottom, &drawn.spoken))
        .collect();
    assert!(!rows.is_empty(), "{which}: no step is drawn");
    rows.sort_by_key(|(frame, ..)| *frame);
    for pair in rows.windows(2) {
        assert!(pair[0].1 <= pair[1].1, "{which}: {:?} is below {:?}", pair[0], pair[1]);
    }
}

/// The overview of all connections, at every width.
pub(crate) fn check_overview(document: &Document) {
    let mut known = document.overview();
    assert!(known.look_at_all(&Progress::new()) && known.read(&Progress::new()));
    let report = known.report();
    let activity = known.activity(&report, Counting::Bytes);
    let (known, subtitle) = (known.known(), "scan.pcapng");
    let subject = Subject { report: &report, known: &known, activity: &activity, subtitle };
    let told = Value::from(format!("{report:?}")).to_string();
    for width in WIDTHS {
        let picture = overview(&subject, width as f32, &FontMeasure::default());
        let svg = svg(&picture.scene, &Theme::light(), Fonts::Named);
        holds(&format!("overview, {width} points"), &svg, width..=width, &told);
    }
}

/// All that a story says, as JSON.
fn told(story: &Story) -> String {
    let beats = story.beats.iter();
    let mut all: Vec<&str> = beats
        .flat_map(|beat| [beat.label.as_str(), beat.headline.as_str(), beat.detail.as_str()])
        .collect();
    all.extend(story.tracks.iter().map(|track| track.name.as_str()));
    all.extend(story.cast.iter().flat_map(|actor| [actor.name.as_str(), actor.address.as_str()]));
    all.extend(story.notes.iter().map(String::as_str));
    all.extend([story.title.as_str(), story.subtitle.as_str(), story.sum.as_str()]);
    Value::from(all).to_string()
}
