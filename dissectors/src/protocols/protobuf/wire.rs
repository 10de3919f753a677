//! The wire format of Protocol Buffers: fields by number, each with a tag that says how long its
//! value is. There is no RFC; the format is described in "Encoding" of its project.
//!
//! ```text
//!   tag                    value
//!   number << 3 | type     0  varint: seven bits a byte, the lowest first, while the top bit is set
//!                          1  eight bytes     5  four bytes
//!                          2  a length as varint, then so many bytes
//!                          3, 4  begin and end of a group, which nobody writes any more
//! ```

use std::fmt::Write;
use std::ops::Range;

use super::meant::Meant;
use crate::limits::MAX_PROTOBUF_DEPTH;
use crate::schema::Typed;

/// The highest number that a field may have.
const MAX_NUMBER: u64 = (1 << 29) - 1;
/// A varint of 64 bits takes so many bytes at most.
const MAX_VARINT: usize = 10;

/// What a field holds, as far as the wire tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocols) enum Held<'a> {
    /// A number, a boolean, an enumeration.
    Varint(u64),
    /// Eight bytes: a number or a double.
    Fixed64(u64),
    /// Text, bytes, a message, or many numbers.
    Bytes(&'a [u8]),
    /// Four bytes: a number or a float.
    Fixed32(u32),
    /// A group begins or ends.
    Group,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::protocols) struct Entry<'a> {
    /// Its number.
    pub(in crate::protocols) number: u32,
    /// How its value is written.
    pub(super) wire_type: u8,
    pub(in crate::protocols) held: Held<'a>,
    /// Where its tag lies, its length where it has one, and its value.
    pub(super) tag: Range<usize>,
    pub(super) length: Option<Range<usize>>,
    pub(super) value: Range<usize>,
}

/// The fields of a message; it ends with `None` behind the last, or with the place that no field
/// begins at.
pub(in crate::protocols) struct Entries<'a> {
    bytes: &'a [u8],
    at: usize,
    broken: bool,
}

/// The fields of a message.
pub(in crate::protocols) const fn entries(bytes: &[u8]) -> Entries<'_> {
    Entries { bytes, at: 0, broken: false }
}

impl<'a> Entries<'a> {
    fn varint(&mut self) -> Option<(u64, Range<usize>)> {
        let rest = self.bytes.get(self.at..)?;
        let mut number = 0u64;
        for (place, byte) in rest.iter().take(MAX_VARINT).enumerate() {
            number |= u64::from(byte & 0x7f).checked_shl(7 * place as u32)?;
            if byte & 0x80 == 0 {
                let from = self.at;
                self.at += place + 1;
                return Some((number, from..self.at));
            }
        }
        None
    }

    fn take(&mut self, len: usize) -> Option<(&'a [u8], Range<usize>)> {
        let end = self.at.checked_add(len)?;
        let range = self.at..end;
        let bytes = self.bytes.get(range.clone())?;
        self.at = end;
        Some((bytes, range))
    }

    fn entry(&mut self) -> Option<Entry<'a>> {
        let (tag, place) = self.varint()?;
        let number = tag >> 3;
        if number == 0 || number > MAX_NUMBER {
            return None;
        }
        let wire_type = (tag & 7) as u8;
        let mut length = None;
        let (held, value) = match wire_type {
            0 => {
                let (number, value) = self.varint()?;
                (Held::Varint(number), value)
            }
            1 => {
                let (bytes, value) = self.take(8)?;
                (Held::Fixed64(u64::from_le_bytes(*bytes.first_chunk()?)), value)
            }
            2 => {
                let (len, place) = self.varint()?;
                length = Some(place);
                let (bytes, value) = self.take(usize::try_from(len).ok()?)?;
                (Held::Bytes(bytes), value)
            }
            3 | 4 => (Held::Group, self.at..self.at),
            5 => {
                let (bytes, value) = self.take(4)?;
                (Held::Fixed32(u32::from_le_bytes(*bytes.first_chunk()?)), value)
            }
            _ => return None,
        };
        Some(Entry { number: number as u32, wire_type, held, tag: place, length, value })
    }

    /// Where reading stopped before the bytes did.
    pub(super) fn broken_at(&self) -> Option<usize> {
        self.broken.then_some(self.at)
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        if self.broken || self.at >= self.bytes.len() {
            return None;
        }
        let from = self.at;
        let entry = self.entry();
        if entry.is_none() {
            (self.at, self.broken) = (from, true);
        }
        entry
    }
}

/// Whether bytes are fields from the first to the last.
pub(in crate::protocols) fn is_message(bytes: &[u8]) -> bool {
    let mut all = entries(bytes);
    let mut open = 0i64;
    for entry in all.by_ref() {
        match entry.wire_type {
            3 => open += 1,
            4 => open -= 1,
            _ => {}
        }
        if open < 0 {
            return false;
        }
    }
    all.broken_at().is_none() && open == 0
}

/// What bytes with a length are most likely: nothing on the wire tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guess<'a> {
    Text(&'a str),
    Message,
    Bytes,
}

impl<'a> Guess<'a> {
    /// Text that can be read is text, for few messages look like it; else what reads as fields is a
    /// message.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        let text = std::str::from_utf8(bytes).ok();
        match text {
            Some(text) if !text.chars().any(char::is_control) => Self::Text(text),
            _ if is_message(bytes) => Self::Message,
            Some(text) if text.chars().all(|it| !it.is_control() || it.is_whitespace()) => {
                Self::Text(text)
            }
            _ => Self::Bytes,
        }
    }
}

