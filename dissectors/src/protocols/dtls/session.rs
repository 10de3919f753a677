//! The DTLS session: records out of datagrams, fragments of the handshake into messages, and keys
//! by the epoch that a record names.

use std::sync::Arc;

use super::Kind;
use super::opener::OfDatagrams;
use super::record::{HEADER_LEN, Header, Unified};
use crate::bytes::Reader;
use crate::engine::derive::KeyId;
use crate::engine::session::{Announce, Input, Out, Progress, Session, To};
use crate::ids::{Both, Direction, MessageId};
use crate::message::Protection;
use crate::protocol::Claim;
use crate::protocols::datagrams::hand_on;
use crate::protocols::tls::extra::{Inside, Note};
use crate::protocols::tls::handshake::fragments::{Fragment, Fragments};
use crate::protocols::tls::handshake::{Epoch, Extra, Handshake, HandshakeType, Step};
use crate::protocols::tls::keys;
use crate::protocols::tls::reason::Reason;
use crate::protocols::tls::record::ContentType;
use crate::protocols::tls::unsealed::{lend, unseal};
use crate::protocols::tls::version::Version;
use crate::span::Span;

/// One DTLS connection.
#[derive(Clone, Default)]
pub(super) struct DtlsSession {
    handshake: Handshake,
    sides: Both<Side>,
}

/// One direction.
#[derive(Clone, Default)]
struct Side {
    fragments: Fragments,
    /// Whether any fragment came.
    started: bool,
    /// The epoch that a key was looked for last, and the key.
    key: Option<(u16, Result<KeyId, Reason>)>,
}

/// A record that was announced.
#[derive(Clone, Copy)]
struct Record {
    header: Header,
    id: MessageId,
    protection: Protection,
    epoch: Epoch,
    /// Where its content lies.
    content: Span,
}

