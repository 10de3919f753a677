//! Tests of RESP: commands, replies of all kinds, pushes, and what is not replied to.

use crate::message::{Related, Relation};
use crate::protocols::stage::{Step, ask, check_told, crumble, cut, on_port, play, say, told};

#[track_caller]
fn check(steps: &[Step], expected: &[&str]) {
    let rows = on_port(6379, steps).rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(found, expected);
}

/// Which message answers which, by their places.
fn answers(steps: &[Step]) -> Vec<(u32, u32)> {
    let pair =
        |one: &Related| (one.relation == Relation::Answers).then_some((one.from.0, one.to.0));
    on_port(6379, steps).related().iter().filter_map(pair).collect()
}

/// A command as a client sends it.
fn command(words: &[&str]) -> Vec<u8> {
    let mut text = format!("*{}\r\n", words.len());
    for word in words {
        text += &format!("${}\r\n{word}\r\n", word.len());
    }
    text.into_bytes()
}

fn plain() -> Vec<Step> {
    vec![
        ask(command(&["SET", "a", "hello"])),
        say("+OK\r\n"),
        ask([command(&["GET", "a"]), command(&["GET", "none"]), command(&["INCR", "a"])].concat()),
        say("$5\r\nhello\r\n$-1\r\n-ERR value is not an integer\r\n"),
        ask(command(&["HGETALL", "h"])),
        say("%1\r\n+one\r\n*3\r\n:-7\r\n,1.5\r\n#t\r\n"),
        ask("PING\r\n"),
        say("+PONG\r\n"),
    ]
}

#[test]
fn replies_come_in_the_order_of_commands() {
    check(
        &plain(),
        &[
            "resp@1 Request: SET a hello",
            "resp@2 Response: OK",
            "resp@3 Request: GET a",
            "resp@3 Request: GET none",
            "resp@3 Request: INCR a",
            "resp@4 Response: hello",
            "resp@4 Response: Null",
            "resp@4 Response: Error: ERR value is not an integer",
            "resp@5 Request: HGETALL h",
            "resp@6 Response: Map(1)",
            "resp@7 Request: PING",
            "resp@8 Response: PONG",
        ],
    );
    assert_eq!(answers(&plain()), [(1, 0), (5, 2), (6, 3), (7, 4), (9, 8), (11, 10)]);
}

