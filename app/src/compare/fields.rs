//! Differences down to the field: which steps ways have in common, and what differs within each.
//!
//! ```text
//!   ClientHello          tls.handshake.extensions_server_name    one.test     two.test
//!   ServerKeyExchange    only TLS 1.2
//! ```

use std::borrow::Cow;

use super::align::pairs;
use super::said::{Said, Spoken};
use super::{Comparison, Purpose, Way, order};

/// One step: messages of the same meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it is called by the first way that has it.
    pub name: String,
    /// Whether the client sends it.
    pub forward: bool,
    /// What it is there for, where that is the same whatever it is called.
    pub purpose: Option<Purpose>,
    /// Whether each way has it.
    pub present: Vec<bool>,
    /// When it left in each way that has it, in nanoseconds since the first message of the way.
    pub times: Vec<Option<i64>>,
    /// What differs in it among those that have it.
    pub differences: Vec<Difference>,
}

/// A field that is not the same in all ways that have its step.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its name.
    pub field: &'static str,
    /// What each way says: where it says it several times, what others do not say; nothing where
    /// the way has no such field.
    pub values: Vec<Option<String>>,
    /// Whether it is another in every recording.
    pub of_one_recording: bool,
}

/// All steps of a comparison in the order of time, each with what differs.
#[must_use]
pub fn steps(comparison: &Comparison) -> Vec<Step> {
    let ways = &comparison.ways;
    let mut rows: Vec<Vec<Option<&Said>>> = Vec::new();
    for (number, way) in ways.iter().enumerate() {
        rows = join(rows, way, number);
    }
    moved(&mut rows);
    let steps: Vec<Step> = rows.iter().filter_map(|row| step(row)).collect();
    order::in_time(steps)
}

/// Joins what ways say in another order: rows of the same meaning that no way has both of.
fn moved(rows: &mut Vec<Vec<Option<&Said>>>) {
    let mut at = 0;
    while at < rows.len() {
        let (before, behind) = rows.split_at_mut(at + 1);
        let Some(row) = before.last_mut() else { break };
        let fits = |other: &Vec<Option<&Said>>| {
            let apart = row.iter().zip(other).all(|(one, other)| one.is_none() || other.is_none());
            let pair = row.iter().flatten().next().zip(other.iter().flatten().next());
            apart && pair.is_some_and(|(one, other)| one.shares(other) > 0)
        };
        match behind.iter().position(fits) {
            Some(found) => {
                let taken = rows.remove(at + 1 + found);
                let row = rows.get_mut(at).into_iter().flatten();
                row.zip(taken).for_each(|(one, other)| *one = one.or(other));
            }
            None => at += 1,
        }
    }
}

/// Adds a way to the rows there are: its messages join those of the same meaning.
fn join<'a>(
    rows: Vec<Vec<Option<&'a Said>>>,
    way: &'a Way,
    number: usize,
) -> Vec<Vec<Option<&'a Said>>> {
    let shares = |row: usize, at: usize| {
        let first = rows.get(row).and_then(|row| row.iter().flatten().next());
        let both = first.zip(way.said.get(at));
        both.map_or(0, |(known, own)| known.shares(own))
    };
    let pairs = pairs(rows.len(), way.said.len(), shares);
    let mut joined = Vec::new();
    let mut old = rows.iter().enumerate();
    for (at, said) in way.said.iter().enumerate() {
        let own = pairs.iter().find(|(_, paired)| *paired == at).map(|(row, _)| *row);
        let mut found = vec![None; number];
        if let Some(own) = own {
            for (row, known) in old.by_ref() {
                if row == own {
                    found.clone_from(known);
                    break;
                }
                joined.push([known.as_slice(), &[None]].concat());
            }
        }
        found.push(Some(said));
        joined.push(found);
    }
    joined.extend(old.map(|(_, known)| [known.as_slice(), &[None]].concat()));
    joined
}

impl Said {
    /// How much it has in common with another: a purpose counts for more than a name.
    fn shares(&self, other: &Self) -> u32 {
        let same_purpose = self.purpose.is_some() && self.purpose == other.purpose;
        let same_name = self.name == other.name && self.purpose == other.purpose;
        match self.forward == other.forward {
            true if same_purpose => 2,
            true if same_name => 1,
            _ => 0,
        }
    }

