//! Frames that other standards than RFC 9113 add.

use super::f;
use super::{exact, rest};
use crate::bytes::{Reader, Short};
use crate::field::Value;
use crate::sink::Sink;

/// Where else the same can be had (RFC 7838, section 4).
pub(super) fn altsvc(body: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let (len, place) = body.u16("the length of the origin")?;
    sink.field(f::ALTSVC_ORIGIN_LENGTH, Value::Unsigned(len.into()), place);
    let (origin, place) = body.take(len.into(), "the length of the origin")?;
    if !origin.is_empty() {
        sink.field(f::ALTSVC_ORIGIN, Value::text(origin), place);
    }
    if !body.is_empty() {
        sink.field(f::ALTSVC_VALUE, Value::text(body.rest()), body.span());
    }
    Ok(())
}

/// For which origins the server speaks (RFC 8336, section 2.1).
pub(super) fn origins(body: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    while !body.is_empty() {
        let whole = body.span();
        let (len, place) = body.u16("the length of an origin")?;
        let (origin, text) = body.take(len.into(), "the length of an origin")?;
        sink.open(f::ORIGIN, Value::None, whole.part(0, 2 + origin.len()));
        sink.field(f::ORIGIN_LENGTH, Value::Unsigned(len.into()), place);
        sink.field(f::ORIGIN_TEXT, Value::text(origin), text);
        sink.close();
    }
    Ok(())
}

/// How urgent a stream is (RFC 9218, section 7.1).
pub(super) fn priority_update(body: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    exact(body, 4, "the prioritized stream", &[f::PRIORITY_STREAM], sink)?;
    if body.is_empty() {
        return Ok(());
    }
    match std::str::from_utf8(body.rest()) {
        Ok(text) => sink.field(f::PRIORITY_VALUE, Value::Text(text), body.span()),
        Err(_) => rest(body, f::UNKNOWN, sink),
    }
    Ok(())
}
