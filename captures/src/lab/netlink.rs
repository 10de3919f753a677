//! Requests to the kernel's network settings, of which a lab needs eight (rtnetlink(7)).
//!
//! ```text
//!   nlmsghdr: len u32, type u16, flags u16, sequence u32, port u32
//!   a structure of the type's own, then attributes: len u16, kind u16, value padded to 4
//! ```
//!
//! A request speaks to the network of the thread that makes it. Numbers are of the machine's own
//! byte order.

use std::fs::File;
use std::io;
use std::net::IpAddr;
use std::os::fd::{AsRawFd, OwnedFd};

use nix::errno::Errno;
use nix::net::if_::if_nametoindex;
use nix::sys::socket::{
    AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, recv, send, socket,
};

/// A hardware address.
pub(super) type Mac = [u8; 6];

/// `VETH_INFO_PEER` (linux/veth.h): the other end of a pair.
const PEER: u16 = 1;
/// `IFLA_BR_MCAST_SNOOPING` (linux/if_link.h): whether a switch listens to who joins which group.
const SNOOPING: u16 = 23;

/// Makes a pair of devices: one here, the other in another network.
pub(super) fn veth(name: &str, mac: Mac, peer: &str, network: &File) -> io::Result<()> {
    let mut request = Request::new(libc::RTM_NEWLINK, libc::NLM_F_CREATE | libc::NLM_F_EXCL);
    request.interface(0, 0);
    request.text(libc::IFLA_IFNAME, name);
    request.attribute(libc::IFLA_ADDRESS, &mac);
    request.nest(libc::IFLA_LINKINFO, |info| {
        info.text(libc::IFLA_INFO_KIND, "veth");
        info.nest(libc::IFLA_INFO_DATA, |data| {
            data.nest(PEER, |other| {
                other.interface(0, 0);
                other.text(libc::IFLA_IFNAME, peer);
                other.attribute(libc::IFLA_NET_NS_FD, &network.as_raw_fd().to_ne_bytes());
            });
        });
    });
    request.send()
}

/// Makes a switch: whatever is attached to it is on one cable. It asks nobody for the groups that
/// they listen to, and so says nothing of its own accord.
pub(super) fn switch(name: &str) -> io::Result<()> {
    let mut request = Request::new(libc::RTM_NEWLINK, libc::NLM_F_CREATE | libc::NLM_F_EXCL);
    request.interface(0, 0);
    request.text(libc::IFLA_IFNAME, name);
    request.nest(libc::IFLA_LINKINFO, |info| {
        info.text(libc::IFLA_INFO_KIND, "bridge");
        info.nest(libc::IFLA_INFO_DATA, |data| data.attribute(SNOOPING, &[0]));
    });
    request.send()
}

/// Attaches a device to a switch.
pub(super) fn attach(name: &str, switch: &str) -> io::Result<()> {
    let mut request = Request::new(libc::RTM_NEWLINK, 0);
    request.interface(index(name)?, 0);
    request.attribute(libc::IFLA_MASTER, &index(switch)?.to_ne_bytes());
    request.send()
}

/// Sends whatever has no other way to this router.
pub(super) fn default_route(router: IpAddr) -> io::Result<()> {
    let mut request = Request::new(libc::RTM_NEWROUTE, libc::NLM_F_CREATE | libc::NLM_F_EXCL);
    // struct rtmsg: family, lengths of destination and source, service, table, who says so, how far
    // it reaches, type, flags.
    let (table, origin) = (libc::RT_TABLE_MAIN, libc::RTPROT_STATIC);
    let (reach, kind) = (libc::RT_SCOPE_UNIVERSE, libc::RTN_UNICAST);
    request.raw(&[family(router), 0, 0, 0, table, origin, reach, kind]);
    request.raw(&[0; 4]);
    request.attribute(libc::RTA_GATEWAY, &octets(router));
    request.send()
}

/// Brings a device up, with this longest packet.
pub(super) fn up(name: &str, mtu: Option<u16>) -> io::Result<()> {
    let up = libc::IFF_UP.cast_unsigned();
    let mut request = Request::new(libc::RTM_NEWLINK, 0);
    request.interface(index(name)?, up);
    if let Some(mtu) = mtu {
        request.attribute(libc::IFLA_MTU, &u32::from(mtu).to_ne_bytes());
    }
    request.send()
}

/// Gives a device an address; those that share its first `bits` are reached through it.
pub(super) fn address(name: &str, address: IpAddr, bits: u8) -> io::Result<()> {
    let mut request = Request::new(libc::RTM_NEWADDR, libc::NLM_F_CREATE | libc::NLM_F_EXCL);
    // struct ifaddrmsg: family, prefix length, flags, scope, index.
    request.raw(&[family(address), bits, 0, 0]);
    request.raw(&index(name)?.to_ne_bytes());
    let octets = octets(address);
    request.attribute(libc::IFA_LOCAL, &octets);
    request.attribute(libc::IFA_ADDRESS, &octets);
    request.send()
}

