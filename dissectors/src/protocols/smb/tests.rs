//! Tests of SMB1 behind its four bytes of NetBIOS.

use crate::protocols::stage::{Step, ask, on_port, say};

/// A message of SMB1: command, status, whether it answers, exchange, and what follows the header.
fn message(command: u8, status: u32, answers: bool, mid: u16, body: &[u8]) -> Vec<u8> {
    let mut bytes = b"\xffSMB".to_vec();
    bytes.push(command);
    bytes.extend(status.to_le_bytes());
    bytes.push(if answers { 0x80 } else { 0 });
    bytes.extend([0; 14]);
    bytes.extend([0, 0, 7, 0, 0, 0]);
    bytes.extend(mid.to_le_bytes());
    bytes.extend(body);
    packet(&bytes)
}

fn packet(message: &[u8]) -> Vec<u8> {
    [&(message.len() as u32).to_be_bytes()[..], message].concat()
}

fn check(steps: &[Step], expected: &str) {
    assert_eq!(on_port(445, steps).rows(), expected);
}

#[test]
fn requests_and_responses_find_each_other() {
    let offer = [&[0, 24, 0, 2][..], b"NT LM 0.12\0\x02SMB 2.???\0"].concat();
    let steps = [
        ask(message(0x72, 0, false, 1, &offer)),
        say(message(0x72, 0, true, 1, &[0, 0, 0])),
        ask(message(0x73, 0, false, 2, &[2, 0x75, 0, 0x27, 0, 0, 0, 2, 0xff, 0, 0, 0])),
        say(message(0x73, 0xc000_006d, true, 2, &[0, 0, 0])),
        say(message(0x2e, 0, true, 9, &[])),
    ];
    check(
        &steps,
        "nbss@1 \nsmb@1 Negotiate Protocol Request\n\
         nbss@2 \nsmb@2 Negotiate Protocol Response\n\
         nbss@3 \nsmb@3 Session Setup AndX Request\n\
         nbss@4 \nsmb@4 Session Setup AndX Response, Error: STATUS_LOGON_FAILURE\n\
         nbss@5 \nsmb@5 Read AndX Response\n",
    );
    let stage = on_port(445, &steps);
    assert_eq!(stage.values("smb.response_to"), "1 3");
    assert_eq!(stage.values("smb.dialect"), "NT LM 0.12 SMB 2.???");
    // What is chained is told as commands, too.
    assert_eq!(stage.values("smb.cmd"), "114 114 115 117 255 115 46");
}

#[test]
fn a_chain_that_leads_back_and_a_header_that_is_cut_end_it() {
    let looped = message(0x73, 0, false, 1, &[2, 0x75, 0, 32, 0, 0, 0]);
    assert_eq!(on_port(445, &[ask(looped)]).values("smb.cmd"), "115 117");
    let stage = on_port(445, &[ask(packet(b"\xffSMB\x72"))]);
    let [_, message] = stage.messages() else { panic!("two messages") };
    assert_eq!(stage.describe(message).notes, ["A header of SMB takes 32 bytes"]);
}
