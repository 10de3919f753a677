//! Chunks (RFC 9260, section 3.3).

use std::fmt::{self, Display};

use super::{
    ACK_CREDIT, ACK_IN, ACK_OUT, ACK_TAG, ACK_TSN, AT_ONCE, CAUSE, CHUNK, CHUNK_FLAGS,
    CHUNK_LENGTH, CHUNK_TYPE, CHUNK_VALUE, COOKIE, DUPLICATE, FIRST, FORWARD_TSN, FRAGMENT_NUMBER,
    GAP_END, GAP_START, HEARTBEAT, INIT_CREDIT, INIT_IN, INIT_OUT, INIT_TAG, INIT_TSN, LAST,
    MESSAGE_NUMBER, NO_TAG, PARAMETER, PARAMETER_LENGTH, PARAMETER_TYPE, PARAMETER_V4,
    PARAMETER_V6, PAYLOAD, SACK_CREDIT, SACK_DUPLICATES, SACK_GAPS, SACK_TSN, SHUTDOWN_TSN,
    STATE_COOKIE, STREAM, STREAM_NUMBER, TSN, UNORDERED,
};
use crate::headers::{Part, Walk};

/// Type, flags and length.
pub(super) const HEAD: usize = 4;

/// Types whose content is told.
const DATA: u64 = 0;
const INIT: u64 = 1;
const INIT_ACK: u64 = 2;
const SACK: u64 = 3;
const HEARTBEATS: [u64; 2] = [4, 5];
const ABORT: u64 = 6;
const SHUTDOWN: u64 = 7;
const ERROR: u64 = 9;
const COOKIE_ECHO: u64 = 10;
const SHUTDOWN_COMPLETE: u64 = 14;
const I_DATA: u64 = 64;
const FORWARD: u64 = 192;

/// The head of DATA, and of I-DATA (RFC 8260, section 2.1), that one included.
const DATA_HEAD: usize = 16;
const I_DATA_HEAD: usize = 20;

/// A chunk.
pub(super) struct Chunk<'a> {
    kind: u64,
    flags: u64,
    /// How long it says it is, without what fills it up.
    pub(super) len: usize,
    /// Its bytes, as far as they are there.
    part: Part<'a>,
}

impl<'a> Chunk<'a> {
    /// The chunk that stands here; `None` if no head of one does.
    pub(super) fn read(part: &Part<'a>) -> Option<Self> {
        let (kind, flags) = (part.number(0, 1)?, part.number(1, 1)?);
        let len = part.number(2, 2)? as usize;
        Some(Self { kind, flags, len, part: part.upto(len.max(HEAD)) })
    }

    /// Whether its type has a name.
    pub(super) fn is_known(&self) -> bool {
        CHUNK_TYPE.def().name_of(self.kind).is_some()
    }

    /// Where what it carries begins, where it carries any.
    const fn data(&self) -> Option<usize> {
        match self.kind {
            DATA => Some(DATA_HEAD),
            I_DATA => Some(I_DATA_HEAD),
            _ => None,
        }
    }

    /// Whether it holds a message from its first byte to its last.
    const fn is_whole(&self) -> bool {
        self.flags & 0x03 == 0x03
    }
}

/// Tells a chunk.
pub(super) fn describe(chunk: &Chunk<'_>, walk: &mut Walk<'_>) {
    let part = &chunk.part;
    let name = CHUNK_TYPE.def().name_of(chunk.kind).unwrap_or("unknown");
    walk.group(part, part.bytes.len(), CHUNK, format_args!("{name}"));
    walk.tell(part, 0, 1, CHUNK_TYPE);
    walk.tell(part, 1, 1, CHUNK_FLAGS);
    walk.tell(part, 2, 2, CHUNK_LENGTH);
    match chunk.kind {
        DATA | I_DATA => data(chunk, walk),
        INIT => init(part, [INIT_TAG, INIT_CREDIT, INIT_OUT, INIT_IN, INIT_TSN], walk),
        INIT_ACK => init(part, [ACK_TAG, ACK_CREDIT, ACK_OUT, ACK_IN, ACK_TSN], walk),
        SACK => sack(part, walk),
        kind if HEARTBEATS.contains(&kind) => parameters(part, HEAD, walk),
        ABORT | ERROR => {
            if chunk.kind == ABORT {
                walk.tell(part, 1, 1, NO_TAG);
            }
            walk.tell(part, HEAD, 2, CAUSE);
        }
        SHUTDOWN => walk.tell(part, HEAD, 4, SHUTDOWN_TSN),
        SHUTDOWN_COMPLETE => walk.tell(part, 1, 1, NO_TAG),
        COOKIE_ECHO => walk.tell(part, HEAD, part.bytes.len().saturating_sub(HEAD), COOKIE),
        FORWARD => walk.tell(part, HEAD, 4, FORWARD_TSN),
        _ if part.bytes.len() > HEAD => {
            walk.tell(part, HEAD, part.bytes.len() - HEAD, CHUNK_VALUE);
        }
        _ => {}
    }
    walk.close();
}

fn data(chunk: &Chunk<'_>, walk: &mut Walk<'_>) {
    let part = &chunk.part;
    for field in [AT_ONCE, UNORDERED, FIRST, LAST] {
        walk.tell(part, 1, 1, field);
    }
    walk.tell(part, 4, 4, TSN);
    walk.tell(part, 8, 2, STREAM);
    if chunk.kind == DATA {
        walk.tell(part, 10, 2, STREAM_NUMBER);
        walk.tell(part, 12, 4, PAYLOAD);
    } else {
        walk.tell(part, 12, 4, MESSAGE_NUMBER);
        // A first fragment says what it carries, later ones their number (RFC 8260, section 2.1).
        let field = if chunk.flags & 0x02 != 0 { PAYLOAD } else { FRAGMENT_NUMBER };
        walk.tell(part, 16, 4, field);
    }
    if let Some(at) = chunk.data().filter(|_| chunk.is_whole()) {
        walk.rest(part.after(at));
    }
}

