//! Networks inside the lab, which threads enter before they open sockets.
//!
//! A socket belongs to the network of the thread that opened it, for as long as it lives. So a
//! network is made by a thread that leaves the lab's own for a new one; later threads enter it.

use std::fs::{self, File};
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use nix::ifaddrs::getifaddrs;
use nix::net::if_::InterfaceFlags;
use nix::sched::{CloneFlags, setns, unshare};

/// How long a device may take to come up. It takes microseconds, and a busy machine longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A network that threads can enter.
pub(super) struct Network(File);

impl Network {
    /// Leaves the network that this thread is in for a new and empty one.
    pub(super) fn new() -> io::Result<Self> {
        unshare(CloneFlags::CLONE_NEWNET)?;
        Self::here()
    }

    /// The network that this thread is in.
    pub(super) fn here() -> io::Result<Self> {
        File::open("/proc/thread-self/ns/net").map(Self)
    }

    /// Makes this thread's later sockets belong to it.
    pub(super) fn enter(&self) -> io::Result<()> {
        Ok(setns(&self.0, CloneFlags::CLONE_NEWNET)?)
    }

    /// Does something inside it, so that this thread stays in its own network.
    pub(super) fn within<T: Send>(
        &self,
        act: impl FnOnce() -> io::Result<T> + Send,
    ) -> io::Result<T> {
        apart(|| {
            self.enter()?;
            act()
        })
    }

    /// The file by which the kernel knows it.
    pub(super) const fn file(&self) -> &File {
        &self.0
    }
}

/// Does something in a thread of its own, so that this one stays in its network.
pub(super) fn apart<T: Send>(act: impl FnOnce() -> io::Result<T> + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().spawn_scoped(scope, act)?;
        thread.join().unwrap_or_else(|_| Err(io::Error::other("the thread broke down")))
    })
}

/// Keeps devices that are made later from announcing themselves over IPv6, which nobody asked for
/// and which would count among the packets of the scenario.
pub(super) fn without_ipv6() -> io::Result<()> {
    match fs::write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1") {
        // This kernel has no IPv6, or this system shows the setting and does not let it change.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Waits until a device carries packets.
pub(super) fn running(name: &str) -> io::Result<()> {
    let start = Instant::now();
    loop {
        let mut devices = getifaddrs()?;
        let is_running = |flags: InterfaceFlags| flags.contains(InterfaceFlags::IFF_RUNNING);
        if devices.any(|one| one.interface_name == name && is_running(one.flags)) {
            return Ok(());
        }
        if start.elapsed() > PATIENCE {
            return Err(io::ErrorKind::TimedOut.into());
        }
        thread::sleep(Duration::from_millis(1));
    }
}
