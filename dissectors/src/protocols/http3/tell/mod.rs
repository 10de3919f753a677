//! Says what a message means: to its request, to the connection, and to the streams beside it.

mod head;

use super::fields as f;
use super::frame::{
    ANYWHERE, CANCEL_PUSH, CONTROL, DATA, DECODER, ENCODER, FrameHeader, GOAWAY, HEADERS,
    MAX_PUSH_ID, PRIORITY_UPDATE, PRIORITY_UPDATE_PUSH, PUSH, PUSH_PROMISE, SETTINGS,
};
use super::kind::{Facts, Kind, Role};
use super::qpack::{Decoding, Instruction, acknowledgements, instructions};
use crate::bytes::{Lossy, Reader};
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::contents;
use crate::protocols::multiplexed::{Part, ended};
use crate::protocols::semantics::count;
use crate::protocols::varint::varint;
use crate::telling::{OnLane, Piece, Telling};
use crate::wording::thousands;

/// The chapter of all messages.
const CHAPTER: &str = "HTTP/3";

/// Tells of a message of any kind.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let facts = Facts::of(message, view)?;
    let bytes = view.bytes(message.span);
    match message.kind()? {
        // The packet that carries it tells of it.
        Kind::Datagram => None,
        Kind::StreamType => Some(stream_type(facts)),
        Kind::Encoder => Some(encoder(bytes)),
        Kind::Decoder => Some(decoder(bytes)),
        Kind::End => Some(on_lane(end(message, facts, view), facts, Some(Piece::Content(0)), true)),
        Kind::Frame => {
            let header = FrameHeader::read(bytes).ok()?;
            let told = match header.kind {
                HEADERS | PUSH_PROMISE => head::tell(message, &header, facts, view),
                DATA => data(&header, facts),
                _ => return Some(control(&header, bytes.get(header.own..).unwrap_or_default())),
            };
            let part = facts.list.as_ref().map(|list| list.part);
            let piece = match part {
                Some(Part::Unknown | Part::Promise) => None,
                Some(_) => Some(Piece::Head),
                None if header.kind == DATA => Some(Piece::Content(header.length)),
                None => None,
            };
            Some(on_lane(told, facts, piece, facts.ends))
        }
    }
}

/// Puts what is told on the lane of its stream.
fn on_lane(told: Telling, facts: &Facts, piece: Option<Piece>, ends: bool) -> Telling {
    let is_head = piece == Some(Piece::Head);
    let purpose = facts.asked.as_ref().filter(|_| is_head).map(|asked| {
        let [method, target] = [&asked.method, asked.target()].map(Lossy);
        format!("{method} {target}")
    });
    let on_lane = piece.map(|piece| OnLane { piece, ends, purpose });
    Telling { on_lane, ..told.on_lane(facts.stream) }
}

fn stream_type(facts: &Facts) -> Telling {
    let (label, headline) = match facts.of_type {
        Some(CONTROL) => ("control stream", "Opens the stream on which it says how it works"),
        Some(PUSH) => ("push stream", "Opens a stream for a response that it has promised"),
        Some(ENCODER) => {
            ("encoder stream", "Opens the stream on which it fills the table for its header fields")
        }
        Some(DECODER) => {
            ("decoder stream", "Opens the stream on which it says what it has read of the table")
        }
        _ => ("unknown stream", "Opens a stream of a type that can be left aside"),
    };
    let told = Telling::new(label, headline, CHAPTER).weight(2, 3).aside();
    match facts.of_type {
        Some(ENCODER | DECODER) => told.lesson("http3/qpack", "RFC 9204", "4.2"),
        _ => told.lesson("http3/streams", "RFC 9114", "6.2"),
    }
}

fn encoder(bytes: &[u8]) -> Telling {
    let (all, _) = instructions(bytes);
    let inserts = all.iter().filter(|(one, _)| !matches!(one, Instruction::Capacity(_))).count();
    let headline = "Puts header fields into the table, so that later ones need only a number";
    Telling::new("QPACK insert", headline, CHAPTER)
        .detail(format!(
            "{} in {}.",
            count(inserts as u64, "entry", "entries"),
            count(bytes.len() as u64, "byte", "bytes")
        ))
        .weight(2, 2)
        .aside()
        .lesson("http3/qpack", "RFC 9204", "4.3")
}

fn decoder(bytes: &[u8]) -> Telling {
    let (all, _) = acknowledgements(bytes);
    let is_cancelled = all.iter().any(|(one, _)| matches!(one, Decoding::Cancelled(_)));
    let headline = if is_cancelled {
        "Gives up header fields of a stream that it reads no more"
    } else {
        "Says which entries of the table it has: the other side can rely on them"
    };
    Telling::new("QPACK heard", headline, CHAPTER).weight(1, 1).aside().lesson(
        "http3/qpack",
        "RFC 9204",
        "4.4",
    )
}

