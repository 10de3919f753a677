//! Frames from the air, and what capturing systems put before a frame.

use super::check_link as check;
use super::links::PACKET;

/// LLC with SNAP before a packet of IPv4.
const SNAP: &str = "aaaa030000000800";

/// A data frame from a station to an access point, without quality of service.
const TO_AP: &str = "080100000200000000010a0b0c0d0e0f02000000000210a2";

#[test]
fn data_frames_name_four_parts_and_are_read_on() {
    check(
        105,
        &format!("{TO_AP}{SNAP}{PACKET}"),
        "wlan @0+24
         wlan.fc.type_subtype 0x20 @0+1
         wlan.fc 0x801 @0+2
         wlan.fc.type 2 @0+1
         wlan.fc.ds 0x1 @1+1
         wlan.fc.protected 0 @1+1
         wlan.ra 020000000001 @4+6
         wlan.ta 0a0b0c0d0e0f @10+6
         wlan.da 020000000002 @16+6
         wlan.sa 0a0b0c0d0e0f @10+6
         wlan.bssid 020000000001 @4+6
         wlan.frag 0 @22+2
         wlan.seq 2593 @22+2
         llc.type 0x800 @30+2
         = 1000 → 2000 Len=4",
    );
    // Between access points, with quality of service and an HT field.
    check(
        105,
        &format!(
            "888300000200000000010a0b0c0d0e0f02000000000200000200000000030500aabbccdd{SNAP}{PACKET}"
        ),
        "wlan @0+36
         wlan.da 020000000002 @16+6
         wlan.sa 020000000003 @24+6
         wlan.qos 0x5 @30+2
         wlan.qos.tid 5 @30+2
         = 1000 → 2000 Len=4",
    );
}

#[test]
fn what_is_sealed_or_in_pieces_is_not_read_on() {
    let sealed = TO_AP.replacen("0801", "0841", 1);
    check(105, &format!("{sealed}{SNAP}{PACKET}"), "wlan.fc.protected 1 @1+1\n = Data");
    let first = TO_AP.replacen("0801", "0805", 1);
    check(105, &format!("{first}{SNAP}{PACKET}"), "wlan.fc.frag 1 @1+1\n = Data");
    let second = TO_AP.replacen("10a2", "11a2", 1);
    check(105, &format!("{second}{SNAP}{PACKET}"), "wlan.frag 1 @22+2\n = Data");
    check(105, "480100000200000000010a0b0c0d0e0f02000000000210a2", "= Null function (No data)");
}

#[test]
fn of_several_units_in_a_frame_the_first_has_the_flow() {
    // Quality of service says that there are several; the first is filled up.
    let head = TO_AP.replacen("08", "88", 1) + "8500";
    let unit = |to: u8| format!("0200000000{to:02x}0a0b0c0d0e0f0028{SNAP}{PACKET}");
    check(
        105,
        &format!("{head}{}0000{}", unit(7), unit(8)),
        "wlan.qos 0x85 @24+2
         = QoS Data
         wlan_aggregate @26+110
         wlan_aggregate.a_mdsu.subframe @26+54
         wlan.da 020000000007 @26+6
         wlan_aggregate.a_mdsu.length 40 @38+2
         wlan_aggregate.a_mdsu.subframe @82+54
         wlan.da 020000000008 @82+6
         llc.type 0x800 @102+2
         udp.payload 61626364 @132+4
         ! Hint: The frame holds 2 MSDUs; it belongs to the flow of the first
         = 2 MSDUs
         llc.type 0x800 @46+2
         udp.payload 61626364 @76+4
         = 1000 → 2000 Len=4",
    );
    check(
        105,
        &format!("{head}{}0000{}", unit(7), "0200000000080a0b0c0d0e0f0100aabb"),
        "! Broken: No MSDU begins here: 16 bytes are left\n = 1 MSDUs",
    );
    // One whose length cannot be is read no further.
    check(105, &format!("{head}0200000000070a0b0c0d0e0f0100aabb"), "= QoS Data");
    // Access points of one maker send what they heard to their controller.
    let length = 20 + 4 + 24 + 8 + 32;
    check(
        101,
        &format!("4500{length:04x}00000000402f00000a0000010a00000200008240{TO_AP}{SNAP}{PACKET}"),
        "gre.proto 0x8240 @22+2\n wlan @24+24\n llc @48+8\n = 1000 → 2000 Len=4",
    );
}

