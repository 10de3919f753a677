//! What a handshake says that its key schedule hangs on.

use super::super::Kind;
use super::super::extra::Note;
use super::super::handshake::Ech;
use super::super::handshake::wire::{ANYWHERE, HandshakeType, Hello, extension, split};
use super::super::hkdf::message_hash;
use super::super::suite::Suite;
use super::super::version::Version;
use super::Schedule;
use super::binder::Binder;
use super::finished;
use super::stages::{Finished, Opened, stages12, stages13};
use crate::bytes::Reader;
use crate::engine::view::View;
use crate::ids::{Direction, FrameId};
use crate::limits::{MAX_GENERATIONS, MAX_TRANSCRIPT};
use crate::message::{Message, Protection};
use crate::secret::{Label, Secrets};

/// One handshake so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    /// All handshake messages, one after the other.
    transcript: Vec<u8>,
    /// Whether it became too long to be kept.
    is_cut: bool,
    pub(super) random: Option<[u8; 32]>,
    pub(super) early: bool,
    /// Whether the client has shown a ticket, and whether the server has taken it.
    pub(super) shows_ticket: bool,
    /// Whether that was a key which both had by another way.
    pub(super) is_external: bool,
    /// The binder that it has shown with it, held against what it must be.
    pub(super) binder: Option<Binder>,
    pub(super) resumed: bool,
    pub(super) chosen: Option<(Version, Suite, Option<u16>)>,
    session_id: Vec<u8>,
    /// The frames of the ClientHello, the ServerHello, of each side's Finished, and of the
    /// ClientKeyExchange.
    pub(super) hellos: [Option<FrameId>; 2],
    pub(super) ends: [Option<FrameId>; 2],
    pub(super) exchange: Option<FrameId>,
    /// Each side's Finished, held against what it must be.
    pub(super) finished: [Option<Finished>; 2],
    /// What was opened, by side and epoch, and for application data by generation.
    pub(super) opened: Vec<(Direction, Protection, usize, Opened)>,
    /// Where each side has taken a next key into use.
    pub(super) updates: [Vec<FrameId>; 2],
    /// Whether a ticket was given out.
    pub(super) ticket: Option<FrameId>,
    /// Whether whoever carries the handshake seals by itself, with keys that it makes of these
    /// secrets.
    pub(super) is_carried: bool,
    /// Whether a HelloRetryRequest came, whose hash takes the place of the first hello.
    retried: bool,
    sealed: Sealed,
    /// The random of the hello in which they were.
    pub(super) outer: Option<[u8; 32]>,
}

/// The same messages with the hellos in place that were sealed in others, for a server that takes
/// them.
#[derive(Clone, Debug, Default)]
struct Sealed {
    said: Vec<u8>,
    /// The last of these hellos.
    last: Vec<u8>,
}

impl Sealed {
    fn hear(&mut self, hello: &[u8]) {
        if self.said.len() + hello.len() <= MAX_TRANSCRIPT {
            self.said.extend_from_slice(hello);
            self.last = hello.to_vec();
        }
    }
}

impl Heard {
    /// Hears a message; gives back the schedule of the handshake before it where another begins.
    pub(super) fn hear(
        &mut self,
        message: &Message,
        view: &View<'_>,
        secrets: &Secrets,
    ) -> Option<Schedule> {
        match message.kind()? {
            Kind::Record => self.record(message),
            Kind::Handshake => return self.handshake(message, view, secrets),
            Kind::Alert | Kind::ChangeCipherSpec | Kind::CompatibleHello => {}
        }
        None
    }

    /// The schedule as far as it went; nothing where nothing was agreed on.
    pub(super) fn schedule(&self, secrets: &Secrets) -> Option<Schedule> {
        let (version, suite, group) = self.chosen?;
        let stages = if version.is_13() {
            stages13(self, suite, secrets)
        } else {
            stages12(self, suite, secrets)
        };
        Some(Schedule { version, suite, group, random: self.random, stages })
    }

    /// Takes a packet into account that whoever carries the handshake has opened (RFC 9001, section
    /// 5).
    pub(super) fn packet(&mut self, message: &Message) {
        self.is_carried = true;
        self.record(message);
    }

