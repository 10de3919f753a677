//! Mux: one stream that carries many, as lanes of one layer or as layers of their own.
//!
//! ```text
//!   |number 2|flags|length|payload|     flags: 1 it ends, 2 a layer of its own, 4 bytes are lost
//! ```

use std::collections::BTreeMap;

use wirestage_dissectors::engine::session::{
    Announce, Ending, Input, Out, Progress, Session, To, Way,
};
use wirestage_dissectors::field::FieldDef;
use wirestage_dissectors::protocol::Claim;

use super::{CUT, Made, Number, tell_gap, unsaid};

/// Where it is found.
pub(crate) const PORT: u16 = 4003;
/// The stream ends.
pub(crate) const ENDS: u8 = 1;
/// The stream is a layer of its own, and not a lane.
pub(crate) const OWN: u8 = 2;
/// Before the payload, bytes of the stream are missing.
pub(crate) const LOST: u8 = 4;

const HEADER_LEN: usize = 4;

pub(crate) static MUX: Made = Made {
    def: &FieldDef::group("mux", "Mux"),
    claims: &[Claim::TcpPort(PORT)],
    probe: unsaid,
    open: |_| Box::new(Mux),
};

/// One record.
pub(crate) fn mux(number: u16, flags: u8, payload: &[u8]) -> Vec<u8> {
    let mut record = number.to_be_bytes().to_vec();
    record.extend([flags, u8::try_from(payload.len()).unwrap()]);
    record.extend_from_slice(payload);
    record
}

#[derive(Clone)]
struct Mux;

impl Session for Mux {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let Some((header, rest)) = input.bytes.split_first_chunk::<HEADER_LEN>() else {
            return Progress::Need(HEADER_LEN);
        };
        let [high, low, flags, len] = *header;
        let len = usize::from(len);
        if rest.len() < len {
            return Progress::Need(HEADER_LEN + len);
        }
        let number = u64::from(u16::from_be_bytes([high, low]));
        let (child, lane) = if flags & OWN != 0 { (1 + number, 0) } else { (0, number) };
        if flags & LOST != 0 {
            out.lose(child, lane, None);
        }
        if len > 0 {
            let span = out.span(input.at + HEADER_LEN as u64, len);
            let claim = Claim::Named(if flags & OWN != 0 { "say" } else { "many" });
            out.hand_on(To::child(child, claim).lane(lane), span, None);
        }
        match flags & (ENDS | OWN) {
            ENDS => out.end_lane(child, lane, Ending::Closed),
            0 | OWN => {}
            _ => out.end_child(child, Ending::Closed),
        }
        Progress::Took(HEADER_LEN + len)
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

/// Many: one session that reads all lanes. Each message is a length of one byte and its text;
/// when a lane ends, how many messages it had in that direction is said.
pub(crate) static MANY: Made = Made {
    def: &FieldDef::group("many", "Many"),
    claims: &[],
    probe: unsaid,
    open: |_| Box::new(Many::default()),
};

/// The message that ends a lane; `extra` says how many there were.
pub(crate) const COUNT: u8 = 3;

#[derive(Clone, Default)]
struct Many {
    messages: BTreeMap<(u64, usize), u32>,
}

impl Session for Many {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let Some((len, rest)) = input.bytes.split_first() else { return Progress::Need(1) };
        let len = usize::from(*len);
        if rest.len() < len {
            return Progress::Need(1 + len);
        }
        let span = out.span(input.at + 1, len);
        out.announce(Announce::new(Number(0), span).extra(input.lane as u32));
        *self.messages.entry((input.lane, input.direction.index())).or_default() += 1;
        Progress::Took(1 + len)
    }

    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        let span = out.span(input.at, input.bytes.len());
        out.announce(Announce::new(Number(CUT), span).extra(input.lane as u32));
    }

    fn gap(&mut self, _way: Way, missing: Option<u64>, out: &mut Out<'_>) -> bool {
        tell_gap(missing, out);
        true
    }

    fn end(&mut self, way: Way, _ending: Ending, out: &mut Out<'_>) {
        let count = self.messages.remove(&(way.lane, way.direction.index())).unwrap_or(0);
        let span = wirestage_dissectors::span::Span::NONE;
        out.announce(Announce::new(Number(COUNT), span).extra(way.lane as u32 * 100 + count));
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
