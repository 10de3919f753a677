//! The clause of a row that stands for a packet: what it is, to whom, and its frames.

use std::fmt::{self, Write};

use super::super::frame::{Frame, Says, short};
use super::super::header::Long;
use super::super::kind::{How, Kind};
use super::Seen;
use crate::engine::view::View;
use crate::message::Message;
use crate::sinks::decimal::write_hex;

/// `Initial, DCID=…, SCID=…, PKN: 0, CRYPTO, PADDING`
pub(in crate::protocols::quic) fn summary(
    message: &Message,
    view: &View<'_>,
    line: &mut dyn Write,
) -> fmt::Result {
    let Some(seen) = Seen::of(message, view) else { return Ok(()) };
    if seen.note.how == How::Reset {
        return line.write_str("Stateless Reset");
    }
    if seen.kind == Kind::OneRtt {
        line.write_str("Protected Payload")?;
        if seen.is_open {
            let first = seen.reader.rest().first().copied().unwrap_or_default();
            write!(line, " (KP{})", first >> 2 & 1)?;
        }
    } else {
        line.write_str(seen.kind.name())?;
    }
    ids(&seen, line)?;
    if let Some((number, _)) = seen.number() {
        write!(line, ", PKN: {number}")?;
    }
    let Some(mut frames) = seen.frames() else { return Ok(()) };
    let mut latest = None;
    while !frames.is_empty() {
        let Ok(frame) = Frame::read(&mut frames) else { break };
        let name = short(frame.kind);
        match frame.says {
            Says::Stream { stream, .. } => write!(line, ", {name}({stream})")?,
            _ if latest == Some(frame.kind) => {}
            _ => write!(line, ", {name}")?,
        }
        latest = Some(frame.kind);
    }
    Ok(())
}

fn ids(seen: &Seen<'_>, line: &mut dyn Write) -> fmt::Result {
    let bytes = seen.reader.rest();
    let (to, from) = if seen.kind == Kind::OneRtt {
        (1..1 + seen.note.id_len.map_or(0, usize::from), 0..0)
    } else {
        let Ok(long) = Long::read(bytes) else { return Ok(()) };
        (long.to, long.from)
    };
    for (name, range) in [("DCID", to), ("SCID", from)] {
        if let Some(id) = bytes.get(range).filter(|id| !id.is_empty()) {
            write!(line, ", {name}=")?;
            write_hex(id, line)?;
        }
    }
    Ok(())
}
