//! Records sealed by RC4 beside a keyed hash (RFC 2246, section 6.2.3.1): its keystream goes on
//! from record to record, so that a record opens only where it is known how many bytes were sealed
//! before it. (RFC 7465 forbids RC4; old captures hold it.)
//!
//! ```text
//!   |header|  E( plaintext | MAC )  ||header|  E( plaintext | MAC )  |
//!             0 ─────── keystream ──>          n ─────── keystream ──>
//! ```

use std::sync::{Mutex, PoisonError};

use rc4::consts::U16;
use rc4::{KeyInit, Rc4, StreamCipher};

use super::super::record::HEADER_LEN;
use super::mac::Guard;
use crate::engine::derive::Opener;

/// Bytes of keystream that are passed over at a time.
const STEP: usize = 1 << 10;

/// The key of one direction.
pub(super) struct Stream {
    key: Vec<u8>,
    guard: Guard,
    known: Mutex<Known>,
}

/// How far the keystream is known: a record is mostly opened after the one before it.
struct Known {
    /// Where each record begins in it, by its number: the one at the end was not tried yet.
    starts: Vec<u64>,
    /// The cipher, and how many bytes it has put out.
    cipher: Rc4<U16>,
    at: u64,
}

impl Stream {
    pub(super) fn new(key: &[u8], guard: Guard) -> Option<Self> {
        let cipher = Rc4::new_from_slice(key).ok()?;
        let known = Mutex::new(Known { starts: vec![0], cipher, at: 0 });
        Some(Self { key: key.to_vec(), guard, known })
    }

    /// Undoes the cipher for the `number`th record; nothing where those before it were not seen.
    fn apply(&self, number: u64, bytes: &mut [u8]) -> Option<()> {
        // Nothing in here panics halfway.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let place = usize::try_from(number).ok()?;
        let start = *known.starts.get(place)?;
        let end = start + bytes.len() as u64;
        if known.starts.len() == place + 1 {
            known.starts.push(end);
        }
        if known.at > start {
            (known.cipher, known.at) = (Rc4::new_from_slice(&self.key).ok()?, 0);
        }
        let mut passed = [0; STEP];
        while known.at < start {
            let step = (start - known.at).min(STEP as u64);
            known.cipher.apply_keystream(passed.get_mut(..step as usize)?);
            known.at += step;
        }
        known.cipher.apply_keystream(bytes);
        known.at = end;
        Some(())
    }
}

impl Opener for Stream {
    fn open(&self, number: u64, record: &[u8], out: &mut [u8]) -> Option<usize> {
        let (header, sealed) = record.split_at_checked(HEADER_LEN)?;
        let plain = out.get_mut(..sealed.len())?;
        plain.copy_from_slice(sealed);
        self.apply(number, plain)?;
        let (content, tag) = plain.split_at_checked(plain.len().checked_sub(self.guard.len())?)?;
        self.guard.verifies(number, header, content, tag).then_some(content.len())
    }

    // A stream cipher keeps every byte in its place.
    fn sealed_at(&self) -> Option<u32> {
        Some(HEADER_LEN as u32)
    }
}
