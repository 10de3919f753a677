//! Descriptions of types as they travel: a `FileDescriptorProto` for each file, which a server
//! hands out to who asks what it offers (gRPC Server Reflection; google/protobuf/descriptor.proto).
//!
//! ```text
//!   file     2 package   4 messages   5 enumerations   6 services
//!   message  1 name      2 fields     3 messages       4 enumerations
//!   field    1 name      3 number     5 type           6 the name of that, where it has one
//!   service  1 name      2 methods:  1 name   2 asks with   3 is answered with
//! ```

use super::wire::{Held, entries};
use crate::limits::MAX_PROTOBUF_DEPTH;
use crate::maps::FastMap;
use crate::schema::{Field, FieldType, MessageType, Origin, Schema};

/// Types that descriptions on one connection may have: large services have some hundreds.
const MAX_DESCRIBED_TYPES: usize = 1 << 12;

/// What these files describe; of two types of one name the first counts.
pub(in crate::protocols) fn schema<'a>(files: impl Iterator<Item = &'a [u8]>) -> Schema {
    let mut found = Found::default();
    for file in files {
        let package = text(file, 2).unwrap_or_default();
        inside(file, 5, |bytes| found.enumeration(package, bytes));
        inside(file, 4, |bytes| found.message(package, bytes, 0));
        inside(file, 6, |bytes| found.services.push((package, bytes)));
    }
    found.schema()
}

/// The names of an enumeration, by number.
type Names = Box<[(i32, Box<str>)]>;

/// Types by their names, before it is known which names there are.
#[derive(Default)]
struct Found<'a> {
    messages: Vec<(String, &'a [u8])>,
    numbers: FastMap<String, usize>,
    enumerations: FastMap<String, Names>,
    services: Vec<(&'a str, &'a [u8])>,
}

impl<'a> Found<'a> {
    fn message(&mut self, around: &str, bytes: &'a [u8], depth: usize) {
        let Some(name) = text(bytes, 1) else { return };
        let name = joined(around, name);
        let is_full = self.messages.len() >= MAX_DESCRIBED_TYPES;
        if is_full || depth >= MAX_PROTOBUF_DEPTH || self.numbers.contains_key(&name) {
            return;
        }
        self.numbers.insert(name.clone(), self.messages.len());
        inside(bytes, 4, |bytes| self.enumeration(&name, bytes));
        self.messages.push((name.clone(), bytes));
        inside(bytes, 3, |bytes| self.message(&name, bytes, depth + 1));
    }

    fn enumeration(&mut self, around: &str, bytes: &[u8]) {
        let Some(name) = text(bytes, 1) else { return };
        if self.enumerations.len() >= MAX_DESCRIBED_TYPES {
            return;
        }
        let mut values = Vec::new();
        inside(bytes, 2, |value| {
            if let Some(name) = text(value, 1)
                && values.len() < MAX_DESCRIBED_TYPES
            {
                values.push((number(value, 2).unwrap_or(0) as i32, name.into()));
            }
        });
        self.enumerations.entry(joined(around, name)).or_insert(values.into());
    }

    fn schema(self) -> Schema {
        let mut schema = Schema { origin: Origin::Reflected, ..Schema::default() };
        for (name, bytes) in &self.messages {
            let mut fields = Vec::new();
            inside(bytes, 2, |bytes| fields.extend(self.field(bytes)));
            fields.sort_by_key(|field: &Field| field.number);
            schema.messages.push(MessageType { name: name.as_str().into(), fields });
        }
        for (package, bytes) in &self.services {
            let Some(name) = text(bytes, 1) else { continue };
            let service = joined(package, name);
            inside(bytes, 2, |method| {
                let types = [2, 3].map(|number| text(method, number).and_then(|it| self.of(it)));
                if let (Some(name), [Some(asks), Some(answers)]) = (text(method, 1), types) {
                    let path = format!("/{service}/{name}").into_bytes();
                    schema.calls.insert(path.into(), [asks, answers]);
                }
            });
        }
        schema
    }

    /// The number of a message by its whole name, which begins with a dot.
    fn of(&self, name: &str) -> Option<usize> {
        self.numbers.get(name.strip_prefix('.').unwrap_or(name)).copied()
    }

