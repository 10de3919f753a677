//! Tells of content, and of how much of it may be sent.

use super::CHAPTER;
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::contents;
use crate::protocols::http2::Role;
use crate::protocols::http2::facts::{Began, Change, Facts, Windows};
use crate::protocols::http2::frame::FrameHeader;
use crate::protocols::multiplexed::ended;
use crate::protocols::semantics::count;
use crate::telling::Telling;
use crate::wording::span;
use crate::wording::{signed, thousands};

/// Tells of a piece of content.
pub(super) fn data(
    message: &Message,
    header: &FrameHeader,
    facts: &Facts,
    view: &View<'_>,
) -> Telling {
    let length = header.length;
    let mut label = format!("DATA {} B", thousands(length.into()));
    let mut headline = "Sends content on a stream, in pieces that can be mixed with others";
    let mut detail = format!("{}.", count(length.into(), "byte", "bytes"));
    let mut weight = 5;
    if facts.turn > 0 {
        headline = "Takes turns: content of several streams shares the connection";
        detail += &format!(" Stream {} has not ended.", facts.turn);
    }
    if header.ends_stream() {
        let is_told = length == 0 || facts.is_handed_on;
        label = if is_told { "DATA end".to_owned() } else { format!("{label} end") };
        headline = "Ends its content, and with it this side of the stream";
        weight = 6;
        if let Some(body) = facts.body {
            detail = ended(body, facts.asked.as_deref());
        }
        if let Some(called) = called(message, facts, view) {
            detail += &format!(" {called}");
        }
    }
    let mut lesson = ("http2/data", "6.1");
    if let Some(windows) = facts.windows.filter(|_| !header.ends_stream()) {
        let used_up = |change: Option<Change>| change.is_some_and(|it| it.after <= 0);
        let which = match (used_up(windows.stream), used_up(windows.connection)) {
            (true, _) => {
                "The window of the stream is used up: nothing more may be sent on it until a WINDOW_UPDATE comes."
            }
            (false, true) => {
                "The window of the connection is used up: no stream may send until a WINDOW_UPDATE comes."
            }
            (false, false) => "",
        };
        if !which.is_empty() {
            // It says more than that an answer has begun.
            (headline, weight) = ("Sends the last that the other side allows for now", 8);
            detail += &format!(" {which}");
            let of_stream = used_up(windows.stream);
            detail += &windows.began.map_or_else(String::new, |began| cause(began, of_stream));
            lesson = ("http2/flow-control", "6.9");
        }
    }
    let told = Telling::new(label, headline, CHAPTER)
        .detail(detail)
        .weight(weight, 6)
        .lesson(lesson.0, "RFC 9113", lesson.1)
        .continuing();
    // What it is there for beyond its content is told beside that.
    if facts.is_handed_on && weight == 5 { told.carrying() } else { told }
}

/// What the content calls that ends with this frame.
fn called(message: &Message, facts: &Facts, view: &View<'_>) -> Option<String> {
    let shown = view.part(message, Role::BodyDecoded).or_else(|| view.part(message, Role::Body))?;
    contents::called(facts.media.as_deref()?, view.bytes(shown))
}

/// Why a window was as small as that.
fn cause(began: Began, of_stream: bool) -> String {
    let Began { bytes, set_in } = began;
    let bytes = count(bytes.unsigned_abs(), "byte", "bytes");
    match set_in {
        Some(frame) => format!(
            " It began with {bytes}: the other side's SETTINGS ask for that in frame {} (SETTINGS_INITIAL_WINDOW_SIZE).",
            frame.number()
        ),
        None if of_stream => {
            format!(" It began with {bytes}, for no SETTINGS said otherwise (section 6.9.2).")
        }
        None => {
            format!(" It began with {bytes}, which no SETTINGS can change (section 6.9.2).")
        }
    }
}

/// Tells of room to send.
pub(super) fn window(header: &FrameHeader, payload: &[u8], facts: &Facts) -> Telling {
    let bytes = payload.first_chunk().map_or(0, |all| u32::from_be_bytes(*all)) & 0x7fff_ffff;
    let whose = if header.stream == 0 { "on the connection" } else { "on its stream" };
    let windows = facts.windows.unwrap_or_default();
    let Windows { connection, stream, waited, .. } = windows;
    let mut detail = format!("{} more {whose}", count(bytes.into(), "byte", "bytes"));
    if let Some(change) = stream.or(connection) {
        detail += &format!(", {} in all", signed(change.after));
    }
    detail += ".";
    let told = Telling::new(header.name(), "Gives the other side room to send more", CHAPTER);
    let told = told.lesson("http2/flow-control", "RFC 9113", "6.9");
    match waited {
        Some(waited) => {
            let detail = format!(
                "{detail} For {} nothing could be sent there: the window was used up.",
                span(waited)
            );
            Telling { headline: "Lets the other side go on, which had to wait".to_owned(), ..told }
                .detail(detail)
                .weight(6, 6)
        }
        None => told.detail(detail).weight(2, 3).aside(),
    }
}
