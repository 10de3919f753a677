//! The steps into a private network, in plain system calls.
//!
//! [`run`] is called by a process that was just started and by a forked child of one that has
//! threads. The latter may neither allocate nor lock, so nothing here does: all text is made
//! before, in [`Maps::new`].

#![allow(unsafe_code)] // System calls between fork and exit, and the ioctl that brings lo up.

use std::ffi::CStr;
use std::io::Write as _;

/// The step that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Step {
    Unshare = 1,
    SetGroups,
    UidMap,
    GidMap,
    Loopback,
    RawSocket,
}

impl Step {
    const ALL: [Self; 6] = [
        Self::Unshare,
        Self::SetGroups,
        Self::UidMap,
        Self::GidMap,
        Self::Loopback,
        Self::RawSocket,
    ];

    /// The step with this number.
    pub(super) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|&step| step as u8 == number)
    }

    /// What it does, in words.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Unshare => "creating a user and network namespace",
            Self::SetGroups => "giving up supplementary groups in the namespace",
            Self::UidMap => "mapping the user into the namespace",
            Self::GidMap => "mapping the group into the namespace",
            Self::Loopback => "bringing up the namespace's loopback interface",
            Self::RawSocket => "opening a raw socket",
        }
    }
}

/// A step and the error number it failed with.
pub(super) type Failed = (Step, i32);

/// The lines for `uid_map` and `gid_map`: who we are inside.
pub(super) struct Maps {
    uid: Line,
    gid: Line,
    /// Outside, too: then a network namespace alone will do.
    root: bool,
}

impl Maps {
    /// Root. Call this before forking, and before entering a namespace changes who we are.
    pub(super) fn new() -> Self {
        let (uid, gid) = (nix::unistd::geteuid(), nix::unistd::getegid());
        let root = uid.is_root();
        Self { uid: Line::map(0, uid.as_raw()), gid: Line::map(0, gid.as_raw()), root }
    }

    /// The same user as outside, who may do there what root may until another program is started.
    pub(super) fn oneself() -> Self {
        let (uid, gid) = (nix::unistd::geteuid(), nix::unistd::getegid());
        let root = uid.is_root();
        let (uid, gid) = (uid.as_raw(), gid.as_raw());
        Self { uid: Line::map(uid, uid), gid: Line::map(gid, gid), root }
    }
}

/// A short line of text on the stack.
struct Line {
    bytes: [u8; 24],
    len: usize,
}

impl Line {
    /// `INSIDE OUTSIDE 1`: one id.
    fn map(inside: u32, outside: u32) -> Self {
        let mut bytes = [0; 24];
        let mut rest = &mut bytes[..];
        // Two numbers of ten digits, two spaces and a digit are 23 bytes, so this always fits.
        let _ = write!(rest, "{inside} {outside} 1");
        let len = 24 - rest.len();
        Self { bytes, len }
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

/// Enters a private user and network namespace and brings its `lo` up.
pub(super) fn run(maps: &Maps) -> Result<(), Failed> {
    // SAFETY: unshare takes flags only and touches no memory of ours.
    if unsafe { libc::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNET) } == 0 {
        match write(c"/proc/self/setgroups", b"deny") {
            // Kernels before 3.19 do not have this file and do not ask for it.
            Ok(()) | Err(libc::ENOENT) => {}
            Err(error) => return Err((Step::SetGroups, error)),
        }
        write(c"/proc/self/uid_map", maps.uid.as_bytes()).map_err(|e| (Step::UidMap, e))?;
        write(c"/proc/self/gid_map", maps.gid.as_bytes()).map_err(|e| (Step::GidMap, e))?;
    } else {
        let error = errno();
        // SAFETY: as above. Root needs no user namespace to have a network of its own.
        if !maps.root || unsafe { libc::unshare(libc::CLONE_NEWNET) } != 0 {
            return Err((Step::Unshare, error));
        }
    }
    loopback_up().map_err(|error| (Step::Loopback, error))
}

/// Opens a raw socket and closes it: what libpcap needs.
pub(super) fn raw_socket() -> Result<(), Failed> {
    let every_protocol = (libc::ETH_P_ALL as u16).to_be();
    // SAFETY: socket takes numbers only.
    let socket = unsafe {
        libc::socket(
            libc::AF_PACKET,
            libc::SOCK_RAW | libc::SOCK_CLOEXEC,
            i32::from(every_protocol),
        )
    };
    if socket < 0 {
        return Err((Step::RawSocket, errno()));
    }
    // SAFETY: the descriptor was opened above and is used nowhere else.
    unsafe { libc::close(socket) };
    Ok(())
}

/// Sets the flag that brings `lo` up.
fn loopback_up() -> Result<(), i32> {
    // SAFETY: socket takes numbers only.
    let socket = unsafe { libc::socket(libc::AF_INET, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, 0) };
    if socket < 0 {
        return Err(errno());
    }
    // SAFETY: all-zero bytes are a valid ifreq: an empty name and no flags.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(b"lo") {
        *to = *from as libc::c_char;
    }
    // SAFETY: both calls get a valid ifreq whose name ends with a zero; the first fills the
    // flags, which are then the active field of the union and are what the second reads.
    let result = unsafe {
        if libc::ioctl(socket, libc::SIOCGIFFLAGS as _, &raw mut request) < 0 {
            Err(errno())
        } else {
            request.ifr_ifru.ifru_flags |= libc::IFF_UP as libc::c_short;
            if libc::ioctl(socket, libc::SIOCSIFFLAGS as _, &raw const request) < 0 {
                Err(errno())
            } else {
                Ok(())
            }
        }
    };
    // SAFETY: the descriptor was opened above and is used nowhere else.
    unsafe { libc::close(socket) };
    result
}

/// Writes all of `bytes` to a file of the kernel, which takes them in one call or not at all.
fn write(path: &CStr, bytes: &[u8]) -> Result<(), i32> {
    // SAFETY: the path ends with a zero; open keeps nothing of it.
    let file = unsafe { libc::open(path.as_ptr(), libc::O_WRONLY | libc::O_CLOEXEC) };
    if file < 0 {
        return Err(errno());
    }
    // SAFETY: pointer and length are those of one slice, which write only reads.
    let written = unsafe { libc::write(file, bytes.as_ptr().cast(), bytes.len()) };
    let error = errno();
    // SAFETY: the descriptor was opened above and is used nowhere else.
    unsafe { libc::close(file) };
    if written == bytes.len() as isize { Ok(()) } else { Err(error) }
}

/// The number of the last error of this thread.
fn errno() -> i32 {
    nix::errno::Errno::last_raw()
}
