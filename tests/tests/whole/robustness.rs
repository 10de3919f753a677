//! Each sample recording, mutated in two hundred ways: nothing panics, nothing hangs, and what
//! comes out is bounded.

use std::path::Path;

use wirestage::cli::show::Format;
use wirestage::diagram::MeasureText;
use wirestage::diagram::graph::{Kind, Names, Request, graph};
use wirestage::diagram::style::Type;
use wirestage::document::{Document, Opening, Progress, Windows};
use wirestage_dissectors::course::Course;
use wirestage_dissectors::ids::{ConnectionId, Direction};
use wirestage_tests::{open, samples, shown};

/// Ways per recording.
const WAYS: u64 = 200;

/// Bytes that may be written of one byte of a recording, in JSON and in rows: it is 31 at most of
/// whole samples, and 42 of those cut off behind their first frames.
const MOST_WRITTEN: usize = 64;

/// Of so many ways graphs are drawn of one: it has no factor in common with the kinds of mutations.
const DRAWN: u64 = 5;

/// A small generator of its own: the same mutations on every machine (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % below.max(1) as u64) as usize
    }
}

/// Cuts, flips, splices or reorders.
fn mutate(bytes: &mut Vec<u8>, way: u64) {
    let mut dice = Dice(way);
    let len = bytes.len();
    match way % 4 {
        0 => bytes.truncate(dice.roll(len)),
        1 => {
            for _ in 0..=dice.roll(40) {
                let at = dice.roll(len);
                bytes[at] ^= 1 << dice.roll(8);
            }
        }
        2 => {
            let (from, to) = (dice.roll(len), dice.roll(len));
            let run = bytes[from..len.min(from + dice.roll(400))].to_vec();
            bytes.splice(to..to, run);
        }
        _ => {
            // Whole blocks change places, so that what is inside still reads.
            let mut blocks = blocks(bytes);
            for _ in 0..=dice.roll(6) {
                let (a, b) = (1 + dice.roll(blocks.len() - 1), 1 + dice.roll(blocks.len() - 1));
                blocks.swap(a, b);
            }
            *bytes = blocks.concat();
        }
    }
}

/// The blocks of a little-endian pcapng file.
fn blocks(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut rest = bytes;
    while rest.len() >= 12 {
        let len = u32::from_le_bytes(rest[4..8].try_into().expect("four bytes")) as usize;
        let (block, tail) = rest.split_at(len.clamp(12, rest.len()));
        found.push(block.to_vec());
        rest = tail;
    }
    found
}

/// Opens and looks at everything, and draws graphs where that is wanted; an error is a fine answer,
/// a panic is not. Says how many bytes were written of it, and how many steps its story has.
fn look(path: &Path, draws: bool) -> (usize, usize) {
    let how = Opening { chunk: 5, budget: 4096 };
    let Ok(document) = Document::open_with(path, &Progress::new(), how) else { return (0, 0) };
    let windows = Windows { frames: 7, bytes: 1 << 16, share: 3 };
    let text = shown(&document, Format::Jsonl, windows) + &shown(&document, Format::Rows, windows);
    if draws {
        let ground = document.ground();
        let ways = |id: &ConnectionId| Direction::BOTH.map(|way| (*id, way));
        for (id, way) in document.connections.iter().flat_map(ways) {
            ground.course(id, way, &Progress::new()).iter().for_each(draw);
        }
    }
    (text.len(), document.story(None).beats.len())
}

/// Draws a course in every way, in no more marks than that width has room for.
fn draw(course: &Course) {
    for kind in Kind::ALL {
        let request = Request { kind, width: 500.0, height: None, stretch: None };
        let picture = graph((course, &Names::default()), &request, &Plain);
        assert!(picture.scene.marks().len() < 20_000, "{kind:?}");
    }
}

/// Letters that are all alike: measuring takes long, and is not what is tried here.
struct Plain;

impl MeasureText for Plain {
    fn width(&self, text: &str, _: Type) -> f32 {
        text.len() as f32 * 6.0
    }
}

#[test]
fn no_mutation_panics_or_gives_more_than_it_should() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mutated.pcapng");
    let (mut readable, mut all) = (0, 0);
    for (name, sample) in samples() {
        let whole = std::fs::read(sample.join("recording.pcapng")).expect("the sample");
        for way in 0..WAYS {
            let mut bytes = whole.clone();
            mutate(&mut bytes, way);
            std::fs::write(&path, &bytes).expect("a file");
            let (written, steps) = look(&path, way % DRAWN == 0);
            assert!(written <= MOST_WRITTEN * bytes.len(), "{name}, way {way}: {written} bytes");
            assert!(steps <= bytes.len(), "{name}, way {way}: {steps} steps");
            (readable, all) = (readable + usize::from(written > 0), all + 1);
        }
    }
    // If little could be read, the mutations would test the file header only.
    assert!(2 * readable > all, "only {readable} of {all} mutations were readable");
}

/// The type of a block that holds a packet (pcapng, section 4.3).
const PACKET: [u8; 4] = 6u32.to_le_bytes();
/// So many places a frame with keys comes late in what follows.
const LATE: usize = 6;

#[test]
fn frames_that_come_before_their_keys_are_read_whatever_the_windows() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("late.pcapng");
    let one_frame = Windows { frames: 1, bytes: 1, share: 1 };
    let mut moved = 0;
    for (name, sample) in samples().into_iter().filter(|(name, _)| name.contains("quic-")) {
        let mut blocks = blocks(&std::fs::read(sample.join("recording.pcapng")).expect("a sample"));
        let packets = (0..blocks.len()).filter(|at| blocks[*at].starts_with(&PACKET));
        // The first frame opens a connection, the second one answers with what all keys come from.
        let Some(answer) = packets.clone().nth(1).filter(|_| packets.count() > LATE + 2) else {
            continue;
        };
        blocks[answer..=answer + LATE].rotate_left(1);
        std::fs::write(&path, blocks.concat()).expect("a file");
        let document = open(&path, Opening::default());
        let rows = |windows| shown(&document, Format::Rows, windows);
        assert_eq!(rows(one_frame), rows(Windows::default()), "{name}");
        moved += 1;
    }
    assert!(moved > 5, "only {moved} samples were long enough");
}
