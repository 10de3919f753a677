//! A handshake that comes to nothing: which side would not go on, and why, in the words of its
//! library.

use rustls::{AlertDescription, CertificateError, Error, PeerIncompatible};
use tokio::io::{self, AsyncWriteExt};

use crate::{Failure, actor::Actor, counted::Counted, names, steps};

/// Says why a handshake failed; gives back the connection below, and whether this side refused.
///
/// # Errors
/// Where it did not fail, or for no reason that an alert is sent for.
pub(super) fn told(
    actor: &Actor,
    failed: Option<(std::io::Error, Counted)>,
) -> Result<(Counted, bool), Failure> {
    let Some((error, connection)) = failed else {
        return Err(actor.expected("a refusal", "the handshake is complete"));
    };
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<Error>());
    if let Some(Error::AlertReceived(alert)) = cause {
        actor.say(steps::tls_alert_received(&names::tls_alert((*alert).into())));
        return Ok((connection, false));
    }
    let Some((cause, alert)) = cause.and_then(reason) else {
        return Err(actor.cannot("complete the TLS handshake", error));
    };
    actor.say(steps::tls_refused(cause));
    actor.say(steps::tls_alert_sent(&names::tls_alert(alert.into())));
    Ok((connection, true))
}

/// Closes a connection whose handshake came to nothing. Who has refused goes first; what the other
/// side had sent before it heard of that is read and dropped.
pub(crate) async fn end(
    actor: &Actor,
    (mut connection, has_refused): (Counted, bool),
    peer: &'static str,
) -> Result<(), Failure> {
    if has_refused {
        connection.shutdown().await.map_err(|source| actor.cannot("end its direction", source))?;
    }
    io::copy(&mut connection, &mut io::sink())
        .await
        .map_err(|source| actor.cannot("wait for the end of the stream", source))?;
    if has_refused {
        connection.close_first(peer).await
    } else {
        connection.close_after(peer).await
    }
}

/// Why the library would not go on, in the transcript's words, and the alert it has sent for it.
fn reason(error: &Error) -> Option<(&'static str, AlertDescription)> {
    let (cause, alert) = match error {
        Error::InvalidCertificate(error) => {
            let cause = match error {
                CertificateError::UnknownIssuer => steps::UNKNOWN_ISSUER,
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                    steps::EXPIRED
                }
                CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. } => steps::WRONG_NAME,
                _ => return None,
            };
            (cause, error.clone().into())
        }
        Error::NoApplicationProtocol => {
            (steps::NO_COMMON_ALPN, AlertDescription::NoApplicationProtocol)
        }
        Error::PeerIncompatible(PeerIncompatible::ServerRejectedEncryptedClientHello(_)) => {
            (steps::ECH_REQUIRED, AlertDescription::EncryptedClientHelloRequired)
        }
        Error::PeerIncompatible(
            PeerIncompatible::Tls12NotOffered
            | PeerIncompatible::Tls12NotOfferedOrEnabled
            | PeerIncompatible::Tls13RequiredForQuic
            | PeerIncompatible::SupportedVersionsExtensionRequired
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => (steps::NO_COMMON_VERSION, AlertDescription::ProtocolVersion),
        _ => return None,
    };
    Some((cause, alert))
}
