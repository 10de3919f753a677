//! How wide a text is, and what of it fits: the same answers for the window and for a file.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use epaint::Color32;
use epaint::text::{Fonts, TextOptions};

use super::fonts;
use super::style::Type;

/// Knows how wide a text is.
pub trait MeasureText {
    /// The width of one line, in points at a zoom of one.
    fn width(&self, text: &str, font: Type) -> f32;
}

/// Measures with the bundled fonts; needs no window.
pub struct FontMeasure {
    state: RefCell<State>,
}

struct State {
    fonts: Fonts,
    known: HashMap<(Type, String), f32>,
}

/// How many widths are remembered: a layout of 1,000 steps asks for some 20,000.
const REMEMBERED: usize = 100_000;

/// Text is shaped this many times larger than asked, so that rounding to pixels does not show.
const FINE: f32 = 16.0;

impl Default for FontMeasure {
    fn default() -> Self {
        let options = TextOptions { font_hinting: false, ..TextOptions::default() };
        let fonts = Fonts::new(options, fonts::definitions());
        Self { state: RefCell::new(State { fonts, known: HashMap::new() }) }
    }
}

impl MeasureText for FontMeasure {
    fn width(&self, text: &str, font: Type) -> f32 {
        if text.is_empty() {
            return 0.0;
        }
        let State { fonts, known } = &mut *self.state.borrow_mut();
        let key = (font, text.to_owned());
        if let Some(width) = known.get(&key) {
            return *width;
        }
        let job = epaint::text::LayoutJob::simple_singleline(
            text.to_owned(),
            fonts::font_id(font, 1.0),
            Color32::PLACEHOLDER,
        );
        let width = fonts.layout_uncached(FINE, job.into()).size().x;
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, width);
        width
    }
}

/// No letter is narrower, in points, but for a few that stand beside others.
const THINNEST: f32 = 1.5;

/// As much of a text as so many lines hold at the most, and a letter more where there is more:
/// what was sent may be longer than anyone could measure.
fn head(text: &str, available: f32, lines: usize) -> &str {
    let most = (available / THINNEST).max(1.0) as usize;
    let end = text.char_indices().nth(most.saturating_mul(lines).saturating_add(1));
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// The text, or as much of its beginning as fits with an ellipsis behind it. Empty where not
/// even the ellipsis fits.
pub fn elide<'a>(
    measure: &dyn MeasureText,
    text: &'a str,
    font: Type,
    available: f32,
) -> Cow<'a, str> {
    let near = head(text, available, 1);
    if near.len() == text.len() && measure.width(text, font) <= available {
        return Cow::Borrowed(text);
    }
    let text = near;
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let shortened = |count: usize| {
        let kept = ends.get(count).and_then(|end| text.get(..*end)).unwrap_or(text);
        format!("{}…", kept.trim_end())
    };
    let mut counts = (0, ends.len());
    while counts.0 < counts.1 {
        let middle = (counts.0 + counts.1).div_ceil(2);
        if measure.width(&shortened(middle), font) <= available {
            counts.0 = middle;
        } else {
            counts.1 = middle - 1;
        }
    }
    let longest = shortened(counts.0);
    if measure.width(&longest, font) <= available { Cow::Owned(longest) } else { Cow::Borrowed("") }
}

/// The text in lines that fit, broken between words; a word that does not fit alone goes on in the
/// next line, and what goes beyond `lines` ends in an ellipsis.
pub fn wrap(
    measure: &dyn MeasureText,
    text: &str,
    font: Type,
    available: f32,
    lines: usize,
) -> Vec<String> {
    let mut done: Vec<String> = Vec::new();
    let text = head(text, available, lines);
    // Not at other white space: a no-break space holds together.
    let words = text.split([' ', '\n', '\t']).filter(|word| !word.is_empty());
    let mut words = words.flat_map(|word| broken(measure, word, font, available)).peekable();
    while let Some(first) = words.next() {
        if done.len() + 1 == lines && words.peek().is_some() {
            // The last line takes all that is left, and an ellipsis if that is too much.
            let rest = words.fold(first.to_owned(), |rest, word| rest + " " + word);
            done.push(elide(measure, &rest, font, available).into_owned());
            break;
        }
        let mut line = first.to_owned();
        while let Some(next) = words.peek() {
            let longer = format!("{line} {next}");
            if measure.width(&longer, font) > available {
                break;
            }
            line = longer;
            words.next();
        }
        done.push(elide(measure, &line, font, available).into_owned());
    }
    lengthen_last(measure, &mut done, font, available);
    done
}

/// A word in pieces that fit: broken behind a mark that parts it where there is one, else anywhere.
fn broken<'t>(
    measure: &dyn MeasureText,
    word: &'t str,
    font: Type,
    available: f32,
) -> Vec<&'t str> {
    let mut pieces = Vec::new();
    let mut rest = word;
    loop {
        let near = head(rest, available, 1);
        if near.len() == rest.len() && measure.width(rest, font) <= available {
            break;
        }
        let ends: Vec<usize> = near.char_indices().map(|(at, _)| at).skip(1).collect();
        let fits =
            |end: &usize| measure.width(rest.get(..*end).unwrap_or_default(), font) <= available;
        let count = ends.partition_point(fits).max(1);
        let Some(end) = ends.get(count - 1).copied() else { break };
        let whole = rest.get(..end).unwrap_or_default();
        let within = |at: &usize| *at <= whole.len();
        // How often something was is rather told below it than in two pieces.
        let counts = ["\u{a0}×", "\u{a0}+"].into_iter().filter_map(|sign| rest.rfind(sign));
        let times = counts.max().filter(|at| *at > 0 && within(at));
        let parted = parts(rest).take_while(within).last().filter(|at| at * 2 > end);
        // A name of several words in one is broken between them.
        let between = || humps(rest).take_while(within).last().filter(|at| at * 3 > end);
        let (piece, behind) = rest.split_at(times.or(parted).or_else(between).unwrap_or(end));
        pieces.push(piece);
        rest = behind.trim_start_matches('\u{a0}');
    }
    pieces.push(rest);
    pieces
}

