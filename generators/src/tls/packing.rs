//! Certificates that travel compressed (RFC 8879): each side says so, and the library asks here for
//! the work.

use std::{
    fmt,
    io::{Read, Write},
};

use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use rustls::{
    CertificateCompressionAlgorithm,
    compress::{
        CertCompressor, CertDecompressor, CompressionFailed, CompressionLevel, DecompressionFailed,
    },
};

use super::{Client, Server};
use crate::{actor::Actor, steps};

/// What zlib is called in a transcript.
const NAME: &str = "zlib";

/// Packs and unpacks by zlib (RFC 1950), and says so.
#[derive(Clone)]
struct Zlib(Actor);

impl Server {
    /// One that sends its certificates compressed to whoever can read that.
    pub(crate) fn packing(mut self) -> Server {
        self.config.cert_compressors = vec![kept(&self.actor)];
        self
    }
}

impl Client {
    /// One that says that it can read certificates that are compressed.
    pub(crate) fn unpacking(mut self) -> Client {
        self.config.cert_decompressors = vec![kept(&self.actor)];
        self
    }
}

/// The library wants it for as long as the program runs, and a program plays one scenario: what is
/// never given back is a handful of bytes.
fn kept(actor: &Actor) -> &'static Zlib {
    Box::leak(Box::new(Zlib(actor.clone())))
}

impl CertCompressor for Zlib {
    fn compress(
        &self,
        input: Vec<u8>,
        level: CompressionLevel,
    ) -> Result<Vec<u8>, CompressionFailed> {
        let effort = match level {
            CompressionLevel::Interactive => Compression::fast(),
            CompressionLevel::Amortized => Compression::best(),
        };
        let mut packed = ZlibEncoder::new(Vec::new(), effort);
        let packed = packed.write_all(&input).and_then(|()| packed.finish());
        let packed = packed.map_err(|_| CompressionFailed)?;
        self.0.say(steps::tls_certificate_compressed(NAME, input.len(), packed.len()));
        Ok(packed)
    }

    fn algorithm(&self) -> CertificateCompressionAlgorithm {
        CertificateCompressionAlgorithm::Zlib
    }
}

impl CertDecompressor for Zlib {
    fn decompress(&self, input: &[u8], output: &mut [u8]) -> Result<(), DecompressionFailed> {
        let mut inside = ZlibDecoder::new(input);
        inside.read_exact(output).map_err(|_| DecompressionFailed)?;
        // More than was announced would be refused, too (RFC 8879, section 4).
        if !matches!(inside.read(&mut [0]), Ok(0)) {
            return Err(DecompressionFailed);
        }
        self.0.say(steps::tls_certificate_inflated(NAME, output.len(), input.len()));
        Ok(())
    }

    fn algorithm(&self) -> CertificateCompressionAlgorithm {
        CertificateCompressionAlgorithm::Zlib
    }
}

impl fmt::Debug for Zlib {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Zlib of {}", self.0.role())
    }
}
