//! Questions that are handed on: which one as which, what proves it, and where nothing is claimed.

use super::play::{Line, Play};
use super::story;
use crate::engine::tcp::flags::{ACK, RST, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::story::passages::{Share, Steps, What, handed_in_words, said};
use crate::story::{Level, Story};

const CLIENT: [u8; 4] = [192, 0, 2, 1];
const OTHER: [u8; 4] = [192, 0, 2, 2];
const EDGE: [u8; 4] = [192, 0, 2, 5];
/// The address from which the edge asks, where it has another one for that.
const INNER: [u8; 4] = [10, 0, 0, 5];
const BACKEND: [u8; 4] = [10, 0, 0, 21];
const SPARE: [u8; 4] = [10, 0, 0, 22];

/// What happens on one of the connections.
#[derive(Clone, Copy)]
enum Happens {
    /// `GET` of this target, with these fields.
    Asks(&'static str, &'static str),
    Answers,
    Refuses,
    Breaks,
    Opens,
}

use Happens::{Answers, Asks, Breaks, Opens, Refuses};

/// Connections that were open before, and what happened on which of them.
fn play(ends: &[[[u8; 4]; 2]], steps: &[(usize, Happens)]) -> Story {
    let mut play = Play::against(80);
    let line = |(at, hosts): (u16, &[[u8; 4]; 2])| Line {
        hosts: *hosts,
        ports: [50_000 + at, 80],
        seq: [1_000, 5_000],
    };
    let mut lines: Vec<Line> = (0..).zip(ends).map(line).collect();
    for (at, happens) in steps {
        play.swap(&mut lines[*at]);
        match happens {
            Asks(target, fields) => {
                let head = format!("GET {target} HTTP/1.1\r\nHost: h\r\n{fields}\r\n");
                play.tcp(Forward, ACK, head.as_bytes());
            }
            Answers => {
                play.tcp(Backward, ACK, b"HTTP/1.1 204 No Content\r\n\r\n");
            }
            Refuses => {
                play.tcp(Backward, ACK, b"HTTP/1.1 502 Bad Gateway\r\n\r\n");
            }
            Breaks => {
                play.tcp(Backward, RST, b"");
            }
            Opens => {
                play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
            }
        }
        play.swap(&mut lines[*at]);
    }
    story(&play)
}

/// Plays, and holds what is said of passages against what is expected: a sentence a line, behind
/// the number of its step.
#[track_caller]
fn check(ends: &[[[u8; 4]; 2]], steps: &[(usize, Happens)], expected: &[&str]) {
    let story = play(ends, steps);
    let numbers = Steps::of(&story);
    let told: Vec<String> = (1..)
        .zip(story.steps())
        .flat_map(|(number, id)| {
            let all = said(&story, &numbers, id);
            all.into_iter().map(move |sentence| format!("{number} {sentence}"))
        })
        .collect();
    assert_eq!(told, expected);
}

/// The same of what became of heads.
#[track_caller]
fn check_handed(ends: &[[[u8; 4]; 2]], steps: &[(usize, Happens)], expected: &[&str]) {
    let story = play(ends, steps);
    let numbers = Steps::of(&story);
    let told: Vec<String> = (1..)
        .zip(story.steps())
        .flat_map(|(number, id)| {
            let all = handed_in_words(&story, &numbers, id);
            all.into_iter().map(move |sentence| format!("{number} {sentence}"))
        })
        .collect();
    assert_eq!(told, expected);
}

const THROUGH: [[[u8; 4]; 2]; 2] = [[CLIENT, EDGE], [EDGE, BACKEND]];
/// The same, where the edge asks from another address.
const APART: [[[u8; 4]; 2]; 2] = [[CLIENT, EDGE], [INNER, BACKEND]];
/// Two clients at once.
const TWO: [[[u8; 4]; 2]; 4] = [[CLIENT, EDGE], [OTHER, EDGE], [EDGE, BACKEND], [EDGE, BACKEND]];

/// A question of the first connection that is asked again on the second, with these fields, and
/// answered in turn.
fn passed(front: &'static str, back: &'static str) -> [(usize, Happens); 4] {
    [(0, Asks("/a", front)), (1, Asks("/a", back)), (1, Answers), (0, Answers)]
}

#[test]
fn what_proves_it_is_said() {
    check(
        &THROUGH,
        &passed("", ""),
        &[
            "1 Handed on as step 2 on B",
            "2 Hands on step 1 on A: it came to 192.0.2.5 there, and leaves it here",
        ],
    );
    check(
        &THROUGH,
        &passed("", "X-Forwarded-For: 192.0.2.1\r\n"),
        &[
            "1 Handed on as step 2 on B",
            "2 Hands on step 1 on A: X-Forwarded-For names 192.0.2.1, who asked there",
        ],
    );
    check(
        &APART,
        &passed("", "Forwarded: for=192.0.2.1\r\n"),
        &[
            "1 Handed on as step 2 on B",
            "2 Hands on step 1 on A: Forwarded names 192.0.2.1, who asked there",
        ],
    );
    check(
        &APART,
        &passed("Via: 1.1 a\r\n", "Via: 1.1 a, 1.1 b\r\n"),
        &[
            "1 Handed on as step 2 on B",
            "2 Hands on step 1 on A: Via names one more who passed it on",
        ],
    );
    let id = "X-Request-ID: 7f\r\n";
    check(
        &APART,
        &passed(id, id),
        &["1 Handed on as step 2 on B", "2 Hands on step 1 on A: both bear the same X-Request-ID"],
    );
}

#[test]
fn what_became_of_heads_is_said() {
    check_handed(
        &THROUGH,
        &passed("", ""),
        &["2 Leaves the head as it came", "4 Hands back step 3 on B, its head as it came"],
    );
    check_handed(
        &THROUGH,
        &passed("Connection: close\r\n", "X-Forwarded-For: 192.0.2.1\r\n"),
        &[
            "2 Changes the head on the way: gains X-Forwarded-For: 192.0.2.1; \
             loses Connection: close; keeps Host",
            "4 Hands back step 3 on B, its head as it came",
        ],
    );
    // Of several tries the last one's answer is handed back.
    let tries = [
        (0, Asks("/a", "")),
        (2, Asks("/a", "")),
        (2, Refuses),
        (3, Asks("/a", "")),
        (3, Answers),
        (0, Refuses),
    ];
    check_handed(
        &TWO,
        &tries,
        &[
            "2 Leaves the head as it came",
            "4 Leaves the head as it came",
            "6 Hands back step 5 on C, with its head changed: \
             status 204 No Content becomes 502 Bad Gateway",
        ],
    );
    check_handed(&APART, &passed("", ""), &[]);
}

#[test]
fn without_a_proof_nothing_is_claimed() {
    check(&APART, &passed("", ""), &[]);
    check(&APART, &passed("", "X-Forwarded-For: 192.0.2.2\r\n"), &[]);
    check(&APART, &passed("Via: 1.1 a\r\n", "Via: 1.1 a\r\n"), &[]);
    check(&APART, &passed("Via: 1.1 a\r\n", "Via: 1.1 b\r\n"), &[]);
    check(&APART, &passed("X-Request-ID: 7f\r\n", "X-Request-ID: 80\r\n"), &[]);
    // Asked before, answered after, or never: it was not for the one in front.
    let (front, back) = ((0, Asks("/a", "")), (1, Asks("/a", "")));
    check(&THROUGH, &[back, front, (1, Answers), (0, Answers)], &[]);
    check(&THROUGH, &[front, back, (0, Answers), (1, Answers)], &[]);
    check(&THROUGH, &[front, back, (0, Answers)], &[]);
    check(&THROUGH, &[front, back, (1, Answers)], &[]);
    check(&THROUGH, &[front, (0, Answers), back, (1, Answers)], &[]);
    check(&THROUGH, &[front, (1, Asks("/b", "")), (1, Answers), (0, Answers)], &[]);
}

#[test]
fn of_several_that_fit_as_well_none_is_chosen() {
    let asks =
        |fields: [&'static str; 4]| [0, 1, 2, 3].map(|at| (at, Asks("/a", fields[at]))).to_vec();
    let answers = [2, 3, 0, 1].map(|at| (at, Answers));
    let all = |fields| [asks(fields), answers.to_vec()].concat();
    check(&TWO, &all([""; 4]), &[]);
    let (one, two) = ("X-Forwarded-For: 192.0.2.1\r\n", "X-Forwarded-For: 192.0.2.2\r\n");
    check(
        &TWO,
        &all(["", "", two, one]),
        &[
            "1 Handed on as step 4 on D",
            "2 Handed on as step 3 on C",
            "3 Hands on step 2 on B: X-Forwarded-For names 192.0.2.2, who asked there",
            "4 Hands on step 1 on A: X-Forwarded-For names 192.0.2.1, who asked there",
        ],
    );
    // Two that went well at the same time: nobody knows which of them mattered.
    let twice = [
        (0, Asks("/a", "")),
        (1, Asks("/a", "")),
        (2, Asks("/a", "")),
        (1, Answers),
        (2, Answers),
        (0, Answers),
    ];
    check(&[[CLIENT, EDGE], [EDGE, BACKEND], [EDGE, SPARE]], &twice, &[]);
}

#[test]
fn a_second_try_is_told_as_one() {
    let spare = [[CLIENT, EDGE], [EDGE, BACKEND], [EDGE, SPARE]];
    let tried = |ends| {
        let asks = |at| (at, Asks("/a", ""));
        [asks(0), asks(1), (1, ends), asks(2), (2, Answers), (0, Answers)]
    };
    for ends in [Breaks, Refuses] {
        check(
            &spare,
            &tried(ends),
            &[
                "1 Handed on as step 2 on B, and again as step 4 on C",
                "2 Hands on step 1 on A: it came to 192.0.2.5 there, and leaves it here",
                "4 Hands on step 1 on A again, for step 2 on B failed: it came to 192.0.2.5 \
                 there, and leaves it here",
            ],
        );
    }
    check(&spare, &tried(Answers), &[]);
}

#[test]
fn each_of_two_proxies_hands_on_what_came_to_it() {
    let id = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n";
    let ends = [[CLIENT, EDGE], [EDGE, BACKEND], [BACKEND, SPARE]];
    let steps = [0, 1, 2].map(|at| (at, Asks("/a", id)));
    let steps = [&steps[..], &[2, 1, 0].map(|at| (at, Answers))].concat();
    check(
        &ends,
        &steps,
        &[
            "1 Handed on as step 2 on B",
            "2 Hands on step 1 on A: both bear the same traceparent",
            "2 Handed on as step 3 on C",
            "3 Hands on step 2 on B: both bear the same traceparent",
        ],
    );
}

#[test]
fn another_question_with_the_same_id_follows_from_it() {
    let id = "X-Request-ID: 7f\r\n";
    check(
        &THROUGH,
        &[
            (0, Asks("/order", id)),
            (1, Asks("/price", id)),
            (1, Answers),
            (1, Asks("/stock", id)),
            (1, Answers),
            (0, Answers),
        ],
        &[
            "1 Leads to step 2 on B and step 4 on B",
            "2 Follows from step 1 on A: both bear the same X-Request-ID",
            "4 Follows from step 1 on A: both bear the same X-Request-ID",
        ],
    );
}

#[test]
fn a_trail_holds_each_leg_and_its_end() {
    let story = play(
        &[[CLIENT, EDGE], [EDGE, BACKEND], [EDGE, SPARE]],
        &[
            (0, Asks("/a", "")),
            (1, Asks("/a", "")),
            (1, Breaks),
            (2, Asks("/a", "")),
            (2, Answers),
            (0, Answers),
        ],
    );
    let steps = story.steps();
    let trail = story.trail(steps[0]).expect("it was handed on");
    let legs: Vec<_> =
        trail.legs.iter().map(|leg| (leg.track.letter(), leg.from, leg.attempt)).collect();
    assert_eq!(legs, [("A".into(), None, 1), ("B".into(), Some(0), 1), ("C".into(), Some(0), 2)]);
    let answered: Vec<bool> = trail.legs.iter().map(|leg| leg.answered).collect();
    assert_eq!(answered, [true, false, true]);
    assert_eq!(trail.flights(&story), steps, "every step is a part of it");
    // Whichever of its steps one follows, it is the same trail.
    for step in &steps {
        assert_eq!(story.trail(*step).as_ref(), Some(&trail));
    }
    for (id, beat) in story.level(Level::Message).filter(|(_, beat)| beat.label != "RST") {
        assert_eq!(story.trail(id).as_ref(), Some(&trail), "{beat:?}");
    }
}

/// Each share of the time of what the first step asks, in microseconds: whose, of which leg, from
/// when until when. The shares of each leg make up its whole.
#[track_caller]
fn check_cost(story: &Story, expected: &[&str]) {
    let trail = story.trail(story.steps()[0]).expect("it was handed on");
    let cost = trail.cost(story).expect("its times add up");
    let letter = |at: usize| trail.legs[at].track.letter();
    let told: Vec<String> = cost
        .shares
        .iter()
        .map(|share| {
            let what = match share.what {
                What::Leg(at) => letter(at),
                What::Opens(track, trips) => format!("{} opens, {trips}", track.letter()),
                What::Own(actor) => story.cast[usize::from(actor.0)].name.clone(),
            };
            let of = share.of.map(|at| format!(" of {}", letter(at))).unwrap_or_default();
            let spans: Vec<String> = share
                .spans
                .iter()
                .map(|(from, until)| format!("{}-{}", from / 1_000, until / 1_000))
                .collect();
            format!("{what}{of}: {}", spans.join(", "))
        })
        .collect();
    assert_eq!(told, expected);
    for at in 0..trail.legs.len() {
        let own = cost.shares.iter().find(|share| share.what == What::Leg(at)).expect("a share");
        let parts = || cost.shares.iter().filter(|share| share.of == Some(at));
        let sum: i64 = parts().map(Share::nanos).sum();
        assert!(parts().next().is_none() || sum == own.nanos(), "{at}: {sum} of {own:?}");
    }
}

#[test]
fn the_shares_of_a_cost_add_up() {
    check_cost(
        &play(&THROUGH, &passed("", "")),
        &["A: 0-30", "B of A: 10-20", "192.0.2.5 of A: 0-10, 20-30"],
    );
    let asks = |at| (at, Asks("/a", ""));
    let tried = [asks(0), asks(1), (1, Breaks), (2, Opens), asks(2), (2, Answers), (0, Answers)];
    let story = play(&[[CLIENT, EDGE], [EDGE, BACKEND], [EDGE, SPARE]], &tried);
    check_cost(
        &story,
        &[
            "A: 0-80",
            "B of A: 10-20",
            "C opens, 1 of A: 30-40",
            "C of A: 60-70",
            "192.0.2.5 of A: 0-10, 20-30, 40-60, 70-80",
        ],
    );
    let trail = story.trail(story.steps()[0]).expect("it was handed on");
    assert_eq!(trail.cost(&story).and_then(|cost| cost.retries), Some(50_000));
    // Of two proxies, each has its own share.
    let ends = [[CLIENT, EDGE], [EDGE, BACKEND], [BACKEND, SPARE]];
    let steps = [asks(0), asks(1), asks(2), (2, Answers), (1, Answers), (0, Answers)];
    check_cost(
        &play(&ends, &steps),
        &[
            "A: 0-50",
            "B of A: 10-40",
            "C of B: 20-30",
            "10.0.0.21 of B: 10-20, 30-40",
            "192.0.2.5 of A: 0-10, 40-50",
        ],
    );
}

#[test]
fn what_was_asked_at_once_has_no_cost_that_adds_up() {
    let id = "X-Request-ID: 7f\r\n";
    let story = play(
        &[[CLIENT, EDGE], [EDGE, BACKEND], [EDGE, SPARE]],
        &[
            (0, Asks("/order", id)),
            (1, Asks("/price", id)),
            (2, Asks("/stock", id)),
            (1, Answers),
            (2, Answers),
            (0, Answers),
        ],
    );
    let trail = story.trail(story.steps()[0]).expect("it led to others");
    assert_eq!(trail.cost(&story), None);
}
