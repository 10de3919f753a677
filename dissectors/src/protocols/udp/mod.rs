//! UDP (RFC 768): datagrams between ports, and nothing else.

use etherparse::{UdpHeader, UdpSlice};

use crate::field::{FieldDef, FieldId, Kind, Value};
use crate::fields;
use crate::headers::names::{CHECKSUM_STATUS, UNVERIFIED};
use crate::headers::{Ends, Found, Next, Part, Walk, pseudo_header_sum};
use crate::protocol::{Claim, Protocol};
use crate::sink::Severity;
use crate::span::Span;

fields! { "udp", "UDP";
    PROTO = FieldDef::group("udp", "User Datagram Protocol"),
    SRCPORT = FieldDef::u16("udp.srcport", "Source Port").fresh(),
    DSTPORT = FieldDef::u16("udp.dstport", "Destination Port").fresh(),
    PORT = FieldDef::u16("udp.port", "Source or Destination Port").hidden(),
    LENGTH = FieldDef::u16("udp.length", "Length"),
    CHECKSUM = FieldDef::u16("udp.checksum", "Checksum").hex().fresh(),
    STATUS = FieldDef::u8("udp.checksum.status", "Checksum Status").computed()
        .names(CHECKSUM_STATUS),
    STREAM = FieldDef::u32("udp.stream", "Stream index").computed().fresh(),
    TIME_RELATIVE = FieldDef::of("udp.time_relative", "Time since first frame", Kind::Duration)
        .computed(),
    TIME_DELTA = FieldDef::of("udp.time_delta", "Time since previous frame", Kind::Duration)
        .computed(),
    PAYLOAD = FieldDef::bytes("udp.payload", "UDP payload"),
}

/// The User Datagram Protocol.
pub struct Udp;

impl Protocol for Udp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 768"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(17)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        Some(describe(part, found.ends?, walk))
    }
}

/// Tells a UDP header.
pub(crate) fn describe<'a>(part: Part<'a>, ends: Ends, walk: &mut Walk<'_>) -> Next<'a> {
    let context = walk.context;
    let source = part.number(0, 2).unwrap_or(0);
    let destination = part.number(2, 2).unwrap_or(0);
    let text = format_args!("Src Port: {source}, Dst Port: {destination}");
    walk.group(&part, UdpHeader::LEN, PROTO, text);
    walk.tell(&part, 0, 2, SRCPORT);
    walk.tell(&part, 2, 2, DSTPORT);
    walk.tell(&part, 0, 2, PORT);
    walk.tell(&part, 2, 2, PORT);
    walk.tell(&part, 4, 2, LENGTH);
    if let Some(checksum) = part.number(6, 2) {
        walk.tell(&part, 6, 2, CHECKSUM);
        // Zero says that the sender made none (RFC 768, "Checksum").
        let status = if checksum == 0 { Value::Unsigned(3) } else { UNVERIFIED };
        walk.work_out(STATUS, status, Span::NONE);
        if checksum == pseudo_header_sum(ends, 17, part.wire) {
            let text = format_args!(
                "Partial checksum: the sender left the rest to its network card (not an error)"
            );
            walk.note(Severity::Hint, part.place(6, 2), text);
        }
        if let Some(stream) = context.stream {
            walk.work_out(STREAM, Value::Unsigned(stream.into()), Span::NONE);
        }
    }
    let Ok(slice) = UdpSlice::from_slice_lax(part.bytes) else {
        walk.stop(&part, "UDP", format_args!("a header takes {} bytes", UdpHeader::LEN));
        walk.close();
        walk.summary(format_args!("{source} → {destination}"));
        return Next::Nothing;
    };
    walk.stream_times(TIME_RELATIVE, TIME_DELTA);
    let claimed = usize::from(slice.length());
    let whole = match claimed {
        0 => part,
        _ if claimed < UdpHeader::LEN || claimed > part.wire => {
            let text = format_args!("Length claims {claimed} bytes, but IP carries {}", part.wire);
            walk.note(Severity::Broken, part.place(4, 2), text);
            part
        }
        _ => part.upto(claimed),
    };
    let payload = whole.after(UdpHeader::LEN);
    if !payload.bytes.is_empty() {
        walk.tell(&payload, 0, payload.bytes.len(), PAYLOAD);
    }
    walk.close();
    walk.summary(format_args!("{source} → {destination} Len={}", payload.wire));
    match carrier(source as u16, destination as u16, walk) {
        Some(port) => {
            let found = Found { claim: Claim::UdpPort(port), ends: Some(ends) };
            Next::Claimed(found, payload)
        }
        None => Next::Nothing,
    }
}

/// The port that names a tunnel: the one a datagram is sent to, or, of what comes back, the one it
/// is sent from, unless it goes to somebody who is known.
fn carrier(source: u16, destination: u16, walk: &Walk<'_>) -> Option<u16> {
    let is_known = || walk.registry.by_claim(Claim::UdpPort(destination)).is_some();
    if walk.registry.is_carrier(destination) {
        Some(destination)
    } else {
        Some(source).filter(|port| walk.registry.is_carrier(*port) && !is_known())
    }
}
