//! The fields of SMTP, under Wireshark's names.

use crate::field::FieldDef;
use crate::fields;

fields! { "smtp", "SMTP";
    REQ = FieldDef::flag("smtp.req", "Request", 0).computed().listed(),
    RSP = FieldDef::flag("smtp.rsp", "Response", 0).computed().listed(),
    COMMAND_LINE = FieldDef::text("smtp.command_line", "Command Line"),
    REQ_COMMAND = FieldDef::text("smtp.req.command", "Command"),
    REQ_PARAMETER = FieldDef::text("smtp.req.parameter", "Request parameter"),
    RESPONSE = FieldDef::text("smtp.response", "Response"),
    RESPONSE_CODE = FieldDef::u32("smtp.response.code", "Response code").decimal().names(CODES),
    RSP_PARAMETER = FieldDef::text("smtp.rsp.parameter", "Response parameter"),
    AUTH_USERNAME = FieldDef::text("smtp.auth.username", "Username"),
    AUTH_PASSWORD = FieldDef::text("smtp.auth.password", "Password"),
    AUTH_BOTH = FieldDef::text("smtp.auth.username_password", "Username/Password"),
    /// Ours: Wireshark hands mail to a dissector of its own.
    MAIL = FieldDef::text("smtp.data", "Mail"),
    EOM = FieldDef::group("smtp.eom", "EOM"),
    MESSAGE_LINE = FieldDef::text("smtp.message", "Message"),
}

/// What codes mean (RFC 5321, section 4.2.3; RFC 4954, section 6).
const CODES: crate::field::Names = &[
    (211, "System status, or system help reply"),
    (214, "Help message"),
    (220, "<domain> Service ready"),
    (221, "<domain> Service closing transmission channel"),
    (235, "Authentication successful"),
    (250, "Requested mail action okay, completed"),
    (251, "User not local; will forward to <forward-path>"),
    (252, "Cannot VRFY user, but will accept message and attempt delivery"),
    (334, "AUTH input"),
    (354, "Start mail input; end with <CRLF>.<CRLF>"),
    (421, "<domain> Service not available, closing transmission channel"),
    (450, "Requested mail action not taken: mailbox unavailable"),
    (451, "Requested action aborted: local error in processing"),
    (452, "Requested action not taken: insufficient system storage"),
    (454, "Temporary authentication failure"),
    (500, "Syntax error, command unrecognized"),
    (501, "Syntax error in parameters or arguments"),
    (502, "Command not implemented"),
    (503, "Bad sequence of commands"),
    (504, "Command parameter not implemented"),
    (530, "Authentication required"),
    (535, "Authentication credentials invalid"),
    (550, "Requested action not taken: mailbox unavailable"),
    (551, "User not local; please try <forward-path>"),
    (552, "Requested mail action aborted: exceeded storage allocation"),
    (553, "Requested action not taken: mailbox name not allowed"),
    (554, "Transaction failed"),
];
