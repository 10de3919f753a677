//! What messages mean.

use super::{answer, message, name, over_udp, query, question, record};
use crate::protocols::stage::{Step, ask, say};
use crate::telling::{Outcome, Telling};

/// What is told of the last message.
fn told(port: u16, steps: &[Step]) -> Telling {
    let stage = over_udp(port, steps);
    let message = stage.messages().last().unwrap();
    let view = stage.view();
    let layer = view.layer(message.layer).unwrap();
    crate::registry::standard().get(layer.protocol).tell(message, &view).unwrap()
}

fn check(steps: &[Step], label: &str, headline: &str, lesson: &str) -> Telling {
    let told = told(53, steps);
    assert_eq!(told.label, label);
    assert!(told.headline.contains(headline), "{}", told.headline);
    assert_eq!(told.lesson, Some(lesson));
    told
}

#[test]
fn a_question_asks_and_an_answer_answers() {
    let asked = ask(query(1, "example.com", 1));
    let told =
        check(std::slice::from_ref(&asked), "A example.com", "IPv4 addresses", "dns/question");
    assert!(told.turn.asks && told.detail.contains("Recursion desired"), "{}", told.detail);
    let records = [
        record("example.com", 5, &name("x.net")),
        record("x.net", 1, &[192, 0, 2, 1]),
        record("x.net", 1, &[192, 0, 2, 2]),
    ];
    let said = say(answer(1, "example.com", 1, &records));
    let told = check(&[asked.clone(), said.clone()], "192.0.2.1 and 1 more", "Gives", "dns/answer");
    assert!(told.turn.answers && told.detail.contains("example.com is an alias of x.net."));
    assert!(told.detail.contains("kept for 300 seconds"), "{}", told.detail);
    let told = check(&[said], "192.0.2.1 and 1 more", "Gives", "dns/answer");
    assert!(!told.turn.answers, "nothing is known that it would answer");
    let told = check(&[asked.clone(), asked], "A example.com", "the same again", "dns/question");
    assert_eq!(told.outcome, Outcome::Repeated);
}

#[test]
fn a_no_has_its_reasons() {
    let asked = ask(query(1, "e.org", 1));
    let reply = |flags: u16, authority: &[Vec<u8>]| {
        say(message(1, flags, [&[question("e.org", 1)], &[], authority, &[]]))
    };
    let soa = [record("org", 6, &[&name("a")[..], &name("b"), &[0; 20]].concat())];
    let ns = [record("org", 2, &name("ns.org"))];
    let steps = |last: Step| [asked.clone(), last];
    let told = check(
        &steps(reply(0x8183, &soa)),
        "No such name",
        "There is no such name",
        "dns/no-such-name",
    );
    assert_eq!(told.outcome, Outcome::Refused);
    check(&steps(reply(0x8180, &soa)), "no data", "no records of this type", "dns/no-such-name");
    check(&steps(reply(0x8000, &ns)), "referral", "knows who does", "dns/answer");
    check(&steps(reply(0x8182, &[])), "Server failure", "has no answer", "dns/answer");
    check(&steps(reply(0x8380, &[])), "truncated", "again over TCP", "dns/truncated");
    let part = [record("e.org", 1, &[192, 0, 2, 1])];
    let part = message(1, 0x8380, [&[question("e.org", 1)], &part, &[], &[]]);
    let told = check(&steps(say(part)), "truncated", "again over TCP", "dns/truncated");
    let counts = "1 record came with it, and count for nothing: all of them will come over TCP.";
    assert!(told.detail.ends_with(counts), "{}", told.detail);
}

#[test]
fn on_the_link_everybody_is_asked() {
    let told = told(5353, &[ask(message(0, 0, [&[question("y.local", 1)], &[], &[], &[]]))]);
    assert_eq!((told.label.as_str(), told.lesson), ("A y.local", Some("dns/multicast")));
    assert!(!told.turn.asks, "who answers, answers from an address of its own");
}
