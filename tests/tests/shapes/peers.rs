//! Our scenarios with one side played by somebody else's library: grpcio and websockets, both of
//! Python.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{io, thread};

use wirestage::document::{Opening, Progress, Windows};
use wirestage_generators::{Guest, PortPolicy, Stage, find};
use wirestage_tests::program::run;
use wirestage_tests::{open, root};

use super::lab::{Props, Stop};
use super::nghttp2::{Server, ask, listens};

/// Where servers of scenarios listen.
const SERVER: &str = "127.0.0.2";
const GRPC_PORT: u16 = 50_051;
const HTTP_PORT: u16 = 80;

/// A library of Python, and the script that speaks through it.
struct Library {
    name: &'static str,
    script: &'static str,
    port: u16,
}

const GRPC: Library = Library { name: "grpc", script: "grpc_peer.py", port: GRPC_PORT };
const WEBSOCKETS: Library =
    Library { name: "websockets", script: "websocket_peer.py", port: HTTP_PORT };

impl Library {
    /// The script in one of its roles.
    fn plays(&self, role: &str) -> Result<Command, Stop> {
        let python = root().join("target/scapy/bin/python");
        let import = format!("import {}", self.name);
        let found = Command::new(&python).args(["-c", &import]).stderr(Stdio::null()).status();
        if !found.is_ok_and(|status| status.success()) {
            let why = format!("`make test` installs Python's {} from PyPI", self.name);
            return Err(Stop::Missing(why));
        }
        let mut command = Command::new(python);
        command.arg(root().join("tests/peers").join(self.script));
        command.arg(role).arg(format!("{SERVER}:{}", self.port)).stdout(Stdio::null());
        Ok(command)
    }

    /// Its client asks the server of a scenario.
    fn asks(&self, scenario: &str) -> Result<(), Stop> {
        let mut client = self.plays("client")?;
        thread::scope(|scope| {
            let ours = scope.spawn(|| play(scenario, Guest::Client));
            listens((SERVER, self.port), || ours.is_finished())?;
            let asked = ask(&mut client);
            let played = ours.join().expect("it does not panic");
            asked.and(played)
        })
    }

    /// Its server answers the client of a scenario.
    fn answers(&self, scenario: &str) -> Result<(), Stop> {
        let mut server = self.plays("server")?;
        let _server = Server::start(server.stderr(Stdio::null()), (SERVER, self.port))?;
        let address = format!("{SERVER}:{}", self.port).parse::<SocketAddr>();
        play(scenario, Guest::Server(address.map_err(io::Error::other)?))
    }
}

/// Plays our side of a scenario: its own library says whether it got what it should have.
fn play(scenario: &str, guest: Guest) -> Result<(), Stop> {
    let scenario = find(scenario).expect("it is in the catalogue");
    let stage = Stage::builder(scenario).ports(PortPolicy::Standard).guest(guest).build();
    let played = stage.and_then(|stage| (scenario.run)(&stage));
    played.map(drop).map_err(|failure| io::Error::other(failure.to_string()).into())
}

pub(crate) fn grpcio_asks(_: &Props) -> Result<(), Stop> {
    GRPC.asks("grpc-unary")
}

pub(crate) fn grpcio_answers(_: &Props) -> Result<(), Stop> {
    GRPC.answers("grpc-unary")
}

/// Both sides are grpcio's, and pack what they say.
pub(crate) fn grpcio_packs(_: &Props) -> Result<(), Stop> {
    ask(&mut GRPC.plays("packed")?)
}

pub(crate) fn websockets_asks(_: &Props) -> Result<(), Stop> {
    WEBSOCKETS.asks("websocket-deflate")
}

pub(crate) fn websockets_answers(_: &Props) -> Result<(), Stop> {
    WEBSOCKETS.answers("websocket-deflate")
}

/// The values of a field, one for each place where it stands, in the order of frames.
fn values(path: &Path, field: &str) -> Vec<String> {
    let shown = run(&["show", path.to_str().expect("text"), "--fields", field]).done();
    let lines = shown.text().lines().flat_map(|line| line.split(','));
    lines.filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

/// Two calls, one of which fails, however their frames were cut.
pub(crate) fn called(path: &Path) {
    let document = open(path, Opening::default());
    let requests = document.requests(Windows::default(), &Progress::new()).expect("no cancel");
    let all = requests.rows.iter().map(|row| (&*row.method, &*row.path, row.status));
    let now = ("POST", "/wirestage.Weather/Now", Some(200));
    assert_eq!(all.collect::<Vec<_>>(), [now, now]);
    assert!(requests.rows.iter().all(|row| row.trouble().is_none()), "{:?}", requests.rows);
    let names = ["Reykjavik", "Reykjavik", "Atlantis"];
    assert_eq!(values(path, "protobuf.field.value.string"), names);
    let told = run(&["show", path.to_str().expect("text"), "--format", "jsonl"]).done();
    for words in ["grpc-status: 0", "grpc-status: 5", "grpc-message: nobody"] {
        assert!(told.text().contains(words), "{words}: {}", told.text());
    }
}

/// Three messages each way, read although each of them is packed.
pub(crate) fn unpacked(path: &Path) {
    let flags = values(path, "grpc.compressed_flag");
    assert_eq!(flags, ["1"; 6]);
    let mut names = values(path, "protobuf.field.value.string");
    names.sort();
    let twice = ["Kyoto", "Nairobi", "Reykjavik"].map(|name| [name.repeat(10), name.repeat(10)]);
    assert_eq!(names, twice.concat());
}

/// Three readings and their echoes, each of them packed, and the end that both sides meant.
pub(crate) fn echoed(path: &Path) {
    let texts = {
        let path = path.to_str().expect("text");
        let shown = run(&["show", path, "--fields", "websocket.payload.text"]).done();
        let texts = shown.text().lines().filter(|line| !line.is_empty());
        texts.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(texts.len(), 6, "{texts:?}");
    for (at, pair) in texts.chunks(2).enumerate() {
        let hour = format!("\"hour\":{}", 6 * (at + 1));
        assert!(pair[0] == pair[1] && pair[0].contains(&hour), "{pair:?}");
    }
    let packed = values(path, "websocket.pmc").into_iter().filter(|flag| flag == "1").count();
    assert_eq!(packed, 6);
    assert_eq!(values(path, "websocket.payload.close.status_code"), ["1000", "1000"]);
}
