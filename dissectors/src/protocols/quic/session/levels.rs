//! Levels: which key a packet opens with (RFC 9001, section 4).
//!
//! ```text
//!   Initial     the id that the client chose for the server; another one after a Retry
//!   0-RTT       CLIENT_EARLY_TRAFFIC_SECRET, with the suite of the session that is resumed
//!   Handshake   …_HANDSHAKE_TRAFFIC_SECRET, once the ServerHello has named the suite
//!   1-RTT       …_TRAFFIC_SECRET_0, and those that follow from it by key updates
//! ```

use std::sync::Arc;

use super::super::header::Long;
use super::super::keys::{OpensLong, PacketKeys};
use super::super::kind::Kind;
use super::super::number;
use super::super::version::Version;
use super::side::{Generations, Key, Known, Side, Which};
use super::{Packet, QuicSession};
use crate::engine::derive::{KeyId, Openers};
use crate::engine::session::Out;
use crate::ids::Direction;
use crate::message::Protection;
use crate::protocol::Likelihood;
use crate::protocols::quic::limits::{MAX_INITIAL_KEYS, MAX_INITIAL_TRIES};
use crate::protocols::tls::handshake::Epoch;
use crate::span::Span;

/// Keys of Initial packets of one version and id: the client's and the server's.
#[derive(Clone)]
pub(super) struct Initial {
    version: Version,
    chosen: Box<[u8]>,
    keys: [KeyId; 2],
}

/// A packet that was opened.
#[derive(Clone, Copy)]
pub(super) struct Opened {
    pub(super) epoch: Epoch,
    /// Its number, whole.
    pub(super) number: u64,
    /// Its header as it was before the mask, and what was sealed.
    pub(super) place: Span,
    /// Where its frames begin.
    pub(super) frames_at: usize,
    /// Whether its sender has gone on to the next generation of keys with it.
    pub(super) renews: bool,
    /// Whether it is the newest of its sender.
    pub(super) is_newest: bool,
}

impl Opened {
    pub(super) const fn protection(self) -> Protection {
        match self.epoch {
            Epoch::Clear => Protection::Initial,
            epoch => epoch.protection(),
        }
    }
}

/// Why a packet is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    /// What its keys follow from may still come.
    NotYet,
    /// No key log holds its keys.
    NoKey,
    /// It does not open with the keys there are.
    Failed,
}

impl QuicSession {
    /// Opens a packet; `to` is the id in its long header.
    pub(super) fn open(
        &mut self,
        to: &[u8],
        packet: Packet<'_>,
        out: &mut Out<'_>,
    ) -> Result<Opened, Closed> {
        let mut renews = false;
        let (epoch, place) = match packet.kind {
            Kind::Initial => (Epoch::Clear, self.open_initial(to, packet, out)?),
            Kind::ZeroRtt => (Epoch::Early, self.open_early(packet, out)?),
            Kind::Handshake => (Epoch::Handshake, self.open_handshake(packet, out)?),
            Kind::OneRtt => {
                let (place, which) = self.open_application(packet, out)?;
                renews = which == Which::After;
                (Epoch::Application, place)
            }
            Kind::Retry | Kind::Negotiation | Kind::Unknown => return Err(Closed::NoKey),
        };
        let number_at = match packet.kind {
            Kind::OneRtt => 1 + usize::from(self.id_len(packet).unwrap_or_default()),
            _ => Long::read(packet.bytes).map_err(|_| Closed::Failed)?.number_at,
        };
        let opened = out.bytes(place);
        let width = usize::from(opened.first().copied().unwrap_or_default() & 3) + 1;
        let frames_at = number_at + width;
        let last = opened.get(number_at..frames_at).unwrap_or_default();
        let last = last.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        let side = self.side_mut(packet.from);
        let number = number::decode(side.expected(epoch), last, width);
        let is_newest = number >= side.expected(epoch);
        side.count(epoch, number);
        if packet.kind != Kind::OneRtt {
            self.version = packet.version;
        }
        Ok(Opened { epoch, number, place, frames_at, renews, is_newest })
    }

    /// Opens with one key.
    fn try_key(
        &self,
        key: KeyId,
        epoch: Epoch,
        packet: Packet<'_>,
        out: &mut Out<'_>,
    ) -> Option<Span> {
        let expected = self.side(packet.from).expected(epoch);
        out.open(key, expected, packet.place, packet.bytes)
    }

