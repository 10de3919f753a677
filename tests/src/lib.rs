//! What the tests that cross the project's borders share: recordings, ways of reading them, and
//! words for what is missing on a machine.

pub mod canvas;
pub mod picture;
pub mod program;
pub mod renderers;
pub mod seen;
mod skip;
pub mod streams;

use std::path::{Path, PathBuf};

use wirestage::cli::show::{Beside, Format, Show};
use wirestage::diagram::{self, FontMeasure, Fonts, Request, Theme};
use wirestage::document::{Called, Document, Opening, Progress, Windows};
use wirestage_generators::SCENARIOS;

pub use skip::skip;

/// The top of the repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// The sample recordings that stand in the repository: name and folder, one for each scenario.
///
/// # Panics
///
/// Where a scenario has no sample, so that no test passes for want of anything to look at.
#[must_use]
pub fn samples() -> Vec<(String, PathBuf)> {
    let folder = root().join("assets/recordings");
    let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .filter(|(_, path)| path.join("recording.pcapng").is_file())
        .collect();
    found.sort();
    for scenario in SCENARIOS {
        let has = found.iter().any(|(name, _)| name == scenario.name);
        assert!(has, "{} has no sample in {}", scenario.name, folder.display());
    }
    found
}

/// Opens a recording.
#[must_use]
pub fn open(path: &Path, how: Opening) -> Document {
    Document::open_with(path, &Progress::new(), how)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All frames of a document in one format, read in these windows.
#[must_use]
pub fn shown(document: &Document, format: Format, windows: Windows) -> String {
    let show = Show {
        files: Vec::new(),
        beside: Beside::default(),
        frame: None,
        format,
        fields: Vec::new(),
        filter: None,
        hosts: Called::Addresses,
    };
    let mut out = Vec::new();
    show.print(document, &Progress::new(), windows, &mut out).expect("writing to memory");
    String::from_utf8(out).expect("text")
}

/// The diagram of a document's whole story, as the export writes it.
#[must_use]
pub fn diagram(document: &Document) -> String {
    let story = document.story(None);
    let scene = diagram::layout(&story, &Request::default(), &FontMeasure::default());
    diagram::svg(&scene, &Theme::light(), Fonts::Named)
}
