//! How a ClientHello is sealed inside another: the library's HPKE, and the secret that it does not
//! log.
//!
//! ```text
//!   setup_sealer   info: "tls ech", 0, the ECHConfig      gives the secret, sealed to the key
//!   seal           aad: the outer ClientHello             version, random, …
//! ```

use std::{fmt, sync::Arc};

use aws_lc_rs::{
    agreement::{PrivateKey, UnparsedPublicKey, X25519, agree},
    hkdf, hmac,
};
use rustls::{
    Error, KeyLog,
    crypto::hpke::{
        EncapsulatedSecret, Hpke, HpkeOpener, HpkePrivateKey, HpkePublicKey, HpkeSealer, HpkeSuite,
    },
};

/// What stands before the ECHConfig (RFC 9849, section 6.1).
const INFO: &[u8] = b"tls ech\0";

/// Where the random lies in a ClientHello.
const RANDOM: std::ops::Range<usize> = 2..34;

/// How long a shared secret of DHKEM(X25519, HKDF-SHA256) is (RFC 9180, section 7.1).
const SECRET: usize = 32;

/// Seals as the library does, and logs what opens that (RFC 9850, section 2.3). The secret comes
/// out of the private key that it is sealed to: the library keeps its own half to itself.
pub(in super::super) struct SealingWitness {
    hpke: &'static dyn Hpke,
    keys: Arc<dyn KeyLog>,
    private: HpkePrivateKey,
}

impl SealingWitness {
    pub(in super::super) fn new(
        hpke: &'static dyn Hpke,
        keys: Arc<dyn KeyLog>,
        private: HpkePrivateKey,
    ) -> SealingWitness {
        SealingWitness { hpke, keys, private }
    }

    /// Decap (RFC 9180, section 4.1).
    fn shared(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let own = PrivateKey::from_private_key(&X25519, self.private.secret_bytes()).ok()?;
        let public = own.compute_public_key().ok()?;
        let peer = UnparsedPublicKey::new(&X25519, sealed);
        let dh = agree(&own, peer, (), |dh| Ok(dh.to_vec())).ok()?;
        let id = [&b"KEM"[..], &u16::from(self.suite().kem).to_be_bytes()].concat();
        let labeled = [b"HPKE-v1", &id[..], b"eae_prk", &dh].concat();
        let secret = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &[]), &labeled);
        let secret = hkdf::Prk::new_less_safe(hkdf::HKDF_SHA256, secret.as_ref());
        let length = (SECRET as u16).to_be_bytes();
        let info = [&length[..], b"HPKE-v1", &id, b"shared_secret", sealed, public.as_ref()];
        let mut shared = vec![0; SECRET];
        secret.expand(&info, hkdf::HKDF_SHA256).and_then(|made| made.fill(&mut shared)).ok()?;
        Some(shared)
    }
}

impl Hpke for SealingWitness {
    fn seal(
        &self,
        info: &[u8],
        aad: &[u8],
        plaintext: &[u8],
        key: &HpkePublicKey,
    ) -> Result<(EncapsulatedSecret, Vec<u8>), Error> {
        self.hpke.seal(info, aad, plaintext, key)
    }

    fn setup_sealer(
        &self,
        info: &[u8],
        key: &HpkePublicKey,
    ) -> Result<(EncapsulatedSecret, Box<dyn HpkeSealer + 'static>), Error> {
        let (sealed, sealer) = self.hpke.setup_sealer(info, key)?;
        let shared = self.shared(&sealed.0).ok_or(Error::General("no shared secret".into()))?;
        let config = info.strip_prefix(INFO).unwrap_or_default().to_vec();
        let keys = Arc::clone(&self.keys);
        Ok((sealed, Box::new(Sealer { sealer, keys, shared, config })))
    }

    fn open(
        &self,
        secret: &EncapsulatedSecret,
        info: &[u8],
        aad: &[u8],
        ciphertext: &[u8],
        key: &HpkePrivateKey,
    ) -> Result<Vec<u8>, Error> {
        self.hpke.open(secret, info, aad, ciphertext, key)
    }

    fn setup_opener(
        &self,
        secret: &EncapsulatedSecret,
        info: &[u8],
        key: &HpkePrivateKey,
    ) -> Result<Box<dyn HpkeOpener + 'static>, Error> {
        self.hpke.setup_opener(secret, info, key)
    }

    fn generate_key_pair(&self) -> Result<(HpkePublicKey, HpkePrivateKey), Error> {
        self.hpke.generate_key_pair()
    }

    fn suite(&self) -> HpkeSuite {
        self.hpke.suite()
    }
}

impl fmt::Debug for SealingWitness {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SealingWitness").finish_non_exhaustive()
    }
}

/// Seals the hellos of one connection.
struct Sealer {
    sealer: Box<dyn HpkeSealer>,
    keys: Arc<dyn KeyLog>,
    shared: Vec<u8>,
    config: Vec<u8>,
}

impl HpkeSealer for Sealer {
    fn seal(&mut self, aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, Error> {
        // Both go by the random of the outer hello, which is here for the first time.
        let random = aad.get(RANDOM).unwrap_or_default();
        self.keys.log("ECH_SECRET", random, &self.shared);
        self.keys.log("ECH_CONFIG", random, &self.config);
        self.sealer.seal(aad, plaintext)
    }
}

impl fmt::Debug for Sealer {
    /// Says nothing of the secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sealer").finish_non_exhaustive()
    }
}
