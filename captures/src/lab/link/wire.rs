//! A link that is laid: two networks, a device in each, and the forwarder between them.
//!
//! ```text
//!   network of the clients          the lab's network           network of the servers
//!   sockets ─ "client" (TUN) ───────── forwarder ─────────── "server" (TUN) ─ sockets
//!                └── tap, recorded     delay, loss, ...          └── tap, recorded
//! ```
//!
//! Where TUN devices are not to be had, each side gets one device of a virtual Ethernet pair, and
//! the forwarder reads and writes the other.

use std::io::{self, PipeWriter};
use std::net::IpAddr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::end::End;
use super::forward::{Activity, Forwarder};
use super::queue::Queue;
use super::settings::Link;
use super::side::{PREFIX_BITS, Side};
use super::tun;
use crate::lab::network::{Network, apart, running, without_ipv6};
use crate::lab::{LabError, Refusal, netlink, offload};
use crate::live::{Feed, Tap, Taps};

/// The environment variable that chooses the devices: `tun` or `veth`.
pub const DEVICES_VARIABLE: &str = "WIRESTAGE_LINK";

/// How long a link must have been quiet before nothing more is expected: TCP sends again after
/// 200 ms and a round trip at the earliest (Linux; RFC 6298 would have it wait a second).
const RETRY: Duration = Duration::from_millis(300);
/// The same where nothing gets lost: the time in which a kernel answers.
const ANSWER: Duration = Duration::from_millis(20);
/// So long, and two round trips, the link is given to become quiet.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// What the link is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Devices {
    /// TUN devices: bare IP packets.
    Tun,
    /// Virtual Ethernet pairs: Ethernet frames.
    Veth,
}

impl Devices {
    /// The devices that can be had here.
    #[must_use]
    pub fn here() -> Self {
        match std::env::var(DEVICES_VARIABLE).as_deref() {
            Ok("veth") => Self::Veth,
            Ok("tun") => Self::Tun,
            _ if tun::is_open() => Self::Tun,
            _ => Self::Veth,
        }
    }

    /// The word for them.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tun => "tun",
            Self::Veth => "veth",
        }
    }
}

/// A link that carries packets, until it is dropped.
pub struct Wire {
    networks: Arc<[Network; 2]>,
    activity: Activity,
    /// So long nothing may pass before it is over.
    quiet: Duration,
    /// So long that is waited for.
    longest: Duration,
    devices: Devices,
    forwarder: Option<(PipeWriter, JoinHandle<()>)>,
}

impl Wire {
    /// Lays a link inside the lab: call [`enter`](crate::lab::enter) before. `hosts` are the
    /// addresses of each side, the client's first. What befalls packets is told to `feed`.
    ///
    /// Gives the taps on both ends, which see everything from now on.
    ///
    /// # Errors
    /// Where the system refuses what is needed.
    pub fn lay(link: &Link, hosts: [&[IpAddr]; 2], feed: &Feed) -> Result<(Self, Taps), LabError> {
        let devices = Devices::here();
        let refused = |doing: &'static str| move |error: io::Error| refusal(devices, doing, &error);
        without_ipv6().map_err(refused("setting up the lab's network"))?;
        let lab = Network::here().map_err(refused("finding the lab's network"))?;
        let mut networks = Vec::new();
        let mut ends = Vec::new();
        let mut taps = Vec::new();
        for side in Side::BOTH {
            let network = apart(Network::new).map_err(refused("creating another network"))?;
            let end = device(&network, &lab, (side, devices), link);
            let end = end.map_err(refused("making a device"))?;
            network
                .within(|| dress(side, devices, link, hosts))
                .map_err(refused("setting up a device"))?;
            let tap = network.within(|| Ok(Tap::open(side.name(), None)));
            let tap = tap.map_err(refused("entering a network"))?.map_err(LabError::Capture)?;
            taps.push(tap.described(&format!("the {}'s end of the link", side.name())));
            networks.push(network);
            ends.push(end);
        }
        let [_, servers] = hosts;
        let among = networks.get(Side::Server.index()).filter(|_| servers.len() > 1);
        if let Some(network) = among {
            // What servers say to each other never gets to the link.
            let tap = network.within(|| Ok(Tap::open("lo", None)));
            let tap = tap.map_err(refused("entering a network"))?.map_err(LabError::Capture)?;
            taps.push(tap.described("between the servers"));
        }
        if devices == Devices::Veth {
            for side in Side::BOTH {
                running(&format!("to-{}", side.name())).map_err(refused("waiting for a device"))?;
            }
        }
        let (Ok(networks), Ok(ends)) = (<[_; 2]>::try_from(networks), <[_; 2]>::try_from(ends))
        else {
            return Err(refusal(devices, "laying the link", &io::ErrorKind::Other.into()));
        };
        let (stop, stopping) = io::pipe().map_err(refused("making a pipe"))?;
        let activity = Activity::new();
        let queue = Queue::new(link.clone());
        let forwarder =
            Forwarder { ends, queue, activity: activity.clone(), feed: feed.clone(), stop };
        let thread = thread::Builder::new().name("link".into()).spawn(|| forwarder.run());
        let thread = thread.map_err(refused("starting a thread"))?;
        // An answer to what came last may take a whole round trip to begin its way.
        let margin = if link.loses() { link.rtt + RETRY } else { ANSWER };
        let wire = Self {
            networks: Arc::new(networks),
            activity,
            quiet: link.jitter + margin,
            longest: LONGEST_WAIT + 2 * (link.rtt + link.jitter),
            devices,
            forwarder: Some((stopping, thread)),
        };
        Ok((wire, Taps::new(taps)))
    }

