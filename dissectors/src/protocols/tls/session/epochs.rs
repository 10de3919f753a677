//! Epochs: when a direction takes which key into use, and what its records open with.
//!
//! ```text
//!   TLS 1.3   client   Clear ─> Early ─EndOfEarlyData─> Handshake ─Finished─> Application ⟲ KeyUpdate
//!             server   Clear ──────── ServerHello ────> Handshake ─Finished─> Application ⟲ KeyUpdate
//!   TLS 1.2   both     Clear ──────── ChangeCipherSpec ─────────────────────> Application
//! ```
//!
//! The handshake tells when to go on to the next epoch. Where it cannot be read, because only a
//! part of the secrets is known or early data was rejected, a record that does not open is tried
//! as the first one of a later epoch.

use super::super::keys::{self, Master};
use super::super::record::{ContentType, Version};
use super::TlsSession;
use super::side::{Epoch, Key};
use crate::engine::derive::KeyId;
use crate::ids::Direction;
use crate::secret::Label;
use crate::session::Out;
use crate::span::Span;

/// How many numbers are tried for the first record after a gap.
const MAX_MISSING: u64 = 256;

/// How many numbers are tried in vain in one direction, all gaps together: each costs as much as
/// reading a record.
const MAX_TRIES: u64 = 1 << 14;

impl TlsSession {
    /// Whether a record of this type is sealed in this direction.
    pub(super) fn is_sealed(&self, direction: Direction, content_type: ContentType) -> bool {
        let epoch = self.side(direction).epoch;
        match self.facts.version {
            // RFC 9846, section 5.2: whatever is sealed looks like application data.
            Some(Version::TLS13) => content_type == ContentType::APPLICATION_DATA,
            Some(_) => epoch == Epoch::Application,
            None => epoch == Epoch::Application || content_type == ContentType::APPLICATION_DATA,
        }
    }

