//! What is told of packets: every sentence beside what makes it true.

use super::PORTS;
use super::packets::{CHOSEN, OF_CLIENT, OF_SERVER, TOKEN, answer, first, last};
use super::play::{By, connection, speaking, told};
use super::seal::{CLIENT, key_log, retry, short, updated};
use crate::protocols::stage::{ask, check_told, line, play_keyed, play_over, say};
use crate::registry::standard;
use crate::secret::Secrets;

#[test]
fn frames_that_share_a_packet_are_all_told() {
    let id = [&[0x18, 1, 0, 4, 9, 9, 9, 1][..], &[1; 16]].concat();
    let token = [&[7, 5][..], b"token"].concat();
    let ids =
        "NEW_CONNECTION_ID: Hands out more ids to be reached by, for when an address changes.";
    let retired = "RETIRE_CONNECTION_ID: Will not use an id of the other side any more.";
    let token_said =
        "NEW_TOKEN: Hands out a token: the next visit need not prove its address again.";
    check(
        &[
            (By::Server, [&[0x1e][..], &id, &token, &[0x19, 0]].concat()),
            (By::Client, [&[0x1a][..], &[8; 8], &[0x19, 1]].concat()),
            (By::Client, vec![0x19, 2, 0x19, 3]),
        ],
        &[
            &format!(
                "HANDSHAKE_DONE, NEW_CONNECTION_ID, NEW_TOKEN, RETIRE_CONNECTION_ID | The server confirms the handshake: its keys can be forgotten | {ids} {token_said} {retired}"
            ),
            &format!(
                "PATH_CHALLENGE, RETIRE_CONNECTION_ID | Asks along a path whether the other side is really there | {retired}"
            ),
            "RETIRE_CONNECTION_ID | Will not use an id of the other side any more",
        ],
    );
}

/// Holds what packets after the handshake tell, the handshake's own and what streams carry left
/// out.
#[track_caller]
fn check(packets: &[(By, Vec<u8>)], expected: &[&str]) {
    let lines = told(&connection(packets));
    assert_eq!(lines, expected, "{lines:#?}");
}

#[test]
fn frames_tell_what_they_do_to_the_connection() {
    let id = |sequence: u8| [&[0x18, sequence, 0, 4, 9, 9, 9, sequence][..], &[1; 16]].concat();
    let packets = [
        (By::Server, vec![0x1e]),
        (By::Server, id(1)),
        (By::Server, [id(2), id(3)].concat()),
        (By::Client, vec![0x19, 0]),
        (By::Server, [&[7, 5][..], b"token"].concat()),
        (By::Client, [&[0x1a][..], &[8; 8]].concat()),
        (By::Server, [&[0x1b][..], &[8; 8]].concat()),
        (By::Client, vec![4, 0, 0x41, 0x0c, 3]),
        (By::Client, vec![0x24, 4, 0x41, 0x0c, 3, 1]),
        (By::Server, vec![5, 0, 0x41, 0x0c]),
        (By::Client, [&[0x31, 3][..], b"abc"].concat()),
        (By::Client, vec![0x14, 9]),
        (By::Client, vec![0x15, 8, 9]),
        (By::Client, vec![0x16, 5]),
        (By::Server, vec![0x10, 0x40, 0xff]),
        (By::Client, vec![1]),
        (By::Client, vec![0x40, 0xaf, 1, 9, 0x40, 0xff, 1]),
        (By::Client, vec![0x1f]),
        (By::Client, vec![2, 4, 0, 0, 4]),
    ];
    check(
        &packets,
        &[
            "HANDSHAKE_DONE | The server confirms the handshake: its keys can be forgotten",
            "NEW_CONNECTION_ID | Hands out more ids to be reached by, for when an address changes | One id.",
            "NEW_CONNECTION_ID | Hands out more ids to be reached by, for when an address changes | 2 ids.",
            "RETIRE_CONNECTION_ID | Will not use an id of the other side any more",
            "NEW_TOKEN | Hands out a token: the next visit need not prove its address again | It has 5 bytes.",
            "PATH_CHALLENGE | Asks along a path whether the other side is really there",
            "PATH_RESPONSE | Sends back what it was asked with: the path leads to it",
            "RESET_STREAM | Breaks off what it sends on one stream; the others go on | The code of the application is H3_REQUEST_CANCELLED (0x10c).",
            "RESET_STREAM_AT | Breaks off what it sends on one stream, and still brings the first of it | The code of the application is H3_REQUEST_CANCELLED (0x10c).",
            "STOP_SENDING | Wants no more of one stream: what is still sent there is thrown away | The code of the application is H3_REQUEST_CANCELLED (0x10c).",
            "DATAGRAM | Sends bytes that nobody sends again where they are lost | 3 bytes.",
            "DATA_BLOCKED | Would send more than the other side allows so far | All streams together have come to their limit of 9 bytes.",
            "STREAM_DATA_BLOCKED | Would send more than the other side allows so far | Stream 8 has come to its limit of 9 bytes.",
            "STREAMS_BLOCKED (BIDI) | Would send more than the other side allows so far | 5 streams are allowed so far.",
            "MAX_DATA | Lets the other side go on, which had to wait | 255 bytes may be sent. For 3.00 ms nothing could be: the window was used up.",
            "PING | Asks for an acknowledgement, and for nothing else",
            "ACK_FREQUENCY | Asks the other side to acknowledge at other times from here on",
            "IMMEDIATE_ACK | Asks for an acknowledgement at once",
        ],
    );
}