#[test]
fn values_have_their_places() {
    let stage = on_port(6379, &plain());
    for (name, expected) in [
        ("resp.bulk_string.length", "3 1 5 3 1 3 4 4 1 5 -1 7 1"),
        ("resp.string", "OK one PONG"),
        ("resp.error", "ERR value is not an integer"),
        ("resp.integer", "-7"),
        ("resp.double", "1.5"),
        ("resp.boolean", "1"),
        ("resp.array.length", "3 2 2 2 2 3"),
        ("resp.map.length", "1"),
        ("resp.fragment", "PING"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
    let first = on_port(6379, &plain()[..2]).values("resp.bulk_string.value");
    assert_eq!(first, "534554 61 68656c6c6f");
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |rows: String| -> Vec<String> {
        rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let whole = numberless(on_port(6379, &plain()).rows());
    for at in 1..60 {
        assert_eq!(numberless(on_port(6379, &cut(&plain(), at)).rows()), whole, "cut at {at}");
    }
    assert_eq!(numberless(on_port(6379, &crumble(&plain())).rows()), whole);
}

#[test]
fn no_port_is_needed_for_a_command() {
    let stage = play(&[ask(command(&["PING"])), say("+PONG\r\n")]);
    assert_eq!(stage.rows(), "resp@1 Request: PING\nresp@2 Response: PONG\n");
}

#[test]
fn subscriptions_are_confirmed_one_by_one() {
    let steps = [
        ask(command(&["SUBSCRIBE", "a", "b"])),
        say("*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n*3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n"),
        say("*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n"),
        ask(command(&["PING"])),
        say("+PONG\r\n"),
    ];
    assert_eq!(answers(&steps), [(1, 0), (2, 0), (5, 4)]);
}

#[test]
fn who_asks_for_no_reply_gets_none() {
    let steps = [
        ask([
            command(&["CLIENT", "REPLY", "SKIP"]),
            command(&["SET", "a", "1"]),
            command(&["PING"]),
            command(&["CLIENT", "REPLY", "OFF"]),
            command(&["SET", "a", "2"]),
            command(&["CLIENT", "REPLY", "ON"]),
        ]
        .concat()),
        say("+PONG\r\n+OK\r\n"),
    ];
    assert_eq!(answers(&steps), [(6, 2), (7, 5)]);
}

#[test]
fn behind_a_hole_nobody_knows_whose_a_reply_is() {
    let steps = [
        Step::Open,
        ask([command(&["GET", "a"]), command(&["GET", "b"])].concat()),
        Step::Miss(7),
        say("$1\r\n2\r\n"),
    ];
    check(&steps, &["resp@2 Request: GET a", "resp@2 Request: GET b", "resp@4 Response: 2"]);
    assert_eq!(answers(&steps), []);
}

#[test]
fn a_long_value_passes_by_and_what_follows_is_read() {
    let long = "x".repeat(600_000);
    let steps = [
        ask(command(&["SET", "a", &long, "EX", "9"])),
        say("+OK\r\n"),
        ask(command(&["PING"])),
        say("+PONG\r\n"),
    ];
    check(
        &steps,
        &[
            "resp@1 Request: SET a BulkString(600000)",
            "resp@1 Rest of a long message",
            "resp@2 Response: OK",
            "resp@3 Request: PING",
            "resp@4 Response: PONG",
        ],
    );
    let rest = "… | The rest of a message that is too long to be shown whole";
    assert_eq!(told(&on_port(6379, &steps))[1], rest);
}

#[test]
fn what_is_told() {
    let steps = [
        ask([
            command(&["AUTH", "secret"]),
            command(&["HELLO", "3"]),
            command(&["GET", "a"]),
            command(&["SET", "a", "1"]),
            command(&["DEL", "a"]),
            command(&["INCR", "a"]),
            command(&["HGETALL", "h"]),
            command(&["ZADD", "z", "1", "a"]),
            command(&["MULTI"]),
            command(&["EXEC"]),
            command(&["PUBLISH", "c", "hi"]),
            command(&["PING"]),
            command(&["OBJECT", "HELP"]),
            command(&["QUIT"]),
            command(&["SUBSCRIBE", "c"]),
        ]
        .concat()),
        say(
            "-WRONGPASS invalid\r\n%1\r\n+a\r\n+b\r\n$2\r\nhi\r\n+OK\r\n:1\r\n$-1\r\n*2\r\n+a\r\n+b\r\n-MOVED 3999 192.0.2.1:6381\r\n+QUEUED\r\n-ERR no\r\n,1.5\r\n",
        ),
        say(">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n"),
    ];
    check_told(
        &on_port(6379, &steps),
        &[
            "AUTH | Proves who it is, with a password that everybody on the way can read in the clear | Replies come in the order of the commands: nothing numbers them.",
            "HELLO | Says which version of the protocol it speaks | Replies come in the order of the commands: nothing numbers them.",
            "GET a | Asks for what a key holds | Replies come in the order of the commands: nothing numbers them.",
            "SET a | Stores a value under a key | Replies come in the order of the commands: nothing numbers them.",
            "DEL a | Says how long a key lives, or ends it | Replies come in the order of the commands: nothing numbers them.",
            "INCR a | Counts: nobody else can come in between | Replies come in the order of the commands: nothing numbers them.",
            "HGETALL h | Asks for a part of what a key holds | Replies come in the order of the commands: nothing numbers them.",
            "ZADD z | Adds to what a key holds | Replies come in the order of the commands: nothing numbers them.",
            "MULTI | Begins a transaction: what follows waits until EXEC | Replies come in the order of the commands: nothing numbers them.",
            "EXEC | Has everything done that waited, at once | Replies come in the order of the commands: nothing numbers them.",
            "PUBLISH c | Sends a message to all who subscribed to its channel | Replies come in the order of the commands: nothing numbers them.",
            "PING | Asks whether the server is there | Replies come in the order of the commands: nothing numbers them.",
            "OBJECT HELP | Gives the server a command | Replies come in the order of the commands: nothing numbers them.",
            "QUIT | Takes leave of the server | Replies come in the order of the commands: nothing numbers them.",
            "SUBSCRIBE c | Wants all messages of a channel from now on | Replies come in the order of the commands: nothing numbers them.",
            "WRONGPASS invalid | Lets the client not in: the password is wrong or missing",
            "1 value | Answers with a list of values",
            "2 bytes | Gives the value | hi.",
            "OK | Has done it",
            "1 | Answers with a number",
            "null | Has no such value",
            "2 values | Answers with a list of values",
            "MOVED 3999 192.0.2.1:6381 | Sends the client to another node of the cluster, which has the key",
            "QUEUED | Keeps the command until the transaction is carried out",
            "ERR no | Refuses the command, and says why",
            "1.5 | Answers with one value",
            "message c | Sends what nobody asked for now: the client subscribed before",
        ],
    );
}
