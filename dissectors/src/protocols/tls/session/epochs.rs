//! Epochs: when a direction takes which key into use, and what its records open with.
//!
//! ```text
//!   TLS 1.3   client   Clear ─> Early ─EndOfEarlyData─> Handshake ─Finished─> Application ⟲ KeyUpdate
//!             server   Clear ──────── ServerHello ────> Handshake ─Finished─> Application ⟲ KeyUpdate
//!   before    both     Clear ──────── ChangeCipherSpec ─────────────────────> Application
//! ```
//!
//! The handshake tells when to go on to the next epoch. Where it cannot be read, because only a
//! part of the secrets is known or early data was rejected, a record that does not open is tried
//! as the first one of a later epoch.

use super::super::handshake::{Change, Epoch};
use super::super::keys;
use super::super::reason::Reason;
use super::TlsSession;
use super::compression::Compression;
use super::side::{Key, Side};
use crate::engine::derive::KeyId;
use crate::engine::session::Out;
use crate::ids::Direction;
use crate::span::Span;

/// How many numbers are tried for the first record after a gap.
const MAX_MISSING: u64 = 256;

/// How many numbers are tried in vain in one direction, all gaps together: each costs as much as
/// reading a record.
const MAX_TRIES: u64 = 1 << 14;

impl TlsSession {
    /// Opens a record and counts it, or says why it stays sealed.
    pub(super) fn open(
        &mut self,
        direction: Direction,
        place: Span,
        bytes: &[u8],
        out: &mut Out<'_>,
    ) -> Result<Span, Reason> {
        match self.opened(direction, place, bytes, out) {
            Some(opened) => {
                self.side_mut(direction).is_behind = false;
                Ok(opened)
            }
            None => Err(self.reason(direction, out)),
        }
    }

    fn opened(
        &mut self,
        direction: Direction,
        place: Span,
        bytes: &[u8],
        out: &mut Out<'_>,
    ) -> Option<Span> {
        let facts = self.facts();
        let chained =
            facts.version.and_then(|version| keys::chained(facts.suite, version, facts.guards));
        let side = self.side_mut(direction);
        let number = side.number;
        side.number += 1;
        if let Some(block) = chained.filter(|_| side.epoch == Epoch::Application) {
            return self.open_chained(direction, (number, block), place, bytes, out);
        }
        match side.key(side.epoch).id() {
            Some(key) => {
                if let Some(opened) = out.open(key, number, place, bytes) {
                    side.missing = 0;
                    return Some(opened);
                }
                let left = MAX_TRIES.saturating_sub(side.tries);
                let missing = std::mem::take(&mut side.missing).min(MAX_MISSING).min(left);
                side.tries += missing;
                for later in (1..=missing).map(|ahead| number + ahead) {
                    if let Some(opened) = out.open(key, later, place, bytes) {
                        side.number = later + 1;
                        return Some(opened);
                    }
                }
            }
            None if side.epoch == Epoch::Early && *side.key(Epoch::Early) == Key::Unasked => {
                if let Some(opened) = self.open_first_early(direction, place, bytes, out) {
                    return Some(opened);
                }
            }
            None => {}
        }
        if !self.facts().is_tls13() {
            return None;
        }
        for &epoch in self.side(direction).epoch.later() {
            let Some(key) = self.key(direction, epoch, out) else { continue };
            if let Some(opened) = out.open(key, 0, place, bytes) {
                let side = self.side_mut(direction);
                side.enter(epoch);
                side.number = 1;
                return Some(opened);
            }
        }
        None
    }

    /// Opens a record whose IV is the last block of the one before (RFC 2246, section 6.2.3.2):
    /// that block is handed in with it.
    fn open_chained(
        &mut self,
        direction: Direction,
        (number, (block, behind)): (u64, (usize, usize)),
        place: Span,
        bytes: &[u8],
        out: &mut Out<'_>,
    ) -> Option<Span> {
        let side = self.side_mut(direction);
        let skip = bytes.len().saturating_sub(block + behind);
        let tail = bytes.get(skip..).and_then(|tail| tail.get(..block)).unwrap_or(&[]).to_vec();
        let last = side.last_block.replace((place.part(skip, block), tail));
        let key = side.key(Epoch::Application).id()?;
        if number == 0 {
            return out.open(key, number, place, bytes);
        }
        let (last_place, last) = last?;
        let with_it = out.join(&[last_place, place]);
        out.open(key, number, with_it, &[&last, bytes].concat())
    }

