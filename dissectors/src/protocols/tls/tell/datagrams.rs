//! DTLS has standards of its own: they say what differs, and take the rest from TLS.

use super::super::handshake::Extra;
use super::super::handshake::wire::HandshakeType;
use super::{TLS12, TLS13};
use crate::telling::{Source, Telling};

/// The same telling, with the standard of DTLS where that carries it.
pub(super) fn cited(told: Telling, kind: HandshakeType, extra: Extra) -> Telling {
    let is_of_tls = told.source.is_none_or(|source| [TLS12, TLS13].contains(&source.standard));
    if !extra.version.is_dtls() || !is_of_tls {
        return told;
    }
    let source = if extra.is_tls13() {
        let section = match kind {
            HandshakeType::CLIENT_HELLO => "5.3",
            HandshakeType::SERVER_HELLO => "5.4",
            HandshakeType::END_OF_EARLY_DATA => "5.6",
            HandshakeType::KEY_UPDATE => "8",
            _ => "5.2",
        };
        Source { standard: "RFC 9147", section }
    } else {
        let section = match kind {
            HandshakeType::CLIENT_HELLO | HandshakeType::HELLO_VERIFY_REQUEST => "4.2.1",
            HandshakeType::CERTIFICATE_VERIFY | HandshakeType::FINISHED => "4.2.6",
            _ => "4.2.2",
        };
        Source { standard: "RFC 6347", section }
    };
    Telling { source: Some(source), ..told }
}
