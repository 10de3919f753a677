//! Properties of MQTT 5.0 (section 2.2.2): a byte that says which, and a value whose kind follows
//! from it.

use super::wire;
use crate::bytes::{Reader, Short};
use crate::field::{FieldId, Value};
use crate::protocols::values;
use crate::sink::Sink;

/// Tells all properties of a packet.
pub(super) fn properties(
    group: FieldId,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let whole = reader.span();
    let (len, place) = wire::take_length(reader)?;
    let mut list = reader.sub(len as usize, "The properties")?;
    sink.open(group, Value::None, whole.part(0, place.len as usize + len as usize));
    sink.field(super::PROPERTY_LEN, Value::Unsigned(len.into()), place);
    let mut told = Ok(());
    while told.is_ok() && !list.is_empty() && !sink.is_done() {
        told = property(&mut list, sink);
    }
    sink.close();
    told
}

fn property(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let id = values::number(super::PROPERTY_ID, 1, reader, sink)?;
    match id {
        0x01 | 0x17 | 0x19 | 0x25 | 0x28..=0x2a => number(1, reader, sink),
        0x13 | 0x21 | 0x22 => number(2, reader, sink),
        0x02 | 0x11 | 0x18 | 0x27 => number(4, reader, sink),
        0x0b => {
            let (value, place) = wire::take_length(reader)?;
            sink.field(super::PROP_NUMBER, Value::Unsigned(value.into()), place);
            Ok(())
        }
        0x23 => values::number(super::TOPIC_ALIAS, 2, reader, sink).map(|_| ()),
        0x24 => values::number(super::MAX_QOS, 1, reader, sink).map(|_| ()),
        0x03 => {
            let (len, _) = reader.u16("The content type")?;
            values::bytes(super::CONTENT_TYPE, len.into(), reader, sink).map(|_| ())
        }
        0x08 | 0x09 | 0x12 | 0x15 | 0x16 | 0x1a | 0x1c | 0x1f => {
            text(super::PROP_STRING_LEN, super::PROP_STRING, reader, sink)
        }
        0x26 => {
            text(super::PROP_KEY_LEN, super::PROP_KEY, reader, sink)?;
            text(super::PROP_VALUE_LEN, super::PROP_VALUE, reader, sink)
        }
        // Nobody knows how long it is.
        _ => values::bytes(super::PROP_UNKNOWN, reader.len(), reader, sink).map(|_| ()),
    }
}

fn number(width: usize, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    values::number(super::PROP_NUMBER, width, reader, sink).map(|_| ())
}

fn text(
    length: FieldId,
    field: FieldId,
    reader: &mut Reader<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Short> {
    let len = values::number(length, 2, reader, sink)?;
    values::bytes(field, len as usize, reader, sink).map(|_| ())
}
