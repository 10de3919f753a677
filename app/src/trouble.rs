//! What went wrong, and what mends it: the two lines that every failure owes its reader.
//!
//! The window shows both and lets them be copied; the command line prints them on standard error.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use wirestage_captures::lab::link::Wrong;
use wirestage_captures::lab::{LabError, Refusal};
use wirestage_captures::live::CaptureError;
use wirestage_captures::read::OpenError as NotOpened;
use wirestage_generators::Failure;

use crate::document::OpenError;
use crate::document::keys::KeyLogError;
use crate::document::schema::SchemaError;

/// A cause and its mend, each in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{cause}")]
pub struct Trouble {
    /// What was found, as a sentence without its full stop.
    pub cause: String,
    /// What to type or to do.
    pub mend: String,
}

impl Trouble {
    /// A cause with its mend. Line ends in either become spaces.
    pub fn new(cause: impl AsRef<str>, mend: impl AsRef<str>) -> Self {
        let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let cause = line(cause.as_ref());
        Self {
            cause: cause.strip_suffix('.').map_or(cause.clone(), str::to_owned),
            mend: line(mend.as_ref()),
        }
    }

    /// That a file cannot be written, and why.
    #[must_use]
    pub fn unwritable(path: &Path, error: &io::Error) -> Self {
        if let Some(missing) = Self::without_folder(path) {
            return missing;
        }
        let shown = path.display();
        // What was written to until it was whole has a name that nobody gave.
        let error = error.to_string();
        let why = error.split_once(" at path ").map_or(error.as_str(), |(why, _)| why);
        Self::new(
            format!("{shown} cannot be written: {why}"),
            "check that it and its folder may be written to and have room, or name another file",
        )
    }

    /// That there is no room for a temporary file, and why.
    #[must_use]
    pub fn without_room(error: &io::Error) -> Self {
        Self::new(
            format!("no temporary file can be made: {error}"),
            "check that there is room for temporary files",
        )
    }

    /// The folder that a file is to be written into is missing; `None` if there is one.
    pub fn without_folder(path: &Path) -> Option<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty())?;
        let (shown, name) = (path.display(), folder.display());
        (!folder.exists()).then(|| {
            Self::new(
                format!("{shown} cannot be written: there is no folder {name}"),
                format!("make it with mkdir -p '{name}', or name another file"),
            )
        })
    }

    /// That a file cannot be read, and why.
    #[must_use]
    pub fn unreadable(path: &Path, error: &io::Error) -> Self {
        let shown = path.display();
        match error.kind() {
            io::ErrorKind::NotFound => {
                Self::new(format!("there is no file {shown}"), "check its name and its folder")
            }
            io::ErrorKind::PermissionDenied => Self::new(
                format!("{shown} may not be read by you"),
                format!("ask its owner, or copy it: sudo cat '{shown}' > copy.pcapng"),
            ),
            _ => Self::new(
                format!("{shown} cannot be read: {error}"),
                "check that the file is there and may be read",
            ),
        }
    }

    /// As it stands on standard error.
    #[must_use]
    pub fn print(&self) -> String {
        format!("error: {}\nmend: {}\n", self.cause, self.mend)
    }

    /// Finds what [`Trouble::print`] wrote in somebody's last words.
    #[must_use]
    pub fn printed(text: &str) -> Option<Self> {
        let (_, text) = text.split_once("error: ")?;
        let (cause, text) = text.split_once("\nmend: ")?;
        Some(Self::new(cause, text.lines().next()?))
    }

    /// The same trouble, told of a file.
    #[must_use]
    pub fn of(self, file: &str) -> Self {
        Self { cause: format!("{file}: {}", self.cause), ..self }
    }
}

/// What is said of a mistake that only we can mend.
const REPORT: &str = "this is a mistake in Wirestage: please report it";

impl From<Wrong> for Trouble {
    fn from(wrong: Wrong) -> Self {
        Self::new(wrong.cause, wrong.mend)
    }
}

impl From<NotOpened> for Trouble {
    fn from(error: NotOpened) -> Self {
        match error {
            NotOpened::Io { path, source } => Self::unreadable(&path, &source),
            other => Self::new(other.to_string(), other.mend()),
        }
    }
}

impl From<OpenError> for Trouble {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Capture { path, source } => {
                let named = matches!(source, NotOpened::Io { .. } | NotOpened::NotAFile { .. });
                let trouble = Self::from(source);
                match path {
                    Some(path) if !named => trouble.of(&path.display().to_string()),
                    _ => trouble,
                }
            }
            OpenError::Cancelled => Self::new("opening was cancelled", "open the file again"),
        }
    }
}

impl From<KeyLogError> for Trouble {
    fn from(error: KeyLogError) -> Self {
        let text = error.to_string();
        match error {
            KeyLogError::Io { path, source } if source.kind() == io::ErrorKind::NotFound => {
                Self::new(format!("there is no key log {}", path.display()), "check its name")
            }
            KeyLogError::Io { .. } => {
                Self::new(text, "check that the key log is there and may be read")
            }
            KeyLogError::Capture { .. } => Self::new(
                text,
                "keys that a recording holds are read with it; name the text that SSLKEYLOGFILE \
                 named",
            ),
            KeyLogError::NotText { path } => Self::new(
                format!("the key log {} is not text", path.display()),
                "give a file of lines such as CLIENT_RANDOM <64 hexadecimal digits> <96 more>",
            ),
        }
    }
}

