//! HTTP/2 as nginx serves it, to nghttp and to h2load: in the clear, known beforehand.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::lab::{Props, Stop};
use super::nghttp2::{self, PORT, SERVER, addresses_at, ask, needs};

/// nghttp asks for all files at once.
pub(crate) fn nghttp(_: &Props) -> Result<(), Stop> {
    needs("nghttp")?;
    let folder = tempfile::tempdir()?;
    let _server = server(folder.path())?;
    let origin = format!("http://{SERVER}:{PORT}");
    ask(Command::new("nghttp").arg("--null-out").args(addresses_at(&origin)))
}

/// h2load asks for one file, over and over on four connections.
pub(crate) fn h2load(_: &Props) -> Result<(), Stop> {
    needs("h2load")?;
    let folder = tempfile::tempdir()?;
    let _server = server(folder.path())?;
    nghttp2::load()
}

/// One process that stays what it is: who is root only in here may become nobody else.
fn server(folder: &Path) -> Result<nghttp2::Server, Stop> {
    if Command::new("nginx").arg("-v").stderr(Stdio::null()).status().is_err() {
        return Err(Stop::Missing("nginx is not installed".into()));
    }
    let files = folder.join("files");
    fs::create_dir(&files)?;
    nghttp2::write_files(&files)?;
    let at = folder.display();
    let temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {at}/{name};"))
        .concat();
    let settings = format!(
        "daemon off; master_process off; user root root; pid {at}/pid; error_log {at}/errors;
         events {{}}
         http {{ access_log off; {temp}
           server {{ listen {SERVER}:{PORT} http2; root {at}/files; }} }}"
    );
    let file = folder.join("settings");
    fs::write(&file, settings)?;
    let mut command = Command::new("nginx");
    command.arg("-c").arg(&file).stdout(Stdio::null()).stderr(Stdio::null());
    nghttp2::Server::start(&mut command, (SERVER, PORT))
}
