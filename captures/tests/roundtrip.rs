//! What the writer writes, the reader reads back, and Wireshark's own tools agree.

#[path = "../../tests/src/skip.rs"]
mod skip;

use std::net::IpAddr;
use std::path::Path;
use std::process::Command;

use skip::skip;
use wirestage_captures::read::{Comment, Format, Place, Statistics};
use wirestage_captures::write::{NewInterface, SectionHeader, Totals};
use wirestage_captures::{Mark, PcapngWriter, Recording};
use wirestage_dissectors::frames::{Frames, LinkType};
use wirestage_dissectors::ids::{FrameId, Time};

const START: i64 = 1_700_000_000_123_456_789;

/// An Ethernet frame with an IPv4 UDP datagram to port 7 that carries `payload`.
fn datagram(payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0; 12];
    frame.extend([8, 0, 0x45, 0]);
    frame.extend(((28 + payload.len()) as u16).to_be_bytes());
    frame.extend([0, 0, 0x40, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 2]);
    frame.extend([0x9c, 0x40, 0, 7]);
    frame.extend(((8 + payload.len()) as u16).to_be_bytes());
    frame.extend([0, 0]);
    frame.extend(payload);
    frame
}

fn mark(time: i64) -> Mark {
    Mark {
        time: Time(time),
        role: "server".into(),
        message: "received 5 bytes".into(),
        fields: vec![("event".into(), "read".into())],
    }
}

fn key_log() -> String {
    format!("CLIENT_RANDOM {} {}\n", "ab".repeat(32), "cd".repeat(48))
}

/// A recording with one of everything.
fn written(marks: bool) -> Vec<u8> {
    let header = SectionHeader {
        hardware: "a desk".into(),
        system: "Linux".into(),
        application: "wirestage".into(),
        comments: vec!["scenario: udp-echo".into(), "count: 2".into()],
    };
    let mut writer = PcapngWriter::new(Vec::new(), &header).unwrap();
    if !marks {
        writer = writer.without_marks();
    }
    let interface = NewInterface {
        name: "lo".into(),
        description: "both ends".into(),
        link: LinkType::ETHERNET,
        snap_len: 262_144,
        filter: "udp".into(),
    };
    assert_eq!(writer.interface(&interface).unwrap(), 0);
    let names: [(IpAddr, String); 2] = [
        ("127.0.0.1".parse().unwrap(), "client".into()),
        ("fd00::2".parse().unwrap(), "server".into()),
    ];
    writer.names(&names).unwrap();
    writer.secrets(&key_log()).unwrap();
    writer.packet(0, Time(START), 0, &datagram(b"hello")).unwrap();
    writer.mark(&mark(START + 10_000)).unwrap();
    writer.packet(0, Time(START + 20_000), 1500, &datagram(b"cut")).unwrap();
    let totals = Totals {
        time: Time(START + 30_000),
        received: Some(2),
        dropped: Some(0),
        comment: format!("{}end\n", "a line of the transcript\n".repeat(3000)),
    };
    writer.totals(0, &totals).unwrap();
    writer.into_inner()
}

fn opened(bytes: &[u8]) -> (tempfile::NamedTempFile, Recording) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let recording = Recording::open(file.path()).unwrap();
    (file, recording)
}

#[test]
fn everything_written_reads_back() {
    let (_file, recording) = opened(&written(true));
    assert_eq!(recording.problems(), []);
    assert_eq!(recording.format(), Some(Format::Pcapng));
    assert_eq!(recording.count(), 3);

    let first = recording.frame(FrameId(0));
    assert_eq!((first.time, first.link, first.interface), (Time(START), LinkType::ETHERNET, 0));
    assert_eq!((first.bytes, first.wire_len), (&datagram(b"hello")[..], 47));

    let marked = recording.frame(FrameId(1));
    assert_eq!(marked.link, LinkType::MARK);
    assert_eq!(marked.bytes, mark(START + 10_000).entry());
    // The journal's clock counts microseconds.
    assert_eq!(marked.time, Time((START + 10_000) / 1000 * 1000));

    let cut = recording.frame(FrameId(2));
    assert_eq!((cut.bytes, cut.wire_len), (&datagram(b"cut")[..], 1500));
    assert_eq!(recording.frame(FrameId(3)).bytes, b"");

    assert_eq!(recording.secrets_text(), key_log());
    let names: Vec<_> = recording.names().into_iter().map(|(a, n)| format!("{a} {n}")).collect();
    assert_eq!(names, ["127.0.0.1 client", "fd00::2 server"]);
    assert_eq!(recording.sections()[0].application, "wirestage");
    let lo = recording.interfaces()[0];
    assert_eq!((lo.name.as_str(), lo.description.as_str()), ("lo", "both ends"));
    let counted = Statistics { interface: 0, received: Some(2), dropped: Some(0) };
    assert_eq!(recording.statistics(), [counted]);

    let comments = recording.comments();
    let section = |text: &str| Comment { place: Place::Section(0), text: text.into() };
    assert_eq!(comments[..2], [section("scenario: udp-echo"), section("count: 2")]);
    let transcript: String = comments[2..].iter().map(|c| c.text.as_str()).collect();
    assert_eq!(transcript, format!("{}end\n", "a line of the transcript\n".repeat(3000)));
    assert!(comments[2].text.ends_with('\n'), "a long comment is cut between lines");
}

