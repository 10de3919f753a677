//! Keeping a recording: a file that only its owner can read, for it holds keys.

use std::io::{self, Write};
use std::path::Path;

use wirestage_captures::Recording;
use wirestage_captures::write::{Comments, extract, extract_with};

use crate::private;
use crate::trouble::Trouble;

/// Copies a recording as far as it has come to `path`, readable for its owner alone. What stood
/// there is replaced, and only once everything is written.
///
/// # Errors
/// Where the file cannot be written.
pub fn save(recording: &Recording, path: &Path) -> Result<(), Trouble> {
    put(path, |mut out| recording.copy_to(&mut out).map(drop))
}

/// The same with the keys of a key log ahead of all frames: Wireshark opens with a key only what
/// comes behind it.
///
/// # Errors
/// Where the file cannot be written.
pub fn save_with_keys(recording: &Recording, keys: &str, path: &Path) -> Result<(), Trouble> {
    put(path, |out| extract(recording, &|_| true, keys, out))
}

/// The same with other comments on packets.
///
/// # Errors
/// Where the file cannot be written.
pub fn save_with_comments(
    recording: &Recording,
    keys: &str,
    comments: &Comments,
    path: &Path,
) -> Result<(), Trouble> {
    put(path, |out| extract_with(recording, &|_| true, (keys, comments), out))
}

/// Writes text to a file that only its owner can read.
///
/// # Errors
/// Where the file cannot be written.
pub fn text(text: &str, path: &Path) -> Result<(), Trouble> {
    put(path, |out| out.write_all(text.as_bytes()))
}

fn put(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Trouble> {
    let written = private::put(path, |out| {
        write(out).map(Some).map_err(|error| Trouble::unwritable(path, &error))
    });
    written.map(drop)
}
