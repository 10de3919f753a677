//! What devices tell each other on a link, and routers between them.

use super::check_link as check;
use super::links::PACKET;

/// An Ethernet header before what `behind` says.
fn ethernet(behind: &str) -> String {
    format!("0180c20000000a0b0c0d0e0f{behind}")
}

/// A header of IPv4 from 10.0.0.1 to 224.0.0.1 that carries this protocol.
fn ip(protocol: u8, message: &str) -> String {
    let total = 20 + message.len() / 2;
    format!("4500{total:04x}000000000 1{protocol:02x}00000a000001e0000001{message}")
        .replace(' ', "")
}

#[test]
fn bridges_agree_on_a_tree() {
    let bpdu = "0000000001 8001020000000001 00000004 8064020000000002 8003 0100 1400 0200 0f00";
    check(
        1,
        &ethernet(&format!("0026 424203 {bpdu}")).replace(' ', ""),
        "stp @17+35
         stp.protocol 0x0 @17+2
         stp.version 0 @19+1
         stp.type 0x0 @20+1
         stp.flags 0x1 @21+1
         stp.flags.tc 1 @21+1
         stp.root.prio 32768 @22+1
         stp.root.ext 1 @22+2
         stp.root.hw 020000000001 @24+6
         stp.root.cost 4 @30+4
         stp.bridge.ext 100 @34+2
         stp.port 0x8003 @42+2
         stp.msg_age 1 @44+2
         stp.max_age 20 @46+2
         stp.forward 15 @50+2
         = Root = 32768/1/02:00:00:00:00:01  Cost = 4  Port = 0x8003",
    );
    check(1, &ethernet("000742420300000080"), "stp @17+4\n = Topology Change Notification");
    check(1, &ethernet("000742420300000000"), "! Broken: STP: it takes 35 bytes");
}

#[test]
fn devices_say_who_they_are() {
    check(
        1,
        &ethernet(
            "88cc 0207 04 020000000001 0404 05 676531 0602 0078 0a02 7331 0e04 00140004 0000",
        )
        .replace(' ', ""),
        "lldp @14+31
         lldp.tlv.type 1 @14+2
         lldp.tlv.len 7 @14+2
         lldp.chassis.subtype 4 @16+1
         lldp.chassis.id.mac 020000000001 @17+6
         lldp.port.id “ge1” @26+3
         lldp.time_to_live 120 @31+2
         lldp.tlv.system.name “s1” @35+2
         lldp.tlv.system_cap 0x14 @39+2
         lldp.tlv.type 0 @43+2
         = LLDP of s1",
    );
    check(1, &ethernet("88cc0a09aa"), "! Broken: A TLV claims 9 bytes, and fewer are left");
    check(
        1,
        &ethernet(
            "0021 aaaa03 00000c 2000 02b41234 00010006 7331 00030007 676530 000a0006 0001 0b",
        )
        .replace(' ', ""),
        "llc.pid 0x2000 @20+2
         cdp.version 2 @22+1
         cdp.ttl 180 @23+1
         cdp.deviceid “s1” @30+2
         cdp.portid “ge0” @36+3
         cdp.native_vlan 1 @43+2
         = Device ID: s1  Port ID: ge0",
    );
    check(
        1,
        &ethernet("0012aaaa0300000c200002b4123400010003aabb"),
        "! Broken: A TLV claims 3 bytes, and 6 are left",
    );
}

#[test]
fn who_may_use_a_link_is_asked() {
    check(
        1,
        &ethernet("888e 0100 000a 0201 000a 01 616c696365").replace(' ', ""),
        "eapol.version 1 @14+1
         eapol.type 0 @15+1
         eapol.len 10 @16+2
         eap.code 2 @18+1
         eap.len 10 @20+2
         eap.type 1 @22+1
         eap.identity “alice” @23+5
         = Response, Identity",
    );
    check(1, &ethernet("888e010100 00").replace(' ', ""), "= Start");
    check(1, &ethernet("888e0203000102"), "eapol.keydes.type 2 @18+1\n = Key");
}

#[test]
fn hosts_say_which_groups_they_listen_to() {
    check(
        101,
        &ip(2, "1664 0000 e0000105").replace(' ', ""),
        "igmp.version 2 @20+1
         igmp.type 0x16 @20+1
         igmp.maddr 224.0.1.5 @24+4"
            .replace("224.0.1.5", "e0000105")
            .as_str(),
    );
    check(101, &ip(2, "1100000000000000"), "igmp.version 1 @20+1");
    check(
        101,
        &ip(2, "22000000 00000001 04000001 e0000105 0a000009").replace(' ', ""),
        "igmp.version 3 @20+1
         igmp.num_grp_recs 1 @26+2
         igmp.record_type 4 @28+1
         igmp.maddr e0000105 @32+4
         igmp.saddr 0a000009 @36+4
         = Membership Report",
    );
    check(101, &ip(2, "1664"), "! Broken: IGMP: a message takes 8 bytes");
}

