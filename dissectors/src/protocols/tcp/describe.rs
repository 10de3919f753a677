//! Tells one TCP header (RFC 9293, section 3.1).

use std::fmt::{self, Write};

use etherparse::{TcpHeader, TcpSlice};

use super::fields::*;
use super::options::{self, Clauses};
use crate::engine::tcp::{SegmentKind, WindowScale, flags};
use crate::field::{FieldId, Value};
use crate::headers::names::UNVERIFIED;
use crate::headers::{Ends, HeaderContext, Next, Part, Walk, pseudo_header_sum};
use crate::sink::Severity;
use crate::sinks::decimal::write_number;
use crate::span::Span;

/// The bit of [`crate::headers::HeaderContext::completeness`] for a FIN.
const SEEN_FIN: u8 = 16;

/// What the header says, in the terms of its connection where they are known.
struct Head {
    source: u64,
    destination: u64,
    seq: u32,
    ack: u32,
    flags: u16,
    window: u32,
    urgent: u64,
    header_len: usize,
    payload_len: usize,
}

impl Head {
    fn read(part: &Part<'_>, context: &HeaderContext) -> Self {
        let read = |at, len| part.number(at, len).unwrap_or(0);
        let flags = (read(12, 2) & 0x0fff) as u16;
        let (seq, ack) = (read(4, 4) as u32, read(8, 4) as u32);
        let relative_ack = match context.reverse_base() {
            Some(base) if flags & flags::ACK != 0 => ack.wrapping_sub(base),
            _ => ack,
        };
        let window = read(14, 2) as u32;
        let window = match context.scale() {
            // No shift is larger (RFC 7323, section 2.3).
            WindowScale::Shift(shift) if flags & flags::SYN == 0 => window << shift.min(14),
            _ => window,
        };
        let header_len = (read(12, 1) >> 4) as usize * 4;
        Self {
            source: read(0, 2),
            destination: read(2, 2),
            seq: context.base().map_or(seq, |base| seq.wrapping_sub(base)),
            ack: relative_ack,
            flags,
            window,
            urgent: read(18, 2),
            header_len,
            payload_len: part.wire.saturating_sub(header_len.max(TcpHeader::MIN_LEN)),
        }
    }

    fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    /// Whether of SYN and ACK just these are set.
    fn is(&self, opens: u16) -> bool {
        self.flags & (flags::SYN | flags::ACK) == opens
    }
}

/// Tells a TCP header and its options.
pub(crate) fn describe<'a>(part: Part<'a>, ends: Ends, walk: &mut Walk<'_>) -> Next<'a> {
    let head = Head::read(&part, &walk.context);
    let text = format_args!(
        "Src Port: {}, Dst Port: {}, Seq: {}, Ack: {}, Len: {}",
        head.source, head.destination, head.seq, head.ack, head.payload_len
    );
    walk.group(&part, head.header_len, PROTO, text);
    numbers(&part, &head, walk);
    if part.number(12, 2).is_some() {
        flag_bits(&part, &head, walk);
    }
    window_and_checksum(&part, &head, ends, walk);
    let acknowledged = part.number(8, 4).unwrap_or(0) as u32;
    let Ok(slice) = TcpSlice::from_slice(part.bytes) else {
        // The header says it is longer than the packet, or the capture cut it: the options that
        // are there can still be told.
        options::describe(&part, head.header_len, acknowledged, walk);
        walk.stop(&part, "TCP", format_args!("the header claims {} bytes", head.header_len));
        walk.close();
        let clauses = Clauses::of(&part, head.header_len, &walk.context);
        summarize(&head, &clauses, walk);
        return Next::Nothing;
    };
    let header_len = slice.header_slice().len();
    let has_mss = options::describe(&part, header_len, acknowledged, walk);
    if head.has(flags::SYN) && header_len > TcpHeader::MIN_LEN && !has_mss {
        // 536 bytes are assumed then (RFC 9293, section 3.7.1).
        walk.holds(MSS_ABSENT);
    }
    walk.stream_times(TIME_RELATIVE, TIME_DELTA);
    analysis(&head, walk);
    if has_cookie(slice.options()) && head.payload_len > 0 && head.is(flags::SYN) {
        walk.holds(TFO_SYN);
    }
    let payload = part.after(header_len);
    if !payload.bytes.is_empty() {
        // What a reset carries says why it was sent (RFC 9293, section 3.5.3).
        let field = if head.has(flags::RST) { RESET_CAUSE } else { PAYLOAD };
        walk.tell(&payload, 0, payload.bytes.len(), field);
    }
    walk.close();
    summarize(&head, &Clauses::of(&part, header_len, &walk.context), walk);
    Next::Nothing
}

