//! The two sides of a link: a network each, which threads enter before they open sockets.

use std::net::{IpAddr, Ipv4Addr};

/// A side of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Where those are who ask.
    Client,
    /// Where those are who answer.
    Server,
}

impl Side {
    /// Both, the client's first.
    pub const BOTH: [Self; 2] = [Self::Client, Self::Server];

    /// How settings, interfaces and marks call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }

    /// The side of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::BOTH.into_iter().find(|side| side.name() == name)
    }

    /// The side across.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }

    /// Its place in arrays of two.
    pub(super) const fn index(self) -> usize {
        self as usize
    }

    /// The address of the `number`th host of this side, from one: 10.0.1.1 is the first client,
    /// 10.0.2.1 the first server. To each other they are neighbours, as on one cable.
    #[must_use]
    pub const fn address(self, number: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(10, 0, self as u8 + 1, number))
    }
}

/// How many bits of an address all hosts of both sides share.
pub(super) const PREFIX_BITS: u8 = 16;
