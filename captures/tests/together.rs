//! Several files read as one: the order of their frames, their vantage points, and what they say
//! beside them.

mod build;

use std::io::Write as _;

use build::{Big, Little, block, bytes, frames, interface, packet, pcap, section};
use wirestage_captures::read::{Place, Resolution};
use wirestage_captures::write::{NewInterface, SectionHeader, Totals};
use wirestage_captures::{Mark, OpenError, PcapngWriter, Recording};
use wirestage_dissectors::frames::{Frames, LinkType};
use wirestage_dissectors::ids::{FrameId, Time};

/// Opens files together, each under its name, without indexing them.
fn begin(files: &[(&str, Vec<u8>)]) -> Recording {
    let one = |(name, bytes): &(&str, Vec<u8>)| {
        ((*name).to_owned(), Recording::spool(&bytes[..]).unwrap())
    };
    Recording::together(files.iter().map(one).collect()).unwrap()
}

/// Opens files together and indexes all of them.
fn together(files: &[(&str, Vec<u8>)]) -> Recording {
    let recording = begin(files);
    recording.refresh().unwrap();
    recording
}

/// The frames' interfaces and texts, joined.
fn told(recording: &impl Frames) -> String {
    let one = |(_, interface, _, bytes): (i64, u16, u16, Vec<u8>)| {
        format!("{interface}{}", String::from_utf8(bytes).unwrap())
    };
    frames(recording).into_iter().map(one).collect::<Vec<_>>().join(" ")
}

/// A packet without a time.
fn timeless(text: &[u8]) -> Vec<u8> {
    block(Little, 3, bytes(Little).u32(text.len() as u32).padded(text))
}

/// A packet: its ticks, none for one without a time, and its bytes.
type Packet<'a> = (Option<u64>, &'a [u8]);

