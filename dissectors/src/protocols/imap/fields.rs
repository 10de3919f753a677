//! The fields of IMAP, under Wireshark's names.

use crate::field::{FieldDef, Kind};
use crate::fields;

fields! { "imap", "IMAP";
    IS_REQUEST = FieldDef::flag("imap.isrequest", "Request", 0).computed().listed(),
    LINE_TEXT = FieldDef::text("imap.line", "Line"),
    REQUEST = FieldDef::text("imap.request", "Request"),
    REQUEST_TAG = FieldDef::text("imap.request_tag", "Request Tag"),
    REQUEST_COMMAND = FieldDef::text("imap.request.command", "Request Command"),
    REQUEST_UID = FieldDef::flag("imap.request.command.uid", "Request isUID", 0).computed(),
    REQUEST_FOLDER = FieldDef::text("imap.request.folder", "Request Folder"),
    REQUEST_USERNAME = FieldDef::text("imap.request.username", "Request Username"),
    REQUEST_PASSWORD = FieldDef::text("imap.request.password", "Request Password"),
    RESPONSE_TEXT = FieldDef::text("imap.response", "Response"),
    RESPONSE_TAG = FieldDef::text("imap.response_tag", "Response Tag"),
    RESPONSE_STATUS = FieldDef::text("imap.response.status", "Response Status"),
    RESPONSE_COMMAND = FieldDef::text("imap.response.command", "Response Command"),
    TAG = FieldDef::text("imap.tag", "Tag").hidden(),
    ANY_COMMAND = FieldDef::text("imap.command", "Command").hidden(),
    /// Ours: Wireshark hands literals to a dissector of their own.
    LITERAL_TEXT = FieldDef::text("imap.literal", "Literal"),
    RESPONSE_TO = FieldDef::u32("imap.response_to", "Request In").computed(),
    TIME = FieldDef::of("imap.time", "Response Time", Kind::Duration).computed(),
}
