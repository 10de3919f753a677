//! What only reading everything finds: alerts, answers that are errors, handshakes without an end.
//!
//! [`events`] looks at the messages of one frame and is free to run beside others; [`Findings`]
//! takes what it gave, in any order.

use super::fate::{Condition, Fate};
use super::line::Line;
use crate::attribution::Attribution;
use crate::describe::Dissection;
use crate::ids::{ConnectionId, FrameId, ProtocolId};
use crate::limits::MAX_OVERVIEW_FINDINGS;
use crate::maps::FastMap;
use crate::message::Protection;
use crate::protocols::{data, dns, http, http2, sip, tls::fields::PROTOCOL_ID as TLS};
use crate::telling::Outcome;

/// One thing that a message says of how its connection goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    connection: ConnectionId,
    frame: FrameId,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// A ClientHello.
    Hello,
    /// Something that comes after a handshake's first messages, or may be that.
    Beyond,
    /// An alert that ends the connection.
    Alert(Box<str>),
    /// An answer that is an error.
    Error(Box<str>),
}

/// What was found in one connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// What ended it: "alert: unknown_ca".
    pub failed: Option<(Box<str>, FrameId)>,
    /// The first answer that is an error: "503 Service Unavailable".
    pub error: Option<(Box<str>, FrameId)>,
    /// How many answers are errors.
    pub errors: u32,
    has_hello: Option<FrameId>,
    is_beyond: bool,
}

/// What was found so far, by connection.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    by_connection: FastMap<ConnectionId, Finding>,
}

/// What the messages that a frame completes say of how their connection goes.
pub fn events(
    frame: FrameId,
    scene: &Dissection<'_>,
    attribution: &Attribution,
    found: &mut Vec<Event>,
) {
    let (context, survey) = (scene.context(), scene.survey());
    let Some(owner) = attribution.of(frame, survey) else { return };
    let connection = owner.connection;
    let bytes = context.frames.frame(frame);
    if bytes.bytes.len() < bytes.wire_len as usize {
        // What was cut off may have held anything.
        found.push(Event { connection, frame, what: What::Beyond });
    }
    let messages = scene.messages(frame);
    for (message, view) in messages {
        let Some(layer) = view.layer(message.layer) else { continue };
        let protocol = layer.protocol;
        if protocol == data::PROTOCOL_ID {
            continue;
        }
        let mut push = |what| {
            let event = Event { connection, frame, what };
            if found.last() != Some(&event) {
                found.push(event);
            }
        };
        // A hello that is sealed inside another is no more than a hello.
        if message.protection.is_sealed() && message.protection != Protection::Ech {
            push(What::Beyond);
            if message.protection == Protection::Opaque {
                continue;
            }
        }
        let Some(told) = context.registry.get(protocol).tell(message, &view) else { continue };
        if protocol == TLS {
            match told.label.as_str() {
                "ClientHello" => push(What::Hello),
                // A suite may seal nothing.
                "ChangeCipherSpec" | "Finished" => push(What::Beyond),
                _ => {}
            }
        }
        if told.outcome == Outcome::Refused && is_error(protocol, &told.label) {
            let words = reason(&told.label, &told.detail);
            let is_alert = protocol == TLS;
            push(if is_alert { What::Alert(words) } else { What::Error(words) });
        }
    }
}

/// So much of a reason is kept.
const MAX_REASON: usize = 160;

/// Why somebody refuses: the words on the bead, and where those were too many for it, the rest of
/// them, which stands in what is added.
fn reason(label: &str, detail: &str) -> Box<str> {
    let Some(begun) = label.strip_suffix('…') else { return label.into() };
    // What is added may leave out a code that the bead begins with.
    let words = [0].into_iter().chain(begun.find(' ').map(|at| at + 1));
    let whole = words.filter_map(|at| Some((begun.get(..at)?, begun.get(at..)?)));
    let mut whole = whole.filter(|(_, rest)| !rest.is_empty()).filter_map(|(code, rest)| {
        let from = detail.find(rest)?;
        Some(format!("{code}{}", detail.get(from..)?.trim_end_matches('.')))
    });
    let Some(whole) = whole.next() else { return label.into() };
    if whole.chars().count() <= MAX_REASON {
        return whole.into();
    }
    whole.chars().take(MAX_REASON - 1).chain(['…']).collect::<String>().into()
}

