//! The program that captures for others (`wirestage-capture`), as they see it: where it stands, and
//! whether it may.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What it is called.
const NAME: &str = "wirestage-capture";

/// The helper, where it is installed beside a program: beside the one that runs, where no other is
/// named.
#[must_use]
pub fn helper(program: Option<&Path>) -> Option<PathBuf> {
    let program = program.map(Path::to_path_buf).or_else(|| std::env::current_exe().ok())?;
    Some(program.parent()?.join(NAME)).filter(|helper| helper.is_file())
}

/// Whether a helper may capture: it is asked to, and told to stop at once. That takes some
/// milliseconds.
pub(crate) fn may_capture(helper: &Path) -> bool {
    let mut command = Command::new(helper);
    command.arg("lo").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn it_stands_beside_the_program_and_says_by_its_end_whether_it_may() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("wirestage");
        assert_eq!(helper(Some(&program)), None);
        let beside = folder.path().join(NAME);
        for (script, may) in [("#!/bin/sh\nexit 0\n", true), ("#!/bin/sh\nexit 1\n", false)] {
            std::fs::write(&beside, script).unwrap();
            std::fs::set_permissions(&beside, std::fs::Permissions::from_mode(0o700)).unwrap();
            assert_eq!(helper(Some(&program)).as_deref(), Some(beside.as_path()));
            assert_eq!(may_capture(&beside), may, "{script}");
        }
        assert!(!may_capture(&program), "there is none");
    }
}
