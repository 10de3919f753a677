//! Which commands can do anything now, and why the others cannot: the menu and the palette say so.

use super::command::Command;
use super::state::{Screen, State};

const NOTHING_OPEN: &str = "No recording is open.";
const NOT_SEEN: &str = "The open recording is not what is looked at: go to Explore first.";

impl State {
    /// Why a command would do nothing now; nothing where it does something.
    pub(super) fn cannot(&self, command: Command) -> Option<&'static str> {
        let is_open = self.explore.is_some();
        let is_seen = is_open && self.screen == Screen::Explore;
        match command {
            Command::AddKeys
            | Command::Export
            | Command::SaveRecording
            | Command::CopyPicture
            | Command::CopyText
            | Command::Explore
            | Command::Alone
            | Command::ResetLayout => (!is_open).then_some(NOTHING_OPEN),
            Command::FindNext
            | Command::FindPrevious
            | Command::GoTo
            | Command::Back
            | Command::Forward
            | Command::Filter
            | Command::Mark
            | Command::Comment
            | Command::NextRemark
            | Command::Reference
            | Command::DecodeAs
            | Command::NextStep
            | Command::PreviousStep
            | Command::NextConnection
            | Command::PreviousConnection
            | Command::Overview => match (is_open, is_seen) {
                (false, _) => Some(NOTHING_OPEN),
                (true, false) => Some(NOT_SEEN),
                (true, true) => None,
            },
            Command::StopCapture => {
                let is_running = self.capturing.as_ref().is_some_and(|one| one.live.is_running());
                (!is_running).then_some("Nothing is being captured.")
            }
            Command::Cancel => (!self.cancels()).then_some("Nothing runs that could be stopped."),
            Command::Open
            | Command::Palette
            | Command::Stage
            | Command::Compare
            | Command::Run
            | Command::Capture
            | Command::Find
            | Command::NextRegion
            | Command::PreviousRegion
            | Command::Hosts
            | Command::Theme
            | Command::Larger
            | Command::Smaller
            | Command::ActualSize
            | Command::Shortcuts
            | Command::Quit => None,
        }
    }

    /// What the window is called: what is looked at, as its scenario or its story says, and whose
    /// window it is.
    pub(super) fn title(&self) -> String {
        const OWN: &str = "Wirestage";
        let seen = match (self.screen, &self.explore, &self.compare) {
            (Screen::Explore, Some(explore), _) => explore.title(),
            (Screen::Compare, _, Some(compare)) => compare.set().title.to_owned(),
            _ => return OWN.to_owned(),
        };
        format!("{seen} – {OWN}")
    }
}
