//! IPv6 (RFC 8200): from host to host; only the sender cuts packets, in a header of its own.

mod extensions;
mod fields;

use std::net::Ipv6Addr;

use etherparse::{IpNumber, Ipv6Header, Ipv6HeaderSlice};

use crate::field::{FieldDef, FieldId, Value};
use crate::headers::{Ends, Found, Fragment, Next, Part, Reassembly, Walk};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;

pub use fields::*;

/// The Internet Protocol, version 6.
pub struct Ipv6;

impl Protocol for Ipv6 {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 8200"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[
            Claim::EtherType(0x86dd),
            Claim::Ppp(0x0057),
            Claim::IpProtocol(41),
            // Extension headers, where they follow one that is no part of IPv6.
            Claim::IpProtocol(0),
            Claim::IpProtocol(43),
            Claim::IpProtocol(44),
            Claim::IpProtocol(60),
            Claim::IpProtocol(139),
            Claim::IpProtocol(140),
        ]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        match (found.claim, found.ends) {
            (Claim::IpProtocol(number @ (0 | 43 | 44 | 60 | 139 | 140)), ends) => {
                Some(chain(&part, IpNumber(number), ends?, walk))
            }
            _ => Some(describe(part, walk)),
        }
    }
}

/// The headings of extension headers that Wireshark counts as protocols.
pub(crate) const EXTENSIONS: [FieldId; 4] = [HOPOPTS, DSTOPTS, ROUTING, FRAGMENT];

/// The fields of a datagram that came in fragments.
const REASSEMBLY: Reassembly = Reassembly {
    group: FRAGMENTS,
    fragment: FRAGMENT_FRAME,
    overlap: FRAGMENT_OVERLAP,
    count: FRAGMENT_COUNT,
    length: REASSEMBLED_LENGTH,
};

/// Tells an IPv6 header and its extension headers.
pub(crate) fn describe<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    if let Some(version) = part.number(0, 1).map(|byte| byte >> 4).filter(|version| *version != 6) {
        walk.plain_group(part.place(0, 1), PROTO);
        walk.tell(&part, 0, 1, VERSION);
        walk.tell(&part, 0, 1, IP_VERSION);
        let text = format_args!("IPv6 is announced, and the header says version {version}");
        walk.note(Severity::Broken, part.place(0, 1), text);
        walk.close();
        walk.summary(format_args!("IPv6, not readable"));
        return Next::named("data", part);
    }
    let address = |at| Ipv6Addr::from(part.array::<16>(at).unwrap_or_default());
    let text = format_args!("Src: {}, Dst: {}", address(8), address(24));
    walk.group(&part, Ipv6Header::LEN, PROTO, text);
    head(&part, walk);
    let next = payload(part, walk);
    walk.close();
    next
}

fn head(part: &Part<'_>, walk: &mut Walk<'_>) {
    walk.tell(part, 0, 1, VERSION);
    walk.tell(part, 0, 1, IP_VERSION);
    walk.open(part, 0, 4, TCLASS);
    walk.tell(part, 0, 4, DSCP);
    walk.tell(part, 0, 4, ECN_BITS);
    walk.close();
    walk.tell(part, 1, 3, FLOW);
    walk.tell(part, 4, 2, PLEN);
    walk.tell(part, 6, 1, NXT);
    walk.tell(part, 7, 1, HLIM);
    address(part, 8, SRC, SRC_HOST, walk);
    address(part, 24, DST, DST_HOST, walk);
}

/// Tells an address as that of its side and as that of either, and as a host's name; names are
/// not looked up, so that it stays the address.
fn address(part: &Part<'_>, at: usize, field: FieldId, host: FieldId, walk: &mut Walk<'_>) {
    walk.tell(part, at, 16, field);
    walk.tell(part, at, 16, ADDR);
    if !walk.wants(host) && !walk.wants(HOST) {
        return;
    }
    let Some(bytes) = part.array::<16>(at) else { return };
    let text = Ipv6Addr::from(bytes).to_string();
    walk.work_out(host, Value::Text(&text), part.place(at, 16));
    walk.work_out(HOST, Value::Text(&text), part.place(at, 16));
}

/// Tells the extension headers and finds what the packet carries behind them.
fn payload<'a>(part: Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let header = match Ipv6HeaderSlice::from_slice(part.bytes) {
        Ok(header) => header,
        Err(error) => {
            walk.stop(&part, "IPv6", format_args!("{error}"));
            walk.summary(format_args!("IPv6, not readable"));
            return Next::Nothing;
        }
    };
    let claimed = Ipv6Header::LEN + usize::from(header.payload_length());
    let whole = match header.payload_length() {
        // A jumbogram (RFC 2675), or a packet that a network card would have cut.
        0 => part,
        _ if claimed > part.wire => {
            let present = part.wire - Ipv6Header::LEN;
            let text = format_args!(
                "Payload length claims {} bytes, but there are {present}",
                header.payload_length()
            );
            walk.note(Severity::Broken, part.place(4, 2), text);
            part
        }
        _ => part.upto(claimed),
    };
    let behind = whole.after(Ipv6Header::LEN);
    let ends = Ends::V6(header.source(), header.destination());
    chain(&behind, header.next_header(), ends, walk)
}

/// Tells a chain of extension headers, and finds what is behind it.
fn chain<'a>(part: &Part<'a>, first: IpNumber, ends: Ends, walk: &mut Walk<'_>) -> Next<'a> {
    let chain = extensions::describe(part, first, walk);
    if !chain.is_whole {
        walk.summary(format_args!("IPv6 extension headers, not readable"));
        return Next::Nothing;
    }
    let behind = part.after(chain.len);
    let Some(fragment) = chain.fragment else { return Next::ip(chain.next, behind, ends) };
    walk.summary(format_args!(
        "IPv6 fragment (off={} more={} ident=0x{:08x} nxt={})",
        fragment.offset,
        if fragment.more { 'y' } else { 'n' },
        fragment.ident,
        fragment.next.0,
    ));
    if let Some(datagram) = walk.completed(&behind) {
        datagram.tell(REASSEMBLY, walk);
    }
    let fragment = Fragment {
        ends,
        protocol: fragment.next.0,
        ident: fragment.ident,
        offset: fragment.offset.into(),
        more: fragment.more,
    };
    Next::Fragment(fragment, behind)
}
