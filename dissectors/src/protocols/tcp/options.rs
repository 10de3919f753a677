//! The options of a TCP header (RFC 9293, section 3.2): each a kind, and all but two of them a
//! length and a value.

use std::fmt::{self, Write};

use etherparse::TcpHeader;

use super::describe::named;
use super::fields::*;
use super::needless;
use crate::field::{FieldId, Value};
use crate::headers::{HeaderContext, Part, Walk};
use crate::sink::Severity;
use crate::span::Span;

/// The options of a header one by one: the kind of each and all its bytes. Of one that is shorter
/// than it claims, where it stands and how long it says it is; none follows it.
#[derive(Clone, Copy)]
struct Options<'a> {
    whole: Part<'a>,
    at: usize,
}

impl<'a> Options<'a> {
    /// Those between the fixed part of the header and its end.
    fn of(header: &Part<'a>, header_len: usize) -> Self {
        let whole = header.after(TcpHeader::MIN_LEN);
        let len = header_len.saturating_sub(TcpHeader::MIN_LEN).min(whole.bytes.len());
        Self { whole: whole.upto(len), at: 0 }
    }
}

impl<'a> Iterator for Options<'a> {
    type Item = Result<(u64, Part<'a>), (usize, usize)>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at;
        let kind = self.whole.number(at, 1)?;
        let len = match kind {
            0 | 1 => 1,
            _ => self.whole.number(at + 1, 1).unwrap_or(0) as usize,
        };
        let valid = kind < 2 || len >= 2;
        if !valid || self.whole.get(at, len).is_none() {
            self.at = self.whole.bytes.len();
            return Some(Err((at, len)));
        }
        self.at += len;
        Some(Ok((kind, self.whole.after(at).upto(len))))
    }
}

/// What the options add to the frame's row, in their order.
pub(super) struct Clauses<'a> {
    options: Options<'a>,
    /// What the other side's numbers count from.
    base: u32,
}

impl<'a> Clauses<'a> {
    /// Those of a header of that length.
    pub(super) fn of(header: &Part<'a>, header_len: usize, context: &HeaderContext) -> Self {
        let base = context.reverse_base().unwrap_or(0);
        Self { options: Options::of(header, header_len), base }
    }
}

