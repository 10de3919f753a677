//! The same inner bytes give the same inner messages, whatever carries them and how deep.

use proptest::prelude::*;
use wirestage_dissectors::ids::Direction;
use wirestage_dissectors::limits::MAX_DEPTH;

use crate::made::gate;
use crate::made::say::{self, say};
use crate::made::wrap::{self, Inside, seal, wrap};
use crate::play::{CLIENT, Line, SERVER, Told, Wire, read};

/// What a layer does to what is inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Wraps,
    Seals,
    /// It speaks first, and steps aside.
    StepsAside,
}

/// One layer around another.
#[derive(Clone, Copy, Debug)]
struct Around {
    kind: Kind,
    /// What is inside comes in datagrams.
    datagrams: bool,
    /// What is inside comes in two records, where it is a stream.
    splits: bool,
}

/// Layers around `say`, the outermost first, on TCP or UDP.
#[derive(Clone, Debug)]
struct Stack {
    udp: bool,
    around: Vec<Around>,
    /// Records sealed so far, by layer and direction.
    sealed: Vec<[u64; 2]>,
    /// Whether the layers that step aside have spoken.
    has_begun: bool,
}

impl Stack {
    fn new(udp: bool, around: Vec<Around>) -> Self {
        Self { udp, sealed: vec![[0; 2]; around.len()], around, has_begun: false }
    }

    /// What `say` is read as.
    fn inner_is_datagrams(&self) -> bool {
        let carries = self.around.iter().rev().find(|one| one.kind != Kind::StepsAside);
        carries.map_or(self.udp, |one| one.datagrams)
    }

    fn line(&self) -> Line {
        Line::to(match self.around.first().map(|one| one.kind) {
            None => say::PORT,
            Some(Kind::Seals) => wrap::SEAL_PORT,
            Some(Kind::Wraps) => wrap::PORT,
            Some(Kind::StepsAside) => gate::PORT,
        })
    }

    /// Puts all layers around the bytes of one frame.
    fn put_around(&mut self, way: Direction, inner: &[u8]) -> Vec<u8> {
        let mut bytes = inner.to_vec();
        let mut inside = Inside::Say;
        let has_begun = std::mem::replace(&mut self.has_begun, true);
        for (one, sealed) in self.around.iter().zip(&mut self.sealed).rev() {
            if one.kind == Kind::StepsAside {
                if !has_begun {
                    bytes.insert(0, inside as u8);
                }
                inside = Inside::Gate;
                continue;
            }
            let seals = one.kind == Kind::Seals;
            // Not where records of the layer inside end.
            let (first, second) = bytes.split_at(bytes.len() * 2 / 3);
            let halves = [first, second];
            let pieces: &[&[u8]] = if one.splits && !one.datagrams { &halves } else { &[&bytes] };
            let mut around = Vec::new();
            for piece in pieces {
                around.extend(if seals {
                    let number = &mut sealed[way.index()];
                    *number += 1;
                    seal(inside, one.datagrams, *number - 1, piece)
                } else {
                    wrap(inside, one.datagrams, piece)
                });
            }
            bytes = around;
            inside = if seals { Inside::Seal } else { Inside::Wrap };
        }
        bytes
    }

    /// Plays each chunk of inner bytes in a frame of its own.
    fn play(mut self, chunks: &[(Direction, Vec<u8>)]) -> Wire {
        let mut wire = Wire::default();
        let line = self.line();
        if !self.udp {
            wire.connect(line);
        }
        for (way, inner) in chunks {
            let bytes = self.put_around(*way, inner);
            if self.udp {
                wire.datagram(line, *way, &bytes);
            } else {
                wire.send(line, *way, &bytes);
            }
        }
        wire
    }
}

/// What `say` said, with frames counted from the first that carries something.
fn said(told: &[Told], udp: bool) -> Vec<(u32, Direction, u8, Vec<u8>)> {
    let handshake = if udp { 0 } else { 3 };
    let said = told.iter().filter(|one| one.protocol() == "say");
    said.map(|one| (one.frame - handshake, one.way, one.kind, one.bytes.clone())).collect()
}

fn direction() -> impl Strategy<Value = Direction> {
    prop_oneof![Just(CLIENT), Just(SERVER)]
}

