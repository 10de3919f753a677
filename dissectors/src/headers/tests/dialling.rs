//! Lines that are dialled, really or through a network: how their ends settle what they use, and
//! tunnels of the links behind them.

use super::check_link as check;
use super::links::PACKET;

#[test]
fn the_ends_of_a_line_settle_how_it_is_used() {
    check(
        9,
        "ff03c0210107001b010405d4020600000000 0305c22305 050611223344 0702"
            .replace(' ', "")
            .as_str(),
        "ppp.protocol 0xc021 @2+2
         = PPP Link Control Protocol
         lcp @4+27
         ppp.code 1 @4+1
         ppp.identifier 7 @5+1
         ppp.length 27 @6+2
         = Configuration Request
         lcp.opt.type 1 @8+1
         lcp.opt.length 4 @9+1
         lcp.opt.mru 1492 @10+2
         lcp.opt.asyncmap 0x0 @14+4
         lcp.opt.type 3 @18+1
         lcp.opt.auth_protocol 0xc223 @20+2
         lcp.opt.algorithm 5 @22+1
         lcp.opt.magic_number 0x11223344 @25+4
         lcp.opt.type 7 @29+1
         lcp.opt.length 2 @30+1",
    );
    // What Ethernet filled a frame up with is none of it.
    check(
        9,
        "ff03c0210a24000c c1343922 e7e18ff6 0000".replace(' ', "").as_str(),
        "lcp @4+12
         = Echo Reply
         lcp.magic_number 0xc1343922 @8+4
         lcp.data e7e18ff6 @12+4",
    );
    check(
        9,
        "ff03c0210803000a80fd01020004",
        "= Protocol Reject\n lcp.rej_proto 0x80fd @8+2\n lcp.data 01020004 @10+4",
    );
    check(9, "ff03c021630100040000", "= PPP LCP, code 99");
}

#[test]
fn broken_options_and_lengths_are_said() {
    check(9, "ff03c02101070008010905d4", "! Broken: An option claims 9 bytes, and 4 are left");
    check(9, "ff03c0210107000801010000", "! Broken: An option claims 1 bytes, and 4 are left");
    check(9, "ff03c02101070012010405d4", "! Broken: Length claims 18 bytes, and 8 are there");
    check(9, "ff03c02101070002", "! Broken: Length claims 2 bytes, and 4 are there");
    check(9, "ff03c0210107", "! Broken: PPP LCP: a packet takes 4 bytes\n = PPP LCP, cut");
}

#[test]
fn addresses_are_given_once_a_line_is_up() {
    check(
        9,
        "ff0380210301001c 0306c0a80001 8106c0a80035 0206002d0f01 8306000000 00"
            .replace(' ', "")
            .as_str(),
        "ipcp @4+28
         = Configuration Nak
         ipcp.opt.type 3 @8+1
         ipcp.opt.ip_address c0a80001 @10+4
         ipcp.opt.type 129 @14+1
         ipcp.opt.pri_dns_address c0a80035 @16+4
         ipcp.opt.compress_proto 0x2d @22+2
         ipcp.opt.max_slot_id 15 @24+1
         ipcp.opt.comp_slot_id 1 @25+1
         ipcp.opt.sec_dns_address 00000000 @28+4",
    );
    check(
        9,
        "ff0380570101000e010a020304fffe050607",
        "ipv6cp @4+14
         = Configuration Request
         ipv6cp.opt.type 1 @8+1
         ipv6cp.interface_identifier 020304fffe050607 @10+8",
    );
    check(
        9,
        "ff0380fd0101000a1206010000c0",
        "ccp @4+10\n ccp.opt.type 18 @8+1\n ccp.opt.data 010000c0 @10+4",
    );
    check(9, "ff0380fd0e010004", "ccp @4+4\n = Reset Request");
}

#[test]
fn who_calls_says_who_it_is() {
    check(
        9,
        "ff03c02301010010046a616e6506736563726574".to_owned().as_str(),
        "pap @4+16
         pap.code 1 @4+1
         pap.peer_id.length 4 @8+1
         pap.peer_id “jane” @9+4
         pap.password.length 6 @13+1
         pap.password “secret” @14+6
         = Authenticate-Request (Peer-ID='jane')",
    );
    check(9, "ff03c02303010007026e6f", "= Authenticate-Nak\n pap.message “no” @9+2");
    check(9, "ff03c02301010007096a6e", "! Broken: Text claims 9 bytes, and 2 are left");
    check(
        9,
        "ff03c223010900100400112233676174652d6b61".to_owned().as_str(),
        "chap @4+16
         chap.code 1 @4+1
         chap.value_size 4 @8+1
         chap.value 00112233 @9+4
         chap.name “gate-ka” @13+7
         = Challenge (NAME='gate-ka')",
    );
    check(9, "ff03c223030900066f6b", "= Success\n chap.message “ok” @8+2");
}

