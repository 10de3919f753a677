//! Buses of a computer: what is said to devices, and the Ethernet of those that play a network
//! card.

use super::check_link as check;
use super::links::PACKET;

/// Ethernet's header before a packet of IPv4.
const ETHERNET: &str = "0200000000010a0b0c0d0e0f0800";

/// A message of RNDIS around a frame of Ethernet with 46 bytes.
fn rndis() -> String {
    let (frame, rest) = (46, "0".repeat(2 * 28));
    format!("01000000{:02x}00000024000000{frame:02x}000000{rest}{ETHERNET}{PACKET}", 44 + frame)
}

/// Linux's header of a transfer, in the order of most processors.
fn linux(transfer: u8, data: &str, more: usize) -> String {
    let len = data.len() / 2;
    format!(
        "8877665544332211 43{transfer:02x}8205 0100 2d00 0100000000000000 02000000 8dffffff \
         {len:02x}000000 {len:02x}000000 0000000000000000 {} {data}",
        "0".repeat(2 * more)
    )
    .replace(' ', "")
}

#[test]
fn linux_says_what_is_asked_of_a_device() {
    check(
        189,
        &linux(1, "aabb", 0),
        "usb @0+48
         usb.urb_id 0x1122334455667788 @0+8
         usb.device_address 5 @11+1
         usb.bus_id 1 @12+2
         usb.urb_ts_sec 1 @16+8
         usb.urb_ts_usec 2 @24+4
         usb.urb_status -115 @28+4
         usb.urb_len 2 @32+4
         usb.data_len 2 @36+4
         usb.urb_type 0x43 @8+1
         usb.transfer_type 0x1 @9+1
         usb.endpoint_address 0x82 @10+1
         usb.endpoint_address.direction 1 @10+1
         usb.endpoint_address.number 2 @10+1
         usb.setup_flag 0x2d @14+1
         usb.data_flag 0x0 @15+1
         = URB_INTERRUPT, 2 bytes",
    );
    // The bus' number shows that it is the other order.
    let other = "1122334455667788 53020005 0001 0000 0000000000000001 00000002 ffffff8d
                 00000008 00000000 8006000100001200";
    check(
        189,
        &other.split_whitespace().collect::<String>(),
        "usb.urb_id 0x1122334455667788 @0+8\n usb.bus_id 1 @12+2\n = URB_CONTROL, 0 bytes",
    );
    check(220, &linux(3, "aabb", 16), "usb @0+64\n = URB_BULK, 2 bytes");
    check(220, &linux(3, "", 0), "! Broken: USB: it claims more bytes than there are\n = USB, cut");
}

#[test]
fn windows_says_it_in_its_own_way() {
    let head = "1b00 8877665544332211 00000000 0900 01 0200 0300 81 03 02000000";
    check(
        249,
        &format!("{head}aabb").replace(' ', ""),
        "usb @0+27
         usb.usbpcap_header_len 27 @0+2
         usb.irp_id 0x1122334455667788 @2+8
         usb.function 0x9 @14+2
         usb.bus_id 2 @17+2
         usb.device_address 3 @19+2
         usb.irp_info.direction 0x1 @16+1
         usb.endpoint_address.number 1 @21+1
         usb.transfer_type 0x3 @22+1
         usb.data_len 2 @23+4
         = URB_BULK, 2 bytes",
    );
    check(249, "0300", "= USB, cut");
}

#[test]
fn ethernet_in_it_is_read_on_where_lengths_agree() {
    check(
        220,
        &linux(3, &rndis(), 16),
        "usb.data_len 90 @36+4
         = URB_BULK, 90 bytes
         rndis @64+44
         rndis.type 1 @64+4
         rndis.length 90 @68+4
         rndis.data_offset 36 @72+4
         rndis.data_length 46 @76+4
         = Ethernet, 46 bytes
         eth.type 0x800 @120+2
         = 1000 → 2000 Len=4",
    );
    // A length that the message does not have, and another way than Ethernet takes.
    let longer = rndis().replacen("2e000000", "2f000000", 1);
    super::check_silence(220, &linux(3, &longer, 16), "rndis", 0);
    super::check_silence(220, &linux(1, &rndis(), 16), "rndis", 0);
}

/// A frame of Ethernet with a datagram, as long as a device sends it.
fn frame() -> String {
    format!("{ETHERNET}{PACKET}")
}

