//! The fields of DHCP, under Wireshark's names and types.

use super::options::NAMES;
use super::wire::TYPES;
use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;

const OPERATIONS: Names = &[(1, "Boot Request"), (2, "Boot Reply")];

/// Kinds of hardware, in ARP's numbers.
const HARDWARE: Names =
    &[(1, "Ethernet"), (6, "IEEE 802"), (7, "ARCNET"), (15, "Frame Relay"), (32, "InfiniBand")];

const NODE_TYPES: Names = &[(1, "B-node"), (2, "P-node"), (4, "M-node"), (8, "H-node")];

const OVERLOADS: Names = &[
    (1, "Boot file name holds options"),
    (2, "Server host name holds options"),
    (3, "Boot file and server host names hold options"),
];

const fn address(name: &'static str, title: &'static str) -> FieldDef {
    FieldDef::of(name, title, Kind::Ipv4)
}

fields! { "dhcp", "DHCP";
    TYPE = FieldDef::u8("dhcp.type", "Message type").names(OPERATIONS),
    HW_TYPE = FieldDef::u8("dhcp.hw.type", "Hardware type").hex().names(HARDWARE),
    HW_LEN = FieldDef::u8("dhcp.hw.len", "Hardware address length"),
    HOPS = FieldDef::u8("dhcp.hops", "Hops"),
    ID = FieldDef::u32("dhcp.id", "Transaction ID").hex(),
    SECS = FieldDef::u16("dhcp.secs", "Seconds elapsed"),
    FLAGS = FieldDef::u16("dhcp.flags", "Bootp flags").hex(),
    FLAGS_BC = FieldDef::flag("dhcp.flags.bc", "Broadcast flag", 0x8000),
    FLAGS_RESERVED = FieldDef::u16("dhcp.flags.reserved", "Reserved flags").hex().mask(0x7fff),
    IP_CLIENT = address("dhcp.ip.client", "Client IP address"),
    IP_YOUR = address("dhcp.ip.your", "Your (client) IP address"),
    IP_SERVER = address("dhcp.ip.server", "Next server IP address"),
    IP_RELAY = address("dhcp.ip.relay", "Relay agent IP address"),
    HW_MAC = FieldDef::of("dhcp.hw.mac_addr", "Client MAC address", Kind::Ether),
    HW_ADDR = FieldDef::bytes("dhcp.hw.addr", "Client hardware address"),
    HW_PADDING = FieldDef::bytes("dhcp.hw.addr_padding", "Client hardware address padding"),
    SERVER = FieldDef::text("dhcp.server", "Server host name"),
    FILE = FieldDef::text("dhcp.file", "Boot file name"),
    SERVER_OVERLOADED = FieldDef::group(
        "dhcp.server_name_overloaded_by_dhcp", "Server name option overloaded by DHCP"),
    FILE_OVERLOADED = FieldDef::group(
        "dhcp.boot_filename_overloaded_by_dhcp", "Boot file name option overloaded by DHCP"),
    COOKIE = address("dhcp.cookie", "Magic cookie"),
    /// What stands where options would, without the cookie.
    VENDOR_AREA = FieldDef::bytes("dhcp.vendor_specific_options", "Bootp vendor specific options"),
    OPTION = FieldDef::u8("dhcp.option.type", "Option").names(NAMES),
    OPTION_LENGTH = FieldDef::u8("dhcp.option.length", "Length"),
    OPTION_VALUE = FieldDef::bytes("dhcp.option.value", "Value"),
    PADDING = FieldDef::bytes("dhcp.option.padding", "Padding"),
    END = FieldDef::u8("dhcp.option.end", "Option End"),
    DHCP = FieldDef::u8("dhcp.option.dhcp", "DHCP").names(TYPES),
    SUBNET_MASK = address("dhcp.option.subnet_mask", "Subnet Mask"),
    ROUTER = address("dhcp.option.router", "Router"),
    TIME_SERVER = address("dhcp.option.time_server", "Time Server"),
    NAME_SERVER = address("dhcp.option.name_server", "Name Server"),
    DNS = address("dhcp.option.domain_name_server", "Domain Name Server"),
    LOG_SERVER = address("dhcp.option.log_server", "Log Server"),
    LPR_SERVER = address("dhcp.option.lpr_server", "LPR Server"),
    HOSTNAME = FieldDef::text("dhcp.option.hostname", "Host Name"),
    DOMAIN_NAME = FieldDef::text("dhcp.option.domain_name", "Domain Name"),
    ROOT_PATH = FieldDef::text("dhcp.option.root_path", "Root Path"),
    INTERFACE_MTU = FieldDef::u16("dhcp.option.interface_mtu", "Interface MTU"),
    BROADCAST = address("dhcp.option.broadcast_address", "Broadcast Address"),
    ROUTE_IP = address("dhcp.option.static_route.ip", "Destination IP Address"),
    ROUTE_ROUTER = address("dhcp.option.static_route.router", "Destination Router"),
    NIS_DOMAIN = FieldDef::text("dhcp.option.nis_domain", "Network Information Service Domain"),
    NTP_SERVER = address("dhcp.option.ntp_server", "Network Time Protocol Server"),
    NETBIOS_SERVER = address(
        "dhcp.option.netbios_over_tcpip_name_server", "NetBIOS over TCP/IP Name Server"),
    NETBIOS_NODE = FieldDef::u8(
        "dhcp.option.netbios_over_tcpip_node_type", "NetBIOS over TCP/IP Node Type")
        .names(NODE_TYPES),
    NETBIOS_SCOPE = FieldDef::text(
        "dhcp.option.netbios_over_tcpip_scope", "NetBIOS over TCP/IP Scope"),
    REQUESTED_IP = address("dhcp.option.requested_ip_address", "Requested IP Address"),
    LEASE_TIME = FieldDef::u32("dhcp.option.ip_address_lease_time", "IP Address Lease Time"),
    OVERLOAD = FieldDef::u8("dhcp.option.option_overload", "Option Overload").names(OVERLOADS),
    SERVER_ID = address("dhcp.option.dhcp_server_id", "DHCP Server Identifier"),
    REQUEST_ITEM =
        FieldDef::u8("dhcp.option.request_list_item", "Parameter Request List Item").names(NAMES),
    MESSAGE = FieldDef::text("dhcp.option.message", "Message"),
    MAX_SIZE = FieldDef::u16("dhcp.option.dhcp_max_message_size", "Maximum DHCP Message Size"),
    RENEWAL = FieldDef::u32("dhcp.option.renewal_time_value", "Renewal Time Value"),
    REBINDING = FieldDef::u32("dhcp.option.rebinding_time_value", "Rebinding Time Value"),
    VENDOR_CLASS = FieldDef::text("dhcp.option.vendor_class_id", "Vendor class identifier"),
    CLIENT_ID = FieldDef::bytes("dhcp.client_id", "Identifier"),
    CLIENT_ID_TYPE = FieldDef::u8("dhcp.client_id.type", "Type"),
    TFTP_SERVER = FieldDef::text("dhcp.option.tftp_server_name", "TFTP Server Name"),
    BOOTFILE = FieldDef::text("dhcp.option.bootfile_name", "Bootfile name"),
    USER_CLASS = FieldDef::u8("dhcp.option.user_class", "Instance of User Class").computed(),
    USER_CLASS_LENGTH = FieldDef::u8("dhcp.option.user_class.length", "User Class Length"),
    USER_CLASS_DATA = FieldDef::bytes("dhcp.option.user_class.data", "User Class Data"),
    FQDN_FLAGS = FieldDef::u8("dhcp.fqdn.flags", "Flags").hex(),
    FQDN_RESERVED = FieldDef::u8("dhcp.fqdn.mbz", "Reserved flags").hex().mask(0xf0),
    FQDN_N = FieldDef::flag("dhcp.fqdn.n", "Server DDNS", 0x08),
    FQDN_E = FieldDef::flag("dhcp.fqdn.e", "Encoding", 0x04),
    FQDN_O = FieldDef::flag("dhcp.fqdn.o", "Server overrides", 0x02),
    FQDN_S = FieldDef::flag("dhcp.fqdn.s", "Server", 0x01),
    FQDN_RCODE1 = FieldDef::u8("dhcp.fqdn.rcode1", "A-RR result"),
    FQDN_RCODE2 = FieldDef::u8("dhcp.fqdn.rcode2", "PTR-RR result"),
    FQDN_NAME = FieldDef::text("dhcp.fqdn.name", "Client name"),
    AGENT_SUBOPTION = FieldDef::u8(
        "dhcp.option.agent_information_option.suboption", "Option 82 Suboption"),
    AGENT_LENGTH = FieldDef::u8("dhcp.option.suboption_length", "Length"),
    AGENT_CIRCUIT = FieldDef::bytes(
        "dhcp.option.agent_information_option.agent_circuit_id", "Agent Circuit ID"),
    AGENT_REMOTE = FieldDef::bytes(
        "dhcp.option.agent_information_option.agent_remote_id", "Agent Remote ID"),
    AGENT_LINK = address(
        "dhcp.option.agent_information_option.link_selection", "Link selection"),
    AGENT_SUBSCRIBER = FieldDef::text(
        "dhcp.option.agent_information_option.subscriber_id", "Subscriber ID"),
    AGENT_VALUE = FieldDef::bytes("dhcp.option.agent_information_option.value", "Value"),
    ARCHITECTURE = FieldDef::u16(
        "dhcp.option.client_system_architecture", "Client System Architecture"),
    IPV6_ONLY = FieldDef::u32(
        "dhcp.option.ipv6only_preferred_wait_time", "IPv6-Only preferred wait time"),
}

/// The fields of an option whose data are of one kind, over and over.
pub(super) const PLAIN: &[(u8, FieldId)] = &[
    (1, SUBNET_MASK),
    (3, ROUTER),
    (4, TIME_SERVER),
    (5, NAME_SERVER),
    (6, DNS),
    (7, LOG_SERVER),
    (9, LPR_SERVER),
    (12, HOSTNAME),
    (15, DOMAIN_NAME),
    (17, ROOT_PATH),
    (26, INTERFACE_MTU),
    (28, BROADCAST),
    (40, NIS_DOMAIN),
    (42, NTP_SERVER),
    (44, NETBIOS_SERVER),
    (46, NETBIOS_NODE),
    (47, NETBIOS_SCOPE),
    (50, REQUESTED_IP),
    (51, LEASE_TIME),
    (52, OVERLOAD),
    (53, DHCP),
    (54, SERVER_ID),
    (55, REQUEST_ITEM),
    (56, MESSAGE),
    (57, MAX_SIZE),
    (58, RENEWAL),
    (59, REBINDING),
    (60, VENDOR_CLASS),
    (66, TFTP_SERVER),
    (67, BOOTFILE),
    (93, ARCHITECTURE),
    (108, IPV6_ONLY),
];
