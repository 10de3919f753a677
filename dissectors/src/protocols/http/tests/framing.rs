//! Where messages begin and end: RFC 9112, section 6.3, rule by rule.

use crate::protocols::stage::{Step, ask, play, say};

/// Plays the steps and compares the rows that come out.
fn check(steps: &[Step], expected: &[&str]) {
    let rows = play(steps).rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(found, expected);
}

const GET: &str = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

#[test]
fn a_flood_of_header_fields_is_named_and_not_read() {
    let flood = "GET / HTTP/1.1\r\n".to_owned() + &"X-Flood: 0123456789\r\n".repeat(20_000);
    let stage = play(&[ask(flood), say("HTTP/1.1 431 Too Large\r\nContent-Length: 0\r\n\r\n")]);
    let notes = stage.messages().iter().flat_map(|one| stage.describe(one).notes);
    let named = "A head longer than anyone takes, as in a flood of header fields: it is not read";
    assert!(notes.collect::<Vec<_>>().contains(&named.to_owned()), "{}", stage.rows());
    assert_eq!(stage.values("http.response.code"), "431");
}

#[test]
fn a_request_and_its_response() {
    check(
        &[
            ask(GET),
            say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: Text/Plain; q=1\r\n\r\nhi"),
        ],
        &["http@1 GET / HTTP/1.1 ", "http@2 HTTP/1.1 200 OK  (text/plain)"],
    );
}

#[test]
fn a_kept_connection_carries_one_after_the_other() {
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
    check(
        &[ask(GET), say(ok), say("hi"), ask(GET), say(format!("{ok}ho"))],
        &[
            "http@1 GET / HTTP/1.1 ",
            "http@3 HTTP/1.1 200 OK ",
            "http@4 GET / HTTP/1.1 ",
            "http@5 HTTP/1.1 200 OK ",
        ],
    );
}

#[test]
fn pipelined_responses_answer_in_order() {
    let stage = play(&[
        ask(format!("{GET}HEAD /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n")),
        say(
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
        ),
        say("HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\n3"),
    ]);
    let asked = "http://h/ http://h/a http://h/b";
    assert_eq!(stage.values("http.request.full_uri"), format!("{asked} {asked}"));
    assert_eq!(stage.values("http.request.uri"), "/ /a /b / /a /b");
    assert_eq!(stage.values("http.request_in"), "1 1 1");
    let answers: Vec<_> = stage.related().iter().map(|one| (one.from.0, one.to.0)).collect();
    assert_eq!(answers, [(3, 0), (4, 1), (5, 2)]);
}

#[test]
fn responses_that_have_no_body_whatever_they_announce() {
    for head in ["204 No Content", "304 Not Modified"] {
        check(
            &[
                ask(GET),
                say(format!("HTTP/1.1 {head}\r\nContent-Length: 5\r\n\r\n")),
                ask(GET),
                say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
            ],
            &[
                "http@1 GET / HTTP/1.1 ",
                &format!("http@2 HTTP/1.1 {head} "),
                "http@3 GET / HTTP/1.1 ",
                "http@4 HTTP/1.1 200 OK ",
            ],
        );
    }
}

#[test]
fn an_interim_response_leaves_the_request_waiting() {
    let stage = play(&[
        ask("PUT /f HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"),
        say("HTTP/1.1 100 Continue\r\n\r\n"),
        ask("abc"),
        say("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"),
    ]);
    assert_eq!(
        stage.rows(),
        "http@2 HTTP/1.1 100 Continue \nhttp@3 PUT /f HTTP/1.1 \nhttp@4 HTTP/1.1 201 Created \n"
    );
    assert_eq!(stage.values("http.request_in"), "1 3");
    assert_eq!(stage.values("http.file_data"), "abc");
}

#[test]
fn a_body_without_a_length_ends_with_the_connection() {
    check(
        &[ask(GET), say("HTTP/1.0 200 OK\r\n\r\nso"), say("me"), Step::Fin],
        &["http@1 GET / HTTP/1.1 ", "http@3 HTTP/1.0 200 OK "],
    );
}

#[test]
fn after_connect_another_protocol_speaks() {
    check(
        &[
            ask("CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n"),
            say("HTTP/1.1 200 Connected\r\nContent-Length: 7\r\n\r\n"),
            ask("\x01\x02\x03"),
            say("\x04"),
            Step::Miss(9),
            say("\x05\x06"),
        ],
        &[
            "http@1 CONNECT x:443 HTTP/1.1 ",
            "http@2 HTTP/1.1 200 Connected ",
            "data@3 3 bytes",
            "data@4 1 bytes",
            "data@6 2 bytes",
        ],
    );
}

#[test]
fn after_an_upgrade_what_follows_belongs_to_the_new_protocol() {
    check(
        &[
            ask("GET /s HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: odd/1\r\n\r\n"),
            say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: odd/1\r\n\r\nraw"),
            ask("more"),
        ],
        &[
            "http@1 GET /s HTTP/1.1 ",
            "http@2 HTTP/1.1 101 Switching Protocols ",
            "data@2 3 bytes",
            "data@3 4 bytes",
        ],
    );
}

#[test]
fn broken_lengths_are_read_to_the_end_and_noted() {
    let stage =
        play(&[ask(GET), say("HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nabc"), Step::Fin]);
    assert_eq!(stage.values("http.file_data"), "abc");
    let notes = stage.describe(&stage.messages()[1]).notes;
    let differ = "It bears lengths that differ: a reader has to refuse it, and one who picks a \
                  length sees another message begin elsewhere (RFC 9110, section 8.6)";
    assert_eq!(notes, [differ, "Content-Length is not one decimal number of bytes"]);
}

#[test]
fn a_gap_inside_a_body_costs_only_the_body() {
    let stage = play(&[
        ask(GET),
        say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
        Step::Miss(4),
        say("xyz"),
        ask(GET),
        say("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n!"),
    ]);
    assert_eq!(stage.values("http.response_number"), "1 2");
    assert_eq!(stage.values("http.file_data"), "abcxyz !");
}

#[test]
fn after_a_gap_in_a_head_reading_goes_on_with_the_next_head() {
    let stage = play(&[
        ask(GET),
        say("HTTP/1.1 200 OK\r\nContent-Le"),
        Step::Miss(20),
        say("rest of a body"),
        say("HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\n!"),
    ]);
    assert_eq!(
        stage.rows(),
        "http@1 GET / HTTP/1.1 \nhttp@4 HTTP/1.1 200 OK \nhttp@4 Continuation\n\
         http@5 HTTP/1.1 404 Not Found \n"
    );
}

#[test]
fn a_coding_is_chunked_by_its_name_and_whatever_stands_behind_it() {
    let chunked = |coding: &str| {
        let head =
            format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: {coding}\r\n\r\n1\r\n!\r\n0\r\n\r\n");
        play(&[ask(GET), say(head), Step::Fin]).values("http.chunk_size") == "1 0"
    };
    for coding in ["chunked", "chUnked", "gzip, chunked", ", chunked ,", "\r\n chunked"]
        .into_iter()
        .chain(["chunked;", "chunked ; a=b", "chunked\0"])
    {
        assert!(chunked(coding), "{coding:?}");
    }
    for coding in ["chunkedx", "chunked, gzip", "\x0cchunked", ";chunked"] {
        assert!(!chunked(coding), "{coding:?}");
    }
}
