//! Records as Kafka stores and sends them (Kafka's protocol guide, "Record Batch" and "Message
//! Set").
//!
//! ```text
//!   first offset 8 | length 4 | epoch 4 | 2 | checksum 4 | attributes 2 | last offset 4 | times 16
//!   producer 8, epoch 2, first number 4 | count 4 | records, together compressed or not
//!   length | attributes 1 | time | offset | key | value | headers             all numbers zigzag
//!
//!   offset 8 | size 4 | checksum 4 | 0 or 1 | attributes 1 | time 8, of 1 | key | value
//! ```

use super::describe::signed;
use super::fields as f;
use crate::bytes::{Reader, Short};
use crate::engine::derive::{Coding, decode};
use crate::field::{FieldId, Value};
use crate::protocols::values::{bits, bytes, number};
use crate::sink::Sink;
use crate::span::Span;

/// Where the form stands, in every form.
const MAGIC_AT: usize = 16;
/// The bits of the attributes that say how records are compressed.
const CODEC: u64 = 0x07;
/// Bytes that come out of compressed records and count as much as a record that is told.
const DECODED_AS_ONE: usize = 1 << 10;

/// Tells batches or messages up to the end, at most so many records. The last may be cut: a broker
/// sends as many bytes as were asked for.
pub(super) fn describe(mut reader: Reader<'_>, left: &mut usize, sink: &mut dyn Sink) {
    while let Some(magic) = reader.rest().get(MAGIC_AT).copied() {
        if sink.is_done() || *left == 0 || magic > 2 {
            return;
        }
        sink.open(f::BATCH, Value::None, reader.span());
        let told = batch(magic, &mut reader, left, sink);
        sink.close();
        if told.is_err() {
            return;
        }
    }
}

fn batch(
    magic: u8,
    reader: &mut Reader<'_>,
    left: &mut usize,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    signed(f::OFFSET, 8, reader, sink)?;
    let len = signed(f::MESSAGE_SIZE, 4, reader, sink)?;
    let len = usize::try_from(len).unwrap_or(0).min(reader.len());
    let mut inside = reader.sub(len, "A batch of records")?;
    match magic {
        2 => records(&mut inside, left, sink),
        _ => message(magic, &mut inside, left, sink),
    }
}

fn message(
    magic: u8,
    reader: &mut Reader<'_>,
    left: &mut usize,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    *left = left.saturating_sub(1);
    number(f::MESSAGE_CRC, 4, reader, sink)?;
    signed(f::MAGIC, 1, reader, sink)?;
    let (attributes, place) = reader.number(1, "Attributes")?;
    bits(f::CODEC, attributes, place, sink);
    if magic == 1 {
        time(f::TIMESTAMP, reader, sink)?;
    }
    for field in [f::KEY, f::VALUE] {
        let (len, _) = reader.u32(field.def().title)?;
        // All ones stand for none.
        if len != u32::MAX {
            bytes(field, len as usize, reader, sink)?;
        }
    }
    Ok(())
}

fn records(reader: &mut Reader<'_>, left: &mut usize, sink: &mut dyn Sink) -> Result<(), Short> {
    signed(f::LEADER_EPOCH, 4, reader, sink)?;
    signed(f::MAGIC, 1, reader, sink)?;
    number(f::BATCH_CRC, 4, reader, sink)?;
    let (attributes, place) = reader.number(2, "Attributes")?;
    for field in [f::BATCH_CODEC, f::IS_TRANSACTIONAL, f::IS_CONTROL] {
        bits(field, attributes, place, sink);
    }
    number(f::LAST_DELTA, 4, reader, sink)?;
    let first = time(f::FIRST_TIME, reader, sink)?;
    time(f::LAST_TIME, reader, sink)?;
    signed(f::PRODUCER_ID, 8, reader, sink)?;
    signed(f::PRODUCER_EPOCH, 2, reader, sink)?;
    signed(f::BASE_SEQUENCE, 4, reader, sink)?;
    let count = number(f::BATCH_SIZE, 4, reader, sink)?;
    if attributes & CODEC == 0 {
        return several((count, first), reader, left, sink);
    }
    let len = reader.len();
    if len == 0 {
        return Ok(());
    }
    let (coded, place) = reader.take(len, f::COMPRESSED.def().title)?;
    sink.open(f::COMPRESSED, Value::Bytes(coded), place);
    if let Some(coding) = coding(attributes & CODEC) {
        let plain = decode(coding, coded);
        // What takes long to undo costs as much as what takes long to tell.
        *left = left.saturating_sub(plain.len() / DECODED_AS_ONE);
        // The places of what comes out are in no frame.
        let mut inside = Reader::new(&plain, Span { len: plain.len() as u32, ..Span::NONE });
        // Damaged ones end early.
        let _ = several((count, first), &mut inside, left, sink);
    }
    sink.close();
    Ok(())
}

