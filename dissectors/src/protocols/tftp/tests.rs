//! Packets made by hand, read back.

use super::*;
use crate::engine::ports::Ports;
use crate::protocols::stage::{Played, Step, ask, check_told, play_over, say};
use crate::telling::Outcome;

const READ: &[u8] = b"\0\x01boot.img\0octet\0blksize\x001428\0";
const WRITE: &[u8] = b"\0\x02new.txt\0netascii\0";
const AGREED: &[u8] = b"\0\x06blksize\x001428\0";
const MISSING: &[u8] = b"\0\x05\0\x01no such file\0";

fn data(block: u8, len: usize) -> Vec<u8> {
    [&[0, 3, 0, block][..], &vec![7; len]].concat()
}

const fn ack(block: u8) -> [u8; 4] {
    [0, 4, 0, block]
}

fn on_port(port: u16, steps: &[Step]) -> Played {
    play_over(Ports { framing: Framing::Datagram, ports: [40000, port], began: None }, steps)
}

fn over_udp(steps: &[Step]) -> Played {
    on_port(69, steps)
}

#[test]
fn a_file_goes_block_by_block() {
    let steps = [
        ask(READ),
        say(AGREED),
        ask(ack(0)),
        say(data(1, 512)),
        ask(ack(1)),
        say(data(2, 512)),
        say(data(2, 512)),
        ask(ack(2)),
        say(data(3, 5)),
    ];
    let stage = over_udp(&steps);
    assert_eq!(
        stage.rows(),
        "tftp@1 Read Request, File: boot.img, Transfer type: octet, blksize=1428\n\
         tftp@2 Option Acknowledgement, blksize=1428\n\
         tftp@3 Acknowledgement, Block: 0\n\
         tftp@4 Data Packet, Block: 1\n\
         tftp@5 Acknowledgement, Block: 1\n\
         tftp@6 Data Packet, Block: 2\n\
         tftp@7 Data Packet, Block: 2\n\
         tftp@8 Acknowledgement, Block: 2\n\
         tftp@9 Data Packet, Block: 3 (last)\n"
    );
    let related: Vec<_> = stage
        .related()
        .iter()
        .map(|one| format!("{} {:?} {}", one.from.0, one.relation, one.to.0))
        .collect();
    assert_eq!(related, ["1 Answers 0", "4 Answers 3", "6 Repeats 5", "7 Answers 5"]);
    assert_eq!(stage.values("tftp.block"), "0 1 1 2 2 2 3");
    assert_eq!(stage.values("tftp.source_file"), "boot.img");
    assert_eq!(stage.values("tftp.option.value"), "1428 1428");
    assert_eq!(stage.values("tftp.opcode"), "1 6 4 3 4 3 3 4 3");
}

#[test]
fn from_another_port_only_what_is_sure_is_read() {
    let stage = on_port(5555, &[ask(READ), say(AGREED), say(data(1, 512)), ask(ack(1))]);
    let rows = stage.rows();
    let names: Vec<_> = rows.lines().filter_map(|row| row.split('@').next()).collect();
    assert_eq!(names, ["tftp", "tftp", "data", "data"]);
}

/// What is told of the last packet.
#[track_caller]
fn check(steps: &[Step], label: &str, headline: &str, detail: &str) -> Telling {
    let stage = over_udp(steps);
    let told = Tftp.tell(stage.messages().last().unwrap(), &stage.view()).unwrap();
    assert_eq!((told.label.as_str(), told.lesson), (label, Some("tftp/transfer")));
    assert!(told.headline.contains(headline), "{}", told.headline);
    assert!(told.detail.contains(detail), "{}", told.detail);
    told
}

#[test]
fn what_packets_mean() {
    assert!(
        check(&[ask(READ)], "boot.img", "Asks for a file", "It wishes blksize=1428.").turn.asks
    );
    check(&[ask(WRITE)], "new.txt", "put a file there", "as netascii.");
    assert!(check(&[ask(WRITE), say(ack(0))], "ACK 0", "ready", "").turn.answers);
    check(&[ask(data(1, 512))], "block 1", "waits", "512 bytes.");
    check(&[ask(data(2, 5))], "block 2", "last block", "5 bytes.");
    let told = check(&[ask(READ), say(MISSING)], "File not found", "failed", "“no such file”.");
    assert_eq!(told.outcome, Outcome::Refused);
    let row = "tftp@1 Error Code, Code: File not found, Message: no such file\n";
    assert_eq!(over_udp(&[say(MISSING)]).rows(), row);
}

#[test]
fn names_decide_what_it_is() {
    let check = |bytes: &[u8], expected: Likelihood| {
        assert_eq!(Tftp.probe(bytes, Framing::Datagram), expected, "{bytes:02x?}");
    };
    check(READ, Likelihood::Surely);
    check(WRITE, Likelihood::Surely);
    check(AGREED, Likelihood::Surely);
    check(b"\0\x01file\0other\0", Likelihood::Unsaid);
    check(&data(1, 512), Likelihood::Unsaid);
    check(&ack(1), Likelihood::Unsaid);
    check(&[0, 4, 0, 1, 0], Likelihood::No);
    check(b"\0\x01\x02\x03\0octet\0", Likelihood::No);
    check(b"\0\x01file", Likelihood::No);
    check(b"\0\x05\0\x09x\0", Likelihood::No);
    check(b"\0\x07", Likelihood::No);
    assert_eq!(Tftp.probe(READ, Framing::Stream), Likelihood::No);
}

#[test]
fn cut_and_flipped_packets_never_panic() {
    for whole in [READ, WRITE, AGREED, MISSING, &data(1, 9), &ack(1)] {
        for at in 0..whole.len() {
            over_udp(&[ask(&whole[..at])]).rows();
            for bit in 0..8 {
                let mut bytes = whole.to_vec();
                bytes[at] ^= 1 << bit;
                over_udp(&[ask(&bytes)]).rows();
            }
        }
    }
}

#[test]
fn what_is_told() {
    let steps =
        [ask(WRITE), say(ack(0)), ask(data(1, 512)), say(ack(1)), ask(data(2, 5)), say(MISSING)];
    check_told(
        &over_udp(&steps),
        &[
            "new.txt | Wants to put a file there | “new.txt”, as netascii. The answer usually comes \
             from another port.",
            "ACK 0 | Is ready: the first block may come",
            "block 1 | Sends a block, and waits for its confirmation | 512 bytes.",
            "ACK 1 | Has that block: the next may come",
            "block 2 | Sends the last block | 5 bytes.",
            "File not found | Ends the transfer: it failed | “no such file”. Nobody confirms an error.",
        ],
    );
}
