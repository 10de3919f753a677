//! What a packet is called beside others in its datagram, and its frames: "1-RTT 5: ACK 0–2, 4,
//! STREAM 0 at 1140".

use super::super::fields::FRAME_TYPE;
use super::super::frame::{Frame, Says, kind};
use super::super::kind::{How, Kind};
use super::Seen;
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::quic::limits::{MAX_LISTED_FRAMES, MAX_LISTED_RANGES};
use crate::telling::Enclosed;

/// Says what a packet is, and what it is made of as far as it was opened.
pub(in crate::protocols::quic) fn enclosed(message: &Message, view: &View<'_>) -> Option<Enclosed> {
    let seen = Seen::of(message, view)?;
    if seen.note.how == How::Reset {
        return Some(Enclosed { label: "stateless reset".into(), lesson: "quic/stateless-reset" });
    }
    let name = seen.kind.name();
    let all = seen.frames().map(Frame::all);
    let label = match (seen.number(), &all) {
        (Some((number, _)), Some(all)) => format!("{name} {number}: {}", listed(all)),
        _ if seen.kind.epoch().is_some() => format!("{name}, sealed"),
        _ => name.into(),
    };
    Some(Enclosed { label, lesson: lesson(seen.kind, all.as_deref()) })
}

/// What there is to learn of a packet: what it is there for, or of what it brings.
fn lesson(kind: Kind, frames: Option<&[Frame]>) -> &'static str {
    let has = |wanted: &dyn Fn(u64) -> bool| {
        frames.is_some_and(|all| all.iter().any(|frame| wanted(frame.kind)))
    };
    match kind {
        Kind::Initial => "quic/initial",
        Kind::Handshake => "quic/handshake",
        Kind::ZeroRtt => "quic/early",
        Kind::Retry => "quic/retry",
        Kind::Negotiation | Kind::Unknown => "quic/versions",
        Kind::OneRtt if frames.is_none() => "quic/sealed",
        Kind::OneRtt if has(&|one| (kind::STREAM..=kind::LAST_STREAM).contains(&one)) => {
            "quic/stream"
        }
        Kind::OneRtt => "quic/short-header",
    }
}

/// The frames in a row; those alike in everything that is said of them are counted.
fn listed(all: &[Frame]) -> String {
    let mut said: Vec<(String, usize)> = Vec::new();
    for frame in all {
        let one = named(frame);
        match said.last_mut().filter(|(last, _)| *last == one) {
            Some((_, count)) => *count += 1,
            None => said.push((one, 1)),
        }
    }
    let more = said.len().saturating_sub(MAX_LISTED_FRAMES);
    let shown = said.iter().take(MAX_LISTED_FRAMES).map(|(one, count)| match count {
        1 => one.clone(),
        count => format!("{one} × {count}"),
    });
    let mut shown: Vec<String> = shown.collect();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    shown.join(", ")
}

/// One frame: its name, and what tells it from its like.
fn named(frame: &Frame) -> String {
    let name = match frame.kind {
        kind::ACK_ECN => "ACK",
        known => FRAME_TYPE.def().name_of(known).unwrap_or("unknown frame"),
    };
    match &frame.says {
        Says::Acknowledged { ranges, .. } => format!("{name} {}", runs(ranges)),
        Says::Crypto { offset, .. } if *offset > 0 => format!("{name} at {offset}"),
        Says::Stream { stream, offset, is_last, .. } => {
            let at = if *offset > 0 { format!(" at {offset}") } else { String::new() };
            let end = if *is_last { " with FIN" } else { "" };
            format!("{name} {stream}{at}{end}")
        }
        Says::Broken { stream, .. } | Says::OfStream { stream, .. } => format!("{name} {stream}"),
        Says::Nothing if frame.kind == kind::PADDING => format!("{name} {} B", frame.place.len),
        _ => name.to_owned(),
    }
}

/// Numbers that have come, the lowest first: "0–2, 4".
fn runs(ranges: &[(u64, u64)]) -> String {
    let shown = ranges.iter().take(MAX_LISTED_RANGES).rev();
    let shown = shown.map(|(from, to)| match from == to {
        true => from.to_string(),
        false => format!("{from}–{to}"),
    });
    let below = if ranges.len() > MAX_LISTED_RANGES { "…, " } else { "" };
    format!("{below}{}", shown.collect::<Vec<_>>().join(", "))
}
