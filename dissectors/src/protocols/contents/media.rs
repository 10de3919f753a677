//! Media types: which reader a content has, and what parameters tell it.

use std::borrow::Cow;

use super::{form, gif, jpeg, json, multipart, png, text, webp, xml};
use crate::field::{FieldDef, FieldId};

/// The longest boundary of parts (RFC 2046, section 5.1.1).
const MAX_BOUNDARY: usize = 70;

/// Who reads a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Json,
    Xml,
    Form,
    Multipart,
    Png,
    Gif,
    Jpeg,
    Webp,
    Text,
}

/// How characters are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Charset {
    /// In UTF-8 or a part of it, or nobody says how.
    #[default]
    Utf8,
    /// In windows-1252, as which ISO 8859-1 is read, too (Encoding Standard, section 4.2).
    Latin1,
    /// In UTF-16, the high or the low byte first.
    Utf16 { is_little: bool },
}

/// A media type that somebody reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::protocols) struct Media {
    pub(super) kind: Kind,
    pub(super) charset: Charset,
    /// What stands between parts.
    pub(super) boundary: Box<[u8]>,
    /// The type without its parameters, of parts.
    pub(super) name: Box<str>,
}

impl Media {
    /// What the value of `Content-Type` says, where somebody reads that.
    pub(in crate::protocols) fn of(value: &[u8]) -> Option<Self> {
        let mut parts = value.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let name = std::str::from_utf8(parts.next()?).ok()?.to_ascii_lowercase();
        let kind = Kind::of(&name)?;
        let (mut charset, mut boundary) = (Charset::default(), Box::default());
        for part in parts {
            let Some(at) = memchr::memchr(b'=', part) else { continue };
            let (name, value) = (part.get(..at).unwrap_or_default(), part.get(at + 1..));
            let value = value.unwrap_or_default().trim_ascii();
            let bare = value.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\""));
            let value = bare.unwrap_or(value);
            if name.eq_ignore_ascii_case(b"charset") {
                charset = Charset::of(value);
            } else if name.eq_ignore_ascii_case(b"boundary") && value.len() <= MAX_BOUNDARY {
                boundary = value.into();
            }
        }
        Some(Self { kind, charset, boundary, name: name.into() })
    }

    /// What a text may be that looks like JSON.
    pub(in crate::protocols) fn json() -> Self {
        let (charset, boundary) = (Charset::Utf8, Box::default());
        Self { kind: Kind::Json, charset, boundary, name: "application/json".into() }
    }

    /// What a text is that nobody gives a type.
    pub(in crate::protocols) fn text() -> Self {
        let (charset, boundary, name) = (Charset::Utf8, Box::default(), "text/plain".into());
        Self { kind: Kind::Text, charset, boundary, name }
    }
}

impl Kind {
    /// Who reads contents of that type. A suffix says in which syntax others are written (RFC
    /// 6839).
    fn of(name: &str) -> Option<Self> {
        let (top, sub) = name.split_once('/')?;
        Some(match (top, sub) {
            ("application" | "text", "json") => Self::Json,
            ("application" | "text", "xml") => Self::Xml,
            ("application", "x-www-form-urlencoded") => Self::Form,
            ("application", "javascript" | "x-javascript") => Self::Text,
            ("image", "png") => Self::Png,
            ("image", "gif") => Self::Gif,
            ("image", "jpeg" | "jpg" | "pjpeg") => Self::Jpeg,
            ("image", "webp") => Self::Webp,
            ("multipart", _) => Self::Multipart,
            // It is read as it comes.
            ("text", "event-stream") => return None,
            (_, sub) if sub.ends_with("+json") => Self::Json,
            (_, sub) if sub.ends_with("+xml") => Self::Xml,
            ("text", _) => Self::Text,
            _ => return None,
        })
    }

    pub(super) const fn heading(self) -> FieldId {
        match self {
            Self::Json => json::HEADING,
            Self::Xml => xml::HEADING,
            Self::Form => form::HEADING,
            Self::Multipart => multipart::HEADING,
            Self::Png => png::HEADING,
            Self::Gif => gif::HEADING,
            Self::Jpeg => jpeg::HEADING,
            Self::Webp => webp::HEADING,
            Self::Text => text::HEADING,
        }
    }

    pub(super) fn fields(self) -> &'static [FieldDef] {
        match self {
            Self::Json => json::FIELDS,
            Self::Xml => xml::FIELDS,
            Self::Form => form::FIELDS,
            Self::Multipart => multipart::FIELDS,
            Self::Png => png::FIELDS,
            Self::Gif => gif::FIELDS,
            Self::Jpeg => jpeg::FIELDS,
            Self::Webp => webp::FIELDS,
            Self::Text => text::FIELDS,
        }
    }
}

impl Charset {
    /// The labels that are met (Encoding Standard, section 4.2); others are read as UTF-8, in which
    /// what is no text shows as such.
    fn of(label: &[u8]) -> Self {
        match label.to_ascii_lowercase().as_slice() {
            b"iso-8859-1" | b"iso8859-1" | b"latin1" | b"windows-1252" | b"cp1252" => Self::Latin1,
            b"utf-16" | b"utf-16le" => Self::Utf16 { is_little: true },
            b"utf-16be" => Self::Utf16 { is_little: false },
            _ => Self::Utf8,
        }
    }

    /// Whether a character may take two bytes of which one is a line end.
    pub(super) const fn is_wide(self) -> bool {
        matches!(self, Self::Utf16 { .. })
    }

    /// Bytes as text; the same bytes where they are UTF-8.
    pub(super) fn decode(self, bytes: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::Utf8 => bytes.into(),
            Self::Latin1 => {
                bytes.iter().map(|byte| latin1(*byte)).collect::<String>().into_bytes().into()
            }
            Self::Utf16 { is_little } => {
                let pairs = bytes.chunks_exact(2).filter_map(<[u8]>::first_chunk);
                let read = if is_little { u16::from_le_bytes } else { u16::from_be_bytes };
                let units: Vec<u16> = pairs.map(|pair| read(*pair)).collect();
                String::from_utf16_lossy(&units).into_bytes().into()
            }
        }
    }
}

/// A character of windows-1252: that of its number, but for 32 (Encoding Standard, index).
fn latin1(byte: u8) -> char {
    const OTHERS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    let other = byte.checked_sub(0x80).and_then(|at| OTHERS.get(usize::from(at)));
    other.copied().unwrap_or_else(|| char::from(byte))
}
