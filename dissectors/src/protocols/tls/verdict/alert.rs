//! The verdict on an alert, out of who sent it and what was said before.

use super::certificate::{Shown, Validity};
use super::offer::listed;
use super::{Case, who, whom};
use crate::ids::{Direction, Time};
use crate::message::Protection;
use crate::protocols::tls::names::{self, VERSIONS};
use crate::verdict::Verdict;

/// Alerts that are told apart (RFC 9846, section 6.2; RFC 5246, section 7.2.2; RFC 9849, section
/// 11.2).
mod code {
    pub(super) const CLOSE_NOTIFY: u8 = 0;
    pub(super) const UNEXPECTED_MESSAGE: u8 = 10;
    pub(super) const BAD_RECORD_MAC: u8 = 20;
    pub(super) const HANDSHAKE_FAILURE: u8 = 40;
    pub(super) const BAD_CERTIFICATE: u8 = 42;
    pub(super) const UNSUPPORTED_CERTIFICATE: u8 = 43;
    pub(super) const CERTIFICATE_REVOKED: u8 = 44;
    pub(super) const CERTIFICATE_EXPIRED: u8 = 45;
    pub(super) const CERTIFICATE_UNKNOWN: u8 = 46;
    pub(super) const ILLEGAL_PARAMETER: u8 = 47;
    pub(super) const UNKNOWN_CA: u8 = 48;
    pub(super) const ACCESS_DENIED: u8 = 49;
    pub(super) const DECODE_ERROR: u8 = 50;
    pub(super) const DECRYPT_ERROR: u8 = 51;
    pub(super) const PROTOCOL_VERSION: u8 = 70;
    pub(super) const INSUFFICIENT_SECURITY: u8 = 71;
    pub(super) const INTERNAL_ERROR: u8 = 80;
    pub(super) const INAPPROPRIATE_FALLBACK: u8 = 86;
    pub(super) const USER_CANCELED: u8 = 90;
    pub(super) const NO_RENEGOTIATION: u8 = 100;
    pub(super) const MISSING_EXTENSION: u8 = 109;
    pub(super) const UNRECOGNIZED_NAME: u8 = 112;
    pub(super) const CERTIFICATE_REQUIRED: u8 = 116;
    pub(super) const NO_APPLICATION_PROTOCOL: u8 = 120;
    pub(super) const ECH_REQUIRED: u8 = 121;
}

/// The level of an alert that ends nothing in TLS 1.2.
const WARNING: u8 = 1;

impl Case {
    /// The verdict on an alert; nothing where it ends nothing, or nothing but what was done.
    pub(super) fn alert(
        &self,
        bytes: &[u8],
        by: Direction,
        protection: Protection,
        time: Time,
    ) -> Option<Verdict> {
        let [level, description] = *bytes.first_chunk::<2>()?;
        let tls13 = self.chosen.is_some_and(|(version, _)| version.is_13());
        match description {
            code::CLOSE_NOTIFY if self.finished == [true; 2] => return None,
            code::CLOSE_NOTIFY if protection == Protection::Application => return None,
            code::CLOSE_NOTIFY => return Some(self.leaves(by)),
            code::USER_CANCELED | code::NO_RENEGOTIATION => return None,
            _ if level == WARNING && !tls13 => return None,
            _ => {}
        }
        Some(self.refused(description, by, time))
    }

    fn refused(&self, description: u8, by: Direction, time: Time) -> Verdict {
        let shown = self.shown.get(by.reverse().index()).and_then(Option::as_ref);
        match description {
            code::PROTOCOL_VERSION => self.version(by),
            code::NO_APPLICATION_PROTOCOL => self.alpn(by),
            code::HANDSHAKE_FAILURE | code::INSUFFICIENT_SECURITY => self.parameters(by),
            code::CERTIFICATE_REQUIRED => no_certificate(by),
            code::ECH_REQUIRED => self.sealed_in_vain(by),
            code::UNRECOGNIZED_NAME => self.unknown_name(by),
            code::UNKNOWN_CA => unknown_issuer(by, shown),
            code::CERTIFICATE_EXPIRED
            | code::BAD_CERTIFICATE
            | code::CERTIFICATE_UNKNOWN
            | code::UNSUPPORTED_CERTIFICATE => self.certificate(description, by, shown, time),
            _ => self.other(description, by),
        }
    }

