//! What a person can ask of the window: one table with name, shortcut and help.
//!
//! The menu, the list of shortcuts and the keyboard are loops over it.

use egui::{Key, KeyboardShortcut, Modifiers};

/// Something a person can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Choose a recording in a dialog and open it.
    Open,
    /// Choose a key log in a dialog and add it to the open recording.
    AddKeys,
    /// Prepare what is told for a file or the clipboard.
    Export,
    /// Keep the recording under a name of its own.
    SaveRecording,
    /// Put the picture on the clipboard.
    CopyPicture,
    /// Put the story on the clipboard as text.
    CopyText,
    /// Show every act by its name.
    Palette,
    /// Go to the catalogue.
    Stage,
    /// Go to the open recording.
    Explore,
    /// Go to what is seen side by side.
    Compare,
    /// Run the chosen scenario.
    Run,
    /// Choose what is to be captured.
    Capture,
    /// End what is captured.
    StopCapture,
    /// Stop what runs in the background.
    Cancel,
    /// Find a scenario by its words, or something in a recording.
    Find,
    /// Go to the next place that was found.
    FindNext,
    /// Go to the one before.
    FindPrevious,
    /// Go to a frame, a time, a step or a connection.
    GoTo,
    /// Go where one was before.
    Back,
    /// Go on again after going back.
    Forward,
    /// Mark the chosen packet.
    Mark,
    /// Comment on the chosen packet.
    Comment,
    /// Go to the next packet that is marked or commented on.
    NextRemark,
    /// Count times from the chosen packet.
    Reference,
    /// Say how a port or a connection is to be read.
    DecodeAs,
    /// Put the cursor into the filter line.
    Filter,
    /// Select the next step of the diagram.
    NextStep,
    /// Select the step before.
    PreviousStep,
    /// Tell the next connection.
    NextConnection,
    /// Tell the connection before.
    PreviousConnection,
    /// Go back to the overview of all connections.
    Overview,
    /// Give the diagram all room, or show all panels again.
    Alone,
    /// Give the keyboard to the next part of the window.
    NextRegion,
    /// Give it to the part before.
    PreviousRegion,
    /// Put the panels back where they were at first.
    ResetLayout,
    /// Names of hosts, or their addresses.
    Hosts,
    /// Light or dark.
    Theme,
    /// Everything larger.
    Larger,
    /// Everything smaller.
    Smaller,
    /// The size it has at first.
    ActualSize,
    /// Show or hide the list of shortcuts.
    Shortcuts,
    /// Close the window.
    Quit,
}

/// One line of the table.
pub struct Entry {
    /// What it does.
    pub command: Command,
    /// What the menu calls it.
    pub name: &'static str,
    /// Its keys.
    pub keys: KeyboardShortcut,
    /// What it does, in a sentence.
    pub help: &'static str,
}

const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

const fn alone(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}

const fn alt(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::ALT, key)
}

const fn entry(
    command: Command,
    name: &'static str,
    keys: KeyboardShortcut,
    help: &'static str,
) -> Entry {
    Entry { command, name, keys, help }
}

