//! Say: what is at the top of a stack. Each message is a length of one byte and its text.

use wirestage_dissectors::engine::session::{Announce, Ending, Input, Out, Progress, Session, Way};
use wirestage_dissectors::field::FieldDef;
use wirestage_dissectors::protocol::Claim;

use super::{CUT, Made, Number, tell_end, tell_gap, unsaid};

/// Where it is found.
pub(crate) const PORT: u16 = 4000;

pub(crate) static SAY: Made = Made {
    def: &FieldDef::group("say", "Say"),
    claims: &[Claim::TcpPort(PORT), Claim::UdpPort(PORT)],
    probe: unsaid,
    open: |_| Box::new(Say),
};

/// One message.
pub(crate) fn say(text: &[u8]) -> Vec<u8> {
    let mut bytes = vec![u8::try_from(text.len()).unwrap()];
    bytes.extend_from_slice(text);
    bytes
}

#[derive(Clone)]
struct Say;

impl Session for Say {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let Some(len) = input.bytes.first() else { return Progress::Need(1) };
        let len = usize::from(*len);
        if input.bytes.len() < 1 + len {
            return Progress::Need(1 + len);
        }
        let span = out.span(input.at + 1, len);
        out.announce(Announce::new(Number(0), span).extra(input.lane as u32));
        Progress::Took(1 + len)
    }

    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        let span = out.span(input.at + 1, input.bytes.len() - 1);
        out.announce(Announce::new(Number(CUT), span).extra(input.lane as u32));
    }

    fn gap(&mut self, _way: Way, missing: Option<u64>, out: &mut Out<'_>) -> bool {
        tell_gap(missing, out);
        true
    }

    fn end(&mut self, _way: Way, ending: Ending, out: &mut Out<'_>) {
        tell_end(ending, out);
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
