//! Comments on packets: written into every kind of recording, read again, alone and among others.

use std::io::Write as _;

use wirestage_captures::write::{Comments, NewInterface, SectionHeader, extract_with};
use wirestage_captures::{PcapngWriter, Recording};
use wirestage_dissectors::frames::{Frames, LinkType};
use wirestage_dissectors::ids::{FrameId, Time};

/// A pcapng file of so many packets, of which the second has a comment.
fn commented(packets: u32) -> Vec<u8> {
    let mut writer = PcapngWriter::new(Vec::new(), &SectionHeader::default()).unwrap();
    let interface = NewInterface {
        name: "lo".into(),
        description: String::new(),
        link: LinkType::RAW,
        snap_len: 0,
        filter: String::new(),
    };
    let interface = writer.interface(&interface).unwrap();
    for number in 0..packets {
        let theirs = ["theirs".to_owned()];
        let comments = if number == 1 { &theirs[..] } else { &[] };
        let time = Time(i64::from(number) * 1_000);
        writer.commented((interface, time), 3, b"abc", comments).unwrap();
    }
    writer.flush().unwrap();
    writer.into_inner()
}

/// A classic pcap file of two packets.
fn classic() -> Vec<u8> {
    let mut bytes = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0];
    bytes.extend([0; 8]);
    bytes.extend([255, 255, 0, 0, 101, 0, 0, 0]);
    for second in 0..2 {
        bytes.extend([second, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0]);
        bytes.extend(b"abc");
    }
    bytes
}

fn opened(bytes: &[u8]) -> Recording {
    let recording = Recording::spool(bytes).unwrap();
    recording.refresh().unwrap();
    assert!(recording.problems().is_empty(), "{:?}", recording.problems());
    recording
}

/// The comments, with the numbers of their frames from 0.
fn comments(recording: &Recording) -> Vec<(u32, String)> {
    recording.frame_comments().into_iter().map(|(frame, text)| (frame.0, text)).collect()
}

fn rewritten(recording: &Recording, changes: &Comments) -> Recording {
    let mut out = Vec::new();
    extract_with(recording, &|_| true, ("", changes), &mut out).unwrap();
    opened(&out)
}

#[test]
fn comments_come_and_go_and_packets_stay_as_they_were() {
    let own = |text: &str| vec![text.to_owned()];
    for bytes in [commented(4), classic()] {
        let before = opened(&bytes);
        let changes = Comments::from([(FrameId(0), own("first")), (FrameId(1), Vec::new())]);
        let after = rewritten(&before, &changes);
        assert_eq!(comments(&after), [(0, "first".to_owned())]);
        assert_eq!(Frames::comments(&after, FrameId(0)), ["first"]);
        assert_eq!(after.count(), before.count());
        for frame in (0..before.count()).map(FrameId) {
            let (old, new) = (before.frame(frame), after.frame(frame));
            assert_eq!((old.time, old.bytes, old.link), (new.time, new.bytes, new.link));
        }
    }
    // What is not changed stays.
    let kept = rewritten(&opened(&commented(4)), &Comments::from([(FrameId(3), own("last"))]));
    assert_eq!(comments(&kept), [(1, "theirs".to_owned()), (3, "last".to_owned())]);
}

#[test]
fn comments_of_several_files_stand_on_the_frames_of_the_whole() {
    let mut files = Vec::new();
    for name in ["a", "b"] {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&commented(3)).unwrap();
        files.push((name.to_owned(), file));
    }
    let parts =
        files.iter().map(|(name, file)| (name.clone(), Recording::begin(file.path()).unwrap()));
    let whole = Recording::together(parts.collect()).unwrap();
    whole.refresh().unwrap();
    assert_eq!(whole.count(), 6);
    let found = comments(&whole);
    assert_eq!(found.len(), 2);
    for (frame, text) in found {
        assert_eq!(Frames::comments(&whole, FrameId(frame)), [text]);
        assert_eq!(whole.frame(FrameId(frame)).time, Time(1_000));
    }
}
