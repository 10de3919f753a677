//! Headers of tunnels, and what hosts and routers say of packets: fields, places, summaries.

use super::links::PACKET;
use super::{HeaderContext, check, check_link};

#[track_caller]
fn alone(name: &str, expected: &str) {
    check(name, &HeaderContext::default(), expected);
}

#[test]
fn a_tunnel_in_ip_names_what_it_carries() {
    alone(
        "gre",
        "gre “Protocol Type: 0x0800” @34+8
         gre.flags.key 1 @34+2
         gre.proto 0x800 @36+2
         gre.key 0x7 @38+4
         ip “Src: 10.0.0.1, Dst: 10.0.0.2” @42+20
         udp.dstport 2000 @64+2
         = 1000 → 2000 Len=4",
    );
    // An acknowledgement alone.
    alone(
        "gre-enhanced",
        "gre.flags.ack 1 @34+2
         gre.flags.version 1 @34+2
         gre.proto 0x880b @36+2
         gre.key.call_id 9 @40+2
         gre.sequence_number 5 @42+4
         gre.ack_number 4 @46+4
         = Encapsulated 0x880b",
    );
    alone(
        "erspan-3",
        "gre.sequence_number 1 @38+4
         erspan.version 2 @42+2
         erspan.vlan 7 @42+2
         erspan.spanid 5 @44+2
         erspan.timestamp 1 @46+4
         erspan.p 1 @52+2
         erspan.platid 1 @54+4
         = Mirrored frame, session 5
         eth.type 0x800 @74+2
         = 1000 → 2000 Len=4",
    );
}

#[test]
fn a_tunnel_in_udp_is_known_by_its_port() {
    alone(
        "vxlan",
        "udp.dstport 4789 @36+2
         vxlan “VNI: 42” @42+8
         vxlan.flag_i 1 @42+2
         vxlan.vni 42 @46+3
         eth “Src: 0a:0b:0c:0d:0e:0f, Dst: 02:00:00:00:00:01” @50+14
         = 1000 → 2000 Len=4",
    );
    alone(
        "geneve",
        "geneve.version 0 @42+1
         geneve.proto_type 0x6558 @44+2
         geneve.vni 0x2a @46+3
         geneve.option.type 0x83 @52+1
         geneve.option.type.critical 1 @52+1
         geneve.option.length 8 @53+1
         geneve.option.unknown.data 09090909 @54+4
         eth.type 0x800 @70+2",
    );
    alone(
        "gtp",
        "gtp.flags.e 1 @42+1
         gtp.message 0xff @43+1
         gtp.teid 0x9 @46+4
         gtp.ext_hdr.next 0x85 @53+1
         gtp.ext_hdr @54+4
         gtp.ext_hdr.length 1 @54+1
         gtp.ext_hdr.next 0x0 @57+1
         ip.src 0a000001 @70+4",
    );
    alone(
        "l2tp-control",
        "l2tp.type 1 @42+2
         l2tp.version 2 @42+2
         l2tp.length 20 @44+2
         l2tp.tunnel 7 @46+2
         l2tp.avp.message_type 1 @60+2
         = Control Message - Start_Control_Request (tunnel id=7, session id=0)",
    );
    alone(
        "teredo",
        "teredo.orig.port 199 @44+2
         teredo.orig.addr 0a000001 @46+4
         ipv6.nxt 59 @56+1",
    );
}

#[test]
fn ipsec_is_walked_or_named() {
    alone(
        "ah",
        "ipv6.nxt 51 @20+1
         ah “SPI: 0x00000100” @54+24
         ah.next_header 17 @54+1
         ah.icv abababababababababababab @66+12
         udp.dstport 2000 @80+2",
    );
    alone(
        "esp-in-udp",
        "udpencap @42+0
         esp.spi 0x1001 @42+4
         esp.sequence 3 @46+4
         = ESP (SPI=0x00001001)",
    );
    // Four zeros, where ESP has its number, stand before a message of the key exchange.
    check_link(
        101,
        &to_port(4500, "00000000 0102030405060708"),
        "udpencap @28+4\n udpencap.non_esp_marker @28+4",
    );
    alone("nat-keepalive", "udpencap.nat_keepalive @42+1\n= NAT-keepalive");
}

#[test]
fn routers_add_what_they_know_behind_what_they_quote() {
    alone(
        "time-exceeded-labels",
        "icmp.type 11 @34+1
         icmp.checksum.status 1
         icmp.length 32 @39+1
         icmp.length.original_datagram 128 @39+1
         udp.dstport 2000 @64+2
         icmp.ext @170+12
         icmp.ext.version 2 @170+1
         icmp.ext.class 1 @176+1
         icmp.mpls.label 16 @178+3
         icmp.mpls.s 1 @180+1
         icmp.mpls.ttl 64 @181+1",
    );
    alone(
        "timestamp-request",
        "= Timestamp request
         icmp.ident 1 @38+2
         icmp.seq 2 @40+2
         icmp.originate_timestamp 1000 @42+4",
    );
}

