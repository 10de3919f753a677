//! Every kind of sound file: all of it is read, in any order and while it grows.

mod build;
#[path = "../../tests/src/skip.rs"]
mod skip;

use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::io::Write;
use std::ops::Range;
use std::path::Path;

use build::{
    Big, Little, block, bytes, frames, interface, open, packet, pcap, pcap_with, section, three,
};
use skip::skip;
use wirestage_captures::Recording;
use wirestage_captures::read::Resolution;
use wirestage_dissectors::frames::{Frames, LinkType};
use wirestage_dissectors::ids::{FrameId, Time};

#[test]
fn classic_pcap_in_both_orders_and_resolutions() {
    for order in [Little, Big] {
        for (magic, unit) in [(0xa1b2_c3d4, 1000), (0xa1b2_3c4d, 1)] {
            let file = pcap(order, magic, 262_144, &[(7, 5, b"one"), (8, 999_999, b"")]);
            let (_file, recording) = open(&file).unwrap();
            assert_eq!(recording.problems(), []);
            assert_eq!(
                frames(&recording),
                [
                    (7_000_000_000 + 5 * unit, 0, 1, b"one".to_vec()),
                    (8_000_000_000 + 999_999 * unit, 0, 1, vec![]),
                ]
            );
        }
    }
}

#[test]
fn variants_of_classic_pcap_are_told_by_their_records() {
    const KUZNETZOV: [u8; 12] = [2, 0, 0, 0, 0, 8, 4, 0, 1, 1, 0, 0];
    let packets: &[(u32, u32, &[u8])] = &[
        (1_700_000_000, 5, b"one packet of some bytes"),
        (1_700_000_001, 999_999, b"another one"),
        (1_700_000_002, 0, b""),
        (1_700_000_002, 7, b"and the last one of them"),
    ];
    let check = |order, magic, more: &[u8], count: usize, told: &str| {
        let file = pcap_with(order, magic, 262_144, more, &packets[..count]);
        let (_file, recording) = open(&file).unwrap();
        assert_eq!(recording.problems(), [], "{told}");
        assert_eq!(recording.format().unwrap().to_string(), told);
        let read: Vec<_> = frames(&recording).into_iter().map(|(.., bytes)| bytes).collect();
        assert_eq!(read, packets[..count].iter().map(|packet| packet.2).collect::<Vec<_>>());
        assert_eq!(frames(&recording)[1].0, 1_700_000_001_999_999_000);
    };
    for (order, name) in [(Little, "little-endian"), (Big, "big-endian")] {
        for count in [2, 4] {
            let plain = format!("pcap (microseconds, {name})");
            check(order, 0xa1b2_c3d4, b"", count, &plain);
            let nokia = format!("pcap (microseconds, {name}, Nokia's variant)");
            check(order, 0xa1b2_c3d4, &[0; 4], count, &nokia);
            let modified = format!("pcap (microseconds, {name}, Kuznetzov's variant)");
            check(order, 0xa1b2_c3d4, &KUZNETZOV[..8], count, &modified);
            check(order, 0xa1b2_cd34, &KUZNETZOV[..8], count, &modified);
            check(order, 0xa1b2_cd34, &KUZNETZOV, count, &modified);
        }
    }
    // One record behind the magic number of the variant.
    let file = pcap_with(Little, 0xa1b2_cd34, 0, &KUZNETZOV[..8], &packets[..1]);
    let (_file, recording) = open(&file).unwrap();
    assert_eq!(recording.frame(FrameId(0)).bytes, packets[0].2);
}

