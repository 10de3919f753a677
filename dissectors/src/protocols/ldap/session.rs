//! Reads one LDAP connection: answers by their numbers, the way into TLS, and what lies in the
//! security layer of SASL.

use super::ber::{self, Missing};
use super::{BIND_RESPONSE, Kind, sasl};
use crate::engine::session::{Announce, Input, Out, Progress, Session, To, Way};
use crate::ids::{Both, FrameId, MessageId};
use crate::message::Relation;
use crate::protocol::{Claim, Framing};
use crate::protocols::waiting::Waiting;

/// The longest message that is held as a whole; longer ones pass by behind their head.
const MAX_WHOLE: usize = 1 << 16;
/// Requests that may wait for their answer; past it the oldest is taken to have been lost.
const MAX_ASKED: usize = 256;
/// Bytes of a message's head that are kept where the message passes by.
const HEAD: usize = 64;
/// The layer that messages inside a security layer make.
const INSIDE: u64 = 0;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct LdapSession {
    asked: Waiting<Asked, MAX_ASKED>,
    passing: Both<Option<MessageId>>,
    lost: Both<bool>,
    switched: bool,
    /// Somebody was let in by SASL: a security layer may lie beneath what follows.
    layered: bool,
}

/// A request that waits.
#[derive(Clone, Copy)]
struct Asked {
    number: u64,
    id: MessageId,
    frame: FrameId,
    wants: Wants,
}

/// What a request changes about the connection, where it is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wants {
    Nothing,
    Tls,
    Layer,
}

impl Session for LdapSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if self.switched {
            return Progress::Switch(Claim::Named("tls"));
        }
        let lost = *self.lost.of(input.direction);
        // No message begins with a zero, and every length below 16 MB does.
        if self.layered && !lost && input.bytes.first() == Some(&0) {
            return self.layer(input, out);
        }
        let found = if lost { Err(Missing::Never) } else { ber::message(input.bytes) };
        let found = match found {
            Ok(found) => found,
            Err(Missing::More) => return Progress::Need(input.bytes.len() + 1),
            Err(Missing::Never) => return self.other(input, out),
        };
        if found.len > MAX_WHOLE {
            let span = out.span(input.at, input.bytes.len().min(HEAD));
            let id = out.begin(Announce::new(Kind::Message, span));
            *self.passing.of_mut(input.direction) = Some(id);
            return Progress::Pass(found.len as u64);
        }
        if input.bytes.len() < found.len {
            return Progress::Need(found.len);
        }
        self.message(&found, input, out)
    }

    fn gap(&mut self, way: Way, missing: Option<u64>, out: &mut Out<'_>) -> bool {
        let direction = way.direction;
        self.passed(way, out);
        *self.lost.of_mut(direction) = true;
        out.lose(INSIDE, 0, missing);
        true
    }

    fn passed(&mut self, way: Way, out: &mut Out<'_>) {
        let direction = way.direction;
        if let Some(id) = self.passing.of_mut(direction).take() {
            out.finish(id);
        }
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl LdapSession {
    fn message(&mut self, found: &ber::Found, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let span = out.span(input.at, found.len);
        let answers = matches!(found.operation, 1 | 4 | 5 | 7 | 9 | 11 | 13 | 15 | 19 | 24 | 25);
        let fits = |asked: &Asked| answers && asked.number == found.id;
        // Entries and references come before the answer that ends a search.
        let question = match found.operation {
            4 | 19 | 25 => self.asked.first(fits).copied(),
            _ => self.asked.take_first(fits),
        };
        let frame = question.map(|asked| asked.frame);
        let id = out.announce(Announce::new(Kind::Message, span).extra(frame));
        if let Some(asked) = question {
            out.relate(id, Relation::Answers, asked.id);
            let well = found.result(input.bytes).is_some_and(|(code, _)| code == 0);
            self.switched = well && asked.wants == Wants::Tls && found.operation == 24;
            self.layered |= well && asked.wants == Wants::Layer && found.operation == BIND_RESPONSE;
        }
        if !answers {
            let wants = if found.is_start_tls(input.bytes) {
                Wants::Tls
            } else if found.is_sasl_bind(input.bytes) {
                Wants::Layer
            } else {
                Wants::Nothing
            };
            self.asked.push(Asked { number: found.id, id, frame: input.frame, wants });
        }
        Progress::Took(found.len)
    }

    /// A buffer of the security layer. What it shows is read as a connection inside this one.
    fn layer(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let Some(buffer) = sasl::buffer(input.bytes) else {
            return match input.bytes.len() {
                0..sasl::PREFIX => Progress::Need(sasl::PREFIX),
                _ => self.other(input, out),
            };
        };
        if input.bytes.len() < buffer.end {
            return Progress::Need(buffer.end);
        }
        let span = out.span(input.at, buffer.end);
        out.announce(Announce::new(Kind::Layer, span));
        let token = input.bytes.get(buffer.clone()).unwrap_or(&[]);
        if let Some(plain) = sasl::plain(token) {
            let at = input.at + (buffer.start + plain.start) as u64;
            let place = out.span(at, plain.len());
            out.hand_on(To::child(INSIDE, Claim::Named("ldap")), place, None);
        }
        Progress::Took(buffer.end)
    }

    /// Bytes that are no message. In a stream nobody knows where the next one begins.
    fn other(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if input.framing == Framing::Stream {
            *self.lost.of_mut(input.direction) = true;
        }
        let span = out.span(input.at, input.bytes.len());
        out.announce(Announce::new(Kind::Other, span));
        Progress::Took(input.bytes.len())
    }
}