    /// Opens a record and counts it.
    pub(super) fn open(
        &mut self,
        direction: Direction,
        place: Span,
        bytes: &[u8],
        out: &mut Out<'_>,
    ) -> Option<Span> {
        let side = self.side_mut(direction);
        let number = side.number;
        side.number += 1;
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
        if !self.facts.is_tls13() {
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

    /// The client may send early data after this ClientHello.
    pub(super) fn offer_early(&mut self, direction: Direction) {
        self.side_mut(direction).enter(Epoch::Early);
    }

    /// Early data is sealed with the suite of the session that it resumes, which the ClientHello
    /// does not single out: of the offered ones that fit the secret, the one that opens is it.
    fn open_first_early(
        &mut self,
        direction: Direction,
        place: Span,
        bytes: &[u8],
        out: &mut Out<'_>,
    ) -> Option<Span> {
        self.side_mut(direction).set_key(Epoch::Early, Key::Missing);
        let secret = out.secret(Label::ClientEarlyTraffic, &self.facts.client_random?)?;
        for suite in &self.facts.offered {
            // The suites of TLS 1.3 are numbered from 0x1301 on.
            if suite.0 >> 8 != 0x13 || suite.hash().output_len() != secret.len() {
                continue;
            }
            let Some(opener) = keys::tls13(*suite, &secret) else { continue };
            let key = out.add_key(opener);
            if let Some(opened) = out.open(key, 0, place, bytes) {
                self.side_mut(direction).set_key(Epoch::Early, Key::Known(key, secret));
                return Some(opened);
            }
        }
        None
    }

    /// Both hellos are there: TLS 1.3 seals all that follows.
    pub(super) fn hello_done(&mut self, server: Direction, out: &mut Out<'_>) {
        if !self.facts.is_tls13() {
            // The keys in use stay until ChangeCipherSpec: a renegotiation is sealed with them.
            return;
        }
        self.sides.iter_mut().for_each(super::side::Side::forget_keys);
        self.enter(server, Epoch::Handshake, out);
        let client = server.reverse();
        if self.side(client).epoch != Epoch::Early {
            self.enter(client, Epoch::Handshake, out);
        }
    }

    /// The client has no more early data.
    pub(super) fn leave_early(&mut self, direction: Direction, out: &mut Out<'_>) {
        if self.side(direction).epoch == Epoch::Early {
            self.enter(direction, Epoch::Handshake, out);
        }
    }

    /// A direction's part of the handshake is over.
    pub(super) fn finished(&mut self, direction: Direction, out: &mut Out<'_>) {
        // Later Finished messages, of authentication after the handshake, change no keys.
        if self.facts.is_tls13() && self.side(direction).epoch == Epoch::Handshake {
            self.enter(direction, Epoch::Application, out);
        }
    }

    /// TLS 1.2: the sender's records are sealed from here on. TLS 1.3 sends this message only to
    /// look familiar to what stands between (RFC 9846, section 5).
    pub(super) fn change_cipher_spec(&mut self, direction: Direction, out: &mut Out<'_>) {
        let early = self.side(direction).epoch == Epoch::Early;
        if self.facts.is_tls13() || (self.facts.version.is_none() && early) {
            return;
        }
        let key = self.key12(direction, out).unwrap_or(Key::Missing);
        let side = self.side_mut(direction);
        side.enter(Epoch::Application);
        side.set_key(Epoch::Application, key);
    }

    /// The sender's next records are sealed with the next generation of its application key.
    pub(super) fn update_key(&mut self, direction: Direction, out: &mut Out<'_>) {
        let suite = self.facts.suite;
        let side = self.side_mut(direction);
        let Key::Known(_, secret) = side.key(Epoch::Application) else { return };
        let next = keys::next_secret(suite.hash(), secret);
        let key = next.and_then(|next| {
            let opener = keys::tls13(suite, &next)?;
            Some(Key::Known(out.add_key(opener), next))
        });
        side.set_key(Epoch::Application, key.unwrap_or(Key::Missing));
        side.number = 0;
    }

    fn enter(&mut self, direction: Direction, epoch: Epoch, out: &mut Out<'_>) {
        self.key(direction, epoch, out);
        self.side_mut(direction).enter(epoch);
    }

    /// The key of an epoch of TLS 1.3, asked for once.
    fn key(&mut self, direction: Direction, epoch: Epoch, out: &mut Out<'_>) -> Option<KeyId> {
        if *self.side(direction).key(epoch) == Key::Unasked {
            let key = self.key13(direction, epoch, out).unwrap_or(Key::Missing);
            self.side_mut(direction).set_key(epoch, key);
        }
        self.side(direction).key(epoch).id()
    }

    fn key13(&self, direction: Direction, epoch: Epoch, out: &mut Out<'_>) -> Option<Key> {
        let from_client = self.facts.client? == direction;
        let label = match (epoch, from_client) {
            (Epoch::Handshake, true) => Label::ClientHandshakeTraffic,
            (Epoch::Handshake, false) => Label::ServerHandshakeTraffic,
            (Epoch::Application, true) => Label::ClientTraffic0,
            (Epoch::Application, false) => Label::ServerTraffic0,
            _ => return None,
        };
        let secret = out.secret(label, &self.facts.client_random?)?;
        let opener = keys::tls13(self.facts.suite, &secret)?;
        Some(Key::Known(out.add_key(opener), secret))
    }

    fn key12(&self, direction: Direction, out: &mut Out<'_>) -> Option<Key> {
        if self.facts.version != Some(Version::TLS12) {
            return None;
        }
        let client_random = &self.facts.client_random?;
        let secret = out.secret(Label::ClientRandom, client_random)?;
        let master = Master {
            suite: self.facts.suite,
            secret: &secret,
            client_random,
            server_random: &self.facts.server_random?,
            encrypt_then_mac: self.facts.encrypt_then_mac,
        };
        let from_client = self.facts.client? == direction;
        let side = if from_client { Direction::Forward } else { Direction::Backward };
        Some(Key::Known(out.add_key(keys::tls12(&master, side)?), Vec::new()))
    }
}
