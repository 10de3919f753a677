//! Several files read as one: a recording that was cut into files is the whole again, and two
//! ends of one connection are two vantage points.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use wirestage::cli::show::Format;
use wirestage::document::{Document, OpenError, Opening, Progress, Windows};
use wirestage_captures::write::{NewInterface, SectionHeader};
use wirestage_captures::{PcapngWriter, Recording};
use wirestage_dissectors::frames::{Frames, LinkType};
use wirestage_dissectors::ids::{Direction, FlowId, FrameId, Time};
use wirestage_dissectors::story::Level;
use wirestage_dissectors::story::sighting::{sightings, twins};
use wirestage_dissectors::story::text::to_text;
use wirestage_tests::program::{run, run_with};
use wirestage_tests::{open, samples, shown};

/// How long the way takes from one end to the other, in nanoseconds.
const WAY: i64 = 4_000_000;

/// The blocks of a little-endian pcapng file: their types, and their bytes.
fn blocks(file: &[u8]) -> Vec<(u32, &[u8])> {
    let number = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
    let mut at = 0;
    let mut found = Vec::new();
    while at < file.len() {
        let len = number(at + 4) as usize;
        found.push((number(at), &file[at..at + len]));
        at += len;
    }
    found
}

/// Cuts a recording into files as a capturing program does: each begins with the section and its
/// interfaces; what else stands between packets stays where it is.
fn cut(file: &[u8], pieces: usize) -> Vec<Vec<u8>> {
    const SECTION: u32 = 0x0a0d_0d0a;
    const INTERFACE: u32 = 1;
    const PACKET: u32 = 6;
    let blocks = blocks(file);
    let is_head = |kind: u32| kind == SECTION || kind == INTERFACE;
    let head: Vec<&[u8]> =
        blocks.iter().filter(|(kind, _)| is_head(*kind)).map(|(_, bytes)| *bytes).collect();
    let packets = blocks.iter().filter(|(kind, _)| *kind == PACKET).count();
    let mut files = vec![head.concat(); pieces];
    let mut seen = 0;
    for (kind, bytes) in blocks.into_iter().filter(|(kind, _)| !is_head(*kind)) {
        files[(seen * pieces / packets).min(pieces - 1)].extend(bytes);
        seen += usize::from(kind == PACKET);
    }
    files
}

/// Writes files into a folder that is gone after the test.
fn written(files: &[(&str, Vec<u8>)]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let write = |(name, bytes): &(&str, Vec<u8>)| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let paths = files.iter().map(write).collect();
    (folder, paths)
}

#[test]
fn a_recording_in_three_files_is_the_whole_again() {
    for (name, folder) in samples() {
        let path = folder.join("recording.pcapng");
        let mut files = cut(&fs::read(&path).unwrap(), 3).into_iter();
        let (_folder, mut paths) =
            written(&["r_1", "r_2", "r_3"].map(|name| (name, files.next().unwrap())));
        // The order in which they are given does not matter.
        paths.rotate_left(1);
        let whole = open(&path, Opening::default());
        let joined = Document::open_all(&paths, &Progress::new()).unwrap();
        assert_eq!(joined.recording.problems(), [], "{name}");
        let taps = whole.recording.interfaces().len();
        assert_eq!(joined.recording.interfaces().len(), taps, "{name}: each tap once");
        assert_eq!(joined.recording.names(), whole.recording.names(), "{name}");
        assert_eq!(joined.secrets().len(), whole.secrets().len(), "{name}");
        assert_eq!(joined.about(), whole.about(), "{name}");
        let frames: Vec<_> = joined.recording.files().iter().map(|one| one.frames).collect();
        assert_eq!(frames.iter().sum::<u32>(), whole.recording.count(), "{name}");
        // One of them has two packets only.
        assert!(frames.iter().filter(|frames| **frames > 0).count() > 1, "{name}: {frames:?}");
        let one_frame = Windows { frames: 1, bytes: 1, share: 1 };
        for format in [Format::Jsonl, Format::Tree, Format::Rows] {
            let expected = shown(&whole, format, Windows::default());
            for windows in [Windows::default(), one_frame] {
                assert_eq!(shown(&joined, format, windows), expected, "{name}");
            }
        }
        let told = to_text(&joined.story(None));
        assert_eq!(told, to_text(&whole.story(None)), "{name}");
    }
}

/// One connection as each of its ends saw it: both files describe their interface alike, and all
/// clocks agree.
fn ends() -> ((tempfile::TempDir, Vec<PathBuf>), usize) {
    let (_, folder) = samples().into_iter().find(|(name, _)| name == "tcp-lifecycle").unwrap();
    let recording = Recording::open(folder.join("recording.pcapng")).unwrap();
    let header = SectionHeader { application: "dumpcap".into(), ..SectionHeader::default() };
    let interface = NewInterface {
        name: "eth0".into(),
        description: String::new(),
        link: LinkType::ETHERNET,
        snap_len: 0,
        filter: String::new(),
    };
    let mut writers = [0, 1].map(|_| {
        let mut writer = PcapngWriter::new(Vec::new(), &header).unwrap();
        writer.interface(&interface).unwrap();
        writer
    });
    let packets: Vec<_> = (0..recording.count())
        .map(|number| recording.frame(FrameId(number)))
        .filter(|frame| frame.link == LinkType::ETHERNET)
        .collect();
    // Who sent it: the source address of IPv4, behind the Ethernet header.
    let source = |bytes: &[u8]| bytes[26..30].to_vec();
    let client = source(packets[0].bytes);
    for (number, packet) in packets.iter().enumerate() {
        let sent = 1_700_000_000_000_000_000 + 10_000_000 * number as i64;
        let from_client = source(packet.bytes) == client;
        let mut hop = packet.bytes.to_vec();
        hop[22] -= 1;
        let near = if from_client { (sent, packet.bytes) } else { (sent + WAY, &hop[..]) };
        let far = if from_client { (sent + WAY, &hop[..]) } else { (sent, packet.bytes) };
        for (writer, (time, bytes)) in writers.iter_mut().zip([near, far]) {
            writer.packet(0, Time(time), bytes.len() as u32, bytes).unwrap();
        }
    }
    let mut files = writers.into_iter().map(PcapngWriter::into_inner);
    let files = ["client.pcapng", "server.pcapng"].map(|name| (name, files.next().unwrap()));
    (written(&files), packets.len())
}

