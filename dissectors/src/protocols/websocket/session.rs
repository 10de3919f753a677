//! Reads the frames of both sides: each is announced as it is, and with the last one of a message
//! all of it, unmasked and unpacked.

use super::frame::{CLOSE, CONTINUATION, FrameHeader, unmask};
use super::{Kind, Note, Role, Spoken};
use crate::engine::inflate::Inflater;
use crate::engine::session::{Announce, Input, Out, Progress, Session, To, Way};
use crate::ids::{Both, Direction, MessageId};
use crate::limits::{MAX_COLLECTED, MAX_COLLECTED_PIECES};
use crate::message::MessagePart;
use crate::protocols::semantics::Call;
use crate::span::{Piece, Span};

/// The longest frame that is waited for as a whole; longer ones pass by.
const MAX_WHOLE: u64 = 512 << 10;

/// The layer inside, for what is spoken there and read by who knows it.
const INSIDE: u64 = 0;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct WebSocketSession {
    sides: Both<Side>,
    /// The stream that carries it, where HTTP has streams.
    call: Option<Call>,
    /// What is spoken inside, once that was looked for.
    spoken: Option<Spoken>,
}

/// What one side sends.
#[derive(Clone, Default)]
struct Side {
    /// The opcode of the message that goes on, and whether it is packed; 0 for none.
    opcode: u8,
    packed: bool,
    /// Its payloads so far.
    pieces: Vec<Piece>,
    size: u64,
    /// Whether some of it is not among them.
    holed: bool,
    /// What packed messages may point back into (RFC 7692, section 7.1.1).
    inflater: Inflater,
    /// A frame that passes by.
    passing: Option<MessageId>,
    /// What is packed cannot be unpacked: some of what came before is missing.
    lost: bool,
    /// Whether it has sent a Close.
    closed: bool,
}

impl Session for WebSocketSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let header = match FrameHeader::read(input.bytes) {
            Ok(header) => header,
            Err(needed) => return Progress::Need(needed),
        };
        let spoken = *self.spoken.get_or_insert_with(|| Spoken::agreed(self.call.as_ref(), out));
        let side = self.side(input.direction);
        if header.length > MAX_WHOLE {
            return side.begin_long(header, spoken, input, out);
        }
        let len = header.header + header.length as usize;
        let Some(payload) = input.bytes.get(header.header..len) else {
            return Progress::Need(len);
        };
        let span = out.span(input.at, len);
        let opcode = side.opcode_of(header);
        let answers = opcode == CLOSE && self.closes(input.direction);
        let note = Note { opcode, answers, spoken };
        let id = out.announce(Announce::new(Kind::Frame, span).extra(note));
        let side = self.side(input.direction);
        let mut place = span.from(header.header);
        if let Some(key) = header.key
            && let Some(unmasked) = out.make_of(place, |arena| {
                unmask(key, payload, arena);
                true
            })
        {
            place = unmasked;
            out.attachment(id).parts.push(MessagePart::new(Role::Payload, place));
        }
        if !header.is_control() {
            let said = side.message(header, (place, id), out);
            if let (Some(claim), Some(said)) = (spoken.claim(), said) {
                // What is spoken there heeds no bounds of frames.
                out.hand_on(To::child(INSIDE, claim).agreed(), said, None);
            }
        }
        Progress::Took(len)
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, out: &mut Out<'_>) -> bool {
        *self.side(way.direction) = Side { lost: true, ..Side::default() };
        if self.spoken.is_some_and(|spoken| spoken.claim().is_some()) {
            out.lose(INSIDE, 0, None);
        }
        // Nothing marks the beginning of a frame.
        false
    }

    fn passed(&mut self, way: Way, out: &mut Out<'_>) {
        if let Some(id) = self.side(way.direction).passing.take() {
            out.finish(id);
        }
    }

    fn holds(&self) -> Vec<Span> {
        self.sides.iter().flat_map(|side| &side.pieces).copied().collect()
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl WebSocketSession {
    /// A connection that begins, on a stream of HTTP where it has one.
    pub(super) fn new(call: Option<&Call>) -> Self {
        Self { call: call.cloned(), ..Self::default() }
    }

    fn side(&mut self, direction: Direction) -> &mut Side {
        self.sides.of_mut(direction)
    }

    /// A side sends a Close. Says whether the other one had done so before.
    fn closes(&mut self, direction: Direction) -> bool {
        self.side(direction).closed = true;
        self.side(direction.reverse()).closed
    }
}

impl Side {
    /// What a frame is part of: itself, or the message that it goes on with.
    fn opcode_of(&self, header: FrameHeader) -> u8 {
        if header.opcode == CONTINUATION { self.opcode } else { header.opcode }
    }

    /// Adds a frame to its message, which may end with it. Gives what it says as it is meant: its
    /// payload, or where messages are packed all of one that ends.
    fn message(
        &mut self,
        header: FrameHeader,
        (place, id): (Span, MessageId),
        out: &mut Out<'_>,
    ) -> Option<Span> {
        if header.opcode != CONTINUATION {
            (self.opcode, self.packed) = (header.opcode, header.packed);
            (self.size, self.holed) = (0, false);
            self.pieces.clear();
        }
        let is_single = header.opcode != CONTINUATION && header.fin;
        self.size += u64::from(place.len);
        if self.size <= MAX_COLLECTED && self.pieces.len() < MAX_COLLECTED_PIECES {
            self.pieces.push(place);
        } else {
            self.holed = true;
        }
        let own = (!self.packed && place.len > 0).then_some(place);
        if !header.fin {
            return own;
        }
        let pieces = std::mem::take(&mut self.pieces);
        self.opcode = CONTINUATION;
        if self.holed {
            self.lost |= self.packed;
            return own;
        }
        let joined = out.join(&pieces);
        if self.packed && !self.lost {
            return self.unpack(joined, id, out);
        }
        if !is_single {
            out.attachment(id).parts.push(MessagePart::new(Role::Whole, joined));
        }
        own
    }

    /// Unpacks a message (RFC 7692, section 7.2.2).
    fn unpack(&mut self, packed: Span, id: MessageId, out: &mut Out<'_>) -> Option<Span> {
        let coded = [out.bytes(packed), &[0, 0, 0xff, 0xff]].concat();
        let inflater = &mut self.inflater;
        let mut is_sound = true;
        let unpacked = out.make_of(packed, |arena| {
            is_sound = inflater.inflate(&coded, arena);
            true
        });
        self.lost |= !is_sound;
        if let Some(unpacked) = unpacked {
            out.attachment(id).parts.push(MessagePart::new(Role::Unpacked, unpacked));
        }
        unpacked.filter(|_| is_sound)
    }

    /// Announces a frame by its header and lets its payload pass.
    fn begin_long(
        &mut self,
        header: FrameHeader,
        spoken: Spoken,
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> Progress {
        let span = out.span(input.at, header.header);
        let opcode = self.opcode_of(header);
        let note = Note { opcode, answers: false, spoken };
        if spoken.claim().is_some() {
            out.lose(INSIDE, 0, Some(header.length));
        }
        let id = out.begin(Announce::new(Kind::Frame, span).extra(note));
        out.collect(id, Role::Passed);
        if !header.is_control() {
            (self.opcode, self.holed) = (opcode, true);
            self.pieces.clear();
            self.lost |= header.packed || self.packed;
        }
        self.passing = Some(id);
        Progress::Pass(header.length.saturating_add(header.header as u64))
    }
}
