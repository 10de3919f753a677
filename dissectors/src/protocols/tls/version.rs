//! Protocol versions: the same numbers in records, hellos and extensions.

/// A protocol version as it stands on the wire. Unknown versions keep their number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u16);

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

    /// Whether it is TLS 1.3, a draft of it, or the DTLS made after it.
    #[must_use]
    pub fn is_13(self) -> bool {
        matches!(self, Self::TLS13 | Self::DTLS13) || self.draft().is_some()
    }

    /// Which draft of TLS 1.3 it is, of those that were spoken in the open: each had a version of
    /// its own (draft-ietf-tls-tls13-28, section 4.2.1.1).
    #[must_use]
    pub fn draft(self) -> Option<u8> {
        match self.0.to_be_bytes() {
            [0x7f, draft @ 14..=28] => Some(draft),
            _ => None,
        }
    }

    /// Whether it is a draft whose ServerHello has neither a session id nor a compression method,
    /// as all had before draft 22.
    #[must_use]
    pub fn has_short_answer(self) -> bool {
        self.draft().is_some_and(|draft| draft < 22)
    }

    /// The standard that it became: drafts of TLS 1.3 go on as that does.
    #[must_use]
    pub fn settled(self) -> Self {
        if self.draft().is_some() { Self::TLS13 } else { self }
    }

    /// Whether it is TLS 1.2, or the DTLS made after it.
    #[must_use]
    pub fn is_12(self) -> bool {
        matches!(self, Self::TLS12 | Self::DTLS12)
    }

    /// Whether all keys come from one master secret: SSL 3.0 to TLS 1.2, and the DTLS made after
    /// them.
    #[must_use]
    pub fn has_master(self) -> bool {
        (Self::SSL30..=Self::TLS12).contains(&self) || matches!(self, Self::DTLS10 | Self::DTLS12)
    }

    /// Whether signatures name their algorithms: since TLS 1.2 (RFC 5246, section 7.4.1.4.1).
    /// Before, the kind of key said it.
    #[must_use]
    pub fn names_signatures(self) -> bool {
        !(Self::SSL30..=Self::TLS11).contains(&self) && self != Self::DTLS10
    }

    /// Whether it is a version of DTLS.
    #[must_use]
    pub fn is_dtls(self) -> bool {
        matches!(self, Self::DTLS10 | Self::DTLS12 | Self::DTLS13)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn drafts_of_tls_13_are_known() {
        let check = |number: u16, draft: Option<u8>, short: bool| {
            let version = Version(number);
            assert_eq!((version.draft(), version.has_short_answer()), (draft, short), "{number:x}");
            assert_eq!(version.is_13(), draft.is_some());
        };
        check(0x7f12, Some(18), true);
        check(0x7f15, Some(21), true);
        check(0x7f16, Some(22), false);
        check(0x7f1c, Some(28), false);
        check(0x7f1d, None, false);
        check(0x7f00, None, false);
        check(0x0303, None, false);
        assert_eq!(Version(0x7f17).settled(), Version::TLS13);
        assert_eq!(Version::TLS12.settled(), Version::TLS12);
    }

    #[test]
    fn signatures_name_their_algorithms_since_tls_12() {
        for (version, names) in [
            (Version::SSL30, false),
            (Version::TLS10, false),
            (Version::TLS11, false),
            (Version::DTLS10, false),
            (Version::TLS12, true),
            (Version::DTLS12, true),
            (Version::TLS13, true),
        ] {
            assert_eq!(version.names_signatures(), names, "{version:?}");
        }
    }
}
