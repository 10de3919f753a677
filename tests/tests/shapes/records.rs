//! The records of TLS (RFC 8446, section 5): five bytes that anyone can read, and what they hold.

use super::http::{Exchange, Message};
use super::wire::{Stream, Wire};

/// A record that holds a handshake in the clear.
const HANDSHAKE: u8 = 22;
/// A record whose content is sealed, in TLS 1.3.
const SEALED: u8 = 23;
/// What sealing adds to what was written: the true type, and the tag of each cipher suite here.
const ADDED: usize = 1 + 16;

/// One record: where its header begins, and how long its content is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    kind: u8,
    start: usize,
    length: usize,
}

impl Record {
    /// Whether nobody but both ends can read it.
    pub(crate) fn is_sealed(self) -> bool {
        self.kind == SEALED
    }

    /// Where it ends.
    pub(crate) fn end(self) -> usize {
        self.start + 5 + self.length
    }

    /// The frames of its first and its last byte.
    pub(crate) fn frames(self, stream: &Stream) -> (usize, usize) {
        (stream.frame(self.start), stream.frame(self.end() - 1))
    }
}

/// The records of a stream; none where it is not TLS.
pub(crate) fn records(stream: &Stream) -> Vec<Record> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some([kind @ 20..=23, 3, _, high, low]) = stream.bytes.get(start..start + 5) {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let record = Record { kind: *kind, start, length };
        start = record.end();
        found.push(record);
    }
    found
}

impl Wire {
    /// The round trip of each TLS handshake: the ClientHello, and the first bytes of its answer.
    pub(crate) fn handshakes(&self) -> Vec<(usize, usize)> {
        let handshake = |connection: usize| {
            let [asks, answers] = [0, 1].map(|end| self.stream(connection, end));
            let hello = *records(&asks).first()?;
            assert_eq!(hello.kind, HANDSHAKE);
            let answer = *records(&answers).first()?;
            Some((hello.frames(&asks).1, answer.frames(&answers).0))
        };
        (0..self.connections.len()).filter_map(handshake).collect()
    }

    /// What was asked and answered under keys: each is a record by itself, known by its length,
    /// which sealing does not hide. Given are the lengths of question, answer, and its body.
    pub(crate) fn sealed(&self, lengths: &[(usize, usize, usize)]) -> Vec<Exchange> {
        let mut found = Vec::new();
        for connection in 0..self.connections.len() {
            let streams = [0, 1].map(|end| self.stream(connection, end));
            let [asks, answers] = [0, 1].map(|end| {
                let all = records(&streams[end]).into_iter();
                all.filter(|record| record.is_sealed()).collect::<Vec<_>>()
            });
            let mut asks = asks.into_iter();
            for answer in answers {
                let is_it = |(_, one, _): &&(usize, usize, usize)| answer.length == one + ADDED;
                let Some((asked, _, body)) = lengths.iter().find(is_it) else { continue };
                let question = asks.find(|record| record.length == asked + ADDED);
                let question = question.expect("an answer has a question").frames(&streams[0]);
                let answer = answer.frames(&streams[1]);
                found.push(Exchange {
                    question: Message::sealed((connection, 0), question, 0),
                    answer: Message::sealed((connection, 1), answer, *body),
                    asked: question.1,
                });
            }
        }
        found
    }
}
