//! A tunnel that is a program: what a TUN device gives goes to the other end in UDP.

#![allow(unsafe_code)] // The device is asked for by a system call.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::net::UdpSocket;
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::thread;

/// The port of both ends, which no tunnel that the program knows has.
const PORT: u16 = 7_000;

/// `struct ifreq`: the name of a device, then its flags in a union of 24 bytes.
#[repr(C)]
struct Request {
    name: [u8; 16],
    flags: libc::c_short,
    rest: [u8; 22],
}

/// Makes the device `inner`, and carries its packets from one outer address to the other.
pub(super) fn open(own: &str, other: &str) -> Result<(), String> {
    let device = OpenOptions::new().read(true).write(true).open("/dev/net/tun");
    let device = device.map_err(|error| format!("/dev/net/tun: {error}"))?;
    let mut request =
        Request { name: [0; 16], flags: (libc::IFF_TUN | libc::IFF_NO_PI) as _, rest: [0; 22] };
    request.name[..5].copy_from_slice(b"inner");
    // SAFETY: the request is as long as the kernel's `struct ifreq`, and outlives the call.
    let done = unsafe { libc::ioctl(device.as_raw_fd(), libc::TUNSETIFF as _, &raw mut request) };
    if done < 0 {
        return Err(format!("a TUN device: {}", std::io::Error::last_os_error()));
    }
    let socket = UdpSocket::bind((own, PORT)).map_err(|error| error.to_string())?;
    socket.connect((other, PORT)).map_err(|error| error.to_string())?;
    carry(device, socket);
    Ok(())
}

/// Both ways, for as long as the process lives.
fn carry(device: File, socket: UdpSocket) {
    let (device, socket) = (Arc::new(device), Arc::new(socket));
    let (to, from) = (Arc::clone(&socket), Arc::clone(&device));
    thread::spawn(move || {
        let mut packet = [0; 2_000];
        while let Ok(len) = (&*from).read(&mut packet) {
            // Where nobody listens yet, a packet is lost and sent again.
            let _ = to.send(&packet[..len]);
        }
    });
    thread::spawn(move || {
        let mut packet = [0; 2_000];
        loop {
            if let Ok(len) = socket.recv(&mut packet) {
                let _ = (&*device).write(&packet[..len]);
            }
        }
    });
}
