//! Tests of IMAP over whole connections.

mod sentences;

use crate::protocols::stage::{Step, ask, crumble, cut, hello, on_port, say};

fn everything() -> Vec<Step> {
    vec![
        say("* OK IMAP4rev1 ready\r\n"),
        ask("a1 CAPABILITY\r\na2 LOGIN \"joe x\" \"pw\"\r\n"),
        say("* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK CAPABILITY done\r\na2 NO LOGIN failed\r\n"),
        ask("a3 LOGIN {3}\r\n"),
        say("+ go\r\n"),
        ask("joe {2+}\r\npw\r\n"),
        say("a3 OK in\r\n"),
        ask("a4 AUTHENTICATE PLAIN\r\n"),
        say("+ \r\n"),
        ask("AGEAYg==\r\n"),
        say("a4 OK in\r\n"),
        ask("a5 UID FETCH 1 BODY[]\r\n"),
        say("* 1 FETCH (BODY[] {9}\r\na5 OK\r\n\r\n UID 7)\r\na5 OK FETCH done\r\n"),
        ask("a6 APPEND x {5}\r\n"),
        say("a6 NO too big\r\n"),
        ask("a7 STARTTLS\r\n"),
        say("a7 OK begin\r\n"),
        ask(hello()),
    ]
}

#[test]
fn a_dialogue() {
    let stage = on_port(143, &everything());
    let rows = stage.rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "imap@1 Response: * OK IMAP4rev1 ready",
            "imap@2 Request: a1 CAPABILITY",
            "imap@2 Request: a2 LOGIN \"joe x\" \"pw\"",
            "imap@3 Response: * CAPABILITY IMAP4rev1 STARTTLS",
            "imap@3 Response: a1 OK CAPABILITY done",
            "imap@3 Response: a2 NO LOGIN failed",
            "imap@5 Response: + go",
            "imap@6 Request: a3 LOGIN {3}  (5 bytes of literals)",
            "imap@7 Response: a3 OK in",
            "imap@8 Request: a4 AUTHENTICATE PLAIN",
            "imap@9 Response: + ",
            "imap@10 Request: AGEAYg==",
            "imap@11 Response: a4 OK in",
            "imap@12 Request: a5 UID FETCH 1 BODY[]",
            "imap@13 Response: * 1 FETCH (BODY[] {9}  (9 bytes of literals)",
            "imap@13 Response: a5 OK FETCH done",
            "imap@14 Request: a6 APPEND x {5}",
            "imap@15 Response: a6 NO too big",
            "imap@16 Request: a7 STARTTLS",
            "imap@17 Response: a7 OK begin",
            "tls@18 ",
            "tls@18 Client Hello",
        ]
    );
    for (name, expected) in [
        ("imap.request.command", "CAPABILITY LOGIN LOGIN AUTHENTICATE FETCH APPEND STARTTLS"),
        ("imap.request_tag", "a1 a2 a3 a4 a5 a6 a7"),
        ("imap.request.username", "\"joe x\" {3}"),
        ("imap.request.password", "pw"),
        ("imap.response_tag", "a1 a2 a3 a4 a5 a6 a7"),
        ("imap.response_to", "2 2 6 8 12 14 16"),
        ("imap.literal", "joe pw a5 OK\r\n\r\n"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn frames_may_end_anywhere() {
    let steps = everything();
    let sorted = |rows: String| -> Vec<String> {
        let mut found: Vec<String> =
            rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect();
        found.sort();
        found
    };
    let whole = sorted(on_port(143, &steps).rows());
    for at in 1..60 {
        assert_eq!(sorted(on_port(143, &cut(&steps, at)).rows()), whole, "cut at {at}");
    }
    assert_eq!(sorted(on_port(143, &crumble(&steps)).rows()), whole);
}

#[test]
fn hostile_lines_do_no_harm() {
    let long = vec![b'*'; 2 << 20];
    let stage = on_port(143, &[say("* OK IMAP\r\n"), say(&long), say("\r\n* BYE\r\n")]);
    assert!(stage.rows().ends_with("Response: * BYE\n"));
    let literals = "{0}\r\n".repeat(100_000);
    let stage = on_port(143, &[say("* OK IMAP\r\n"), ask("a1 X {0}\r\n"), ask(literals)]);
    assert!(stage.messages().len() > 10);
}

#[test]
fn a_line_that_lost_its_end_is_told() {
    for (steps, expected) in [
        (vec![say("* OK IMAP\r\n"), ask("a1 NOO")], "Request: a1 NOO\n"),
        (vec![say("* OK IMAP\r\n"), ask("a1 NOOP\r\n"), say("a1 OK do")], "Response: a1 OK do\n"),
    ] {
        let rows = on_port(143, &steps).rows();
        assert!(rows.ends_with(expected), "{rows}");
    }
}
