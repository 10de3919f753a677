//! What this machine allows and has: one list of checks, each with the command that mends it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::lab::Refusal;
use crate::lab::link::Devices;
use crate::lab::{self, Way};
use crate::live::{helper, may_capture};

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Ok,
    /// Something works less well without it.
    Warn,
    /// Nothing can be recorded without it.
    Fail,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// How it came out.
    pub state: State,
    /// What was found, in a sentence.
    pub found: String,
    /// What to type to mend it; `None` if nothing is to be mended.
    pub mend: Option<String>,
}

impl Check {
    fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, state: State::Ok, found: found.into(), mend: None }
    }

    fn bad(name: &'static str, state: State, refusal: Refusal) -> Self {
        Self { name, state, found: refusal.cause, mend: Some(refusal.mend) }
    }
}

/// All checks, the important ones first. Takes some milliseconds and changes nothing.
#[must_use]
pub fn checks() -> Vec<Check> {
    let way = lab::probe();
    let state = if matches!(way, Way::Refused(_)) { State::Fail } else { State::Warn };
    vec![
        the_lab(way),
        one_of("user namespaces", lab::namespace(), state, "A private network can be made."),
        link(lab::namespace()),
        interfaces(lab::host(), state, helper(None).as_deref()),
        libpcap(),
        tshark(),
        display(),
    ]
}

/// The way that scenarios will be recorded.
fn the_lab(way: Way) -> Check {
    const NAME: &str = "recording scenarios";
    match way {
        Way::Namespace => Check::ok(NAME, "In a private network; no privilege is needed."),
        Way::HostLoopback { because } => Check {
            name: NAME,
            state: State::Warn,
            found: format!(
                "On the host's loopback, beside other programs' traffic. {}",
                because.cause
            ),
            mend: Some(because.mend),
        },
        Way::Refused(refusal) => Check::bad(NAME, State::Fail, refusal),
    }
}

/// A check that is either fine or explained.
fn one_of(
    name: &'static str,
    outcome: Result<(), Refusal>,
    state: State,
    fine: &'static str,
) -> Check {
    match outcome {
        Ok(()) => Check::ok(name, fine),
        Err(refusal) => Check::bad(name, state, refusal),
    }
}

/// Whether other programs' traffic can be captured: by this program, or by the helper beside it,
/// which alone should be given the right.
fn interfaces(own: Result<(), Refusal>, state: State, helper: Option<&Path>) -> Check {
    const NAME: &str = "raw sockets";
    let Err(refusal) = own else {
        return Check::ok(NAME, "The host's own interfaces can be captured.");
    };
    match helper {
        Some(helper) if may_capture(helper) => Check::ok(
            NAME,
            format!("The host's own interfaces can be captured, by {}.", helper.display()),
        ),
        // Root that may not: what it lacks no file can be given.
        Some(helper) if !nix::unistd::geteuid().is_root() => {
            let mend = format!("sudo setcap cap_net_raw+ep '{}'", helper.display());
            Check::bad(NAME, state, Refusal::new(refusal.cause, mend))
        }
        _ => Check::bad(NAME, state, refusal),
    }
}

/// What a link between client and server would be made of.
fn link(networks: Result<(), Refusal>) -> Check {
    const NAME: &str = "links between networks";
    match (networks, Devices::here()) {
        (Err(refusal), _) => Check::bad(NAME, State::Warn, refusal),
        (Ok(()), Devices::Tun) => Check::ok(NAME, "They are laid with TUN devices."),
        (Ok(()), Devices::Veth) => Check::ok(
            NAME,
            "They are laid with virtual Ethernet, for /dev/net/tun may not be written to.",
        ),
    }
}

/// The capture library. It is linked, so where it were missing this program would not run.
fn libpcap() -> Check {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let path = maps.lines().find_map(|line| {
        let path = Path::new(line.split_once('/').map(|(_, rest)| rest)?);
        let name = path.file_name()?.to_str()?;
        name.starts_with("libpcap").then(|| format!("/{}", path.display()))
    });
    Check::ok(
        "libpcap",
        match path {
            Some(path) => format!("Loaded from {path}."),
            None => "Built into this program.".to_string(),
        },
    )
}