    fn version(&self, by: Direction) -> Verdict {
        let offered = self.offer.as_ref().map(super::offer::Offer::told_versions);
        let chosen = self.chosen.filter(|_| by == Direction::Forward);
        let Some((version, _)) = chosen else {
            let sentence = "The server speaks none of the versions that the client offers";
            return Verdict::new("no-common-version", by, sentence).seen(offered);
        };
        let chose = format!("The server chose {}.", names::name(VERSIONS, version.0));
        let sentence = "The client does not take the version that the server chose";
        Verdict::new("no-common-version", by, sentence).seen(offered).seen([chose])
    }

    fn alpn(&self, by: Direction) -> Verdict {
        let offer = self.offer.as_ref().map(|offer| {
            format!("The client offers to speak {}, and nothing else.", listed(&offer.alpn))
        });
        let sentence = "The server speaks none of the protocols that the client offers (ALPN)";
        Verdict::new("no-common-alpn", by, sentence).seen(offer)
    }

    /// `handshake_failure` says only that there is no set of parameters that both would take.
    fn parameters(&self, by: Direction) -> Verdict {
        if by == Direction::Backward && self.requested && self.has_none {
            return no_certificate(by);
        }
        let Some(offer) = self.offer.as_ref().filter(|_| by == Direction::Backward) else {
            return self.other(code::HANDSHAKE_FAILURE, by);
        };
        if self.chosen.is_some() && !self.retried {
            return self.other(code::HANDSHAKE_FAILURE, by);
        }
        let sentence =
            "The server finds no suite, group and signature scheme that both of them take";
        let which = "Which of them it lacks the alert does not say: what the server takes, it has \
                     not said.";
        Verdict::new("no-common-parameters", by, sentence)
            .seen([offer.told_versions()])
            .seen(offer.told_parameters())
            .seen([which.to_owned()])
    }

    fn sealed_in_vain(&self, by: Direction) -> Verdict {
        let sentence = "The server has not opened the ClientHello that was sealed for it, and the \
                        client says nothing to anybody else";
        let keys = "The server has sent keys to come back with (retry_configs).";
        let keys = self.has_retry_configs.then(|| keys.to_owned());
        Verdict::new("ech-required", by, sentence).seen(keys)
    }

    fn unknown_name(&self, by: Direction) -> Verdict {
        let asked = self.offer.as_ref().and_then(|offer| offer.name.as_deref());
        let asked = asked.map(|name| format!("The client asks for {name} (SNI)."));
        let sentence = "The server does not know the name that the client asks for";
        Verdict::new("unknown-name", by, sentence).seen(asked)
    }

    /// What is wrong with a certificate, by what it shows itself.
    fn certificate(
        &self,
        description: u8,
        by: Direction,
        shown: Option<&Shown>,
        time: Time,
    ) -> Verdict {
        let (refuser, owner) = (who(by), whom(by.reverse()));
        let Some(shown) = shown else { return unseen_certificate(description, by) };
        match shown.at(time) {
            Validity::Expired => {
                let sentence = format!("The certificate of {owner} has run out");
                return Verdict::new("expired", by, sentence).seen([shown.told_dates(time)]);
            }
            Validity::NotYet => {
                let sentence = format!("The certificate of {owner} is not valid yet");
                return Verdict::new("not-yet-valid", by, sentence).seen([shown.told_dates(time)]);
            }
            Validity::Valid => {}
        }
        if description == code::CERTIFICATE_EXPIRED {
            let sentence = format!(
                "{refuser} holds that the certificate of {owner} has run out, which by the \
                 recording’s clock it has not"
            );
            return Verdict::new("clock", by, sentence).seen([shown.told_dates(time)]);
        }
        let asked = self.offer.as_ref().and_then(|offer| offer.name.as_deref());
        if by == Direction::Forward
            && let Some(name) = asked.filter(|name| !shown.is_for(name))
        {
            let sentence = "The certificate is for another name than the client asks for";
            let asks = format!("The client asks for {name} (SNI).");
            return Verdict::new("wrong-name", by, sentence).seen([asks, shown.told_names()]);
        }
        let (cause, sentence) = match description {
            code::UNSUPPORTED_CERTIFICATE => (
                "unsupported-certificate",
                format!("The certificate of {owner} is of a kind that {} does not take", whom(by)),
            ),
            _ => (
                "bad-certificate",
                format!(
                    "{refuser} does not take the certificate of {owner}; its dates and names are \
                     no reason"
                ),
            ),
        };
        Verdict::new(cause, by, sentence).seen(shown.told_issuer())
    }

