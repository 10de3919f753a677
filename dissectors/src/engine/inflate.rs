//! Inflating with context carried over: each message may point back into those before it
//! (RFC 7692, section 7.1.1, "permessage-deflate" with context takeover; SPDY's headers).

use std::fmt;
use std::sync::Arc;

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};

use crate::limits::MAX_DECODED;

/// Bytes that are put out at a time.
const STEP: usize = 1 << 14;

/// An inflater of bare DEFLATE (RFC 1951) that remembers what it put out. It can be cloned at the
/// price of a pointer: its window of 32 KiB is copied when a clone goes on.
#[derive(Clone, Default)]
pub struct Inflater {
    /// Nothing before the first byte.
    state: Option<Arc<InflateState>>,
}

impl Inflater {
    /// Inflates what comes next, and appends what it says to `out`: at most [`MAX_DECODED`] bytes.
    /// `false` where it is damaged, or says more; what came before is appended, and what follows
    /// in this context cannot be relied on.
    ///
    /// A message of permessage-deflate is followed by `00 00 ff ff`, which its sender left out
    /// (RFC 7692, section 7.2.2). Behind a final block a new context begins.
    pub fn inflate(&mut self, coded: &[u8], out: &mut Vec<u8>) -> bool {
        let state =
            self.state.get_or_insert_with(|| InflateState::new_boxed(DataFormat::Raw).into());
        let state = Arc::make_mut(state);
        let begins = out.len();
        let mut rest = coded;
        loop {
            let before = out.len();
            out.resize(before + STEP, 0);
            let space = out.get_mut(before..).unwrap_or_default();
            let done = inflate(state, rest, space, MZFlush::None);
            out.truncate(before + done.bytes_written);
            rest = rest.get(done.bytes_consumed..).unwrap_or_default();
            match done.status {
                _ if out.len() - begins > MAX_DECODED => {
                    out.truncate(begins + MAX_DECODED);
                    return false;
                }
                Ok(MZStatus::StreamEnd) => {
                    state.reset(DataFormat::Raw);
                    if rest.is_empty() {
                        return true;
                    }
                }
                Ok(_) if done.bytes_written == STEP => {}
                Ok(_) if rest.is_empty() => return true,
                Ok(_) if done.bytes_consumed > 0 || done.bytes_written > 0 => {}
                // It lacks more than it was given.
                _ => {
                    return rest.is_empty() && !matches!(done.status, Err(MZError::Data));
                }
            }
        }
    }

    /// Forgets what was put out, for senders that said they would not refer to it: whatever still
    /// does finds zeros there.
    pub fn reset(&mut self) {
        self.state = None;
    }

    /// Whether going on with this one leaves another untouched, at no price yet.
    #[must_use]
    pub fn shares_with(&self, other: &Self) -> bool {
        match (&self.state, &other.state) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        }
    }
}

impl fmt::Debug for Inflater {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inflater").field("begun", &self.state.is_some()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text, deflated with what came before it, and flushed.
    fn deflate(compress: &mut flate2::Compress, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(2 * text.len() + 100);
        compress.compress_vec(text, &mut out, flate2::FlushCompress::Sync).unwrap();
        out
    }

    fn inflate(inflater: &mut Inflater, coded: &[u8]) -> (bool, Vec<u8>) {
        let mut out = Vec::new();
        (inflater.inflate(coded, &mut out), out)
    }

    #[test]
    fn a_clone_costs_a_pointer_until_either_goes_on() {
        let mut compress = flate2::Compress::new(flate2::Compression::best(), false);
        let texts =
            [b"said once, and said again".repeat(40), b"said once, and said again".to_vec()];
        let coded = texts.each_ref().map(|text| deflate(&mut compress, text));
        let mut inflater = Inflater::default();
        assert!(inflater.clone().shares_with(&inflater));
        assert_eq!(inflate(&mut inflater, &coded[0]), (true, texts[0].clone()));
        let mut before = inflater.clone();
        assert!(before.shares_with(&inflater));
        assert_eq!(inflate(&mut inflater, &coded[1]), (true, texts[1].clone()));
        assert!(!before.shares_with(&inflater));
        assert_eq!(inflate(&mut before, &coded[1]), (true, texts[1].clone()));
        // Without what came before, it points back to nothing.
        before.reset();
        assert_ne!(inflate(&mut before, &coded[1]).1, texts[1]);
    }

    #[test]
    fn pieces_of_a_stream_and_streams_behind_streams_come_out_as_they_are_given() {
        let text = (0..20_000u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>();
        let mut compress = flate2::Compress::new(flate2::Compression::fast(), false);
        let coded = deflate(&mut compress, &text);
        let mut inflater = Inflater::default();
        let pieces = coded.chunks(7).map(|piece| inflate(&mut inflater, piece));
        let (whole, out): (Vec<bool>, Vec<Vec<u8>>) = pieces.unzip();
        assert!(whole.iter().all(|whole| *whole) && out.concat() == text);
        // Two final blocks of stored bytes (RFC 1951, section 3.2.4).
        let stored = [1, 2, 0, 0xfd, 0xff, b'o', b'k'];
        let twice = [stored, stored].concat();
        assert_eq!(inflate(&mut Inflater::default(), &twice), (true, b"okok".to_vec()));
    }

    #[test]
    fn damage_costs_the_rest_and_bombs_are_cut() {
        assert_eq!(inflate(&mut Inflater::default(), &[7, 0]), (false, Vec::new()));
        let mut compress = flate2::Compress::new(flate2::Compression::best(), false);
        let bomb = deflate(&mut compress, &vec![0; MAX_DECODED + 1]);
        let (whole, out) = inflate(&mut Inflater::default(), &bomb);
        assert_eq!((whole, out.len()), (false, MAX_DECODED));
    }
}
