//! What is shown on one connection and was handed out on another.

use super::play::Play;
use super::story;
use crate::engine::tcp::flags::{ACK, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::story::{Level, Story};

/// A record that holds one message of the handshake.
fn record(kind: u8, body: &[u8]) -> Vec<u8> {
    let (len, whole) = (body.len() as u8, body.len() as u8 + 4);
    [&[22, 3, 3, 0, whole, kind, 0, 0, len][..], body].concat()
}

/// A hello of TLS 1.2 with a session id, one suite, and a ticket where it has one.
fn hello(is_offer: bool, session: &[u8], ticket: Option<&[u8]>) -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.push(session.len() as u8);
    body.extend(session);
    body.extend(if is_offer { &[0, 2, 0xc0, 0x2f, 1, 0][..] } else { &[0xc0, 0x2f, 0][..] });
    let ticket = ticket.map(|bytes| [&[0, 35, 0, bytes.len() as u8][..], bytes].concat());
    let list = ticket.unwrap_or_default();
    body.extend([0, list.len() as u8]);
    body.extend(list);
    record(if is_offer { 1 } else { 2 }, &body)
}

/// A connection whose client shows this, and whose server answers that.
fn visit(play: &mut Play, shows: &[u8], answers: &[u8]) {
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play.tcp(Forward, ACK, shows).tcp(Backward, ACK, answers);
}

/// What is added to the ClientHello of each connection.
fn said(told: &Story) -> Vec<Option<String>> {
    let hellos = told.level(Level::Message).filter(|(_, beat)| beat.label == "ClientHello");
    let end = |detail: &str| Some(detail[detail.find(" The ")? + 1..].to_owned());
    hellos.map(|(_, beat)| end(&beat.detail)).collect()
}

#[test]
fn a_ticket_is_traced_to_the_frame_that_handed_it_out() {
    let mut play = Play::against(443);
    let given = [&[0, 0, 0x1c, 0x20, 0, 3][..], b"abc"].concat();
    let answers = [hello(false, b"", None), record(4, &given)].concat();
    visit(&mut play, &hello(true, b"", Some(b"")), &answers);
    play.another(40_001);
    visit(&mut play, &hello(true, b"made up", Some(b"abc")), &hello(false, b"made up", None));
    let expected = [None, Some("The ticket was handed out in step 5, on connection A.".to_owned())];
    assert_eq!(said(&story(&play)), expected);
}

#[test]
fn so_is_the_id_of_a_session_and_nothing_else() {
    let mut play = Play::against(443);
    visit(&mut play, &hello(true, b"other", None), &hello(false, b"session", None));
    play.another(40_001);
    visit(&mut play, &hello(true, b"session", None), &hello(false, b"session", None));
    let expected =
        [None, Some("The session id was handed out in step 5, on connection A.".to_owned())];
    assert_eq!(said(&story(&play)), expected);
}

#[test]
fn what_is_asked_again_on_another_connection_is_known_by_its_key_or_as_a_whole() {
    let post = |key: &str| format!("POST /pay HTTP/1.1\r\n{key}Content-Length: 2\r\n\r\n42");
    let check = |first: &str, second: &str, expected: Option<&str>| {
        let mut play = Play::against(80);
        let answers = [&b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"[..]; 2];
        for (port, (asked, answer)) in (40_000..).zip([first, second].into_iter().zip(answers)) {
            play.another(port);
            visit(&mut play, asked.as_bytes(), answer);
        }
        let told = story(&play);
        let asked = told.level(Level::Message).filter(|(_, beat)| beat.label == "POST /pay");
        let end = |detail: &str| Some(detail[detail.find(" It was asked")? + 1..].to_owned());
        let said: Vec<Option<String>> = asked.map(|(_, beat)| end(&beat.detail)).collect();
        assert_eq!(said, [None, expected.map(str::to_owned)]);
    };
    let [none, key, other] =
        [post(""), post("Idempotency-Key: a-1\r\n"), post("Idempotency-Key: a-2\r\n")];
    check(
        &none,
        &none,
        Some(
            "It was asked before, in step 4, on connection A. Nothing in it says whether it is to be \
             done once or twice.",
        ),
    );
    let under_key = "It was asked before under the same key, in step 4, on connection A.";
    check(&key, &key, Some(under_key));
    check(&key, &other, None);
    check(&none, &key, None);
}
