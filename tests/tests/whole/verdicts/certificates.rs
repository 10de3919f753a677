//! Certificates for one run, in a folder that goes with it.

use std::fs::write;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The name that clients ask for.
const HOST: &str = "server.wirestage.test";

/// A folder with a root, a good certificate as `server.pem`, and some that are not to be taken.
pub(super) struct Made(TempDir);

impl Made {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path();
        let ours = root(at, "root", "Our Root");
        let another = root(at, "else", "Somebody Else");
        root(at, "selfsigned", HOST);
        for (name, issuer, host, days) in [
            ("server", &ours, HOST, [-9, 9]),
            ("stranger", &another, HOST, [-9, 9]),
            ("expired", &ours, HOST, [-9, -2]),
            ("early", &ours, HOST, [2, 9]),
            ("other", &ours, "other.wirestage.test", [-9, 9]),
        ] {
            issue(at, (name, issuer), host, days);
        }
        Self(folder)
    }

    pub(super) fn folder(&self) -> &Path {
        self.0.path()
    }
}

fn root(at: &Path, name: &str, called: &str) -> Issuer<'static, KeyPair> {
    let key = KeyPair::generate().expect("a key");
    let mut params = named(called);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).expect("it can be signed");
    store(at, name, &certificate.pem(), &key);
    Issuer::new(params, key)
}

fn issue(at: &Path, (name, issuer): (&str, &Issuer<'static, KeyPair>), host: &str, days: [i32; 2]) {
    let key = KeyPair::generate().expect("a key");
    let mut params = named(host);
    params.subject_alt_names = CertificateParams::new([host.to_owned()]).unwrap().subject_alt_names;
    let [from, until] = days.map(|days| {
        let (now, away) = (SystemTime::now(), DAY * days.unsigned_abs());
        if days < 0 { now - away } else { now + away }
    });
    (params.not_before, params.not_after) = (from.into(), until.into());
    let certificate = params.signed_by(&key, issuer).expect("it can be signed");
    store(at, name, &certificate.pem(), &key);
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn store(at: &Path, name: &str, certificate: &str, key: &KeyPair) {
    write(at.join(format!("{name}.pem")), certificate).expect("it can be written");
    write(at.join(format!("{name}.key")), key.serialize_pem()).expect("it can be written");
}
