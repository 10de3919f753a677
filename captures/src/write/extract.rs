//! Chosen frames of a recording as a file of their own.
//!
//! ```text
//!   SHB IDB NRB │ DSB EPB EPB EPB DSB EPB JRN ISB      what is no frame stays, byte for byte
//!   SHB IDB NRB │ DSB     EPB     DSB     JRN ISB      of the frames, the chosen ones
//! ```
//!
//! So nothing is lost that a pcapng file says: keys, names, comments, options and counts. What
//! came in another format is written anew.

use std::collections::BTreeMap;
use std::io::{self, Write};

use wirestage_dissectors::frames::{Frames, LinkType};
use wirestage_dissectors::ids::{FrameId, Time};

use super::annotate::annotated;
use super::{NewInterface, PcapngWriter, SectionHeader, Totals};
use crate::bytes::Order;
use crate::read::{Blocks, Place, Recording};

/// Bytes that are copied at a time.
const COPY: usize = 1 << 16;

/// Writes the frames that `keep` chooses, with all that the recording says beside frames. The lines
/// of `keys`, of a key log that came by itself, stand before the first frame.
///
/// # Errors
/// Where the recording cannot be read, or `out` not be written to.
pub fn extract(
    recording: &Recording,
    keep: &dyn Fn(FrameId) -> bool,
    keys: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    extract_with(recording, keep, (keys, &Comments::new()), out)
}

/// Comments on frames that stand instead of those that the recording has.
pub type Comments = BTreeMap<FrameId, Vec<String>>;

/// The same with other comments on some frames. What cannot hold any (a frame of a Simple Packet
/// Block, a mark) stays as it is.
///
/// # Errors
/// As [`extract`].
pub fn extract_with(
    recording: &Recording,
    keep: &dyn Fn(FrameId) -> bool,
    (keys, comments): (&str, &Comments),
    out: &mut dyn Write,
) -> io::Result<()> {
    // Blocks are written in the byte order of this writer: into another section none can be put.
    let blocks = recording.blocks();
    let blocks = blocks.filter(|one| keys.is_empty() || one.order(0) == Some(Order::Little));
    let Some(blocks) = blocks else { return anew(recording, keep, (keys, comments), out) };
    let mut at = 0;
    for number in 0..recording.count() {
        let Some(offset) = blocks.offset(number) else { break };
        if number == 0 && !keys.is_empty() {
            copy(&blocks, at..offset, out)?;
            at = offset;
            let mut lines = Vec::new();
            PcapngWriter::continuing(&mut lines).secrets(keys)?;
            out.write_all(&lines)?;
        }
        if !keep(FrameId(number)) {
            copy(&blocks, at..offset, out)?;
            at = offset.saturating_add(block_len(&blocks, number, offset)?);
        } else if let Some(comments) = comments.get(&FrameId(number)) {
            copy(&blocks, at..offset, out)?;
            at = offset.saturating_add(block_len(&blocks, number, offset)?);
            let mut block = Vec::new();
            copy(&blocks, offset..at, &mut block)?;
            let order = blocks.order(number).unwrap_or(Order::Little);
            out.write_all(annotated(&block, order, comments).as_ref().unwrap_or(&block))?;
        }
    }
    copy(&blocks, at..u64::MAX, out)
}

/// How long the block of a frame is.
fn block_len(blocks: &Blocks<'_>, number: u32, offset: u64) -> io::Result<u64> {
    let mut len = [0; 4];
    let read = blocks.read(offset.saturating_add(4), &mut len)?;
    if read < len.len() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let len = match blocks.order(number) {
        Some(Order::Big) => u32::from_be_bytes(len),
        _ => u32::from_le_bytes(len),
    };
    // What the index took for a block holds at least its frame's head.
    Ok(u64::from(len.max(12)))
}

/// Copies bytes of the file, up to its end where there are fewer.
fn copy(blocks: &Blocks<'_>, range: std::ops::Range<u64>, out: &mut dyn Write) -> io::Result<()> {
    let mut buffer = vec![0; COPY];
    let mut at = range.start;
    while at < range.end {
        let most = usize::try_from(range.end - at).unwrap_or(COPY).min(COPY);
        let room = buffer.get_mut(..most).unwrap_or_default();
        let read = blocks.read(at, room)?;
        if read == 0 {
            break;
        }
        out.write_all(room.get(..read).unwrap_or_default())?;
        at += read as u64;
    }
    Ok(())
}

/// Writes the frames of what is no single pcapng file.
fn anew(
    recording: &Recording,
    keep: &dyn Fn(FrameId) -> bool,
    (keys, others): (&str, &Comments),
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut on_frames = Comments::new();
    for (frame, text) in recording.frame_comments() {
        on_frames.entry(frame).or_default().push(text);
    }
    on_frames.extend(others.iter().map(|(frame, texts)| (*frame, texts.clone())));
    let comments = recording.comments();
    let of = |wanted: &dyn Fn(Place) -> bool| {
        let chosen = comments.iter().filter(|comment| wanted(comment.place));
        chosen.map(|comment| comment.text.clone()).collect::<Vec<String>>()
    };
    let about = recording.sections().first().map(|about| (*about).clone()).unwrap_or_default();
    let header = SectionHeader {
        hardware: about.hardware,
        system: about.system,
        application: about.application,
        comments: of(&|place| matches!(place, Place::Section(_))),
    };
    let mut writer = PcapngWriter::new(out, &header)?;
    for one in recording.interfaces() {
        writer.interface(&NewInterface {
            name: one.name.clone(),
            description: one.description.clone(),
            link: one.link,
            snap_len: one.snap_len,
            filter: String::new(),
        })?;
    }
    writer.names(&recording.names())?;
    for secrets in [recording.secrets_text().as_str(), keys] {
        if !secrets.is_empty() {
            writer.secrets(secrets)?;
        }
    }
    let mut last = Time::UNKNOWN;
    for id in (0..recording.count()).map(FrameId).filter(|id| keep(*id)) {
        let frame = recording.frame(id);
        last = last.max(frame.time);
        match frame.link {
            LinkType::MARK => writer.journal(frame.bytes)?,
            // A block of somebody else's: what it means only its own file says.
            LinkType::CUSTOM => {}
            _ => {
                let time = frame.time.known().unwrap_or(Time(0));
                let (interface, texts) = (frame.interface.into(), on_frames.get(&id));
                let texts = texts.map_or(&[][..], Vec::as_slice);
                writer.commented((interface, time), frame.wire_len, frame.bytes, texts)?;
            }
        }
    }
    for (interface, comment) in comments.iter().filter_map(|comment| match comment.place {
        Place::Statistics(interface) => Some((interface, comment.text.clone())),
        _ => None,
    }) {
        let time = last.known().unwrap_or(Time(0));
        writer.totals(interface.into(), &Totals { time, comment, ..Totals::default() })?;
    }
    writer.flush()
}
