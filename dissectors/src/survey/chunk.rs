//! Surveys a range of frames on its own: pure, and so free to run beside others.

use std::ops::Range;

use etherparse::{LaxNetSlice, TransportSlice};

use super::carried::headers_of;
use super::digest::Digest;
use super::direction;
use super::duplicates::Print;
use super::flow::{Flow, FlowKey, HIGH, LOW, Network, Transport};
use super::fragments::Fragment;
use super::lengths::Lengths;
use super::numbers::Numbers;
use super::packet::{self, Packet};
use super::row::Row;
use super::times::Times;
use crate::engine::options;
use crate::engine::ports::Ports;
use crate::engine::tcp::flags;
use crate::frames::{AHEAD, Frame, Frames};
use crate::headers::{Carried, carried};
use crate::ids::{Both, FlowId, FrameId};
use crate::maps::FastMap;
use crate::protocol::{Likelihood, Registry};

/// What a range of frames gave: rows and flows numbered from zero.
#[derive(Debug, Default)]
pub struct SurveyChunk {
    pub(super) first_frame: u32,
    pub(super) rows: Vec<Row>,
    pub(super) flows: Vec<Flow>,
    pub(super) fragments: Vec<Fragment>,
    pub(super) times: Times,
    pub(super) lengths: Lengths,
    /// One for each row.
    pub(super) prints: Vec<Print>,
}

impl SurveyChunk {
    /// The same of frames whose numbers begin here: they were surveyed before that was known.
    #[must_use]
    pub fn starting_at(mut self, first: u32) -> Self {
        let by = first.wrapping_sub(self.first_frame);
        self.first_frame = first;
        self.fragments.iter_mut().for_each(|fragment| fragment.renumber(by));
        self
    }
}

/// Surveys a range of frames.
#[must_use]
pub fn survey_chunk(frames: &dyn Frames, range: Range<u32>, registry: &Registry) -> SurveyChunk {
    let mut surveyor = Surveyor::new(range.start, registry);
    surveyor.add(frames, range.clone());
    frames.release(range);
    surveyor.finish()
}

/// Surveys a range of frames that is read piece by piece.
pub struct Surveyor<'r> {
    registry: &'r Registry,
    part: SurveyChunk,
    by_key: FastMap<FlowKey, FlowId>,
    /// The last flow met: frames come in runs.
    latest: Option<(FlowKey, FlowId)>,
}

/// What the headers of one frame say.
pub(super) struct Headers {
    pub(super) key: FlowKey,
    pub(super) from_low: bool,
    pub(super) row: Row,
    /// TCP: the acknowledgement number.
    pub(super) ack: u32,
    pub(super) window_scale: Option<u8>,
}

impl Headers {
    /// Where the transport header begins.
    pub(super) fn transport_at(&self) -> u32 {
        self.row.transport_at(self.key.transport).into()
    }
}

impl<'r> Surveyor<'r> {
    /// Nothing surveyed yet; the first frame will be this one.
    #[must_use]
    pub fn new(first_frame: u32, registry: &'r Registry) -> Self {
        let part = SurveyChunk { first_frame, ..SurveyChunk::default() };
        Self { registry, part, by_key: FastMap::new(), latest: None }
    }

    /// Surveys the next frames; pieces must follow each other without holes.
    pub fn add(&mut self, frames: &dyn Frames, range: Range<u32>) {
        self.part.rows.reserve(range.len());
        self.part.prints.reserve(range.len());
        self.part.lengths.reserve(range.len());
        for id in range.map(FrameId) {
            frames.expect(FrameId(id.0.saturating_add(AHEAD)));
            self.frame(id, &frames.frame(id));
        }
    }

    /// What was found.
    #[must_use]
    pub fn finish(self) -> SurveyChunk {
        self.part
    }

    fn frame(&mut self, id: FrameId, frame: &Frame<'_>) {
        self.part.times.push(frame.time);
        self.part.lengths.push(frame.wire_len);
        let local = FrameId(self.part.rows.len() as u32);
        let plain = packet::slice(frame).filter(|packet| is_plain(packet, self.registry));
        if let Some(packet) = plain {
            match headers(frame, &packet) {
                Some(headers) => self.transport(headers, frame, &packet, local),
                None => self.push(Row::EMPTY, Print::default()),
            }
            return;
        }
        match carried(frame, id, self.registry) {
            Carried::Transport(found) => {
                let packet = frame.bytes.get(found.packet.span.start as usize..);
                let packet = packet.and_then(packet::ip);
                match headers_of(frame.interface, &found).zip(packet) {
                    Some((headers, packet)) => self.transport(headers, frame, &packet, local),
                    None => self.push(Row::EMPTY, Print::default()),
                }
            }
            Carried::Fragment(said, part) => {
                let mut row = Row::EMPTY;
                row.set_fragment();
                self.push(row, Print::default());
                self.part.fragments.push(Fragment::of(id, frame, said, &part));
            }
            Carried::Nothing => self.push(Row::EMPTY, Print::default()),
        }
    }

