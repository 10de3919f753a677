//! The handshake (RFC 9846, section 4; RFC 5246, section 7.4), whatever carries it.
//!
//! ```text
//!   TLS    records ──────── in order ───────────────┐
//!   QUIC   CRYPTO frames ── crypto: offsets ────────┼─> assembly ─> wire ─> facts ─> steps
//!   DTLS   fragments ────── fragments: sequences ───┘
//! ```
//!
//! A carrier pushes the bytes of one side and epoch in their order and takes [`Step`]s until none
//! is left. Of each it announces the message, as a kind of its own, and then heeds the
//! [`Change`]s: which keys exist from there on, and who seals with them. Secrets are found by the
//! [`Facts`]. How keys are made of them, and what they open, is the carrier's.
//!
//! A ClientHello may hold another one, sealed; where that opens, it is a message of its own, and
//! counts if the server has taken it ([`Ech`]).
//!
//! Nothing in here knows of records: not how messages are read, and not how they are explained
//! ([`describe`], [`tell`]).

mod assembly;
mod confirm;
pub mod crypto;
mod ech;
mod epoch;
mod extra;
mod facts;
pub mod fragments;
mod hpke;
mod inner;
mod premaster;
mod resumption;
mod secrets;
pub mod wire;

pub use ech::{Ech, Unsealed};
pub(super) use ech::{flaw, padding, payload};
pub use epoch::Epoch;
pub use extra::Extra;
pub use facts::Facts;
pub use wire::HandshakeType;

use std::fmt::{self, Write};

use crate::bytes::Reader;
use crate::engine::ordered::Event;
use crate::engine::session::Out;
use crate::engine::view::View;
use crate::ids::Direction;
use crate::message::Message;
use crate::sink::Sink;
use crate::span::Span;
use crate::telling::Telling;
use crate::typed::Fact;
use assembly::Assembly;
use ech::Inside;
use wire::{ANYWHERE, Hello};

/// What a message does to keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// From here on both sides can make the keys of this epoch, unless the message is refused.
    /// Those of TLS 1.2 are used when ChangeCipherSpec says so, which is no handshake message.
    Ready(Epoch),
    /// What this side sends next is sealed with the keys of this epoch.
    Enters(Direction, Epoch),
    /// What this side sends next is sealed with the next generation of its application keys. (In
    /// DTLS the other side acknowledges that first: RFC 9147, section 8.)
    Renews(Direction),
}

/// What a carrier settles that has no records: a lane is an epoch, and what it hands on there are
/// handshake messages. It makes the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried;

impl Fact for Carried {}

/// A complete message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is.
    pub kind: HandshakeType,
    /// Where it lies: its header of four bytes and its body.
    pub span: Span,
    /// What explaining it takes: to be kept with the message, and given to [`describe`] and
    /// [`tell`]. The version is none until both have agreed on one.
    pub extra: Extra,
    /// What it does to keys, in this order.
    pub changes: Vec<Change>,
    /// The hello that was sealed inside it, where it opens.
    pub unsealed: Option<Unsealed>,
}

/// The handshake of one connection.
#[derive(Clone, Debug, Default)]
pub struct Handshake {
    facts: Facts,
    /// Which side has closed its part of the handshake.
    finished: [bool; 2],
    /// What the client has sealed in its hellos.
    inside: Option<Box<Inside>>,
    /// Bytes of messages that are not complete, by whom they came and under which keys.
    unread: Vec<(Direction, Epoch, Assembly)>,
}

impl Handshake {
    /// What was settled so far.
    #[must_use]
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Takes the bytes that a side sends next in an epoch: they lie at `place`.
    pub fn push(&mut self, side: Direction, epoch: Epoch, bytes: &[u8], place: Span) {
        self.within(side, epoch, |assembly| assembly.push(bytes, place));
    }

    /// Takes what came out of an assembly of numbered bytes: those that a side sends next in an
    /// epoch, or that so many are missing.
    pub fn take_up(&mut self, side: Direction, epoch: Epoch, event: Event, out: &Out<'_>) {
        match event {
            Event::Data(place) => self.push(side, epoch, out.bytes(place), place),
            Event::Gap(missing) => self.within(side, epoch, |assembly| assembly.lose(missing)),
            Event::End => {}
        }
    }

