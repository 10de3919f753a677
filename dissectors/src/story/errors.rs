//! Errors of ICMP and ICMPv6, each with the connection that it quotes a packet of.
//!
//! ```text
//!   IP  router ──> client │ ICMP  time exceeded │ IP  client ──> server │ UDP  40000 ──> 53
//!       who complains        what it means        the flow, whichever way it was asked for
//! ```
//!
//! A packet is quoted with at least the eight bytes behind its IP header (RFC 792), so that a
//! transport's ports are among them. Where it came through a tunnel and enough of it is quoted,
//! the innermost ports count.

use std::net::{IpAddr, SocketAddr};

use crate::describe::{Field, Heard};
use crate::engine::reader::Context;
use crate::field::FieldId;
use crate::headers::Complaint;
use crate::ids::{Direction, FlowId, FrameId, ProtocolId};
use crate::limits::MAX_QUOTED_BACK;
use crate::protocols::{icmp, icmpv6, ipv4, ipv6, tcp, udp};
use crate::story::Telling;
use crate::survey::{FlowKey, Network, Survey, Transport};

/// An error that quotes a packet of a connection.
#[derive(Clone, Debug)]
pub(super) struct Quoting {
    /// The frame that holds it.
    pub(super) frame: FrameId,
    /// The flow that the quoted packet belongs to.
    pub(super) flow: FlowId,
    /// Which way the quoted packet went.
    pub(super) direction: Direction,
    /// The frame of the quoted packet, where no other one would do.
    pub(super) quoted: Option<FrameId>,
    /// ICMP or ICMPv6.
    pub(super) protocol: ProtocolId,
    /// What it says.
    pub(super) complaint: Complaint,
    /// To whom it says it.
    pub(super) to: IpAddr,
}

/// What a field is to an error.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role {
    /// Who sent a packet: the error, or the one that it quotes.
    From,
    /// To whom that went.
    To,
    /// What tells a packet from others of its sender: its length, and its number.
    Len,
    Ident,
    Type,
    Code,
    Number,
    Gateway,
    SourcePort(&'static str),
    TargetPort,
}

/// The fields that an error and what it quotes are read from.
pub(super) const ROLES: &[(FieldId, Role)] = &[
    (ipv4::SRC, Role::From),
    (ipv6::SRC, Role::From),
    (ipv4::DST, Role::To),
    (ipv6::DST, Role::To),
    (ipv4::LEN, Role::Len),
    (ipv4::ID, Role::Ident),
    (icmp::TYPE, Role::Type),
    (icmpv6::TYPE, Role::Type),
    (icmp::CODE, Role::Code),
    (icmp::CODE_UNREACHABLE, Role::Code),
    (icmp::CODE_REDIRECT, Role::Code),
    (icmp::CODE_EXCEEDED, Role::Code),
    (icmp::CODE_PROBLEM, Role::Code),
    (icmpv6::CODE, Role::Code),
    (icmpv6::CODE_UNREACHABLE, Role::Code),
    (icmpv6::CODE_EXCEEDED, Role::Code),
    (icmpv6::CODE_PROBLEM, Role::Code),
    (icmp::MTU, Role::Number),
    (icmp::POINTER, Role::Number),
    (icmpv6::MTU, Role::Number),
    (icmpv6::POINTER, Role::Number),
    (icmp::GATEWAY, Role::Gateway),
    (icmpv6::RD_TARGET, Role::Gateway),
    (tcp::SRCPORT, Role::SourcePort("TCP")),
    (udp::SRCPORT, Role::SourcePort("UDP")),
    (tcp::DSTPORT, Role::TargetPort),
    (udp::DSTPORT, Role::TargetPort),
];

/// An error as its headers have it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    protocol: ProtocolId,
    complaint: Complaint,
    to: IpAddr,
    /// Where the quoted transport header begins in the frame.
    at: usize,
    /// What the quoted IPv4 header tells its packet by: its length and its number.
    ident: Option<[u16; 2]>,
}

