//! The fields of BGP, as Wireshark names them.

use crate::field::{FieldDef, Kind, Names};
use crate::fields;

fields! { "bgp", "BGP";
    MARKER = FieldDef::bytes("bgp.marker", "Marker"),
    LENGTH = FieldDef::u16("bgp.length", "Length"),
    TYPE = FieldDef::u8("bgp.type", "Type").names(TYPES),
    VERSION = FieldDef::u8("bgp.open.version", "Version"),
    SYSTEM = FieldDef::u16("bgp.open.myas", "My AS"),
    HOLD_TIME = FieldDef::u16("bgp.open.holdtime", "Hold Time"),
    IDENTIFIER = FieldDef::of("bgp.open.identifier", "BGP Identifier", Kind::Ipv4),
    OPTIONS_LENGTH = FieldDef::u8("bgp.open.opt.len", "Optional Parameters Length"),
    OPTION = FieldDef::group("bgp.open.opt.param", "Optional Parameter"),
    OPTION_TYPE = FieldDef::u8("bgp.open.opt.param.type", "Parameter Type").names(OPTIONS),
    OPTION_LENGTH = FieldDef::u16("bgp.open.opt.param.len", "Parameter Length"),
    CAPABILITY = FieldDef::group("bgp.cap", "Capability"),
    CAPABILITY_TYPE = FieldDef::u8("bgp.cap.type", "Type").names(CAPABILITIES),
    CAPABILITY_LENGTH = FieldDef::u8("bgp.cap.length", "Length"),
    CAPABILITY_FAMILY = FieldDef::u16("bgp.cap.mp.afi", "AFI").names(FAMILIES),
    CAPABILITY_SUBFAMILY = FieldDef::u8("bgp.cap.mp.safi", "SAFI").names(SUBFAMILIES),
    CAPABILITY_SYSTEM = FieldDef::u32("bgp.cap.4as", "AS Number"),
    WITHDRAWN_LENGTH =
        FieldDef::u16("bgp.update.withdrawn_routes.length", "Withdrawn Routes Length"),
    WITHDRAWN = FieldDef::group("bgp.update.withdrawn_routes", "Withdrawn Routes"),
    ATTRIBUTES_LENGTH =
        FieldDef::u16("bgp.update.path_attributes.length", "Total Path Attribute Length"),
    ATTRIBUTES = FieldDef::group("bgp.update.path_attributes", "Path attributes"),
    ATTRIBUTE = FieldDef::group("bgp.update.path_attribute", "Path Attribute"),
    FLAGS = FieldDef::u8("bgp.update.path_attribute.flags", "Flags").hex(),
    OPTIONAL = FieldDef::flag("bgp.update.path_attribute.flags.optional", "Optional", 0x80),
    TRANSITIVE = FieldDef::flag("bgp.update.path_attribute.flags.transitive", "Transitive", 0x40),
    PARTIAL = FieldDef::flag("bgp.update.path_attribute.flags.partial", "Partial", 0x20),
    EXTENDED =
        FieldDef::flag("bgp.update.path_attribute.flags.extended_length", "Extended-Length", 0x10),
    TYPE_CODE = FieldDef::u8("bgp.update.path_attribute.type_code", "Type Code").names(CODES),
    ATTRIBUTE_LENGTH = FieldDef::u16("bgp.update.path_attribute.length", "Length"),
    ORIGIN = FieldDef::u8("bgp.update.path_attribute.origin", "Origin").names(ORIGINS),
    SEGMENT_TYPE = FieldDef::u8("bgp.update.path_attribute.as_path_segment.type", "Segment type")
        .names(SEGMENTS),
    SEGMENT_LENGTH =
        FieldDef::u8("bgp.update.path_attribute.as_path_segment.length", "Segment length"),
    AS2 = FieldDef::u16("bgp.update.path_attribute.as_path_segment.as2", "AS2"),
    AS4 = FieldDef::u32("bgp.update.path_attribute.as_path_segment.as4", "AS4"),
    NEXT_HOP = FieldDef::of("bgp.update.path_attribute.next_hop", "Next hop", Kind::Ipv4),
    DISCRIMINATOR =
        FieldDef::u32("bgp.update.path_attribute.multi_exit_disc", "Multiple exit discriminator"),
    PREFERENCE = FieldDef::u32("bgp.update.path_attribute.local_pref", "Local preference"),
    COMMUNITY_SYSTEM = FieldDef::u16("bgp.update.path_attribute.community_as", "Community AS"),
    COMMUNITY_VALUE = FieldDef::u16("bgp.update.path_attribute.community_value", "Community value"),
    REACH_FAMILY = FieldDef::u16(
        "bgp.update.path_attribute.mp_reach_nlri.afi", "Address family identifier (AFI)")
        .names(FAMILIES),
    REACH_SUBFAMILY = FieldDef::u8(
        "bgp.update.path_attribute.mp_reach_nlri.safi",
        "Subsequent address family identifier (SAFI)").names(SUBFAMILIES),
    UNREACH_FAMILY = FieldDef::u16(
        "bgp.update.path_attribute.mp_unreach_nlri.afi", "Address family identifier (AFI)")
        .names(FAMILIES),
    UNREACH_SUBFAMILY = FieldDef::u8(
        "bgp.update.path_attribute.mp_unreach_nlri.safi",
        "Subsequent address family identifier (SAFI)").names(SUBFAMILIES),
    /// Ours: attributes that are not told further.
    VALUE = FieldDef::bytes("bgp.update.path_attribute.value", "Value"),
    NAMED = FieldDef::group("bgp.update.nlri", "Network Layer Reachability Information"),
    PREFIX_LENGTH = FieldDef::u8("bgp.prefix_length", "Prefix length"),
    PREFIX = FieldDef::of("bgp.nlri_prefix", "Prefix", Kind::Ipv4).computed(),
    WITHDRAWN_PREFIX =
        FieldDef::of("bgp.withdrawn_prefix", "Withdrawn prefix", Kind::Ipv4).computed(),
    MAJOR = FieldDef::u8("bgp.notify.major_error", "Major error Code").names(ERRORS),
    MINOR = FieldDef::u8("bgp.notify.minor_error", "Minor error Code"),
    MINOR_DATA = FieldDef::bytes("bgp.notify.minor_data", "Data"),
    REFRESH_FAMILY =
        FieldDef::u16("bgp.route_refresh.afi", "Address family identifier (AFI)").names(FAMILIES),
    REFRESH_SUBTYPE = FieldDef::u8("bgp.route_refresh.subtype", "Subtype"),
    REFRESH_SUBFAMILY = FieldDef::u8(
        "bgp.route_refresh.safi", "Subsequent address family identifier (SAFI)")
        .names(SUBFAMILIES),
}