#[test]
fn routers_and_listeners_of_ipv6_say_all_they_say() {
    alone(
        "router-advertisement",
        "icmpv6.checksum.status 1
         icmpv6.nd.ra.flag.o 1 @59+1
         icmpv6.nd.ra.flag.prf 1 @59+1
         icmpv6.opt.prefix.length 64 @72+1
         icmpv6.opt.prefix.flag.a 1 @73+1
         icmpv6.opt.prefix.valid_lifetime 86400 @74+4
         icmpv6.opt.prefix 20010db8000000000000000000000000 @86+16
         icmpv6.opt.rdnss 20010db8000000000000000000000035 @110+16
         icmpv6.opt.dnssl “example.net” @134+13",
    );
    alone(
        "listener-report",
        "icmpv6.checksum.status 1
         icmpv6.mldr.nb_mcast_records 1 @60+2
         icmpv6.mldr.mar @62+36
         icmpv6.mldr.mar.record_type 4 @62+1
         icmpv6.mldr.mar.multicast_address ff0200000000000000000000000000fb @66+16
         icmpv6.mldr.mar.source_address 00000000000000000000000000000002 @82+16
         = Multicast Listener Report Message v2 for ff02::fb",
    );
    alone(
        "listener-query",
        "icmpv6.mld.maximum_response_code 10000 @58+2
         icmpv6.mld.flag.qrv 2 @78+1
         icmpv6.mld.qqi 125 @79+1
         = Multicast Listener Query",
    );
}

#[test]
fn options_of_ipv4_are_told_with_what_they_hold() {
    alone(
        "record-route",
        "ip.opt.type.number 7 @34+1
         ip.opt.ptr 8 @36+1
         ip.rec_rt 0a0000fe @37+4
         ip.empty_rt 00000000 @41+4",
    );
    alone(
        "stamped",
        "ip.opt.flag 0x1 @37+1
         ip.opt.time_stamp_addr 0a0000fe @38+4
         ip.opt.time_stamp 1000 @42+4",
    );
}

/// A datagram to that port over IPv4.
fn to_port(port: u16, payload: &str) -> String {
    let payload = payload.replace(' ', "");
    let len = 8 + payload.len() / 2;
    let (total, port) = (20 + len, format!("{port:04x}"));
    format!("4500{total:04x}0000400040110000 0a0900010a090002 {port}{port}{len:04x}0000{payload}")
        .replace(' ', "")
}

#[test]
fn older_and_charging_gtp_share_a_port() {
    check_link(
        101,
        &to_port(3386, &format!("1eff 0020 0003 0001 ff ffffff 2400101234567890 {PACKET}")),
        "gtpprime @28+20
         gtp.flags 0x1e @28+1
         gtp.flags.version 0 @28+1
         gtp.flags.payload 1 @28+1
         gtp.message 0xff @29+1
         gtp.length 32 @30+2
         gtp.seq_number 0x3 @32+2
         gtp.flow_label 0x1 @34+2
         gtp.sndcp_number 0xff @36+1
         = T-PDU
         udp.payload 61626364 @76+4",
    );
    check_link(
        101,
        &to_port(3386, "4ef0 0002 0007 aabb"),
        "gtpprime @28+6\n gtp.flags.version 2 @28+1\n = Data record transfer request",
    );
    // What claims more than there is stays a datagram.
    check_link(101, &to_port(3386, "4ef0 0003 0007 aabb"), "= 3386 → 3386 Len=8");
    check_link(
        101,
        &to_port(2123, "3210 0004 00000001 0000 0000"),
        "gtp.message 0x10 @29+1\n = Create PDP context request, TEID 0x00000001",
    );
}

#[test]
fn who_is_behind_which_address_of_a_tunnel_is_asked_and_told() {
    let over_ip = |payload: &str| {
        let payload = payload.replace(' ', "");
        format!("4500{:04x}000040004036000 00a0900010a090002{payload}", 20 + payload.len() / 2)
            .replace(' ', "")
    };
    check_link(
        101,
        &over_ip(
            "0001 0800 0000000000 ff 0058 0000 003c 01 03 04 00 04 04 8002 00000005
             c0000201 0a000001 0a000002 00 20 0000 05dc 1c20 04 00 04 00 c0000209 0a000009
             8003 0014 00 20 0000 05dc 0000 04 00 04 00 c0000203 0a000003 8000 0000",
        ),
        "ip.proto 54 @9+1
         nhrp @20+88
         nhrp.hdr.afn 0x1 @20+2
         nhrp.hdr.hopcnt 255 @29+1
         nhrp.hdr.op.type 3 @37+1
         = NHRP Registration Request, ID=5
         nhrp.src.prot.len 4 @40+1
         nhrp.flags 0x8002 @42+2
         nhrp.reqid 0x5 @44+4
         nhrp.src.nbma.addr c0000201 @48+4
         nhrp.src.prot.addr 0a000001 @52+4
         nhrp.dst.prot.addr 0a000002 @56+4
         nhrp.code 0 @60+1
         nhrp.prefix 32 @61+1
         nhrp.mtu 1500 @64+2
         nhrp.htime 7200 @66+2
         nhrp.client.nbma.addr c0000209 @72+4
         nhrp.client.prot.addr 0a000009 @76+4
         nhrp.ext.type 0x3 @80+2
         nhrp.ext.len 20 @82+2
         nhrp.client.prot.addr 0a000003 @100+4
         nhrp.ext.type 0x0 @104+2",
    );
    // A packet that went a longer way than it has to is quoted.
    check_link(
        101,
        &over_ip(&format!(
            "0001 0800 0000000000 ff 0048 0000 0000 01 08 04 00 04 04 0000 00000000
             c0000201 0a000001 0a000002 {PACKET}"
        )),
        "= NHRP Traffic Indication, ID=0\n ip.src 0a000001 @72+4\n udp.dstport 2000 @82+2",
    );
    check_link(
        101,
        &over_ip(
            "0001 0800 0000000000 ff 0020 0000 001c 01 08 00 00 00 00 0000 00000000 8003 0009",
        ),
        "nhrp.ext.type 0x3 @48+2
         nhrp.ext.c 1 @48+2
         nhrp.ext.len 9 @50+2
         ! Broken: An extension claims 13 bytes, and 4 are left",
    );
    check_link(101, &over_ip("0001 0800"), "! Broken: NHRP: a packet takes 28 bytes");
}
