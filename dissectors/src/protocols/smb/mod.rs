//! SMB1 (MS-CIFS), by its header: the dialect of Windows before Vista, which clients still name
//! first when they ask which dialect to speak.
//!
//! ```text
//!   FF 'SMB' | command | status (4) | flags | flags2 (2) | pid high (2) | signature (8) | 0 0
//!   tid (2) | pid (2) | uid (2) | mid (2) | word count | words | byte count (2) | bytes
//! ```
//!
//! All numbers are little-endian. Some commands name another one that follows in the same message
//! (`AndX`).

#[cfg(test)]
mod tests;

use std::fmt::{self, Write};

use crate::bytes::little;
use crate::codes;
use crate::engine::session::{Announce, Input, Out, Progress, Session};
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Names, Value};
use crate::fields;
use crate::ids::{Direction, FrameId, MessageId};
use crate::message::{Message, MessageKind, Relation};
use crate::protocol::{Facts, Framing, Likelihood, Protocol};
use crate::protocols::waiting::Waiting;
use crate::sink::{Severity, Sink};
use crate::span::Span;
use crate::telling::{Outcome, Telling};

codes! {
    /// What a message is.
    pub enum Kind {
        /// One with its whole header.
        Message,
    }
}

impl MessageKind for Kind {
    /// Of a response, the frame of the request that it answers.
    type Extra = Option<FrameId>;
}

/// MS-CIFS, section 2.2.2.1: those that are seen.
const COMMANDS: Names = &[
    (0x00, "Create Directory"),
    (0x01, "Delete Directory"),
    (0x02, "Open"),
    (0x03, "Create"),
    (0x04, "Close"),
    (0x05, "Flush"),
    (0x06, "Delete"),
    (0x07, "Rename"),
    (0x08, "Query Information"),
    (0x09, "Set Information"),
    (0x0a, "Read"),
    (0x0b, "Write"),
    (0x10, "Check Directory"),
    (0x24, "Locking AndX"),
    (0x25, "Trans"),
    (0x2b, "Echo"),
    (0x2d, "Open AndX"),
    (0x2e, "Read AndX"),
    (0x2f, "Write AndX"),
    (0x32, "Trans2"),
    (0x33, "Trans2 Secondary"),
    (0x34, "Find Close2"),
    (0x70, "Tree Connect"),
    (0x71, "Tree Disconnect"),
    (0x72, "Negotiate Protocol"),
    (0x73, "Session Setup AndX"),
    (0x74, "Logoff AndX"),
    (0x75, "Tree Connect AndX"),
    (0x80, "Query Information Disk"),
    (0x81, "Search"),
    (0xa0, "NT Trans"),
    (0xa1, "NT Trans Secondary"),
    (0xa2, "NT Create AndX"),
    (0xa4, "NT Cancel"),
    (0xa5, "NT Rename"),
    (0xc0, "Open Print File"),
    (0xff, "No further commands"),
];

/// MS-ERREF, section 2.3: those that SMB1 tells most.
const STATUS: Names = &[
    (0x0000_0000, "STATUS_SUCCESS"),
    (0xc000_0016, "STATUS_MORE_PROCESSING_REQUIRED"),
    (0xc000_0022, "STATUS_ACCESS_DENIED"),
    (0xc000_0034, "STATUS_OBJECT_NAME_NOT_FOUND"),
    (0xc000_006d, "STATUS_LOGON_FAILURE"),
    (0xc000_00cc, "STATUS_BAD_NETWORK_NAME"),
];

fields! { "smb", "SMB";
    COMPONENT = FieldDef::u32("smb.server_component", "Server Component").hex(),
    COMMAND = FieldDef::u8("smb.cmd", "SMB Command").hex().names(COMMANDS),
    STATUS_CODE = FieldDef::u32("smb.nt_status", "NT Status").hex().names(STATUS).computed(),
    FLAGS = FieldDef::u8("smb.flags", "Flags").hex(),
    RESPONSE = FieldDef::flag("smb.flags.response", "Request/Response", 0x80),
    FLAGS2 = FieldDef::u16("smb.flags2", "Flags2").hex().computed(),
    PID_HIGH = FieldDef::u16("smb.pid.high", "Process ID High").computed(),
    SIGNATURE = FieldDef::bytes("smb.signature", "Signature"),
    RESERVED = FieldDef::bytes("smb.reserved", "Reserved"),
    TID = FieldDef::u16("smb.tid", "Tree ID").computed(),
    PID = FieldDef::u16("smb.pid", "Process ID").computed(),
    UID = FieldDef::u16("smb.uid", "User ID").computed(),
    MID = FieldDef::u16("smb.mid", "Multiplex ID").computed(),
    RESPONSE_TO = FieldDef::u32("smb.response_to", "Response to").computed(),
    WORD_COUNT = FieldDef::u8("smb.wct", "Word Count (WCT)"),
    DIALECT = FieldDef::text("smb.dialect", "Name"),
}

