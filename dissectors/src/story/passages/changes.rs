//! What whoever handed a message on made of its head: line beside line, as it came and as it went.
//!
//! ```text
//!                       came               went
//!   version             HTTP/1.1           HTTP/1.0      changed
//!   Host                shop.test          b             changed
//!   User-Agent          curl/8.5           curl/8.5      kept
//!   Connection          keep-alive                       removed
//!   X-Forwarded-For                        192.0.2.1     added
//! ```
//!
//! Names are the same whatever their case (RFC 9110, section 5.1). Of several lines of one name
//! those with equal values belong together, and the others in their order.

use super::{Passage, Steps};
use crate::known::Head;
use crate::story::{BeatId, Level, Story};

/// How many names of kept lines are listed; more are counted.
const NAMED: usize = 6;

/// The longest value that is told in a sentence.
const MAX_VALUE: usize = 48;

/// The head of a message as it came to who handed it on, beside the same as it went on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The words of its first line, each with what it is: "version".
    pub start: Vec<Line>,
    /// Its lines: those that came in their order, then those that were added.
    pub lines: Vec<Line>,
}

/// A line of a head, or a word of its first line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// As it came; `None` if it was added.
    pub came: Option<String>,
    /// As it went on; `None` if it was removed.
    pub went: Option<String>,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It went on as it came.
    Kept,
    /// It went on with another value.
    Changed,
    /// It went on, and had not come.
    Added,
    /// It came, and did not go on.
    Removed,
}

/// An answer that was handed back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedBack {
    /// The message that came.
    pub came: BeatId,
    /// The message that went on.
    pub went: BeatId,
    /// What became of its head.
    pub changes: Changes,
}

impl Line {
    /// What became of it.
    #[must_use]
    pub fn change(&self) -> Change {
        match (&self.came, &self.went) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            (came, went) if came == went => Change::Kept,
            _ => Change::Changed,
        }
    }
}

impl Changes {
    /// What became of a head.
    pub(in crate::story) fn between(came: &Head, went: &Head) -> Self {
        let start = came.start.iter().map(|(what, word)| {
            let other = went.start.iter().find(|(other, _)| other == what);
            Line {
                name: (*what).to_owned(),
                came: Some(word.to_string()),
                went: other.map(|(_, word)| word.to_string()),
            }
        });
        let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
        let mut taken = vec![false; went.lines.len()];
        let mut pairs: Vec<Option<usize>> = vec![None; came.lines.len()];
        for by_value in [true, false] {
            for (pair, (name, value)) in pairs.iter_mut().zip(&came.lines) {
                if pair.is_some() {
                    continue;
                }
                let mut others = went.lines.iter().zip(&taken).enumerate();
                let found = others.find(|(_, ((other, with), taken))| {
                    !**taken && same(name, other) && (!by_value || value == with)
                });
                *pair = found.map(|(at, _)| at);
                if let Some(slot) = pair.and_then(|at| taken.get_mut(at)) {
                    *slot = true;
                }
            }
        }
        let value = |at: Option<usize>| {
            at.and_then(|at| went.lines.get(at)).map(|(_, value)| value.to_string())
        };
        let kept = came.lines.iter().zip(pairs).map(|((name, came), pair)| Line {
            name: name.to_string(),
            came: Some(came.to_string()),
            went: value(pair),
        });
        let added = went.lines.iter().zip(&taken).filter(|(_, taken)| !**taken);
        let added = added.map(|((name, value), _)| Line {
            name: name.to_string(),
            came: None,
            went: Some(value.to_string()),
        });
        Self { start: start.collect(), lines: kept.chain(added).collect() }
    }

    /// In words: "version HTTP/1.1 becomes HTTP/1.0, Host h becomes b; gains Via: 1.1 edge; loses
    /// Connection: close; keeps Accept". `None` if all of it went on as it came.
    #[must_use]
    pub fn told(&self) -> Option<String> {
        let all = || self.start.iter().chain(&self.lines);
        if all().all(|line| line.change() == Change::Kept) {
            return None;
        }
        let those = |change: Change| all().filter(move |line| line.change() == change);
        let changed = those(Change::Changed).map(|line| {
            let [came, went] = [&line.came, &line.went].map(|side| short(side.as_deref()));
            format!("{} {came} becomes {went}", line.name)
        });
        let whole = |line: &Line| {
            let side = line.went.as_deref().or(line.came.as_deref());
            format!("{}: {}", line.name, short(side))
        };
        let added = those(Change::Added).map(whole);
        let removed = those(Change::Removed).map(whole);
        let kept = self.lines.iter().filter(|line| line.change() == Change::Kept);
        let kept: Vec<&str> = kept.map(|line| line.name.as_str()).collect();
        let kept = match kept.len() {
            0 => String::new(),
            1..=NAMED => format!("keeps {}", kept.join(", ")),
            count => format!("keeps {count} lines"),
        };
        let list = |verb: &str, items: Vec<String>| match items.as_slice() {
            [] => String::new(),
            items => format!("{verb}{}", items.join(", ")),
        };
        let said = [
            list("", changed.collect()),
            list("gains ", added.collect()),
            list("loses ", removed.collect()),
            kept,
        ];
        let said: Vec<String> = said.into_iter().filter(|part| !part.is_empty()).collect();
        Some(said.join("; "))
    }
}