fn around() -> impl Strategy<Value = Around> {
    let kind = prop_oneof![Just(Kind::Wraps), Just(Kind::Seals), Just(Kind::StepsAside)];
    let choices = (kind, prop::bool::weighted(0.3), prop::bool::weighted(0.3));
    choices.prop_map(|(kind, datagrams, splits)| Around { kind, datagrams, splits })
}

/// Chunks of whole messages.
fn chunks() -> impl Strategy<Value = Vec<(Direction, Vec<u8>)>> {
    let texts = prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 1..4);
    let chunk = texts.prop_map(|texts| texts.iter().flat_map(|text| say(text)).collect());
    // The client begins, so that both know which way is which.
    let first = (Just(CLIENT), say(b"first").prop_map_into());
    (first, prop::collection::vec((direction(), chunk), 1..8)).prop_map(|(first, mut chunks)| {
        chunks.insert(0, first);
        chunks
    })
}

/// A constant as a strategy.
trait PropMapInto {
    fn prop_map_into(self) -> Just<Vec<u8>>;
}

impl PropMapInto for Vec<u8> {
    fn prop_map_into(self) -> Just<Vec<u8>> {
        Just(self)
    }
}

/// Moves the bounds between chunks of one direction into the middle of messages.
fn cut_anywhere(chunks: &mut [(Direction, Vec<u8>)]) {
    for way in Direction::BOTH {
        let mut carried = Vec::new();
        let last = chunks.iter().rposition(|(one, _)| *one == way);
        for (at, (_, bytes)) in chunks.iter_mut().enumerate().filter(|(_, (one, _))| *one == way) {
            let mut all = std::mem::take(&mut carried);
            all.append(bytes);
            let keep = if Some(at) == last { all.len() } else { all.len() - all.len() / 3 };
            carried = all.split_off(keep);
            *bytes = all;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_bytes_give_the_same_messages_through_any_layers(
        udp in any::<bool>(),
        around in prop::collection::vec(around(), 0..=8),
        mut chunks in chunks(),
    ) {
        let stack = Stack::new(udp, around);
        let inner = stack.inner_is_datagrams();
        if !inner {
            cut_anywhere(&mut chunks);
        }
        let bare = read(&Stack::new(inner, Vec::new()).play(&chunks).frames);
        let found = read(&stack.play(&chunks).frames);
        prop_assert!(!said(&bare, inner).is_empty());
        prop_assert_eq!(said(&found, udp), said(&bare, inner));
    }

    #[test]
    fn segments_may_be_cut_anywhere_below_any_layers(
        around in prop::collection::vec(around(), 1..=8),
        chunks in chunks(),
        len in 1usize..60,
    ) {
        let mut stack = Stack::new(false, around);
        let line = stack.line();
        let whole = read(&stack.clone().play(&chunks).frames);
        let mut wire = Wire::default();
        wire.connect(line);
        for (way, inner) in &chunks {
            for segment in stack.put_around(*way, inner).chunks(len) {
                wire.send(line, *way, segment);
            }
        }
        let unframed = |told: &[Told], way: Direction| -> Vec<(u8, Vec<u8>)> {
            let said = said(told, false).into_iter().filter(|(_, one, ..)| *one == way);
            said.map(|(_, _, kind, bytes)| (kind, bytes)).collect()
        };
        let found = read(&wire.frames);
        for way in Direction::BOTH {
            prop_assert_eq!(unframed(&found, way), unframed(&whole, way));
        }
    }
}

#[test]
fn what_is_nested_too_deep_stays_unread() {
    // The second message is cut: its beginning waits for the frame that brings the rest.
    let mut chunks = vec![(CLIENT, [say(b"deep"), say(b"deepest")].concat())];
    chunks.push((SERVER, say(b"deeper")));
    let rest = chunks[0].1.split_off(7);
    chunks.push((CLIENT, rest));
    for kind in [Kind::Seals, Kind::Wraps] {
        let all = &["deep", "deeper", "deepest"][..];
        for (depth, texts) in [(MAX_DEPTH - 1, all), (MAX_DEPTH, &[]), (3 * MAX_DEPTH, &[])] {
            let splits = depth < MAX_DEPTH;
            let around = vec![Around { kind, datagrams: false, splits }; depth];
            let told = read(&Stack::new(false, around).play(&chunks).frames);
            let said = told.iter().filter(|one| one.protocol() == "say" && one.kind == 0);
            let said: Vec<_> = said.map(|one| String::from_utf8_lossy(&one.bytes)).collect();
            assert_eq!(said, texts, "{depth} layers");
        }
    }
}
