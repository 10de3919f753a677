//! What IP carries beside transports and routes: reservations, multicast that is reliable, hosts on
//! the way.

use super::check_link as check;

/// A header of IPv4 from 10.0.0.1 to 224.0.0.1 that carries this protocol.
fn ip(protocol: u8, message: &str) -> String {
    let message = message.replace(' ', "");
    let total = 20 + message.len() / 2;
    format!("4500{total:04x}0000000001{protocol:02x}00000a000001e0000001{message}")
}

#[test]
fn room_is_asked_for() {
    let session = "000c 0101 0a220001 11 00 000a";
    let hop = "000c 0301 0a010201 00000003";
    check(
        101,
        &ip(46, &format!("1001 a2c4 fe 00 0028 {session} {hop} 0008 0501 00007530")),
        "rsvp @20+40
         rsvp.version 1 @20+1
         rsvp.flags 0x0 @20+1
         rsvp.msg 1 @21+1
         rsvp.message_checksum 0xa2c4 @22+2
         rsvp.sending_ttl 254 @24+1
         rsvp.message_length 40 @26+2
         rsvp.length 12 @28+2
         rsvp.object 1 @30+1
         rsvp.ctype 1 @31+1
         rsvp.session.ip 0a220001 @32+4
         rsvp.session.proto 17 @36+1
         rsvp.session.port 10 @38+2
         rsvp.hop.neighbor_address_ipv4 0a010201 @44+4
         rsvp.hop.logical_interface 3 @48+4
         rsvp.refresh_interval 30000 @56+4
         = PATH Message",
    );
    let tunnel = "0010 0107 0a220001 0000 0005 0a1f0001";
    let error = "000c 0601 0a010201 00 18 0001";
    check(
        101,
        &ip(46, &format!("1003 0000 fe 00 0030 {tunnel} {error} 000c 0b07 0a1f0001 0000 0002")),
        "rsvp.session.tunnel_id 5 @38+2
         rsvp.session.ext_tunnel_id 169803777 @40+4
         rsvp.error.error_code 24 @53+1
         rsvp.sender.lsp_id 2 @66+2
         = PATH ERROR Message",
    );
    check(
        101,
        &ip(46, "1002 0000 fe 00 0010 0008 1001 00000010"),
        "rsvp.label.label 16 @32+4\n = RESV Message",
    );
    check(
        101,
        &ip(46, "1014 0000 fe 00 000c 0020 1601"),
        "! Broken: An object claims 32 bytes, and 4 are left\n = HELLO Message",
    );
    check(101, &ip(46, "1001"), "! Broken: RSVP: a head takes 8 bytes");
}

#[test]
fn what_was_missed_is_asked_for() {
    let head = |kind: &str| format!("04d2 162e {kind} 00 0000 83f2d6491cb3 0000");
    check(
        101,
        &ip(113, &format!("{} 00000005 0001 0000 0001 0000 0a00020f 00000001", head("01"))),
        "pgm @20+36
         pgm.hdr.sport 1234 @20+2
         pgm.hdr.dport 5678 @22+2
         pgm.hdr.type 0x1 @24+1
         pgm.hdr.opts 0x0 @25+1
         pgm.hdr.gsi 83f2d6491cb3 @28+6
         pgm.poll.sqn 0x5 @36+4
         pgm.poll.round 1 @40+2
         pgm.poll.pathafi 1 @44+2
         pgm.poll.path.ipv4 0a00020f @48+4
         = 1234 → 5678 [POLL] Number=5",
    );
    check(
        101,
        &ip(113, &format!("{} 00000009 0001 0000 0a00020f 0001 0000 e0000105", head("08"))),
        "pgm.nak.sqn 0x9 @36+4
         pgm.nak.src.ipv4 0a00020f @44+4
         pgm.nak.grp.ipv4 e0000105 @52+4
         = 1234 → 5678 [NAK] Number=9",
    );
    check(
        101,
        &ip(113, &format!("{} 00000009 00000001 61626364", head("04"))),
        "pgm.spm.sqn 0x9 @36+4\n pgm.spm.trail 0x1 @40+4\n = 1234 → 5678 [ODATA] Number=9",
    );
    check(101, &ip(113, "04d2162e00"), "! Broken: PGM: a head takes 16 bytes");
}

#[test]
fn hosts_on_the_way_say_where_they_are() {
    let ipv6 = |message: &str| {
        let message = message.replace(' ', "");
        let (len, zeros) = (message.len() / 2, "0".repeat(28));
        format!("60000000{len:04x}87402001{zeros}2002{zeros}{message}")
    };
    check(
        101,
        &ipv6("3b 01 05 00 1234 0007 c000 0064 0102 0000"),
        "mipv6 @40+16
         mip6.proto 59 @40+1
         mip6.hlen 1 @41+1
         mip6.mhtype 5 @42+1
         mip6.csum 0x1234 @44+2
         mip6.bu.seqnr 7 @46+2
         mip6.bu.a_flag 1 @48+2
         mip6.bu.h_flag 1 @48+2
         mip6.bu.k_flag 0 @48+2
         mip6.bu.lifetime 100 @50+2
         = Binding Update",
    );
    check(
        101,
        &ipv6("3b 01 06 00 1234 80 00 0007 0064 0000 0000"),
        "mip6.ba.status 128 @46+1\n mip6.ba.seqnr 7 @48+2\n mip6.ba.lifetime 100 @50+2",
    );
    check(
        101,
        &ipv6("3b 02 03 00 1234 0001 0000000000000002 0000000000000003"),
        "mip6.hot.nindex 1 @46+2\n mip6.hot.token 0x3 @56+8\n = Home Test",
    );
    check(101, &ipv6("3b 09 06 00 1234"), "! Broken: MIPv6: it claims 80 bytes");
}
