//! Versions, and what differs between them: salts, labels, numbers of packet types.
//!
//! ```text
//!   00000001   RFC 9000                  6b3343cf   RFC 9369
//!   ff0000xx   drafts of the first       ?a?a?a?a   reserved: nobody speaks it (RFC 9000, section 15)
//!   00000000   version negotiation
//! ```

use super::kind::Kind;

/// A version, by its number on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Version(pub u32);

/// What a version makes keys of.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scheme {
    /// What Initial secrets are salted with.
    pub(super) salt: [u8; 20],
    /// The labels of keys, nonces, header protection and key updates.
    pub(super) key: &'static str,
    pub(super) iv: &'static str,
    pub(super) header: &'static str,
    pub(super) update: &'static str,
    /// The key and the nonce of Retry's integrity tag; none before there was one.
    pub(super) retry: Option<([u8; 16], [u8; 12])>,
}

/// What is the same in version 1 and all drafts of it.
const FIRST: Scheme = Scheme {
    salt: [0; 20],
    key: "quic key",
    iv: "quic iv",
    header: "quic hp",
    update: "quic ku",
    retry: None,
};

/// RFC 9001, sections 5.2 and 5.8; drafts from 33 on.
static V1: Scheme = Scheme {
    salt: bytes(0x3876_2cf7_f559_34b3_4d17_9ae6_a4c8_0cad, 0xccbb_7f0a),
    retry: Some((
        0xbe0c_690b_9f66_575a_1d76_6b54_e368_c84e_u128.to_be_bytes(),
        nonce(0x4615_99d3_5d63_2bf2_2398_25bb),
    )),
    ..FIRST
};

/// RFC 9369, section 3.3.
static V2: Scheme = Scheme {
    salt: bytes(0x0ded_e3de_f700_a6db_8193_81be_6e26_9dcb, 0xf9bd_2ed9),
    key: "quicv2 key",
    iv: "quicv2 iv",
    header: "quicv2 hp",
    update: "quicv2 ku",
    retry: Some((
        0x8fb4_b01b_56ac_48e2_60fb_cbce_ad7c_cc92_u128.to_be_bytes(),
        nonce(0xd869_69bc_2d7c_6d99_90ef_b04a),
    )),
};

/// Drafts 29 to 32.
static DRAFT_29: Scheme = Scheme {
    salt: bytes(0xafbf_ec28_9993_d24c_9e97_86f1_9c61_11e0, 0x4390_a899),
    retry: Some((
        0xccce_187e_d09a_09d0_5728_155a_6cb9_6be1_u128.to_be_bytes(),
        nonce(0xe549_30f9_7f21_36f0_530a_8c1c),
    )),
    ..FIRST
};

/// Drafts 23 to 28. Their Retry packets had no tag before draft 25, and another one since.
static DRAFT_23: Scheme =
    Scheme { salt: bytes(0xc3ee_f712_c72e_bb5a_11a7_d243_2bb4_6365, 0xbef9_f502), ..FIRST };

/// Drafts 21 and 22.
static DRAFT_22: Scheme =
    Scheme { salt: bytes(0x7fbc_db0e_7c66_bbe9_193a_96cd_2151_9ebd, 0x7a02_644a), ..FIRST };

impl Version {
    /// No version: the server names those that it speaks.
    pub const NEGOTIATION: Self = Self(0);
    /// RFC 9000.
    pub const V1: Self = Self(1);
    /// RFC 9369.
    pub const V2: Self = Self(0x6b33_43cf);

    /// Which draft of version 1 it is; Facebook's numbers stand for drafts, too.
    #[must_use]
    pub const fn draft(self) -> Option<u8> {
        match self.0 {
            0xfa_ceb001 => Some(22),
            0xfa_ceb002 | 0xfa_ceb00e => Some(27),
            0xff00_0000..=0xff00_00ff => Some(self.0 as u8),
            _ => None,
        }
    }

    /// Whether it is one that nobody speaks, sent so that nobody gets used to knowing all of them.
    #[must_use]
    pub const fn is_reserved(self) -> bool {
        self.0 & 0x0f0f_0f0f == 0x0a0a_0a0a
    }

