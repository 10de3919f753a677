//! Tunnels: what is carried in them is read as if it had come by itself.

use wirestage_dissectors::frames::{FrameList, LinkType};
use wirestage_dissectors::ids::Time;
use wirestage_dissectors::secret::Secrets;

use crate::fragments::{check, ident};
use crate::reading::Reading;
use crate::wrap::{ether, ipv4, ipv6, udp};

/// GRE with these flags, and what they announce.
fn gre(bits: u16, number: u16, options: &[u8], payload: &[u8]) -> Vec<u8> {
    [&bits.to_be_bytes()[..], &number.to_be_bytes(), options, payload].concat()
}

/// An exchange whose packets each become one frame.
#[track_caller]
fn on_ipv4(layers: &str, protocol: u8, wrap: impl Fn(&[u8]) -> Vec<u8>) {
    check(layers, |packet| vec![ether(0x0800, &ipv4(packet, protocol, &wrap(packet)))]);
}

#[test]
fn a_packet_in_a_packet() {
    on_ipv4("eth:ethertype:ip:ip:tcp", 4, <[u8]>::to_vec);
    check("eth:ethertype:ipv6:ip:tcp", |packet| vec![ether(0x86dd, &ipv6(packet, 4, packet))]);
    // 6in4: what the packet carries, in IPv6, in IPv4.
    on_ipv4("eth:ethertype:ip:ipv6:tcp", 41, |packet| ipv6(packet, 6, &packet[20..]));
    on_ipv4("eth:ethertype:ip:ip:ip:ip:tcp", 4, |packet| ipv4(packet, 4, &ipv4(packet, 4, packet)));
}

#[test]
fn headers_of_ipsec_and_options_stand_between() {
    let ah = |next| [&[next, 4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 9][..], &[0xab; 12]].concat();
    on_ipv4("eth:ethertype:ip:ah:tcp", 51, |packet| [&ah(6), &packet[20..]].concat());
    check("eth:ethertype:ipv6:ah:tcp", |packet| {
        vec![ether(0x86dd, &ipv6(packet, 51, &[&ah(6), &packet[20..]].concat()))]
    });
    // Options for the destination behind the header that protects them.
    check("eth:ethertype:ipv6:ipv6.hopopts:ah:ipv6.dstopts:tcp", |packet| {
        let options = [6, 0, 1, 4, 0, 0, 0, 0];
        let hop_by_hop = [51, 0, 1, 4, 0, 0, 0, 0];
        let behind = [&hop_by_hop[..], &ah(60), &options, &packet[20..]].concat();
        vec![ether(0x86dd, &ipv6(packet, 0, &behind))]
    });
}

#[test]
fn generic_routing_encapsulation() {
    on_ipv4("eth:ethertype:ip:gre:ip:tcp", 47, |packet| gre(0, 0x0800, &[], packet));
    let all = [0; 12];
    on_ipv4("eth:ethertype:ip:gre:ip:tcp", 47, |packet| gre(0xb000, 0x0800, &all, packet));
    on_ipv4("eth:ethertype:ip:gre:eth:ethertype:ip:tcp", 47, |packet| {
        gre(0x2000, 0x6558, &[0, 0, 0, 7], &ether(0x0800, packet))
    });
    check("eth:ethertype:ipv6:gre:ip:tcp", |packet| {
        vec![ether(0x86dd, &ipv6(packet, 47, &gre(0, 0x0800, &[], packet)))]
    });
}

#[test]
fn the_point_to_point_protocol_in_tunnels() {
    // Version 1: a length and the number of a call, and a number of the packet.
    on_ipv4("eth:ethertype:ip:gre:ppp:ip:tcp", 47, |packet| {
        let ppp = [&[0xff, 3, 0, 0x21][..], packet].concat();
        let [a, b] = (ppp.len() as u16).to_be_bytes();
        gre(0x3001, 0x880b, &[a, b, 0, 9, 0, 0, 0, 1], &ppp)
    });
    on_ipv4("eth:ethertype:ip:udp:l2tp:ppp:ip:tcp", 17, |packet| {
        udp(1701, &[&[0, 2, 0, 7, 0, 8, 0xff, 3, 0, 0x21][..], packet].concat())
    });
    // With a length, numbers, and an offset of two bytes.
    on_ipv4("eth:ethertype:ip:udp:l2tp:ppp:ip:tcp", 17, |packet| {
        let [a, b] = (20 + packet.len() as u16).to_be_bytes();
        let head = [0x4a, 2, a, b, 0, 7, 0, 8, 0, 0, 0, 0, 0, 2, 0, 0, 0xff, 3, 0, 0x21];
        udp(1701, &[&head[..], packet].concat())
    });
}

#[test]
fn labels_in_generic_routing_encapsulation() {
    on_ipv4("eth:ethertype:ip:gre:mpls:ip:tcp", 47, |packet| {
        gre(0, 0x8847, &[], &[&[0, 1, 1, 64][..], packet].concat())
    });
}

#[test]
fn what_is_no_tunnel_is_read_as_what_it_is() {
    // A question to a name server whose asker happens to have the port of a tunnel.
    let question = b"\x0a\x34\x01\0\0\x01\0\0\0\0\0\0\x07example\x03net\0\0\x01\0\x01";
    let mut datagram = udp(53, question);
    datagram[..2].copy_from_slice(&4789_u16.to_be_bytes());
    let packet = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
    let mut frames = FrameList::new();
    let bytes = ether(0x0800, &ipv4(&packet, 17, &datagram));
    frames.push(Time(0), 0, LinkType::ETHERNET, bytes);
    Reading::new(frames, Secrets::default()).check(1, "1 DNS Standard query 0x0a34 A example.net");
}

