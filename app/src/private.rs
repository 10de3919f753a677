//! Files that are there when they are whole: for their owner's eyes where what is written was
//! opened with keys, for all others as the system has it.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use tempfile::Builder;

use crate::trouble::Trouble;

/// Writes a file that only its owner can read, with mode 0600. What stood there is replaced once
/// the new one is whole; it stays where `write` puts nothing out.
///
/// # Errors
/// What `write` returns, and where the file cannot be written.
pub(crate) fn put<T, E: From<Trouble>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<Option<T>, E>,
) -> Result<Option<T>, E> {
    place(path, OWNER, write)
}

/// Writes these bytes into a file that others may read where the system lets them. What stood there
/// is replaced once the new one is whole.
///
/// # Errors
/// Where the file cannot be written.
pub(crate) fn put_for_all(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    let write = |to: &mut dyn Write| {
        to.write_all(bytes).map(Some).map_err(|error| Trouble::unwritable(path, &error))
    };
    place(path, ALL, write).map(drop)
}

/// Who may read and write: only the owner, or whoever the process' mask leaves.
const OWNER: u32 = 0o600;
const ALL: u32 = 0o666;

fn place<T, E: From<Trouble>>(
    path: &Path,
    mode: u32,
    write: impl FnOnce(&mut dyn Write) -> Result<Option<T>, E>,
) -> Result<Option<T>, E> {
    let fail = |error: io::Error| Trouble::unwritable(path, &error);
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        // A device or a pipe stays what it is.
        let mut to = BufWriter::new(File::options().write(true).open(path).map_err(fail)?);
        let done = write(&mut to)?;
        return to.flush().map(|()| done).map_err(|error| fail(error).into());
    }
    // What a link leads to is replaced, and not the link.
    let target = fs::canonicalize(path);
    let path = target.as_deref().unwrap_or(path);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // The name says whose it is, should the machine fail.
    let mut builder = Builder::new();
    builder.prefix(".wirestage-").permissions(Permissions::from_mode(mode));
    let file = builder.tempfile_in(folder.unwrap_or(Path::new(".")));
    let mut file = file.map_err(fail)?;
    let mut to = BufWriter::new(file.as_file_mut());
    let Some(done) = write(&mut to)? else { return Ok(None) };
    to.flush().map_err(fail)?;
    drop(to);
    file.persist(path).map_err(|error| fail(error.error))?;
    Ok(Some(done))
}

/// Opens a file to write as it comes, with mode 0600 where it is new. It may be there only where
/// that is said; what stood in it goes.
///
/// # Errors
/// Where it is there, or cannot be written.
pub(crate) fn open(path: &Path, may_be_there: bool) -> Result<File, Trouble> {
    let mut options = File::options();
    options.write(true).truncate(true).mode(0o600);
    // A device or a pipe stays what it is.
    let is_new = !may_be_there && !path.exists();
    let opened = options.create(true).create_new(is_new).open(path);
    opened.map_err(|error| Trouble::unwritable(path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &'static str) -> impl FnOnce(&mut dyn Write) -> Result<Option<()>, Trouble> {
        move |to| {
            let written = to.write_all(text.as_bytes());
            written.map(Some).map_err(|error| Trouble::new(error.to_string(), ""))
        }
    }

    #[test]
    fn it_is_its_owners_and_replaced_when_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        put(&path, text("one")).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        put(&path, text("two")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");

        let nothing: Result<Option<()>, Trouble> = put(&path, |to| {
            to.write_all(b"half").unwrap();
            Ok(None)
        });
        assert_eq!(nothing, Ok(None));
        put::<(), _>(&path, |_| Err(Trouble::new("no", ""))).unwrap_err();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two", "what was there stays");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
    }

    #[test]
    fn what_all_may_read_keeps_the_mask_of_the_process() {
        let folder = tempfile::tempdir().unwrap();
        let (made, plain) = (folder.path().join("a.svg"), folder.path().join("b.svg"));
        put_for_all(&made, b"<svg/>").unwrap();
        fs::write(&plain, "<svg/>").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&made), mode(&plain));
        assert_eq!(fs::read_to_string(&made).unwrap(), "<svg/>");
    }

    #[test]
    fn a_device_stays_one() {
        put(Path::new("/dev/null"), text("away")).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let trouble = put(Path::new("/nowhere/a.txt"), text("")).unwrap_err();
        assert!(trouble.cause.starts_with("/nowhere/a.txt cannot be written: "), "{trouble}");
    }
}
