//! The options of a TCP header (RFC 9293, section 3.2): each a kind, and all but two of them a
//! length and a value.

use std::fmt;

use etherparse::TcpHeader;

use super::fields::*;
use crate::field::{FieldId, Value};
use crate::headers::{Part, Walk};
use crate::sink::Severity;
use crate::span::Span;

/// What the options add to the frame's row, in their order.
#[derive(Default)]
pub(super) struct Clauses {
    text: String,
    /// Whether one of them gave the largest segment size.
    pub(super) has_mss: bool,
}

impl fmt::Display for Clauses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Clauses {
    fn add(&mut self, text: fmt::Arguments<'_>) {
        use fmt::Write;
        // Writing to a string cannot fail.
        let _ = self.text.write_fmt(text);
    }
}

/// Tells the options between the fixed part of the header and its end; `ack` is the number that
/// the header acknowledges.
pub(super) fn describe(
    part: &Part<'_>,
    header_len: usize,
    ack: u32,
    clauses: &mut Clauses,
    walk: &mut Walk<'_>,
) {
    let whole = part.after(TcpHeader::MIN_LEN);
    let len = header_len.saturating_sub(TcpHeader::MIN_LEN).min(whole.bytes.len());
    if len == 0 {
        return;
    }
    let options = whole.upto(len);
    walk.open(&options, 0, len, OPTIONS);
    let mut at = 0;
    while let Some(kind) = options.number(at, 1) {
        let option_len = match kind {
            0 | 1 => 1,
            _ => options.number(at + 1, 1).unwrap_or(0) as usize,
        };
        let valid = if kind < 2 { option_len == 1 } else { option_len >= 2 };
        if !valid || options.get(at, option_len).is_none() {
            if !part.is_cut() {
                let left = len - at;
                let text =
                    format_args!("A TCP option claims {option_len} bytes, but {left} are left");
                walk.note(Severity::Broken, options.place(at, 2), text);
            }
            break;
        }
        let option = options.after(at).upto(option_len);
        one(&option, kind, ack, clauses, walk);
        at += option_len;
    }
    walk.close();
}

/// Tells one option, all of whose bytes are there.
fn one(option: &Part<'_>, kind: u64, ack: u32, clauses: &mut Clauses, walk: &mut Walk<'_>) {
    let len = option.bytes.len();
    let read = |at, len| option.number(at, len).unwrap_or(0);
    let experiment = if len >= 4 { read(2, 2) } else { 0 };
    let group: FieldId = match kind {
        0 => EOL,
        1 => NOP,
        2 => MSS,
        3 => WSCALE,
        4 => SACK_PERM,
        5 => SACK,
        8 => TIMESTAMP,
        34 => TFO,
        253 | 254 => EXPERIMENTAL,
        _ => UNKNOWN,
    };
    walk.open(option, 0, len, group);
    walk.tell(option, 0, 1, OPTION_KIND);
    if len > 1 {
        walk.tell(option, 1, 1, OPTION_LEN);
    }
    match (kind, len) {
        (0 | 1, _) => {}
        (2, 4) => {
            walk.tell(option, 2, 2, MSS_VAL);
            clauses.has_mss = true;
            clauses.add(format_args!(" MSS={}", read(2, 2)));
        }
        (3, 3) => {
            let multiplier = 1u64 << read(2, 1).min(14);
            walk.tell(option, 2, 1, WSCALE_SHIFT);
            walk.work_out(WSCALE_MULTIPLIER, Value::Unsigned(multiplier), option.place(2, 1));
            clauses.add(format_args!(" WS={multiplier}"));
        }
        (4, 2) => clauses.add(format_args!(" SACK_PERM")),
        (5, _) => sack(option, ack, clauses, walk),
        (8, 10) => {
            walk.tell(option, 2, 4, TSVAL);
            walk.tell(option, 6, 4, TSECR);
            clauses.add(format_args!(" TSval={} TSecr={}", read(2, 4), read(6, 4)));
        }
        (34, _) => fast_open(option, 2, len, clauses, walk),
        (253 | 254, 4..) => {
            walk.tell(option, 2, 2, EXPERIMENT);
            // How Fast Open was tried before it had a number of its own (RFC 7413, section 4.1.1).
            if experiment == 0xf989 {
                fast_open(option, 4, len, clauses, walk);
            }
        }
        _ if len > 2 => walk.tell(option, 2, len - 2, UNKNOWN_PAYLOAD),
        _ => {}
    }
    walk.close();
}

/// Selective acknowledgements (RFC 2018, section 3): what arrived beyond a hole.
fn sack(option: &Part<'_>, ack: u32, clauses: &mut Clauses, walk: &mut Walk<'_>) {
    let base = walk.context.reverse_base().unwrap_or(0);
    let mut blocks = Vec::with_capacity(4);
    for at in (2..option.bytes.len().saturating_sub(7)).step_by(8) {
        let edge = |at| option.number(at, 4).unwrap_or(0) as u32;
        let block = (edge(at), edge(at + 4));
        edges([SACK_LE, SACK_RE], option, at, block, walk);
        let (left, right) = (block.0.wrapping_sub(base), block.1.wrapping_sub(base));
        clauses.add(format_args!(" SLE={left} SRE={right}"));
        blocks.push(block);
    }
    walk.work_out(SACK_COUNT, Value::Unsigned(blocks.len() as u64), Span::NONE);
    if let Some(first) = blocks.first().copied().filter(|_| is_duplicate(&blocks, ack)) {
        edges([DSACK_LE, DSACK_RE], option, 2, first, walk);
        walk.holds(DSACK);
    }
}

fn edges(
    fields: [FieldId; 2],
    option: &Part<'_>,
    at: usize,
    block: (u32, u32),
    walk: &mut Walk<'_>,
) {
    let base = walk.context.reverse_base().unwrap_or(0);
    let [left, right] = fields;
    let relative = |edge: u32| Value::Unsigned(edge.wrapping_sub(base).into());
    walk.work_out(left, relative(block.0), option.place(at, 4));
    walk.work_out(right, relative(block.1), option.place(at + 4, 4));
}

/// Whether the first block names bytes that came twice (RFC 2883, section 4): bytes that are
/// acknowledged anyway, or lie within the second block.
fn is_duplicate(blocks: &[(u32, u32)], ack: u32) -> bool {
    let reaches = |far: u32, near: u32| far.wrapping_sub(near) as i32 >= 0;
    match blocks {
        [(_, right), ..] if reaches(ack, *right) => true,
        [(left, right), (outer_left, outer_right), ..] => {
            reaches(*left, *outer_left) && reaches(*outer_right, *right)
        }
        _ => false,
    }
}

/// A Fast Open cookie (RFC 7413, section 4.1.1), or the request for one.
fn fast_open(option: &Part<'_>, at: usize, len: usize, clauses: &mut Clauses, walk: &mut Walk<'_>) {
    if len == at {
        walk.holds(TFO_REQUEST);
        clauses.add(format_args!(" TFO=R"));
    } else {
        walk.tell(option, at, len - at, TFO_COOKIE);
        clauses.add(format_args!(" TFO=C"));
    }
}
