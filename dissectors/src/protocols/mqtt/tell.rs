//! What a packet of MQTT means.

use super::describe::version;
use super::wire::{Packet, SESSION_PRESENT, packet};
use super::{REASONS, RETURN_CODES, Version};
use crate::engine::view::View;
use crate::field::Names;
use crate::ids::Direction;
use crate::known::{Token, tokens};
use crate::message::Message;
use crate::protocols::lines::text::{Shown, short};
use crate::telling::{Outcome, Source, Telling};
use crate::wording::counted;

/// What a packet means.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let version = version(message);
    let read = Packet::read(view.bytes(message.span), version);
    let told = match read.number {
        packet::CONNECT => connect(read),
        packet::CONNACK => connected(read, version),
        packet::PUBLISH => publish(read, message.direction == Direction::Backward),
        packet::PUBACK..=packet::PUBCOMP => delivery(read),
        packet::SUBSCRIBE..=packet::UNSUBACK => subscription(read),
        packet::PINGREQ => {
            new("PINGREQ", "Says that it is still there, as there was nothing else to say", "3.12")
                .weight(3, 4)
                .asking()
        }
        packet::PINGRESP => {
            new("PINGRESP", "Says that it is there, too", "3.13").weight(3, 4).answering()
        }
        packet::DISCONNECT => left(read),
        // All others have a name of their own above, and none has the number zero.
        _ => new("AUTH", "Goes on with proving who it is", "3.15").asking(),
    };
    let told = cited(told, version);
    Some(if read.refuses(version) { told.outcome(Outcome::Refused) } else { told })
}

/// The same with the standard of that version. All number their packets' sections alike; the oldest
/// has qualities of service elsewhere.
fn cited(told: Telling, version: Version) -> Telling {
    let source = told.source.map(|source| match version {
        Version::V311 => Source { standard: "MQTT 3.1.1", ..source },
        Version::V31 if source.section == DELIVERY => {
            Source { standard: "MQTT 3.1", section: "4.1" }
        }
        Version::V31 => Source { standard: "MQTT 3.1", ..source },
        Version::Unknown | Version::V5 => source,
    });
    Telling { source, ..told }
}

/// Where the standards since 3.1.1 tell of qualities of service.
const DELIVERY: &str = "4.3";

fn new(label: &str, headline: &str, section: &'static str) -> Telling {
    Telling::new(short(label.as_bytes()), headline, "MQTT").lesson(
        "mqtt/connection",
        "MQTT 5.0",
        section,
    )
}

/// A packet's name with what it is about.
fn about(name: &str, what: &[u8]) -> String {
    format!("{name} {}", Shown(what)).trim_end().to_owned()
}

/// What a code says.
fn code(code: Option<u8>, names: Names) -> String {
    let Some(code) = code else { return String::new() };
    let name = names.iter().find(|(known, _)| *known == u64::from(code));
    name.map_or_else(|| format!("Code {code}."), |(_, name)| format!("{name}."))
}

fn connect(read: Packet<'_>) -> Telling {
    let silence = match read.keep_alive {
        0 => "It may be silent for as long as it likes.".to_owned(),
        seconds => format!(
            "If it is silent for more than one and a half times {seconds} seconds, the broker \
             counts it as gone."
        ),
    };
    let will = read.will.map_or_else(String::new, |(topic, _)| {
        format!(
            " Its last will, about {}, is to be published where it goes without a word.",
            Shown(topic)
        )
    });
    new(&about("CONNECT", read.name), "Connects to the broker and says who it is", "3.1")
        .detail(silence + &will)
        .asking()
        .giving(read.will.and_then(|(topic, message)| will_of(topic, message)))
}

/// What a last will is known by where it is published.
fn will_of(topic: &[u8], message: &[u8]) -> Option<Token> {
    let len = (topic.len() as u32).to_be_bytes();
    Token::of(tokens::WILL, &[&len, topic, message].concat())
}

