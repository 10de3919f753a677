//! The inputs: small captures in `inputs/`, as pcap or pcapng, little-endian, microseconds.

use std::path::Path;

use wirestage_dissectors::frames::{FrameList, LinkType};
use wirestage_dissectors::ids::Time;
use wirestage_dissectors::secret::Secrets;

/// A file beside the tests.
fn file(name: &str) -> Vec<u8> {
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/inputs");
    std::fs::read(inputs.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The frames of a capture.
pub(crate) fn frames(name: &str) -> FrameList {
    let bytes = file(name);
    let frames = match number(&bytes, 0) {
        0xa1b2_c3d4 => pcap(&bytes),
        0x0a0d_0d0a => pcapng(&bytes),
        magic => panic!("{name} begins with {magic:08x}"),
    };
    assert_ne!(frames, [], "{name} holds no frames");
    let mut list = FrameList::new();
    for (time, interface, bytes) in frames {
        list.push(time, interface, LinkType::ETHERNET, bytes);
    }
    list
}

/// A key log as it is written.
pub(crate) fn text(name: &str) -> String {
    String::from_utf8(file(name)).unwrap()
}

/// The secrets of a key log.
pub(crate) fn keys(name: &str) -> Secrets {
    let mut secrets = Secrets::default();
    secrets.add_key_log(&text(name));
    assert!(!secrets.is_empty(), "{name} holds no secrets");
    secrets
}

/// When a frame was seen, by which interface, and its bytes.
type Record = (Time, u16, Vec<u8>);

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// A file header of 24 bytes, then records: seconds, microseconds, two lengths, bytes.
fn pcap(bytes: &[u8]) -> Vec<Record> {
    assert_eq!(number(bytes, 20), 1, "Ethernet");
    let (mut at, mut found) = (24, Vec::new());
    while at < bytes.len() {
        let micros = i64::from(number(bytes, at)) * 1_000_000 + i64::from(number(bytes, at + 4));
        let len = number(bytes, at + 8) as usize;
        assert_eq!(len, number(bytes, at + 12) as usize, "frames are whole");
        found.push((Time(micros * 1_000), 0, bytes[at + 16..at + 16 + len].to_vec()));
        at += 16 + len;
    }
    found
}

/// Blocks of a type, a length and a body; enhanced packet blocks (type 6) hold the frames. The
/// resolution of each interface is taken from its option 9, in powers of ten.
fn pcapng(bytes: &[u8]) -> Vec<Record> {
    let (mut at, mut found, mut units) = (0, Vec::new(), Vec::new());
    while at < bytes.len() {
        let len = number(bytes, at + 4) as usize;
        let body = &bytes[at + 8..at + len - 4];
        match number(bytes, at) {
            1 => units.push(unit(&body[8..])),
            6 => {
                let interface = number(body, 0);
                let ticks = i64::from(number(body, 4)) << 32 | i64::from(number(body, 8));
                let kept = number(body, 12) as usize;
                let time = Time(ticks * units[interface as usize]);
                found.push((time, interface as u16, body[20..20 + kept].to_vec()));
            }
            _ => {}
        }
        at += len;
    }
    found
}

/// Nanoseconds to a tick.
fn unit(mut options: &[u8]) -> i64 {
    while options.len() >= 4 {
        let (code, len) = (options[0], usize::from(options[2]));
        if code == 9 {
            return 10_i64.pow(9 - u32::from(options[4]));
        }
        options = &options[4 + len.next_multiple_of(4)..];
    }
    1_000
}
