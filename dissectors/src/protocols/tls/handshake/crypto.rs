//! Bytes that are numbered: CRYPTO frames of QUIC (RFC 9000, section 19.6), put in order.
//!
//! ```text
//!   |offset|length|bytes|   of one side and level, in any order and repeatedly
//! ```

use crate::engine::ordered::{Event, Ordered, Piece};
use crate::limits::{MAX_HANDSHAKE, MAX_HANDSHAKE_PIECES};
use crate::span::Span;

/// The numbered bytes of one side and epoch.
#[derive(Clone, Debug, Default)]
pub struct Crypto {
    ordered: Ordered,
}

impl Crypto {
    /// Takes `len` bytes from an offset on, of which the capture kept those at `place`. What is
    /// now in order comes out, for [`Handshake::take_up`](super::Handshake::take_up).
    ///
    /// Bytes too far ahead of what was read, or in too many pieces, are left out: RFC 9000,
    /// section 7.5 asks endpoints to keep 4096 bytes out of order.
    #[must_use]
    pub fn push(&mut self, offset: u64, place: Span, len: u64) -> Vec<Event> {
        let mut events = Vec::new();
        let most = self.ordered.next().saturating_add(MAX_HANDSHAKE as u64);
        let fits = offset.saturating_add(len) <= most;
        let is_next = offset <= self.ordered.next();
        if fits && len > 0 && (is_next || self.ordered.waiting() < MAX_HANDSHAKE_PIECES) {
            self.ordered.push(
                offset,
                Piece { span: place.part(0, len as usize), len },
                &mut events,
            );
        }
        events
    }

    /// How many bytes have come in order.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.ordered.next()
    }

    /// Where the bytes that wait lie.
    pub fn places(&self) -> impl Iterator<Item = Span> {
        self.ordered.places()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::FrameId;

    #[test]
    fn hostile_offsets_and_too_many_pieces_are_left_out() {
        let mut crypto = Crypto::default();
        let place = Span::frame(FrameId(0), 0, 1);
        let mut push = |offset| crypto.push(offset, place, 1);
        assert_eq!(push(u64::MAX), []);
        assert_eq!(push(MAX_HANDSHAKE as u64), []);
        // Every other byte: the first hole is never filled, until it is.
        for piece in 1..=MAX_HANDSHAKE_PIECES as u64 + 9 {
            assert_eq!(push(2 * piece), []);
        }
        assert_eq!(push(0), [Event::Data(place)]);
        assert_eq!(push(1).len(), 2);
        assert_eq!(crypto.places().count(), MAX_HANDSHAKE_PIECES - 1);
        assert_eq!(crypto.push(0, place, 1), [], "what was read is not read again");
    }
}
