//! What the architecture promises, held on real recordings.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::process::Command;

use wirestage::document::{Document, Opening};
use wirestage_captures::PcapngWriter;
use wirestage_captures::write::{NewInterface, SectionHeader};
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::field::{FieldId, Kind, Reading, Value, reread};
use wirestage_dissectors::frames::{Frames, LinkType};
use wirestage_dissectors::ids::{ConnectionId, FrameId};
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::sink::Sink;
use wirestage_dissectors::sinks::RowText;
use wirestage_dissectors::span::{Buffer, Span};
use wirestage_tests::{open, root, samples};

fn sample(name: &str) -> std::path::PathBuf {
    root().join("assets/recordings").join(name).join("recording.pcapng")
}

/// Writes the packets of a recording without its secrets; gives the key log apart.
fn without_keys(name: &str, to: &std::path::Path) -> String {
    let document = open(&sample(name), Opening::default());
    let out = File::create(to).expect("a file");
    let mut writer = PcapngWriter::new(out, &SectionHeader::default()).expect("a header");
    let ethernet = NewInterface {
        name: "lo".into(),
        description: String::new(),
        link: LinkType::ETHERNET,
        snap_len: 0,
        filter: String::new(),
    };
    writer.interface(&ethernet).expect("an interface");
    for id in (0..document.recording.count()).map(FrameId) {
        let frame = document.recording.frame(id);
        if frame.link == LinkType::ETHERNET {
            writer.packet(0, frame.time, frame.wire_len, frame.bytes).expect("a packet");
        }
    }
    writer.flush().expect("flushed");
    document.recording.secrets_text()
}

#[test]
fn keys_that_come_late_open_their_connection_and_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sealed.pcapng");
    let keys = without_keys("tls13-full", &path);
    let mut document = open(&path, Opening::default());
    let survey = document.survey.clone();
    let all: Vec<ConnectionId> = document.connections.to_vec();
    for id in &all {
        let context = document.context();
        document.conversations().open(*id, context, &survey);
    }
    let reads = document.conversations().reads();
    assert_eq!(reads, all.len() as u64);
    let sealed = messages(&document);
    assert!(sealed.iter().any(|(_, protection)| *protection == Protection::Opaque));

    // The selection is where a sealed record begins: an anchor outlives the reading.
    let (selected, _) =
        sealed.iter().find(|(_, protection)| *protection == Protection::Opaque).expect("one");
    assert!(!keys.is_empty());
    document.add_keys(&keys);
    let opened = messages(&document);
    assert!(opened.iter().all(|(_, protection)| *protection != Protection::Opaque));
    assert!(opened.iter().any(|(place, _)| place == selected), "the selection is still there");
    assert_eq!(document.conversations().reads(), reads + 1, "one connection was read again");

    document.add_keys("CLIENT_RANDOM 00 00");
    let other = format!("CLIENT_RANDOM {} {}", "00".repeat(32), "00".repeat(48));
    document.add_keys(&other);
    messages(&document);
    assert_eq!(document.conversations().reads(), reads + 1, "foreign keys read nothing again");
}

/// Frame and offset of the first byte of every message on the wire, with its protection.
fn messages(document: &Document) -> Vec<((FrameId, u32), Protection)> {
    let (context, survey) = (document.context(), &document.survey);
    let mut found = Vec::new();
    for id in document.connections.iter().copied() {
        let mut conversations = document.conversations();
        let stretches = conversations.open(id, context, survey).stretches();
        for index in 0..stretches {
            let held = conversations.stretch(id, index, context, survey).expect("a stretch");
            let view = held.view(context.frames);
            for message in &held.stretch().messages {
                if let Some(first) = view.trace(message.span).first()
                    && let Buffer::Frame(frame) = first.buffer.kind()
                {
                    found.push(((frame, first.start), message.protection));
                }
            }
        }
    }
    found
}

/// Checks every exact field against the bytes its span leads to.
struct Exact<'a> {
    bytes: &'a dyn Fn(Span) -> (Vec<u8>, Vec<Span>),
    checked: usize,
    wrong: Vec<String>,
}

impl Sink for Exact<'_> {
    fn field(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        let def = field.def();
        if def.reading == Reading::Computed || def.kind == Kind::Group || !span.is_some() {
            return;
        }
        let (bytes, frames) = (self.bytes)(span);
        self.checked += 1;
        let again = reread(def, &bytes);
        if again != Some(value) || (frames.is_empty() && span.len > 0) {
            self.wrong.push(format!(
                "{} is {value:?}, but {span:?} ({} frame pieces) reads {again:?}",
                def.name,
                frames.len()
            ));
        }
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        if value != Value::None {
            self.field(field, value, span);
        }
    }
}

#[test]
fn every_exact_field_equals_the_bytes_its_span_leads_to() {
    let mut checked = 0;
    for (name, folder) in samples() {
        let document = open(&folder.join("recording.pcapng"), Opening::default());
        let (context, survey) = (document.context(), &document.survey);
        for id in (0..survey.frame_count()).map(FrameId) {
            let held = document.conversations().at_frame(id, context, survey);
            let scene = match &held {
                Some(held) => Dissection::of_stretch(context, survey, held),
                None => Dissection::of_headers(context, survey),
            };
            let bytes = |span: Span| match (&held, span.buffer.kind()) {
                (_, Buffer::Frame(frame)) => {
                    let range = span.start as usize..span.end() as usize;
                    let bytes = document.recording.frame(frame).bytes;
                    (bytes.get(range).unwrap_or_default().to_vec(), vec![span])
                }
                (Some(held), _) => {
                    let view = held.view(context.frames);
                    (view.bytes(span).to_vec(), view.trace(span))
                }
                (None, _) => Default::default(),
            };
            let mut exact = Exact { bytes: &bytes, checked: 0, wrong: Vec::new() };
            scene.describe(id, &mut exact);
            checked += exact.checked;
            let frame = id.number();
            assert!(exact.wrong.is_empty(), "{name}, frame {frame}: {}", exact.wrong.join("\n"));
        }
    }
    eprintln!("{checked} exact values were read again");
    assert!(checked > 5_000, "only {checked} values");
}

