//! Certificates and signatures: which is shown, and how the other side judges it.

use std::{fmt, sync::Arc};

use rustls::{
    DigitallySignedStruct, DistinguishedName, Error, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::{
        ClientHello, ResolvesServerCert,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
    sign::CertifiedKey,
};

use crate::{actor::Actor, names, steps};

/// Hears how one side judges the other's certificate and signature: `J` is the judge.
pub(in super::super) struct Verifier<J: ?Sized> {
    actor: Actor,
    judge: Arc<J>,
}

impl<J: ?Sized> Verifier<J> {
    pub(in super::super) fn new(actor: Actor, judge: Arc<J>) -> Verifier<J> {
        Verifier { actor, judge }
    }
}

/// What the library asks either verifier about signatures; it has a trait for each side.
macro_rules! signatures {
    () => {
        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signature: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            let judged = self.judge.verify_tls12_signature(message, certificate, signature);
            accepted(&self.actor, judged, signature)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signature: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            let judged = self.judge.verify_tls13_signature(message, certificate, signature);
            accepted(&self.actor, judged, signature)
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.judge.supported_verify_schemes()
        }
    };
}

/// The client's, of the server.
impl ServerCertVerifier for Verifier<WebPkiServerVerifier> {
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
        let chain = chain(end_entity, intermediates);
        self.actor.say(steps::tls_certificate_verified(&server_name.to_str(), &chain));
        if !ocsp_response.is_empty() {
            self.actor.say(steps::tls_staple_received(ocsp_response));
        }
        Ok(verified)
    }

    signatures!();
}

/// The server's, of the client.
impl ClientCertVerifier for Verifier<dyn ClientCertVerifier> {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.judge.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verified = self.judge.verify_client_cert(end_entity, intermediates, now)?;
        self.actor.say(steps::tls_client_certificate_verified(&chain(end_entity, intermediates)));
        Ok(verified)
    }

    signatures!();
}

/// A signature that was found good.
fn accepted(
    actor: &Actor,
    judged: Result<HandshakeSignatureValid, Error>,
    signature: &DigitallySignedStruct,
) -> Result<HandshakeSignatureValid, Error> {
    let valid = judged?;
    actor.say(steps::tls_signature_verified(&names::tls_signature_scheme(signature.scheme.into())));
    Ok(valid)
}

/// A chain in the order in which it was sent.
fn chain<'a>(
    end_entity: &'a CertificateDer<'_>,
    intermediates: &'a [CertificateDer<'_>],
) -> Vec<&'a [u8]> {
    let mut chain = vec![end_entity.as_ref()];
    chain.extend(intermediates.iter().map(|certificate| certificate.as_ref()));
    chain
}

/// Hears each ClientHello when the server must choose a certificate for it. There is only one to
/// choose.
pub(in super::super) struct ChooseCertificate {
    actor: Actor,
    certified: Arc<CertifiedKey>,
}

impl ChooseCertificate {
    pub(in super::super) fn new(actor: Actor, certified: Arc<CertifiedKey>) -> ChooseCertificate {
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

printable!(ChooseCertificate);

impl<J: ?Sized> fmt::Debug for Verifier<J> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Verifier of {}", self.actor.role())
    }
}