impl Said {
    /// Reads an error; nothing for what quotes no ports.
    pub(super) fn of(heard: &Heard<Role>) -> Option<Self> {
        let mut seen = Seen::default();
        for field in heard.fields() {
            seen.hear(field);
        }
        let (protocol, kind) = seen.kind?;
        let [from, to] = seen.outer;
        let [source, target] = seen.quoted;
        let ((transport, at), [source_port, target_port]) = seen.transport.zip(seen.ports())?;
        let ends = [(source?, source_port), (target?, target_port)].map(SocketAddr::from);
        let number = seen.number.unwrap_or(0);
        let complaint = Complaint {
            kind,
            code: seen.code?,
            number,
            gateway: seen.gateway,
            from: from?,
            ends,
            transport,
        };
        Some(Self { protocol, complaint, to: to?, at, ident: seen.ident })
    }

    /// What it means where the recording holds no connection that it could be about.
    pub(super) fn tell(&self) -> Telling {
        let told = meaning(self.protocol, &self.complaint);
        let [source, target] = self.complaint.ends;
        let what = if self.complaint.transport == "TCP" { "segment" } else { "datagram" };
        let detail = format!(
            "Quotes a {what} from {source} to {target}; the recording holds no such connection. {}",
            told.detail
        );
        told.detail(detail.trim_end())
    }
}

/// What was heard so far: later headers take the place of those around them.
#[derive(Default)]
struct Seen {
    kind: Option<(ProtocolId, u8)>,
    code: Option<u8>,
    number: Option<u32>,
    gateway: Option<IpAddr>,
    outer: [Option<IpAddr>; 2],
    quoted: [Option<IpAddr>; 2],
    len: Option<u16>,
    ident: Option<[u16; 2]>,
    transport: Option<(&'static str, usize)>,
    ports: [Option<u16>; 2],
}

impl Seen {
    fn hear(&mut self, field: &Field<Role>) {
        let is_quoted = self.kind.is_some();
        let [from, to] = if is_quoted { &mut self.quoted } else { &mut self.outer };
        let [source_port, target_port] = &mut self.ports;
        let number = field.number();
        match field.role {
            Role::From => {
                *from = field.ip();
                // A header inside another begins anew: its ports are yet to come.
                (self.transport, self.ports) = (None, [None; 2]);
                self.ident = self.ident.filter(|_| field.id == ipv4::SRC);
            }
            Role::To => *to = field.ip(),
            Role::Len => self.len = u16::try_from(number).ok(),
            Role::Ident => {
                let ident = u16::try_from(number).ok();
                self.ident = self.len.zip(ident).map(|(len, ident)| [len, ident]);
            }
            Role::Type => {
                let kind = u8::try_from(number).ok().map(|kind| (field.id.protocol(), kind));
                self.kind = self.kind.or(kind);
            }
            Role::Code => self.code = self.code.or(u8::try_from(number).ok()),
            Role::Number => self.number = self.number.or(u32::try_from(number).ok()),
            Role::Gateway => self.gateway = self.gateway.or(field.ip()),
            Role::SourcePort(name) => {
                self.transport = Some((name, field.span.start as usize));
                *source_port = u16::try_from(number).ok();
            }
            Role::TargetPort => *target_port = u16::try_from(number).ok(),
        }
    }

    fn ports(&self) -> Option<[u16; 2]> {
        let [source, target] = self.ports;
        Some([source?, target?])
    }
}

/// Who is talked to, whatever interface saw it.
type Between = (Network, [u16; 2], Transport);

/// All such errors of a recording, in the order of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Errors {
    all: Vec<Quoting>,
    /// The flows by their ends, sorted when the first error is met.
    flows: Option<Ends>,
}

impl Errors {
    /// Ties an error to the flow that it quotes; says whether the recording has one that is told.
    pub(super) fn tie(
        &mut self,
        (frame, said): (FrameId, &Said),
        is_told: impl FnOnce(&Quoting) -> bool,
        context: Context<'_>,
        survey: &Survey,
    ) -> bool {
        let found = self.find((frame, said), context, survey);
        let Some(quoting) = found.filter(is_told) else { return false };
        self.all.push(quoting);
        true
    }

