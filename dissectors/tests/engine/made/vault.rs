//! Vault: sealed messages whose key may come later, from either side.
//!
//! ```text
//!   |'S' or 'K'|0|length 2|sealed|tag 4|      S: sealed; what is inside is for `say`
//!   |'K'       |0|length 2|text        |      K: the key for all that came and comes
//! ```

use std::sync::Arc;

use wirestage_dissectors::engine::derive::KeyId;
use wirestage_dissectors::engine::session::{Announce, Input, Out, Progress, Session, To};
use wirestage_dissectors::field::FieldDef;
use wirestage_dissectors::ids::MessageId;
use wirestage_dissectors::message::{MessagePart, Protection};
use wirestage_dissectors::protocol::Claim;
use wirestage_dissectors::span::Span;

use super::wrap::{Key, masked};
use super::{Made, Number, of, unsaid};

/// Where it is found.
pub(crate) const PORT: u16 = 4005;

pub(crate) static VAULT: Made = Made {
    def: &FieldDef::group("vault", "Vault"),
    claims: &[Claim::TcpPort(PORT), Claim::UdpPort(PORT)],
    probe: unsaid,
    open: |_| Box::new(Vault::default()),
};

/// The kind of a message that brings the key.
pub(crate) const KEY: u8 = 5;

fn record(code: u8, payload: &[u8]) -> Vec<u8> {
    let mut record = vec![code, 0];
    record.extend(u16::try_from(payload.len()).unwrap().to_be_bytes());
    record.extend_from_slice(payload);
    record
}

/// A sealed record, the `number`th of its direction.
pub(crate) fn sealed(number: u64, text: &[u8]) -> Vec<u8> {
    record(b'S', &[&masked(number, text)[..], b"true"].concat())
}

/// A record that brings the key.
pub(crate) fn key() -> Vec<u8> {
    record(b'K', b"key")
}

#[derive(Clone, Default)]
struct Vault {
    key: Option<KeyId>,
    records: [u64; 2],
    /// Messages that wait, with their numbers and places.
    waiting: Vec<(MessageId, u64, Span)>,
}

impl Vault {
    /// Completes an open message with what is inside.
    fn open(key: KeyId, id: MessageId, number: u64, place: Span, out: &mut Out<'_>) {
        let record = out.bytes(place).to_vec();
        if let Some(span) = out.open(key, number, place, &record) {
            out.attachment(id).parts.push(MessagePart::new(Number(1), span));
            out.hand_on(To::child(0, Claim::Named("say")), span, Some(Protection::Application));
        }
        out.finish(id);
    }
}

impl Session for Vault {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let Some((header, rest)) = input.bytes.split_first_chunk::<4>() else {
            return Progress::Need(4);
        };
        let [code, _, high, low] = *header;
        let len = usize::from(u16::from_be_bytes([high, low]));
        if rest.len() < len {
            return Progress::Need(4 + len);
        }
        let place = out.span(input.at, 4 + len);
        if code == b'K' {
            out.announce(Announce::new(Number(KEY), place));
            let key = *self.key.get_or_insert_with(|| out.add_key(Arc::new(Key)));
            for (id, number, place) in self.waiting.drain(..) {
                if out.resume(id, Protection::Application) {
                    Self::open(key, id, number, place, out);
                }
            }
        } else {
            let number = of(&mut self.records, input.direction);
            *number += 1;
            let sealed = Announce::new(Number(0), place).protection(Protection::Opaque);
            match self.key {
                Some(key) => {
                    let open = sealed.protection(Protection::Application);
                    let id = out.begin(open);
                    Self::open(key, id, *number - 1, place, out);
                }
                None => {
                    let id = out.begin(sealed);
                    if out.park(id) {
                        self.waiting.push((id, *number - 1, place));
                    } else {
                        out.finish(id);
                    }
                }
            }
        }
        Progress::Took(4 + len)
    }

    fn holds(&self) -> Vec<Span> {
        self.waiting.iter().map(|(_, _, place)| *place).collect()
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