#[test]
fn a_recording_is_saved_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (_file, recording) = opened(&written(true));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("saved.pcapng");
    for _ in 0..2 {
        let mut saved = wirestage_captures::write::create(&path).unwrap();
        recording.copy_to(&mut saved).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), written(true));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    }
}

#[test]
fn marks_can_be_left_out() {
    let (_file, recording) = opened(&written(false));
    assert_eq!(recording.count(), 2);
    assert!((0..2).all(|n| recording.frame(FrameId(n)).link == LinkType::ETHERNET));
}

/// Runs one of Wireshark's tools; says aloud where it is not installed.
fn tool(name: &str, file: &Path, arguments: &[&str]) -> Option<String> {
    let output = match Command::new(name).args(arguments).arg(file).output() {
        Ok(output) => output,
        Err(error) => {
            skip("roundtrip", &format!("{name} cannot be run ({error}); install tshark"));
            return None;
        }
    };
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {error}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn wireshark_reads_the_same() {
    let (file, recording) = opened(&written(true));
    let fields = ["frame.number", "frame.time_epoch", "frame.len", "frame.cap_len", "udp.payload"];
    let mut arguments = vec!["-Tfields"];
    arguments.extend(fields.iter().flat_map(|field| ["-e", field]));
    arguments.push("-r");
    if let Some(rows) = tool("tshark", file.path(), &arguments) {
        assert_eq!(rows.lines().count() as u32, recording.count());
        for (number, row) in rows.lines().enumerate() {
            let frame = recording.frame(FrameId(number as u32));
            let ours = format!(
                "{}\t{}.{:09}\t{}\t{}\t",
                number + 1,
                frame.time.0 / 1_000_000_000,
                frame.time.0 % 1_000_000_000,
                frame.wire_len,
                frame.bytes.len(),
            );
            assert!(row.starts_with(&ours), "tshark: {row}\nours:   {ours}");
        }
    }
    if let Some(text) = tool("capinfos", file.path(), &["-M"]) {
        for part in [
            "nanoseconds",
            "scenario: udp-echo",
            "Name = lo",
            "Number of resolved IPv6 addresses in file: 1",
            "Number of decryption secrets in file: 1",
        ] {
            assert!(text.contains(part), "no {part:?} in {text}");
        }
    }
}

#[test]
fn a_file_without_marks_converts_to_classic_pcap_and_reads_the_same() {
    let (file, recording) = opened(&written(false));
    let target = tempfile::NamedTempFile::new().unwrap();
    for (format, unit) in [("nsecpcap", 1), ("pcap", 1000)] {
        let status = match Command::new("editcap")
            .args(["-F", format])
            .args([file.path(), target.path()])
            .output()
        {
            Ok(output) => output.status,
            Err(error) => return skip("roundtrip", &format!("editcap cannot be run ({error})")),
        };
        assert!(status.success());
        let classic = Recording::open(target.path()).unwrap();
        assert_eq!(classic.count(), recording.count());
        for number in (0..classic.count()).map(FrameId) {
            let (ours, theirs) = (recording.frame(number), classic.frame(number));
            assert_eq!(theirs.time.0, ours.time.0 / unit * unit);
            assert_eq!((theirs.bytes, theirs.wire_len), (ours.bytes, ours.wire_len));
        }
    }
}
