//! Says what a message of SSH means.

use super::describe::{line, name, old_code};
use super::wire::{self, DISCONNECT, EXCHANGE, KEXINIT, NEWKEYS};
use super::{Kind, Method, Note, OLD_CODE};
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::message::{Message, Protection};
use crate::telling::{Gained, Outcome, Side, Telling};
use crate::wording::thousands;

/// Until the first sealed packet, and from there on.
const EXCHANGING: &str = "SSH key exchange";
const SESSION: &str = "SSH session";

/// Tells of a message of any kind.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    match message.kind::<Kind>()? {
        Kind::Line => Some(named(bytes)),
        Kind::Packet => Some(packet(message, bytes)),
        Kind::OldPacket => {
            let code = old_code(bytes).and_then(|(_, code)| OLD_CODE.def().name_of(code.into()));
            let headline = "A packet of SSH 1, which nobody should speak any more";
            let told = Telling::new(code.unwrap_or("packet"), headline, EXCHANGING);
            Some(told.detail(
                "Its check sum is no proof: who sits on the way can change packets unseen.",
            ))
        }
        Kind::Sealed | Kind::OldSealed => {
            let label = format!("sealed  {} B", thousands(message.span.len.into()));
            let headline = "Sealed: who logs in, commands and files are for the two ends only";
            let told = Telling::new(label, headline, SESSION).weight(3, 4);
            Some(told.lesson("ssh/sealed", "RFC 4253", "6"))
        }
    }
}

fn named(bytes: &[u8]) -> Telling {
    let text = line(bytes);
    if !text.starts_with(b"SSH-") {
        let headline = "A line before the one that counts; clients show it or drop it";
        return Telling::new("line", headline, EXCHANGING).weight(3, 3);
    }
    let program = text.splitn(3, |byte| *byte == b'-').nth(2).unwrap_or(text);
    let label = super::lines::text::short(program);
    let headline = "Says which version it speaks, and which program it is";
    let detail =
        format!("{}. Each side sends such a line, and need not wait for the other’s.", Lossy(text));
    let told = Telling::new(label, headline, EXCHANGING).detail(detail);
    told.lesson("ssh/banner", "RFC 4253", "4.2")
}

fn packet(message: &Message, bytes: &[u8]) -> Telling {
    let Note { method, .. } = message.extra::<Kind>().unwrap_or_default();
    let code = wire::code(bytes);
    let name = name(code, method);
    match code {
        KEXINIT => {
            let list = wire::exchanges(bytes).unwrap_or(&[]);
            let first = list.split(|byte| *byte == b',').find(|name| !is_mark(name)).unwrap_or(&[]);
            let detail = format!(
                "It would like best to exchange keys by {}. Of each list, the first of the \
                 client's counts that the server has, too.",
                Lossy(first)
            );
            let headline = "Lists the algorithms it can do, the best first";
            Telling::new("KEXINIT", headline, EXCHANGING).detail(detail).lesson(
                "ssh/key-exchange",
                "RFC 4253",
                "7.1",
            )
        }
        NEWKEYS => {
            let headline = "From here on, all that this side sends is sealed";
            Telling::new("NEWKEYS", headline, EXCHANGING)
                .weight(6, 5)
                .gains(Side::Sender, Gained::Keys(Protection::Application, "application keys"))
                .lesson("ssh/key-exchange", "RFC 4253", "7.3")
        }
        DISCONNECT => {
            let told = Telling::new("Disconnect", "Ends the connection and says why", EXCHANGING);
            told.closing().outcome(Outcome::Refused).lesson("ssh/key-exchange", "RFC 4253", "11.1")
        }
        code if EXCHANGE.contains(&code) => exchange(code, method, name),
        _ => {
            let told = Telling::new(name, "A packet before keys are in use", EXCHANGING);
            told.weight(3, 4).lesson("ssh/key-exchange", "RFC 4253", "11")
        }
    }
}

/// What stands among the ways to exchange keys, and is none: it says what else a side can do
/// (RFC 8308, section 2.1).
fn is_mark(name: &[u8]) -> bool {
    [&b"ext-info-"[..], b"kex-strict-"].iter().any(|mark| name.starts_with(mark))
}

fn exchange(code: u8, method: Method, name: &'static str) -> Telling {
    let (standard, section) = match method {
        Method::GroupExchange => ("RFC 4419", "3"),
        Method::Curve => ("RFC 5656", "4"),
        Method::Group | Method::Hybrid | Method::Unknown => ("RFC 4253", "8"),
    };
    let (label, headline, answers) = match (method, code) {
        (Method::GroupExchange, 30 | 34) => ("GEX request", "Asks for a group of a size", false),
        (Method::GroupExchange, 31) => {
            ("GEX group", "Chooses a group: a prime and a generator", true)
        }
        (Method::GroupExchange, 32) | (Method::Group | Method::Curve | Method::Hybrid, 30) => {
            ("key half", "Sends its half of the exchange", false)
        }
        (Method::GroupExchange, 33) | (Method::Group | Method::Curve | Method::Hybrid, 31) => (
            "key half, proof",
            "Sends its half, its host key, and a signature over the exchange",
            true,
        ),
        _ => (name, "Exchanges keys", false),
    };
    let told =
        Telling::new(label, headline, EXCHANGING).lesson("ssh/key-exchange", standard, section);
    if answers { told.answering() } else { told.asking() }
}
