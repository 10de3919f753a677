//! What explaining a handshake message takes and its bytes do not hold.
//!
//! ```text
//!   |taken 1|external 1|ech 3|early 1|retried 1|resumed 1|suite 16|2|datagrams 1|0|agreed 1|version 3|
//! ```

use super::super::suite::Suite;
use super::super::version::Version;
use super::ech::Ech;
use crate::typed::{self, Code};

/// What was settled when a message was read. A carrier keeps it with the message: as it is, or
/// beside something of its own in the bits that are free.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extra {
    /// The version agreed on; before that none, or one that the carrier names.
    pub version: Version,
    /// Whether the two sides have agreed on it yet.
    pub agreed: bool,
    /// The suite agreed on.
    pub suite: Suite,
    /// Whether an earlier session goes on (its secret is used again).
    pub resumed: bool,
    /// Whether a HelloRetryRequest went before.
    pub retried: bool,
    /// Whether the client offered early data.
    pub early: bool,
    /// Of a hello: what it has to do with one that is sealed.
    pub ech: Ech,
    /// Whether the secret that is used again is no earlier session's: both had it by another way.
    pub external: bool,
    /// Whether the server has taken the early data.
    pub taken: bool,
}

impl Extra {
    /// Which bits hold the version of TLS and whether it is agreed on.
    pub const VERSION_BITS: u32 = 0b1111;
    const AGREED: u32 = 1 << 3;
    const DATAGRAMS: u32 = 1 << 5;
    const RESUMED: u32 = 1 << 24;
    const RETRIED: u32 = 1 << 25;
    const EARLY: u32 = 1 << 26;
    const ECH: u32 = 27;
    const ECH_BITS: u32 = 0b111;
    const EXTERNAL: u32 = 1 << 30;
    const TAKEN: u32 = 1 << 31;

    /// Versions by their codes.
    const VERSIONS: [Version; 6] = [
        Version(0),
        Version::SSL30,
        Version::TLS10,
        Version::TLS11,
        Version::TLS12,
        Version::TLS13,
    ];
    /// Versions of DTLS in the places of those of TLS that they are made after.
    const OF_DATAGRAMS: [Version; 6] =
        [Version(0), Version(0), Version(0), Version::DTLS10, Version::DTLS12, Version::DTLS13];

    /// Whether both sides have agreed on TLS 1.3, or the DTLS made after it.
    #[must_use]
    pub fn is_tls13(self) -> bool {
        self.agreed && self.version.is_13()
    }
}

impl typed::Extra for Extra {
    fn pack(self) -> u32 {
        let flag = |set: bool, bit: u32| if set { bit } else { 0 };
        let is_dtls = self.version.is_dtls();
        let versions = if is_dtls { Self::OF_DATAGRAMS } else { Self::VERSIONS };
        let code = versions.iter().position(|one| *one == self.version).unwrap_or(0);
        code as u32
            | flag(is_dtls, Self::DATAGRAMS)
            | flag(self.agreed, Self::AGREED)
            | u32::from(self.suite.0) << 8
            | flag(self.resumed, Self::RESUMED)
            | flag(self.retried, Self::RETRIED)
            | flag(self.early, Self::EARLY)
            | u32::from(self.ech.number()) << Self::ECH
            | flag(self.external, Self::EXTERNAL)
            | flag(self.taken, Self::TAKEN)
    }

    fn unpack(packed: u32) -> Self {
        let is_set = |bit: u32| packed & bit != 0;
        let versions = if is_set(Self::DATAGRAMS) { Self::OF_DATAGRAMS } else { Self::VERSIONS };
        let code = (packed & 0b111) as usize;
        Self {
            version: versions.get(code).copied().unwrap_or_default(),
            agreed: is_set(Self::AGREED),
            suite: Suite((packed >> 8) as u16),
            resumed: is_set(Self::RESUMED),
            retried: is_set(Self::RETRIED),
            early: is_set(Self::EARLY),
            ech: Ech::of((packed >> Self::ECH & Self::ECH_BITS) as u8).unwrap_or_default(),
            external: is_set(Self::EXTERNAL),
            taken: is_set(Self::TAKEN),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typed::Extra as _;

    #[test]
    fn what_is_kept_comes_back() {
        let check = |extra: Extra| assert_eq!(Extra::unpack(extra.pack()), extra);
        check(Extra::default());
        let suite = Suite(u16::MAX);
        for version in Extra::VERSIONS.into_iter().chain(Extra::OF_DATAGRAMS) {
            check(Extra { version, ..Extra::default() });
            check(Extra { version, agreed: true, suite, resumed: true, ..Extra::default() });
            check(Extra { version, retried: true, ..Extra::default() });
            check(Extra { version, early: true, ..Extra::default() });
            check(Extra { version, external: true, ..Extra::default() });
            check(Extra { version, taken: true, ..Extra::default() });
        }
        for ech in (0..).map_while(Ech::of) {
            assert!(u32::from(ech.number()) <= Extra::ECH_BITS);
            check(Extra { suite, early: true, ech, ..Extra::default() });
        }
        let unknown = Extra { version: Version(0x7f1c), agreed: true, ..Extra::default() };
        assert_eq!(Extra::unpack(unknown.pack()), Extra { version: Version(0), ..unknown });
    }
}
