//! Names of files that are not there yet.

use std::path::{Path, PathBuf};

/// The first of NAME.ending, NAME-2.ending, … that does not exist in a folder.
#[must_use]
pub(crate) fn unused(folder: &Path, name: &str, ending: &str) -> PathBuf {
    let numbered = (2..).map(|number| folder.join(format!("{name}-{number}.{ending}")));
    let mut names = std::iter::once(folder.join(format!("{name}.{ending}"))).chain(numbered);
    names.find(|path| !path.exists()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let folder = tempfile::tempdir().unwrap();
        let first = unused(folder.path(), "a.b", "svg");
        assert_eq!(first, folder.path().join("a.b.svg"));
        std::fs::write(&first, b"").unwrap();
        assert_eq!(unused(folder.path(), "a.b", "svg"), folder.path().join("a.b-2.svg"));
        assert_eq!(unused(Path::new(""), "no such name", "svg"), Path::new("no such name.svg"));
    }
}
