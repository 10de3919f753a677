//! Tests of FTP over whole control connections.

mod sentences;

use super::Ftp;
use crate::protocol::{Framing, Likelihood, Protocol};
use crate::protocols::stage::{Step, ask, crumble, cut, hello, on_port, play, say};

fn everything() -> Vec<Step> {
    vec![
        say("220-Welcome\r\n to all\r\n220 ready\r\n"),
        ask("USER a\r\nPASS b\r\nSYST\r\n"),
        say("331 password?\r\n230 in\r\nno code here\r\n"),
        ask("PASV\r\n"),
        say("227 Entering Passive Mode (10,0,0,2,4,1).\r\n"),
        ask("PORT 127,0,0,1,156,67\r\nEPSV\r\nEPRT |2|::1|5282|\r\n"),
        say("200 ok\r\n229 Extended (|||6446|)\r\n200 ok\r\n"),
        ask("RETR f\r\n"),
        say("150 opening\r\n"),
        say("226 done\r\n"),
        ask("AUTH TLS\r\n"),
        say("234 go\r\n"),
        ask(hello()),
    ]
}

#[test]
fn a_dialogue() {
    let rows = on_port(21, &everything()).rows();
    let found: Vec<&str> = rows.lines().collect();
    assert_eq!(
        found,
        [
            "ftp@1 Response: 220-Welcome",
            "ftp@2 Request: USER a",
            "ftp@2 Request: PASS b",
            "ftp@2 Request: SYST",
            "ftp@3 Response: 331 password?",
            "ftp@3 Response: 230 in",
            "ftp@3 Response: no code here",
            "ftp@4 Request: PASV",
            "ftp@5 Response: 227 Entering Passive Mode (10,0,0,2,4,1).",
            "ftp@6 Request: PORT 127,0,0,1,156,67",
            "ftp@6 Request: EPSV",
            "ftp@6 Request: EPRT |2|::1|5282|",
            "ftp@7 Response: 200 ok",
            "ftp@7 Response: 229 Extended (|||6446|)",
            "ftp@7 Response: 200 ok",
            "ftp@8 Request: RETR f",
            "ftp@9 Response: 150 opening",
            "ftp@10 Response: 226 done",
            "ftp@11 Request: AUTH TLS",
            "ftp@12 Response: 234 go",
            "tls@13 ",
            "tls@13 Client Hello",
        ]
    );
}

#[test]
fn a_preliminary_reply_leaves_the_command_waiting() {
    let stage = on_port(21, &everything());
    let answers: Vec<_> = stage.related().iter().map(|one| (one.from.0, one.to.0)).collect();
    assert_eq!(answers[answers.len() - 3..], [(16, 15), (17, 15), (19, 18)]);
}

#[test]
fn fields_are_those_of_wireshark() {
    let stage = on_port(21, &everything());
    for (name, expected) in [
        ("ftp.response.code", "220 331 230 227 200 229 200 150 226 234"),
        ("ftp.request.command", "USER PASS SYST PASV PORT EPSV EPRT RETR AUTH"),
        ("ftp.request.arg", "a b 127,0,0,1,156,67 |2|::1|5282| f TLS"),
        ("ftp.passive.ip", "0a000002"),
        ("ftp.passive.port", "1025"),
        ("ftp.active.port", "40003"),
        ("ftp.epsv.port", "6446"),
        ("ftp.eprt.port", "5282"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn frames_may_end_anywhere() {
    let steps = everything();
    let numberless = |rows: String| -> Vec<String> {
        rows.lines().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let whole = numberless(on_port(21, &steps).rows());
    for at in 1..60 {
        assert_eq!(numberless(on_port(21, &cut(&steps, at)).rows()), whole, "cut at {at}");
    }
    assert_eq!(numberless(on_port(21, &crumble(&steps)).rows()), whole);
}

#[test]
fn what_other_protocols_begin_with_is_left_to_them() {
    let check = |line: &str, expected| {
        assert_eq!(Ftp.probe(line.as_bytes(), Framing::Stream), expected, "{line}");
    };
    check("USER ann\r\n", Likelihood::Perhaps);
    // IRC begins so, and finger asks so; no client of FTP opens with a password.
    check("USER a 0 0 :b\r\n", Likelihood::Unsaid);
    check("user\r\n", Likelihood::Unsaid);
    check("PASS x\r\n", Likelihood::Unsaid);
    assert!(!play(&[ask("PASS x\r\nNICK n\r\nUSER a 0 0 :b\r\n")]).rows().contains("ftp"));
    assert!(!play(&[ask("STARTTLS\r\n"), say(":s 670 :go ahead\r\n")]).rows().contains("smtp"));
    assert!(!play(&[say("+OK\r\n"), ask("*1\r\n$4\r\nPING\r\n")]).rows().contains("pop"));
    assert!(!play(&[ask("user\r\n"), say("Login: user\r\n")]).rows().contains("pop"));
}

#[test]
fn hostile_lines_do_no_harm() {
    let long = vec![b'2'; 2 << 20];
    let stage = on_port(21, &[say("220 FTP\r\n"), say(&long), say("\r\n221 bye\r\n")]);
    assert!(stage.rows().ends_with("Response: 221 bye\n"));
    let steps = everything();
    for len in 0..steps.len() {
        for keep in 0..50 {
            let mut steps = steps[..=len].to_vec();
            if let Some(Step::Ask(bytes) | Step::Say(bytes)) = steps.last_mut() {
                bytes.truncate(keep);
            }
            on_port(21, &steps).rows();
        }
    }
}

#[test]
fn a_line_that_lost_its_end_is_told() {
    for (steps, expected) in [
        (vec![say("220 FTP\r\n"), ask("USER jo")], "Request: USER jo\n"),
        (vec![say("220 FTP\r\n"), ask("USER joe\r\n"), say("331 pass")], "Response: 331 pass\n"),
    ] {
        let rows = on_port(21, &steps).rows();
        assert!(rows.ends_with(expected), "{rows}");
    }
}

#[test]
fn a_line_longer_than_any_name_is_shown_as_it_comes() {
    let long = [&b"RETR "[..], &[b'A'; 5000]].concat();
    let steps = [say("220 ok\r\n"), ask(&long), ask([b'A'; 9]), ask("A\r\nNOOP\r\n")];
    let rows = on_port(21, &steps).rows();
    let found: Vec<&str> = rows.lines().map(|row| row.split_once(' ').unwrap().0).collect();
    assert_eq!(found, ["ftp@1", "ftp@2", "ftp@3", "ftp@4", "ftp@4"]);
    let answer = [&b"227 "[..], &[b'A'; 5000]].concat();
    let stage =
        on_port(21, &[say("220 ok\r\n"), say(&answer), say([b'A'; 9]), say("A\r\n200 ok\r\n")]);
    assert_eq!(stage.messages().len(), 5);
    // Tokens of security are longer, and lines all the same.
    let token = [&b"ADAT "[..], &[b'A'; 5000], b"\r\n"].concat();
    let stage = on_port(21, &crumble(&[say("220 ok\r\n"), ask(&token)]));
    assert_eq!(stage.messages().len(), 2);
}