    /// Takes in a frame of TCP or UDP.
    fn transport(
        &mut self,
        mut headers: Headers,
        frame: &Frame<'_>,
        packet: &Packet<'_>,
        local: FrameId,
    ) {
        let flow_id = self.flow_for(&headers, local);
        headers.row.flow = flow_id;
        if let Some(flow) = self.part.flows.get_mut(flow_id.index()) {
            add_frame(flow, &mut headers, frame, self.registry);
        }
        let print = Print::of(frame, packet, &headers.row);
        self.push(headers.row, print);
    }

    fn push(&mut self, row: Row, print: Print) {
        self.part.rows.push(row);
        self.part.prints.push(print);
    }

    /// The flow a frame belongs to. Every SYN that is not a known one opens another here;
    /// absorbing decides whether it really is another.
    fn flow_for(&mut self, headers: &Headers, local: FrameId) -> FlowId {
        let known = match self.latest {
            Some((key, id)) if key == headers.key => Some(id),
            _ => self.by_key.get(&headers.key).copied(),
        };
        let id = known
            .filter(|id| {
                let flow = self.part.flows.get(id.index());
                flow.is_some_and(|flow| !opens(headers, flow))
            })
            .unwrap_or_else(|| {
                let id = FlowId(self.part.flows.len() as u32);
                self.part.flows.push(new_flow(headers, local));
                self.by_key.insert(headers.key, id);
                id
            });
        self.latest = Some((headers.key, id));
        id
    }
}

/// Whether a packet is one of TCP or UDP that carries no other packet: most are, and take no
/// walk over claims.
pub(super) fn is_plain(packet: &Packet<'_>, registry: &Registry) -> bool {
    match &packet.transport {
        Some(TransportSlice::Tcp(_)) => true,
        Some(TransportSlice::Udp(udp)) => {
            let ports = [udp.source_port(), udp.destination_port()];
            !ports.iter().any(|port| registry.is_carrier(*port))
        }
        _ => false,
    }
}

/// Where a slice starts within the bytes it was cut from.
fn offset_in(whole: &[u8], part: &[u8]) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize)
}

/// The flow key and columns of a frame of TCP or UDP.
fn headers(frame: &Frame<'_>, packet: &Packet<'_>) -> Option<Headers> {
    // Where the packet ends by its own length; a sender that leaves cutting to its network card
    // may write none (0), and nothing is longer than its frame.
    let ends = |at: usize, header_len: usize, total: usize| {
        let wire = frame.bytes.len().max(frame.wire_len as usize);
        if total > header_len { wire.min(at + total) } else { wire }
    };
    let (source, destination, mut end) = match &packet.net {
        LaxNetSlice::Ipv4(ip) => {
            let header = ip.header();
            let (at, len) = (offset_in(frame.bytes, header.slice()), header.slice().len());
            let end = ends(at, len, header.total_len().into());
            (Address::V4(header.source()), Address::V4(header.destination()), end)
        }
        LaxNetSlice::Ipv6(ip) => {
            let header = ip.header();
            let (at, len) = (offset_in(frame.bytes, header.slice()), header.slice().len());
            let end = ends(at, len, len + usize::from(header.payload_length()));
            (Address::V6(header.source()), Address::V6(header.destination()), end)
        }
        LaxNetSlice::Arp(_) => return None,
    };
    let mut row = Row::EMPTY;
    let (transport, ports, start, header_len, ack, window_scale);
    match packet.transport.as_ref()? {
        TransportSlice::Tcp(tcp) => {
            header_len = tcp.header_len();
            start = offset_in(frame.bytes, tcp.slice());
            ports = [tcp.source_port(), tcp.destination_port()];
            transport = Transport::Tcp;
            row.seq = tcp.sequence_number();
            ack = tcp.acknowledgment_number();
            let bits = tcp_flags(tcp);
            row.set_tcp(bits, tcp.data_offset());
            window_scale = if bits & flags::SYN == 0 { None } else { scale(tcp) };
        }
        TransportSlice::Udp(udp) => {
            header_len = udp.header_len();
            start = offset_in(frame.bytes, udp.slice());
            ports = [udp.source_port(), udp.destination_port()];
            transport = Transport::Udp;
            // What IP carries behind the datagram is none of it (RFC 768, "Length").
            let len = usize::from(udp.length());
            if len >= header_len {
                end = end.min(start + len);
            }
            (ack, window_scale) = (0, None);
        }
        _ => return None,
    }
    row.payload_at = u16::try_from(start + header_len).ok()?;
    row.payload_len = end.saturating_sub(start + header_len) as u32;
    let (key, from_low) = key_of(frame.interface, transport, [source, destination], ports)?;
    Some(Headers { key, from_low, row, ack, window_scale })
}

