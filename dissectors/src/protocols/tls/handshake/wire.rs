//! Handshake messages: their frame, and what the two hellos settle.
//!
//! ```text
//!   |type 1|length 3|  body  |            RFC 9846, section 4; RFC 5246, section 7.4
//! ```

use super::super::suite::Suite;
use super::super::version::Version;
use crate::bytes::{Reader, Short};
use crate::span::Span;

/// How long the header of a handshake message is, in bytes.
pub const HEADER_LEN: usize = 4;

/// What a handshake message is. Unknown types keep their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HandshakeType(pub u8);

#[allow(missing_docs)] // The names are the messages' own.
impl HandshakeType {
    pub const HELLO_REQUEST: Self = Self(0);
    pub const CLIENT_HELLO: Self = Self(1);
    pub const SERVER_HELLO: Self = Self(2);
    pub const HELLO_VERIFY_REQUEST: Self = Self(3);
    pub const NEW_SESSION_TICKET: Self = Self(4);
    pub const END_OF_EARLY_DATA: Self = Self(5);
    pub const ENCRYPTED_EXTENSIONS: Self = Self(8);
    pub const CERTIFICATE: Self = Self(11);
    pub const SERVER_KEY_EXCHANGE: Self = Self(12);
    pub const CERTIFICATE_REQUEST: Self = Self(13);
    pub const SERVER_HELLO_DONE: Self = Self(14);
    pub const CERTIFICATE_VERIFY: Self = Self(15);
    pub const CLIENT_KEY_EXCHANGE: Self = Self(16);
    pub const FINISHED: Self = Self(20);
    pub const CERTIFICATE_STATUS: Self = Self(22);
    pub const KEY_UPDATE: Self = Self(24);
    pub const COMPRESSED_CERTIFICATE: Self = Self(25);
}

/// Extension types whose content the session or the story needs.
#[allow(missing_docs)] // The names are the extensions' own.
pub mod extension {
    pub const SERVER_NAME: u16 = 0;
    pub const MAX_FRAGMENT_LENGTH: u16 = 1;
    pub const TRUNCATED_MAC: u16 = 4;
    pub const STATUS_REQUEST: u16 = 5;
    pub const SUPPORTED_GROUPS: u16 = 10;
    pub const EC_POINT_FORMATS: u16 = 11;
    pub const SIGNATURE_ALGORITHMS: u16 = 13;
    pub const ALPN: u16 = 16;
    pub const SIGNED_CERTIFICATE_TIMESTAMP: u16 = 18;
    pub const CLIENT_CERTIFICATE_TYPE: u16 = 19;
    pub const SERVER_CERTIFICATE_TYPE: u16 = 20;
    pub const PADDING: u16 = 21;
    pub const ENCRYPT_THEN_MAC: u16 = 22;
    pub const EXTENDED_MASTER_SECRET: u16 = 23;
    pub const COMPRESS_CERTIFICATE: u16 = 27;
    pub const RECORD_SIZE_LIMIT: u16 = 28;
    pub const DELEGATED_CREDENTIALS: u16 = 34;
    pub const SESSION_TICKET: u16 = 35;
    pub const KEY_SHARE_OF_DRAFTS: u16 = 40;
    pub const PRE_SHARED_KEY: u16 = 41;
    pub const EARLY_DATA: u16 = 42;
    pub const SUPPORTED_VERSIONS: u16 = 43;
    pub const COOKIE: u16 = 44;
    pub const PSK_KEY_EXCHANGE_MODES: u16 = 45;
    pub const CERTIFICATE_AUTHORITIES: u16 = 47;
    pub const POST_HANDSHAKE_AUTH: u16 = 49;
    pub const SIGNATURE_ALGORITHMS_CERT: u16 = 50;
    pub const KEY_SHARE: u16 = 51;
    pub const QUIC_PARAMETERS: u16 = 57;
    pub const QUIC_PARAMETERS_OF_DRAFTS: u16 = 0xffa5;
    pub const ECH_OUTER_EXTENSIONS: u16 = 0xfd00;
    pub const ENCRYPTED_CLIENT_HELLO: u16 = 0xfe0d;
    pub const ENCRYPTED_CLIENT_HELLO_OF_DRAFTS: [u16; 5] = [0xfe08, 0xfe09, 0xfe0a, 0xfe0b, 0xfe0c];
    pub const ENCRYPTED_SERVER_NAME: u16 = 0xffce;
    pub const RENEGOTIATION_INFO: u16 = 0xff01;
}

