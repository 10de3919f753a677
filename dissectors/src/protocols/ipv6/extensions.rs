//! The extension headers of IPv6 (RFC 8200, section 4): a chain in which each names the next.

use etherparse::{IpNumber, Ipv6FragmentHeaderSlice, Ipv6RawExtHeaderSlice, ip_number};

use super::fields::*;
use crate::field::{FieldId, Value};
use crate::headers::{Part, Walk};
use crate::sink::Severity;

/// What a fragment header says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fragment {
    pub(super) offset: u16,
    pub(super) more: bool,
    pub(super) ident: u32,
    pub(super) next: IpNumber,
}

/// Where a chain ends, and what was in it.
pub(super) struct Chain {
    /// How many bytes it takes.
    pub(super) len: usize,
    /// What the last header names, or the one that could not be read.
    pub(super) next: IpNumber,
    /// The fragment header in it.
    pub(super) fragment: Option<Fragment>,
    /// Whether all of it was there.
    pub(super) is_whole: bool,
}

/// Tells the chain that begins with a header of this number.
///
/// Goes from header to header itself: the iterator over a lax chain (etherparse 0.21) reads past
/// the end of one that is cut.
pub(super) fn describe(part: &Part<'_>, first: IpNumber, walk: &mut Walk<'_>) -> Chain {
    let mut chain = Chain { len: 0, next: first, fragment: None, is_whole: true };
    for _ in 0..crate::limits::MAX_HEADERS {
        let here = part.after(chain.len);
        let fields = match chain.next {
            ip_number::IPV6_HOP_BY_HOP => {
                (HOPOPTS, [HOPOPTS_NXT, HOPOPTS_LEN], Some(HOPOPTS_LEN_OCT))
            }
            ip_number::IPV6_DEST_OPTIONS => {
                (DSTOPTS, [DSTOPTS_NXT, DSTOPTS_LEN], Some(DSTOPTS_LEN_OCT))
            }
            ip_number::IPV6_ROUTE => (ROUTING, [ROUTING_NXT, ROUTING_LEN], Some(ROUTING_LEN_OCT)),
            ip_number::HIP => (HIP, [HIP_NXT, HIP_LEN], None),
            ip_number::SHIM6 => (SHIM, [SHIM_NXT, SHIM_LEN], Some(SHIM_LEN_OCT)),
            ip_number::IPV6_FRAG => {
                let Ok(slice) = Ipv6FragmentHeaderSlice::from_slice(here.bytes) else {
                    return stopped(chain, &here, walk);
                };
                fragment(&here, &slice, walk);
                chain.len += slice.slice().len();
                chain.next = slice.next_header();
                let (offset, more) =
                    (slice.fragment_offset().byte_offset(), slice.more_fragments());
                // A fragment that is first and last is a whole packet (RFC 6946).
                if offset > 0 || more {
                    let (ident, next) = (slice.identification(), slice.next_header());
                    chain.fragment = Some(Fragment { offset, more, ident, next });
                    break;
                }
                continue;
            }
            _ => break,
        };
        let Ok(slice) = Ipv6RawExtHeaderSlice::from_slice(here.bytes) else {
            return stopped(chain, &here, walk);
        };
        let len = slice.slice().len();
        head(&here, len, fields, walk);
        match chain.next {
            ip_number::IPV6_ROUTE => {
                walk.tell(&here, 2, 1, ROUTING_TYPE);
                walk.tell(&here, 3, 1, ROUTING_LEFT);
            }
            ip_number::HIP => walk.tell(&here, 2, 1, HIP_TYPE),
            ip_number::SHIM6 => {}
            _ => options(&here, len, walk),
        }
        walk.close();
        chain.len += len;
        chain.next = slice.next_header();
    }
    chain
}

fn stopped(chain: Chain, here: &Part<'_>, walk: &mut Walk<'_>) -> Chain {
    let why = format_args!("it claims more bytes than there are");
    walk.stop(here, "IPv6 extension", why);
    Chain { is_whole: false, ..chain }
}

fn fragment(here: &Part<'_>, slice: &Ipv6FragmentHeaderSlice<'_>, walk: &mut Walk<'_>) {
    walk.plain_group(here.place(0, slice.slice().len()), FRAGMENT);
    walk.tell(here, 0, 1, FRAGMENT_NXT);
    walk.tell(here, 1, 1, FRAGMENT_RESERVED);
    walk.tell(here, 2, 2, FRAGMENT_OFFSET);
    walk.tell(here, 2, 2, FRAGMENT_BITS);
    walk.tell(here, 2, 2, FRAGMENT_MORE);
    walk.tell(here, 4, 4, FRAGMENT_IDENT);
    walk.close();
}

/// The part that all but the fragment header share; leaves its group open.
fn head(
    part: &Part<'_>,
    len: usize,
    (group, [next, units], bytes): (FieldId, [FieldId; 2], Option<FieldId>),
    walk: &mut Walk<'_>,
) {
    walk.plain_group(part.place(0, len), group);
    walk.tell(part, 0, 1, next);
    walk.tell(part, 1, 1, units);
    if let Some(bytes) = bytes {
        walk.work_out(bytes, Value::Unsigned(len as u64), part.place(1, 1));
    }
}

/// The options of a header that is made of them (RFC 8200, section 4.2).
fn options(part: &Part<'_>, len: usize, walk: &mut Walk<'_>) {
    let mut at = 2;
    while at < len {
        let Some(kind) = part.number(at, 1) else { break };
        let data = match kind {
            0 => None,
            _ => part.number(at + 1, 1).map(|len| len as usize),
        };
        let whole = data.map_or(1, |data| data + 2);
        if at + whole > len {
            let text = format_args!("An option claims {whole} bytes, and the header has fewer");
            walk.note(Severity::Broken, part.place(at, 2), text);
            break;
        }
        walk.plain_group(part.place(at, whole), OPTION);
        walk.open(part, at, 1, OPTION_TYPE);
        walk.tell(part, at, 1, OPTION_ACTION);
        walk.tell(part, at, 1, OPTION_CHANGE);
        walk.tell(part, at, 1, OPTION_REST);
        walk.close();
        match data {
            None => walk.tell(part, at, 1, OPTION_PAD1),
            Some(data) => {
                walk.tell(part, at + 1, 1, OPTION_LEN);
                let field = match (kind, data) {
                    (0x01, _) => OPTION_PADN,
                    (0x05, 2) => OPTION_ALERT,
                    (0xc2, 4) => OPTION_JUMBO,
                    _ => OPTION_DATA,
                };
                walk.tell(part, at + 2, data, field);
            }
        }
        walk.close();
        at += whole;
    }
}
