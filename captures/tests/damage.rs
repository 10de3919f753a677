//! Every kind of broken file: what is readable is read, what is not is said, nothing panics.

mod build;

use build::{Big, Little, block, bytes, frames, interface, open, packet, pcap, section, three};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use wirestage_captures::Recording;
use wirestage_captures::read::{Problem, ProblemKind};
use wirestage_dissectors::frames::{Frames, LinkType};
use wirestage_dissectors::ids::FrameId;

#[test]
fn what_is_no_capture_is_refused_with_a_reason() {
    let check = |bytes: &[u8], words: &str| {
        let error = open(bytes).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    check(b"", "is empty");
    check(b"\n\r", "only 2 bytes");
    check(&section(Little)[..11], "only 11 bytes");
    check(&pcap(Little, 0xa1b2_c3d4, 0, &[])[..23], "only 23 bytes");
    check(b"Dear diary,\ntoday I captured", "the text “Dear diary,\\ntoday");
    check(b"CLIENT_RANDOM 00 11\n", "key log");
    check(&[0xff; 100], "the bytes ff ff ff");
    check(&[0x1f, 0x8b, 8, 0, 1, 2, 3], "looks like gzip");
    check(&[0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3], "looks like zstd");
    check(
        &compress_to_vec(&b"just text, but compressed"[..], CompressionLevel::Fastest),
        "the text",
    );
    let folder = Recording::open("/").map(|_| ()).unwrap_err().to_string();
    assert!(folder.contains("is a directory"), "{folder}");
    let missing = Recording::open("/no/such/file").map(|_| ()).unwrap_err().to_string();
    assert!(missing.contains("/no/such/file"), "{missing}");
}

#[test]
fn a_file_cut_anywhere_keeps_everything_before() {
    let (file, last) = three();
    for len in last..file.len() {
        let (_file, recording) = open(&file[..len]).unwrap();
        assert_eq!(recording.count(), 2);
        match &recording.problems()[..] {
            [] => assert_eq!(len, last),
            [Problem { offset, kind: ProblemKind::Cut { needed, present, .. }, .. }] => {
                assert_eq!((*offset, *present), (last as u64, (len - last) as u64));
                assert!(*needed == 40 || *present < 12, "{needed}");
            }
            other => panic!("{other:?}"),
        }
    }
    let file = pcap(Little, 0xa1b2_c3d4, 0, &[(1, 1, b"first"), (2, 2, b"second")]);
    for cut in 1..22 {
        let (_file, recording) = open(&file[..file.len() - cut]).unwrap();
        assert_eq!(recording.count(), 1);
        assert!(matches!(recording.problems()[0].kind, ProblemKind::Cut { .. }));
    }
}

#[test]
fn lengths_that_lie_cost_only_what_follows() {
    let (sound, last) = three();
    let check = |at: usize, value: u32, words: &str| {
        let mut file = sound.clone();
        file[last + at..last + at + 4].copy_from_slice(&value.to_le_bytes());
        let (_file, recording) = open(&file).unwrap();
        assert_eq!(recording.count(), 2, "{words}");
        let problem = recording.problems()[0].to_string();
        assert!(problem.contains(words), "{problem}");
    };
    check(4, 0, "fixed part alone is longer");
    check(4, 13, "multiple of four");
    check(4, 36, "repeated at its end");
    check(4, 44, "in the middle of a block");
    check(4, u32::MAX, "longer than 16 MiB");
    check(36, 0, "repeated at its end");

    let mut file = pcap(Little, 0xa1b2_c3d4, 0, &[(1, 1, b"first"), (2, 2, b"second")]);
    let at = file.len() - 6 - 8;
    file[at..at + 4].copy_from_slice(&0x7fff_ffff_u32.to_le_bytes());
    let (_file, recording) = open(&file).unwrap();
    assert_eq!(recording.count(), 1);
    assert!(recording.problems()[0].to_string().contains("262144"));
}

#[test]
fn a_second_section_that_cannot_be_read_keeps_the_first() {
    for (at, words) in [(8, "byte-order mark"), (12, "only version 1")] {
        let (mut file, _) = three();
        let second = file.len();
        file.extend(section(Big));
        file[second + at] = 0x77;
        let (_file, recording) = open(&file).unwrap();
        assert_eq!(recording.count(), 3);
        let problem = recording.problems()[0].to_string();
        assert!(problem.contains(words), "{problem}");
    }
}

#[test]
fn frames_that_claim_too_much_or_come_from_nowhere_are_kept() {
    let (mut file, last) = three();
    // The captured length, in a block whose own length is sound.
    file[last + 20..last + 24].copy_from_slice(&1000_u32.to_le_bytes());
    file.extend(packet(Little, 9, 4, b"stray"));
    let (_file, recording) = open(&file).unwrap();
    assert_eq!(recording.count(), 4);
    assert_eq!(recording.frame(FrameId(2)).bytes, b"third\0\0\0");
    // What the record says of the wire stands, also where it is less than what was kept.
    assert_eq!(recording.frame(FrameId(2)).wire_len, 6);
    assert_eq!(recording.frame(FrameId(3)).bytes, b"stray");
    assert_ne!(recording.frame(FrameId(3)).link, LinkType::ETHERNET);
    let problems: Vec<_> = recording.problems().iter().map(ToString::to_string).collect();
    assert!(problems[0].contains("frame 3 claims 1000"), "{problems:?}");
    assert!(problems[1].contains("frame 4 names interface 9"), "{problems:?}");
}

#[test]
fn zero_and_huge_snap_lengths_are_no_limit() {
    for snap_len in [0, 1, u32::MAX] {
        let file = pcap(Little, 0xa1b2_c3d4, snap_len, &[(1, 1, b"whole packet")]);
        let (_file, recording) = open(&file).unwrap();
        assert_eq!(recording.frame(FrameId(0)).bytes, b"whole packet");
        assert_eq!(recording.interfaces()[0].snap_len, snap_len);
    }
}

#[test]
fn blocks_without_a_section_are_said() {
    let mut file = section(Little);
    file.extend(block(Little, 5, bytes(Little).u32(3).u32(0).u32(0)));
    file.extend(block(Little, 10, bytes(Little).u32(0x544c_534b).u32(500).padded(b"key")));
    let (_file, recording) = open(&file).unwrap();
    let problems: Vec<_> = recording.problems().iter().map(ToString::to_string).collect();
    assert!(problems[0].contains("never described"), "{problems:?}");
    assert!(problems[1].contains("claims more bytes"), "{problems:?}");
    assert_eq!(recording.secrets_text(), "key\0\n");
}

#[test]
fn a_file_that_shrinks_while_open_kills_nobody() {
    let body = vec![7; 60_000];
    let packets: Vec<(u32, u32, &[u8])> = (0..100).map(|n| (n, 0, &body[..])).collect();
    let (file, recording) = open(&pcap(Little, 0xa1b2_c3d4, 0, &packets)).unwrap();
    assert_eq!(recording.count(), 100);
    assert!(recording.frame(FrameId(0)).bytes == body);
    recording.release(0..100);
    file.as_file().set_len(1_000_000).unwrap();
    // A frame whose header is still there and whose bytes are gone: zeros, and no signal.
    let sum: usize = (0..100)
        .map(|number| recording.frame(FrameId(number)))
        .flat_map(|frame| frame.bytes.to_vec())
        .filter(|&byte| byte == 7)
        .count();
    assert!((900_000..1_000_000).contains(&sum), "{sum}");
    assert_eq!(recording.frame(FrameId(99)).bytes, b"");
    assert!(recording.frame(FrameId(0)).bytes == body, "what is there stays readable");
    assert!(matches!(recording.problems()[..], [Problem { kind: ProblemKind::Shrunk, .. }]));
    // Others are not touched.
    let (_file, other) = open(&pcap(Little, 0xa1b2_c3d4, 0, &packets)).unwrap();
    assert!(other.frame(FrameId(99)).bytes == body);
}

/// A small generator of numbers, so that a failing case can be repeated.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        // Knuth's linear congruential generator; the upper bits are the good ones.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit.max(1)
    }
}

