//! A connection that goes on in another protocol, and the request that asked for it.

use super::describe::value_of;
use super::head::StartLine;
use super::pairing::Waiting;
use super::settings::decode;
use crate::engine::session::Out;
use crate::ids::ProtocolId;
use crate::protocol::Claim;
use crate::protocols::semantics::{Upgraded, list};

/// The longest name of a protocol in `Upgrade` that is compared with the registry.
const MAX_UPGRADE_NAME: usize = 32;

/// Leaves a request for the protocol that it asked for, with what the head of the answer says of
/// that.
pub(super) fn leave(request: Waiting, answer: &[u8], out: &mut Out<'_>) {
    let head = out.bytes(request.head);
    let Some(StartLine::Request { method, target, .. }) = StartLine::read(head) else { return };
    let word = |range| head.get::<std::ops::Range<usize>>(range).unwrap_or_default().into();
    let upgraded = Upgraded {
        id: request.id,
        frame: request.frame,
        from: request.from,
        method: word(method),
        host: value_of(head, "host").unwrap_or_default().into(),
        target: word(target),
        subprotocol: value_of(answer, "sec-websocket-protocol").unwrap_or_default().into(),
        settings: value_of(head, "http2-settings").and_then(decode).unwrap_or_default().into(),
    };
    upgraded.leave(out);
}

/// The protocol that an `Upgrade` header names first (RFC 9110, section 7.8).
pub(super) fn named(upgrade: &[u8], out: &Out<'_>) -> Option<ProtocolId> {
    let name = list(upgrade).next().filter(|name| name.len() <= MAX_UPGRADE_NAME)?;
    let name = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
    out.claimed(Claim::Upgrade(&name))
}

/// Whether a head turns the connection to HTTP/2, which then answers the request itself (RFC 7540,
/// section 3.2).
pub(super) fn is_answered_there(head: &[u8]) -> bool {
    let first = value_of(head, "upgrade").and_then(|upgrade| list(upgrade).next());
    first.is_some_and(|name| name.eq_ignore_ascii_case(b"h2c"))
}

/// Whether an answer with that status is only a word on the way: after 101 the connection has
/// another protocol, so it answers for good, where that does not.
pub(super) fn is_word_on_the_way(number: u16, head: &[u8]) -> bool {
    number / 100 == 1 && (number != 101 || is_answered_there(head))
}
