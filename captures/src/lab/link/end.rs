//! The end of a side's cable, as the forwarder holds it: frames come out of it and go into it.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};

use pcap::{Active, Capture, Direction};

/// How much the ring of a virtual Ethernet device holds while the forwarder is busy: more than
/// the largest window that TCP opens within the scenarios' time.
const RING_BYTES: i32 = 16 << 20;
/// The length of an Ethernet header.
const ETHERNET: usize = 14;

/// One end.
pub(super) enum End {
    /// Whole IP packets, out of a TUN device.
    Tun(File),
    /// Ethernet frames, out of the near device of a pair.
    Veth(Box<Capture<Active>>),
}

impl End {
    /// The end of a pair whose near device, in the network of this thread, is `name`.
    pub(super) fn veth(name: &str, mtu: u16) -> io::Result<Self> {
        let open = || {
            let capture = Capture::from_device(name)?
                .immediate_mode(true)
                .buffer_size(RING_BYTES)
                .snaplen(i32::from(mtu) + ETHERNET as i32)
                .open()?
                .setnonblock()?;
            // What the forwarder itself sends is not to come back.
            capture.direction(Direction::In)?;
            Ok(capture)
        };
        open().map(|capture| Self::Veth(Box::new(capture))).map_err(of_pcap)
    }

    /// Where its IP packets start.
    pub(super) const fn header(&self) -> usize {
        match self {
            Self::Tun(_) => 0,
            Self::Veth(_) => ETHERNET,
        }
    }

    /// Reads a frame, if one is there.
    pub(super) fn read(&mut self, into: &mut Vec<u8>) -> io::Result<bool> {
        into.clear();
        match self {
            Self::Tun(file) => {
                into.resize(usize::from(u16::MAX), 0);
                match file.read(into) {
                    Ok(len) => {
                        into.truncate(len);
                        Ok(len > 0)
                    }
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
                    Err(error) => Err(error),
                }
            }
            Self::Veth(capture) => match capture.next_packet() {
                Ok(packet) => {
                    into.extend_from_slice(packet.data);
                    Ok(true)
                }
                Err(pcap::Error::TimeoutExpired | pcap::Error::NoMorePackets) => Ok(false),
                Err(error) => Err(of_pcap(error)),
            },
        }
    }

    /// Writes a frame.
    pub(super) fn write(&mut self, frame: &[u8]) -> io::Result<()> {
        match self {
            Self::Tun(file) => file.write_all(frame),
            Self::Veth(capture) => capture.sendpacket(frame).map_err(of_pcap),
        }
    }
}

impl AsFd for End {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Tun(file) => file.as_fd(),
            Self::Veth(capture) => capture.as_fd(),
        }
    }
}

fn of_pcap(error: pcap::Error) -> io::Error {
    io::Error::other(error)
}