#[test]
fn sections_in_both_orders_number_their_interfaces_anew() {
    let nano: &[(u16, &[u8])] = &[(2, b"eth0"), (9, &[9])];
    let file = [
        section(Little),
        interface(Little, 1, nano),
        interface(Little, 101, &[(14, &(-3_i64).to_le_bytes())]),
        packet(Little, 0, 1_000_000_007, b"a"),
        packet(Little, 1, 5_000_001, b"bb"),
        section(Big),
        section(Big),
        interface(Big, 228, &[(9, &[0x80 | 10])]),
        packet(Big, 0, 1536, b"ccc"),
    ]
    .concat();
    let (_file, recording) = open(&file).unwrap();
    assert_eq!(recording.problems(), []);
    assert_eq!(
        frames(&recording),
        [
            (1_000_000_007, 0, 1, b"a".to_vec()),
            (2_000_001_000, 1, 101, b"bb".to_vec()),
            (1_500_000_000, 2, 228, b"ccc".to_vec()),
        ]
    );
    assert_eq!(recording.frame(FrameId(0)).wire_len, 2);
    assert_eq!(recording.interfaces()[0].name, "eth0");
    assert_eq!(recording.interfaces()[1].resolution, Resolution::MICRO);
    assert_eq!(recording.comments().len(), 3);
}

#[test]
fn times_may_be_finer_than_counted_and_lie_before_1970() {
    let at = |interface, ticks| packet(Little, interface, ticks, b"a");
    let offset = |seconds: i64| seconds.to_le_bytes();
    let file = [
        section(Little),
        // Half of the 2^32 parts of a second.
        interface(Little, 1, &[(9, &[0x80 | 32])]),
        interface(Little, 1, &[(9, &[3]), (14, &offset(-31_536_000))]),
        interface(Little, 1, &[(14, &offset(-3_600))]),
        at(0, 7 << 32 | 1 << 31),
        at(1, 0),
        at(1, 1),
        at(2, 3_600_000_000 + 1),
    ]
    .concat();
    let (_file, recording) = open(&file).unwrap();
    assert_eq!(recording.problems(), []);
    let times: Vec<i64> = frames(&recording).into_iter().map(|(time, ..)| time).collect();
    let year = -31_536_000_000_000_000;
    assert_eq!(times, [7_500_000_000, year, year + 1_000_000, 1_000]);
}

#[test]
fn options_need_no_end_and_lengths_are_kept_as_they_are_written() {
    let bare = |body: build::Bytes| block(Little, 1, body);
    let lengths = |kept: u32, claimed: u32| {
        let head = bytes(Little).u32(0).u32(0).u32(9).u32(kept).u32(claimed);
        let body = head.padded(&vec![7; kept as usize]);
        // A flag word, and no end behind it.
        block(Little, 6, body.option(2, &[1, 0, 0, 0]))
    };
    let file = [
        section(Little),
        bare(bytes(Little).u16(1).u16(0).u32(0).option(2, b"eth0")),
        lengths(34, 34),
        lengths(34, 32),
        lengths(34, 1_514),
    ]
    .concat();
    let (_file, recording) = open(&file).unwrap();
    assert_eq!(recording.problems(), []);
    assert_eq!(recording.interfaces()[0].name, "eth0");
    let lengths: Vec<(usize, u32)> = (0..recording.count())
        .map(|number| recording.frame(FrameId(number)))
        .map(|frame| (frame.bytes.len(), frame.wire_len))
        .collect();
    assert_eq!(lengths, [(34, 34), (34, 32), (34, 1_514)]);
    // The same in classic pcap.
    let mut file = pcap(Little, 0xa1b2_c3d4, 0, &[(7, 5, &[7; 34])]);
    file[24 + 12] = 32;
    let (_file, recording) = open(&file).unwrap();
    let frame = recording.frame(FrameId(0));
    assert_eq!((frame.bytes.len(), frame.wire_len), (34, 32));
}

