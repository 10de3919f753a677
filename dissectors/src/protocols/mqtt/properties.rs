//! Properties of MQTT 5.0 (section 2.2.2): a byte that says which, and a value whose kind follows
//! from it.

use super::super as mqtt;
use super::super::wire;
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
    sink.field(mqtt::PROPERTY_LEN, Value::Unsigned(len.into()), place);
    let mut told = Ok(());
    while told.is_ok() && !list.is_empty() && !sink.is_done() {
        told = property(&mut list, sink);
    }
    sink.close();
    told
}

fn property(reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    let id = values::number(mqtt::PROPERTY_ID, 1, reader, sink)?;
    match id {
        0x01 | 0x17 | 0x19 | 0x25 | 0x28..=0x2a => number(1, reader, sink),
        0x13 | 0x21 | 0x22 => number(2, reader, sink),
        0x02 | 0x11 | 0x18 | 0x27 => number(4, reader, sink),
        0x0b => {
            let (value, place) = wire::take_length(reader)?;
            sink.field(mqtt::PROP_NUMBER, Value::Unsigned(value.into()), place);
            Ok(())
        }
        0x23 => values::number(mqtt::TOPIC_ALIAS, 2, reader, sink).map(|_| ()),
        0x24 => values::number(mqtt::MAX_QOS, 1, reader, sink).map(|_| ()),
        0x03 => {
            let (len, _) = reader.u16("The content type")?;
            values::bytes(mqtt::CONTENT_TYPE, len.into(), reader, sink).map(|_| ())
        }
        0x08 | 0x09 | 0x12 | 0x15 | 0x16 | 0x1a | 0x1c | 0x1f => {
            text(mqtt::PROP_STRING_LEN, mqtt::PROP_STRING, reader, sink)
        }
        0x26 => {
            text(mqtt::PROP_KEY_LEN, mqtt::PROP_KEY, reader, sink)?;
            text(mqtt::PROP_VALUE_LEN, mqtt::PROP_VALUE, reader, sink)
        }
        // Nobody knows how long it is.
        _ => values::bytes(mqtt::PROP_UNKNOWN, reader.len(), reader, sink).map(|_| ()),
    }
}

fn number(width: usize, reader: &mut Reader<'_>, sink: &mut dyn Sink) -> Result<(), Short> {
    values::number(mqtt::PROP_NUMBER, width, reader, sink).map(|_| ())
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