    fn field(&self, bytes: &[u8]) -> Option<Field> {
        let kind = text(bytes, 6);
        let holds = match number(bytes, 5)? {
            1 => FieldType::Double,
            2 => FieldType::Float,
            3 | 5 => FieldType::Int,
            4 | 13 => FieldType::Unsigned,
            6 | 7 => FieldType::Fixed,
            8 => FieldType::Bool,
            9 => FieldType::Text,
            11 => kind.and_then(|name| self.of(name)).map_or(FieldType::Bytes, FieldType::Message),
            14 => {
                let name = kind.map(|name| name.strip_prefix('.').unwrap_or(name));
                let values = name.and_then(|name| self.enumerations.get(name));
                values.map_or(FieldType::Int, |values| FieldType::Enum(values.clone()))
            }
            15 | 16 => FieldType::SignedFixed,
            17 | 18 => FieldType::ZigZag,
            _ => FieldType::Bytes,
        };
        let number = u32::try_from(number(bytes, 3)?).ok()?;
        Some(Field { number, name: text(bytes, 1)?.into(), holds })
    }
}

/// A name in what it stands in.
fn joined(around: &str, name: &str) -> String {
    if around.is_empty() { name.to_owned() } else { format!("{around}.{name}") }
}

/// The texts, or the messages, of a field.
fn inside<'a>(bytes: &'a [u8], number: u32, mut each: impl FnMut(&'a [u8])) {
    for entry in entries(bytes).filter(|entry| entry.number == number) {
        if let Held::Bytes(bytes) = entry.held {
            each(bytes);
        }
    }
}

fn text(bytes: &[u8], number: u32) -> Option<&str> {
    let mut found = None;
    inside(bytes, number, |bytes| found = std::str::from_utf8(bytes).ok());
    found
}

fn number(bytes: &[u8], number: u32) -> Option<u64> {
    entries(bytes).filter(|entry| entry.number == number).find_map(|entry| match entry.held {
        Held::Varint(number) => Some(number),
        _ => None,
    })
}

#[cfg(test)]
pub(in crate::protocols) mod tests {
    use super::*;

    /// A field with a length, of one byte or of two.
    pub(in crate::protocols) fn held(number: u8, bytes: &[u8]) -> Vec<u8> {
        let len = match bytes.len() {
            len @ ..0x80 => vec![len as u8],
            len => vec![len as u8 | 0x80, (len >> 7) as u8],
        };
        [&[number << 3 | 2][..], &len, bytes].concat()
    }

    fn field(name: &str, number: u8, kind: u8, of: &str) -> Vec<u8> {
        let numbers = [3 << 3, number, 5 << 3, kind];
        let of = if of.is_empty() { Vec::new() } else { held(6, of.as_bytes()) };
        held(2, &[held(1, name.as_bytes()), numbers.to_vec(), of].concat())
    }

    /// Package `shop`: an order of an item and a size, answered with nothing; `/shop.Shop/Buy`. In
    /// two files, the second of which is the service.
    pub(in crate::protocols) fn files() -> [Vec<u8>; 2] {
        let value = held(2, &[held(1, b"SMALL"), vec![2 << 3, 1]].concat());
        let size = held(4, &[held(1, b"Size"), value].concat());
        let inner = held(3, &[held(1, b"Note"), field("said", 1, 9, "")].concat());
        let fields = [
            field("item", 1, 9, ""),
            field("size", 2, 14, ".shop.Order.Size"),
            field("note", 3, 11, ".shop.Order.Note"),
        ];
        let order = held(4, &[held(1, b"Order"), fields.concat(), inner, size].concat());
        let nothing = held(4, &held(1, b"Nothing"));
        let method = [held(1, b"Buy"), held(2, b".shop.Order"), held(3, b".shop.Nothing")];
        let service = held(6, &[held(1, b"Shop"), held(2, &method.concat())].concat());
        let types = [held(1, b"a.proto"), held(2, b"shop"), order, nothing].concat();
        [types, [held(1, b"b.proto"), held(2, b"shop"), service].concat()]
    }

    #[test]
    fn types_and_calls_are_described_across_files() {
        let files = files();
        let schema = schema(files.iter().map(Vec::as_slice));
        let names: Vec<&str> = schema.messages.iter().map(|kind| &*kind.name).collect();
        assert_eq!(names, ["shop.Order", "shop.Order.Note", "shop.Nothing"]);
        assert_eq!(schema.calls[&b"/shop.Shop/Buy"[..]], [0, 2]);
        let order = &schema.messages[0];
        let fields: Vec<&str> = order.fields.iter().map(|field| &*field.name).collect();
        assert_eq!(fields, ["item", "size", "note"]);
        assert_eq!(order.field(2).unwrap().holds, FieldType::Enum([(1, "SMALL".into())].into()));
        assert_eq!(order.field(3).unwrap().holds, FieldType::Message(1));
        assert_eq!(schema.origin, Origin::Reflected);
    }

    #[test]
    fn what_is_no_description_describes_nothing() {
        for bytes in [&b""[..], b"\xff", b"\x22\x02\x0a", b"\x22\x03\x0a\x01\xff"] {
            assert_eq!(schema([bytes].into_iter()).messages, []);
        }
    }
}
