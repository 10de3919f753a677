//! What lines of NATS mean.

use super::Kind;
use super::line::{self, Op};
use crate::engine::view::View;
use crate::message::Message;
use crate::protocols::lines::text::{Shown, rest, sentence, short};
use crate::telling::{Outcome, Telling};
use crate::wording::counted;

/// What a line means.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let bytes = view.bytes(message.span);
    let Some(line) = line::read(bytes) else {
        return Some(new("line", "A line that is not whole"));
    };
    let subject = Shown(bytes.get(line.subject.clone()).unwrap_or(&[]));
    let size = counted(line.carries(bytes).unwrap_or(0), "byte");
    let answers = message.extra::<Kind>().flatten().is_some();
    let asks = !line.reply.is_empty();
    Some(match line.op {
        Op::Info => new("INFO", "Greets, and says what it can do").answering(),
        Op::Connect => new("CONNECT", "Says who it is, and how it wants to be answered"),
        Op::Pub | Op::HPub | Op::Msg | Op::HMsg => {
            let headline = match (line.op, answers, asks) {
                (_, true, _) => "Answers on the subject that the question named",
                (Op::Msg | Op::HMsg, _, true) => "Hands a question to who subscribed",
                (Op::Msg | Op::HMsg, ..) => "Hands a message to who subscribed",
                (_, _, true) => "Asks: who has an answer publishes it on the subject named here",
                _ => "Publishes a message, and no answer will come",
            };
            let told = new(&format!("{} {subject}", name(line.op)), headline)
                .detail(format!("It carries {size}."));
            match (answers, asks) {
                (true, _) => told.answering(),
                (_, true) => told.asking(),
                _ => told,
            }
        }
        Op::Sub => new(&format!("SUB {subject}"), "Wants the messages of these subjects"),
        Op::Unsub => new("UNSUB", "No longer wants them, or only so many more"),
        Op::Ping => new("PING", "Asks whether the other side is still there").asking(),
        Op::Pong => new("PONG", "Says that it is still here").answering(),
        Op::Ok => new("+OK", "Has taken the line").answering().weight(2, 3),
        Op::Err => {
            let text = bytes.get(..line.text).unwrap_or(&[]);
            let words = text.get(rest(text, line.name.end)).unwrap_or(&[]);
            new("-ERR", "Complains, and mostly ends the connection")
                .detail(sentence(&Shown(words).to_string()))
                .answering()
                .outcome(Outcome::Refused)
        }
    })
}

const fn name(op: Op) -> &'static str {
    match op {
        Op::Pub | Op::HPub => "PUB",
        _ => "MSG",
    }
}

fn new(label: &str, headline: &str) -> Telling {
    Telling::new(short(label.as_bytes()), headline, "NATS").lesson(
        "nats/subject",
        "NATS client protocol",
        "",
    )
}
