//! Witnesses: what the TLS library asks or tells during a handshake goes through them, and they say
//! it.
//!
//! Each stands in a place where the library takes an object of the program's own, hands every
//! question on to the ordinary answer, and adds an entry to the transcript. None changes a
//! decision.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use rustls::{
    DigitallySignedStruct, Error, KeyLog, NamedGroup, SignatureScheme,
    client::{
        ClientSessionMemoryCache, ClientSessionStore, Tls12ClientSessionValue,
        Tls13ClientSessionValue, WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::{ClientHello, ResolvesServerCert, ServerSessionMemoryCache, StoresServerSessions},
    sign::CertifiedKey,
};

use super::Version;
use crate::{actor::Actor, names, steps};

/// How many sessions each side remembers: more than one run can make.
const SESSIONS: usize = 32;

/// Hears of each secret, and says when both directions of an epoch have theirs.
pub(super) struct KeyWitness {
    actor: Actor,
    next: Arc<dyn KeyLog>,
    /// How many secrets of an epoch have come, by epoch and client random.
    come: Mutex<HashMap<(&'static str, Vec<u8>), usize>>,
}

impl KeyWitness {
    pub(super) fn new(actor: Actor) -> KeyWitness {
        let next = actor.stage().keys();
        KeyWitness { actor, next, come: Mutex::default() }
    }
}

impl KeyLog for KeyWitness {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        self.next.log(label, client_random, secret);
        let (epoch, secrets) = match label {
            // The master secret, of which TLS 1.2 makes the keys of both directions.
            "CLIENT_RANDOM" => ("connection", 1),
            "CLIENT_HANDSHAKE_TRAFFIC_SECRET" | "SERVER_HANDSHAKE_TRAFFIC_SECRET" => {
                ("handshake", 2)
            }
            "CLIENT_TRAFFIC_SECRET_0" | "SERVER_TRAFFIC_SECRET_0" => ("application", 2),
            // Only the client sends early data.
            "CLIENT_EARLY_TRAFFIC_SECRET" => ("early", 1),
            // Not a traffic secret: nothing on the wire is sealed with it.
            _ => return,
        };
        let mut come = self.come.lock().unwrap_or_else(PoisonError::into_inner);
        let come = come.entry((epoch, client_random.to_vec())).or_default();
        *come += 1;
        if *come == secrets {
            self.actor.say(steps::tls_keys(epoch, client_random));
        }
    }
}

/// Hears how the client judges the server's certificate and signature.
pub(super) struct Verifier {
    actor: Actor,
    judge: Arc<WebPkiServerVerifier>,
}

impl Verifier {
    pub(super) fn new(actor: Actor, judge: Arc<WebPkiServerVerifier>) -> Verifier {
        Verifier { actor, judge }
    }

    fn signature(
        &self,
        judged: Result<HandshakeSignatureValid, Error>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let valid = judged?;
        self.actor.say(steps::tls_signature_verified(&names::tls_signature_scheme(
            signature.scheme.into(),
        )));
        Ok(valid)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.judge.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        )?;
        let mut chain = vec![end_entity.as_ref()];
        chain.extend(intermediates.iter().map(|certificate| certificate.as_ref()));
        self.actor.say(steps::tls_certificate_verified(&server_name.to_str(), &chain));
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signature(
            self.judge.verify_tls12_signature(message, certificate, signature),
            signature,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signature(
            self.judge.verify_tls13_signature(message, certificate, signature),
            signature,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.supported_verify_schemes()
    }
}

/// Hears each ClientHello when the server must choose a certificate for it. There is only one to
/// choose.
pub(super) struct ChooseCertificate {
    actor: Actor,
    certified: Arc<CertifiedKey>,
}

impl ChooseCertificate {
    pub(super) fn new(actor: Actor, certified: Arc<CertifiedKey>) -> ChooseCertificate {
        ChooseCertificate { actor, certified }
    }
}

impl ResolvesServerCert for ChooseCertificate {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let suites: Vec<_> =
            hello.cipher_suites().iter().map(|suite| names::tls_suite((*suite).into())).collect();
        let groups: Vec<_> = hello
            .named_groups()
            .unwrap_or_default()
            .iter()
            .map(|group| names::tls_group((*group).into()))
            .collect();
        let schemes: Vec<_> = hello
            .signature_schemes()
            .iter()
            .map(|scheme| names::tls_signature_scheme((*scheme).into()))
            .collect();
        let alpn: Vec<_> = hello
            .alpn()
            .into_iter()
            .flatten()
            .map(|protocol| String::from_utf8_lossy(protocol).into_owned())
            .collect();
        self.actor.say(steps::tls_client_hello_received(
            hello.server_name(),
            &suites,
            &groups,
            &schemes,
            &alpn,
        ));
        Some(self.certified.clone())
    }
}

