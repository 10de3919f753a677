//! What a side sent again, at its own end of a link: from sequence numbers and SACK blocks, read
//! here byte by byte.

use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::Direction;
use wirestage_generators::find;
use wirestage_generators::steps::tcp_resent;

use super::Connection;
use super::tcp::Taken;

/// One header of TCP.
pub(super) struct Header<'a> {
    pub(super) seq: u32,
    pub(super) ack: u32,
    pub(super) flags: u8,
    pub(super) window: u16,
    pub(super) options: &'a [u8],
    pub(super) data: u32,
}

pub(super) fn tell(connection: &Connection<'_>, direction: Direction, ended: &mut Vec<Taken>) {
    let scenario = connection.document.about().scenario.and_then(|name| find(&name));
    // Elsewhere the programs do not ask their kernel, and a busy machine is late enough for TCP to
    // repeat itself.
    if scenario.is_none_or(|scenario| scenario.link.is_none()) {
        return;
    }
    // Nor where segments are cut anew: what is sent again begins elsewhere then.
    if scenario.is_some_and(|scenario| scenario.name == "path-mtu") {
        return;
    }
    let Some(flow) = connection.own_end(direction) else { return };
    let document = connection.document;
    // Where each stretch of data starts, and whether a hole at it was told of since it was sent.
    let mut sent: Vec<(u32, bool)> = Vec::new();
    let (mut segments, mut told) = (0, 0);
    for id in document.survey.frames_from(flow.first) {
        let frame = document.recording.frame(id);
        let arrival = document.survey.arrival(id, &frame).expect("a frame of a flow arrives");
        let place = arrival.carried;
        let header = header(&frame.bytes[place.start as usize..place.end() as usize]);
        if arrival.direction != direction {
            for start in sack_blocks(header.options) {
                let before = sent.iter_mut().filter(|(seq, _)| is_before(*seq, start));
                before.for_each(|(_, hole)| *hole = true);
            }
        } else if header.data > 0 {
            match sent.iter_mut().find(|(seq, _)| *seq == header.seq) {
                Some((_, hole)) => {
                    segments += 1;
                    told += u64::from(std::mem::take(hole));
                }
                None => sent.push((header.seq, false)),
            }
        }
    }
    if segments > 0 {
        ended.push((direction, tcp_resent(segments, told)));
    }
}

/// Sequence numbers go round (RFC 9293, section 3.4).
fn is_before(a: u32, b: u32) -> bool {
    (b.wrapping_sub(a) as i32) > 0
}

/// The header of a segment (RFC 9293, section 3.1).
pub(super) fn header(segment: &[u8]) -> Header<'_> {
    let len = usize::from(segment[12] >> 4) * 4;
    Header {
        seq: number(&segment[4..8]),
        ack: number(&segment[8..12]),
        flags: segment[13],
        window: u16::from_be_bytes([segment[14], segment[15]]),
        options: &segment[20..len],
        data: (segment.len() - len) as u32,
    }
}

fn number(bytes: &[u8]) -> u32 {
    u32::from_be_bytes(bytes.try_into().expect("four bytes"))
}

/// Where the blocks start that a receiver says it has (RFC 2018, section 3).
fn sack_blocks(mut options: &[u8]) -> Vec<u32> {
    let mut blocks = Vec::new();
    while let [kind, rest @ ..] = options {
        options = match (kind, rest) {
            (0, _) => break,
            (1, _) => rest,
            (kind, [len, ..]) => {
                let (option, behind) = options.split_at(usize::from(*len));
                if *kind == 5 {
                    blocks.extend(option[2..].chunks(8).map(|block| number(&block[..4])));
                }
                behind
            }
            _ => break,
        };
    }
    blocks
}