/// Behind which places a word may be broken: a mark parts it between two letters or digits. In a
/// row of marks none of them does.
fn parts(word: &str) -> impl Iterator<Item = usize> {
    let after = word.char_indices().skip(1).zip(word.chars().skip(2));
    let parts = word.chars().zip(after).filter(|(before, ((_, mark), behind))| {
        before.is_alphanumeric() && PARTS.contains(mark) && behind.is_alphanumeric()
    });
    parts.map(|(_, ((at, mark), _))| at + mark.len_utf8())
}

/// Before which letters the next word of a name begins: "EncryptedExtensions".
fn humps(word: &str) -> impl Iterator<Item = usize> {
    let pairs = word.chars().zip(word.char_indices().skip(1));
    let humps = pairs.filter(|(before, (_, next))| before.is_lowercase() && next.is_uppercase());
    humps.map(|(_, (at, _))| at)
}

/// Marks behind which a word may be broken.
const PARTS: [char; 10] = ['/', '?', '&', '=', '-', '_', '.', ',', ':', ';'];

/// Moves words down to a last line that is all but empty.
fn lengthen_last(measure: &dyn MeasureText, lines: &mut [String], font: Type, available: f32) {
    let [.., before, last] = lines else { return };
    while measure.width(last, font) < available * 0.25 {
        let Some((kept, moved)) = before.rsplit_once(' ') else { return };
        if measure.width(kept, font) < available * 0.5 {
            return;
        }
        *last = format!("{moved} {last}");
        *before = kept.to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_and_what_does_not_ends_in_an_ellipsis() {
        let measure = FontMeasure::default();
        let text = "EncryptedExtensions";
        let whole = measure.width(text, Type::Bead);
        assert_eq!(elide(&measure, text, Type::Bead, whole), text);
        let half = elide(&measure, text, Type::Bead, whole / 2.0);
        assert!(half.ends_with('…') && half.len() < text.len(), "{half}");
        assert!(measure.width(&half, Type::Bead) <= whole / 2.0);
        assert_eq!(elide(&measure, text, Type::Bead, 1.0), "");
    }

    #[test]
    fn of_what_is_far_too_long_no_more_is_measured_than_fits() {
        /// Counts the letters that it is asked about.
        struct Counting(FontMeasure, std::cell::Cell<usize>);
        impl MeasureText for Counting {
            fn width(&self, text: &str, font: Type) -> f32 {
                self.1.set(self.1.get() + text.len());
                self.0.width(text, font)
            }
        }
        let measured = |count: usize| {
            let measure = Counting(FontMeasure::default(), std::cell::Cell::default());
            let text = "A".repeat(count);
            let lines = wrap(&measure, &text, Type::Bead, 300.0, 12);
            assert!(lines.len() == 12 && lines.concat().ends_with('…'), "{lines:?}");
            let _ = elide(&measure, &text, Type::Bead, 300.0);
            measure.1.get()
        };
        assert_eq!(measured(10_000), measured(40_000));
    }

    #[test]
    fn lines_fit_and_hold_every_word() {
        let measure = FontMeasure::default();
        let text = "One flight carries everything; from the second message on it is sealed";
        let lines = wrap(&measure, text, Type::Step, 200.0, 9);
        assert!(lines.len() > 2);
        assert_eq!(lines.join(" "), text);
        assert!(lines.iter().all(|line| measure.width(line, Type::Step) <= 200.0));
        let word = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
        let lines = wrap(&measure, word, Type::Step, 120.0, 9);
        assert_eq!(lines.concat(), word);
        assert!(lines.first().is_some_and(|line| line.ends_with('_')), "{lines:?}");
        assert!(lines.iter().all(|line| measure.width(line, Type::Step) <= 120.0));
        // What holds several words in one is broken between them, and only there.
        let name = "EncryptedExtensions";
        let room = measure.width("EncryptedExtension", Type::Bead);
        assert_eq!(wrap(&measure, name, Type::Bead, room, 9), ["Encrypted", "Extensions"]);
        let path = "/orders/2026/november?page=12";
        let lines = wrap(&measure, path, Type::Step, 120.0, 9);
        assert!(lines.first().is_some_and(|line| line.ends_with(['/', '?'])), "{lines:?}");
        // Marks in a row are no words: the line is filled.
        let marks = "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let lines = wrap(&measure, marks, Type::Step, 200.0, 9);
        assert_eq!(lines.concat(), marks);
        let first = lines.first().map_or(0.0, |line| measure.width(line, Type::Step));
        assert!(first > 185.0, "{lines:?}");
        let two = wrap(&measure, text, Type::Step, 200.0, 2);
        assert_eq!(two.len(), 2);
        assert!(two.last().is_some_and(|line| line.ends_with('…')));
    }

    #[test]
    fn widths_grow_with_size() {
        let measure = FontMeasure::default();
        let small = measure.width("ServerHello", Type::State);
        let large = measure.width("ServerHello", Type::Bead);
        assert!((large / small - 12.0 / 11.0).abs() < 0.01, "{small} {large}");
    }
}
