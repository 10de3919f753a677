//! Packets of MQTT as far as pairing, rows and sentences need them.

use super::Version;
use crate::bytes::{Reader, Short};
use crate::span::Span;

/// Control packets by their numbers (MQTT 5.0, section 2.1.2).
pub(super) mod packet {
    pub(crate) const CONNECT: u8 = 1;
    pub(crate) const CONNACK: u8 = 2;
    pub(crate) const PUBLISH: u8 = 3;
    pub(crate) const PUBACK: u8 = 4;
    pub(crate) const PUBREC: u8 = 5;
    pub(crate) const PUBREL: u8 = 6;
    pub(crate) const PUBCOMP: u8 = 7;
    pub(crate) const SUBSCRIBE: u8 = 8;
    pub(crate) const SUBACK: u8 = 9;
    pub(crate) const UNSUBSCRIBE: u8 = 10;
    pub(crate) const UNSUBACK: u8 = 11;
    pub(crate) const PINGREQ: u8 = 12;
    pub(crate) const PINGRESP: u8 = 13;
    pub(crate) const DISCONNECT: u8 = 14;
    pub(crate) const AUTH: u8 = 15;
}

/// The flag of a CONNACK that says that the broker knows the client from before.
pub(super) const SESSION_PRESENT: u8 = 1;

/// Bytes that a length takes at most (MQTT 5.0, section 1.5.5).
const MAX_LENGTH: usize = 4;

/// The length that stands here: it, and how many bytes it takes; `None` if more are needed, and
/// `Err` if it goes on beyond [`MAX_LENGTH`].
pub(super) fn length(bytes: &[u8]) -> Result<Option<(u32, usize)>, ()> {
    let mut value = 0;
    for (at, byte) in bytes.iter().take(MAX_LENGTH).enumerate() {
        value |= u32::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Ok(Some((value, at + 1)));
        }
    }
    if bytes.len() < MAX_LENGTH { Ok(None) } else { Err(()) }
}

/// A length, with its place.
pub(super) fn take_length(reader: &mut Reader<'_>) -> Result<(u32, Span), Short> {
    let found = length(reader.rest()).ok().flatten();
    // Where it is not whole, one byte more than there is says so.
    let (value, width) = found.unwrap_or((0, reader.len().min(MAX_LENGTH) + 1));
    reader.take(width, "A length").map(|(_, place)| (value, place))
}

/// A text or bytes behind their length of two bytes.
pub(super) fn counted<'a>(reader: &mut Reader<'a>, what: &'static str) -> Result<&'a [u8], Short> {
    let (len, _) = reader.u16(what)?;
    reader.take(len.into(), what).map(|(bytes, _)| bytes)
}

/// Whether the first byte is one that a packet begins with: its lower half is settled for all but
/// PUBLISH (MQTT 5.0, section 2.1.3).
pub(super) fn may_begin(first: u8) -> bool {
    match (first >> 4, first & 0x0f) {
        (0, _) => false,
        (packet::PUBLISH, flags) => flags & 0x06 != 0x06,
        // Version 3.1 sets the bit for a repetition there as well.
        (packet::PUBREL | packet::SUBSCRIBE | packet::UNSUBSCRIBE, flags) => flags & !0x08 == 2,
        (_, flags) => flags == 0,
    }
}

/// The version that a CONNECT names, in a packet that begins here; `None` if it is none.
pub(super) fn connects(bytes: &[u8]) -> Option<Version> {
    let (first, rest) = bytes.split_first()?;
    let (_, width) = length(rest).ok()??;
    let name = rest.get(width..)?;
    let level = match (first, name) {
        (0x10, [0, 4, b'M', b'Q', b'T', b'T', level, ..])
        | (0x10, [0, 6, b'M', b'Q', b'I', b's', b'd', b'p', level, ..]) => *level,
        _ => return None,
    };
    Some(match level {
        3 => Version::V31,
        4 => Version::V311,
        5 => Version::V5,
        _ => Version::Unknown,
    })
}

