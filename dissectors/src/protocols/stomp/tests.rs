//! Tests of STOMP on a stream, and inside a WebSocket.

use crate::message::{Related, Relation};
use crate::protocols::stage::{Step, ask, check_told, crumble, on_port, play, say, told};

fn talk() -> Vec<Step> {
    vec![
        ask("CONNECT\naccept-version:1.1,1.2\nhost:h\nheart-beat:0,5000\n\n\0"),
        say("CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0\n"),
        ask("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\n\n\0"),
        ask("SUBSCRIBE\nid:1\ndestination:/queue/b\n\n\0"),
        ask(
            "BEGIN\ntransaction:t\n\n\0SEND\r\ndestination:/queue/a\r\ncontent-type:application/json\r\n\
             receipt:r\r\ncontent-length:8\r\n\r\n{\"a\": 1}\0COMMIT\ntransaction:t\n\n\0",
        ),
        say("RECEIPT\nreceipt-id:r\n\n\0\r\n"),
        say("MESSAGE\nsubscription:0\nmessage-id:7\ndestination:/queue/a\n\nhello\0"),
        ask("ACK\nid:7\n\n\0NACK\nid:8\n\n\0ABORT\ntransaction:u\n\n\0UNSUBSCRIBE\nid:0\n\n\0"),
        ask("DISCONNECT\nreceipt:end\n\n\0"),
        say([&b"ERROR\nmessage:no such queue\ncontent-length:2\n\n"[..], &[0xff, 0, 0]].concat()),
    ]
}

#[test]
fn frames_and_the_lines_between_them() {
    for steps in [talk(), crumble(&talk())] {
        let stage = on_port(61613, &steps);
        let commands = "CONNECT CONNECTED SUBSCRIBE SUBSCRIBE BEGIN SEND COMMIT RECEIPT MESSAGE ACK \
                        NACK ABORT UNSUBSCRIBE DISCONNECT ERROR";
        assert_eq!(stage.values("stomp.command"), commands);
        assert_eq!(stage.values("stomp.heartbeat"), "0a 0d0a");
        assert_eq!(stage.values("stomp.body"), "7b2261223a20317d 68656c6c6f ff00");
        assert_eq!(stage.values("json.key"), "a");
        let pair =
            |one: &Related| (one.relation == Relation::Answers).then_some((one.from.0, one.to.0));
        let found: Vec<_> = stage.related().iter().filter_map(pair).collect();
        assert_eq!(found, [(1, 0), (8, 6)], "{}", stage.rows());
    }
    let rows = on_port(61613, &talk()).rows();
    assert!(rows.contains("stomp@2 Heart-beat\n"), "{rows}");
    assert!(rows.contains("SEND /queue/a"), "{rows}");
    // Without its port it is known by how it begins.
    assert_eq!(on_port(5555, &talk()).messages().len(), 17);
    let proxied = [ask("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n")];
    assert!(on_port(5555, &proxied).rows().starts_with("http@"));
}

#[test]
fn what_never_ends_is_told_as_far_as_it_goes() {
    let head = "SEND\ncontent-length:many\n\nabc";
    assert_eq!(on_port(61613, &[ask(head)]).values("stomp.command"), "");
    let cut = on_port(61613, &[ask("SEND\ndestination:/queue/a\n\nhello")]);
    assert_eq!(cut.values("stomp.body"), "68656c6c6f");
    let notes = cut.messages().iter().flat_map(|one| cut.describe(one).notes).collect::<Vec<_>>();
    let expected = "The frame goes on behind what is kept of it, or does not end with a zero";
    assert_eq!(notes, [expected]);
}

#[test]
fn frames_inside_a_websocket() {
    let answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                  Sec-WebSocket-Protocol: v12.stomp\r\n\r\n";
    let text = |text: &[u8]| [&[0x81, text.len() as u8][..], text].concat();
    let steps = [
        ask("GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
        say(answer),
        say(text(b"CONNECTED\nversion:1.2\n\n\0")),
        say([text(b"MESSAGE\ndestination:/a\n"), text(b"\nx\0\n")].concat()),
    ];
    for steps in [crumble(&steps), steps.to_vec()] {
        let stage = play(&steps);
        assert_eq!(stage.values("stomp.command"), "CONNECTED MESSAGE");
        assert_eq!(stage.values("stomp.body"), "78");
    }
}

#[test]
fn frames_are_told() {
    let stage = on_port(61613, &talk());
    check_told(
        &stage,
        &[
            "CONNECT | Begins a conversation, and says which versions it speaks | Versions 1.1,1.2. \
             It wants to hear every 5000 ms that the other side is there.",
            "CONNECTED | Agrees to a version: the two sides can begin | Version 1.2.",
            "Heart-beat | Says that this side is still there",
            "SUBSCRIBE /queue/a | Wants every message of a destination from here on | Subscription 0. \
             Messages have to be acknowledged.",
            "SUBSCRIBE /queue/b | Wants every message of a destination from here on | Subscription 1. \
             No message has to be acknowledged.",
            "BEGIN | Begins a transaction: what follows counts together or not at all | Transaction t.",
            "SEND /queue/a | Sends a message to a destination; the broker knows who gets it | \
             “{\"a\": 1}”. It wants a receipt, r.",
            "COMMIT | Ends a transaction: all of it counts | Transaction t.",
            "RECEIPT | Says that a frame was taken, and all before it | Receipt r.",
            "Heart-beat | Says that this side is still there",
            "MESSAGE /queue/a | Hands a message to who has subscribed to its destination | Message 7. \
             “hello”.",
            "ACK | Says that a message was dealt with: the broker may forget it | Message 7.",
            "NACK | Says that a message was not dealt with: another may get it | Message 8.",
            "ABORT | Gives a transaction up: none of it counts | Transaction u.",
            "UNSUBSCRIBE | Wants no more messages of a subscription | Subscription 0.",
            "DISCONNECT | Takes leave; with the receipt it knows that all came | It wants a receipt, \
             end.",
            "ERROR | Says what went wrong, and ends the connection | no such queue. 2 bytes.",
        ],
    );
    let bare = on_port(61613, &[ask("SEND\ndestination:/a\n\n\0")]);
    let expected = "SEND /a | Sends a message to a destination; the broker knows who gets it | It has \
                    no body.";
    check_told(&bare, &[expected]);
    let begins = |beats: &str, expected: &str| {
        let frame = format!("STOMP\naccept-version:1.2\nheart-beat:{beats}\n\n\0");
        let told = told(&on_port(61613, &[ask(frame)]));
        assert!(told.iter().any(|line| line.ends_with(expected)), "{told:?}");
    };
    begins("10,0", "Versions 1.2. It can say every 10 ms that it is there.");
    begins(
        "10,20",
        "Versions 1.2. It can say every 10 ms that it is there, and wants to hear so every 20 ms.",
    );
}
