//! Tests of POP3 over whole connections.

mod sentences;

use crate::protocols::stage::{Step, ask, crumble, cut, hello, on_port, say};

fn everything() -> Vec<Step> {
    vec![
        say("+OK POP3 ready\r\n"),
        ask("CAPA\r\nUSER u\r\nPASS p q\r\nLIST 1\r\nRETR 1\r\n"),
        say("+OK list\r\nTOP\r\nSTLS\r\n.\r\n+OK\r\n-ERR no\r\n+OK 1 120\r\n"),
        say("+OK mail\r\nSubject: x\r\n\r\n+OK\r\n..\r\n.\r\n"),
        ask("AUTH PLAIN\r\n"),
        say("+ \r\n"),
        ask("AHUAcA==\r\n"),
        say("+OK in\r\n"),
        ask("STLS\r\n"),
        say("+OK begin\r\n"),
        ask(hello()),
    ]
}

#[test]
fn a_dialogue() {
    let stage = on_port(110, &everything());
    let rows = stage.rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "pop@1 S: +OK POP3 ready",
            "pop@2 C: CAPA",
            "pop@2 C: USER u",
            "pop@2 C: PASS p q",
            "pop@2 C: LIST 1",
            "pop@2 C: RETR 1",
            "pop@3 S: +OK list  (11 bytes)",
            "pop@3 S: +OK",
            "pop@3 S: -ERR no",
            "pop@3 S: +OK 1 120",
            "pop@4 S: +OK mail  (23 bytes)",
            "pop@5 C: AUTH PLAIN",
            "pop@6 S: + ",
            "pop@7 C: AHUAcA==",
            "pop@8 S: +OK in",
            "pop@9 C: STLS",
            "pop@10 S: +OK begin",
            "tls@11 ",
            "tls@11 Client Hello",
        ]
    );
    let answers: Vec<_> = stage.related().iter().map(|one| (one.from.0, one.to.0)).collect();
    let expected = [(6, 1), (7, 2), (8, 3), (9, 4), (10, 5), (12, 11), (14, 13), (16, 15)];
    assert_eq!(answers, expected);
    for (name, expected) in [
        ("pop.request.command", "CAPA USER PASS LIST RETR AUTH AHUAcA== STLS"),
        ("pop.request.parameter", "u p q 1 1 PLAIN"),
        ("pop.response.indicator", "+OK +OK +OK -ERR +OK +OK + +OK +OK"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn frames_may_end_anywhere() {
    let steps = everything();
    // Only how many parts content has depends on where frames end.
    let numberless = |rows: String| -> Vec<String> {
        let rows = rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned());
        rows.filter(|row| !row.contains("goes on")).collect()
    };
    let whole = numberless(on_port(110, &steps).rows());
    for at in 1..60 {
        assert_eq!(numberless(on_port(110, &cut(&steps, at)).rows()), whole, "cut at {at}");
    }
    assert_eq!(numberless(on_port(110, &crumble(&steps)).rows()), whole);
}

#[test]
fn hostile_lines_do_no_harm() {
    let long = vec![b'+'; 2 << 20];
    let stage = on_port(110, &[say("+OK POP\r\n"), say(&long), say("\r\n+OK bye\r\n")]);
    assert!(stage.rows().ends_with("S: +OK bye\n"));
    let endless = on_port(110, &[ask("RETR 1\r\n"), say("+OK\r\n"), say("+OK\r\n"), say(&long)]);
    assert_eq!(endless.messages().len(), 3);
}

#[test]
fn a_line_that_lost_its_end_is_told() {
    for (steps, expected) in [
        (vec![say("+OK POP\r\n"), ask("RETR")], "C: RETR\n"),
        (vec![say("+OK POP\r\n"), ask("STAT\r\n"), say("+OK 1")], "S: +OK 1\n"),
    ] {
        let rows = on_port(110, &steps).rows();
        assert!(rows.ends_with(expected), "{rows}");
    }
}
