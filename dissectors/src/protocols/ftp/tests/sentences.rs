//! Every sentence of FTP, beside what is said.

use super::super::tell::command;
use crate::protocols::stage::{ask, check_told, line, on_port, say};

#[test]
fn commands_and_replies() {
    let steps = [
        say("220 ready\r\n"),
        ask("USER joe\r\n"),
        say("331 password\r\n"),
        ask("PASS pw\r\n"),
        say("230 in\r\n"),
        ask("PASV\r\n"),
        say("227 Entering Passive Mode (192,0,2,1,200,1)\r\n"),
        ask("RETR a\r\n"),
        say("150 begins\r\n"),
        say("226 done\r\n"),
        ask("PORT 192,0,2,2,200,1\r\n"),
        say("200 ok\r\n"),
        ask("STOR b\r\n"),
        say("450 busy\r\n"),
        ask("LIST\r\n"),
        say("550 no\r\n"),
        ask("NOOP\r\n"),
        say("200 ok\r\n"),
        ask("QUIT\r\n"),
        say("221 bye\r\n"),
        say("22"),
    ];
    check_told(
        &on_port(21, &steps),
        &[
            "220 ready | Greets: in FTP the server speaks first | 220 ready.",
            "USER joe | Says who it is | USER joe.",
            "331 password | Asks for the password | 331 password.",
            "PASS pw | Gives the password, in the clear | PASS pw.",
            "230 in | Lets the user in | 230 in.",
            "PASV | Asks the server to wait for a data connection | PASV.",
            "227 Entering Passive Mode (192,0,2,1,20… | Says where it waits for the data \
             connection | 227 Entering Passive Mode (192,0,2,1,200,1).",
            "RETR a | Asks for a file; it will come on a connection of its own | RETR a.",
            "150 begins | Begins; another reply will say how it ended | 150 begins.",
            "226 done | The transfer is complete | 226 done.",
            "PORT 192,0,2,2,200,1 | Says where it waits for a data connection itself | PORT \
             192,0,2,2,200,1.",
            "200 ok | Answers | 200 ok.",
            "STOR b | Sends a file, on a connection of its own | STOR b.",
            "450 busy | Cannot now; the client may try again | 450 busy.",
            "LIST | Asks for a listing; it will come on a connection of its own | LIST.",
            "550 no | Refuses | 550 no.",
            "NOOP | Asks for nothing: the connection stays in use | NOOP.",
            "200 ok | Answers | 200 ok.",
            "QUIT | Asks the server to end the connection | QUIT.",
            "221 bye | Ends the connection | 221 bye.",
            "22 | Answers | 22.",
        ],
    );
    let steps = [say("220 ready\r\n"), ask("AUTH TLS\r\n"), say("234 go\r\n")];
    check_told(
        &on_port(21, &steps),
        &[
            "220 ready | Greets: in FTP the server speaks first | 220 ready.",
            "AUTH TLS | Asks to go on in TLS on this connection | Until the handshake has \
             ended, anyone on the way can take this away.",
            "234 go | Agrees: the next byte of either side is TLS | 234 go.",
        ],
    );
}

#[test]
fn a_mechanism_of_its_own() {
    let steps = [
        say("220 ready\r\n"),
        ask("AUTH GSSAPI\r\n"),
        say("334 go on\r\n"),
        ask("ADAT YIIC\r\n"),
        say("235 ADAT=YGgG\r\n"),
        ask("ENC FwMA\r\n"),
        say("632 FwMB\r\n"),
    ];
    check_told(
        &on_port(21, &steps),
        &[
            "220 ready | Greets: in FTP the server speaks first | 220 ready.",
            "AUTH GSSAPI | Wants to prove who it is by a mechanism | AUTH GSSAPI.",
            "334 go on | Agrees on the mechanism, and goes on with it in base64 | 334 go on.",
            "ADAT YIIC | Goes on with the proof of who it is, in base64 | ADAT YIIC.",
            "235 ADAT=YGgG | Answers | 235 ADAT=YGgG.",
            "ENC FwMA | Gives a command under the seal of that mechanism | ENC FwMA.",
            "632 FwMB | Answers under the seal of the mechanism: what, only its keys tell | 632 \
             FwMB.",
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
    check("SYST", "Asks which system the server runs on");
    check("FEAT", "Asks which extensions the server can do");
    check("TYPE I", "Says how files are to be carried: as text, or byte by byte");
    check("PWD", "Asks which folder it is in");
    check("CWD /pub", "Goes to another folder");
    check("SIZE a", "Asks how large a file is");
    check("MDTM a", "Asks when a file was changed last");
    check("DELE a", "Wants a file deleted");
    check("MKD b", "Wants a folder made");
    check("RMD b", "Wants a folder removed");
    check("RNFR a", "Names the file that is to have another name");
    check("RNTO c", "Says that name");
    check("REST 100", "Says from which byte on the next transfer begins");
    check("PROT P", "Says whether data connections are to be sealed");
    check("SITE HELP", "Gives the server a command");
}