/// All commands, in the order of the menu.
pub static COMMANDS: &[Entry] = &[
    entry(
        Command::Open,
        "Open…",
        ctrl(Key::O),
        "Open a recording: pcapng or pcap. Several files are one recording.",
    ),
    entry(
        Command::AddKeys,
        "Add keys…",
        ctrl_shift(Key::K),
        "Read a key log into the open recording, or a .proto file that names the fields of gRPC.",
    ),
    entry(
        Command::Export,
        "Export…",
        ctrl(Key::E),
        "Write what is told as SVG, PNG, PDF, Mermaid, PlantUML or text.",
    ),
    entry(
        Command::SaveRecording,
        "Save recording…",
        ctrl(Key::S),
        "Keep the recording with its keys under a name of its own.",
    ),
    entry(
        Command::CopyPicture,
        "Copy picture",
        ctrl_shift(Key::P),
        "Put the picture of what is told on the clipboard.",
    ),
    entry(
        Command::CopyText,
        "Copy text",
        ctrl_shift(Key::Y),
        "Put what is told on the clipboard as text.",
    ),
    entry(Command::Palette, "Commands…", ctrl(Key::K), "Find any act by its name."),
    entry(Command::Stage, "Stage", alt(Key::Num1), "Choose a scenario and run it."),
    entry(Command::Explore, "Explore", alt(Key::Num2), "Look at the open recording."),
    entry(
        Command::Compare,
        "Compare",
        alt(Key::Num3),
        "See ways to do the same side by side, and what each costs.",
    ),
    entry(
        Command::Run,
        "Run again",
        ctrl(Key::R),
        "Record the chosen scenario; in a recording, its own again, or read its file again.",
    ),
    entry(
        Command::Capture,
        "Capture…",
        ctrl_shift(Key::R),
        "Watch what passes an interface of this machine, or what a command says, as it comes.",
    ),
    entry(Command::StopCapture, "Stop the capture", ctrl(Key::Period), "End it, and keep it."),
    entry(Command::Cancel, "Cancel", alone(Key::Escape), "Stop what runs in the background."),
    entry(
        Command::Find,
        "Search",
        ctrl(Key::F),
        "Find a scenario by its words; in a recording, text, bytes or an expression.",
    ),
    entry(Command::FindNext, "Find next", alone(Key::F3), "Go to the next place that has it."),
    entry(
        Command::FindPrevious,
        "Find previous",
        shift(Key::F3),
        "Go to the place before that has it.",
    ),
    entry(Command::Filter, "Filter", ctrl(Key::L), "Show only frames that pass a filter."),
    entry(
        Command::GoTo,
        "Go to…",
        ctrl(Key::G),
        "Go to a frame, a time, a step or a connection by its number.",
    ),
    entry(Command::Back, "Back", alt(Key::ArrowLeft), "Go where you were before."),
    entry(Command::Forward, "Forward", alt(Key::ArrowRight), "Go on again after going back."),
    entry(
        Command::Mark,
        "Mark packet",
        ctrl_shift(Key::M),
        "Mark the chosen packet, or no longer; the recording keeps it.",
    ),
    entry(
        Command::Comment,
        "Comment on packet…",
        ctrl_shift(Key::N),
        "Write a comment on the chosen packet; the recording keeps it.",
    ),
    entry(
        Command::NextRemark,
        "Next mark or comment",
        alone(Key::F4),
        "Go to the next packet that is marked or commented on.",
    ),
    entry(
        Command::Reference,
        "Time reference",
        ctrl_shift(Key::T),
        "Count the times of packets from the chosen one, or from the first again.",
    ),
    entry(
        Command::DecodeAs,
        "Decode as…",
        ctrl_shift(Key::U),
        "Say which protocol speaks on the chosen packet's port or connection.",
    ),
    entry(Command::NextStep, "Next step", alt(Key::ArrowDown), "Select the next step."),
    entry(Command::PreviousStep, "Previous step", alt(Key::ArrowUp), "Select the step before."),
    entry(
        Command::NextConnection,
        "Next connection",
        alt(Key::PageDown),
        "Tell the connection that began next.",
    ),
    entry(
        Command::PreviousConnection,
        "Previous connection",
        alt(Key::PageUp),
        "Tell the connection that began before.",
    ),
    entry(
        Command::Overview,
        "Overview",
        alt(Key::Home),
        "Go back to the overview of all connections.",
    ),
    entry(
        Command::Alone,
        "One panel alone",
        ctrl(Key::M),
        "Give the diagram all room, or show all panels again.",
    ),
    entry(
        Command::NextRegion,
        "Next panel",
        alone(Key::F6),
        "Give the keyboard to the next panel or bar.",
    ),
    entry(
        Command::PreviousRegion,
        "Previous panel",
        shift(Key::F6),
        "Give the keyboard to the panel or bar before.",
    ),
    entry(
        Command::ResetLayout,
        "Reset the panels",
        ctrl(Key::Num9),
        "Put the panels of Explore back to their first places.",
    ),
    entry(
        Command::Hosts,
        "Names or addresses",
        ctrl_shift(Key::H),
        "Call hosts by names that the recording holds, or by their addresses.",
    ),
    entry(Command::Theme, "Light or dark", ctrl(Key::T), "Switch between light and dark."),
    entry(Command::Larger, "Larger", ctrl(Key::Plus), "Show everything larger, up to 300 %."),
    entry(Command::Smaller, "Smaller", ctrl(Key::Minus), "Show everything smaller, down to 80 %."),
    entry(Command::ActualSize, "Actual size", ctrl(Key::Num0), "Show everything at 100 %."),
    entry(Command::Shortcuts, "Shortcuts", alone(Key::F1), "Show or hide this list."),
    entry(Command::Quit, "Quit", ctrl(Key::Q), "Close the window."),
];

