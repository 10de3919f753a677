//! Says what an acknowledgement brings to light, and what is sent again. A packet is called by its
//! number, and by its space where that is one of the handshake (RFC 9000, section 12.3). A letter
//! for the space would be taken for that of a connection.

use super::super::describe::Seen;
use super::super::facts::{Again, Cause, Facts, Gap, Lost, Named, News, Threshold};
use super::super::kind::Kind;
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::semantics::count;
use crate::telling::{Outcome, Telling};
use crate::wording::span;

/// The chapter of what is lost, late or sent again.
const RECOVERY: &str = "QUIC recovery";

/// What stands on the bead of a packet that came twice under one number.
const COPY: &str = "copy";

/// Whether it says of a packet that it sends again what another one brought, or brings what no
/// other one did: its sender alone knows which of the two it is.
pub(crate) fn is_second_try(told: &Telling) -> bool {
    told.chapter.title == RECOVERY && told.outcome == Outcome::Repeated && told.label != COPY
}

/// What a packet is called where others speak of it: "Packet 3", "Handshake packet 0".
pub(crate) fn name(message: &Message, view: &View<'_>) -> Option<String> {
    let seen = Seen::of(message, view)?;
    let (number, _) = seen.number()?;
    let noun = match noun(seen.kind, false) {
        "packet" => "Packet",
        of_its_space => of_its_space,
    };
    Some(format!("{noun} {number}"))
}

/// Tells of what is kept beside a packet of that kind.
pub(super) fn tell(facts: &Facts, kind: Kind) -> Option<Telling> {
    if facts.is_copy {
        return Some(copy());
    }
    let again = || facts.again.as_deref().map(|again| self::again(again, kind));
    let news = || facts.news.as_deref().and_then(|news| self::news(news, kind));
    let fills = || facts.fills_hole.then(fills);
    again().or_else(fills).or_else(news).or_else(|| facts.probes.map(probe))
}

fn copy() -> Telling {
    let headline = "Comes a second time, under the same number: it was doubled on its way";
    Telling::new(COPY, headline, RECOVERY)
        .detail("No sender uses a number twice, so the network or the recording has made two of one. Whoever gets it throws it away.")
        .weight(3, 1)
        .outcome(Outcome::Repeated)
        .aside()
        .lesson("quic/loss", "RFC 9000", "12.3")
}

fn fills() -> Telling {
    let headline = "Fills a hole: what brought these bytes first never came by here";
    Telling::new("fills a hole", headline, RECOVERY)
        .detail("Its number is the newest, and its bytes are not. Inferred: they are sent again, for the packet with them was lost before it came to where this was recorded.")
        .weight(6, 3)
        .outcome(Outcome::Repeated)
        .aside()
        .lesson("quic/loss", "RFC 9000", "13.3")
}

fn again(again: &Again, kind: Kind) -> Telling {
    let what = names(&again.before, again.before.len(), kind);
    let plural = again.before.len() > 1;
    let it = |one: &'static str, more: &'static str| if plural { more } else { one };
    let (reason, told, standard, section) = match again.cause {
        Cause::Lost(Threshold::Packets) => (
            it("it counts as lost", "they count as lost"),
            "Inferred: three packets that were sent later have come.".to_owned(),
            "RFC 9002",
            "6.1.1",
        ),
        Cause::Lost(Threshold::Time) => (
            it("it is overdue", "they are overdue"),
            "Inferred: a later one has come, and a round trip and an eighth is over.".to_owned(),
            "RFC 9002",
            "6.1.2",
        ),
        Cause::Probe => (
            "a probe",
            format!(
                "For {} nothing new was acknowledged: a probe timeout is inferred. It does not say that anything is lost.",
                span(again.silence)
            ),
            "RFC 9002",
            "6.2",
        ),
        Cause::Prompted => (
            "the other side repeats its own",
            "So that seems not to have heard this.".to_owned(),
            "RFC 9002",
            "6.2.3",
        ),
        Cause::Needless => (
            it("though it had come", "though they had come"),
            "The acknowledgement was lost, or still under way to its sender.".to_owned(),
            "RFC 9000",
            "13.3",
        ),
        Cause::Refused => (
            "the server did not take early data",
            "What went out early counts as never sent.".to_owned(),
            "RFC 9001",
            "4.6.2",
        ),
        Cause::Unknown => ("", String::new(), "RFC 9000", "13.3"),
    };
    let gap = if reason.is_empty() { "" } else { ": " };
    let headline = format!("Sends again what {what} brought{gap}{reason}");
    let rest = if again.whole { "" } else { " Something new rides along." };
    let space = if told.is_empty() { "" } else { " " };
    let detail = format!(
        "{} later, in a packet with a number of its own: an acknowledgement will say which one came.{space}{told}{rest}",
        span(again.after)
    );
    let told = Telling::new("sent again", headline, RECOVERY).detail(detail).weight(6, 3).aside();
    told.outcome(Outcome::Repeated).lesson("quic/loss", standard, section)
}

