//! Tests of memcached: text and bytes, values, and what is not answered.

use crate::message::{Related, Relation};
use crate::protocols::stage::{Step, ask, check_told, crumble, cut, on_port, play, say};

const PORT: u16 = 11211;

/// Which message answers which, by their places.
fn answers(steps: &[Step]) -> Vec<(u32, u32)> {
    let pair =
        |one: &Related| (one.relation == Relation::Answers).then_some((one.from.0, one.to.0));
    on_port(PORT, steps).related().iter().filter_map(pair).collect()
}

fn text() -> Vec<Step> {
    vec![
        ask("set a 5 60 5\r\nhel\r\n\r\nget a b\r\n"),
        say("STORED\r\nVALUE a 5 5\r\nhel\r\n\r\nEND\r\n"),
        ask("set a 0 0 1 noreply\r\nx\r\ndelete b\r\nincr n 1\r\nstats\r\n"),
        say("NOT_FOUND\r\n2\r\nSTAT pid 7\r\nSTAT up 9\r\nEND\r\n"),
        ask("nonsense\r\n"),
        say("ERROR\r\n"),
        ask("quit\r\n"),
    ]
}

/// A message in bytes.
fn binary(magic: u8, opcode: u8, status: u16, opaque: u32, key: &str, value: &str) -> Vec<u8> {
    let len = (key.len() + value.len()) as u32;
    let mut bytes = vec![magic, opcode];
    bytes.extend((key.len() as u16).to_be_bytes());
    bytes.extend([0, 0]);
    bytes.extend(status.to_be_bytes());
    bytes.extend(len.to_be_bytes());
    bytes.extend(opaque.to_be_bytes());
    bytes.extend([0; 8]);
    bytes.extend(key.bytes().chain(value.bytes()));
    bytes
}

fn in_bytes() -> Vec<Step> {
    vec![
        ask([binary(0x80, 0, 0, 1, "a", ""), binary(0x80, 0, 0, 2, "b", "")].concat()),
        say([binary(0x81, 0, 1, 2, "", "Not found"), binary(0x81, 0, 0, 1, "", "x")].concat()),
        ask(binary(0x80, 0x10, 0, 3, "", "")),
        say([binary(0x81, 0x10, 0, 3, "pid", "7"), binary(0x81, 0x10, 0, 3, "", "")].concat()),
        ask(binary(0x80, 1, 0, 4, "c", "y")),
        say(binary(0x81, 1, 0x82, 4, "", "")),
    ]
}

#[test]
fn commands_and_replies_in_text() {
    let rows = on_port(PORT, &text()).rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "memcache@1 set a 5 60 5",
            "memcache@1 get a b",
            "memcache@2 STORED",
            "memcache@2 VALUE a 5 5",
            "memcache@2 END",
            "memcache@3 set a 0 0 1 noreply",
            "memcache@3 delete b",
            "memcache@3 incr n 1",
            "memcache@3 stats",
            "memcache@4 NOT_FOUND",
            "memcache@4 2",
            "memcache@4 STAT pid 7",
            "memcache@4 STAT up 9",
            "memcache@4 END",
            "data@5 10 bytes",
            "memcache@6 ERROR",
            "memcache@7 quit",
        ]
    );
    assert_eq!(
        answers(&text()[..4]),
        [(2, 0), (3, 1), (4, 1), (9, 6), (10, 7), (11, 8), (12, 8), (13, 8)]
    );
}

#[test]
fn fields_of_both() {
    #[track_caller]
    fn check(steps: &[Step], expected: &[(&str, &str)]) {
        let stage = on_port(PORT, steps);
        for (name, value) in expected {
            assert_eq!(stage.values(name), *value, "{name}");
        }
    }
    check(
        &text()[..4],
        &[
            ("memcache.command", "set get set delete incr stats"),
            ("memcache.key", "a a b a a b n"),
            ("memcache.flags", "5 5 0"),
            ("memcache.expiration", "60 0"),
            ("memcache.value.length", "5 5 1"),
            ("memcache.noreply", "noreply"),
            ("memcache.response", "STORED VALUE END NOT_FOUND 2 STAT STAT END"),
            ("memcache.name", "pid up"),
            ("memcache.name_value", "7 9"),
        ],
    );
    check(
        &in_bytes(),
        &[
            ("memcache.opcode", "0 0 0 0 16 16 16 1 1"),
            ("memcache.key", "a b pid c"),
            ("memcache.opaque", "1 2 2 1 3 3 3 4 4"),
            ("memcache.status", "1 0 0 0 130"),
            ("memcache.value", "Not found x 7 y"),
        ],
    );
}