    /// The message that a side was in is lost; what it sends next begins another.
    pub fn restart(&mut self, side: Direction) {
        self.unread.retain(|(of, ..)| *of != side);
    }

    /// The next complete message out of what was pushed.
    pub fn next(&mut self, side: Direction, epoch: Epoch, out: &mut Out<'_>) -> Option<Step> {
        let mut next = None;
        self.within(side, epoch, |assembly| next = assembly.next());
        let (message, pieces) = next?;
        let (kind, body) = wire::split(Reader::new(&message, ANYWHERE)).ok()?;
        let (ech, unsealed) = self.look_inside(kind, (&message, body), out);
        if ech == Ech::Accepted {
            self.take_inner();
        }
        let changes = self.read(side, epoch, kind, body);
        if ech == Ech::Opened {
            self.facts.inner_random = self.inner().map(|hello| *hello.random);
        }
        self.facts.hear(kind, &message, out);
        let extra = Extra { ech, ..self.facts.extra() };
        Some(Step { kind, span: out.join(&pieces), extra, changes, unsealed })
    }

    /// What a hello has to do with one that is sealed.
    fn look_inside(
        &mut self,
        kind: HandshakeType,
        (message, body): (&[u8], Reader<'_>),
        out: &mut Out<'_>,
    ) -> (Ech, Option<Unsealed>) {
        match kind {
            HandshakeType::CLIENT_HELLO => {
                let sealing = Hello::client(body).filter(Hello::seals_another);
                let Some(hello) = sealing else {
                    self.inside = None;
                    return (Ech::Unknown, None);
                };
                self.inside.get_or_insert_default().offered(message, hello.random, out)
            }
            HandshakeType::SERVER_HELLO => {
                let hello = Hello::server(body);
                let answered = self.inside.as_mut().zip(hello);
                let ech =
                    answered.map(|(inside, hello)| inside.answered(message, hello.is_retry()));
                (ech.unwrap_or_default(), None)
            }
            _ => (Ech::Unknown, None),
        }
    }

    /// The hello that was sealed, where it was opened.
    fn inner(&self) -> Option<Hello<'_>> {
        let message = self.inside.as_ref()?.hello()?;
        Hello::client(split(message)?)
    }

    /// From here on the hello counts that was sealed.
    fn take_inner(&mut self) {
        let Self { facts, inside, .. } = self;
        let message = inside.as_ref().and_then(|inside| inside.hello());
        let hello = message.and_then(split).and_then(Hello::client);
        if let (Some(hello), Some(client)) = (hello, facts.client) {
            facts.client_hello(&hello, client);
        }
    }

    /// Takes up a ClientHello that came in another form than that of a handshake message.
    pub fn greeted(&mut self, hello: &Hello<'_>, side: Direction) {
        self.facts.client_hello(hello, side);
    }

    /// What is there of the message that a side is in, where the rest of it will not come. It
    /// settles nothing.
    pub fn cut(&mut self, side: Direction, epoch: Epoch, out: &mut Out<'_>) -> Option<Step> {
        let mut cut = None;
        self.within(side, epoch, |assembly| cut = assembly.cut());
        let (bytes, pieces) = cut?;
        let kind = HandshakeType(*bytes.first()?);
        let (extra, changes) = (self.facts.extra(), Vec::new());
        Some(Step { kind, span: out.join(&pieces), extra, changes, unsealed: None })
    }

    /// Whether a side has begun a message in an epoch, the rest of which is still to come.
    #[must_use]
    pub fn is_within(&self, side: Direction, epoch: Epoch) -> bool {
        self.unread.iter().any(|(of, under, _)| (*of, *under) == (side, epoch))
    }

    /// Places of bytes that are kept for later.
    pub fn holds(&self) -> impl Iterator<Item = Span> {
        self.unread.iter().flat_map(|(_, _, assembly)| assembly.places()).copied()
    }

