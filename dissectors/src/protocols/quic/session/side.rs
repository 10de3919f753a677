//! One side of a connection: its keys, level by level, and how far its packets are numbered.
//!
//! ```text
//!   numbers   Initial │ Handshake │ 0-RTT and 1-RTT          three spaces (RFC 9000, section 12.3)
//!   1-RTT     generation 0 ── key update ──> 1 ──> 2 …       the one before is kept a while
//! ```

use std::sync::Arc;

use super::super::keys::{OpensShort, PacketKeys};
use super::super::version::Scheme;
use super::flow::{Account, Allows};
use super::glued::Glue;
use super::ids::Ids;
use super::log::Log;
use super::path::Path;
use super::recovery::{DELAY_EXPONENT, MAX_ACK_DELAY};
use crate::engine::derive::KeyId;
use crate::engine::session::Out;
use crate::ids::{FlowId, Time};
use crate::protocols::quic::limits::MAX_ID_LENGTHS;
use crate::protocols::tls::handshake::Epoch;
use crate::protocols::tls::handshake::crypto::Crypto;
use crate::protocols::tls::keys::{expand_label, secret_of};
use crate::protocols::tls::suite::{Hash, Suite};

/// A key of a level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Key {
    /// Nobody has asked for it.
    #[default]
    Unasked,
    /// No key log holds it, or it is of a suite that is not read.
    Missing,
    /// What opens.
    Known(KeyId),
}

/// One side.
#[derive(Clone)]
pub(super) struct Side {
    pub(super) ids: Ids,
    /// Of early data and of the handshake.
    pub(super) early: Key,
    pub(super) handshake: Key,
    pub(super) application: Generations,
    /// The number expected next in each space.
    expected: [u64; 3],
    /// The path that its last packet took after the handshake.
    path: Option<FlowId>,
    /// The one that it took before.
    left: Option<FlowId>,
    /// Bytes of the handshake, by level.
    pub(super) crypto: [Crypto; 4],
    /// Up to where it has sent bytes of the handshake, by level.
    crypto_sent: [u64; 4],
    /// Its packets in each space that are not acknowledged yet.
    logs: [Log; 3],
    /// The round trips that it measures.
    pub(super) path_taken: Path,
    /// When it last sent anything that must be acknowledged, or heard that such a thing came.
    pub(super) stirred: Time,
    /// When it last said something again.
    pub(super) repeated: Time,
    /// How it tells delays, and how long it holds acknowledgements back at most, in nanoseconds.
    pub(super) delay_exponent: u8,
    pub(super) max_ack_delay: i64,
    /// After how many milliseconds of silence it gives the connection up; 0 for never.
    pub(super) idle: Option<u64>,
    /// What it lets the other side send at first.
    pub(super) allows: Allows,
    /// How far it may go on all its streams together.
    pub(super) account: Account,
    /// What its datagrams look like that were captured as one.
    pub(super) glue: Glue,
    /// Its spin bit, and when that turned.
    spin: Option<(bool, Time)>,
}

impl Default for Side {
    fn default() -> Self {
        Self {
            ids: Ids::default(),
            early: Key::default(),
            handshake: Key::default(),
            application: Generations::default(),
            expected: [0; 3],
            path: None,
            left: None,
            crypto: Default::default(),
            crypto_sent: [0; 4],
            logs: Default::default(),
            path_taken: Path::default(),
            stirred: Time::UNKNOWN,
            repeated: Time::UNKNOWN,
            delay_exponent: DELAY_EXPONENT,
            max_ack_delay: MAX_ACK_DELAY,
            idle: None,
            allows: Allows::default(),
            account: Account::default(),
            glue: Glue::default(),
            spin: None,
        }
    }
}

impl Side {
    const fn space(epoch: Epoch) -> usize {
        match epoch {
            Epoch::Clear => 0,
            Epoch::Handshake => 1,
            Epoch::Early | Epoch::Application => 2,
        }
    }

    /// The number that the next packet of a level is expected to have.
    pub(super) fn expected(&self, epoch: Epoch) -> u64 {
        self.expected.get(Self::space(epoch)).copied().unwrap_or_default()
    }

    /// A packet of that number has come.
    pub(super) fn count(&mut self, epoch: Epoch, number: u64) {
        if let Some(expected) = self.expected.get_mut(Self::space(epoch)) {
            *expected = (*expected).max(number.saturating_add(1));
        }
    }

    /// Sends its handshake again from the first byte on; its packets are counted on (RFC 9000,
    /// section 17.2.5.3).
    pub(super) fn repeat_handshake(&mut self) {
        (self.crypto, self.crypto_sent) = (Default::default(), [0; 4]);
        let [initial, ..] = &mut self.logs;
        *initial = Log::default();
    }

    /// Its packets in the space of a level.
    pub(super) fn log(&self, epoch: Epoch) -> &Log {
        let [initial, handshake, application] = &self.logs;
        match Self::space(epoch) {
            0 => initial,
            1 => handshake,
            _ => application,
        }
    }

    /// See [`Self::log`].
    pub(super) fn log_mut(&mut self, epoch: Epoch) -> &mut Log {
        let [initial, handshake, application] = &mut self.logs;
        match Self::space(epoch) {
            0 => initial,
            1 => handshake,
            _ => application,
        }
    }

    /// Up to where it has sent bytes of the handshake on a level.
    pub(super) fn crypto_sent_to(&self, epoch: Epoch) -> u64 {
        self.crypto_sent.get(epoch as usize).copied().unwrap_or_default()
    }

