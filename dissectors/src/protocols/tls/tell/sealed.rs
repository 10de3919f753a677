//! Tells what a ClientHello holds that is sealed (RFC 9849): what everybody sees of it, and what is
//! inside where that opens.

use super::super::handshake::Ech;
use super::super::handshake::wire::{Hello, extension, split};
use super::Told;
use super::hello::{listed, protocols, tokens};
use crate::telling::Telling;
use crate::wording::counted;

impl Told<'_> {
    /// What of a ClientHello is sealed; nothing where nothing is.
    pub(super) fn of_sealed(&self, hello: &Hello<'_>) -> String {
        let Some(data) = hello.extension(extension::ENCRYPTED_CLIENT_HELLO) else {
            return String::new();
        };
        let rest = match self.extra.ech {
            Ech::NoConfig => {
                "another ClientHello sealed for the server. The key log has the secret of that, and \
                 not the ECH_CONFIG that it goes with."
            }
            Ech::Sealed => {
                "another ClientHello sealed for the server. The secret at hand does not open it: it \
                 was changed on its way, or the secret is that of another."
            }
            Ech::Flawed => {
                "it opens, and what it holds stands for no ClientHello. A server has to refuse it."
            }
            Ech::Opened => {
                "another ClientHello sealed for the server, which the key log opens: it follows. \
                 Whoever listens sees this one alone, with a name that many share."
            }
            _ => {
                "another ClientHello sealed for the server, or random bytes in its place (GREASE); \
                 nobody outside can tell which."
            }
        };
        format!(" Its encrypted_client_hello holds {}: {rest}", counted(data.len() as u64, "byte"))
    }

    /// The ClientHello that was sealed in another.
    pub(super) fn inner_hello(&self, hello: &Hello<'_>) -> Telling {
        let headline = match hello.server_name().map(String::from_utf8_lossy) {
            Some(name) => format!("Inside, under seal: it asks for {name}"),
            None => "Inside, under seal: it names no server".to_owned(),
        };
        let mut detail =
            "This stood in the ClientHello before it, sealed to a key that the server \
                          has published: nobody on the way reads it."
                .to_owned();
        let around = self.around.and_then(|message| split(message).ok());
        let around = around.and_then(|(_, body)| Hello::client(body));
        if let Some(name) = around.and_then(|hello| hello.server_name()) {
            let name = String::from_utf8_lossy(name);
            detail.push_str(&format!(" In its place all can read {name} (SNI)."));
        }
        let alpn = hello.extension(extension::ALPN).map(protocols).unwrap_or_default();
        if !alpn.is_empty() {
            detail.push_str(&format!(" It offers to speak {} (ALPN).", listed(&alpn)));
        }
        if hello.extension(extension::EARLY_DATA).is_some() {
            detail.push_str(" The early data goes with this one.");
        }
        self.bead("sealed ClientHello", headline)
            .detail(detail)
            .weight(9, 5)
            .lesson("tls/encrypted-client-hello", "RFC 9849", "5.1")
            .showing(tokens(hello))
    }

    /// Whether a ServerHello or a HelloRetryRequest says that the server has taken what was sealed.
    pub(super) const fn taken(&self, is_retry: bool) -> &'static str {
        match (self.extra.ech, is_retry) {
            (Ech::Accepted, false) => {
                " The last eight bytes of its random prove that it has opened the sealed \
                 ClientHello: that is the one which it answers."
            }
            (Ech::Rejected, false) => {
                " The last eight bytes of its random do not prove that it has opened the sealed \
                 ClientHello: it answers the one around it."
            }
            (Ech::Accepted, true) => {
                " Eight bytes of its encrypted_client_hello prove that it has opened the sealed \
                 ClientHello."
            }
            (Ech::Rejected, true) => {
                " It does not prove that it has opened the sealed ClientHello: it answers the one \
                 around it."
            }
            _ => "",
        }
    }
}
