//! Pictures as `wirestage export` writes them: nothing overlaps and nothing leaves the sheet, at
//! any width, of any sample, and in a renderer that has none of the fonts.

use std::path::{Path, PathBuf};
use std::process::Command;

use wirestage_tests::program::run;
use wirestage_tests::{samples, skip};

const WIDTHS: [u32; 7] = [420, 560, 700, 900, 1100, 1640, 2600];

/// A text of a picture, with the box that it is meant to fill.
#[derive(Clone, Debug, PartialEq)]
struct Words {
    /// The element up to its end, and what it says.
    element: String,
    says: String,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    upright: bool,
}

/// The value of an attribute.
fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let (_, behind) = element.split_once(&format!(" {name}=\""))?;
    behind.split_once('"').map(|(value, _)| value)
}

fn number(element: &str, name: &str) -> f64 {
    let value = attribute(element, name);
    value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{name} in {element}"))
}

/// The texts of a picture, one a line.
fn texts(svg: &str) -> Vec<Words> {
    let lines = svg.lines().filter(|line| line.starts_with("<text "));
    let words = |line: &str| {
        let (element, behind) = line.split_once('>').unwrap();
        let (says, _) = behind.split_once("</text>").unwrap();
        let (size, length) = (number(element, "font-size"), number(element, "textLength"));
        let before = match attribute(element, "text-anchor") {
            Some("middle") => length / 2.0,
            Some("end") => length,
            _ => 0.0,
        };
        let (up, down) = (size * 0.78, size * 0.22);
        let turned = attribute(element, "transform");
        let (left, right, top, bottom) = match turned {
            Some(transform) => {
                let place = transform.split(['(', ')']).nth(1).unwrap();
                let (x, y) = place.split_once(',').unwrap();
                let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
                (x - up, x + down, y + before - length, y + before)
            }
            None => {
                let (x, y) = (number(element, "x"), number(element, "y"));
                (x - before, x - before + length, y - up, y + down)
            }
        };
        let (element, says) = (element.to_owned(), says.to_owned());
        Words { element, says, left, right, top, bottom, upright: turned.is_some() }
    };
    lines.map(words).collect()
}

/// Says which two texts overlap by more than a hair.
fn overlap(texts: &[Words]) -> Option<(&Words, &Words)> {
    const HAIR: f64 = 0.02;
    texts.iter().enumerate().find_map(|(at, a)| {
        let meets = |b: &&Words| {
            a.left + HAIR < b.right
                && b.left + HAIR < a.right
                && a.top + HAIR < b.bottom
                && b.top + HAIR < a.bottom
        };
        texts.iter().skip(at + 1).find(meets).map(|b| (a, b))
    })
}

fn export(recording: &Path, picture: &Path, more: &[&str]) -> String {
    let (recording, output) = (recording.display().to_string(), picture.display().to_string());
    let arguments = [&["export", &recording, "-o", &output], more].concat();
    let _ = run(&arguments).done();
    std::fs::read_to_string(picture).unwrap()
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
            let svg = export(recording, picture, &asked);
            let (across, down) = (number(&svg, "width"), number(&svg, "height"));
            assert!((across - f64::from(width)).abs() < 0.1, "{which}: {across} wide");
            let texts = texts(&svg);
            assert!(texts.len() > 5, "{which}: {} texts", texts.len());
            assert_eq!(overlap(&texts), None, "{which}");
            for text in &texts {
                let inside = text.left >= 0.0 && text.right <= across && text.top >= 0.0;
                assert!(inside && text.bottom <= down, "{which}: outside: {text:?}");
                // A story may quote the beginning of what was sent.
                let quoted = told.contains(&escaped(&text.says));
                assert!(quoted || !text.says.ends_with('…'), "{which}: cut: {}", text.says);
            }
        }
    }
}

/// What stands in a picture as it stands in JSON.
fn escaped(says: &str) -> String {
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    let plain = marks.iter().fold(says.to_owned(), |text, (code, mark)| text.replace(code, mark));
    serde_json::Value::from(plain).to_string().trim_matches('"').to_owned()
}

#[test]
fn a_handshake_is_a_small_file() {
    let folder = tempfile::tempdir().unwrap();
    for (name, at) in samples().iter().filter(|(name, _)| name.starts_with("tls")) {
        let (recording, picture) = sample(folder.path(), name, at);
        let svg = export(&recording, &picture, &[]);
        assert!(svg.len() < 60_000, "{name}: {} bytes", svg.len());
        assert!(svg.contains("Finished") && svg.contains("@font-face"), "{name}");
        let outlines = export(&recording, &picture, &["--text", "outlines"]);
        assert!(!outlines.contains("<text"), "{name}");
    }
}

/// The ink of each text, drawn by itself by a renderer that knows neither Inter nor `textLength`.
fn inked(texts: &[Words], usual: &str, folder: &Path) -> Vec<f64> {
    const ROW: usize = 32;
    let (width, height) = (1400, ROW * texts.len());
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\">\
         <rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n"
    );
    for (row, text) in texts.iter().enumerate() {
        let family = attribute(&text.element, "font-family").unwrap_or(usual);
        let size = number(&text.element, "font-size");
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
        for width in [420, 1640] {
            let svg = export(&recording, &picture, &["--width", &width.to_string()]);
            let across = number(&svg, "width");
            let mut texts = texts(&svg);
            texts.retain(|text| !text.upright);
            let usual = attribute(&svg, "font-family").unwrap();
            let inked = inked(&texts, usual, folder.path());
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
