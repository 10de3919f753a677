//! The head of EtherNet/IP's encapsulation, and the items behind it (CIP, volume 2, chapter 2):
//! numbers are little-endian.

use std::ops::Range;

use crate::bytes::little;

/// Items of one message of EtherNet/IP. What carries CIP has two to four.
pub(super) const MAX_ITEMS: usize = 64;

/// Command, length, session, status, context and options.
pub(super) const HEAD: usize = 24;
/// What stands before the items of carried messages: interface and timeout.
pub(super) const CARRIER: usize = 6;
/// Kind and length of an item.
const ITEM: usize = 4;

/// Commands of the encapsulation.
pub(super) mod command {
    pub(in super::super) const NOP: u16 = 0x00;
    pub(in super::super) const LIST_SERVICES: u16 = 0x04;
    pub(in super::super) const LIST_IDENTITY: u16 = 0x63;
    pub(in super::super) const LIST_INTERFACES: u16 = 0x64;
    pub(in super::super) const REGISTER: u16 = 0x65;
    pub(in super::super) const UNREGISTER: u16 = 0x66;
    pub(in super::super) const SEND_RR: u16 = 0x6f;
    pub(in super::super) const SEND_UNIT: u16 = 0x70;
}

/// Kinds of items.
pub(super) mod item {
    pub(in super::super) const IDENTITY: u16 = 0x0c;
    pub(in super::super) const CONNECTION: u16 = 0xa1;
    pub(in super::super) const CONNECTED: u16 = 0xb1;
    pub(in super::super) const UNCONNECTED: u16 = 0xb2;
    pub(in super::super) const SERVICES: u16 = 0x100;
    pub(in super::super) const SOCKET_TO: u16 = 0x8000;
    pub(in super::super) const SOCKET_FROM: u16 = 0x8001;
    pub(in super::super) const SEQUENCED: u16 = 0x8002;
}

/// The head of an encapsulated message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) command: u16,
    /// How many bytes follow.
    pub(super) len: usize,
    pub(super) session: u32,
    pub(super) status: u32,
    /// What whoever asks chose, and whoever answers repeats.
    pub(super) context: u64,
}

impl Head {
    /// The head that stands here; `None` if its command is unknown or its options are not zero, as
    /// they have to be.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let number = |at, width| little(bytes, at, width);
        let command = number(0, 2)? as u16;
        let is_known = matches!(
            command,
            command::NOP
                | command::LIST_SERVICES
                | command::LIST_IDENTITY
                | command::LIST_INTERFACES
                | command::REGISTER
                | command::UNREGISTER
                | command::SEND_RR
                | command::SEND_UNIT
        );
        if !is_known || number(20, 4)? != 0 {
            return None;
        }
        Some(Self {
            command,
            len: number(2, 2)? as usize,
            session: number(4, 4)? as u32,
            status: number(8, 4)? as u32,
            context: number(12, 8)?,
        })
    }

    /// Where its count of items stands, of commands that have one.
    pub(super) const fn items(self) -> Option<usize> {
        match self.command {
            command::SEND_RR | command::SEND_UNIT => Some(HEAD + CARRIER),
            command::LIST_SERVICES | command::LIST_IDENTITY | command::LIST_INTERFACES
                if self.len > 0 =>
            {
                Some(HEAD)
            }
            _ => None,
        }
    }

    /// Whether it answers. Nothing in the head says so: what asks has no status and, where it
    /// wants a session or a list, nothing else either; what is carried has a bit for it.
    pub(super) fn answers(self, bytes: &[u8]) -> bool {
        self.status != 0
            || match self.command {
                command::REGISTER => self.session != 0,
                command::SEND_RR | command::SEND_UNIT => carried(bytes)
                    .and_then(|part| bytes.get(part.start))
                    .is_some_and(|service| service & 0x80 != 0),
                _ => self.len > 0,
            }
    }
}

/// One item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) kind: u16,
    pub(super) data: Range<usize>,
}

/// The items whose count stands there, as far as they are there.
pub(super) fn items(bytes: &[u8], at: usize) -> impl Iterator<Item = Item> {
    let count = little(bytes, at, 2).unwrap_or(0) as usize;
    let mut at = at + 2;
    (0..count.min(MAX_ITEMS)).map_while(move |_| {
        let kind = little(bytes, at, 2)? as u16;
        let len = little(bytes, at + 2, 2)? as usize;
        let data = at + ITEM..at + ITEM + len;
        bytes.get(data.clone())?;
        at = data.end;
        Some(Item { kind, data })
    })
}

/// Where the message lies that a message carries.
pub(super) fn carried(bytes: &[u8]) -> Option<Range<usize>> {
    let at = Head::read(bytes).filter(|head| is_carrier(head.command))?.items()?;
    let part = items(bytes, at).find_map(|item| match item.kind {
        item::UNCONNECTED => Some(item.data),
        // Behind the number by which a connection counts its messages.
        item::CONNECTED => Some(item.data.start + 2..item.data.end),
        _ => None,
    })?;
    (part.start < part.end).then_some(part)
}

/// Whether a command carries messages of objects.
pub(super) const fn is_carrier(command: u16) -> bool {
    matches!(command, command::SEND_RR | command::SEND_UNIT)
}

/// The connection and number of data that is sent at a rate: items alone, in a datagram.
pub(super) fn implicit(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut items = items(bytes, 0);
    let address = items.next().filter(|item| item.kind == item::SEQUENCED)?;
    items.next().filter(|item| item.kind == item::CONNECTED)?;
    let at = address.data.start;
    Some((little(bytes, at, 4)? as u32, little(bytes, at + 4, 4)? as u32))
}
