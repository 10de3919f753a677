//! What machines say to each other that are no hosts: disks, clocks, heating and light.

use super::{check_link as check, check_silence};

/// A frame with this EtherType.
fn ethernet(number: &str, message: &str) -> String {
    format!("0200000000010a0b0c0d0e0f{number}{message}").replace(' ', "")
}

/// A datagram to this port.
fn udp(port: u16, message: &str) -> String {
    let message = message.replace(' ', "");
    let len = 8 + message.len() / 2;
    let total = 20 + len;
    format!("4500{total:04x}000000000111 00000a0000010a000002c000{port:04x}{len:04x}0000{message}")
        .replace(' ', "")
}

#[test]
fn disks_are_asked() {
    check(
        1,
        &ethernet("88a2", "10 00 ffff ff 01 00000007"),
        "aoe @14+10
         aoe.version 1 @14+1
         aoe.response 0 @14+1
         aoe.flags_error 0 @14+1
         aoe.major 0xffff @16+2
         aoe.minor 0xff @18+1
         aoe.cmd 1 @19+1
         aoe.tag 0x7 @20+4
         = Query Config Information asked",
    );
    check(
        1,
        &ethernet("88a2", "10 00 0014 00 00 0001cd4a 40 00 02 24 000000a00000 0000"),
        "aoe.aflags.e 1 @24+1
         aoe.aflags.w 0 @24+1
         aoe.sector_count 2 @26+1
         aoe.ata.cmd 0x24 @27+1
         aoe.lba 0xa0000000 @28+6
         = Read ext asked",
    );
    check(
        1,
        &ethernet("88a2", "1c 03 0014 00 00 0001cd4a 00 04 00 51"),
        "aoe.error 3 @15+1\n aoe.ata.status 0x51 @27+1\n = Command of ATA answered",
    );
    check(
        1,
        &ethernet("88a2", "20 00 0014 00 00 0001cd4a"),
        "aoe.version 2 @14+1\n = AoE, version 2",
    );
    check(1, &ethernet("88a2", "10 00"), "! Broken: AoE: a head takes 10 bytes\n = AoE, cut");
}

/// A message of PTP with this body.
fn ptp(kind: &str, body: &str) -> String {
    let len = 34 + body.replace(' ', "").len() / 2;
    format!(
        "0{kind} 02 {len:04x} 05 00 0208 000000000102 0000 00000000 00000efffe000011 0001 0009 05 ff \
         {body}"
    )
}

#[test]
fn clocks_are_kept_alike() {
    check(
        1,
        &ethernet("88f7", &ptp("0", "000000000064 00000005")),
        "ptp @14+44
         ptp.v2.messagetype 0x0 @14+1
         ptp.v2.versionptp 2 @15+1
         ptp.v2.messagelength 44 @16+2
         ptp.v2.domainnumber 5 @18+1
         ptp.v2.flags 0x208 @20+2
         ptp.v2.flags.twostep 1 @20+2
         ptp.v2.flags.timescale 1 @20+2
         ptp.v2.correction.ns 258 @22+6
         ptp.v2.clockidentity 0xefffe000011 @34+8
         ptp.v2.sourceportid 1 @42+2
         ptp.v2.sequenceid 9 @44+2
         ptp.v2.controlfield 5 @46+1
         ptp.v2.logmessageperiod -1 @47+1
         ptp.v2.sdr.origintimestamp.seconds 100 @48+6
         ptp.v2.sdr.origintimestamp.nanoseconds 5 @54+4
         = Sync Message",
    );
    check(
        101,
        &udp(319, &ptp("9", "000000000064 00000005 00000efffe000022 0002")),
        "ptp @28+54
         ptp.v2.dr.receivetimestamp.seconds 100 @62+6
         ptp.v2.dr.requestingsourceportidentity 0xefffe000022 @72+8
         ptp.v2.dr.requestingsourceportid 2 @80+2
         = Delay_Resp Message",
    );
    check(
        1,
        &ethernet(
            "88f7",
            &ptp("b", "000000000064 00000005 0025 00 80 06 21 4e5d 81 00000efffe000033 0001 20"),
        ),
        "ptp.v2.an.origincurrentutcoffset 37 @58+2
         ptp.v2.an.priority1 128 @61+1
         ptp.v2.an.grandmasterclockaccuracy 0x21 @63+1
         ptp.v2.an.priority2 129 @66+1
         ptp.v2.an.grandmasterclockidentity 0xefffe000033 @67+8
         ptp.v2.an.localstepsremoved 1 @75+2",
    );
    check(
        1,
        &ethernet("88f7", &ptp("d", "ffffffffffffffff ffff 03 02 01 00")),
        "ptp.v2.mm.targetportid 65535 @56+2
         ptp.v2.mm.boundaryhops 2 @59+1
         ptp.v2.mm.action 1 @60+1
         = Management Message",
    );
    check(
        1,
        &ethernet("88f7", "0002"),
        "! Broken: PTP: a message takes 34 bytes\n = PTP, version 2",
    );
    // Version 1, and what a port alone makes of other bytes.
    check(1, &ethernet("88f7", "0001"), "= PTP, version 1");
    check_silence(101, &udp(320, "00010002"), "ptp", 0);
}

