//! Two local networks with a router between: hosts on a switch that find each other by asking.
//!
//! ```text
//!   client ──┐                                      ┌── server
//!            ├── switch "near" ── router ── switch "far"
//!   others ──┘                                      └── others
//!     └── tap at the first host of either network, recorded
//! ```
//!
//! Everybody here is a kernel: hosts ask by ARP who has an address, and the router is one that
//! forwards. On a [link](super::link) all neighbours are told beforehand; here nobody is told.

use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use super::network::{Network, apart, running, without_ipv6};
use super::{LabError, Refusal, netlink, offload};
use crate::live::{Tap, Taps};

/// How many bits of an address all hosts of one of the networks share.
const PREFIX_BITS: u8 = 24;
/// The last byte of the router's address in either network.
const ROUTER: u8 = 254;

/// One of the two networks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Near,
    Far,
}

impl Side {
    /// Both, the near one first.
    const BOTH: [Self; 2] = [Self::Near, Self::Far];

    /// What its switch is called, and the router's device in it.
    const fn name(self) -> &'static str {
        match self {
            Self::Near => "near",
            Self::Far => "far",
        }
    }

    /// 10.0.1.1 is the first host of the near network, 10.0.2.1 that of the far one.
    const fn address(self, number: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(10, 0, self as u8 + 1, number))
    }

    /// The hardware address of a host: locally administered, and easy to tell.
    const fn mac(self, number: u8) -> netlink::Mac {
        [0x02, 0, 0, 0, self as u8 + 1, number]
    }
}

/// A host, or the router.
struct Host {
    name: String,
    address: IpAddr,
    network: Network,
}

/// The networks, until they are dropped.
pub struct Lan {
    hosts: Arc<Vec<Host>>,
}

impl Lan {
    /// Lays them inside the lab: call [`enter`](super::enter) before. Names are those of the hosts'
    /// devices, at most 15 bytes each; each network needs one host, and has room for 253.
    ///
    /// Gives the taps at the first host of each network, which see everything from now on.
    ///
    /// # Errors
    /// Where the system refuses what is needed.
    pub fn lay(near: &[&str], router: &str, far: &[&str]) -> Result<(Self, Taps), LabError> {
        let refused = |doing: &'static str| move |error: io::Error| refusal(doing, &error);
        without_ipv6().map_err(refused("setting up the lab's network"))?;
        let lab = Network::here().map_err(refused("finding the lab's network"))?;
        for side in Side::BOTH {
            let laid = netlink::switch(side.name()).and_then(|()| netlink::up(side.name(), None));
            laid.map_err(refused("making a switch"))?;
        }
        let mut hosts = Vec::new();
        let mut taps = Vec::new();
        for (side, names) in [(Side::Near, near), (Side::Far, far)] {
            for (number, name) in (1..ROUTER).zip(names) {
                let host = own().map_err(refused("creating another network"))?;
                let plugged = plug(&host, &lab, name, (side, number));
                plugged.map_err(refused("connecting a host"))?;
                let routed = host.within(|| netlink::default_route(side.address(ROUTER)));
                routed.map_err(refused("setting up a host"))?;
                if number == 1 {
                    let tap = host.within(|| Ok(Tap::open(name, None)));
                    let tap = tap.map_err(refused("entering a network"))?;
                    let tap = tap.map_err(LabError::Capture)?;
                    taps.push(tap.described(&format!("the {name}'s end of its local network")));
                }
                let (name, address) = ((*name).to_owned(), side.address(number));
                hosts.push(Host { name, address, network: host });
            }
        }
        let host = own().map_err(refused("creating another network"))?;
        for side in Side::BOTH {
            let plugged = plug(&host, &lab, side.name(), (side, ROUTER));
            plugged.map_err(refused("connecting the router"))?;
        }
        let forwards = host.within(|| fs::write("/proc/sys/net/ipv4/ip_forward", "1"));
        forwards.map_err(refused("making a router"))?;
        let (name, address) = (router.to_owned(), Side::Near.address(ROUTER));
        hosts.push(Host { name, address, network: host });
        Ok((Self { hosts: Arc::new(hosts) }, Taps::new(taps)))
    }

    /// The address of the host of that name; the router's is that in the near network.
    #[must_use]
    pub fn address(&self, name: &str) -> Option<IpAddr> {
        self.hosts.iter().find(|host| host.name == name).map(|host| host.address)
    }

    /// The router's address in the far network.
    #[must_use]
    pub const fn beyond() -> IpAddr {
        Side::Far.address(ROUTER)
    }

    /// The way in: a thread that calls it stands at that host from then on, with every socket it
    /// opens and every thread it starts.
    pub fn door(&self) -> impl Fn(&str) -> io::Result<()> + Send + Sync + 'static {
        let hosts = Arc::clone(&self.hosts);
        move |name| {
            let host = hosts.iter().find(|host| host.name == name);
            host.ok_or(io::ErrorKind::NotFound)?.network.enter()
        }
    }
}

/// A network for one host, whose devices say nothing of their own accord.
fn own() -> io::Result<Network> {
    apart(|| {
        let network = Network::new()?;
        without_ipv6()?;
        netlink::up("lo", None)?;
        Ok(network)
    })
}

/// Connects a host to the switch of a side by a device of that name.
fn plug(host: &Network, lab: &Network, name: &str, (side, number): (Side, u8)) -> io::Result<()> {
    let port = format!("{}-{number}", side.name());
    host.within(|| {
        netlink::veth(name, side.mac(number), &port, lab.file())?;
        offload::off(name)?;
        netlink::address(name, side.address(number), PREFIX_BITS)?;
        netlink::up(name, None)
    })?;
    netlink::attach(&port, side.name())?;
    netlink::up(&port, None)?;
    running(&port)
}

/// Explains why the networks cannot be laid.
fn refusal(doing: &str, error: &io::Error) -> LabError {
    let cause = format!("A local network is refused: {doing} failed ({error}).");
    let mend = match error.raw_os_error() {
        Some(libc::ENOSPC) => "sudo sysctl -w user.max_net_namespaces=15000",
        _ => "sudo modprobe bridge veth",
    };
    LabError::Refused(Refusal::new(cause, mend))
}
