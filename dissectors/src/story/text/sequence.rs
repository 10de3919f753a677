//! A story as a sequence diagram in somebody else's language: which statements, in which order.
//! How each is spelled is the language's own (`mermaid`, `plantuml`).

use std::collections::HashMap;

use super::{Clock, badge, beads, chapter};
use crate::ids::Time;
use crate::limits::MAX_SEQUENCE_TEXT;
use crate::story::{Actor, Beat, BeatId, Outcome, Repeat, Story, Times};
use crate::wording::thousands;

/// A language for sequence diagrams. Each statement ends its own line.
pub(super) trait Language {
    /// What stands before all else: the title, the lifelines from left to right.
    fn head(&self, story: &Story) -> String;
    /// A chapter begins; `last` is the position of the last lifeline.
    fn chapter(&self, title: &str, last: usize) -> String;
    /// It ends.
    fn end_chapter(&self) -> &'static str;
    /// A step, which the language numbers itself.
    fn arrow(&self, ends: [usize; 2], lost: bool, label: &str) -> String;
    /// A silence between two steps.
    fn silence(&self, words: &str, last: usize) -> String;
    /// A remark below a step or at the end, across the lifelines between two.
    fn note(&self, ends: [usize; 2], words: &str) -> String;
    /// What ends the diagram.
    fn tail(&self) -> &'static str;
}

/// Room that is kept for what follows the last step: sum, notes, and what was left out.
const FOR_THE_END: usize = MAX_SEQUENCE_TEXT / 8;

/// The name of a lifeline.
pub(super) fn actor(at: usize) -> String {
    format!("a{}", at + 1)
}

/// What stands on a lifeline: its name, which no language lets be empty, and its address.
pub(super) fn card(actor: &Actor) -> [&str; 2] {
    match (actor.name.trim(), actor.address.as_str()) {
        ("", "") => ["not known", ""],
        ("", address) => [address, ""],
        (_, address) => [&actor.name, address],
    }
}

/// Writes a story, as far as [`MAX_SEQUENCE_TEXT`] goes.
pub(super) fn write(story: &Story, times: Times, language: &dyn Language) -> String {
    let clock = Clock::of(story, times);
    let last = story.cast.len().saturating_sub(1);
    let mut out = language.head(story);
    let about = [&*story.subtitle, &*times.note(clock.start).unwrap_or_default()].join(" · ");
    let about = about.trim_matches([' ', '·']);
    if !about.is_empty() && !story.cast.is_empty() {
        out.push_str(&language.note([0, last], about));
    }
    let silences = story.silences();
    let steps = story.steps();
    let again = story.said_before(steps.iter().copied());
    let repeats: HashMap<BeatId, &Repeat> = story.repeats_by_flight().collect();
    let mut open: Option<BeatId> = None;
    let mut begun: Vec<BeatId> = Vec::new();
    let mut told = 0;
    for id in &steps {
        let Some(beat) = story.beat(*id) else { continue };
        let mut piece = String::new();
        let above = story.chapter_of(*id);
        if above != open {
            piece.push_str(open.map_or("", |_| language.end_chapter()));
            if let Some((id, one)) = above.and_then(|id| Some((id, story.beat(id)?))) {
                let again = begun.contains(&id);
                piece.push_str(&language.chapter(&title(story, (id, one), again), last));
            }
        }
        if let Some(silence) = silences.iter().find(|silence| silence.before == *id) {
            let words = format!("{} of silence", span(silence.nanos));
            piece.push_str(&language.silence(&words, last));
        }
        piece.push_str(&step(story, (*id, beat), clock, language));
        if !again.contains_key(id) {
            piece.push_str(&meaning(story, beat, language));
        }
        if let Some(repeat) = repeats.get(id) {
            let [from, end] = ends(story, beat);
            let words = format!("{}, {}.", repeat.told(), repeat.cost());
            piece.push_str(&language.note([from.min(end), from.max(end)], &words));
        }
        if out.len() + piece.len() + FOR_THE_END > MAX_SEQUENCE_TEXT {
            break;
        }
        out.push_str(&piece);
        begun.extend(above.filter(|_| above != open));
        open = above;
        told += 1;
    }
    out.push_str(open.map_or("", |_| language.end_chapter()));
    let rest = steps.len() - told;
    let left_out = (rest > 0).then(|| {
        format!(
            "{} more steps are left out, for the text would be too long to be drawn.",
            thousands(rest as u64)
        )
    });
    let sum = Some(story.sum.clone()).filter(|sum| !sum.is_empty());
    for words in left_out.into_iter().chain(sum).chain(story.remarks()) {
        let note = language.note([0, last], &words);
        if !story.cast.is_empty() && out.len() + note.len() + 64 <= MAX_SEQUENCE_TEXT {
            out.push_str(&note);
        }
    }
    out.push_str(language.tail());
    out
}

/// A chapter's title with its cost; that alone where it goes on after another was told.
fn title(story: &Story, (id, beat): (BeatId, &Beat), again: bool) -> String {
    match badge(story, beat) {
        Some(letter) if again => format!("{letter} · {}, continued", beat.label),
        None if again => format!("{}, continued", beat.label),
        _ => chapter(story, (id, beat)),
    }
}

/// An arrow.
fn step(story: &Story, (id, beat): (BeatId, &Beat), clock: Clock, to: &dyn Language) -> String {
    let whose = badge(story, beat).map(|letter| format!("{letter} · ")).unwrap_or_default();
    let when = match beat.sent.time {
        Time::UNKNOWN => String::new(),
        time => format!(" ({}{})", clock.time(time), clock.unit()),
    };
    let label = format!("{whose}{}{when}", beads(story, id, beat));
    to.arrow(ends(story, beat), beat.outcome == Outcome::Lost, &label)
}

/// What an arrow means, to be read below it.
fn meaning(story: &Story, beat: &Beat, to: &dyn Language) -> String {
    if beat.headline.is_empty() {
        return String::new();
    }
    let [from, end] = ends(story, beat);
    to.note([from.min(end), from.max(end)], &format!("{}.", beat.headline))
}

fn ends(story: &Story, beat: &Beat) -> [usize; 2] {
    let last = story.cast.len().saturating_sub(1);
    [beat.from, beat.to].map(|actor| usize::from(actor.0).min(last))
}

/// A silence, in the unit that suits it.
fn span(nanos: i64) -> String {
    match nanos {
        ..1_000_000_000 => format!("{} ms", nanos / 1_000_000),
        _ => format!("{}.{} s", nanos / 1_000_000_000, nanos % 1_000_000_000 / 100_000_000),
    }
}
