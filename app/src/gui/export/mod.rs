//! Export: what is told as a picture, text or another diagram's source; the recording under a name
//! of its own; and both for the clipboard.
//!
//! ```text
//!   button, key ──> Exporting (what, where, how) ──> job ──> file, or clipboard
//!                        ^                            │
//!                        └── done, or what went wrong ┘
//! ```

mod exporting;
mod panel;
mod step;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use wirestage_dissectors::story::{Level, Story};

pub use exporting::Exporting;
pub(super) use panel::show;
pub use step::{Step, What};

use super::command::Command;
use super::explore::View;
use super::state::{Asked, State};
use super::work::Job;
use super::work::export::{self as work, Made};
use crate::diagram::Theme;
use crate::export::{Clock, Format, Wanted};
use crate::trouble::Trouble;
use crate::unused::unused;

impl State {
    /// Carries out a command of this room.
    pub(super) fn export_command(&mut self, command: Command) {
        let what = match command {
            Command::SaveRecording => What::Recording,
            _ => What::Story(Format::default()),
        };
        if self.explore.is_none() {
            return;
        }
        match (&mut self.exporting, command) {
            (Some(_), Command::SaveRecording) => self.export(Step::Choose(what)),
            (Some(_), _) => {}
            (None, _) => {
                let path = self.suggested(what).display().to_string();
                self.exporting = Some(Exporting {
                    what,
                    path,
                    dark: false,
                    redact: true,
                    only_chosen: false,
                    problem: None,
                    done: None,
                    agreed: None,
                    clip: None,
                    job: None,
                });
            }
        }
        match command {
            Command::CopyPicture => self.export(Step::Picture),
            Command::CopyText => self.export(Step::Text),
            _ => {}
        }
    }

    /// Carries out what a person did about the export.
    pub(super) fn export(&mut self, step: Step) {
        match step {
            Step::Clock(clock) => {
                self.settings.clock = clock;
                if let Some(explore) = &mut self.explore {
                    explore.shown.clock = clock;
                }
            }
            Step::Axis(axis) => {
                self.settings.down = Some(axis);
                if let Some(explore) = &mut self.explore {
                    explore.shown.chosen_axis = Some(axis);
                }
            }
            Step::Close => self.exporting = None,
            Step::Choose(what) => {
                // A name that somebody typed stays, with another ending.
                let before = self.exporting.as_ref().map(|one| self.suggested(one.what));
                let next = self.suggested(what);
                if let Some(one) = &mut self.exporting {
                    let is_ours = before.as_deref() == Some(Path::new(&one.path));
                    let kept = PathBuf::from(&one.path).with_extension(what.ending());
                    one.path = if is_ours { next } else { kept }.display().to_string();
                    (one.what, one.done, one.problem) = (what, None, None);
                }
            }
            Step::Browse => self.ask(Asked::Export),
            Step::Write | Step::Picture | Step::Text => self.begin_export(&step),
        }
    }

