//! Pictures as `wirestage export` writes them: nothing overlaps and nothing leaves the sheet, at
//! any width, of any sample, and in a renderer that has none of the fonts.

use std::path::{Path, PathBuf};

use wirestage_tests::picture::holds;
use wirestage_tests::program::run;
use wirestage_tests::{renderers, samples, skip};

const WIDTHS: [u32; 7] = [420, 560, 700, 900, 1100, 1640, 2600];

/// Draws a recording; what is too long for one picture comes in several.
fn export(recording: &Path, picture: &Path, more: &[&str]) -> Vec<String> {
    let folder = picture.with_extension("pages");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir(&folder).unwrap();
    let [recording, output] =
        [recording, &folder.join("picture.svg")].map(|path| path.display().to_string());
    let _ = run(&[&["export", &*recording, "-o", &output], more].concat()).done();
    let pages = std::fs::read_dir(&folder).unwrap();
    let mut pages: Vec<PathBuf> = pages.map(|page| page.unwrap().path()).collect();
    pages.sort();
    pages.iter().map(|page| std::fs::read_to_string(page).unwrap()).collect()
}

/// The recording of a sample, and where its picture goes.
fn sample(folder: &Path, name: &str, at: &Path) -> (PathBuf, PathBuf) {
    (at.join("recording.pcapng"), folder.join(format!("{name}.svg")))
}

#[test]
fn nothing_overlaps_and_nothing_is_cut_at_any_width_and_level() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for (name, at) in samples() {
            let (recording, picture) = sample(folder.path(), &name, &at);
            let _ = scope.spawn(move || holds_at_any_width(&name, &recording, &picture));
        }
    });
}

fn holds_at_any_width(name: &str, recording: &Path, picture: &Path) {
    let json = run(&["story", &recording.display().to_string(), "--format", "json"]).done();
    let told = serde_json::from_str::<serde_json::Value>(json.text()).expect("a story").to_string();
    for width in WIDTHS {
        for level in ["exchange", "flight", "message", "packet"] {
            let which = format!("{name}, {width} points, {level}");
            let asked = ["--width", &width.to_string(), "--level", level];
            for svg in export(recording, picture, &asked) {
                holds(&which, &svg, width..=width, &told);
            }
        }
    }
}

#[test]
fn a_handshake_is_a_small_file() {
    let folder = tempfile::tempdir().unwrap();
    for (name, at) in samples().iter().filter(|(name, _)| name.starts_with("tls")) {
        let (recording, picture) = sample(folder.path(), name, at);
        let [svg] = export(&recording, &picture, &[]).try_into().expect("one picture");
        let json = run(&["story", &recording.display().to_string(), "--format", "json"]).done();
        let told: serde_json::Value = serde_json::from_str(json.text()).expect("a story");
        let connections = told["tracks"].as_array().map_or(1, |tracks| tracks.len().max(1));
        // The fonts are a good half of one handshake, and other stories have more to tell.
        let most = if name.ends_with("-full") { 60_000 } else { 80_000 * connections };
        assert!(svg.len() < most, "{name}: {} bytes, {connections} connections", svg.len());
        assert!(svg.contains("Finished") && svg.contains("@font-face"), "{name}");
        let outlines = export(&recording, &picture, &["--text", "outlines"]).concat();
        assert!(!outlines.contains("<text"), "{name}");
    }
}

#[test]
fn texts_stay_apart_where_the_fonts_are_missing() {
    if !renderers::has_rsvg() {
        skip("texts_stay_apart_where_the_fonts_are_missing", "rsvg-convert is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, at) in samples() {
        let (recording, picture) = sample(folder.path(), &name, &at);
        for width in ["420", "1640"] {
            for svg in export(&recording, &picture, &["--width", width]) {
                renderers::without_fonts(&format!("{name}, {width}"), &svg, folder.path());
            }
        }
    }
}

#[test]
fn a_browser_draws_every_text_where_it_is_meant_to_stand() {
    let Some(browser) = renderers::browser() else {
        skip("a_browser_draws_every_text_where_it_is_meant_to_stand", "Chromium is not installed");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for (name, at) in samples() {
        let (recording, picture) = sample(folder.path(), &name, &at);
        for width in ["420", "1640"] {
            for svg in export(&recording, &picture, &["--width", width]) {
                let which = format!("{name}, {width}");
                renderers::in_a_browser(browser, &which, &svg, folder.path());
            }
        }
    }
}
