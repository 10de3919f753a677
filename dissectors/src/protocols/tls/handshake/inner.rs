//! A ClientHello inside another (RFC 9849, section 5.1): what is sealed is shorter than what it
//! stands for.
//!
//! ```text
//!   outer     … session id … extensions A B C, encrypted_client_hello
//!                  │                    │ │         └─> opened:
//!   encoded   …   (empty)  … extensions (B C), D, encrypted_client_hello |zeros
//!                  v                    v v
//!   inner     … session id … extensions  B C , D, encrypted_client_hello
//! ```

use std::ops::Range;

use super::super::version::Version;
use super::wire::{ANYWHERE, HEADER_LEN, HandshakeType, extension, numbers};
use crate::bytes::{Reader, Short};

/// What an encrypted_client_hello says first: which hello it stands in.
const OUTER: u8 = 0;
const INNER: u8 = 1;

/// The parts of a ClientHello, as places in its message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// The session id, with its length.
    session_id: Range<usize>,
    /// What stands between session id and extensions.
    middle: Range<usize>,
    /// Each extension with its type and its length.
    extensions: Vec<(u16, Range<usize>)>,
    /// Where all ends that is counted.
    pub(super) end: usize,
}

impl Layout {
    /// Reads a ClientHello that begins `at` bytes in: behind the header of its message, if it has
    /// one.
    pub(super) fn read(hello: &[u8], at: usize) -> Result<Self, Short> {
        let mut reader = Reader::new(hello, ANYWHERE);
        let here = |reader: &Reader<'_>| reader.span().start as usize;
        reader.take(at, "message header")?;
        let (version, _) = reader.u16("version")?;
        reader.take(32, "random")?;
        let start = here(&reader);
        skip(&mut reader, 1, "session id")?;
        let session_id = start..here(&reader);
        if Version(version).is_dtls() {
            skip(&mut reader, 1, "cookie")?;
        }
        skip(&mut reader, 2, "cipher suites")?;
        skip(&mut reader, 1, "compression methods")?;
        let middle = session_id.end..here(&reader);
        let (len, _) = reader.u16("extensions")?;
        let mut list = reader.sub(len.into(), "extensions")?;
        let mut extensions = Vec::new();
        while !list.is_empty() {
            let start = here(&list);
            let (kind, _) = list.u16("extension type")?;
            skip(&mut list, 2, "extension")?;
            extensions.push((kind, start..here(&list)));
        }
        Ok(Self { session_id, middle, extensions, end: here(&reader) })
    }
}

fn skip(reader: &mut Reader<'_>, width: usize, what: &'static str) -> Result<(), Short> {
    let (len, _) = reader.number(width, what)?;
    reader.take(len as usize, what).map(|_| ())
}

/// What a client seals and how (RFC 9849, section 5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer<'a> {
    pub(super) kdf: u16,
    pub(super) aead: u16,
    /// Whether a secret is sealed to that key here; not in the hello after a HelloRetryRequest.
    pub(super) has_secret: bool,
    /// Where what is sealed lies in the message.
    pub(super) payload: Range<usize>,
    message: &'a [u8],
    layout: Layout,
}

impl<'a> Offer<'a> {
    /// Reads a ClientHello message; nothing where it seals none inside.
    pub(super) fn read(message: &'a [u8]) -> Option<Self> {
        let layout = Layout::read(message, HEADER_LEN).ok()?;
        let is_it = |(kind, _): &&(u16, _)| *kind == extension::ENCRYPTED_CLIENT_HELLO;
        let (_, place) = layout.extensions.iter().find(is_it)?;
        let mut reader = Reader::new(message.get(..place.end)?, ANYWHERE);
        reader.take(place.start + 4, "before it").ok()?;
        (reader.u8("type").ok()?.0 == OUTER).then_some(())?;
        let (kdf, _) = reader.u16("KDF").ok()?;
        let (aead, _) = reader.u16("AEAD").ok()?;
        reader.u8("config id").ok()?;
        let (len, _) = reader.u16("secret").ok()?;
        reader.take(len.into(), "secret").ok()?;
        let (sealed, _) = reader.u16("payload").ok()?;
        let start = reader.span().start as usize;
        reader.take(sealed.into(), "payload").ok()?;
        let payload = start..start + usize::from(sealed);
        Some(Self { kdf, aead, has_secret: len > 0, payload, message, layout })
    }

    /// What the seal is bound to (RFC 9849, section 5.2): the hello with zeros for what is sealed.
    pub(super) fn bound(&self) -> Vec<u8> {
        let mut hello = self.message.to_vec();
        hello.get_mut(self.payload.clone()).unwrap_or_default().fill(0);
        hello.split_off(HEADER_LEN.min(hello.len()))
    }

