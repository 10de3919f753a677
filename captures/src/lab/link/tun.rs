//! A TUN device: an interface whose cable is a file. What the kernel sends is read from it, what
//! is written to it the kernel receives (linux/Documentation/networking/tuntap.rst).

#![allow(unsafe_code)] // The device is asked for by a system call.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The file behind which TUN devices are had.
pub(super) const PATH: &str = "/dev/net/tun";

/// Whether TUN devices may be made here. Where the file belongs to root alone, an ordinary user
/// may not, however many rights it has in namespaces of its own.
pub(super) fn is_open() -> bool {
    OpenOptions::new().read(true).write(true).open(Path::new(PATH)).is_ok()
}

/// Makes a TUN device called `name` in the network of this thread, which must be at most 15 bytes
/// long. Reading gives whole IP packets, and never waits.
pub(super) fn open(name: &str) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let device = options.read(true).write(true).custom_flags(libc::O_NONBLOCK).open(PATH)?;
    // SAFETY: all-zero bytes are a valid ifreq: an empty name and no flags.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    // The last byte stays zero, which ends the name.
    let (_, places) = request.ifr_name.split_last_mut().ok_or(io::ErrorKind::InvalidInput)?;
    for (to, from) in places.iter_mut().zip(name.bytes()) {
        *to = from as libc::c_char;
    }
    request.ifr_ifru.ifru_flags = (libc::IFF_TUN | libc::IFF_NO_PI) as libc::c_short;
    // SAFETY: the request is a whole ifreq that outlives the call; the kernel reads its name and
    // flags, and writes the name it chose.
    let done = unsafe { libc::ioctl(device.as_raw_fd(), libc::TUNSETIFF as _, &raw mut request) };
    if done < 0 { Err(io::Error::last_os_error()) } else { Ok(device) }
}
