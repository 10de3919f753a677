//! Packets out of an interface, with libpcap.
//!
//! The settings were measured on a loopback of 870,000 packets a second without loss: libpcap's
//! immediate mode drops from 20,000 a second on, so packets come in blocks that are at most
//! 10 ms old. On a quiet interface libpcap's own reading waits forever, whatever its timeout
//! says; therefore we wait ourselves and read without waiting.

use std::borrow::Cow;
use std::ops::Range;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use nix::errno::Errno;
use nix::ifaddrs::getifaddrs;
use nix::net::if_::InterfaceFlags;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::setsockopt;
use nix::{setsockopt_impl, sockopt_impl};
use pcap::{Active, Capture, Precision};
use wirestage_dissectors::ids::Time;

use crate::read::interface::normal_link;
use crate::write::NewInterface;

/// How old the packets of a block may get before the kernel hands it over, in milliseconds.
const PATIENCE_MS: u16 = 10;
/// The same, as a time. A packet sent before a moment has arrived two of these later.
pub(super) const PATIENCE: Duration = Duration::from_millis(PATIENCE_MS as u64);
/// The ring between kernel and us: a quarter of a second of 64 KiB frames at full speed.
const RING_BYTES: i32 = 64 << 20;
/// The longest frame that is kept; loopback frames reach 65,549 bytes.
const SNAP_LEN: u32 = 262_144;
/// How many packets are taken out of the ring before they are written.
const BATCH: usize = 4096;

sockopt_impl!(
    /// Keeps packets on their way out from a packet socket (`linux/if_packet.h`). On loopback a
    /// packet passes twice, on its way out and in; libpcap leaves the first out only when it is
    /// read, and until then it takes room in the ring that the next packets need.
    IgnoreOutgoing,
    SetOnly,
    nix::libc::SOL_PACKET,
    PACKET_IGNORE_OUTGOING,
    bool
);

/// Its number, which the `libc` crate does not have.
const PACKET_IGNORE_OUTGOING: i32 = 23;

/// Why live traffic cannot be recorded: the cause as it is displayed, and what mends it apart.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The interface cannot be listened on.
    #[error("{interface} cannot be captured: {cause}")]
    Open {
        /// The interface's name.
        interface: String,
        /// What libpcap said.
        cause: pcap::Error,
    },
    /// There is no such interface.
    #[error("there is no interface {interface} here")]
    NoInterface {
        /// The name that was asked for.
        interface: String,
        /// The names there are.
        known: String,
    },
    /// The filter is not in tcpdump's language.
    #[error("the capture filter `{filter}` is refused: {cause}")]
    Filter {
        /// The filter.
        filter: String,
        /// What libpcap said.
        cause: pcap::Error,
    },
    /// Reading failed while capturing.
    #[error("capturing stopped: {0}")]
    Read(String),
    /// What was captured could not be written.
    #[error("the recording could not be written: {0}")]
    Write(#[from] std::io::Error),
}

impl CaptureError {
    /// What to type or to do about it.
    #[must_use]
    pub fn mend(&self) -> Cow<'static, str> {
        match self {
            Self::Open { .. } => "capturing needs the capability cap_net_raw; wirestage doctor \
                                  says what is possible here and how to allow more"
                .into(),
            Self::NoInterface { known, .. } => format!("there are: {known}").into(),
            Self::Filter { .. } => "it is written in tcpdump's language, for example \
                                    `tcp port 443`; see `man pcap-filter`"
                .into(),
            Self::Read(_) => {
                "what was recorded before is kept: look at it, and record again".into()
            }
            Self::Write(_) => "what was written before is kept: make room, and record again".into(),
        }
    }
}

/// Where packets come from: a tap, or a test.
pub trait Source {
    /// What the recording says about its interfaces.
    fn interfaces(&self) -> Vec<NewInterface>;

    /// Adds the packets that have come to `batch`; waits up to 10 ms for the first of them.
    ///
    /// # Errors
    /// Where an interface is gone.
    fn read(&mut self, batch: &mut Batch) -> Result<(), CaptureError>;

    /// How many packets of each interface were lost for want of room.
    fn dropped(&mut self) -> Vec<u64>;

    /// How many waits of 10 ms it holds packets back.
    fn lag(&self) -> u32 {
        0
    }
}

/// Packets copied out of the ring.
#[derive(Default)]
pub struct Batch {
    bytes: Vec<u8>,
    packets: Vec<Packet>,
}

/// One of them: where it was seen, and where its bytes are.
struct Packet {
    interface: u32,
    time: Time,
    wire_len: u32,
    bytes: Range<usize>,
}

impl Batch {
    /// Adds a packet that the source's interface of that number saw.
    pub fn push(&mut self, interface: u32, time: Time, wire_len: u32, bytes: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.packets.push(Packet { interface, time, wire_len, bytes: start..self.bytes.len() });
    }