    /// A handshake message changes which keys are in use.
    pub(super) fn change(&mut self, change: Change, out: &mut Out<'_>) {
        match change {
            // New keys of the handshake bring new ones of application data with them.
            Change::Ready(Epoch::Handshake) => self.sides.iter_mut().for_each(Side::forget_keys),
            // The keys in use stay until they are left: a renegotiation is sealed with them.
            Change::Ready(_) => {}
            Change::Enters(direction, epoch) => self.enters(direction, epoch, out),
            Change::Renews(direction) => self.update_key(direction, out),
        }
    }

    /// A direction goes on in another epoch, unless its records were there already.
    fn enters(&mut self, direction: Direction, epoch: Epoch, out: &mut Out<'_>) {
        match (epoch, self.side(direction).epoch) {
            // Which suite early data is sealed with, its first record tells.
            (Epoch::Early, _) => self.side_mut(direction).enter(epoch),
            (Epoch::Application, now) if now != Epoch::Handshake => {}
            _ => {
                self.key(direction, epoch, out);
                self.side_mut(direction).enter(epoch);
            }
        }
    }

    /// Early data is sealed with the suite of the session that it resumes, which the ClientHello
    /// does not single out: of those that it may be, the one that opens is it.
    fn open_first_early(
        &mut self,
        direction: Direction,
        place: Span,
        bytes: &[u8],
        out: &mut Out<'_>,
    ) -> Option<Span> {
        let lack = self.lack(out);
        self.side_mut(direction).set_key(Epoch::Early, Key::Missing(lack));
        let secret = self.facts().traffic_secret(direction, Epoch::Early, out)?;
        let suites: Vec<_> = self.facts().early_suites(&secret).collect();
        for suite in suites {
            let Some(opener) = keys::tls13(suite, &secret) else { continue };
            let key = out.add_key(opener);
            if let Some(opened) = out.open(key, 0, place, bytes) {
                self.side_mut(direction).set_key(Epoch::Early, Key::Known(key, secret));
                return Some(opened);
            }
        }
        None
    }

    /// TLS 1.2: the sender's records are sealed from here on. TLS 1.3 sends this message only to
    /// look familiar to what stands between (RFC 9846, section 5).
    pub(super) fn change_cipher_spec(&mut self, direction: Direction, out: &mut Out<'_>) {
        let early = self.side(direction).epoch == Epoch::Early;
        if self.facts().is_tls13() || (self.facts().version.is_none() && early) {
            return;
        }
        let key = self.key12(direction, out).unwrap_or_else(Key::Missing);
        let compression = Compression::agreed(self.facts().compression);
        let side = self.side_mut(direction);
        side.enter(Epoch::Application);
        side.compression = compression;
        side.set_key(Epoch::Application, key);
    }

    /// The sender's next records are sealed with the next generation of its application key.
    fn update_key(&mut self, direction: Direction, out: &mut Out<'_>) {
        let suite = self.facts().suite;
        let side = self.side_mut(direction);
        let Key::Known(_, secret) = side.key(Epoch::Application) else { return };
        let next = keys::next_secret(suite.hash(), secret);
        let key = next.and_then(|next| {
            let opener = keys::tls13(suite, &next)?;
            Some(Key::Known(out.add_key(opener), next))
        });
        side.set_key(Epoch::Application, key.unwrap_or(Key::Missing(Reason::Suite)));
        side.number = 0;
    }

    /// The key of an epoch of TLS 1.3, asked for once.
    fn key(&mut self, direction: Direction, epoch: Epoch, out: &mut Out<'_>) -> Option<KeyId> {
        if *self.side(direction).key(epoch) == Key::Unasked {
            let key = self.key13(direction, epoch, out).unwrap_or_else(Key::Missing);
            self.side_mut(direction).set_key(epoch, key);
        }
        self.side(direction).key(epoch).id()
    }

    fn key13(&self, direction: Direction, epoch: Epoch, out: &mut Out<'_>) -> Result<Key, Reason> {
        let secret = self.facts().traffic_secret(direction, epoch, out);
        let secret = secret.ok_or_else(|| self.lack(out))?;
        let opener = keys::tls13(self.facts().suite, &secret).ok_or(Reason::Suite)?;
        Ok(Key::Known(out.add_key(opener), secret))
    }

    fn key12(&self, direction: Direction, out: &mut Out<'_>) -> Result<Key, Reason> {
        let secret = self.facts().master_secret(direction, out).ok_or_else(|| self.lack(out))?;
        let opener = keys::of_master(self.facts(), &secret, direction)?;
        Ok(Key::Known(out.add_key(opener), Vec::new()))
    }
}
