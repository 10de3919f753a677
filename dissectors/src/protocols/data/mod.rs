//! Data: bytes that no protocol knows, shown as they came.

use std::fmt::{self, Write};

use crate::codes;
use crate::engine::session::{Announce, Input, Out, Progress, Session, Way};
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::headers::{Found, Next, Part, Walk};
use crate::message::{Message, MessageKind};
use crate::protocol::{Facts, Framing, Protocol};
use crate::sink::Sink;
use crate::telling::{Telling, quoted};
use crate::wording::counted;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A run of bytes.
        Bytes,
    }
}

impl MessageKind for Kind {
    type Extra = ();
}

fields! { "data", "Data";
    DATA = FieldDef::bytes("data.data", "Data"),
    LEN = FieldDef::u32("data.len", "Length").computed(),
}

/// Bytes that no protocol knows.
pub struct Data;

impl Protocol for Data {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    fn open(&self, _facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        Some(Box::new(Unknown))
    }

    fn header<'a>(&self, part: Part<'a>, _found: Found, walk: &mut Walk<'_>) -> Option<Next<'a>> {
        let len = part.bytes.len();
        walk.group(&part, len, HEADING, format_args!("{len} bytes"));
        walk.tell(&part, 0, len, DATA);
        walk.work_out(LEN, Value::Unsigned(len as u64), part.span);
        walk.close();
        Some(Next::Nothing)
    }

    fn summary(&self, message: &Message, _view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        write!(line, "{} bytes", message.span.len)
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        sink.field(DATA, Value::Bytes(view.bytes(message.span)), message.span);
        sink.field(LEN, Value::Unsigned(u64::from(message.span.len)), message.span);
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let label = counted(message.span.len.into(), "byte");
        let layer = view.layer(message.layer);
        let is_whole = layer.is_some_and(|layer| layer.framing == Framing::Datagram);
        // What a stream carries in one piece is no datagram: nothing of it gets lost on its own.
        let mut layers = std::iter::successors(layer, |layer| view.layer(layer.below));
        let is_datagram = is_whole && layers.all(|layer| layer.framing == Framing::Datagram);
        let headline = match (is_datagram, is_whole) {
            (true, _) => "Sends a datagram; what it means is between the two programs",
            (false, true) => "Hands over content; what it means is between the two programs",
            (false, false) => "Sends bytes; what they mean is between the two programs",
        };
        let shown = excerpt(view.bytes(message.span));
        let told = Telling::new(label, headline, "Data").detail(shown).weight(3, 5);
        let lesson = if is_datagram { "udp/datagram" } else { "data/bytes" };
        Some(Telling { lesson: Some(lesson), ..told })
    }
}

/// The beginning of what is sent, where it is text.
fn excerpt(bytes: &[u8]) -> String {
    const MOST: usize = 40;
    let start = bytes.get(..MOST).unwrap_or(bytes);
    match std::str::from_utf8(start).map(str::trim) {
        Ok(text) if !text.is_empty() && !text.chars().any(char::is_control) => {
            let more = if bytes.len() > start.len() { "…" } else { "" };
            quoted(format_args!("{text}{more}"))
        }
        _ => String::new(),
    }
}

/// Every run of bytes is a message of its own.
#[derive(Clone)]
struct Unknown;

impl Session for Unknown {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let len = input.bytes.len();
        let span = out.span(input.at, len);
        out.announce(Announce::new(Kind::Bytes, span));
        Progress::Took(len.max(1))
    }

    fn gap(&mut self, _way: Way, _missing: Option<u64>, _out: &mut Out<'_>) -> bool {
        true
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::ports::Ports;
    use crate::protocol::Framing;
    use crate::protocols::stage::{ask, check_told, play, play_over};

    #[test]
    fn bytes_and_datagrams() {
        check_told(
            &play(&[ask("hello"), ask([1, 2, 3]), ask("a".repeat(61))]),
            &[
                "5 bytes | Sends bytes; what they mean is between the two programs | “hello”.",
                "3 bytes | Sends bytes; what they mean is between the two programs",
                "61 bytes | Sends bytes; what they mean is between the two programs | \
             “aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…”",
            ],
        );
        let ports = Ports { framing: Framing::Datagram, ports: [40000, 5555], began: None };
        check_told(
            &play_over(ports, &[ask("hello")]),
            &["5 bytes | Sends a datagram; what it means is between the two programs | “hello”."],
        );
    }
}
