//! Writing: one recording as pcapng, to a file or a pipe, as it is made.
//!
//! ```text
//!  section header ─ interfaces ─ names ─ (secrets ─ packets and marks)* ─ statistics with transcript
//! ```
//!
//! After draft-ietf-opsawg-pcapng, section 4.

use std::fs::{File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

mod annotate;
mod block;
mod extract;
mod mark;
mod pcapng;

pub use extract::{Comments, extract, extract_with};
pub use mark::Mark;
pub use pcapng::{NewInterface, PcapngWriter, SectionHeader, Totals};

/// Creates a file for a recording, which nobody else may read: it holds keys. A file that is
/// there already is emptied.
///
/// # Errors
/// Where the file cannot be created or its mode not be set.
pub fn create(path: impl AsRef<Path>) -> io::Result<File> {
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
    // The mode above counts for new files only; an old one is emptied once it is ours alone.
    // Devices and pipes are neither.
    if file.metadata()?.is_file() {
        file.set_permissions(Permissions::from_mode(0o600))?;
        file.set_len(0)?;
    }
    Ok(file)
}