/// Length of the header.
const HEAD: usize = 32;
/// Where the command, the status, the flags and the numbers that name an exchange stand.
const COMMAND_AT: usize = 4;
const STATUS_AT: usize = 5;
const FLAGS_AT: usize = 9;
const TID_AT: usize = 24;

const NEGOTIATE: u8 = 0x72;
/// What stands for the end of a chain of commands.
const NO_FURTHER: u8 = 0xff;
/// Commands that one message may chain; more are not told.
const MAX_CHAIN: usize = 16;
/// Requests that may wait for their answer; past it the oldest is taken to have been lost.
const MAX_ASKED: usize = 256;

/// SMB1.
pub struct Smb;

impl Protocol for Smb {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["MS-CIFS", "MS-SMB"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// On a stream the session service of NetBIOS stands before it.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        match framing {
            Framing::Datagram if bytes.starts_with(b"\xffSMB") => Likelihood::Surely,
            _ => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(SmbSession::default()) as Box<dyn Session>;
        (facts.framing == Framing::Datagram).then(open)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let bytes = view.bytes(message.span);
        line.write_str(name(bytes))?;
        line.write_str(if is_response(bytes) { " Response" } else { " Request" })?;
        match little(bytes, STATUS_AT, 4).filter(|code| *code != 0) {
            Some(code) => match STATUS_CODE.def().name_of(code) {
                Some(name) => write!(line, ", Error: {name}"),
                None => write!(line, ", Error: 0x{code:08x}"),
            },
            None => Ok(()),
        }
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe(message, view.bytes(message.span), sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let bytes = view.bytes(message.span);
        let response = is_response(bytes);
        let command = bytes.get(COMMAND_AT).copied().unwrap_or_default();
        let headline = match (command, response) {
            (NEGOTIATE, false) => "Lists the dialects of SMB that it speaks, old ones first",
            (NEGOTIATE, true) => "Chooses a dialect of SMB1",
            (0x73, false) => "Says who it is",
            (0x75, false) => "Asks for a share",
            (_, false) => "Asks the server; the number of the exchange will be in the answer",
            (_, true) => "Answers; the number of the exchange says which request",
        };
        let told = Telling::new(name(bytes), headline, "SMB1");
        let told = told.lesson("smb2/request", "MS-CIFS", "2.2.3.1");
        let status = little(bytes, STATUS_AT, 4).unwrap_or_default();
        // The two highest bits say how bad it is: both set is an error. The server may ask for
        // more proof.
        let failed = response && status >> 30 == 3 && status != 0xc000_0016;
        let told = if response { told.answering() } else { told.asking() };
        Some(if failed { told.outcome(Outcome::Refused) } else { told })
    }
}

fn name(bytes: &[u8]) -> &'static str {
    let command = bytes.get(COMMAND_AT).copied().unwrap_or_default();
    COMMAND.def().name_of(command.into()).unwrap_or("Command")
}

fn is_response(bytes: &[u8]) -> bool {
    bytes.get(FLAGS_AT).is_some_and(|flags| flags & 0x80 != 0)
}

