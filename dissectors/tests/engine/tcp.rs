//! Segments in any order: what comes out is what somebody sees who holds the whole file.

use proptest::prelude::*;
use wirestage_dissectors::engine::tcp::flags;
use wirestage_dissectors::ids::Direction;

use crate::made::GAP;
use crate::play::{CLIENT, Line, SERVER, Wire, read};

/// A port that nothing is known of: bytes come out as they are.
const LINE: Line = Line::to(9);

/// How far a segment is stored from its place.
const FAR: usize = 100;

#[derive(Clone, Debug)]
struct Sent {
    way: Direction,
    at: u32,
    len: u32,
    /// So much stands in front of it, where the stream begins at it: the first byte's number is
    /// known, and this has lower ones.
    early: u32,
    lost: bool,
}

impl Sent {
    /// Where it begins, and its bytes.
    fn segment(&self) -> (u32, Vec<u8>) {
        let own = (self.at..self.at + self.len).map(|at| byte(self.way, at));
        let early = std::iter::repeat_n(b'?', self.early as usize);
        (self.at.wrapping_sub(self.early), early.chain(own).collect())
    }
}

/// What a stream holds at an offset.
fn byte(way: Direction, at: u32) -> u8 {
    (at.wrapping_mul(31) >> 3) as u8 ^ if way == CLIENT { 0 } else { 0x5a }
}

/// Segments in the order of the file: cut, sent twice, lost, and put out of order.
fn sent() -> impl Strategy<Value = Vec<Sent>> {
    let one = (any::<bool>(), 1u32..30, 0..10u8, 0..10u8, 0..FAR);
    (prop::collection::vec(one, 1..120), any::<bool>(), any::<bool>()).prop_map(
        |(all, loses, reorders)| {
            let mut next = [0u32; 2];
            let mut sent = Vec::new();
            for (place, (client, len, fate, again, late)) in all.into_iter().enumerate() {
                let way = if client { CLIENT } else { SERVER };
                let at = next[way.index()];
                next[way.index()] += len;
                let late = if reorders && late % 4 == 0 { late } else { 0 };
                let lost = loses && fate < 2;
                sent.push((place + late, Sent { way, at, len, early: 0, lost }));
                if again < 2 {
                    // Sent again together with some of what was sent before it.
                    let back = at.min(u32::from(again) * 13);
                    let early = if at == back { u32::from(fate) } else { 0 };
                    let (at, len, lost) = (at - back, len + back, fate == 1);
                    let twice = Sent { way, at, len, early, lost };
                    sent.push((place + late / 2 + 3, twice));
                }
            }
            sent.sort_by_key(|(place, _)| *place);
            sent.into_iter().map(|(_, one)| one).filter(|one| !one.lost).collect()
        },
    )
}

/// The whole file at once: each byte by its number, where any frame holds it, and how many are
/// missing before the next one that is there.
fn naive(sent: &[Sent], way: Direction) -> (Vec<u8>, Vec<(usize, u32)>) {
    let mut captured = std::collections::BTreeSet::new();
    for one in sent.iter().filter(|one| one.way == way) {
        captured.extend(one.at..one.at + one.len);
    }
    let (mut bytes, mut gaps, mut next) = (Vec::new(), Vec::new(), 0);
    for at in captured {
        if at > next {
            gaps.push((bytes.len(), at - next));
        }
        bytes.push(byte(way, at));
        next = at + 1;
    }
    (bytes, gaps)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_gives_the_bytes_that_the_whole_file_holds(sent in sent()) {
        let mut wire = Wire::default();
        wire.connect(LINE);
        for one in &sent {
            let (at, bytes) = one.segment();
            wire.segment(LINE, one.way, at, flags::ACK, &bytes);
        }
        let told = read(&wire.frames);
        for way in Direction::BOTH {
            let (mut bytes, mut gaps) = (Vec::new(), Vec::new());
            for one in told.iter().filter(|one| one.way == way) {
                let frame = one.frame as usize - 4;
                prop_assert_eq!(sent[frame].way, way, "a message on a frame of the other side");
                if one.kind == GAP {
                    // Parts of one hole may be told one by one.
                    match gaps.last_mut() {
                        Some((at, len)) if *at == bytes.len() => *len += one.extra,
                        _ => gaps.push((bytes.len(), one.extra)),
                    }
                } else {
                    bytes.extend_from_slice(&one.bytes);
                }
            }
            // Of a hole before the first byte a session hears only that it is there, if it has
            // spoken in the other direction.
            let (expected, mut missing) = naive(&sent, way);
            missing.retain(|(at, _)| *at > 0);
            gaps.retain(|(at, _)| *at > 0);
            prop_assert_eq!(bytes, expected);
            prop_assert_eq!(gaps, missing);
        }
    }

    #[test]
    fn a_stream_that_began_before_the_capture_begins_at_its_lowest_byte(
        lens in prop::collection::vec(1u32..30, 2..8),
        order in Just((0..8usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let mut at = 1000;
        let mut segments = Vec::new();
        for len in lens {
            segments.push(Sent { way: CLIENT, at, len, early: 0, lost: false });
            at += len;
        }
        let mut wire = Wire::default();
        for one in order.iter().filter_map(|place| segments.get(*place)) {
            let (at, bytes) = one.segment();
            wire.segment(LINE, one.way, at, flags::ACK, &bytes);
        }
        let told = read(&wire.frames);
        let found: Vec<u8> = told.iter().flat_map(|one| one.bytes.clone()).collect();
        prop_assert_eq!(found, naive(&segments, CLIENT).0);
        prop_assert!(told.iter().all(|one| one.kind != GAP));
    }
}
