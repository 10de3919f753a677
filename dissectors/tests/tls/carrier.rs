//! Two protocols of datagrams that carry the handshake of TLS without its records: one numbers
//! bytes, as QUIC does, the other messages and their fragments, as DTLS does. Nothing is sealed:
//! each piece says of which epoch it is.
//!
//! ```text
//!   numbered     |epoch 1|offset 4|length 2|bytes| …
//!   fragmented   |epoch 1|type 1|length 3|sequence 2|offset 3|length of fragment 3|bytes| …
//! ```

use std::fmt::{self, Write};
use std::sync::LazyLock;

use wirestage_dissectors::bytes::Reader;
use wirestage_dissectors::codes;
use wirestage_dissectors::engine::session::{Announce, Input, Out, Progress, Session};
use wirestage_dissectors::engine::view::View;
use wirestage_dissectors::field::{FieldDef, FieldId};
use wirestage_dissectors::ids::Direction;
use wirestage_dissectors::message::{Message, MessageKind};
use wirestage_dissectors::protocol::{Claim, Facts, Framing, Protocol, Registry};
use wirestage_dissectors::protocols::tls::handshake::crypto::Crypto;
use wirestage_dissectors::protocols::tls::handshake::fragments::{Fragment, Fragments};
use wirestage_dissectors::protocols::tls::handshake::{self, Epoch, Extra, Handshake, Step};
use wirestage_dissectors::sink::Sink;
use wirestage_dissectors::span::Span;
use wirestage_dissectors::telling::Telling;
use wirestage_dissectors::typed::Fact;

codes! {
    /// What a message is.
    enum Kind {
        /// A message of the handshake.
        Handshake,
    }
}

impl MessageKind for Kind {
    type Extra = Extra;
}

/// What was settled and what changed with a message, as text.
#[derive(Debug, PartialEq)]
struct Noted(String);

impl Fact for Noted {}

/// What pieces are numbered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Numbered,
    Fragmented,
}

/// A carrier of the handshake.
pub(crate) struct Carrier {
    def: &'static FieldDef,
    form: Form,
    claims: [Claim<'static>; 1],
}

pub(crate) static NUMBERED: Carrier = Carrier {
    def: &FieldDef::group("numbered", "Numbered"),
    form: Form::Numbered,
    claims: [Claim::UdpPort(4001)],
};

pub(crate) static FRAGMENTED: Carrier = Carrier {
    def: &FieldDef::group("fragmented", "Fragmented"),
    form: Form::Fragmented,
    claims: [Claim::UdpPort(4002)],
};

impl Form {
    pub(crate) const ALL: [Self; 2] = [Self::Numbered, Self::Fragmented];

    pub(crate) const fn port(self) -> u16 {
        match self {
            Self::Numbered => 4001,
            Self::Fragmented => 4002,
        }
    }
}

/// Both carriers, and nothing of TLS.
pub(crate) fn registry() -> &'static Registry {
    static BOTH: LazyLock<Registry> = LazyLock::new(|| Registry::new(&[&NUMBERED, &FRAGMENTED]));
    &BOTH
}

/// Epochs by their number in a piece.
pub(crate) const EPOCHS: [Epoch; 4] =
    [Epoch::Clear, Epoch::Early, Epoch::Handshake, Epoch::Application];

/// What was settled and what changed with a message, as text.
pub(crate) fn noted(message: &Message, view: &View<'_>) -> String {
    view.facts::<Noted>(message).expect("each message has its note").0.clone()
}

fn extra(message: &Message) -> Extra {
    message.extra::<Kind>().expect("there is no other kind")
}

impl Protocol for Carrier {
    fn heading(&self) -> FieldId {
        FieldId::heading(self.def)
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        if self.form == Form::Numbered { &NUMBERED.claims } else { &FRAGMENTED.claims }
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        assert_eq!(facts.framing, Framing::Datagram);
        Some(Box::new(Carrying::new(self.form)))
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        handshake::summary(message, extra(message), view, line)
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        handshake::describe(message, extra(message), view, sink);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        handshake::tell(message, extra(message), view)
    }
}

#[derive(Clone)]
struct Carrying {
    form: Form,
    handshake: Handshake,
    crypto: [[Crypto; 4]; 2],
    fragments: [Fragments; 2],
}

impl Carrying {
    fn new(form: Form) -> Self {
        let (handshake, crypto) = (Handshake::default(), <[[Crypto; 4]; 2]>::default());
        Self { form, handshake, crypto, fragments: <[Fragments; 2]>::default() }
    }

    fn numbered(
        &mut self,
        side: Direction,
        epoch: Epoch,
        piece: &mut Reader<'_>,
        out: &mut Out<'_>,
    ) {
        let (offset, _) = piece.u32("offset").unwrap();
        let (len, _) = piece.u16("length").unwrap();
        let (_, place) = piece.take(len.into(), "bytes").unwrap();
        let crypto = &mut self.crypto[side.index()][epoch as usize];
        for event in crypto.push(offset.into(), place, len.into()) {
            self.handshake.take_up(side, epoch, event, out);
            self.steps(side, epoch, out);
        }
    }

    fn fragment(
        &mut self,
        side: Direction,
        epoch: Epoch,
        piece: &mut Reader<'_>,
        out: &mut Out<'_>,
    ) {
        let fragment = Fragment::read(piece).unwrap();
        for whole in self.fragments[side.index()].push(fragment, epoch, out) {
            self.handshake.push(side, whole.epoch, out.bytes(whole.place), whole.place);
            self.steps(side, whole.epoch, out);
        }
    }

    fn steps(&mut self, side: Direction, epoch: Epoch, out: &mut Out<'_>) {
        while let Some(Step { span, extra, changes, .. }) = self.handshake.next(side, epoch, out) {
            let announce = Announce::new(Kind::Handshake, span).extra(extra);
            let id = out.announce(announce.protection(epoch.protection()));
            let facts = self.handshake.facts();
            let alpn = facts.alpn.as_deref().unwrap_or_default().escape_ascii().to_string();
            let version = facts.version.map_or(0, |version| version.0);
            let flags = [
                (facts.early, "early"),
                (facts.early_accepted, "accepted"),
                (facts.retried, "retried"),
                (facts.resumed, "resumed"),
            ];
            let flags = flags.iter().filter(|(set, _)| *set).map(|(_, name)| *name);
            let flags: Vec<_> = flags.collect();
            let settled = format!("{version:04x} {:04x} {alpn:?} {flags:?}", facts.suite.0);
            out.attachment(id).keep(Noted(format!("{settled} {changes:?}")));
        }
    }
}

impl Session for Carrying {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let mut pieces = Reader::new(input.bytes, out.span(input.at, input.bytes.len()));
        while let Ok((epoch, _)) = pieces.u8("epoch") {
            let (side, epoch) = (input.direction, EPOCHS[usize::from(epoch)]);
            match self.form {
                Form::Numbered => self.numbered(side, epoch, &mut pieces, out),
                Form::Fragmented => self.fragment(side, epoch, &mut pieces, out),
            }
        }
        Progress::Took(input.bytes.len())
    }

    fn holds(&self) -> Vec<Span> {
        let crypto = self.crypto.iter().flatten().flat_map(Crypto::places);
        let fragments = self.fragments.iter().flat_map(Fragments::places);
        self.handshake.holds().chain(crypto).chain(fragments).collect()
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
