//! What the survey's columns alone say of a filter: for all frames at once, without opening any.
//!
//! ```text
//!   tcp.port == 443 and tls.handshake.type == 1
//!     columns: yes, no          columns: no for frames without payload, else perhaps
//!               └──── and ────┬────────┘
//!                   yes │ perhaps │ no     only “perhaps” is read
//! ```
//!
//! A test is settled by columns where all its fields are, for frames of which is known that they
//! are a link, IP, and TCP or UDP, with nothing between: where the transport begins tells that.

use super::catch::Found;
use super::program::Take;
use crate::bits::Bits;
use crate::engine::tcp::flags;
use crate::field::{FieldId, Value};
use crate::frames::{Frame, Frames, LinkType, first_time};
use crate::ids::{Direction, FrameId, Time};
use crate::protocol::Registry;
use crate::protocols::{ethernet, frame, ipv4, ipv6, tcp, udp};
use crate::survey::{Flow, Network, Row, Survey, Transport};

/// What columns rest on.
#[derive(Clone, Copy)]
pub struct Columns<'a> {
    pub(super) survey: &'a Survey,
    pub(super) frames: &'a dyn Frames,
    pub(super) registry: &'a Registry,
    pub(super) plain: &'a Plain,
    /// When the recording begins.
    first: Option<Time>,
}

/// Frames that are a link, IP and the transport of their flow, with nothing between and no header
/// behind: made once for a recording.
#[derive(Clone, Debug, Default)]
pub struct Plain {
    frames: Bits,
    /// Flows on Ethernet.
    ethernet: Bits,
}

impl Plain {
    /// Finds them, by the first frame of each flow and where the transport of each frame begins.
    #[must_use]
    pub fn of(survey: &Survey, frames: &dyn Frames, registry: &Registry) -> Self {
        let links: Vec<LinkType> = survey
            .flows()
            .iter()
            .map(|flow| match flow.first.some() {
                Some(first) => frames.frame(first).link,
                None => LinkType::CUSTOM,
            })
            .collect();
        let begins: Vec<Option<u16>> = survey
            .flows()
            .iter()
            .zip(&links)
            .map(|(flow, link)| transport_at(flow, *link).filter(|_| !is_carrier(flow, registry)))
            .collect();
        let is_plain = |number| {
            let row = survey.row(FrameId(number));
            row.is_some_and(|row| match (begins.get(row.flow.index()), survey.flow(row.flow)) {
                (Some(Some(at)), Some(flow)) => {
                    !row.is_fragment() && row.transport_at(flow.key.transport) == *at
                }
                _ => false,
            })
        };
        let is_ethernet = |flow| links.get(flow as usize) == Some(&LinkType::ETHERNET);
        Self {
            frames: Bits::of(survey.frame_count(), is_plain),
            ethernet: Bits::of(links.len() as u32, is_ethernet),
        }
    }

    /// Whether a frame is one of them.
    pub(super) fn contains(&self, frame: FrameId) -> bool {
        self.frames.contains(frame.0)
    }
}

/// Where the transport's header begins where nothing but a link and IP without options is before
/// it.
fn transport_at(flow: &Flow, link: LinkType) -> Option<u16> {
    let link = match link {
        LinkType::ETHERNET => 14,
        LinkType::RAW | LinkType::IPV4 | LinkType::IPV6 => 0,
        LinkType::LINUX_SLL => 16,
        LinkType::LINUX_SLL2 => 20,
        LinkType::NULL | LinkType::LOOP => 4,
        _ => return None,
    };
    let network = match flow.key.network {
        Network::V4(..) => 20,
        Network::V6(..) => 40,
    };
    Some(link + network)
}

/// Whether headers of other packets lie behind it.
fn is_carrier(flow: &Flow, registry: &Registry) -> bool {
    let ports = flow.key.ports;
    flow.key.transport == Transport::Udp && ports.iter().any(|port| registry.is_carrier(*port))
}

/// A field that columns know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Frame(OfFrame),
    Flow(OfFlow),
    Flag(u16),
    TcpLen,
}

/// What is known of every frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OfFrame {
    Number,
    Len,
    Captured,
    Time,
    Relative,
}

/// What all plain frames of one direction of a flow have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OfFlow {
    Ethernet,
    V4,
    V6,
    Tcp,
    Udp,
    Source,
    Destination,
    Address,
    SourcePort,
    DestinationPort,
    Port,
    Stream,
}

/// The fields that columns know.
const KNOWN: [(FieldId, Column); 34] = {
    use {Column::*, OfFlow::*, OfFrame::*};
    [
        (frame::NUMBER, Frame(Number)),
        (frame::LEN, Frame(Len)),
        (frame::CAP_LEN, Frame(Captured)),
        (frame::TIME, Frame(Time)),
        (frame::TIME_EPOCH, Frame(Time)),
        (frame::TIME_RELATIVE, Frame(Relative)),
        (ethernet::PROTO, Flow(Ethernet)),
        (ipv4::PROTO, Flow(V4)),
        (ipv6::PROTO, Flow(V6)),
        (tcp::PROTO, Flow(Tcp)),
        (udp::PROTO, Flow(Udp)),
        (ipv4::SRC, Flow(Source)),
        (ipv4::DST, Flow(Destination)),
        (ipv4::ADDR, Flow(Address)),
        (ipv6::SRC, Flow(Source)),
        (ipv6::DST, Flow(Destination)),
        (ipv6::ADDR, Flow(Address)),
        (tcp::SRCPORT, Flow(SourcePort)),
        (tcp::DSTPORT, Flow(DestinationPort)),
        (tcp::PORT, Flow(Port)),
        (tcp::STREAM, Flow(Stream)),
        (udp::SRCPORT, Flow(SourcePort)),
        (udp::DSTPORT, Flow(DestinationPort)),
        (udp::PORT, Flow(Port)),
        (udp::STREAM, Flow(Stream)),
        (tcp::LEN, TcpLen),
        (tcp::FLAG_FIN, Flag(flags::FIN)),
        (tcp::FLAG_SYN, Flag(flags::SYN)),
        (tcp::FLAG_RESET, Flag(flags::RST)),
        (tcp::FLAG_PUSH, Flag(flags::PSH)),
        (tcp::FLAG_ACK, Flag(flags::ACK)),
        (tcp::FLAG_URG, Flag(flags::URG)),
        (tcp::FLAG_ECE, Flag(0x040)),
        (tcp::FLAG_CWR, Flag(0x080)),
    ]
};

