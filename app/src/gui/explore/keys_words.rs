//! What is said of a secret, in the panel as on the command line's `--key-schedule`.

use wirestage_dissectors::protocols::tls::schedule::{Opened, Schedule, ScheduledSecret, Standing};
use wirestage_dissectors::wording::bytes;

/// Whether its value is known, in a few words.
pub(super) const fn standing(stage: &ScheduledSecret) -> &'static str {
    match stage.standing {
        Standing::Hidden => "never logged",
        Standing::Logged => "in the key log",
        Standing::Missing => "× not in the key log",
        Standing::Underivable => "× cannot be made",
        Standing::WorkedOut => "worked out",
        Standing::NotMade => "not made",
    }
}

/// The same, with what a secret lacks that cannot be made.
pub(super) fn standing_of(schedule: &Schedule, nth: usize) -> String {
    let Some(stage) = schedule.stages.get(nth) else { return String::new() };
    let parent = schedule.parent(nth).and_then(|parent| schedule.stages.get(parent));
    match (stage.standing, parent) {
        (Standing::Underivable, Some(parent)) => {
            format!("{}: {} missing", standing(stage), parent.name)
        }
        _ => standing(stage).to_owned(),
    }
}

/// What it opens, or what it is for.
pub(super) fn opened(stage: &ScheduledSecret) -> String {
    match stage.opened {
        Some(opened) => counted(opened, stage),
        None if !stage.purpose.is_empty() => stage.purpose.to_owned(),
        None if stage.seals.is_some() && stage.is_lacking() => {
            "what it sealed stays sealed".to_owned()
        }
        None if stage.seals.is_some() => "nothing was opened with it".to_owned(),
        None => String::new(),
    }
}

fn counted(opened: Opened, stage: &ScheduledSecret) -> String {
    let what = if stage.seals_packets { "packet" } else { "record" };
    let records = match opened.records {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    let (first, last) = opened.frames;
    let frames = match first == last {
        true => format!("frame {}", first.number()),
        false => format!("frames {} to {}", first.number(), last.number()),
    };
    format!("{records}, {}, {frames}", bytes(opened.bytes))
}

/// Since when it exists.
pub(super) fn since(stage: &ScheduledSecret) -> String {
    let (message, frame) = stage.since;
    let place = frame.map(|frame| format!(", frame {}", frame.number()));
    format!("From {message} on{}", place.unwrap_or_default())
}

/// All of it, for whoever does not see the picture.
pub(super) fn label(schedule: &Schedule, nth: usize) -> String {
    let Some(stage) = schedule.stages.get(nth) else { return String::new() };
    let opened = opened(stage);
    let opened = if opened.is_empty() { opened } else { format!(", {opened}") };
    let (name, made_of) = (&stage.name, &stage.made_of);
    format!("{name}, made {made_of}, {}, {}{opened}", standing_of(schedule, nth), since(stage))
}
