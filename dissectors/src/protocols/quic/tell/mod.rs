//! Says what a packet means: what it does to the connection. The handshake and what streams carry
//! are told by themselves, and a packet that brings nothing else says nothing.

mod flow;
mod frames;
mod paths;
mod recovery;

use super::describe::Seen;
use super::facts::Facts;
use super::fields as f;
use super::header::Long;
use super::kind::{How, Kind};
use super::version::Version;
use crate::bytes::Reader;
use crate::engine::view::View;
use crate::message::{Message, Protection};
use crate::telling::{Gained, Outcome, Side, Telling};
use crate::wording::counted;

pub(crate) use recovery::{is_second_try, name};

/// The chapter of what shapes a connection before anything is agreed on.
pub(crate) const BEGINNING: &str = "QUIC handshake";

/// The chapter of what keeps a connection going.
const CHAPTER: &str = "QUIC";

/// The chapter in which connections end.
const CLOSING: &str = "Closing";

/// How much the sentence of a ClientHello insists.
const HELLO: u8 = 8;

/// The chapter of what no key opens, unless it rides along with others.
const SEALED: &str = "Sealed data";

/// Tells of a packet; `None` if what it carries tells more.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let seen = Seen::of(message, view)?;
    match seen.kind {
        Kind::Retry => Some(retry(&seen)),
        Kind::Negotiation => Some(negotiation(&seen, Facts::of(message, view))),
        Kind::Unknown => Some(unknown(&seen)),
        _ if seen.note.how == How::Reset => Some(reset()),
        _ if seen.note.how == How::Suspected => Some(suspected()),
        _ if !seen.is_open => Some(sealed(&seen)),
        _ => {
            let facts = Facts::of(message, view);
            let told = opened(&seen, facts)?;
            match seen.frames() {
                Some(frames) if told.outcome != Outcome::Repeated => {
                    Some(frames::with_others(told, frames, facts))
                }
                _ => Some(told),
            }
        }
    }
}

/// The bead of the first packet under new keys.
pub const KEY_UPDATE: &str = "key update";

/// What it brings both sides, for the direction of who sends it.
const NEXT_KEYS: Gained = Gained::Renewed(Protection::Application, "next application keys");

/// A packet that was opened: that it took another path, or its keys are new; else what weighs most
/// of what its frames tell and what it is to the packets before; or that it brings a token back.
fn opened(seen: &Seen<'_>, facts: Option<&Facts>) -> Option<Telling> {
    // Who follows to another path asks there first: that says more than that it follows.
    let asks = facts.and_then(|facts| paths::asks(facts.asks?));
    if seen.note.moves {
        let is_to_preferred = facts.is_some_and(|facts| facts.is_to_preferred);
        return Some(asks.unwrap_or_else(|| paths::moves(is_to_preferred)));
    }
    if seen.note.renews {
        let headline = "Seals with the next generation of its keys from here on";
        return Some(
            Telling::new(KEY_UPDATE, headline, CHAPTER)
                .detail("One bit of the header has turned. The new keys are computed from the old ones: no round trip, no message.")
                .weight(6, 2)
                .lesson("quic/key-update", "RFC 9001", "6")
                .gains(Side::Sender, NEXT_KEYS)
                .gains(Side::Receiver, NEXT_KEYS),
        );
    }
    let beside = facts.and_then(|facts| recovery::tell(facts, seen.kind));
    if facts.is_some_and(|facts| facts.is_copy) {
        return beside;
    }
    let flow = facts.and_then(flow::tell);
    let told = frames::tell(seen.frames()?, facts);
    // Of equals the last one speaks.
    let told = [beside, told, asks, flow].into_iter().flatten().max_by_key(|told| told.weight);
    if let Some(told) = told {
        let allowed = facts.and_then(flow::allowed);
        return Some(Telling { allowed, ..told });
    }
    if seen.note.repeats && seen.note.how != How::Again {
        return Some(again());
    }
    let long = Long::read(seen.reader.rest()).ok().filter(|_| seen.kind == Kind::Initial)?;
    if !frames::brings_hello(seen.frames()?) {
        return None;
    }
    match seen.note.how {
        // A token of an earlier visit comes with a hello that is told, and all that follow bear it,
        // too.
        How::Again if !long.token.is_empty() => Some(comes_again(long.token.len())),
        How::Anew => Some(begins_anew(long.version)),
        _ => None,
    }
}

