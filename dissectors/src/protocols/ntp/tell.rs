//! Says what a packet means: who asks for the time, and what the server's clock says.

use super::Kind;
use super::wire::{Head, ORIGIN, RECEIVE, TRANSMIT, between, nanos, stamp};
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::message::Message;
use crate::sinks::date::Date;
use crate::telling::{Outcome, Telling};

const LESSON: &str = "ntp/exchange";
const STANDARD: &str = "RFC 5905";
const CHAPTER: &str = "NTP";

/// Tells of a packet.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let head = Head::read(bytes)?;
    let is_paired = message.extra::<Kind>().flatten().is_some();
    let told = match head.mode {
        1 | 2 => Telling::new("Peers", "Two servers compare their clocks", CHAPTER)
            .detail(clock(bytes))
            .lesson(LESSON, STANDARD, "3"),
        3 => client(),
        4 => server(bytes),
        5 => Telling::new("Broadcast", "Tells everybody the time, unasked", CHAPTER)
            .detail(clock(bytes))
            .lesson(LESSON, STANDARD, "3"),
        _ => about(head, bytes),
    };
    let asks = matches!(head.mode, 1 | 3) || head.mode > 5 && !head.is_response(bytes);
    Some(match (asks, is_paired) {
        (true, true) => told.asking().outcome(Outcome::Repeated),
        (true, false) => told.asking(),
        (false, true) => told.answering(),
        (false, false) => told,
    })
}

fn client() -> Telling {
    Telling::new("What time is it?", "Asks a server for the time", CHAPTER)
        .detail(
            "It notes when this leaves. The answer repeats what stands here as the time of sending, \
             so that a late or a forged one shows.",
        )
        .weight(6, 6)
        .lesson(LESSON, STANDARD, "8")
}

fn server(bytes: &[u8]) -> Telling {
    let stratum = bytes.get(1).copied().unwrap_or(0);
    let reference = bytes.get(12..16).unwrap_or(&[]);
    if stratum == 0 {
        let code = Lossy(reference).to_string();
        let is_order = matches!(code.as_str(), "RATE" | "DENY" | "RSTR");
        let code = if code.trim_matches('\0').is_empty() { "no time".to_owned() } else { code };
        let headline = match code.as_str() {
            "RATE" => "Says that it is asked too often, and gives no time",
            "DENY" | "RSTR" => "Refuses: this client may not ask here",
            "no time" => "Has no time to give",
            _ => "Gives no time, and says why in four letters",
        };
        return Telling::new(code, headline, CHAPTER)
            .detail(if is_order {
                "An answer of stratum 0 is called a kiss of death; this one the client must obey."
            } else {
                "An answer of stratum 0 carries no time that a client may use."
            })
            .weight(7, 6)
            .lesson(LESSON, STANDARD, "7.4")
            .outcome(Outcome::Refused);
    }
    let label = match stamp(bytes, TRANSMIT) {
        // A bead has no room for nanoseconds.
        Some(sent) => match Date(nanos(sent)).to_string().split_once('.') {
            Some((date, _)) => format!("It is {date} UTC"),
            None => "Answer".into(),
        },
        None => "Answer".into(),
    };
    Telling::new(label, "Gives its time, and says how well it knows it", CHAPTER)
        .detail(clock(bytes))
        .weight(6, 6)
        .lesson(LESSON, STANDARD, "8")
}

/// How well a clock is known, and how long the question lay there.
fn clock(bytes: &[u8]) -> String {
    let stratum = bytes.get(1).copied().unwrap_or(0);
    let mut text = match stratum {
        1 => {
            let source = bytes.get(12..16).unwrap_or(&[]);
            let source = Lossy(source.split(|byte| *byte == 0).next().unwrap_or(&[])).to_string();
            let source = if source.is_empty() { source } else { format!(" ({source})") };
            format!("Stratum 1: it has a reference clock of its own{source}.")
        }
        2..=15 => format!("Stratum {stratum}: so many steps from a reference clock."),
        16 => "Stratum 16: it knows no time itself.".to_owned(),
        _ => String::new(),
    };
    if bytes.first().is_some_and(|flags| flags >> 6 == 3) {
        text += " Its clock is not synchronized: no client may follow it.";
    }
    let [origin, received, sent] = [ORIGIN, RECEIVE, TRANSMIT].map(|at| stamp(bytes, at));
    if let (Some(_), Some(received), Some(sent)) = (origin, received, sent) {
        let micros = between(received, sent) / 1000;
        // More than a second says something of the clock, and nothing of the work.
        if (0..1_000_000).contains(&micros) {
            text += &format!(" The question lay there for {micros} µs, by that clock.");
        }
    }
    text.trim_start().to_owned()
}

/// Modes 6 and 7.
fn about(head: Head, bytes: &[u8]) -> Telling {
    if head.is_response(bytes) {
        Telling::new("About itself", "Tells about its state, not the time", CHAPTER)
            .detail(
                "Such answers are far longer than what asks for them: sent to forged addresses, \
                 they served attacks. Servers answer only those they know.",
            )
            .lesson(LESSON, "RFC 9327", "2")
    } else {
        Telling::new("About you?", "Asks a server about its state, not for the time", CHAPTER)
            .detail("A tool like ntpq does so.")
            .lesson(LESSON, "RFC 9327", "2")
    }
}
