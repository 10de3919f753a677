//! What the scenarios of patterns, execution and proxying are there to show stands in their
//! stories.

use wirestage_tests::seen::{check, count, told};

const CLIENT: &str = "Client";
const SERVER: &str = "Server";

/// How long, in milliseconds, each accept came after the packet that made it possible.
fn accepts(scenario: &str) -> Vec<i64> {
    let marks = told(scenario).marks.into_iter().filter(|mark| mark.what == "accept");
    marks.map(|mark| mark.after.unwrap_or_default() / 1_000_000).collect()
}

#[test]
fn hosts_answer_pings_and_middleboxes_forget() {
    check(
        "icmp-ping",
        &[
            (CLIENT, "Echo request", "Number 1"),
            (SERVER, "Echo reply", "Sends back what came"),
            (CLIENT, "Echo request", "Number 3"),
            (SERVER, "Echo reply", ""),
        ],
    );
    check(
        "tcp-idle-forgotten",
        &[
            (SERVER, "14 bytes", ""),
            (CLIENT, "17 bytes", "which never comes"),
            (CLIENT, "2 again", "a timer ran out"),
            (CLIENT, "2 again", "its timer ran out"),
        ],
    );
}

#[test]
fn a_full_queue_drops_what_its_kernel_would_have_opened() {
    check(
        "exec-accept-queue",
        &[
            (CLIENT, "ACK", "accept"),
            (CLIENT, "21 bytes", "First in the queue"),
            (CLIENT, "9 bytes", "Second"),
            (CLIENT, "SYN", "Asks again: no answer has been seen"),
            (CLIENT, "23 bytes", "And I waited outside"),
        ],
    );
    let waited = accepts("exec-accept-queue");
    assert!(
        matches!(waited[..], [one, two, last] if one >= 300 && two >= 300 && last < 10),
        "{waited:?}"
    );
    let waited = accepts("exec-socket-buffers");
    assert!(matches!(waited[..], [one] if one >= 10), "{waited:?}");
}

#[test]
fn the_second_client_waits_for_one_thread_and_for_no_other() {
    let second = ("Second client", "GET /report", "read");
    for name in ["exec-single-thread", "exec-thread-per-connection", "exec-event-loop"] {
        check(name, &[("First client", "GET /report", ""), second, (SERVER, "200 OK  20 B", "")]);
        let waited = accepts(name);
        let second_waits = waited.last().is_some_and(|waited| *waited >= 10);
        assert_eq!((waited.len(), second_waits), (2, name == "exec-single-thread"), "{waited:?}");
    }
    let thread = "it has started a thread";
    check("exec-thread-per-connection", &[("Second client", "ACK", thread)]);
}

#[test]
fn what_is_sent_again_is_done_again() {
    check(
        "exec-idempotency",
        &[
            (CLIENT, "POST /payments", ""),
            (SERVER, "RST, ACK", "Breaks the connection off"),
            (CLIENT, "POST /payments", ""),
            (SERVER, "201 Created", ""),
            (SERVER, "200 OK  39 B", ""),
            (SERVER, "RST, ACK", ""),
            (CLIENT, "POST /payments", ""),
            (SERVER, "200 OK  57 B", ""),
        ],
    );
}

#[test]
fn news_are_asked_for_waited_for_or_brought() {
    check(
        "pattern-short-polling",
        &[
            (CLIENT, "POST /reports", ""),
            (SERVER, "202 Accepted", "the work is not done yet"),
            (SERVER, "202 Accepted  8 B", ""),
            (CLIENT, "GET /reports/1", ""),
            (SERVER, "200 OK  10 B", ""),
        ],
    );
    check(
        "pattern-long-polling",
        &[
            (CLIENT, "GET /news/1", ""),
            (SERVER, "200 OK  16 B", ""),
            (CLIENT, "GET /news/3", ""),
            (SERVER, "204 No Content", ""),
            (CLIENT, "GET /news/3", ""),
            (SERVER, "200 OK  15 B", ""),
        ],
    );
    check(
        "pattern-push",
        &[
            (SERVER, "101 Switching Protocols", ""),
            (SERVER, "Text 19 B", "either side may, at any time"),
            (SERVER, "Text 21 B", "1:1, Grace"),
            (CLIENT, "Close", "the match is over"),
        ],
    );
    check(
        "pattern-token-stream",
        &[
            (CLIENT, "POST /chat", ""),
            (SERVER, "event token", "Air"),
            (SERVER, "event token", "most."),
            (SERVER, "event done", "stop"),
        ],
    );
    assert_eq!(count("pattern-token-stream", "event token"), 4);
}

#[test]
fn three_reports_take_three_waits_or_one() {
    check(
        "pattern-sync-async",
        &[
            (CLIENT, "GET /report #1", ""),
            (SERVER, "200 OK #1", ""),
            (CLIENT, "GET /report #5", ""),
            (SERVER, "200 OK #5", ""),
            (CLIENT, "GET /report #11", "3 questions at once"),
            (SERVER, "200 OK #7", ""),
        ],
    );
}

#[test]
fn a_session_lies_with_one_server_and_a_token_with_the_client() {
    let ask = |by| (CLIENT, by, "");
    check(
        "pattern-stateful-stateless",
        &[
            ask("GET /me?by=session"),
            ("Server A", "200 OK  13 B", ""),
            ask("GET /me?by=session"),
            ("Server B", "401 Unauthorized", ""),
            ask("GET /me?by=token"),
            ("Server B", "200 OK  13 B", ""),
            ask("GET /me?by=forged-token"),
            ("Server B", "401 Unauthorized", ""),
            ask("GET /me?by=expired-token"),
            ("Server B", "401 Unauthorized", ""),
            ask("GET /me?by=revoked-token"),
            ("Server A", "401 Unauthorized", ""),
            ask("GET /me?by=revoked-token"),
            ("Server B", "200 OK  13 B", ""),
        ],
    );
}

#[test]
fn a_balancer_keeps_a_connection_together_or_spreads_its_requests() {
    let story = told("balancer-l4-l7");
    let backend = |passage: &wirestage_dissectors::story::passages::Passage| {
        let to = story.beat(passage.handed_on).map(|beat| usize::from(beat.to.0));
        to.and_then(|to| story.cast.get(to)).map(|actor| actor.name.as_str())
    };
    let went: Vec<_> = story.passages.iter().filter_map(backend).collect();
    let [one, two] = ["Backend 1", "Backend 2"];
    assert_eq!(went, [one, one, one, one, two, one]);
}

#[test]
fn a_router_by_name_hands_on_what_it_cannot_open() {
    const ROUTER: &str = "Router";
    check(
        "proxy-sni",
        &[
            (CLIENT, "ClientHello", "server.wirestage.test"),
            (ROUTER, "ClientHello", "Hands the ClientHello on as it came"),
            (CLIENT, "GET /", ""),
            (CLIENT, "ClientHello", "shop.wirestage.test"),
            (ROUTER, "ClientHello", "Hands the ClientHello on as it came"),
        ],
    );
    let story = told("proxy-sni");
    let holds = |name: &str| {
        let who = |actor: usize| story.cast.get(actor).map(|actor| actor.name.as_str());
        story.keys.iter().any(|held| who(usize::from(held.actor.0)) == Some(name))
    };
    assert_eq!([CLIENT, ROUTER, SERVER, "Shop"].map(holds), [true, false, true, true]);
}
