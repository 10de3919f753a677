//! Which secrets of a key log belong to this handshake.

use super::super::suite::Suite;
use super::super::version::Version;
use super::epoch::Epoch;
use super::facts::Facts;
use crate::engine::session::Out;
use crate::ids::Direction;
use crate::secret::Label;

impl Facts {
    /// The traffic secret that seals what a side sends in an epoch of TLS 1.3, before any key
    /// update. One that is not there is remembered as a want.
    #[must_use]
    pub fn traffic_secret(
        &self,
        side: Direction,
        epoch: Epoch,
        out: &mut Out<'_>,
    ) -> Option<Vec<u8>> {
        let from_client = self.client? == side;
        let label = match (epoch, from_client) {
            (Epoch::Early, true) => Label::ClientEarlyTraffic,
            (Epoch::Handshake, true) => Label::ClientHandshakeTraffic,
            (Epoch::Handshake, false) => Label::ServerHandshakeTraffic,
            (Epoch::Application, true) => Label::ClientTraffic0,
            (Epoch::Application, false) => Label::ServerTraffic0,
            (Epoch::Clear, _) | (Epoch::Early, false) => return None,
        };
        // Early data goes with the hello that is sealed, and comes before the server has said
        // whether it takes that (RFC 9850, section 2.1).
        let inner = self.inner_random.filter(|_| epoch == Epoch::Early);
        let sealed = inner.and_then(|random| out.known(label, &random));
        sealed.or_else(|| out.secret(label, &self.client_random?))
    }

    /// The suites that early data may be sealed with, given its secret. It is the one of the
    /// session that is resumed, and the ClientHello does not single it out.
    pub fn early_suites(&self, secret: &[u8]) -> impl Iterator<Item = Suite> + use<'_> {
        let len = secret.len();
        // The suites of TLS 1.3 are numbered from 0x1301 on.
        let fits = move |suite: &Suite| suite.0 >> 8 == 0x13 && suite.hash().output_len() == len;
        self.offered.iter().copied().filter(fits)
    }

    /// The master secret, before TLS 1.3, for what that side seals. Where it is not there, that is
    /// remembered as a want. With the server's keys the session is there to be resumed.
    #[must_use]
    pub fn master_secret(&self, side: Direction, out: &mut Out<'_>) -> Option<Vec<u8>> {
        let found = self.found_master(out)?;
        // A key log may have it in two ways, both of which are good for this connection.
        if out.has_premasters() {
            self.premaster(out);
        }
        if self.client != Some(side) {
            self.leave_for_others(&found, out);
        }
        Some(found)
    }

    fn found_master(&self, out: &mut Out<'_>) -> Option<Vec<u8>> {
        let has_one = self.version.is_some_and(Version::has_master);
        let client_random = self.client_random.filter(|_| has_one)?;
        if let Some(opened) = self.opened_master(out.private_keys()) {
            return Some(opened);
        }
        out.secret(Label::ClientRandom, &client_random)
            .or_else(|| out.secret(Label::SessionId, &self.session?))
            .or_else(|| self.ticket_master(out))
            .or_else(|| self.logged_master(out))
    }
}
