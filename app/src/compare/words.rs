//! What differs between two ways that stand beside each other, in words.
//!
//! ```text
//!   One round trip more in B than in A. B alone has HelloRetryRequest; a further ClientHello.
//! ```

use wirestage_dissectors::story::Ledger;

use super::{Comparison, Step, Until, steps};

/// So many steps are named; of more nobody reads the names.
const MOST_NAMED: usize = 4;

/// Two steps stand in an order that says something where so large a part of a round trip lies
/// between them; without a link nothing is known of how long one takes.
const PART: i64 = 4;

/// A sentence or more for each way, held against the one left of it.
#[must_use]
pub fn words(comparison: &Comparison) -> Vec<String> {
    if comparison.until == Until::Whole {
        return Vec::new();
    }
    let steps = steps(comparison);
    (1..comparison.ways.len()).filter_map(|at| of_two(comparison, &steps, at)).collect()
}

/// What differs between a way and the one left of it; nothing where one was not answered.
fn of_two(comparison: &Comparison, steps: &[Step], at: usize) -> Option<String> {
    let (one, other) = (comparison.ways.get(at - 1)?, comparison.ways.get(at)?);
    let trips = [one.ledger?, other.ledger?].map(|ledger| ledger.until_answer.round_trips);
    let [before, after] = trips.map(i64::from);
    let counted = match after - before {
        0 => format!("As many round trips in {} as in {}.", other.name, one.name),
        more => {
            let (than, word) = (one.name.as_str(), if more < 0 { "fewer" } else { "more" });
            format!("{} {word} in {} than in {than}.", round_trips(more.unsigned_abs()), other.name)
        }
    };
    let pair = [at - 1, at];
    let only = pair.map(|own| only(steps, pair, own));
    let named = only.iter().zip([one, other]).filter(|(names, _)| !names.is_empty());
    let mut told: Vec<String> =
        named.map(|(names, way)| format!(" {} alone has {}.", way.name, list(names))).collect();
    let waits = if one.link.is_some() && other.link.is_some() {
        let trip = |ledger: Ledger| {
            let spent = ledger.until_answer;
            spent.nanos / i64::from(spent.round_trips.max(1))
        };
        one.ledger.map(trip).max(other.ledger.map(trip)).map(|trip| trip / PART)
    } else {
        None
    };
    let order = waits.and_then(|wait| swapped(steps, pair, (wait, told.is_empty())));
    if let Some([early, late]) = order {
        let (here, there) = (&other.name, &one.name);
        told.push(format!(" In {here} {early} goes before {late}, in {there} after it."));
    }
    if told.is_empty() && steps.iter().any(|step| times(step, pair).is_some()) {
        told.push(" The same steps.".to_owned());
    }
    Some(counted + &told.concat())
}

/// The first two steps, one from each side, that the right way has in this order, and the left one
/// in the other: what goes first there did not wait for the other side. Where other steps are named
/// already it takes the request or the answer to be worth telling. What lies closer together than
/// `wait` may stand in either order by chance.
fn swapped(steps: &[Step], pair: [usize; 2], (wait, is_alone): (i64, bool)) -> Option<[&str; 2]> {
    let both = || steps.iter().filter_map(|step| Some((step, times(step, pair)?)));
    let mut swapped = both().flat_map(|(early, [left, right])| {
        let is_later = move |(late, [its_left, its_right]): &(&Step, [i64; 2])| {
            let is_worth = is_alone || early.purpose.or(late.purpose).is_some();
            let is_so = its_right - right > wait && left - its_left > wait;
            is_worth && early.forward != late.forward && is_so
        };
        both().filter(is_later).map(move |(late, _)| [early.name.as_str(), late.name.as_str()])
    });
    swapped.next()
}

/// When a step left in both ways, where both have it.
fn times(step: &Step, ways: [usize; 2]) -> Option<[i64; 2]> {
    let [one, other] = ways.map(|way| step.times.get(way).copied().flatten());
    Some([one?, other?])
}