    fn find(
        &mut self,
        (frame, said): (FrameId, &Said),
        context: Context<'_>,
        survey: &Survey,
    ) -> Option<Quoting> {
        let interface = context.frames.frame(frame).interface;
        let is_tcp = said.complaint.transport == "TCP";
        let transport = if is_tcp { Transport::Tcp } else { Transport::Udp };
        let (key, from_low) = FlowKey::between(interface, transport, said.complaint.ends)?;
        let flows = self.flows.get_or_insert_with(|| Ends::of(survey));
        let between = (key.network, key.ports, key.transport);
        // Of several connections between the same ends, rather one that was seen at the same place.
        let flow = latest(&flows.here, &(between, interface), frame)
            .or_else(|| latest(&flows.anywhere, &between, frame))?;
        let initiator_is_low = survey.flow(flow)?.initiator_is_low;
        let direction = crate::survey::direction(initiator_is_low, from_low);
        let mut quoting = Quoting {
            frame,
            flow,
            direction,
            quoted: None,
            protocol: said.protocol,
            complaint: said.complaint,
            to: said.to,
        };
        quoting.quoted = quoted(&quoting, said, context, survey);
        Some(quoting)
    }

    /// No more will come.
    pub(super) fn finish(&mut self) {
        self.flows = None;
    }

    /// All of them, in the order of the file.
    pub(super) fn all(&self) -> impl Iterator<Item = &Quoting> {
        self.all.iter()
    }

    /// The errors that quote packets of a flow.
    pub(super) fn of(&self, flow: FlowId) -> impl Iterator<Item = &Quoting> {
        self.all.iter().filter(move |one| one.flow == flow)
    }
}

/// All flows, sorted by who talks there, where that was seen, and when it began.
#[derive(Clone, Debug)]
struct Ends {
    here: Vec<((Between, u16), FrameId, FlowId)>,
    anywhere: Vec<(Between, FrameId, FlowId)>,
}

impl Ends {
    fn of(survey: &Survey) -> Self {
        let between = |key: &FlowKey| (key.network, key.ports, key.transport);
        let all = || survey.live_flows();
        let mut here: Vec<_> = all()
            .map(|(id, flow)| ((between(&flow.key), flow.key.interface), flow.first, id))
            .collect();
        let mut anywhere: Vec<_> =
            all().map(|(id, flow)| (between(&flow.key), flow.first, id)).collect();
        here.sort_unstable();
        anywhere.sort_unstable();
        Self { here, anywhere }
    }
}

/// Of the flows of a key, the one that began last before a frame, else the first one after it.
fn latest<K: Ord>(flows: &[(K, FrameId, FlowId)], key: &K, frame: FrameId) -> Option<FlowId> {
    let behind = flows.partition_point(|(other, first, _)| (other, first) < (key, &frame));
    let of_key = |at: usize| flows.get(at).filter(|(other, ..)| other == key);
    let found = behind.checked_sub(1).and_then(of_key).or_else(|| of_key(behind));
    found.map(|(.., id)| *id)
}

/// The frame whose packet is quoted: of those before the error the one whose transport header
/// begins with the same eight bytes; of several, the one that goes on like the quote for longest.
/// `None` if more than one does.
fn quoted(
    quoting: &Quoting,
    said: &Said,
    context: Context<'_>,
    survey: &Survey,
) -> Option<FrameId> {
    const HEAD: usize = 8;
    let quote = context.frames.frame(quoting.frame).bytes.get(said.at..)?;
    let transport = survey.flow(quoting.flow)?.key.transport;
    let first = quoting.frame.0.saturating_sub(MAX_QUOTED_BACK);
    let mut best: Option<(usize, FrameId)> = None;
    let mut is_alone = true;
    for id in (first..quoting.frame.0).rev().map(FrameId) {
        let row = survey.row(id).filter(|row| row.flow == quoting.flow && !row.is_duplicate());
        let Some(row) = row.filter(|row| row.direction() == quoting.direction) else { continue };
        let at = usize::from(row.transport_at(transport));
        let bytes = context.frames.frame(id).bytes;
        let Some(packet) = bytes.get(at..) else { continue };
        let alike = packet.iter().zip(quote).take_while(|(one, other)| one == other).count();
        let ident = said.ident.zip(ident(bytes, at));
        if alike < HEAD || ident.is_some_and(|(said, own)| said != own) {
            continue;
        }
        match best {
            Some((most, _)) if alike < most => {}
            Some((most, _)) if alike == most => is_alone = false,
            _ => (best, is_alone) = (Some((alike, id)), true),
        }
    }
    best.filter(|_| is_alone).map(|(_, id)| id)
}

