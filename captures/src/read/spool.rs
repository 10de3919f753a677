//! Compressed captures and pipes: copied once into a file of ours, then read like any other.
//!
//! The spool file has no name, so nobody else can open it, and it is gone with the process: it
//! may hold keys.

use std::fs::{File, Permissions};
use std::io::{self, BufReader, Cursor, Read, Write};
use std::os::unix::fs::PermissionsExt;

use flate2::read::MultiGzDecoder;

use super::open::OpenError;
use super::problem::{Problem, ProblemKind};
use super::zstd;

/// The first bytes of a gzip file (RFC 1952, section 2.3.1).
const GZIP: &[u8] = &[0x1f, 0x8b];
/// The first bytes of a zstd file (RFC 8878, section 3.1.1).
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// How much is copied at once.
pub(crate) const COPY_BYTES: usize = 256 << 10;

/// What is wrapped around a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrapping {
    Gzip,
    Zstd,
}

impl Wrapping {
    /// Told by the first bytes.
    pub(crate) fn sniff(head: &[u8]) -> Option<Self> {
        if head.starts_with(GZIP) {
            Some(Self::Gzip)
        } else if head.starts_with(ZSTD) {
            Some(Self::Zstd)
        } else {
            None
        }
    }

    /// Its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// A file without a name that only we can read and write.
pub(crate) fn spool_file() -> io::Result<File> {
    let file = tempfile::tempfile()?;
    // Without a name it could be reached through /proc only, and now not there either.
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file)
}

/// A reader that unwraps what comes, where it is wrapped, up to `limit` bytes.
pub(crate) fn unwrapped<'r>(
    mut reader: impl Read + Send + 'r,
    limit: u64,
) -> io::Result<(Box<dyn Read + Send + 'r>, Option<Wrapping>)> {
    let mut head = Vec::new();
    (&mut reader).take(ZSTD.len() as u64).read_to_end(&mut head)?;
    let wrapping = Wrapping::sniff(&head);
    let whole = BufReader::with_capacity(COPY_BYTES, Cursor::new(head).chain(reader));
    Ok((
        match wrapping {
            None => Box::new(whole),
            Some(Wrapping::Gzip) => Box::new(Bounded::new(MultiGzDecoder::new(whole), limit)),
            Some(Wrapping::Zstd) => Box::new(Bounded::new(zstd::Frames::new(whole), limit)),
        },
        wrapping,
    ))
}

/// A reader that fails where more than a limit comes.
struct Bounded<R> {
    reader: R,
    limit: u64,
    left: u64,
}

impl<R: Read> Bounded<R> {
    const fn new(reader: R, limit: u64) -> Self {
        Self { reader, limit, left: limit }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 && !buffer.is_empty() {
            // Exactly as much as allowed is allowed.
            return match self.reader.read(&mut [0])? {
                0 => Ok(0),
                _ => Err(io::Error::other(format!("it unfolds to more than {} bytes", self.limit))),
            };
        }
        let read = self.reader.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.left -= read as u64;
        Ok(read)
    }
}

/// Copies everything into a spool file, unwrapped, at most `limit` bytes of what was compressed;
/// the problem is what stopped it before the end.
pub(crate) fn spool(
    reader: impl Read + Send,
    limit: u64,
) -> Result<(File, Option<Problem>), OpenError> {
    let io = |source| OpenError::Io { path: "-".into(), source };
    let mut file = spool_file().map_err(io)?;
    let (mut reader, wrapping) = unwrapped(reader, limit).map_err(io)?;
    let (mut buffer, mut copied) = (vec![0; COPY_BYTES], 0);
    loop {
        let error = match reader.read(&mut buffer) {
            Ok(0) => return Ok((file, None)),
            Ok(read) => {
                file.write_all(buffer.get(..read).unwrap_or_default()).map_err(io)?;
                copied += read as u64;
                continue;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => error,
        };
        let cause = error.to_string();
        let kind = match (wrapping.map(Wrapping::name), copied) {
            (Some(format), 0) => return Err(OpenError::Unfolding { format, cause }),
            (None, 0) => return Err(io(error)),
            (Some(format), _) => ProblemKind::Unfolding { format, cause },
            (None, _) => ProblemKind::Unreadable { cause },
        };
        return Ok((file, Some(Problem { file: String::new(), offset: copied, kind })));
    }
}

#[cfg(test)]
mod tests {
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    #[test]
    fn what_unfolds_to_more_than_the_limit_is_cut_there() {
        let zeros = compress_to_vec(io::repeat(0).take(10 << 20), CompressionLevel::Fastest);
        assert!(zeros.len() < 10_000);
        let (file, problem) = spool(&zeros[..], 1 << 20).unwrap();
        assert_eq!(file.metadata().unwrap().len(), 1 << 20);
        let problem = problem.unwrap();
        assert_eq!(problem.offset, 1 << 20);
        assert!(problem.to_string().contains("more than 1048576 bytes"), "{problem}");
        assert_eq!(spool(&zeros[..], 10 << 20).unwrap().1, None, "exactly the limit is allowed");
    }

    #[test]
    fn a_spool_file_is_for_us_alone() {
        use std::os::unix::fs::MetadataExt;
        let (file, _) = spool(&b"a"[..], 10).unwrap();
        let meta = file.metadata().unwrap();
        assert_eq!((meta.permissions().mode() & 0o777, meta.nlink()), (0o600, 0));
    }
}