/// The names of the steps that one of two ways has alone, each once.
fn only(steps: &[Step], both: [usize; 2], own: usize) -> Vec<String> {
    let has = |step: &Step, way: usize| step.present.get(way).copied().unwrap_or_default();
    let is_shared = |name: &str| {
        let shared = |step: &&Step| both.iter().all(|way| has(step, *way));
        steps.iter().filter(shared).any(|step| step.name == name)
    };
    let alone = |step: &&Step| has(step, own) && !both.iter().all(|way| has(step, *way));
    let mut names: Vec<String> = Vec::new();
    for step in steps.iter().filter(alone) {
        let further = if is_shared(&step.name) { "a further " } else { "" };
        let name = format!("{further}{}", step.name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Names may have commas.
fn list(names: &[String]) -> String {
    let named = names.iter().take(MOST_NAMED).map(String::as_str).collect::<Vec<_>>().join("; ");
    match names.len().saturating_sub(MOST_NAMED) {
        0 => named,
        more => format!("{named}; and {more} more"),
    }
}

fn round_trips(count: u64) -> String {
    match count {
        1 => "One round trip".to_owned(),
        2 => "Two round trips".to_owned(),
        3 => "Three round trips".to_owned(),
        more => format!("{more} round trips"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Said, Way};
    use wirestage_dissectors::ids::{FrameId, Time};
    use wirestage_dissectors::story::{BeatId, Moment, Replay, Spent, Story};

    /// A way of messages, `>` from the client and `<` from the server, with so many round trips.
    fn way(name: &str, trips: u32, script: &str) -> Way {
        let moment = Moment { frame: FrameId(0), time: Time(0) };
        let ledger = Ledger {
            track: None,
            request: BeatId(0),
            answer: BeatId(1),
            began: moment,
            asked: moment,
            answered: moment,
            until_request: Spent::default(),
            until_answer: Spent { round_trips: trips, ..Spent::default() },
            replay: Replay::Impossible,
        };
        let said = script.split_whitespace().enumerate().map(|(at, step)| Said {
            name: step[1..].to_owned(),
            forward: step.starts_with('>'),
            at: at as i64,
            ..Said::default()
        });
        let said = said.collect();
        let way = Way::new(name.to_owned(), String::new(), Story::default());
        Way { said, ledger: Some(ledger), ..way }
    }

    #[track_caller]
    fn check(ways: Vec<Way>, expected: &[&str]) {
        assert_eq!(words(&Comparison { ways, ..Comparison::default() }), expected);
    }

    #[test]
    fn what_differs_is_said_beside_how_much_it_costs() {
        let plain = || way("A", 3, ">hello <server >GET <200");
        let retry = || way("B", 4, ">hello <retry >hello <server >GET <200");
        check(
            vec![plain(), retry()],
            &["One round trip more in B than in A. B alone has retry; a further hello."],
        );
        check(
            vec![retry(), plain()],
            &["One round trip fewer in A than in B. B alone has retry; a further hello."],
        );
        let other = way("C", 1, ">hello <one <two <three <four <five <200");
        check(
            vec![plain(), other],
            &["Two round trips fewer in C than in A. A alone has server; GET. \
               C alone has one; two; three; four; and 1 more."],
        );
        check(vec![plain(), plain()], &["As many round trips in A as in A. The same steps."]);
        let late = way("D", 7, ">hello <server >done <200");
        let early = way("E", 3, ">hello <server <200 >done");
        let far = |way: Way| Way { link: Some("rtt=100ms".to_owned()), ..way };
        check(
            vec![late.clone(), early.clone()],
            &["4 round trips fewer in E than in D. The same steps."],
        );
        check(
            vec![far(late), far(early)],
            &["4 round trips fewer in E than in D. In E 200 goes before done, in D after it."],
        );
        check(vec![Way { ledger: None, ..plain() }, plain()], &[]);
        let unread = || Way { said: Vec::new(), ..plain() };
        check(vec![unread(), way("F", 0, "")], &["Three round trips fewer in F than in A."]);
    }
}
