//! Every sentence of POP3, beside what is said.

use super::super::tell::command;
use crate::protocols::stage::{ask, check_told, line, on_port, say};

#[test]
fn commands_and_answers() {
    let steps = [
        say("+OK ready\r\n"),
        ask("CAPA\r\n"),
        say("+OK\r\n.\r\n"),
        ask("USER joe\r\n"),
        say("+OK\r\n"),
        ask("PASS pw\r\n"),
        say("-ERR wrong\r\n"),
        ask("AUTH PLAIN\r\n"),
        say("+ \r\n"),
        ask("AGEAYg==\r\n"),
        say("+OK\r\n"),
        ask("RETR 1\r\n"),
        say("+OK\r\nx\r\n.\r\n"),
        ask("DELE 1\r\n"),
        say("+OK\r\n"),
        ask("NOOP\r\n"),
        say("+OK\r\n"),
        ask("STAT\r\n"),
        say("x\r\n"),
        say("+OK 1 2\r\n"),
        ask("QUIT\r\n"),
        say("+OK\r\n"),
        ask("NO"),
    ];
    check_told(
        &on_port(110, &steps),
        &[
            "+OK ready | Greets: in POP3 the server speaks first | +OK ready.",
            "CAPA | Asks what the server can do | CAPA.",
            "+OK | Answers yes | +OK.",
            "USER joe | Says whose mail it wants | USER joe.",
            "+OK | Answers yes | +OK.",
            "PASS pw | Gives the password, in the clear | PASS pw.",
            "-ERR wrong | Refuses | -ERR wrong.",
            "AUTH PLAIN | Wants to prove who it is by a method of its choice | AUTH PLAIN.",
            "+  | Asks for proof, in base64 | +.",
            "AUTH … | Answers the challenge; base64 hides nothing | AGEAYg==.",
            "+OK | Answers yes | +OK.",
            "RETR 1 | Asks for a mail | RETR 1.",
            "+OK | Answers yes | +OK.",
            "DELE 1 | Marks a mail for removal when the session ends | DELE 1.",
            "+OK | Answers yes | +OK.",
            "NOOP | Asks for nothing: the session goes on | NOOP.",
            "+OK | Answers yes | +OK.",
            "STAT | Asks how many mails there are, and how large they are together | STAT.",
            "x | Says what is neither yes nor no: the question stays open | x.",
            "+OK 1 2 | Answers yes | +OK 1 2.",
            "QUIT | Asks to end the session; only then are marked mails removed | QUIT.",
            "+OK | Answers yes | +OK.",
            "NO | Gives the server a command | NO.",
        ],
    );
    check_told(
        &on_port(110, &[say("+OK\r\n"), ask("STLS\r\n")]),
        &[
            "+OK | Greets: in POP3 the server speaks first | +OK.",
            "STLS | Asks to go on in TLS on this connection | Until the handshake has ended, \
             anyone on the way can take this away.",
        ],
    );
}

#[test]
fn a_password_under_seal() {
    let told = line(&command(b"PASS pw", true));
    assert_eq!(told, "PASS pw | Gives the password, under seal");
}

#[test]
fn commands_say_what_they_are_for() {
    let check = |text: &str, expected: &str| {
        assert_eq!(line(&command(text.as_bytes(), false)), format!("{text} | {expected}"));
    };
    check("STAT", "Asks how many mails there are, and how large they are together");
    check("LIST 2", "Asks how large mails are");
    check("UIDL", "Asks for the names of mails that stay the same from session to session");
    check("TOP 1 10", "Asks for the head of a mail, and so many lines of it");
    check("RSET", "Takes back what it has marked for removal");
    check("APOP joe 0a", "Says who it is, and proves it by a digest of the password");
}
