//! An export that is being prepared or made: what, where, how, and how it went.

use std::path::PathBuf;

use super::step::What;
use crate::export::Format;
use crate::gui::work::Job;
use crate::gui::work::export::Made;
use crate::gui::work::open::expand;
use crate::trouble::Trouble;

/// An export that is being prepared or made.
pub struct Exporting {
    /// What is written.
    pub what: What,
    /// The file, as it is typed.
    pub path: String,
    /// Whether pictures are dark.
    pub dark: bool,
    /// Whether secrets are taken out of an archive.
    pub redact: bool,
    /// Whether only the contents of the chosen request are saved.
    pub only_chosen: bool,
    /// What went wrong last.
    pub problem: Option<Trouble>,
    /// What was made last.
    pub done: Option<String>,
    /// A file that a dialog has asked about: it may be replaced.
    pub(super) agreed: Option<PathBuf>,
    /// What is to go onto the clipboard when the window is painted next.
    pub(super) clip: Option<Made>,
    pub(super) job: Option<Job<Option<Made>>>,
}

impl Exporting {
    /// The file that is meant, with the ending of what is written where it has none.
    pub(super) fn file(&self) -> PathBuf {
        let path = expand(self.path.trim());
        if self.what == What::Contents {
            return path;
        }
        let given = path.extension().is_some_and(|given| given == self.what.ending());
        if given || Format::of(&path).is_some_and(|format| self.what == What::Story(format)) {
            return path;
        }
        let mut name = path.into_os_string();
        name.push(format!(".{}", self.what.ending()));
        PathBuf::from(name)
    }

    /// Whether a file stands there that nobody has agreed to replace.
    pub(super) fn replaces(&self) -> bool {
        let file = self.file();
        if self.what == What::Contents && file.is_dir() {
            // Files go into a folder beside what lies there.
            return false;
        }
        self.agreed.as_deref() != Some(&file) && file.exists()
    }

    /// What is under way.
    pub(super) fn doing(&self) -> Option<&Job<Option<Made>>> {
        self.job.as_ref()
    }
}