/// Wireshark's command line tool, which compares what we say with what it says.
fn tshark() -> Check {
    let output = Command::new("tshark").arg("--version").stdin(Stdio::null()).output();
    match output {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout);
            Check::ok(
                "tshark",
                format!("{}.", text.lines().next().unwrap_or("Found").trim_end_matches('.')),
            )
        }
        _ => Check::bad(
            "tshark",
            State::Warn,
            Refusal::new(
                "Not found. It is needed only to compare our fields with Wireshark's.",
                "sudo apt-get install tshark",
            ),
        ),
    }
}

/// Libraries that the window opens when it starts.
const X11: [&str; 4] = ["libX11.so.6", "libXcursor.so.1", "libXi.so.6", "libxkbcommon-x11.so.0"];
/// The same for Wayland.
const WAYLAND: [&str; 3] = ["libwayland-client.so.0", "libwayland-egl.so.1", "libxkbcommon.so.0"];

/// The display and what it needs.
fn display() -> Check {
    const NAME: &str = "the window";
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let (needed, install): (&[&str], _) = if set("WAYLAND_DISPLAY") {
        (&WAYLAND, "sudo apt-get install libwayland-client0 libwayland-egl1 libegl1 libxkbcommon0")
    } else if set("DISPLAY") {
        (
            &X11,
            "sudo apt-get install libx11-6 libxcursor1 libxi6 libx11-xcb1 libxkbcommon-x11-0 libgl1",
        )
    } else {
        return Check::bad(
            NAME,
            State::Warn,
            Refusal::new(
                "There is no display here: neither WAYLAND_DISPLAY nor DISPLAY is set. \
                 Everything on the command line works without one.",
                "wirestage --help",
            ),
        );
    };
    let missing: Vec<_> = needed.iter().copied().filter(|name| !installed(name)).collect();
    if missing.is_empty() {
        Check::ok(NAME, "A display is set, and its libraries are there.")
    } else {
        let cause = format!("Libraries are missing: {}.", missing.join(", "));
        Check::bad(NAME, State::Warn, Refusal::new(cause, install))
    }
}

/// Whether a shared library lies where the loader looks.
fn installed(library: &str) -> bool {
    let extra = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    let machine = std::env::consts::ARCH;
    let usual = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"];
    let multiarch = [format!("/usr/lib/{machine}-linux-gnu"), format!("/lib/{machine}-linux-gnu")];
    std::env::split_paths(&extra)
        .chain(usual.iter().map(PathBuf::from))
        .chain(multiarch.iter().map(PathBuf::from))
        .any(|folder| folder.join(library).exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_not_fine_says_how_to_mend_it() {
        let checks = checks();
        assert_eq!(checks[0].name, "recording scenarios");
        for check in &checks {
            assert!(check.found.ends_with('.'), "{check:?}");
            assert_eq!(check.mend.is_none(), check.state == State::Ok, "{check:?}");
        }
        // This test program runs, so libpcap was found.
        let libpcap = checks.iter().find(|check| check.name == "libpcap").unwrap();
        assert_eq!(libpcap.state, State::Ok);
    }

    #[test]
    fn the_right_to_capture_is_for_the_helper() {
        let own = || Err(Refusal::new("Raw sockets need a right.", "give it to the program"));
        let of = |helper: Option<&str>| interfaces(own(), State::Warn, helper.map(Path::new));
        assert_eq!(interfaces(Ok(()), State::Warn, None).state, State::Ok);
        assert_eq!(of(Some("/bin/true")).state, State::Ok);
        let is_root = nix::unistd::geteuid().is_root();
        for (helper, mend) in [
            (None, "give it to the program"),
            (Some("/bin/false"), "sudo setcap cap_net_raw+ep '/bin/false'"),
        ] {
            let mend = if is_root { "give it to the program" } else { mend };
            assert_eq!(of(helper).mend.as_deref(), Some(mend), "{helper:?}");
        }
    }

    #[test]
    fn without_a_way_into_the_lab_the_doctor_says_fail() {
        let refusal = Refusal::new("Nothing works.", "try this");
        let check = the_lab(Way::Refused(refusal.clone()));
        assert_eq!((check.state, check.mend.as_deref()), (State::Fail, Some("try this")));
        let check = the_lab(Way::HostLoopback { because: refusal });
        assert_eq!(check.state, State::Warn);
        assert!(check.found.contains("Nothing works."));
    }
}