#[test]
fn management_names_the_network_and_control_who_may_send() {
    check(
        105,
        "80000000ffffffffffff0a0b0c0d0e0f0a0b0c0d0e0f10a20011223344556677640011040004686f6d65",
        "wlan.fc.type_subtype 0x8 @0+1
         wlan.da ffffffffffff @4+6
         wlan.sa 0a0b0c0d0e0f @10+6
         = Beacon frame
         wlan.ssid 686f6d65 @38+4",
    );
    check(
        105,
        "d40000000a0b0c0d0e0f",
        "wlan @0+10\n wlan.ra 0a0b0c0d0e0f @4+6\n = Acknowledgement",
    );
    check(
        105,
        "b40000000a0b0c0d0e0f020000000001",
        "wlan.ta 020000000001 @10+6\n = Request-to-send",
    );
    check(105, "d4000000", "= Acknowledgement\n ! Broken: 802.11: it takes 10 bytes");
}

#[test]
fn radiotap_says_how_a_frame_was_heard() {
    // Timestamp, flags (a checksum behind), rate, channel, signal.
    let head = "000018002f000000080706050403020110026c09a000c400";
    check(
        127,
        &format!("{head}{TO_AP}{SNAP}{PACKET}01020304"),
        "radiotap @0+24
         radiotap.version 0 @0+1
         radiotap.length 24 @2+2
         radiotap.present.word 0x2f @4+4
         radiotap.mactime 72623859790382856 @8+8
         radiotap.flags 0x10 @16+1
         radiotap.flags.fcs 1 @16+1
         radiotap.channel.freq 2412 @18+2
         radiotap.dbm_antsignal -60 @22+1
         wlan @24+24
         udp.payload 61626364 @84+4",
    );
    // A second word of bits, and a header that the radio filled up.
    let qos = TO_AP.replacen("08", "88", 1);
    check(
        127,
        &format!("00000d00020000800000000020{qos}0000ffff{SNAP}{PACKET}"),
        "radiotap.flags 0x20 @12+1
         wlan @13+26
         llc @41+8
         = 1000 → 2000 Len=4",
    );
    check(127, "0000070000000000", "! Broken: Header length claims 7 bytes, but there are 8");
}

#[test]
fn what_a_system_puts_before_a_frame_is_read_past() {
    check(
        192,
        &format!("0000080065000000{PACKET}"),
        "ppi @0+8\n ppi.length 8 @2+2\n ppi.dlt 101 @4+4\n = 1000 → 2000 Len=4",
    );
    check(
        239,
        &format!("02000001 08000100 08000100 06000a00 68690000 24000900 {PACKET}").replace(' ', ""),
        "nflog.family 2 @0+1
         nflog.res_id 1 @2+2
         nflog.protocol 0x800 @8+2
         nflog.prefix “h” @16+1
         nflog.tlv_type 9 @22+2
         ip.src 0a000001 @36+4
         = 1000 → 2000 Len=4",
    );
    check(
        239,
        &format!("02000000 00240009 {PACKET}").replace(' ', ""),
        "nflog.tlv_length 36 @4+2\n = 1000 → 2000 Len=4",
    );
    check(239, "02000000ff000900aabb", "! Broken: A TLV claims 255 bytes, and 6 are left");
    check(
        226,
        &format!("010200010000002000000003000000000000000100000002{PACKET}"),
        "ipnet.family 2 @1+1\n ipnet.ifindex 3 @8+4\n ipnet.zdst 2 @20+4\n = 1000 → 2000 Len=4",
    );
    check(
        258,
        &format!(
            "6c0000000100000065000000656e30{}02000000{}e1ff0000666f6f00{}0100000062617200{}{PACKET}",
            "0".repeat(2 * 21),
            "0".repeat(2 * 12),
            "0".repeat(2 * 24),
            "0".repeat(2 * 16),
        ),
        "pktap @0+108
         pktap.hdrlen 108 @0+4
         pktap.dlt 101 @8+4
         pktap.flags 0x2 @36+4
         pktap.pid 65505 @52+4
         pktap.epid 1 @84+4
         pktap.ifname “en0” @12+3
         pktap.cmdname “foo” @56+3
         pktap.ecmdname “bar” @88+3
         = 1000 → 2000 Len=4",
    );
    check(192, "00000800ffff0000", "ppi.dlt 65535 @4+4\n = Link type 65535");
    check(149, "00000000", "= Link type 149");
    check(258, "00000000", "! Broken: Header length 0 is less than the header's 108");
}

