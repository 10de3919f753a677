//! A ClientHello inside another (RFC 9849), where what a client has logged opens it: beside the
//! message in which it lay, and a message of its own.

use std::sync::Arc;

use super::handshake::{Ech, Extra, Unsealed};
use crate::bytes::Reader;
use crate::codes;
use crate::engine::session::Out;
use crate::engine::view::View;
use crate::ids::MessageId;
use crate::message::{Message, MessagePart};
use crate::span::Span;

codes! {
    /// What a part of a ClientHello is.
    enum Role {
        /// What was sealed in it, as the client had written it.
        Opened,
        /// The one in which it was sealed.
        Around,
    }
}

/// Puts what was opened beside its message. The ClientHello that it stands for is to be announced
/// next: where it lies, and what goes with it.
pub fn unseal(
    unsealed: Option<&Unsealed>,
    (around, extra): (Span, Extra),
    id: MessageId,
    out: &mut Out<'_>,
) -> Option<(Span, Extra)> {
    let unsealed = unsealed?;
    let sealed = around.part(unsealed.payload.start, unsealed.payload.len());
    let bytes = out.bytes(sealed).to_vec();
    let key = out.add_key(Arc::clone(&unsealed.opener));
    let opened = out.open(key, 0, sealed, &bytes)?;
    out.attachment(id).parts.push(MessagePart::new(Role::Opened, opened));
    let hello = unsealed.hello()?;
    let span = out.make_of(opened, |made| {
        made.extend_from_slice(hello);
        true
    })?;
    Some((span, Extra { ech: Ech::Inner, ..extra }))
}

/// Keeps with a ClientHello that was sealed in which one that was.
pub fn lend(around: Span, id: MessageId, out: &mut Out<'_>) {
    out.attachment(id).parts.push(MessagePart::lent(Role::Around, around));
}

/// The ClientHello message in which one was sealed.
pub(super) fn around<'a>(message: &Message, view: &View<'a>) -> Option<Reader<'a>> {
    view.part(message, Role::Around).map(|place| view.reader(place))
}

/// What was sealed in a ClientHello.
pub(super) fn opened<'a>(message: &Message, view: &View<'a>) -> Option<Reader<'a>> {
    view.part(message, Role::Opened).map(|place| view.reader(place))
}
