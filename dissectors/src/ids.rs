//! Typed numbers for everything a capture is made of: mixing them up does not compile.
//!
//! All of them are dense and start at zero, so that a table indexed by one is a plain `Vec`.

use std::fmt;

/// Declares a `u32` newtype with the conversions a table index needs.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// "None of them", where an `Option` would double the size of a column.
            pub const NONE: Self = Self(u32::MAX);

            /// The position in a table indexed by this id.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }

            /// The id, or `None` if it is [`Self::NONE`].
            #[must_use]
            pub const fn some(self) -> Option<Self> {
                if self.0 == u32::MAX { None } else { Some(self) }
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.some() {
                    Some(id) => write!(f, concat!(stringify!($name), "({})"), id.0),
                    None => f.write_str(concat!(stringify!($name), "(none)")),
                }
            }
        }
    };
}

id! {
    /// One frame of a recording, in the order of the file: what Wireshark numbers, less one.
    FrameId
}
id! {
    /// One flow: a vantage point, a five-tuple and an incarnation (a new SYN opens another).
    FlowId
}
id! {
    /// One connection: it owns one or more flows, for QUIC may migrate.
    ConnectionId
}
id! {
    /// One message of a connection, in the order in which their first bytes were read.
    MessageId
}
id! {
    /// One layer of a connection: a protocol speaking on one stream of its carrier.
    LayerId
}

/// One protocol: its filter name folded into sixteen bits.
///
/// So a protocol names itself, and nothing at the bottom has to list those above it. Two names
/// that fold alike are refused where protocols are put together
/// ([`Registry::new`](crate::protocol::Registry::new)).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProtocolId(u16);

impl ProtocolId {
    /// The protocol of that filter name (FNV-1a, folded).
    #[must_use]
    pub const fn of(name: &str) -> Self {
        let hash = fnv(name);
        Self((hash >> 16 ^ hash & 0xffff) as u16)
    }
}

/// A name as a number (FNV-1a of 32 bits).
pub(crate) const fn fnv(name: &str) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    let mut rest = name.as_bytes();
    while let [byte, tail @ ..] = rest {
        hash = (hash ^ *byte as u32).wrapping_mul(0x0100_0193);
        rest = tail;
    }
    hash
}

impl fmt::Debug for ProtocolId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "protocol {:04x}", self.0)
    }
}

impl FrameId {
    /// The number Wireshark shows, which starts at one.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0 + 1
    }
}

/// Who speaks: the side that opened the flow, or the one that answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Direction {
    /// From the initiator (the client) to the responder.
    Forward = 0,
    /// From the responder (the server) to the initiator.
    Backward = 1,
}

impl Direction {
    /// Both, in their order.
    pub const BOTH: [Self; 2] = [Self::Forward, Self::Backward];

    /// The other side's direction.
    #[must_use]
    pub const fn reverse(self) -> Self {
        match self {
            Self::Forward => Self::Backward,
            Self::Backward => Self::Forward,
        }
    }

    /// 0 for forward, 1 for backward.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// One for each direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Both<T> {
    forward: T,
    backward: T,
}

impl<T> Both<T> {
    /// What the client's side has, then the server's.
    pub const fn new(forward: T, backward: T) -> Self {
        Self { forward, backward }
    }

    /// The same for each of them.
    pub const fn each(value: T) -> Self
    where
        T: Copy,
    {
        Self { forward: value, backward: value }
    }

    /// What the side that sends in this direction has.
    #[must_use]
    pub const fn of(&self, direction: Direction) -> &T {
        match direction {
            Direction::Forward => &self.forward,
            Direction::Backward => &self.backward,
        }
    }

    /// The same, to be changed.
    #[must_use]
    pub const fn of_mut(&mut self, direction: Direction) -> &mut T {
        match direction {
            Direction::Forward => &mut self.forward,
            Direction::Backward => &mut self.backward,
        }
    }

    /// What comes of each.
    pub fn map<U>(&self, how: impl Fn(&T) -> U) -> Both<U> {
        Both { forward: how(&self.forward), backward: how(&self.backward) }
    }

    /// Both, the client's first.
    pub fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        [&self.forward, &self.backward].into_iter()
    }

    /// Both, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        [&mut self.forward, &mut self.backward].into_iter()
    }
}

/// A point in time: nanoseconds since the Unix epoch, as the recording says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

impl Time {
    /// The recording does not say: a Simple Packet Block of pcapng has no time.
    pub const UNKNOWN: Self = Self(i64::MIN);

    /// The time, where the recording says it.
    #[must_use]
    pub const fn known(self) -> Option<Self> {
        if self.0 == i64::MIN { None } else { Some(self) }
    }

    /// Nanoseconds from `earlier` to `self`; negative where clocks ran backwards, and nothing
    /// where either is not known.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        match (self.known(), earlier.known()) {
            (Some(time), Some(earlier)) => time.0.saturating_sub(earlier.0),
            _ => 0,
        }
    }
}