#[test]
fn routers_and_switches_tag_what_they_hand_up() {
    let ethernet = "0200000000010a0b0c0d0e0f0800";
    check(
        178,
        &format!("4d4743810006030101060101{ethernet}{PACKET}"),
        "juniper.direction 0x1 @3+1
         juniper.ext_total_len 6 @4+2
         eth.type 0x800 @24+2
         = 1000 → 2000 Len=4",
    );
    check(178, &format!("4d474302aabbccdd{PACKET}"), "ip.src 0a000001 @20+4\n = 1000 → 2000 Len=4");
    check(178, "4d474400", "! Broken: Not Juniper's number");
    check(
        282,
        &format!("11223344{ethernet}{PACKET}"),
        "dsa.tag 11223344 @0+4\n eth.type 0x800 @16+2",
    );
    for (link, tag) in [(281, "11223344"), (284, "11223344"), (285, "dada000011223344")] {
        check(
            link,
            &format!("0200000000010a0b0c0d0e0f{tag}0800{PACKET}"),
            "eth.src 0a0b0c0d0e0f @6+6\n = 1000 → 2000 Len=4",
        );
    }
}

#[test]
fn tags_of_makers_are_read_past() {
    let to = |tag: &str| format!("0200000000010a0b0c0d0e0f{tag}0800{PACKET}");
    check(
        1,
        &to("893f100000d80000"),
        "etag.dei 1 @14+2\n etag.ecid_base 0xd8 @16+2\n etag.etype 0x800 @20+2",
    );
    check(1, &to("892600000033"), "vntag.src 51 @14+4\n vntag.etype 0x800 @18+2");
    check(1, &to("8909000000000007"), "cmd.sgt 7 @18+2\n cmd.type 0x800 @20+2");
    check(
        1,
        &to("88e7e000000a0200000000050c0b0c0d0e0f"),
        "ieee8021ah.priority 7 @14+1
         ieee8021ah.isid 10 @15+3
         ieee8021ah.cdst 020000000005 @18+6
         ieee8021ah.etype 0x800 @30+2
         = 1000 → 2000 Len=4",
    );
    check(
        1,
        &to("890300200200000000050c0b0c0d0e0f"),
        "cfp @0+16\n cfp.ttl 32 @14+2\n eth.src 0c0b0c0d0e0f @22+6\n = 1000 → 2000 Len=4",
    );
    check(1, "0200000000010a0b0c0d0e0f893f1000", "! Broken: E-Tag: it takes 8 bytes");
}

#[test]
fn arcnet_is_read_in_both_ways_of_carrying_ip() {
    check(
        129,
        &format!("be50ab08f0{PACKET}"),
        "arcnet @0+5\n arcnet.src 0xbe @0+1\n arcnet.protID 0xf0 @4+1\n = 1000 → 2000 Len=4",
    );
    check(
        7,
        &format!("be50d4000001{PACKET}"),
        "arcnet.protID 0xd4 @2+1\n arcnet.sequence 1 @4+2\n = 1000 → 2000 Len=4",
    );
    check(7, &format!("be50d4010001{PACKET}"), "= ARCNET, RFC 1201 IP");
}

#[test]
fn frame_relay_is_read_in_both_ways_of_saying_what_is_inside() {
    check(
        107,
        &format!("48e10800{PACKET}"),
        "fr @0+4\n fr.dlci 302 @0+2\n fr.chdlctype 0x800 @2+2\n = 1000 → 2000 Len=4",
    );
    check(
        107,
        &format!("48e103cc{PACKET}"),
        "fr.control 0x3 @2+1\n fr.nlpid 0xcc @3+1\n = 1000 → 2000 Len=4",
    );
    check(
        107,
        &format!("48e103008000000008 00{PACKET}").replace(' ', ""),
        "fr.nlpid 0x80 @4+1\n fr.snap.oui 0x0 @5+3\n fr.snaptype 0x800 @8+2\n = 1000 → 2000 Len=4",
    );
    check(
        107,
        &format!("48e103008000 80c20007 0200000000010a0b0c0d0e0f0800{PACKET}").replace(' ', ""),
        "fr.snap.pid 0x7 @8+2\n eth.type 0x800 @22+2\n = 1000 → 2000 Len=4",
    );
    check(107, "48e10308", "= Frame Relay, Q.933");
}
