//! Who listens to which group: version 1 (RFC 2710) and version 2 (RFC 3810), which also says
//! whom one wants to hear.

use std::net::Ipv6Addr;

use super::fields::*;
use crate::headers::{Part, Walk};
use crate::sink::Severity;

/// A query of version 2 is at least as long; one of version 1 is shorter (RFC 3810, section 8.1).
const QUERY: usize = 28;

/// Tells a query, a report of either version, or a farewell.
pub(super) fn describe(part: &Part<'_>, kind: u64, name: &str, walk: &mut Walk<'_>) {
    if kind == 143 {
        return report(part, name, walk);
    }
    let is_second = kind == 130 && part.wire >= QUERY;
    walk.tell(part, 4, 2, if is_second { MLD_CODE } else { MLD_DELAY });
    walk.tell(part, 6, 2, RESERVED);
    walk.tell(part, 8, 16, MLD_GROUP);
    if is_second {
        walk.open(part, 24, 1, MLD_FLAGS);
        for field in [MLD_SUPPRESS, MLD_ROBUSTNESS, MLD_RESERVED] {
            walk.tell(part, 24, 1, field);
        }
        walk.close();
        walk.tell(part, 25, 1, MLD_INTERVAL);
        walk.tell(part, 26, 2, MLD_SOURCES);
        let count = part.number(26, 2).unwrap_or(0) as usize;
        sources(part, (QUERY, count), MLD_SOURCE, walk);
    }
    match part.array::<16>(8).map(Ipv6Addr::from).filter(|group| !group.is_unspecified()) {
        Some(group) => walk.summary(format_args!("{name} for {group}")),
        None => walk.summary(format_args!("{name}")),
    }
}

/// Tells a run of addresses, as far as they are there, and gives how many bytes they claim.
fn sources(
    part: &Part<'_>,
    (start, count): (usize, usize),
    field: crate::field::FieldId,
    walk: &mut Walk<'_>,
) -> usize {
    for at in (start..part.bytes.len()).step_by(16).take(count) {
        walk.tell(part, at, 16, field);
    }
    count * 16
}

/// Tells the records of a report (RFC 3810, section 5.2).
fn report(part: &Part<'_>, name: &str, walk: &mut Walk<'_>) {
    walk.tell(part, 4, 2, RESERVED);
    walk.tell(part, 6, 2, RECORD_COUNT);
    let count = part.number(6, 2).unwrap_or(0) as usize;
    let (mut at, mut groups) = (8, Vec::new());
    for _ in 0..count {
        let Some((aux, sent)) = part.number(at + 1, 1).zip(part.number(at + 2, 2)) else { break };
        let (aux, sent) = (aux as usize * 4, sent as usize);
        let len = 20 + sent * 16 + aux;
        walk.plain_group(part.place(at, len), RECORD);
        walk.tell(part, at, 1, RECORD_TYPE);
        walk.tell(part, at + 1, 1, RECORD_AUX_LEN);
        walk.tell(part, at + 2, 2, RECORD_SOURCES);
        walk.tell(part, at + 4, 16, RECORD_GROUP);
        let end = sources(part, (at + 20, sent), RECORD_SOURCE, walk) + at + 20;
        if aux > 0 {
            walk.tell(part, end, aux, RECORD_AUX);
        }
        walk.close();
        groups.extend(part.array::<16>(at + 4).map(|group| Ipv6Addr::from(group).to_string()));
        at += len;
    }
    if at > part.wire {
        let text = format_args!("The records claim {at} bytes, and the message has {}", part.wire);
        walk.note(Severity::Broken, part.place(6, 2), text);
    }
    match groups.as_slice() {
        [] => walk.summary(format_args!("{name}")),
        groups => walk.summary(format_args!("{name} for {}", groups.join(", "))),
    }
}
