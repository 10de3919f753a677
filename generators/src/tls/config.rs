//! The two sides' TLS settings, each with what it puts on the wire.

use std::sync::Arc;

use rustls::{
    ClientConfig, ConfigBuilder, NamedGroup, RootCertStore, ServerConfig, SupportedProtocolVersion,
    WantsVerifier,
    client::{EchConfig, EchGreaseConfig, EchMode, Resumption, WebPkiServerVerifier},
    crypto::{
        CryptoProvider, aws_lc_rs,
        hpke::{Hpke, HpkePrivateKey},
    },
    pki_types::{CertificateDer, EchConfigListBytes},
    server::{NoClientAuth, WebPkiClientVerifier, danger::ClientCertVerifier},
    sign::{CertifiedKey, SingleCertAndKey},
    version::{TLS12, TLS13},
};

use super::{
    Version,
    authority::Identity,
    witness::{
        ChooseCertificate, ClientTickets, KeyWitness, SealingWitness, ServerTickets, Verifier,
    },
};
use crate::{Failure, Knob, Stage, actor::Actor};

/// Which key exchange the client prefers, among those TLS 1.3 has here.
pub(crate) const GROUP: Knob = Knob {
    name: "group",
    help: "The key exchange the client sends its share for; x25519mlkem768 also resists quantum \
           computers, and is a kilobyte larger.",
    default: "x25519",
    choices: &["x25519", "secp256r1", "secp384r1", "x25519mlkem768"],
};

/// The same where the hybrid is what is to be seen.
pub(crate) const GROUP_HYBRID: Knob = Knob { default: "x25519mlkem768", ..GROUP };

/// Which key exchange the client prefers, among those TLS 1.2 has here.
pub(crate) const GROUP_TLS12: Knob = Knob {
    help: "The group of the elliptic-curve key exchange that the client names first.",
    choices: &["x25519", "secp256r1", "secp384r1"],
    ..GROUP
};

/// Which cipher the client prefers.
pub(crate) const SUITE: Knob = Knob {
    name: "suite",
    help: "The cipher that seals the data, named first by the client.",
    default: "aes256gcm",
    choices: &["aes128gcm", "aes256gcm", "chacha20"],
};

/// HTTP/1.1 inside, as ALPN names it (RFC 7301, section 6).
pub(crate) const HTTP_1: &[u8] = b"http/1.1";

/// HTTP/2 inside, as ALPN names it (RFC 9113, section 3.1).
pub(crate) const HTTP_2: &[u8] = b"h2";

/// HTTP/3 inside, as ALPN names it (RFC 9114, section 3.2).
pub(crate) const HTTP_3: &[u8] = b"h3";

/// The authorities somebody believes.
#[derive(Clone)]
pub(crate) struct Trust(RootCertStore);

impl Trust {
    pub(super) fn new(roots: RootCertStore) -> Trust {
        Trust(roots)
    }

    /// Somebody who was handed one certificate, which nobody vouches for, and believes that.
    pub(crate) fn in_one(certificate: &[u8]) -> Result<Trust, rustls::Error> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(certificate.to_vec()))?;
        Ok(Trust(roots))
    }
}

impl Version {
    fn of_rustls(self) -> &'static SupportedProtocolVersion {
        match self {
            Version::Tls12 => &TLS12,
            Version::Tls13 => &TLS13,
        }
    }
}

/// What a side insists on: most insist on a version alone.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    pub(super) version: Version,
    /// The only group for the key exchange, where it is not for the knobs to say.
    group: Option<NamedGroup>,
}

impl Terms {
    /// The version, and no other group than this.
    pub(crate) fn only(version: Version, group: NamedGroup) -> Terms {
        Terms { version, group: Some(group) }
    }
}

impl From<Version> for Terms {
    fn from(version: Version) -> Terms {
        Terms { version, group: None }
    }
}

/// What a client needs to know before it dials.
pub(crate) fn client(
    actor: &Actor,
    terms: impl Into<Terms>,
    alpn: &'static [u8],
    trust: Trust,
) -> Result<Arc<ClientConfig>, Failure> {
    let terms = terms.into();
    let provider = provider(actor.stage(), terms);
    let builder = ClientConfig::builder_with_provider(provider.clone())
        // In the hello: supported_versions (TLS 1.3) or its absence.
        .with_protocol_versions(&[terms.version.of_rustls()])
        .map_err(|error| actor.failed("choose TLS versions", error))?;
    client_of(actor, builder, provider, alpn, trust)
}