/// The random by which a ServerHello says that it is a HelloRetryRequest
/// (RFC 9846, section 4.2.3): the SHA-256 of "HelloRetryRequest".
pub const RETRY_RANDOM: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// The type and the body of a handshake message.
pub fn split<'a>(mut message: Reader<'a>) -> Result<(HandshakeType, Reader<'a>), Short> {
    let (kind, _) = message.u8("handshake type")?;
    let (len, _) = message.number(3, "handshake length")?;
    Ok((HandshakeType(kind), message.sub(len as usize, "the handshake message")?))
}

/// How long a message is with its header, as it says itself.
#[must_use]
pub fn message_len(message: &[u8]) -> Option<usize> {
    let [_, high, middle, low] = message.first_chunk::<HEADER_LEN>()?.map(usize::from);
    Some(HEADER_LEN + (high << 16 | middle << 8 | low))
}

/// What a hello of either side says, as far as it could be read.
#[derive(Clone, Copy, Debug)]
pub struct Hello<'a> {
    /// The version field, frozen at TLS 1.2 since TLS 1.3.
    pub legacy_version: Version,
    /// The random.
    pub random: &'a [u8; 32],
    /// The session id.
    pub session_id: &'a [u8],
    /// The suites offered, or the one chosen: two bytes each.
    pub suites: &'a [u8],
    /// The compression method that a ServerHello chooses.
    pub compression: u8,
    extensions: &'a [u8],
}

impl<'a> Hello<'a> {
    /// One that was said in another form.
    #[must_use]
    pub const fn without_extensions(
        legacy_version: Version,
        random: &'a [u8; 32],
        session_id: &'a [u8],
        suites: &'a [u8],
    ) -> Self {
        Self { legacy_version, random, session_id, suites, compression: 0, extensions: &[] }
    }

    /// Reads the body of a ClientHello (RFC 9846, section 4.2.2). That of DTLS has a cookie
    /// (RFC 6347, section 4.2.1).
    #[must_use]
    pub fn client(body: Reader<'a>) -> Option<Self> {
        let (legacy_version, random, session_id, mut body) = Self::start(body)?;
        if legacy_version.is_dtls() {
            vector(&mut body, 1)?;
        }
        let suites = vector(&mut body, 2)?;
        vector(&mut body, 1)?;
        let extensions = rest(&mut body);
        Some(Self { legacy_version, random, session_id, suites, compression: 0, extensions })
    }

    /// Reads the body of a ServerHello (RFC 9846, section 4.2.3), or one of drafts of TLS 1.3.
    #[must_use]
    pub fn server(body: Reader<'a>) -> Option<Self> {
        if let Some(short) = Self::short_answer(body) {
            return Some(short);
        }
        let (legacy_version, random, session_id, mut body) = Self::start(body)?;
        let (suites, _) = body.take(2, "cipher suite").ok()?;
        let (compression, _) = body.u8("compression method").ok()?;
        let extensions = rest(&mut body);
        Some(Self { legacy_version, random, session_id, suites, compression, extensions })
    }

