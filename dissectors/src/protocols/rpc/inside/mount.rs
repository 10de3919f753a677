//! The mount protocol inside RPC (RFC 1813, section 5): gives the first file handle of an export to
//! clients of NFS before version 4.

use std::fmt::{self, Write};

use super::{Kind, describe as describe_message, head, number, opaque, procedure, program, text};
use crate::bytes::Lossy;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Names};
use crate::fields;
use crate::message::Message;
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::protocols::rpc::Procedure;
use crate::protocols::rpc::programs::{MOUNT, procedures};
use crate::sink::Sink;

/// RFC 1813, section 5.1.5.
const STATUS: Names = &[
    (0, "OK"),
    (1, "ERR_PERM"),
    (2, "ERR_NOENT"),
    (5, "ERR_IO"),
    (13, "ERR_ACCESS"),
    (20, "ERR_NOTDIR"),
    (22, "ERR_INVAL"),
    (63, "ERR_NAMETOOLONG"),
    (10_004, "ERR_NOTSUPP"),
    (10_006, "ERR_SERVERFAULT"),
];

fields! { "mount", "MOUNT";
    PROCEDURE_1 = FieldDef::u32("mount.procedure_v1", "V1 Procedure").names(procedures(MOUNT, 1)).computed(),
    PROCEDURE_2 = FieldDef::u32("mount.procedure_v2", "V2 Procedure").names(procedures(MOUNT, 2)).computed(),
    PROCEDURE_3 = FieldDef::u32("mount.procedure_v3", "V3 Procedure").names(procedures(MOUNT, 3)).computed(),
    PATH = FieldDef::text("mount.path", "Path"),
    MOUNT_STATUS = FieldDef::u32("mount.status", "Status").names(STATUS),
}

/// The mount protocol.
pub struct Mount;

program!(Mount, &["RFC 1813"], MOUNT, summary, describe);

/// Procedures that name a path, and the one whose reply says how it went.
const MNT: u32 = 1;
const UMNT: u32 = 3;

const fn names_path(one: Procedure) -> bool {
    matches!(one.number, MNT | UMNT)
}

fn summary(message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
    head(message, MOUNT, line)?;
    let one = procedure(message, MOUNT);
    let mut reader = view.reader(message.span);
    if message.is(Kind::Call) && names_path(one) {
        return match opaque(&mut reader) {
            Ok((path, _)) => write!(line, " {}", Lossy(path)),
            Err(_) => Ok(()),
        };
    }
    let status = reader.u32("The status").map_or(0, |(code, _)| code);
    match MOUNT_STATUS.def().name_of(status.into()) {
        Some(name) if one.number == MNT && status > 0 => write!(line, " Error: {name}"),
        _ => Ok(()),
    }
}

fn describe(message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
    let fields = [(1, PROCEDURE_1), (2, PROCEDURE_2), (3, PROCEDURE_3)];
    let is_reply = message.is(Kind::Reply);
    describe_message(message, view, (MOUNT, &fields), sink, |one, reader, sink| {
        if is_reply && one.number == MNT {
            number(reader, MOUNT_STATUS, sink)?;
        } else if !is_reply && names_path(one) {
            text(reader, PATH, sink)?;
        }
        Ok(())
    });
}
