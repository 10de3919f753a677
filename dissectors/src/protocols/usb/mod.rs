//! USB, as Linux and Windows record it: what is asked of a device, and what it says. Ethernet in it
//! is read on where the bytes prove it, in the three forms that network cards on USB take.
//!
//! ```text
//!   Linux    id ×8 │ S or C │ type │ endpoint │ device │ bus ×2 │ setup? │ data? │ time ×12 │
//!            status ×4 │ length ×4 │ captured ×4 │ setup ×8 │ 16 more where memory is mapped
//!   Windows  header's length ×2 │ id ×8 │ status ×4 │ function ×2 │ info │ bus ×2 │ device ×2 │
//!            endpoint │ type │ length ×4 │ what the type adds
//! ```
//!
//! Linux writes numbers in the order of its processor, which the bus' number shows.

mod ecm;
pub mod ncm;
pub mod rndis;

use crate::field::{FieldDef, FieldId, Kind, Names, Value};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

const EVENTS: Names = &[(0x53, "URB_SUBMIT"), (0x43, "URB_COMPLETE"), (0x45, "URB_ERROR")];

const TRANSFERS: Names = &[
    (0, "URB_ISOCHRONOUS"),
    (1, "URB_INTERRUPT"),
    (2, "URB_CONTROL"),
    (3, "URB_BULK"),
    (0xfe, "USB IRP Info"),
];

const DIRECTIONS: Names = &[(0, "OUT"), (1, "IN")];

fields! { "usb", "USB";
    PROTO = FieldDef::group("usb", "USB URB"),
    ID = FieldDef::u64("usb.urb_id", "URB id").hex().computed(),
    EVENT = FieldDef::u8("usb.urb_type", "URB type").hex().names(EVENTS),
    TRANSFER = FieldDef::u8("usb.transfer_type", "URB transfer type").hex().names(TRANSFERS),
    ENDPOINT = FieldDef::u8("usb.endpoint_address", "Endpoint").hex(),
    DIRECTION = FieldDef::u8("usb.endpoint_address.direction", "Direction").mask(0x80)
        .names(DIRECTIONS),
    NUMBER = FieldDef::u8("usb.endpoint_address.number", "Endpoint number").mask(0x0f),
    DEVICE = FieldDef::u8("usb.device_address", "Device").computed(),
    BUS = FieldDef::u16("usb.bus_id", "URB bus id").computed(),
    SETUP = FieldDef::u8("usb.setup_flag", "Device setup request").hex(),
    DATA = FieldDef::u8("usb.data_flag", "Data").hex(),
    SECONDS = FieldDef::u64("usb.urb_ts_sec", "URB sec").computed(),
    MICROS = FieldDef::u32("usb.urb_ts_usec", "URB usec").computed(),
    STATUS = FieldDef::of("usb.urb_status", "URB status", Kind::Signed(32)).computed(),
    LENGTH = FieldDef::u32("usb.urb_len", "URB length [bytes]").computed(),
    DATA_LENGTH = FieldDef::u32("usb.data_len", "Data length [bytes]").computed(),
    HEADER_LENGTH = FieldDef::u16("usb.usbpcap_header_len", "USBPcap pseudoheader length")
        .computed(),
    IRP = FieldDef::u64("usb.irp_id", "IRP ID").hex().computed(),
    FUNCTION = FieldDef::u16("usb.function", "URB Function").hex().computed(),
    INFO = FieldDef::u8("usb.irp_info", "IRP information").hex(),
    INFO_DIRECTION = FieldDef::u8("usb.irp_info.direction", "Direction").hex().mask(0x01),
}

/// Lengths of the headers: Linux's, the same where memory is mapped, and the least of Windows'.
const LINUX: usize = 48;
const MAPPED: usize = 64;
const WINDOWS: usize = 27;

/// The link types.
const LINK_LINUX: u16 = 189;
const LINK_MAPPED: u16 = 220;
const LINK_WINDOWS: u16 = 249;

/// The link type of Ethernet.
const ETHERNET: u16 = 1;

/// The way in which Ethernet travels.
const BULK: u64 = 3;

/// USB.
pub struct Usb;

