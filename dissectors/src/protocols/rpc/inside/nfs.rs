//! The Network File System inside RPC: versions 2 (RFC 1094), 3 (RFC 1813) and 4 (RFC 8881), by
//! procedure, by how it went, and by the name of a file where one stands first.

use std::fmt::{self, Write};

use super::{Kind, describe as describe_message, head, number, opaque, procedure, program, text};
use crate::bytes::{Lossy, Reader, Short};
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Names, Value};
use crate::fields;
use crate::message::Message;
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::protocols::rpc::Procedure;
use crate::protocols::rpc::programs::{NFS, procedures};
use crate::sink::Sink;

/// RFC 1094, section 2.3.1.
const STATUS_2: Names = &[
    (0, "NFS_OK"),
    (1, "NFSERR_PERM"),
    (2, "NFSERR_NOENT"),
    (5, "NFSERR_IO"),
    (6, "NFSERR_NXIO"),
    (13, "NFSERR_ACCES"),
    (17, "NFSERR_EXIST"),
    (19, "NFSERR_NODEV"),
    (20, "NFSERR_NOTDIR"),
    (21, "NFSERR_ISDIR"),
    (27, "NFSERR_FBIG"),
    (28, "NFSERR_NOSPC"),
    (30, "NFSERR_ROFS"),
    (63, "NFSERR_NAMETOOLONG"),
    (66, "NFSERR_NOTEMPTY"),
    (69, "NFSERR_DQUOT"),
    (70, "NFSERR_STALE"),
    (99, "NFSERR_WFLUSH"),
];

/// RFC 1813, section 2.6.
const STATUS_3: Names = &[
    (0, "NFS3_OK"),
    (1, "NFS3ERR_PERM"),
    (2, "NFS3ERR_NOENT"),
    (5, "NFS3ERR_IO"),
    (6, "NFS3ERR_NXIO"),
    (13, "NFS3ERR_ACCES"),
    (17, "NFS3ERR_EXIST"),
    (18, "NFS3ERR_XDEV"),
    (19, "NFS3ERR_NODEV"),
    (20, "NFS3ERR_NOTDIR"),
    (21, "NFS3ERR_ISDIR"),
    (22, "NFS3ERR_INVAL"),
    (27, "NFS3ERR_FBIG"),
    (28, "NFS3ERR_NOSPC"),
    (30, "NFS3ERR_ROFS"),
    (31, "NFS3ERR_MLINK"),
    (63, "NFS3ERR_NAMETOOLONG"),
    (66, "NFS3ERR_NOTEMPTY"),
    (69, "NFS3ERR_DQUOT"),
    (70, "NFS3ERR_STALE"),
    (71, "NFS3ERR_REMOTE"),
    (10_001, "NFS3ERR_BADHANDLE"),
    (10_002, "NFS3ERR_NOT_SYNC"),
    (10_003, "NFS3ERR_BAD_COOKIE"),
    (10_004, "NFS3ERR_NOTSUPP"),
    (10_005, "NFS3ERR_TOOSMALL"),
    (10_006, "NFS3ERR_SERVERFAULT"),
    (10_007, "NFS3ERR_BADTYPE"),
    (10_008, "NFS3ERR_JUKEBOX"),
];

/// RFC 8881, section 15.1: those that are met most.
const STATUS_4: Names = &[
    (0, "NFS4_OK"),
    (1, "NFS4ERR_PERM"),
    (2, "NFS4ERR_NOENT"),
    (5, "NFS4ERR_IO"),
    (13, "NFS4ERR_ACCESS"),
    (17, "NFS4ERR_EXIST"),
    (20, "NFS4ERR_NOTDIR"),
    (22, "NFS4ERR_INVAL"),
    (28, "NFS4ERR_NOSPC"),
    (70, "NFS4ERR_STALE"),
    (10_008, "NFS4ERR_DELAY"),
    (10_011, "NFS4ERR_EXPIRED"),
    (10_013, "NFS4ERR_GRACE"),
    (10_022, "NFS4ERR_STALE_CLIENTID"),
    (10_023, "NFS4ERR_STALE_STATEID"),
    (10_025, "NFS4ERR_BAD_STATEID"),
    (10_052, "NFS4ERR_BADSESSION"),
];

