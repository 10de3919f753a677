//! Flow control (RFC 9000, section 4): how far each side may send, on each stream and on all of
//! them together.
//!
//! ```text
//!   stream       initial_max_stream_data_… ── STREAM ──> used up ── MAX_STREAM_DATA ──> goes on
//!   connection   initial_max_data          ── STREAM ──> used up ── MAX_DATA ─────────> goes on
//! ```
//!
//! Limits are absolute: what lowers one changes nothing. They are known where the handshake was
//! read; of early data they are those of an earlier visit, and not known.

use super::super::facts::{Flow, Room};
use super::super::frame::{Says, kind};
use super::QuicSession;
use super::recovery::Followed;
use crate::ids::{Direction, Time};

/// What a side has let the other one send at first (section 18.2).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Allows {
    pub(super) data: Option<u64>,
    /// On streams that it begins itself, on those of the other side, and on those of one direction.
    pub(super) own: Option<u64>,
    pub(super) others: Option<u64>,
    pub(super) one_way: Option<u64>,
}

impl Allows {
    /// The limit of a stream at first, on which `is_own` says whether the side that allows began
    /// it.
    pub(super) const fn on(&self, id: u64, is_own: bool) -> Option<u64> {
        match (id & 2, is_own) {
            (0, true) => self.own,
            (0, false) => self.others,
            _ => self.one_way,
        }
    }
}

/// How far one side has come, and how far it may go.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Account {
    sent: u64,
    /// What the other side has said since the handshake.
    limit: Option<u64>,
    /// Since when nothing may be sent.
    used_up: Option<Time>,
}

impl Account {
    /// What may still be sent.
    fn left(&self, first: Option<u64>) -> Option<i64> {
        let limit = self.limit.max(first)?;
        Some(i64::try_from(limit.saturating_sub(self.sent)).unwrap_or(i64::MAX))
    }

    /// How far it has come.
    pub(super) const fn sent(&self) -> u64 {
        self.sent
    }

    /// So many more bytes are sent, of a window that began with `first`; says what became of it
    /// where nothing is left.
    pub(super) fn send(&mut self, bytes: u64, first: Option<u64>, now: Time) -> Option<Room> {
        let before = self.left(first);
        self.sent = self.sent.saturating_add(bytes);
        let (before, after) = (before?, self.left(first)?);
        if after > 0 || before <= 0 {
            return None;
        }
        self.used_up = Some(now);
        Some(Room { before, after })
    }

    /// Its sender says that it would send more.
    pub(super) fn block(&mut self, first: Option<u64>, now: Time) -> Option<Room> {
        self.used_up = self.used_up.or(Some(now));
        let left = self.left(first)?;
        Some(Room { before: left, after: left })
    }

    /// The other side lets it go up to a limit: what may be sent, and for how long nothing could
    /// be, where it had to wait.
    pub(super) fn allow(
        &mut self,
        limit: u64,
        first: Option<u64>,
        now: Time,
    ) -> Option<(Room, i64)> {
        let before = self.left(first);
        self.limit = self.limit.max(Some(limit));
        let after = self.left(first).filter(|after| *after > before.unwrap_or(0))?;
        let since = self.used_up.take()?;
        let waited = now.known()?.since(since.known()?);
        Some((Room { before: before.unwrap_or(0), after }, waited))
    }

    /// Nothing more is sent, so nobody waits.
    pub(super) fn end(&mut self) {
        self.used_up = None;
    }
}

impl QuicSession {
    /// What a packet does to who waits for flow control: the first thing of several.
    pub(super) fn flow(&mut self, packet: Followed<'_>, now: Time) -> Option<Flow> {
        let Followed { from, frames, .. } = packet;
        let mut found = None;
        for frame in frames {
            let flow = match frame.says {
                Says::Stream { stream, offset, data, is_last } => {
                    let end = offset.saturating_add(data.len.into());
                    self.pass((stream, from), (end, is_last), now)
                }
                Says::OfStream { stream, number } if frame.kind == kind::MAX_STREAM_DATA => {
                    self.allow(Some(stream), from, number, now)
                }
                Says::Number(number) if frame.kind == kind::MAX_DATA => {
                    self.allow(None, from, number, now)
                }
                Says::OfStream { stream, .. } => self.block(Some(stream), from, now),
                Says::Number(_) if frame.kind == kind::DATA_BLOCKED => self.block(None, from, now),
                _ => None,
            };
            found = found.or(flow);
        }
        found
    }

    /// What a side may send at first: on a stream, or on all of them.
    fn first(&self, stream: Option<u64>, from: Direction) -> Option<u64> {
        let peer = from.reverse();
        let Some(id) = stream else { return self.side(peer).allows.data };
        let client = self.client?;
        let began = if id & 1 == 0 { client } else { client.reverse() };
        self.side(peer).allows.on(id, began == peer)
    }

    /// The account of a side: on a stream, or on all of them.
    fn account(&mut self, stream: Option<u64>, from: Direction) -> Option<&mut Account> {
        match stream {
            Some(stream) => self.streams.account((stream, from)),
            None => Some(&mut self.side_mut(from).account),
        }
    }

    /// Bytes of a stream are sent, up to there.
    fn pass(
        &mut self,
        (stream, from): (u64, Direction),
        (end, is_last): (u64, bool),
        now: Time,
    ) -> Option<Flow> {
        let (first, all) = (self.first(Some(stream), from), self.first(None, from));
        let own = self.account(Some(stream), from)?;
        let bytes = end.saturating_sub(own.sent());
        let room = own.send(bytes, first, now);
        if is_last {
            own.end();
        }
        let room = room.filter(|_| !is_last);
        let whole = self.account(None, from)?.send(bytes, all, now);
        let of_stream = room.map(|room| Flow::UsedUp { stream: Some(stream), room });
        of_stream.or(whole.map(|room| Flow::UsedUp { stream: None, room }))
    }

    /// A side says that it would send more.
    fn block(&mut self, stream: Option<u64>, from: Direction, now: Time) -> Option<Flow> {
        let first = self.first(stream, from);
        let room = self.account(stream, from)?.block(first, now);
        Some(Flow::Blocked { stream, room })
    }

    /// A side lets the other go up to a limit.
    fn allow(
        &mut self,
        stream: Option<u64>,
        from: Direction,
        limit: u64,
        now: Time,
    ) -> Option<Flow> {
        let sender = from.reverse();
        let first = self.first(stream, sender);
        let (room, waited) = self.account(stream, sender)?.allow(limit, first, now)?;
        Some(Flow::GoesOn { stream, room, waited })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_used_up_and_opened_again() {
        let room = |before, after| Room { before, after };
        let mut account = Account::default();
        assert_eq!(account.send(60, Some(100), Time(1)), None);
        assert_eq!(account.allow(90, Some(100), Time(2)), None, "less than before");
        assert_eq!(account.send(40, Some(100), Time(3)), Some(room(40, 0)));
        assert_eq!(account.block(Some(100), Time(4)), Some(room(0, 0)));
        assert_eq!(account.allow(150, Some(100), Time(9)), Some((room(0, 50), 6)));
        assert_eq!(account.allow(200, Some(100), Time(9)), None, "nobody waited");
        assert_eq!(account.sent(), 100);
        // Nobody knows what the limit is.
        let mut account = Account::default();
        assert_eq!(account.send(40, None, Time(3)), None);
        assert_eq!(account.block(None, Time(4)), None);
        assert_eq!(account.allow(50, None, Time(5)), Some((room(0, 10), 1)));
    }
}
