//! Tells of windows that are used up, and of what opens them again; of a server that waits because
//! it does not know whether an address is its client's.

use super::super::facts::{Facts, Flow, Held, Room};
use super::{BEGINNING, CHAPTER};
use crate::protocols::semantics::count;
use crate::telling::{Allowed, OnLane, Piece, Side, Telling};
use crate::wording::span;
use crate::wording::{counted, thousands};

/// Tells of what is kept beside a packet.
pub(super) fn tell(facts: &Facts) -> Option<Telling> {
    facts.held.map(held).or_else(|| facts.flow.and_then(flow))
}

/// What a packet does to windows.
pub(super) fn allowed(facts: &Facts) -> Option<Allowed> {
    let (side, stream, Room { before, after }) = match facts.flow? {
        Flow::UsedUp { stream, room } => (Side::Sender, stream, room),
        Flow::Blocked { stream, room } => (Side::Sender, stream, room?),
        Flow::GoesOn { stream, room, .. } => (Side::Receiver, stream, room),
    };
    let change = Some((before, after));
    let (connection, lane) = if stream.is_some() { (None, change) } else { (change, None) };
    Some(Allowed { side, connection, lane })
}

fn flow(flow: Flow) -> Option<Telling> {
    let told = |label: &str, headline: &str| {
        Telling::new(label, headline, CHAPTER).lesson("quic/flow-control", "RFC 9000", "4.1")
    };
    match flow {
        Flow::UsedUp { stream, .. } => {
            let detail = match stream {
                Some(stream) => format!("The window of stream {stream} is used up: nothing more may be sent on it until a MAX_STREAM_DATA comes."),
                None => "The window of the connection is used up: no stream may send until a MAX_DATA comes.".to_owned(),
            };
            let headline = "Sends the last that the other side allows for now";
            let told = told("window used up", headline).detail(detail).weight(6, 3);
            Some(Telling { lane: stream, ..told })
        }
        Flow::Blocked { .. } => None,
        Flow::GoesOn { stream, room, waited } => {
            let label = if stream.is_some() { "MAX_STREAM_DATA" } else { "MAX_DATA" };
            let bytes = count(room.after.unsigned_abs(), "byte", "bytes");
            let detail = format!(
                "{bytes} may be sent. For {} nothing could be: the window was used up.",
                span(waited)
            );
            let told = told(label, "Lets the other side go on, which had to wait");
            let piece = Piece::Leave(waited);
            let on_lane = stream.map(|_| OnLane { piece, ends: false, purpose: None });
            let told = told.detail(detail).weight(6, 3);
            Some(Telling { lane: stream, on_lane, ..told })
        }
    }
}

fn held(held: Held) -> Telling {
    let Held { sent, came, waited } = held;
    let headline = "Goes on with its handshake, which an unproven address had held up";
    Telling::new("amplification limit", headline, BEGINNING)
        .detail(format!(
            "{} had gone out for {} that had come, and three times as many are allowed: more could flood somebody in whose name a stranger asks. It waited {} for a packet of the client's.",
            counted(sent, "byte"),
            thousands(came),
            span(waited)
        ))
        .weight(6, 5)
        .lesson("quic/amplification", "RFC 9000", "8.1")
}
