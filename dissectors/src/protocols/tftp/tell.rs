//! Says what a packet means: which file, which block, and what went wrong.

use super::packet::{BLOCK, HEAD, Packet, strings};
use super::{ERROR_CODE, Kind};
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::lines::text::{Shown, short};
use crate::telling::{Outcome, Telling, quoted};
use crate::wording::counted;

const CHAPTER: &str = "TFTP";
const LESSON: &str = "tftp/transfer";

/// Tells of a packet.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let packet = Packet::read(bytes)?;
    let is_paired = message.extra::<Kind>().flatten().is_some();
    let number = packet.number;
    let told = match packet.kind {
        Kind::Read => request(bytes, "Asks for a file").lesson(LESSON, "RFC 1350", "5"),
        Kind::Write => request(bytes, "Wants to put a file there").lesson(LESSON, "RFC 1350", "5"),
        Kind::Data => {
            let len = bytes.len() - HEAD.min(bytes.len());
            // Blocks may be longer where both have agreed on it: less than 512 is always the last.
            let headline = if len < BLOCK {
                "Sends the last block"
            } else {
                "Sends a block, and waits for its confirmation"
            };
            Telling::new(format!("block {number}"), headline, CHAPTER)
                .detail(format!("{}.", counted(len as u64, "byte")))
                .lesson(LESSON, "RFC 1350", "2")
        }
        Kind::Ack if number == 0 => {
            Telling::new("ACK 0", "Is ready: the first block may come", CHAPTER)
                .lesson(LESSON, "RFC 1350", "4")
        }
        Kind::Ack => {
            Telling::new(format!("ACK {number}"), "Has that block: the next may come", CHAPTER)
                .lesson(LESSON, "RFC 1350", "2")
        }
        Kind::Options => Telling::new(options(bytes, 0), "Agrees to options", CHAPTER)
            .lesson(LESSON, "RFC 2347", ""),
        Kind::Error => error(packet, bytes),
    };
    Some(match (packet.kind, is_paired) {
        (Kind::Ack | Kind::Options, true) | (Kind::Error, _) => told.answering(),
        (Kind::Ack | Kind::Options, _) => told,
        // The first block is what was asked for, and asks in turn.
        (Kind::Data, false) if number == 1 => told.answering().asking(),
        (_, true) => told.asking().outcome(Outcome::Repeated),
        (_, false) => told.asking(),
    })
}

fn request(bytes: &[u8], headline: &str) -> Telling {
    let mut words = strings(bytes).map(|word| bytes.get(word).unwrap_or(&[]));
    let file = words.next().unwrap_or(&[]);
    let mode = words.next().unwrap_or(&[]);
    let wishes = options(bytes, 2);
    let wishes = if wishes.is_empty() { wishes } else { format!(" It wishes {wishes}.") };
    let detail = format!(
        "“{}”, as {}.{wishes} The answer usually comes from another port.",
        short(file),
        Shown(mode)
    );
    Telling::new(short(file), headline, CHAPTER).detail(detail).weight(7, 5)
}

/// Options as text, behind so many other strings.
fn options(bytes: &[u8], skip: usize) -> String {
    let words: Vec<_> =
        strings(bytes).skip(skip).map(|word| bytes.get(word).unwrap_or(&[])).collect();
    let pairs = words.chunks_exact(2).filter_map(|pair| match pair {
        [name, value] => Some(format!("{}={}", Shown(name), Shown(value))),
        _ => None,
    });
    short(pairs.collect::<Vec<_>>().join(" ").as_bytes())
}

fn error(packet: Packet, bytes: &[u8]) -> Telling {
    let name = ERROR_CODE.def().name_of(packet.number.into()).unwrap_or("error");
    let text = packet.text(bytes);
    let said = if text.is_empty() { String::new() } else { quoted(short(text)) + " " };
    Telling::new(name, "Ends the transfer: it failed", CHAPTER)
        .detail(format!("{said}Nobody confirms an error."))
        .weight(7, 5)
        .lesson(LESSON, "RFC 1350", "7")
        .outcome(Outcome::Refused)
}
