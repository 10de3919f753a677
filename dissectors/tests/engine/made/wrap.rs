//! Wrap and Seal: protocols that carry others, on streams and in datagrams alike.
//!
//! ```text
//!   |what is inside|1 as datagrams|length 2|payload       |
//!   |what is inside|1 as datagrams|length 2|sealed        |tag 4|     Seal
//! ```

use std::sync::Arc;

use wirestage_dissectors::engine::derive::{KeyId, Opener};
use wirestage_dissectors::engine::session::{Announce, Input, Out, Progress, Session, To};
use wirestage_dissectors::field::FieldDef;
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::protocol::Claim;

use super::{Made, Number, of, unsaid};

/// Where [`WRAP`] is found.
pub(crate) const PORT: u16 = 4001;
/// Where [`SEAL`] is found.
pub(crate) const SEAL_PORT: u16 = 4002;

const HEADER_LEN: usize = 4;
const TAG: [u8; 4] = *b"true";

/// What may be inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    Say,
    Wrap,
    Seal,
    /// Nothing is claimed.
    Unknown,
    Gate,
}

impl Inside {
    pub(crate) fn claim(code: u8) -> Claim<'static> {
        match code {
            0 => Claim::Named("say"),
            1 => Claim::Named("wrap"),
            2 => Claim::Named("seal"),
            4 => Claim::Named("gate"),
            _ => Claim::Content,
        }
    }
}

pub(crate) static WRAP: Made = Made {
    def: &FieldDef::group("wrap", "Wrap"),
    claims: &[Claim::TcpPort(PORT), Claim::UdpPort(PORT)],
    probe: unsaid,
    open: |_| Box::new(Wrapping::default()),
};

pub(crate) static SEAL: Made = Made {
    def: &FieldDef::group("seal", "Seal"),
    claims: &[Claim::TcpPort(SEAL_PORT), Claim::UdpPort(SEAL_PORT)],
    probe: unsaid,
    open: |_| Box::new(Wrapping { seals: true, ..Wrapping::default() }),
};

/// One record.
pub(crate) fn wrap(inside: Inside, as_datagrams: bool, payload: &[u8]) -> Vec<u8> {
    let mut record = vec![inside as u8, u8::from(as_datagrams)];
    record.extend(u16::try_from(payload.len()).unwrap().to_be_bytes());
    record.extend_from_slice(payload);
    record
}

/// One sealed record, the `number`th of its direction.
pub(crate) fn seal(inside: Inside, as_datagrams: bool, number: u64, payload: &[u8]) -> Vec<u8> {
    let mut sealed = masked(number, payload);
    sealed.extend(TAG);
    wrap(inside, as_datagrams, &sealed)
}

/// The cipher: it is its own inverse.
pub(crate) fn masked(number: u64, bytes: &[u8]) -> Vec<u8> {
    let mask = |at: usize| (at as u8).wrapping_mul(7) ^ (number as u8).wrapping_add(0xa5);
    bytes.iter().enumerate().map(|(at, byte)| byte ^ mask(at)).collect()
}

/// The only key there is.
pub(crate) struct Key;

impl Opener for Key {
    fn open(&self, number: u64, record: &[u8], out: &mut [u8]) -> Option<usize> {
        let sealed = record.get(HEADER_LEN..)?.strip_suffix(&TAG)?;
        out[..sealed.len()].copy_from_slice(&masked(number, sealed));
        Some(sealed.len())
    }

    fn sealed_at(&self) -> Option<u32> {
        Some(HEADER_LEN as u32)
    }
}

#[derive(Clone, Default)]
struct Wrapping {
    seals: bool,
    key: Option<KeyId>,
    records: [u64; 2],
}

impl Session for Wrapping {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let Some((header, rest)) = input.bytes.split_first_chunk::<HEADER_LEN>() else {
            return Progress::Need(HEADER_LEN);
        };
        let [inside, as_datagrams, high, low] = *header;
        let len = usize::from(u16::from_be_bytes([high, low]));
        let whole = HEADER_LEN + len;
        let Some(record) = input.bytes.get(..whole).filter(|_| rest.len() >= len) else {
            return Progress::Need(whole);
        };
        let place = out.span(input.at, whole);
        out.announce(Announce::new(Number(0), place));
        let payload = if self.seals {
            let key = *self.key.get_or_insert_with(|| out.add_key(Arc::new(Key)));
            let number = of(&mut self.records, input.direction);
            *number += 1;
            match out.open(key, *number - 1, place, record) {
                Some(payload) => payload,
                None => return Progress::GiveUp("it does not open"),
            }
        } else {
            out.span(input.at + HEADER_LEN as u64, len)
        };
        let to = To::child(0, Inside::claim(inside));
        let to = if as_datagrams == 1 { to.datagrams() } else { to };
        out.hand_on(to, payload, self.seals.then_some(Protection::Application));
        Progress::Took(whole)
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