fn connected(read: Packet<'_>, version: Version) -> Telling {
    let names = match version {
        Version::V31 | Version::V311 => RETURN_CODES,
        Version::Unknown | Version::V5 => REASONS,
    };
    let told = if read.refuses(version) {
        new("CONNACK", "Lets the client not in, and says why", "3.2").detail(code(read.code, names))
    } else if read.connack_flags & SESSION_PRESENT != 0 {
        new("CONNACK", "Lets the client in, and still knows its subscriptions", "3.2")
    } else {
        new("CONNACK", "Lets the client in", "3.2")
    };
    told.answering()
}

fn publish(read: Packet<'_>, is_handed_on: bool) -> Telling {
    let headline = match read.quality() {
        0 => "Publishes a message, and does not ask whether it arrived",
        1 => "Publishes a message until somebody acknowledges it: it may arrive twice",
        _ => "Publishes a message that is to arrive exactly once: four packets see to that",
    };
    let again = if read.flags & 0x08 != 0 { " It may have been sent before." } else { "" };
    let kept = match (read.flags & 0x01 != 0, is_handed_on) {
        (false, _) => "",
        (true, false) => " The broker keeps it for who subscribes later.",
        (true, true) => " The broker had kept it: it was published before this subscription.",
    };
    // How it is delivered is what one looks for, and no two that differ in it are the same.
    let quality = match read.quality() {
        0 => String::new(),
        quality => format!(", QoS {quality}"),
    };
    let retained = if read.flags & 0x01 != 0 { ", retained" } else { "" };
    let name = format!("{}{quality}{retained}", about("PUBLISH", read.name));
    let told = new(&name, headline, "3.3")
        .detail(format!("It carries {}.{again}{kept}", counted(read.carries.len() as u64, "byte")))
        .lesson("mqtt/delivery", "MQTT 5.0", DELIVERY)
        .showing(will_of(read.name, read.carries).into_iter().collect());
    // Who asks for more speaks for a flight of several.
    if read.quality() == 0 { told } else { told.weight(6, 5).asking() }
}

fn delivery(read: Packet<'_>) -> Telling {
    let (name, headline, section) = match read.number {
        packet::PUBACK => ("PUBACK", "Has the message: who published it may forget it", "3.4"),
        packet::PUBREC => {
            ("PUBREC", "Has the message, and takes no other under this number", "3.5")
        }
        packet::PUBREL => ("PUBREL", "Knows that it arrived: the message may be forgotten", "3.6"),
        _ => ("PUBCOMP", "Has forgotten the number, which is free again", "3.7"),
    };
    let told = new(name, headline, section).lesson("mqtt/delivery", "MQTT 5.0", DELIVERY);
    let told = told.detail(read.id.map_or(String::new(), |id| format!("Identifier {id}.")));
    match read.number {
        packet::PUBREL => told.asking(),
        packet::PUBREC => told.answering_for_now(),
        _ => told.answering(),
    }
}

fn subscription(read: Packet<'_>) -> Telling {
    let refused = read.code.is_some_and(|code| code >= 0x80);
    match read.number {
        packet::SUBSCRIBE => {
            let headline = "Subscribes: wants every message whose topic matches";
            new(&about("SUBSCRIBE", read.name), headline, "3.8").asking()
        }
        packet::SUBACK if refused => new("SUBACK", "Refuses a subscription, and says why", "3.9")
            .detail(code(read.code, REASONS))
            .answering(),
        packet::SUBACK => {
            let granted = read
                .code
                .map_or(String::new(), |code| format!("At most with quality of service {code}."));
            new("SUBACK", "Grants the subscription", "3.9").detail(granted).answering()
        }
        packet::UNSUBSCRIBE => {
            let headline = "No longer wants the messages of these topics";
            new(&about("UNSUBSCRIBE", read.name), headline, "3.10").asking()
        }
        _ => new("UNSUBACK", "Ends the subscription", "3.11").answering(),
    }
}

fn left(read: Packet<'_>) -> Telling {
    let told = match read.code {
        None | Some(0) => {
            new("DISCONNECT", "Takes leave: if it left a last will, that is not sent", "3.14")
                .giving(Token::of(tokens::LEAVE, b"DISCONNECT"))
        }
        Some(4) => new("DISCONNECT", "Takes leave, and wants its last will to be sent", "3.14"),
        found => new("DISCONNECT", "Ends the connection, and says why", "3.14")
            .detail(code(found, REASONS)),
    };
    told.closing()
}
