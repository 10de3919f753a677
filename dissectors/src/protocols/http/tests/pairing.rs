//! Who answers whom where the capture has holes, or stored a response before its request.

use crate::protocols::stage::{Played, Step, ask, play, play_known, say};

fn get(path: &str) -> Step {
    ask(format!("GET /{path} HTTP/1.1\r\nHost: h\r\n\r\n"))
}

fn answer(name: &str) -> Step {
    say(format!("HTTP/1.1 200 {name}\r\nContent-Length: 1\r\n\r\n!"))
}

/// Several requests in one segment.
fn together(paths: &[&str]) -> Step {
    let one = |path: &&str| format!("GET /{path} HTTP/1.1\r\nHost: h\r\n\r\n");
    ask(paths.iter().map(one).collect::<String>())
}

/// Plays the steps: each response in its order, with the path of the request it answers, or `-`.
fn check(steps: &[Step], expected: &str) {
    compare(&play(steps), steps, expected);
}

/// The same, knowing what comes, as from a recording: holes are told where they begin.
fn check_known(steps: &[Step], expected: &str) {
    compare(&play_known(steps), steps, expected);
}

fn compare(stage: &Played, steps: &[Step], expected: &str) {
    let heard = stage.messages().iter().map(|message| stage.describe(message).fields);
    let value = |fields: &[(&'static str, String)], name: &str| {
        fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    };
    let told: Vec<String> = heard
        .filter_map(|fields| {
            let name = value(&fields, "http.response.phrase")?;
            let uri = value(&fields, "http.request.full_uri");
            let path = uri.as_deref().and_then(|uri| uri.strip_prefix("http://h/"));
            Some(format!("{name}:{}", path.unwrap_or("-")))
        })
        .collect();
    assert_eq!(told.join(" "), expected, "{steps:?}");
}

const LOST: u32 = 78;

#[test]
fn a_lost_response_shifts_nothing() {
    check(
        &[
            get("0"),
            answer("0"),
            get("1"),
            Step::Miss(LOST),
            get("2"),
            answer("two"),
            get("3"),
            answer("three"),
        ],
        "0:0 two:2 three:3",
    );
    let lost = [get("1"), answer("1"), Step::Miss(LOST), get("2"), get("3"), answer("3")];
    check_known(&lost, "1:1 3:3");
    // The same where the hole is the very first that the server says, and nobody reads yet.
    check(
        &[Step::Open, get("1"), Step::Miss(LOST), get("2"), answer("two"), get("3"), answer("3")],
        "two:2 3:3",
    );
    // Its head is lost, and its body is there.
    check(
        &[get("1"), answer("1"), get("2"), Step::Miss(9), say("body"), get("3"), answer("3")],
        "1:1 3:3",
    );
}

#[test]
fn where_both_are_missing_nothing_is_told_as_an_answer() {
    check_known(
        &[
            Step::Open,
            get("1"),
            Step::Miss(LOST),
            Step::MissAsked(35),
            answer("two"),
            get("3"),
            answer("three"),
        ],
        "two:- three:3",
    );
}

#[test]
fn a_lost_request_shifts_nothing() {
    check(
        &[get("1"), answer("1"), Step::MissAsked(35), answer("2"), get("3"), answer("3")],
        "1:1 2:- 3:3",
    );
}

#[test]
fn a_response_stored_before_its_request_shifts_nothing() {
    check(&[answer("1"), get("1"), get("2"), answer("2"), get("3"), answer("3")], "1:- 2:2 3:3");
    // A capture that began in the middle of a connection.
    check(&[answer("0"), get("1"), answer("1"), get("2"), answer("2")], "0:- 1:1 2:2");
}

#[test]
fn of_several_requests_at_once_none_is_guessed_at() {
    check(
        &[
            together(&["1", "2", "3"]),
            answer("1"),
            Step::Miss(LOST),
            answer("3"),
            together(&["4", "5"]),
            answer("4"),
            answer("5"),
        ],
        "1:1 3:- 4:4 5:5",
    );
    // A hole in the requests of such a client.
    check(
        &[
            together(&["1", "2"]),
            answer("1"),
            answer("2"),
            Step::MissAsked(35),
            together(&["4", "5"]),
            answer("3"),
            answer("4"),
            together(&["6", "7"]),
            answer("6"),
            answer("7"),
        ],
        "1:1 2:2 3:- 4:- 6:6 7:7",
    );
    // The last one that waits is certain again.
    check(
        &[together(&["1", "2"]), answer("1"), Step::Miss(3), answer("2"), get("3"), answer("3")],
        "1:1 2:2 3:3",
    );
}

#[test]
fn an_interim_response_behind_a_hole_belongs_to_the_latest_request() {
    let go_on = || say("HTTP/1.1 100 Continue\r\n\r\n");
    check(
        &[
            Step::Open,
            get("1"),
            Step::Miss(LOST),
            get("2"),
            go_on(),
            answer("2"),
            get("3"),
            answer("3"),
        ],
        "Continue:2 2:2 3:3",
    );
}

#[test]
fn head_requests_have_answers_without_bodies_even_where_none_is_certain() {
    let head = |path: &str| format!("HEAD /{path} HTTP/1.1\r\nHost: h\r\n\r\n");
    let bare = |name: &str| say(format!("HTTP/1.1 200 {name}\r\nContent-Length: 9\r\n\r\n"));
    let asked = ask(head("1") + &head("2") + &head("3"));
    check(&[asked, bare("1"), Step::Miss(40), bare("3"), get("4"), answer("4")], "1:1 3:- 4:4");
}