/// A pcapng file of one interface.
fn file(name: &[u8], packets: &[Packet<'_>]) -> Vec<u8> {
    let mut file = [section(Little), interface(Little, 1, &[(2, name)])].concat();
    for (ticks, text) in packets {
        file.extend(match ticks {
            Some(ticks) => packet(Little, 0, *ticks, text),
            None => timeless(text),
        });
    }
    file
}

#[test]
fn frames_are_in_the_order_of_time_and_each_file_keeps_its_own() {
    let check = |files: &[&[Packet<'_>]], expected: &str| {
        let named: Vec<_> = files
            .iter()
            .enumerate()
            .map(|(at, packets)| (["x", "y", "z"][at], file(&[b'0' + at as u8], packets)))
            .collect();
        let recording = together(&named);
        assert_eq!(recording.problems(), []);
        assert_eq!(told(&recording), expected);
        // Whatever is found at a time, the order is the same.
        for step in [1, 2, 3, 100] {
            let recording = begin(&named);
            let mut indexer = recording.indexer();
            let mut next = 0;
            loop {
                let progress = indexer.step(step).unwrap();
                assert_eq!(progress.frames.start, next, "nothing is found twice or left out");
                assert!(progress.frames.len() as u32 <= step);
                assert!(progress.done <= progress.bytes);
                next = progress.frames.end;
                if !progress.more {
                    assert_eq!(progress.done, progress.bytes);
                    break;
                }
            }
            assert_eq!(told(&recording), expected, "{step} at a time");
        }
    };
    check(
        &[
            &[(Some(1), b"a"), (Some(4), b"b")],
            &[(Some(2), b"c"), (Some(3), b"d"), (Some(5), b"e")],
        ],
        "0a 1c 1d 0b 1e",
    );
    // Equal times: the file that was given first.
    check(&[&[(Some(2), b"a"), (Some(2), b"b")], &[(Some(2), b"c")]], "0a 0b 1c");
    check(&[&[(Some(2), b"a")], &[(Some(1), b"b"), (Some(2), b"c")]], "1b 0a 1c");
    // A frame without a time follows its predecessor; at the start, nothing is before it.
    check(
        &[&[(Some(2), b"a"), (None, b"b"), (Some(9), b"c")], &[(None, b"d"), (Some(2), b"e")]],
        "1d 0a 0b 1e 0c",
    );
    // A file that is not in order itself is not put into one.
    check(
        &[
            &[(Some(5), b"a"), (Some(3), b"b"), (Some(7), b"c")],
            &[(Some(4), b"d"), (Some(6), b"e")],
        ],
        "1d 0a 0b 1e 0c",
    );
    check(&[&[], &[(Some(5), b"a")], &[(Some(4), b"b"), (Some(6), b"c")]], "2b 1a 2c");
}

#[test]
fn a_ring_is_one_vantage_point_and_two_ends_are_two() {
    let part = |from: u64| {
        let packets = [(Some(from), &b"p"[..]), (Some(from + 400), b"q")];
        file(b"eth0", &packets)
    };
    // Given out of order, as a shell may sort them.
    let ring = together(&[("c_10", part(2000)), ("c_8", part(1000)), ("c_9", part(1500))]);
    assert_eq!(told(&ring), "0p 0q 0p 0q 0p 0q");
    let times: Vec<_> = frames(&ring).iter().map(|frame| frame.0).collect();
    assert!(times.is_sorted(), "{times:?}");
    let interfaces = ring.interfaces();
    assert_eq!(interfaces.len(), 1);
    assert_eq!((interfaces[0].name.as_str(), interfaces[0].file.as_str()), ("eth0", "c_8"));

    let ends = together(&[("client", part(1000)), ("server", part(1010))]);
    assert_eq!(told(&ends), "0p 1p 0q 1q");
    let files: Vec<_> = ends.interfaces().iter().map(|one| one.file.as_str()).collect();
    assert_eq!(files, ["client", "server"]);

    // A file without a frame is no further place.
    let empty = together(&[("a", file(b"eth0", &[])), ("b", part(5)), ("c", file(b"eth1", &[]))]);
    assert_eq!(told(&empty), "0p 0q");
    let files: Vec<_> = empty.files().into_iter().map(|one| one.interfaces).collect();
    assert_eq!(files, [[0], [0], [1]]);

    // Another interface afterwards is another place.
    let other = file(b"eth1", &[(Some(5000), b"r")]);
    assert_eq!(told(&together(&[("a", part(1000)), ("b", other)])), "0p 0q 1r");
    // Classic pcap says nothing of itself but its link type and snap length.
    let old = |second, snap_len| pcap(Little, 0xa1b2_c3d4, snap_len, &[(second, 0, b"x")]);
    assert_eq!(told(&together(&[("a", old(1, 96)), ("b", old(2, 96))])), "0x 0x");
    assert_eq!(told(&together(&[("a", old(1, 96)), ("b", old(2, 65_535))])), "0x 1x");
}

#[test]
fn where_a_ring_turns_its_files_stay_in_the_order_they_were_written() {
    let first = file(b"eth0", &[(Some(0), b"a"), (Some(1000), b"b")]);
    let second = file(b"eth0", &[(Some(995), b"c"), (Some(2000), b"d")]);
    let beside = file(b"eth1", &[(Some(997), b"e")]);
    let recording = together(&[("r1", first), ("r2", second), ("s", beside)]);
    assert_eq!(told(&recording), "0a 1e 0b 0c 0d");
}

#[test]
fn formats_sections_and_clocks_may_differ() {
    let old = pcap(Big, 0xa1b2_c3d4, 65_535, &[(1, 5, b"one"), (3, 0, b"five")]);
    let sections = [
        section(Little),
        interface(Little, 1, &[(2, b"a"), (9, &[9])]),
        packet(Little, 0, 1_000_004_999, b"zero"),
        section(Big),
        interface(Big, 101, &[(2, b"b"), (9, &[3])]),
        packet(Big, 0, 2_000, b"three"),
    ]
    .concat();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&file(b"c", &[(Some(1_500_000), b"two"), (Some(2_500_000), b"four")])).unwrap();
    let recording =
        together(&[("old", old), ("sections", sections), ("gzip", gzip.finish().unwrap())]);
    assert_eq!(recording.problems(), []);
    let read: Vec<_> = frames(&recording)
        .into_iter()
        .map(|(time, interface, link, bytes)| {
            (time, interface, link, String::from_utf8(bytes).unwrap())
        })
        .collect();
    assert_eq!(
        read,
        [
            (1_000_004_999, 1, 1, "zero".into()),
            (1_000_005_000, 0, 1, "one".into()),
            (1_500_000_000, 3, 1, "two".into()),
            (2_000_000_000, 2, 101, "three".into()),
            (2_500_000_000, 3, 1, "four".into()),
            (3_000_000_000, 0, 1, "five".to_owned()),
        ]
    );
    let resolutions: Vec<_> = recording.interfaces().iter().map(|one| one.resolution).collect();
    let [micro, nano] = [Resolution::MICRO, Resolution::NANO];
    assert_eq!(resolutions, [micro, nano, Resolution::Decimal(3), micro]);
    let files = recording.files();
    let told: Vec<_> =
        files.iter().map(|one| (one.name.as_str(), one.frames, one.interfaces.clone())).collect();
    assert_eq!(told, [("old", 2, vec![0]), ("sections", 2, vec![1, 2]), ("gzip", 2, vec![3])]);
    assert_eq!(files[0].format.unwrap().to_string(), "pcap (microseconds, big-endian)");
    assert_eq!(files.iter().map(|one| one.bytes).sum::<u64>(), recording.bytes());
    assert_eq!(recording.sections().len(), 4);
}

#[test]
fn what_files_say_beside_their_frames_is_kept() {
    let told = |end: &str, at: i64| {
        let header = SectionHeader { comments: vec![format!("of {end}")], ..Default::default() };
        let mut writer = PcapngWriter::new(Vec::new(), &header).unwrap();
        let lo = NewInterface {
            name: "lo".into(),
            description: String::new(),
            link: LinkType::ETHERNET,
            snap_len: 0,
            filter: String::new(),
        };
        let lo = writer.interface(&lo).unwrap();
        let server = ([127, 0, 0, 2].into(), "server".into());
        writer.names(&[server, ([127, 0, 0, 1].into(), end.into())]).unwrap();
        writer.secrets(&format!("KEY of {end}\n")).unwrap();
        writer.packet(lo, Time(at), 3, b"one").unwrap();
        let mark = Mark {
            time: Time(at + 1_000),
            role: end.into(),
            message: "read".into(),
            fields: vec![],
        };
        writer.mark(&mark).unwrap();
        writer.packet(lo, Time(at + 100_000), 3, b"two").unwrap();
        let (received, comment) = (Some(at as u64), format!("end of {end}"));
        let totals = Totals { time: Time(at), received, dropped: None, comment };
        writer.totals(lo, &totals).unwrap();
        writer.into_inner()
    };
    let recording = together(&[("a", told("near", 1_000_000)), ("b", told("far", 1_000_500))]);
    let kinds: Vec<_> = frames(&recording).iter().map(|(_, at, link, _)| (*at, *link)).collect();
    let mark = LinkType::MARK.0;
    assert_eq!(kinds, [(0, 1), (1, 1), (0, mark), (1, mark), (0, 1), (1, 1)]);
    let names: Vec<_> = recording.names().into_iter().map(|(a, n)| format!("{a} {n}")).collect();
    assert_eq!(names, ["127.0.0.2 server", "127.0.0.1 near", "127.0.0.1 far"], "each once");
    assert_eq!(recording.secrets_text(), "KEY of near\nKEY of far\n");
    let comments: Vec<_> = recording.comments().into_iter().map(|c| (c.place, c.text)).collect();
    assert_eq!(
        comments,
        [
            (Place::Section(0), "of near".to_owned()),
            (Place::Statistics(0), "end of near".into()),
            (Place::Section(1), "of far".into()),
            (Place::Statistics(1), "end of far".into()),
        ]
    );
    let counted: Vec<_> =
        recording.statistics().iter().map(|one| (one.interface, one.received)).collect();
    assert_eq!(counted, [(0, Some(1_000_000)), (1, Some(1_000_500))]);
    assert!(recording.copy_to(&mut Vec::new()).is_err(), "there is no such file");
}

#[test]
fn a_damaged_tail_costs_that_tail_and_names_its_file() {
    let mut cut = file(b"x", &[(Some(2), b"b"), (Some(4), b"lost")]);
    cut.truncate(cut.len() - 5);
    let mut stray = file(b"y", &[(Some(1), b"a"), (Some(3), b"c")]);
    stray.extend(packet(Little, 7, 5_000, b"d"));
    let recording = together(&[("cut.pcapng", cut), ("stray.pcapng", stray)]);
    let read: Vec<_> = frames(&recording).into_iter().map(|(.., bytes)| bytes).collect();
    assert_eq!(read, [b"a", b"b", b"c", b"d"]);
    let problems: Vec<_> = recording.problems().iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].starts_with("cut.pcapng: At byte "), "{problems:?}");
    assert!(problems[0].contains("in the middle of a block"), "{problems:?}");
    // The third frame of its file is the fourth of the whole.
    assert!(problems[1].starts_with("stray.pcapng: At byte "), "{problems:?}");
    assert!(problems[1].contains("frame 4 names interface 7"), "{problems:?}");
    assert_eq!(recording.frame(FrameId(3)).interface, u16::MAX);
}

