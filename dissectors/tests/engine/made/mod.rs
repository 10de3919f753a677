//! Made-up protocols, each the smallest that needs one thing of the engine, and a registry of
//! them.

pub(crate) mod dict;
pub(crate) mod gate;
pub(crate) mod hush;
pub(crate) mod known;
pub(crate) mod mux;
pub(crate) mod nest;
pub(crate) mod press;
pub(crate) mod roam;
pub(crate) mod say;
pub(crate) mod talk;
pub(crate) mod vault;
pub(crate) mod wrap;

use std::sync::LazyLock;

use wirestage_dissectors::engine::session::{Announce, Ending, Input, Out, Progress, Session, Way};
use wirestage_dissectors::field::{FieldDef, FieldId};
use wirestage_dissectors::ids::Direction;
use wirestage_dissectors::message::MessageKind;
use wirestage_dissectors::protocol::{Claim, Facts, Framing, Likelihood, Protocol, Registry};
use wirestage_dissectors::protocols::ethernet::Ethernet;
use wirestage_dissectors::protocols::ipv4::Ipv4;
use wirestage_dissectors::protocols::tcp::Tcp;
use wirestage_dissectors::protocols::udp::Udp;
use wirestage_dissectors::span::Span;
use wirestage_dissectors::typed::{Code, Fact, Set};

/// All of them, and TCP, which carries most.
pub(crate) fn registry() -> &'static Registry {
    static ALL: LazyLock<Registry> = LazyLock::new(|| {
        Registry::new(&[
            &talk::PING,
            &talk::TALK,
            &known::LEND,
            &known::KNOWN,
            &known::TABLE,
            &say::SAY,
            &wrap::WRAP,
            &wrap::SEAL,
            &mux::MUX,
            &mux::MANY,
            &roam::Roam,
            &vault::VAULT,
            // What carries all of them.
            &Ethernet,
            &Ipv4,
            &Udp,
            &Tcp,
            &dict::DICT,
            &press::PRESS,
            &hush::Hush,
            &gate::GATE,
            &nest::Nest,
            &RAW,
        ])
    });
    &ALL
}

/// A protocol in a nutshell.
pub(crate) struct Made {
    pub(crate) def: &'static FieldDef,
    pub(crate) claims: &'static [Claim<'static>],
    pub(crate) probe: fn(&[u8], Framing) -> Likelihood,
    pub(crate) open: fn(&Facts<'_>) -> Box<dyn Session>,
}

impl Protocol for Made {
    fn heading(&self) -> FieldId {
        FieldId::heading(self.def)
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        self.claims
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }

    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        (self.probe)(bytes, framing)
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        Some((self.open)(facts))
    }
}

/// Bytes say nothing: a claim decides.
pub(crate) fn unsaid(_: &[u8], _: Framing) -> Likelihood {
    Likelihood::Unsaid
}

/// What a message of a made-up protocol is, and the role of a part: any number.
#[derive(Clone, Copy)]
pub(crate) struct Number(pub(crate) u8);

impl Code for Number {
    const SET: Set = Set::of("made::Number");

    fn number(self) -> u8 {
        self.0
    }

    fn of(number: u8) -> Option<Self> {
        Some(Self(number))
    }
}

impl MessageKind for Number {
    type Extra = u32;
}

/// What a message of a made-up protocol says besides its bytes, and what is settled about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said(pub(crate) Vec<u8>);

impl Fact for Said {}

/// A message that stands for missing bytes, `extra` of them (0: nobody knows).
pub(crate) const GAP: u8 = 7;
/// A message of what was cut.
pub(crate) const CUT: u8 = 8;
/// A message that stands for the end of a way; `extra` says how.
pub(crate) const END: u8 = 9;

/// Announces that bytes are missing.
pub(crate) fn tell_gap(missing: Option<u64>, out: &mut Out<'_>) {
    let extra = missing.unwrap_or(0) as u32;
    out.announce(Announce::new(Number(GAP), Span::NONE).extra(extra));
}

/// Announces that a way has ended.
pub(crate) fn tell_end(ending: Ending, out: &mut Out<'_>) {
    let extra = match ending {
        Ending::Closed => 0,
        Ending::Reset => 1,
        Ending::Cut => 2,
    };
    out.announce(Announce::new(Number(END), Span::NONE).extra(extra));
}

/// What no other reads: every run of bytes as it comes.
pub(crate) static RAW: Made = Made {
    def: &FieldDef::group("raw", "Raw"),
    claims: &[],
    probe: unsaid,
    open: |_| Box::new(Raw),
};

#[derive(Clone)]
struct Raw;

impl Session for Raw {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let span = out.span(input.at, input.bytes.len());
        out.announce(Announce::new(Number(0), span));
        Progress::Took(input.bytes.len().max(1))
    }

    fn gap(&mut self, _way: Way, missing: Option<u64>, out: &mut Out<'_>) -> bool {
        tell_gap(missing, out);
        true
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

/// One of two by direction.
pub(crate) fn of<T>(pair: &mut [T; 2], way: Direction) -> &mut T {
    &mut pair[way.index()]
}
