//! Which standard says so, by version. DTLS has standards of its own, which say what differs and
//! take the rest from TLS; those of TLS 1.0, 1.1 and 1.2 number their sections alike.

use super::super::handshake::Extra;
use super::super::handshake::wire::HandshakeType;
use super::super::version::Version;
use super::{TLS12, TLS13};
use crate::telling::{Source, Telling};

/// The same telling, with the standard of the version of TLS that was agreed on.
pub(super) fn of_version(told: Telling, extra: Extra) -> Telling {
    let standard = match extra.version {
        Version::TLS10 if extra.agreed => "RFC 2246",
        Version::TLS11 if extra.agreed => "RFC 4346",
        _ => return told,
    };
    let source = told.source.map(|source| match source.standard {
        TLS12 => Source { standard, ..source },
        _ => source,
    });
    Telling { source, ..told }
}

/// The same telling of a handshake message, with the standard of its version, and that of DTLS
/// where that carries it.
pub(super) fn cited(told: Telling, kind: HandshakeType, extra: Extra) -> Telling {
    let told = of_version(told, extra);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(version: Version, kind: HandshakeType, section: &'static str, expected: &str) {
        let standard = if version.is_13() { TLS13 } else { TLS12 };
        let told = Telling::new("", "", "").lesson("tls/alert", standard, section);
        let extra = Extra { version, agreed: true, ..Extra::default() };
        let source = cited(told, kind, extra).source.expect("it has one");
        assert_eq!(source.to_string(), expected, "{version:?}");
    }

    #[test]
    fn each_version_is_cited_by_its_own_standard() {
        let (hello, finished) = (HandshakeType::SERVER_HELLO, HandshakeType::FINISHED);
        check(Version::TLS10, hello, "7.4.1.3", "RFC 2246, section 7.4.1.3");
        check(Version::TLS11, hello, "7.4.1.3", "RFC 4346, section 7.4.1.3");
        check(Version::TLS12, hello, "7.4.1.3", "RFC 5246, section 7.4.1.3");
        check(Version::TLS13, hello, "4.2.3", "RFC 9846, section 4.2.3");
        check(Version::DTLS12, hello, "7.4.1.3", "RFC 6347, section 4.2.2");
        check(Version::DTLS12, finished, "7.4.9", "RFC 6347, section 4.2.6");
        check(Version::DTLS13, hello, "4.2.3", "RFC 9147, section 5.4");
        check(Version::DTLS13, HandshakeType::KEY_UPDATE, "4.7.3", "RFC 9147, section 8");
    }
}
