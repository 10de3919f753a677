//! Fonts with no more glyphs than a picture uses, to travel in its file.
//!
//! `subsetter` keeps the outlines and metrics of some glyphs; it makes fonts for PDF, which has a
//! table of characters of its own. The table that tells a browser which glyph a character has
//! (`cmap`) and the one with the font's metrics (`OS/2`) are added here. Layout in the OpenType
//! specification, 1.9.1: "otff", "cmap".

use std::collections::BTreeSet;

use skrifa::{FontRef, MetadataProvider as _};
use subsetter::GlyphRemapper;

use super::fonts;
use super::style::Face;

/// The font of a face with the glyphs of these characters; nothing if it has none of them, or
/// if the bundled font could not be read.
pub(super) fn subset(face: Face, used: &BTreeSet<char>) -> Option<Vec<u8>> {
    let bytes = fonts::bytes(face);
    let font = FontRef::new(bytes).ok()?;
    let charmap = font.charmap();
    let mut glyphs = GlyphRemapper::new();
    let mut mapped: Vec<(u16, u16)> = Vec::new();
    for character in used {
        // The bundled fonts have nothing beyond the first plane.
        let Ok(code) = u16::try_from(u32::from(*character)) else { continue };
        let Some(glyph) = charmap.map(*character) else { continue };
        mapped.push((code, glyphs.remap(u16::try_from(glyph.to_u32()).ok()?)));
    }
    if mapped.is_empty() {
        return None;
    }
    let small = subsetter::subset(bytes, 0, &glyphs).ok()?;
    let small = FontRef::new(&small).ok()?;
    let records = small.table_directory().table_records();
    let kept =
        records.iter().map(|record| record.tag()).filter(|tag| !HINTS.contains(&tag.to_be_bytes()));
    let mut tables: Vec<([u8; 4], Vec<u8>)> = kept
        .filter_map(|tag| Some((tag.to_be_bytes(), small.table_data(tag)?.as_bytes().to_vec())))
        .filter(|(tag, _)| tag != b"name")
        .collect();
    let metrics = font.table_data(skrifa::Tag::new(b"OS/2"))?;
    tables.push((*b"OS/2", metrics.as_bytes().to_vec()));
    tables.push((*b"cmap", cmap(&mapped)));
    tables.push((*b"name", name(face)));
    tables.sort();
    Some(assembled(face, tables))
}

/// Instructions for screens of another age; browsers render these sizes well without.
const HINTS: [[u8; 4]; 4] = [*b"cvt ", *b"fpgm", *b"prep", *b"gasp"];

/// Characters whose glyphs follow each other as they do: the first and the last, and what makes a
/// glyph of a character.
type Segment = (u16, u16, u16);

/// The segments of a table of characters, in order. Glyphs are numbered in the order of their
/// characters, so that those that follow each other share one.
fn segments(mapped: &[(u16, u16)]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for (code, glyph) in mapped {
        let delta = glyph.wrapping_sub(*code);
        match segments.last_mut() {
            Some((_, last, same)) if last.checked_add(1) == Some(*code) && *same == delta => {
                *last = *code;
            }
            _ => segments.push((*code, *code, delta)),
        }
    }
    // The last segment is empty and ends the list.
    segments.push((0xffff, 0xffff, 1));
    segments
}

/// Which glyph a character has, in format 4.
fn cmap(mapped: &[(u16, u16)]) -> Vec<u8> {
    let segments = segments(mapped);
    let count = segments.len() as u16;
    let power = count.ilog2();
    let search = 2 * (1_u16 << power);
    let mut out: Vec<u8> = Vec::new();
    let mut put =
        |numbers: &[u16]| out.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
    // Version 0, one table: Windows, characters of Unicode's first plane, twelve bytes on.
    put(&[0, 1, 3, 1, 0, 12]);
    put(&[4, 16 + 8 * count, 0, 2 * count, search, power as u16, 2 * count - search]);
    let column = |of: fn(&Segment) -> u16| segments.iter().map(of).collect::<Vec<u16>>();
    put(&column(|(_, last, _)| *last));
    put(&[0]);
    put(&column(|(first, ..)| *first));
    put(&column(|(.., delta)| *delta));
    put(&column(|_| 0));
    out
}

/// What the font is called; browsers want the table, and nobody reads it.
fn name(face: Face) -> Vec<u8> {
    let text: Vec<u8> = face.family().encode_utf16().flat_map(u16::to_be_bytes).collect();
    let length = text.len() as u16;
    // One record: Windows, Unicode, American English, the family's name.
    let head: [u16; 9] = [0, 1, 18, 3, 1, 0x409, 1, length, 0];
    head.iter().flat_map(|number| number.to_be_bytes()).chain(text).collect()
}

