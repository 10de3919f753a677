//! What is settled once a line is up: the addresses of IP (IPCP, RFC 1332), half an address of
//! IPv6 (IPV6CP, RFC 5072), and how data is compressed (CCP, RFC 1962).

use super::control::{CODES, Control, Options, settle, whole};
use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::protocol::{Claim, Protocol};

/// IPCP: each end says its address, or asks for one.
pub mod ipcp {
    use super::*;

    /// RFC 1332, section 3; RFC 1877, section 1.
    const OPTIONS: Names = &[
        (1, "IP addresses (deprecated)"),
        (2, "IP compression protocol"),
        (3, "IP address"),
        (4, "Mobile Node's Home IP Address"),
        (129, "Primary DNS Server IP Address"),
        (130, "Primary NBNS Server IP Address"),
        (131, "Secondary DNS Server IP Address"),
        (132, "Secondary NBNS Server IP Address"),
    ];

    /// Van Jacobson's compression, which has two settings.
    const VAN_JACOBSON: u64 = 0x002d;

    fields! { "ipcp", "PPP IPCP";
        PROTO = FieldDef::group("ipcp", "PPP IP Control Protocol"),
        CODE = FieldDef::u8("ppp.code", "Code").names(CODES),
        IDENTIFIER = FieldDef::u8("ppp.identifier", "Identifier"),
        LENGTH = FieldDef::u16("ppp.length", "Length"),
        OPTION = FieldDef::u8("ipcp.opt.type", "Type").names(OPTIONS),
        OPTION_LENGTH = FieldDef::u8("ipcp.opt.length", "Length"),
        SOURCE = FieldDef::of("ipcp.opt.src_address", "Source IP Address", Kind::Ipv4),
        DESTINATION = FieldDef::of("ipcp.opt.dst_address", "Destination IP Address", Kind::Ipv4),
        COMPRESSION = FieldDef::u16("ipcp.opt.compress_proto", "IP Compression Protocol").hex(),
        MAX_SLOT = FieldDef::u8("ipcp.opt.max_slot_id", "Max Slot ID"),
        COMP_SLOT = FieldDef::flag("ipcp.opt.comp_slot_id", "Comp Slot ID", 0x01),
        ADDRESS = FieldDef::of("ipcp.opt.ip_address", "IP Address", Kind::Ipv4),
        HOME = FieldDef::of("ipcp.opt.mobilenodehomeaddress", "Mobile Node's Home Address", Kind::Ipv4),
        DNS_1 = FieldDef::of("ipcp.opt.pri_dns_address", "Primary DNS Address", Kind::Ipv4),
        NBNS_1 = FieldDef::of("ipcp.opt.pri_nbns_address", "Primary NBNS Address", Kind::Ipv4),
        DNS_2 = FieldDef::of("ipcp.opt.sec_dns_address", "Secondary DNS Address", Kind::Ipv4),
        NBNS_2 = FieldDef::of("ipcp.opt.sec_nbns_address", "Secondary NBNS Address", Kind::Ipv4),
        DATA = FieldDef::bytes("ipcp.data", "Data"),
    }

    /// The IP Control Protocol.
    pub struct Ipcp;

    impl Protocol for Ipcp {
        fn heading(&self) -> FieldId {
            HEADING
        }

        fn standards(&self) -> &'static [&'static str] {
            &["RFC 1332", "RFC 1877"]
        }

        fn claims(&self) -> &'static [Claim<'static>] {
            &[Claim::Ppp(0x8021)]
        }

        fn fields(&self) -> &'static [FieldDef] {
            FIELDS
        }

        fn header<'a>(&self, part: Part<'a>, _: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
            let head = Control { group: PROTO, code: CODE, identifier: IDENTIFIER, length: LENGTH };
            let options = Options { kind: OPTION, length: OPTION_LENGTH, value };
            Some(settle(&part, (&head, &options), DATA, walk))
        }
    }

    fn value(kind: u64, value: &Part<'_>, walk: &mut Walk<'_>) {
        let address = match kind {
            1 => {
                walk.tell(value, 0, 4, SOURCE);
                return walk.tell(value, 4, 4, DESTINATION);
            }
            2 => {
                walk.tell(value, 0, 2, COMPRESSION);
                if value.number(0, 2) == Some(VAN_JACOBSON) {
                    walk.tell(value, 2, 1, MAX_SLOT);
                    walk.tell(value, 3, 1, COMP_SLOT);
                }
                return;
            }
            3 => ADDRESS,
            4 => HOME,
            129 => DNS_1,
            130 => NBNS_1,
            131 => DNS_2,
            132 => NBNS_2,
            _ => return whole(value, DATA, walk),
        };
        walk.tell(value, 0, 4, address);
    }
}