#[test]
fn a_connection_ends_for_a_reason() {
    let close = |kind: u8, code: &[u8], rest: &[u8]| [&[kind], code, rest].concat();
    let packets = [
        (By::Client, close(0x1c, &[0], &[0, 0])),
        (By::Client, close(0x1c, &[0x0a], &[6, 4, b'o', b'd', b'd', b'!'])),
        (By::Client, close(0x1c, &[0x41, 0x28], &[6, 0])),
        (By::Client, close(0x1c, &[0x3f], &[6, 0])),
        (By::Server, close(0x1d, &[0x41, 0x00], &[3, b'b', b'y', b'e'])),
        (By::Server, close(0x1d, &[0x41, 0x02], &[0])),
    ];
    let stage = speaking(b"echo", &[(By::Client, close(0x1d, &[0x41, 0x00], &[0]))]);
    let unknown = "CONNECTION_CLOSE | The application ends the connection | Its code is 0x100.";
    assert_eq!(told(&stage), [unknown], "only HTTP/3 has codes of that name");
    check(
        &packets,
        &[
            "CONNECTION_CLOSE | Ends the connection, as meant",
            "CONNECTION_CLOSE | Ends the connection, for an error | PROTOCOL_VIOLATION: the other side does what the protocol forbids. It adds “odd!”",
            "CONNECTION_CLOSE | Ends the connection, for an error | alert of TLS: handshake failure.",
            "CONNECTION_CLOSE | Ends the connection, for an error | error 0x3f.",
            "CONNECTION_CLOSE | The application ends the connection, as meant | Its code is H3_NO_ERROR (0x100). It adds “bye”.",
            "CONNECTION_CLOSE | The application ends the connection, for an error | Its code is H3_INTERNAL_ERROR (0x102).",
        ],
    );
}

