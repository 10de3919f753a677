//! Pictures as they are written to files: their texts, each with the box that it is meant to fill,
//! and what has to hold of every picture.

use std::ops::RangeInclusive;

/// A text of a picture, with its box.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// The element up to its end.
    pub element: String,
    /// What it says, in the letters of XML.
    pub says: String,
    /// The left edge of its box, in points.
    pub left: f64,
    /// The right edge.
    pub right: f64,
    /// The upper edge.
    pub top: f64,
    /// The lower edge.
    pub bottom: f64,
    /// Whether it is written upwards.
    pub upright: bool,
}

/// The value of an attribute.
#[must_use]
pub fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let (_, behind) = element.split_once(&format!(" {name}=\""))?;
    behind.split_once('"').map(|(value, _)| value)
}

/// The value of an attribute that is a number.
#[must_use]
pub fn number(element: &str, name: &str) -> f64 {
    let value = attribute(element, name);
    value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{name} in {element}"))
}

/// The texts of a picture, one a line.
#[must_use]
pub fn texts(svg: &str) -> Vec<Words> {
    let lines = svg.lines().filter(|line| line.starts_with("<text "));
    let words = |line: &str| {
        let (element, behind) = line.split_once('>').expect("an element ends");
        let (says, _) = behind.split_once("</text>").expect("a text stands on one line");
        let length = number(element, "textLength");
        // What the picture says for all is not said again.
        let own = attribute(element, "font-size").is_some();
        let size = number(if own { element } else { svg }, "font-size");
        let before = match attribute(element, "text-anchor") {
            Some("middle") => length / 2.0,
            Some("end") => length,
            _ => 0.0,
        };
        let (up, down) = (size * 0.78, size * 0.22);
        let turned = attribute(element, "transform");
        let (left, right, top, bottom) = match turned {
            Some(transform) => {
                let place = transform.split(['(', ')']).nth(1).expect("a place");
                let (x, y) = place.split_once(',').expect("two numbers");
                let (x, y): (f64, f64) = (x.parse().expect("x"), y.parse().expect("y"));
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
#[must_use]
pub fn overlap(texts: &[Words]) -> Option<(&Words, &Words)> {
    const HAIR: f64 = 0.02;
    // A picture may hold thousands of texts: only those that begin above the end of another can
    // meet it.
    let mut sorted: Vec<&Words> = texts.iter().collect();
    sorted.sort_by(|a, b| a.top.total_cmp(&b.top));
    sorted.iter().enumerate().find_map(|(at, a)| {
        let near = sorted.iter().skip(at + 1).take_while(|b| b.top + HAIR < a.bottom);
        let meets = |b: &&&Words| {
            a.left + HAIR < b.right && b.left + HAIR < a.right && a.top + HAIR < b.bottom
        };
        near.into_iter().find(meets).map(|b| (*a, *b))
    })
}

/// The rules of every picture, which must be that many points wide: no text overlaps another, none
/// leaves the sheet, and none is cut. `told` is all that the story says, as JSON: it may quote the
/// beginning of what was sent.
pub fn holds(which: &str, svg: &str, width: RangeInclusive<u32>, told: &str) {
    let (across, down) = (number(svg, "width"), number(svg, "height"));
    let (least, most) = (f64::from(*width.start()), f64::from(*width.end()));
    assert!(across > least - 0.1 && across < most + 0.1, "{which}: {across} wide");
    let texts = texts(svg);
    assert!(texts.len() > 5, "{which}: {} texts", texts.len());
    assert_eq!(overlap(&texts), None, "{which}");
    for text in &texts {
        let inside = text.left >= 0.0 && text.right <= across && text.top >= 0.0;
        assert!(inside && text.bottom <= down, "{which}: outside: {text:?}");
        // "first … last" may be broken behind its middle.
        let is_range = text.says.ends_with(" …");
        let cut = text.says.ends_with('…') && !is_range && !told.contains(&escaped(&text.says));
        assert!(!cut, "{which}: cut: {}", text.says);
    }
}

/// What stands in a picture as it stands in JSON.
fn escaped(says: &str) -> String {
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    let plain = marks.iter().fold(says.to_owned(), |text, (code, mark)| text.replace(code, mark));
    serde_json::Value::from(plain).to_string().trim_matches('"').to_owned()
}
