//! A ring of files: one after another, of which the last so many stay.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::private;

/// The files of a ring, and which one is at hand.
pub(super) struct Ring {
    output: PathBuf,
    files: u32,
    bytes: u64,
    number: u64,
    /// Those that are there, the oldest first.
    kept: VecDeque<PathBuf>,
}

impl Ring {
    /// A ring of so many files, each of about so many bytes, named after `output`.
    pub(super) fn new(output: &Path, files: u32, bytes: u64) -> Self {
        let mut ring =
            Self { output: output.to_path_buf(), files, bytes, number: 1, kept: VecDeque::new() };
        ring.kept.push_back(ring.path());
        ring
    }

    /// The file at hand: a_00001.pcapng.
    pub(super) fn path(&self) -> PathBuf {
        let part = |part: Option<&std::ffi::OsStr>| {
            part.unwrap_or_default().to_string_lossy().into_owned()
        };
        let stem = part(self.output.file_stem());
        let ending = match self.output.extension() {
            Some(ending) => format!(".{}", part(Some(ending))),
            None => String::new(),
        };
        self.output.with_file_name(format!("{stem}_{:05}{ending}", self.number))
    }

    /// Those that are there, the oldest first.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        self.kept.iter().cloned().collect()
    }

    /// The next file, where the one at hand has its bytes; what is too many goes.
    pub(super) fn next(&mut self, bytes: u64) -> io::Result<Option<File>> {
        if bytes < self.bytes {
            return Ok(None);
        }
        self.number += 1;
        let path = self.path();
        // What an earlier ring left there is replaced, as this one replaces its own.
        let file = private::open(&path, true).map_err(|trouble| io::Error::other(trouble.cause))?;
        self.kept.push_back(path);
        while self.kept.len() > self.files as usize {
            if let Some(oldest) = self.kept.pop_front() {
                std::fs::remove_file(oldest)?;
            }
        }
        Ok(Some(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_files_stay() {
        let folder = tempfile::tempdir().unwrap();
        let mut ring = Ring::new(&folder.path().join("a.b.pcapng"), 2, 100);
        assert_eq!(ring.path(), folder.path().join("a.b_00001.pcapng"));
        private::open(&ring.path(), false).unwrap();
        assert!(ring.next(99).unwrap().is_none());
        for _ in 0..3 {
            assert!(ring.next(100).unwrap().is_some());
        }
        let mut there: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        there.sort();
        assert_eq!(there, ["a.b_00003.pcapng", "a.b_00004.pcapng"]);
        assert_eq!(ring.files().len(), 2);
    }
}