    /// Forgets them all, and keeps the room.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.packets.clear();
    }

    /// The packets in the order they came: interface, time, length on the wire, bytes.
    pub fn iter(&self) -> impl Iterator<Item = (u32, Time, u32, &[u8])> {
        self.packets.iter().map(|packet| {
            let bytes = self.bytes.get(packet.bytes.clone()).unwrap_or_default();
            (packet.interface, packet.time, packet.wire_len, bytes)
        })
    }

    /// Moves the packets that are older than `until` into another batch, the oldest first. Of
    /// equal times the order stays.
    pub(super) fn release(&mut self, until: Time, into: &mut Self) {
        self.packets.sort_by_key(|packet| packet.time);
        let older = self.packets.partition_point(|packet| packet.time < until);
        for packet in self.packets.drain(..older) {
            let bytes = self.bytes.get(packet.bytes).unwrap_or_default();
            into.push(packet.interface, packet.time, packet.wire_len, bytes);
        }
        if self.packets.is_empty() {
            self.bytes.clear();
        } else if older > 0 {
            let mut left = Self::default();
            for (interface, time, wire_len, bytes) in self.iter() {
                left.push(interface, time, wire_len, bytes);
            }
            *self = left;
        }
    }

    /// The time of the last packet.
    pub(super) fn last(&self) -> Option<Time> {
        self.packets.last().map(|packet| packet.time)
    }
}

/// A tap on a network interface.
pub struct Tap {
    capture: Capture<Active>,
    interface: NewInterface,
}

impl Tap {
    /// Listens on `interface`; with `filter`, only to what that lets through. Everything sent
    /// after this returns is recorded.
    ///
    /// # Errors
    /// Where that is not allowed, or there is no such interface, or the filter is wrong.
    pub fn open(interface: &str, filter: Option<&str>) -> Result<Self, CaptureError> {
        let open = |cause| match known_interfaces() {
            Some(known) if !known.iter().any(|name| name == interface) => {
                let known = known.join(", ");
                CaptureError::NoInterface { interface: interface.to_string(), known }
            }
            _ => CaptureError::Open { interface: interface.to_string(), cause },
        };
        let mut capture = Capture::from_device(interface)
            .map_err(open)?
            .immediate_mode(false)
            .timeout(i32::from(PATIENCE_MS))
            .buffer_size(RING_BYTES)
            .snaplen(SNAP_LEN as i32)
            .precision(Precision::Nano)
            .open()
            .and_then(Capture::setnonblock)
            .map_err(open)?;
        if let Some(filter) = filter {
            capture
                .filter(filter, true)
                .map_err(|cause| CaptureError::Filter { filter: filter.to_string(), cause })?;
        }
        if is_loopback(interface) {
            // A kernel before Linux 4.20 does not know it: the ring then holds half as much.
            let _ = setsockopt(&capture, IgnoreOutgoing, &true);
        }
        let interface = NewInterface {
            name: interface.to_string(),
            description: String::new(),
            link: normal_link(capture.get_datalink().0 as u16),
            snap_len: SNAP_LEN,
            filter: filter.unwrap_or_default().to_string(),
        };
        Ok(Self { capture, interface })
    }

    /// With a longer description for the recording.
    #[must_use]
    pub fn described(mut self, description: &str) -> Self {
        self.interface.description = description.to_string();
        self
    }

    /// What to wait on.
    pub(super) fn descriptor(&self) -> BorrowedFd<'_> {
        self.capture.as_fd()
    }

    /// Adds the packets that have come, without waiting, as those of interface `number`.
    pub(super) fn take(&mut self, number: u32, batch: &mut Batch) -> Result<(), CaptureError> {
        let taken = self.capture.dispatch(Some(BATCH), |packet| {
            // With nanosecond precision, libpcap puts nanoseconds where microseconds were.
            let (seconds, nanos) = (packet.header.ts.tv_sec, packet.header.ts.tv_usec);
            let time = Time(seconds.saturating_mul(1_000_000_000).saturating_add(nanos));
            batch.push(number, time, packet.header.len, packet.data);
        });
        match taken {
            Ok(_) | Err(pcap::Error::TimeoutExpired) => Ok(()),
            Err(error) => Err(CaptureError::Read(error.to_string())),
        }
    }
}

impl Source for Tap {
    fn interfaces(&self) -> Vec<NewInterface> {
        vec![self.interface.clone()]
    }

    fn read(&mut self, batch: &mut Batch) -> Result<(), CaptureError> {
        wait([self.descriptor()])?;
        self.take(0, batch)
    }

    fn dropped(&mut self) -> Vec<u64> {
        // The count of received packets is not shown: on loopback it counts each one twice.
        vec![self.capture.stats().map_or(0, |s| u64::from(s.dropped) + u64::from(s.if_dropped))]
    }
}

/// Whether what is sent on this interface comes back on it.
fn is_loopback(interface: &str) -> bool {
    getifaddrs().is_ok_and(|mut all| {
        all.any(|one| {
            one.interface_name == interface && one.flags.contains(InterfaceFlags::IFF_LOOPBACK)
        })
    })
}

/// The names of the interfaces that libpcap knows.
fn known_interfaces() -> Option<Vec<String>> {
    let devices = pcap::Device::list().ok().filter(|devices| !devices.is_empty())?;
    Some(devices.into_iter().map(|device| device.name).collect())
}

/// Waits until there is something to read from one of these, or [`PATIENCE`] is over.
pub(super) fn wait<'a>(
    descriptors: impl IntoIterator<Item = BorrowedFd<'a>>,
) -> Result<(), CaptureError> {
    let polled = |descriptor| PollFd::new(descriptor, PollFlags::POLLIN);
    let mut polled: Vec<_> = descriptors.into_iter().map(polled).collect();
    match poll(&mut polled, PollTimeout::from(PATIENCE_MS)) {
        Ok(_) | Err(Errno::EINTR) => Ok(()),
        Err(error) => Err(CaptureError::Read(error.to_string())),
    }
}
