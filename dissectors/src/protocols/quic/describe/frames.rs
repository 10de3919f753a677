//! Says what frames hold, field by field (RFC 9000, section 19).

use super::super::fields as f;
use super::super::frame::{FIN, HAS_LENGTH, HAS_OFFSET, kind};
use super::variable;
use crate::bytes::{Reader, Short};
use crate::field::{FieldId, Value};
use crate::protocols::quic::limits::MAX_QUIC_FRAMES;
use crate::protocols::values::{bits, bytes, number as fixed};
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// Describes all frames of a packet.
pub(super) fn describe(mut reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let mut frames = 0;
    while !reader.is_empty() && !sink.is_done() {
        frames += 1;
        if frames > MAX_QUIC_FRAMES {
            let text = format_args!("more frames than are read");
            sink.note(Severity::Missing, reader.span(), text);
            break;
        }
        let start = reader.span();
        sink.open(f::FRAME, Value::Text(name(reader)), start);
        let told = one(&mut reader, sink);
        sink.close();
        told?;
    }
    Ok(())
}

/// What the next frame is called.
fn name(mut reader: Reader<'_>) -> &'static str {
    let kind = crate::protocols::varint::varint(&mut reader, "the frame's type");
    let name = kind.ok().and_then(|(kind, _)| f::FRAME_TYPE.def().name_of(kind));
    name.unwrap_or("Unknown frame")
}

fn one(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let start = *reader;
    let kind = variable(f::FRAME_TYPE, reader, sink)?;
    let flags = start.span().part(0, start.len() - reader.len());
    let last_byte = flags.from((flags.len as usize).saturating_sub(1));
    let mut numbers = |fields: &[FieldId], sink: &mut dyn Sink| {
        fields.iter().try_for_each(|field| variable(*field, reader, sink).map(|_| ()))
    };
    match kind {
        kind::PADDING => {
            let len = reader.rest().iter().position(|byte| *byte != 0).unwrap_or(reader.len());
            let (_, place) = reader.take(len, "padding")?;
            let whole = start.span().part(0, 1 + place.len as usize);
            sink.field(f::PADDING, Value::Unsigned(1 + len as u64), whole);
            Ok(())
        }
        kind::ACK | kind::ACK_ECN => ack(kind, reader, sink),
        kind::RESET_STREAM => numbers(&[f::RESET_STREAM, f::RESET_CODE, f::RESET_SIZE], sink),
        kind::RESET_STREAM_AT => {
            numbers(&[f::RESET_STREAM, f::RESET_CODE, f::RESET_SIZE, f::RELIABLE_SIZE], sink)
        }
        kind::STOP_SENDING => numbers(&[f::STOP_STREAM, f::STOP_CODE], sink),
        kind::CRYPTO => {
            numbers(&[f::CRYPTO_OFFSET], sink)?;
            let len = variable(f::CRYPTO_LENGTH, reader, sink)?;
            let (_, place) =
                reader.take(usize::try_from(len).unwrap_or(usize::MAX), "its bytes")?;
            sink.field(f::CRYPTO_DATA, Value::None, place);
            Ok(())
        }
        kind::NEW_TOKEN => counted(f::NEW_TOKEN_LENGTH, f::NEW_TOKEN, reader, sink),
        kind::STREAM..=kind::LAST_STREAM => stream(kind, last_byte, reader, sink),
        kind::MAX_DATA => numbers(&[f::MAX_DATA], sink),
        kind::MAX_STREAM_DATA => numbers(&[f::MAX_STREAM, f::MAX_STREAM_DATA], sink),
        kind::MAX_STREAMS_BIDI | kind::MAX_STREAMS_UNI => numbers(&[f::MAX_STREAMS], sink),
        kind::DATA_BLOCKED => numbers(&[f::BLOCKED], sink),
        kind::STREAM_DATA_BLOCKED => numbers(&[f::STREAM_BLOCKED, f::BLOCKED], sink),
        kind::STREAMS_BLOCKED_BIDI | kind::STREAMS_BLOCKED_UNI => {
            numbers(&[f::STREAMS_BLOCKED], sink)
        }
        kind::NEW_CONNECTION_ID => {
            numbers(&[f::ID_SEQUENCE, f::ID_RETIRE], sink)?;
            let len = fixed(f::ID_LENGTH, 1, reader, sink)? as usize;
            bytes(f::ID, len, reader, sink)?;
            bytes(f::ID_TOKEN, 16, reader, sink).map(|_| ())
        }
        kind::RETIRE_CONNECTION_ID => numbers(&[f::RETIRE_SEQUENCE], sink),
        kind::PATH_CHALLENGE => bytes(f::CHALLENGE, 8, reader, sink).map(|_| ()),
        kind::PATH_RESPONSE => bytes(f::RESPONSE, 8, reader, sink).map(|_| ()),
        kind::CLOSE | kind::CLOSE_APP => close(kind, reader, sink),
        kind::DATAGRAM => rest(f::DATAGRAM, reader, sink),
        kind::DATAGRAM_LEN => counted(f::DATAGRAM_LENGTH, f::DATAGRAM, reader, sink),
        kind::ACK_FREQUENCY => numbers(
            &[
                f::FREQUENCY_SEQUENCE,
                f::FREQUENCY_THRESHOLD,
                f::FREQUENCY_DELAY,
                f::FREQUENCY_REORDERING,
            ],
            sink,
        ),
        kind::PING | kind::HANDSHAKE_DONE | kind::IMMEDIATE_ACK => Ok(()),
        _ => {
            let (_, place) = reader.take(reader.len(), "the rest")?;
            sink.field(f::UNKNOWN_FRAME, Value::None, place);
            Ok(())
        }
    }
}

/// A length, and as many bytes.
fn counted(
    length: FieldId,
    field: FieldId,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let len = variable(length, reader, sink)?;
    bytes(field, usize::try_from(len).unwrap_or(usize::MAX), reader, sink).map(|_| ())
}

/// All that is left.
fn rest(field: FieldId, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let len = reader.len();
    bytes(field, len, reader, sink).map(|_| ())
}

fn ack(kind: u64, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    variable(f::ACK_LARGEST, reader, sink)?;
    variable(f::ACK_DELAY, reader, sink)?;
    let count = variable(f::ACK_COUNT, reader, sink)?;
    variable(f::ACK_FIRST, reader, sink)?;
    for _ in 0..count {
        variable(f::ACK_GAP, reader, sink)?;
        variable(f::ACK_RANGE, reader, sink)?;
    }
    if kind == kind::ACK_ECN {
        for field in [f::ACK_ECT0, f::ACK_ECT1, f::ACK_CE] {
            variable(field, reader, sink)?;
        }
    }
    Ok(())
}

fn stream(
    kind: u64,
    flags: Span,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    for (field, bit) in
        [(f::STREAM_FIN, FIN), (f::STREAM_LEN, HAS_LENGTH), (f::STREAM_OFF, HAS_OFFSET)]
    {
        debug_assert_eq!(field.def().mask, bit, "the bits of the type");
        bits(field, kind, flags, sink);
    }
    let before = *reader;
    let stream = variable(f::STREAM_ID, reader, sink)?;
    let place = before.span().part(0, before.len() - reader.len());
    sink.field(f::STREAM_INITIATOR, Value::Unsigned(stream & 1), place);
    sink.field(f::STREAM_DIRECTION, Value::Unsigned(stream >> 1 & 1), place);
    if kind & HAS_OFFSET != 0 {
        variable(f::STREAM_OFFSET, reader, sink)?;
    }
    let len = match kind & HAS_LENGTH {
        0 => reader.len(),
        _ => {
            let len = variable(f::STREAM_LENGTH, reader, sink)?;
            usize::try_from(len).unwrap_or(usize::MAX)
        }
    };
    if len > 0 {
        bytes(f::STREAM_DATA, len, reader, sink)?;
    }
    Ok(())
}

/// Codes from 0x100 on are alerts of TLS (RFC 9000, section 20.1).
fn close(kind: u64, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    if kind == kind::CLOSE_APP {
        variable(f::CLOSE_APP, reader, sink)?;
    } else {
        let before = *reader;
        let code = variable(f::CLOSE_CODE, reader, sink)?;
        if code >> 8 == 1 {
            let place = before.span().part(0, before.len() - reader.len());
            sink.field(f::CLOSE_ALERT, Value::Unsigned(code & 0xff), place);
        }
        variable(f::CLOSE_FRAME, reader, sink)?;
    }
    let len = variable(f::CLOSE_LENGTH, reader, sink)?;
    let (text, place) = reader.take(usize::try_from(len).unwrap_or(usize::MAX), "the reason")?;
    if !text.is_empty() {
        sink.field(f::CLOSE_REASON, Value::text(text), place);
    }
    Ok(())
}