fn numbers(part: &Part<'_>, head: &Head, walk: &mut Walk<'_>) {
    let context = walk.context;
    let number = |number: u32| Value::Unsigned(number.into());
    walk.tell(part, 0, 2, SRCPORT);
    walk.tell(part, 2, 2, DSTPORT);
    walk.tell(part, 0, 2, PORT);
    walk.tell(part, 2, 2, PORT);
    if let Some(stream) = context.stream {
        walk.work_out(STREAM, number(stream), Span::NONE);
    }
    if let Some(completeness) = context.completeness {
        walk.work_out(COMPLETENESS, number(completeness.into()), Span::NONE);
    }
    if part.number(12, 1).is_some() {
        walk.work_out(LEN, Value::Unsigned(head.payload_len as u64), Span::NONE);
    }
    if part.number(4, 4).is_some() {
        walk.work_out(SEQ, number(head.seq), part.place(4, 4));
        walk.tell(part, 4, 4, SEQ_RAW);
        let takes_one = u32::from(head.has(flags::SYN | flags::FIN));
        let next = head.seq.wrapping_add(head.payload_len as u32).wrapping_add(takes_one);
        walk.work_out(NXTSEQ, number(next), Span::NONE);
    }
    if part.number(8, 4).is_some() {
        walk.work_out(ACK, number(head.ack), part.place(8, 4));
        walk.tell(part, 8, 4, ACK_RAW);
    }
    if part.number(12, 1).is_some() {
        walk.work_out(HDR_LEN, Value::Unsigned(head.header_len as u64), part.place(12, 1));
    }
}

fn flag_bits(part: &Part<'_>, head: &Head, walk: &mut Walk<'_>) {
    walk.open(part, 12, 2, FLAGS);
    walk.tell(part, 12, 1, FLAG_RES);
    walk.tell(part, 12, 1, FLAG_AE);
    let bits: [FieldId; 8] =
        [FLAG_CWR, FLAG_ECE, FLAG_URG, FLAG_ACK, FLAG_PUSH, FLAG_RESET, FLAG_SYN, FLAG_FIN];
    for bit in bits {
        walk.tell(part, 13, 1, bit);
    }
    if walk.wants(FLAGS_STR) {
        let letters = letters(head.flags);
        walk.work_out(FLAGS_STR, Value::Text(&letters), part.place(12, 2));
    }
    walk.close();
    match (head.has(flags::SYN), head.has(flags::ACK)) {
        (true, false) => walk.holds(CONNECTION_SYN),
        (true, true) => walk.holds(CONNECTION_SYNACK),
        _ => {}
    }
    if head.has(flags::FIN) {
        walk.holds(CONNECTION_FIN);
        match walk.context.completeness {
            Some(seen) if seen & SEEN_FIN == 0 => walk.holds(CONNECTION_FIN_ACTIVE),
            Some(_) => walk.holds(CONNECTION_FIN_PASSIVE),
            None => {}
        }
    }
    if head.has(flags::RST) {
        walk.holds(CONNECTION_RST);
    }
}

/// The flags as a row of letters, with a dot for each that is not set.
fn letters(flags: u16) -> String {
    let names = ["F", "S", "R", "P", "A", "U", "E", "C", "A"];
    let reserved = if flags & 0x0e00 != 0 { "R" } else { "·" };
    let mut text = reserved.repeat(3);
    for (bit, name) in names.iter().enumerate().rev() {
        text.push_str(if flags >> bit & 1 != 0 { name } else { "·" });
    }
    text
}

fn window_and_checksum(part: &Part<'_>, head: &Head, ends: Ends, walk: &mut Walk<'_>) {
    walk.tell(part, 14, 2, WINDOW_VALUE);
    if part.number(14, 2).is_some() {
        let place = part.place(14, 2);
        walk.work_out(WINDOW, Value::Unsigned(head.window.into()), place);
        if !head.has(flags::SYN) && walk.context.direction.is_some() {
            let factor = match walk.context.scale() {
                WindowScale::Unknown => -1,
                WindowScale::Unused => -2,
                WindowScale::Shift(shift) => 1 << shift.min(14),
            };
            walk.work_out(WINDOW_SCALE, Value::Signed(factor), place);
        }
    }
    walk.tell(part, 16, 2, CHECKSUM);
    if let Some(checksum) = part.number(16, 2) {
        walk.work_out(STATUS, UNVERIFIED, Span::NONE);
        if checksum == pseudo_header_sum(ends, 6, part.wire) {
            let text = format_args!(
                "Partial checksum: the sender left the rest to its network card (not an error)"
            );
            walk.note(Severity::Hint, part.place(16, 2), text);
        }
    }
    walk.tell(part, 18, 2, URGENT);
}