/// How records are compressed, where that is undone here: Snappy and LZ4 are not.
const fn coding(codec: u64) -> Option<Coding> {
    match codec {
        1 => Some(Coding::Gzip),
        4 => Some(Coding::Zstd),
        _ => None,
    }
}

/// So many records, whose times count from the first one.
fn several(
    (count, first): (u64, i64),
    reader: &mut Reader<'_>,
    left: &mut usize,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    for _ in 0..count {
        *left = left.saturating_sub(1);
        if *left == 0 || sink.is_done() {
            break;
        }
        sink.open(f::RECORD, Value::None, reader.span());
        let told = record(first, reader, sink);
        sink.close();
        told?;
    }
    Ok(())
}

fn record(first: i64, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let (len, _) = zigzag(reader)?;
    let mut inside = reader.sub(usize::try_from(len).unwrap_or(0), "A record")?;
    let reader = &mut inside;
    reader.u8("Attributes")?;
    let (later, place) = zigzag(reader)?;
    let time = first.saturating_add(later).saturating_mul(NANOS);
    sink.field(f::TIMESTAMP, Value::Nanos(time), place);
    let (offset, place) = zigzag(reader)?;
    sink.field(f::OFFSET_DELTA, Value::Signed(offset), place);
    counted(f::KEY, reader, sink)?;
    counted(f::VALUE, reader, sink)?;
    let (headers, _) = zigzag(reader)?;
    for _ in 0..headers {
        if reader.is_empty() || sink.is_done() {
            break;
        }
        counted(f::HEADER_KEY, reader, sink)?;
        counted(f::HEADER_VALUE, reader, sink)?;
    }
    Ok(())
}

/// Nanoseconds in a millisecond, by which Kafka counts.
const NANOS: i64 = 1_000_000;

/// A time in milliseconds since 1970; gives them back.
fn time(field: FieldId, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<i64, Short> {
    let (millis, place) = reader.number(8, field.def().title)?;
    let millis = millis as i64;
    sink.field(field, Value::Nanos(millis.saturating_mul(NANOS)), place);
    Ok(millis)
}

/// Bytes behind their length, which is -1 for none.
fn counted(field: FieldId, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let (len, _) = zigzag(reader)?;
    match usize::try_from(len) {
        Ok(len) => bytes(field, len, reader, sink).map(drop),
        Err(_) => Ok(()),
    }
}

/// A signed number of as many bytes as it takes, seven bits in each, the lowest first; its last bit
/// is its sign.
fn zigzag(reader: &mut Reader<'_>) -> Result<(i64, Span), Short> {
    /// Bytes that 64 bits take.
    const LONGEST: usize = 10;
    let goes_on = |byte: &&u8| **byte & 0x80 != 0;
    let len = reader.rest().iter().take(LONGEST - 1).take_while(goes_on).count() + 1;
    let (bytes, place) = reader.take(len, "A number")?;
    let number = bytes.iter().rev().fold(0, |sum: u64, byte| sum << 7 | u64::from(byte & 0x7f));
    Ok(((number >> 1) as i64 ^ -((number & 1) as i64), place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_sign_at_the_end() {
        let check = |bytes: &[u8], expected: Option<i64>| {
            let place = Span { len: bytes.len() as u32, ..Span::NONE };
            let read = zigzag(&mut Reader::new(bytes, place)).ok();
            assert_eq!(read.map(|(number, _)| number), expected, "{bytes:02x?}");
        };
        check(&[0], Some(0));
        check(&[1], Some(-1));
        check(&[2], Some(1));
        check(&[0xac, 2], Some(150));
        check(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], Some(i64::MIN));
        check(&[0x80], None);
        check(&[], None);
    }
}