    /// What it is made of.
    #[must_use]
    pub const fn devices(&self) -> Devices {
        self.devices
    }

    /// The way in: a thread that calls it stands on that side from then on, with every socket it
    /// opens and every thread it starts.
    pub fn door(&self) -> impl Fn(Side) -> io::Result<()> + Send + Sync + 'static {
        let networks = Arc::clone(&self.networks);
        move |side| {
            let [client, server] = &*networks;
            match side {
                Side::Client => client.enter(),
                Side::Server => server.enter(),
            }
        }
    }

    /// Waits until nothing is on its way any more, and nothing more is to be expected: the last
    /// acknowledgement is still on its way when both programs have ended.
    pub fn settle(&self) {
        let start = Instant::now();
        while start.elapsed() < self.longest {
            let missing = self.quiet.saturating_sub(self.activity.quiet());
            if missing.is_zero() {
                return;
            }
            thread::sleep(missing);
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if let Some((stopping, thread)) = self.forwarder.take() {
            drop(stopping);
            // One that broke down has carried nothing since, and the scenario failed with it.
            let _ = thread.join();
        }
    }
}

/// Makes the device of a side in its network, and what the forwarder has of it in the lab's.
fn device(
    network: &Network,
    lab: &Network,
    (side, devices): (Side, Devices),
    link: &Link,
) -> io::Result<End> {
    match devices {
        Devices::Tun => network.within(|| {
            without_ipv6()?;
            tun::open(side.name()).map(End::Tun)
        }),
        Devices::Veth => {
            let near = format!("to-{}", side.name());
            network.within(|| {
                without_ipv6()?;
                netlink::veth(side.name(), mac(side), &near, lab.file())?;
                offload::off(side.name())
            })?;
            netlink::up(&near, Some(link.mtu))?;
            End::veth(&near, link.mtu)
        }
    }
}

/// Gives the device of a side, in the network of this thread, its addresses and its neighbours.
fn dress(side: Side, devices: Devices, link: &Link, hosts: [&[IpAddr]; 2]) -> io::Result<()> {
    netlink::up("lo", None)?;
    let name = side.name();
    let [clients, servers] = hosts;
    let (own, others) = match side {
        Side::Client => (clients, servers),
        Side::Server => (servers, clients),
    };
    for host in own {
        netlink::address(name, *host, PREFIX_BITS)?;
    }
    netlink::up(name, Some(link.mtu))?;
    if devices == Devices::Veth {
        for host in others {
            netlink::neighbour(name, *host, mac(side.other()))?;
        }
    }
    Ok(())
}

/// The hardware address of a side: locally administered, and easy to tell.
const fn mac(side: Side) -> netlink::Mac {
    [0x02, 0, 0, 0, 0, side as u8 + 1]
}

/// Explains why a link cannot be laid.
fn refusal(devices: Devices, doing: &str, error: &io::Error) -> LabError {
    let cause = format!("The link between client and server is refused: {doing} failed ({error}).");
    let mend = match (error.raw_os_error(), devices) {
        (Some(libc::ENOSPC), _) => "sudo sysctl -w user.max_net_namespaces=15000",
        (_, Devices::Tun) => "sudo modprobe tun, or set WIRESTAGE_LINK=veth",
        (_, Devices::Veth) => "sudo modprobe veth tun && sudo chmod 666 /dev/net/tun",
    };
    LabError::Refused(Refusal::new(cause, mend))
}
