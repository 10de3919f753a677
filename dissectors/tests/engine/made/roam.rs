//! Roam: datagrams of connections that go by ids of their own, and move between paths.
//!
//! ```text
//!   |'L'|to whom 4|who sends 4|text|    opens a connection, or answers; says the sender's id
//!   |'S'|to whom 4|text|                everything after that
//! ```

use wirestage_dissectors::engine::session::{Announce, Ending, Input, Out, Progress, Session, Way};
use wirestage_dissectors::field::{FieldDef, FieldId};
use wirestage_dissectors::protocol::{Bears, Claim, Facts, Protocol};

use super::{Number, tell_end};

/// Where it is found.
pub(crate) const PORT: u16 = 4004;

static DEF: &FieldDef = &FieldDef::group("roam", "Roam");

/// The protocol.
pub(crate) struct Roam;

impl Protocol for Roam {
    fn heading(&self) -> FieldId {
        FieldId::heading(DEF)
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(PORT)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }

    fn open(&self, _: &Facts<'_>) -> Option<Box<dyn Session>> {
        Some(Box::new(Roaming))
    }

    fn has_names(&self) -> bool {
        true
    }

    fn bears<'a>(&self, datagram: &'a [u8], known: &dyn Fn(&[u8]) -> bool) -> Bears<'a> {
        match (datagram.first(), datagram.get(1..5)) {
            (Some(b'L'), Some(name)) => Bears::Opening(name),
            (Some(b'S'), Some(name)) if known(name) => Bears::Name(name),
            _ => Bears::Nothing,
        }
    }
}

#[derive(Clone)]
struct Roaming;

impl Session for Roaming {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let mut text_at = 5;
        if let (Some(b'L'), Some(name)) = (input.bytes.first(), input.bytes.get(5..9)) {
            out.publish(name);
            text_at = 9;
        }
        let span = out.span(input.at + text_at, input.bytes.len() - text_at as usize);
        out.announce(Announce::new(Number(0), span));
        Progress::Took(input.bytes.len())
    }

    fn end(&mut self, _way: Way, ending: Ending, out: &mut Out<'_>) {
        tell_end(ending, out);
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