#[test]
fn in_bytes_a_number_says_what_is_answered() {
    let pair =
        |one: &Related| (one.relation == Relation::Answers).then_some((one.from.0, one.to.0));
    let stage = play(&in_bytes());
    let found: Vec<_> = stage.related().iter().filter_map(pair).collect();
    assert_eq!(found, [(2, 1), (3, 0), (5, 4), (6, 4), (8, 7)]);
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |rows: String| -> Vec<String> {
        rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    for steps in [text()[..4].to_vec(), in_bytes()] {
        let whole = numberless(on_port(PORT, &steps).rows());
        for at in 1..50 {
            assert_eq!(numberless(on_port(PORT, &cut(&steps, at)).rows()), whole, "cut at {at}");
        }
        assert_eq!(numberless(on_port(PORT, &crumble(&steps)).rows()), whole);
    }
}

#[test]
fn what_is_told_of_text() {
    let mut steps = text();
    steps.insert(
        4,
        ask("append a 0 0 1\r\nx\r\ntouch a 9\r\nflush_all\r\nversion\r\nadd a 0 0 1\r\nx\r\n"),
    );
    steps.insert(5, say("STORED\r\nTOUCHED\r\nOK\r\nVERSION 1.6\r\nNOT_STORED\r\n"));
    steps.push(ask("set a 0 0"));
    steps.push(say("STO"));
    check_told(
        &on_port(PORT, &steps),
        &[
            "set a | Puts a value into the cache",
            "get a | Asks the cache for what is under a key",
            "STORED | Has done what it was told",
            "VALUE a 5 5 | Has it, and gives it",
            "END | Ends its answer: what was not given is not there",
            "set a | Puts a value into the cache | It wants no reply, and will not learn whether it worked.",
            "delete b | Takes a key out of the cache",
            "incr n | Counts in the cache: nobody else can come in between",
            "stats | Asks how the cache is doing",
            "NOT_FOUND | Does not have it",
            "2 | Answers in one line",
            "STAT pid 7 | Says one thing about itself",
            "STAT up 9 | Says one thing about itself",
            "END | Ends its answer: what was not given is not there",
            "append a | Adds to a value that is in the cache",
            "touch a | Lets a key live for longer",
            "flush_all | Empties the cache for all who use it",
            "version | Gives the cache a command",
            "add a | Puts a value into the cache",
            "STORED | Has done what it was told",
            "TOUCHED | Has done what it was told",
            "OK | Has done what it was told",
            "VERSION 1.6 | Answers in one line",
            "NOT_STORED | Has not stored it: the condition does not hold",
            "10 bytes | Sends bytes; what they mean is between the two programs | “nonsense”.",
            "ERROR | Refuses the command",
            "quit | Takes leave of the cache",
            "command | Gives the cache a command that is not whole",
            "reply | A reply that is not whole",
        ],
    );
}

#[test]
fn what_is_told_of_bytes() {
    check_told(
        &on_port(PORT, &in_bytes()),
        &[
            "Get | Asks the cache, in the protocol of bytes",
            "Get | Asks the cache, in the protocol of bytes",
            "Get | Answers in bytes that there is no such key",
            "Get | Answers in bytes that it worked",
            "Statistics | Asks the cache, in the protocol of bytes",
            "Statistics | Answers in bytes, and more follows",
            "Statistics | Answers in bytes that it worked",
            "Set | Asks the cache, in the protocol of bytes",
            "Set: Out of memory | Refuses in bytes, and says why",
        ],
    );
}
