//! Tests of MySQL: the greeting, TLS, commands and errors.

use crate::protocols::stage::{Step, ask, crumble, cut, hello, on_port, say};

fn packet(number: u8, payload: &[u8]) -> Vec<u8> {
    let len = payload.len() as u32;
    [&len.to_le_bytes()[..3], &[number], payload].concat()
}

fn greeting() -> Vec<u8> {
    packet(
        0,
        b"\x0a8.0.28\0\x18\0\0\0abcdefgh\0\xff\xff\xff\x02\0\xff\xdf\x15\0\0\0\0\0\0\0\0\0\0abc\0",
    )
}

fn login(flags: u8, name: &[u8]) -> Vec<u8> {
    let head = [&[0x85, flags, 0xff, 0x20, 0, 0, 0, 1, 33][..], &[0; 23]].concat();
    packet(1, &[&head[..], name].concat())
}

fn plain() -> Vec<Step> {
    vec![
        say(greeting()),
        ask(login(0x02, b"joe\0\0")),
        say(packet(2, &[0, 0, 0, 2, 0, 0, 0])),
        ask(packet(0, b"\x03select 1")),
        say(packet(1, b"\xff\x28\x04#42000no")),
        ask(packet(0, b"\x03\0\x01select 2")),
        ask(packet(0, b"\x01")),
    ]
}

fn check(steps: &[Step], expected: &[&str]) {
    let rows = on_port(3306, steps).rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(found, expected);
}

#[test]
fn tls_begins_without_an_answer() {
    check(
        &[say(greeting()), ask([login(0x0a, b""), hello()].concat())],
        &["mysql@1 Server Greeting", "mysql@2 Login Request, SSL", "tls@2 ", "tls@2 Client Hello"],
    );
}

#[test]
fn commands_and_errors() {
    check(
        &plain(),
        &[
            "mysql@1 Server Greeting",
            "mysql@2 Login Request",
            "mysql@3 Packet",
            "mysql@4 Request Query",
            "mysql@5 Response Error",
            "mysql@6 Request Query",
            "mysql@7 Request Quit",
        ],
    );
    let stage = on_port(3306, &plain());
    for (name, expected) in [
        ("mysql.version", "8.0.28"),
        ("mysql.thread_id", "24"),
        ("mysql.user", "joe"),
        ("mysql.command", "3 3 1"),
        ("mysql.query", "select 1 select 2"),
        ("mysql.error_code", "1064"),
        ("mysql.error.message", "no"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |rows: String| -> Vec<String> {
        rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let whole = numberless(on_port(3306, &plain()).rows());
    for at in 1..50 {
        assert_eq!(numberless(on_port(3306, &cut(&plain(), at)).rows()), whole, "cut at {at}");
    }
    assert_eq!(numberless(on_port(3306, &crumble(&plain())).rows()), whole);
}

#[test]
fn a_server_may_refuse_in_place_of_its_greeting() {
    let refused = packet(0, b"\xff\x6a\x04Host '192.0.2.1' is not allowed to connect");
    check(&[say(&refused)], &["mysql@1 Response Error"]);
    assert_eq!(on_port(3306, &[say(refused)]).values("mysql.error_code"), "1130");
}
