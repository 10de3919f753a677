//! Known: says what facts it was opened with, and what lies on the shelf. Table: a protocol whose
//! output rests on all that came before.

use wirestage_dissectors::engine::session::{Announce, Input, Out, Progress, Session, To};
use wirestage_dissectors::field::FieldDef;
use wirestage_dissectors::ids::MessageId;
use wirestage_dissectors::protocol::Claim;
use wirestage_dissectors::typed::{AnyFact, Fact};

use super::{Made, Number, Said, unsaid};

/// Where [`LEND`] is found.
pub(crate) const PORT: u16 = 4007;
/// Where [`TABLE`] is found.
pub(crate) const TABLE_PORT: u16 = 4008;

/// Lend: hands each segment on to a layer of its own, with the segment's first byte as a fact.
pub(crate) static LEND: Made = Made {
    def: &FieldDef::group("lend", "Lend"),
    claims: &[Claim::TcpPort(PORT), Claim::UdpPort(PORT)],
    probe: unsaid,
    open: |_| Box::new(Lend(0)),
};

/// The first byte of what is handed on.
#[derive(Debug, PartialEq, Eq)]
struct First(u8);

impl Fact for First {}

/// What nobody settles.
#[derive(Debug, PartialEq, Eq)]
struct Never;

impl Fact for Never {}

#[derive(Clone)]
struct Lend(u64);

impl Session for Lend {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        self.0 += 1;
        let span = out.span(input.at, input.bytes.len());
        let settled = [AnyFact::new(First(input.bytes[0])), AnyFact::new(Said(input.bytes.into()))];
        out.hand_on(To::child(self.0, Claim::Named("known")).settled(&settled), span, None);
        Progress::Took(input.bytes.len())
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

pub(crate) static KNOWN: Made = Made {
    def: &FieldDef::group("known", "Known"),
    claims: &[],
    probe: unsaid,
    open: |facts| {
        let first = facts.get::<First>().map_or('?', |first| char::from(first.0));
        let mut text = format!("{:?} {first} {:?}", facts.framing, facts.began);
        if facts.get::<Never>().is_some() {
            text.push_str(" more than was settled");
        }
        Box::new(Known(text))
    },
};

#[derive(Clone)]
struct Known(String);

impl Session for Known {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let span = out.span(input.at, input.bytes.len());
        let id = out.announce(Announce::new(Number(0), span));
        let shelved = out.shelved("latest").map(|left| left.escape_ascii().to_string());
        let text = format!("{} after {}", self.0, shelved.unwrap_or_default());
        out.attachment(id).keep(Said(text.into_bytes()));
        out.shelve("latest", input.bytes);
        Progress::Took(input.bytes.len())
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

/// Each byte is put out as the sum of all before it; a zero completes a message.
pub(crate) static TABLE: Made = Made {
    def: &FieldDef::group("table", "Table"),
    claims: &[Claim::TcpPort(TABLE_PORT)],
    probe: unsaid,
    open: |_| Box::new(Table::default()),
};

#[derive(Clone, Default)]
struct Table {
    sum: u8,
    open: Option<MessageId>,
}

impl Session for Table {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let end = input.bytes.iter().position(|byte| *byte == 0);
        let len = end.map_or(input.bytes.len(), |end| end + 1);
        let place = out.span(input.at, len);
        let mut sum = self.sum;
        let made = out.make_of(place, |bytes| {
            for byte in &input.bytes[..len] {
                sum = sum.wrapping_add(*byte);
                bytes.push(sum);
            }
            true
        });
        self.sum = sum;
        if let Some(made) = made {
            let id = self.open.unwrap_or_else(|| out.begin(Announce::new(Number(0), made)));
            out.gather(id, Number(1), made);
            self.open = Some(id);
        }
        if let (Some(id), true) = (self.open, end.is_some()) {
            // The parts of all frames, with what they sum up to.
            let all = out.collected(id).map(|span| out.bytes(span).to_vec());
            out.attachment(id).keep(Said(all.unwrap_or_default()));
            out.finish(id);
            self.open = None;
        }
        Progress::Took(len)
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