#[test]
fn routers_tell_each_other() {
    check(
        101,
        &ip(103, "2000 1234 00010002 0069 00130004 00000001").replace(' ', ""),
        "pim.version 2 @20+1
         pim.type 0 @20+1
         pim.cksum 0x1234 @22+2
         = Hello
         pim.holdtime 105 @28+2
         pim.dr_priority 1 @34+4",
    );
    check(
        101,
        &ip(103, &format!("21001234 40000000 {PACKET}")).replace(' ', ""),
        "= Register\n pim.register_flag.null_register 1 @24+4\n ip.src 0a000001 @40+4",
    );
    check(
        101,
        &ip(112, "2101640100010000 0a000005 0000000000000000").replace(' ', ""),
        "vrrp.version 2 @20+1
         vrrp.virt_rtr_id 1 @21+1
         vrrp.prio 100 @22+1
         vrrp.adver_int 1 @25+1
         vrrp.ip_addr 0a000005 @28+4
         = Announcement (v2)",
    );
    check(
        101,
        &ip(89, "0201002c 0a000001 00000000 1234 0000").replace(' ', ""),
        "ospf.version 2 @20+1
         ospf.msg 1 @21+1
         ospf.packet_length 44 @22+2
         ospf.srcrouter 0a000001 @24+4
         ospf.auth.type 0 @34+2
         = Hello Packet",
    );
    check(
        1,
        &ethernet("000c fefe03 831b0100 0f010000 00").replace(' ', ""),
        "osi.nlpid 0x83 @17+1\n isis.len 27 @18+1\n isis.type 15 @21+1\n = L1 HELLO",
    );
}

#[test]
fn addresses_are_asked_for_both_ways() {
    check(
        1,
        &ethernet("8035 0001 0800 06 04 0003 0a0b0c0d0e0f 00000000 0a0b0c0d0e0f 00000000")
            .replace(' ', ""),
        "arp.opcode 3 @20+2
         arp.dst.hw_mac 0a0b0c0d0e0f @32+6
         = Who is 0a:0b:0c:0d:0e:0f? Tell 0a:0b:0c:0d:0e:0f",
    );
    check(
        1,
        &ethernet("0806 0006 0800 06 04 0002 0a0b0c0d0e0f 0a000001 020000000001 0a000002")
            .replace(' ', ""),
        "arp.hw.type 6 @14+2\n = 10.0.0.1 is at 0a:0b:0c:0d:0e:0f",
    );
    check(
        1,
        &ethernet("0806 0007 0800 01 04 0001 05 0a000001 00 0a000002").replace(' ', ""),
        "arp.src.hw 05 @22+1\n arp.src.proto_ipv4 0a000001 @23+4\n arp.dst.proto_ipv4 0a000002 @28+4",
    );
}

#[test]
fn switches_agree_on_links_that_count_as_one() {
    let side = |kind: &str, system: &str, state: &str| {
        format!("{kind}14 8000 {system} 000d 8000 0016 {state} 000000").replace(' ', "")
    };
    let [actor, partner] = [side("01", "020000000001", "3d"), side("02", "020000000002", "c5")];
    let frame = ethernet(&format!("8809 01 01 {actor}{partner} 0310 0005").replace(' ', ""));
    check(
        1,
        &frame,
        "slow @14+1
         slow.subtype 0x1 @14+1
         = LACP
         lacp @15+45
         lacp.version 0x1 @15+1
         lacp.tlv_type 0x1 @16+1
         lacp.tlv_length 0x14 @17+1
         lacp.actor.sys_priority 32768 @18+2
         lacp.actor.sysid 020000000001 @20+6
         lacp.actor.key 13 @26+2
         lacp.actor.port 22 @30+2
         lacp.actor.state 0x3d @32+1
         lacp.actor.state.synchronization 1 @32+1
         lacp.partner.sysid 020000000002 @40+6
         lacp.partner.state.expired 1 @52+1
         lacp.collector.max_delay 5 @58+2
         = v1 ACTOR 02:00:00:00:00:01 P: 22 K: 13 **DCSG*A \
         PARTNER 02:00:00:00:00:02 P: 22 K: 13 EF***G*A",
    );
    check(
        1,
        &ethernet("8809 01 01 0114".replace(' ', "").as_str()),
        "! Broken: LACP: both sides take 41 bytes",
    );
    check(
        1,
        &ethernet(&"8809 02 01 0110 0016 020000000001 00000007".replace(' ', "")),
        "marker.requesterPort 22 @18+2
         marker.requesterTransId 7 @26+4
         = Marker Protocol",
    );
}

