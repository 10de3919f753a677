//! Inputs from captures, and captures from inputs.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;
use wirestage_captures::write::{NewInterface, SectionHeader};
use wirestage_captures::{PcapngWriter, Recording};
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;

use crate::input::{Break, Carrier, Input, Turn};

/// So much of a capture becomes an input to change.
pub const MOST_FRAMES: u32 = 60;

/// The first frames of a capture, at most so many.
///
/// # Errors
/// Where it cannot be read.
pub fn read(path: &Path, most: u32) -> anyhow::Result<Input> {
    let recording = Recording::open(path)?;
    let (mut before, mut interface, mut breaks) = (None, 0, Vec::new());
    let turns = (0..recording.count().min(most)).map(FrameId).map(|id| {
        let (frame, place) = (recording.frame(id), id.0 as u16);
        // Seen by another interface than the one before it, or longer than it was kept.
        if std::mem::replace(&mut interface, frame.interface) != frame.interface {
            breaks.push(Break::Interface(place, frame.interface as u8));
        }
        if frame.wire_len as usize != frame.bytes.len() {
            breaks.push(Break::Wire(place, frame.wire_len.try_into().unwrap_or(u16::MAX)));
        }
        let after = before.map_or(0, |before| frame.time.0.wrapping_sub(before));
        before = Some(frame.time.0);
        Turn { is_client: true, after, link: frame.link.0, bytes: frame.bytes.to_vec() }
    });
    let mut input = Input::new(Carrier::Frame, turns.collect());
    (input.secrets, input.breaks) = (recording.secrets_text().into(), breaks);
    Ok(input)
}

/// The captures below a folder, in order.
#[must_use]
pub fn below(folder: &Path) -> Vec<PathBuf> {
    let (mut folders, mut found) = (vec![folder.to_path_buf()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Keeps an input: a file as it is, any other as a capture of its frames.
///
/// # Errors
/// Where it cannot be written.
pub fn keep(input: &Input, path: &Path) -> anyhow::Result<()> {
    match input.file() {
        Some(file) => std::fs::write(path, file).with_context(|| path.display().to_string()),
        None => write(input, path),
    }
}

/// Writes the frames of an input as a capture.
///
/// # Errors
/// Where it cannot be written.
pub fn write(input: &Input, path: &Path) -> anyhow::Result<()> {
    let file = std::fs::File::create(path).with_context(|| path.display().to_string())?;
    save(input, io::BufWriter::new(file)).with_context(|| path.display().to_string())
}

/// The same, into anything.
pub(crate) fn save(input: &Input, out: impl io::Write) -> io::Result<()> {
    let mut writer = PcapngWriter::new(out, &SectionHeader::default())?;
    writer.secrets(&input.secrets)?;
    let frames = input.frames();
    let mut interfaces = HashMap::new();
    for frame in (0..frames.count()).map(|at| frames.frame(FrameId(at))) {
        let interface = match interfaces.get(&(frame.interface, frame.link)) {
            Some(known) => *known,
            None => {
                let (name, link) = (format!("if{}", frame.interface), frame.link);
                let (description, filter) = (String::new(), String::new());
                let new = NewInterface { name, description, link, snap_len: 0, filter };
                let number = writer.interface(&new)?;
                interfaces.insert((frame.interface, frame.link), number);
                number
            }
        };
        writer.packet(interface, frame.time, frame.wire_len, frame.bytes)?;
    }
    writer.flush()
}
