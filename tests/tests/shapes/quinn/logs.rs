//! quinn at both ends, each of which logs every packet, held against the recording.
//!
//! Its log has the type, number and size of each packet that it sends, and type and number of each
//! that it takes. It has no frames: these are held against aioquic's log (`whole/foreign_quic`).

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use quinn::{Endpoint, QlogConfig, TransportConfig};
use serde_json::Value;
use wirestage::document::{Opening, Progress, Windows};
use wirestage::export::qlog::beside::{Beside, beside};
use wirestage::export::qlog::{self, Version};
use wirestage_tests::open;

use super::{Identity, PATHS, SERVER, answering, ask, asking, content, serve, transport, wait};
use crate::lab::{Props, Stop};
use crate::secure::Told;

/// Two connections, which share the log of their endpoint.
const CONNECTIONS: usize = 2;

/// What each end calls its log.
const ENDS: [&str; 2] = ["client", "server"];

/// A transport that logs into a file beside the recording.
fn logging(recording: &Path, end: &str) -> io::Result<Arc<TransportConfig>> {
    let mut log = QlogConfig::default();
    log.writer(Box::new(File::create(recording.with_extension(end))?));
    log.title(Some("quinn".to_owned()));
    let mut transport = transport();
    transport.qlog_stream(log.into_stream());
    Ok(Arc::new(transport))
}

/// quinn asks quinn, one connection after the other.
pub(crate) fn play(stage: &Props) -> Result<(), Stop> {
    let identity = Identity::new()?;
    let mut server = answering(&identity, Told(stage.feed.clone()))?;
    server.transport_config(logging(&stage.path, ENDS[1])?);
    let mut client = asking(&identity, None)?;
    client.transport_config(logging(&stage.path, ENDS[0])?);
    let played = wait(async {
        let answers = Endpoint::server(server, SERVER.into())?;
        let asks = Endpoint::client(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        for _ in 0..CONNECTIONS {
            let (asked, served) = tokio::join!(ask(&asks, client.clone()), serve(&answers));
            asked.and(served)?;
            // What both say at the end is recorded, too.
            asks.wait_idle().await;
            answers.wait_idle().await;
        }
        Ok(())
    });
    Ok(played?)
}

/// A packet: who sent it, its type and its number; and its size.
type Sizes = BTreeMap<(String, u64), u64>;

/// The packets of those events of a log that have this name, with what stands at `size`.
fn sizes<'e>(events: impl Iterator<Item = &'e Value>, name: &str, size: &str) -> Sizes {
    let own = events.filter(|event| event["name"].as_str().is_some_and(|it| it.ends_with(name)));
    let one = own.map(|event| {
        let (data, header) = (&event["data"], &event["data"]["header"]);
        let kind = header["packet_type"].as_str().expect("a type").to_owned();
        let number = header["packet_number"].as_u64().expect("a number");
        ((kind, number), data.pointer(size).and_then(Value::as_u64).expect("a size"))
    });
    one.collect()
}

/// The texts of a sequence behind its head (RFC 7464).
fn texts(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).expect("a log");
    let texts = text.split('\u{1e}').skip(2);
    texts.map(|text| serde_json::from_str(text).expect("each text is JSON")).collect()
}

/// Every packet that either end says it sent was recorded, with that number and size, and no other;
/// every packet that it says it took is one of them.
pub(crate) fn held(path: &Path) {
    let document = open(path, Opening::default());
    let requests = document.requests(Windows::default(), &Progress::new()).expect("no cancel");
    let lens = requests.rows.iter().map(|row| row.answer.as_ref().map_or(0, |answer| answer.body));
    let expected: Vec<u64> = PATHS.map(|path| content(path).len() as u64).repeat(CONNECTIONS);
    assert_eq!(lens.collect::<Vec<_>>(), expected);

    let ground = document.ground();
    let own = path.with_extension("sqlog");
    let put = qlog::put(&ground, |_| true, Version::Current, &own, &Progress::new());
    let own: Vec<_> = put.expect("logs").iter().map(|one| texts(&one.path)).collect();
    assert_eq!(own.len(), CONNECTIONS);
    for (place, end) in ENDS.iter().enumerate() {
        let log = path.with_extension(end);
        let theirs = texts(&log);
        assert!(theirs.iter().all(|event| event["data"].get("frames").is_none()), "no frames");
        let found = beside(&ground, &log, &Progress::new()).expect("the same connections");
        let numbers: Vec<_> = found.iter().map(|one| one.connection).collect();
        assert_eq!(numbers, (1..=CONNECTIONS).collect::<Vec<_>>(), "{end}");
        // Ours take the client's side.
        let sent = ["packet_sent", "packet_received"][place];
        let mut packets = 0;
        for (one, own) in found.iter().zip(&own) {
            let ours = sizes(own.iter(), sent, "/raw/length");
            assert_eq!(one.both[0], ours.len(), "{end}: as many as it sent");
            packets += ours.len();
            check(one, end);
        }
        let logged = sizes_of_all(&theirs);
        let recorded: u64 =
            own.iter().flat_map(|one| sizes(one.iter(), sent, "/raw/length").into_values()).sum();
        assert_eq!(logged, (packets, recorded), "{end}: packets and their bytes");
    }
}

/// How many packets a log of quinn says that it sent, and how large all of them are.
fn sizes_of_all(events: &[Value]) -> (usize, u64) {
    let sent = events
        .iter()
        .filter(|event| event["name"].as_str().is_some_and(|name| name.ends_with("packet_sent")));
    let sizes = sent.map(|event| event["data"]["header"]["length"].as_u64().expect("a size"));
    let sizes: Vec<u64> = sizes.collect();
    (sizes.len(), sizes.iter().sum())
}

/// One connection in the log of one end.
fn check(one: &Beside, end: &str) {
    assert_eq!(one.by, format!("quinn, {end}"));
    assert!(one.only_log.is_empty() && one.differences.is_empty(), "{end}: {one:?}");
    // It takes no packet of the handshake whose keys it has dropped, and none once it has closed.
    let is_dropped = |name: &str| ["initial", "handshake"].contains(&name);
    let others = one.only_capture.iter().filter(|packet| !is_dropped(&packet.name.kind));
    assert!(others.count() <= 1, "{end}: {:?}", one.only_capture);
    assert!(one.only_capture.iter().all(|packet| !packet.is_sent), "{:?}", one.only_capture);
    assert!(one.both.iter().all(|count| *count > 5), "{:?}", one.both);
    assert_eq!(one.lost, [const { Vec::new() }; 3], "nothing is lost on a loopback");
}