#[test]
fn buildings_are_run() {
    check(
        101,
        &udp(47808, "810a 0011 01 2c 0005 01 07 0002 06 020000000001 ff 00 05 02 0c"),
        "! Broken: BACnet: its addresses take more bytes",
    );
    check(
        101,
        &udp(47808, "810b 0018 01 28 ffff 00 0002 06 020000000001 ff 10 08 09 00 1a ff"),
        "bvlc @28+4
         bvlc.type 0x81 @28+1
         bvlc.function 0xb @29+1
         bvlc.length 24 @30+2
         = Original-Broadcast-NPDU
         bacnet @32+15
         bacnet.version 1 @32+1
         bacnet.control 0x28 @33+1
         bacnet.control_dest 1 @33+1
         bacnet.dnet 65535 @34+2
         bacnet.dlen 0 @36+1
         bacnet.snet 2 @37+2
         bacnet.sadr_eth 020000000001 @40+6
         bacnet.hopc 255 @46+1
         bacapp @47+5
         bacapp.type 1 @47+1
         bacapp.unconfirmed_service 8 @48+1
         = Unconfirmed-REQ who-Is",
    );
    check(
        101,
        &udp(47808, "8104 0014 0a000009 bac0 01 04 02 75 07 0c 0c 00000001 00".get(..56).unwrap()),
        "bvlc.fwd_ip 0a000009 @32+4\n bvlc.fwd_port 47808 @36+2",
    );
    check(
        1,
        "0200000000010a0b0c0d0e0f000a 828203 01 04 00 05 07 0c 0c".replace(' ', "").as_str(),
        "llc.dsap 0x82 @14+1
         bacnet.control_expect 1 @18+1
         bacapp.type 0 @19+1
         bacapp.max_adpu_size 5 @20+1
         bacapp.invoke_id 7 @21+1
         bacapp.confirmed_service 12 @22+1
         = Confirmed-REQ readProperty",
    );
    check(
        101,
        &udp(47808, "810a 000a 01 00 3c 07 02 10 0c 3e"),
        "bacapp.sequence_number 2 @36+1\n bacapp.window_size 16 @37+1",
    );
    check(
        101,
        &udp(47808, "810a 0009 01 80 01 0005"),
        "bacnet.control_net 1 @33+1\n bacnet.mesgtyp 0x1 @34+1\n = I-Am-Router-To-Network",
    );
    check(101, &udp(47808, "8100 0006 0030"), "bvlc.result 0x30 @32+2\n = BVLC-Result");
    // A length that the datagram does not have.
    check_silence(101, &udp(47808, "810a 0040 0100"), "bvlc", 0);
}
