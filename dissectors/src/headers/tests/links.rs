//! What links and tags say of themselves, field by field.

use super::check_link as check;

/// A datagram of four bytes over IPv4.
pub(super) const PACKET: &str = "4500002012340000401100000a0000010a00000203e807d0000c000061626364";

#[test]
fn a_loopback_names_the_family_in_either_order() {
    check(
        0,
        &format!("02000000{PACKET}"),
        "null @0+4
         null.family 2 @0+4
         ip.src 0a000001 @16+4
         = 1000 → 2000 Len=4",
    );
    check(108, &format!("00000002{PACKET}"), "null.family 2 @0+4\n = 1000 → 2000 Len=4");
    check(0, &format!("00000800{PACKET}"), "null.type 0x800 @0+4\n = 1000 → 2000 Len=4");
    check(0, "0700000083", "null.family 7 @0+4\n = Address family 7");
}

#[test]
fn a_cooked_frame_tells_its_way_and_its_sender() {
    check(
        113,
        &format!("0004000100060a0b0c0d0e0f00000800{PACKET}0000"),
        "sll @0+16
         sll.pkttype 4 @0+2
         sll.hatype 1 @2+2
         sll.halen 6 @4+2
         sll.src.eth 0a0b0c0d0e0f @6+6
         sll.unused 0000 @12+2
         sll.etype 0x800 @14+2
         sll.trailer 0000 @48+2
         = 1000 → 2000 Len=4",
    );
    check(
        276,
        &format!("0800000000000003fffe00000000000000000000{PACKET}"),
        "sll @0+20
         sll.etype 0x800 @0+2
         sll.reserved 0000 @2+2
         sll.ifindex 3 @4+4
         sll.hatype 65534 @8+2
         sll.pkttype 0 @10+1
         sll.halen 0 @11+1
         sll.unused 0000000000000000 @12+8
         = 1000 → 2000 Len=4",
    );
    check(
        113,
        "00010001000412345678000000000004424203",
        "sll.src.ipv4 12345678 @6+4
         sll.unused 00000000 @10+4
         sll.ltype 0x4 @14+2
         llc.dsap 0x42 @16+1",
    );
}

#[test]
fn ppp_is_read_with_its_framing_and_without() {
    check(
        9,
        &format!("ff030021{PACKET}"),
        "ppp @0+4
         ppp.address 0xff @0+1
         ppp.control 0x3 @1+1
         ppp.protocol 0x21 @2+2
         = 1000 → 2000 Len=4",
    );
    check(9, &format!("21{PACKET}"), "ppp @0+1\n ppp.protocol 0x21 @0+1\n = 1000 → 2000 Len=4");
    check(204, "00c0210101000408", "ppp.direction 0 @0+1\n ppp.protocol 0xc021 @1+2");
    check(
        104,
        &format!("0f000800{PACKET}"),
        "chdlc.address 0xf @0+1
         chdlc.control 0x0 @1+1
         chdlc.protocol 0x800 @2+2
         = 1000 → 2000 Len=4",
    );
}

#[test]
fn pppoe_dials_in_and_carries() {
    check(
        1,
        "ffffffffffff0a0b0c0d0e0f8863110900000010010100000103000401020304012000000000",
        "eth.type 0x8863 @12+2
         pppoed @14+6
         pppoe.version 1 @14+1
         pppoe.type 1 @14+1
         pppoe.code 0x9 @15+1
         pppoe.session_id 0x0 @16+2
         pppoe.payload_length 16 @18+2
         pppoed.tags @20+16
         pppoed.tags.host_uniq 01020304 @28+4
         = Active Discovery Initiation (PADI)",
    );
    check(
        1,
        &format!("0200000000010a0b0c0d0e0f8864110000a100220021{PACKET}"),
        "pppoes @14+6
         pppoe.code 0x0 @15+1
         pppoe.session_id 0xa1 @16+2
         ppp.protocol 0x21 @20+2
         = 1000 → 2000 Len=4",
    );
    check(
        1,
        "ffffffffffff0a0b0c0d0e0f8863110900000008010100090102",
        "! Broken: Length claims 8 bytes, but there are 6
         ! Broken: A tag claims 9 bytes, and fewer are left",
    );
}

#[test]
fn labels_are_told_one_by_one() {
    check(
        1,
        &format!("0200000000010a0b0c0d0e0f88470001dc190002011e{PACKET}"),
        "mpls “Label: 29” @14+4
         mpls.label 29 @14+4
         mpls.exp 6 @14+4
         mpls.bottom 0 @14+4
         mpls.ttl 25 @14+4
         mpls “Label: 32” @18+4
         mpls.bottom 1 @18+4
         = 1000 → 2000 Len=4",
    );
    check(1, "0200000000010a0b0c0d0e0f884700020100ffff", "= MPLS label 32, 2 bytes");
}

#[test]
fn a_length_in_place_of_a_type_leads_to_llc() {
    check(
        1,
        "0180c20000000a0b0c0d0e0f0003424203000000",
        "eth “Src: 0a:0b:0c:0d:0e:0f, Dst: 01:80:c2:00:00:00” @0+14
         eth.len 3 @12+2
         eth.padding 000000 @17+3
         llc @14+3
         llc.dsap 0x42 @14+1
         llc.dsap.sap 33 @14+1
         llc.dsap.ig 0 @14+1
         llc.ssap 0x42 @15+1
         llc.ssap.cr 0 @15+1
         llc.control 0x3 @16+1
         llc.control.u_modifier_cmd 0x0 @16+1
         llc.control.ftype 0x3 @16+1
         = LLC to Spanning Tree BPDU",
    );
    check(
        1,
        &format!("0200000000010a0b0c0d0e0f0028aaaa030000000800{PACKET}"),
        "eth.len 40 @12+2
         llc.oui 0 @17+3
         llc.type 0x800 @20+2
         = 1000 → 2000 Len=4",
    );
    check(
        1,
        "0200000000010a0b0c0d0e0f0004f0f10151",
        "llc.ssap.cr 1 @15+1\n llc.control 0x151 @16+2\n = LLC to NetBIOS",
    );
    check(
        1,
        "0200000000010a0b0c0d0e0f0003f0f173",
        "llc.control.f 1 @16+1\n llc.control.u_modifier_resp 0x18 @16+1",
    );
    check(1, "0200000000010a0b0c0d0e0f0004ffff0022", "= EtherType 0x8137 (IPX)");
    check(
        1,
        "0200000000010a0b0c0d0e0f8100e0010003424203",
        "vlan.id 1 @14+2\n vlan.len 3 @16+2\n llc.dsap 0x42 @18+1",
    );
}

#[test]
fn a_bare_packet_that_is_none_is_said() {
    check(101, PACKET, "raw @0+32\n = 1000 → 2000 Len=4");
    check(101, "13", "! Broken: Neither an IPv4 nor an IPv6 packet begins like this");
}
