//! QUIC between two libraries: quinn with h3 on one side, aioquic (in Python) on the other, each in
//! both roles; and quinn with itself, both of whose ends log their packets (`logs`).

pub(crate) mod logs;

use std::fs;
use std::future::poll_fn;
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use h3::server::RequestStream;
use hyper::body::{Buf, Bytes};
use hyper::{Request, Response};
use quinn::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use quinn::{ClientConfig, Endpoint, ServerConfig, TransportConfig};
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tempfile::TempDir;
use wirestage::document::{Opening, Progress, Windows};
use wirestage::export::qlog::{self, Version};
use wirestage_tests::program::run;
use wirestage_tests::{open, root};

use crate::lab::{Props, Stop};
use crate::secure::Told;

const SERVER: ([u8; 4], u16) = ([127, 0, 0, 2], 4433);
const NAME: &str = "localhost";
/// The interpreter that knows aioquic.
const PYTHON: &str = "target/scapy/bin/python";
/// What is asked for: as many bytes as the name says.
const PATHS: [&str; 2] = ["/7", "/20000"];

/// What a page holds: its name, over and over.
fn content(path: &str) -> Vec<u8> {
    let len = path.rsplit('/').next().and_then(|len| len.parse().ok()).unwrap_or(0);
    path.bytes().cycle().take(len).collect()
}

/// What went wrong, as the system's errors are told.
fn wrong(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::other(error)
}

/// A certificate for both libraries, and the folder in which aioquic finds it.
struct Identity {
    folder: TempDir,
    certificate: CertificateDer<'static>,
    key: PrivatePkcs8KeyDer<'static>,
}

impl Identity {
    fn new() -> io::Result<Self> {
        let made = rcgen::generate_simple_self_signed([NAME.to_owned()]).map_err(wrong)?;
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("cert.pem"), made.cert.pem())?;
        fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem())?;
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        Ok(Self { folder, certificate: made.cert.der().clone(), key })
    }

    /// aioquic in that role.
    fn aioquic(&self, role: &str) -> io::Result<Child> {
        let mut command = Command::new(root().join(PYTHON));
        command.arg(root().join("tests/aioquic/play.py")).arg(self.folder.path()).arg(role);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()
    }
}

/// Whether there is an aioquic.
fn needs_aioquic() -> Result<(), Stop> {
    let knows = Command::new(root().join(PYTHON)).args(["-c", "import aioquic"]).status();
    match knows {
        Ok(status) if status.success() => Ok(()),
        _ => Err(Stop::Missing("aioquic is not installed; `make test` gets it".into())),
    }
}

/// One packet a datagram, so that the recording shows them as they are sent.
fn transport() -> TransportConfig {
    let mut transport = TransportConfig::default();
    transport.enable_segmentation_offload(false);
    transport
}

/// Does something to its end, on this thread.
fn wait<T>(doing: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(doing)
}

/// quinn asks a server of aioquic's.
pub(crate) fn asks(stage: &Props) -> Result<(), Stop> {
    needs_aioquic()?;
    let identity = Identity::new()?;
    let mut server = identity.aioquic("serve")?;
    let said = server.stdout.take().ok_or_else(|| io::Error::other("its output is taken"))?;
    let mut line = String::new();
    BufReader::new(said).read_line(&mut line)?;
    let asked = wait(ask_all(&identity, Told(stage.feed.clone())));
    // Its input ends with this, and so does it.
    drop(server.stdin.take());
    server.wait()?;
    Ok(asked?)
}

/// What a client knows that believes this certificate.
fn asking(identity: &Identity, keys: Option<Told>) -> io::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(identity.certificate.clone()).map_err(wrong)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut inside = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(wrong)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    inside.alpn_protocols = vec![b"h3".to_vec()];
    if let Some(keys) = keys {
        inside.key_log = Arc::new(keys);
    }
    let inside = QuicClientConfig::try_from(inside).map_err(wrong)?;
    Ok(ClientConfig::new(Arc::new(inside)))
}