/// IPV6CP: each end says the half of its address that is its own.
pub mod ipv6cp {
    use super::*;

    /// RFC 5072, section 4; RFC 5172.
    const OPTIONS: Names = &[(1, "Interface Identifier"), (2, "IPv6 Compression Protocol")];

    fields! { "ipv6cp", "PPP IPV6CP";
        PROTO = FieldDef::group("ipv6cp", "PPP IPv6 Control Protocol"),
        CODE = FieldDef::u8("ppp.code", "Code").names(CODES),
        IDENTIFIER = FieldDef::u8("ppp.identifier", "Identifier"),
        LENGTH = FieldDef::u16("ppp.length", "Length"),
        OPTION = FieldDef::u8("ipv6cp.opt.type", "Type").names(OPTIONS),
        OPTION_LENGTH = FieldDef::u8("ipv6cp.opt.length", "Length"),
        INTERFACE = FieldDef::bytes("ipv6cp.interface_identifier", "Interface Identifier"),
        DATA = FieldDef::bytes("ppp.data", "Data"),
    }

    /// The IPv6 Control Protocol.
    pub struct Ipv6cp;

    impl Protocol for Ipv6cp {
        fn heading(&self) -> FieldId {
            HEADING
        }

        fn standards(&self) -> &'static [&'static str] {
            &["RFC 5072", "RFC 5172"]
        }

        fn claims(&self) -> &'static [Claim<'static>] {
            &[Claim::Ppp(0x8057)]
        }

        fn fields(&self) -> &'static [FieldDef] {
            FIELDS
        }

        fn header<'a>(&self, part: Part<'a>, _: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
            let head = Control { group: PROTO, code: CODE, identifier: IDENTIFIER, length: LENGTH };
            let options = Options { kind: OPTION, length: OPTION_LENGTH, value };
            Some(settle(&part, (&head, &options), DATA, walk))
        }
    }

    fn value(kind: u64, value: &Part<'_>, walk: &mut Walk<'_>) {
        match kind {
            1 => walk.tell(value, 0, 8, INTERFACE),
            _ => whole(value, DATA, walk),
        }
    }
}

/// CCP: how data is compressed, by the names of the ways.
pub mod ccp {
    use super::*;

    /// RFC 1962, section 4, and those of the documents for each.
    const OPTIONS: Names = &[
        (0, "OUI"),
        (1, "Predictor type 1"),
        (2, "Predictor type 2"),
        (3, "Puddle Jumper"),
        (16, "Hewlett-Packard PPC"),
        (17, "Stac Electronics LZS"),
        (18, "Microsoft PPE/PPC"),
        (19, "Gandalf FZA"),
        (20, "V.42bis compression"),
        (21, "BSD Compress"),
        (23, "LZS-DCP"),
        (24, "MVRCA (Magnalink)"),
        (26, "Deflate"),
    ];

    fields! { "ccp", "PPP CCP";
        PROTO = FieldDef::group("ccp", "PPP Compression Control Protocol"),
        CODE = FieldDef::u8("ppp.code", "Code").names(CODES),
        IDENTIFIER = FieldDef::u8("ppp.identifier", "Identifier"),
        LENGTH = FieldDef::u16("ppp.length", "Length"),
        OPTION = FieldDef::u8("ccp.opt.type", "Type").names(OPTIONS),
        OPTION_LENGTH = FieldDef::u8("ccp.opt.length", "Length"),
        OPTION_DATA = FieldDef::bytes("ccp.opt.data", "Data"),
        DATA = FieldDef::bytes("ppp.data", "Data"),
    }

    /// The Compression Control Protocol.
    pub struct Ccp;

    impl Protocol for Ccp {
        fn heading(&self) -> FieldId {
            HEADING
        }

        fn standards(&self) -> &'static [&'static str] {
            &["RFC 1962"]
        }

        fn claims(&self) -> &'static [Claim<'static>] {
            &[Claim::Ppp(0x80fd)]
        }

        fn fields(&self) -> &'static [FieldDef] {
            FIELDS
        }

        fn header<'a>(&self, part: Part<'a>, _: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
            let head = Control { group: PROTO, code: CODE, identifier: IDENTIFIER, length: LENGTH };
            let value = |_, value: &Part<'_>, walk: &mut Walk<'_>| whole(value, OPTION_DATA, walk);
            let options = Options { kind: OPTION, length: OPTION_LENGTH, value };
            Some(settle(&part, (&head, &options), DATA, walk))
        }
    }
}
