//! Derived buffers: bytes that stand in no frame, and the recipes that make them again.

use std::io::Read;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::huffman;
use super::value::Value;
use crate::limits::{MAX_DECODED, MAX_KEYS};

/// Opens sealed records of one key: everything but the record itself is inside.
pub trait Opener: Send + Sync {
    /// Opens the whole record (its header included), the `number`th under this key, and writes what
    /// it holds to the front of `out`, which has room for as many bytes as the record has. How
    /// many they are; nothing where it does not open, whatever `out` holds then.
    ///
    /// Where the header is masked and holds the number itself (QUIC), `number` is the one
    /// expected next, and what is put out begins with the header as it was before masking.
    fn open(&self, number: u64, record: &[u8], out: &mut [u8]) -> Option<usize>;

    /// Where the sealed form of the first byte that is put out lies in the record, for ciphers that
    /// keep every byte in its place; `None` if no byte comes from one other byte.
    fn sealed_at(&self) -> Option<u32> {
        None
    }
}

/// A key of a connection, by the order in which they were taken into use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyId(pub u32);

/// A coding that can be undone without knowing anything else: the content codings (RFC 9110,
/// section 8.4.1), and that of strings in headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Coding {
    /// `gzip`, `x-gzip`.
    Gzip,
    /// `deflate`: a zlib stream; some senders leave out its wrapping.
    Deflate,
    /// `br`: Brotli (RFC 7932).
    Brotli,
    /// `zstd`: Zstandard (RFC 8878).
    Zstd,
    /// The Huffman code of HPACK and QPACK (RFC 7541, section 5.2).
    Huffman,
}

/// How a derived buffer comes out of its pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipe {
    /// The pieces end to end.
    Join,
    /// The pieces are one sealed record: open it.
    Open {
        /// With this key.
        key: KeyId,
        /// As the record of this number under it.
        number: u64,
    },
    /// The pieces are coded: decode them.
    Decode(Coding),
    /// A session made it out of the pieces with a state of its own: only reading again from a
    /// checkpoint makes it again.
    Made,
    /// A value out of a table: what was put there earlier, or what the table always holds.
    Recalled,
}

/// Bytes of a derived buffer, where they are held.
#[derive(Debug)]
pub enum Kept {
    /// In the stretch's arena: which chunk, and the first byte in it.
    Arena {
        /// The chunk.
        chunk: u32,
        /// The first byte.
        start: u32,
    },
    /// Nowhere until somebody looks; then here.
    Later(OnceLock<Box<[u8]>>),
    /// Shared with the stretches before.
    Shared(Arc<[u8]>),
    /// In a table's value.
    Value(Value),
    /// In a table that never changes.
    Fixed(&'static [u8]),
}

/// One derived buffer.
#[derive(Debug)]
pub struct Derived {
    /// How it is made.
    pub recipe: Recipe,
    /// Out of which pieces of the stretch.
    pub pieces: Range<u32>,
    /// Its length in bytes; `u32::MAX` where only making it will tell.
    pub len: u32,
    /// Where its bytes are.
    pub kept: Kept,
}

/// The keys that a connection took into use. A copy costs a pointer until either changes.
#[derive(Clone, Default)]
pub struct Openers(Arc<Vec<Arc<dyn Opener>>>);

impl Openers {
    /// The key of that number.
    #[must_use]
    pub fn get(&self, key: KeyId) -> Option<&Arc<dyn Opener>> {
        self.0.get(key.0 as usize)
    }

    /// Takes another into use. Past [`MAX_KEYS`] it opens nothing.
    pub(super) fn add(&mut self, opener: Arc<dyn Opener>) -> KeyId {
        let number = self.0.len();
        if number < MAX_KEYS {
            Arc::make_mut(&mut self.0).push(opener);
        }
        KeyId(number as u32)
    }
}

/// Undoes a coding, up to [`MAX_DECODED`] bytes; damaged input gives what came before
/// the damage.
#[must_use]
pub fn decode(coding: Coding, coded: &[u8]) -> Vec<u8> {
    fn all(reader: impl Read) -> Vec<u8> {
        let mut out = Vec::new();
        // An error ends the readable part; what was read until then is what we have.
        let _ = reader.take(MAX_DECODED as u64).read_to_end(&mut out);
        out
    }
    match coding {
        Coding::Gzip => all(flate2::read::MultiGzDecoder::new(coded)),
        // RFC 9110, section 8.4.1.2 names senders that omit the zlib wrapping.
        Coding::Deflate => match coded.first() {
            Some(first) if first & 0x0f == 8 => all(flate2::read::ZlibDecoder::new(coded)),
            _ => all(flate2::read::DeflateDecoder::new(coded)),
        },
        Coding::Zstd => all(Frames { rest: coded, frame: None }),
        Coding::Huffman => {
            let mut text = Vec::new();
            huffman::decode(coded, &mut text);
            text
        }
        Coding::Brotli => all(brotli_decompressor::Decompressor::new(coded, 4096)),
    }
}

/// A Zstandard stream: frames, one after the other (RFC 8878, section 3).
struct Frames<'c> {
    rest: &'c [u8],
    frame: Option<FrameDecoder>,
}

impl Read for Frames<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let mut frame = match self.frame.take() {
                Some(frame) => frame,
                None if self.rest.is_empty() => return Ok(0),
                None => {
                    let mut frame = FrameDecoder::new();
                    frame.set_max_window_size(MAX_DECODED as u64);
                    frame.init(&mut self.rest).map_err(std::io::Error::other)?;
                    frame
                }
            };
            while frame.can_collect() == 0 && !frame.is_finished() {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                frame.decode_blocks(&mut self.rest, one).map_err(std::io::Error::other)?;
            }
            let len = frame.read(out)?;
            if len > 0 || out.is_empty() {
                self.frame = Some(frame);
                return Ok(len);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn codings_are_undone_and_damage_costs_the_tail_only() {
        let text = b"wirestage ".repeat(2000);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        gzip.write_all(&text).unwrap();
        let gzip = gzip.finish().unwrap();
        assert_eq!(decode(Coding::Gzip, &gzip), text);
        let cut = decode(Coding::Gzip, &gzip[..gzip.len() / 2]);
        assert!(!cut.is_empty() && text.starts_with(&cut));

        // A frame of one raw block and one of one run (RFC 8878, section 3.1.1.2), without
        // checksum.
        let raw = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 3, 0x19, 0, 0, b'a', b'b', b'c'];
        let run = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 5, 0x2b, 0, 0, b'x'];
        assert_eq!(decode(Coding::Zstd, &[&raw[..], &run].concat()), b"abcxxxxx");
        assert_eq!(decode(Coding::Zstd, &[&raw[..], &run[..7]].concat()), b"abc");
        assert_eq!(decode(Coding::Zstd, b"none"), b"");

        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        zlib.write_all(&text).unwrap();
        assert_eq!(decode(Coding::Deflate, &zlib.finish().unwrap()), text);
        let mut bare = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        bare.write_all(&text).unwrap();
        assert_eq!(decode(Coding::Deflate, &bare.finish().unwrap()), text);
    }
}