    fn record(&mut self, message: &Message) {
        let protection = message.protection;
        if matches!(protection, Protection::Clear | Protection::Initial | Protection::Opaque) {
            return;
        }
        let updates = self.updates.get(message.direction.index()).map_or(0, Vec::len);
        let generation = if protection == Protection::Application { updates } else { 0 };
        let key = (message.direction, protection, generation);
        let known =
            self.opened.iter_mut().find(|(side, epoch, number, _)| (*side, *epoch, *number) == key);
        let (bytes, frame) = (u64::from(message.span.len), message.done);
        match known {
            Some((.., opened)) => opened.add(bytes, frame),
            None => self.opened.push((key.0, key.1, key.2, Opened::one(bytes, frame))),
        }
    }

    fn handshake(
        &mut self,
        message: &Message,
        view: &View<'_>,
        secrets: &Secrets,
    ) -> Option<Schedule> {
        let reader = view.reader(message.span);
        let bytes = reader.rest();
        let (kind, body) = split(reader).ok()?;
        let (side, frame) = (message.direction, message.done);
        let mut before = None;
        let ech = Note::of(message).extra().ech;
        if ech == Ech::Inner {
            self.sealed.hear(bytes);
            return None;
        }
        match kind {
            HandshakeType::CLIENT_HELLO => {
                if !self.retried {
                    before = self.schedule(secrets);
                    *self = Self { is_carried: self.is_carried, ..Self::default() };
                }
                let hello = Hello::client(body)?;
                self.client_hello(&hello);
                let before = if self.is_cut { None } else { Some(self.transcript.as_slice()) };
                self.binder =
                    before.and_then(|before| self.bound((before, bytes), &hello, secrets));
                self.outer = Some(*hello.random);
                self.hellos = [Some(frame), None];
            }
            HandshakeType::SERVER_HELLO => {
                self.server_hello(Hello::server(body)?, (bytes, ech), frame, secrets);
            }
            HandshakeType::CLIENT_KEY_EXCHANGE => self.exchange = Some(frame),
            HandshakeType::FINISHED => self.finish(side, frame, body.rest(), secrets),
            HandshakeType::KEY_UPDATE => {
                if let Some(updates) = self.updates.get_mut(side.index())
                    && updates.len() < MAX_GENERATIONS
                {
                    updates.push(frame);
                }
            }
            HandshakeType::NEW_SESSION_TICKET => self.ticket = self.ticket.or(Some(frame)),
            _ => {}
        }
        let tls13 = self.chosen.is_some_and(|(version, ..)| version.is_13());
        let is_part = !(tls13 && message.protection == Protection::Application)
            && kind != HandshakeType::HELLO_REQUEST;
        if is_part {
            self.is_cut |= self.transcript.len() + bytes.len() > MAX_TRANSCRIPT;
            if !self.is_cut {
                self.transcript.extend_from_slice(bytes);
            }
        }
        before
    }

    fn client_hello(&mut self, hello: &Hello<'_>) {
        self.random = Some(*hello.random);
        self.session_id = hello.session_id.to_vec();
        self.early = hello.extension(extension::EARLY_DATA).is_some();
        self.shows_ticket = hello.earlier_secrets().next().is_some();
        self.is_external = hello.has_external_secrets();
    }

    /// What the binder of a ClientHello is, where the pre-shared key is known.
    fn bound(&self, said: (&[u8], &[u8]), hello: &Hello<'_>, secrets: &Secrets) -> Option<Binder> {
        let shared = secrets.find(Label::PreSharedKey, hello.random)?;
        Binder::check(shared, said, hello, self.is_external)
    }

    /// The server has taken the hello that was sealed: that is what was said.
    fn take_sealed(&mut self, secrets: &Secrets) {
        let Sealed { said, last } = std::mem::take(&mut self.sealed);
        if let Ok((_, body)) = split(Reader::new(&last, ANYWHERE))
            && let Some(hello) = Hello::client(body)
        {
            self.client_hello(&hello);
            let before = said.strip_suffix(last.as_slice());
            self.binder = before.and_then(|before| self.bound((before, &last), &hello, secrets));
            self.transcript = said;
        }
    }

