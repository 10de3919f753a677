//! Says what a frame means.

use super::describe::{head, payload};
use super::fields as f;
use super::frame::{BINARY, CLOSE, CONTINUATION, FrameHeader, PING, PONG, TEXT};
use super::spoken::Said;
use super::{Kind, Role};
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::contents::{self, Media};
use crate::telling::{Telling, quoted};
use crate::wording::thousands;

/// The longest text that is told.
const MAX_TOLD: usize = 80;

/// What a Ping is for (RFC 6455, section 5.5.2).
const ALIVE: &str = "Asks whether the other side is there";

/// Tells of a frame.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let header = FrameHeader::read(head(message, view)).ok()?;
    let own = payload(message, &header, view);
    let bytes = own.map(|span| view.bytes(span)).unwrap_or_default();
    let length = header.length;
    let note = message.extra::<Kind>().unwrap_or_default();
    let told = |label: String, headline: &str| {
        let told = Telling::new(label, headline, "WebSocket").weight(6, 6);
        told.lesson("websocket/frame", "RFC 6455", "5.2")
    };
    Some(match header.opcode {
        CLOSE => {
            let code = bytes.first_chunk().map(|all| u16::from_be_bytes(*all));
            let mut detail =
                match code.map(|code| (code, f::STATUS_CODE.def().name_of(code.into()))) {
                    Some((code, Some(name))) => format!("{code}, {name}."),
                    Some((code, None)) => format!("{code}."),
                    None => "No reason is given.".to_owned(),
                };
            if let Some(reason) = bytes.get(2..).filter(|reason| !reason.is_empty()) {
                detail += &format!(" {}", quoted(Lossy(reason)));
            }
            let headline = if note.answers {
                "Answers the Close: nobody sends anything more"
            } else {
                "Wants to end the conversation: after its answer nobody sends anything more"
            };
            told("Close".into(), headline)
                .detail(detail)
                .lesson("websocket/close", "RFC 6455", "5.5.1")
                .closing()
        }
        PING => told("Ping".into(), ALIVE)
            .noted(ALIVE)
            .lesson("websocket/ping", "RFC 6455", "5.5.2")
            .weight(3, 4)
            .asking(),
        PONG => told("Pong".into(), "Says that this side is there")
            .lesson("websocket/ping", "RFC 6455", "5.5.3")
            .weight(3, 4)
            .answering(),
        CONTINUATION | TEXT | BINARY => {
            let is_text = note.opcode == TEXT;
            let what = if is_text { "Text" } else { "Binary" };
            let packed = view.part(message, Role::Unpacked);
            let whole = packed.or_else(|| view.part(message, Role::Whole));
            let mut detail = match header.key {
                Some(_) => "Masked, as all that a client sends (section 5.3).".to_owned(),
                None => String::new(),
            };
            let mut add = |text: String| {
                detail += if detail.is_empty() { "" } else { " " };
                detail += &text;
            };
            if let Some(whole) = whole {
                let unpacked =
                    if packed.is_some() { ", unpacked (permessage-deflate, RFC 7692)" } else { "" };
                add(format!(
                    "{} B here, {} B in all{unpacked}.",
                    thousands(length),
                    thousands(whole.len.into())
                ));
            }
            let shown = whole.or(own).map(|span| view.bytes(span)).unwrap_or_default();
            let said = note.spoken.said(shown).filter(|_| is_text && header.fin);
            if is_text && header.fin && !shown.is_empty() {
                let text = Lossy(shown).to_string();
                let dots = if text.chars().count() > MAX_TOLD { "…" } else { "" };
                let text: String = text.chars().take(MAX_TOLD).collect();
                add(quoted(format_args!("{text}{dots}")));
                if said.is_none() {
                    contents::called(&Media::json(), shown).into_iter().for_each(add);
                }
            }
            let headline = match (header.fin, header.opcode) {
                (true, CONTINUATION) => "Ends a message that came in several frames",
                (true, _) => "Sends a message: either side may, at any time",
                (false, _) => "Sends a part of a message; others of its frames follow",
            };
            // Of a message in several frames the last one speaks: it has the whole text.
            let weight = if header.fin { 6 } else { 5 };
            let is_part = !header.fin || header.opcode == CONTINUATION;
            let section = if is_part { "5.4" } else { "5.6" };
            let told = match said {
                Some(Said { label, headline, detail: own }) => {
                    told(label, headline).detail(format!("{own} {detail}").trim())
                }
                // Its opcode says no more than that it goes on.
                None if header.opcode == CONTINUATION => {
                    told(format!("Continuation {} B", thousands(length)), headline).detail(detail)
                }
                None => told(format!("{what} {} B", thousands(length)), headline).detail(detail),
            };
            let lesson = if header.packed { "websocket/deflate" } else { "websocket/frame" };
            let told = told.weight(weight, 6).lesson(lesson, "RFC 6455", section);
            // Who reads what it holds tells of that.
            if note.spoken.claim().is_some() { told.carrying() } else { told }
        }
        _ => told(format!("Opcode {}", header.opcode), "A frame of a kind that no standard knows"),
    })
}
