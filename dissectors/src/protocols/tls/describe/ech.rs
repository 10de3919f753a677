//! Describes the encrypted_client_hello extension (RFC 9849, section 5), which means another thing
//! in each message that it stands in.
//!
//! ```text
//!   ClientHello           |0|KDF 2|AEAD 2|id 1|length 2| enc |length 2| payload |   as sent
//!                         |1|                                                       as sealed
//!   HelloRetryRequest     |confirmation 8|
//!   EncryptedExtensions   |ECHConfigList|
//! ```

use super::super::fields;
use super::super::handshake::{Ech, Extra, flaw, padding, payload};
use super::super::unsealed::opened;
use super::describer::{Described, Describer};
use super::extensions::Place;
use crate::engine::view::View;
use crate::field::Value;
use crate::message::Message;
use crate::protocols::ech;
use crate::sink::Severity;

pub(super) fn extension(place: Place, walk: &mut Describer<'_, '_>) -> Described {
    match place {
        Place::ClientHello => hello(walk),
        Place::HelloRetryRequest => {
            let len = walk.reader.len();
            walk.bytes(fields::ECH_CONFIRMATION, len).map(|_| ())
        }
        Place::EncryptedExtensions => {
            let len = walk.reader.len();
            walk.group(fields::ECH_RETRY_CONFIGS, Value::None, len, |walk| {
                ech::list(&fields::ECH, &mut walk.reader, walk.sink)
            })
        }
        _ => {
            let len = walk.reader.len();
            walk.some_bytes(fields::EXTENSION_DATA, len)
        }
    }
}

fn hello(walk: &mut Describer<'_, '_>) -> Described {
    match walk.u8(fields::ECH_HELLO_TYPE)? {
        // What is sealed needs nothing to open it.
        1 => return Ok(()),
        0 => {}
        _ => {
            let len = walk.reader.len();
            return walk.some_bytes(fields::EXTENSION_DATA, len);
        }
    }
    ech::suite(&fields::ECH, &mut walk.reader, walk.sink)?;
    walk.u8(fields::ECH_SEALED_TO)?;
    // Empty in the hello after a HelloRetryRequest, which is sealed with the keys of the first.
    walk.vector(fields::ECH_ENC_LENGTH, 2, fields::ECH_ENC)?;
    walk.vector(fields::ECH_PAYLOAD_LENGTH, 2, fields::ECH_PAYLOAD)
}

/// Which extensions of the outer hello stand in the place of this one (RFC 9849, section 5.1).
pub(super) fn outer_extensions(walk: &mut Describer<'_, '_>) -> Described {
    let len = walk.u8(fields::ECH_OUTER_LENGTH)?;
    walk.numbers(fields::ECH_OUTER_LIST, len, fields::EXTENSION_TYPE, 2)
}

/// Says what became of what is sealed in a ClientHello. Where it opens, what it holds follows as a
/// message of its own.
pub(super) fn sealed(
    message: &Message,
    (extra, view): (Extra, &View<'_>),
    walk: &mut Describer<'_, '_>,
) {
    let bytes = view.bytes(message.span);
    if let Some((mut padding, start)) =
        opened(message, view).and_then(|opened| Some((opened, padding(opened.rest())?)))
        && padding.take(start, "what it fills up").is_ok()
        && !padding.is_empty()
    {
        let (bytes, place) = (padding.rest(), padding.span());
        walk.sink.field(fields::ECH_PADDING, Value::Bytes(bytes), place);
    }
    let place = || payload(bytes).map(|range| message.span.part(range.start, range.len()));
    let (severity, text) = match extra.ech {
        Ech::NoConfig => (Severity::Missing, NO_CONFIG.to_owned()),
        Ech::Sealed => (Severity::Missing, SEALED.to_owned()),
        Ech::Flawed => {
            let flaw = opened(message, view).and_then(|opened| flaw(bytes, opened.rest()));
            let Some(flaw) = flaw else { return };
            (Severity::Broken, flaw.to_string())
        }
        _ => return,
    };
    if let Some(place) = place() {
        walk.sink.note(severity, place, format_args!("{text}"));
    }
}

/// Says whether the server has taken what was sealed: the last eight bytes of its random tell (RFC
/// 9849, section 7.2), or those of an extension, which are described by themselves.
pub(super) fn answered(message: &Message, extra: Extra, walk: &mut Describer<'_, '_>) {
    const PROOF: (usize, usize) = (30, 8);
    let field = match extra.ech {
        Ech::Accepted => fields::ECH_ACCEPTED,
        Ech::Rejected => fields::ECH_REJECTED,
        _ => return,
    };
    let (skip, len) = PROOF;
    walk.sink.field(field, Value::None, message.span.part(skip, len));
}

/// Why a sealed hello stays so.
const NO_CONFIG: &str = "The key log has the secret of the sealed ClientHello, and not the \
                         ECH_CONFIG that it goes with";
const SEALED: &str = "The secret at hand does not open the sealed ClientHello: it was changed on \
                      its way, or the secret is that of another";
