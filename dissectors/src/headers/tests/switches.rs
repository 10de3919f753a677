//! What switches find out about their links, each maker in its own way.

use super::check_link as check;

/// Ethernet with LLC and SNAP before what `owner` numbers.
fn snap(owner: &str, number: &str, message: &str) -> String {
    let message = message.replace(' ', "");
    let len = 8 + message.len() / 2;
    format!("0100000000010a0b0c0d0e0f{len:04x}aaaa03{owner}{number}{message}")
}

#[test]
fn a_link_that_carries_one_way_is_found() {
    let device = "0001 0007 464f43";
    let port = "0002 0009 4769302f31";
    check(
        1,
        &snap("00000c", "0111", &format!("2103 6d85 {device} {port} 0004 0005 07")),
        "udld @22+25
         udld.version 1 @22+1
         udld.opcode 1 @22+1
         udld.flags 3 @23+1
         udld.flags.rt 0x1 @23+1
         udld.flags.rsy 0x1 @23+1
         udld.checksum 0x6d85 @24+2
         udld.tlv.type 0x1 @26+2
         udld.device_id “FOC” @30+3
         udld.sent_through_interface “Gi0/1” @37+5
         udld.data 07 @46+1
         = Probe, Device ID: FOC  Port ID: Gi0/1",
    );
    check(
        1,
        &snap("00000c", "0111", "2200 0000 0001 0003"),
        "! Broken: A TLV claims 3 bytes, and 4 are left\n = Echo",
    );
    check(1, &snap("00000c", "0111", "21"), "! Broken: UDLD: it takes 4 bytes");
}

#[test]
fn ports_agree_on_tags() {
    let domain = "0001 0008 4c616200";
    check(
        1,
        &snap("00000c", "2004", &format!("01 {domain} 0002000504 0003000540 0004000a001906eab885")),
        "dtp @22+29
         dtp.version 1 @22+1
         dtp.tlv_type 0x1 @23+2
         dtp.tlv_len 8 @25+2
         dtp.domain “Lab” @27+3
         dtp.tos 0x0 @35+1
         dtp.tas 0x4 @35+1
         dtp.tot 0x2 @40+1
         dtp.tat 0x0 @40+1
         dtp.senderid 001906eab885 @45+6
         = Access, set to Auto",
    );
    check(
        1,
        &snap("00000c", "2004", "01 0002 0105 81"),
        "! Broken: A TLV claims 261 bytes, and 5 are left\n = DTP",
    );
}

#[test]
fn switches_say_that_they_are_there() {
    check(
        1,
        &snap("000081", "01a2", "0a000001 000115 83 0c 02 00"),
        "ndp @22+11
         ndp.ipaddress 0a000001 @22+4
         ndp.segmentident 0x115 @26+3
         ndp.chassis 131 @29+1
         ndp.backplane 12 @30+1
         ndp.state 2 @31+1
         ndp.numberoflinks 0 @32+1
         = Heartbeat of 10.0.0.1",
    );
    check(
        1,
        &snap("000081", "01a1", "0a00"),
        "! Broken: NDP: a message takes 11 bytes\n = NDP, cut",
    );
}

#[test]
fn a_frame_comes_back() {
    let frame = |message: &str| format!("0a0b0c0d0e0f0a0b0c0d0e0f9000{message}").replace(' ', "");
    check(
        1,
        &frame("0000 0100 0300 abcd"),
        "loop @14+8
         loop.skipcount 0 @14+2
         loop.relevant_function 1 @16+2
         loop.function 1 @16+2
         loop.receipt_number 3 @18+2
         = Reply",
    );
    check(
        1,
        &frame("0800 0200 020000000001 0100 0000"),
        "loop.skipcount 8 @14+2
         loop.relevant_function 1 @24+2
         loop.function 2 @16+2
         loop.forwarding_address 020000000001 @18+6
         loop.function 1 @24+2
         = Reply",
    );
    check(1, &frame("ffff 0100"), "! Broken: LOOP: no function stands where it says\n = Loopback");
}
