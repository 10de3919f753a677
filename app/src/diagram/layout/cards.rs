//! What stands on the cards of the cast: names and addresses, in as many lines as they take.
//!
//! An address of IPv6 may be longer than a card is wide: it goes on in a second line, broken
//! between two of its groups, and is never cut.

use wirestage_dissectors::story::Actor;

use super::form::Form;
use crate::diagram::measure::{MeasureText, wrap};
use crate::diagram::style::{Style, Type};

/// From the side of a card to its text.
const PAD: f32 = 16.0;
/// How wide a card may be, and where lifelines are crowded.
pub(super) const WIDEST: f32 = 240.0;
const CROWDED: f32 = 136.0;
/// The height of a card with two lines; each further line adds its own.
const HEIGHT: f32 = 48.0;
/// From the top of a card to the first of several lines, and to a single one.
const FIRST: f32 = 20.0;
const ALONE: f32 = 29.0;
/// From one line of a name to what stands below it, and from one of an address.
const BELOW_NAME: f32 = 18.0;
const BELOW_ADDRESS: f32 = 14.0;
/// From the last line to the bottom of a card.
const BELOW_LAST: f32 = 10.0;

/// How many lines a name may take before it is cut; host names have 253 characters at most.
const LINES: usize = 12;

/// The lines of a card, each with its baseline, counted from the top of the card.
pub(super) struct Card {
    pub(super) lines: Vec<Line>,
    height: f32,
}

/// One line.
pub(super) struct Line {
    pub(super) text: String,
    pub(super) font: Type,
    pub(super) style: Style,
    pub(super) down: f32,
}

impl Card {
    /// The card of an actor, with its name alone in a still.
    pub(super) fn new(actor: &Actor, form: Form, measure: &dyn MeasureText) -> Self {
        let bare = form.still;
        let room = if form.crowded { CROWDED } else { WIDEST } - 2.0 * PAD;
        let name_font = if bare { Type::Step } else { Type::Chapter };
        let name = broken(&actor.name, name_font, room, measure);
        let address = if bare { "" } else { actor.address.as_str() };
        let address = broken(address, Type::Address, room, measure);
        let mut lines: Vec<Line> = Vec::new();
        let mut down = if name.len() + address.len() > 1 { FIRST } else { ALONE };
        let mut gap = 0.0;
        for (texts, font, style, below) in [
            (name, name_font, Style::Ink, BELOW_NAME),
            (address, Type::Address, Style::Dim, BELOW_ADDRESS),
        ] {
            for text in texts {
                down += gap;
                lines.push(Line { text, font, style, down });
                gap = below;
            }
        }
        let height = (down + BELOW_LAST).max(HEIGHT);
        Self { lines, height }
    }

    /// How wide its widest line is.
    pub(super) fn text_width(&self, measure: &dyn MeasureText) -> f32 {
        let widths = self.lines.iter().map(|line| measure.width(&line.text, line.font));
        widths.fold(0.0, f32::max)
    }
}

/// How high cards are that stand side by side.
pub(super) fn height(cards: &[Card]) -> f32 {
    cards.iter().map(|card| card.height).fold(HEIGHT, f32::max)
}

/// From the top of a card to the name on it, which stands alone in a still.
pub(super) const BARE_ABOVE: f32 = 12.0;

/// How high names are that stand side by side without cards.
pub(super) fn bare_height(cards: &[Card]) -> f32 {
    let ends = cards.iter().filter_map(|card| card.lines.last()).map(|line| line.down);
    ends.fold(FIRST, f32::max) - BARE_ABOVE + BELOW_LAST
}

impl Card {
    /// How far its lines move down in a card of that height, to stand in its middle.
    pub(super) fn lowered(&self, height: f32) -> f32 {
        ((height - self.height) / 2.0).floor()
    }
}

/// The text in one line, or in two lines of about equal width that are broken behind a colon;
/// in as many as it takes where even these do not fit.
fn broken(text: &str, font: Type, room: f32, measure: &dyn MeasureText) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    if measure.width(text, font) <= room {
        return vec![text.to_owned()];
    }
    let widest = |(one, other): &(&str, &str)| {
        measure.width(one.trim_end(), font).max(measure.width(other.trim_start(), font))
    };
    let breaks = text.match_indices(':').filter_map(|(at, _)| text.split_at_checked(at + 1));
    // Two colons are one mark: they stay together.
    let pairs = breaks.filter(|(_, behind)| !behind.is_empty() && !behind.starts_with(':'));
    match pairs.min_by(|a, b| widest(a).total_cmp(&widest(b))) {
        Some(pair) if widest(&pair) <= room => {
            vec![pair.0.trim_end().to_owned(), pair.1.trim_start().to_owned()]
        }
        _ => wrap(measure, text, font, room, LINES),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Request;
    use super::*;
    use crate::diagram::measure::FontMeasure;

    /// The lines of a card, joined by bars.
    #[track_caller]
    fn check(name: &str, address: &str, expected: &str) {
        let measure = FontMeasure::default();
        let actor = Actor { name: name.to_owned(), address: address.to_owned() };
        let form = Form::new(&Request::default());
        let card = Card::new(&actor, form, &measure);
        let lines: Vec<&str> = card.lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(lines.join(" | "), expected);
        assert!(card.text_width(&measure) <= WIDEST - 2.0 * PAD);
        let downs: Vec<f32> = card.lines.iter().map(|line| line.down).collect();
        let height = height(&[card]);
        assert!(downs.is_sorted() && downs.iter().all(|down| *down < height));
    }

    #[test]
    fn a_long_address_goes_on_between_two_groups() {
        check("Client", "127.0.0.1 : 40000", "Client | 127.0.0.1 : 40000");
        check("10.0.0.1", "", "10.0.0.1");
        check("fe80::1234", "port 443", "fe80::1234 | port 443");
        check(
            "2001:db8:1234:5678:90ab:cdef:1234:5678",
            "port 443",
            "2001:db8:1234:5678: | 90ab:cdef:1234:5678 | port 443",
        );
        check(
            "Client",
            "2001:db8:1234:5678:90ab:cdef:1234:5678 : 40000",
            "Client | 2001:db8:1234:5678:90ab: | cdef:1234:5678 : 40000",
        );
        check("2001:db8:1234:5678::abcd:1234:5678", "", "2001:db8:1234:5678:: | abcd:1234:5678");
    }

    #[test]
    fn what_has_no_groups_goes_on_in_the_next_line() {
        check(
            "a-host-whose-name-is-longer-than-any-card-could-ever-be",
            "",
            "a-host-whose-name-is- | longer-than-any-card-could- | ever-be",
        );
    }
}