/// It is the ClientHello of before that comes with it, so this speaks for both.
fn comes_again(token: usize) -> Telling {
    let headline = "Comes again with the token: its address is proven";
    Telling::new("Initial with token", headline, BEGINNING)
        .detail(format!(
            "The token has {}. Only who gets what is sent to that address could bring it back. It has cost a round trip.",
            counted(token as u64, "byte")
        ))
        .weight(HELLO + 1, 4)
        .lesson("quic/retry", "RFC 9000", "8.1")
}

fn begins_anew(version: Version) -> Telling {
    let headline = "Begins anew, with a version that the server speaks";
    Telling::new(format!("Initial, {}", version.name()), headline, BEGINNING)
        .detail("Nothing of the first try counts: it has cost a round trip.")
        .weight(HELLO + 1, 4)
        .lesson("quic/versions", "RFC 9000", "6.2")
}

/// A packet is never sent again; what it brought is, in another one.
fn again() -> Telling {
    let headline = "Sends bytes again that had come by here before: they were not acknowledged";
    Telling::new("sent again", headline, CHAPTER)
        .detail("The packet has a number of its own: an acknowledgement will say which of the two came.")
        .weight(4, 2)
        .outcome(Outcome::Repeated)
        .lesson("quic/acknowledgement", "RFC 9000", "13.3")
}

fn retry(seen: &Seen<'_>) -> Telling {
    if seen.note.how == How::Spare {
        let headline = "Asks for a token once more, and is not heard";
        return Telling::new("Retry", headline, BEGINNING)
            .detail("A client takes one Retry and throws all others away. Mostly they answer an Initial that had left before.")
            .weight(3, 1)
            .aside()
            .lesson("quic/retry", "RFC 9000", "17.2.5.2");
    }
    let token = Long::read(seen.reader.rest()).map_or(0, |long| long.token.len());
    let mut detail = format!("The token has {}.", counted(token as u64, "byte"));
    if seen.note.how == How::Forged {
        detail +=
            " Its tag is wrong: it does not answer this client, or it was changed on its way.";
    }
    let headline =
        "Asks the client to come again with a token, to prove that its address is its own";
    let told = Telling::new("Retry", headline, BEGINNING).detail(detail).weight(6, 5);
    let told = told.answering_inside().lesson("quic/retry", "RFC 9000", "8.1.2");
    if seen.note.how == How::Forged { told.outcome(Outcome::Refused) } else { told }
}

fn negotiation(seen: &Seen<'_>, facts: Option<&Facts>) -> Telling {
    let bytes = seen.reader.rest();
    let list = Long::read(bytes).ok().and_then(|long| bytes.get(long.number_at..));
    let versions = list.unwrap_or_default().as_chunks::<4>().0.iter();
    let versions = versions.map(|one| Version(u32::from_be_bytes(*one)));
    let (reserved, spoken): (Vec<_>, Vec<_>) = versions.partition(|one| one.is_reserved());
    let names =
        |versions: &[Version]| versions.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ");
    let mut detail = match spoken.as_slice() {
        [] => "It names none that anybody speaks.".to_owned(),
        spoken => format!("It speaks {}.", names(spoken)),
    };
    if !reserved.is_empty() {
        detail += &format!(
            " Nobody speaks {}: it stands there so that clients learn to pass over what they do not \
             know.",
            names(&reserved)
        );
    }
    let offered = facts.and_then(|facts| facts.offered).map(Version::name);
    let offered = offered.unwrap_or_else(|| "that version".to_owned());
    let headline = format!("Does not speak {offered}, and names those that it does");
    Telling::new("Version Negotiation", headline, BEGINNING)
        .detail(detail)
        .weight(6, 5)
        .answering_inside()
        .lesson("quic/versions", "RFC 9000", "6.1")
}