#[test]
fn stretches_and_single_frames_read_the_same() {
    let packets = |from: usize, every: usize| -> Vec<u8> {
        let body: Vec<u8> = (0..3000).map(|at| (at * from) as u8).collect();
        let mut file = [section(Little), interface(Little, 1, &[])].concat();
        for at in 0..400 {
            let ticks = (from + at * every) as u64;
            file.extend(packet(Little, 0, ticks, &body[..(at * 7) % 3000]));
        }
        file
    };
    let recording = together(&[("a", packets(1, 3)), ("b", packets(2, 5)), ("c", packets(900, 1))]);
    let all = frames(&recording);
    assert_eq!(all.len(), 1200);
    assert!(all.is_sorted_by_key(|frame| frame.0));
    let (mut at, mut buffer) = (0, Vec::new());
    while at < recording.count() {
        let range = recording.frames_within(at, 20_000);
        assert!(range.start == at && range.end > at);
        let sum: usize = range.clone().map(|number| all[number as usize].3.len()).sum();
        assert!(sum < 20_000 + 3_100, "{range:?} has {sum} bytes");
        let stretch = recording.stretch(range.clone(), buffer).unwrap();
        assert_eq!(frames(&stretch), all, "also what was not copied");
        recording.release(range.clone());
        buffer = stretch.into_buffer();
        assert!(buffer.len() < 40_000);
        at = range.end;
    }
    assert_eq!(recording.frames_within(1200, 1), 1200..1200);
    assert_eq!(frames(&recording), all);
}

