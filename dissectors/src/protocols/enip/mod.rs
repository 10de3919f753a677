//! EtherNet/IP (CIP, volume 2): machines in factories talk about objects and their attributes, in
//! sessions on TCP, and send what they measure at a rate, in datagrams.
//!
//! ```text
//!   command 2 | length 2 | session 4 | status 4 | context 8 | options 4     little-endian
//!   interface 4 | timeout 2 | count 2 | items: kind 2, length 2, data …     of what carries CIP
//!   count 2 | sequenced address | connected data                             of a datagram at a rate
//! ```

pub mod cip;
mod describe;
mod fields;
mod tell;
#[cfg(test)]
mod tests;
mod wire;

pub use fields::*;

use std::fmt::{self, Write};
use std::ops::Range;

use self::wire::{Head, command};
use super::datagrams::{self, Asking};
use super::framed::{Framed, Grammar, Measure, Seen, Ties};
use crate::bytes::little;
use crate::claim::Claim;
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId};
use crate::ids::{Direction, FrameId};
use crate::message::{Message, MessageKind};
use crate::protocol::{Facts, Framing, Likelihood, Protocol};
use crate::sink::Sink;
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A command, or its answer.
        Encapsulated,
        /// Data at a rate.
        Implicit,
    }
}

impl MessageKind for Kind {
    /// The frame of the request that is answered.
    type Extra = Option<FrameId>;
}

/// EtherNet/IP.
pub struct Enip;

impl Protocol for Enip {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["CIP, volume 2"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::TcpPort(44818), Claim::UdpPort(44818), Claim::UdpPort(2222)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// A few small numbers are little: a port has to say the same.
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        let is_one = match framing {
            Framing::Stream => Head::read(bytes).is_some() || bytes.len() < wire::HEAD,
            Framing::Datagram => seen(bytes).is_some(),
        };
        if is_one { Likelihood::Unsaid } else { Likelihood::No }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        match facts.framing {
            Framing::Datagram => datagrams::open_carrying(
                facts,
                |bytes, _wire| seen(bytes),
                |bytes| Some((Claim::Named("cip"), vec![wire::carried(bytes)?])),
            ),
            Framing::Stream => Some(Box::new(Framed::new(OnStream))),
        }
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
}

/// What a message asks or answers: what is carried on a connection repeats the connection's number,
/// all else the context.
fn ties(bytes: &[u8]) -> Ties {
    let Some(head) = Head::read(bytes) else { return Ties::ALONE };
    let number = match head.command {
        command::NOP | command::UNREGISTER => return Ties::ALONE,
        command::SEND_UNIT => match wire::carried(bytes) {
            Some(part) => little(bytes, part.start.saturating_sub(2), 2).unwrap_or(0),
            None => return Ties::ALONE,
        },
        _ => head.context,
    };
    let session = if head.command == command::REGISTER { 0 } else { head.session };
    let parts = [&head.command.to_le_bytes()[..], &session.to_le_bytes(), &number.to_le_bytes()];
    let key = datagrams::fingerprint(&parts.concat());
    if head.answers(bytes) { Ties::answers(key) } else { Ties::asks(key) }
}

/// What a datagram is.
fn seen(bytes: &[u8]) -> Option<datagrams::Seen<Kind>> {
    let same = datagrams::fingerprint(bytes);
    if wire::implicit(bytes).is_some() {
        return Some(datagrams::Seen { kind: Kind::Implicit, asking: Asking::Alone, same });
    }
    Head::read(bytes).filter(|head| wire::HEAD + head.len <= bytes.len())?;
    let ties = ties(bytes);
    let asking = match (ties.asks, ties.answers) {
        (Some(key), _) => Asking::Asks(key),
        (None, Some(key)) => Asking::Answers(key),
        (None, None) => Asking::Alone,
    };
    Some(datagrams::Seen { kind: Kind::Encapsulated, asking, same })
}

/// Messages on a stream.
#[derive(Clone)]
struct OnStream;

impl Grammar for OnStream {
    type Kind = Kind;

    fn measure(&mut self, _from: Direction, bytes: &[u8]) -> Measure {
        match Head::read(bytes) {
            Some(head) => Measure::Whole((wire::HEAD + head.len) as u64),
            None if bytes.len() < wire::HEAD => Measure::Need(wire::HEAD),
            None => Measure::Nothing,
        }
    }

    fn accept(&mut self, _from: Direction, bytes: &[u8]) -> Seen<Kind> {
        Seen { kind: Kind::Encapsulated, extra: None, ties: ties(bytes) }
    }

    fn begins(&self, _from: Direction, bytes: &[u8]) -> bool {
        Head::read(bytes)
            .is_some_and(|head| wire::is_carrier(head.command) && head.len > wire::CARRIER)
    }

    fn carried(&self, bytes: &[u8]) -> Option<(Claim<'static>, Range<usize>)> {
        Some((Claim::Named("cip"), wire::carried(bytes)?))
    }

    fn answered(_extra: Option<FrameId>, asked: FrameId) -> Option<FrameId> {
        Some(asked)
    }
}
