//! The fields of FTP, under Wireshark's names.

use crate::field::{FieldDef, Kind};
use crate::fields;
use crate::registry::ProtocolId;

fields! { ProtocolId::FTP;
    REQUEST = FieldDef::flag("ftp.request", "Request", 0).computed().hidden(),
    RESPONSE = FieldDef::flag("ftp.response", "Response", 0).computed().hidden(),
    /// Ours: Wireshark's lines have no name.
    LINE = FieldDef::text("ftp.line", "Line"),
    REQUEST_COMMAND = FieldDef::text("ftp.request.command", "Request command"),
    REQUEST_ARG = FieldDef::text("ftp.request.arg", "Request arg"),
    RESPONSE_CODE = FieldDef::u32("ftp.response.code", "Response code").decimal().names(CODES),
    RESPONSE_ARG = FieldDef::text("ftp.response.arg", "Response arg"),
    ACTIVE_IP = FieldDef::of("ftp.active.cip", "Active IP address", Kind::Ipv4).computed(),
    ACTIVE_PORT = FieldDef::u16("ftp.active.port", "Active port").computed(),
    PASSIVE_IP = FieldDef::of("ftp.passive.ip", "Passive IP address", Kind::Ipv4).computed(),
    PASSIVE_PORT = FieldDef::u16("ftp.passive.port", "Passive port").computed(),
    EPSV_PORT = FieldDef::u16("ftp.epsv.port", "Extended passive port").computed(),
    EPRT_AF = FieldDef::u8("ftp.eprt.af", "Extended active address family").computed(),
    EPRT_PORT = FieldDef::u16("ftp.eprt.port", "Extended active port").computed(),
}

/// What codes mean (RFC 959, section 4.2.2; RFC 2228, RFC 2428).
const CODES: crate::field::Names = &[
    (110, "Restart marker reply"),
    (120, "Service ready in nnn minutes"),
    (125, "Data connection already open; transfer starting"),
    (150, "File status okay; about to open data connection"),
    (200, "Command okay"),
    (202, "Command not implemented, superfluous at this site"),
    (211, "System status, or system help reply"),
    (212, "Directory status"),
    (213, "File status"),
    (214, "Help message"),
    (215, "NAME system type"),
    (220, "Service ready for new user"),
    (221, "Service closing control connection"),
    (225, "Data connection open; no transfer in progress"),
    (226, "Closing data connection"),
    (227, "Entering Passive Mode"),
    (229, "Entering Extended Passive Mode"),
    (230, "User logged in, proceed"),
    (234, "Security data exchange complete"),
    (250, "Requested file action okay, completed"),
    (257, "PATHNAME created"),
    (331, "User name okay, need password"),
    (332, "Need account for login"),
    (350, "Requested file action pending further information"),
    (421, "Service not available, closing control connection"),
    (425, "Can't open data connection"),
    (426, "Connection closed; transfer aborted"),
    (450, "Requested file action not taken"),
    (451, "Requested action aborted: local error in processing"),
    (452, "Requested action not taken. Insufficient storage space in system"),
    (500, "Syntax error, command unrecognized"),
    (501, "Syntax error in parameters or arguments"),
    (502, "Command not implemented"),
    (503, "Bad sequence of commands"),
    (504, "Command not implemented for that parameter"),
    (530, "Not logged in"),
    (532, "Need account for storing files"),
    (550, "Requested action not taken: File unavailable"),
    (552, "Requested file action aborted: Exceeded storage allocation"),
    (553, "Requested action not taken: File name not allowed"),
];
