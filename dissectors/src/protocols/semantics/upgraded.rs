//! The request with which a connection turned to another protocol (RFC 9110, section 7.8): HTTP/2
//! answers it on its first stream. Who read it leaves it for who answers.

use crate::engine::session::Out;
use crate::ids::{Direction, FrameId, MessageId};

/// Where it is left.
const SHELF: &str = "upgraded";

/// The request that asked for the other protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::protocols) struct Upgraded {
    pub(in crate::protocols) id: MessageId,
    pub(in crate::protocols) frame: FrameId,
    pub(in crate::protocols) from: Direction,
    pub(in crate::protocols) method: Box<[u8]>,
    pub(in crate::protocols) host: Box<[u8]>,
    pub(in crate::protocols) target: Box<[u8]>,
    /// What is to be spoken inside a WebSocket (RFC 6455, section 4.2.2), as the answer has it;
    /// empty where it says nothing.
    pub(in crate::protocols) subprotocol: Box<[u8]>,
    /// What it said of HTTP/2, as a SETTINGS frame does.
    pub(in crate::protocols) settings: Box<[u8]>,
}

impl Upgraded {
    /// Leaves it for the protocol that comes.
    pub(in crate::protocols) fn leave(&self, out: &mut Out<'_>) {
        let mut bytes = vec![self.from.index() as u8];
        bytes.extend(self.id.0.to_be_bytes());
        bytes.extend(self.frame.0.to_be_bytes());
        // None but the last holds a line end.
        let words = [
            &self.method[..],
            &self.host[..],
            &self.target[..],
            &self.subprotocol[..],
            &self.settings[..],
        ];
        bytes.extend(words.join(&b'\n'));
        out.shelve(SHELF, &bytes);
    }

    /// What was left.
    pub(in crate::protocols) fn take(out: &Out<'_>) -> Option<Self> {
        let (from, rest) = out.shelved(SHELF)?.split_first()?;
        let (id, rest) = rest.split_first_chunk()?;
        let (frame, rest) = rest.split_first_chunk()?;
        let mut words = rest.splitn(5, |byte| *byte == b'\n');
        Some(Self {
            id: MessageId(u32::from_be_bytes(*id)),
            frame: FrameId(u32::from_be_bytes(*frame)),
            from: if *from == 0 { Direction::Forward } else { Direction::Backward },
            method: words.next()?.into(),
            host: words.next()?.into(),
            target: words.next()?.into(),
            subprotocol: words.next()?.into(),
            settings: words.next()?.into(),
        })
    }
}