#[test]
fn every_block_that_wireshark_numbers_is_a_frame_and_no_other() {
    let entry = b"MESSAGE=hi\n__REALTIME_TIMESTAMP=1700000000000001\n";
    let old = bytes(Little).u16(0).u16(0).u32(0).u32(9).u32(2).u32(2).padded(b"pb");
    let file = [
        section(Little),
        block(Little, 1, bytes(Little).u16(1).u16(0).u32(4)),
        block(Little, 3, bytes(Little).u32(6).padded(b"snap")),
        block(Little, 0x777, bytes(Little).padded(b"unknown")),
        block(Little, 2, old),
        block(Little, 10, bytes(Little).u32(0x544c_534b).u32(3).padded(b"key")),
        block(Little, 9, bytes(Little).padded(entry)),
        block(Little, 0x0bad, bytes(Little).u32(32_473).padded(b"ours")),
        block(Little, 0x4000_0bad, bytes(Little).u32(32_473).padded(b"ours")),
        block(Little, 5, bytes(Little).u32(0).u32(0).u32(0).option(1, b"bye").u32(0)),
    ]
    .concat();
    let (file, recording) = open(&file).unwrap();
    assert_eq!(recording.problems(), []);
    let custom = b"\xd9\x7e\0\0ours".to_vec();
    assert_eq!(
        frames(&recording),
        [
            (Time::UNKNOWN.0, 0, 1, b"snap".to_vec()),
            (9000, 0, 1, b"pb".to_vec()),
            (1_700_000_000_000_001_000, 0, LinkType::MARK.0, entry.to_vec()),
            (Time::UNKNOWN.0, 0, LinkType::CUSTOM.0, custom.clone()),
            (Time::UNKNOWN.0, 0, LinkType::CUSTOM.0, custom),
        ]
    );
    assert_eq!(recording.frame(FrameId(0)).wire_len, 6);
    assert_eq!(recording.secrets_text(), "key\n");
    assert_eq!(tshark_count(file.path()).unwrap_or(5), 5);
}

/// How many frames Wireshark numbers.
fn tshark_count(file: &Path) -> Option<usize> {
    match std::process::Command::new("tshark").arg("-r").arg(file).output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).lines().count()),
        Err(error) => {
            skip("reading", &format!("tshark cannot be run ({error}); install it"));
            None
        }
    }
}

#[test]
fn compressed_files_read_the_same_and_damage_costs_the_tail() {
    let (sound, _) = three();
    let (_file, plain) = open(&sound).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&sound).unwrap();
    let gzip = gzip.finish().unwrap();
    for folded in [gzip.clone(), compress_to_vec(&sound[..], CompressionLevel::Fastest)] {
        let (_file, recording) = open(&folded).unwrap();
        assert_eq!(recording.problems(), []);
        assert_eq!(frames(&recording), frames(&plain));
        assert_eq!(recording.bytes(), sound.len() as u64);
        let piped = Recording::spool(&folded[..]).unwrap();
        piped.refresh().unwrap();
        assert_eq!(frames(&piped), frames(&plain));
    }
    let (_file, recording) = open(&gzip[..gzip.len() - 5]).unwrap();
    assert_eq!(recording.count(), 3, "only gzip's own check sum is missing");
    assert!(recording.problems()[0].to_string().contains("gzip"));
}

#[test]
fn a_growing_file_shows_whole_records_only() {
    let (sound, _) = three();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let recording = Recording::follow(file.path()).unwrap();
    let mut seen = 0;
    for byte in &sound {
        file.write_all(&[*byte]).unwrap();
        let progress = recording.refresh().unwrap();
        assert_eq!(progress.frames.start, seen);
        seen = progress.frames.end;
    }
    assert_eq!(recording.problems(), []);
    let (_file, whole) = open(&sound).unwrap();
    assert_eq!(frames(&recording), frames(&whole));

    let mut file = tempfile::NamedTempFile::new().unwrap();
    let recording = Recording::follow(file.path()).unwrap();
    file.write_all(b"this is no capture at all").unwrap();
    assert!(recording.refresh().is_err());
}

