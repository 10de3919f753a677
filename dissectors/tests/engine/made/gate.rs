//! Gate: a byte of the client says who speaks from there on, in both directions.

use wirestage_dissectors::engine::session::{Input, Out, Progress, Session};
use wirestage_dissectors::field::FieldDef;
use wirestage_dissectors::protocol::Claim;

use super::wrap::Inside;
use super::{Made, unsaid};

/// Where it is found.
pub(crate) const PORT: u16 = 4012;

pub(crate) static GATE: Made = Made {
    def: &FieldDef::group("gate", "Gate"),
    claims: &[Claim::TcpPort(PORT), Claim::UdpPort(PORT)],
    probe: unsaid,
    open: |_| Box::new(Gate(None)),
};

#[derive(Clone)]
struct Gate(Option<u8>);

impl Session for Gate {
    fn read(&mut self, input: Input<'_>, _: &mut Out<'_>) -> Progress {
        match self.0 {
            Some(code) => Progress::Switch(Inside::claim(code)),
            None => {
                self.0 = input.bytes.first().copied();
                Progress::Took(1)
            }
        }
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
