//! Where messages of NATS end, and which belong together: who asks names a subject on which it
//! waits, and what is published there is the answer.

use super::Kind;
use super::line::{self, Op};
use crate::claim::Claim;
use crate::ids::{Direction, FrameId};
use crate::protocols::datagrams::fingerprint;
use crate::protocols::framed::{Grammar, Measure, Seen, Ties};
use crate::protocols::lines;

/// The key of pings. A subject's is a number made of its letters.
const PING: u64 = 0;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct Nats {
    /// The server has greeted: TLS may follow.
    greeted: bool,
}

impl Grammar for Nats {
    type Kind = Kind;

    fn measure(&mut self, _from: Direction, bytes: &[u8]) -> Measure {
        if self.greeted && bytes.first() == Some(&22) && lines::is_tls(bytes) {
            return Measure::Switch(Claim::Named("tls"));
        }
        match line::read(bytes) {
            Some(line) => Measure::Whole(line.whole(bytes)),
            None if line::may_go_on(bytes) => Measure::Need(bytes.len() + 1),
            None if self.greeted && matches!(bytes, [22] | [22, 3] | [22, 3, _]) => {
                Measure::Need(bytes.len() + 1)
            }
            None => Measure::Nothing,
        }
    }

    fn accept(&mut self, _from: Direction, bytes: &[u8]) -> Seen<Kind> {
        let Some(line) = line::read(bytes) else {
            return Seen { kind: Kind::Line, extra: None, ties: Ties::ALONE };
        };
        self.greeted |= line.op == Op::Info;
        let key = |range| bytes.get(range).map(fingerprint);
        let ties = match line.op {
            Op::Ping => Ties::asks(PING),
            Op::Pong => Ties::answers(PING),
            // More than one may answer, from as many services as heard the question.
            Op::Pub | Op::HPub | Op::Msg | Op::HMsg => Ties {
                answers: key(line.subject),
                goes_on: true,
                asks: key(line.reply.clone()).filter(|_| !line.reply.is_empty()),
            },
            _ => Ties::ALONE,
        };
        Seen { kind: Kind::Line, extra: None, ties }
    }

    fn goes_by_order(key: u64) -> bool {
        key == PING
    }

    fn begins(&self, _from: Direction, bytes: &[u8]) -> bool {
        line::read(bytes).is_some()
    }

    fn answered(_extra: Option<FrameId>, asked: FrameId) -> Option<FrameId> {
        Some(asked)
    }
}
