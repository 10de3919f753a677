//! Says what encoders and decoders tell each other (RFC 9204, sections 4.3 and 4.4).

use super::f;
use crate::bytes::{Reader, Short};
use crate::field::{FieldId, Value};
use crate::protocols::http3::qpack::{Decoding, Instruction, acknowledgements, instructions};
use crate::protocols::multiplexed::Written;
use crate::sink::Sink;

/// Instructions of an encoder.
pub(super) fn encoder(reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let (all, _) = instructions(reader.rest());
    sink.open(f::ENCODER, Value::Bytes(reader.rest()), reader.span());
    let inserts = all.iter().filter(|(one, _)| !matches!(one, Instruction::Capacity(_))).count();
    let whole = reader.span();
    sink.field(f::ENCODER_COUNT, Value::Unsigned(inserts as u64), whole);
    let mut start = 0;
    for (instruction, end) in all {
        let place = whole.part(start, end - start);
        let bytes = reader.rest().get(start..end).unwrap_or_default();
        let mut text = |plain: FieldId, coded: FieldId, written: &Written| {
            let bytes = reader.rest().get(written.place.clone()).unwrap_or_default();
            let place = whole.part(written.place.start, written.place.len());
            if written.coded {
                sink.field(coded, Value::Bytes(bytes), place);
            } else {
                sink.field(plain, Value::text(bytes), place);
            }
        };
        match &instruction {
            Instruction::Literal(name, value) => {
                text(f::INSERT_NAME, f::INSERT_CODED_NAME, name);
                text(f::INSERT_VALUE, f::INSERT_CODED_VALUE, value);
                sink.field(f::INSERT, Value::Bytes(bytes), place);
            }
            Instruction::FixedName(index, value) | Instruction::TableName(index, value) => {
                text(f::INSERTED_VALUE, f::INSERTED_CODED, value);
                sink.field(f::FIXED_NAME, Value::Bytes(bytes), place);
                sink.field(f::FIXED_NAME_INDEX, Value::Unsigned(*index), place);
            }
            Instruction::Duplicate(_) => sink.field(f::DUPLICATE, Value::Bytes(bytes), place),
            Instruction::Capacity(capacity) => {
                sink.field(f::CAPACITY, Value::Bytes(bytes), place);
                sink.field(f::CAPACITY_VALUE, Value::Unsigned(*capacity), place);
            }
        }
        start = end;
    }
    sink.close();
    Ok(())
}

/// What a decoder says.
pub(super) fn decoder(reader: Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let (all, _) = acknowledgements(reader.rest());
    sink.open(f::DECODER, Value::Bytes(reader.rest()), reader.span());
    let mut start = 0;
    for (one, end) in all {
        let place = reader.span().part(start, end - start);
        let (field, number) = match one {
            Decoding::Acknowledged(stream) => (f::SECTION_ACK, stream),
            Decoding::Cancelled(stream) => (f::CANCEL, stream),
            Decoding::Increment(more) => (f::INCREMENT, more),
        };
        sink.field(field, Value::Unsigned(number), place);
        start = end;
    }
    sink.close();
    Ok(())
}
