//! HTTP/2 through HAProxy, which speaks it on both sides: a connection of the client's and one of
//! its own, with numbers and tables of their own.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use wirestage::document::Opening;
use wirestage_tests::open;

use super::lab::{Props, Stop};
use super::nghttp2::{self, PORT, SERVER, addresses_at, ask, needs};

const PROXY: &str = "127.0.0.5";
const PROXY_PORT: u16 = 8081;

/// nghttp asks for all files at once.
pub(crate) fn play(_: &Props) -> Result<(), Stop> {
    needs("haproxy")?;
    needs("nghttp")?;
    let folder = tempfile::tempdir()?;
    let _backend = nghttp2::server(folder.path(), &["--no-tls"], &[])?;
    let told = folder.path().join("haproxy.cfg");
    let times = ["client", "server", "connect"].map(|what| format!("  timeout {what} 60s\n"));
    fs::write(
        &told,
        format!(
            "defaults\n  mode http\n{times}\
             frontend front\n  bind {PROXY}:{PROXY_PORT} proto h2\n  default_backend back\n\
             backend back\n  server one {SERVER}:{PORT} proto h2 source {PROXY}\n",
            times = times.concat(),
        ),
    )?;
    let mut command = Command::new("haproxy");
    command.args(["-db", "-f"]).arg(&told).stdout(Stdio::null()).stderr(Stdio::null());
    let _proxy = nghttp2::Server::start(&mut command, (PROXY, PROXY_PORT))?;
    let origin = format!("http://{PROXY}:{PROXY_PORT}");
    ask(Command::new("nghttp").arg("--null-out").args(addresses_at(&origin)))
}

/// Each file was asked for twice, on two connections, and the story ties what was handed on.
pub(crate) fn passed(path: &Path) {
    nghttp2::twice_each(path);
    let story = open(path, Opening::default()).story(None);
    assert_eq!(story.passages.len(), 6, "each request is handed on: {:#?}", story.passages);
}