fn news(news: &News, kind: Kind) -> Option<Telling> {
    let told = |headline: String| Telling::new("ACK", headline, RECOVERY).aside();
    if !news.late.is_empty() {
        let what = names(&news.late, news.late.len(), kind);
        let headline = format!("Says that {what} had come after all, and only counted as lost");
        let told = told(headline).detail("What was sent again for it was needless.").weight(5, 2);
        return Some(told.lesson("quic/loss", "RFC 9002", "6.1"));
    }
    if let Some(Lost { by, .. }) = news.lost.first() {
        let lost: Vec<Named> = news.lost.iter().map(|lost| lost.packet).collect();
        let what = names(&lost, news.lost_in_all as usize, kind);
        let counts = if news.lost_in_all == 1 { "counts" } else { "count" };
        let (detail, section) = match by {
            Threshold::Packets => {
                ("Inferred: three packets that were sent later have come.", "6.1.1")
            }
            Threshold::Time => {
                ("Inferred: a later one has come, and a round trip and an eighth is over.", "6.1.2")
            }
        };
        let told = told(format!("Says what has come: {what} {counts} as lost now"));
        let told = told.detail(detail).weight(5, 2);
        return Some(told.lesson("quic/loss", "RFC 9002", section));
    }
    let Gap { first, last, count: all, .. } = news.gap.filter(|gap| gap.was_seen)?;
    let what = match last - first {
        0 => format!("{} {first}", noun(kind, false)),
        _ => format!("{} {first}–{last}", noun(kind, true)),
    };
    let more = match all.saturating_sub(last - first + 1) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let headline = format!("Leaves out {what}{more}: so far not come, though later ones have");
    let detail = "It passed here, and may be late or lost.";
    Some(told(headline).detail(detail).weight(3, 1).lesson("quic/loss", "RFC 9000", "19.3.1"))
}

fn probe(silence: i64) -> Telling {
    let headline = "Probes: asks for an acknowledgement, for none has come";
    Telling::new("PING", headline, RECOVERY)
        .detail(format!("For {} nothing new was acknowledged: a probe timeout is inferred. The answer will show what has come.", span(silence)))
        .weight(4, 2)
        .aside()
        .lesson("quic/loss", "RFC 9002", "6.2.4")
}

/// What packets of a space are called.
const fn noun(kind: Kind, plural: bool) -> &'static str {
    match (kind, plural) {
        (Kind::Initial, false) => "Initial packet",
        (Kind::Initial, true) => "Initial packets",
        (Kind::Handshake, false) => "Handshake packet",
        (Kind::Handshake, true) => "Handshake packets",
        (_, false) => "packet",
        (_, true) => "packets",
    }
}

/// Packets by name, of `all` in all: "packet 3", "packets 3 and 4", "packets 3, 4, 5 and 2 more".
fn names(packets: &[Named], all: usize, kind: Kind) -> String {
    const SHOWN: usize = 3;
    let mut numbers: Vec<u64> = packets.iter().map(|one| one.number).collect();
    numbers.sort_unstable();
    let named: Vec<String> = numbers.iter().take(SHOWN).map(u64::to_string).collect();
    let noun = noun(kind, all > 1);
    match (all.saturating_sub(named.len()), named.as_slice()) {
        (0, [one]) => format!("{noun} {one}"),
        (0, [first @ .., last]) => format!("{noun} {} and {last}", first.join(", ")),
        (more, _) => {
            format!("{noun} {} and {}", named.join(", "), count(more as u64, "more", "more"))
        }
    }
}