    /// Starts what takes a while, away from the window; one thing at a time.
    fn begin_export(&mut self, step: &Step) {
        let Some(explore) = &self.explore else { return };
        let Some(one) = self.exporting.as_mut().filter(|one| one.job.is_none()) else { return };
        (one.problem, one.done) = (None, None);
        let wake = Arc::clone(&self.wake);
        let path = one.file();
        if (step, one.what) == (&Step::Write, What::Recording) {
            if explore.source.paths.contains(&path) {
                one.problem = Some(Trouble::new(
                    "this is the recording that is open",
                    "choose another name; the open file stays as it is",
                ));
                return;
            }
            let live = self.capturing.as_ref().filter(|live| live.is_shown());
            let keys = live.map(|live| live.live.keys.clone()).unwrap_or_default();
            let told = (keys, explore.comments());
            one.job = Some(work::recording(Arc::clone(explore.recording()), told, path, wake));
            return;
        }
        if *step == Step::Write && one.what.is_of_requests() {
            let requests = explore.requests();
            one.job = Some(match one.what {
                What::Archive => work::archive(requests, one.redact, path, wake),
                _ => {
                    let only = explore.request().filter(|_| one.only_chosen);
                    work::contents(requests, only, path, wake)
                }
            });
            return;
        }
        if explore.shown.view == View::Overview {
            one.problem = Some(Trouble::new(
                "the overview is shown, and what is exported here is the story of a connection",
                "choose a connection; wirestage export --level overview writes the overview",
            ));
            return;
        }
        let Some(story) = explore.shown.story.clone() else {
            one.problem = Some(Trouble::new(
                "the connections are still being read",
                "wait until the diagram is there, then export it",
            ));
            return;
        };
        let axis = explore.shown.axis();
        let level = explore.shown.level.unwrap_or(Level::Flight);
        // What is followed in the window is followed in its picture.
        let followed = explore.selection.beat;
        let wanted = wanted(&story, self.settings.clock, one.dark);
        let wanted = Wanted { axis, level, followed, ..wanted };
        one.job = Some(match (step, one.what) {
            (Step::Picture, _) => work::picture(story, wanted, wake),
            (Step::Text, _) => work::text(story, wanted, wake),
            (_, What::Story(format)) => work::file(story, (format, wanted), path, wake),
            (_, What::Recording | What::Archive | What::Contents) => return,
        });
    }

    /// Takes what the job brought.
    pub(super) fn collect_export(&mut self) {
        let Some(one) = &mut self.exporting else { return };
        let Some(result) = one.job.as_ref().and_then(Job::poll) else { return };
        one.job = None;
        match result {
            Ok(Some(Made::File(path, size))) => {
                if let Some(explore) = self.explore.as_mut().filter(|_| one.what == What::Recording)
                {
                    explore.comments_saved();
                }
                one.agreed = None;
                one.done = Some(format!("Written: {} ({size})", path.display()));
                self.settings.exports = path.parent().map(Path::to_path_buf);
            }
            Ok(Some(made)) => {
                one.done = Some(match &made {
                    Made::Picture(image) => {
                        let [width, height] = image.size;
                        format!("The picture is on the clipboard: {width} x {height} pixels")
                    }
                    _ => "The text is on the clipboard".to_owned(),
                });
                one.clip = Some(made);
            }
            Ok(None) => one.done = Some("Cancelled: nothing was written".to_owned()),
            Err(problem) => one.problem = Some(problem),
        }
    }

    /// The answer of the dialog.
    pub(super) fn export_to(&mut self, path: &Path) {
        if let Some(one) = &mut self.exporting {
            one.path = path.display().to_string();
            one.agreed = Some(one.file());
        }
    }

    /// Whether something of the export can be cancelled or closed.
    pub(super) const fn export_is_open(&self) -> bool {
        self.exporting.is_some()
    }

    /// Stops what is being made; with nothing being made, closes the export.
    pub(super) fn cancel_export(&mut self) {
        match self.exporting.as_ref().map(Exporting::doing) {
            Some(Some(job)) => job.progress.cancel(),
            _ => self.exporting = None,
        }
    }

    /// The file that is offered: a name that says what it is, where one exported last.
    fn suggested(&self, what: What) -> PathBuf {
        let Some(explore) = &self.explore else { return PathBuf::new() };
        let name = match what {
            What::Story(_) => explore.story_name(),
            What::Recording | What::Archive | What::Contents => explore.recording_name(),
        };
        let home = || std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
        let folder = self.settings.exports.clone().unwrap_or_else(home);
        if what == What::Contents {
            return folder.join(name + "-contents");
        }
        unused(&folder, &name, what.ending())
    }
}

fn wanted(story: &Story, clock: Clock, dark: bool) -> Wanted {
    let theme = if dark { Theme::dark() } else { Theme::light() };
    Wanted { theme, times: clock.times(story), ..Wanted::default() }
}