#[test]
fn mirrored_frames() {
    let (two, three) = ([0x10, 7, 0, 5, 0, 0, 0, 0], [0x20, 7, 0, 5, 0, 0, 0, 1, 0, 0, 0x80, 0]);
    on_ipv4("eth:ethertype:ip:gre:eth:ethertype:ip:tcp", 47, |packet| {
        gre(0, 0x88be, &[], &ether(0x0800, packet))
    });
    on_ipv4("eth:ethertype:ip:gre:erspan:eth:ethertype:ip:tcp", 47, |packet| {
        gre(0x1000, 0x88be, &[0, 0, 0, 1], &[&two[..], &ether(0x0800, packet)].concat())
    });
    on_ipv4("eth:ethertype:ip:gre:erspan:eth:ethertype:ip:tcp", 47, |packet| {
        gre(0x1000, 0x22eb, &[0, 0, 0, 1], &[&three[..], &ether(0x0800, packet)].concat())
    });
}

#[test]
fn ethernet_in_udp() {
    let vxlan = [0x08, 0, 0, 0, 0, 0, 42, 0];
    let in_vxlan = |packet: &[u8]| udp(4789, &[&vxlan[..], &ether(0x0800, packet)].concat());
    on_ipv4("eth:ethertype:ip:udp:vxlan:eth:ethertype:ip:tcp", 17, in_vxlan);
    on_ipv4("eth:ethertype:ip:udp:vxlan:ip:tcp", 17, |packet| {
        udp(4790, &[&[0x0c, 0, 0, 1, 0, 0, 42, 0][..], packet].concat())
    });
    on_ipv4("eth:ethertype:ip:udp:geneve:eth:ethertype:ip:tcp", 17, |packet| {
        let head = [2, 0, 0x65, 0x58, 0, 0, 42, 0, 1, 2, 3, 1, 9, 9, 9, 9];
        udp(6081, &[&head[..], &ether(0x0800, packet)].concat())
    });
    // Twice, and in fragments.
    on_ipv4("eth:ethertype:ip:udp:vxlan:eth:ethertype:ip:udp:vxlan:eth:ethertype:ip:tcp", 17, {
        |packet| {
            let inner = ether(0x0800, &ipv4(packet, 17, &in_vxlan(packet)));
            udp(4789, &[&vxlan[..], &inner].concat())
        }
    });
    check("eth:ethertype:ip:udp:vxlan:eth:ethertype:ip:tcp", |packet| {
        let whole = ipv4(packet, 17, &in_vxlan(packet));
        crate::fragments::on_ethernet(0x0800, crate::wrap::fragments(&whole, 48, ident(packet)))
    });
}

#[test]
fn a_link_that_signs_its_frames() {
    for tag in [&[0, 0, 0, 0, 0, 1][..], &[0x20, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0, 1]] {
        check("eth:ethertype:macsec:ethertype:ip:tcp", |packet| {
            let signed = [tag, &[8, 0], packet, &[0xcc; 16]].concat();
            crate::fragments::on_ethernet(0x88e5, vec![signed])
        });
    }
}

#[test]
fn packets_in_udp() {
    on_ipv4("eth:ethertype:ip:udp:gtp:ip:tcp", 17, |packet| {
        udp(2152, &[&[0x30, 255, 0, 0, 0, 0, 0, 9][..], packet].concat())
    });
    on_ipv4("eth:ethertype:ip:udp:gtp:ip:tcp", 17, |packet| {
        let head = [0x34, 255, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0x85, 1, 0x10, 9, 0];
        udp(2152, &[&head[..], packet].concat())
    });
    on_ipv4("eth:ethertype:ip:udp:teredo:ipv6:tcp", 17, |packet| {
        udp(3544, &ipv6(packet, 6, &packet[20..]))
    });
    on_ipv4("eth:ethertype:ip:udp:teredo:ipv6:tcp", 17, |packet| {
        let origin = [0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        udp(3544, &[&origin[..], &ipv6(packet, 6, &packet[20..])].concat())
    });
    on_ipv4("eth:ethertype:ip:udp:ayiya:ipv6:tcp", 17, |packet| {
        // Sixteen bytes of identity and twenty of signature; forward.
        let head = [&[0x41, 0x52, 0x11, 41, 0, 0, 0, 1][..], &[7; 36]].concat();
        udp(5072, &[&head[..], &ipv6(packet, 6, &packet[20..])].concat())
    });
}

#[test]
fn what_headers_tell_of_a_tunnel_is_no_message() {
    let arp = [
        &[0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1][..],
        &[0, 0, 0, 0, 0, 0, 10, 0, 0, 2],
    ]
    .concat();
    let vxlan = [&[0x08, 0, 0, 0, 0, 0, 42, 0][..], &ether(0x0806, &arp)].concat();
    let packet = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
    let mut frames = FrameList::new();
    let bytes = ether(0x0800, &ipv4(&packet, 17, &udp(4789, &vxlan)));
    frames.push(Time(0), 0, LinkType::ETHERNET, bytes);
    Reading::new(frames, Secrets::default()).check(1, "1 ARP Who has 10.0.0.2? Tell 10.0.0.1");
}