/// A client of TLS 1.3 that knows no key to encrypt its ClientHello to, and acts as if it did.
pub(crate) fn greasing_client(
    actor: &Actor,
    alpn: &'static [u8],
    trust: Trust,
) -> Result<Arc<ClientConfig>, Failure> {
    let provider = provider(actor.stage(), Version::Tls13.into());
    let hpke: &'static dyn Hpke = aws_lc_rs::hpke::DH_KEM_X25519_HKDF_SHA256_AES_128;
    // The encapsulated key must look like one, so it is made for a key that nobody keeps.
    let (nobodys, _) =
        hpke.generate_key_pair().map_err(|error| actor.failed("make up a key", error))?;
    let grease = EchMode::Grease(EchGreaseConfig::new(hpke, nobodys));
    let builder = ClientConfig::builder_with_provider(provider.clone())
        // In the hello: encrypted_client_hello, with random bytes for its content.
        .with_ech(grease)
        .map_err(|error| actor.failed("choose TLS versions", error))?;
    client_of(actor, builder, provider, alpn, trust)
}

/// A client of TLS 1.3 that knows a key of the server, and seals its ClientHello to that inside
/// another. What the library does not log of that comes out of the key's private half.
pub(crate) fn sealing_client(
    actor: &Actor,
    alpn: &'static [u8],
    trust: Trust,
    (published, private): (Vec<u8>, HpkePrivateKey),
) -> Result<Arc<ClientConfig>, Failure> {
    let provider = provider(actor.stage(), Version::Tls13.into());
    let hpke = aws_lc_rs::hpke::DH_KEM_X25519_HKDF_SHA256_AES_128;
    let witness = SealingWitness::new(hpke, actor.stage().keys(), private);
    // The library takes it for as long as the program runs, which in the lab is this scenario.
    let hpke: &'static dyn Hpke = Box::leak(Box::new(witness));
    let config = EchConfig::new(EchConfigListBytes::from(published), &[hpke])
        .map_err(|error| actor.failed("read the key that is published", error))?;
    let builder = ClientConfig::builder_with_provider(provider.clone())
        // In the hello: encrypted_client_hello, with another hello sealed in it.
        .with_ech(EchMode::Enable(config))
        .map_err(|error| actor.failed("choose TLS versions", error))?;
    client_of(actor, builder, provider, alpn, trust)
}

fn client_of(
    actor: &Actor,
    builder: ConfigBuilder<ClientConfig, WantsVerifier>,
    provider: Arc<CryptoProvider>,
    alpn: &'static [u8],
    trust: Trust,
) -> Result<Arc<ClientConfig>, Failure> {
    // Checks chain, validity and name, as any client does; the witness around it only listens.
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(trust.0), provider)
        .build()
        .map_err(|error| actor.failed("trust the authority", error))?;
    let mut config = builder
        // "Dangerous" because a verifier of one's own could believe anyone. This one asks the one
        // above.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Verifier::new(actor.clone(), verifier)))
        // No certificate of its own, unless it is given one later.
        .with_no_client_auth();
    // In the hello: the ALPN extension.
    config.alpn_protocols = vec![alpn.to_vec()];
    // The certificate is shown as it is, not compressed (RFC 8879).
    config.cert_compressors.clear();
    config.cert_decompressors.clear();
    config.key_log = Arc::new(KeyWitness::new(actor.clone()));
    config.resumption = Resumption::store(Arc::new(ClientTickets::new(actor.clone())));
    Ok(Arc::new(config))
}

/// Gives a client a certificate of its own, for servers that ask for one.
pub(super) fn prove(
    actor: &Actor,
    config: &mut ClientConfig,
    identity: Identity,
) -> Result<(), Failure> {
    let certified = certified(actor, config.crypto_provider(), identity)?;
    config.client_auth_cert_resolver = Arc::new(SingleCertAndKey::from(certified));
    Ok(())
}

