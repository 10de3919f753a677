//! Files of captures, to be broken as files: pcap in both orders of bytes, and pcapng.

use std::path::{Path, PathBuf};

use super::talk;
use crate::carry::bytes;
use crate::input::{Carrier, Input, Turn};
use crate::store;

/// A file is changed in pieces of this length.
const PIECE: usize = 512;

/// A question of DNS in Ethernet: 71 bytes.
const FRAME: &str = "020000000002 020000000001 0800 \
     4500 0039 0001 0000 40 11 0000 c0000201 c0000202 c000 0035 0025 0000 \
     0a34 0100 0001 0000 0000 0000 07 6578616d706c65 03 6e6574 00 0001 0001";

/// The first bytes of a pcap file, and whether its numbers begin with their highest byte.
const MAGICS: [(&str, bool); 4] =
    [("a1b2c3d4", true), ("a1b23c4d", true), ("d4c3b2a1", false), ("4d3cb2a1", false)];

/// Classic files of two frames, the second one cut.
pub(super) fn pcap() -> Vec<Input> {
    let one = |(magic, is_big): &(&str, bool)| {
        let number = |value: u32| {
            if *is_big { value.to_be_bytes().to_vec() } else { value.to_le_bytes().to_vec() }
        };
        let version = if *is_big { "00020004" } else { "02000400" };
        let mut file = [bytes(magic), bytes(version)].concat();
        for value in [0, 0, 65_535, 1] {
            file.extend(number(value));
        }
        let frame = bytes(FRAME);
        for (second, kept) in [(1, frame.len()), (2, 40)] {
            for value in [second, 5, kept as u32, frame.len() as u32] {
                file.extend(number(value));
            }
            file.extend(&frame[..kept]);
        }
        input(&file)
    };
    MAGICS.iter().map(one).collect()
}

/// What is written here, and sample recordings: with names, keys, marks and comments.
pub(super) fn pcapng() -> Vec<Input> {
    let mut found = Vec::new();
    let asked =
        talk(Carrier::Udp(53), &["Cx 0a34 0100 0001 0000 0000 0000 03 6e6574 00 0001 0001"]);
    let mut file = Vec::new();
    if store::save(&asked, &mut file).is_ok() {
        found.push(input(&file));
    }
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/recordings");
    let is_small = |path: &&PathBuf| {
        ["udp-echo", "dns-lookup"]
            .iter()
            .any(|name| path.ends_with(format!("{name}/recording.pcapng")))
    };
    for path in store::below(&samples).iter().filter(is_small) {
        found.extend(std::fs::read(path).ok().map(|file| input(&file)));
    }
    found
}

fn input(file: &[u8]) -> Input {
    let turn = |bytes: &[u8]| Turn { is_client: true, after: 0, link: 1, bytes: bytes.to_vec() };
    Input::new(Carrier::File, file.chunks(PIECE).map(turn).collect())
}