    /// What it says by fields of one meaning, in its order.
    fn values(&self, wanted: &str) -> Vec<&str> {
        let own = self.fields.iter().filter(|spoken| meaning(spoken.field) == wanted);
        own.map(|spoken| spoken.value.as_str()).collect()
    }
}

/// By what a field is known again where another version of its protocol says it: the name that
/// HTTP/1 has for it. A path is a path, whichever version carries it.
fn meaning(field: &str) -> Cow<'_, str> {
    const HEADERS: [&str; 2] = ["http2.headers.", "http3.headers."];
    const WHOLE: [&str; 2] = ["http2.request.full_uri", "http3.request.full_uri"];
    if WHOLE.contains(&field) {
        return "http.request.full_uri".into();
    }
    let Some(own) = HEADERS.iter().find_map(|before| field.strip_prefix(before)) else {
        return field.into();
    };
    match own {
        "method" => "http.request.method".into(),
        "path" => "http.request.uri".into(),
        "authority" => "http.host".into(),
        "status" => "http.response.code".into(),
        own => format!("http.{own}").into(),
    }
}

fn step(row: &[Option<&Said>]) -> Option<Step> {
    let first = row.iter().flatten().next()?;
    let mut fields: Vec<&Spoken> = Vec::new();
    for spoken in row.iter().flatten().flat_map(|said| &said.fields) {
        if !fields.iter().any(|known| meaning(known.field) == meaning(spoken.field)) {
            fields.push(spoken);
        }
    }
    let differences = fields.into_iter().filter_map(|one| difference(one, row)).collect();
    let present = row.iter().map(Option::is_some).collect();
    let times = row.iter().map(|said| said.map(|said| said.at)).collect();
    let (name, forward, purpose) = (first.name.clone(), first.forward, first.purpose);
    Some(Step { name, forward, purpose, present, times, differences })
}

fn difference(spoken: &Spoken, row: &[Option<&Said>]) -> Option<Difference> {
    let Spoken { field, is_fresh, .. } = *spoken;
    let all: Vec<Option<Vec<&str>>> =
        row.iter().map(|said| said.map(|said| said.values(&meaning(field)))).collect();
    let mut present = all.iter().flatten();
    let first = present.next()?;
    if present.all(|other| other == first) {
        return None;
    }
    let values = all.iter().map(|list| list.as_ref().and_then(|list| own(list, &all))).collect();
    Some(Difference { field, values, of_one_recording: is_fresh })
}