/// Whether a refusal is an error of who answers: not where somebody asked for what is not there.
fn is_error(protocol: ProtocolId, label: &str) -> bool {
    const SERVER_ERROR: u16 = 500;
    const NO_SUCH_NAME: &str = "No such name";
    if protocol == http::PROTOCOL_ID || protocol == sip::PROTOCOL_ID {
        let digits = label.split(' ').next().unwrap_or_default();
        return digits.parse::<u16>().is_ok_and(|status| status >= SERVER_ERROR);
    }
    if protocol == http2::PROTOCOL_ID {
        let (first, rest) = label.split_once(' ').unwrap_or((label, ""));
        // Who asked may break a stream off that it needs no more.
        let is_broken_off = first == "RST_STREAM" && !["CANCEL", "NO_ERROR"].contains(&rest);
        let status = first.parse::<u16>();
        return is_broken_off || status.is_ok_and(|status| status >= SERVER_ERROR);
    }
    protocol != dns::PROTOCOL_ID || label != NO_SUCH_NAME
}

impl Findings {
    /// Takes in what a message says.
    pub fn take(&mut self, event: Event) {
        let Event { connection, frame, what } = event;
        let is_known = self.by_connection.contains_key(&connection);
        if !is_known && self.by_connection.len() >= MAX_OVERVIEW_FINDINGS {
            return;
        }
        let finding = self.by_connection.entry(connection).or_default();
        let earliest = |known: &mut Option<(Box<str>, FrameId)>, words| {
            if known.as_ref().is_none_or(|(_, first)| frame < *first) {
                *known = Some((words, frame));
            }
        };
        match what {
            What::Hello => finding.has_hello = finding.has_hello.or(Some(frame)),
            What::Beyond => finding.is_beyond = true,
            What::Alert(name) => earliest(&mut finding.failed, format!("alert: {name}").into()),
            What::Error(words) => {
                finding.errors += 1;
                earliest(&mut finding.error, words);
            }
        }
    }

    /// What was found in a connection, if anything that should be looked at.
    #[must_use]
    pub fn of(&self, line: &Line) -> Option<Finding> {
        let finding = self.by_connection.get(&line.id)?;
        let mut finding = finding.clone();
        let has_ended = matches!(line.fate, Fate::Closed | Fate::HalfClosed | Fate::Reset);
        if let Some(frame) = finding.has_hello
            && finding.failed.is_none()
            && !finding.is_beyond
            && has_ended
        {
            finding.failed = Some(("ends before anything is sealed".into(), frame));
        }
        (finding.failed.is_some() || finding.error.is_some()).then_some(finding)
    }

    /// How a connection went, by its headers and by what was found.
    #[must_use]
    pub fn verdict(&self, line: &Line) -> Condition {
        match self.of(line) {
            Some(Finding { failed: Some(_), .. }) => Condition::Failed,
            Some(_) if !line.fate.is_trouble() => Condition::Errors,
            _ => Condition::Fate(line.fate),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_REASON, reason};

    #[test]
    fn a_reason_is_told_whole() {
        let check = |label: &str, detail: &str, expected: &str| {
            assert_eq!(&*reason(label, detail), expected);
        };
        check("503 Service Unavailable", "It says so.", "503 Service Unavailable");
        check(
            "521 5.2.1 MUST COMPLETE IMAGE PUZ…",
            "5.2.1 MUST COMPLETE IMAGE PUZZLE BEFORE SENDING.",
            "521 5.2.1 MUST COMPLETE IMAGE PUZZLE BEFORE SENDING",
        );
        check(
            "FATAL: password authentication fa…",
            "FATAL: password authentication failed for user \"joe\" (SQLSTATE 28P01).",
            "FATAL: password authentication failed for user \"joe\" (SQLSTATE 28P01)",
        );
        check("Access denied for user 'r…", "Something else.", "Access denied for user 'r…");
        let long = "x".repeat(400);
        assert_eq!(reason("xxx…", &long).chars().count(), MAX_REASON);
    }
}
