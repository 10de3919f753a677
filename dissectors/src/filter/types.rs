//! What kinds of values there are, and what can be asked of each.

use crate::field::{FieldDef, Kind};

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// It is there or not, and has no value.
    Presence,
    /// The bytes of a protocol.
    Protocol,
    Flag,
    /// A number; of a field, so many bits wide.
    Integer {
        bits: Option<u8>,
        signed: bool,
    },
    Fraction,
    /// Seconds.
    Duration,
    /// A point in time.
    Moment,
    Bytes,
    Text,
    Ether,
    Ipv4,
    Ipv6,
}

impl Type {
    /// A number that was worked out.
    pub(super) const NUMBER: Self = Self::Integer { bits: None, signed: true };

    /// A number of things.
    pub(super) const COUNT: Self = Self::Integer { bits: None, signed: false };

    /// The values of a field.
    pub(super) fn of(def: &FieldDef) -> Self {
        match def.kind {
            Kind::Group if def.name.contains('.') => Self::Presence,
            Kind::Group => Self::Protocol,
            Kind::Bool => Self::Flag,
            Kind::Unsigned(bits) => Self::Integer { bits: Some(bits), signed: false },
            Kind::Signed(bits) => Self::Integer { bits: Some(bits), signed: true },
            Kind::Duration => Self::Duration,
            Kind::Time => Self::Moment,
            Kind::Bytes => Self::Bytes,
            Kind::Text => Self::Text,
            Kind::Ether => Self::Ether,
            Kind::Ipv4 => Self::Ipv4,
            Kind::Ipv6 => Self::Ipv6,
        }
    }

    /// What a person calls it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Presence => "a heading without a value",
            Self::Protocol => "a protocol",
            Self::Flag => "true or false",
            Self::Integer { signed: false, bits: Some(8) } => "a number of 8 bits",
            Self::Integer { signed: false, bits: Some(16) } => "a number of 16 bits",
            Self::Integer { signed: false, bits: Some(24) } => "a number of 24 bits",
            Self::Integer { signed: false, bits: Some(32) } => "a number of 32 bits",
            Self::Integer { signed: false, bits: Some(64) } => "a number of 64 bits",
            Self::Integer { signed: true, bits: Some(_) } => "a signed number",
            Self::Integer { .. } => "a number",
            Self::Fraction => "a number with a fraction",
            Self::Duration => "a time in seconds",
            Self::Moment => "a point in time",
            Self::Bytes => "bytes",
            Self::Text => "text",
            Self::Ether => "a link address",
            Self::Ipv4 => "an IPv4 address",
            Self::Ipv6 => "an IPv6 address",
        }
    }

    /// Whether it can be compared.
    pub(super) const fn compares(self) -> bool {
        !matches!(self, Self::Presence)
    }

    /// Whether something can be looked for in it.
    pub(super) const fn contains(self) -> bool {
        matches!(self, Self::Protocol | Self::Bytes | Self::Text | Self::Ether)
    }

    /// Whether it is a row of bytes or characters, of which parts can be taken.
    pub(super) const fn is_sliced(self) -> bool {
        self.contains() || matches!(self, Self::Ipv4 | Self::Ipv6)
    }

    /// What a part of it is.
    pub(super) const fn part(self) -> Self {
        if matches!(self, Self::Text) { Self::Text } else { Self::Bytes }
    }

    /// How many bytes it always has.
    pub(super) const fn width(self) -> Option<usize> {
        match self {
            Self::Ether => Some(6),
            Self::Ipv4 => Some(4),
            Self::Ipv6 => Some(16),
            _ => None,
        }
    }

    /// Whether it is counted with.
    pub(super) const fn is_number(self) -> bool {
        matches!(self, Self::Integer { .. } | Self::Fraction)
    }

    /// Whether it is kept in nanoseconds.
    pub(super) const fn is_time(self) -> bool {
        matches!(self, Self::Duration | Self::Moment)
    }

    /// Whether values of both can be held against each other.
    pub(super) const fn fits(self, other: Self) -> bool {
        match (self, other) {
            (Self::Flag, Self::Flag)
            | (Self::Text, Self::Text)
            | (Self::Ipv4, Self::Ipv4)
            | (Self::Ipv6, Self::Ipv6)
            | (Self::Protocol, Self::Protocol) => true,
            (Self::Bytes | Self::Ether, Self::Bytes | Self::Ether) => true,
            (a, b) => (a.is_number() && b.is_number()) || (a.is_time() && b.is_time()),
        }
    }

    /// The least and the largest number that it holds.
    pub(super) fn bounds(self) -> Option<(i128, i128)> {
        match self {
            Self::Integer { bits: Some(bits), signed: false } => {
                Some((0, (1_i128 << bits.min(64)) - 1))
            }
            Self::Integer { bits: Some(bits), signed: true } => {
                let half = 1_i128 << (bits.clamp(1, 64) - 1);
                Some((-half, half - 1))
            }
            Self::Integer { bits: None, signed: false } => Some((0, i128::from(u64::MAX))),
            _ => None,
        }
    }
}
