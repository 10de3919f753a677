//! Teredo (RFC 4380): IPv6 over UDP and IPv4, past translators of addresses.

use etherparse::EtherType;

use crate::field::{FieldDef, FieldId, Kind, Value};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

fields! { "teredo", "Teredo";
    PROTO = FieldDef::group("teredo", "Teredo IPv6 over UDP tunneling"),
    AUTH = FieldDef::group("teredo.auth", "Teredo Authentication header"),
    AUTH_ID_LEN = FieldDef::u8("teredo.auth.idlen", "Client identifier length"),
    AUTH_VALUE_LEN = FieldDef::u8("teredo.auth.aulen", "Authentication value length"),
    AUTH_NONCE = FieldDef::bytes("teredo.auth.nonce", "Nonce value"),
    AUTH_CONFIRMATION = FieldDef::bytes("teredo.auth.conf", "Confirmation byte"),
    ORIGIN = FieldDef::group("teredo.orig", "Teredo Origin Indication header"),
    ORIGIN_PORT = FieldDef::u16("teredo.orig.port", "Origin UDP port").computed(),
    ORIGIN_ADDRESS = FieldDef::of("teredo.orig.addr", "Origin IPv4 address", Kind::Ipv4).computed(),
}

/// Teredo.
pub struct Teredo;

impl Protocol for Teredo {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 4380"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(3544)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        // What stands before the packet is two zero bytes or a zero and a one (RFC 4380, section
        // 5.1.1); an IPv6 packet begins with a six.
        let auth = match part.number(0, 2) {
            Some(1) => 13 + (part.number(2, 1)? + part.number(3, 1)?) as usize,
            _ => 0,
        };
        let origin = if part.number(auth, 2) == Some(0) { 8 } else { 0 };
        let packet = part.after(auth + origin);
        packet.number(0, 1).filter(|byte| byte >> 4 == 6)?;
        walk.group(&part, auth + origin, PROTO, format_args!("{} bytes", auth + origin));
        if auth > 0 {
            walk.plain_group(part.place(0, auth), AUTH);
            walk.tell(&part, 2, 1, AUTH_ID_LEN);
            walk.tell(&part, 3, 1, AUTH_VALUE_LEN);
            walk.tell(&part, auth - 9, 8, AUTH_NONCE);
            walk.tell(&part, auth - 1, 1, AUTH_CONFIRMATION);
            walk.close();
        }
        if origin > 0 {
            walk.plain_group(part.place(auth, origin), ORIGIN);
            describe_origin(&part.after(auth), walk);
            walk.close();
        }
        walk.close();
        Some(Next::ether(EtherType::IPV6, packet))
    }
}

/// Port and address from where a client was heard, every bit turned over, so that translators do
/// not change them (RFC 4380, section 5.1.1).
fn describe_origin(part: &Part<'_>, walk: &mut Walk<'_>) {
    if let Some(port) = part.array::<2>(2) {
        let port = !u16::from_be_bytes(port);
        walk.work_out(ORIGIN_PORT, Value::Unsigned(port.into()), part.place(2, 2));
    }
    if let Some(address) = part.array::<4>(4) {
        walk.work_out(ORIGIN_ADDRESS, Value::Bytes(&address.map(|byte| !byte)), part.place(4, 4));
    }
}
