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
        out.secret(label, &self.client_random?)
    }

    /// The suites that early data may be sealed with, given its secret. It is the one of the
    /// session that is resumed, and the ClientHello does not single it out.
    pub fn early_suites(&self, secret: &[u8]) -> impl Iterator<Item = Suite> + use<'_> {
        let len = secret.len();
        // The suites of TLS 1.3 are numbered from 0x1301 on.
        let fits = move |suite: &Suite| suite.0 >> 8 == 0x13 && suite.hash().output_len() == len;
        self.offered.iter().copied().filter(fits)
    }

    /// The master secret, before TLS 1.3. Where it is not there, that is remembered as a want.
    #[must_use]
    pub fn master_secret(&self, out: &mut Out<'_>) -> Option<Vec<u8>> {
        let has_one = self.version.is_some_and(Version::has_master);
        let client_random = self.client_random.filter(|_| has_one)?;
        if let Some(opened) = self.opened_master(out.private_keys()) {
            return Some(opened);
        }
        out.secret(Label::ClientRandom, &client_random)
            .or_else(|| out.secret(Label::SessionId, &self.session?))
            .or_else(|| self.logged_master(out))
    }
}
