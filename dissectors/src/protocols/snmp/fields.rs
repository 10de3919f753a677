//! The fields of SNMP, under Wireshark's names and types.

use super::names::{ERRORS, MODELS, PDUS, TRAPS, VERSIONS};
use crate::field::{FieldDef, FieldId, Kind};
use crate::fields;

/// A number with a sign, which its bytes alone do not show to be one.
const fn signed(name: &'static str, title: &'static str) -> FieldDef {
    FieldDef::of(name, title, Kind::Signed(32)).computed()
}

/// An object identifier, shown with dots.
const fn oid(name: &'static str, title: &'static str) -> FieldDef {
    FieldDef::text(name, title).computed()
}

fields! { "snmp", "SNMP";
    VERSION = signed("snmp.version", "version").names(VERSIONS),
    MSG_VERSION = signed("snmp.msgVersion", "msgVersion").names(VERSIONS),
    COMMUNITY = FieldDef::text("snmp.community", "community"),
    DATA = FieldDef::u32("snmp.data", "data").names(PDUS).computed(),
    GLOBAL = FieldDef::group("snmp.msgGlobalData_element", "msgGlobalData"),
    MSG_ID = FieldDef::u32("snmp.msgID", "msgID"),
    MSG_MAX_SIZE = FieldDef::u32("snmp.msgMaxSize", "msgMaxSize"),
    MSG_FLAGS = FieldDef::bytes("snmp.msgFlags", "msgFlags"),
    FLAG_REPORT = FieldDef::flag("snmp.v3.flags.report", "Reportable", 0x04),
    FLAG_CRYPT = FieldDef::flag("snmp.v3.flags.crypt", "Encrypted", 0x02),
    FLAG_AUTH = FieldDef::flag("snmp.v3.flags.auth", "Authenticated", 0x01),
    MSG_MODEL = FieldDef::u32("snmp.msgSecurityModel", "msgSecurityModel").names(MODELS),
    ENGINE_ID = FieldDef::bytes("snmp.msgAuthoritativeEngineID", "msgAuthoritativeEngineID"),
    ENGINE_BOOTS =
        FieldDef::u32("snmp.msgAuthoritativeEngineBoots", "msgAuthoritativeEngineBoots"),
    ENGINE_TIME = FieldDef::u32("snmp.msgAuthoritativeEngineTime", "msgAuthoritativeEngineTime"),
    USER_NAME = FieldDef::text("snmp.msgUserName", "msgUserName"),
    AUTH_PARAMETERS =
        FieldDef::bytes("snmp.msgAuthenticationParameters", "msgAuthenticationParameters"),
    PRIV_PARAMETERS = FieldDef::bytes("snmp.msgPrivacyParameters", "msgPrivacyParameters"),
    MSG_DATA = FieldDef::u32("snmp.msgData", "msgData")
        .names(&[(0, "plaintext"), (1, "encryptedPDU")]).computed(),
    PLAINTEXT = FieldDef::group("snmp.plaintext_element", "plaintext"),
    ENCRYPTED = FieldDef::bytes("snmp.encryptedPDU", "encryptedPDU"),
    CONTEXT_ENGINE = FieldDef::bytes("snmp.contextEngineID", "contextEngineID"),
    CONTEXT_NAME = FieldDef::text("snmp.contextName", "contextName"),
    GET = FieldDef::group("snmp.get_request_element", "get-request"),
    GET_NEXT = FieldDef::group("snmp.get_next_request_element", "get-next-request"),
    RESPONSE = FieldDef::group("snmp.get_response_element", "get-response"),
    SET = FieldDef::group("snmp.set_request_element", "set-request"),
    TRAP = FieldDef::group("snmp.trap_element", "trap"),
    GET_BULK = FieldDef::group("snmp.getBulkRequest_element", "getBulkRequest"),
    INFORM = FieldDef::group("snmp.informRequest_element", "informRequest"),
    TRAP2 = FieldDef::group("snmp.snmpV2_trap_element", "snmpV2-trap"),
    REPORT = FieldDef::group("snmp.report_element", "report"),
    REQUEST_ID = signed("snmp.request_id", "request-id"),
    ERROR_STATUS = signed("snmp.error_status", "error-status").names(ERRORS),
    ERROR_INDEX = signed("snmp.error_index", "error-index"),
    NON_REPEATERS = FieldDef::u32("snmp.non_repeaters", "non-repeaters"),
    MAX_REPETITIONS = FieldDef::u32("snmp.max_repetitions", "max-repetitions"),
    ENTERPRISE = oid("snmp.enterprise", "enterprise"),
    AGENT_ADDR = FieldDef::of("snmp.agent_addr", "agent-addr", Kind::Ipv4),
    GENERIC_TRAP = signed("snmp.generic_trap", "generic-trap").names(TRAPS),
    SPECIFIC_TRAP = signed("snmp.specific_trap", "specific-trap"),
    TIME_STAMP = FieldDef::u32("snmp.time_stamp", "time-stamp"),
    BINDINGS = FieldDef::u32("snmp.variable_bindings", "variable-bindings").computed(),
    NAME = oid("snmp.name", "Object Name"),
    VALUE_INT =
        FieldDef::of("snmp.value.int", "Value (Integer32)", Kind::Signed(64)).computed(),
    VALUE_OCTETS = FieldDef::bytes("snmp.value.octets", "Value (OctetString)"),
    VALUE_NULL = FieldDef::group("snmp.value.null", "Value (Null)"),
    VALUE_OID = oid("snmp.value.oid", "Value (OID)"),
    VALUE_IPV4 = FieldDef::of("snmp.value.ipv4", "Value (IpAddress)", Kind::Ipv4),
    VALUE_COUNTER = FieldDef::u64("snmp.value.counter", "Value (Counter)").computed(),
    VALUE_UNSIGNED =
        FieldDef::of("snmp.value.u32", "Value (Unsigned32)", Kind::Signed(64)).computed(),
    VALUE_TICKS = FieldDef::u64("snmp.value.timeticks", "Value (Timeticks)").computed(),
    VALUE_OPAQUE = FieldDef::bytes("snmp.value.opaque", "Value (Opaque)"),
    VALUE_UNKNOWN = FieldDef::bytes("snmp.value.unk", "Value (Unknown)"),
    NO_SUCH_OBJECT = FieldDef::group("snmp.noSuchObject", "noSuchObject"),
    NO_SUCH_INSTANCE = FieldDef::group("snmp.noSuchInstance", "noSuchInstance"),
    END_OF_VIEW = FieldDef::group("snmp.endOfMibView", "endOfMibView"),
    RESPONSE_TO = FieldDef::u32("snmp.response_to", "Response To").computed(),
    TIME = FieldDef::of("snmp.time", "Time", Kind::Duration).computed(),
}

/// The heading of a PDU, by the number of its tag.
pub(super) const PDU_HEADINGS: [FieldId; 9] =
    [GET, GET_NEXT, RESPONSE, SET, TRAP, GET_BULK, INFORM, TRAP2, REPORT];
