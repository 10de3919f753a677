//! What the handshake has settled so far.

use super::super::suite::{Guards, Suite};
use super::super::version::Version;
use super::ech::Ech;
use super::extra::Extra;
use super::premaster::Heard;
use super::resumption::Tickets;
use super::wire::{Hello, extension, find_extension, first_alpn};
use crate::bytes::Reader;
use crate::ids::Direction;
use crate::secret::session_key;

/// The facts that keys and explanations depend on.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Which direction is the client's.
    pub client: Option<Direction>,
    /// The random of the ClientHello, by which a key log names secrets.
    pub client_random: Option<[u8; 32]>,
    /// The random of a ClientHello that lies inside it and was opened: whether it counts, the
    /// server says.
    pub(super) inner_random: Option<[u8; 32]>,
    /// Whether the ClientHello seals another one inside, or acts as if it did.
    pub(super) is_sealing: bool,
    /// The random of the ServerHello.
    pub server_random: Option<[u8; 32]>,
    /// What the client offers.
    pub offered: Vec<Suite>,
    /// The session id of the ClientHello.
    session_id: Vec<u8>,
    /// The session id of the ServerHello, by which older key logs name its secret.
    pub(super) session: Option<[u8; 32]>,
    /// The version, once both have agreed.
    pub version: Option<Version>,
    /// The suite, once both have agreed.
    pub suite: Suite,
    /// How a keyed hash guards records before TLS 1.3.
    pub guards: Guards,
    /// How records are compressed before they are sealed (RFC 3749), once both have agreed.
    pub compression: u8,
    /// The protocol above, once both have agreed (RFC 7301).
    pub alpn: Option<Vec<u8>>,
    /// Whether the client offers early data.
    pub early: bool,
    /// Whether the server takes the early data (TLS 1.3), once it has said so.
    pub early_accepted: bool,
    /// Whether a HelloRetryRequest went before.
    pub retried: bool,
    /// Whether the secrets that the client names come from elsewhere than earlier sessions.
    pub external: bool,
    /// Whether an earlier session goes on, once both have agreed.
    pub resumed: bool,
    /// Whether all messages make the master secret, and not the randoms (RFC 7627, section 5).
    pub(super) is_extended: bool,
    /// Tickets that the client shows and that the server gives out, by their digests (RFC 5077).
    pub(super) tickets: Tickets,
    /// What the client has sealed to the server's key.
    pub(super) sealed: Vec<u8>,
    /// The messages so far, where a secret may be made of them.
    pub(super) heard: Option<Box<Heard>>,
}

impl Facts {
    /// Whether both have agreed on TLS 1.3, or the DTLS made after it.
    #[must_use]
    pub fn is_tls13(&self) -> bool {
        self.version.is_some_and(Version::is_13)
    }

    /// Takes up a ClientHello. One that answers a HelloRetryRequest keeps what that settled.
    pub(super) fn client_hello(&mut self, hello: &Hello<'_>, direction: Direction) {
        if !self.retried {
            // The version stays until the next ServerHello: a renegotiation is still sealed.
            *self = Self { version: self.version, ..Self::default() };
        }
        self.client = Some(direction);
        self.client_random = Some(*hello.random);
        self.session_id = hello.session_id.to_vec();
        self.offered = hello.suites().collect();
        self.early = hello.extension(extension::EARLY_DATA).is_some();
        self.external = hello.has_external_secrets();
        self.tickets = Tickets::shown(hello);
        self.is_sealing = hello.seals_another();
    }

    /// Whether secrets may go by the random of a hello that was not opened.
    #[must_use]
    pub const fn may_hide_random(&self) -> bool {
        self.is_sealing && self.inner_random.is_none()
    }

    /// Takes up a ServerHello.
    pub(super) fn server_hello(&mut self, hello: &Hello<'_>, direction: Direction) {
        self.client.get_or_insert(direction.reverse());
        self.version = Some(hello.chosen_version().settled());
        self.suite = hello.suite();
        self.retried |= hello.is_retry();
        if hello.is_retry() {
            return;
        }
        self.server_random = Some(*hello.random);
        self.session = session_key(hello.session_id);
        self.is_extended = hello.extension(extension::EXTENDED_MASTER_SECRET).is_some();
        self.guards = Guards {
            encrypt_then_mac: hello.extension(extension::ENCRYPT_THEN_MAC).is_some(),
            truncated_mac: hello.extension(extension::TRUNCATED_MAC).is_some(),
        };
        self.compression = hello.compression;
        self.alpn_of(hello.extension(extension::ALPN));
        self.resumed = if self.is_tls13() {
            hello.extension(extension::PRE_SHARED_KEY).is_some()
        } else {
            // RFC 5246, section 7.3: the server echoes the id of a session that it takes up again.
            !hello.session_id.is_empty() && hello.session_id == self.session_id
        };
    }

    /// Takes up the extensions that the server answers under the keys of the handshake.
    pub(super) fn encrypted_extensions(&mut self, list: &[u8]) {
        self.alpn_of(find_extension(list, extension::ALPN));
        self.early_accepted = find_extension(list, extension::EARLY_DATA).is_some();
    }

    /// Takes up the protocol that the server chose.
    fn alpn_of(&mut self, data: Option<Reader<'_>>) {
        if let Some(name) = data.and_then(first_alpn) {
            self.alpn = Some(name.to_vec());
        }
    }

    /// What a message is to carry along. The version is none before one was agreed on.
    #[must_use]
    pub fn extra(&self) -> Extra {
        Extra {
            version: self.version.unwrap_or_default(),
            agreed: self.version.is_some(),
            suite: self.suite,
            resumed: self.resumed,
            retried: self.retried,
            early: self.early,
            ech: Ech::Unknown,
            external: self.external,
            taken: self.early_accepted,
        }
    }
}