impl From<SchemaError> for Trouble {
    fn from(error: SchemaError) -> Self {
        let mend = match error {
            SchemaError::Io { .. } => "check that the file is there and may be read",
            SchemaError::TooLarge { .. } => "give the descriptors of fewer services",
            SchemaError::Broken { .. } => "name the folder of what it imports with --proto, too",
            SchemaError::NoDescriptors { .. } => {
                "give a .proto file, or what protoc --descriptor_set_out writes"
            }
        };
        Self::new(error.to_string(), mend)
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.cause, refusal.mend)
    }
}

impl From<LabError> for Trouble {
    fn from(error: LabError) -> Self {
        match error {
            LabError::Refused(refusal) => refusal.into(),
            LabError::Capture(error) => error.into(),
            LabError::Threads(_) | LabError::Orphan => Self::new(error.to_string(), REPORT),
            LabError::Spool(error) => Self::without_room(&error),
            LabError::Spawn(_) => {
                Self::new(error.to_string(), "check that wirestage itself was not moved")
            }
        }
    }
}

impl From<CaptureError> for Trouble {
    fn from(error: CaptureError) -> Self {
        Self::new(error.to_string(), error.mend())
    }
}

impl From<&Failure> for Trouble {
    fn from(failure: &Failure) -> Self {
        let mend = failure.mend().unwrap_or_else(|| match failure {
            Failure::Panicked { .. } => REPORT.to_owned(),
            _ => "try again; if it fails each time, wirestage doctor may say why".to_owned(),
        });
        Self::new(failure.to_string(), mend)
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn both_parts_are_one_line() {
        let trouble = Trouble::new("one\n  two.", "three\nfour");
        assert_eq!((trouble.cause.as_str(), trouble.mend.as_str()), ("one two", "three four"));
    }

    #[test]
    fn what_cannot_be_written_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing/a.txt");
        let fails = |folder: &Path| tempfile::NamedTempFile::new_in(folder).unwrap_err();
        let told = Trouble::unwritable(&path, &fails(&folder.path().join("missing")));
        assert!(told.cause.contains("there is no folder /"), "{told}");
        assert!(told.mend.starts_with("make it with mkdir -p '/"), "{told:?}");

        let file = folder.path().join("a.txt");
        std::fs::write(&file, "").unwrap();
        let told = Trouble::unwritable(&file.join("b.txt"), &fails(&file));
        assert!(told.cause.ends_with("b.txt cannot be written: Not a directory (os error 20)"));
    }

    #[test]
    fn what_was_printed_is_found_again() {
        let trouble = Trouble::new("nothing works", "turn it on");
        let words = format!("Early end: code 1. It said: {}", trouble.print());
        assert_eq!(Trouble::printed(&words), Some(trouble));
        assert_eq!(Trouble::printed("thread main panicked"), None);
    }

    #[test]
    fn the_file_is_named_once() {
        let path = PathBuf::from("a. b.pcap");
        let empty = OpenError::Capture { path: Some(path.clone()), source: NotOpened::Empty };
        let empty = Trouble::from(empty);
        assert_eq!(empty.cause, "a. b.pcap: the file is empty");
        assert!(empty.mend.starts_with("if something"), "{}", empty.mend);

        let source = std::io::Error::from(std::io::ErrorKind::NotFound);
        let io = NotOpened::Io { path: path.clone(), source };
        let io = Trouble::from(OpenError::Capture { path: Some(path), source: io });
        assert_eq!(io.cause, "there is no file a. b.pcap");
    }

    #[test]
    fn words_of_others_may_hold_full_stops() {
        let told = Trouble::from(CaptureError::Read("gone. Or not".to_owned()));
        assert_eq!(told.cause, "capturing stopped: gone. Or not");
        assert!(told.mend.starts_with("what was recorded before is kept"), "{}", told.mend);

        let starts = "the text “Dear diary. Today”".to_owned();
        let told = Trouble::from(NotOpened::NotACapture { starts });
        assert!(told.cause.ends_with("it starts with the text “Dear diary. Today”"), "{told}");
        assert!(told.mend.starts_with("Wirestage reads pcapng"), "{}", told.mend);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let check = |kind: io::ErrorKind, cause: &str, mend: &str| {
            let told = Trouble::unreadable(Path::new("a.pcap"), &kind.into());
            assert!(told.cause.contains(cause) && told.mend.contains(mend), "{told:?}");
        };
        check(io::ErrorKind::NotFound, "there is no file a.pcap", "its name");
        check(io::ErrorKind::PermissionDenied, "a.pcap may not be read by you", "its owner");
        check(io::ErrorKind::TimedOut, "a.pcap cannot be read: timed out", "may be read");
    }
}
