//! The fields of DHCPv6, under Wireshark's names and types.

use super::names::{MESSAGES, OPTIONS, STATUS};
use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;

const DUIDS: Names = &[
    (1, "link-layer address plus time"),
    (2, "assigned by vendor based on Enterprise number"),
    (3, "link-layer address"),
    (4, "Universally Unique IDentifier (UUID)"),
];

const HARDWARE: Names = &[(1, "Ethernet"), (6, "IEEE 802"), (32, "InfiniBand")];

const fn address(name: &'static str, title: &'static str) -> FieldDef {
    FieldDef::of(name, title, Kind::Ipv6)
}

fields! { "dhcpv6", "DHCPv6";
    MSGTYPE = FieldDef::u8("dhcpv6.msgtype", "Message type").names(MESSAGES),
    XID = FieldDef::u24("dhcpv6.xid", "Transaction ID").hex(),
    HOPCOUNT = FieldDef::u8("dhcpv6.hopcount", "Hopcount"),
    LINK = address("dhcpv6.linkaddr", "Link address"),
    PEER = address("dhcpv6.peeraddr", "Peer address"),
    OPTION = FieldDef::text("dhcpv6.option.type_str", "Option").computed(),
    OPTION_TYPE = FieldDef::u16("dhcpv6.option.type", "Option").names(OPTIONS),
    OPTION_LENGTH = FieldDef::u16("dhcpv6.option.length", "Length"),
    OPTION_DATA = FieldDef::bytes("dhcpv6.option.data", "Data"),
    DUID = FieldDef::bytes("dhcpv6.duid.bytes", "DUID"),
    DUID_TYPE = FieldDef::u16("dhcpv6.duid.type", "DUID Type").names(DUIDS),
    LLT_HARDWARE = FieldDef::u16("dhcpv6.duidllt.hwtype", "Hardware type").names(HARDWARE),
    LLT_TIME = FieldDef::of("dhcpv6.duidllt.time", "DUID Time", Kind::Time).computed(),
    LLT_ADDRESS =
        FieldDef::text("dhcpv6.duidllt.link_layer_addr", "Link-layer address").computed(),
    LLT_ETHER = FieldDef::of(
        "dhcpv6.duidllt.link_layer_addr_ether", "Link-layer address (Ethernet)", Kind::Ether),
    LL_HARDWARE = FieldDef::u16("dhcpv6.duidll.hwtype", "Hardware type").names(HARDWARE),
    LL_ADDRESS = FieldDef::text("dhcpv6.duidll.link_layer_addr", "Link-layer address").computed(),
    LL_ETHER = FieldDef::of(
        "dhcpv6.duidll.link_layer_addr_ether", "Link-layer address (Ethernet)", Kind::Ether),
    EN_ENTERPRISE = FieldDef::u32("dhcpv6.duiden.enterprise", "Enterprise ID"),
    EN_IDENTIFIER = FieldDef::bytes("dhcpv6.duiden.identifier", "Identifier"),
    UUID = FieldDef::bytes("dhcpv6.duiduuid.bytes", "UUID"),
    IAID = FieldDef::text("dhcpv6.iaid", "IAID").computed(),
    T1 = FieldDef::u32("dhcpv6.iaid.t1", "T1"),
    T2 = FieldDef::u32("dhcpv6.iaid.t2", "T2"),
    IATA = FieldDef::text("dhcpv6.iata", "IATA").computed(),
    IA_ADDRESS = address("dhcpv6.iaaddr.ip", "IPv6 address"),
    IA_PREFERRED = FieldDef::u32("dhcpv6.iaaddr.pref_lifetime", "Preferred lifetime"),
    IA_VALID = FieldDef::u32("dhcpv6.iaaddr.valid_lifetime", "Valid lifetime"),
    PREFIX_PREFERRED = FieldDef::u32("dhcpv6.iaprefix.pref_lifetime", "Preferred lifetime"),
    PREFIX_VALID = FieldDef::u32("dhcpv6.iaprefix.valid_lifetime", "Valid lifetime"),
    PREFIX_LENGTH = FieldDef::u8("dhcpv6.iaprefix.pref_len", "Prefix length"),
    PREFIX_ADDRESS = address("dhcpv6.iaprefix.pref_addr", "Prefix address"),
    REQUESTED = FieldDef::u16("dhcpv6.requested_option_code", "Requested Option code")
        .names(OPTIONS),
    PREFERENCE = FieldDef::u8("dhcpv6.option_preference", "Pref-value"),
    /// In milliseconds, as Wireshark has it; on the wire hundredths of a second.
    ELAPSED = FieldDef::u32("dhcpv6.elapsed_time", "Elapsed time").computed(),
    STATUS_CODE = FieldDef::u16("dhcpv6.status_code", "Status Code").names(STATUS),
    STATUS_MSG = FieldDef::text("dhcpv6.status_msg", "Status Message"),
    VENDOR_ENTERPRISE = FieldDef::u32("dhcpv6.vendorclass.enterprise", "Enterprise ID"),
    VENDOR_DATA = FieldDef::text("dhcpv6.vendorclass.data", "vendor-class-data"),
    OPTS_ENTERPRISE = FieldDef::u32("dhcpv6.vendoropts.enterprise", "Enterprise ID"),
    INTERFACE_ID = FieldDef::bytes("dhcpv6.interface_id", "Interface-ID"),
    RECONF_MSG = FieldDef::u8("dhcpv6.reconf_msg", "Reconfigure message type").names(MESSAGES),
    DNS_SERVER = address("dhcpv6.dns_server", "DNS server address"),
    SNTP_SERVER = address("dhcpv6.sntp_server", "SNTP server address"),
    SIP_SERVER = address("dhcpv6.sip_server_a", "SIP server address"),
    SEARCH_ENTRY = FieldDef::text("dhcpv6.search_list_entry", "List entry").computed(),
    LIFETIME = FieldDef::u32("dhcpv6.lifetime", "Lifetime"),
    FQDN_FLAGS = FieldDef::u8("dhcpv6.client_fqdn_flags", "Flags").hex(),
    FQDN_CLIENT_N = FieldDef::flag("dhcpv6.clientfqdn.client.n", "N bit", 0x04),
    FQDN_CLIENT_S = FieldDef::flag("dhcpv6.clientfqdn.client.s", "S bit", 0x01),
    FQDN_SERVER_N = FieldDef::flag("dhcpv6.clientfqdn.server.n", "N bit", 0x04),
    FQDN_SERVER_O = FieldDef::flag("dhcpv6.clientfqdn.server.o", "O bit", 0x02),
    FQDN_SERVER_S = FieldDef::flag("dhcpv6.clientfqdn.server.s", "S bit", 0x01),
    CLIENT_DOMAIN = FieldDef::text("dhcpv6.client_domain", "Client Domain Name").computed(),
}

/// Options whose data are values of one kind, over and over.
pub(super) const PLAIN: &[(u16, FieldId)] = &[
    (6, REQUESTED),
    (7, PREFERENCE),
    (18, INTERFACE_ID),
    (19, RECONF_MSG),
    (22, SIP_SERVER),
    (23, DNS_SERVER),
    (31, SNTP_SERVER),
    (32, LIFETIME),
];