/// What a packet is about.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Packet<'a> {
    /// Which packet.
    pub(super) number: u8,
    /// The lower half of its first byte.
    pub(super) flags: u8,
    /// Its identifier, where it has one.
    pub(super) id: Option<u16>,
    /// The topic of a PUBLISH, and the first of a subscription; the name of who connects.
    pub(super) name: &'a [u8],
    /// The code of an answer; of several the first that says no, else the first.
    pub(super) code: Option<u8>,
    /// Of a CONNECT, how many seconds may pass in silence.
    pub(super) keep_alive: u16,
    /// Of a CONNECT with a last will, what that is about, and the message itself.
    pub(super) will: Option<(&'a [u8], &'a [u8])>,
    /// Of a CONNACK, its flags: [`SESSION_PRESENT`].
    pub(super) connack_flags: u8,
    /// Of a PUBLISH, what it carries.
    pub(super) carries: &'a [u8],
}

impl<'a> Packet<'a> {
    /// How a PUBLISH is to be delivered.
    pub(super) const fn quality(self) -> u8 {
        self.flags >> 1 & 3
    }

    /// Whether its code says no.
    pub(super) fn refuses(self, version: Version) -> bool {
        match (self.number, version) {
            (packet::CONNACK, Version::V31 | Version::V311) => {
                self.code.is_some_and(|code| code > 0)
            }
            _ => self.code.is_some_and(|code| code >= 0x80),
        }
    }

    /// A packet, as far as it is there.
    pub(super) fn read(bytes: &'a [u8], version: Version) -> Self {
        let mut found = Self::default();
        let span = Span { len: u32::try_from(bytes.len()).unwrap_or(u32::MAX), ..Span::NONE };
        // What is short leaves the rest of it unsaid.
        let _ = found.fill(&mut Reader::new(bytes, span), version);
        found
    }

    fn fill(&mut self, reader: &mut Reader<'a>, version: Version) -> Result<(), Short> {
        let (first, _) = reader.u8("The type")?;
        (self.number, self.flags) = (first >> 4, first & 0x0f);
        take_length(reader)?;
        let has_properties = version == Version::V5;
        match self.number {
            packet::CONNECT => self.connect(reader, has_properties)?,
            packet::CONNACK => {
                self.connack_flags = reader.u8("The flags")?.0;
                self.code = Some(reader.u8("The code")?.0);
            }
            packet::PUBLISH => {
                self.name = counted(reader, "The topic")?;
                if self.quality() > 0 {
                    self.id = Some(reader.u16("The identifier")?.0);
                }
                skip_properties(reader, has_properties)?;
                self.carries = reader.rest();
            }
            packet::PUBACK..=packet::PUBCOMP => {
                self.id = Some(reader.u16("The identifier")?.0);
                self.code = has_properties.then(|| reader.rest().first().copied().unwrap_or(0));
            }
            packet::SUBSCRIBE..=packet::UNSUBACK => {
                self.id = Some(reader.u16("The identifier")?.0);
                skip_properties(reader, has_properties)?;
                if matches!(self.number, packet::SUBSCRIBE | packet::UNSUBSCRIBE) {
                    self.name = counted(reader, "The topic")?;
                } else {
                    let codes = reader.rest();
                    let refused = codes.iter().find(|code| **code >= 0x80);
                    self.code = refused.or_else(|| codes.first()).copied();
                }
            }
            packet::DISCONNECT | packet::AUTH if has_properties => {
                self.code = Some(reader.rest().first().copied().unwrap_or(0));
            }
            _ => {}
        }
        Ok(())
    }

    fn connect(&mut self, reader: &mut Reader<'a>, has_properties: bool) -> Result<(), Short> {
        counted(reader, "The protocol's name")?;
        reader.u8("The version")?;
        let (flags, _) = reader.u8("The flags")?;
        self.keep_alive = reader.u16("The time to keep alive")?.0;
        skip_properties(reader, has_properties)?;
        self.name = counted(reader, "The client's name")?;
        if flags & WILL > 0 {
            skip_properties(reader, has_properties)?;
            let topic = counted(reader, "The will's topic")?;
            self.will = Some((topic, counted(reader, "The will's message")?));
        }
        Ok(())
    }
}

/// The flag of a CONNECT that brings a last will (MQTT 5.0, section 3.1.2.5).
const WILL: u8 = 0x04;

fn skip_properties(reader: &mut Reader<'_>, are_there: bool) -> Result<(), Short> {
    if are_there {
        let (len, _) = take_length(reader)?;
        reader.take(len as usize, "The properties")?;
    }
    Ok(())
}
