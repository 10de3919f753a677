//! Dict: texts, some of which go into a table and are named by number later.
//!
//! ```text
//!   |'L' or 'H'|length|text|      a text, as it is or in the Huffman code
//!   |'I' or 'J'|length|text|      the same, and it goes into the table, which holds the last three
//!   |'R'|number|                  the text that went into it as the one of that number, from 0 on
//!   |'F'|number|                  one of two texts that always stand in it
//! ```

use std::collections::VecDeque;

use wirestage_dissectors::engine::derive::Coding;
use wirestage_dissectors::engine::session::{Announce, Input, Out, Progress, Session};
use wirestage_dissectors::engine::value::Value;
use wirestage_dissectors::field::FieldDef;
use wirestage_dissectors::ids::MessageId;
use wirestage_dissectors::message::MessagePart;
use wirestage_dissectors::protocol::Claim;
use wirestage_dissectors::span::Span;

use super::{CUT, Made, Number, Said, unsaid};

/// Where it is found.
pub(crate) const PORT: u16 = 4009;

/// How many texts the table holds.
const HELD: usize = 3;

const ALWAYS: [&[u8]; 2] = [b"content-type", b"accept"];

/// A name of what is not in the table yet: its text is a part of the message.
pub(crate) const LATE: u8 = 4;

pub(crate) static DICT: Made = Made {
    def: &FieldDef::group("dict", "Dict"),
    claims: &[Claim::TcpPort(PORT), Claim::UdpPort(PORT)],
    probe: unsaid,
    open: |_| Box::new(Dict::default()),
};

/// One record with a text.
pub(crate) fn dict(code: u8, text: &[u8]) -> Vec<u8> {
    let mut record = vec![code, u8::try_from(text.len()).unwrap()];
    record.extend_from_slice(text);
    record
}

#[derive(Clone, Default)]
struct Dict {
    table: VecDeque<Value>,
    inserted: usize,
    blocked: Vec<(usize, MessageId)>,
}

impl Dict {
    fn get(&self, number: usize) -> Option<&Value> {
        let gone = self.inserted - self.table.len();
        self.table.get(number.checked_sub(gone)?)
    }

    fn insert(&mut self, value: Value, out: &mut Out<'_>) {
        self.table.push_back(value);
        self.inserted += 1;
        if self.table.len() > HELD {
            self.table.pop_front();
        }
        let protection = out.protection();
        for (number, id) in std::mem::take(&mut self.blocked) {
            let Some(value) = self.get(number) else {
                self.blocked.push((number, id));
                continue;
            };
            if out.resume(id, protection) {
                let span = out.recall(value);
                out.attachment(id).parts.push(MessagePart::new(Number(1), span));
                out.attachment(id).keep(Said(value.bytes().to_vec()));
                out.finish(id);
            }
        }
    }
}

impl Session for Dict {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let &[code, number, ..] = input.bytes else { return Progress::Need(2) };
        let number = usize::from(number);
        let place = out.span(input.at, 2);
        let plain = |span: Span| Announce::new(Number(0), span);
        match code {
            b'F' => {
                let span = out.fixed(ALWAYS[number], place);
                out.announce(plain(span));
                return Progress::Took(2);
            }
            b'R' => {
                match self.get(number) {
                    Some(value) => {
                        let span = out.recall(value);
                        out.announce(plain(span));
                    }
                    None if number < self.inserted => {
                        out.announce(Announce::new(Number(CUT), place));
                    }
                    None => {
                        let id = out.begin(Announce::new(Number(LATE), place));
                        assert!(out.park(id));
                        self.blocked.push((number, id));
                    }
                }
                return Progress::Took(2);
            }
            _ => {}
        }
        if input.bytes.len() < 2 + number {
            return Progress::Need(2 + number);
        }
        let text = out.span(input.at + 2, number);
        let is_coded = matches!(code, b'H' | b'J');
        let text = if is_coded { out.decode(Coding::Huffman, text) } else { text };
        out.announce(plain(text));
        if matches!(code, b'I' | b'J') {
            let value = out.keep(text);
            self.insert(value, out);
        }
        Progress::Took(2 + number)
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
