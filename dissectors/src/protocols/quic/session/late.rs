//! Connections whose first packet was not captured: no ClientHello says which secrets of a key log
//! are theirs. Each of them is tried, until one opens a packet; an AEAD leaves no doubt.
//!
//! ```text
//!   (Initial of the client)   not captured
//!   Handshake, 1-RTT          whose secret? ── opens ──> the client random, the suite, who is the client
//! ```
//!
//! The length of ids must be known from a long header, and numbers must begin within reach: of a
//! connection that is captured far behind its handshake nothing is opened.

use super::super::header::Long;
use super::super::keys::{OpensLong, OpensShort, PacketKeys};
use super::super::kind::Kind;
use super::{Packet, QuicSession};
use crate::engine::derive::Opener;
use crate::engine::session::Out;
use crate::ids::Direction;
use crate::protocols::quic::limits::{MAX_TRIAL_PACKETS, MAX_TRIAL_SECRETS};
use crate::protocols::tls::handshake::Epoch;
use crate::protocols::tls::suite::Suite;
use crate::secret::Label;

/// The suites of TLS 1.3 that QUIC may use (RFC 9001, section 5.3).
const SUITES: [Suite; 4] = [Suite(0x1301), Suite(0x1302), Suite(0x1303), Suite(0x1304)];

/// What was found by trial.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    client: Direction,
    random: [u8; 32],
    suite: Suite,
}

/// What a secret of a level is called, of the client's and of the server's packets.
const fn labels(epoch: Epoch) -> Option<[Label; 2]> {
    match epoch {
        Epoch::Handshake => Some([Label::ClientHandshakeTraffic, Label::ServerHandshakeTraffic]),
        Epoch::Application => Some([Label::ClientTraffic0, Label::ServerTraffic0]),
        Epoch::Clear | Epoch::Early => None,
    }
}

impl QuicSession {
    /// The suite and the secret of what a side seals on a level.
    pub(super) fn secret(
        &self,
        side: Direction,
        epoch: Epoch,
        out: &mut Out<'_>,
    ) -> Option<(Suite, Vec<u8>)> {
        let Some(found) = self.found else {
            let facts = self.handshake.facts();
            return Some((facts.suite, facts.traffic_secret(side, epoch, out)?));
        };
        let [client, server] = labels(epoch)?;
        let label = if found.client == side { client } else { server };
        Some((found.suite, out.secret(label, &found.random)?))
    }

    /// Tries the secrets of the key log on a packet, where nobody knows whose it is, and nothing
    /// waits for a beginning that may have been stored late.
    pub(super) fn look(&mut self, packet: Packet<'_>, epoch: Epoch, out: &Out<'_>) {
        let is_known = self.client.is_some() || self.handshake.facts().client_random.is_some();
        if is_known
            || !self.parked.is_empty()
            || self.found.is_some()
            || self.tried >= MAX_TRIAL_PACKETS
        {
            return;
        }
        self.tried += 1;
        let by = [packet.from, packet.from.reverse()];
        for (label, client) in labels(epoch).into_iter().flatten().zip(by) {
            let secrets = out.secrets_of(label);
            if secrets.len() > MAX_TRIAL_SECRETS {
                return;
            }
            for (random, secret) in secrets {
                if let Some(suite) = self.opening(packet, secret) {
                    self.found = Some(Found { client, random, suite });
                    return;
                }
            }
        }
    }

    /// The suite with which a secret opens a packet.
    fn opening(&self, packet: Packet<'_>, secret: &[u8]) -> Option<Suite> {
        let version = if packet.kind == Kind::OneRtt { self.version } else { packet.version };
        let scheme = version.scheme()?;
        let fitting = SUITES.iter().filter(|suite| suite.hash().output_len() == secret.len());
        let opens = |suite: &&Suite| {
            let Some(keys) = PacketKeys::of(scheme, **suite, secret) else { return false };
            let mut room = vec![0; packet.bytes.len()];
            if packet.bytes.first().copied().is_some_and(Long::is) {
                return OpensLong(keys).open(0, packet.bytes, &mut room).is_some();
            }
            let Some(len) = self.id_len(packet) else { return false };
            OpensShort(keys.into(), len).open(0, packet.bytes, &mut room).is_some()
        };
        fitting.copied().find(|suite| opens(&suite))
    }
}
