//! The Encapsulating Security Payload of IPsec (RFC 4303): a packet that only its receiver opens,
//! and the same inside UDP where addresses are translated on the way (RFC 3948).

use etherparse::ip_number;

use crate::field::{FieldDef, FieldId};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

fields! { "esp", "ESP";
    PROTO = FieldDef::group("esp", "Encapsulating Security Payload"),
    SPI = FieldDef::u32("esp.spi", "ESP SPI").hex(),
    SEQUENCE = FieldDef::u32("esp.sequence", "ESP Sequence"),
}

/// The Encapsulating Security Payload.
pub struct Esp;

impl Protocol for Esp {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 4303"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::IpProtocol(50)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        const LEN: usize = 8;
        let spi = part.number(0, 4).unwrap_or(0);
        walk.group(&part, part.bytes.len(), PROTO, format_args!("SPI: 0x{spi:08x}"));
        walk.tell(&part, 0, 4, SPI);
        walk.tell(&part, 4, 4, SEQUENCE);
        if part.bytes.len() < LEN {
            walk.stop(&part, "ESP", format_args!("a header takes {LEN} bytes"));
        }
        walk.close();
        walk.summary(format_args!("ESP (SPI=0x{spi:08x})"));
        Some(Next::Nothing)
    }
}

/// What IPsec sends in UDP.
pub mod in_udp {
    use super::*;

    fields! { "udpencap", "UDPENCAP";
        PROTO = FieldDef::group("udpencap", "UDP Encapsulation of IPsec Packets"),
        KEEPALIVE = FieldDef::group("udpencap.nat_keepalive", "NAT-keepalive packet"),
        MARKER = FieldDef::group("udpencap.non_esp_marker", "Non-ESP Marker"),
    }

    /// ESP, the key exchange, or a byte that keeps a translation of addresses alive.
    pub struct UdpEncap;

    impl Protocol for UdpEncap {
        fn heading(&self) -> FieldId {
            HEADING
        }

        fn standards(&self) -> &'static [&'static str] {
            &["RFC 3948"]
        }

        fn claims(&self) -> &'static [Claim<'static>] {
            &[Claim::UdpPort(4500)]
        }

        fn fields(&self) -> &'static [FieldDef] {
            FIELDS
        }

        fn header<'a>(
            &self,
            part: Part<'a>,
            found: Found,
            walk: &mut Walk<'_>,
        ) -> Option<Next<'a>> {
            // RFC 3948, sections 2.2 to 2.4.
            let next = match (part.bytes, part.number(0, 4)) {
                ([0xff], _) => {
                    walk.plain_group(part.span, PROTO);
                    walk.plain_group(part.span, KEEPALIVE);
                    walk.close();
                    walk.summary(format_args!("NAT-keepalive"));
                    Next::Nothing
                }
                (_, Some(0)) => {
                    walk.plain_group(part.place(0, 4), PROTO);
                    walk.plain_group(part.place(0, 4), MARKER);
                    walk.close();
                    walk.close();
                    // Messages of the key exchange are for a session, which knows the marker.
                    return None;
                }
                (_, Some(_)) => {
                    walk.plain_group(part.place(0, 0), PROTO);
                    Next::ip(ip_number::ENCAP_SEC, part, found.ends?)
                }
                _ => return None,
            };
            walk.close();
            Some(next)
        }
    }
}