fn describe(message: &Message, bytes: &[u8], sink: &mut dyn Sink) {
    let place = |at: usize, len: usize| message.span.part(at, len);
    if bytes.len() < HEAD {
        let text = format_args!("A header of SMB takes {HEAD} bytes");
        sink.note(Severity::Broken, message.span, text);
    }
    let exact = |at: usize, len: usize, field: FieldId, sink: &mut dyn Sink| {
        if let Some(value) = bytes.get(at..at + len)
            && let Some(value) = crate::field::reread(field.def(), value)
        {
            sink.field(field, value, place(at, len));
        }
    };
    let number = |at: usize, len: usize, field: FieldId, sink: &mut dyn Sink| {
        if let Some(value) = little(bytes, at, len) {
            sink.field(field, Value::Unsigned(value), place(at, len));
        }
    };
    exact(0, 4, COMPONENT, sink);
    exact(COMMAND_AT, 1, COMMAND, sink);
    number(STATUS_AT, 4, STATUS_CODE, sink);
    exact(FLAGS_AT, 1, FLAGS, sink);
    exact(FLAGS_AT, 1, RESPONSE, sink);
    number(10, 2, FLAGS2, sink);
    number(12, 2, PID_HIGH, sink);
    exact(14, 8, SIGNATURE, sink);
    exact(22, 2, RESERVED, sink);
    for (at, field) in [(TID_AT, TID), (26, PID), (28, UID), (30, MID)] {
        number(at, 2, field, sink);
    }
    if let Some(request) = message.extra::<Kind>().flatten() {
        sink.field(RESPONSE_TO, Value::Unsigned(request.number().into()), Span::NONE);
    }
    exact(HEAD, 1, WORD_COUNT, sink);
    chain(bytes, |at| exact(at, 1, COMMAND, sink));
    if bytes.get(COMMAND_AT) == Some(&NEGOTIATE) && !is_response(bytes) {
        dialects(bytes, |at, len| exact(at, len, DIALECT, sink));
    }
}

/// Calls for each place where a command says which one follows it.
fn chain(bytes: &[u8], mut tell: impl FnMut(usize)) {
    let mut command = bytes.get(COMMAND_AT).copied().unwrap_or(NO_FURTHER);
    let mut at = HEAD;
    for _ in 0..MAX_CHAIN {
        let is_chained = matches!(command, 0x24 | 0x2d | 0x2e | 0x2f | 0x73 | 0x74 | 0x75 | 0xa2);
        let words = bytes.get(at).copied().unwrap_or_default();
        let Some(next) = bytes.get(at + 1).copied().filter(|_| is_chained && words >= 2) else {
            return;
        };
        tell(at + 1);
        let behind = little(bytes, at + 3, 2).unwrap_or_default() as usize;
        if next == NO_FURTHER || behind <= at {
            return;
        }
        (command, at) = (next, behind);
    }
}

/// Calls for each dialect that a client names: text behind a 2, ended by a zero.
fn dialects(bytes: &[u8], mut tell: impl FnMut(usize, usize)) {
    let words = bytes.get(HEAD).copied().unwrap_or_default();
    let mut at = HEAD + 1 + 2 * usize::from(words) + 2;
    while bytes.get(at) == Some(&2) {
        let rest = bytes.get(at + 1..).unwrap_or(&[]);
        let Some(len) = memchr::memchr(0, rest) else { return };
        tell(at + 1, len);
        at += len + 2;
    }
}

/// The state of a connection.
#[derive(Clone, Default)]
struct SmbSession {
    asked: Waiting<Asked, MAX_ASKED>,
}

/// A request that waits.
#[derive(Clone, Copy)]
struct Asked {
    /// Tree, process, user and number of the exchange, and the command.
    numbers: [u64; 3],
    from: Direction,
    id: MessageId,
    frame: FrameId,
}

impl Session for SmbSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let span = out.span(input.at, input.bytes.len());
        let taken = Progress::Took(input.bytes.len().max(1));
        // A tree and a user are given by answers: what names an exchange is process and number.
        let number = |at| little(input.bytes, at, 2).unwrap_or_default();
        let command = input.bytes.get(COMMAND_AT).copied().unwrap_or_default();
        let numbers = [number(26), number(30), command.into()];
        if !is_response(input.bytes) {
            let id = out.announce(Announce::new(Kind::Message, span));
            let Input { direction: from, frame, .. } = input;
            self.asked.push(Asked { numbers, from, id, frame });
            return taken;
        }
        let fits = |asked: &Asked| asked.numbers == numbers && asked.from != input.direction;
        let found = self.asked.take_first(fits);
        let frame = found.map(|asked| asked.frame);
        let id = out.announce(Announce::new(Kind::Message, span).extra(frame));
        if let Some(asked) = found {
            out.relate(id, Relation::Answers, asked.id);
        }
        taken
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
