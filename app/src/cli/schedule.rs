//! `wirestage story --key-schedule`: which secret exists from which message on, what it is made of,
//! what it opens, and whether what was made with it is right.

use std::fmt::Write;

use data_encoding::HEXLOWER;
use wirestage_dissectors::ids::ConnectionId;
use wirestage_dissectors::protocols::tls::names::{self, GROUPS, VERSIONS};
use wirestage_dissectors::protocols::tls::schedule::{
    Finished, Opened, Schedule, ScheduledSecret, Standing, schedules,
};

use crate::document::Document;

/// The key schedules of these connections as text; values only where they are asked for.
pub(super) fn text(document: &Document, shown: &[ConnectionId], values: bool) -> String {
    let mut text = String::new();
    for (id, found) in of(document, shown) {
        let number = document.connections.iter().position(|one| *one == id).unwrap_or(0) + 1;
        for schedule in found {
            // Writing to a string cannot fail.
            let _ = one(&mut text, number, &schedule, values);
        }
    }
    if text.is_empty() {
        text.push_str("No handshake of TLS was answered here.\n");
    }
    text
}

/// The key schedules of each connection.
pub(super) fn of(
    document: &Document,
    shown: &[ConnectionId],
) -> Vec<(ConnectionId, Vec<Schedule>)> {
    let mut conversations = document.conversations();
    let known = (document.context(), &*document.survey);
    shown.iter().map(|id| (*id, schedules(&mut conversations, known, *id))).collect()
}

fn one(out: &mut String, number: usize, schedule: &Schedule, values: bool) -> std::fmt::Result {
    let gap = if out.is_empty() { "" } else { "\n" };
    let version = names::name(VERSIONS, schedule.version.0);
    let group = schedule.group.map(|group| format!(" · {}", names::name(GROUPS, group)));
    let (suite, group) = (schedule.suite.name(), group.unwrap_or_default());
    writeln!(out, "{gap}Connection {number} · {version} · {suite}{group}")?;
    let mut since = None;
    for stage in &schedule.stages {
        if since != Some(stage.since) {
            let (message, frame) = stage.since;
            let place = frame.map(|frame| format!(", frame {}", frame.number()));
            writeln!(out, "\n  From {message} on{}", place.unwrap_or_default())?;
            since = Some(stage.since);
        }
        writeln!(out, "    {}", stage.name)?;
        for line in lines(stage, values) {
            writeln!(out, "        {line}")?;
        }
    }
    Ok(())
}

/// What there is to say of a secret, a line each.
fn lines(stage: &ScheduledSecret, values: bool) -> Vec<String> {
    let standing = match stage.standing {
        Standing::Hidden => "never leaves either side, and no key log holds it",
        Standing::Logged => "in the key log",
        Standing::Missing => "not in the key log",
        Standing::Underivable => "cannot be made: what it is made of is not in the key log",
        Standing::WorkedOut => "worked out from the key log",
        Standing::NotMade => "not made",
    };
    let mut lines = vec![format!("made {}; {standing}", stage.made_of)];
    if let Some(opened) = stage.opened {
        lines.push(told_opened(opened, stage));
    }
    if let Some((what, Finished { frame, is_right })) = stage.proof() {
        let how = if is_right { "is right" } else { "is WRONG" };
        lines.push(format!("the {what} in frame {} was made anew, and {how}", frame.number()));
    }
    if !stage.purpose.is_empty() {
        lines.push(stage.purpose.to_owned());
    }
    if values {
        lines.extend(stage.value.as_ref().map(|value| format!("value {}", HEXLOWER.encode(value))));
        lines.extend(stage.keys.as_ref().map(|(key, iv)| {
            format!("gives key {}, IV {}", HEXLOWER.encode(key), HEXLOWER.encode(iv))
        }));
    }
    lines
}

fn told_opened(opened: Opened, stage: &ScheduledSecret) -> String {
    let what = if stage.seals_packets { "packet" } else { "record" };
    let records = match opened.records {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    let (first, last) = opened.frames;
    let frames = if first == last {
        format!("frame {}", first.number())
    } else {
        format!("frames {} to {}", first.number(), last.number())
    };
    format!("opens {records}, {} bytes, {frames}", opened.bytes)
}
