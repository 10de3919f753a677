//! L2TP, version 3 (RFC 3931): frames of any link, over UDP or over IP itself.
//!
//! ```text
//!   over UDP  flags and version (2) │ length (2) │ control connection (4) │ Ns │ Nr │ values
//!             flags and version (2) │ 0 (2)      │ session (4) │ cookie │ sublayer │ frame
//!   over IP   0 (4) │ the first of the two, or    session (4) │ cookie │ sublayer │ frame
//! ```

use super::inner;
use super::{
    CCID, CONTROL, COOKIE, FLAGS, LENGTH, LENGTH_BIT, MESSAGE, NR, NS, PROTO, RESERVED,
    SEQUENCE_BIT, SESSION_3, SUBLAYER, SUBLAYER_S, SUBLAYER_SEQUENCE, TYPE, VERSION,
};
use crate::headers::{Next, Part, Walk};

/// Bytes of flags, length, control connection and the two numbers.
const CONTROL_LEN: usize = 12;

/// Bytes of flags and nothing before a session over UDP.
const DATA_HEAD: usize = 4;

/// Tells a packet of IP protocol 115: a session's number, or zero before a control message.
pub(super) fn over_ip<'a>(part: &Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let next = match part.number(0, 4) {
        Some(0) => {
            walk.group(part, 4 + CONTROL_LEN, PROTO, format_args!("Version 3"));
            walk.tell(part, 0, 4, SESSION_3);
            control(&part.after(4), walk)
        }
        _ => {
            walk.group(part, 4, PROTO, format_args!("Version 3"));
            data(part, walk)
        }
    };
    walk.close();
    next
}

/// Tells a datagram of UDP.
pub(super) fn over_udp<'a>(part: &Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let is_control = part.number(0, 2).is_some_and(|bits| bits & CONTROL != 0);
    let len = if is_control { CONTROL_LEN } else { DATA_HEAD + 4 };
    walk.group(part, len, PROTO, format_args!("Version 3"));
    let next = if is_control {
        control(part, walk)
    } else {
        flags(part, walk);
        walk.tell(part, 2, 2, RESERVED);
        data(&part.after(DATA_HEAD), walk)
    };
    walk.close();
    next
}

fn flags(part: &Part<'_>, walk: &mut Walk<'_>) {
    walk.open(part, 0, 2, FLAGS);
    for field in [TYPE, LENGTH_BIT, SEQUENCE_BIT, VERSION] {
        walk.tell(part, 0, 2, field);
    }
    walk.close();
}

/// Tells a control message (RFC 3931, section 3.2.1), which has no sessions in its header.
fn control<'a>(part: &Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    flags(part, walk);
    walk.tell(part, 2, 2, LENGTH);
    walk.tell(part, 4, 4, CCID);
    walk.tell(part, 8, 2, NS);
    walk.tell(part, 10, 2, NR);
    let Some(connection) = part.number(4, 4).filter(|_| part.get(0, CONTROL_LEN).is_some()) else {
        walk.stop(part, "L2TP", format_args!("a header takes {CONTROL_LEN} bytes"));
        walk.summary(format_args!("L2TP, not readable"));
        return Next::Nothing;
    };
    let len = part.number(2, 2).unwrap_or_default() as usize;
    let first = part.upto(len).after(CONTROL_LEN);
    let kind = first.number(6, 2).filter(|_| first.number(2, 4) == Some(0));
    if kind.is_some() {
        walk.tell(&first, 6, 2, MESSAGE);
    }
    let name = match kind {
        Some(kind) => MESSAGE.def().name_of(kind).unwrap_or("Unknown"),
        None => "ZLB",
    };
    walk.summary(format_args!("Control Message - {name} (control connection id={connection})"));
    Next::Nothing
}

/// Tells a data message from its session's number on, and what its bytes prove to follow.
fn data<'a>(part: &Part<'a>, walk: &mut Walk<'_>) -> Next<'a> {
    let Some(session) = part.number(0, 4) else {
        walk.stop(part, "L2TP", format_args!("a session's number takes 4 bytes"));
        walk.summary(format_args!("L2TP, not readable"));
        return Next::Nothing;
    };
    walk.tell(part, 0, 4, SESSION_3);
    walk.summary(format_args!("Data Message (session id={session})"));
    let rest = part.after(4);
    let Some(shape) = inner::shape(&rest) else { return Next::Nothing };
    if shape.cookie > 0 {
        walk.tell(&rest, 0, shape.cookie, COOKIE);
    }
    if shape.sublayer > 0 {
        let sublayer = rest.after(shape.cookie);
        walk.plain_group(sublayer.place(0, shape.sublayer), SUBLAYER);
        walk.tell(&sublayer, 0, 1, SUBLAYER_S);
        walk.tell(&sublayer, 1, 3, SUBLAYER_SEQUENCE);
        walk.close();
    }
    shape.next(&rest)
}