/// Tells a device the hardware address of a neighbour for good, so that nobody asks for it.
pub(super) fn neighbour(name: &str, address: IpAddr, mac: Mac) -> io::Result<()> {
    let mut request = Request::new(libc::RTM_NEWNEIGH, libc::NLM_F_CREATE | libc::NLM_F_REPLACE);
    // struct ndmsg: family, three bytes of padding, index, state, flags, type.
    request.raw(&[family(address), 0, 0, 0]);
    request.raw(&index(name)?.to_ne_bytes());
    request.raw(&libc::NUD_PERMANENT.to_ne_bytes());
    request.raw(&[0, 0]);
    request.attribute(libc::NDA_DST, &octets(address));
    request.attribute(libc::NDA_LLADDR, &mac);
    request.send()
}

/// The number of a device.
pub(super) fn index(name: &str) -> io::Result<u32> {
    Ok(if_nametoindex(name)?)
}

fn family(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => libc::AF_INET as u8,
        IpAddr::V6(_) => libc::AF_INET6 as u8,
    }
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    }
}

/// A request being put together.
struct Request {
    bytes: Vec<u8>,
}

impl Request {
    fn new(kind: u16, flags: i32) -> Self {
        let flags = libc::NLM_F_REQUEST | libc::NLM_F_ACK | flags;
        let mut request = Self { bytes: Vec::with_capacity(256) };
        // The length is set when it is known.
        request.raw(&0_u32.to_ne_bytes());
        request.raw(&kind.to_ne_bytes());
        request.raw(&(flags as u16).to_ne_bytes());
        request.raw(&[0; 8]);
        request
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// struct ifinfomsg: family, padding, type, index, flags, and which flags change.
    fn interface(&mut self, index: u32, flags: u32) {
        self.raw(&[0; 4]);
        self.raw(&index.to_ne_bytes());
        self.raw(&flags.to_ne_bytes());
        self.raw(&flags.to_ne_bytes());
    }

    fn attribute(&mut self, kind: u16, value: &[u8]) {
        self.nest(kind, |inner| inner.raw(value));
    }

    /// Text, which ends with a zero.
    fn text(&mut self, kind: u16, value: &str) {
        self.nest(kind, |inner| {
            inner.raw(value.as_bytes());
            inner.raw(&[0]);
        });
    }

    /// An attribute with whatever `fill` puts into it.
    fn nest(&mut self, kind: u16, fill: impl FnOnce(&mut Self)) {
        let start = self.bytes.len();
        self.raw(&[0; 2]);
        self.raw(&kind.to_ne_bytes());
        fill(self);
        let len = (self.bytes.len() - start) as u16;
        self.put(start, &len.to_ne_bytes());
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }

    fn put(&mut self, at: usize, bytes: &[u8]) {
        if let Some(place) = self.bytes.get_mut(at..at + bytes.len()) {
            place.copy_from_slice(bytes);
        }
    }

    /// Makes the request and waits for what the kernel says to it.
    fn send(mut self) -> io::Result<()> {
        let len = self.bytes.len() as u32;
        self.put(0, &len.to_ne_bytes());
        let socket: OwnedFd = socket(
            AddressFamily::Netlink,
            SockType::Raw,
            SockFlag::SOCK_CLOEXEC,
            SockProtocol::NetlinkRoute,
        )?;
        send(socket.as_raw_fd(), &self.bytes, MsgFlags::empty())?;
        let mut answer = [0; 4096];
        let len = recv(socket.as_raw_fd(), &mut answer, MsgFlags::empty())?;
        // struct nlmsgerr behind the header: zero, or an error number below it.
        let code = answer.get(..len).and_then(|answer| answer.get(16..20));
        let code = code.and_then(|code| code.try_into().ok()).map(i32::from_ne_bytes);
        match code {
            Some(0) => Ok(()),
            Some(error) => Err(Errno::from_raw(-error).into()),
            None => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_say_how_long_they_are_and_are_padded() {
        let mut request = Request { bytes: Vec::new() };
        request.nest(7, |outer| {
            outer.text(3, "ab");
            outer.attribute(4, &[1, 2, 3, 4]);
        });
        let mut expected = Vec::new();
        for part in [20_u16, 7, 7, 3] {
            expected.extend_from_slice(&part.to_ne_bytes());
        }
        expected.extend_from_slice(b"ab\0\0");
        for part in [8_u16, 4] {
            expected.extend_from_slice(&part.to_ne_bytes());
        }
        expected.extend_from_slice(&[1, 2, 3, 4]);
        assert_eq!(request.bytes, expected);
    }
}
