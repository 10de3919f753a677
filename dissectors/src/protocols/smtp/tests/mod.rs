//! Tests of SMTP over whole connections: what is read, described and told.

mod sentences;

use crate::protocols::lines::MAX_LINE;
use crate::protocols::stage::{Step, ask, crumble, cut, hello, on_port, say};

/// Plays the steps and compares the rows that come out.
fn check(steps: &[Step], expected: &[&str]) {
    let rows = on_port(25, steps).rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(found, expected);
}

/// A mail with everything, up to TLS.
fn everything() -> Vec<Step> {
    vec![
        say("220 mail.example.org ESMTP\r\n"),
        ask("EHLO client\r\n"),
        say("250-mail.example.org\r\n250-PIPELINING\r\n250 STARTTLS\r\n"),
        ask("AUTH LOGIN\r\n"),
        say("334 VXNlcm5hbWU6\r\n"),
        ask("dQ==\r\n"),
        say("334 UGFzc3dvcmQ6\r\n"),
        ask("cA==\r\n"),
        say("235 ok\r\n"),
        ask("MAIL FROM:<a@a>\r\nRCPT TO:<b@b>\r\nDATA\r\n"),
        say("250 ok\r\n250 ok\r\n354 go\r\n"),
        ask(
            "Subject: x\r\n\r\nQUIT\r\n..\r\n.\r\nMAIL FROM:<a@a>\r\nBDAT 6 LAST\r\nQUIT\r\nRSET\r\n",
        ),
        say("250 queued\r\n250 ok\r\n250 chunk\r\n250 reset\r\n"),
        ask("STARTTLS\r\n"),
        say("220 go\r\n"),
        ask(hello()),
    ]
}

#[test]
fn a_dialogue() {
    check(
        &everything(),
        &[
            "smtp@1 S: 220 mail.example.org ESMTP",
            "smtp@2 C: EHLO client",
            "smtp@3 S: 250-mail.example.org | PIPELINING | STARTTLS",
            "smtp@4 C: AUTH LOGIN",
            "smtp@5 S: 334 VXNlcm5hbWU6",
            "smtp@6 C: dQ==",
            "smtp@7 S: 334 UGFzc3dvcmQ6",
            "smtp@8 C: cA==",
            "smtp@9 S: 235 ok",
            "smtp@10 C: MAIL FROM:<a@a>",
            "smtp@10 C: RCPT TO:<b@b>",
            "smtp@10 C: DATA",
            "smtp@11 S: 250 ok",
            "smtp@11 S: 250 ok",
            "smtp@11 S: 354 go",
            "smtp@12 C: Mail, 24 bytes",
            "smtp@12 C: MAIL FROM:<a@a>",
            "smtp@12 C: BDAT 6 LAST",
            "smtp@12 C: Mail, 6 bytes",
            "smtp@12 C: RSET",
            "smtp@13 S: 250 queued",
            "smtp@13 S: 250 ok",
            "smtp@13 S: 250 chunk",
            "smtp@13 S: 250 reset",
            "smtp@14 C: STARTTLS",
            "smtp@15 S: 220 go",
            "tls@16 ",
            "tls@16 Client Hello",
        ],
    );
}

#[test]
fn each_reply_answers_its_command() {
    let stage = on_port(25, &everything());
    let answers: Vec<_> = stage.related().iter().map(|one| (one.from.0, one.to.0)).collect();
    assert_eq!(
        answers,
        [
            (2, 1),
            (4, 3),
            (6, 5),
            (8, 7),
            (12, 9),
            (13, 10),
            (14, 11),
            (20, 15),
            (21, 16),
            (22, 17),
            (23, 19),
            (25, 24)
        ]
    );
}

#[test]
fn frames_may_end_anywhere() {
    let steps = everything();
    // Only how many parts mail has depends on where frames end.
    let numberless = |rows: String| -> Vec<String> {
        let rows = rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned());
        rows.filter(|row| !row.contains("goes on")).collect()
    };
    let whole = numberless(on_port(25, &steps).rows());
    for at in 1..80 {
        assert_eq!(numberless(on_port(25, &cut(&steps, at)).rows()), whole, "cut at {at}");
    }
    assert_eq!(numberless(on_port(25, &crumble(&steps)).rows()), whole);
}

#[test]
fn fields_are_those_of_wireshark() {
    let stage = on_port(25, &everything());
    assert_eq!(stage.values("smtp.response.code").split(' ').count(), 13);
    assert_eq!(
        stage.values("smtp.req.command"),
        "EHLO AUTH MAIL RCPT DATA MAIL BDAT RSET STARTTLS"
    );
    assert_eq!(
        stage.values("smtp.req.parameter"),
        "client LOGIN FROM:<a@a> TO:<b@b> FROM:<a@a> 6 LAST"
    );
    assert_eq!(stage.values("smtp.auth.username"), "dQ==");
    assert_eq!(stage.values("smtp.auth.password"), "cA==");
    assert_eq!(stage.values("smtp.data"), "Subject: x\r\n\r\nQUIT\r\n..\r\n QUIT\r\n");
}