/// Hears of each session the server remembers. In TLS 1.3 the name it is remembered by is the
/// ticket.
pub(super) struct ServerTickets {
    actor: Actor,
    version: Version,
    memory: Arc<ServerSessionMemoryCache>,
}

impl ServerTickets {
    pub(super) fn new(actor: Actor, version: Version) -> ServerTickets {
        ServerTickets { actor, version, memory: ServerSessionMemoryCache::new(SESSIONS) }
    }
}

impl StoresServerSessions for ServerTickets {
    fn put(&self, key: Vec<u8>, value: Vec<u8>) -> bool {
        let ticket = (self.version == Version::Tls13).then(|| steps::tls_ticket_sent(&key));
        let kept = self.memory.put(key, value);
        if let Some(ticket) = ticket.filter(|_| kept) {
            self.actor.say(ticket);
        }
        kept
    }

    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.memory.get(key)
    }

    fn take(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.memory.take(key)
    }

    fn can_cache(&self) -> bool {
        self.memory.can_cache()
    }
}

/// Hears of each ticket the client puts by.
pub(super) struct ClientTickets {
    actor: Actor,
    memory: ClientSessionMemoryCache,
}

impl ClientTickets {
    pub(super) fn new(actor: Actor) -> ClientTickets {
        ClientTickets { actor, memory: ClientSessionMemoryCache::new(SESSIONS) }
    }
}

impl ClientSessionStore for ClientTickets {
    fn set_kx_hint(&self, server_name: ServerName<'static>, group: NamedGroup) {
        self.memory.set_kx_hint(server_name, group);
    }

    fn kx_hint(&self, server_name: &ServerName<'_>) -> Option<NamedGroup> {
        self.memory.kx_hint(server_name)
    }

    fn set_tls12_session(&self, server_name: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.memory.set_tls12_session(server_name, value);
    }

    fn tls12_session(&self, server_name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.memory.tls12_session(server_name)
    }

    fn remove_tls12_session(&self, server_name: &ServerName<'static>) {
        self.memory.remove_tls12_session(server_name);
    }

    fn insert_tls13_ticket(
        &self,
        server_name: ServerName<'static>,
        value: Tls13ClientSessionValue,
    ) {
        let suite = names::tls_suite(value.suite().common.suite.into());
        self.actor.say(steps::tls_ticket_received(&suite, value.max_early_data_size()));
        self.memory.insert_tls13_ticket(server_name, value);
    }

    fn take_tls13_ticket(
        &self,
        server_name: &ServerName<'static>,
    ) -> Option<Tls13ClientSessionValue> {
        self.memory.take_tls13_ticket(server_name)
    }
}

/// The library wants its parts printable; a witness prints as whose it is.
macro_rules! printable {
    ($($witness:ident),*) => {$(
        impl fmt::Debug for $witness {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{} of {}", stringify!($witness), self.actor.role())
            }
        }
    )*};
}

printable!(KeyWitness, Verifier, ChooseCertificate, ServerTickets, ClientTickets);