    /// Does something to the bytes of a side and epoch that are not read yet.
    fn within(&mut self, side: Direction, epoch: Epoch, act: impl FnOnce(&mut Assembly)) {
        let found = self.unread.iter().position(|(of, under, _)| (*of, *under) == (side, epoch));
        let taken = found.map(|place| self.unread.swap_remove(place));
        let mut assembly = taken.map(|(_, _, assembly)| assembly).unwrap_or_default();
        act(&mut assembly);
        if !assembly.is_empty() {
            self.unread.push((side, epoch, assembly));
        }
    }

    /// Takes up what a message settles, and says what it does to keys.
    fn read(
        &mut self,
        side: Direction,
        epoch: Epoch,
        kind: HandshakeType,
        body: Reader<'_>,
    ) -> Vec<Change> {
        let (own, other) = (side, side.reverse());
        match kind {
            HandshakeType::CLIENT_HELLO => {
                let Some(hello) = Hello::client(body) else { return Vec::new() };
                self.facts.client_hello(&hello, side);
                if self.facts.early {
                    return vec![Change::Ready(Epoch::Early), Change::Enters(own, Epoch::Early)];
                }
            }
            HandshakeType::SERVER_HELLO => {
                let Some(hello) = Hello::server(body) else { return Vec::new() };
                self.facts.server_hello(&hello, side);
                if hello.is_retry() {
                    return Vec::new();
                }
                self.finished = [false; 2];
                if self.facts.is_tls13() {
                    let epoch = Epoch::Handshake;
                    let mut changes = vec![Change::Ready(epoch), Change::Enters(own, epoch)];
                    // A client that offers early data goes on with it until it says that it ends.
                    changes.extend((!self.facts.early).then_some(Change::Enters(other, epoch)));
                    return changes;
                }
                if self.facts.resumed {
                    return vec![Change::Ready(Epoch::Application)];
                }
            }
            HandshakeType::ENCRYPTED_EXTENSIONS => {
                self.facts.encrypted_extensions(body.rest().get(2..).unwrap_or(&[]));
            }
            HandshakeType::CLIENT_KEY_EXCHANGE if !self.facts.is_tls13() => {
                return vec![Change::Ready(Epoch::Application)];
            }
            HandshakeType::END_OF_EARLY_DATA if epoch == Epoch::Early => {
                return vec![Change::Enters(own, Epoch::Handshake)];
            }
            HandshakeType::FINISHED if self.facts.is_tls13() => return self.finished(side),
            HandshakeType::KEY_UPDATE if self.facts.is_tls13() => {
                return vec![Change::Renews(own)];
            }
            _ => {}
        }
        Vec::new()
    }

    /// A side's part of a handshake of TLS 1.3 is over. Later Finished messages, of
    /// authentication after the handshake, change no keys.
    fn finished(&mut self, side: Direction) -> Vec<Change> {
        let finished = self.finished.get_mut(side.index());
        if finished.is_none_or(|finished| std::mem::replace(finished, true)) {
            return Vec::new();
        }
        let enters = Change::Enters(side, Epoch::Application);
        if self.facts.client == Some(side) {
            vec![enters]
        } else {
            vec![Change::Ready(Epoch::Application), enters]
        }
    }
}

/// The body of a message.
fn split(message: &[u8]) -> Option<Reader<'_>> {
    wire::split(Reader::new(message, ANYWHERE)).ok().map(|(_, body)| body)
}

/// Describes a handshake message field by field, given what was kept of its [`Step`].
pub fn describe(message: &Message, extra: Extra, view: &View<'_>, sink: &mut dyn Sink) {
    super::describe::handshake(message, extra, view, sink);
}

/// What a handshake message is called: the text of its row, given what was kept of its [`Step`].
///
/// # Errors
/// Those of `line`.
pub fn summary(
    message: &Message,
    extra: Extra,
    view: &View<'_>,
    line: &mut dyn Write,
) -> fmt::Result {
    line.write_str(super::describe::called(view.bytes(message.span)))?;
    if extra.ech == Ech::Inner { line.write_str(" (sealed)") } else { Ok(()) }
}

/// Says what a handshake message means, given what was kept of its [`Step`].
#[must_use]
pub fn tell(message: &Message, extra: Extra, view: &View<'_>) -> Option<Telling> {
    super::tell::handshake(message, extra, view)
}

#[cfg(test)]
pub(super) mod tests;