/// Further keys for some of them.
static ALSO: &[(Command, KeyboardShortcut)] = &[
    (Command::Filter, alone(Key::Slash)),
    // Plus lies on the key of equals on many keyboards.
    (Command::Larger, ctrl(Key::Equals)),
];

impl Command {
    /// Its line of the table.
    #[must_use]
    pub fn entry(self) -> Option<&'static Entry> {
        COMMANDS.iter().find(|entry| entry.command == self)
    }

    /// What the menu calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().map_or("", |entry| entry.name)
    }

    /// Its sentence with its keys, for a tooltip.
    #[must_use]
    pub fn tip(self, ctx: &egui::Context) -> String {
        self.entry().map_or_else(String::new, |entry| {
            format!("{} ({})", entry.help, ctx.format_shortcut(&entry.keys))
        })
    }

    /// The commands whose keys were pressed; the keys are taken, so that no widget hears them.
    /// Escape is left to menus and fields where there is nothing to cancel.
    #[must_use]
    pub fn pressed(ctx: &egui::Context, cancels: bool) -> Vec<Self> {
        let typing = ctx.text_edit_focused();
        let escape = cancels && !ctx.any_popup_open();
        let keys = || {
            let own = COMMANDS.iter().map(|entry| (entry.command, entry.keys));
            own.chain(ALSO.iter().copied())
        };
        let with_shift = |(_, keys): &(Self, KeyboardShortcut)| keys.modifiers.shift;
        ctx.input_mut(|input| {
            // Keys without shift would hear those with it.
            let shifted = keys().filter(with_shift);
            shifted
                .chain(keys().filter(|keys| !with_shift(keys)))
                // What is typed goes into the field; Escape leaves it before it cancels anything.
                .filter(|(_, keys)| !(typing && is_typed(keys)))
                .filter(|(command, _)| *command != Self::Cancel || escape)
                .filter(|(_, keys)| input.consume_shortcut(keys))
                .map(|(command, _)| command)
                .collect()
        })
    }
}

/// Whether a field that has the keyboard hears these keys.
fn is_typed(keys: &KeyboardShortcut) -> bool {
    let is_bare = keys.modifiers.is_none() || keys.modifiers.shift_only();
    is_bare && !(Key::F1..=Key::F35).contains(&keys.logical_key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_one_line_and_keys_of_its_own() {
        for (index, entry) in COMMANDS.iter().enumerate() {
            assert!(!entry.name.is_empty() && entry.help.ends_with('.'), "{}", entry.name);
            for other in COMMANDS.iter().skip(index + 1) {
                assert_ne!(entry.command, other.command);
                assert_ne!(entry.keys, other.keys, "{} and {}", entry.name, other.name);
            }
        }
    }
}
