//! Epochs: which generation of keys seals what a side sends.

use crate::message::Protection;

/// Under which keys a side speaks, in the order in which they are taken into use.
///
/// DTLS 1.3 numbers its epochs in this order (RFC 9147, section 6.1); QUIC's levels are Initial,
/// 0-RTT, Handshake and 1-RTT (RFC 9001, section 2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Epoch {
    /// None (of QUIC: those that everybody can make).
    #[default]
    Clear,
    /// Those of early data (TLS 1.3).
    Early,
    /// Those of the handshake (TLS 1.3).
    Handshake,
    /// Those of application data, and all of TLS 1.2.
    Application,
}

impl Epoch {
    /// How messages of this epoch are protected where nothing else seals them.
    #[must_use]
    pub const fn protection(self) -> Protection {
        match self {
            Self::Clear => Protection::Clear,
            Self::Early => Protection::Early,
            Self::Handshake => Protection::Handshake,
            Self::Application => Protection::Application,
        }
    }

    /// The epochs that may follow, in order.
    #[must_use]
    pub const fn later(self) -> &'static [Self] {
        match self {
            Self::Clear | Self::Early => &[Self::Handshake, Self::Application],
            Self::Handshake => &[Self::Application],
            Self::Application => &[],
        }
    }
}