#[test]
fn stepping_finds_the_same_as_opening() {
    let (sound, _) = three();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &sound).unwrap();
    let recording = Recording::begin(file.path()).unwrap();
    let mut indexer = recording.indexer();
    for number in 0..3 {
        let progress = indexer.step(1).unwrap();
        assert_eq!((progress.frames, progress.more), (number..number + 1, number < 2));
        assert_eq!(recording.frame(FrameId(number)).time, Time(i64::from(number + 1) * 1000));
    }
    assert!(!indexer.step(1).unwrap().more);
}

#[test]
fn released_frames_can_be_read_again() {
    let body = vec![9; 5000];
    let packets: Vec<(u32, u32, &[u8])> = (0..50).map(|n| (n, 0, &body[..])).collect();
    let (_file, recording) = open(&pcap(Little, 0xa1b2_c3d4, 0, &packets)).unwrap();
    let kept = recording.frame(FrameId(20));
    recording.release(0..50);
    recording.release(40..9999);
    recording.release(9999..99_999);
    assert!(kept.bytes == body && recording.frame(FrameId(20)).bytes == body);
}

#[test]
fn a_copied_stretch_holds_the_same_frames() {
    let packets: Vec<Vec<u8>> = (0..100_u8).map(|n| vec![n; usize::from(n) * 3]).collect();
    let packets: Vec<_> = packets.iter().map(|bytes| (1, 2, &bytes[..])).collect();
    for file in [pcap(Big, 0xa1b2_c3d4, 0, &packets), three().0] {
        let (file, recording) = open(&file).unwrap();
        let all = frames(&recording);
        let mut buffer = Vec::new();
        let mut next = 0;
        while next < recording.count() {
            let part = recording.frames_within(next, 700);
            assert!(part.start == next && part.end > next);
            let size: usize = part.clone().map(|n| all[n as usize].3.len() + 16).sum();
            assert!(part.len() == 1 || size <= 700 + 28 + 300, "{size}");
            next = part.end;
        }
        assert_eq!(recording.frames_within(next, 700), next..next);
        assert_eq!(recording.frames_within(0, u64::MAX), 0..next);
        for part in
            [0..1, 1..3, 0..recording.count(), 2..9999, Range { start: 3, end: 1 }, 9999..99_999]
        {
            let stretch = recording.stretch(part, buffer).unwrap();
            // Also the numbers that are not in it, which the recording answers.
            assert_eq!(frames(&stretch), all);
            buffer = stretch.into_buffer();
        }
        file.as_file().set_len(30).unwrap();
        let cut = recording.stretch(0..recording.count(), buffer).unwrap();
        assert_eq!(cut.frame(FrameId(1)).bytes, b"");
    }
}

#[test]
fn a_pipe_is_read_while_it_comes_also_when_compressed() {
    use wirestage_captures::lab::{Ended, LiveSource};
    let (sound, last) = three();
    let (_file, whole) = open(&sound).unwrap();
    for sent in [sound.clone(), compress_to_vec(&sound[..], CompressionLevel::Fastest)] {
        let mut source = LiveSource::from_reader(std::io::Cursor::new(sent), || {}).unwrap();
        assert_eq!(source.wait(), &Ended::Done);
        source.recording().refresh().unwrap();
        assert_eq!(frames(&**source.recording()), frames(&whole));
    }
    let (reader, mut writer) = std::io::pipe().unwrap();
    let (sender, woken) = std::sync::mpsc::channel();
    let wake = move || sender.send(()).unwrap_or_default();
    let source = LiveSource::from_reader(reader, wake).unwrap();
    writer.write_all(&sound[..last + 5]).unwrap();
    while source.recording().count() < 2 {
        woken.recv().unwrap();
        source.recording().refresh().unwrap();
    }
    assert_eq!(source.ended(), None);
    drop(writer);
    while woken.recv().is_ok() {}
    assert_eq!(source.recording().problems().len(), 1, "the third is not complete");
}
