//! Tests of XMPP up to TLS.

use crate::protocols::stage::{Step, ask, check_told, crumble, cut, hello, on_port, say};

const OPEN: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
                    xmlns:stream='http://etherx.jabber.org/streams' to='a'>";
const TLS: &str = "xmlns='urn:ietf:params:xml:ns:xmpp-tls'";

fn everything() -> Vec<Step> {
    vec![
        ask(OPEN),
        say(format!("{OPEN} <stream:features><starttls {TLS}/></stream:features>")),
        ask(" \n"),
        ask(format!("<starttls {TLS}/>")),
        say(format!("<proceed {TLS}/>")),
        ask(hello()),
    ]
}

#[test]
fn a_dialogue() {
    let stage = on_port(5222, &everything());
    let rows = stage.rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "xmpp@1 STREAM ",
            "xmpp@2 STREAM ",
            "xmpp@2 FEATURES ",
            "xmpp@4 STARTTLS ",
            "xmpp@5 PROCEED ",
            "tls@6 ",
            "tls@6 Client Hello",
        ]
    );
    let answers: Vec<_> = stage.related().iter().map(|one| (one.from.0, one.to.0)).collect();
    assert_eq!(answers, [(4, 3)]);
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |rows: String| -> Vec<String> {
        rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let whole = numberless(on_port(5222, &everything()).rows());
    for at in 1..120 {
        assert_eq!(numberless(on_port(5222, &cut(&everything(), at)).rows()), whole, "cut at {at}");
    }
    assert_eq!(numberless(on_port(5222, &crumble(&everything())).rows()), whole);
}

#[test]
fn hostile_text_does_no_harm() {
    let deep = "<a>".repeat(300_000);
    let rows = on_port(5222, &[ask(OPEN), ask(deep), ask("x")]).rows();
    assert!(rows.starts_with("xmpp@1 STREAM \nxmpp@2 A"), "{rows}");
    // The same in small segments: no byte is looked at for each of them.
    let small = [vec![ask(OPEN)], crumble(&[ask("<a>".repeat(3_000))])].concat();
    let rows = on_port(5222, &small).rows();
    assert_eq!(rows, "xmpp@1 STREAM \n", "an element that goes on");
}

#[test]
fn what_is_told() {
    let mut refused = everything();
    refused.truncate(4);
    refused.push(say(format!("<failure {TLS}/>")));
    let opens = "<stream:stream> | Opens a stream of elements in its direction";
    let asks = "<starttls> | Asks to go on in TLS on this connection | Until the handshake has \
                ended, anyone on the way can take this away.";
    let features = "<stream:features> | Says what can be agreed on now";
    check_told(&on_port(5222, &refused), &[opens, opens, features, asks, "<failure> | Refuses"]);
    let mut agreed = everything();
    agreed.truncate(5);
    let agrees = "<proceed> | Agrees: the next byte of either side is TLS";
    check_told(&on_port(5222, &agreed), &[opens, opens, features, asks, agrees]);
    check_told(&on_port(5222, &[ask(OPEN), ask("<iq/>")]), &[opens, "<iq> | Sends an element"]);
}
