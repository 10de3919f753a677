//! The TLS session: reads records in both directions and opens what the key log allows.
//!
//! ```text
//!   record ─> sealed? ── no ────────────────┬─> handshake (a part of its own) ─> messages, epochs
//!                └ yes ─> open ── opened ───┤─> alert, change cipher spec ─> messages
//!                           └ opaque        └─> application data ─> handed on
//! ```

mod compression;
mod epochs;
mod sealing;
mod side;

use super::Kind;
use super::compatible::{self, Compatible, Layout};
use super::compressed::unpack;
use super::extra::{Inside, Note};
use super::handshake::{Epoch, Extra, Facts, Handshake, HandshakeType, Step};
use super::reason::Reason;
use super::record::{ContentType, HEADER_LEN, Header, inner};
use super::unsealed::{lend, unseal};
use super::version::Version;
use crate::engine::session::{Announce, Input, Out, Progress, Session, To, Way};
use crate::ids::{Direction, MessageId};
use crate::message::Protection;
use crate::protocol::Claim;
use crate::span::Span;
use side::Side;

/// The fewest bytes a sealed record takes: its header, a type, and a tag.
const MIN_SEALED: u64 = 22;

/// One TLS connection.
#[derive(Clone, Default)]
pub(super) struct TlsSession {
    handshake: Handshake,
    sides: [Side; 2],
    /// Whether the protocol above has been settled.
    handed: bool,
    /// Which layer above is given what is opened: another one where early data was thrown away, for
    /// what is sent again begins anew.
    above: u64,
}

/// The content of a record, as far as it can be read.
struct Content {
    content_type: ContentType,
    span: Span,
    protection: Protection,
    /// Under which keys of this session it was sealed.
    epoch: Epoch,
    record: MessageId,
    header: Header,
    /// Whether the rest of it will not come.
    is_cut: bool,
}