/// What a way says by a field and not all say: of lists what others lack, else how many values they
/// have, and where that is the same, all in their order.
fn own(list: &[&str], all: &[Option<Vec<&str>>]) -> Option<String> {
    let lists = || all.iter().flatten();
    let is_shared = |value: &&str| lists().all(|list| list.contains(value));
    let is_odd = |list: &[&str]| list.iter().any(|value| !is_shared(value));
    if list.is_empty() {
        return None;
    }
    if lists().any(|list| is_odd(list)) {
        let own: Vec<&str> = list.iter().filter(|value| !is_shared(value)).copied().collect();
        return Some(if own.is_empty() { "nothing else".to_owned() } else { own.join(", ") });
    }
    let len = list.len();
    Some(if lists().all(|other| other.len() == len) {
        list.join(", ")
    } else {
        format!("{len} values")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wirestage_dissectors::story::Story;

    /// A field; `~` is put before one that is another in every recording.
    fn spoken(field: &'static str, value: &str) -> Spoken {
        let name = field.strip_prefix('~');
        let value = value.to_owned();
        Spoken { field: name.unwrap_or(field), value, is_fresh: name.is_some() }
    }

    /// A way of messages: `>` from the client, `<` from the server, then name and fields.
    fn way(name: &str, script: &[(&str, &[(&'static str, &str)])]) -> Way {
        let said = script.iter().enumerate().map(|(at, (step, fields))| Said {
            at: at as i64,
            name: step[1..].to_owned(),
            forward: step.starts_with('>'),
            purpose: match &step[1..] {
                word if word.starts_with("GET") => Some(Purpose::Asks),
                _ => None,
            },
            fields: fields.iter().map(|(field, value)| spoken(field, value)).collect(),
        });
        let said = said.collect();
        Way { said, ..Way::new(name.to_owned(), String::new(), Story::default()) }
    }

    /// Each step in a line: its name, who has it, and what differs.
    fn lines(ways: Vec<Way>) -> Vec<String> {
        let comparison = Comparison { ways, ..Comparison::default() };
        let line = |step: &Step| {
            let present = step.present.iter().map(|present| if *present { 'x' } else { '-' });
            let differences = step.differences.iter().map(|one| {
                let values = one.values.iter().map(|value| value.as_deref().unwrap_or("—"));
                let mark = if one.of_one_recording { "~" } else { "" };
                format!(" {mark}{}: {}", one.field, values.collect::<Vec<_>>().join(" / "))
            });
            let present: String = present.collect();
            format!("{} {present}{}", step.name, differences.collect::<String>())
        };
        steps(&comparison).iter().map(line).collect()
    }

    #[test]
    fn steps_of_one_meaning_are_held_against_each_other() {
        let old = way(
            "old",
            &[
                (">hello", &[("suite", "1"), ("suite", "2"), ("same", "x"), ("~port", "4")]),
                ("<done", &[]),
                (">GET /a", &[("path", "/a")]),
            ],
        );
        let new = way(
            "new",
            &[
                (">hello", &[("suite", "2"), ("suite", "3"), ("same", "x"), ("~port", "5")]),
                (">GET /b", &[("path", "/b"), ("more", "y")]),
            ],
        );
        let expected = [
            "hello xx suite: 1 / 3 ~port: 4 / 5",
            "done x-",
            "GET /a xx path: /a / /b more: — / y",
        ];
        assert_eq!(lines(vec![old.clone(), new.clone()]), expected);
        let expected = [
            "hello xxx suite: 3 / 1 / 1 ~port: 5 / 4 / 4",
            "done -xx",
            "GET /b xxx path: /b / /a / /a more: y / — / —",
        ];
        assert_eq!(lines(vec![new, old.clone(), old]), expected);
    }

    #[test]
    fn what_stands_elsewhere_is_no_other_step() {
        let old = way("old", &[("<done", &[("len", "12")]), (">done", &[("len", "12")])]);
        let new = way("new", &[(">done", &[("len", "48")]), ("<done", &[("len", "48")])]);
        assert_eq!(lines(vec![old, new]), ["done xx len: 12 / 48", "done xx len: 12 / 48"]);
    }

    #[test]
    fn an_order_is_a_difference_of_its_own() {
        let of =
            |values: [&str; 2]| way("one", &[(">hello", &values.map(|value| ("suite", value)))]);
        let found = lines(vec![of(["1", "2"]), of(["2", "1"])]);
        assert_eq!(found, ["hello xx suite: 1, 2 / 2, 1"]);
        assert_eq!(lines(vec![of(["1", "2"]), of(["1", "2"])]), ["hello xx"]);
        let found = lines(vec![of(["1", "2"]), of(["1", "1"])]);
        assert_eq!(found, ["hello xx suite: 2 / nothing else"]);
    }

    #[test]
    fn versions_of_http_are_held_against_each_other_by_what_they_mean() {
        let one = way(
            "HTTP/1",
            &[(">GET /", &[("http.request.method", "GET"), ("http.user_agent", "a")])],
        );
        let three = way(
            "HTTP/3",
            &[(">GET /", &[("http3.headers.method", "GET"), ("http3.headers.user_agent", "b")])],
        );
        let comparison = Comparison { ways: vec![one, three], ..Comparison::default() };
        let steps = steps(&comparison);
        let differences: Vec<_> = steps[0]
            .differences
            .iter()
            .map(|one| (one.field, one.values.iter().flatten().cloned().collect::<Vec<_>>()))
            .collect();
        let expected = vec![("http.user_agent", vec!["a".to_owned(), "b".to_owned()])];
        assert_eq!(differences, expected, "the methods are equal");
    }
}