    fn open_initial(
        &mut self,
        to: &[u8],
        packet: Packet<'_>,
        out: &mut Out<'_>,
    ) -> Result<Span, Closed> {
        let client = self.client.unwrap_or(packet.from);
        let who = usize::from(packet.from != client);
        if let (Some(chosen), Some(_)) = (self.chosen.clone(), self.client) {
            let keys = self.initial_keys(packet.version, &chosen, out).ok_or(Closed::NoKey)?;
            let key = keys.get(who).copied().ok_or(Closed::NoKey)?;
            if let Some(place) = self.try_key(key, Epoch::Clear, packet, out) {
                self.is_answered |= packet.from != client;
                return Ok(place);
            }
            if packet.from != client || *chosen == *to || to.is_empty() {
                return Err(Closed::Failed);
            }
        }
        // The first packet of a client, or the first one of another try.
        let keys = self.initial_keys(packet.version, to, out).ok_or(Closed::NoKey)?;
        let key = keys.first().copied().ok_or(Closed::NoKey)?;
        match self.try_key(key, Epoch::Clear, packet, out) {
            Some(place) => {
                if self.chosen.is_some() {
                    self.restart();
                }
                (self.client, self.chosen) = (Some(packet.from), Some(to.into()));
                Ok(place)
            }
            // It may be the server's, and the client's may have been stored behind it.
            None if self.client.is_none() => Err(Closed::NotYet),
            None => Err(Closed::Failed),
        }
    }

    fn initial_keys(
        &mut self,
        version: Version,
        chosen: &[u8],
        out: &mut Out<'_>,
    ) -> Option<[KeyId; 2]> {
        let is_it = |one: &&Initial| one.version == version && *one.chosen == *chosen;
        if let Some(known) = self.initial.iter().find(is_it) {
            return Some(known.keys);
        }
        if self.made >= MAX_INITIAL_TRIES {
            return None;
        }
        self.made += 1;
        let keys = PacketKeys::initial(version.scheme()?, chosen)?;
        let keys = keys.map(|keys| out.add_key(Arc::new(OpensLong(keys))));
        if self.initial.len() >= MAX_INITIAL_KEYS {
            self.initial.remove(0);
        }
        self.initial.push(Initial { version, chosen: chosen.into(), keys });
        Some(keys)
    }

    fn open_early(&mut self, packet: Packet<'_>, out: &mut Out<'_>) -> Result<Span, Closed> {
        match self.side(packet.from).early {
            Key::Known(key) => {
                return self.try_key(key, Epoch::Early, packet, out).ok_or(Closed::Failed);
            }
            Key::Missing => return Err(Closed::NoKey),
            Key::Unasked => {}
        }
        let facts = self.handshake.facts();
        if facts.client_random.is_none() {
            return Err(self.may_come());
        }
        let scheme = packet.version.scheme().ok_or(Closed::NoKey)?;
        let secret = facts.traffic_secret(packet.from, Epoch::Early, out);
        let secret = secret.filter(|_| facts.early);
        let suites: Vec<_> = secret.iter().flat_map(|secret| facts.early_suites(secret)).collect();
        let is_missing = secret.is_none();
        for suite in suites {
            let keys = secret.as_deref().and_then(|secret| PacketKeys::of(scheme, suite, secret));
            let Some(keys) = keys else { continue };
            let key = out.add_key(Arc::new(OpensLong(keys)));
            if let Some(place) = self.try_key(key, Epoch::Early, packet, out) {
                self.side_mut(packet.from).early = Key::Known(key);
                return Ok(place);
            }
        }
        self.side_mut(packet.from).early = Key::Missing;
        Err(if is_missing { Closed::NoKey } else { Closed::Failed })
    }

