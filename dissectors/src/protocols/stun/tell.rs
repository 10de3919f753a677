//! What a message of STUN means: to who looks for its own address, to who checks a path (ICE), and
//! to who sends through a relay (TURN).

use super::Kind;
use super::wire::{self, Class, Head, attribute, method};
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::lines::text::{Shown, sentence, short};
use crate::telling::{Outcome, Telling};
use crate::wording::counted;

/// What a message means.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    if message.is(Kind::Channel) {
        let (number, len) = wire::channel(bytes)?;
        let headline = "Sends data through the relay, under the number of a channel";
        let told = relay(format!("channel 0x{number:04x}"), headline, "12");
        return Some(
            told.detail(format!("{} behind a head of four.", counted(len as u64, "byte")))
                .weight(3, 3),
        );
    }
    let head = Head::read(bytes)?;
    let is_again = head.class == Class::Request && message.extra::<Kind>().flatten().is_some();
    let told = match head.class {
        Class::Request => request(&head).asking(),
        Class::Indication => indication(&head).weight(3, 3),
        Class::Success => success(&head).answering(),
        Class::Error => error(&head).answering(),
    };
    Some(if is_again { told.outcome(Outcome::Repeated) } else { told })
}

/// A step of STUN.
fn plain(label: impl Into<String>, headline: &str, section: &'static str) -> Telling {
    Telling::new(label, headline, "STUN").lesson("stun/binding", "RFC 8489", section)
}

/// A step of TURN.
fn relay(label: impl Into<String>, headline: &str, section: &'static str) -> Telling {
    Telling::new(label, headline, "TURN").lesson("stun/relay", "RFC 8656", section)
}

/// A step of ICE.
fn check(label: &str, headline: &str, section: &'static str) -> Telling {
    Telling::new(label, headline, "ICE").lesson("stun/binding", "RFC 8445", section)
}

fn request(head: &Head<'_>) -> Telling {
    let user = head.find(attribute::USERNAME);
    match head.method {
        method::BINDING if head.find(attribute::USE_CANDIDATE).is_some() => {
            check("Binding, chosen", "Checks this pair of addresses, and chooses it", "8.1.1")
        }
        method::BINDING if user.is_some() => {
            let names = sentence(&format!("For {}", Shown(user.unwrap_or(&[]))));
            check("Binding", "Checks whether this pair of addresses works", "7.2.4").detail(names)
        }
        method::BINDING => {
            plain("Binding", "Asks under which address it is seen from outside", "2").detail(
                "A router on the way may have put its own address in place of the sender's.",
            )
        }
        method::ALLOCATE => relay("Allocate", "Asks for an address on the relay", "7"),
        method::REFRESH => {
            relay("Refresh", "Asks to keep its address on the relay, or gives it back", "8")
        }
        method::CREATE_PERMISSION => {
            relay("CreatePermission", "Allows a peer to send to it through the relay", "10")
        }
        method::CHANNEL_BIND => {
            let headline = "Gives a peer a number, so that four bytes stand for its address";
            relay("ChannelBind", headline, "12")
        }
        _ => plain("request", "Asks something that only newer or other programs know", "6"),
    }
}

fn indication(head: &Head<'_>) -> Telling {
    match head.method {
        method::BINDING => {
            check("Binding indication", "Keeps the way through routers open; nothing answers", "11")
        }
        method::SEND => relay("Send", "Has the relay send data to a peer", "11"),
        method::DATA => relay("Data", "Brings what a peer sent to the relay", "11"),
        _ => plain("indication", "Says something that nothing answers", "6"),
    }
}

fn success(head: &Head<'_>) -> Telling {
    let seen = head
        .address(attribute::XOR_MAPPED_ADDRESS)
        .or_else(|| head.address(attribute::MAPPED_ADDRESS))
        .map(|address| address.to_string());
    let relayed = head.address(attribute::XOR_RELAYED_ADDRESS);
    match (head.method, seen, relayed) {
        // Who checks a path proves who it is, and so does who answers (RFC 8445, section 7.2.2).
        (method::BINDING, Some(seen), _) if head.find(attribute::MESSAGE_INTEGRITY).is_some() => {
            check(&seen, "Answers the check: this pair of addresses works", "7.3")
        }
        (method::BINDING, Some(seen), _) => {
            plain(seen, "Says from which address the request came", "14.2")
        }
        (method::ALLOCATE, _, Some(relayed)) => {
            relay(relayed.to_string(), "Gives it an address on the relay", "7")
                .detail("Whatever peers send there, the relay hands on.")
        }
        (method::REFRESH, ..) => {
            let seconds = head.find(attribute::LIFETIME).and_then(|bytes| bytes.try_into().ok());
            let detail = match seconds.map(u32::from_be_bytes) {
                Some(0) => "It is given back.".to_owned(),
                Some(seconds) => format!("For {seconds} seconds."),
                None => String::new(),
            };
            relay("Refresh", "Keeps the address on the relay for as long as it says", "8")
                .detail(detail)
        }
        _ => plain("success", "Has done what was asked", "6"),
    }
}

fn error(head: &Head<'_>) -> Telling {
    let Some((code, words)) = head.error() else {
        return plain("error", "Refuses, and does not say why", "6").outcome(Outcome::Refused);
    };
    let label = short(format!("{code} {}", Shown(words)).trim_end().as_bytes());
    let (headline, section, outcome) = match code {
        // The first request never bears a proof (RFC 8489, section 9.2).
        401 => (
            "Wants a proof, and gives the realm and the nonce to make it with",
            "9.2",
            Outcome::Arrived,
        ),
        438 => ("Wants the proof again, made with a newer nonce", "9.2", Outcome::Arrived),
        300 => ("Sends the client to another server", "10", Outcome::Arrived),
        487 => {
            ("Says that both sides want to decide: one has to give in", "14.8", Outcome::Refused)
        }
        _ => ("Refuses, and says why", "14.8", Outcome::Refused),
    };
    plain(label, headline, section).outcome(outcome)
}
