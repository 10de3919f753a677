//! Certificates that travel compressed (RFC 8879): one message holds the body of another.
//!
//! ```text
//!   CompressedCertificate   |algorithm 2|length inside 3|length 3|coded …|
//!                                                                   └──> body of Certificate
//! ```

use super::handshake::HandshakeType;
use super::handshake::wire::{ANYWHERE, HEADER_LEN, split, vector};
use crate::bytes::Reader;
use crate::codes;
use crate::engine::derive::Coding;
use crate::engine::session::Out;
use crate::engine::view::View;
use crate::ids::MessageId;
use crate::message::{Message, MessagePart};
use crate::span::Span;

/// What stands in the body before what is coded.
const BEFORE: usize = 8;

codes! {
    /// What a part of a handshake message is.
    pub(super) enum Role {
        /// The body of the Certificate message that a CompressedCertificate holds.
        Certificate,
    }
}

/// How a Certificate message was made smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packed {
    /// The algorithm (RFC 8879, section 7.3).
    pub(super) algorithm: u16,
    /// How long the body is that it holds, as it says itself.
    pub(super) whole: usize,
    /// How many bytes came in its place.
    pub(super) coded: usize,
}

impl Packed {
    /// Reads the body of a CompressedCertificate message (RFC 8879, section 4).
    pub(super) fn read(mut body: Reader<'_>) -> Option<Self> {
        let (algorithm, _) = body.u16("algorithm").ok()?;
        let (whole, _) = body.number(3, "uncompressed length").ok()?;
        let coded = vector(&mut body, 3)?.len();
        Some(Self { algorithm, whole: whole as usize, coded })
    }

    /// How what it holds is read; nothing for an algorithm that is not known here.
    const fn coding(self) -> Option<Coding> {
        match self.algorithm {
            1 => Some(Coding::Deflate),
            2 => Some(Coding::Brotli),
            3 => Some(Coding::Zstd),
            _ => None,
        }
    }
}

/// Puts what a CompressedCertificate holds beside its message; nothing beside any other.
pub(super) fn unpack(kind: HandshakeType, span: Span, id: MessageId, out: &mut Out<'_>) {
    if kind != HandshakeType::COMPRESSED_CERTIFICATE || out.is_brief() {
        return;
    }
    let message = Reader::new(out.bytes(span), ANYWHERE);
    let packed = split(message).ok().and_then(|(_, body)| Packed::read(body));
    let Some((packed, coding)) = packed.and_then(|packed| Some((packed, packed.coding()?))) else {
        return;
    };
    let inside = out.decode(coding, span.from(HEADER_LEN + BEFORE).part(0, packed.coded));
    out.attachment(id).parts.push(MessagePart::new(Role::Certificate, inside));
}

/// The body of the Certificate message that a message holds.
pub(super) fn inside<'a>(message: &Message, view: &View<'a>) -> Option<Reader<'a>> {
    view.part(message, Role::Certificate).map(|place| view.reader(place))
}
