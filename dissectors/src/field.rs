//! Fields: what a dissector can name, and the values it names.
//!
//! Names, types and bases follow Wireshark's wherever it has the field, so that filters typed
//! from habit work and output can be held against tshark's.

use std::hash::{Hash, Hasher};

use crate::ids::ProtocolId;

/// One field of one protocol: its definition, which is the same wherever the field is met.
#[derive(Clone, Copy, Debug)]
pub struct FieldId {
    protocol: ProtocolId,
    /// Its place in the protocol's list.
    index: u16,
    def: &'static FieldDef,
}

impl FieldId {
    /// A field of a protocol; [`fields!`](crate::fields) makes one for each definition.
    #[must_use]
    pub const fn new(protocol: ProtocolId, index: u16, def: &'static FieldDef) -> Self {
        Self { protocol, index, def }
    }

    /// A protocol's own heading, which stands in no list.
    #[must_use]
    pub const fn heading(def: &'static FieldDef) -> Self {
        Self::new(ProtocolId::of(def.name), u16::MAX, def)
    }

    /// Whether it is a protocol's own heading.
    #[must_use]
    pub const fn is_heading(self) -> bool {
        self.index == u16::MAX
    }

    /// Whose field it is.
    #[must_use]
    pub const fn protocol(self) -> ProtocolId {
        self.protocol
    }

    /// The definition of the field.
    #[must_use]
    pub const fn def(self) -> &'static FieldDef {
        self.def
    }
}

impl PartialEq for FieldId {
    fn eq(&self, other: &Self) -> bool {
        (self.protocol, self.index) == (other.protocol, other.index)
    }
}

impl Eq for FieldId {}

impl Hash for FieldId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.protocol, self.index).hash(state);
    }
}

/// How wide a value is and what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A heading: it has children and perhaps a text, but no value of its own.
    Group,
    /// True or false.
    Bool,
    /// An unsigned number of that many bits on the wire, which fixes the width in hexadecimal.
    Unsigned(u8),
    /// A signed number of that many bits, where Wireshark uses negative ones for "unknown".
    Signed(u8),
    /// Seconds, kept in nanoseconds: a duration.
    Duration,
    /// A point in time, kept in nanoseconds since 1970.
    Time,
    /// Bytes as they are.
    Bytes,
    /// Text.
    Text,
    /// A link address of six bytes.
    Ether,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
}

/// In which base a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// Decimal.
    Dec,
    /// Hexadecimal with `0x` and as many digits as the kind has.
    Hex,
}

/// How a field's value follows from the bytes of its span: what [`reread`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The bytes, or a big-endian number made of them, masked and shifted where a mask is given.
    Exact,
    /// A decimal number written in ASCII.
    Decimal,
    /// Worked out from more than its span.
    Computed,
}

/// What the numbers of a field are called.
pub type Names = &'static [(u64, &'static str)];

/// The definition of a field.
#[derive(Clone, Copy, Debug)]
pub struct FieldDef {
    /// Wireshark's name, or ours where it has none.
    pub name: &'static str,
    /// What a person reads.
    pub title: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// How numbers are written.
    pub base: Base,
    /// Which bits of the span's bytes hold the value; 0 for all of them.
    pub mask: u64,
    /// How the value follows from its span.
    pub reading: Reading,
    /// Names of known numbers; unknown ones keep their number.
    pub names: Names,
    /// Who gets to see it.
    pub shown: Shown,
    /// Whether it is another in every recording, for it is random, of the moment, or made of such:
    /// that two of its values differ says nothing.
    pub is_fresh: bool,
}

/// Who gets to see a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// Everybody.
    Everywhere,
    /// Programs and filters: a tree says it by its place or its heading (`ftp.request`).
    Listed,
    /// Filters: it repeats another field under a more general name (`tcp.port`).
    Filtered,
    /// People, and filters: programs would be told in every message what hardly changes from one to
    /// the next (the entries of a table).
    InTrees,
}

impl FieldDef {
    const fn new(name: &'static str, title: &'static str, kind: Kind) -> Self {
        let (base, reading) = (Base::Dec, Reading::Exact);
        let (names, shown) = (&[], Shown::Everywhere);
        Self { name, title, kind, base, mask: 0, reading, names, shown, is_fresh: false }
    }

