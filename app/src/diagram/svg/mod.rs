//! Writes a scene as SVG: the same bytes on each run, text as text or as outlines.

mod element;
mod run;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use data_encoding::BASE64;

use super::scene::{Scene, Shape};
use super::style::{Face, Style};
use super::subset;
use super::theme::Theme;
use element::Pen;
use value::number;

/// Where the letters of an SVG come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fonts {
    /// Whoever shows the picture has Inter and JetBrains Mono, or something like them.
    Named,
    /// The glyphs that are used travel in the file, which then looks the same in any browser.
    Embedded,
    /// There is no text, only the outlines of its letters: the same everywhere, but nobody can
    /// search or copy it.
    Outlines,
}

/// What stands in for the bundled fonts where they are missing: faces that are no wider, first
/// those of other systems. Whoever knows `textLength` fits even wider ones in.
const SANS: &str =
    "Inter, Arial, 'Liberation Sans', Helvetica, 'DejaVu Sans Condensed', sans-serif";
const MONO: &str = "'JetBrains Mono', Menlo, Consolas, monospace";

/// The size of most texts, and what most look like: the whole picture says it, and they do not.
const USUAL_SIZE: f32 = 11.0;
const USUAL_STYLE: Style = Style::Dim;

/// Writes a scene in the colours of a theme.
#[must_use]
pub fn svg(scene: &Scene, theme: &Theme, fonts: Fonts) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut out, scene, theme, fonts);
    out
}

fn write(out: &mut String, scene: &Scene, theme: &Theme, fonts: Fonts) -> fmt::Result {
    let (width, height) = (number(scene.width), number(scene.height));
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" xml:space=\"preserve\" font-family=\"{SANS}\" \
         font-size=\"{}\" fill=\"{}\">",
        number(USUAL_SIZE),
        theme.colours(USUAL_STYLE).text,
    )?;
    if fonts == Fonts::Embedded {
        embed(scene, out)?;
    }
    let paper = theme.colours(Style::Paper).fill;
    writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"{paper}\"/>")?;
    let mut marks = scene.marks();
    while let [mark, rest @ ..] = marks {
        let alike = marks.iter().take_while(|other| run::is_alike(mark, other)).count();
        if alike >= run::LEAST {
            let (together, behind) = marks.split_at(alike);
            run::write(out, together, theme)?;
            marks = behind;
            continue;
        }
        Pen { out, theme, fonts }.mark(mark)?;
        marks = rest;
    }
    out.write_str("</svg>\n")
}

/// The fonts, each with the glyphs of its texts. What a face lacks its fallback may have.
fn embed(scene: &Scene, out: &mut String) -> fmt::Result {
    let mut used: BTreeMap<Face, BTreeSet<char>> = BTreeMap::new();
    for mark in scene.marks() {
        let Shape::Text { text, font, .. } = &mark.shape else { continue };
        used.entry(font.face()).or_default().extend(text.chars());
    }
    out.push_str("<style>\n");
    for (face, used) in used {
        let Some(font) = subset::subset(face, &used) else { continue };
        let (family, weight) = (face.family(), face.weight());
        write!(
            out,
            "@font-face{{font-family:\"{family}\";font-weight:{weight};\
             src:url(data:font/otf;base64,"
        )?;
        BASE64.encode_append(&font, out);
        out.push_str(")}\n");
    }
    out.write_str("text{font-variant-ligatures:none;white-space:pre}\n</style>\n")
}