/// Counts the summaries that a walk gives.
#[derive(Default)]
struct Summaries(usize);

impl Sink for Summaries {
    fn summary(&mut self, _text: std::fmt::Arguments<'_>) {
        self.0 += 1;
    }
}

#[test]
fn a_row_is_the_summaries_of_what_the_last_protocol_of_its_frame_said() {
    let mut told = 0;
    for (name, folder) in samples() {
        let document = open(&folder.join("recording.pcapng"), Opening::default());
        let (context, survey) = (document.context(), &document.survey);
        for id in (0..survey.frame_count()).map(FrameId) {
            let Some(held) = document.conversations().at_frame(id, context, survey) else {
                continue;
            };
            let scene = Dissection::of_stretch(context, survey, &held);
            let mut clauses: Vec<String> = Vec::new();
            let mut latest = None;
            for (message, view) in scene.messages(id) {
                let layer = view.layer(message.layer).expect("a layer").protocol;
                // Bytes that nobody knows leave the row to whoever brought them.
                if layer == context.registry.fallback() {
                    continue;
                }
                let protocol = context.registry.get(layer);
                if latest.replace(layer).is_some_and(|before| before != layer) {
                    clauses.clear();
                }
                let mut line = String::new();
                protocol.summary(message, &view, &mut line).expect("written");
                clauses.extend(Some(line).filter(|line| !line.is_empty()));
                let mut given = Summaries::default();
                protocol.describe(message, &view, &mut given);
                assert_eq!(given.0, 0, "{name}: only rows listen for the summary of a message");
            }
            let mut row = RowText::new();
            scene.row(id, &mut row);
            if latest.is_some() {
                assert_eq!(row.info, clauses.join(", "), "{name}, frame {}", id.number());
                told += 1;
            }
        }
    }
    assert!(told > 30, "only {told} rows of messages");
}

/// Bytes of body in one synthetic frame.
const PIECE: usize = 65_000;

/// Writes one HTTP answer with a body of that many bytes, as a sparse pcap file: the body is
/// never written, it is a hole.
fn sparse_download(path: &std::path::Path, body: u64) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0])?;
    file.write_all(&[0, 0, 4, 0, 101, 0, 0, 0])?;
    let request = b"GET /large HTTP/1.1\r\nHost: a.test\r\n\r\n";
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {body}\r\n\r\n");
    segment(&mut file, 0, true, 1, request, 0)?;
    segment(&mut file, 1, false, 1, head.as_bytes(), 0)?;
    let (mut sent, mut seq) = (0, 1 + head.len() as u64);
    while sent < body {
        let len = (PIECE as u64).min(body - sent);
        segment(&mut file, 2 + sent / PIECE as u64, false, seq as u32, &[], len as usize)?;
        (sent, seq) = (sent + len, seq + len);
    }
    let end = file.stream_position()?;
    file.set_len(end)
}

/// One TCP segment in a RAW packet: `data`, then `hole` bytes that are skipped over.
fn segment(
    file: &mut File,
    at: u64,
    request: bool,
    seq: u32,
    data: &[u8],
    hole: usize,
) -> std::io::Result<()> {
    let total = 40 + data.len() + hole;
    let mut packet = vec![0; 40];
    packet[0] = 0x45;
    packet[2..4].copy_from_slice(&(total as u16).to_be_bytes());
    (packet[8], packet[9]) = (64, 6);
    let (from, to, ports) = if request { (1, 2, [40_000u16, 80]) } else { (2, 1, [80, 40_000]) };
    packet[12..16].copy_from_slice(&[127, 0, 0, from]);
    packet[16..20].copy_from_slice(&[127, 0, 0, to]);
    packet[20..22].copy_from_slice(&ports[0].to_be_bytes());
    packet[22..24].copy_from_slice(&ports[1].to_be_bytes());
    packet[24..28].copy_from_slice(&seq.to_be_bytes());
    (packet[32], packet[33]) = (0x50, 0x10);
    let header = [(at / 1000) as u32, (at % 1000 * 1000) as u32, total as u32, total as u32];
    for word in header {
        file.write_all(&word.to_le_bytes())?;
    }
    file.write_all(&packet)?;
    file.write_all(data)?;
    file.seek(SeekFrom::Current(hole as i64)).map(drop)
}

#[test]
fn a_body_of_five_gibibytes_takes_little_memory() {
    const FIVE_GIB: u64 = 5 << 30;
    const ALLOWED: u64 = 200 << 20;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.pcap");
    sparse_download(&path, FIVE_GIB).expect("a sparse file");
    let shown = Command::new(env!("CARGO_BIN_EXE_peak")).arg(&path).output().expect("peak");
    let text = String::from_utf8_lossy(&shown.stdout);
    assert!(text.contains("200 OK"), "the answer is shown at its last frame: {text}");
    let errors = String::from_utf8_lossy(&shown.stderr);
    let peak: u64 = errors
        .lines()
        .find_map(|line| line.strip_prefix("peak "))
        .and_then(|bytes| bytes.parse().ok())
        .unwrap_or_else(|| panic!("no peak in {errors}"));
    eprintln!("peak resident memory: {} MB", peak >> 20);
    assert!(peak < ALLOWED, "{} MB", peak >> 20);
}