    /// It has sent bytes of the handshake up to there.
    pub(super) fn send_crypto(&mut self, epoch: Epoch, end: u64) {
        if let Some(sent) = self.crypto_sent.get_mut(epoch as usize) {
            *sent = end.max(*sent);
        }
    }

    /// Its newest packet took this path. Says whether the one before took another.
    pub(super) fn moves_to(&mut self, path: FlowId) -> bool {
        let before = self.path.replace(path).filter(|before| *before != path);
        if before.is_some() {
            self.left = before;
        }
        before.is_some()
    }

    /// Whether it sends along this path.
    pub(super) fn is_along(&self, path: FlowId) -> bool {
        self.path == Some(path)
    }

    /// Whether it sends along another path than this.
    pub(super) fn is_elsewhere(&self, path: FlowId) -> bool {
        self.path.is_some_and(|own| own != path)
    }

    /// Whether it sent along this path until it moved.
    pub(super) fn has_left(&self, path: FlowId) -> bool {
        self.left == Some(path) && !self.is_along(path)
    }

    /// Its newest packet had this spin bit: nanoseconds since that turned the last time, where it
    /// turns now. An endpoint that does not take part sets it as it likes (RFC 9000, section 17.4).
    pub(super) fn spin(&mut self, bit: bool, now: Time) -> Option<i64> {
        let (before, since) = *self.spin.get_or_insert((bit, Time::UNKNOWN));
        if before == bit {
            return None;
        }
        self.spin = Some((bit, now));
        Some(now.known()?.since(since.known()?)).filter(|nanos| *nanos > 0)
    }

    /// Begins anew, as the other side asked for; the ids stay.
    pub(super) fn restart(&mut self) {
        let ids = std::mem::take(&mut self.ids);
        *self = Self { ids, ..Self::default() };
    }
}

/// The keys of 1-RTT packets of one side: those in use, the ones before, and the ones after.
#[derive(Clone, Default)]
pub(super) enum Generations {
    /// Nobody has asked for them.
    #[default]
    Unasked,
    /// No key log holds the secret, or it is of a suite that is not read.
    Missing,
    /// They are known.
    Known(Known),
}

/// Keys that are known.
#[derive(Clone)]
pub(super) struct Known {
    scheme: &'static Scheme,
    suite: Suite,
    /// The secret of the generation in use.
    secret: Vec<u8>,
    before: Option<Ready>,
    now: Ready,
    after: Option<Ready>,
}

/// One generation, and what it is called for each length of an id.
#[derive(Clone)]
struct Ready {
    keys: Arc<PacketKeys>,
    ids: Vec<(u8, KeyId)>,
}

/// Which generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Before,
    Now,
    After,
}

impl Known {
    /// The first generation.
    pub(super) fn new(scheme: &'static Scheme, suite: Suite, secret: Vec<u8>) -> Option<Self> {
        let now = Ready::new(PacketKeys::of(scheme, suite, &secret)?);
        Some(Self { scheme, suite, secret, before: None, now, after: None })
    }

    /// What opens packets of a generation whose id has that length.
    pub(super) fn key(&mut self, which: Which, id_len: u8, out: &mut Out<'_>) -> Option<KeyId> {
        if which == Which::After && self.after.is_none() {
            let secret = next_secret(self.suite.hash(), self.scheme, &self.secret)?;
            let keys = self.now.keys.next(self.scheme, self.suite, &secret)?;
            self.after = Some(Ready::new(keys));
        }
        let ready = match which {
            Which::Before => self.before.as_mut()?,
            Which::Now => &mut self.now,
            Which::After => self.after.as_mut()?,
        };
        ready.key(id_len, out)
    }

    /// The keys that have been asked for.
    pub(super) fn ready(&self) -> impl Iterator<Item = KeyId> {
        let all = [self.before.as_ref(), Some(&self.now), self.after.as_ref()];
        all.into_iter().flatten().flat_map(|ready| ready.ids.iter().map(|(_, key)| *key))
    }

    /// The next generation is in use (RFC 9001, section 6).
    pub(super) fn update(&mut self) {
        let Some(secret) = next_secret(self.suite.hash(), self.scheme, &self.secret) else {
            return;
        };
        if let Some(after) = self.after.take() {
            self.secret = secret;
            self.before = Some(std::mem::replace(&mut self.now, after));
        }
    }
}

impl Ready {
    fn new(keys: PacketKeys) -> Self {
        Self { keys: Arc::new(keys), ids: Vec::new() }
    }

    fn key(&mut self, id_len: u8, out: &mut Out<'_>) -> Option<KeyId> {
        if let Some((_, key)) = self.ids.iter().find(|(len, _)| *len == id_len) {
            return Some(*key);
        }
        if self.ids.len() >= MAX_ID_LENGTHS {
            return None;
        }
        let key = out.add_key(Arc::new(OpensShort(Arc::clone(&self.keys), id_len)));
        self.ids.push((id_len, key));
        Some(key)
    }
}

/// The secret of the generation after that of this one (RFC 9001, section 6.1).
fn next_secret(hash: Hash, scheme: &Scheme, secret: &[u8]) -> Option<Vec<u8>> {
    expand_label(&secret_of(hash, secret), scheme.update, hash.output_len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spin_bit_turns_once_a_round_trip() {
        let mut side = Side::default();
        let seen = [(false, 1), (true, 5), (true, 6), (false, 25), (false, 26), (true, 46)];
        let turns = seen.map(|(bit, time)| side.spin(bit, Time(time)));
        assert_eq!(turns, [None, None, None, Some(20), None, Some(21)]);
    }
}
