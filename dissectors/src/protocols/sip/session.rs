//! Reads the messages of a flow, finds the request that a response answers, and hands bodies on.

use super::Kind;
use super::head::{self, Head, MAX_HEAD, Start};
use crate::engine::session::{Announce, Input, Out, Progress, Session, To, Way};
use crate::ids::{Both, Direction, FrameId, MessageId, ProtocolId};
use crate::message::Relation;
use crate::protocol::{Claim, Framing};
use crate::protocols::waiting::Waiting;
use crate::span::Span;

/// The longest body that is waited for on a stream. Pictures travel by SIP, films do not.
const MAX_BODY: usize = 1 << 18;

/// Requests that are remembered; past it the oldest is taken to be over.
const MAX_ASKED: usize = 256;

/// The longest media type that is compared with the registry.
const MAX_MEDIA_TYPE: usize = 129;

/// The state of a flow.
#[derive(Clone, Default)]
pub(super) struct SipSession {
    asked: Waiting<Asked, MAX_ASKED>,
    /// Protocols that bodies went to: the place of each is the number of its layer.
    contents: Vec<ProtocolId>,
    /// Directions in which a hole hides where the next message begins.
    lost: Both<bool>,
    /// Where a head begins that goes on, and where in it a line begins that does.
    waits: Both<(u64, usize)>,
}

/// A request.
#[derive(Clone, Copy)]
struct Asked {
    /// Which call and which request of it, as a hash.
    transaction: u64,
    from: Direction,
    id: MessageId,
    frame: FrameId,
}

impl Session for SipSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let blank = input.bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n' | 0)).count();
        if blank > 0 && (blank == input.bytes.len() || input.framing == Framing::Stream) {
            let span = out.span(input.at, blank);
            out.announce(Announce::new(Kind::KeepAlive, span));
            return Progress::Took(blank);
        }
        let lost = self.lost.of_mut(input.direction);
        if *lost {
            // Only a segment that begins with a message shows where one begins.
            *lost = Head::read(input.bytes).is_none();
            if *lost {
                return other(input, out);
            }
        }
        if input.framing == Framing::Datagram {
            match Head::read(input.bytes) {
                Some(head) => self.message(&head, input.bytes.len(), input, out),
                None => return other(input, out),
            }
            return Progress::Took(input.bytes.len().max(1));
        }
        let waits = self.waits.of_mut(input.direction);
        let from = if waits.0 == input.at { waits.1 } else { 0 };
        let body = match head::end(input.bytes, from) {
            Ok(body) => body,
            Err(from) if input.bytes.len() < MAX_HEAD => {
                *waits = (input.at, from);
                return Progress::Need(input.bytes.len() + 1);
            }
            Err(_) => return self.lose(input, out),
        };
        let Some(head) = Head::read(input.bytes) else { return self.lose(input, out) };
        let len = body.saturating_add(head.content_length(input.bytes).unwrap_or(0));
        if len - body > MAX_BODY {
            return self.lose(input, out);
        }
        if input.bytes.len() < len {
            return Progress::Need(len);
        }
        self.message(&head, len, input, out);
        Progress::Took(len)
    }

    /// A message that lost its end is told as far as it is there.
    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        match Head::read(input.bytes) {
            Some(head) => self.message(&head, input.bytes.len(), input, out),
            None => {
                other(input, out);
            }
        }
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, _out: &mut Out<'_>) -> bool {
        *self.lost.of_mut(way.direction) = true;
        true
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl SipSession {
    /// Bytes that are no message: on a stream nobody knows where the next one begins.
    fn lose(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        *self.lost.of_mut(input.direction) = true;
        other(input, out)
    }

    fn message(&mut self, head: &Head, len: usize, input: Input<'_>, out: &mut Out<'_>) {
        let bytes = input.bytes.get(..len).unwrap_or(input.bytes);
        let span = out.span(input.at, bytes.len());
        let transaction = transaction(head, bytes);
        let (from, frame) = (input.direction, input.frame);
        let is_request = matches!(head.start, Start::Request(..));
        let fits =
            |one: &Asked| Some(one.transaction) == transaction && (one.from == from) == is_request;
        let earlier = self.asked.last(fits).copied();
        let kind = if is_request && earlier.is_some() { Kind::Again } else { Kind::Message };
        let extra = earlier.map(|asked| asked.frame);
        let id = out.announce(Announce::new(kind, span).extra(extra));
        if let Some(asked) = earlier {
            let relation = if is_request { Relation::Repeats } else { Relation::Answers };
            out.relate(id, relation, asked.id);
        } else if let (Some(transaction), true) = (transaction, is_request) {
            self.asked.push(Asked { transaction, from, id, frame });
        }
        self.hand_on(head, bytes, span, out);
    }

    /// Hands a body on to whoever lays claim to its media type.
    fn hand_on(&mut self, head: &Head, bytes: &[u8], span: Span, out: &mut Out<'_>) {
        let Some(kind) = head.content_type(bytes) else { return };
        let kind = kind.get(..MAX_MEDIA_TYPE).unwrap_or(kind).to_ascii_lowercase();
        let kind = std::str::from_utf8(&kind).unwrap_or("");
        let Some(protocol) = out.claimed(Claim::ContentType(kind)) else { return };
        let said = head.content_length(bytes).unwrap_or(usize::MAX);
        let len = bytes.len().saturating_sub(head.body).min(said);
        if len == 0 {
            return;
        }
        let known = self.contents.iter().position(|one| *one == protocol);
        let child = known.unwrap_or_else(|| {
            self.contents.push(protocol);
            self.contents.len() - 1
        });
        let to = To::child(child as u64, Claim::Protocol(protocol)).datagrams();
        out.hand_on(to, span.part(head.body, len), None);
    }
}

/// What a request and its responses have in common (RFC 3261, sections 8.1.1.4, 8.1.1.5 and
/// 17.1.3): the call, the number and method of the request, and the branch of whoever sent it.
fn transaction(head: &Head, bytes: &[u8]) -> Option<u64> {
    let [call, number] = ["Call-ID", "CSeq"].map(|name| head.value(bytes, name));
    let branch = head.value(bytes, "Via").and_then(branch).unwrap_or(&[]);
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    for part in [call?, number?, branch] {
        for byte in part.iter().chain(&[0]) {
            sum = (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    Some(sum)
}

/// The branch of a Via.
fn branch(via: &[u8]) -> Option<&[u8]> {
    let first = via.split(|byte| *byte == b',').next()?;
    let parameters = first.split(|byte| *byte == b';').skip(1).map(<[u8]>::trim_ascii);
    parameters.filter_map(|one| one.strip_prefix(b"branch=")).next()
}

/// Bytes that are no message.
fn other(input: Input<'_>, out: &mut Out<'_>) -> Progress {
    let span = out.span(input.at, input.bytes.len());
    out.announce(Announce::new(Kind::Other, span));
    Progress::Took(input.bytes.len().max(1))
}