    /// A ServerHello of drafts before the 22nd: no session id, and no compression method.
    fn short_answer(mut body: Reader<'a>) -> Option<Self> {
        let legacy_version = Version(body.u16("version").ok()?.0);
        if !legacy_version.has_short_answer() {
            return None;
        }
        let (random, _) = body.take(32, "random").ok()?;
        let (suites, _) = body.take(2, "cipher suite").ok()?;
        let (random, session_id, compression) = (random.try_into().ok()?, &[][..], 0);
        let extensions = rest(&mut body);
        Some(Self { legacy_version, random, session_id, suites, compression, extensions })
    }

    fn start(mut body: Reader<'a>) -> Option<(Version, &'a [u8; 32], &'a [u8], Reader<'a>)> {
        let (version, _) = body.u16("version").ok()?;
        let (random, _) = body.take(32, "random").ok()?;
        let session_id = vector(&mut body, 1)?;
        Some((Version(version), random.try_into().ok()?, session_id, body))
    }

    /// The data of an extension, where it is there.
    #[must_use]
    pub fn extension(&self, wanted: u16) -> Option<Reader<'a>> {
        find_extension(self.extensions, wanted)
    }

    /// The types of all extensions, in order.
    pub fn extension_types(&self) -> impl Iterator<Item = u16> + use<'a> {
        let mut list = Reader::new(self.extensions, ANYWHERE);
        std::iter::from_fn(move || {
            let (kind, _) = list.u16("extension type").ok()?;
            vector(&mut list, 2)?;
            Some(kind)
        })
    }

    /// The suites, in order.
    pub fn suites(&self) -> impl Iterator<Item = Suite> + use<'a> {
        numbers(self.suites).map(Suite)
    }

    /// A ServerHello's suite.
    #[must_use]
    pub fn suite(&self) -> Suite {
        self.suites().next().unwrap_or_default()
    }

    /// Whether it is a HelloRetryRequest.
    #[must_use]
    pub fn is_retry(&self) -> bool {
        *self.random == RETRY_RANDOM
    }

    /// The version a ServerHello chooses (RFC 9846, section 4.3.1).
    #[must_use]
    pub fn chosen_version(&self) -> Version {
        self.extension(extension::SUPPORTED_VERSIONS)
            .and_then(|mut data| data.u16("version").ok())
            .map_or(self.legacy_version, |(version, _)| Version(version))
    }

    /// The versions a ClientHello offers, in its order of preference.
    pub fn offered_versions(&self) -> impl Iterator<Item = Version> + use<'a> {
        let listed =
            self.extension(extension::SUPPORTED_VERSIONS).and_then(|mut data| vector(&mut data, 1));
        let legacy = listed.is_none().then_some(self.legacy_version);
        legacy.into_iter().chain(numbers(listed.unwrap_or_default()).map(Version))
    }

    /// The first server name, as it stands there.
    #[must_use]
    pub fn server_name(&self) -> Option<&'a [u8]> {
        let mut data = self.extension(extension::SERVER_NAME)?;
        data.take(3, "server name list").ok()?;
        vector(&mut data, 2)
    }

    /// Whether a ClientHello seals another one inside, or acts as if it did (RFC 9849, section 5).
    #[must_use]
    pub fn seals_another(&self) -> bool {
        let data = self.extension(extension::ENCRYPTED_CLIENT_HELLO);
        data.is_some_and(|data| data.rest().first() == Some(&0))
    }

    /// The groups for which a ClientHello sends key shares.
    pub fn shared_groups(&self) -> impl Iterator<Item = u16> + use<'a> {
        self.shares().map(|(group, _)| group)
    }

    /// The key shares of a ClientHello: groups, and how long each share is in bytes.
    pub fn shares(&self) -> impl Iterator<Item = (u16, usize)> + use<'a> {
        let list = self.key_share().and_then(|mut data| vector(&mut data, 2)).unwrap_or_default();
        let mut list = Reader::new(list, ANYWHERE);
        std::iter::from_fn(move || {
            let (group, _) = list.u16("group").ok()?;
            Some((group, vector(&mut list, 2)?.len()))
        })
    }

    /// By what a ClientHello names earlier secrets, each of which it proves to hold by a binder
    /// (RFC 9846, section 4.3.11).
    pub fn earlier_secrets(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let list = self
            .extension(extension::PRE_SHARED_KEY)
            .and_then(|mut data| vector(&mut data, 2))
            .unwrap_or_default();
        let mut list = Reader::new(list, ANYWHERE);
        std::iter::from_fn(move || {
            let identity = vector(&mut list, 2)?;
            list.u32("ticket age").ok().map(|_| identity)
        })
    }

    /// Whether both sides had all of these secrets by another way than an earlier visit: those have
    /// no age, and are to say so with a zero, which a ticket's age is hidden by a random number to
    /// be (RFC 9846, section 4.3.11).
    #[must_use]
    pub fn has_external_secrets(&self) -> bool {
        let list = self
            .extension(extension::PRE_SHARED_KEY)
            .and_then(|mut data| vector(&mut data, 2))
            .unwrap_or_default();
        let mut list = Reader::new(list, ANYWHERE);
        let mut ages = std::iter::from_fn(move || {
            vector(&mut list, 2)?;
            list.u32("ticket age").ok().map(|(age, _)| age)
        });
        ages.next() == Some(0) && ages.all(|age| age == 0)
    }

    /// The group a ServerHello takes up, or a HelloRetryRequest asks for.
    #[must_use]
    pub fn chosen_group(&self) -> Option<u16> {
        let mut data = self.key_share()?;
        data.u16("group").ok().map(|(group, _)| group)
    }

    /// The key shares. Before draft 23 of TLS 1.3 they went by another number, which means nothing
    /// anywhere else.
    fn key_share(&self) -> Option<Reader<'a>> {
        let is_early = |version: Version| version.draft().is_some_and(|draft| draft < 23);
        let of_drafts = || self.extension(extension::KEY_SHARE_OF_DRAFTS);
        let early = || is_early(self.chosen_version()) || self.offered_versions().any(is_early);
        self.extension(extension::KEY_SHARE).or_else(|| of_drafts().filter(|_| early()))
    }
}

