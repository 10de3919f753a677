//! Whether a record is sealed, and why one stays so.

use super::super::handshake::wire::{ANYWHERE, Hello, message_len, split};
use super::super::handshake::{Epoch, HandshakeType};
use super::super::names::{HANDSHAKE_TYPES, known};
use super::super::reason::Reason;
use super::super::record::{ContentType, Header};
use super::TlsSession;
use super::side::Key;
use crate::bytes::Reader;
use crate::engine::session::Out;
use crate::ids::Direction;
use crate::limits::MAX_HANDSHAKE;

/// The fewest bytes that a sealed fragment has before TLS 1.3: an alert with the hash of MD5 has
/// 18.
const MIN_FRAGMENT: usize = 16;

impl TlsSession {
    /// Whether a record is sealed in this direction: by what the handshake has settled, and where
    /// that was not seen, by how it looks.
    pub(super) fn is_sealed(
        &mut self,
        direction: Direction,
        header: Header,
        fragment: &[u8],
    ) -> bool {
        let is_under_way = self.side(direction).epoch == Epoch::Application;
        match self.facts().version {
            // RFC 9846, section 5.2: whatever is sealed looks like application data.
            Some(version) if version.is_13() => {
                header.content_type == ContentType::APPLICATION_DATA
            }
            // Who says hello again after a HelloRetryRequest has sent a ChangeCipherSpec for show
            // (RFC 9846, appendix E.4).
            None if is_under_way && greets(header.content_type, fragment) => {
                self.side_mut(direction).enter(Epoch::Clear);
                false
            }
            Some(_) | None if is_under_way => true,
            _ => self.looks_sealed(direction, header, fragment),
        }
    }

    /// Whether a record cannot be in the clear, although nobody saw the change of keys.
    fn looks_sealed(&self, direction: Direction, header: Header, fragment: &[u8]) -> bool {
        let facts = self.facts();
        let side = self.side(direction);
        let saw_none = facts.client_random.is_none() && facts.version.is_none();
        match header.content_type {
            ContentType::APPLICATION_DATA => true,
            ContentType::ALERT => header.len >= MIN_FRAGMENT,
            ContentType::HANDSHAKE => {
                (saw_none || side.is_behind)
                    && header.len >= MIN_FRAGMENT
                    && !self.handshake.is_within(direction, side.epoch)
                    && !begins_message(fragment)
            }
            _ => false,
        }
    }

    /// Why the record at hand was not opened.
    pub(super) fn reason(&self, direction: Direction, out: &Out<'_>) -> Reason {
        let side = self.side(direction);
        match side.key(side.epoch) {
            Key::Missing(reason) => *reason,
            Key::Known(..) if side.is_behind => Reason::Behind,
            Key::Known(..) => Reason::Mismatch,
            Key::Unasked => match self.lack(out) {
                // The secret is there, and the place where its key came into use is not.
                Reason::NoLabel => Reason::Behind,
                reason => reason,
            },
        }
    }

    /// Why a secret of this connection is not at hand.
    pub(super) fn lack(&self, out: &Out<'_>) -> Reason {
        let facts = self.facts();
        match Reason::of_lack(facts.client_random.as_ref(), out) {
            Reason::NoLine if facts.may_hide_random() => Reason::NoInnerLine,
            reason => reason,
        }
    }
}

/// Whether a fragment is a whole ClientHello.
fn greets(content_type: ContentType, fragment: &[u8]) -> bool {
    let read = || {
        let (kind, body) = split(Reader::new(fragment, ANYWHERE)).ok()?;
        (kind == HandshakeType::CLIENT_HELLO).then(|| Hello::client(body)).flatten()
    };
    content_type == ContentType::HANDSHAKE
        && read().is_some_and(|hello| hello.legacy_version.has_master())
}

/// Whether a handshake message may begin with these bytes: one that is known, of a length that some
/// have. Of what is sealed, one in a thousand looks so.
fn begins_message(fragment: &[u8]) -> bool {
    let kind = fragment.first().copied().unwrap_or_default();
    let is_known = known(HANDSHAKE_TYPES, kind.into()).is_some();
    is_known && message_len(fragment).is_none_or(|len| len <= MAX_HANDSHAKE)
}
