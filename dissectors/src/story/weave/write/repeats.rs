//! Finds exchanges that went like the one before them, so that one is told and the others counted.
//!
//! Two went the same way where their flights hold the same messages under the same keys with the
//! same outcome and the same to say of them, but for numbers in them and for sizes. One that took
//! much longer than others of its connection is told by itself: it is what a reader looks for.

use std::collections::HashMap;
use std::fmt::Write;

use crate::story::steps::AT_ONCE;
use crate::story::{Beat, BeatId, Level, Repeat, Story};

/// From so many that went the same way, one is told and the others are counted.
const MANY: usize = 5;

/// So many times the usual is much longer.
const SLOW: i64 = 10;

/// The exchanges of a story that are told as one, in the order of its beats. Where arrows slant,
/// each is drawn at its time.
pub(super) fn repeats(story: &Story) -> Vec<Repeat> {
    if story.both_ends {
        return Vec::new();
    }
    let mut took: HashMap<BeatId, i64> = HashMap::new();
    for trip in &story.trips {
        if let Some(exchange) = story.beat(trip.from).and_then(|flight| flight.parent) {
            let nanos = took.entry(exchange).or_default();
            *nanos = trip.nanos.max(*nanos);
        }
    }
    let mut found = Vec::new();
    for (chapter, _) in story.level(Level::Chapter) {
        let parts: Vec<(BeatId, &Beat)> = story.children(Some(chapter)).collect();
        if parts.len() < MANY {
            continue;
        }
        let end = |at: usize| {
            let last = parts.get(at).map_or(chapter, |(id, _)| *id);
            last_of(story, last)
        };
        let mut times: Vec<i64> =
            parts.iter().filter_map(|(id, _)| took.get(id).copied()).collect();
        times.sort_unstable();
        let usual = times.get(times.len() / 2).copied().unwrap_or_default();
        let limit = usual.saturating_mul(SLOW).max(AT_ONCE);
        let course = |(id, beat): &(BeatId, &Beat)| {
            let is_slow = took.get(id).is_some_and(|nanos| *nanos > limit);
            (beat.level == Level::Exchange && !is_slow).then(|| course(story, *id))
        };
        let courses: Vec<Option<String>> = parts.iter().map(course).collect();
        let mut at = 0;
        for run in courses.chunk_by(|a, b| a.is_some() && a == b) {
            let (first, next) = (at, at + run.len());
            at = next;
            if run.len() < MANY {
                continue;
            }
            let others = parts.get(first + 1..next).unwrap_or_default();
            let like = parts.get(first).map(|(id, _)| *id);
            found.extend(like.and_then(|like| repeat((like, end(next - 1)), others, &took)));
        }
    }
    found.sort_by_key(|one| one.first);
    found
}

/// The last beat below one, or itself.
fn last_of(story: &Story, id: BeatId) -> BeatId {
    let Some(level) = story.beat(id).map(|beat| beat.level) else { return id };
    let rest = story.beats.get(id.0 as usize + 1..).unwrap_or_default();
    let below = rest.iter().take_while(|beat| beat.level > level).count();
    BeatId(id.0 + below as u32)
}

/// How an exchange went, as far as others may have gone the same way.
fn course(story: &Story, exchange: BeatId) -> String {
    let mut course = String::new();
    for (id, flight) in story.children(Some(exchange)) {
        // Writing to a string cannot fail.
        let _ = write!(course, "{}>{} {:?};", flight.from.0, flight.to.0, flight.outcome);
        let messages = story.children(Some(id)).filter(|(_, beat)| beat.level == Level::Message);
        for (_, message) in messages {
            let Beat { protocol, protection, outcome, .. } = message;
            let _ = write!(course, "{protocol:?} {protection:?} {outcome:?} ");
            for said in [&message.label, &message.headline] {
                course.push_str(&pattern(said));
                course.push(';');
            }
        }
    }
    course
}

/// The words of a label and what stands between them; a size stands behind two blanks and is left
/// out.
fn words(label: &str) -> impl Iterator<Item = &str> {
    let label = label.split("  ").next().unwrap_or_default();
    let mut rest = label;
    std::iter::from_fn(move || {
        let is_word = rest.chars().next()?.is_alphanumeric();
        let end = rest.find(|one: char| one.is_alphanumeric() != is_word).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        rest = behind;
        Some(word)
    })
}

/// A label less its numbers. What it begins with says what it is, and counts as it stands.
pub(super) fn pattern(label: &str) -> String {
    let mut words = words(label);
    let first = words.next().unwrap_or_default().to_owned();
    let is_number = |word: &str| word.contains(|one: char| one.is_ascii_digit());
    words.fold(first, |said, word| said + if is_number(word) { "#" } else { word })
}

/// What labels of one pattern have in common: "GET /item/…".
fn common<'l>(labels: impl Iterator<Item = &'l str>) -> String {
    let mut said: Vec<&str> = Vec::new();
    for (number, label) in labels.enumerate() {
        if number == 0 {
            said = words(label).collect();
        }
        for (word, other) in said.iter_mut().zip(words(label)) {
            if *word != other {
                *word = "…";
            }
        }
    }
    said.concat()
}

fn repeat(
    (like, last): (BeatId, BeatId),
    others: &[(BeatId, &Beat)],
    took: &HashMap<BeatId, i64>,
) -> Option<Repeat> {
    let ((first, begins), (_, ends)) = (others.first()?, others.last()?);
    let part = |which: usize| {
        let labels = others.iter().map(|(_, beat)| beat.label.as_str());
        common(labels.map(|label| label.split(" → ").nth(which).unwrap_or_default()))
    };
    let label = [part(0), part(1)].join(" → ");
    let times = || others.iter().map(|(id, _)| took.get(id).copied());
    let nanos = times().min().flatten().zip(times().max().flatten());
    let sizes = || others.iter().map(|(_, beat)| beat.bytes);
    let beat = Beat {
        label: label.clone(),
        ended: ends.ended,
        bytes: sizes().sum(),
        packets: others.iter().map(|(_, beat)| beat.packets).sum(),
        round_trips: others.iter().map(|(_, beat)| beat.round_trips).sum(),
        headline: format!("{} more like this", others.len()),
        detail: String::new(),
        lesson: None,
        source: None,
        ..(*begins).clone()
    };
    Some(Repeat {
        like,
        first: *first,
        last,
        count: others.len() as u32,
        label,
        nanos,
        bytes: (sizes().min()?, sizes().max()?),
        beat,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two labels: whether they are of one pattern, and what they have in common.
    #[track_caller]
    fn check(a: &str, b: &str, alike: bool, expected: &str) {
        assert_eq!(pattern(a) == pattern(b), alike, "{} {}", pattern(a), pattern(b));
        if alike {
            assert_eq!(common([a, b].into_iter()), expected);
        }
    }

    #[test]
    fn labels_are_alike_but_for_numbers() {
        check("GET /item/1", "GET /item/20", true, "GET /item/…");
        check("GET /p5.txt", "GET /p17.txt", true, "GET /….txt");
        check("GET /item/1/a7f3", "GET /item/1/b8c4", true, "GET /item/1/…");
        check("GET /index.html", "GET /style.css", false, "");
        check("GET /1", "POST /1", false, "");
        check("200 OK  412 B", "200 OK  6000 B", true, "200 OK");
        check("200 OK", "404 Not Found", false, "");
        check("", "", true, "");
    }
}
