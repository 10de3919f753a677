//! Flow control (RFC 9113, section 5.2): how much each side may still send, on each stream and on
//! all of them together.
//!
//! ```text
//!   connection   65535 ── DATA ──> falls ── WINDOW_UPDATE 0 ──> rises
//!   stream       what SETTINGS say ── DATA ──> falls ── WINDOW_UPDATE ──> rises
//! ```
//!
//! Windows are as the recording saw them. What the sender knew was never more: what would have let
//! it send passed the recording first, and what it sent passes after.

use super::facts::{Began, Change};
use crate::ids::{FrameId, Time};

/// What every window begins with (section 6.9.2).
const INITIAL: i64 = 65_535;

/// The window of a connection, for what one side sends, and what its streams begin with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Connection {
    pub(super) account: Account,
    /// What a stream's window begins with; it changes for all that are open.
    pub(super) initial: i64,
    /// The frame of the SETTINGS that say so.
    pub(super) set_in: Option<FrameId>,
}

impl Connection {
    /// What the window began with that a frame has used up, of a stream or of all of them.
    pub(super) fn began(&self, of_stream: bool) -> Began {
        match self.set_in.filter(|_| of_stream) {
            Some(frame) => Began { bytes: self.initial, set_in: Some(frame) },
            None => Began { bytes: if of_stream { self.initial } else { INITIAL }, set_in: None },
        }
    }
}

impl Default for Connection {
    fn default() -> Self {
        let account = Account { balance: INITIAL, used_up: None };
        Self { account, initial: INITIAL, set_in: None }
    }
}

/// What may be sent: of a stream, without what its window began with.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Account {
    balance: i64,
    /// Since when nothing may be sent.
    used_up: Option<Time>,
}

impl Account {
    /// So many bytes were sent at that time. `base` is what the window began with, besides.
    pub(super) fn send(&mut self, bytes: u32, base: i64, time: Time) -> Change {
        let before = base + self.balance;
        self.balance -= i64::from(bytes);
        let after = base + self.balance;
        if after <= 0 && before > 0 {
            self.used_up = Some(time);
        }
        Change { before, after }
    }

    /// So many bytes more may be sent; and for how long none could be.
    pub(super) fn grant(&mut self, bytes: u32, base: i64, time: Time) -> (Change, Option<i64>) {
        let before = base + self.balance;
        self.balance = self.balance.saturating_add(i64::from(bytes));
        let after = base + self.balance;
        let since = if after > 0 { self.used_up.take() } else { None };
        let waited = since.and_then(|since| Some(time.known()?.since(since.known()?)));
        (Change { before, after }, waited)
    }
}