/// What a `google.protobuf.Any` holds: the name of a type, and a message of that type. The name
/// stands behind the last slash of an address that nobody need fetch (google/protobuf/any.proto).
pub(super) fn any(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let of = |number| {
        let mut own = entries(bytes).filter(move |entry| entry.number == number);
        match own.next()?.held {
            Held::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    };
    let address = std::str::from_utf8(of(1)?).ok()?;
    let name = address.rsplit('/').next().filter(|name| !name.is_empty())?;
    Some((name, of(2).unwrap_or_default()))
}

/// The first fields of a message in words, and how many more there are: `1: “Ada”, 2: 7`, or with
/// names where its type is known. What is not all fields gives nothing.
pub(in crate::protocols) fn told(
    bytes: &[u8],
    typed: Option<&Typed>,
    most: usize,
) -> Option<String> {
    if bytes.is_empty() || !is_message(bytes) {
        return None;
    }
    let mut said = String::new();
    fields(bytes, typed, (most, 0), &mut said);
    let more = entries(bytes).count().saturating_sub(most);
    if more > 0 {
        // Writing to a string does not fail.
        let _ = write!(said, ", {more} more");
    }
    Some(said)
}

fn fields(bytes: &[u8], typed: Option<&Typed>, (most, depth): (usize, usize), said: &mut String) {
    for (place, entry) in entries(bytes).take(most).enumerate() {
        if place > 0 {
            said.push_str(", ");
        }
        let known = typed.and_then(Typed::message).and_then(|kind| kind.field(entry.number));
        match known {
            Some(known) => said.push_str(&known.name),
            None => {
                // A number and its value would be two numbers.
                let _ = write!(said, "{}:", entry.number);
            }
        }
        said.push(' ');
        let meant = known.and_then(|known| Meant::of(known, entry.held));
        let inner = match (meant, entry.held) {
            (Some(Meant::Message(number)), Held::Bytes(bytes)) => {
                Some((bytes, typed.map(|typed| typed.other(number))))
            }
            (Some(Meant::Bytes(held)), _) if typed.is_some_and(Typed::is_any) => {
                let named = any(bytes).and_then(|(name, _)| typed?.named(name));
                named.map(|named| (held, Some(named)))
            }
            (None, Held::Bytes(bytes)) if Guess::of(bytes) == Guess::Message => Some((bytes, None)),
            _ => None,
        };
        if let Some((bytes, typed)) = inner.filter(|_| depth < MAX_PROTOBUF_DEPTH) {
            said.push('{');
            fields(bytes, typed.as_ref(), (most, depth + 1), said);
            said.push('}');
            continue;
        }
        let meant = meant.unwrap_or_else(|| match entry.held {
            Held::Varint(number) | Held::Fixed64(number) => Meant::Unsigned(number),
            Held::Fixed32(number) => Meant::Unsigned(number.into()),
            Held::Group => Meant::Bytes(b""),
            Held::Bytes(bytes) => match Guess::of(bytes) {
                Guess::Text(_) => Meant::Text(bytes),
                _ => Meant::Bytes(bytes),
            },
        });
        let _ = match entry.held {
            Held::Group => write!(said, "group"),
            _ => write!(said, "{meant}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_are_read_as_the_encoding_page_has_them() {
        // Its example: field 1 is 150.
        let mut all = entries(&[0x08, 0x96, 0x01]);
        let entry = all.next().unwrap();
        assert_eq!((entry.number, entry.held), (1, Held::Varint(150)));
        assert_eq!((all.next(), all.broken_at()), (None, None));
    }

    #[test]
    fn what_is_no_field_ends_reading_where_it_stands() {
        for (bytes, at) in [
            (&[0x08, 1, 0x00][..], 2),
            (&[0x08, 1, 0x0a, 5, b'x'][..], 2),
            (&[0x0f][..], 0),
            (&[0x08, 0x80][..], 0),
            (&[0xff; 11][..], 0),
        ] {
            let mut all = entries(bytes);
            all.by_ref().for_each(drop);
            assert_eq!(all.broken_at(), Some(at), "{bytes:x?}");
            assert!(!is_message(bytes));
        }
    }

    #[test]
    fn a_group_ends_after_it_began() {
        assert!(is_message(&[0x0b, 0x10, 1, 0x0c]));
        assert!(!is_message(&[0x0c, 0x0b]));
        assert!(!is_message(&[0x0b]));
    }

    #[test]
    fn bytes_are_guessed() {
        assert_eq!(Guess::of(b"hello"), Guess::Text("hello"));
        assert_eq!(Guess::of(&[0x08, 1]), Guess::Message);
        assert_eq!(Guess::of(b"a\nb"), Guess::Text("a\nb"));
        assert_eq!(Guess::of(&[0xff, 0]), Guess::Bytes);
    }

    #[test]
    fn fields_are_told_in_words() {
        let bytes =
            [&[0x0a, 3][..], b"Ada", &[0x10, 7, 0x1a, 2, 0x08, 1, 0x25, 9, 0, 0, 0]].concat();
        assert_eq!(told(&bytes, None, 9).unwrap(), "1: “Ada”, 2: 7, 3: {1: 1}, 4: 9");
        assert_eq!(told(&bytes, None, 2).unwrap(), "1: “Ada”, 2: 7, 2 more");
        assert_eq!(told(b"", None, 2), None);
        assert_eq!(told(b"{\"a\": 1}", None, 2), None);
    }

    #[test]
    fn nesting_is_told_up_to_a_bound() {
        let mut bytes = vec![0x08, 1];
        for _ in 0..1_000 {
            let mut outer = vec![0x0a];
            let mut len = bytes.len();
            while len >= 0x80 {
                outer.push(len as u8 | 0x80);
                len >>= 7;
            }
            outer.push(len as u8);
            bytes = [outer, bytes].concat();
        }
        let said = told(&bytes, None, 3).unwrap();
        assert_eq!(said.matches('{').count(), MAX_PROTOBUF_DEPTH);
    }
}
