//! Hush: datagrams that bear no name. Only who has the key can tell whose one is.
//!
//! ```text
//!   |'O'|key|                                    opens a connection
//!   |0x80 and number, masked|text, masked|tag 2| everything after that
//! ```

use std::sync::Arc;

use wirestage_dissectors::engine::derive::{KeyId, Opener, Openers};
use wirestage_dissectors::engine::session::{Announce, Input, Out, Progress, Session};
use wirestage_dissectors::field::{FieldDef, FieldId};
use wirestage_dissectors::ids::Direction;
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::protocol::{Bears, Claim, Facts, Likelihood, Protocol};

use super::Number;

/// Where it is found.
pub(crate) const PORT: u16 = 4011;

static DEF: &FieldDef = &FieldDef::group("hush", "Hush");

/// The protocol.
pub(crate) struct Hush;

impl Protocol for Hush {
    fn heading(&self) -> FieldId {
        FieldId::heading(DEF)
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(PORT)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        &[]
    }

    fn open(&self, _: &Facts<'_>) -> Option<Box<dyn Session>> {
        Some(Box::new(Hushed(None)))
    }

    fn has_names(&self) -> bool {
        true
    }

    fn bears<'a>(&self, datagram: &'a [u8], _: &dyn Fn(&[u8]) -> bool) -> Bears<'a> {
        if datagram.first() == Some(&b'O') { Bears::Opening(datagram) } else { Bears::Sealed }
    }
}

/// A datagram under a key.
pub(crate) fn hush(key: u8, number: u8, text: &[u8]) -> Vec<u8> {
    let mut sealed = vec![0x80 | (number ^ key) & 0x7f];
    sealed.extend(text.iter().map(|byte| byte ^ key ^ number));
    sealed.extend([key, number]);
    sealed
}

struct Key(u8);

impl Opener for Key {
    /// Takes the number from the header, and puts out the header as it was, and the text.
    fn open(&self, _: u64, record: &[u8], out: &mut [u8]) -> Option<usize> {
        let [header, masked @ .., key, tag] = record else { return None };
        let number = (header ^ self.0) & 0x7f;
        if (*key, *tag) != (self.0, number) {
            return None;
        }
        let plain = masked.iter().map(|byte| byte ^ self.0 ^ number);
        out.iter_mut()
            .zip([0x80 | number].into_iter().chain(plain))
            .for_each(|(to, from)| *to = from);
        Some(1 + masked.len())
    }

    fn sealed_at(&self) -> Option<u32> {
        Some(0)
    }
}

#[derive(Clone)]
struct Hushed(Option<KeyId>);

impl Session for Hushed {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let place = out.span(input.at, input.bytes.len());
        if let [b'O', key] = input.bytes {
            self.0 = Some(out.add_key(Arc::new(Key(*key))));
            out.announce(Announce::new(Number(0), place));
        } else {
            let open = self.0.and_then(|key| out.open(key, 0, place, input.bytes));
            let how = if open.is_some() { Protection::Application } else { Protection::Opaque };
            out.announce(Announce::new(Number(0), open.unwrap_or(place)).protection(how));
        }
        Progress::Took(input.bytes.len())
    }

    fn opens(&self, _: Direction, datagram: &[u8], keys: &Openers) -> Likelihood {
        let key = self.0.and_then(|key| keys.get(key));
        let opens =
            |key: &Arc<dyn Opener>| key.open(0, datagram, &mut vec![0; datagram.len()]).is_some();
        if key.is_some_and(opens) { Likelihood::Surely } else { Likelihood::No }
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}