/// A value, less what is too long to be read in a sentence.
fn short(value: Option<&str>) -> String {
    let value = value.unwrap_or_default();
    let said = match value.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value.to_owned(),
    };
    // What stands between values must not be taken for a part of one.
    if said.is_empty() || said.contains([',', ';']) { format!("“{said}”") } else { said }
}

/// What became of the heads of the messages of a flight that hand something on or back.
pub fn handed(story: &Story, flight: BeatId) -> impl Iterator<Item = (&Passage, &Changes)> {
    let is_here = move |id: BeatId| {
        story.flight_of(id) == Some(flight)
            && story.beat(id).is_some_and(|beat| beat.level == Level::Message)
    };
    story.passages.iter().filter_map(move |one| {
        let question = one.question.as_ref().filter(|_| is_here(one.handed_on));
        let back = one.answer.as_ref().filter(|answer| is_here(answer.went));
        Some((one, question.or(back.map(|answer| &answer.changes))?))
    })
}

/// The same in sentences, without their stops.
#[must_use]
pub fn handed_in_words(story: &Story, steps: &Steps, flight: BeatId) -> Vec<String> {
    if !steps.handing.contains(&flight) {
        return Vec::new();
    }
    let say = |(passage, changes): (&Passage, &Changes)| {
        let back = passage.answer.as_ref();
        let back = back.filter(|answer| story.flight_of(answer.went) == Some(flight));
        let told = changes.told();
        Some(match (back, told) {
            (Some(answer), Some(told)) => {
                format!(
                    "Hands back {}, with its head changed: {told}",
                    steps.place(story, answer.came)?
                )
            }
            (Some(answer), None) => {
                format!("Hands back {}, its head as it came", steps.place(story, answer.came)?)
            }
            (None, Some(told)) => format!("Changes the head on the way: {told}"),
            (None, None) => "Leaves the head as it came".to_owned(),
        })
    };
    handed(story, flight).filter_map(say).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(version: &'static str, lines: &str) -> Head {
        let lines = lines.split_terminator('\n').filter_map(|line| line.split_once(": "));
        Head {
            start: vec![("version", version.into())],
            lines: lines.map(|(name, value)| (name.into(), value.into())).collect(),
        }
    }

    /// The head that came, the head that went, and what is told of both.
    #[track_caller]
    fn check(came: (&'static str, &str), went: (&'static str, &str), expected: &str) {
        let changes = Changes::between(&head(came.0, came.1), &head(went.0, went.1));
        assert_eq!(changes.told().unwrap_or_default(), expected);
        let sides = |side: fn(&Line) -> Option<&String>| {
            let mut lines: Vec<_> = changes.lines.iter().filter_map(side).cloned().collect();
            lines.sort_unstable();
            lines
        };
        let values = |lines: &str| {
            let mut values: Vec<String> = lines
                .split_terminator('\n')
                .filter_map(|line| Some(line.split_once(": ")?.1.to_owned()))
                .collect();
            values.sort_unstable();
            values
        };
        assert_eq!(sides(|line| line.came.as_ref()), values(came.1), "each line stands once");
        assert_eq!(sides(|line| line.went.as_ref()), values(went.1), "each line stands once");
    }

    #[test]
    fn heads_stand_side_by_side() {
        let same = "Host: h\nAccept: */*\n";
        check(("1.1", same), ("1.1", same), "");
        check(("1.1", same), ("1.1", "accept: */*\nHOST: h\n"), "");
        check(("1.1", same), ("1.0", same), "version 1.1 becomes 1.0; keeps Host, Accept");
        check(
            ("1.1", "Host: h\nConnection: close\nAccept: */*\n"),
            ("1.1", "Host: b\nAccept: */*\nVia: 1.1 edge\n"),
            "Host h becomes b; gains Via: 1.1 edge; loses Connection: close; keeps Accept",
        );
        check(
            ("1.1", ""),
            ("1.1", "Date: Sun, 29 Nov 2026\nX: \n"),
            "gains Date: “Sun, 29 Nov 2026”, X: “”",
        );
        // Of one name, equal values belong together first.
        check(
            ("1.1", "Via: a\nVia: b\n"),
            ("1.1", "Via: b\nVia: c\nVia: d\n"),
            "Via a becomes c; gains Via: d; keeps Via",
        );
        let many = "A: 1\nB: 2\nC: 3\nD: 4\nE: 5\nF: 6\nG: 7\n";
        check(("1.1", many), ("1.0", many), "version 1.1 becomes 1.0; keeps 7 lines");
        let long = "x".repeat(60);
        let cut = format!("gains Cookie: {}…", "x".repeat(48));
        check(("1.1", ""), ("1.1", &format!("Cookie: {long}\n")), &cut);
    }
}
