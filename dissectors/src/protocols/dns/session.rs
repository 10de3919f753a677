//! Reads one conversation of DNS: cuts streams into messages, and finds the question that an
//! answer belongs to.
//!
//! ```text
//!   question 0x1a2b A example.com ──> asked: id, who, what, which message
//!   the same again               ──> Repeats the first one
//!   answer   0x1a2b A example.com ──> Answers it; once more: Repeats the first answer
//! ```

use super::kind::{Flavour, Kind};
use super::probe;
use super::wire::{Entries, Entry, Header, Question, Wire};
use crate::engine::session::{Announce, Input, Out, Progress, Session, To, Way};
use crate::ids::{Both, Direction, FrameId, MessageId, Time};
use crate::message::Relation;
use crate::protocol::{Claim, Framing};
use crate::protocols::waiting::Waiting;

/// Questions that are remembered. A resolver reuses its port and its ids; what is older than so
/// many questions was answered or given up.
const MAX_ASKED: usize = 1024;

/// How long after a question the same one is taken for a repetition: resolvers try for up to half
/// a minute. In nanoseconds.
const REPEATED_WITHIN: i64 = 30_000_000_000;

/// The stream that bytes which are no DNS are handed on by.
const OTHER: u64 = 0;

/// The state of a conversation.
#[derive(Clone)]
pub(super) struct DnsSession {
    framing: Framing,
    flavour: Flavour,
    asked: Waiting<Asked, MAX_ASKED>,
    /// Directions in which a hole hides where the next message begins.
    lost: Both<bool>,
    /// Whether a message was found.
    spoke: bool,
}

/// A question.
#[derive(Clone, Copy)]
struct Asked {
    id: u16,
    /// A hash of name, type and class.
    what: Option<u64>,
    from: Direction,
    message: MessageId,
    frame: FrameId,
    time: Time,
    /// The first answer.
    answer: Option<(MessageId, FrameId)>,
}