#[test]
fn what_is_refused_is_not_sent() {
    let greeting = say("220 m SMTP\r\n");
    check(
        &[greeting.clone(), ask("DATA\r\n"), say("503 no\r\n"), ask("QUIT\r\n")],
        &["smtp@1 S: 220 m SMTP", "smtp@2 C: DATA", "smtp@3 S: 503 no", "smtp@4 C: QUIT"],
    );
    let refused = [greeting, ask("STARTTLS\r\n"), say("454 no\r\n"), ask("QUIT\r\n")];
    check(
        &refused,
        &["smtp@1 S: 220 m SMTP", "smtp@2 C: STARTTLS", "smtp@3 S: 454 no", "smtp@4 C: QUIT"],
    );
}

#[test]
fn a_chunk_needs_a_line_that_is_sound() {
    check(
        &[say("220 m SMTP\r\n"), ask("BDAT 5 X\r\n"), say("501 no\r\n"), ask("BDAT 2 last\r\nhi")],
        &[
            "smtp@1 S: 220 m SMTP",
            "smtp@2 C: BDAT 5 X",
            "smtp@3 S: 501 no",
            "smtp@4 C: BDAT 2 last",
            "smtp@4 C: Mail, 2 bytes",
        ],
    );
}

#[test]
fn one_side_alone_is_read_too() {
    check(
        &[ask("EHLO c\r\n"), ask("DATA\r\n"), ask("x\r\n.\r\n"), ask("STARTTLS\r\n"), ask(hello())],
        &[
            "smtp@1 C: EHLO c",
            "smtp@2 C: DATA",
            "smtp@3 C: Mail, 3 bytes",
            "smtp@4 C: STARTTLS",
            "tls@5 ",
            "tls@5 Client Hello",
        ],
    );
}

#[test]
fn a_lost_reply_shifts_no_other() {
    let stage = on_port(
        25,
        &[
            say("220 m SMTP\r\n"),
            ask("MAIL FROM:<a>\r\nRCPT TO:<b>\r\n"),
            say("250 ok"),
            Step::Miss(6),
            say("k\r\n"),
            ask("RSET\r\n"),
            say("250 reset\r\n"),
        ],
    );
    let answers: Vec<_> = stage.related().iter().map(|one| (one.from.0, one.to.0)).collect();
    assert_eq!(answers, [(3, 1), (6, 5)], "{}", stage.rows());
}

#[test]
fn hostile_lines_do_no_harm() {
    let long = vec![b'a'; 2 << 20];
    let stage = on_port(25, &[say("220 m SMTP\r\n"), ask(&long), ask("\r\nQUIT\r\n")]);
    assert!(stage.rows().ends_with("C: QUIT\n"), "{}", stage.rows());
    let endless = "250-a\r\n".repeat(MAX_LINE);
    let stage = on_port(25, &[say("220 m SMTP\r\n"), say(endless), say("250 b\r\n")]);
    assert!(stage.rows().ends_with("250 b\n"));
    let steps = everything();
    for len in 0..steps.len() {
        for keep in 0..60 {
            let mut steps = steps[..=len].to_vec();
            if let Some(Step::Ask(bytes) | Step::Say(bytes)) = steps.last_mut() {
                bytes.truncate(keep);
            }
            on_port(25, &steps).rows();
        }
    }
}

#[test]
fn a_line_that_lost_its_end_is_told() {
    for (steps, expected) in [
        (vec![say("220 m SMTP\r\n"), ask("EHLO exam")], "C: EHLO exam\n"),
        (vec![say("220 m SMTP\r\n"), ask("EHLO x\r\n"), say("250-m\r\n250-SI")], "S: 250-m | SI\n"),
        (
            vec![say("220 m SM"), Step::Miss(6), say("k\r\n221 bye\r\n")],
            "S: 220 m SM\nsmtp@3 Bytes that are no line: 3\nsmtp@3 S: 221 bye\n",
        ),
    ] {
        let rows = on_port(25, &steps).rows();
        assert!(rows.ends_with(expected), "{rows}");
    }
}

#[test]
fn mail_in_several_frames_is_shown_in_each() {
    check(
        &[
            say("220 m SMTP\r\n"),
            ask("DATA\r\n"),
            say("354 go\r\n"),
            ask("Subject: x\r\n"),
            ask("\r\nText\r\n"),
            ask(".\r\nQUIT\r\n"),
        ],
        &[
            "smtp@1 S: 220 m SMTP",
            "smtp@2 C: DATA",
            "smtp@3 S: 354 go",
            "smtp@4 C: Mail that goes on, 12 bytes",
            "smtp@5 C: Mail that goes on, 8 bytes",
            "smtp@6 C: Mail, 20 bytes",
            "smtp@6 C: QUIT",
        ],
    );
}
