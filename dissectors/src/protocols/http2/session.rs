//! Reads one HTTP/2 connection: frames are announced, the content of `DATA` frames goes to the
//! layer of its stream as it comes.
//!
//! ```text
//!   Start ── preface ──> Frame <──────────────┐
//!     └── none ───────────┘ │ DATA            │ whole frame, or the last byte
//!                           v                 │
//!                         Data(left, padding) ┘
//! ```

use super::frame::{DATA, FrameHeader, HEADER_LEN, PREFACE_BYTES, RST_STREAM};
use super::{Kind, Role};
use crate::ids::{Direction, MessageId};
use crate::protocol::Claim;
use crate::session::{Announce, Ending, Input, Out, Progress, Session, To, Way};

/// The longest frame that is waited for as a whole, `DATA` excepted. Peers refuse more than 16 KiB
/// unless they said otherwise (RFC 9113, section 4.2); longer ones pass by.
const MAX_WHOLE: usize = 256 << 10;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct Http2Session {
    lanes: [Lane; 2],
}

/// One direction.
#[derive(Clone, Copy, Default)]
enum Lane {
    /// Nothing was read yet.
    #[default]
    Start,
    /// A frame header comes next.
    Frame,
    /// The payload of a `DATA` frame.
    Data(Flow),
    /// The payload of a frame that is too long to wait for passes by.
    Long(MessageId),
}

/// A `DATA` frame on its way.
#[derive(Clone, Copy)]
struct Flow {
    id: MessageId,
    stream: u32,
    /// Bytes of content still to come.
    left: u32,
    /// Bytes of padding after them.
    padding: u32,
    ends: bool,
}

impl Session for Http2Session {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        match *self.lane(input.direction) {
            Lane::Start => self.start(input, out),
            Lane::Frame => self.frame(input, out),
            Lane::Data(flow) => self.data(flow, input, out),
            Lane::Long(_) => Progress::GiveUp("a frame that passes by was not passed"),
        }
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, out: &mut Out<'_>) -> bool {
        self.end(way, Ending::Cut, out);
        // Nothing marks the beginning of a frame: after a hole none can be found.
        false
    }

    fn end(&mut self, way: Way, _ending: Ending, out: &mut Out<'_>) {
        let direction = way.direction;
        match *self.lane(direction) {
            Lane::Data(Flow { id, .. }) | Lane::Long(id) => out.finish(id),
            Lane::Start | Lane::Frame => {}
        }
        *self.lane(direction) = Lane::Frame;
    }

    fn passed(&mut self, way: Way, out: &mut Out<'_>) {
        let direction = way.direction;
        if let Lane::Long(id) = *self.lane(direction) {
            out.finish(id);
            *self.lane(direction) = Lane::Frame;
        }
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl Http2Session {
    fn lane(&mut self, direction: Direction) -> &mut Lane {
        let [forward, backward] = &mut self.lanes;
        match direction {
            Direction::Forward => forward,
            Direction::Backward => backward,
        }
    }

    fn start(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let seen = input.bytes.len().min(PREFACE_BYTES.len());
        if input.bytes.get(..seen) != PREFACE_BYTES.get(..seen) {
            *self.lane(input.direction) = Lane::Frame;
            return self.frame(input, out);
        }
        if seen < PREFACE_BYTES.len() {
            return Progress::Need(PREFACE_BYTES.len());
        }
        let span = out.span(input.at, seen);
        out.announce(Announce::new(Kind::Preface, span));
        *self.lane(input.direction) = Lane::Frame;
        Progress::Took(seen)
    }

    fn frame(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let Some(header) = FrameHeader::read(input.bytes) else {
            return Progress::Need(HEADER_LEN);
        };
        if header.kind == DATA && header.length > 0 {
            return self.begin_data(header, input, out);
        }
        let len = HEADER_LEN + header.length as usize;
        if len > MAX_WHOLE {
            return self.begin_long(header, input, out);
        }
        if input.bytes.len() < len {
            return Progress::Need(len);
        }
        let span = out.span(input.at, len);
        out.announce(Announce::new(Kind::Frame, span));
        if header.kind == RST_STREAM {
            out.reset_child(u64::from(header.stream));
        } else if header.ends_stream() {
            out.end_child(u64::from(header.stream), Ending::Closed);
        }
        Progress::Took(len)
    }

    fn begin_data(&mut self, header: FrameHeader, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        // The pad length is the first byte of the payload (RFC 9113, section 6.1).
        let head = HEADER_LEN + usize::from(header.is_padded());
        let padding = match (header.is_padded(), input.bytes.get(HEADER_LEN)) {
            (false, _) => 0,
            (true, Some(padding)) => u32::from(*padding),
            (true, None) => return Progress::Need(head),
        };
        let payload = header.length - u32::from(header.is_padded());
        let span = out.span(input.at, head);
        let id = out.begin(Announce::new(Kind::Frame, span));
        // More padding than payload is an error: none of it is content.
        let left = payload.saturating_sub(padding);
        let padding = payload - left;
        let (stream, ends) = (header.stream, header.ends_stream());
        self.go_on(Flow { id, stream, left, padding, ends }, input.direction, out);
        Progress::Took(head)
    }

    fn data(&mut self, mut flow: Flow, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let wanted = if flow.left > 0 { flow.left } else { flow.padding };
        let len = input.bytes.len().min(wanted as usize);
        let span = out.span(input.at, len);
        out.gather(flow.id, Role::Payload, span);
        if flow.left > 0 {
            flow.left -= len as u32;
            // Content on no stream is an error, and nobody's (RFC 9113, section 6.1).
            if flow.stream > 0 {
                out.hand_on(To::child(u64::from(flow.stream), Claim::Content), span, None);
            }
        } else {
            flow.padding -= len as u32;
        }
        self.go_on(flow, input.direction, out);
        Progress::Took(len)
    }

    /// The message is complete with the last byte of its padding.
    fn go_on(&mut self, flow: Flow, direction: Direction, out: &mut Out<'_>) {
        *self.lane(direction) = if flow.left > 0 || flow.padding > 0 {
            Lane::Data(flow)
        } else {
            out.finish(flow.id);
            if flow.ends {
                out.end_child(u64::from(flow.stream), Ending::Closed);
            }
            Lane::Frame
        };
    }

    /// Announces a frame by its header and lets its payload pass.
    fn begin_long(&mut self, header: FrameHeader, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let span = out.span(input.at, HEADER_LEN);
        let id = out.begin(Announce::new(Kind::Frame, span));
        out.collect(id, Role::Payload);
        *self.lane(input.direction) = Lane::Long(id);
        Progress::Pass(HEADER_LEN as u64 + u64::from(header.length))
    }
}
