//! PPP over Ethernet (RFC 2516): how many share one line and still dial in, each on their own.
//!
//! ```text
//!   version, type │ code │ session │ length │ tags (discovery) or a packet of PPP (session)
//! ```

pub mod discovery;
pub mod session;

pub use discovery::Pppoed;
pub use session::Pppoes;

use crate::field::FieldId;
use crate::headers::{Part, Walk};
use crate::sink::Severity;

/// Length of the header that both stages have.
const LEN: usize = 6;

/// Tells that header into the open group; returns what it says lies behind it.
fn head<'a>(part: &Part<'a>, fields: [FieldId; 5], walk: &mut Walk<'_>) -> Option<Part<'a>> {
    let [version, kind, code, session, length] = fields;
    walk.tell(part, 0, 1, version);
    walk.tell(part, 0, 1, kind);
    walk.tell(part, 1, 1, code);
    walk.tell(part, 2, 2, session);
    walk.tell(part, 4, 2, length);
    let Some(len) = part.number(4, 2).map(|len| len as usize) else {
        walk.stop(part, "PPPoE", format_args!("it takes {LEN} bytes"));
        walk.summary(format_args!("PPPoE, cut"));
        return None;
    };
    let payload = part.after(LEN);
    if len > payload.wire {
        let text = format_args!("Length claims {len} bytes, but there are {}", payload.wire);
        walk.note(Severity::Broken, part.place(4, 2), text);
    }
    Some(payload.upto(len))
}
