//! The verdict on an alert, out of who sent it and what was said before.

use super::certificate::{Shown, Validity};
use super::offer::listed;
use super::{Case, who, whom};
use crate::ids::{Direction, Time};
use crate::message::Protection;
use crate::protocols::tls::names;
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
        if let Some(verdict) = self.no_tls(description, by) {
            return verdict;
        }
        let shown = self.shown.get(by.reverse().index()).and_then(Option::as_ref);
        match (description, by) {
            (code::PROTOCOL_VERSION, _) => self.version(by),
            (code::NO_APPLICATION_PROTOCOL, Direction::Backward) => self.alpn(by),
            (code::HANDSHAKE_FAILURE, Direction::Backward) => self.parameters(by),
            (code::CERTIFICATE_REQUIRED, _) => self.no_certificate(by),
            (code::ECH_REQUIRED, _) => self.sealed_in_vain(by),
            (code::UNRECOGNIZED_NAME, Direction::Backward) => self.unknown_name(by),
            (code::UNKNOWN_CA, _) => unknown_issuer(by, shown),
            (
                code::CERTIFICATE_EXPIRED
                | code::BAD_CERTIFICATE
                | code::CERTIFICATE_UNKNOWN
                | code::UNSUPPORTED_CERTIFICATE,
                _,
            ) => self.certificate(description, by, shown, time),
            _ => self.other(description, by),
        }
    }

    /// Which versions there are on both sides is proven by a server's choice alone; before that, a
    /// server that says so speaks of its own.
    fn version(&self, by: Direction) -> Verdict {
        let offered = self.offer.as_ref().map(super::offer::Offer::told_versions);
        let sentence = match (by, &offered, self.chosen) {
            (Direction::Backward, Some(_), None) => {
                "The server speaks none of the versions that the client offers"
            }
            (Direction::Forward, _, Some(_)) => {
                "The client does not take the version that the server chose"
            }
            _ => return self.named(code::PROTOCOL_VERSION, by),
        };
        let chose = self.chosen.map(|(version, _)| {
            format!("The server chose {}.", super::offer::told_version(version))
        });
        Verdict::new("no-common-version", by, sentence).seen(offered).seen(chose)
    }

    fn alpn(&self, by: Direction) -> Verdict {
        let offered = self.offer.as_ref().map(|offer| offer.alpn.as_slice());
        let told = offered.map(|alpn| match alpn {
            [] => "The client offers no protocol at all.".to_owned(),
            alpn => format!("The client offers to speak {}, and nothing else.", listed(alpn)),
        });
        let sentence = "The server speaks none of the protocols that the client offers (ALPN)";
        Verdict::new("no-common-alpn", by, sentence).seen(told)
    }

    /// A server that answers a ClientHello with `handshake_failure` says only that it found no set
    /// of parameters, and not all of them mean that.
    fn parameters(&self, by: Direction) -> Verdict {
        if self.requested && self.has_none {
            return self.no_certificate(by);
        }
        let Some(offer) = &self.offer else { return self.named(code::HANDSHAKE_FAILURE, by) };
        let open = match self.chosen {
            None => {
                "What the server lacks, it has not said: the alert is for no common suite, group \
                 or signature scheme. Some send it for other reasons as well: GnuTLS where no \
                 version is common, and servers of many names where they have no certificate for \
                 the one that is asked for."
            }
            Some(_) if self.retried => {
                "It had asked for another ClientHello, so a version, a suite and a group were \
                 found; what is lacking, it has not said."
            }
            Some(_) => return self.other(code::HANDSHAKE_FAILURE, by),
        };
        let asked = match &offer.name {
            Some(name) => format!("It asks for {name} (SNI)."),
            None => "It asks for no name (SNI).".to_owned(),
        };
        let sentence =
            "The server refuses what the client offers, and says only: handshake failure";
        Verdict::new("handshake-failure", by, sentence)
            .seen([offer.told_versions()])
            .seen(offer.told_parameters())
            .seen([asked, open.to_owned()])
    }

    fn sealed_in_vain(&self, by: Direction) -> Verdict {
        let sentence = "The server has not opened the ClientHello that was sealed for it, and the \
                        client says nothing to anybody else";
        let keys = "The server has sent keys to come back with (retry_configs).";
        let keys = self.has_retry_configs.then(|| keys.to_owned());
        Verdict::new("ech-required", by, sentence).seen(keys)
    }

    fn unknown_name(&self, by: Direction) -> Verdict {
        let Some(offer) = &self.offer else { return self.named(code::UNRECOGNIZED_NAME, by) };
        let (sentence, asked) = match &offer.name {
            Some(name) => (
                "The server does not know the name that the client asks for",
                format!("The client asks for {name} (SNI)."),
            ),
            None => (
                "The server wants to be asked for a name that it knows",
                "The client asks for no name (SNI).".to_owned(),
            ),
        };
        Verdict::new("unknown-name", by, sentence).seen([asked])
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
        let asked = asked.filter(|_| by == Direction::Forward);
        let is_called = asked.is_some_and(|name| shown.is_called(name));
        if let Some(name) = asked.filter(|name| !shown.is_for(name) && !is_called) {
            let sentence = "The certificate is for another name than the client asks for";
            let asks = format!("The client asks for {name} (SNI).");
            return Verdict::new("wrong-name", by, sentence).seen([asks, shown.told_names()]);
        }
        let (cause, sentence) = match description {
            code::UNSUPPORTED_CERTIFICATE => (
                "unsupported-certificate",
                format!("The certificate of {owner} is of a kind that {} does not take", whom(by)),
            ),
            _ => {
                // Whoever shows no name in the hello may still check one.
                let fits = match (time.known(), asked.is_some() && !is_called) {
                    (Some(_), true) => "; its dates and names are no reason",
                    (Some(_), false) => "; its dates are no reason",
                    (None, true) => "; its names are no reason",
                    (None, false) => "",
                };
                let sentence = format!("{refuser} does not take the certificate of {owner}{fits}");
                ("bad-certificate", sentence)
            }
        };
        let names = is_called.then(|| shown.told_names());
        let verdict = Verdict::new(cause, by, sentence).seen(shown.told_issuer());
        verdict.seen(names).seen(unsaid(description))
    }

    fn no_certificate(&self, by: Direction) -> Verdict {
        let sentence =
            "The server wants a certificate of the client, and the client has shown none";
        let asked = match self.requested && self.has_none {
            true => "The server asked with CertificateRequest; the client’s Certificate is empty.",
            false => "Its question is sealed here, or was not recorded.",
        };
        Verdict::new("no-client-certificate", by, sentence).seen([asked.to_owned()])
    }

    /// An alert by its name alone, where what went before does not say what it is about.
    fn named(&self, description: u8, by: Direction) -> Verdict {
        let name = names::name(names::ALERTS, description.into()).to_lowercase();
        let sentence = format!("{} will not go on, and says only: {name}", who(by));
        let unheard = "No ClientHello was recorded before it.";
        let unheard = self.offer.is_none().then(|| unheard.to_owned());
        Verdict::new("alert", by, sentence).seen(self.what_was_shown(by)).seen(unheard)
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
            code::INSUFFICIENT_SECURITY => {
                ("insufficient-security", "what the other side can do is not strong enough for it")
            }
            code::CERTIFICATE_REVOKED => ("revoked", "the certificate was taken back"),
            code::ILLEGAL_PARAMETER => {
                ("illegal-parameter", "a field contradicts another one, or may not be so")
            }
            code::ACCESS_DENIED => ("access-denied", "it does not let the other side in"),
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
            _ => return self.named(description, by),
        };
        let sentence = format!("{refuser} will not go on: {why}");
        let verdict = Verdict::new(cause, by, sentence).seen(self.what_was_shown(by));
        verdict.seen(self.refuses_none(by)).seen(unsaid(description))
    }

    /// Whether a server that refuses had asked for a certificate in vain.
    fn refuses_none(&self, by: Direction) -> Option<String> {
        let is_asked = by == Direction::Backward && self.requested && self.has_none;
        let asked = "The server had asked for a certificate, and the client’s Certificate is \
                     empty: GnuTLS refuses that by decode_error before TLS 1.3.";
        is_asked.then(|| asked.to_owned())
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
    Verdict::new(cause, by, sentence).seen([sealed.to_owned()]).seen(unsaid(description))
}

/// What an alert about a certificate leaves open.
fn unsaid(description: u8) -> Option<String> {
    let open = match description {
        code::BAD_CERTIFICATE => {
            "The alert is bad_certificate, which names no reason: GnuTLS sends it where it knows \
             nobody who vouches for a certificate, too."
        }
        code::CERTIFICATE_UNKNOWN => "The alert is certificate_unknown, which names no reason.",
        code::ACCESS_DENIED => {
            "The alert is access_denied: who is shown is known, and has no right to come in. GnuTLS’ \
             server sends it for a certificate that it does not trust, too."
        }
        _ => return None,
    };
    Some(open.to_owned())
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