#[test]
fn mutated_files_never_panic() {
    let (ng, _) = three();
    let every = [
        ng.clone(),
        section(Big),
        interface(Big, 1, &[(2, b"lo"), (9, &[200]), (14, &[0xff; 8])]),
        block(Big, 4, bytes(Big).u16(1).u16(9).padded(b"\x7f\0\0\x01name\0").u32(0)),
        block(Big, 9, bytes(Big).padded(b"__REALTIME_TIMESTAMP=99999999999999999999\n")),
        block(Big, 3, bytes(Big).u32(3).padded(b"spb")),
        packet(Big, 0, u64::MAX, b"late"),
        block(Big, 5, bytes(Big).u32(0).u32(0).u32(0).option(4, &[0; 8]).u32(0)),
    ]
    .concat();
    let classic = pcap(Big, 0xa1b2_3c4d, 64, &[(1, 1, b"first"), (!0, !0, b"second")]);
    let mut dice = Dice(1);
    let mut opened = 0;
    for seed in [every, ng, classic] {
        for _ in 0..700 {
            let mut file = seed.clone();
            for _ in 0..=dice.below(3) {
                let at = dice.below(file.len());
                match dice.below(5) {
                    0 => file.truncate(at),
                    1 => file.extend_from_within(at..),
                    2 => drop(file.drain(..at.min(8))),
                    3 => file.get_mut(at).into_iter().for_each(|b| *b = [0, 1, 0x7f, 0xff][at % 4]),
                    _ => file.get_mut(at).into_iter().for_each(|b| *b ^= 1 << (at % 8)),
                }
            }
            // Through the spool: no file name is needed.
            let Ok(recording) = Recording::spool(&file[..]) else { continue };
            if recording.refresh().is_err() {
                continue;
            }
            opened += 1;
            let held: usize = frames(&recording).iter().map(|frame| frame.3.len()).sum();
            assert!(held <= file.len());
            let _ = (recording.names(), recording.comments(), recording.secrets_text());
            for problem in recording.problems() {
                assert!(problem.offset <= file.len() as u64 && !problem.to_string().is_empty());
            }
        }
    }
    assert!(opened > 1000, "{opened}: most mutations leave something readable");
}