async fn ask_all(identity: &Identity, keys: Told) -> io::Result<()> {
    let mut config = asking(identity, Some(keys))?;
    config.transport_config(Arc::new(transport()));
    let endpoint = Endpoint::client(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    ask(&endpoint, config).await?;
    endpoint.wait_idle().await;
    Ok(())
}

/// Asks for all pages over a connection of their own.
async fn ask(endpoint: &Endpoint, config: ClientConfig) -> io::Result<()> {
    let connecting = endpoint.connect_with(config, SERVER.into(), NAME).map_err(wrong)?;
    let connection = connecting.await.map_err(wrong)?;
    let wire = h3_quinn::Connection::new(connection.clone());
    let (mut driver, mut sender) = h3::client::new(wire).await.map_err(wrong)?;
    let driving = tokio::spawn(async move { poll_fn(|context| driver.poll_close(context)).await });
    for path in PATHS {
        let request = Request::get(format!("https://{NAME}{path}")).body(()).map_err(wrong)?;
        let mut stream = sender.send_request(request).await.map_err(wrong)?;
        stream.finish().await.map_err(wrong)?;
        stream.recv_response().await.map_err(wrong)?;
        let mut body = Vec::new();
        while let Some(mut piece) = stream.recv_data().await.map_err(wrong)? {
            body.extend(piece.copy_to_bytes(piece.remaining()));
        }
        assert_eq!(body, content(path));
    }
    connection.close(0x100u32.into(), b"");
    driving.abort();
    Ok(())
}

/// aioquic asks a server of quinn's.
pub(crate) fn answers(stage: &Props) -> Result<(), Stop> {
    needs_aioquic()?;
    let identity = Identity::new()?;
    Ok(wait(answer_all(&identity, Told(stage.feed.clone())))?)
}

/// What a server knows with this certificate.
fn answering(identity: &Identity, keys: Told) -> io::Result<ServerConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut inside = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(wrong)?
        .with_no_client_auth()
        .with_single_cert(vec![identity.certificate.clone()], identity.key.clone_key().into())
        .map_err(wrong)?;
    inside.alpn_protocols = vec![b"h3".to_vec()];
    inside.key_log = Arc::new(keys);
    let inside = QuicServerConfig::try_from(inside).map_err(wrong)?;
    Ok(ServerConfig::with_crypto(Arc::new(inside)))
}

async fn answer_all(identity: &Identity, keys: Told) -> io::Result<()> {
    let mut config = answering(identity, keys)?;
    config.transport_config(Arc::new(transport()));
    let endpoint = Endpoint::server(config, SERVER.into())?;
    let mut client = identity.aioquic("ask")?;
    serve(&endpoint).await?;
    endpoint.wait_idle().await;
    let ended = client.wait()?;
    ended.success().then_some(()).ok_or_else(|| io::Error::other("aioquic failed"))
}

/// Answers all that one client asks.
async fn serve(endpoint: &Endpoint) -> io::Result<()> {
    let incoming = endpoint.accept().await.ok_or_else(|| io::Error::other("nobody came"))?;
    let connection = incoming.await.map_err(wrong)?;
    let wire = h3_quinn::Connection::new(connection);
    let mut http: h3::server::Connection<_, Bytes> =
        h3::server::Connection::new(wire).await.map_err(wrong)?;
    // A client that closes in order ends this with an error, too.
    while let Ok(Some(resolver)) = http.accept().await {
        let (request, stream) = resolver.resolve_request().await.map_err(wrong)?;
        answer(request.uri().path(), stream).await?;
    }
    Ok(())
}

async fn answer(
    path: &str,
    mut stream: RequestStream<h3_quinn::BidiStream<Bytes>, Bytes>,
) -> io::Result<()> {
    stream.send_response(Response::new(())).await.map_err(wrong)?;
    stream.send_data(content(path).into()).await.map_err(wrong)?;
    stream.finish().await.map_err(wrong)
}

/// Each page was asked for once, and came whole; and no packet stayed sealed.
pub(crate) fn fetched(path: &Path) {
    let document = open(path, Opening::default());
    let requests = document.requests(Windows::default(), &Progress::new()).expect("no cancel");
    let row = requests.rows.iter().map(|row| {
        assert!(row.trouble().is_none(), "{row:?}");
        let len = row.answer.as_ref().map_or(0, |answer| answer.body);
        (row.version.to_string(), row.path.to_string(), row.status, len)
    });
    let expected = PATHS
        .map(|path| ("HTTP/3".to_owned(), path.to_owned(), Some(200), content(path).len() as u64));
    assert_eq!(row.collect::<Vec<_>>(), expected);

    let folder = path.with_extension("contents");
    let [file, into] = [path, &*folder].map(|path| path.to_str().expect("its path is text"));
    run(&["export", file, "--bodies", into]).done();
    let saved = fs::read_dir(&folder).expect("a folder").map(|entry| {
        fs::read(entry.expect("an entry").path()).expect("a file that was just written")
    });
    let mut saved: Vec<Vec<u8>> = saved.collect();
    saved.sort_by_key(Vec::len);
    assert!(saved == PATHS.map(content), "what was read is what was sent");

    let log = path.with_extension("sqlog");
    let put = qlog::put(&document.ground(), |_| true, Version::Current, &log, &Progress::new());
    assert_eq!(put.expect("it can be written").len(), 1, "one connection");
    let text = fs::read_to_string(log).expect("a log that was just written");
    let packets = text.matches("\"packet_type\"").count();
    assert!(packets > 10 && packets == text.matches("\"packet_number\"").count(), "{packets}");
}