const TYPES: Names = &[
    (1, "OPEN Message"),
    (2, "UPDATE Message"),
    (3, "NOTIFICATION Message"),
    (4, "KEEPALIVE Message"),
    (5, "ROUTE-REFRESH Message"),
    (6, "CAPABILITY Message"),
];

const OPTIONS: Names = &[(1, "Authentication"), (2, "Capability")];

/// IANA, Capability Codes.
const CAPABILITIES: Names = &[
    (1, "Multiprotocol extensions capability"),
    (2, "Route refresh capability"),
    (3, "Outbound route filtering capability"),
    (5, "Extended Next Hop Encoding"),
    (6, "BGP-Extended Message"),
    (9, "BGP Role"),
    (64, "Graceful Restart capability"),
    (65, "Support for 4-octet AS number capability"),
    (69, "Support for Additional Paths"),
    (70, "Enhanced route refresh capability"),
    (71, "Long-Lived Graceful Restart (LLGR) Capability"),
    (73, "FQDN Capability"),
    (128, "Route refresh capability (Cisco)"),
];

const FAMILIES: Names = &[(1, "IPv4"), (2, "IPv6"), (25, "Layer-2 VPN"), (16388, "BGP-LS")];

const SUBFAMILIES: Names = &[
    (1, "Unicast"),
    (2, "Multicast"),
    (4, "Labeled Unicast"),
    (5, "MCAST-VPN"),
    (65, "VPLS"),
    (70, "EVPN"),
    (128, "Labeled VPN Unicast"),
    (132, "Route Target Filter"),
    (133, "Flow Spec Filter"),
];

/// IANA, BGP Path Attributes.
const CODES: Names = &[
    (1, "ORIGIN"),
    (2, "AS_PATH"),
    (3, "NEXT_HOP"),
    (4, "MULTI_EXIT_DISC"),
    (5, "LOCAL_PREF"),
    (6, "ATOMIC_AGGREGATE"),
    (7, "AGGREGATOR"),
    (8, "COMMUNITIES"),
    (9, "ORIGINATOR_ID"),
    (10, "CLUSTER_LIST"),
    (14, "MP_REACH_NLRI"),
    (15, "MP_UNREACH_NLRI"),
    (16, "EXTENDED_COMMUNITIES"),
    (17, "AS4_PATH"),
    (18, "AS4_AGGREGATOR"),
    (22, "PMSI_TUNNEL_ATTRIBUTE"),
    (26, "AIGP"),
    (29, "BGP-LS Attribute"),
    (32, "LARGE_COMMUNITY"),
    (40, "BGP Prefix-SID"),
    (128, "ATTR_SET"),
];

const ORIGINS: Names = &[(0, "IGP"), (1, "EGP"), (2, "INCOMPLETE")];

const SEGMENTS: Names =
    &[(1, "AS_SET"), (2, "AS_SEQUENCE"), (3, "AS_CONFED_SEQUENCE"), (4, "AS_CONFED_SET")];

/// RFC 4271, section 4.5; RFC 7313, section 5.
const ERRORS: Names = &[
    (1, "Message Header Error"),
    (2, "OPEN Message Error"),
    (3, "UPDATE Message Error"),
    (4, "Hold Timer Expired"),
    (5, "Finite State Machine Error"),
    (6, "Cease"),
    (7, "ROUTE-REFRESH Message Error"),
];
