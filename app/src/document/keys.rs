//! Key logs from files: read whole, bounded, named in errors.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use wirestage_captures::Recording;

/// The largest key log that is read: a busy browser writes about a megabyte a day.
pub const MAX_KEY_LOG: u64 = 256 << 20;

/// Why a key log could not be read.
#[derive(Debug, thiserror::Error)]
pub enum KeyLogError {
    /// The file cannot be read.
    #[error("the key log {} cannot be read: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is a recording.
    #[error("{} is a capture, not a key log", path.display())]
    Capture {
        /// The file.
        path: PathBuf,
    },
    /// The file holds no text.
    #[error(
        "the key log {} is not text; it should hold lines such as \
         “CLIENT_RANDOM <64 hexadecimal digits> <96 hexadecimal digits>”",
        path.display()
    )]
    NotText {
        /// The file.
        path: PathBuf,
    },
}

/// Reads the text of a key log.
///
/// # Errors
/// Where the file cannot be read or is not text.
pub fn read_key_log(path: &Path) -> Result<String, KeyLogError> {
    let io = |source| KeyLogError::Io { path: path.to_path_buf(), source };
    let mut text = String::new();
    let read = File::open(path).map_err(io)?.take(MAX_KEY_LOG).read_to_string(&mut text);
    match read {
        Ok(_) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            let path = path.to_path_buf();
            Err(match Recording::open(&path) {
                Ok(_) => KeyLogError::Capture { path },
                Err(_) => KeyLogError::NotText { path },
            })
        }
        Err(source) => Err(io(source)),
    }
}
