//! Says what a message of RPC means, in the words of its program where that is known.

use super::describe::{head, procedure};
use super::programs::{self, MOUNT, NFS, PORTMAP};
use super::wire::Said;
use super::{ACCEPT_STATE, Answered, Kind, Procedure, REJECT_STATE};
use crate::engine::view::View;
use crate::message::Message;
use crate::telling::{Outcome, Telling};
use crate::wording::counted;

/// Tells of a message of any kind.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    if !message.is(Kind::Plain) && !message.is(Kind::Marked) {
        let label = counted(message.span.len.into(), "byte");
        return Some(Telling::new(label, "Part of a message of RPC", "RPC").weight(2, 2));
    }
    let (head, _) = head(message, view)?;
    let procedure = procedure(message, view);
    let chapter = procedure.and_then(|one| programs::name(one.program)).unwrap_or("RPC");
    let named = procedure.and_then(programs::procedure);
    let label = match (named, procedure) {
        (Some(name), _) => name.to_owned(),
        (None, Some(one)) => format!("procedure {}", one.number),
        (None, None) => "reply".to_owned(),
    };
    let (headline, detail) = match head.said {
        Said::Call(one) => (call(one), called(one)),
        Said::Accepted(0) => (
            "Answers; only the number of the call says to what",
            format!("It has the number 0x{:08x} of the call.", head.xid),
        ),
        Said::Accepted(state) => {
            let why = ACCEPT_STATE.def().name_of(state.into()).unwrap_or("unknown");
            ("Could not carry the call out", format!("It says: {why}."))
        }
        Said::Denied(why) => {
            let why = REJECT_STATE.def().name_of(why.into()).unwrap_or("unknown");
            ("Denies the call before anything was done", format!("It says: {why}."))
        }
    };
    let told = Telling::new(label, headline, chapter).detail(detail);
    Some(match head.said {
        Said::Call(one) if one.program == PORTMAP => {
            told.lesson("rpc/portmap", "RFC 1833", "3").asking()
        }
        Said::Call(one) if one.program == NFS => told.lesson("rpc/nfs", "RFC 5531", "9").asking(),
        Said::Call(_) => told.lesson("rpc/call", "RFC 5531", "9").asking(),
        Said::Accepted(0) if view.facts::<Answered>(message).is_some() => {
            told.lesson("rpc/call", "RFC 5531", "9").answering()
        }
        Said::Accepted(0) => told.lesson("rpc/call", "RFC 5531", "9"),
        _ => told.lesson("rpc/call", "RFC 5531", "9").answering().outcome(Outcome::Refused),
    })
}

/// What a call is for.
fn call(one: Procedure) -> &'static str {
    match (one.program, one.version, one.number) {
        (_, _, 0) => "Asks whether the program is there: a call that does nothing",
        (PORTMAP, 2, 3) => "Asks on which port a program listens",
        (PORTMAP, 3 | 4, 3) => "Asks at which address a program listens",
        (PORTMAP, _, 4) => "Asks for all programs that listen",
        (MOUNT, _, 1) => "Asks for the handle of an export: with it NFS begins",
        (MOUNT, _, 3) => "Says that it no longer uses an export",
        (NFS, 2 | 3, 1) => "Asks for a file's attributes: whether what it holds is still true",
        (NFS, 3, 3) | (NFS, 2, 4) => "Asks for the handle of a name in a folder",
        (NFS, 3, 4) => "Asks what it may do with a file",
        (NFS, 2 | 3, 6) => "Reads from a file, named by its handle",
        (NFS, 3, 7) | (NFS, 2, 8) => "Writes to a file, named by its handle",
        (NFS, 3, 8) | (NFS, 2, 9) => "Makes a file",
        (NFS, 3, 16 | 17) | (NFS, 2, 16) => "Lists a folder",
        (NFS, 3, 21) => "Asks that what was written reach the disk",
        (NFS, 4, 1) => "Sends several operations as one call",
        _ => "Calls a procedure; the number of the call will be in the reply",
    }
}

fn called(one: Procedure) -> String {
    let Procedure { program, version, number } = one;
    let name = programs::name(program).unwrap_or("unknown");
    format!("Program {program} ({name}), version {version}, procedure {number}.")
}
