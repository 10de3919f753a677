//! What fields of Protocol Buffers are called: on the wire they have numbers only. Whoever has the
//! description that both programs were built with hands it in as plain data.
//!
//! ```text
//!   /shop.Shop/Buy    asks shop.Order, answers shop.Receipt
//!   shop.Order        1 item string    2 count int32    3 to shop.Address
//! ```

use std::fmt;
use std::sync::Arc;

use crate::maps::FastMap;
use crate::typed::Fact;

/// A type of messages: its number in a [`Schema`].
pub type MessageNumber = usize;

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Eight bytes.
    Double,
    /// Four bytes.
    Float,
    /// A number that may be negative, as a varint of 64 bits.
    Int,
    /// The same, folded so that small ones are short.
    ZigZag,
    /// A number that is not negative.
    Unsigned,
    /// Four or eight bytes.
    Fixed,
    /// The same, and it may be negative.
    SignedFixed,
    /// Yes or no.
    Bool,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// A message of that type.
    Message(MessageNumber),
    /// One of these numbers.
    Enum(Box<[(i32, Box<str>)]>),
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: Box<str>,
    /// What it holds.
    pub holds: FieldType,
}

/// One type of messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageType {
    /// Its name, with those that it stands in: `shop.Order`.
    pub name: Box<str>,
    /// Its fields, by rising number.
    pub fields: Vec<Field>,
}

/// Where a schema comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// Somebody handed it in.
    #[default]
    Given,
    /// The server says it of itself, on the connection at hand.
    Reflected,
}

/// Types of messages, and the calls that are made with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// All types.
    pub messages: Vec<MessageType>,
    /// By the path of a call: what it asks with, and what it is answered with.
    pub calls: FastMap<Box<[u8]>, [MessageNumber; 2]>,
    /// Who says so.
    pub origin: Origin,
}

impl MessageType {
    /// The field of that number.
    #[must_use]
    pub fn field(&self, number: u32) -> Option<&Field> {
        let at = self.fields.binary_search_by_key(&number, |field| field.number).ok()?;
        self.fields.get(at)
    }
}

/// A type of a schema: kept beside messages that have it.
#[derive(Clone)]
pub struct Typed {
    schema: Arc<Schema>,
    number: MessageNumber,
}

impl Typed {
    /// What a call asks with, or is answered with.
    #[must_use]
    pub fn of_call(schema: &Arc<Schema>, path: &[u8], is_answer: bool) -> Option<Self> {
        Self::of(schema, *schema.calls.get(path)?.get(usize::from(is_answer))?)
    }

    /// The type of that number.
    #[must_use]
    pub fn of(schema: &Arc<Schema>, number: MessageNumber) -> Option<Self> {
        schema.messages.get(number)?;
        Some(Self { schema: Arc::clone(schema), number })
    }

    /// The type.
    #[must_use]
    pub fn message(&self) -> Option<&MessageType> {
        self.schema.messages.get(self.number)
    }

    /// Who says what its fields are called.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.schema.origin
    }

    /// Another type of the same schema.
    #[must_use]
    pub fn other(&self, number: MessageNumber) -> Self {
        Self { schema: Arc::clone(&self.schema), number }
    }

    /// The type of that name in the same schema.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<Self> {
        let number = self.schema.messages.iter().position(|kind| &*kind.name == name)?;
        Some(self.other(number))
    }

    /// Whether a message of it says by itself what it holds (google/protobuf/any.proto).
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.message().is_some_and(|kind| &*kind.name == "google.protobuf.Any")
    }
}

impl PartialEq for Typed {
    fn eq(&self, other: &Self) -> bool {
        // What a server hands out is read anew in each reading.
        let is_one = Arc::ptr_eq(&self.schema, &other.schema);
        self.number == other.number && (is_one || self.message() == other.message())
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message().map_or("?", |message| &message.name))
    }
}

impl Fact for Typed {}