impl Clauses<'_> {
    /// Writes them.
    pub(super) fn put<W: Write>(&self, out: &mut W) -> fmt::Result {
        // Most segments carry two blanks and a timestamp (RFC 7323, appendix A).
        if let [1, 1, 8, 10, times @ ..] = self.options.whole.bytes
            && let Some((value, [e, c, h, o])) = times.split_first_chunk()
        {
            named(" TSval=", u32::from_be_bytes(*value).into(), out)?;
            return named(" TSecr=", u32::from_be_bytes([*e, *c, *h, *o]).into(), out);
        }
        for (kind, option) in self.options.map_while(Result::ok) {
            let len = option.bytes.len();
            let read = |at, len| option.number(at, len).unwrap_or(0);
            match (kind, len) {
                (2, 4) => named(" MSS=", read(2, 2), out)?,
                (3, 3) => named(" WS=", 1 << read(2, 1).min(14), out)?,
                (4, 2) => out.write_str(" SACK_PERM")?,
                (5, _) => {
                    for (left, right) in blocks(&option) {
                        named(" SLE=", left.wrapping_sub(self.base).into(), out)?;
                        named(" SRE=", right.wrapping_sub(self.base).into(), out)?;
                    }
                }
                (8, 10) => {
                    named(" TSval=", read(2, 4), out)?;
                    named(" TSecr=", read(6, 4), out)?;
                }
                (34, 2) => out.write_str(" TFO=R")?,
                (34, _) => out.write_str(" TFO=C")?,
                (253 | 254, 4) if read(2, 2) == FAST_OPEN => out.write_str(" TFO=R")?,
                (253 | 254, 4..) if read(2, 2) == FAST_OPEN => out.write_str(" TFO=C")?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// How Fast Open was tried before it had a number of its own (RFC 7413, section 4.1.1).
const FAST_OPEN: u64 = 0xf989;

/// Tells the options between the fixed part of the header and its end, and says whether one of
/// them gave the largest segment size; `ack` is the number that the header acknowledges.
pub(super) fn describe(part: &Part<'_>, header_len: usize, ack: u32, walk: &mut Walk<'_>) -> bool {
    let options = Options::of(part, header_len);
    let len = options.whole.bytes.len();
    if len == 0 {
        return false;
    }
    let mut has_mss = false;
    walk.open(&options.whole, 0, len, OPTIONS);
    for option in options {
        match option {
            Ok((kind, option)) => {
                has_mss |= kind == 2 && option.bytes.len() == 4;
                one(&option, kind, ack, walk);
            }
            Err((at, claimed)) if !part.is_cut() => {
                let left = len - at;
                let text = format_args!("A TCP option claims {claimed} bytes, but {left} are left");
                walk.note(Severity::Broken, options.whole.place(at, 2), text);
            }
            Err(_) => {}
        }
    }
    walk.close();
    has_mss
}

/// Tells one option, all of whose bytes are there.
fn one(option: &Part<'_>, kind: u64, ack: u32, walk: &mut Walk<'_>) {
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
        30 => MPTCP,
        34 => TFO,
        172 | 174 => ACC_ECN,
        253 | 254 => EXPERIMENTAL,
        _ => UNKNOWN,
    };
    walk.open(option, 0, len, group);
    walk.tell(option, 0, 1, OPTION_KIND);
    if len > 1 {
        walk.tell(option, 1, 1, OPTION_LEN);
    }
    match (kind, len) {
        (0 | 1, _) | (4, 2) => {}
        (2, 4) => walk.tell(option, 2, 2, MSS_VAL),
        (3, 3) => {
            let multiplier = 1u64 << read(2, 1).min(14);
            walk.tell(option, 2, 1, WSCALE_SHIFT);
            walk.work_out(WSCALE_MULTIPLIER, Value::Unsigned(multiplier), option.place(2, 1));
        }
        (5, _) => sack(option, ack, walk),
        (8, 10) => {
            walk.tell(option, 2, 4, TSVAL);
            walk.tell(option, 6, 4, TSECR);
        }
        (30, 3..) => multipath(option, walk),
        (34, _) => fast_open(option, 2, len, walk),
        // How many bytes came with which mark, in one of two orders; the last ones may be left out
        // (RFC 9768).
        (172, _) => counters(option, [ACC_ECN_EE0B, ACC_ECN_ECEB, ACC_ECN_EE1B], walk),
        (174, _) => counters(option, [ACC_ECN_EE1B, ACC_ECN_ECEB, ACC_ECN_EE0B], walk),
        (253 | 254, 4..) => {
            walk.tell(option, 2, 2, EXPERIMENT);
            if experiment == FAST_OPEN {
                fast_open(option, 4, len, walk);
            }
        }
        _ if len > 2 => walk.tell(option, 2, len - 2, UNKNOWN_PAYLOAD),
        _ => {}
    }
    walk.close();
}

/// Selective acknowledgements (RFC 2018, section 3): what arrived beyond a hole.
fn sack(option: &Part<'_>, ack: u32, walk: &mut Walk<'_>) {
    for (block, at) in blocks(option).zip((2..).step_by(8)) {
        edges([SACK_LE, SACK_RE], option, at, block, walk);
    }
    walk.work_out(SACK_COUNT, Value::Unsigned(blocks(option).count() as u64), Span::NONE);
    let mut blocks = blocks(option);
    if let Some(first) = blocks.next()
        && needless::is_duplicate(first, blocks.next(), ack)
    {
        edges([DSACK_LE, DSACK_RE], option, 2, first, walk);
        walk.holds(DSACK);
    }
}

/// The edges of what arrived, from the third byte of the option on, eight bytes each.
fn blocks(option: &Part<'_>) -> impl Iterator<Item = (u32, u32)> {
    let edge = |bytes: [u8; 4]| u32::from_be_bytes(bytes);
    let places = (2..option.bytes.len().saturating_sub(7)).step_by(8);
    places.filter_map(move |at| Some((edge(option.array(at)?), edge(option.array(at + 4)?))))
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

/// What Multipath TCP says (RFC 8684, section 3): of the key that names a connection to others no
/// more than its sender's.
fn multipath(option: &Part<'_>, walk: &mut Walk<'_>) {
    walk.tell(option, 2, 1, MPTCP_SUBTYPE);
    let is_capable = option.number(2, 1).is_some_and(|byte| byte >> 4 == 0);
    if is_capable {
        walk.tell(option, 2, 1, MPTCP_VERSION);
        if option.bytes.len() >= 12 {
            walk.tell(option, 4, 8, MPTCP_SENDKEY);
        }
    }
}

/// Counters of three bytes each, as many as there are.
fn counters(option: &Part<'_>, fields: [FieldId; 3], walk: &mut Walk<'_>) {
    for (field, at) in fields.into_iter().zip((2..).step_by(3)) {
        if option.bytes.len() >= at + 3 {
            walk.tell(option, at, 3, field);
        }
    }
}

/// A Fast Open cookie (RFC 7413, section 4.1.1), or the request for one.
fn fast_open(option: &Part<'_>, at: usize, len: usize, walk: &mut Walk<'_>) {
    if len == at {
        walk.holds(TFO_REQUEST);
    } else {
        walk.tell(option, at, len - at, TFO_COOKIE);
    }
}
