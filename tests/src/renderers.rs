//! Pictures in other renderers than ours: one that has none of the fonts, and a browser that has
//! those that the picture brings.

use std::path::Path;
use std::process::Command;

use crate::picture::{Words, attribute, number, overlap, texts};

/// Whether rsvg-convert is installed.
#[must_use]
pub fn has_rsvg() -> bool {
    Command::new("rsvg-convert").arg("--version").output().is_ok()
}

/// What Chromium is called here, where it is installed.
#[must_use]
pub fn browser() -> Option<&'static str> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    names.into_iter().find(|name| Command::new(name).arg("--version").output().is_ok())
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

/// Holds the texts of a picture to the sheet and apart, as wide as rsvg-convert draws each of them.
///
/// # Panics
///
/// Where one is off the sheet or over another one, and where rsvg-convert fails.
pub fn without_fonts(which: &str, svg: &str, folder: &Path) {
    let across = number(svg, "width");
    let mut texts = texts(svg);
    texts.retain(|text| !text.upright);
    let usual = ["font-family", "font-size"].map(|name| attribute(svg, name).unwrap());
    let inked = inked(&texts, usual.into(), folder);
    for (text, ink) in texts.iter_mut().zip(inked) {
        match attribute(&text.element, "text-anchor") {
            Some("middle") => {
                let middle = f64::midpoint(text.left, text.right);
                (text.left, text.right) = (middle - ink / 2.0, middle + ink / 2.0);
            }
            Some("end") => text.left = text.right - ink,
            _ => text.right = text.left + ink,
        }
        assert!(text.left >= 0.0 && text.right <= across, "{which}: {text:?}");
    }
    assert_eq!(overlap(&texts), None, "{which}");
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

/// Has a browser draw a picture, and holds each text to the place where it is meant to stand, in
/// its own letters.
///
/// # Panics
///
/// Where one stands elsewhere, and where the browser fails.
pub fn in_a_browser(browser: &str, which: &str, svg: &str, folder: &Path) {
    let page = folder.join("page.html");
    std::fs::write(&page, format!("<body style=\"margin:0\">{svg}{MEASURE}</body>")).unwrap();
    let ran = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=9000"])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .arg("--dump-dom")
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let (_, told) = said.split_once("<pre>").expect("the page was measured");
    let (told, _) = told.split_once("</pre>").expect("the page was measured");
    let texts = texts(svg);
    assert_eq!(told.lines().count(), texts.len(), "{which}");
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
        assert!(is_there, "{which}: {seen:?}: {text:?}");
        // In letters of another font they would be as wide only by being stretched.
        let meant = meant.1 - meant.0;
        // Fonts in pictures keep no kerning, which is strong between ones and dots.
        let is_own = (own - meant).abs() < 2.0 * ASIDE + meant * 0.07;
        assert!(is_own, "{which}: {own}: {text:?}");
    }
}