fn unknown(seen: &Seen<'_>) -> Telling {
    let mut reader: Reader<'_> = seen.reader;
    let version = reader.take(1, "the first byte").and_then(|_| reader.u32("the version"));
    let version = Version(version.map_or(0, |(version, _)| version));
    let headline = if version.is_reserved() {
        "Asks with a version that nobody speaks, so that the server names its own"
    } else {
        "Speaks a version of QUIC that is not read here"
    };
    Telling::new("unknown version", headline, BEGINNING)
        .detail(format!("It says {}.", version.name()))
        .weight(5, 4)
        .asking()
        .lesson("quic/versions", "RFC 9000", "6.3")
}

fn reset() -> Telling {
    let headline = "Knows nothing of this connection any more, and ends it";
    Telling::new("Stateless Reset", headline, CLOSING)
        .detail("The last 16 bytes are a token that only this side could know: it handed it out before.")
        .weight(8, 5)
        .outcome(Outcome::Refused)
        .closing()
        .lesson("quic/stateless-reset", "RFC 9000", "10.3")
}

fn suspected() -> Telling {
    let headline = "May say that it knows nothing of this connection any more";
    Telling::new("Stateless Reset?", headline, CLOSING)
        .detail("No key opens it, and it bears no id that the other side goes by. A stateless reset looks so; only the token at its end would prove it, and none was seen.")
        .weight(5, 3)
        .lesson("quic/stateless-reset", "RFC 9000", "10.3")
}

/// Whether it tells of early data that no key opens.
pub(crate) fn is_early(told: &Telling) -> bool {
    told.chapter.title == SEALED && told.label.ends_with(Kind::ZeroRtt.name())
}

fn sealed(seen: &Seen<'_>) -> Telling {
    let label = format!("sealed {}", seen.kind.name());
    let (headline, detail) = match seen.note.how {
        How::Cut => (
            "Sealed, and not whole in the capture",
            "A packet opens as a whole or not at all: its end proves that nothing was changed.",
        ),
        How::Failed if seen.is_longer_than_paths_carry() => (
            "Sealed, and longer than most paths carry",
            "The keys that are known do not open it. It may be several datagrams that the kernel was given at once: nothing in them says where one ends, and they are cut apart behind the place of this capture.",
        ),
        How::Failed => (
            "Sealed, and the keys that are known do not open it",
            "It may be of another connection, or have been changed on its way.",
        ),
        _ => (
            "Sealed: only the two ends can read it, its number included",
            "A key log with the secrets of this connection would open it.",
        ),
    };
    Telling::new(label, headline, SEALED).detail(detail).weight(1, 1).lesson(
        "quic/sealed",
        "RFC 9001",
        "5",
    )
}

/// What an error code of the transport is called, and what it means (RFC 9000, section 20.1).
fn error(code: u64) -> String {
    match f::CLOSE_CODE.def().name_of(code) {
        Some(name) => match meaning(code) {
            "" => name.to_owned(),
            meaning => format!("{name}: {meaning}"),
        },
        None if code >> 8 == 1 => {
            let alert = f::CLOSE_ALERT.def().name_of(code & 0xff).unwrap_or("unknown");
            format!("alert of TLS: {}", alert.to_lowercase())
        }
        None => format!("error {code:#x}"),
    }
}

/// Of the codes whose names do not say it all.
const fn meaning(code: u64) -> &'static str {
    match code {
        0x02 => "the server takes no new connection",
        0x03 => "more data came than its limits allow",
        0x04 => "a stream was opened beyond the limit",
        0x05 => "a frame came that the stream was not in a state for",
        0x06 => "a stream ends elsewhere than was said before",
        0x07 => "a frame was badly formed",
        0x08 => "the transport parameters are wrong",
        0x09 => "more connection ids came than it keeps",
        0x0a => "the other side does what the protocol forbids",
        0x0b => "the token is not one that it handed out",
        0x0d => "more of the handshake came than it can hold",
        0x0e => "the keys were renewed in a wrong way",
        0x0f => "the keys have sealed as much as they may",
        0x10 => "the path does not carry packets of QUIC's size",
        0x11 => "the versions were not negotiated as both remember",
        _ => "",
    }
}
