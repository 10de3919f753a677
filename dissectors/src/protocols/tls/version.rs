//! Protocol versions: the same numbers in records, hellos and extensions.

/// A protocol version as it stands on the wire. Unknown versions keep their number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u16);

/// The number of the last draft of TLS 1.3.
const LAST_DRAFT: u16 = 28;

impl Version {
    /// SSL 3.0.
    pub const SSL30: Self = Self(0x0300);
    /// TLS 1.0.
    pub const TLS10: Self = Self(0x0301);
    /// TLS 1.1.
    pub const TLS11: Self = Self(0x0302);
    /// TLS 1.2.
    pub const TLS12: Self = Self(0x0303);
    /// TLS 1.3.
    pub const TLS13: Self = Self(0x0304);
    /// DTLS 1.0, made after TLS 1.1.
    pub const DTLS10: Self = Self(0xfeff);
    /// DTLS 1.2, made after TLS 1.2 (RFC 6347, section 4.1).
    pub const DTLS12: Self = Self(0xfefd);
    /// DTLS 1.3, made after TLS 1.3 (RFC 9147, section 5.3).
    pub const DTLS13: Self = Self(0xfefc);

    /// A draft of TLS 1.3, where nobody says which.
    pub const DRAFT13: Self = Self(0x7f00);

    /// Whether it is a draft of TLS 1.3: those bore their number (draft-ietf-tls-tls13-28,
    /// section 4.2.1.1).
    #[must_use]
    pub fn is_draft(self) -> bool {
        (Self::DRAFT13.0..=Self::DRAFT13.0 + LAST_DRAFT).contains(&self.0)
    }

    /// Whether its ServerHello has neither a session id nor a compression method: drafts before 22,
    /// which gave them back so that what stands between lets it pass.
    #[must_use]
    pub fn has_short_hello(self) -> bool {
        self.is_draft() && self.0 < Self::DRAFT13.0 + 22
    }

    /// Whether it is TLS 1.3 or a draft of it, or the DTLS made after it.
    #[must_use]
    pub fn is_13(self) -> bool {
        matches!(self, Self::TLS13 | Self::DTLS13) || self.is_draft()
    }

    /// Whether it is TLS 1.2, or the DTLS made after it.
    #[must_use]
    pub fn is_12(self) -> bool {
        matches!(self, Self::TLS12 | Self::DTLS12)
    }

    /// Whether all keys come from one master secret: SSL 3.0 to TLS 1.2, and the DTLS made after them.
    #[must_use]
    pub fn has_master(self) -> bool {
        (Self::SSL30..=Self::TLS12).contains(&self) || matches!(self, Self::DTLS10 | Self::DTLS12)
    }

    /// Whether it is a version of DTLS.
    #[must_use]
    pub fn is_dtls(self) -> bool {
        matches!(self, Self::DTLS10 | Self::DTLS12 | Self::DTLS13)
    }
}
