//! Questions and their answers, over datagrams and streams.

use super::{answer, framed, message, over_tcp, over_udp, query, record};
use crate::message::Relation;
use crate::protocols::stage::{Played, Step, ask, crumble, cut, frames, play, say};

/// Who relates to whom, by position: `1 Answers 0`.
fn relations(stage: &Played) -> Vec<String> {
    let related = stage.related();
    related.iter().map(|one| format!("{} {:?} {}", one.from.0, one.relation, one.to.0)).collect()
}

fn a(id: u16, of: &str) -> Vec<u8> {
    answer(id, of, 1, &[record(of, 1, &[192, 0, 2, 1])])
}

fn check(steps: &[Step], expected: &[&str]) {
    assert_eq!(relations(&over_udp(53, steps)), expected);
}

#[test]
fn an_answer_finds_its_question_by_number_and_name() {
    check(
        &[ask(query(1, "a.e", 1)), ask(query(2, "b.e", 1)), say(a(2, "b.e")), say(a(1, "A.e"))],
        &["2 Answers 1", "3 Answers 0"],
    );
    // The same number, asked for something else.
    check(&[ask(query(1, "a.e", 1)), ask(query(1, "b.e", 1)), say(a(1, "a.e"))], &["2 Answers 0"]);
}

#[test]
fn what_does_not_match_stays_alone() {
    check(&[say(a(1, "a.e")), ask(query(1, "a.e", 1))], &[]);
    check(&[ask(query(1, "a.e", 1)), say(a(2, "a.e"))], &[]);
    check(&[ask(query(1, "a.e", 1)), say(a(1, "b.e"))], &[]);
    check(&[ask(query(1, "a.e", 1)), ask(a(1, "a.e"))], &[]);
}

#[test]
fn an_error_may_come_without_the_question() {
    let refused = message(1, 0x8185, [&[], &[], &[], &[]]);
    check(&[ask(query(1, "a.e", 1)), say(refused)], &["1 Answers 0"]);
}

#[test]
fn repetitions_are_known() {
    let steps = [
        ask(query(1, "a.e", 1)),
        ask(query(1, "a.e", 1)),
        say(a(1, "a.e")),
        say(a(1, "a.e")),
        ask(query(1, "a.e", 1)),
    ];
    check(&steps, &["1 Repeats 0", "2 Answers 0", "3 Repeats 2"]);
    let stage = over_udp(53, &steps);
    assert_eq!(stage.values("dns.retransmit_request_in"), "1");
    assert_eq!(stage.values("dns.response_to"), "1");
    assert_eq!(stage.values("dns.time"), "2000000");
    assert_eq!(stage.values("dns.retransmit_response_in"), "3");
    assert_eq!(stage.values("dns.unsolicited"), "");
}

#[test]
fn only_so_many_questions_are_remembered() {
    let mut steps: Vec<_> = (0..1025u16).map(|id| ask(query(id, "a.e", 1))).collect();
    steps.extend([say(a(0, "a.e")), say(a(1, "a.e"))]);
    check(&steps, &["1026 Answers 1"]);
}

#[test]
fn mdns_numbers_nothing() {
    let stage = over_udp(5353, &[ask(query(0, "a.local", 1)), say(a(0, "a.local"))]);
    assert_eq!(relations(&stage), [""; 0]);
}

#[test]
fn a_stream_is_cut_into_messages() {
    let both = [framed(&query(1, "a.e", 1)), framed(&query(2, "b.e", 28))].concat();
    let steps = [ask(both), say(framed(&a(2, "b.e"))), say(framed(&a(1, "a.e")))];
    let rows = "dns@1 Standard query 0x0001 A a.e\n\
                dns@1 Standard query 0x0002 AAAA b.e\n\
                dns@2 Standard query response 0x0002 A b.e A 192.0.2.1\n\
                dns@3 Standard query response 0x0001 A a.e A 192.0.2.1\n";
    assert_eq!(over_tcp(&steps).rows(), rows);
    assert_eq!(over_tcp(&steps).values("dns.length"), "21 21 40 40");
    // By content, on a port that says nothing.
    assert_eq!(play(&steps).rows(), rows);
    let names = |stage: &Played| stage.values("dns.qry.name");
    for at in 1..60 {
        assert_eq!(names(&over_tcp(&cut(&steps, at))), "a.e b.e b.e a.e", "cut at {at}");
    }
    let crumbs = over_tcp(&crumble(&steps));
    assert_eq!(names(&crumbs), "a.e b.e b.e a.e");
    assert_eq!(crumbs.messages()[3].done.number(), frames(&crumbs), "the last byte completes it");
}

#[test]
fn behind_a_hole_the_next_whole_message_is_found() {
    let steps = [
        ask(framed(&query(1, "a.e", 1))),
        say(&framed(&a(1, "a.e"))[..10]),
        Step::Miss(30),
        ask(framed(&query(2, "b.e", 1))),
        say(framed(&a(2, "b.e"))),
    ];
    let stage = over_tcp(&steps);
    assert_eq!(stage.values("dns.qry.name"), "a.e b.e b.e");
    let last = stage.related().last().map(|one| one.relation);
    assert_eq!(last, Some(Relation::Answers));
}

#[test]
fn what_is_no_dns_is_given_up_or_shown_as_it_is() {
    let text = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    assert!(over_tcp(&[ask(text)]).rows().starts_with("http@1 GET"), "content decides");
    assert_eq!(over_tcp(&[ask([0x20; 40]), say("x")]).rows(), "data@1 40 bytes\ndata@2 1 bytes\n");
    let late = over_tcp(&[ask(framed(&query(1, "a.e", 1))), say([0x20; 40])]);
    assert_eq!(late.rows(), "dns@1 Standard query 0x0001 A a.e\n");
    let odd = over_udp(53, &[ask(query(1, "a.e", 1)), ask("this is no message")]);
    assert_eq!(odd.rows(), "dns@1 Standard query 0x0001 A a.e\ndata@2 18 bytes\n");
}

#[test]
fn a_message_that_lost_its_end_is_told_as_far_as_it_goes() {
    let framed = framed(&a(1, "a.e"));
    for (keep, expected) in [
        (1, "data@2 1 bytes\n"),
        (13, "data@2 13 bytes\n"),
        (23, "dns@2 Standard query response 0x0001 A a.e\n"),
        (41, "dns@2 Standard query response 0x0001 A a.e A\n"),
    ] {
        let steps = [ask(self::framed(&query(1, "a.e", 1))), say(&framed[..keep])];
        let expected = format!("dns@1 Standard query 0x0001 A a.e\n{expected}");
        assert_eq!(over_tcp(&steps).rows(), expected, "{keep}");
    }
    let steps = [ask(self::framed(&query(1, "a.e", 1))), say(&framed[..23])];
    assert_eq!(relations(&over_tcp(&steps)), ["1 Answers 0"]);
}
