//! Says why a handshake came to nothing, out of what both sides had said before.
//!
//! ```text
//!   hellos, certificates ──> what was offered, chosen and shown
//!   alert                ──> who would not go on, and for what kind of reason
//!   both together        ──> a verdict with its evidence
//!   an end, no alert     ──> who left, and after what
//! ```
//!
//! An alert names a kind of reason (RFC 9846, section 6.2), and libraries differ in which they
//! choose: a wrong name is `bad_certificate` with some and `certificate_unknown` with others. So
//! what the certificate itself shows goes before what the alert is called; where neither proves a
//! reason, the alert is named with what it can mean.

mod alert;
mod certificate;
mod offer;
mod silent;
#[cfg(test)]
mod tests;

use super::Kind;
use super::compressed;
use super::extra::Note;
use super::handshake::Ech;
use super::handshake::wire::{HandshakeType, Hello, extension, find_extension, split};
use super::record::{ContentType, HEADER_LEN};
use super::version::Version;
use crate::engine::session::Ending;
use crate::engine::view::View;
use crate::ids::{Direction, Time};
use crate::message::{Message, Protection};
use crate::protocol::Judge;
use crate::verdict::Verdict;
use certificate::Shown;
use offer::Offer;

/// How long an alert is where TLS 1.3 has sealed it: two bytes, their type, and a tag. Whatever
/// else comes first under handshake keys is longer.
const SEALED_ALERT: usize = 2 + 1 + 16;