#[test]
fn two_ends_are_two_vantage_points_and_their_packets_are_paired() {
    let ((_folder, paths), packets) = ends();
    let document = Document::open_all(&paths, &Progress::new()).unwrap();
    let (recording, survey) = (&*document.recording, &document.survey);
    let files: Vec<_> = recording.interfaces().iter().map(|one| one.file.clone()).collect();
    assert_eq!(files, ["client.pcapng", "server.pcapng"]);
    let both = twins(FlowId(0), recording, survey).expect("both ends were recorded");
    let pairs = sightings(both, recording, survey);
    assert_eq!(pairs.len(), packets);
    for pair in pairs {
        let received = pair.received.expect("every packet came");
        assert_eq!(received.time.since(pair.sent.time), WAY);
        let interface = |frame| recording.frame(frame).interface;
        let expected = if pair.direction == Direction::Forward { (0, 1) } else { (1, 0) };
        assert_eq!((interface(pair.sent.frame), interface(received.frame)), expected);
    }
    let story = document.story(None);
    assert!(story.both_ends);
    assert_eq!(story.packets as usize, packets, "a packet seen twice is one packet");
    assert!(story.level(Level::Flight).all(|(_, beat)| beat.received.is_some()));
}

#[test]
fn opening_says_how_far_it_is_and_can_be_cancelled() {
    let ((_folder, paths), _) = ends();
    let progress = Progress::new();
    let document = Document::open_all(&paths, &progress).unwrap();
    let bytes = document.recording.bytes();
    assert_eq!(progress.get(), (bytes, bytes));
    let files: Vec<_> = paths
        .iter()
        .map(|path| (path.display().to_string(), Recording::begin(path).unwrap()))
        .collect();
    let recording = Recording::together(files).unwrap();
    progress.cancel();
    let cancelled = |opened| matches!(opened, Err(OpenError::Cancelled));
    assert!(cancelled(Document::survey(recording, &progress, Opening::default())));
    assert!(cancelled(Document::open_all(&paths, &progress)));
}

#[test]
fn every_command_takes_several_files() {
    let ((folder, paths), packets) = ends();
    let [client, server] = &paths[..] else { panic!("{paths:?}") };
    let (client, server) = (client.to_str().unwrap(), server.to_str().unwrap());
    let info = run(&["info", client, server]).done();
    assert!(info.text().starts_with("file        client.pcapng and 1 more\n"), "{}", info.text());
    let words = format!("server.pcapng {packets:>10} frames");
    assert!(info.text().contains(&words), "{}", info.text());
    assert!(info.text().contains("interfaces  2\n"), "{}", info.text());

    let json = run(&["info", "--json", client, server]).done();
    let json: Value = serde_json::from_str(json.text()).unwrap();
    assert_eq!(json["frames"], 2 * packets);
    assert_eq!(json["files"][1]["file"], "server.pcapng");
    assert_eq!(json["files"][1]["frames"], packets);
    assert_eq!(json["files"][1]["interfaces"][0], 1);

    let rows = run(&["show", client, server]).done();
    assert_eq!(rows.text().lines().count(), 2 * packets);
    let story = run(&["story", client, server]).done();
    // Standard input is a file like others.
    let piped = run_with(&["story", client, "-"], &fs::read(server).unwrap()).done();
    assert_eq!(piped.text(), story.text());
    let picture = folder.path().join("both.svg");
    let drawn = run(&["export", client, server, "-o", picture.to_str().unwrap()]).done();
    assert!(drawn.text().contains("both.svg: "), "{}", drawn.text());
    assert!(fs::read_to_string(picture).unwrap().starts_with("<svg"));
}

#[test]
fn what_is_wrong_is_said_of_the_file_where_it_is() {
    let ((folder, paths), packets) = ends();
    let [client, server] = &paths[..] else { panic!("{paths:?}") };
    let (client, server) = (client.to_str().unwrap(), server.to_str().unwrap());
    let missing = folder.path().join("missing.pcap").display().to_string();
    run(&["info", client, &missing, server]).failed(1, "missing.pcap", "check the name");
    let text = folder.path().join("notes.txt").display().to_string();
    fs::write(&text, "nothing of the kind, in words").unwrap();
    run(&["story", client, &text]).failed(1, "notes.txt: this is not a capture", "editcap");
    run_with(&["show", client, "-"], b"").failed(1, "standard input: the file is empty", "record");

    let many = vec![client; 513];
    run(&[&["info"], &many[..]].concat()).failed(1, "513 files are more than", "at most 512");

    let mut cut = fs::read(server).unwrap();
    cut.truncate(cut.len() - 7);
    fs::write(server, cut).unwrap();
    let rows = run(&["show", client, server]).done();
    assert_eq!(rows.text().lines().count(), 2 * packets - 1);
    assert!(rows.err.starts_with("note: server.pcapng: At byte "), "{}", rows.err);
    let info = run(&["info", client, server]).done();
    assert!(info.text().contains("note        server.pcapng: At byte "), "{}", info.text());
}