impl Session for TlsSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let side = self.side_mut(input.direction);
        if !side.started && !side.adrift {
            if let Some(layout) = Layout::read(input.bytes) {
                return self.compatible_hello(layout, input, out);
            }
            if compatible::may_begin(input.bytes) {
                return Progress::Need(input.bytes.len() + 1);
            }
        }
        let Some(header) = Header::read(input.bytes) else { return Progress::Need(HEADER_LEN) };
        let side = self.side_mut(input.direction);
        if side.adrift || (!side.started && !header.is_plausible()) {
            match side.search(input.bytes) {
                Some(0) => {}
                Some(len) => return Progress::Took(len),
                None => return self.give_up(input, header, out),
            }
        }
        if !header.is_plausible() {
            return self.give_up(input, header, out);
        }
        let len = HEADER_LEN + header.len;
        let Some(record) = input.bytes.get(..len) else { return Progress::Need(len) };
        self.side_mut(input.direction).started = true;
        let place = out.span(input.at, len);
        self.record(input.direction, header, record, place, out);
        Progress::Took(len)
    }

    /// Of a record in the clear, what is there of its handshake messages is told.
    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        let (way, len) = (input.direction, input.bytes.len());
        let header = Header::read(input.bytes).filter(|header| header.is_plausible());
        let Some(header) = header.filter(|_| len > HEADER_LEN) else { return };
        let is_handshake = header.content_type == ContentType::HANDSHAKE;
        let fragment = input.bytes.get(HEADER_LEN..).unwrap_or_default();
        if is_handshake && !self.side(way).adrift && !self.is_sealed(way, header, fragment) {
            let place = out.span(input.at, len);
            self.record(way, header, input.bytes, place, out);
        }
    }

    /// The handshake message at hand is lost, and so are some records; how many decides which
    /// number the next one has.
    fn gap(&mut self, way: Way, missing: Option<u64>, out: &mut Out<'_>) -> bool {
        let (direction, len) = (way.direction, missing.unwrap_or(0));
        if self.handed {
            out.lose(self.above, 0, None);
        }
        self.handshake.restart(direction);
        let side = self.side_mut(direction);
        (side.adrift, side.skipped) = (true, 0);
        // Next to the gap, a record that had begun before it is lost, too.
        side.missing = len / MIN_SEALED + 2;
        side.is_behind = true;
        side.compression.lose();
        true
    }

    fn holds(&self) -> Vec<Span> {
        let blocks = self.sides.iter().filter_map(|side| side.last_block.as_ref());
        self.handshake.holds().chain(blocks.map(|(place, _)| *place)).collect()
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl TlsSession {
    /// A ClientHello in the form of SSL 2.0: records follow it.
    fn compatible_hello(
        &mut self,
        layout: Layout,
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> Progress {
        let Some(hello) = Compatible::read(input.bytes) else {
            return Progress::Need(layout.len());
        };
        self.side_mut(input.direction).started = true;
        self.handshake.greeted(&hello.hello(), input.direction);
        let extra = Note::Content(self.extra(layout.version));
        let place = out.span(input.at, layout.len());
        out.announce(Announce::new(Kind::CompatibleHello, place).extra(extra));
        Progress::Took(layout.len())
    }

    /// Says that here is no record, and reads no further.
    fn give_up(&self, input: Input<'_>, header: Header, out: &mut Out<'_>) -> Progress {
        let place = out.span(input.at, HEADER_LEN);
        let extra = Note::Record(self.extra(header.version), Inside::Clear);
        out.announce(Announce::new(Kind::Record, place).extra(extra));
        Progress::GiveUp("the next bytes are no TLS record")
    }

    fn record(
        &mut self,
        direction: Direction,
        header: Header,
        bytes: &[u8],
        place: Span,
        out: &mut Out<'_>,
    ) {
        let mut content = Content {
            content_type: header.content_type,
            span: place.from(HEADER_LEN),
            protection: out.protection(),
            epoch: Epoch::Clear,
            record: MessageId::NONE,
            header,
            is_cut: bytes.len() < HEADER_LEN + header.len,
        };
        let mut inside = Inside::Clear;
        let fragment = bytes.get(HEADER_LEN..).unwrap_or_default();
        if self.is_sealed(direction, header, fragment) {
            let opened = self
                .open(direction, place, bytes, out)
                .and_then(|opened| self.side_mut(direction).compression.inflated(opened, out));
            let opened = match opened {
                Ok(opened) => opened,
                Err(reason) => return self.stays_sealed(header, place, reason, out),
            };
            inside = Inside::Opened(opened.buffer);
            content.epoch = self.side(direction).epoch;
            content.protection = content.epoch.protection();
            content.span = opened;
            if self.opens_to_inner(direction) {
                match inner(out.bytes(opened)) {
                    Some((len, content_type)) => {
                        content.span = opened.part(0, len);
                        content.content_type = content_type;
                    }
                    None => content.span = opened.part(0, 0),
                }
            }
        }
        let extra = Note::Record(self.extra(header.version), inside);
        let announce = Announce::new(Kind::Record, place).extra(extra);
        content.record = out.announce(announce.protection(content.protection));
        let clear = (inside == Inside::Clear).then_some(fragment);
        self.content(direction, &content, clear, out);
    }

    /// Says that a record stays sealed: what it holds is missing above.
    fn stays_sealed(&self, header: Header, place: Span, reason: Reason, out: &mut Out<'_>) {
        let extra = Note::Record(self.extra(header.version), Inside::Sealed(reason));
        let announce = Announce::new(Kind::Record, place).extra(extra);
        out.announce(announce.protection(Protection::Opaque));
        if self.handed {
            out.lose(self.above, 0, None);
        }
    }

    /// Reads what a record holds; `clear` are its bytes, unless it had to be opened.
    fn content(
        &mut self,
        direction: Direction,
        content: &Content,
        clear: Option<&[u8]>,
        out: &mut Out<'_>,
    ) {
        match content.content_type {
            ContentType::APPLICATION_DATA => self.hand_on(content, out),
            ContentType::HANDSHAKE => {
                let bytes = clear.unwrap_or_else(|| out.bytes(content.span));
                self.handshake.push(direction, content.epoch, bytes, content.span);
                while let Some(step) = self.handshake.next(direction, content.epoch, out) {
                    let id = self.announce_step(&step, content, out);
                    unpack(step.kind, step.span, id, out);
                    if let Some((span, extra)) =
                        unseal(step.unsealed.as_ref(), (step.span, step.extra), id, out)
                    {
                        let inner = Content { protection: Protection::Ech, ..*content };
                        let inside = (span, extra);
                        let id = self.announce_content(Kind::Handshake, &inner, inside, out);
                        lend(step.span, id, out);
                    }
                    step.changes.into_iter().for_each(|change| self.change(change, out));
                    self.begin_anew(step.kind);
                }
                if content.is_cut
                    && let Some(step) = self.handshake.cut(direction, content.epoch, out)
                {
                    self.announce(Kind::Handshake, content, step.span, out);
                }
            }
            ContentType::ALERT => {
                self.announce(Kind::Alert, content, content.span, out);
            }
            ContentType::CHANGE_CIPHER_SPEC => {
                self.announce(Kind::ChangeCipherSpec, content, content.span, out);
                self.change_cipher_spec(direction, out);
            }
            _ => {}
        }
    }

    fn hand_on(&mut self, content: &Content, out: &mut Out<'_>) {
        if content.span.len == 0 {
            return;
        }
        let claim = match &self.facts().alpn {
            Some(name) if !self.handed => Claim::Alpn(name),
            _ => Claim::Content,
        };
        out.hand_on(To::child(self.above, claim), content.span, Some(content.protection));
        self.handed = true;
    }

    /// Where the server has not taken the early data, nothing of it counts.
    fn begin_anew(&mut self, kind: HandshakeType) {
        let facts = self.facts();
        let is_answered = kind == HandshakeType::ENCRYPTED_EXTENSIONS;
        // One that has to say hello again may send nothing early with that.
        let is_thrown_away = facts.retried || facts.early && !facts.early_accepted;
        if is_answered && is_thrown_away && self.handed {
            (self.handed, self.above) = (false, 1);
        }
    }

    fn announce(
        &mut self,
        kind: Kind,
        content: &Content,
        span: Span,
        out: &mut Out<'_>,
    ) -> MessageId {
        let extra = self.extra(content.header.version);
        self.announce_content(kind, content, (span, extra), out)
    }

    fn announce_step(&mut self, step: &Step, content: &Content, out: &mut Out<'_>) -> MessageId {
        let extra = named(step.extra, content.header.version);
        self.announce_content(Kind::Handshake, content, (step.span, extra), out)
    }

    fn announce_content(
        &mut self,
        kind: Kind,
        content: &Content,
        (span, extra): (Span, Extra),
        out: &mut Out<'_>,
    ) -> MessageId {
        let extra = Note::Content(named(extra, content.header.version));
        let announce = Announce::new(kind, span).part_of(content.record).extra(extra);
        out.announce(announce.protection(content.protection))
    }

    /// What the handshake has settled.
    fn facts(&self) -> &Facts {
        self.handshake.facts()
    }

    /// What a message is to carry along: before a version is agreed on, the one its record names.
    fn extra(&self, version: Version) -> Extra {
        named(self.facts().extra(), version)
    }

    fn side(&self, direction: Direction) -> &Side {
        let [forward, backward] = &self.sides;
        if direction == Direction::Forward { forward } else { backward }
    }

    fn side_mut(&mut self, direction: Direction) -> &mut Side {
        let [forward, backward] = &mut self.sides;
        if direction == Direction::Forward { forward } else { backward }
    }

    /// Whether opened records hold their type inside: TLS 1.3, and early data before it is agreed.
    fn opens_to_inner(&self, direction: Direction) -> bool {
        self.facts().is_tls13() || self.side(direction).epoch == Epoch::Early
    }
}

/// What was settled; before a version is agreed on with the one that the record names.
fn named(extra: Extra, version: Version) -> Extra {
    if extra.agreed { extra } else { Extra { version, ..extra } }
}
