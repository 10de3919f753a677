//! IPv4 (RFC 791): from host to host, in packets that may be cut into fragments on the way.

mod fields;
mod options;

use std::net::Ipv4Addr;

use etherparse::LaxIpv4Slice;

use crate::field::{FieldDef, FieldId, Value};
use crate::headers::names::{IP_NUMBERS, UNVERIFIED};
use crate::headers::{Ends, Found, Fragment, Next, Part, Reassembly, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;
use crate::span::Span;

pub use fields::*;

/// The Internet Protocol, version 4.
pub struct Ipv4;

impl Protocol for Ipv4 {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 791", "RFC 2474", "RFC 3168"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::EtherType(0x0800), Claim::Ppp(0x0021), Claim::Sap(0x06), Claim::IpProtocol(4)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, walk))
    }
}

/// The fields of a datagram that came in fragments.
const REASSEMBLY: Reassembly = Reassembly {
    group: FRAGMENTS,
    fragment: FRAGMENT,
    overlap: FRAGMENT_OVERLAP,
    count: FRAGMENT_COUNT,
    length: REASSEMBLED_LENGTH,
};

/// Tells an IPv4 header.
pub(crate) fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let header_len = part.number(0, 1).map_or(0, |byte| (byte as usize & 0x0f) * 4);
    let (source, destination) = (part.array(12), part.array(16));
    let from = Ipv4Addr::from(source.unwrap_or_default());
    let to = Ipv4Addr::from(destination.unwrap_or_default());
    walk.group(&part, header_len, PROTO, format_args!("Src: {from}, Dst: {to}"));
    if let Some(version) = part.number(0, 1).map(|byte| byte >> 4).filter(|version| *version != 4) {
        walk.tell(&part, 0, 1, VERSION);
        let text = format_args!("The packet says that it is of version {version}");
        walk.note(Severity::Broken, part.place(0, 1), text);
        walk.close();
        walk.summary(format_args!("IP of version {version}"));
        return Next::Nothing;
    }
    head(&part, header_len, walk);
    options::describe(&part, header_len, walk);
    let next = payload(part, walk);
    walk.close();
    next
}

fn head(part: &Part<'_>, header_len: usize, walk: &mut Walk<'_>) {
    walk.tell(part, 0, 1, VERSION);
    walk.work_out(HDR_LEN, Value::Unsigned(header_len as u64), part.place(0, 1));
    walk.open(part, 1, 1, DSFIELD);
    walk.tell(part, 1, 1, DSCP);
    walk.tell(part, 1, 1, ECN_BITS);
    walk.close();
    walk.tell(part, 2, 2, LEN);
    walk.tell(part, 4, 2, ID);
    walk.open(part, 6, 1, FLAGS);
    walk.tell(part, 6, 1, FLAG_RB);
    walk.tell(part, 6, 1, FLAG_DF);
    walk.tell(part, 6, 1, FLAG_MF);
    walk.close();
    walk.tell(part, 6, 2, FRAG_OFFSET);
    walk.tell(part, 8, 1, TTL);
    walk.tell(part, 9, 1, PROTOCOL);
    walk.tell(part, 10, 2, CHECKSUM);
    walk.work_out(STATUS, UNVERIFIED, Span::NONE);
    address(part, 12, SRC, SRC_HOST, walk);
    address(part, 16, DST, DST_HOST, walk);
}

/// Tells an address as that of its side, as that of either, and twice more as the host's name:
/// names are not looked up, so that it stays the address.
fn address(part: &Part<'_>, at: usize, field: FieldId, host: FieldId, walk: &mut Walk<'_>) {
    walk.tell(part, at, 4, field);
    walk.tell(part, at, 4, ADDR);
    if !walk.wants(host) && !walk.wants(HOST) {
        return;
    }
    let Some(bytes) = part.array::<4>(at) else { return };
    let text = Ipv4Addr::from(bytes).to_string();
    walk.work_out(host, Value::Text(&text), part.place(at, 4));
    walk.work_out(HOST, Value::Text(&text), part.place(at, 4));
}

/// Finds what the packet carries, within the length that the header gives.
fn payload<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let (slice, stopped) = match LaxIpv4Slice::from_slice(part.bytes) {
        Ok(read) => read,
        Err(error) => {
            walk.stop(&part, "IPv4", format_args!("{error}"));
            walk.summary(format_args!("IPv4, not readable"));
            return Next::Nothing;
        }
    };
    if let Some(error) = stopped {
        walk.stop(&part, "IPv4", format_args!("{error}"));
    }
    let header = slice.header();
    let own = header.slice().len();
    let total = usize::from(header.total_len());
    let whole = match total {
        // The sender's network card would have cut this into segments and set their lengths.
        0 => part,
        _ if total < own => {
            let text = format_args!("Total length {total} is less than the header's {own} bytes");
            walk.note(Severity::Broken, part.place(2, 2), text);
            part
        }
        _ if total > part.wire => {
            let wire = part.wire;
            let text = format_args!("Total length claims {total} bytes, but there are {wire}");
            walk.note(Severity::Broken, part.place(2, 2), text);
            part
        }
        _ => part.upto(total),
    };
    let behind = whole.after(own);
    let (number, ends) = (header.protocol(), Ends::V4(header.source(), header.destination()));
    if !header.is_fragmenting_payload() {
        return Next::ip(number, behind, ends);
    }
    let name = IP_NUMBERS.iter().find(|(known, _)| *known == u64::from(number.0));
    let offset = header.fragments_offset().byte_offset();
    walk.summary(format_args!(
        "Fragmented IP protocol (proto={} {}, off={offset}, ID={:04x})",
        name.map_or("Unknown", |(_, name)| name),
        number.0,
        header.identification(),
    ));
    if let Some(datagram) = walk.completed(&behind) {
        datagram.tell(REASSEMBLY, walk);
    }
    let fragment = Fragment {
        ends,
        protocol: number.0,
        ident: header.identification().into(),
        offset: offset.into(),
        more: header.more_fragments(),
    };
    Next::Fragment(fragment, behind)
}