/// A datagram of four bytes over IPv4, with the checksum of its header.
const SURE: &str = "450000201234000040115497 0a000001 0a000002 03e807d0000c000061626364";

/// Ethernet's header before a packet of IPv4.
const ETHERNET: &str = "0200000000010a0b0c0d0e0f0800";

/// A packet of that IP protocol over Ethernet.
fn over_ip(protocol: u8, payload: &str) -> String {
    let payload = payload.replace(' ', "");
    let len = 20 + payload.len() / 2;
    format!("{ETHERNET}4500{len:04x}0000400040{protocol:02x}00000a0900010a090002{payload}")
}

/// A datagram between the ports of L2TP.
fn over_udp(payload: &str) -> String {
    let payload = payload.replace(' ', "");
    let len = 8 + payload.len() / 2;
    over_ip(17, &format!("06a506a5{len:04x}0000{payload}"))
}

#[test]
fn a_session_of_l2tp_carries_what_its_bytes_prove() {
    check(
        1,
        &over_ip(115, &format!("00001234 {ETHERNET} {SURE}")),
        "l2tp “Version 3” @34+4
         l2tp.sid 0x1234 @34+4
         = Data Message (session id=4660)
         eth.type 0x800 @50+2
         = 1000 → 2000 Len=4",
    );
    // A cookie of eight bytes and the sublayer with a number.
    check(
        1,
        &over_ip(115, &format!("00001234 a1a2a3a4a5a6a7a8 40000005 {ETHERNET} {SURE}")),
        "l2tp.sid 0x1234 @34+4
         l2tp.cookie a1a2a3a4a5a6a7a8 @38+8
         l2tp.l2_spec_def @46+4
         l2tp.l2_spec_s 1 @46+1
         l2tp.l2_spec_sequence 5 @47+3
         eth.type 0x800 @62+2",
    );
    check(
        1,
        &over_udp(&format!("0003 0000 00000009 ff030021 {SURE}")),
        "l2tp “Version 3” @42+8
         l2tp.flags 0x3 @42+2
         l2tp.type 0 @42+2
         l2tp.version 3 @42+2
         l2tp.res 0x0 @44+2
         l2tp.sid 0x9 @46+4
         ppp.protocol 0x21 @52+2
         = 1000 → 2000 Len=4",
    );
    check(
        1,
        &over_udp(&format!("0003 0000 00000009 c0c1c2c3 0f000800 {SURE}")),
        "l2tp.cookie c0c1c2c3 @50+4\n chdlc.protocol 0x800 @56+2\n = 1000 → 2000 Len=4",
    );
    // Without a checksum that holds nothing is proven, and nothing is read on.
    let told = "= Data Message (session id=4660)";
    check(1, &over_ip(115, &format!("00001234 {ETHERNET} {PACKET}")), told);
    super::check_silence(1, &over_ip(115, &format!("00001234 {ETHERNET} {PACKET}")), "eth.type", 1);
}

#[test]
fn control_of_l2tp_names_its_message() {
    let control = "c803 0014 00000007 0000 0001 8008 0000 0000 0001";
    check(
        1,
        &over_udp(control),
        "l2tp “Version 3” @42+12
         l2tp.type 1 @42+2
         l2tp.length 20 @44+2
         l2tp.ccid 0x7 @46+4
         l2tp.Ns 0 @50+2
         l2tp.Nr 1 @52+2
         l2tp.avp.message_type 1 @60+2
         = Control Message - Start_Control_Request (control connection id=7)",
    );
    check(
        1,
        &over_ip(115, &format!("00000000 {control}")),
        "l2tp.sid 0x0 @34+4\n l2tp.ccid 0x7 @42+4\n l2tp.avp.message_type 1 @56+2",
    );
    check(
        1,
        &over_udp("c803 000c 00000007 0001 0001"),
        "= Control Message - ZLB (control connection id=7)",
    );
    check(1, &over_udp("c803 000c 0000"), "! Broken: L2TP: a header takes 12 bytes");
}
