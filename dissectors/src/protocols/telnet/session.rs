//! Reads each direction run by run: all that is complete is one message.

use super::Kind;
use super::items;
use crate::engine::session::{Announce, Input, Out, Progress, Session, Way};

/// The longest thing that an option says which is waited for: names of terminals and environments
/// have a few hundred bytes.
const MAX_SUB: usize = 1 << 13;

/// Nothing has to be kept.
#[derive(Clone)]
pub(super) struct TelnetSession;

impl Session for TelnetSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let mut len = 0;
        while let Some((_, end)) = items::next(input.bytes, len) {
            len = end;
        }
        if len == 0 && input.bytes.len() < MAX_SUB {
            return Progress::Need(input.bytes.len() + 1);
        }
        self.run(if len == 0 { input.bytes.len() } else { len }, input, out)
    }

    /// A command that lost its end is told as data.
    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        self.run(input.bytes.len(), input, out);
    }

    fn gap(&mut self, _way: Way, _missing: Option<u64>, _out: &mut Out<'_>) -> bool {
        true
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl TelnetSession {
    fn run(&self, len: usize, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let span = out.span(input.at, len);
        out.announce(Announce::new(Kind::Run, span));
        Progress::Took(len)
    }
}
