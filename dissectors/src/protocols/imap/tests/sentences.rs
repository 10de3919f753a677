//! Every sentence of IMAP, beside what is said.

use super::super::tell::command;
use crate::protocols::stage::{ask, check_told, line, on_port, say};

#[test]
fn commands_and_responses() {
    let steps = [
        say("* OK ready\r\n"),
        ask("a0 CAPABILITY\r\n"),
        say("a0 OK done\r\n"),
        ask("a1 LOGIN joe pw\r\n"),
        say("a1 NO wrong\r\n"),
        ask("a2 AUTHENTICATE PLAIN\r\n"),
        say("+ \r\n"),
        ask("AGEAYg==\r\n"),
        say("a2 OK in\r\n"),
        ask("a3 SELECT INBOX\r\n"),
        say("* 1 EXISTS\r\na3 OK open\r\n"),
        ask("a4 UID FETCH 1 FLAGS\r\n"),
        say("a4 OK done\r\n"),
        ask("a5 UID STORE 1 +FLAGS x\r\n"),
        say("a5 OK done\r\n"),
        ask("a6 IDLE\r\n"),
        say("+ go\r\n"),
        ask("DONE\r\n"),
        say("a6 OK done\r\n"),
        ask("a7 LOGOUT\r\n"),
        say("a7 OK bye\r\n"),
        say("a8"),
    ];
    check_told(
        &on_port(143, &steps),
        &[
            "* OK ready | Greets: in IMAP the server speaks first | * OK ready.",
            "a0 CAPABILITY | Asks what the server can do | a0 CAPABILITY.",
            "a0 OK done | Ends the command of that tag: it is done | a0 OK done.",
            "a1 LOGIN joe pw | Gives name and password, in the clear | a1 LOGIN joe pw.",
            "a1 NO wrong | Ends the command of that tag: refused | a1 NO wrong.",
            "a2 AUTHENTICATE PLAIN | Gives the server a command; its tag will be in the answer \
             | a2 AUTHENTICATE PLAIN.",
            "+  | Asks the client to go on | +.",
            "AGEAYg== | Goes on with what it was asked for | AGEAYg==.",
            "a2 OK in | Ends the command of that tag: it is done | a2 OK in.",
            "a3 SELECT INBOX | Opens a mailbox | a3 SELECT INBOX.",
            "* 1 EXISTS | Says something that ends no command | * 1 EXISTS.",
            "a3 OK open | Ends the command of that tag: it is done | a3 OK open.",
            "a4 UID FETCH 1 FLAGS | Asks for mails, or parts of them | a4 UID FETCH 1 FLAGS.",
            "a4 OK done | Ends the command of that tag: it is done | a4 OK done.",
            "a5 UID STORE 1 +FLAGS x | Gives the server a command; its tag will be in the \
             answer | a5 UID STORE 1 +FLAGS x.",
            "a5 OK done | Ends the command of that tag: it is done | a5 OK done.",
            "a6 IDLE | Lets the server speak on its own until DONE | a6 IDLE.",
            "+ go | Asks the client to go on | + go.",
            "DONE | Goes on with what it was asked for | DONE.",
            "a6 OK done | Ends the command of that tag: it is done | a6 OK done.",
            "a7 LOGOUT | Asks the server to end the connection | a7 LOGOUT.",
            "a7 OK bye | Ends the command of that tag: it is done | a7 OK bye.",
            "a8 | Answers the command of that tag | a8.",
        ],
    );
    check_told(
        &on_port(143, &[ask("a1 STARTTLS\r\n")]),
        &["a1 STARTTLS | Asks to go on in TLS on this connection | Until the handshake has \
             ended, anyone on the way can take this away."],
    );
}

#[test]
fn a_password_under_seal() {
    let told = line(&command(b"a1 LOGIN joe pw", true));
    assert_eq!(told, "a1 LOGIN joe pw | Gives name and password, under seal");
}

#[test]
fn a_server_may_greet_in_other_words() {
    let check = |said: &str, expected: &str| {
        check_told(&on_port(143, &[say(format!("{said}\r\n"))]), &[expected]);
    };
    check(
        "* PREAUTH hello",
        "* PREAUTH hello | Greets, and takes the client as known | * PREAUTH hello.",
    );
    check("* BYE busy", "* BYE busy | Lets nobody in now | * BYE busy.");
    check("* 1 EXISTS", "* 1 EXISTS | Says something that ends no command | * 1 EXISTS.");
}