/// What a server needs to know before it listens. Anyone may come: it sends no CertificateRequest.
pub(crate) fn server(
    actor: &Actor,
    terms: impl Into<Terms>,
    alpn: &'static [u8],
    identity: Identity,
) -> Result<Arc<ServerConfig>, Failure> {
    server_of(actor, terms.into(), alpn, identity, Arc::new(NoClientAuth))
}

/// A server that lets in only who has a certificate of an authority in `trust`.
pub(super) fn demanding_server(
    actor: &Actor,
    terms: Terms,
    alpn: &'static [u8],
    identity: Identity,
    trust: Trust,
) -> Result<Arc<ServerConfig>, Failure> {
    let provider = provider(actor.stage(), terms);
    let judge = WebPkiClientVerifier::builder_with_provider(Arc::new(trust.0), provider)
        .build()
        .map_err(|error| actor.failed("trust the authority of its clients", error))?;
    let verifier = Verifier::new(actor.clone(), judge);
    server_of(actor, terms, alpn, identity, Arc::new(verifier))
}

fn server_of(
    actor: &Actor,
    terms: Terms,
    alpn: &'static [u8],
    identity: Identity,
    clients: Arc<dyn ClientCertVerifier>,
) -> Result<Arc<ServerConfig>, Failure> {
    let provider = provider(actor.stage(), terms);
    let certified = Arc::new(certified(actor, &provider, identity)?);
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[terms.version.of_rustls()])
        .map_err(|error| actor.failed("choose TLS versions", error))?
        .with_client_cert_verifier(clients)
        .with_cert_resolver(Arc::new(ChooseCertificate::new(actor.clone(), certified)));
    config.alpn_protocols = vec![alpn.to_vec()];
    config.cert_compressors.clear();
    config.cert_decompressors.clear();
    config.key_log = Arc::new(KeyWitness::new(actor.clone()));
    // One NewSessionTicket is enough to see what it is; the library's default is two.
    config.send_tls13_tickets = 1;
    config.session_storage = Arc::new(ServerTickets::new(actor.clone(), terms.version));
    Ok(Arc::new(config))
}

/// A certificate chain with its key, ready to sign.
fn certified(
    actor: &Actor,
    provider: &CryptoProvider,
    identity: Identity,
) -> Result<CertifiedKey, Failure> {
    let key = provider
        .key_provider
        .load_private_key(identity.key)
        .map_err(|error| actor.failed("load its private key", error))?;
    // In Certificate, or behind it in TLS 1.2, for clients that ask for it: the issuer's word.
    Ok(CertifiedKey { ocsp: identity.staple, ..CertifiedKey::new(identity.chain, key) })
}

/// The cryptography of one version, with what the knobs name in the first place.
///
/// The client lists its suites and groups in this order and sends a key share for the first group.
/// A server of this library takes the client's first choice that it knows as well.
fn provider(stage: &Stage, terms: Terms) -> Arc<CryptoProvider> {
    let mut provider = aws_lc_rs::default_provider();
    let group = terms.group.unwrap_or(match stage.knob(GROUP.name) {
        "secp256r1" => NamedGroup::secp256r1,
        "secp384r1" => NamedGroup::secp384r1,
        "x25519mlkem768" => NamedGroup::X25519MLKEM768,
        _ => NamedGroup::X25519,
    });
    // The library would offer the hybrid group first. It makes a ClientHello too large for one
    // Ethernet frame, which is a lesson of its own, so it is offered only where it is asked for.
    provider.kx_groups.retain(|known| {
        let is_wanted = terms.group.is_none() && known.name() != NamedGroup::X25519MLKEM768;
        known.name() == group || is_wanted
    });
    // A stable sort by "is not the one" moves the one to the front and leaves the rest as it was.
    provider.kx_groups.sort_by_key(|known| known.name() != group);

    let cipher = match stage.knob(SUITE.name) {
        "aes128gcm" => "AES_128_GCM",
        "chacha20" => "CHACHA20_POLY1305",
        _ => "AES_256_GCM",
    };
    provider.cipher_suites.retain(|known| known.version() == terms.version.of_rustls());
    provider
        .cipher_suites
        .sort_by_key(|known| !known.suite().as_str().is_some_and(|name| name.contains(cipher)));
    Arc::new(provider)
}
