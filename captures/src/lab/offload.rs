//! Makes a device send what a wire would carry.
//!
//! A virtual Ethernet device hands the kernel's shortcuts on: segments of 64 KiB, and checksums
//! that are only begun. Without checksums of its own a device has no segmentation of its own
//! either, so one switch ends both.

#![allow(unsafe_code)] // ethtool's requests are system calls.

use std::io;
use std::os::fd::AsRawFd;

use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};

/// `ETHTOOL_STXCSUM` (linux/ethtool.h): sets whether the device makes checksums.
const SET_TX_CHECKSUMS: u32 = 0x17;

/// `struct ethtool_value`.
#[repr(C)]
struct Value {
    command: u32,
    data: u32,
}

/// Turns the shortcuts of the device `name`, of the network of this thread, off.
pub(super) fn off(name: &str) -> io::Result<()> {
    let socket = socket(AddressFamily::Inet, SockType::Datagram, SockFlag::SOCK_CLOEXEC, None)?;
    let mut value = Value { command: SET_TX_CHECKSUMS, data: 0 };
    // SAFETY: all-zero bytes are a valid ifreq: an empty name and no data.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    // The last byte stays zero, which ends the name.
    let (_, places) = request.ifr_name.split_last_mut().ok_or(io::ErrorKind::InvalidInput)?;
    for (to, from) in places.iter_mut().zip(name.bytes()) {
        *to = from as libc::c_char;
    }
    request.ifr_ifru.ifru_data = (&raw mut value).cast();
    // SAFETY: the request is a whole ifreq whose data points to an ethtool_value; both outlive the
    // call, which reads them.
    let done = unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCETHTOOL as _, &raw mut request) };
    if done < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
