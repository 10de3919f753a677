//! Says what a message of SMB2 means.

use super::wire::{
    BREAK, CANCEL, CREATE, Head, NEGOTIATE, NOTIFY, PENDING, SESSION_SETUP, TREE_CONNECT, Wide,
};
use super::{COMMAND, DIALECT, Kind, STATUS_CODE};
use crate::bytes::little;
use crate::engine::view::View;
use crate::message::Message;
use crate::telling::{Outcome, Telling};

const CHAPTER: &str = "SMB2";

/// Tells of a message of any kind.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    match message.kind::<Kind>()? {
        Kind::Sealed => {
            let told = Telling::new("sealed", "A message only the two ends can read", CHAPTER)
                .detail("SMB3 seals whole messages once both sides hold the session's keys; even the command is hidden.");
            return Some(told.weight(3, 4).lesson("smb2/request", "MS-SMB2", "2.2.41"));
        }
        Kind::Compressed => {
            let told = Telling::new("compressed", "A message sent in fewer bytes", CHAPTER);
            return Some(told.weight(3, 4).lesson("smb2/request", "MS-SMB2", "2.2.42"));
        }
        Kind::Plain => {}
    }
    let head = Head::read(bytes)?;
    let name = COMMAND.def().name_of(head.command).unwrap_or("Command");
    let (headline, detail) =
        if head.is_response() { answer(&head, bytes) } else { request(&head, bytes) };
    let told = Telling::new(name, headline, CHAPTER).detail(detail);
    let told = match (head.command, head.is_response()) {
        (NEGOTIATE, _) => told.weight(6, 5).lesson("smb2/negotiate", "MS-SMB2", "3.2.4.2.2"),
        (_, false) => told.lesson("smb2/request", "MS-SMB2", "3.2.4.1"),
        (_, true) => told.lesson("smb2/request", "MS-SMB2", "3.2.5.1"),
    };
    // A request to be told of changes may wait for hours, and a break comes without being asked
    // for.
    let is_paired = message.extra::<Kind>().flatten().is_some();
    let is_aside = matches!(head.command, CANCEL | NOTIFY) || head.command == BREAK;
    Some(match (head.is_response(), is_aside) {
        (_, true) => told.aside(),
        (true, _) if head.status == PENDING => told.aside(),
        // It may answer the old dialect's offer (section 3.3.5.3.1), which was no message of this
        // one.
        (true, _) if head.command == NEGOTIATE && !is_paired => told.answering_inside(),
        (true, _) if head.has_failed() => told.answering().outcome(Outcome::Refused),
        (true, _) => told.answering(),
        (false, _) => told.asking(),
    })
}

fn request(head: &Head, bytes: &[u8]) -> (&'static str, String) {
    let named = || {
        let name = head.name(bytes).and_then(|range| bytes.get(range));
        name.map_or(String::new(), |name| format!("{}.", Wide(name)))
    };
    match head.command {
        NEGOTIATE => {
            let names = dialects(head, bytes);
            ("Offers the dialects it can speak", format!("{}.", names.join(", ")))
        }
        SESSION_SETUP => (
            "Says who it is",
            "Kerberos or NTLM speaks inside; it takes as many turns as they need.".into(),
        ),
        TREE_CONNECT => {
            ("Asks for a share; the number it gets stands for the share from now on", named())
        }
        CREATE => ("Opens a file or a pipe by its name, or makes it", named()),
        2 => ("Ends the session", String::new()),
        4 => ("Gives the share back", String::new()),
        6 => ("Closes what it opened", String::new()),
        8 => ("Reads from an open file", String::new()),
        9 => ("Writes to an open file", String::new()),
        CANCEL => ("Takes a request back; only the answer to that one comes", String::new()),
        NOTIFY => {
            ("Asks to be told when a folder changes; the answer may take long", String::new())
        }
        _ => ("Asks the server; the message id will be in the answer", String::new()),
    }
}

fn answer(head: &Head, bytes: &[u8]) -> (&'static str, String) {
    let status = STATUS_CODE.def().name_of(head.status);
    let said =
        status.map_or_else(|| format!("Status 0x{:08x}.", head.status), |name| format!("{name}."));
    match head.command {
        _ if head.status == PENDING => ("Has taken the request; the answer will come later", said),
        _ if head.has_failed() => ("Refuses, and says why", said),
        NEGOTIATE if leaves_open(head, bytes) => (
            "Speaks SMB 2 and leaves its dialect open: the client is to say which it knows",
            String::new(),
        ),
        NEGOTIATE => (
            "Chooses the dialect for the whole connection",
            format!("{}.", dialects(head, bytes).join(", ")),
        ),
        SESSION_SETUP if head.status == 0 => ("Lets the client in: a session begins", said),
        SESSION_SETUP => ("Asks for more proof", said),
        TREE_CONNECT => ("Gives access to the share", said),
        BREAK => ("Tells the client to give up what it cached: somebody else opens the file", said),
        _ => ("Answers; the message id says which request", said),
    }
}

/// Whether an answer names no dialect but the wildcard (MS-SMB2, section 2.2.4).
fn leaves_open(head: &Head, bytes: &[u8]) -> bool {
    const WILDCARD: u64 = 0x02ff;
    head.dialects(bytes).step_by(2).any(|at| little(bytes, at, 2) == Some(WILDCARD))
}

fn dialects(head: &Head, bytes: &[u8]) -> Vec<String> {
    let numbers = head.dialects(bytes).step_by(2).filter_map(|at| little(bytes, at, 2));
    let name = |number: u64| {
        let known = DIALECT.def().name_of(number);
        known.map_or_else(|| format!("0x{number:04x}"), str::to_owned)
    };
    numbers.map(name).collect()
}