/// The key of a flow between these endpoints, and whether the first of them is the lower one.
pub(super) fn key_of(
    interface: u16,
    transport: Transport,
    [source, destination]: [Address; 2],
    ports: [u16; 2],
) -> Option<(FlowKey, bool)> {
    let [source_port, destination_port] = ports;
    let from_low = (source, source_port) <= (destination, destination_port);
    let network = match (source, destination, from_low) {
        (Address::V4(a), Address::V4(b), true) | (Address::V4(b), Address::V4(a), false) => {
            Network::V4(a, b)
        }
        (Address::V6(a), Address::V6(b), true) | (Address::V6(b), Address::V6(a), false) => {
            Network::V6(a, b)
        }
        _ => return None,
    };
    let ports =
        if from_low { [source_port, destination_port] } else { [destination_port, source_port] };
    Some((FlowKey { interface, network, ports, transport }, from_low))
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Address {
    V4([u8; 4]),
    V6([u8; 16]),
}

pub(super) fn tcp_flags(tcp: &etherparse::TcpSlice<'_>) -> u16 {
    // The ninth bit, once the nonce sum, is the AccECN bit (RFC 9768).
    let bytes = tcp.slice();
    let high = bytes.get(12).map_or(0, |byte| u16::from(byte & 1) << 8);
    high | bytes.get(13).map_or(0, |byte| u16::from(*byte))
}

/// The window scale option (RFC 7323, section 2.2), wherever it stands among options that
/// nobody knows here.
pub(super) fn scale(tcp: &etherparse::TcpSlice<'_>) -> Option<u8> {
    options::of(tcp.options()).find_map(|(kind, value)| match (kind, value) {
        (3, [shift]) => Some(*shift),
        _ => None,
    })
}

/// Whether a frame may open another incarnation of a flow's five-tuple: a SYN that the flow does
/// not know.
fn opens(headers: &Headers, flow: &Flow) -> bool {
    let mut row = headers.row;
    if row.tcp_flags() & flags::SYN == 0 {
        return false;
    }
    row.set_direction(direction(flow.initiator_is_low, headers.from_low));
    !flow.numbers.knows(&row)
}

pub(super) fn new_flow(headers: &Headers, first: FrameId) -> Flow {
    let bits = headers.row.tcp_flags();
    let answers = bits & flags::SYN != 0 && bits & flags::ACK != 0;
    Flow {
        key: headers.key,
        first,
        last: FrameId::NONE,
        frames: 0,
        stream: 0,
        bytes: 0,
        numbers: Numbers::default(),
        window_scale: Both::each(None),
        probed: Both::each(None),
        initiator_is_low: headers.from_low != answers,
        sides: 0,
        digest: Digest::EMPTY,
    }
}

fn add_frame(flow: &mut Flow, headers: &mut Headers, frame: &Frame<'_>, registry: &Registry) {
    let way = direction(flow.initiator_is_low, headers.from_low);
    headers.row.set_direction(way);
    flow.frames += 1;
    flow.sides |= if headers.from_low { LOW } else { HIGH };
    flow.bytes += u64::from(frame.wire_len);
    if headers.key.transport == Transport::Tcp {
        flow.numbers.pass(&headers.row, headers.ack);
    }
    let scale = flow.window_scale.of_mut(way);
    *scale = scale.or(headers.window_scale);
    if headers.row.data_len() > 0 && flow.probed.of(way).is_none() {
        let ports = flow.ports();
        let start = usize::from(headers.row.payload_at);
        let payload = frame.bytes.get(start..).unwrap_or(&[]);
        let Ports { framing, .. } = ports;
        let content = registry.by_content(payload, framing);
        let ruled = registry.ruled(framing, ports.ports).map(|id| (id, Likelihood::Surely));
        let sure = content.filter(|(_, how)| *how == Likelihood::Surely);
        let probed = Some(ruled.or(sure).unwrap_or_else(|| {
            let best = registry.settle(content, ports.claimed(registry), payload, framing);
            (best, Likelihood::Perhaps)
        }));
        *flow.probed.of_mut(way) = probed;
    }
}
