//! The palette of commands: every act by its name, found by typing, with its keys.

use egui::{Align2, Key, Modifiers, RichText, ScrollArea, TextEdit, Ui, vec2};

use super::act::Act;
use super::command::{COMMANDS, Command};
use super::explore::{Copied, Follow, Input, Narrow, Pane, Secret, Since};
use super::state::{Screen, State};
use super::theme::Tone;
use crate::document::SortBy;

/// How wide it is, and how many entries are in sight.
const WIDE: f32 = 560.0;
const ROW: f32 = 24.0;
const SHOWN: f32 = 12.0;

/// What is typed, and which entry is chosen.
#[derive(Clone, Debug, Default)]
pub struct Asking {
    typed: String,
    chosen: usize,
    /// Whether it is painted for the first time.
    is_old: bool,
}

/// One entry.
struct Entry {
    name: &'static str,
    help: &'static str,
    keys: String,
    /// Why it would do nothing now.
    why_not: Option<&'static str>,
    act: Act,
}

/// Acts within a recording that have no place in the menu.
const WITHIN: [(&str, &str, Input); 24] = [
    (
        "Follow",
        "What the two sides of the chosen packet's connection said.",
        Input::Follow(Follow::Open),
    ),
    (
        "Key schedule",
        "Which secret of TLS exists since when, what it is made of, what it opens.",
        Input::Secret(Secret::Open),
    ),
    ("Copy row", "The chosen packet, its cells parted by tabs.", Input::Copy(Copied::Row)),
    ("Copy field", "The chosen line of the details.", Input::Copy(Copied::Field)),
    ("Copy value", "The value of the chosen field.", Input::Copy(Copied::Value)),
    (
        "Copy field with what is below",
        "The chosen line and its part of the tree.",
        Input::Copy(Copied::Branch),
    ),
    ("Copy details", "All fields of the chosen packet.", Input::Copy(Copied::Tree)),
    ("Copy bytes as hex", "The bytes of the chosen field.", Input::Copy(Copied::Hex)),
    ("Copy bytes as C array", "The bytes of the chosen field.", Input::Copy(Copied::Array)),
    ("Copy bytes as Base64", "The bytes of the chosen field.", Input::Copy(Copied::Base64)),
    ("Copy step", "What the chosen step does.", Input::Copy(Copied::Step)),
    (
        "Copy request as curl",
        "The request of the chosen packet, for a shell.",
        Input::Copy(Copied::Curl),
    ),
    (
        "Filter: is this",
        "Only packets whose field has the chosen value.",
        Input::Narrow(Narrow::Is),
    ),
    ("Filter: is not this", "All other packets.", Input::Narrow(Narrow::IsNot)),
    (
        "Filter: has this field",
        "Only packets that have the chosen field.",
        Input::Narrow(Narrow::Has),
    ),
    (
        "Filter: this connection",
        "Only packets of the chosen one's connection.",
        Input::Narrow(Narrow::Connection),
    ),
    ("Filter: not this connection", "All other packets.", Input::Narrow(Narrow::NotConnection)),
    (
        "Filter: this pair of hosts",
        "Only packets between the chosen one's hosts.",
        Input::Narrow(Narrow::Hosts),
    ),
    (
        "Times since the start",
        "Times of packets count from the first one.",
        Input::Since(Since::Start),
    ),
    (
        "Times since the packet above",
        "Times of packets count from the one above.",
        Input::Since(Since::Shown),
    ),
    ("Times of day", "Packets stand with the time of day.", Input::Since(Since::Day)),
    ("Sort packets by time", "The oldest packet first.", Input::Sort(SortBy::Time, false)),
    ("Sort packets by length", "The longest packet first.", Input::Sort(SortBy::Length, true)),
    (
        "Order of the recording",
        "Packets stand as they were captured.",
        Input::Sort(SortBy::Number, false),
    ),
];

/// The entries that what is typed finds: every word stands somewhere in the name, and those that
/// begin with it stand first.
fn found(
    typed: &str,
    is_exploring: bool,
    keys: impl Fn(Command) -> String,
    cannot: impl Fn(Command) -> Option<&'static str>,
) -> Vec<Entry> {
    let commands = COMMANDS.iter().filter(|entry| entry.command != Command::Palette).map(|entry| {
        let (keys, act) = (keys(entry.command), Act::Do(entry.command));
        let why_not = cannot(entry.command);
        Entry { name: entry.name, help: entry.help, keys, why_not, act }
    });
    let within = WITHIN.iter().filter(|_| is_exploring).map(|(name, help, input)| Entry {
        name,
        help,
        keys: String::new(),
        why_not: None,
        act: Act::Explore(*input),
    });
    // A panel may need more than to be seen: that is the act of its name.
    let is_named = |pane: &&Pane| !WITHIN.iter().any(|(name, ..)| *name == pane.title());
    let panels = Pane::ALL.iter().filter(|pane| is_exploring && is_named(pane));
    let panels = panels.map(|pane| Entry {
        name: pane.title(),
        help: "Bring this panel forward.",
        keys: String::new(),
        why_not: None,
        act: Act::Explore(Input::Panel(pane.title())),
    });
    let typed = typed.trim().to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let matches = |entry: &Entry| {
        let name = entry.name.to_lowercase();
        words.iter().all(|word| name.contains(word))
    };
    let mut found: Vec<Entry> = commands.chain(within).chain(panels).filter(matches).collect();
    found.sort_by_key(|entry| !entry.name.to_lowercase().starts_with(&typed));
    found
}