#[test]
fn chunks_of_sctp_are_told_one_by_one() {
    let packet = |chunks: &str| {
        let head = "0007 138c 43232544 3761a746";
        let frame = format!("0800{}", ip(132, &format!("{head}{chunks}").replace(' ', "")));
        ethernet(&frame)
    };
    let data = "0003 0013 5cfe379f 0001 0002 00000000 616263 00";
    let sack = "0300 0018 5cfe37a0 00001000 0001 0001 0002 0003 5cfe379f";
    check(
        1,
        &packet(&format!("{data}{sack}")),
        "sctp “Src Port: 7, Dst Port: 5004” @34+56
         sctp.srcport 7 @34+2
         sctp.dstport 5004 @36+2
         sctp.verification_tag 0x43232544 @38+4
         sctp.chunk_type 0 @46+1
         sctp.chunk_length 19 @48+2
         sctp.data_b_bit 1 @47+1
         sctp.data_tsn_raw 1560164255 @50+4
         sctp.data_sid 0x1 @54+2
         sctp.data_ssn 2 @56+2
         sctp.data_payload_proto_id 0 @58+4
         data.data 616263 @62+3
         sctp.chunk_type 3 @66+1
         sctp.sack_cumulative_tsn_ack_raw 1560164256 @70+4
         sctp.sack_gap_block_end 3 @84+2
         sctp.sack_duplicate_tsn 1560164255 @86+4
         = DATA (TSN=1560164255), SACK (Ack=1560164256, Arwnd=4096)",
    );
    let parameters = "0005 0008 0a000002 0007 0006 abcd 0000";
    check(
        1,
        &packet(&format!("0100 0024 00000eb0 00001000 0011 0012 00003614 {parameters}")),
        "sctp.init_initiate_tag 0xeb0 @50+4
         sctp.init_nr_in_streams 18 @60+2
         sctp.parameter_ipv4_address 0a000002 @70+4
         sctp.parameter_state_cookie abcd @78+2
         = INIT",
    );
    check(1, &packet("0002 00ff 00000000"), "! Broken: A chunk claims 255 bytes, and 8 are left");
    check(1, &packet("0700 0000"), "! Broken: A chunk claims 0 bytes, and 4 are left");
    check(
        1,
        &packet("0002 0014 00000001 0001 0002 00000000 61626364"),
        "= DATA (TSN=1) (Message Fragment)",
    );
}

#[test]
fn routers_of_one_maker_greet_and_tell_routes() {
    check(
        101,
        &ip(88, "0205ee680000000000000000000000050000 0064".replace(' ', "").as_str()),
        "eigrp @20+20
         eigrp.version 2 @20+1
         eigrp.opcode 5 @21+1
         eigrp.flags 0x0 @24+4
         eigrp.ack 5 @32+4
         eigrp.as 100 @38+2
         = Hello (Ack)",
    );
    check(
        101,
        &ip(88, "0201ee6800000009000000070000000000000064"),
        "eigrp.flags.init 1 @24+4\n eigrp.flags.eot 1 @24+4\n eigrp.seq 7 @28+4\n = Update",
    );
    check(101, &ip(88, "0205"), "! Broken: EIGRP: a head takes 20 bytes\n = Hello");
}

#[test]
fn datagrams_with_congestion_control_have_numbers() {
    // A response: extended numbers, an acknowledgement, a service.
    check(
        101,
        &ip(
            33,
            "1389cdbb07009a1a03000000 72c55af1 0000 0007b8be2600 00000000"
                .replace(' ', "")
                .as_str(),
        ),
        "dccp @20+28
         dccp.srcport 5001 @20+2
         dccp.dstport 52667 @22+2
         dccp.data_offset 7 @24+1
         dccp.checksum 0x9a1a @26+2
         dccp.type 1 @28+1
         dccp.x 1 @28+1
         dccp.seq_raw 1925536497 @30+6
         dccp.ack_raw 33164240384 @38+6
         dccp.service_code 0 @44+4
         = 5001 → 52667 [Response] Seq=1925536497",
    );
    // Data with short numbers, and a claim that leaves no room for them.
    check(
        101,
        &ip(33, "03e807d003000000 04 000005 aabb".replace(' ', "").as_str()),
        "dccp @20+12\n dccp.seq_raw 5 @29+3\n = 1000 → 2000 [Data] Seq=5",
    );
    check(
        101,
        &ip(33, "03e807d002000000 04 000005".replace(' ', "").as_str()),
        "! Broken: DCCP: a header does not take 8 bytes",
    );
}