    /// What its keys are made of; `None` if it is none that is read here.
    pub(super) const fn scheme(self) -> Option<&'static Scheme> {
        match (self, self.draft()) {
            (Self::V1, _) | (_, Some(33..=34)) => Some(&V1),
            (Self::V2, _) => Some(&V2),
            (_, Some(29..=32)) => Some(&DRAFT_29),
            (_, Some(23..=28)) => Some(&DRAFT_23),
            (_, Some(21..=22)) => Some(&DRAFT_22),
            _ => None,
        }
    }

    /// What a packet with a long header is, by the two bits of its type (RFC 9000, section 17.2;
    /// RFC 9369, section 3.2).
    pub(super) const fn packet(self, first: u8) -> Kind {
        if self.0 == 0 {
            return Kind::Negotiation;
        }
        if self.scheme().is_none() {
            return Kind::Unknown;
        }
        let turn = if self.0 == Self::V2.0 { 3 } else { 0 };
        match (((first >> 4) & 3) + turn) & 3 {
            0 => Kind::Initial,
            1 => Kind::ZeroRtt,
            2 => Kind::Handshake,
            _ => Kind::Retry,
        }
    }

    /// What a person calls it.
    #[must_use]
    pub fn name(self) -> String {
        match (self, self.draft()) {
            (Self::NEGOTIATION, _) => "Version Negotiation".to_owned(),
            (Self::V1, _) => "version 1".to_owned(),
            (Self::V2, _) => "version 2".to_owned(),
            (_, Some(draft)) => format!("draft-{draft:02}"),
            _ if self.is_reserved() => format!("{:#010x} (reserved)", self.0),
            _ => match self.0.to_be_bytes() {
                name @ [b'Q' | b'T', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9'] => {
                    format!("Google's {}", name.as_ascii_text())
                }
                _ => format!("{:#010x}", self.0),
            },
        }
    }
}

/// Letters and digits as text.
trait AsciiText {
    fn as_ascii_text(&self) -> &str;
}

impl AsciiText for [u8; 4] {
    fn as_ascii_text(&self) -> &str {
        std::str::from_utf8(self).unwrap_or_default()
    }
}

/// Twenty bytes, out of sixteen and four.
const fn bytes(high: u128, low: u32) -> [u8; 20] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = high.to_be_bytes();
    let [q, r, s, t] = low.to_be_bytes();
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t]
}

/// Twelve bytes.
const fn nonce(number: u128) -> [u8; 12] {
    let [_, _, _, _, e, f, g, h, i, j, k, l, m, n, o, p] = number.to_be_bytes();
    [e, f, g, h, i, j, k, l, m, n, o, p]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_named_and_have_their_own_numbers_of_packets() {
        let check = |number, name: &str, is_read: bool, packets: [Kind; 4]| {
            let version = Version(number);
            assert_eq!((version.name().as_str(), version.scheme().is_some()), (name, is_read));
            assert_eq!([0xc0, 0xd0, 0xe0, 0xf0].map(|first| version.packet(first)), packets);
        };
        let first = [Kind::Initial, Kind::ZeroRtt, Kind::Handshake, Kind::Retry];
        check(1, "version 1", true, first);
        let second = [Kind::Retry, Kind::Initial, Kind::ZeroRtt, Kind::Handshake];
        check(0x6b33_43cf, "version 2", true, second);
        check(0xff00_001d, "draft-29", true, first);
        check(0xff00_0014, "draft-20", false, [Kind::Unknown; 4]);
        check(0xface_b002, "draft-27", true, first);
        check(0, "Version Negotiation", false, [Kind::Negotiation; 4]);
        check(0x1a2a_3a4a, "0x1a2a3a4a (reserved)", false, [Kind::Unknown; 4]);
        check(0x5130_3433, "Google's Q043", false, [Kind::Unknown; 4]);
        check(0x0102_0304, "0x01020304", false, [Kind::Unknown; 4]);
    }
}