fields! { "nfs", "NFS";
    PROCEDURE_2 = FieldDef::u32("nfs.procedure_v2", "V2 Procedure").names(procedures(NFS, 2)).computed(),
    PROCEDURE_3 = FieldDef::u32("nfs.procedure_v3", "V3 Procedure").names(procedures(NFS, 3)).computed(),
    PROCEDURE_4 = FieldDef::u32("nfs.procedure_v4", "V4 Procedure").names(procedures(NFS, 4)).computed(),
    NFS_STATUS_2 = FieldDef::u32("nfs.status2", "Status").names(STATUS_2),
    NFS_STATUS_3 = FieldDef::u32("nfs.status3", "Status").names(STATUS_3),
    NFS_STATUS_4 = FieldDef::u32("nfs.nfsstat4", "Status").names(STATUS_4),
    HANDLE_LENGTH = FieldDef::u32("nfs.fh.length", "length"),
    HANDLE = FieldDef::bytes("nfs.fhandle", "FileHandle"),
    NAME = FieldDef::text("nfs.name", "Name"),
    TAG = FieldDef::text("nfs.tag", "Tag"),
    MINOR = FieldDef::u32("nfs.minorversion", "minorversion"),
    COUNT = FieldDef::u32("nfs.ops.count", "Operations"),
}

/// The Network File System.
pub struct Nfs;

program!(Nfs, &["RFC 8881", "RFC 7530", "RFC 1813", "RFC 1094"], NFS, summary, describe);

/// How many bytes a file handle of version 2 has (RFC 1094, section 2.3.3); those of later versions
/// say their length.
const HANDLE_2: usize = 32;

/// Whether a call of this procedure begins with the handle of a file or a folder.
fn names_handle(one: Procedure) -> bool {
    match one.version {
        2 => !matches!(one.number, 0 | 3 | 7),
        3 => one.number > 0,
        _ => false,
    }
}

/// Whether the name of a file follows the handle of its folder.
fn names_file(one: Procedure) -> bool {
    match one.version {
        2 => matches!(one.number, 4 | 9..=11 | 13..=15),
        3 => matches!(one.number, 3 | 8..=14),
        _ => false,
    }
}

/// The status that a reply begins with, and its field.
fn status(one: Procedure, is_reply: bool) -> Option<FieldId> {
    let has_one = one.number > 0 && !(one.version == 2 && matches!(one.number, 3 | 7));
    let field = match one.version {
        2 => NFS_STATUS_2,
        3 => NFS_STATUS_3,
        4 => NFS_STATUS_4,
        _ => return None,
    };
    (is_reply && has_one).then_some(field)
}

/// The handle that a call begins with: how long it says it is, and its bytes.
fn handle<'a>(
    one: Procedure,
    reader: &mut Reader<'a>,
) -> Result<(&'a [u8], crate::span::Span), Short> {
    if one.version == 2 { reader.take(HANDLE_2, "A file handle") } else { opaque(reader) }
}

fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    head(message, NFS, line)?;
    let one = procedure(message, NFS);
    let mut reader = view.reader(message.span);
    if let Some(field) = status(one, message.is(Kind::Reply)) {
        let code = reader.u32("The status").map_or(0, |(code, _)| code);
        return match field.def().name_of(code.into()) {
            _ if code == 0 => Ok(()),
            Some(name) => write!(line, " Error: {name}"),
            None => write!(line, " Error: {code}"),
        };
    }
    if message.is(Kind::Call)
        && names_file(one)
        && handle(one, &mut reader).is_ok()
        && let Ok((name, _)) = opaque(&mut reader)
    {
        return write!(line, ", Name: {}", Lossy(name));
    }
    Ok(())
}

fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let fields = [(2, PROCEDURE_2), (3, PROCEDURE_3), (4, PROCEDURE_4)];
    let is_reply = message.is(Kind::Reply);
    describe_message(message, view, (NFS, &fields), sink, |one, reader, sink| {
        if let Some(field) = status(one, is_reply) {
            number(reader, field, sink)?;
        }
        if one.version == 4 && one.number == 1 {
            text(reader, TAG, sink)?;
            if !is_reply {
                number(reader, MINOR, sink)?;
            }
            number(reader, COUNT, sink)?;
        }
        if is_reply || !names_handle(one) {
            return Ok(());
        }
        if one.version == 3
            && let Some(len) = reader.rest().first_chunk::<4>()
        {
            let len = u32::from_be_bytes(*len);
            sink.field(HANDLE_LENGTH, Value::Unsigned(len.into()), reader.span().part(0, 4));
        }
        let (handle, place) = handle(one, reader)?;
        sink.field(HANDLE, Value::Bytes(handle), place);
        if names_file(one) {
            text(reader, NAME, sink)?;
        }
        Ok(())
    });
}
