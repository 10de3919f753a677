//! The fields of RPC.

use super::programs::PROGRAMS;
use crate::field::{FieldDef, Names};
use crate::fields;

const TYPES: Names = &[(0, "Call"), (1, "Reply")];
const STATES: Names = &[(0, "accepted"), (1, "denied")];

/// RFC 5531, section 9.
const ACCEPTED: Names = &[
    (0, "RPC executed successfully"),
    (1, "remote can't support program #"),
    (2, "remote can't support version #"),
    (3, "remote program can't support procedure"),
    (4, "procedure can't decode params"),
    (5, "system error"),
];
const DENIED: Names = &[(0, "RPC_MISMATCH"), (1, "AUTH_ERROR")];
const AUTH_ERRORS: Names = &[
    (1, "bad credential (seal broken)"),
    (2, "client must begin new session"),
    (3, "bad verifier (seal broken)"),
    (4, "verifier expired or replayed"),
    (5, "rejected for security reasons"),
    (13, "GSS credential problem"),
    (14, "GSS context problem"),
];

/// RFC 5531, section 8.2, and RFC 2203, section 5.
const FLAVORS: Names = &[
    (0, "AUTH_NULL"),
    (1, "AUTH_UNIX"),
    (2, "AUTH_SHORT"),
    (3, "AUTH_DES"),
    (6, "RPCSEC_GSS"),
    (7, "AUTH_TLS"),
];

/// A program's procedure that does nothing: RPC tells it in the program's place.
const fn null(name: &'static str, title: &'static str) -> FieldDef {
    FieldDef::u32(name, title).names(&[(0, "NULL")]).computed()
}

fields! { "rpc", "RPC";
    MARK = FieldDef::group("rpc.fragment_header", "Fragment header"),
    LAST = FieldDef::flag("rpc.lastfrag", "Last Fragment", 0x8000_0000),
    LENGTH = FieldDef::u32("rpc.fraglen", "Fragment Length").mask(0x7fff_ffff),
    XID = FieldDef::u32("rpc.xid", "XID").hex(),
    TYPE = FieldDef::u32("rpc.msgtyp", "Message Type").names(TYPES),
    VERSION = FieldDef::u32("rpc.version", "RPC Version"),
    PROGRAM = FieldDef::u32("rpc.program", "Program").names(PROGRAMS),
    PROGRAM_VERSION = FieldDef::u32("rpc.programversion", "Program Version"),
    PROCEDURE = FieldDef::u32("rpc.procedure", "Procedure"),
    /// The same, of a reply, which does not say them itself.
    OF_PROGRAM = FieldDef::u32("rpc.program", "Program").names(PROGRAMS).computed(),
    OF_VERSION = FieldDef::u32("rpc.programversion", "Program Version").computed(),
    OF_PROCEDURE = FieldDef::u32("rpc.procedure", "Procedure").computed(),
    NULL_PORTMAP_2 = null("portmap.procedure_v2", "V2 Procedure"),
    NULL_PORTMAP_3 = null("portmap.procedure_v3", "V3 Procedure"),
    NULL_PORTMAP_4 = null("portmap.procedure_v4", "V4 Procedure"),
    NULL_NFS_2 = null("nfs.procedure_v2", "V2 Procedure"),
    NULL_NFS_3 = null("nfs.procedure_v3", "V3 Procedure"),
    NULL_NFS_4 = null("nfs.procedure_v4", "V4 Procedure"),
    NULL_MOUNT_1 = null("mount.procedure_v1", "V1 Procedure"),
    NULL_MOUNT_2 = null("mount.procedure_v2", "V2 Procedure"),
    NULL_MOUNT_3 = null("mount.procedure_v3", "V3 Procedure"),
    REPLY_STATE = FieldDef::u32("rpc.replystat", "Reply State").names(STATES),
    REQUEST_FRAME = FieldDef::u32("rpc.repframe", "This is a reply to a request in frame").computed(),
    ACCEPT_STATE = FieldDef::u32("rpc.state_accept", "Accept State").names(ACCEPTED),
    REJECT_STATE = FieldDef::u32("rpc.state_reject", "Reject State").names(DENIED),
    AUTH_STATE = FieldDef::u32("rpc.state_auth", "Auth State").names(AUTH_ERRORS),
    VERSION_MIN = FieldDef::u32("rpc.version.min", "RPC Version (Minimum)"),
    VERSION_MAX = FieldDef::u32("rpc.version.max", "RPC Version (Maximum)"),
    PROGRAM_MIN = FieldDef::u32("rpc.programversion.min", "Program Version (Minimum)"),
    PROGRAM_MAX = FieldDef::u32("rpc.programversion.max", "Program Version (Maximum)"),
    CREDENTIALS = FieldDef::group("rpc.credentials", "Credentials"),
    VERIFIER = FieldDef::group("rpc.verifier", "Verifier"),
    FLAVOR = FieldDef::u32("rpc.auth.flavor", "Flavor").names(FLAVORS),
    AUTH_LENGTH = FieldDef::u32("rpc.auth.length", "Length"),
    STAMP = FieldDef::u32("rpc.auth.stamp", "Stamp").hex(),
    MACHINE = FieldDef::text("rpc.auth.machinename", "Machine Name"),
    UID = FieldDef::u32("rpc.auth.uid", "UID"),
    GID = FieldDef::u32("rpc.auth.gid", "GID"),
    FRAGMENT = FieldDef::bytes("rpc.fragment_data", "Fragment Data"),
    REST = FieldDef::bytes("rpc.continuation_data", "Continuation data"),
}
