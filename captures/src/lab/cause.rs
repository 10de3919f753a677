//! Why a lab is refused, found by looking at what refuses such things, and what mends it.

use std::fmt;
use std::fs;

use nix::errno::Errno;

use super::steps::{Failed, Step};

/// A cause, and the command or advice that mends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What was found, in a sentence.
    pub cause: String,
    /// What to type or to change.
    pub mend: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} To mend it: {}", self.cause, self.mend)
    }
}

impl Refusal {
    /// A cause with its mend.
    pub(crate) fn new(cause: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { cause: cause.into(), mend: mend.into() }
    }
}

/// What the system says about itself; a test says something else.
pub(super) struct Clues {
    /// `user.max_user_namespaces`.
    pub(super) max_namespaces: Option<u64>,
    /// `kernel.unprivileged_userns_clone`, which Debian's and Arch's kernels have.
    pub(super) unprivileged_clone: Option<u64>,
    /// `kernel.apparmor_restrict_unprivileged_userns`, which Ubuntu's kernels have.
    pub(super) apparmor: Option<u64>,
    /// Whether a seccomp filter is in force.
    pub(super) seccomp: bool,
    /// Whether we are root.
    pub(super) root: bool,
    /// The path of this program.
    pub(super) program: String,
}

impl Clues {
    /// Looks at this system.
    pub(super) fn look() -> Self {
        let number = |path: &str| fs::read_to_string(path).ok()?.trim().parse().ok();
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let seccomp = status
            .lines()
            .any(|line| line.strip_prefix("Seccomp:").is_some_and(|mode| mode.trim() == "2"));
        let program = std::env::current_exe()
            .map_or_else(|_| "wirestage".into(), |path| path.display().to_string());
        Self {
            max_namespaces: number("/proc/sys/user/max_user_namespaces"),
            unprivileged_clone: number("/proc/sys/kernel/unprivileged_userns_clone"),
            apparmor: number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
            seccomp,
            root: nix::unistd::geteuid().is_root(),
            program,
        }
    }
}

/// Explains why a step failed.
pub(super) fn explain((step, error): Failed, clues: &Clues) -> Refusal {
    if step == Step::RawSocket {
        return raw_socket(error, clues);
    }
    let mapping = matches!(step, Step::SetGroups | Step::UidMap | Step::GidMap);
    if clues.max_namespaces == Some(0) {
        return Refusal::new(
            "User namespaces are turned off: user.max_user_namespaces is 0.",
            "sudo sysctl -w user.max_user_namespaces=15000",
        );
    }
    if clues.unprivileged_clone == Some(0) && !clues.root {
        return Refusal::new(
            "User namespaces are for root only: kernel.unprivileged_userns_clone is 0.",
            "sudo sysctl -w kernel.unprivileged_userns_clone=1",
        );
    }
    // Ubuntu lets the namespace be created and then takes every right in it away, so that the
    // first thing that fails is the mapping or the interface.
    let denied = error == libc::EPERM || error == libc::EACCES;
    if clues.apparmor == Some(1) && denied && !clues.root {
        let profile = format!(
            "abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile wirestage \"{}\" \
             flags=(unconfined) {{\\n  userns,\\n}}\\n",
            clues.program
        );
        return Refusal::new(
            "AppArmor allows user namespaces to programs with a profile only: \
             kernel.apparmor_restrict_unprivileged_userns is 1.",
            format!(
                "printf '{profile}' | sudo tee /etc/apparmor.d/wirestage && \
                 sudo apparmor_parser -r /etc/apparmor.d/wirestage"
            ),
        );
    }
    if step == Step::Unshare && error == libc::ENOSPC {
        return Refusal::new(
            "All user or network namespaces that this system allows are taken.",
            "sudo sysctl -w user.max_user_namespaces=15000 user.max_net_namespaces=15000",
        );
    }
    if step == Step::Unshare && error == libc::EINVAL {
        return Refusal::new(
            "This kernel was built without user namespaces.",
            format!("sudo {} ..., which captures on the host's loopback", clues.program),
        );
    }
    if clues.seccomp && denied && (step == Step::Unshare || mapping) {
        return Refusal::new(
            "A seccomp filter of a container or service refuses namespaces.",
            "docker run --security-opt seccomp=unconfined ..., \
             or be root in a container with --cap-add=NET_RAW",
        );
    }
    Refusal::new(
        format!("The system refuses {} ({}).", step.name(), Errno::from_raw(error).desc()),
        format!("sudo {} ..., which captures on the host's loopback", clues.program),
    )
}

/// Explains why a raw socket cannot be opened.
fn raw_socket(error: i32, clues: &Clues) -> Refusal {
    match error {
        libc::EAFNOSUPPORT => Refusal::new(
            "This kernel has no packet sockets (CONFIG_PACKET), which libpcap needs.",
            "sudo modprobe af_packet",
        ),
        libc::EPERM | libc::EACCES if clues.root => Refusal::new(
            "Even root may not open raw sockets here: the capability cap_net_raw was taken away.",
            "docker run --cap-add=NET_RAW ...",
        ),
        _ => Refusal::new(
            format!(
                "Raw sockets need the capability cap_net_raw ({}).",
                Errno::from_raw(error).desc()
            ),
            format!("sudo setcap cap_net_raw+ep '{}'", clues.program),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clues() -> Clues {
        Clues {
            max_namespaces: Some(15_000),
            unprivileged_clone: None,
            apparmor: None,
            seccomp: false,
            root: false,
            program: "/usr/bin/wirestage".into(),
        }
    }

    #[test]
    fn the_cause_is_named_and_the_mend_fits() {
        let check = |failed: Failed, clues: Clues, cause: &str, mend: &str| {
            let found = explain(failed, &clues);
            assert!(found.cause.contains(cause), "{found}");
            assert!(found.mend.contains(mend), "{found}");
        };
        check(
            (Step::Unshare, libc::ENOSPC),
            Clues { max_namespaces: Some(0), ..clues() },
            "user.max_user_namespaces is 0",
            "sysctl -w user.max_user_namespaces",
        );
        check(
            (Step::Unshare, libc::EPERM),
            Clues { unprivileged_clone: Some(0), ..clues() },
            "kernel.unprivileged_userns_clone is 0",
            "kernel.unprivileged_userns_clone=1",
        );
        check(
            (Step::UidMap, libc::EPERM),
            Clues { apparmor: Some(1), ..clues() },
            "kernel.apparmor_restrict_unprivileged_userns is 1",
            "profile wirestage \"/usr/bin/wirestage\"",
        );
        check(
            (Step::Unshare, libc::EPERM),
            Clues { seccomp: true, root: true, ..clues() },
            "seccomp",
            "docker run",
        );
        check((Step::Unshare, libc::EINVAL), clues(), "without user namespaces", "sudo");
        check((Step::GidMap, libc::EIO), clues(), "mapping the group", "sudo");
        check((Step::RawSocket, libc::EPERM), clues(), "cap_net_raw", "setcap");
        check(
            (Step::RawSocket, libc::EPERM),
            Clues { root: true, ..clues() },
            "Even root",
            "--cap-add=NET_RAW",
        );
        check((Step::RawSocket, libc::EAFNOSUPPORT), clues(), "CONFIG_PACKET", "modprobe");
    }
}
