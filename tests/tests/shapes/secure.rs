//! TLS 1.3 around those sockets: a certificate of its own, no tickets, and every key told.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{
    ClientConfig, ClientConnection, KeyLog, RootCertStore, ServerConfig, ServerConnection,
    StreamOwned, version::TLS13,
};
use wirestage_captures::live::Feed;

/// The name that the certificate is for.
pub(crate) const NAME: &str = "shop.test";

/// Tells keys to the recording.
pub(crate) struct Told(pub(crate) Feed);

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Told")
    }
}

impl KeyLog for Told {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        self.0.secret(format!("{label} {} {}", hex(client_random), hex(secret)));
    }
}

/// The settings of both sides.
#[derive(Clone)]
pub(crate) struct Secure {
    client: Arc<ClientConfig>,
    server: Arc<ServerConfig>,
}

impl Secure {
    pub(crate) fn new(feed: &Feed) -> Self {
        let made = rcgen::generate_simple_self_signed([NAME.to_owned()]).expect("a certificate");
        let certificate = made.cert.der().clone();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let mut roots = RootCertStore::empty();
        roots.add(certificate.clone()).expect("it can be believed");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let client = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[&TLS13])
            .expect("a version")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut server = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])
            .expect("a version")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key.into())
            .expect("a certificate with its key");
        // So that each record behind the handshake is one that a side was asked to write.
        server.send_tls13_tickets = 0;
        server.key_log = Arc::new(Told(feed.clone()));
        Self { client: Arc::new(client), server: Arc::new(server) }
    }

    /// The client's side of a connection.
    pub(crate) fn ask(&self, socket: TcpStream) -> StreamOwned<ClientConnection, TcpStream> {
        let name = NAME.try_into().expect("a name");
        let side = ClientConnection::new(Arc::clone(&self.client), name).expect("a client");
        StreamOwned::new(side, socket)
    }

    /// The server's side.
    pub(crate) fn answer(&self, socket: TcpStream) -> StreamOwned<ServerConnection, TcpStream> {
        let side = ServerConnection::new(Arc::clone(&self.server)).expect("a server");
        StreamOwned::new(side, socket)
    }
}

/// Says that no more will come, and waits until the other side has said so, too.
pub(crate) fn part(mut stream: StreamOwned<ClientConnection, TcpStream>) -> io::Result<()> {
    stream.conn.send_close_notify();
    stream.flush()?;
    stream.sock.shutdown(std::net::Shutdown::Write)?;
    // Whether its end is told in TLS or not: the server of these plays just closes.
    let mut left = Vec::new();
    stream.sock.read_to_end(&mut left).map(drop)
}
