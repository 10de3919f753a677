//! Recording what is played: a child in a network of its own, which captures its own loopback.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use wirestage_captures::lab::{self, Way};
use wirestage_captures::live::{Feed, Header, Tap, record};
use wirestage_captures::write::{NewInterface, SectionHeader};
use wirestage_captures::{PcapngWriter, Recording};
use wirestage_dissectors::frames::{Frames, LinkType};
use wirestage_dissectors::ids::{FrameId, Time};
use wirestage_tests::skip;

use super::{SHAPES, Shape};

/// Which shape this process plays; nothing where it is the parent.
const ROLE: &str = "SHAPES_ROLE";

/// What the child says before the reason where something is missing here.
const MISSING: &str = "missing: ";

/// What the child says before the number of packets that were lost.
const LOST: &str = "lost: ";

/// How often a shape is played where the machine was too busy to record all of it.
const PLAYS: usize = 5;

/// Why a play stopped.
pub(crate) enum Stop {
    /// It cannot be played on this machine.
    Missing(String),
    /// It went wrong.
    Wrong(std::io::Error),
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Wrong(error)
    }
}

/// What a play may use.
pub(crate) struct Props {
    /// Takes the keys of TLS.
    pub(crate) feed: Feed,
    /// Where it is recorded: what else the check is to see lies beside it.
    pub(crate) path: PathBuf,
}

/// The shape that this process plays, where it is a child.
pub(crate) fn role() -> Option<&'static Shape> {
    let name = std::env::var(ROLE).ok()?;
    SHAPES.iter().find(|shape| shape.name == name)
}

/// Records one shape, and checks what was recorded.
pub(crate) fn check(shape: &Shape) {
    let begun = Instant::now();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(format!("{}.pcapng", shape.name));
    if shape.play.is_some() {
        if let Way::HostLoopback { because } | Way::Refused(because) = lab::probe() {
            return skip(shape.name, &because.to_string());
        }
        if let Err(why) = record_whole(shape, &path) {
            return skip(shape.name, &why);
        }
    }
    let recorded = begun.elapsed();
    (shape.check)(&path);
    let (all, first) = (begun.elapsed().as_millis(), recorded.as_millis());
    println!("{}: told and drawn truly, in {all} ms, {first} of them to record it", shape.name);
}

/// Records a shape in a child, again where packets were lost: what is looked for is a fault of
/// the story, and on a busy machine the kernel has room for so many packets and no more.
///
/// # Errors
/// Where the machine cannot play it, or lost packets every time: what is missing.
fn record_whole(shape: &Shape, path: &Path) -> Result<(), String> {
    let mut lost = String::new();
    for _ in 0..PLAYS {
        let ran = Command::new(std::env::current_exe().expect("a test knows its path"))
            .arg(path)
            .env(ROLE, shape.name)
            .output()
            .expect("the child starts");
        let said = String::from_utf8_lossy(&ran.stdout);
        if let Some(why) = said.strip_prefix(MISSING) {
            return Err(why.trim().to_string());
        }
        let wrong = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{}: {said}{wrong}", shape.name);
        match said.strip_prefix(LOST) {
            Some(number) => lost = number.trim().to_string(),
            None => return Ok(()),
        }
    }
    Err(format!("this machine lost packets {PLAYS} times, {lost} of them the last time"))
}

/// Plays in a network of its own, and records that into the file that is named.
pub(crate) fn child(shape: &Shape, arguments: &[String]) -> ExitCode {
    let ([path], Some(play)) = (arguments, shape.play) else { panic!("a file, and a play") };
    lab::enter().expect("the probe said that the lab can be entered");
    let mut tap = Tap::open("lo", Some("not icmp6")).expect("lo can be captured");
    let (feed, notes) = Feed::new();
    let stop = AtomicBool::new(false);
    let (played, lost) = thread::scope(|scope| {
        let recorder = scope.spawn(|| {
            let notes = notes;
            let file = BufWriter::new(File::create(path).expect("a file"));
            record(&mut tap, &notes, &stop, &Header::default(), file).expect("a recording")
        });
        let played = play(&Props { feed, path: PathBuf::from(path) });
        stop.store(true, Ordering::Release);
        let summary = recorder.join().expect("it ends");
        (played, summary.dropped)
    });
    match played {
        Ok(()) => {
            if lost > 0 {
                println!("{LOST}{lost}");
            }
            ExitCode::SUCCESS
        }
        Err(Stop::Missing(why)) => {
            println!("{MISSING}{why}");
            ExitCode::SUCCESS
        }
        Err(Stop::Wrong(error)) => panic!("{}: {error}", shape.name),
    }
}

/// A frame that is to be written again: when it was seen, and its bytes.
pub(crate) type Again = (Time, Vec<u8>);

/// All frames of a recording.
pub(crate) fn frames(path: &Path) -> Vec<Again> {
    let recording = Recording::open(path).expect("what was recorded can be read");
    let frames = (0..recording.count()).map(|number| recording.frame(FrameId(number)));
    frames.map(|frame| (frame.time, frame.bytes.to_vec())).collect()
}

/// Writes frames of Ethernet into a file.
pub(crate) fn write(path: &Path, frames: &[Again]) {
    let file = BufWriter::new(File::create(path).expect("a file"));
    let header = SectionHeader { application: "shapes".into(), ..SectionHeader::default() };
    let interface = NewInterface {
        name: "lo".into(),
        description: String::new(),
        link: LinkType::ETHERNET,
        snap_len: 0,
        filter: String::new(),
    };
    let mut writer = PcapngWriter::new(file, &header).expect("a file is written");
    let id = writer.interface(&interface).expect("a file is written");
    for (time, bytes) in frames {
        writer.packet(id, *time, bytes.len() as u32, bytes).expect("a file is written");
    }
    writer.flush().expect("a file is written");
}