impl Column {
    /// The column of a field.
    pub(super) fn of(field: FieldId) -> Option<Self> {
        KNOWN.iter().find(|(known, _)| *known == field).map(|(_, column)| *column)
    }
}

impl<'a> Columns<'a> {
    /// The columns of a recording.
    #[must_use]
    pub fn new(
        survey: &'a Survey,
        frames: &'a dyn Frames,
        registry: &'a Registry,
        plain: &'a Plain,
    ) -> Self {
        let first = first_time(frames);
        Self { survey, frames, registry, plain, first }
    }

    /// Puts a frame's own value into a slot.
    pub(super) fn of_frame(&self, id: FrameId, frame: &Frame<'_>, what: OfFrame, to: &mut To<'_>) {
        match what {
            OfFrame::Number => to.put(Value::Unsigned(id.number().into())),
            OfFrame::Len => to.put(Value::Unsigned(frame.wire_len.into())),
            OfFrame::Captured => to.put(Value::Unsigned(frame.bytes.len() as u64)),
            OfFrame::Time => {
                if let Some(time) = frame.time.known() {
                    to.put(Value::Nanos(time.0));
                }
            }
            OfFrame::Relative => {
                if let (Some(time), Some(first)) = (frame.time.known(), self.first) {
                    to.put(Value::Nanos(time.since(first)));
                }
            }
        }
    }

    /// Puts what is known of a plain frame of a flow into a slot.
    pub(super) fn of_row(&self, row: &Row, flow: &Flow, column: Column, to: &mut To<'_>) {
        let is_tcp = flow.key.transport == Transport::Tcp;
        match column {
            Column::Frame(_) => {}
            Column::Flow(what) => self.of_flow(row, flow, what, to),
            Column::Flag(bit) if is_tcp => to.put(Value::Bool(row.tcp_flags() & bit != 0)),
            Column::TcpLen if is_tcp => to.put(Value::Unsigned(row.payload_len.into())),
            Column::Flag(_) | Column::TcpLen => {}
        }
    }

    fn of_flow(&self, row: &Row, flow: &Flow, what: OfFlow, to: &mut To<'_>) {
        let way = row.direction();
        let holds = match what {
            OfFlow::Ethernet => self.plain.ethernet.contains(row.flow.0),
            OfFlow::V4 => matches!(flow.key.network, Network::V4(..)),
            OfFlow::V6 => matches!(flow.key.network, Network::V6(..)),
            OfFlow::Tcp => flow.key.transport == Transport::Tcp,
            OfFlow::Udp => flow.key.transport == Transport::Udp,
            _ => to.is_of(flow),
        };
        if !holds {
            return;
        }
        let [initiator, responder] = flow.ports().ports;
        let (source, destination) = match way {
            Direction::Forward => (initiator, responder),
            Direction::Backward => (responder, initiator),
        };
        let address = |way| flow.address(way);
        match what {
            OfFlow::Source => to.address(address(way)),
            OfFlow::Destination => to.address(address(way.reverse())),
            OfFlow::Address => {
                to.address(address(way));
                to.address(address(way.reverse()));
            }
            OfFlow::SourcePort => to.put(Value::Unsigned(source.into())),
            OfFlow::DestinationPort => to.put(Value::Unsigned(destination.into())),
            OfFlow::Port => {
                to.put(Value::Unsigned(source.into()));
                to.put(Value::Unsigned(destination.into()));
            }
            OfFlow::Stream => to.put(Value::Unsigned(flow.stream.into())),
            _ => to.put(Value::None),
        }
    }
}

/// Where a value is put.
pub(super) struct To<'f> {
    pub(super) found: &'f mut Found,
    pub(super) slot: usize,
    pub(super) take: Take,
    pub(super) field: FieldId,
}

impl To<'_> {
    fn put(&mut self, value: Value<'_>) {
        self.found.know(self.slot, self.take, self.field, value);
    }

    fn address(&mut self, address: std::net::IpAddr) {
        match address {
            std::net::IpAddr::V4(address) => self.put(Value::Bytes(&address.octets())),
            std::net::IpAddr::V6(address) => self.put(Value::Bytes(&address.octets())),
        }
    }

    /// Whether the field is one of this flow's network or transport.
    fn is_of(&self, flow: &Flow) -> bool {
        let network = match flow.key.network {
            Network::V4(..) => ipv4::PROTOCOL_ID,
            Network::V6(..) => ipv6::PROTOCOL_ID,
        };
        let transport = match flow.key.transport {
            Transport::Tcp => tcp::PROTOCOL_ID,
            Transport::Udp => udp::PROTOCOL_ID,
        };
        [network, transport].contains(&self.field.protocol())
    }
}