impl Protocol for Usb {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["USB 2.0"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::Link(LINK_LINUX), Claim::Link(LINK_MAPPED), Claim::Link(LINK_WINDOWS)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let data = match found.claim {
            Claim::Link(LINK_WINDOWS) => windows(&part, walk),
            Claim::Link(LINK_MAPPED) => linux(&part, MAPPED, walk),
            _ => linux(&part, LINUX, walk),
        };
        let Some((transfer, data)) = data else {
            walk.stop(&part, "USB", format_args!("it claims more bytes than there are"));
            walk.close();
            walk.summary(format_args!("USB, cut"));
            return Some(Next::Nothing);
        };
        walk.close();
        let name = TRANSFER.def().name_of(transfer).unwrap_or("USB transfer");
        walk.summary(format_args!("{name}, {} bytes", data.wire));
        if transfer != BULK {
            return Some(Next::Nothing);
        }
        Some(if rndis::frame(&data).is_some() {
            Next::named("rndis", data)
        } else if ncm::Block::read(&data).is_some() {
            Next::named("ncm", data)
        } else if ecm::is_frame(&data) {
            Next::claimed(Claim::Link(ETHERNET), data)
        } else {
            Next::Nothing
        })
    }
}

/// Tells the endpoint that a transfer goes to or comes from.
fn endpoint(part: &Part<'_>, at: usize, walk: &mut Walk<'_>) {
    walk.open(part, at, 1, ENDPOINT);
    walk.tell(part, at, 1, DIRECTION);
    walk.tell(part, at, 1, NUMBER);
    walk.close();
}

/// Tells Linux's header (the kernel's `struct usbmon_packet`), and leaves the group open: what kind
/// of transfer it is, and its data.
fn linux<'a>(part: &Part<'a>, len: usize, walk: &mut Walk<'_>) -> Option<(u64, Part<'a>)> {
    walk.plain_group(part.place(0, len), PROTO);
    // A computer has few buses: their number is the smaller one of the two readings.
    let is_little = part.little(12, 2) <= part.number(12, 2);
    let number = |at: usize, len: usize| {
        if is_little { part.little(at, len) } else { part.number(at, len) }
    };
    let mut tell = |at: usize, len: usize, field: FieldId| {
        let Some(value) = number(at, len) else { return };
        let value = match field.def().kind {
            Kind::Signed(_) => Value::Signed((value as u32 as i32).into()),
            _ => Value::Unsigned(value),
        };
        walk.work_out(field, value, part.place(at, len));
    };
    tell(0, 8, ID);
    tell(11, 1, DEVICE);
    tell(12, 2, BUS);
    tell(16, 8, SECONDS);
    tell(24, 4, MICROS);
    tell(28, 4, STATUS);
    tell(32, 4, LENGTH);
    tell(36, 4, DATA_LENGTH);
    walk.tell(part, 8, 1, EVENT);
    walk.tell(part, 9, 1, TRANSFER);
    endpoint(part, 10, walk);
    walk.tell(part, 14, 1, SETUP);
    walk.tell(part, 15, 1, DATA);
    part.get(0, len)?;
    Some((part.number(9, 1)?, part.after(len)))
}

/// Tells the header of USBPcap, and leaves the group open.
fn windows<'a>(part: &Part<'a>, walk: &mut Walk<'_>) -> Option<(u64, Part<'a>)> {
    let len = part.little(0, 2).unwrap_or_default() as usize;
    walk.plain_group(part.place(0, len), PROTO);
    for (at, len, field) in
        [(0, 2, HEADER_LENGTH), (2, 8, IRP), (14, 2, FUNCTION), (17, 2, BUS), (19, 2, DEVICE)]
    {
        if let Some(value) = part.little(at, len) {
            walk.work_out(field, Value::Unsigned(value), part.place(at, len));
        }
    }
    walk.open(part, 16, 1, INFO);
    walk.tell(part, 16, 1, INFO_DIRECTION);
    walk.close();
    endpoint(part, 21, walk);
    walk.tell(part, 22, 1, TRANSFER);
    if let Some(value) = part.little(23, 4) {
        walk.work_out(DATA_LENGTH, Value::Unsigned(value), part.place(23, 4));
    }
    part.get(0, len.max(WINDOWS))?;
    (len >= WINDOWS).then_some((part.number(22, 1)?, part.after(len)))
}
