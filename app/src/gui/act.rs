//! Acts: what a person did, for `logic` to carry out. Views say these and change nothing.

use std::path::PathBuf;

use super::command::Command;
use super::compare::input::Input as Comparing;
use super::explore::Input;
use super::export::Step;
use super::live::Step as LiveStep;
use crate::trouble::Trouble;

/// Something a person did, to be carried out by `logic`.
#[derive(Clone, Debug)]
pub enum Act {
    /// A command of the table.
    Do(Command),
    /// Open these files as one recording.
    Open(Vec<PathBuf>),
    /// Open the sample recording of this scenario.
    Sample(&'static str),
    /// Add this key log.
    Keys(PathBuf),
    /// Choose a key log in a dialog.
    Browse,
    /// Choose this scenario.
    Choose(&'static str),
    /// Something within the open recording.
    Explore(Input),
    /// Something on the Compare screen.
    Compare(Comparing),
    /// Something about an export.
    Export(Step),
    /// Something about capturing.
    Live(LiveStep),
    /// Tell more about what went wrong.
    Tell(Trouble),
    /// The problem was read.
    Dismiss,
}
