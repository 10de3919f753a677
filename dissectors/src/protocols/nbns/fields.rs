//! The fields of NBNS, under Wireshark's names and types.

use crate::field::{FieldDef, FieldId, Kind, Names};
use crate::fields;

const OPCODES: Names = &[
    (0, "Name query"),
    (5, "Registration"),
    (6, "Release"),
    (7, "Wait for acknowledgment"),
    (8, "Refresh"),
    (9, "Refresh (alternate opcode)"),
    (15, "Multi-homed registration"),
];

const RCODES: Names = &[
    (0, "No error"),
    (1, "Request was invalidly formatted"),
    (2, "Server failure"),
    (3, "Requested name does not exist"),
    (4, "Request is not implemented"),
    (5, "Request was refused"),
    (6, "Name is owned by another node"),
    (7, "Name is in conflict"),
];

const TYPES: Names = &[(1, "A"), (2, "NS"), (10, "NULL"), (32, "NB"), (33, "NBSTAT")];

const CLASSES: Names = &[(1, "IN")];

const NODES: Names = &[(0, "B-node"), (1, "P-node"), (2, "M-node"), (3, "H-node")];

fields! { "nbns", "NBNS";
    ID = FieldDef::u16("nbns.id", "Transaction ID").hex(),
    FLAGS = FieldDef::u16("nbns.flags", "Flags").hex(),
    RESPONSE = FieldDef::flag("nbns.flags.response", "Response", 0x8000),
    OPCODE = FieldDef::u16("nbns.flags.opcode", "Opcode").mask(0x7800).names(OPCODES),
    AUTHORITATIVE = FieldDef::flag("nbns.flags.authoritative", "Authoritative", 0x0400),
    TRUNCATED = FieldDef::flag("nbns.flags.truncated", "Truncated", 0x0200),
    RECDESIRED = FieldDef::flag("nbns.flags.recdesired", "Recursion desired", 0x0100),
    RECAVAIL = FieldDef::flag("nbns.flags.recavail", "Recursion available", 0x0080),
    BROADCAST = FieldDef::flag("nbns.flags.broadcast", "Broadcast", 0x0010),
    RCODE = FieldDef::u16("nbns.flags.rcode", "Reply code").mask(0x000f).names(RCODES),
    QUERIES = FieldDef::u16("nbns.count.queries", "Questions"),
    ANSWERS = FieldDef::u16("nbns.count.answers", "Answer RRs"),
    AUTHORITIES = FieldDef::u16("nbns.count.auth_rr", "Authority RRs"),
    ADDITIONAL = FieldDef::u16("nbns.count.add_rr", "Additional RRs"),
    NAME = FieldDef::text("nbns.name", "Name").computed(),
    TYPE = FieldDef::u16("nbns.type", "Type").names(TYPES),
    CLASS = FieldDef::u16("nbns.class", "Class").names(CLASSES),
    TTL = FieldDef::u32("nbns.ttl", "Time to live"),
    DATA_LENGTH = FieldDef::u16("nbns.data_length", "Data length"),
    NB_FLAGS = FieldDef::u16("nbns.nb_flags", "Name flags").hex(),
    NB_GROUP = FieldDef::flag("nbns.nb_flags.group", "Name type", 0x8000),
    NB_ONT = FieldDef::u16("nbns.nb_flags.ont", "ONT").mask(0x6000).names(NODES),
    ADDR = FieldDef::of("nbns.addr", "Addr", Kind::Ipv4),
    NUMBER_OF_NAMES = FieldDef::u8("nbns.number_of_names", "Number of names"),
    NETBIOS_NAME = FieldDef::text("nbns.netbios_name", "Name").computed(),
    NAME_FLAGS = FieldDef::u16("nbns.name_flags", "Name flags").hex(),
    NAME_GROUP = FieldDef::flag("nbns.name_flags.group", "Name type", 0x8000),
    NAME_ONT = FieldDef::u16("nbns.name_flags.ont", "ONT").mask(0x6000).names(NODES),
    NAME_DRG = FieldDef::flag("nbns.name_flags.drg", "Name is being deregistered", 0x1000),
    NAME_CNF = FieldDef::flag("nbns.name_flags.cnf", "Name is in conflict", 0x0800),
    NAME_ACT = FieldDef::flag("nbns.name_flags.act", "Name is active", 0x0400),
    NAME_PRM = FieldDef::flag("nbns.name_flags.prm", "Permanent node name", 0x0200),
    UNIT_ID = FieldDef::of("nbns.unit_id", "Unit ID", Kind::Ether),
    JUMPERS = FieldDef::u8("nbns.jumpers", "Jumpers").hex(),
    TEST_RESULT = FieldDef::u8("nbns.test_result", "Test result").hex(),
    VERSION_NUMBER = FieldDef::u16("nbns.version_number", "Version number").hex(),
    PERIOD = FieldDef::u16("nbns.period_of_statistics", "Period of statistics").hex(),
    NUM_CRCS = FieldDef::u16("nbns.num_crcs", "Number of CRCs"),
    NUM_ALIGNMENT = FieldDef::u16("nbns.num_alignment_errors", "Number of alignment errors"),
    NUM_COLLISIONS = FieldDef::u16("nbns.num_collisions", "Number of collisions"),
    NUM_ABORTS = FieldDef::u16("nbns.num_send_aborts", "Number of send aborts"),
    NUM_SENDS = FieldDef::u32("nbns.num_good_sends", "Number of good sends"),
    NUM_RECEIVES = FieldDef::u32("nbns.num_good_receives", "Number of good receives"),
    NUM_RETRANSMITS = FieldDef::u16("nbns.numretransmits", "Number of retransmits"),
    NUM_NO_RESOURCE =
        FieldDef::u16("nbns.num_no_resource_conditions", "Number of no resource conditions"),
    NUM_BLOCKS = FieldDef::u16("nbns.numcommand_blocks", "Number of command blocks"),
    NUM_PENDING = FieldDef::u16("nbns.numpending_sessions", "Number of pending sessions"),
    MAX_PENDING = FieldDef::u16("nbns.max_num_pending_sessions", "Max number of pending sessions"),
    MAX_SESSIONS =
        FieldDef::u16("nbns.max_total_sessions_possible", "Max total sessions possible"),
    PACKET_SIZE = FieldDef::u16("nbns.session_data_packet_size", "Session data packet size"),
    DATA = FieldDef::bytes("nbns.data", "Data"),
}

/// What a host says of itself behind its names, and how wide each value is (RFC 1002, section
/// 4.2.18).
pub(super) const STATISTICS: &[(FieldId, usize)] = &[
    (JUMPERS, 1),
    (TEST_RESULT, 1),
    (VERSION_NUMBER, 2),
    (PERIOD, 2),
    (NUM_CRCS, 2),
    (NUM_ALIGNMENT, 2),
    (NUM_COLLISIONS, 2),
    (NUM_ABORTS, 2),
    (NUM_SENDS, 4),
    (NUM_RECEIVES, 4),
    (NUM_RETRANSMITS, 2),
    (NUM_NO_RESOURCE, 2),
    (NUM_BLOCKS, 2),
    (NUM_PENDING, 2),
    (MAX_PENDING, 2),
    (MAX_SESSIONS, 2),
    (PACKET_SIZE, 2),
];
