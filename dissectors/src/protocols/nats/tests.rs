//! Tests of NATS: publishing, subscribing, questions with answers, headers, and TLS behind the
//! greeting.

use crate::message::{Related, Relation};
use crate::protocols::stage::{Step, ask, check_told, crumble, cut, hello, on_port, say};

const PORT: u16 = 4222;

fn plain() -> Vec<Step> {
    vec![
        say("INFO {\"server_id\":\"x\"}\r\n"),
        ask("CONNECT {\"verbose\":true}\r\nPING\r\n"),
        say("+OK\r\nPONG\r\n"),
        ask("SUB a.* 1\r\nSUB inbox.1 group 2\r\nPUB ask inbox.1 2\r\nhi\r\n"),
        say("MSG inbox.1 2 5\r\nhe\r\no\r\n"),
        say("MSG a.b 1 reply.9 0\r\n\r\n"),
        ask("pub reply.9 1\r\nx\r\n"),
        ask("HPUB a 22 24\r\nNATS/1.0\r\nKey: one\r\n\r\nhi\r\n"),
        say("HMSG a 1 22 24\r\nNATS/1.0\r\nKey: one\r\n\r\nhi\r\n"),
        ask("UNSUB 1 5\r\n"),
        say("-ERR 'Unknown Protocol Operation'\r\n"),
    ]
}

#[test]
fn lines_and_what_they_carry() {
    let rows = on_port(PORT, &plain()).rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "nats@1 INFO {\"server_id\":\"x\"}",
            "nats@2 CONNECT {\"verbose\":true}",
            "nats@2 PING",
            "nats@3 +OK",
            "nats@3 PONG",
            "nats@4 SUB a.* 1",
            "nats@4 SUB inbox.1 group 2",
            "nats@4 PUB ask inbox.1 2",
            "nats@5 MSG inbox.1 2 5",
            "nats@6 MSG a.b 1 reply.9 0",
            "nats@7 pub reply.9 1",
            "nats@8 HPUB a 22 24",
            "nats@9 HMSG a 1 22 24",
            "nats@10 UNSUB 1 5",
            "nats@11 -ERR 'Unknown Protocol Operation'",
        ]
    );
    let pair =
        |one: &Related| (one.relation == Relation::Answers).then_some((one.from.0, one.to.0));
    let found: Vec<_> = on_port(PORT, &plain()).related().iter().filter_map(pair).collect();
    assert_eq!(found, [(4, 2), (8, 7), (10, 9)]);
}

#[test]
fn fields_have_their_places() {
    let stage = on_port(PORT, &plain());
    for (name, expected) in [
        ("nats.subject", "a.* inbox.1 ask inbox.1 a.b reply.9 a a"),
        ("nats.reply_to", "inbox.1 reply.9"),
        ("nats.subscription.id", "1 2 2 1 1 1"),
        ("nats.subscription.group", "group"),
        ("nats.subscription.max_msgs", "5"),
        ("nats.total_length", "2 5 0 1 24 24"),
        ("nats.body.length", "2 5 0 1 2 2"),
        ("nats.headers.header", "Key: one Key: one"),
        ("nats.err_msg", "'Unknown Protocol Operation'"),
        ("nats.payload", "6869 68650d0a6f 78 6869 6869"),
        ("nats.request.in", "2 4 6"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn tls_may_follow_the_greeting() {
    let steps = [say("INFO {\"server_id\":\"x\",\"tls_required\":true}\r\n"), ask(hello())];
    let rows = on_port(PORT, &steps).rows();
    assert!(rows.ends_with("tls@2 Client Hello\n"), "{rows}");
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |rows: String| -> Vec<String> {
        rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let whole = numberless(on_port(PORT, &plain()).rows());
    for at in 1..40 {
        assert_eq!(numberless(on_port(PORT, &cut(&plain(), at)).rows()), whole, "cut at {at}");
    }
    assert_eq!(numberless(on_port(PORT, &crumble(&plain())).rows()), whole);
}

#[test]
fn what_is_told() {
    let mut steps = plain();
    steps.push(say("MSG a 1 0\r\n\r\n"));
    steps.push(ask("PUB a 0\r\n\r\n"));
    steps.push(ask("PUB a 0"));
    check_told(
        &on_port(PORT, &steps),
        &[
            "INFO | Greets, and says what it can do",
            "CONNECT | Says who it is, and how it wants to be answered",
            "PING | Asks whether the other side is still there",
            "+OK | Has taken the line",
            "PONG | Says that it is still here",
            "SUB a.* | Wants the messages of these subjects",
            "SUB inbox.1 | Wants the messages of these subjects",
            "PUB ask | Asks: who has an answer publishes it on the subject named here | It carries 2 bytes.",
            "MSG inbox.1 | Answers on the subject that the question named | It carries 5 bytes.",
            "MSG a.b | Hands a question to who subscribed | It carries 0 bytes.",
            "PUB reply.9 | Answers on the subject that the question named | It carries 1 byte.",
            "PUB a | Publishes a message, and no answer will come | It carries 24 bytes.",
            "MSG a | Hands a message to who subscribed | It carries 24 bytes.",
            "UNSUB | No longer wants them, or only so many more",
            "-ERR | Complains, and mostly ends the connection | 'Unknown Protocol Operation'.",
            "MSG a | Hands a message to who subscribed | It carries 0 bytes.",
            "PUB a | Publishes a message, and no answer will come | It carries 0 bytes.",
            "line | A line that is not whole",
        ],
    );
}
