//! Reads an event stream: one message a block.

use super::Kind;
use super::block::{Name, block_end, lines};
use crate::engine::session::{Announce, Input, Out, Progress, Session};
use crate::ids::Both;
use crate::limits::MAX_EVENT;
use crate::protocols::semantics::HttpVersion;

/// The byte order mark that may stand before everything (HTML, section 9.2.5).
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The state of a stream of events.
#[derive(Clone)]
pub(super) struct SseSession {
    carrier: HttpVersion,
    /// Of each direction, how far the block at hand holds no end.
    scanned: Both<usize>,
}

impl SseSession {
    pub(super) fn new(carrier: HttpVersion) -> Self {
        Self { carrier, scanned: Both::each(0) }
    }

    fn scanned(&mut self, input: Input<'_>) -> &mut usize {
        self.scanned.of_mut(input.direction)
    }

    fn block(&mut self, kind: Kind, len: usize, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        *self.scanned(input) = 0;
        let span = out.span(input.at, len);
        out.announce(Announce::new(kind, span).extra(self.carrier));
        Progress::Took(len)
    }
}

impl Session for SseSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let bytes = input.bytes;
        if input.at == 0 && MARK.starts_with(bytes.get(..MARK.len()).unwrap_or(bytes)) {
            let is_whole = bytes.len() >= MARK.len();
            return if is_whole { Progress::Took(MARK.len()) } else { Progress::Need(MARK.len()) };
        }
        // Empty lines that end nothing: the line feed behind a CR among them.
        let blank = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if blank > 0 {
            return Progress::Took(blank);
        }
        match block_end(bytes, *self.scanned(input)) {
            Ok(len) => self.block(kind(bytes.get(..len).unwrap_or(bytes)), len, input, out),
            Err(_) if bytes.len() >= MAX_EVENT => self.block(Kind::Part, bytes.len(), input, out),
            Err(scanned) => {
                *self.scanned(input) = scanned;
                Progress::Need(bytes.len() + 1)
            }
        }
    }

    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        self.block(Kind::Part, input.bytes.len(), input, out);
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

/// What a block is: without a line of data no event is sent off (HTML, section 9.2.6).
fn kind(block: &[u8]) -> Kind {
    let mut kind = Kind::Comment;
    for line in lines(block) {
        match line.name(block) {
            Name::Data => return Kind::Event,
            Name::Event | Name::Id | Name::Retry => kind = Kind::Setting,
            Name::Comment | Name::Unknown => {}
        }
    }
    kind
}
