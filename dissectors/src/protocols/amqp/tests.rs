//! Tests of AMQP 0-9-1: the way in, methods and what answers them, content, and what goes wrong.

use crate::message::{Related, Relation};
use crate::protocols::stage::{Step, ask, check_told, crumble, cut, on_port, play, say};

/// A frame.
fn frame(kind: u8, channel: u16, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind];
    bytes.extend(channel.to_be_bytes());
    bytes.extend((content.len() as u32).to_be_bytes());
    bytes.extend(content);
    bytes.push(0xce);
    bytes
}

/// A frame with a method.
fn method(channel: u16, class: u16, number: u16, arguments: &[&[u8]]) -> Vec<u8> {
    let head = [class.to_be_bytes(), number.to_be_bytes()].concat();
    frame(1, channel, &[&head[..], &arguments.concat()].concat())
}

/// A text behind its length.
fn text(value: &str) -> Vec<u8> {
    [&[value.len() as u8][..], value.as_bytes()].concat()
}

fn long(value: &[u8]) -> Vec<u8> {
    [&(value.len() as u32).to_be_bytes()[..], value].concat()
}

fn opening() -> Vec<Step> {
    let table =
        long(&[&text("product")[..], b"S", &long(b"broker"), &text("n"), b"I", &[0; 4]].concat());
    vec![
        ask(b"AMQP\0\0\x09\x01"),
        say(method(0, 10, 10, &[&[0, 9], &table, &long(b"PLAIN"), &long(b"en_US")])),
        ask(method(0, 10, 11, &[&[0; 4], &text("PLAIN"), &long(b"\0joe\0secret"), &text("en_US")])),
        say(method(0, 10, 30, &[&[0, 9, 0, 2, 0, 0, 0, 60]])),
        ask([
            method(0, 10, 31, &[&[0, 9, 0, 2, 0, 0, 0, 60]]),
            method(0, 10, 40, &[&text("/"), &[0, 0]]),
        ]
        .concat()),
        say(method(0, 10, 41, &[&[0]])),
    ]
}

fn talk() -> Vec<Step> {
    let header =
        [&[0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0x90, 0][..], &text("text/plain"), &[2]].concat();
    let mut steps = opening();
    steps.extend([
        ask(method(1, 20, 10, &[&[0]])),
        say(method(1, 20, 11, &[&[0; 4]])),
        ask(method(1, 50, 10, &[&[0, 0], &text("jobs"), &[0x02], &[0; 4]])),
        say(method(1, 50, 11, &[&text("jobs"), &[0; 8]])),
        ask([
            method(1, 60, 40, &[&[0, 0], &text("logs"), &text("a.b"), &[0]]),
            frame(2, 1, &header),
            frame(3, 1, b"hello"),
        ]
        .concat()),
        ask(method(1, 60, 70, &[&[0, 0], &text("jobs"), &[1]])),
        say(method(1, 60, 72, &[&[0]])),
        say(frame(8, 0, &[])),
        say(method(1, 20, 40, &[&[1, 0x94], &text("NOT_FOUND"), &[0; 4]])),
        ask(method(1, 20, 41, &[])),
        ask(method(0, 10, 50, &[&[0, 200], &text("bye"), &[0; 4]])),
        say(method(0, 10, 51, &[])),
    ]);
    steps
}

#[test]
fn frames_and_what_they_are_about() {
    let rows = play(&talk()).rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "amqp@1 Protocol-Header 0-9-1",
            "amqp@2 Connection.Start",
            "amqp@3 Connection.Start-Ok",
            "amqp@4 Connection.Tune",
            "amqp@5 Connection.Tune-Ok",
            "amqp@5 Connection.Open vhost=/",
            "amqp@6 Connection.Open-Ok",
            "amqp@7 Channel.Open",
            "amqp@8 Channel.Open-Ok",
            "amqp@9 Queue.Declare q=jobs",
            "amqp@10 Queue.Declare-Ok q=jobs",
            "amqp@11 Basic.Publish x=logs rk=a.b",
            "amqp@11 Content-Header",
            "amqp@11 Content-Body",
            "amqp@12 Basic.Get q=jobs",
            "amqp@13 Basic.Get-Empty",
            "amqp@14 Heartbeat",
            "amqp@15 Channel.Close reply=NOT_FOUND",
            "amqp@16 Channel.Close-Ok",
            "amqp@17 Connection.Close reply=bye",
            "amqp@18 Connection.Close-Ok",
        ]
    );
}

#[test]
fn methods_are_answered_by_those_of_their_class_and_channel() {
    let pair =
        |one: &Related| (one.relation == Relation::Answers).then_some((one.from.0, one.to.0));
    let found: Vec<_> = play(&talk()).related().iter().filter_map(pair).collect();
    let expected =
        [(1, 0), (2, 1), (3, 2), (4, 3), (6, 5), (8, 7), (10, 9), (15, 14), (18, 17), (20, 19)];
    assert_eq!(found, expected);
}

