//! Neighbour discovery (RFC 4861, section 4): who has an address, and who is a router.

use std::net::Ipv6Addr;

use super::fields::*;
use super::options;
use crate::headers::names::Address;
use crate::headers::{Part, Walk};

/// Tells one of the five messages and its options.
pub(super) fn describe(part: &Part<'_>, kind: u64, name: &str, walk: &mut Walk<'_>) {
    let options = match kind {
        134 => {
            walk.tell(part, 4, 1, RA_HOP_LIMIT);
            walk.open(part, 5, 1, RA_FLAGS);
            for field in [RA_MANAGED, RA_OTHER, RA_HOME, RA_PREFERENCE, RA_PROXY] {
                walk.tell(part, 5, 1, field);
            }
            walk.close();
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
    let link = options::describe(part, options, walk);
    summarize(part, kind, name, link, walk);
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