/// What was said in one handshake so far.
#[derive(Default)]
pub(super) struct Case {
    /// What the client offers, from its last ClientHello.
    offer: Option<Offer>,
    /// The version and the group that the server chose.
    chosen: Option<(Version, Option<u16>)>,
    /// Whether the server has asked for another ClientHello.
    retried: bool,
    /// Whether the server has asked for a certificate.
    requested: bool,
    /// What each side has shown of itself: none for an empty list.
    shown: [Option<Shown>; 2],
    /// Whether the client has answered a request for its certificate with none.
    has_none: bool,
    /// The last message of each side, by name.
    last: [Option<&'static str>; 2],
    /// Which side has sent its Finished, or sealed what may be one.
    finished: [bool; 2],
    /// What each side has said beside TLS.
    beside: [Option<&'static str>; 2],
    /// What the client offers in a hello that it has sealed inside another.
    sealed: Option<Offer>,
    /// Whether the server has sent keys to seal another one to.
    has_retry_configs: bool,
    /// Whether a verdict was given.
    is_judged: bool,
}

impl Judge for Case {
    fn hear(&mut self, message: &Message, view: &View<'_>, time: Time) -> Option<Verdict> {
        let reader = view.reader(message.span);
        let from = message.direction;
        let verdict = match message.kind()? {
            Kind::Handshake => {
                let (kind, body) = split(reader).ok()?;
                let extra = Note::of(message).extra();
                let is_tls13 = extra.is_tls13();
                match extra.ech {
                    Ech::Inner => {
                        self.sealed = Hello::client(body).map(|hello| Offer::of(&hello));
                        return None;
                    }
                    // From here on that is what the client has said.
                    Ech::Accepted => self.offer = self.sealed.take().or(self.offer.take()),
                    _ => {}
                }
                match compressed::inside(message, view) {
                    Some(inside) => self.read(HandshakeType::CERTIFICATE, inside, from, is_tls13),
                    None => self.read(kind, body, from, is_tls13),
                }
                None
            }
            Kind::Alert => self.alert(reader.rest(), from, message.protection, time),
            Kind::Record if message.protection == Protection::Opaque => {
                self.sealed(reader.rest(), from)
            }
            Kind::Record | Kind::ChangeCipherSpec | Kind::CompatibleHello => None,
        };
        self.once(verdict)
    }

    fn beside(&mut self, title: &'static str, direction: Direction) -> Option<Verdict> {
        if let Some(place) = self.beside.get_mut(direction.index()) {
            place.get_or_insert(title);
        }
        let verdict = self.other_protocol(title, direction);
        self.once(verdict)
    }

    fn ends(&mut self, direction: Direction, ending: Ending) -> Option<Verdict> {
        let verdict = self.silent(direction, ending);
        self.once(verdict)
    }
}

impl Case {
    /// Speaks up once: what follows a verdict follows from it.
    fn once(&mut self, verdict: Option<Verdict>) -> Option<Verdict> {
        let verdict = verdict.filter(|_| !self.is_judged)?;
        self.is_judged = true;
        Some(verdict)
    }

    fn read(
        &mut self,
        kind: HandshakeType,
        body: crate::bytes::Reader<'_>,
        from: Direction,
        tls13: bool,
    ) {
        let side = from.index();
        if let Some(last) = self.last.get_mut(side) {
            *last = super::names::known(super::names::HANDSHAKE_TYPES, kind.0.into());
        }
        match (kind, from) {
            (HandshakeType::CLIENT_HELLO, _) => {
                self.offer = Hello::client(body).map(|hello| Offer::of(&hello));
                self.finished = [false; 2];
            }
            (HandshakeType::SERVER_HELLO, _) => {
                let Some(hello) = Hello::server(body) else { return };
                self.retried |= hello.is_retry();
                self.chosen = Some((hello.chosen_version(), hello.chosen_group()));
            }
            (HandshakeType::ENCRYPTED_EXTENSIONS, _) => {
                let list = body.rest().get(2..).unwrap_or_default();
                self.has_retry_configs =
                    find_extension(list, extension::ENCRYPTED_CLIENT_HELLO).is_some();
            }
            (HandshakeType::CERTIFICATE_REQUEST, _) => self.requested = true,
            (HandshakeType::CERTIFICATE, from) => {
                let shown = Shown::read(tls13, body);
                self.has_none |= from == Direction::Forward && shown.is_none();
                if let Some(place) = self.shown.get_mut(side) {
                    *place = shown;
                }
            }
            (HandshakeType::FINISHED, _) => self.has_finished(from),
            _ => {}
        }
    }

    fn has_finished(&mut self, side: Direction) {
        if let Some(finished) = self.finished.get_mut(side.index()) {
            *finished = true;
        }
    }

    /// A record that no key opens. The first that a side seals holds its Finished or what goes
    /// before it, unless it is too short for that.
    fn sealed(&mut self, record: &[u8], from: Direction) -> Option<Verdict> {
        let has_finished = self.finished.get(from.index()).copied().unwrap_or(true);
        let tls13 = self.chosen.is_some_and(|(version, _)| version.is_13());
        let is_data = record.first() == Some(&ContentType::APPLICATION_DATA.0);
        let early = self.offer.as_ref().is_some_and(|offer| offer.early);
        let is_short = record.len() == HEADER_LEN + SEALED_ALERT;
        if has_finished || !(tls13 && is_data && is_short) || early {
            self.has_finished(from);
            return None;
        }
        let sentence = format!(
            "{} refuses, and why is sealed: its first sealed record is as long as an alert",
            who(from)
        );
        Some(Verdict::new("sealed-alert", from, sentence).seen(self.what_was_shown(from)))
    }

    /// What the other side of `refuser` has shown of itself, where it has.
    fn what_was_shown(&self, refuser: Direction) -> Vec<String> {
        let shown = self.shown.get(refuser.reverse().index()).and_then(Option::as_ref);
        shown.map(|shown| vec![shown.told()]).unwrap_or_default()
    }
}

/// Who sends that way, at the beginning of a sentence.
fn who(from: Direction) -> &'static str {
    match from {
        Direction::Forward => "The client",
        Direction::Backward => "The server",
    }
}

/// Who sends that way, in the middle of a sentence.
fn whom(from: Direction) -> &'static str {
    match from {
        Direction::Forward => "the client",
        Direction::Backward => "the server",
    }
}
