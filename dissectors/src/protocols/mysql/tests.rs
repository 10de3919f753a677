//! Tests of MySQL: the greeting, TLS, commands and errors.

use crate::protocols::stage::{Step, ask, check_told, crumble, cut, hello, on_port, say};

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

#[test]
fn attributes_stand_before_a_query() {
    let query = |attributes: &[u8]| {
        let payload = [&[3][..], attributes, b"select 1"].concat();
        on_port(3306, &[say(greeting()), ask(packet(0, &payload))]).values("mysql.query")
    };
    assert_eq!(query(b""), "select 1");
    assert_eq!(query(&[0, 1]), "select 1");
    // A text, a number of four bytes, and a null.
    let names = b"\xfe\0\x01a\x03\0\x01b\xfe\0\x01c";
    assert_eq!(query(&[&[3, 1, 4, 1][..], names, b"\x02hi\x01\0\0\0"].concat()), "select 1");
}

#[test]
fn what_is_told() {
    let mut steps = plain();
    steps.splice(
        6..6,
        [
            ask(packet(0, b"\x02shop")),
            ask(packet(0, b"\x0e")),
            ask(packet(0, b"\x16select ?")),
            ask(packet(0, b"\x17\x01\0\0\0")),
            ask(packet(0, b"\x19\x01\0\0\0")),
            ask(packet(0, b"\x09")),
            say(packet(1, &[1])),
            // The end of a list, where it is said with an OK.
            say(packet(2, &[0xfe, 0, 0, 2, 0, 0, 0])),
            say(packet(1, &[0, 0, 0, 2, 0, 0, 0])),
        ],
    );
    check_told(
        &on_port(3306, &steps),
        &[
            "greeting | Greets: in MySQL the server speaks first",
            "login | Says who it is, and proves it",
            "OK | Lets the client in: commands may follow",
            "select 1 | Asks a query in one packet",
            "no | Refuses, and says why | Error 1064 (42000).",
            "select 2 | Asks a query in one packet",
            "shop | Goes on in another database",
            "Ping | Asks whether the server still answers",
            "select ? | Has a statement prepared, with places for values",
            "Execute Statement | Has a prepared statement carried out, with values",
            "Close Statement | Gives a prepared statement back",
            "Statistics | Gives the server a command",
            "packet | A part of an answer",
            "packet | A part of an answer",
            "OK | Has done what the command asked",
            "Quit | Takes leave of the server",
        ],
    );
}

#[test]
fn what_is_told_before_tls() {
    let steps = [say(greeting()), ask([login(0x0a, b""), hello()].concat())];
    check_told(
        &on_port(3306, &steps[..1]),
        &["greeting | Greets: in MySQL the server speaks first"],
    );
    let rows = on_port(3306, &steps);
    assert!(
        crate::protocols::stage::told(&rows)[1]
            .starts_with("SSL request | Goes on in TLS on this connection, as the greeting allows")
    );
}

#[test]
fn what_is_told_of_bytes_behind_compression() {
    let mut compresses = login(0x02, b"joe\0\0");
    compresses[4] |= 0x20;
    let mut steps = vec![say(greeting()), ask(compresses)];
    steps.push(say(packet(2, &[0, 0, 0, 2, 0, 0, 0])));
    steps.push(say([9; 9]));
    let told = crate::protocols::stage::told(&on_port(3306, &steps));
    assert_eq!(told.last().unwrap(), "bytes | Bytes that are no packet of MySQL");
}

#[test]
fn an_error_names_its_reason() {
    let denied =
        b"\xff\x15\x04#28000Access denied for user 'joe'@'localhost' (using password: YES)";
    let told = crate::protocols::stage::told(&on_port(
        3306,
        &[say(greeting()), ask(packet(1, &[0; 40])), say(packet(2, denied))],
    ));
    let last = told.last().map(String::as_str).unwrap_or_default();
    let whole =
        "Error 1045 (28000): Access denied for user 'joe'@'localhost' (using password: YES).";
    assert!(last.ends_with(whole), "{last}");
}

#[test]
fn the_way_in_may_take_more_than_one_packet() {
    let told = crate::protocols::stage::told(&on_port(
        3306,
        &[
            say(greeting()),
            ask(packet(1, &[0; 40])),
            say(packet(2, b"\xfemysql_native_password\0abcdefgh\0")),
            ask(packet(3, &[7; 20])),
            say(packet(4, &[1, 4])),
            ask(packet(5, &[2])),
            say(packet(6, b"\x01-----BEGIN PUBLIC KEY-----")),
            ask(packet(7, b"secret\0")),
            say(packet(8, &[1, 3])),
            say(packet(9, &[1, 9])),
            say(packet(10, &[0, 0, 0, 2, 0, 0, 0])),
        ],
    ));
    let asked = "another proof | Asks for the proof by another method | By mysql_native_password.";
    for expected in [
        asked,
        "password wanted | Wants the password itself: the server keeps no digest of it yet",
        "key wanted | Asks for the server’s public key, to seal its password with",
        "public key | Gives its public key: only its private one opens what that seals",
        "proof | Proves who it is, by the method that was asked for",
        "proof taken | Takes the proof: the server knew the password’s digest",
        "packet | A part of the way in",
        "OK | Lets the client in: commands may follow",
    ] {
        assert!(told.iter().any(|line| line == expected), "{expected}: {told:#?}");
    }
}