fn data(header: &FrameHeader, facts: &Facts) -> Telling {
    let mut headline = "Sends content on its stream, which waits for no other";
    let mut detail = format!("{}.", count(header.length, "byte", "bytes"));
    if let Some(turn) = facts.turn {
        headline = "Takes turns: content of several streams shares the connection";
        detail += &format!(" Stream {turn} has not ended.");
    }
    let told = Telling::new(format!("DATA {} B", thousands(header.length)), headline, CHAPTER)
        .detail(detail)
        .weight(5, 6)
        .lesson("http3/data", "RFC 9114", "7.2.1")
        .continuing();
    // What it is there for beyond its content is told beside that.
    if facts.is_handed_on && facts.turn.is_none() { told.carrying() } else { told }
}

/// How one side of a stream ended: the size of its content, and how long it took from its request
/// on.
fn end(message: &Message, facts: &Facts, view: &View<'_>) -> Telling {
    let Some(body) = facts.body.filter(|body| body.frames > 0) else {
        let headline = "Says apart that nothing more follows on this side of the stream";
        let told = Telling::new("end", headline, CHAPTER).weight(3, 4).continuing();
        return told.lesson("http3/data", "RFC 9114", "4.1");
    };
    let shown = view.part(message, Role::Decoded).unwrap_or(message.span);
    let media = facts.media.as_deref().filter(|_| shown.is_some());
    let called = media.and_then(|media| contents::called(media, view.bytes(shown)));
    let called = called.map_or_else(String::new, |called| format!(" {called}"));
    Telling::new("end", "Ends its content, and with it this side of the stream", CHAPTER)
        .detail(ended(body, facts.asked.as_deref()) + &called)
        .weight(6, 6)
        .lesson("http3/data", "RFC 9114", "4.1")
        .continuing()
        .at_end()
}

/// Frames that are about the connection (RFC 9114, section 7.2).
fn control(header: &FrameHeader, payload: &[u8]) -> Telling {
    let mut reader = Reader::new(payload, ANYWHERE);
    let first = varint(&mut reader, "a number").map_or(0, |(number, _)| number);
    let told = |headline: &str| Telling::new(header.name(), headline, CHAPTER).weight(2, 3);
    match header.kind {
        SETTINGS => told("Says what this side can take: header fields, extensions")
            .detail(settings(payload))
            // It rides along with the handshake, whose flight that stays.
            .weight(4, 4)
            .aside()
            .lesson("http3/settings", "RFC 9114", "7.2.4"),
        GOAWAY => told("Takes leave: no new requests on this connection")
            .detail(format!("What has the number {first} or a higher one was not taken up."))
            .weight(5, 5)
            .closing()
            .lesson("http3/goaway", "RFC 9114", "7.2.6"),
        PRIORITY_UPDATE | PRIORITY_UPDATE_PUSH => {
            let headline = "Says how urgent an answer is, and whether it is of use in parts";
            told(headline)
                .detail(format!("{} is for {first}.", Lossy(reader.rest())))
                .aside()
                .lesson("http3/priority", "RFC 9218", "7.2")
        }
        MAX_PUSH_ID => told("Lets the server promise responses that nobody asked for")
            .aside()
            .lesson("http3/streams", "RFC 9114", "7.2.7"),
        CANCEL_PUSH => told("Wants nothing of a response that was promised").aside().lesson(
            "http3/streams",
            "RFC 9114",
            "7.2.3",
        ),
        kind if FrameHeader::is_reserved(kind) => {
            told("Means nothing: it is sent so that nobody gets used to knowing all frames")
                .weight(1, 1)
                .aside()
                .lesson("http3/streams", "RFC 9114", "7.2.8")
        }
        _ => told("A frame that can be left aside").weight(1, 1).aside(),
    }
}

/// Settings, each with its value.
fn settings(payload: &[u8]) -> String {
    let mut reader = Reader::new(payload, ANYWHERE);
    let mut all = Vec::new();
    while let Ok((id, _)) = varint(&mut reader, "a setting")
        && let Ok((value, _)) = varint(&mut reader, "its value")
    {
        match f::SETTING_ID.def().name_of(id) {
            Some(name) => all.push(format!("{name} {}", thousands(value))),
            None if FrameHeader::is_reserved(id) => all.push("one that means nothing".to_owned()),
            None => all.push(format!("setting {id:#x} {value}")),
        }
    }
    if all.is_empty() { String::new() } else { format!("{}.", all.join(", ")) }
}
