//! Pictures as `wirestage export` writes them: nothing overlaps and nothing leaves the sheet, at
//! any width, of any sample, and in a renderer that has none of the fonts.

use std::path::{Path, PathBuf};
use std::process::Command;

use wirestage_tests::picture::{Words, attribute, holds, number, overlap, texts};
use wirestage_tests::program::run;
use wirestage_tests::{samples, skip};

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

/// The ink of each text, drawn by itself by a renderer that knows neither Inter nor `textLength`.
fn inked(texts: &[Words], usual: (&str, &str), folder: &Path) -> Vec<f64> {
    const ROW: usize = 32;
    let (width, height) = (1400, ROW * texts.len());
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\">\
         <rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n"
    );
    for (row, text) in texts.iter().enumerate() {
        let family = attribute(&text.element, "font-family").unwrap_or(usual.0);
        let size = attribute(&text.element, "font-size").unwrap_or(usual.1);
        let weight = attribute(&text.element, "font-weight").unwrap_or("400");
        let y = row * ROW + ROW - 8;
        svg += &format!(
            "<text x=\"8\" y=\"{y}\" font-family=\"{family}\" font-size=\"{size}\" \
             font-weight=\"{weight}\">{}</text>\n",
            text.says
        );
    }
    svg += "</svg>\n";
    let (probe, png) = (folder.join("probe.svg"), folder.join("probe.png"));
    std::fs::write(&probe, svg).unwrap();
    let status = Command::new("rsvg-convert").arg(&probe).arg("-o").arg(&png).status().unwrap();
    assert!(status.success());
    let picture = image::open(&png).unwrap().to_luma8();
    let dark = |row: usize, x: u32| {
        (row * ROW..(row + 1) * ROW).any(|y| picture.get_pixel(x, y as u32).0[0] < 128)
    };
    let end =
        |row: usize| (8..width).rev().find(|x| dark(row, *x)).map_or(0.0, |x| f64::from(x - 7));
    (0..texts.len()).map(end).collect()
}

#[test]
fn texts_stay_apart_where_the_fonts_are_missing() {
    let found = Command::new("rsvg-convert").arg("--version").output();
    if found.is_err() {
        skip("texts_stay_apart_where_the_fonts_are_missing", "rsvg-convert is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, at) in samples() {
        let (recording, picture) = sample(folder.path(), &name, &at);
        let drawn = |width: u32| export(&recording, &picture, &["--width", &width.to_string()]);
        let pages = [420, 1640].map(|width| drawn(width).into_iter().map(move |svg| (width, svg)));
        for (width, svg) in pages.into_iter().flatten() {
            let across = number(&svg, "width");
            let mut texts = texts(&svg);
            texts.retain(|text| !text.upright);
            let usual = ["font-family", "font-size"].map(|name| attribute(&svg, name).unwrap());
            let inked = inked(&texts, usual.into(), folder.path());
            for (text, ink) in texts.iter_mut().zip(inked) {
                match attribute(&text.element, "text-anchor") {
                    Some("middle") => {
                        let middle = f64::midpoint(text.left, text.right);
                        (text.left, text.right) = (middle - ink / 2.0, middle + ink / 2.0);
                    }
                    Some("end") => text.left = text.right - ink,
                    _ => text.right = text.left + ink,
                }
                assert!(text.left >= 0.0 && text.right <= across, "{name}, {width}: {text:?}");
            }
            assert_eq!(overlap(&texts), None, "{name}, {width}");
        }
    }
}

/// What a browser measures of each text of a picture, one a line: its edges, and how wide it is in
/// its own letters.
const MEASURE: &str = "<script>document.fonts.ready.then(() => {
  const told = [...document.querySelectorAll('text')].map(text => {
    const box = text.getBoundingClientRect();
    text.removeAttribute('textLength');
    return [box.left, box.right, box.top, box.bottom, text.getComputedTextLength()].join(' ');
  });
  document.body.innerHTML = '<pre>' + told.join('\\n') + '</pre>';
});</script>";

/// How far a browser may set a letter from where it is meant to stand, in points.
const ASIDE: f64 = 1.0;

#[test]
fn a_browser_draws_every_text_where_it_is_meant_to_stand() {
    let browser = ["chromium", "chromium-browser", "google-chrome"];
    let browser =
        browser.into_iter().find(|name| Command::new(name).arg("--version").output().is_ok());
    let Some(browser) = browser else {
        skip("a_browser_draws_every_text_where_it_is_meant_to_stand", "Chromium is not installed");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for (name, at) in samples() {
        let (recording, picture) = sample(folder.path(), &name, &at);
        let drawn = |width: &'static str| export(&recording, &picture, &["--width", width]);
        let pages =
            ["420", "1640"].map(|width| drawn(width).into_iter().map(move |svg| (width, svg)));
        for (width, svg) in pages.into_iter().flatten() {
            let page = folder.path().join("page.html");
            std::fs::write(&page, format!("<body style=\"margin:0\">{svg}{MEASURE}</body>"))
                .unwrap();
            let ran = Command::new(browser)
                .args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=9000"])
                .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
                .arg("--dump-dom")
                .arg(format!("file://{}", page.display()))
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&ran.stdout);
            let (_, told) = said.split_once("<pre>").expect("the page was measured");
            let (told, _) = told.split_once("</pre>").expect("the page was measured");
            let texts = texts(&svg);
            assert_eq!(told.lines().count(), texts.len(), "{name}, {width}");
            for (text, line) in texts.iter().zip(told.lines()) {
                let measured: Vec<f64> = line.split(' ').map(|one| one.parse().unwrap()).collect();
                let [left, right, top, bottom, own] = measured[..] else { panic!("{line}") };
                // Across its letters a browser counts the whole line.
                let (seen, meant) = if text.upright {
                    ((top, bottom), (text.top, text.bottom))
                } else {
                    ((left, right), (text.left, text.right))
                };
                let is_there = (seen.0 - meant.0).abs() < ASIDE && (seen.1 - meant.1).abs() < ASIDE;
                assert!(is_there, "{name}, {width}: {seen:?}: {text:?}");
                // In letters of another font they would be as wide only by being stretched.
                let meant = meant.1 - meant.0;
                // Fonts in pictures keep no kerning, which is strong between ones and dots.
                let is_own = (own - meant).abs() < 2.0 * ASIDE + meant * 0.07;
                assert!(is_own, "{name}, {width}: {own}: {text:?}");
            }
        }
    }
}
