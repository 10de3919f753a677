//! Opening a file: what can go wrong before the first frame, in words that help.

use std::borrow::Cow;
use std::io;
use std::path::PathBuf;

use crate::limits::{MAX_FILES, MAX_UNFOLDED};

/// Why a file cannot be opened as a recording at all: the cause as it is displayed, and what mends
/// it apart.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The system refused.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// Which file; `-` for a pipe.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is not a regular file.
    #[error("{path} is {what}, not a file", path = path.display())]
    NotAFile {
        /// Which file.
        path: PathBuf,
        /// "a directory", "a pipe or device".
        what: &'static str,
    },
    /// It has no bytes.
    #[error("the file is empty")]
    Empty,
    /// It ends before its format can be told.
    #[error("the file has only {bytes} bytes, which is less than the header of any capture")]
    TooShort {
        /// Its length.
        bytes: u64,
    },
    /// It holds the secrets of a capture but no capture.
    #[error("this is a TLS key log, not a capture")]
    KeyLog,
    /// It holds files, of which one may be a capture.
    #[error("this is {format}, not a capture")]
    Archive {
        /// "a zip archive", "a tar archive".
        format: &'static str,
    },
    /// It is something else.
    #[error("this is not a capture: it starts with {starts}")]
    NotACapture {
        /// Its first bytes, in a form that can be read.
        starts: String,
    },
    /// They are too many to be open at once.
    #[error("{count} files are more than can be read as one")]
    TooManyFiles {
        /// How many were given.
        count: usize,
    },
    /// The compressed data cannot be unfolded at all.
    #[error("the file looks like {format} but cannot be unfolded: {cause}")]
    Unfolding {
        /// "gzip" or "zstd".
        format: &'static str,
        /// What the decoder said.
        cause: String,
    },
}

impl OpenError {
    /// What to type or to do about it.
    #[must_use]
    pub fn mend(&self) -> Cow<'static, str> {
        match self {
            Self::Io { .. } => "check that the file is there and may be read".into(),
            Self::NotAFile { .. } => {
                "to read a pipe, give - as the file name and send the capture to standard input"
                    .into()
            }
            Self::Empty => "if something is still recording into it, try again in a moment; \
                            otherwise record it again"
                .into(),
            Self::TooShort { .. } => "probably its writer was stopped or a copy was not finished: \
                                      record or copy it again"
                .into(),
            Self::KeyLog => {
                "open the capture that belongs to it, and give this file as its key log".into()
            }
            Self::Archive { .. } => "unpack it, and open what is in it".into(),
            Self::NotACapture { .. } => "Wirestage reads pcapng and pcap, also inside gzip or \
                                         zstd; convert other formats with `editcap IN OUT.pcapng`"
                .into(),
            Self::TooManyFiles { .. } => format!(
                "give at most {MAX_FILES}, or join some of them first: \
                 `mergecap -w JOINED.pcapng FILES`"
            )
            .into(),
            Self::Unfolding { .. } => {
                format!("fetch the file again; at most {MAX_UNFOLDED} bytes are unfolded").into()
            }
        }
    }
}

/// Where the first entry of a tar archive says what it is (POSIX ustar).
const TAR_MAGIC: usize = 257;
/// How many bytes tell what a file is that is no capture.
pub(super) const TOLD_BY: usize = TAR_MAGIC + 5;
/// How many of them are shown.
const SHOWN: usize = 24;

/// The error for a file that starts with `head`.
pub(super) fn not_a_capture(head: &[u8]) -> OpenError {
    if head.starts_with(b"CLIENT_") || head.starts_with(b"SERVER_") || head.starts_with(b"# SSL") {
        return OpenError::KeyLog;
    }
    let archive = match head {
        [b'P', b'K', 3, 4, ..] => Some("a zip archive"),
        _ if head.get(TAR_MAGIC..).is_some_and(|rest| rest.starts_with(b"ustar")) => {
            Some("a tar archive")
        }
        _ => None,
    };
    if let Some(format) = archive {
        return OpenError::Archive { format };
    }
    let head = head.get(..SHOWN).unwrap_or(head);
    let readable = head.iter().all(|&b| (b' '..0x7f).contains(&b) || b"\t\r\n".contains(&b));
    let starts = if readable {
        format!("the text “{}”", String::from_utf8_lossy(head).escape_debug())
    } else {
        let hex: Vec<_> = head.iter().take(8).map(|b| format!("{b:02x}")).collect();
        format!("the bytes {}", hex.join(" "))
    };
    OpenError::NotACapture { starts }
}