#[test]
fn what_shapes_a_connection_before_it_is_one_is_told() {
    let list = [
        &[0x80, 0, 0, 0, 0, 0, 0][..],
        &[0, 0, 0, 1, 0x6b, 0x33, 0x43, 0xcf, 0x0a, 0x1a, 0x2a, 0x3a],
    ]
    .concat();
    let nothing = [&[0x80, 0, 0, 0, 0, 0, 0][..], &[0x0a, 0x1a, 0x2a, 0x3a]].concat();
    let asked = [&[0xc0, 0x1a, 0x2a, 0x3a, 0x4a, 0, 0][..], &[0; 1200]].concat();
    let google = [&[0xc0, b'Q', b'0', b'4', b'6', 0, 0][..], &[0; 40]].concat();
    let stage = play_over(PORTS, &[ask(&asked), say(&list), say(&nothing), ask(&google)]);
    check_told(
        &stage,
        &[
            "unknown version | Asks with a version that nobody speaks, so that the server names its own | It says 0x1a2a3a4a (reserved).",
            "Version Negotiation | Does not speak 0x1a2a3a4a (reserved), and names those that it does | It speaks version 1, version 2. Nobody speaks 0x0a1a2a3a (reserved): it stands there so that clients learn to pass over what they do not know.",
            "Version Negotiation | Does not speak 0x1a2a3a4a (reserved), and names those that it does | It names none that anybody speaks. Nobody speaks 0x0a1a2a3a (reserved): it stands there so that clients learn to pass over what they do not know.",
            "unknown version | Speaks a version of QUIC that is not read here | It says Google's Q046.",
        ],
    );
    // Where what it answers was not recorded.
    check_told(
        &play_over(PORTS, &[say(&nothing)]),
        &[
            "Version Negotiation | Does not speak that version, and names those that it does | It names none that anybody speaks. Nobody speaks 0x0a1a2a3a (reserved): it stands there so that clients learn to pass over what they do not know.",
        ],
    );
    let told_of = |chosen: &[u8]| {
        let steps = [
            ask(first(CHOSEN, CHOSEN, &[], false)),
            say(retry((OF_CLIENT, &[4]), b"token", chosen)),
            ask(first(&[4], &[4], b"token", false)),
        ];
        let stage = play_over(PORTS, &steps);
        let view = stage.view();
        let told = stage
            .messages()
            .iter()
            .skip(2)
            .filter_map(|one| standard().get(view.layer(one.layer)?.protocol).tell(one, &view));
        told.map(|told| line(&told)).collect::<Vec<_>>()
    };
    let asked = "Retry | Asks the client to come again with a token, to prove that its address is its own | The token has 5 bytes.";
    let proven = "Initial with token | Comes again with the token: its address is proven | The token has 5 bytes. Only who gets what is sent to that address could bring it back. It has cost a round trip.";
    // Behind it stands the ClientHello, once more.
    assert_eq!(told_of(CHOSEN)[..2], [asked, proven]);
    assert!(told_of(CHOSEN)[2].starts_with("ClientHello | "));
    let forged = format!(
        "{asked} Its tag is wrong: it does not answer this client, or it was changed on its way."
    );
    assert_eq!(told_of(&[0]).first(), Some(&forged));
    let again = [
        ask(first(CHOSEN, CHOSEN, &[], false)),
        say(retry((OF_CLIENT, &[4]), b"token", CHOSEN)),
        say(retry((OF_CLIENT, &[4]), b"other", CHOSEN)),
    ];
    let lines = told(&play_over(PORTS, &again));
    let spare = "Retry | Asks for a token once more, and is not heard | A client takes one Retry and throws all others away. Mostly they answer an Initial that had left before.";
    assert_eq!(lines.last().map(String::as_str), Some(spare));
}

#[test]
fn what_is_sealed_is_told_as_that() {
    let lines = |steps: &[_], secrets: &Secrets| told(&play_keyed(PORTS, steps, secrets));
    let handshake = [ask(first(CHOSEN, CHOSEN, &[], false)), say(answer(CHOSEN)), ask(last())];
    let no_key = "Sealed: only the two ends can read it, its number included | A key log with the secrets of this connection would open it.";
    let sealed = format!("sealed Handshake | {no_key}");
    assert_eq!(lines(&handshake, &Secrets::default()), [sealed.clone(), sealed]);
    let other = short(OF_SERVER, (&[9; 32], &[9; 32], false), 0, &[1]);
    let second = updated(&CLIENT);
    let renewed = short(OF_SERVER, (&CLIENT, &second, true), 0, &[1]);
    let reset = [&[0x5a; 30][..], &TOKEN].concat();
    let steps = [&handshake[..], &[ask(other), ask(renewed), say(reset)]].concat();
    let expected = [
        "sealed 1-RTT | Sealed, and the keys that are known do not open it | It may be of another connection, or have been changed on its way.",
        "key update | Seals with the next generation of its keys from here on | One bit of the header has turned. The new keys are computed from the old ones: no round trip, no message.",
        "Stateless Reset | Knows nothing of this connection any more, and ends it | The last 16 bytes are a token that only this side could know: it handed it out before.",
    ];
    assert_eq!(lines(&steps, &key_log()), expected);
    let unlike = short(&[9; 5], (&[9; 32], &[9; 32], false), 0, &[1; 8]);
    let steps = [&handshake[..], &[say(unlike)]].concat();
    let expected = "Stateless Reset? | May say that it knows nothing of this connection any more | No key opens it, and it bears no id that the other side goes by. A stateless reset looks so; only the token at its end would prove it, and none was seen.";
    assert_eq!(lines(&steps, &key_log()), [expected]);
    let whole = first(CHOSEN, CHOSEN, &[], false);
    let cut = lines(&[ask(&whole[..600])], &Secrets::default());
    let expected = "sealed Initial | Sealed, and not whole in the capture | A packet opens as a whole or not at all: its end proves that nothing was changed.";
    assert_eq!(cut, [expected]);
}