/// What an IPv4 header without options, before a transport header at that place, tells its packet
/// by.
fn ident(bytes: &[u8], transport_at: usize) -> Option<[u16; 2]> {
    let header = bytes.get(transport_at.checked_sub(20)?..transport_at)?;
    match header {
        [0x45, _, a, b, c, d, ..] => Some([[*a, *b], [*c, *d]].map(u16::from_be_bytes)),
        _ => None,
    }
}

/// What an error means, whatever it quotes.
fn meaning(protocol: ProtocolId, complaint: &Complaint) -> Telling {
    if protocol == icmp::PROTOCOL_ID {
        icmp::tell::tell(complaint)
    } else {
        icmpv6::tell::tell(complaint)
    }
}

/// So many frames are named that errors quote; of more the first one alone.
const MOST_QUOTED: usize = 8;

impl Quoting {
    /// Whether it says that a packet did not get where it should, and if so, whether that is so
    /// because its hop limit ran out.
    pub(super) fn expired(&self) -> Option<bool> {
        let is_v4 = self.protocol == icmp::PROTOCOL_ID;
        match (is_v4, self.complaint.kind, self.complaint.code) {
            // Too large for a link: what comes after it is smaller.
            (true, 3, 4) => None,
            (true, 3, _) | (false, 1, _) => Some(false),
            (true, 11, 0) | (false, 3, 0) => Some(true),
            _ => None,
        }
    }

    /// Whether it says that a packet is too large for the way.
    pub(super) fn is_too_large(&self) -> bool {
        let is_v4 = self.protocol == icmp::PROTOCOL_ID;
        matches!((is_v4, self.complaint.kind, self.complaint.code), (true, 3, 4) | (false, 2, _))
    }

    /// What it means, and what it quotes.
    pub(super) fn tell(&self) -> Telling {
        self.tell_of(&[self.quoted])
    }

    /// The same of several that say the same and quote these packets.
    pub(super) fn tell_of(&self, quoted: &[Option<FrameId>]) -> Telling {
        let told = meaning(self.protocol, &self.complaint);
        let [source, target] = self.complaint.ends;
        let is_tcp = self.complaint.transport == "TCP";
        let what = if is_tcp { "segment" } else { "datagram" };
        let numbers: Option<Vec<String>> =
            quoted.iter().map(|frame| Some(frame.as_ref()?.number().to_string())).collect();
        let what = match (numbers.as_deref(), quoted.len()) {
            (Some([one]), _) => format!("the {what} of frame {one}"),
            (Some([first, ..]), count) if count > MOST_QUOTED => {
                format!("{count} {what}s, the first of them in frame {first}")
            }
            (Some([first @ .., last]), _) => {
                format!("the {what}s of frames {} and {last}", first.join(", "))
            }
            (_, 1) => format!("a {what}"),
            (_, count) => format!("{count} {what}s"),
        };
        let (source, target) = (source.port(), target.port());
        let detail = format!("Quotes {what}, port {source} to port {target}. {}", told.detail);
        told.detail(detail.trim_end())
    }

    /// Whether another one says the same of another packet that went the same way.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let said = |one: &Self| {
            let complaint = one.complaint;
            let what = (complaint.kind, complaint.code, complaint.number, complaint.gateway);
            (what, complaint.from, complaint.ends, one.to, one.direction, one.protocol)
        };
        said(self) == said(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_flows_between_the_same_ends_the_latest_before_the_error_is_meant() {
        let flow = |key: u8, first: u32| (key, FrameId(first), FlowId(first));
        let flows = [flow(1, 5), flow(2, 10), flow(2, 20), flow(2, 30), flow(4, 0)];
        let meant = |key: u8, frame: u32| latest(&flows, &key, FrameId(frame)).map(|id| id.0);
        assert_eq!([11, 20, 21, 99].map(|frame| meant(2, frame)), [10, 10, 20, 30].map(Some));
        assert_eq!(meant(2, 3), Some(10), "the first after it, where none began before");
        assert_eq!([0, 3, 5].map(|key| meant(key, 50)), [None; 3]);
    }
}