#[test]
fn what_is_indexed_before_and_how_many_there_are_makes_no_difference() {
    let part = |at| file(b"x", &[(Some(at), b"a"), (Some(at + 9), b"b")]);
    let whole = Recording::spool(&part(1)[..]).unwrap();
    whole.refresh().unwrap();
    let rest = Recording::spool(&part(5)[..]).unwrap();
    let both = Recording::together(vec![("p".into(), whole), ("q".into(), rest)]).unwrap();
    both.refresh().unwrap();
    assert_eq!(told(&both), "0a 1a 0b 1b");

    let alone = together(&[("p", part(1))]);
    assert_eq!((told(&alone).as_str(), alone.files().len()), ("0a 0b", 0));
    assert_eq!(alone.interfaces()[0].file, "");
    assert!(matches!(Recording::together(vec![]), Err(OpenError::Empty)));
}

#[test]
fn problems_name_frames_by_their_numbers_in_the_whole() {
    // A packet that claims more bytes than its block has.
    let short = |ticks: u32| {
        let body = bytes(Little).u32(0).u32(0).u32(ticks).u32(99).u32(99);
        block(Little, 6, body.padded(b"cut."))
    };
    let whole = |ticks| packet(Little, 0, ticks, b"whole");
    let file = |packets: [Vec<u8>; 3]| {
        [section(Little), interface(Little, 1, &[(2, b"x")]), packets.concat()].concat()
    };
    let first = file([whole(10), short(30), short(50)]);
    let second = file([short(20), whole(40), short(60)]);
    let recording = together(&[("p", first), ("q", second)]);
    let found: Vec<String> = recording.problems().iter().map(ToString::to_string).collect();
    let frames = ["frame 3 ", "frame 5 ", "frame 2 ", "frame 6 "];
    let named = found.iter().zip(frames).filter(|(problem, frame)| problem.contains(frame));
    assert_eq!((found.len(), named.count()), (4, 4), "{found:#?}");
}