    /// An alert that says all there is to know of the reason.
    fn other(&self, description: u8, by: Direction) -> Verdict {
        let refuser = who(by);
        let (cause, why) = match description {
            code::UNEXPECTED_MESSAGE => {
                ("unexpected-message", "a message came that has no place there")
            }
            code::BAD_RECORD_MAC => (
                "bad-record",
                "a record could not be opened: the keys differ, or bytes were changed on the way",
            ),
            code::HANDSHAKE_FAILURE => {
                ("handshake-failure", "it cannot agree to what the other side wants")
            }
            code::CERTIFICATE_REVOKED => ("revoked", "the certificate was taken back"),
            code::ILLEGAL_PARAMETER => {
                ("illegal-parameter", "a field contradicts another one, or may not be so")
            }
            code::ACCESS_DENIED => {
                ("access-denied", "the certificate is good, and its owner may not come in")
            }
            code::DECODE_ERROR => ("decode-error", "a message could not be read"),
            code::DECRYPT_ERROR => {
                ("decrypt-error", "a signature, a Finished or a binder is not right")
            }
            code::INTERNAL_ERROR => {
                ("internal-error", "something went wrong inside it; the other side is no reason")
            }
            code::INAPPROPRIATE_FALLBACK => (
                "fallback",
                "the client says that this is its second try with less, and the server could do \
                 more",
            ),
            code::MISSING_EXTENSION => {
                ("missing-extension", "an extension is missing that has to be there")
            }
            _ => {
                let name = names::name(names::ALERTS, description.into()).to_lowercase();
                let sentence = format!("{refuser} will not go on, and says only: {name}");
                return Verdict::new("alert", by, sentence).seen(self.what_was_shown(by));
            }
        };
        let sentence = format!("{refuser} will not go on: {why}");
        Verdict::new(cause, by, sentence).seen(self.what_was_shown(by))
    }
}

/// What is said of a certificate that no key opens here.
fn unseen_certificate(description: u8, by: Direction) -> Verdict {
    let (refuser, owner) = (who(by), whom(by.reverse()));
    let (cause, sentence) = if description == code::CERTIFICATE_EXPIRED {
        ("expired", format!("{refuser} holds that the certificate of {owner} has run out"))
    } else {
        ("bad-certificate", format!("{refuser} does not take the certificate of {owner}"))
    };
    let sealed = "What the certificate says is sealed here, or was not recorded.";
    Verdict::new(cause, by, sentence).seen([sealed.to_owned()])
}

fn unknown_issuer(by: Direction, shown: Option<&Shown>) -> Verdict {
    let owner = whom(by.reverse());
    let sentence = if shown.is_some_and(|shown| shown.is_its_own) {
        format!("The certificate of {owner} is signed by itself, and {} does not know it", whom(by))
    } else {
        format!("{} knows nobody who vouches for the certificate of {owner}", who(by))
    };
    let issuer = shown.map(Shown::told_issuer).unwrap_or_default();
    Verdict::new("unknown-issuer", by, sentence).seen(issuer)
}

fn no_certificate(by: Direction) -> Verdict {
    let sentence = "The server wants a certificate of the client, and the client has shown none";
    let asked = "The server asked with CertificateRequest; the client’s Certificate is empty.";
    Verdict::new("no-client-certificate", by, sentence).seen([asked.to_owned()])
}
