//! Keeping a recording: a file that only its owner can read, for it holds keys.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use wirestage_captures::Recording;
use wirestage_captures::write::{Comments, extract, extract_with};

use crate::trouble::Trouble;

/// Copies a recording as far as it has come to `path`, readable for its owner alone. What stood
/// there is replaced, and only once everything is written.
///
/// # Errors
/// Where the file cannot be written.
pub fn save(recording: &Recording, path: &Path) -> Result<(), Trouble> {
    put(path, |out| recording.copy_to(&mut &mut *out).map(drop))
}

/// The same with the keys of a key log ahead of all frames: Wireshark opens with a key only what comes
/// behind it.
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

fn put(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Trouble> {
    let failed = |error: io::Error| cannot(path, &error);
    if !replaceable(path) {
        // A pipe or a device stays what it is.
        let mut out = OpenOptions::new().write(true).open(path).map_err(failed)?;
        return write(&mut out).map_err(failed);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // Made for its owner alone, as all temporary files are, and so it stays.
    let mut file = tempfile::Builder::new()
        .prefix(".wirestage-")
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        .map_err(failed)?;
    let mut out = BufWriter::new(file.as_file_mut());
    write(&mut out).map_err(failed)?;
    out.flush().map_err(failed)?;
    drop(out);
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Writes text to a file that only its owner can read.
///
/// # Errors
/// Where the file cannot be written.
pub fn private(path: &Path, text: &str) -> Result<(), Trouble> {
    let write = || {
        let mut options = OpenOptions::new();
        let file: File = options.write(true).create(true).truncate(true).mode(0o600).open(path)?;
        if replaceable(path) {
            // The mode above holds for new files only.
            file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        }
        let mut out = BufWriter::new(file);
        out.write_all(text.as_bytes())?;
        out.flush()
    };
    write().map_err(|error| cannot(path, &error))
}

/// Whether there is a plain file, or nothing yet.
fn replaceable(path: &Path) -> bool {
    path.metadata().map_or(true, |meta| meta.is_file())
}

fn cannot(path: &Path, error: &io::Error) -> Trouble {
    Trouble::new(
        format!("{} cannot be written: {error}", path.display()),
        "check that its folder exists, may be written to, and has room; or name another file",
    )
}