/// Any place: for readers whose places nobody asks for.
pub const ANYWHERE: Span = Span { len: u32::MAX, ..Span::NONE };

/// The data of an extension in a list of extensions (without its length).
#[must_use]
pub fn find_extension(list: &[u8], wanted: u16) -> Option<Reader<'_>> {
    let mut list = Reader::new(list, ANYWHERE);
    loop {
        let (kind, _) = list.u16("extension type").ok()?;
        let (len, _) = list.u16("extension length").ok()?;
        let data = list.sub(usize::from(len), "extension").ok()?;
        if kind == wanted {
            return Some(data);
        }
    }
}

/// The protocol that a list of ALPN names begins with (RFC 7301, section 3.1).
#[must_use]
pub fn first_alpn<'a>(mut data: Reader<'a>) -> Option<&'a [u8]> {
    data.u16("ALPN list length").ok()?;
    vector(&mut data, 1)
}

/// A vector whose length stands before it in `width` bytes.
pub fn vector<'a>(reader: &mut Reader<'a>, width: usize) -> Option<&'a [u8]> {
    let (len, _) = reader.number(width, "length").ok()?;
    reader.take(len as usize, "vector").ok().map(|(bytes, _)| bytes)
}

/// The list of extensions, or as much of it as is there.
fn rest<'a>(body: &mut Reader<'a>) -> &'a [u8] {
    let _ = body.u16("extensions length");
    body.rest()
}

/// Numbers of two bytes.
pub fn numbers(bytes: &[u8]) -> impl Iterator<Item = u16> + use<'_> {
    bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair))
}

/// Whether a number is GREASE: it stands for nothing, so that others keep taking what they do not
/// know (RFC 8701, section 2).
#[must_use]
pub const fn is_grease(number: u16) -> bool {
    let [high, low] = number.to_be_bytes();
    high == low && low & 0x0f == 0x0a
}