    fn server_hello(
        &mut self,
        hello: Hello<'_>,
        (bytes, ech): (&[u8], Ech),
        frame: FrameId,
        secrets: &Secrets,
    ) {
        let (version, suite) = (hello.chosen_version(), hello.suite());
        if hello.is_retry() {
            self.transcript = message_hash(suite.hash(), &self.transcript);
            self.sealed.said =
                [message_hash(suite.hash(), &self.sealed.said), bytes.to_vec()].concat();
            self.retried = true;
            return;
        }
        if ech == Ech::Accepted {
            self.take_sealed(secrets);
        }
        self.resumed = if version.is_13() {
            hello.extension(extension::PRE_SHARED_KEY).is_some()
        } else {
            !hello.session_id.is_empty() && hello.session_id == self.session_id
        };
        self.chosen = Some((version, suite, hello.chosen_group().filter(|_| version.is_13())));
        let [_, answered] = &mut self.hellos;
        *answered = Some(frame);
    }

    /// Holds a Finished against what it must be.
    fn finish(&mut self, side: Direction, frame: FrameId, found: &[u8], secrets: &Secrets) {
        let place = side.index();
        let is_first = self.ends.get(place).is_some_and(Option::is_none);
        let (Some((version, suite, _)), true) = (self.chosen, is_first) else { return };
        let from_client = side == Direction::Forward;
        let label = match (version.is_13(), from_client) {
            (false, _) => Label::ClientRandom,
            (true, true) => Label::ClientHandshakeTraffic,
            (true, false) => Label::ServerHandshakeTraffic,
        };
        let secret = self.random.and_then(|random| secrets.find(label, &random));
        let expected = secret.filter(|_| !self.is_cut).and_then(|secret| {
            if version.is_13() {
                finished::tls13(suite.hash(), secret, &self.transcript)
            } else {
                finished::tls12(suite.hash(), secret, from_client, &self.transcript)
            }
        });
        let verdict = expected.map(|expected| Finished { frame, is_right: expected == found });
        if let Some(place) = self.finished.get_mut(place) {
            *place = verdict;
        }
        if let Some(place) = self.ends.get_mut(place) {
            *place = Some(frame);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    /// A handshake of which this was said so far, with a key log.
    fn said(version: Version, suite: u16) -> (Heard, Secrets) {
        let heard = Heard {
            transcript: b"all that was said".to_vec(),
            random: Some([7; 32]),
            chosen: Some((version, Suite(suite), None)),
            ..Heard::default()
        };
        let mut secrets = Secrets::default();
        for (label, len) in [
            (Label::ClientRandom, 48),
            (Label::ClientHandshakeTraffic, 32),
            (Label::ServerHandshakeTraffic, 32),
        ] {
            secrets.insert(Secret { label, client_random: [7; 32], bytes: vec![9; len] });
        }
        (heard, secrets)
    }

    fn is_right(heard: &Heard, secrets: &Secrets, content: &[u8]) -> Option<bool> {
        let mut heard = heard.clone();
        heard.finish(Direction::Backward, FrameId(3), content, secrets);
        heard.finished[1].map(|finished| finished.is_right)
    }

    #[test]
    fn a_finished_is_held_against_what_it_must_be() {
        for (version, suite, len) in [(Version::TLS13, 0x1301, 32), (Version::TLS12, 0xc02b, 12)] {
            let (heard, secrets) = said(version, suite);
            let hash = Suite(suite).hash();
            let right = if version.is_13() {
                finished::tls13(hash, &[9; 32], b"all that was said")
            } else {
                finished::tls12(hash, &[9; 48], false, b"all that was said")
            };
            let right = right.expect("it can be made");
            assert_eq!(right.len(), len);
            assert_eq!(is_right(&heard, &secrets, &right), Some(true));
            let mut wrong = right.clone();
            wrong[0] ^= 1;
            assert_eq!(is_right(&heard, &secrets, &wrong), Some(false));
            let more = Heard { transcript: b"and a word".to_vec(), ..heard.clone() };
            assert_eq!(is_right(&more, &secrets, &right), Some(false), "something else was said");
            assert_eq!(is_right(&heard, &Secrets::default(), &right), None, "no key log");
            let cut = Heard { is_cut: true, ..heard };
            assert_eq!(is_right(&cut, &secrets, &right), None, "not all of it is known");
        }
    }
}
