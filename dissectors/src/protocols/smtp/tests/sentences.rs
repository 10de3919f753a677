//! Every sentence of SMTP, beside what is said.

use crate::protocols::stage::{Step, ask, check_told, on_port, say};

#[track_caller]
fn check(steps: &[Step], expected: &[&str]) {
    check_told(&on_port(25, steps), expected);
}

#[test]
fn commands_and_their_replies() {
    check(
        &[
            say("220 mail.example.org ESMTP\r\n"),
            ask("EHLO client\r\n"),
            say("250-mail.example.org\r\n250 STARTTLS\r\n"),
            ask("HELO client\r\n"),
            say("250 hello\r\n"),
            ask("AUTH LOGIN\r\n"),
            say("334 VXNlcm5hbWU6\r\n"),
            ask("dQ==\r\n"),
            say("235 welcome\r\n"),
            ask("MAIL FROM:<a@example.org>\r\n"),
            say("250 ok\r\n"),
            ask("RCPT TO:<b@example.org>\r\n"),
            say("450 busy\r\n"),
            ask("RCPT TO:<c@example.org>\r\n"),
            say("550 nobody\r\n"),
            ask("DATA\r\n"),
            say("354 go\r\n"),
            ask("Subject: x\r\n\r\ny\r\n.\r\n"),
            say("250 queued\r\n"),
        ],
        &[
            "220 mail.example.org ESMTP | Greets: in SMTP the server speaks first | \
             mail.example.org ESMTP.",
            "EHLO client | Says its name, and asks what the server can do | EHLO client.",
            "250-mail.example.org | Greets back, with a line for each extension it can do | \
             mail.example.org; STARTTLS.",
            "HELO client | Says its name, in the way of before extensions | HELO client.",
            "250 hello | Answers | hello.",
            "AUTH LOGIN | Says how it will prove who it is",
            "334 VXNlcm5hbWU6 | Asks for proof, in base64 | VXNlcm5hbWU6.",
            "AUTH … | Answers the challenge; base64 hides nothing",
            "235 welcome | Believes who the client is | welcome.",
            "MAIL FROM:<a@example.org> | Begins a mail: where errors are to be sent | MAIL \
             FROM:<a@example.org>.",
            "250 ok | Accepts the address | ok.",
            "RCPT TO:<b@example.org> | Names a recipient; the server may refuse each one alone \
             | RCPT TO:<b@example.org>.",
            "450 busy | Cannot now; the client may try again later | busy.",
            "RCPT TO:<c@example.org> | Names a recipient; the server may refuse each one alone \
             | RCPT TO:<c@example.org>.",
            "550 nobody | Refuses; the same again would be refused, too | nobody.",
            "DATA | Asks to send the mail itself | DATA.",
            "354 go | Asks for the mail; a line of one dot ends it | go.",
            "mail  20 B | Hands over the mail itself: headers, an empty line, the text | Inside \
             DATA a line of one dot ends the mail; a line that begins with a dot is sent with \
             one more. BDAT counts its bytes instead.",
            "250 queued | Takes the mail, and is answerable for it from now on | queued.",
        ],
    );
    check(
        &[
            ask("BDAT 1 LAST\r\nx"),
            say("250 queued\r\n"),
            ask("RSET\r\n"),
            say("250 ok\r\n"),
            ask("VRFY a\r\n"),
            say("252 perhaps\r\n"),
            ask("QUIT\r\n"),
            say("221 bye\r\n"),
            ask("NO"),
        ],
        &[
            "BDAT 1 LAST | Sends a chunk of mail, its bytes counted",
            "mail  1 B | Hands over the mail itself: headers, an empty line, the text | Inside \
             DATA a line of one dot ends the mail; a line that begins with a dot is sent with \
             one more. BDAT counts its bytes instead.",
            "250 queued | Answers | queued.",
            "RSET | Drops the mail that was begun | RSET.",
            "250 ok | Answers | ok.",
            "VRFY a | Gives the server a command | VRFY a.",
            "252 perhaps | Answers | perhaps.",
            "QUIT | Asks the server to end the connection | QUIT.",
            "221 bye | Ends the connection | bye.",
            "NO | Gives the server a command | NO.",
        ],
    );
    check(
        &[ask("STARTTLS\r\n"), say("220 go\r\n")],
        &[
            "STARTTLS | Asks to go on in TLS on this connection | Until the handshake has \
             ended, anyone on the way can take this away.",
            "220 go | Agrees: the next byte of either side is TLS | go.",
        ],
    );
}
