//! Headers of tunnels, and what hosts and routers say of packets: fields, places, summaries.

use super::{HeaderContext, check};

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