    /// A heading.
    #[must_use]
    pub const fn group(name: &'static str, title: &'static str) -> Self {
        Self::new(name, title, Kind::Group)
    }
    /// True or false.
    #[must_use]
    pub const fn flag(name: &'static str, title: &'static str, mask: u64) -> Self {
        Self { mask, ..Self::new(name, title, Kind::Bool) }
    }
    /// A number of eight bits.
    #[must_use]
    pub const fn u8(name: &'static str, title: &'static str) -> Self {
        Self::new(name, title, Kind::Unsigned(8))
    }
    /// A number of sixteen bits.
    #[must_use]
    pub const fn u16(name: &'static str, title: &'static str) -> Self {
        Self::new(name, title, Kind::Unsigned(16))
    }
    /// A number of twenty-four bits.
    #[must_use]
    pub const fn u24(name: &'static str, title: &'static str) -> Self {
        Self::new(name, title, Kind::Unsigned(24))
    }
    /// A number of thirty-two bits.
    #[must_use]
    pub const fn u32(name: &'static str, title: &'static str) -> Self {
        Self::new(name, title, Kind::Unsigned(32))
    }
    /// A number of sixty-four bits.
    #[must_use]
    pub const fn u64(name: &'static str, title: &'static str) -> Self {
        Self::new(name, title, Kind::Unsigned(64))
    }
    /// Bytes.
    #[must_use]
    pub const fn bytes(name: &'static str, title: &'static str) -> Self {
        Self::new(name, title, Kind::Bytes)
    }
    /// Text.
    #[must_use]
    pub const fn text(name: &'static str, title: &'static str) -> Self {
        Self::new(name, title, Kind::Text)
    }
    /// Any other kind.
    #[must_use]
    pub const fn of(name: &'static str, title: &'static str, kind: Kind) -> Self {
        Self::new(name, title, kind)
    }
    /// Written in hexadecimal.
    #[must_use]
    pub const fn hex(self) -> Self {
        Self { base: Base::Hex, ..self }
    }
    /// Only these bits of the span.
    #[must_use]
    pub const fn mask(self, mask: u64) -> Self {
        Self { mask, ..self }
    }
    /// Left out of trees, which say it by their shape.
    #[must_use]
    pub const fn listed(self) -> Self {
        Self { shown: Shown::Listed, ..self }
    }
    /// Only for filters.
    #[must_use]
    pub const fn hidden(self) -> Self {
        Self { shown: Shown::Filtered, ..self }
    }
    /// Known numbers have these names.
    #[must_use]
    pub const fn names(self, names: Names) -> Self {
        Self { names, ..self }
    }
    /// A decimal number in ASCII.
    #[must_use]
    pub const fn decimal(self) -> Self {
        Self { reading: Reading::Decimal, ..self }
    }
    /// Shown in trees alone: see [`Shown::InTrees`].
    #[must_use]
    pub const fn in_trees(self) -> Self {
        Self { shown: Shown::InTrees, ..self }
    }
    /// Another in every recording: see [`FieldDef::is_fresh`].
    #[must_use]
    pub const fn fresh(self) -> Self {
        Self { is_fresh: true, ..self }
    }
    /// Worked out, not read.
    #[must_use]
    pub const fn computed(self) -> Self {
        Self { reading: Reading::Computed, ..self }
    }

    /// The name of a number, where it is known.
    #[must_use]
    pub fn name_of(&self, number: u64) -> Option<&'static str> {
        self.names.iter().find(|(value, _)| *value == number).map(|(_, name)| *name)
    }
}

/// A value on its way to a sink: borrowed, so that what nobody prints is never copied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// A heading has none.
    None,
    /// A flag.
    Bool(bool),
    /// A number, a duration or a time (the kind tells which).
    Unsigned(u64),
    /// A signed number.
    Signed(i64),
    /// A signed count of nanoseconds.
    Nanos(i64),
    /// Bytes, addresses included.
    Bytes(&'a [u8]),
    /// Text; bytes that are not UTF-8 travel as [`Value::Bytes`].
    Text(&'a str),
}

impl<'a> Value<'a> {
    /// Text where the bytes are UTF-8, else the bytes.
    #[must_use]
    pub fn text(bytes: &'a [u8]) -> Self {
        std::str::from_utf8(bytes).map_or(Self::Bytes(bytes), Self::Text)
    }
}

/// Reads a field's value again from the bytes of its span; nothing for computed fields.
///
/// That what a sink was told equals this is the promise behind every span.
#[must_use]
pub fn reread<'a>(def: &FieldDef, bytes: &'a [u8]) -> Option<Value<'a>> {
    match (def.reading, def.kind) {
        (Reading::Computed, _) | (_, Kind::Group) => None,
        (Reading::Decimal, _) => {
            std::str::from_utf8(bytes).ok()?.trim().parse().ok().map(Value::Unsigned)
        }
        (Reading::Exact, Kind::Text) => Some(Value::text(bytes)),
        (Reading::Exact, Kind::Bool | Kind::Unsigned(_)) => {
            if bytes.len() > 8 {
                return None;
            }
            let raw = bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
            let number =
                if def.mask == 0 { raw } else { (raw & def.mask) >> def.mask.trailing_zeros() };
            Some(match def.kind {
                Kind::Bool => Value::Bool(number != 0),
                _ => Value::Unsigned(number),
            })
        }
        (Reading::Exact, _) => Some(Value::Bytes(bytes)),
    }
}

/// Declares a protocol's name and title, and its fields: `PROTOCOL_ID` and `HEADING`, a constant
/// [`FieldId`] for each field, and the list of definitions.
///
/// ```ignore
/// fields! { "udp", "UDP";
///     SOURCE_PORT = FieldDef::u16("udp.srcport", "Source Port"),
///     LENGTH = FieldDef::u16("udp.length", "Length"),
/// }
/// ```
#[macro_export]
macro_rules! fields {
    ($id:literal, $title:literal; $($(#[$doc:meta])* $name:ident = $def:expr),+ $(,)?) => {
        /// The protocol of this folder.
        pub const PROTOCOL_ID: $crate::ids::ProtocolId = $crate::ids::ProtocolId::of($id);
        /// The heading under which its messages are described.
        pub const HEADING: $crate::field::FieldId =
            $crate::field::FieldId::heading(&$crate::field::FieldDef::group($id, $title));
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum FieldIndex { $($name),+ }
        $(
            $(#[$doc])*
            #[doc = "See its definition in [`FIELDS`]."]
            #[allow(clippy::indexing_slicing, reason = "settled while compiling")]
            pub const $name: $crate::field::FieldId = $crate::field::FieldId::new(
                PROTOCOL_ID,
                FieldIndex::$name as u16,
                &FIELDS[FieldIndex::$name as usize],
            );
        )+
        /// The fields of this protocol, in the order of their ids.
        pub static FIELDS: &[$crate::field::FieldDef] = &[$($def),+];
    };
}