impl Session for DnsSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        match self.framing {
            Framing::Datagram => self.datagram(input, out),
            Framing::Stream => self.stream(input, out),
        }
    }

    /// A message that lost its end is told as far as it is there; other bytes are shown.
    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        let message = input.bytes.get(prefix_len()..).unwrap_or(&[]);
        match probe::header(message) {
            Some(header) => self.announce(Kind::Prefixed, prefix_len(), header, input, out),
            None => hand_on(input, out),
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

impl DnsSession {
    /// A conversation that begins.
    pub(super) const fn new(framing: Framing, flavour: Flavour) -> Self {
        Self { framing, flavour, asked: Waiting::new(), lost: Both::each(false), spoke: false }
    }

    fn datagram(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let len = input.bytes.len();
        match probe::header(input.bytes) {
            Some(header) => self.announce(Kind::Plain, 0, header, input, out),
            // Whatever it is, the port alone does not make it DNS.
            None if len > 0 => hand_on(input, out),
            None => {}
        }
        Progress::Took(len.max(1))
    }

    fn stream(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if *self.lost.of(input.direction) {
            // Only a segment that begins with a whole message shows where one begins.
            if probe::probe(input.bytes, Framing::Stream, self.flavour) < self.sure_enough() {
                return Progress::Took(input.bytes.len());
            }
            self.lost = Both::each(false);
        }
        let Some((prefix, rest)) = input.bytes.split_first_chunk::<2>() else {
            return Progress::Need(prefix_len());
        };
        let total = prefix_len() + usize::from(u16::from_be_bytes(*prefix));
        if total < FIRST {
            return self.other("a message of DNS is not shorter than its header");
        }
        if input.bytes.len() < FIRST {
            return Progress::Need(FIRST);
        }
        let Some(header) = probe::header(rest) else {
            return self.other("these bytes are no message of DNS");
        };
        if input.bytes.len() < total {
            return Progress::Need(total);
        }
        let bytes = input.bytes.get(..total).unwrap_or(input.bytes);
        self.announce(Kind::Prefixed, prefix_len(), header, Input { bytes, ..input }, out);
        Progress::Took(total)
    }

    /// What a stream carries is no DNS: from the beginning, or from here on.
    fn other(&self, why: &'static str) -> Progress {
        if self.spoke { Progress::GiveUp(why) } else { Progress::Switch(Claim::Named("data")) }
    }

    /// How sure the bytes behind a hole have to be.
    const fn sure_enough(&self) -> crate::protocol::Likelihood {
        match self.flavour {
            Flavour::Dns => crate::protocol::Likelihood::Surely,
            Flavour::Mdns | Flavour::Llmnr => crate::protocol::Likelihood::Perhaps,
        }
    }

    /// Announces a message that is there, and says what it has to do with earlier ones.
    fn announce(
        &mut self,
        kind: Kind,
        skip: usize,
        header: Header,
        input: Input<'_>,
        out: &mut Out<'_>,
    ) {
        let bytes = input.bytes.get(skip..).unwrap_or(&[]);
        let span = out.span(input.at, input.bytes.len());
        // Whoever is asked by multicast answers from an address of its own, and mDNS numbers
        // nothing (RFC 6762, section 18.1).
        let what = question(bytes, header).map(|question| fingerprint(&question));
        self.spoke = true;
        let flavour = self.flavour;
        let known = match flavour {
            Flavour::Mdns => None,
            Flavour::Dns | Flavour::Llmnr => self.find(header, what, input),
        };
        let (relation, earlier, frame) = match &known {
            Some(asked) if !header.is_response() => {
                (Some(Relation::Repeats), asked.message, Some(asked.frame))
            }
            Some(Asked { answer: Some((message, frame)), .. }) => {
                (Some(Relation::Repeats), *message, Some(*frame))
            }
            Some(asked) => (Some(Relation::Answers), asked.message, Some(asked.frame)),
            None => (None, MessageId::NONE, None),
        };
        let kind = if relation == Some(Relation::Repeats) { kind.again() } else { kind };
        let message = out.announce(Announce::new(kind, span).extra(frame));
        if let Some(relation) = relation {
            out.relate(message, relation, earlier);
        }
        match known {
            Some(asked) if relation == Some(Relation::Answers) => {
                asked.answer = Some((message, input.frame));
            }
            None if !header.is_response() && flavour != Flavour::Mdns => {
                self.asked.push(Asked {
                    id: header.id,
                    what,
                    from: input.direction,
                    message,
                    frame: input.frame,
                    time: input.time,
                    answer: None,
                });
            }
            _ => {}
        }
    }

    /// The question that a message repeats or answers: the latest of its kind.
    fn find(&mut self, header: Header, what: Option<u64>, input: Input<'_>) -> Option<&mut Asked> {
        self.asked.last(|asked| {
            if asked.id != header.id {
                return false;
            }
            if header.is_response() {
                // Some errors come without the question.
                asked.from != input.direction && (what.is_none() || asked.what == what)
            } else {
                asked.from == input.direction
                    && asked.what == what
                    && asked.answer.is_none()
                    && input.time.since(asked.time) < REPEATED_WITHIN
            }
        })
    }
}

/// Shows bytes that are no DNS as they are.
fn hand_on(input: Input<'_>, out: &mut Out<'_>) {
    let span = out.span(input.at, input.bytes.len());
    out.hand_on(To::child(OTHER, Claim::Named("data")).datagrams(), span, None);
}

/// Bytes of a length and a header.
const FIRST: usize = prefix_len() + super::wire::HEADER;

/// Bytes of the length before a message in a stream (RFC 1035, section 4.2.2).
const fn prefix_len() -> usize {
    2
}

fn question(bytes: &[u8], header: Header) -> Option<Question<'_>> {
    match Entries::new(Wire::of(bytes), header).next()? {
        (_, Ok(Entry::Question(question))) => Some(question),
        _ => None,
    }
}

/// A number that two questions share only if they ask for the same (FNV-1a of 64 bits). Letters
/// count as equal in both cases (RFC 4343), and the top bit of the class is none of it.
fn fingerprint(question: &Question<'_>) -> u64 {
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |byte: u8| sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for label in question.name.labels() {
        label.iter().for_each(|byte| add(byte.to_ascii_lowercase()));
        add(0);
    }
    let [kind, class] =
        [question.kind, question.class].map(|number| number.map_or(0, |(value, _)| value));
    kind.to_be_bytes().into_iter().chain((class & 0x7fff).to_be_bytes()).for_each(add);
    sum
}