impl Session for DtlsSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if let Some(header) = Header::read(input.bytes) {
            return Progress::Took(self.record(header, input, out));
        }
        let Some(unified) = Unified::read(input.bytes) else {
            hand_on(input, out);
            return Progress::Took(input.bytes.len().max(1));
        };
        let len = (unified.header + unified.len).min(input.bytes.len());
        let lack = Reason::of_lack(self.handshake.facts().client_random.as_ref(), out);
        let extra = Note::Record(self.extra(Version::DTLS13), Inside::Sealed(lack));
        let announce = Announce::new(Kind::Unified, out.span(input.at, len)).extra(extra);
        out.announce(announce.protection(Protection::Opaque));
        Progress::Took(len)
    }

    fn holds(&self) -> Vec<Span> {
        let waiting = self.sides.iter().flat_map(|side| side.fragments.places());
        self.handshake.holds().chain(waiting).collect()
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl DtlsSession {
    fn side(&mut self, direction: Direction) -> &mut Side {
        self.sides.of_mut(direction)
    }

    /// What is to be kept with a message: before a version is agreed on, the one that its record
    /// names.
    fn extra(&self, outer: Version) -> Extra {
        named(self.handshake.facts().extra(), outer)
    }

    /// Reads a record, and says how long it is.
    fn record(&mut self, header: Header, input: Input<'_>, out: &mut Out<'_>) -> usize {
        let len = (HEADER_LEN + header.len).min(input.bytes.len());
        let bytes = input.bytes.get(..len).unwrap_or(input.bytes);
        let place = out.span(input.at, len);
        let extra = self.extra(header.version);
        if header.epoch == 0 {
            let is_again = self.is_again(header, place.from(HEADER_LEN), input.direction, out);
            let kind = if is_again { Kind::Again } else { Kind::Record };
            let id =
                out.announce(Announce::new(kind, place).extra(Note::Record(extra, Inside::Clear)));
            let (protection, epoch) = (out.protection(), Epoch::Clear);
            let content = place.from(HEADER_LEN);
            let record = Record { header, id, protection, epoch, content };
            self.content(record, input.direction, out);
            return len;
        }
        let key = self.key(header.epoch, input.direction, out);
        let opened = key
            .and_then(|key| out.open(key, header.number(), place, bytes).ok_or(Reason::Mismatch));
        let inside = opened.map_or_else(Inside::Sealed, |span| Inside::Opened(span.buffer));
        let announce = Announce::new(Kind::Record, place).extra(Note::Record(extra, inside));
        let Ok(content) = opened else {
            out.announce(announce.protection(Protection::Opaque));
            return len;
        };
        let (protection, epoch) = (Protection::Application, Epoch::Application);
        let id = out.announce(announce.protection(protection));
        let record = Record { header, id, protection, epoch, content };
        self.content(record, input.direction, out);
        len
    }

    /// Whether a record in the clear holds nothing but handshake messages that were read before:
    /// no answer came in time, and the flight is sent again (RFC 6347, section 4.2.4).
    fn is_again(&mut self, header: Header, content: Span, from: Direction, out: &Out<'_>) -> bool {
        if header.content_type != ContentType::HANDSHAKE {
            return false;
        }
        let side = self.side(from);
        let first = Fragment::read(&mut Reader::new(out.bytes(content), content));
        side.started && first.is_ok_and(|first| side.fragments.has_read(first.sequence))
    }

    /// Reads what a record holds.
    fn content(&mut self, record: Record, from: Direction, out: &mut Out<'_>) {
        match record.header.content_type {
            ContentType::HANDSHAKE => self.fragments(record, from, out),
            ContentType::APPLICATION_DATA if record.content.len > 0 => {
                let claim = match &self.handshake.facts().alpn {
                    Some(name) => Claim::Alpn(name),
                    None => Claim::Content,
                };
                let protection = Some(record.protection).filter(|one| one.is_sealed());
                out.hand_on(To::child(0, claim).datagrams(), record.content, protection);
            }
            ContentType::ALERT => self.announce(Kind::Alert, record, record.content, out),
            ContentType::CHANGE_CIPHER_SPEC => {
                self.announce(Kind::ChangeCipherSpec, record, record.content, out);
            }
            _ => {}
        }
    }

    /// Fragments of handshake messages: several may stand in one record.
    fn fragments(&mut self, record: Record, from: Direction, out: &mut Out<'_>) {
        let bytes = out.bytes(record.content).to_vec();
        let mut reader = Reader::new(&bytes, record.content);
        while !reader.is_empty() {
            let Ok(fragment) = Fragment::read(&mut reader) else { return };
            let side = self.side(from);
            // A renegotiation counts its messages anew, and so does a new connection between the
            // same ports (RFC 6347, section 4.2.8). A capture may begin inside a handshake.
            let is_anew = fragment.kind == HandshakeType::CLIENT_HELLO && fragment.sequence == 0;
            let was_read = side.fragments.has_read(0) && side.fragments.has_read(1);
            if !side.started || is_anew && was_read {
                side.fragments = Fragments::from(fragment.sequence);
                side.started = true;
            }
            for whole in side.fragments.push(fragment, record.epoch, out) {
                let message = out.bytes(whole.place).to_vec();
                self.handshake.push(from, whole.epoch, &message, whole.place);
                while let Some(step) = self.handshake.next(from, whole.epoch, out) {
                    self.step(&step, record, out);
                }
            }
        }
    }

    /// A message that is whole. Keys are looked for when a record names their epoch.
    fn step(&mut self, step: &Step, record: Record, out: &mut Out<'_>) {
        let extra = Note::Content(named(step.extra, record.header.version));
        let announce = Announce::new(Kind::Handshake, step.span).part_of(record.id).extra(extra);
        let id = out.announce(announce.protection(record.protection));
        if let Some((span, extra)) =
            unseal(step.unsealed.as_ref(), (step.span, step.extra), id, out)
        {
            let extra = Note::Content(named(extra, record.header.version));
            let announce = Announce::new(Kind::Handshake, span).part_of(record.id).extra(extra);
            let id = out.announce(announce.protection(Protection::Ech));
            lend(step.span, id, out);
        }
        if step.kind == HandshakeType::SERVER_HELLO {
            self.sides.iter_mut().for_each(|side| side.key = None);
        }
    }

    fn announce(&self, kind: Kind, record: Record, span: Span, out: &mut Out<'_>) {
        let extra = Note::Content(self.extra(record.header.version));
        let announce = Announce::new(kind, span).part_of(record.id).extra(extra);
        out.announce(announce.protection(record.protection));
    }

    /// What opens records of an epoch, asked for once.
    fn key(&mut self, epoch: u16, from: Direction, out: &mut Out<'_>) -> Result<KeyId, Reason> {
        match self.side(from).key {
            Some((known, key)) if known == epoch => key,
            _ => {
                let key = self.make_key(from, out);
                self.side(from).key = Some((epoch, key));
                key
            }
        }
    }

    fn make_key(&self, from: Direction, out: &mut Out<'_>) -> Result<KeyId, Reason> {
        let facts = self.handshake.facts();
        let secret = facts.master_secret(from, out);
        let secret = secret.ok_or_else(|| Reason::of_lack(facts.client_random.as_ref(), out))?;
        let opener = keys::of_master(facts, &secret, from)?;
        Ok(out.add_key(Arc::new(OfDatagrams(opener))))
    }
}

/// What was settled; before a version is agreed on with the one that the record names.
fn named(extra: Extra, outer: Version) -> Extra {
    if extra.agreed { extra } else { Extra { version: outer, ..extra } }
}
