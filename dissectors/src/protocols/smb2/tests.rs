//! Tests of SMB2 behind its four bytes of NetBIOS.

use super::wire::{CHAINED, RESPONSE};
use crate::protocols::stage::{Step, ask, crumble, cut, on_port, say};

/// A message: command, flags, status, message id, where the next one stands, its body.
fn message(command: u16, flags: u64, status: u32, id: u64, next: u32, body: &[u8]) -> Vec<u8> {
    let mut bytes = b"\xfeSMB\x40\0\x01\0".to_vec();
    bytes.extend(status.to_le_bytes());
    bytes.extend(command.to_le_bytes());
    bytes.extend([1, 0]);
    bytes.extend((flags as u32).to_le_bytes());
    bytes.extend(next.to_le_bytes());
    bytes.extend(id.to_le_bytes());
    bytes.extend([0xff, 0xfe, 0, 0, 5, 0, 0, 0]);
    bytes.extend([7; 8]);
    bytes.extend([0; 16]);
    bytes.extend(body);
    bytes
}

fn packet(message: &[u8]) -> Vec<u8> {
    [&(message.len() as u32).to_be_bytes()[..], message].concat()
}

fn request(command: u16, id: u64, body: &[u8]) -> Step {
    ask(packet(&message(command, 0, 0, id, 0, body)))
}

fn response(command: u16, status: u32, id: u64, body: &[u8]) -> Step {
    say(packet(&message(command, RESPONSE, status, id, 0, body)))
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The body of a request that names something: bytes before offset and length, and the name.
fn naming(before: usize, name: &str, behind: usize) -> Vec<u8> {
    let name = wide(name);
    let mut body = vec![0; before];
    let at = 64 + before + 4 + behind;
    body.extend((at as u16).to_le_bytes());
    body.extend((name.len() as u16).to_le_bytes());
    body.extend(vec![0; behind]);
    body.extend(name);
    body
}

fn everything() -> Vec<Step> {
    let mut offer = vec![36, 0, 2, 0];
    offer.resize(36, 0);
    offer.extend([0x02, 0x02, 0x11, 0x03]);
    vec![
        request(0, 0, &offer),
        response(0, 0, 0, &[65, 0, 1, 0, 0x11, 0x03]),
        request(1, 1, &[25, 0]),
        response(1, 0xc000_0016, 1, &[9, 0]),
        request(3, 2, &naming(4, r"\\files\public", 0)),
        response(3, 0, 2, &[16, 0]),
        request(5, 3, &naming(44, "notes.txt", 8)),
        response(5, 0x103, 3, &[9, 0]),
        response(5, 0xc000_0034, 3, &[9, 0]),
    ]
}

fn rows(steps: &[Step]) -> Vec<String> {
    let rows = on_port(445, steps).rows();
    rows.lines().filter(|row| row.starts_with("smb2")).map(str::to_owned).collect()
}

#[test]
fn a_dialogue() {
    let expected = [
        "smb2@1 Negotiate Protocol Request",
        "smb2@2 Negotiate Protocol Response",
        "smb2@3 Session Setup Request",
        "smb2@4 Session Setup Response, Error: STATUS_MORE_PROCESSING_REQUIRED",
        r"smb2@5 Tree Connect Request, Tree: '\\files\public'",
        "smb2@6 Tree Connect Response",
        "smb2@7 Create Request, File: notes.txt",
        "smb2@8 Create Response, Error: STATUS_PENDING",
        "smb2@9 Create Response, Error: STATUS_OBJECT_NAME_NOT_FOUND",
    ];
    assert_eq!(rows(&everything()), expected);
    let stage = on_port(445, &everything());
    assert_eq!(stage.values("smb2.cmd"), "0 0 1 1 3 3 5 5 5");
    assert_eq!(stage.values("smb2.response_to"), "1 3 5 7 7");
    assert_eq!(stage.values("smb2.dialect"), "514 785 785");
    assert_eq!(stage.values("smb2.filename"), "notes.txt");
    assert_eq!(stage.values("smb2.tid"), "5 5 5 5 5 5 5 5 5");
    assert_eq!(stage.values("nbss.length").split(' ').count(), 9);
}

#[test]
fn a_dialect_is_chosen_or_left_open() {
    let told = |low: u8| {
        let answer = response(0, 0, 0, &[65, 0, 1, 0, low, 0x02]);
        let told =
            crate::protocols::stage::told(&on_port(445, &[request(0, 0, &[36, 0, 0, 0]), answer]));
        told.last().cloned().unwrap_or_default()
    };
    assert!(told(0x10).contains("| Chooses the dialect for the whole connection | SMB 2.1."));
    let open = "| Speaks SMB 2 and leaves its dialect open: the client is to say which it knows";
    assert!(told(0xff).contains(open), "{}", told(0xff));
}

#[test]
fn frames_may_end_anywhere() {
    let numberless = |steps: &[Step]| -> Vec<String> {
        rows(steps).iter().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let whole = numberless(&everything());
    for at in 1..90 {
        assert_eq!(numberless(&cut(&everything(), at)), whole, "cut at {at}");
    }
    assert_eq!(numberless(&crumble(&everything())), whole);
}

#[test]
fn chained_messages_are_told_apart() {
    let mut first = message(5, 0, 0, 7, 0, &naming(44, "a", 8));
    first.resize(first.len().next_multiple_of(8), 0);
    let len = first.len() as u32;
    first[20..24].copy_from_slice(&len.to_le_bytes());
    let second = message(6, CHAINED, 0, 8, 0, &[24, 0]);
    let found = rows(&[ask(packet(&[first, second].concat()))]);
    assert_eq!(found, ["smb2@1 Create Request, File: a", "smb2@1 Close Request"]);
    // A chain that leads nowhere or beyond its message ends with it.
    for next in [1, 63, 64, 4000, u32::MAX] {
        let bytes = message(6, 0, 0, 8, next, &[24, 0]);
        assert!(rows(&[ask(packet(&bytes))]).len() <= 66, "next is {next}");
    }
}

#[test]
fn what_is_sealed_stays_sealed_and_what_is_long_passes_by() {
    let sealed = [&b"\xfdSMB"[..], &[9; 60]].concat();
    assert_eq!(rows(&[ask(packet(&sealed))]), ["smb2@1 Encrypted SMB3"]);
    let long = packet(&message(9, 0, 0, 4, 0, &vec![0; 300_000]));
    let steps = [ask(&long[..200_000]), ask(&long[200_000..]), request(6, 5, &[24, 0])];
    assert_eq!(rows(&steps), ["smb2@2 Write Request", "smb2@3 Close Request"]);
    // What came first was lost with the frame that held it.
    let steps =
        [everything()[0].clone(), Step::MissAsked(900), ask("rest"), request(6, 5, &[24, 0])];
    let found = on_port(445, &steps).rows();
    let tail: Vec<&str> = found.lines().skip(2).collect();
    assert_eq!(tail, ["nbss@3 NBSS Continuation Message", "nbss@4 ", "smb2@4 Close Request"]);
}
