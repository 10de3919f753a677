//! Files that are written, as they are named on the command line.

use std::io::IsTerminal;
use std::path::Path;

use super::stop::{Outcome, Stop};
use crate::trouble::Trouble;

/// Refuses to replace a file unless that was asked for.
pub(super) fn replaces(path: &Path, force: bool) -> Outcome {
    if path.is_file() && !force {
        return Err(Stop::wrong(
            format!("{} exists already", path.display()),
            "name another file, or replace it with --force",
        ));
    }
    Ok(())
}

/// Whether a file can be written there, before the work begins. What exists is replaced only where
/// that was asked for.
pub(super) fn check(path: &Path, force: bool) -> Outcome {
    if path == Path::new("-") {
        return Ok(());
    }
    let shown = path.display();
    if path.is_dir() {
        return Err(Stop::wrong(
            format!("{shown} is a folder"),
            format!("name a file in it: -o {}", path.join("part.pcapng").display()),
        ));
    }
    replaces(path, force)?;
    Trouble::without_folder(path).map_or(Ok(()), |missing| Err(Stop::Usage(missing)))
}

/// Whether a recording can be written there.
pub(super) fn recording(path: &Path, force: bool) -> Outcome {
    for_programs(path)?;
    check(path, force)
}

/// What people read on a terminal is no recording.
pub(super) fn for_programs(path: &Path) -> Outcome {
    if path == Path::new("-") && std::io::stdout().is_terminal() {
        return Err(Stop::wrong(
            "a recording is no text, and standard output is a terminal",
            "write it into a file with -o a.pcapng, or send it to a program: | wirestage -",
        ));
    }
    Ok(())
}