#[test]
fn a_transfer_holds_several_frames() {
    // A table behind the head, and two frames behind that.
    let (first, second) = (32, 32 + 46);
    let entries = format!("{first:02x}002e00 {second:02x}002e00 00000000");
    let short = format!("4e434d48 0c00 0700 7c00 0c00 4e434d30 1400 0000 {entries}{0}{0}", frame());
    check(
        220,
        &linux(3, &short.replace(' ', ""), 16),
        "= URB_BULK, 124 bytes
         ncm @64+12
         ncm.nth.signature “NCMH” @64+4
         ncm.nth.header_length 12 @68+2
         ncm.nth.sequence_number 7 @70+2
         ncm.nth.block_length 124 @72+2
         ncm.nth.ndp_index 12 @74+2
         ncm.ndp @76+20
         ncm.ndp.signature “NCM0” @76+4
         ncm.ndp.length 20 @80+2
         ncm.ndp.next_ndp_index 0 @82+2
         ncm.ndp.datagram @84+4
         ncm.ndp.datagram.index 32 @84+2
         ncm.ndp.datagram.length 46 @86+2
         ncm.ndp.datagram @88+4
         eth.type 0x800 @154+2
         ! Hint: The transfer holds 2 frames; it belongs to the flow of the first
         = 2 frames of Ethernet
         eth.type 0x800 @108+2
         = 1000 → 2000 Len=4",
    );
    // The longer form, with a checksum behind the frame, and a table that stands behind both.
    let table = "6e636d31 2000 0000 00000000 00000000 10000000 32000000 00000000 00000000";
    let long = format!("6e636d68 1000 0700 62000000 42000000 {} 0a0b0c0d {table}", frame());
    check(
        249,
        &windows_bulk(&long),
        "ncm @27+16
         ncm.nth.block_length 98 @35+4
         ncm.nth.ndp_index 66 @39+4
         ncm.ndp @93+32
         ncm.ndp.datagram.length 50 @113+4
         ncm.ndp.datagram.crc 0xd0c0b0a @89+4
         eth.type 0x800 @55+2
         = 1000 → 2000 Len=4",
    );
}

/// The header of USBPcap before a bulk transfer.
fn windows_bulk(data: &str) -> String {
    let data = data.replace(' ', "");
    let len = data.len() / 2;
    format!("1b00 8877665544332211 00000000 0900 01 0200 0300 81 03 {len:02x}000000{data}")
        .replace(' ', "")
}

#[test]
fn what_tables_cannot_mean_is_said() {
    let block = |table: &str| {
        let table = table.replace(' ', "");
        let len = 12 + table.len() / 2;
        windows_bulk(&format!("4e434d480c000700{len:02x}000c00{table}"))
    };
    check(249, &block("4e434d39 0800 0000"), "! Broken: No table of frames begins at byte 12");
    check(
        249,
        &block("4e434d30 1000 0000 0c00 ff00 0000 0000"),
        "! Broken: A frame claims 255 bytes at byte 12: it cannot be there
         = 0 frames of Ethernet",
    );
    // A table that names itself as the next one.
    check(
        249,
        &block("4e434d30 0800 0c00"),
        "! Broken: Too many tables, or frames in them: not read on",
    );
    // Lengths that the transfer does not have, and a head of another length.
    for head in ["4e434d480c000700ff000c00", "4e434d4810000700 0c000c00"] {
        super::check_silence(249, &windows_bulk(head), "ncm", 0);
    }
}

#[test]
fn a_transfer_that_is_a_frame_shows_it_by_its_packet() {
    // The packet's checksum is right, and it ends where the transfer does.
    let sound = frame().replace("40110000", "4011 5497").replace(' ', "");
    check(249, &windows_bulk(&sound), "eth.type 0x800 @39+2\n = 1000 → 2000 Len=4");
    check(249, &windows_bulk(&format!("{sound}00000000")), "eth.type 0x800 @39+2");
    let arp = "ffffffffffff0a0b0c0d0e0f0806 0001 0800 0604 0001 0a0b0c0d0e0f 0a000001 000000000000 0a000002";
    check(249, &windows_bulk(arp), "arp.opcode 1 @47+2");
    let long = format!("{sound}{}", "00".repeat(20));
    let group = sound.replacen("0a0b0c0d0e0f", "0b0b0c0d0e0f", 1);
    for other in [frame(), long, group] {
        super::check_silence(249, &windows_bulk(&other), "eth.type", 0);
    }
}
