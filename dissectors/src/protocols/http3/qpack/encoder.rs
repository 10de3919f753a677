//! Instructions: what an encoder puts into the table (RFC 9204, section 4.3), and what a decoder
//! says about it (section 4.4).
//!
//! ```text
//!   1 T index… | value        insert with the name of an entry     1 stream…       section acknowledged
//!   01 H length… name | value insert                               01 stream…      stream cancelled
//!   001 capacity…             the table's size from here on        00 increment…   so many inserts heard
//!   000 index…                the same entry again
//! ```

use super::table::Table;
use crate::engine::session::Out;
use crate::protocols::multiplexed::{Cursor, Entry, Fixed, Name, NoShape, Written, literal};
use crate::span::Span;

/// An instruction of an encoder, in offsets from its stream's bytes at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::protocols::http3) enum Instruction {
    /// The table may grow to so many bytes.
    Capacity(u64),
    /// A value with the name of an entry of the fixed table.
    FixedName(u64, Written),
    /// A value with the name of an entry, counted back from the newest.
    TableName(u64, Written),
    /// A name and a value.
    Literal(Written, Written),
    /// An entry again, counted back from the newest.
    Duplicate(u64),
}

/// What a decoder says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocols::http3) enum Decoding {
    /// The section on that stream was read.
    Acknowledged(u64),
    /// Nothing more is read of that stream.
    Cancelled(u64),
    /// So many more inserts were heard.
    Increment(u64),
}

impl Instruction {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, NoShape> {
        let first = cursor.first()?;
        Ok(match first {
            0x80.. => {
                let index = cursor.number(6)?;
                let value = cursor.string(7)?;
                if first & 0x40 == 0 {
                    Self::TableName(index, value)
                } else {
                    Self::FixedName(index, value)
                }
            }
            0x40.. => {
                let name = cursor.string(5)?;
                Self::Literal(name, cursor.string(7)?)
            }
            0x20.. => Self::Capacity(cursor.number(5)?),
            _ => Self::Duplicate(cursor.number(5)?),
        })
    }

    /// Does to the table what it says. Says no where it names what is not there.
    fn apply(self, table: &mut Table, bytes: (&[u8], Span), out: &mut Out<'_>) -> bool {
        let mut fault = None;
        let newest = table.inserted();
        let get = |table: &Table, back: u64| {
            let number = newest.checked_sub(back)?.checked_sub(1)?;
            table.get(number).cloned()
        };
        let entry = match self {
            Self::Capacity(capacity) => {
                table.resize(capacity);
                return true;
            }
            Self::FixedName(index, value) => {
                let name = u8::try_from(index).ok();
                let name = name.filter(|it| Fixed::Qpack.entry(*it).is_some());
                let value = literal(&value, bytes, &mut fault, out);
                name.map(|name| Entry {
                    name: Name::Fixed(Fixed::Qpack, name),
                    value: out.keep(value),
                })
            }
            Self::TableName(back, value) => {
                let value = literal(&value, bytes, &mut fault, out);
                get(table, back).map(|known| Entry { name: known.name, value: out.keep(value) })
            }
            Self::Literal(name, value) => {
                let name = literal(&name, bytes, &mut fault, out);
                let value = literal(&value, bytes, &mut fault, out);
                Some(Entry { name: Name::Kept(out.keep(name)), value: out.keep(value) })
            }
            Self::Duplicate(back) => get(table, back),
        };
        match entry.filter(|_| fault.is_none()) {
            Some(entry) => {
                table.put(entry);
                true
            }
            None => false,
        }
    }
}

/// The instructions that are whole in these bytes, each with where it ends, and what comes then.
pub(in crate::protocols::http3) fn instructions(
    bytes: &[u8],
) -> (Vec<(Instruction, usize)>, NoShape) {
    let mut cursor = Cursor::new(bytes, 0);
    let mut found = Vec::new();
    loop {
        match Instruction::read(&mut cursor) {
            Ok(instruction) => found.push((instruction, cursor.at)),
            Err(why) => return (found, why),
        }
    }
}

/// What a decoder says that is whole in these bytes, each with where it ends, and what comes then.
pub(in crate::protocols::http3) fn acknowledgements(
    bytes: &[u8],
) -> (Vec<(Decoding, usize)>, NoShape) {
    let mut cursor = Cursor::new(bytes, 0);
    let mut found = Vec::new();
    loop {
        let read = cursor.first().and_then(|first| {
            Ok(match first {
                0x80.. => Decoding::Acknowledged(cursor.number(7)?),
                0x40.. => Decoding::Cancelled(cursor.number(6)?),
                _ => Decoding::Increment(cursor.number(6)?),
            })
        });
        match read {
            Ok(one) => found.push((one, cursor.at)),
            Err(why) => return (found, why),
        }
    }
}

impl Table {
    /// Takes instructions into account, whose bytes lie at that place.
    pub(in crate::protocols::http3) fn follow(
        &mut self,
        all: Vec<(Instruction, usize)>,
        bytes: (&[u8], Span),
        out: &mut Out<'_>,
    ) {
        for (instruction, _) in all {
            if !self.is_lost() && !instruction.apply(self, bytes, out) {
                self.lose();
            }
        }
    }
}