/// Whether the receiver says that it can take nothing more.
fn is_zero_window(head: &Head) -> bool {
    head.window == 0 && !head.has(flags::SYN | flags::FIN | flags::RST)
}

fn analysis(head: &Head, walk: &mut Walk<'_>) {
    match walk.context.segment {
        Some(SegmentKind::Retransmission) => walk.holds(RETRANSMISSION),
        Some(SegmentKind::SpuriousRetransmission) => {
            walk.holds(RETRANSMISSION);
            walk.holds(SPURIOUS_RETRANSMISSION);
        }
        Some(SegmentKind::OutOfOrder) => walk.holds(OUT_OF_ORDER),
        // A probe of a closed window looks like it, and Wireshark calls it so.
        Some(SegmentKind::KeepAlive | SegmentKind::WindowProbe) => walk.holds(KEEP_ALIVE),
        Some(SegmentKind::WindowUpdate) => walk.holds(WINDOW_UPDATE),
        Some(SegmentKind::KeepAliveAnswer) => walk.holds(KEEP_ALIVE_ACK),
        Some(SegmentKind::DuplicateAck) => walk.holds(DUPLICATE_ACK),
        Some(SegmentKind::Plain) | None => {}
    }
    if is_zero_window(head) {
        walk.holds(ZERO_WINDOW);
    }
    if let Some(found) = walk.context.analysis {
        super::analysis::describe(&found, walk);
    }
    // What it acknowledges behind the SYN came with the SYN.
    let is_known = walk.context.reverse_base().is_some();
    if is_known && head.is(flags::SYN | flags::ACK) && head.ack > 1 {
        walk.holds(TFO_ACK);
    }
}

/// Whether a segment bears a cookie of TCP Fast Open.
fn has_cookie(own: &[u8]) -> bool {
    crate::engine::options::cookie(own).is_some_and(|cookie| !cookie.is_empty())
}

fn summarize(head: &Head, clauses: &Clauses<'_>, walk: &mut Walk<'_>) {
    let row = Row { head, clauses, segment: walk.context.segment };
    walk.summary(format_args!("{row}"));
}

/// Writes the row of a segment and nothing else: what the walk over its header would say of it.
pub(crate) fn row(part: &Part<'_>, context: &HeaderContext, out: &mut String) {
    let head = Head::read(part, context);
    let clauses = Clauses::of(part, head.header_len, context);
    // Writing to a string does not fail.
    let _ = Row { head: &head, clauses: &clauses, segment: context.segment }.put(out);
}

/// The header in one line, as a packet list shows it.
struct Row<'a> {
    head: &'a Head,
    clauses: &'a Clauses<'a>,
    segment: Option<SegmentKind>,
}

impl fmt::Display for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.put(f)
    }
}

impl Row<'_> {
    fn put<W: Write>(&self, out: &mut W) -> fmt::Result {
        let head = self.head;
        named(self.prefix(), head.source, out)?;
        named(" → ", head.destination, out)?;
        out.write_str(" [")?;
        let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"];
        let mut first = true;
        for (bit, name) in names.iter().enumerate() {
            if head.flags >> bit & 1 != 0 {
                out.write_str(if first { "" } else { ", " })?;
                out.write_str(name)?;
                first = false;
            }
        }
        out.write_str(if first { "<None>] " } else { "] " })?;
        named("Seq=", head.seq.into(), out)?;
        if head.has(flags::ACK) {
            named(" Ack=", head.ack.into(), out)?;
        }
        named(" Win=", head.window.into(), out)?;
        if head.has(flags::URG) {
            named(" Urg=", head.urgent, out)?;
        }
        named(" Len=", head.payload_len as u64, out)?;
        self.clauses.put(out)
    }

    fn prefix(&self) -> &'static str {
        match self.segment {
            Some(SegmentKind::Retransmission) => "[TCP Retransmission] ",
            Some(SegmentKind::SpuriousRetransmission) => "[TCP Spurious Retransmission] ",
            Some(SegmentKind::OutOfOrder) => "[TCP Out-Of-Order] ",
            Some(SegmentKind::KeepAlive | SegmentKind::WindowProbe) => "[TCP Keep-Alive] ",
            Some(SegmentKind::KeepAliveAnswer) => "[TCP Keep-Alive ACK] ",
            Some(SegmentKind::WindowUpdate) => "[TCP Window Update] ",
            _ if is_zero_window(self.head) => "[TCP ZeroWindow] ",
            _ => "",
        }
    }
}

/// Writes a number behind what names it.
pub(super) fn named<W: Write>(name: &str, number: u64, out: &mut W) -> fmt::Result {
    out.write_str(name)?;
    write_number(number, out)
}
