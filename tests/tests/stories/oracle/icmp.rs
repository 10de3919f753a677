//! The steps of ICMP, from packets read apart from our own dissection.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use etherparse::icmpv4::DestUnreachableHeader;
use etherparse::{Icmpv4Slice, Icmpv4Type, Ipv4Header, SlicedPacket, TcpOptionElement};
use wirestage::document::Document;
use wirestage_dissectors::frames::{Frames, LinkType};
use wirestage_dissectors::ids::FrameId;
use wirestage_generators::Entry;
use wirestage_generators::steps::{
    icmp_echo_received, icmp_echo_sent, icmp_error_received, icmp_path_mtu,
};

use super::say;

/// The interface at the end of the clients, and that at the end of the servers.
const CLIENTS: u16 = 0;
const SERVERS: u16 = 1;

/// The packets of IPv4 that an end saw, each with its header and what lies behind it.
fn packets(document: &Document, interface: u16) -> Vec<(Ipv4Header, Vec<u8>)> {
    let frames = (0..document.recording.count()).map(|id| document.recording.frame(FrameId(id)));
    let own = frames.filter(|one| one.interface == interface && one.link != LinkType::MARK);
    let packet = |bytes: &[u8]| {
        let (header, data) = Ipv4Header::from_slice(bytes).ok()?;
        Some((header, data.to_vec()))
    };
    let read = own.filter_map(|one| match one.link {
        LinkType::RAW => packet(one.bytes),
        _ => packet(one.bytes.get(14..)?),
    });
    read.collect()
}

pub(super) fn tell(document: &Document, names: &[(IpAddr, String)], entries: &mut Vec<Entry>) {
    let role = |address: [u8; 4]| {
        let address = IpAddr::from(address);
        names.iter().find(|(known, _)| *known == address).map(|(_, name)| name.clone())
    };
    match document.about().scenario.as_deref() {
        Some("icmp-traceroute") => {
            for (header, data) in packets(document, CLIENTS) {
                let Ok(message) = Icmpv4Slice::from_slice(&data) else { continue };
                let host = IpAddr::from(header.source);
                if header.protocol != etherparse::IpNumber::ICMP {
                    continue;
                }
                let quoted = SlicedPacket::from_ip(message.payload());
                let to = quoted.ok().and_then(|quoted| end(&quoted));
                let to = to.expect("it quotes a datagram");
                let what = [message.type_u8(), message.code_u8()];
                let role = role(header.destination).expect("a role is told");
                say(entries, &role, icmp_error_received(host, to, what));
            }
        }
        Some("icmp-ping" | "arp-gateway") => {
            for (header, data) in packets(document, CLIENTS) {
                let Ok(message) = Icmpv4Slice::from_slice(&data) else { continue };
                let said = message.payload();
                let [from, to] = [header.source, header.destination];
                let (asker, step) = match message.icmp_type() {
                    Icmpv4Type::EchoRequest(echo) => {
                        (from, icmp_echo_sent(to.into(), echo.seq, said))
                    }
                    Icmpv4Type::EchoReply(echo) => {
                        (to, icmp_echo_received(from.into(), echo.seq, said))
                    }
                    _ => continue,
                };
                say(entries, &role(asker).expect("a role asks"), step);
            }
        }
        Some("path-mtu") => {
            let mut mtu = None;
            for (header, data) in packets(document, CLIENTS) {
                // What the client takes, until somebody says what passes.
                if let Ok(tcp) = etherparse::TcpSlice::from_slice(&data)
                    && header.protocol == etherparse::IpNumber::TCP
                    && tcp.syn()
                    && !tcp.ack()
                {
                    mtu = tcp.options_iterator().find_map(|option| match option {
                        Ok(TcpOptionElement::MaximumSegmentSize(mss)) => Some(u32::from(mss) + 40),
                        _ => None,
                    });
                }
            }
            for (header, data) in packets(document, SERVERS) {
                let is_icmp = header.protocol == etherparse::IpNumber::ICMP;
                let message = Icmpv4Slice::from_slice(&data).ok().filter(|_| is_icmp);
                if let Some(Icmpv4Type::DestinationUnreachable(
                    DestUnreachableHeader::FragmentationNeeded { next_hop_mtu },
                )) = message.map(|message| message.icmp_type())
                {
                    mtu = Some(next_hop_mtu.into());
                }
            }
            say(entries, "server", icmp_path_mtu(mtu.expect("the client says what it takes")));
        }
        _ => {}
    }
}

/// To whom a datagram was sent.
fn end(packet: &SlicedPacket<'_>) -> Option<SocketAddr> {
    let address = packet.net.as_ref()?.ipv4_ref()?.header().destination_addr();
    match packet.transport.as_ref()? {
        etherparse::TransportSlice::Udp(udp) => Some(address_of(address, udp.destination_port())),
        _ => None,
    }
}

fn address_of(address: Ipv4Addr, port: u16) -> SocketAddr {
    SocketAddr::from((address, port))
}
