//! Tells how the sides prove who they are, exchange keys in TLS 1.2, and close the handshake.

use super::super::compressed::Packed;
use super::super::describe::subject;
use super::super::names;
use super::super::staple;
use super::super::suite::Exchange;
use super::hello::APPLICATION_KEYS;
use super::{TLS12, TLS13, Told};
use crate::message::Protection;
use crate::telling::{Gained, Side, Telling};
use crate::wording::{counted, thousands};

impl Told<'_> {
    pub(super) fn certificate(&self) -> Telling {
        let subject = subject(self.is_tls13(), self.body);
        let headline = match (&subject, self.from_client, self.protection) {
            (None, true, _) if self.shows_nothing() => "Has no certificate to show",
            (None, true, _) => "Shows who it is, in a form not read here",
            (None, false, _) => "Shows who it is, in a form not read here",
            (Some(_), _, Protection::Clear) => "Shows who it is, in the clear",
            (Some(_), true, _) => "Shows who it is, and only the server can read it",
            (Some(_), false, _) => "Shows who it is, and only the client can read it",
        };
        let detail = match subject {
            Some(subject) if self.seals_to_certificate() => {
                format!("{subject}. The client will seal its secret to the key in it.")
            }
            Some(subject) => format!(
                "{subject}. A certificate ties a key to a name: who shows it has still to prove that the key is theirs."
            ),
            None => String::new(),
        };
        // That the client shows one, too, is the news of its flight.
        let weight = if self.from_client { 9 } else { 5 };
        let word = self.word();
        let said = word.as_ref().map_or_else(String::new, |word| format!(" I{word}."));
        let telling = self
            .bead("Certificate", headline)
            .detail(detail + &said)
            .noted(word.map_or_else(String::new, |word| format!("i{word}")))
            .weight(weight, 5);
        let section = if self.from_client { "7.4.6" } else { "7.4.2" };
        let telling = self.cite(telling, "tls/certificate", "4.5.1", section);
        self.turn(telling)
    }

    /// What the issuer of a certificate has said of it, where that comes along: a sentence but for
    /// its first letter.
    fn word(&self) -> Option<String> {
        let body = self.inside.unwrap_or(self.body);
        let response = staple::within(body).filter(|_| self.is_tls13())?;
        staple::told(response).map(|word| format!("ts issuer’s word comes along: {word}"))
    }

    /// Whether a certificate's list is empty.
    fn shows_nothing(&self) -> bool {
        self.body.rest().ends_with(&[0; 3]) && self.body.len() <= 4
    }

    /// Whether the client sends its secret sealed with the server's key (RFC 5246, section
    /// 7.4.7.1).
    fn seals_to_certificate(&self) -> bool {
        !self.is_tls13() && !self.from_client && self.extra.suite.exchange() == Exchange::Rsa
    }

    pub(super) fn compressed_certificate(&self) -> Telling {
        const WHY: &str = "Certificates mostly are the largest part of a handshake.";
        let subject = self.inside.and_then(|inside| subject(self.is_tls13(), inside));
        let sizes = Packed::read(self.body).map(|packed| {
            let how = names::name(names::CERTIFICATE_COMPRESSIONS, packed.algorithm);
            format!(
                "{} in place of {}, by {how}",
                counted(packed.coded as u64, "byte"),
                thousands(packed.whole as u64)
            )
        });
        let (sizes, word) = (sizes.unwrap_or_default(), self.word());
        let word = word.map_or_else(String::new, |word| format!(" I{word}."));
        let detail = match subject {
            Some(subject) => format!("{subject}. {sizes}. {WHY}{word}"),
            None => WHY.to_owned(),
        };
        let telling = self
            .bead("CompressedCertificate", "Shows who it is, in fewer bytes")
            .detail(detail)
            .noted(sizes)
            .weight(5, 5)
            .lesson("tls/compressed-certificate", "RFC 8879", "4");
        self.turn(telling)
    }

    pub(super) fn certificate_status(&self) -> Telling {
        let word = staple::of_status(self.body.rest()).and_then(staple::told);
        let said = word.as_ref().map(|word| {
            format!(
                "Its issuer says {word}. The client need not ask, and the issuer does not learn \
                 whom it visits."
            )
        });
        let noted = word.map(|word| format!("its issuer says {word}"));
        let telling = self
            .bead("CertificateStatus", "Brings word on whether the certificate is revoked")
            .detail(said.unwrap_or_default())
            .noted(noted.unwrap_or_default())
            .weight(3, 5)
            .lesson("tls/certificate-status", "RFC 6066", "8");
        self.turn(telling)
    }

    pub(super) fn certificate_request(&self) -> Telling {
        let telling = self
            .bead("CertificateRequest", "Wants to know who the client is, too")
            .detail("With a certificate of the client, the authentication is mutual.")
            .weight(9, 5);
        self.cite(telling, "tls/mutual", "4.4.2", "7.4.4").answering()
    }

    pub(super) fn certificate_verify(&self) -> Telling {
        let mut body = self.body;
        let scheme = body.u16("signature algorithm").map_or(0, |(number, _)| number);
        let how = if self.extra.version.names_signatures() {
            names::name(names::SIGNATURE_SCHEMES, scheme)
        } else {
            "Signed".to_owned()
        };
        let telling = self
            .bead("CertificateVerify", "Proves that it holds the certificate’s private key")
            .detail(format!(
                "{how}, over all messages so far: in another handshake a copy is worth nothing."
            ))
            .weight(5, 5);
        let telling = self.cite(telling, "tls/certificate-verify", "4.5.2", "7.4.8");
        // What a client shows is the news of its flight, and so is its proof.
        let noted = if self.from_client { telling.headline.clone() } else { String::new() };
        self.turn(telling.noted(noted))
    }

    pub(super) fn server_key_exchange(&self) -> Telling {
        let mut body = self.body;
        let exchange = self.extra.suite.exchange();
        let group = match exchange {
            Exchange::Ecdhe => {
                let curve = body.take(1, "curve type").and_then(|_| body.u16("curve"));
                curve.ok().map(|(number, _)| names::name(names::GROUPS, number))
            }
            Exchange::Dhe => Some("finite field".to_owned()),
            Exchange::Rsa | Exchange::Other => None,
        };
        let is_anonymous = self.extra.suite.name().contains("_anon_");
        let (headline, detail) = match group {
            Some(group) if is_anonymous => (
                "Sends its half of the key, signed by nobody",
                format!("{group}. Whoever sits on the way can put another one in its place."),
            ),
            Some(group) => (
                "Sends its half of the key, signed",
                format!(
                    "{group}. The signature binds it to the certificate, whose key alone opens no \
                     recording, even when it is stolen later (forward secrecy)."
                ),
            ),
            None => ("Sends what the key exchange needs", String::new()),
        };
        self.bead("ServerKeyExchange", headline)
            .detail(detail)
            .weight(5, 5)
            .lesson("tls/server-key-exchange", TLS12, "7.4.3")
            .answering()
    }

    pub(super) fn server_hello_done(&self) -> Telling {
        self.bead("ServerHelloDone", "Has said its part and waits")
            .detail("It is the client’s turn.")
            .weight(3, 5)
            .lesson("tls/server-hello-done", TLS12, "7.4.5")
            .answering()
    }

    pub(super) fn client_key_exchange(&self) -> Telling {
        let (headline, detail) = match self.extra.suite.exchange() {
            Exchange::Rsa => (
                "Seals a secret to the server’s certificate: both can compute the keys",
                "Whoever gets the server’s private key later can open the recording.",
            ),
            Exchange::Ecdhe | Exchange::Dhe => (
                "Sends its half of the key: now both can compute the application keys",
                "A second round trip begins; in TLS 1.3 this half comes with the ClientHello.",
            ),
            Exchange::Other => (
                "Sends what is missing: now both can compute the application keys",
                "A second round trip begins.",
            ),
        };
        self.bead("ClientKeyExchange", headline)
            .detail(detail)
            .weight(8, 5)
            .lesson("tls/client-key-exchange", TLS12, "7.4.7")
            .gains(Side::Sender, APPLICATION_KEYS)
            .gains(Side::Receiver, APPLICATION_KEYS)
            .asking()
    }

    pub(super) fn change_cipher_spec(&self) -> Telling {
        if self.is_tls13() || (self.extra.early && !self.extra.agreed) {
            return self
                .bead("ChangeCipherSpec", "Says nothing: it is there to look like TLS 1.2")
                .detail("Some devices on the way know only TLS 1.2, and drop what looks new.")
                .weight(0, 1)
                .lesson("tls/change-cipher-spec", TLS13, "5");
        }
        let telling = self
            .bead("ChangeCipherSpec", "From here on the new keys seal this direction")
            .detail("A record of its own kind, not a handshake message.")
            .weight(3, 5)
            .lesson("tls/change-cipher-spec", TLS12, "7.1");
        if self.from_client { telling } else { telling.answering() }
    }

    pub(super) fn finished(&self) -> Telling {
        if self.is_tls13() {
            return self.finished13();
        }
        let (headline, detail, weight) = match (self.from_client, self.extra.resumed) {
            (true, false) => (
                "Proves that nothing was tampered with, sealed with the new keys",
                "Data may follow once the server has answered in kind.",
                4,
            ),
            (false, false) => (
                "Proves the same: the handshake is complete, and data may flow",
                "TLS has taken two round trips; TLS 1.3 needs one less.",
                8,
            ),
            (true, true) => (
                "Proves that nothing was tampered with; data may follow at once",
                "The earlier session has saved a round trip.",
                8,
            ),
            (false, true) => (
                "Proves that it knows the old secret, and that nothing was tampered with",
                "In a resumed session the server is first.",
                5,
            ),
        };
        let telling = self.bead("Finished", headline).detail(detail).weight(weight, 5);
        let telling = telling.lesson("tls/finished", TLS12, "7.4.9");
        if self.from_client { telling } else { telling.answering() }
    }

    fn finished13(&self) -> Telling {
        const KEYS: Gained = Gained::Keys(Protection::Application, "application keys");
        let telling = if self.protection == Protection::Application {
            // Authentication after the handshake changes no keys.
            self.bead("Finished", "Closes the late proof of who it is").weight(4, 3)
        } else if self.from_client {
            self.bead("Finished", "Proves that the handshake was not tampered with")
                .detail(match self.extra.taken {
                    true => "Application keys from here on: the early data ends.",
                    false => "Application keys from here on: the first request may follow at once.",
                })
                // Sent together with a request, it belongs to the request's chapter.
                .weight(4, 3)
        } else {
            self.bead("Finished", "Proves that nothing was tampered with, and ends its part")
                .detail("From all messages so far, both compute the application keys.")
                .weight(4, 5)
                .gains(Side::Sender, KEYS)
                .gains(Side::Receiver, KEYS)
                .answering()
        };
        telling.lesson("tls/finished", TLS13, "4.5.3")
    }

    pub(super) fn end_of_early_data(&self) -> Telling {
        self.bead("EndOfEarlyData", "Ends the early data; handshake keys from here on")
            .weight(3, 3)
            .lesson("tls/early-data", TLS13, "4.6")
    }

    /// Messages of authentication answer when the server sends them, and begin the second round
    /// trip of TLS 1.2 when the client does.
    fn turn(&self, telling: Telling) -> Telling {
        match (self.from_client, self.is_tls13()) {
            (false, _) => telling.answering(),
            (true, false) => telling.asking(),
            (true, true) => telling,
        }
    }
}
