//! Whether there is a display, asked of its sockets before any window library is started.
//!
//! A window library that fails to connect cannot be started a second time in one process, and a
//! dead `WAYLAND_DISPLAY` beside a good `DISPLAY` makes it fail. So the sockets are tried first,
//! which takes less than a millisecond, and the backend that answers is forced.

use std::env;
use std::ffi::OsStr;
use std::net::TcpStream;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::path::{Path, PathBuf};

/// The kind of display that answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Display {
    /// A Wayland compositor.
    Wayland,
    /// An X11 server.
    X11,
}

/// Why there is no display.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDisplay {
    /// Neither variable is set.
    #[error("there is no display: neither WAYLAND_DISPLAY nor DISPLAY is set")]
    Unset,
    /// What they name does not answer.
    #[error("no display answers: {0}")]
    Silent(String),
}

/// Finds the display that answers, Wayland first.
///
/// # Errors
/// Where none does.
pub fn probe() -> Result<Display, NoDisplay> {
    let wayland = env::var_os("WAYLAND_DISPLAY").filter(|name| !name.is_empty());
    let x11 = env::var_os("DISPLAY").filter(|name| !name.is_empty());
    let runtime = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    look(wayland.as_deref(), x11.as_deref(), runtime.as_deref())
}

fn look(
    wayland: Option<&OsStr>,
    x11: Option<&OsStr>,
    runtime: Option<&Path>,
) -> Result<Display, NoDisplay> {
    let mut silent = Vec::new();
    if let Some(name) = wayland {
        let path = Path::new(name);
        // An absolute name needs no folder (wayland's own rule).
        let socket = runtime.map_or_else(|| path.to_path_buf(), |folder| folder.join(path));
        if UnixStream::connect(socket).is_ok() {
            return Ok(Display::Wayland);
        }
        silent.push(format!("WAYLAND_DISPLAY={}", name.to_string_lossy()));
    }
    if let Some(name) = x11 {
        if answers_x11(&name.to_string_lossy()) {
            return Ok(Display::X11);
        }
        silent.push(format!("DISPLAY={}", name.to_string_lossy()));
    }
    if silent.is_empty() {
        return Err(NoDisplay::Unset);
    }
    Err(NoDisplay::Silent(silent.join(", ")))
}

/// Whether the X server of a display name such as `:0`, `unix:1.0` or `host:10` answers.
fn answers_x11(display: &str) -> bool {
    let Some((host, rest)) = display.rsplit_once(':') else { return false };
    let Ok(number) = rest.split('.').next().unwrap_or_default().parse::<u16>() else {
        return false;
    };
    if host.is_empty() || host == "unix" {
        let path = format!("/tmp/.X11-unix/X{number}");
        let hidden = SocketAddr::from_abstract_name(&path);
        return UnixStream::connect(&path).is_ok()
            || hidden.is_ok_and(|address| UnixStream::connect_addr(&address).is_ok());
    }
    // X11 over TCP, as ssh forwards it, listens on 6000 and up.
    6000u16.checked_add(number).is_some_and(|port| TcpStream::connect((host, port)).is_ok())
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_live_socket_is_found_and_a_dead_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let _listener = UnixListener::bind(folder.path().join("wayland-7")).unwrap();
        let found = look(Some(OsStr::new("wayland-7")), None, Some(folder.path()));
        assert_eq!(found, Ok(Display::Wayland));

        let dead = look(Some(OsStr::new("wayland-8")), None, Some(folder.path()));
        assert_eq!(dead, Err(NoDisplay::Silent("WAYLAND_DISPLAY=wayland-8".into())));
        assert_eq!(look(None, None, None), Err(NoDisplay::Unset));
    }

    #[test]
    fn names_that_are_no_displays_do_not_answer() {
        assert!(!answers_x11("nonsense"));
        assert!(!answers_x11(":x"));
        assert!(!answers_x11(":64999"));
    }
}
