//! Zstandard around a capture (RFC 8878): one frame after the other, as one stream of bytes.
//!
//! ```text
//!   frame: magic  header  blocks …  checksum │ skippable frame: magic  length  … │ frame …
//! ```

use std::io::{self, BufRead, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use crate::limits::MAX_WINDOW;

/// A reader that unfolds frames.
pub(super) struct Frames<R> {
    source: R,
    decoder: FrameDecoder,
    /// Whether a frame is being read.
    within: bool,
}

impl<R: BufRead> Frames<R> {
    pub(super) fn new(source: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW);
        Self { source, decoder, within: false }
    }

    /// Goes to the next frame that holds something; says no where there is none.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.source) {
                Ok(()) => {
                    self.within = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    io::copy(&mut (&mut self.source).take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }

    /// A frame is over: what came must be what was packed.
    fn end(&mut self) -> io::Result<()> {
        self.within = false;
        let (told, found) =
            (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
        match told {
            Some(told) if found != Some(told) => {
                Err(io::Error::other("the checksum behind a frame is not that of what it holds"))
            }
            _ => Ok(()),
        }
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !buffer.is_empty() && (self.within || self.begin()?) {
            if self.decoder.can_collect() > 0 {
                return self.decoder.read(buffer);
            }
            if self.decoder.is_finished() {
                self.end()?;
            } else {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.source, one).map_err(io::Error::other)?;
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    /// What comes out of these bytes, or why nothing does.
    fn unfolded(bytes: &[u8]) -> Result<Vec<u8>, String> {
        let mut out = Vec::new();
        let read = Frames::new(bytes).read_to_end(&mut out);
        read.map(|_| out).map_err(|error| error.to_string())
    }

    fn packed(bytes: &[u8]) -> Vec<u8> {
        compress_to_vec(bytes, CompressionLevel::Fastest)
    }

    #[test]
    fn frames_follow_each_other_and_some_hold_nothing() {
        let skipped = [&0x184d_2a50u32.to_le_bytes()[..], &3u32.to_le_bytes(), b"abc"].concat();
        let all = [packed(b"one, "), skipped, packed(b""), packed(b"two")].concat();
        assert_eq!(unfolded(&all), Ok(b"one, two".to_vec()));
        assert_eq!(unfolded(b""), Ok(Vec::new()));
    }

    #[test]
    fn a_frame_that_was_changed_or_cut_is_an_error() {
        let whole = packed(&b"a frame with a checksum behind it".repeat(50));
        assert!(unfolded(&whole).is_ok());
        let mut changed = whole.clone();
        *changed.last_mut().unwrap() ^= 1;
        let error = unfolded(&changed).unwrap_err();
        assert!(error.contains("checksum"), "{error}");
        assert!(unfolded(&whole[..whole.len() - 6]).is_err());
        assert!(unfolded(&[&whole[..], b"rest"].concat()).is_err());
    }
}
