//! The options of neighbour discovery (RFC 4861, section 4.6, and those defined since): link
//! addresses, prefixes, routes, name servers.

use super::fields::*;
use crate::field::Value;
use crate::headers::names::Address;
use crate::headers::{Next, Part, Walk};
use crate::sink::Severity;

/// Tells the options; gives the link address that one of them held.
pub(super) fn describe(part: &Part<'_>, start: usize, walk: &mut Walk<'_>) -> Option<Address> {
    let mut link = None;
    let mut at = start;
    while let (Some(kind), Some(units)) = (part.number(at, 1), part.number(at + 1, 1)) {
        let len = units as usize * 8;
        if len == 0 {
            let text = format_args!("An option of length 0 has no end");
            walk.note(Severity::Broken, part.place(at, 2), text);
            break;
        }
        let option = part.after(at).upto(len);
        walk.plain_group(option.span, OPTION);
        walk.tell(&option, 0, 1, OPTION_TYPE);
        walk.tell(&option, 1, 1, OPTION_LENGTH);
        if matches!((kind, units), (1 | 2, 1)) {
            walk.tell(&option, 2, 6, OPTION_LINK);
            let side = if kind == 1 { OPTION_SRC_LINK } else { OPTION_TARGET_LINK };
            walk.tell(&option, 2, 6, side);
            link = option.array(2).map(Address);
        } else {
            one(&option, kind, len, walk);
        }
        walk.close();
        at += len;
    }
    link
}

/// Tells what an option holds behind its type and length.
fn one(option: &Part<'_>, kind: u64, len: usize, walk: &mut Walk<'_>) {
    match kind {
        3 => prefix(option, walk),
        4 => {
            walk.plain_group(option.after(8).span, REDIRECTED);
            let quoted = option.after(8);
            walk.quote(|walk| Next::packet(quoted).describe(walk));
            walk.close();
        }
        5 => walk.tell(option, 4, 4, OPTION_MTU),
        7 => walk.tell(option, 4, 4, INTERVAL),
        14 => walk.tell(option, 2, len - 2, NONCE),
        24 => route(option, walk),
        // RFC 8106, section 5.
        25 => {
            walk.tell(option, 4, 4, DNS_LIFETIME);
            for at in (8..len).step_by(16) {
                walk.tell(option, at, 16, DNS_SERVER);
            }
        }
        31 => search_list(option, walk),
        // RFC 8910, section 2.3.
        37 => {
            let text = option.bytes.get(2..).and_then(|bytes| std::str::from_utf8(bytes).ok());
            if let Some(text) = text.map(|text| text.trim_end_matches('\0')) {
                walk.work_out(PORTAL, Value::Text(text), option.place(2, text.len()));
            }
        }
        _ => {}
    }
}

/// A prefix, and what hosts may do with it (RFC 4861, section 4.6.2).
fn prefix(option: &Part<'_>, walk: &mut Walk<'_>) {
    walk.tell(option, 2, 1, PREFIX_LENGTH);
    walk.open(option, 3, 1, PREFIX_FLAGS);
    for field in [PREFIX_ON_LINK, PREFIX_AUTONOMOUS, PREFIX_ROUTER] {
        walk.tell(option, 3, 1, field);
    }
    walk.close();
    walk.tell(option, 4, 4, PREFIX_VALID);
    walk.tell(option, 8, 4, PREFIX_PREFERRED);
    walk.tell(option, 16, 16, PREFIX);
}

/// A route to a prefix, of which only so much is there as it needs (RFC 4191, section 2.3).
fn route(option: &Part<'_>, walk: &mut Walk<'_>) {
    walk.tell(option, 2, 1, PREFIX_LENGTH);
    walk.open(option, 3, 1, ROUTE_FLAGS);
    walk.tell(option, 3, 1, ROUTE_PREFERENCE);
    walk.close();
    walk.tell(option, 4, 4, ROUTE_LIFETIME);
    let mut address = [0; 16];
    let known = option.bytes.get(8..).unwrap_or(&[]);
    for (to, from) in address.iter_mut().zip(known) {
        *to = *from;
    }
    walk.work_out(ROUTE_PREFIX, Value::Bytes(&address), option.place(8, known.len().min(16)));
}

/// Domains to look names up in, each a run of labels that an empty one ends (RFC 8106, section
/// 5.2).
fn search_list(option: &Part<'_>, walk: &mut Walk<'_>) {
    walk.tell(option, 4, 4, SEARCH_LIFETIME);
    let (mut start, mut at) = (8, 8);
    let mut name = String::new();
    while let Some(len) = option.number(at, 1).map(|len| len as usize) {
        at += 1;
        if len > 0 {
            let Some(label) = option.get(at, len) else { break };
            name.push_str(if name.is_empty() { "" } else { "." });
            name.push_str(&String::from_utf8_lossy(label));
            at += len;
        } else {
            if !name.is_empty() {
                walk.work_out(SEARCH_DOMAIN, Value::Text(&name), option.place(start, at - start));
            }
            name.clear();
            start = at;
        }
    }
}