/// Shows it, where it is open.
pub(super) fn show(ui: &Ui, state: &mut State) {
    let Some(mut asking) = state.asking.take() else { return };
    let palette = state.palette.clone();
    let is_exploring = state.screen == Screen::Explore && state.explore.is_some();
    let keys = |command: Command| {
        command.entry().map_or_else(String::new, |one| ui.ctx().format_shortcut(&one.keys))
    };
    let entries = found(&asking.typed, is_exploring, keys, |command| state.cannot(command));
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let (down, up) = (pressed(Key::ArrowDown), pressed(Key::ArrowUp));
    let (enter, escape) = (pressed(Key::Enter), pressed(Key::Escape));
    let last = entries.len().saturating_sub(1);
    if down {
        asking.chosen += 1;
    }
    asking.chosen = if up { asking.chosen.saturating_sub(1) } else { asking.chosen }.min(last);
    let mut run = enter.then_some(asking.chosen);
    egui::Window::new("Commands")
        .title_bar(false)
        .resizable(false)
        .anchor(Align2::CENTER_TOP, vec2(0.0, 48.0))
        .show(ui.ctx(), |ui| {
            ui.set_width(WIDE);
            let edit = TextEdit::singleline(&mut asking.typed)
                .hint_text("What do you want to do?")
                .desired_width(WIDE);
            let field = ui.add(edit).accessible_name("What do you want to do?");
            if !asking.is_old {
                field.request_focus();
            }
            if field.changed() {
                asking.chosen = 0;
            }
            ui.add_space(4.0);
            let area = ScrollArea::vertical().max_height(ROW * SHOWN).auto_shrink([false, true]);
            area.show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for (at, entry) in entries.iter().enumerate() {
                    let is_chosen = at == asking.chosen;
                    let tone = if entry.why_not.is_some() { palette.faint } else { palette.ink };
                    let name = RichText::new(entry.name).tone(tone);
                    let button = egui::Button::selectable(is_chosen, name)
                        .shortcut_text(entry.keys.as_str())
                        .min_size(vec2(WIDE - 16.0, ROW));
                    let row = ui.add(button).on_hover_text(entry.help);
                    if is_chosen && (up || down) {
                        row.scroll_to_me(None);
                    }
                    if row.clicked() {
                        run = Some(at);
                    }
                }
            });
            let help = entries.get(asking.chosen);
            let help = help.map_or("Nothing is called so.", |one| one.why_not.unwrap_or(one.help));
            ui.add_space(4.0);
            ui.label(RichText::new(help).size(12.0).tone(palette.dim));
        });
    asking.is_old = true;
    match run.and_then(|at| entries.into_iter().nth(at)) {
        // It stays open, and says why.
        Some(entry) if entry.why_not.is_some() => state.asking = Some(asking),
        Some(entry) => state.acts.push(entry.act),
        None if escape => {}
        None => state.asking = Some(asking),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_are_found_by_any_words_of_their_names() {
        let names = |typed: &str, exploring| {
            let entries = found(typed, exploring, |_| String::new(), |_| None);
            entries.into_iter().map(|entry| entry.name).collect::<Vec<_>>()
        };
        assert_eq!(names("", false).len(), COMMANDS.len() - 1);
        let within = WITHIN.len() + Pane::ALL.len() - 1;
        assert_eq!(names("", true).len(), COMMANDS.len() - 1 + within, "Follow is an act");
        assert_eq!(names("hosts pair", true), ["Filter: this pair of hosts"]);
        assert_eq!(names("traffic", true), ["Traffic"]);
        assert!(names("traffic", false).is_empty(), "there is no recording");
        assert_eq!(names("find", true).first(), Some(&"Find next"));
        assert!(names("no such thing", true).is_empty());
    }

    #[test]
    fn every_act_has_a_name_and_a_sentence_of_its_own() {
        for (at, (name, help, _)) in WITHIN.iter().enumerate() {
            assert!(help.ends_with('.'), "{name}");
            assert!(WITHIN.iter().skip(at + 1).all(|(other, ..)| other != name), "{name}");
            assert!(COMMANDS.iter().all(|entry| entry.name != *name), "{name}");
        }
    }
}