    /// The ClientHello message that what was opened stands for.
    pub(super) fn inner(&self, opened: &[u8]) -> Result<Vec<u8>, Flaw> {
        let layout = Layout::read(opened, 0)?;
        let inside = |place: &Range<usize>| opened.get(place.clone()).unwrap_or_default();
        let outside = |place: &Range<usize>| self.message.get(place.clone()).unwrap_or_default();
        if inside(&layout.session_id) != [0] {
            return Err(Flaw::SessionId);
        }
        let padding = opened.get(layout.end..).unwrap_or_default();
        if padding.iter().any(|byte| *byte != 0) {
            return Err(Flaw::Padding);
        }
        let mut extensions = Vec::new();
        let (mut is_inner, mut is_expanded) = (false, false);
        for (kind, place) in &layout.extensions {
            let data = inside(place);
            match *kind {
                extension::ECH_OUTER_EXTENSIONS if is_expanded => return Err(Flaw::Twice),
                extension::ECH_OUTER_EXTENSIONS => {
                    is_expanded = true;
                    for place in self.named(data)? {
                        extensions.extend_from_slice(outside(place));
                    }
                }
                kind => {
                    let is_it = kind == extension::ENCRYPTED_CLIENT_HELLO;
                    is_inner |= is_it && data.get(4..) == Some(&[INNER]);
                    extensions.extend_from_slice(data);
                }
            }
        }
        if !is_inner {
            return Err(Flaw::NotInner);
        }
        let count = u16::try_from(extensions.len()).map_err(|_| Flaw::TooLong)?.to_be_bytes();
        let parts = [
            opened.get(..layout.session_id.start).unwrap_or_default(),
            outside(&self.layout.session_id),
            inside(&layout.middle),
            &count,
            &extensions,
        ];
        let body = parts.concat();
        let [_, len @ ..] = u32::try_from(body.len()).map_err(|_| Flaw::TooLong)?.to_be_bytes();
        Ok([&[HandshakeType::CLIENT_HELLO.0][..], &len, &body].concat())
    }

    /// The extensions of the outer hello that a list names. They have to come there in its order,
    /// so that nobody can make a short list stand for much.
    fn named(&self, data: &[u8]) -> Result<Vec<&Range<usize>>, Flaw> {
        let mut reader = Reader::new(data, ANYWHERE);
        reader.take(4, "extension header")?;
        let (len, _) = reader.u8("list of extensions")?;
        let (list, _) = reader.take(len.into(), "list of extensions")?;
        let is_even = list.len().is_multiple_of(2) && !list.is_empty() && reader.is_empty();
        is_even.then_some(()).ok_or(Flaw::List)?;
        let mut left = self.layout.extensions.iter();
        let mut found: Vec<(u16, &Range<usize>)> = Vec::new();
        for wanted in numbers(list) {
            if wanted == extension::ENCRYPTED_CLIENT_HELLO {
                return Err(Flaw::Itself);
            }
            match left.find(|(kind, _)| *kind == wanted) {
                Some((kind, place)) => found.push((*kind, place)),
                None if found.iter().any(|(kind, _)| *kind == wanted) => {
                    return Err(Flaw::Repeated(wanted));
                }
                None if self.layout.extensions.iter().any(|(kind, _)| *kind == wanted) => {
                    return Err(Flaw::OutOfOrder(wanted));
                }
                None => return Err(Flaw::Missing(wanted)),
            }
        }
        Ok(found.into_iter().map(|(_, place)| place).collect())
    }
}

/// Why what was opened stands for no ClientHello: the server has to refuse it (RFC 9849, sections
/// 5.1 and 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(in super::super) enum Flaw {
    /// A length claims more than is there.
    #[error(transparent)]
    Short(#[from] Short),
    /// The session id is that of the outer hello, and is not said twice.
    #[error("the sealed ClientHello has a session id of its own")]
    SessionId,
    /// What fills it up.
    #[error("the sealed ClientHello is filled up with something else than zeros")]
    Padding,
    /// It does not say that it is one.
    #[error("the sealed ClientHello does not say that it is one inside another")]
    NotInner,
    /// Two lists of extensions.
    #[error("ech_outer_extensions comes twice")]
    Twice,
    /// The list is no list of numbers.
    #[error("ech_outer_extensions is no list of extensions")]
    List,
    /// The extension in which it lies.
    #[error("ech_outer_extensions names encrypted_client_hello")]
    Itself,
    /// One that was taken already.
    #[error("ech_outer_extensions names extension {0} again")]
    Repeated(u16),
    /// One that comes before another which was named before it.
    #[error("ech_outer_extensions names extension {0} out of order")]
    OutOfOrder(u16),
    /// One that is not there.
    #[error("ech_outer_extensions names extension {0}, which the outer ClientHello does not have")]
    Missing(u16),
    /// Together they are longer than a ClientHello can be.
    #[error("the sealed ClientHello stands for one that is too long")]
    TooLong,
}
