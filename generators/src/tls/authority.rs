//! A certificate authority for one run, and what it issues.
//!
//! Everything is made anew each time and forgotten afterwards: no private key lies in a file, and
//! no certificate expires between two lectures.

use std::{
    error::Error,
    time::{Duration, SystemTime},
};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SerialNumber,
};
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};

use super::config::Trust;
use crate::{Failure, actor::whole_cause};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How many days a certificate is valid that is not a root's.
const LIFE: u32 = 90;

/// Signs certificates, and is trusted by the clients that are given its [`Trust`].
pub(crate) struct Authority {
    pub(super) name: String,
    pub(super) issuer: Issuer<'static, KeyPair>,
    root: CertificateDer<'static>,
    /// The certificates that lead from its own up to the root, which is not among them.
    below: Vec<CertificateDer<'static>>,
}

/// What somebody proves itself with: its certificate chain, and the key of the first certificate in
/// it.
pub(crate) struct Identity {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
    /// The number that its issuer has given the certificate.
    pub(super) serial: Vec<u8>,
    /// The issuer's word on whether it is revoked, where the server has fetched that (OCSP).
    pub(super) staple: Option<Vec<u8>>,
}

impl Authority {
    /// Makes a root certificate that signs itself, valid for ten years, with an ECDSA key on P-256.
    pub(crate) fn new() -> Result<Authority, Failure> {
        Authority::called("Wirestage Root")
    }

    /// The same under another name.
    pub(crate) fn called(name: &str) -> Result<Authority, Failure> {
        let make = || {
            let key = KeyPair::generate()?;
            // One authority may stand between it and a server.
            let params = authority(name, 1);
            let root = params.self_signed(&key)?.der().clone();
            let (name, issuer) = (name.to_owned(), Issuer::new(params, key));
            Ok(Authority { name, issuer, root, below: Vec::new() })
        };
        make().map_err(|error: rcgen::Error| refused("make its root certificate", error))
    }

    /// Makes an authority that this one vouches for: whoever is vouched for by that shows both
    /// certificates, for clients know the root alone.
    pub(crate) fn below(&self, name: &str) -> Result<Authority, Failure> {
        let make = || {
            let key = KeyPair::generate()?;
            let params = authority(name, 0);
            let own = params.signed_by(&key, &self.issuer)?.der().clone();
            let below = [vec![own], self.below.clone()].concat();
            let (name, issuer) = (name.to_owned(), Issuer::new(params, key));
            Ok(Authority { name, issuer, root: self.root.clone(), below })
        };
        make().map_err(|error: rcgen::Error| refused("vouch for another authority", error))
    }

    /// Issues a certificate for a server called `name`, valid for 90 days, with an ECDSA key on
    /// P-256 of its own.
    pub(crate) fn issue(&self, name: &str) -> Result<Identity, Failure> {
        self.sign(name, ExtendedKeyUsagePurpose::ServerAuth, SystemTime::now() - DAY)
    }

    /// Issues a certificate to a client.
    pub(crate) fn issue_to_client(&self, name: &str) -> Result<Identity, Failure> {
        self.sign(name, ExtendedKeyUsagePurpose::ClientAuth, SystemTime::now() - DAY)
    }

    /// Issues a server's certificate that ran out ten days ago.
    pub(crate) fn issue_expired(&self, name: &str) -> Result<Identity, Failure> {
        let from = SystemTime::now() - DAY * (LIFE + 10);
        self.sign(name, ExtendedKeyUsagePurpose::ServerAuth, from)
    }

    fn sign(
        &self,
        name: &str,
        purpose: ExtendedKeyUsagePurpose,
        from: SystemTime,
    ) -> Result<Identity, Failure> {
        let make = || {
            let key = KeyPair::generate()?;
            let serial = serial();
            let mut params = CertificateParams::new([name.to_owned()])?;
            params.serial_number = Some(SerialNumber::from_slice(&serial));
            params.distinguished_name = named(name);
            params.use_authority_key_identifier_extension = true;
            params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            params.extended_key_usages = vec![purpose];
            valid(&mut params, from, LIFE);
            let certificate = params.signed_by(&key, &self.issuer)?.der().clone();
            Ok(Identity {
                // The root is not sent: who trusts it has it, and who does not would not believe
                // it.
                chain: [vec![certificate], self.below.clone()].concat(),
                key: PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
                serial,
                staple: None,
            })
        };
        make().map_err(|error: rcgen::Error| refused("issue a certificate", error))
    }

    /// Its root certificate in DER.
    #[cfg(test)]
    pub(super) fn root_certificate(&self) -> Vec<u8> {
        self.root.to_vec()
    }

    /// What a client needs to believe the certificates issued here.
    pub(crate) fn trust(&self) -> Result<Trust, Failure> {
        let mut roots = RootCertStore::empty();
        roots
            .add(self.root.clone())
            .map_err(|error| refused("offer its root certificate", error))?;
        Ok(Trust::new(roots))
    }
}

impl Clone for Identity {
    /// The same certificate with the same key: a server that is started again.
    fn clone(&self) -> Identity {
        Identity {
            chain: self.chain.clone(),
            key: self.key.clone_key(),
            serial: self.serial.clone(),
            staple: self.staple.clone(),
        }
    }
}

impl Identity {
    /// Its own certificate in DER.
    pub(crate) fn certificate(&self) -> Vec<u8> {
        self.chain.first().map(|certificate| certificate.to_vec()).unwrap_or_default()
    }
}

/// What an authority says of itself: so many others may stand below it in a chain. Valid for ten
/// years.
fn authority(name: &str, below: u8) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(below));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    // From yesterday, so that a clock that is a little slow does not matter.
    valid(&mut params, SystemTime::now() - DAY, 3652);
    params
}

/// A number that nobody can guess, and that is positive (RFC 5280, section 4.1.2.2).
fn serial() -> Vec<u8> {
    let mut serial = [0; 16];
    // It fails where the system has no randomness, and then no key is made either.
    let _ = aws_lc_rs::rand::fill(&mut serial);
    if let Some(first) = serial.first_mut() {
        *first = *first & 0x3f | 0x40;
    }
    serial.to_vec()
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

/// Valid from then on, for `days`.
fn valid(params: &mut CertificateParams, from: SystemTime, days: u32) {
    params.not_before = from.into();
    params.not_after = (from + DAY * days).into();
}

pub(super) fn refused(doing: &str, error: impl Error) -> Failure {
    Failure::Io {
        role: "the certificate authority",
        doing: doing.to_owned(),
        cause: whole_cause(&error),
    }
}
