//! Neighbour discovery (RFC 4861, section 4): who has an address, and who is a router.

use std::net::Ipv6Addr;

use super::fields::*;
use crate::headers::names::Address;
use crate::headers::{Part, Walk};
use crate::sink::Severity;

/// Tells one of the five messages and its options.
pub(super) fn describe(part: &Part<'_>, kind: u64, name: &str, walk: &mut Walk<'_>) {
    let options = match kind {
        134 => {
            walk.tell(part, 4, 1, RA_HOP_LIMIT);
            walk.tell(part, 5, 1, RA_FLAGS);
            walk.tell(part, 6, 2, RA_LIFETIME);
            walk.tell(part, 8, 4, RA_REACHABLE);
            walk.tell(part, 12, 4, RA_RETRANS);
            16
        }
        135 => {
            walk.tell(part, 4, 4, RESERVED);
            walk.tell(part, 8, 16, NS_TARGET);
            24
        }
        136 => {
            walk.open(part, 4, 4, NA_FLAGS);
            walk.tell(part, 4, 4, NA_ROUTER);
            walk.tell(part, 4, 4, NA_SOLICITED);
            walk.tell(part, 4, 4, NA_OVERRIDE);
            walk.tell(part, 4, 4, NA_RESERVED);
            walk.close();
            walk.tell(part, 8, 16, NA_TARGET);
            24
        }
        137 => {
            walk.tell(part, 4, 4, RESERVED);
            walk.tell(part, 8, 16, RD_TARGET);
            walk.tell(part, 24, 16, RD_DESTINATION);
            40
        }
        _ => {
            walk.tell(part, 4, 4, RESERVED);
            8
        }
    };
    let link = tell_options(part, options, walk);
    summarize(part, kind, name, link, walk);
}

/// Tells the options; gives the link address that one of them held.
fn tell_options(part: &Part<'_>, start: usize, walk: &mut Walk<'_>) -> Option<Address> {
    let mut link = None;
    let mut at = start;
    while let (Some(kind), Some(units)) = (part.number(at, 1), part.number(at + 1, 1)) {
        let len = units as usize * 8;
        if len == 0 {
            let text = format_args!("An option of length 0 has no end");
            walk.note(Severity::Broken, part.place(at, 2), text);
            break;
        }
        walk.plain_group(part.place(at, len), OPTION);
        walk.tell(part, at, 1, OPTION_TYPE);
        walk.tell(part, at + 1, 1, OPTION_LENGTH);
        if matches!((kind, units), (1 | 2, 1)) {
            walk.tell(part, at + 2, 6, OPTION_LINK);
            let side = if kind == 1 { OPTION_SRC_LINK } else { OPTION_TARGET_LINK };
            walk.tell(part, at + 2, 6, side);
            link = part.array(at + 2).map(Address);
        } else if kind == 5 {
            walk.tell(part, at + 4, 4, OPTION_MTU);
        }
        walk.close();
        at += len;
    }
    link
}

fn summarize(part: &Part<'_>, kind: u64, name: &str, link: Option<Address>, walk: &mut Walk<'_>) {
    let target = Ipv6Addr::from(part.array::<16>(8).unwrap_or_default());
    match (kind, link) {
        (135, Some(link)) => walk.summary(format_args!("{name} for {target} from {link}")),
        (135, None) => walk.summary(format_args!("{name} for {target}")),
        (136, link) => {
            let flags = part.number(4, 1).unwrap_or(0);
            let named = [(0x80, "rtr"), (0x40, "sol"), (0x20, "ovr")];
            let set: Vec<&str> =
                named.iter().filter(|(bit, _)| flags & bit != 0).map(|(_, name)| *name).collect();
            let set = set.join(", ");
            match link {
                Some(link) => walk.summary(format_args!("{name} {target} ({set}) is at {link}")),
                None => walk.summary(format_args!("{name} {target} ({set})")),
            }
        }
        (_, Some(link)) => walk.summary(format_args!("{name} from {link}")),
        _ => walk.summary(format_args!("{name}")),
    }
}