#[test]
fn fields_have_their_places() {
    let stage = play(&talk());
    for (name, expected) in [
        ("amqp.type", "1 1 1 1 1 1 1 1 1 1 1 2 3 1 1 8 1 1 1 1"),
        ("amqp.channel", "0 0 0 0 0 0 1 1 1 1 1 1 1 1 1 0 1 1 0 0"),
        ("amqp.table.name", "product n"),
        ("amqp.table.text", "broker"),
        ("amqp.method.arguments.mechanism", "PLAIN"),
        ("amqp.method.arguments.virtual_host", "/"),
        ("amqp.method.arguments.queue", "jobs jobs jobs"),
        ("amqp.method.arguments.exchange", "logs"),
        ("amqp.method.arguments.routing_key", "a.b"),
        ("amqp.method.arguments.durable", "1"),
        ("amqp.header.body-size", "5"),
        ("amqp.method.properties.content_type", "text/plain"),
        ("amqp.method.properties.delivery_mode", "2"),
        ("amqp.payload", "68656c6c6f"),
        ("amqp.method.arguments.reply_code", "404 200"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |rows: String| -> Vec<String> {
        rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let whole = numberless(on_port(5672, &talk()).rows());
    for at in 1..40 {
        assert_eq!(numberless(on_port(5672, &cut(&talk(), at)).rows()), whole, "cut at {at}");
    }
    assert_eq!(numberless(on_port(5672, &crumble(&talk())).rows()), whole);
}

#[test]
fn a_frame_that_ends_otherwise_is_noted() {
    let mut bytes = frame(8, 0, &[]);
    bytes.pop();
    bytes.push(7);
    let stage = play(&[ask([&b"AMQP\0\0\x09\x01"[..], &bytes].concat())]);
    let heard = stage.describe(&stage.messages()[1]);
    assert_eq!(heard.notes, ["A frame ends with 0xce, and this one with 0x07"]);
}

#[test]
fn what_is_told() {
    let name = || text("q");
    let mut steps = talk();
    steps.extend([
        ask([
            method(2, 40, 10, &[&[0, 0], &text("logs"), &text("topic"), &[2], &[0; 4]]),
            method(2, 50, 20, &[&[0, 0], &name(), &name(), &name(), &[0; 5]]),
            method(2, 50, 30, &[&[0, 0], &name(), &[0]]),
            method(2, 60, 10, &[&[0; 6], &[0]]),
            method(2, 60, 10, &[&[0, 0, 0, 0, 0, 1], &[0]]),
            method(2, 60, 20, &[&[0, 0], &name(), &name(), &[0; 5]]),
            method(2, 85, 10, &[&[0]]),
            method(2, 90, 10, &[]),
            method(2, 60, 80, &[&[0; 8], &[0]]),
            method(2, 60, 90, &[&[0; 8], &[1]]),
        ]
        .concat()),
        say([
            method(2, 60, 60, &[&name(), &[0; 8], &[0], &name(), &name()]),
            method(2, 60, 60, &[&name(), &[0, 0, 0, 0, 0, 0, 0, 2], &[1], &name(), &name()]),
            method(2, 60, 50, &[&[0, 0], &name(), &name(), &name()]),
            method(2, 60, 71, &[&[0; 8], &[0], &name(), &name(), &[0; 4]]),
            method(0, 10, 61, &[]),
            method(2, 99, 1, &[]),
        ]
        .concat()),
        say(b"AMQP\0\x01\0\0"),
    ]);
    check_told(
        &play(&steps),
        &[
            "AMQP | Says which protocol and which version it wants to speak",
            "Connection.Start | Greets, and names the ways to prove oneself",
            "Connection.Start-Ok | Chooses one, and proves who it is",
            "Connection.Tune | Proposes limits: channels, the longest frame, heartbeats",
            "Connection.Tune-Ok | Settles the limits",
            "Connection.Open / | Goes into a virtual host of the broker",
            "Connection.Open-Ok | Lets it in: channels may be opened",
            "Channel.Open | Opens a channel: a conversation of its own on this connection",
            "Channel.Open-Ok | Has done what the method asked",
            "Queue.Declare jobs | Wants a queue to exist",
            "Queue.Declare-Ok jobs | Has done what the method asked",
            "Basic.Publish a.b | Publishes a message: an exchange and a key, and no answer",
            "header | Says how long the message is, and what is said of it | 5 bytes will follow.",
            "5 bytes | Brings a part of the message",
            "Basic.Get jobs | Asks a queue for one message",
            "Basic.Get-Empty | Has no message in that queue",
            "heartbeat | Says that it is still there",
            "Channel.Close NOT_FOUND | Ends a channel, and the others go on | Code 404.",
            "Channel.Close-Ok | Has done what the method asked",
            "Connection.Close bye | Ends the connection",
            "Connection.Close-Ok | Has done what the method asked",
            "Exchange.Declare logs | Wants an exchange to exist, which hands messages to queues",
            "Queue.Bind q | Binds a queue to an exchange: which keys go there",
            "Queue.Purge q | Calls a method of the other side",
            "Basic.Qos | Says how many messages it takes before it has confirmed some | As many as there are.",
            "Basic.Qos | Says how many messages it takes before it has confirmed some | At most 1 at a time.",
            "Basic.Consume q | Wants the messages of a queue as they come",
            "Confirm.Select | Wants to hear of each message that it publishes whether it is safe",
            "Tx.Select | Begins, carries out or drops a transaction",
            "Basic.Ack | Confirms: the message may be forgotten",
            "Basic.Reject | Refuses a message, which goes back or is dropped",
            "Basic.Deliver q | Delivers a message to who consumes | Delivery 0.",
            "Basic.Deliver q | Delivers a message to who consumes | Delivery 2. It was delivered before, and nobody has confirmed it: it may be done twice.",
            "Basic.Return q | Gives a message back: nobody wanted it",
            "Basic.Get-Ok q | Gives one message of the queue",
            "Connection.Unblocked | Calls a method of the other side",
            "method | Calls a method that is not known here",
            "AMQP | Names a version: who wants another has to come again",
        ],
    );
}
