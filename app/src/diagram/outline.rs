//! Text as the outlines of its glyphs, for whoever shows pictures and knows no fonts.

use std::fmt::Write as _;

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};

use super::fonts;
use super::style::{Face, Type};

/// The path of a text that begins at the origin and is `width` wide, in the units of its font,
/// upwards; with it how many of these make a point.
///
/// Kerning is spread evenly: the glyphs stand where they would with `textLength`.
pub(super) fn path(text: &str, font: Type, width: f32) -> Option<(String, f32)> {
    let face = font.face();
    let own = FontRef::new(fonts::bytes(face)).ok()?;
    let other = if face == Face::Mono { Face::Regular } else { Face::Mono };
    let fallback = FontRef::new(fonts::bytes(other)).ok()?;
    let per_em = |font: &FontRef<'_>| {
        f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em)
    };
    let unit = per_em(&own) / font.size();
    // What one face lacks the other may have, as on screen.
    let find = |character: char| -> (&FontRef<'_>, GlyphId) {
        let found = |font: &FontRef<'_>| font.charmap().map(character);
        match (found(&own), found(&fallback)) {
            (Some(glyph), _) => (&own, glyph),
            (None, Some(glyph)) => (&fallback, glyph),
            _ => (&own, GlyphId::NOTDEF),
        }
    };
    let glyphs: Vec<_> = text.chars().map(find).collect();
    let advance = |(font, glyph): &(&FontRef<'_>, GlyphId)| {
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        metrics.advance_width(*glyph).unwrap_or_default() * per_em(&own) / per_em(font)
    };
    let natural: f32 = glyphs.iter().map(advance).sum();
    let spread = (width * unit - natural) / glyphs.len().max(1) as f32;
    let mut pen = Pen::default();
    let mut x = 0.0;
    for glyph in &glyphs {
        (pen.x, pen.scale) = (x, per_em(&own) / per_em(glyph.0));
        let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
        if let Some(outline) = glyph.0.outline_glyphs().get(glyph.1) {
            outline.draw(settings, &mut pen).ok()?;
        }
        x += advance(glyph) + spread;
    }
    Some((pen.path, unit))
}

/// Writes an outline as the data of an SVG path: whole units, each place counted from the last,
/// which is what makes it short.
#[derive(Default)]
struct Pen {
    path: String,
    /// Where the glyph begins, and how much larger it is drawn.
    x: f32,
    scale: f32,
    last: (i32, i32),
    /// Where the contour began; closing it goes back there.
    began: (i32, i32),
}

impl Pen {
    fn place(&self, x: f32, y: f32) -> (i32, i32) {
        ((x * self.scale + self.x).round() as i32, (y * self.scale).round() as i32)
    }

    fn command(&mut self, letter: char, places: &[(f32, f32)]) {
        self.path.push(letter);
        let mut end = self.last;
        for (number, (x, y)) in places.iter().enumerate() {
            end = self.place(*x, *y);
            let (dx, dy) = (end.0 - self.last.0, end.1 - self.last.1);
            let before = if number == 0 || dx < 0 { "" } else { " " };
            let between = if dy < 0 { "" } else { " " };
            // Writing to a string cannot fail.
            let _ = write!(self.path, "{before}{dx}{between}{dy}");
        }
        self.last = end;
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.command('m', &[(x, y)]);
        self.began = self.last;
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.command('l', &[(x, y)]);
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.command('q', &[(cx, cy), (x, y)]);
    }
    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.command('c', &[(ax, ay), (bx, by), (x, y)]);
    }
    fn close(&mut self) {
        self.path.push('z');
        self.last = self.began;
    }
}