/// A font file of these tables, which stand in the order of their names.
fn assembled(face: Face, mut tables: Vec<([u8; 4], Vec<u8>)>) -> Vec<u8> {
    for (tag, data) in &mut tables {
        if let (b"head", Some(adjustment)) = (&*tag, data.get_mut(8..12)) {
            adjustment.fill(0);
        }
    }
    let count = tables.len() as u16;
    let power = count.ilog2();
    let search = 16 * (1_u16 << power);
    let mut out: Vec<u8> = match face {
        Face::Mono => vec![0, 1, 0, 0],
        _ => b"OTTO".to_vec(),
    };
    for number in [count, search, power as u16, 16 * count - search] {
        out.extend(number.to_be_bytes());
    }
    let mut offset = 12 + 16 * tables.len();
    let mut head = 0;
    for (tag, data) in &tables {
        if tag == b"head" {
            head = offset;
        }
        out.extend(tag);
        out.extend(checksum(data).to_be_bytes());
        out.extend((offset as u32).to_be_bytes());
        out.extend((data.len() as u32).to_be_bytes());
        offset += data.len().next_multiple_of(4);
    }
    for (_, data) in &tables {
        out.extend(data);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    let adjustment = 0xb1b0_afba_u32.wrapping_sub(checksum(&out));
    if let Some(place) = out.get_mut(head + 8..head + 12) {
        place.copy_from_slice(&adjustment.to_be_bytes());
    }
    out
}

/// The sum of all words, the last one filled up with zeros.
fn checksum(data: &[u8]) -> u32 {
    let word = |chunk: &[u8]| {
        let mut bytes = [0; 4];
        bytes.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        u32::from_be_bytes(bytes)
    };
    data.chunks(4).map(word).fold(0, u32::wrapping_add)
}

#[cfg(test)]
mod tests {
    use skrifa::instance::{LocationRef, Size};
    use skrifa::outline::{DrawSettings, OutlinePen};
    use skrifa::raw::TableProvider as _;

    use super::*;

    /// The outline of a glyph in words, to be compared.
    #[derive(Default)]
    struct Words(String);

    impl OutlinePen for Words {
        fn move_to(&mut self, x: f32, y: f32) {
            self.0 += &format!("M{x} {y}");
        }
        fn line_to(&mut self, x: f32, y: f32) {
            self.0 += &format!("L{x} {y}");
        }
        fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
            self.0 += &format!("Q{cx} {cy} {x} {y}");
        }
        fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
            self.0 += &format!("C{ax} {ay} {bx} {by} {x} {y}");
        }
        fn close(&mut self) {
            self.0 += "Z";
        }
    }

    /// The outline and the advance of a character.
    fn drawn(font: &FontRef<'_>, character: char) -> Option<(String, f32)> {
        let glyph = font.charmap().map(character)?;
        let mut words = Words::default();
        let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
        font.outline_glyphs().get(glyph)?.draw(settings, &mut words).ok()?;
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        Some((words.0, metrics.advance_width(glyph)?))
    }

    #[test]
    fn characters_that_follow_each_other_share_a_segment() {
        let check = |mapped: &[(u16, u16)], expected: &[Segment]| {
            let (last, found) =
                segments(mapped).split_last().map(|(l, f)| (*l, f.to_vec())).unwrap();
            assert_eq!(last, (0xffff, 0xffff, 1));
            assert_eq!(found, expected);
        };
        check(&[], &[]);
        check(&[(97, 1), (98, 2), (99, 3)], &[(97, 99, 1_u16.wrapping_sub(97))]);
        check(
            &[(97, 5), (99, 6)],
            &[(97, 97, 5_u16.wrapping_sub(97)), (99, 99, 6_u16.wrapping_sub(99))],
        );
        // Two characters with one glyph.
        check(
            &[(97, 5), (98, 5)],
            &[(97, 97, 5_u16.wrapping_sub(97)), (98, 98, 5_u16.wrapping_sub(98))],
        );
    }

    #[test]
    fn a_subset_draws_what_the_whole_font_draws_and_nothing_else() {
        let used: BTreeSet<char> = "Handshake keys · 4.2 µs → 🦀é".chars().collect();
        for face in [Face::Regular, Face::Medium, Face::SemiBold, Face::Mono] {
            let whole = FontRef::new(fonts::bytes(face)).unwrap();
            let bytes = subset(face, &used).unwrap();
            assert!(bytes.len() < 9_000, "{face:?}: {} bytes", bytes.len());
            assert_eq!(checksum(&bytes), 0xb1b0_afba, "{face:?}");
            let small = FontRef::new(&bytes).unwrap();
            for character in &used {
                assert_eq!(drawn(&small, *character), drawn(&whole, *character), "{character}");
            }
            assert_eq!(small.charmap().map('Q'), None);
            assert_eq!(small.os2().unwrap().us_weight_class(), face.weight());
        }
        assert_eq!(subset(Face::Mono, &BTreeSet::from(['🦀'])), None);
    }
}