fn init(part: &Part<'_>, fields: [crate::field::FieldId; 5], walk: &mut Walk<'_>) {
    let [tag, credit, out, into, tsn] = fields;
    walk.tell(part, 4, 4, tag);
    walk.tell(part, 8, 4, credit);
    walk.tell(part, 12, 2, out);
    walk.tell(part, 14, 2, into);
    walk.tell(part, 16, 4, tsn);
    parameters(part, 20, walk);
}

/// Parameters: a type, a length and a value each, filled up to a multiple of four (section 3.2.1).
fn parameters(part: &Part<'_>, at: usize, walk: &mut Walk<'_>) {
    let mut rest = part.after(at);
    while let (Some(kind), Some(len)) = (rest.number(0, 2), rest.number(2, 2)) {
        let len = len as usize;
        if len < HEAD || len > rest.wire {
            break;
        }
        let value = len - HEAD;
        walk.plain_group(rest.place(0, len), PARAMETER);
        walk.tell(&rest, 0, 2, PARAMETER_TYPE);
        walk.tell(&rest, 2, 2, PARAMETER_LENGTH);
        match kind {
            1 => walk.tell(&rest, HEAD, value, HEARTBEAT),
            5 => walk.tell(&rest, HEAD, 4, PARAMETER_V4),
            6 => walk.tell(&rest, HEAD, 16, PARAMETER_V6),
            7 => walk.tell(&rest, HEAD, value, STATE_COOKIE),
            _ => {}
        }
        walk.close();
        rest = rest.after(len.next_multiple_of(4));
    }
}

fn sack(part: &Part<'_>, walk: &mut Walk<'_>) {
    walk.tell(part, 4, 4, SACK_TSN);
    walk.tell(part, 8, 4, SACK_CREDIT);
    walk.tell(part, 12, 2, SACK_GAPS);
    walk.tell(part, 14, 2, SACK_DUPLICATES);
    let [gaps, duplicates] = [12, 14].map(|at| part.number(at, 2).unwrap_or_default() as usize);
    let blocks = 16;
    for at in (blocks..part.bytes.len()).step_by(4).take(gaps) {
        walk.tell(part, at, 2, GAP_START);
        walk.tell(part, at + 2, 2, GAP_END);
    }
    for at in (blocks + 4 * gaps..part.bytes.len()).step_by(4).take(duplicates) {
        walk.tell(part, at, 4, DUPLICATE);
    }
}

/// What a DATA chunk carries.
pub(super) struct Carried<'a> {
    /// On which stream.
    pub(super) stream: u64,
    /// By what kind of payload; nothing in a later fragment of I-DATA, which does not say.
    pub(super) kind: Option<u64>,
    /// Whether it begins a message, and whether it ends it.
    pub(super) begins: bool,
    pub(super) ends: bool,
    /// The bytes that are there, and how many there were.
    pub(super) bytes: &'a [u8],
    pub(super) len: usize,
}

/// What the first chunk of a packet carries, where it is DATA.
pub(super) fn carried<'a>(part: &Part<'a>) -> Option<Carried<'a>> {
    let chunk = Chunk::read(part)?;
    let head = chunk.data()?;
    let (begins, ends) = (chunk.flags & 0x02 != 0, chunk.flags & 0x01 != 0);
    let kind = chunk.part.number(head - 4, 4).filter(|_| chunk.kind == DATA || begins);
    Some(Carried {
        stream: chunk.part.number(8, 2)?,
        kind,
        begins,
        ends,
        bytes: chunk.part.bytes.get(head..).unwrap_or(&[]),
        len: chunk.len.saturating_sub(head),
    })
}

/// The chunks of a packet by name, for its row; of equals that follow each other how many there
/// are.
pub(super) struct Names<'a>(pub(super) Part<'a>);

impl Display for Names<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        let mut run: Option<(String, usize)> = None;
        let mut parted = "";
        while let Some(chunk) = Chunk::read(&rest) {
            let name = chunk.name();
            run = match run {
                Some((known, count)) if known == name => Some((known, count + 1)),
                known => {
                    if let Some(known) = known {
                        write_run(out, parted, &known)?;
                        parted = ", ";
                    }
                    Some((name, 1))
                }
            };
            if chunk.len < HEAD {
                break;
            }
            rest = rest.after(chunk.len.next_multiple_of(4));
        }
        match run {
            Some(last) => write_run(out, parted, &last),
            None => out.write_str("SCTP, cut"),
        }
    }
}

fn write_run(
    out: &mut fmt::Formatter<'_>,
    parted: &str,
    (name, count): &(String, usize),
) -> fmt::Result {
    write!(out, "{parted}{name}")?;
    if *count > 1 { write!(out, " × {count}") } else { Ok(()) }
}

impl Chunk<'_> {
    /// What it is called, with the numbers that it goes by.
    fn name(&self) -> String {
        let name = CHUNK_TYPE.def().name_of(self.kind).unwrap_or("unknown");
        let number = |at| self.part.number(at, 4).unwrap_or_default();
        match self.kind {
            DATA | I_DATA => {
                let part = if self.is_whole() { "" } else { " (Message Fragment)" };
                format!("{name} (TSN={}){part}", number(4))
            }
            SACK => format!("{name} (Ack={}, Arwnd={})", number(4), number(8)),
            _ => name.to_owned(),
        }
    }
}
