//! Talk: lines that may hand the connection over to another protocol; and Ping, whose bytes can
//! be nothing else.

use wirestage_dissectors::engine::session::{Announce, Ending, Input, Out, Progress, Session, Way};
use wirestage_dissectors::field::FieldDef;
use wirestage_dissectors::ids::MessageId;
use wirestage_dissectors::protocol::{Claim, Framing, Likelihood};

use super::{CUT, Made, Number, tell_end};

/// Where [`TALK`] is found.
pub(crate) const PORT: u16 = 4006;

/// Lines of printable text. Behind `SWITCH`, `say` speaks; `ASK` is complete when it is answered
/// with `DONE`.
pub(crate) static TALK: Made = Made {
    def: &FieldDef::group("talk", "Talk"),
    claims: &[Claim::TcpPort(PORT), Claim::UdpPort(PORT)],
    probe: |bytes, _| {
        let is_text = bytes.iter().all(|byte| byte.is_ascii_graphic() || b" \n".contains(byte));
        if bytes.starts_with(b"TALK ") {
            Likelihood::Surely
        } else if is_text {
            Likelihood::Unsaid
        } else {
            Likelihood::No
        }
    },
    open: |_| Box::new(Talk(None)),
};

/// Perhaps with a message that the other side completes.
#[derive(Clone)]
struct Talk(Option<MessageId>);

impl Session for Talk {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if out.shelved("switched").is_some() && input.framing == Framing::Stream {
            return Progress::Switch(Claim::Named("say"));
        }
        let Some(end) = input.bytes.iter().position(|byte| *byte == b'\n') else {
            return Progress::Need(input.bytes.len() + 1);
        };
        let span = out.span(input.at, end);
        if &input.bytes[..end] == b"ASK" {
            self.0 = Some(out.begin(Announce::new(Number(0), span)));
            return Progress::Took(end + 1);
        }
        if let (Some(asked), b"DONE") = (self.0, &input.bytes[..end]) {
            out.finish(asked);
            self.0 = None;
        }
        if &input.bytes[..end] == b"SWITCH" {
            out.shelve("switched", b"yes");
        }
        out.announce(Announce::new(Number(0), span));
        Progress::Took(end + 1)
    }

    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        let span = out.span(input.at, input.bytes.len());
        out.announce(Announce::new(Number(CUT), span));
    }

    fn end(&mut self, _way: Way, ending: Ending, out: &mut Out<'_>) {
        tell_end(ending, out);
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

/// Four bytes: `!`, one above 0x7f, and a text of two.
pub(crate) static PING: Made = Made {
    def: &FieldDef::group("ping", "Ping"),
    claims: &[],
    probe: |bytes, _| match bytes {
        [b'!', second, ..] if *second >= 0x80 => Likelihood::Surely,
        _ => Likelihood::No,
    },
    open: |_| Box::new(Ping),
};

#[derive(Clone)]
struct Ping;

impl Session for Ping {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if input.bytes.len() < 4 {
            return Progress::Need(4);
        }
        let span = out.span(input.at + 2, 2);
        out.announce(Announce::new(Number(0), span));
        Progress::Took(4)
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
