//! How much a server may send before it knows that the client's address is its own: three times
//! what has come from there (RFC 9000, section 8.1).
//!
//! ```text
//!   client  1200 ─────────────────────────────> 1200 ──>       its Handshake packet proves it
//!   server        1200 · 1200 · 1200   waits          goes on
//! ```
//!
//! That a server had to wait is told only where its next bytes of the handshake did not fit: of
//! these it needs nothing from the client.

use super::super::facts::Held;
use crate::ids::{Both, Direction, FrameId, Time};

/// So many times what came may go out (section 8.1).
const TIMES: u64 = 3;

/// What has come and gone until an address is proven.
#[derive(Clone, Debug, Default)]
pub(super) struct Unproven {
    /// Bytes of datagrams, by who sent them.
    bytes: Both<u64>,
    /// The datagram at hand: its frame, who sent it, and its length.
    at_hand: Option<(FrameId, Direction, u64)>,
    /// Of each side, when it sent its last datagram, and what had come from the other by then.
    last: Both<Option<(Time, u64)>>,
    /// When the last one was sent before the datagram at hand, and what had come by then.
    before: Option<(Time, u64)>,
    /// Whose address is proven: what the other side sends next may still have waited for that.
    proven: Option<Direction>,
    /// Whether there is nothing more to watch, or a token may have proven it before.
    is_over: bool,
}

impl Unproven {
    /// A datagram of that length is at hand: told once for each frame.
    pub(super) fn datagram(&mut self, frame: FrameId, from: Direction, len: u64, now: Time) {
        if self.is_over || self.at_hand.is_some_and(|(known, ..)| known == frame) {
            return;
        }
        self.at_hand = Some((frame, from, len));
        let came = *self.bytes.of(from.reverse());
        self.before = self.last.of_mut(from).replace((now, came));
        let bytes = self.bytes.of_mut(from);
        *bytes = bytes.saturating_add(len);
        self.is_over = self.proven == Some(from.reverse());
    }

    /// The client's address is proven from here on.
    pub(super) fn prove(&mut self, client: Direction) {
        self.proven = Some(client);
    }

    /// A token may have proven it.
    pub(super) fn give_up(&mut self) {
        self.is_over = true;
    }

    /// The server goes on with its handshake in the datagram at hand: what held it up, if anything.
    pub(super) fn went_on(&mut self, server: Direction, frame: FrameId, now: Time) -> Option<Held> {
        let (_, _, len) = self.at_hand.filter(|(at, from, _)| (*at, *from) == (frame, server))?;
        let (time, came) = self.before.take()?;
        let sent = self.bytes.of(server).saturating_sub(len);
        let waited = now.known()?.since(time.known()?);
        let did_not_fit = sent.saturating_add(len) > came.saturating_mul(TIMES);
        let has_come = *self.bytes.of(server.reverse()) > came;
        (did_not_fit && has_come).then_some(Held { sent, came, waited })
    }
}
