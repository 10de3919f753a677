//! What share a message of HTTP/1.x has in an exchange: its whole side of it, for one message is
//! one request or one response.

use super::body::extent;
use super::describe::{fields, value_of};
use super::facts::{Ended, Facts};
use super::head::{Headers, StartLine};
use super::upgrade::is_word_on_the_way;
use super::{Kind, Role};
use crate::engine::view::View;
use crate::exchange::{Asked, Content, Field, Part, Share, Short, Which};
use crate::message::Message;
use crate::protocols::semantics::absolute;

/// The share of a message; nothing for bytes that no head explains.
pub(super) fn share<'v>(message: &Message, view: &View<'v>) -> Option<Share<'v>> {
    if message.is(Kind::Continuation) {
        return None;
    }
    let head = view.bytes(message.span);
    let facts = Facts::of(message, view);
    let share = match StartLine::read(head)? {
        StartLine::Request { method, target, version } => {
            let scheme = if message.protection.is_sealed() { &b"https"[..] } else { b"http" };
            let asked = asked(head.get(method)?, head.get(target)?, scheme, head);
            let version = head.get(version)?;
            let of = Which::Question(message.id);
            Share { asked: Some(asked), version, ..Share::new(of, Part::Question) }
        }
        StartLine::Response { version, number, phrase, .. } => {
            let of = facts.question.some().map_or(Which::Unknown, Which::Question);
            let part = if is_word_on_the_way(number, head) { Part::Interim } else { Part::Answer };
            let (reason, version) = (head.get(phrase)?, head.get(version)?);
            let status = Some(number).filter(|number| *number > 0);
            Share { status, reason, version, ..Share::new(of, part) }
        }
    };
    let body = extent(message, view);
    let is_cut = body.announced.is_some_and(|announced| body.came < announced);
    let sent = view.part(message, Role::Body);
    let content =
        Content { came: body.came, sent, shown: view.part(message, Role::BodyDecoded).or(sent) };
    Some(Share {
        fields: fields(head).collect(),
        head_bytes: message.span.len.into(),
        content,
        trailers: trailers(message, view),
        ends: share.part != Part::Interim,
        short: short(facts.ended, is_cut),
        ..share
    })
}

/// What a request line and its head ask for (RFC 9112, section 3.3).
fn asked<'v>(method: &'v [u8], target: &'v [u8], scheme: &'v [u8], head: &'v [u8]) -> Asked<'v> {
    let host = value_of(head, "host").unwrap_or_default();
    if method == b"CONNECT" {
        return Asked { method, scheme: b"", authority: target, path: b"" };
    }
    match absolute(target) {
        Some((scheme, authority, path)) => Asked { method, scheme, authority, path },
        None => Asked { method, scheme, authority: host, path: target },
    }
}

/// The fields behind the last chunk (RFC 9112, section 7.1.2).
fn trailers<'v>(message: &Message, view: &View<'v>) -> Vec<Field<'v>> {
    let Some(span) = view.part(message, Role::Trailer) else { return Vec::new() };
    let bytes = view.bytes(span);
    let pair = |field: super::head::Header| {
        Some((bytes.get(field.name)?, bytes.get(field.value)?.trim_ascii()))
    };
    Headers::trailer(bytes).filter_map(pair).collect()
}

/// Why a message is not whole.
const fn short(ended: Ended, is_cut: bool) -> Option<Short> {
    match ended {
        Ended::Whole if is_cut => Some(Short::Missing),
        Ended::Whole => None,
        Ended::InHead | Ended::Hole => Some(Short::Missing),
        Ended::Closed => Some(Short::Closed),
        Ended::Reset => Some(Short::Reset),
        Ended::Cut => Some(Short::Cut),
        Ended::Broken => Some(Short::Broken),
    }
}
