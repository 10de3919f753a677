//! QUIC, versions 1 and 2, and drafts of the first (RFC 9000, RFC 9001, RFC 9369): a secure
//! transport on datagrams.
//!
//! ```text
//!   header.rs    long and short headers; ids, tokens, lengths
//!   version.rs   salts, labels, numbers of packet types
//!   keys.rs      from secrets to something that opens packets
//!   number.rs    packet numbers out of their last bytes
//!   retry.rs     the integrity tag of Retry
//!   frame.rs     what packets are made of
//!   session/     opens packets, feeds the handshake, hands on what streams carry
//!   describe/    packets field by field, as Wireshark names them
//!   tell/        packets as a story
//! ```
//!
//! A connection goes by ids, not by addresses: [`Protocol::bears`] says which one a datagram goes
//! to.

mod describe;
mod facts;
mod fields;
mod frame;
mod header;
mod keys;
mod kind;
mod limits;
mod names;
mod number;
mod retry;
mod session;
mod tell;
#[cfg(test)]
pub(in crate::protocols) mod tests;
mod version;

pub use fields::*;
pub use kind::{How, Kind, Note, Role};
pub use version::Version;

use std::fmt::{self, Write};

use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::message::Message;
use crate::protocol::{Bears, Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::{Enclosed, Telling};
use header::{Long, MAX_ID, SAMPLE};

pub use tell::KEY_UPDATE;
pub(crate) use tell::{BEGINNING, is_early, is_second_try, name};

/// QUIC.
pub struct Quic;

/// The shortest packet with a short header: a first byte, no id, and what a sample is taken of
/// (RFC 9001, section 5.4.2).
const SHORTEST: usize = 1 + SAMPLE.end;

impl Protocol for Quic {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 9000", "RFC 9001", "RFC 9369", "RFC 9221", "RFC 9368", "RFC 8999"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// A long header of a known version is unmistakable; a short one shows nothing at all (RFC 9287
    /// takes even the bit that was always set), and its protocol follows from those before it.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing != Framing::Datagram {
            return Likelihood::No;
        }
        match bytes.first() {
            Some(_) if header::is_surely(bytes) => Likelihood::Surely,
            Some(first) if Long::is(*first) && Long::read(bytes).is_ok() => Likelihood::Unsaid,
            Some(first) if !Long::is(*first) && bytes.len() >= SHORTEST => Likelihood::Unsaid,
            _ => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        let open = || Box::new(session::QuicSession::default()) as Box<dyn Session>;
        (facts.framing == Framing::Datagram).then(open)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        describe::summary(message, view, line)
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        describe::describe(message, view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        tell::tell(message, view)
    }

    fn enclosed(&self, message: &Message, view: &View<'_>) -> Option<Enclosed> {
        describe::enclosed(message, view)
    }

    fn has_names(&self) -> bool {
        true
    }

    /// The id that it goes to. A short header does not say how long that is: the longest one that
    /// is known is meant.
    fn bears<'a>(&self, datagram: &'a [u8], known: &dyn Fn(&[u8]) -> bool) -> Bears<'a> {
        let Some(first) = datagram.first() else { return Bears::Nothing };
        if Long::is(*first) {
            let Ok(long) = Long::read(datagram) else { return Bears::Nothing };
            let id = datagram.get(long.to).unwrap_or_default();
            return match long.kind {
                _ if id.is_empty() => Bears::Sealed,
                Kind::Initial | Kind::ZeroRtt | Kind::Unknown => Bears::Opening(id),
                _ => Bears::Name(id),
            };
        }
        let lengths = (1..=MAX_ID).rev();
        let ids = lengths.filter_map(|len| datagram.get(1..1 + len));
        ids.into_iter().find(|id| known(id)).map_or(Bears::Sealed, Bears::Name)
    }

    fn sender<'a>(&self, datagram: &'a [u8]) -> Option<&'a [u8]> {
        Long::is(*datagram.first()?).then_some(())?;
        let long = Long::read(datagram).ok()?;
        datagram.get(long.from).filter(|id| !id.is_empty())
    }

    /// Whoever is told which versions there are begins anew, under ids of its own choice (RFC 9000,
    /// section 6.2).
    fn sends_back(&self, datagram: &[u8]) -> bool {
        let is_long = datagram.first().is_some_and(|first| Long::is(*first));
        is_long && Long::read(datagram).is_ok_and(|long| long.kind == Kind::Negotiation)
    }
}
