//! Making a recording away from the window, through whatever makes recordings here.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use wirestage_dissectors::ids::Time;
use wirestage_generators::Scenario;

use super::live::{Begun, LiveWanted};
use super::{Job, Wake};
use crate::document::{About, Progress};
use crate::export;
use crate::trouble::Trouble;
use crate::unused::unused;

/// What is to be recorded, and where to.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What is played.
    pub scenario: &'static Scenario,
    /// What its knobs are set to: name and value.
    pub knobs: Vec<(String, String)>,
    /// The settings of the link between client and servers, on top of the scenario's own; nothing
    /// where they are left as they are.
    pub link: Option<String>,
    /// The file to write.
    pub path: PathBuf,
}

/// A recording that was made.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The file.
    pub path: PathBuf,
    /// Why it ended before its end was written, where it did.
    pub ended_early: Option<String>,
}

/// Makes recordings. The program's own plays in the lab; a test's plays nothing.
pub trait Recorder: Send + Sync {
    /// Plays and records to the end. `progress` counts frames, in `done`; `changed` is called
    /// whenever it does. Nothing comes out where the work was cancelled.
    ///
    /// # Errors
    /// Where the system does not allow it, or the scenario failed.
    fn record(
        &self,
        wanted: &Wanted,
        progress: &Progress,
        changed: &Wake,
    ) -> Result<Option<Recorded>, Trouble>;

    /// Begins to capture what passes an interface, or what programs say.
    ///
    /// # Errors
    /// Where the system does not allow it.
    fn listen(&self, _wanted: &LiveWanted) -> Result<Begun, Trouble> {
        Err(Trouble::new("nothing can be captured here", "start the program itself"))
    }
}

/// Starts recording.
#[must_use]
pub(crate) fn start(
    recorder: Arc<dyn Recorder>,
    wanted: Wanted,
    wake: Wake,
) -> Job<Option<Recorded>> {
    let title = format!("Recording {}", wanted.scenario.title);
    let changed = Arc::clone(&wake);
    Job::start(title, wake, move |progress| {
        if let Some(folder) = wanted.path.parent() {
            private_folder(folder)?;
        }
        recorder.record(&wanted, progress, &changed)
    })
}

/// Makes the folder of recordings, readable for nobody else: recordings hold keys.
pub(super) fn private_folder(folder: &Path) -> Result<(), Trouble> {
    use std::os::unix::fs::DirBuilderExt;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| {
        Trouble::new(
            format!("The folder {} for recordings cannot be made: {error}.", folder.display()),
            "Make it by hand, or set XDG_DATA_HOME to a folder that can be written.",
        )
    })
}

/// The time of day.
pub(super) fn now() -> Time {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(now.as_nanos()).unwrap_or_default())
}

/// Where a new recording of a scenario goes: its name, what its knobs and its link were set to,
/// and the date, below `folder`.
#[must_use]
pub(crate) fn new_path(
    folder: &Path,
    scenario: &str,
    knobs: Vec<(String, String)>,
    link: Option<String>,
) -> PathBuf {
    let about = About { scenario: Some(scenario.to_owned()), knobs, link, ..About::default() };
    unused(folder, &export::recording(&about, now(), Path::new("")), "pcapng")
}

/// The folder of recordings (XDG Base Directory Specification: `XDG_DATA_HOME`).
#[must_use]
pub(crate) fn folder() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let data = set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")));
    data.unwrap_or_else(std::env::temp_dir).join("wirestage/recordings")
}