    fn open_handshake(&mut self, packet: Packet<'_>, out: &mut Out<'_>) -> Result<Span, Closed> {
        if self.side(packet.from).handshake == Key::Unasked {
            self.look(packet, Epoch::Handshake, out);
            self.agreed()?;
            let secret = self.secret(packet.from, Epoch::Handshake, out);
            let keys = secret.and_then(|(suite, secret)| {
                PacketKeys::of(packet.version.scheme()?, suite, &secret)
            });
            self.side_mut(packet.from).handshake = match keys {
                Some(keys) => Key::Known(out.add_key(Arc::new(OpensLong(keys)))),
                None => Key::Missing,
            };
        }
        match self.side(packet.from).handshake {
            Key::Known(key) => {
                self.try_key(key, Epoch::Handshake, packet, out).ok_or(Closed::Failed)
            }
            Key::Unasked | Key::Missing => Err(Closed::NoKey),
        }
    }

    fn open_application(
        &mut self,
        packet: Packet<'_>,
        out: &mut Out<'_>,
    ) -> Result<(Span, Which), Closed> {
        if matches!(self.side(packet.from).application, Generations::Unasked) {
            self.look(packet, Epoch::Application, out);
            self.agreed()?;
            let secret = self.secret(packet.from, Epoch::Application, out);
            let known = secret
                .and_then(|(suite, secret)| Known::new(self.version.scheme()?, suite, secret));
            self.side_mut(packet.from).application =
                known.map_or(Generations::Missing, Generations::Known);
        }
        let id_len = self.id_len(packet).ok_or(Closed::NoKey)?;
        for which in [Which::Now, Which::After, Which::Before] {
            let Generations::Known(known) = &mut self.side_mut(packet.from).application else {
                return Err(Closed::NoKey);
            };
            let Some(key) = known.key(which, id_len, out) else { continue };
            let Some(place) = self.try_key(key, Epoch::Application, packet, out) else { continue };
            if let (Which::After, Generations::Known(known)) =
                (which, &mut self.side_mut(packet.from).application)
            {
                known.update();
            }
            return Ok((place, which));
        }
        Err(Closed::Failed)
    }

    /// Whether both sides have agreed on a suite, and a key log can be asked.
    fn agreed(&self) -> Result<(), Closed> {
        let facts = self.handshake.facts();
        match (facts.version, facts.client_random) {
            (Some(_), Some(_)) => Ok(()),
            _ if self.found.is_some() => Ok(()),
            _ => Err(self.may_come()),
        }
    }

    /// Whether what the keys of such a packet follow from has not come yet.
    pub(super) fn waits(&self, kind: Kind) -> bool {
        match kind {
            Kind::Initial => self.client.is_none(),
            Kind::ZeroRtt => self.handshake.facts().client_random.is_none(),
            _ => self.agreed().is_err(),
        }
    }

    /// What was not seen of the handshake may still come where its beginning was.
    fn may_come(&self) -> Closed {
        let is_begun = self.client.is_some() || !self.parked.is_empty();
        if is_begun { Closed::NotYet } else { Closed::NoKey }
    }

    /// Whether a datagram that was sent this way opens with any of the keys, or may bring them.
    pub(super) fn would_open(
        &self,
        from: Direction,
        datagram: &[u8],
        keys: &Openers,
    ) -> Likelihood {
        let side: &Side = self.side(from);
        let mut room = vec![0; datagram.len()];
        let mut opens = |key: KeyId, epoch: Epoch, packet: &[u8]| {
            let opener = keys.get(key);
            opener.is_some_and(|one| one.open(side.expected(epoch), packet, &mut room).is_some())
        };
        let does_open = match Long::read(datagram) {
            Ok(long) if datagram.first().copied().is_some_and(Long::is) => {
                let packet = datagram.get(..long.end).unwrap_or(datagram);
                let who = usize::from(self.client != Some(from));
                match (long.kind, side.handshake) {
                    // It may be the one that others wait for.
                    (Kind::Initial, _) if self.client.is_none() && !self.parked.is_empty() => {
                        return Likelihood::Perhaps;
                    }
                    (Kind::Initial, _) => {
                        let mut keys = self.initial.iter().filter_map(|one| one.keys.get(who));
                        keys.any(|key| opens(*key, Epoch::Clear, packet))
                    }
                    (Kind::Handshake, Key::Known(key)) => opens(key, Epoch::Handshake, packet),
                    _ => false,
                }
            }
            _ => match &side.application {
                Generations::Known(known) => {
                    known.ready().any(|key| opens(key, Epoch::Application, datagram))
                }
                Generations::Unasked | Generations::Missing => false,
            },
        };
        if does_open { Likelihood::Surely } else { Likelihood::No }
    }
}
