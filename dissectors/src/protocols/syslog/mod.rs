//! Syslog over UDP (RFC 5426): a line for the log in each datagram, in the form of RFC 5424 or in
//! the older one (RFC 3164).
//!
//! ```text
//!   <34>1 2003-10-11T22:14:15.003Z host app 123 ID47 [id key="value"] text
//!   <34>Oct 11 22:14:15 host app[123]: text
//! ```

mod fields;
mod line;
#[cfg(test)]
mod tests;
mod time;

pub use fields::*;

use std::fmt::{self, Write};
use std::ops::Range;

use self::line::{Form, Line};
use super::datagrams::{self, Asking, Seen};
use super::lines::text::{Placed, Shown, short};
use super::values;
use crate::codes;
use crate::engine::session::Session;
use crate::engine::view::View;
use crate::field::{FieldDef, FieldId, Value};
use crate::ids::FrameId;
use crate::message::{Message, MessageKind};
use crate::protocol::{Claim, Facts, Framing, Likelihood, Protocol};
use crate::sink::{Severity, Sink};
use crate::telling::Telling;

codes! {
    /// What a message is.
    pub enum Kind {
        /// A line for the log.
        Line,
    }
}

impl MessageKind for Kind {
    /// Always nothing: lines answer nothing.
    type Extra = Option<FrameId>;
}

/// How much of a text a row shows; longer than any screen is wide.
const MAX_SHOWN: usize = 1024;

/// Syslog.
pub struct Syslog;

impl Protocol for Syslog {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 5424", "RFC 5426", "RFC 3164"]
    }

    fn claims(&self) -> &'static [Claim<'static>] {
        &[Claim::UdpPort(514)]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }

    /// A priority and a date are surely a line for the log. What is only text is one where the
    /// port says so (RFC 3164, section 4: whatever comes to that port).
    fn probe(&self, bytes: &[u8], framing: Framing) -> Likelihood {
        if framing != Framing::Datagram {
            return Likelihood::No;
        }
        match Line::read(bytes) {
            Some(line) if line.priority.is_some() && line.form != Form::Free => Likelihood::Surely,
            Some(_) => Likelihood::Unsaid,
            None => Likelihood::No,
        }
    }

    fn open(&self, facts: &Facts<'_>) -> Option<Box<dyn Session>> {
        datagrams::open(facts, look)
    }

    fn summary(&self, message: &Message, view: &View<'_>, line: &mut dyn Write) -> fmt::Result {
        let bytes = view.bytes(message.span);
        let Some(read) = Line::read(bytes) else { return Ok(()) };
        if let Some((priority, _)) = read.priority {
            write!(line, "{}.{}: ", facility(priority), level(priority))?;
        }
        let text = bytes.get(read.text_at()..).unwrap_or(&[]);
        write!(line, "{}", Shown(text.get(..MAX_SHOWN).unwrap_or(text)))
    }

    fn describe(&self, message: &Message, view: &View<'_>, sink: &mut dyn Sink) {
        let placed = Placed { bytes: view.bytes(message.span), span: message.span };
        let Some(line) = Line::read(placed.bytes) else { return };
        if let Some((priority, range)) = &line.priority {
            let place = placed.place(range);
            values::bits(FACILITY, (*priority).into(), place, sink);
            values::bits(LEVEL, (*priority).into(), place, sink);
        }
        for (field, range) in &line.parts {
            match time::nanos(placed.get(range)).filter(|_| *field == TIMESTAMP) {
                Some(nanos) => sink.field(TIMESTAMP, Value::Nanos(nanos), placed.place(range)),
                // A dash says that the sender knows none.
                None if *field == TIMESTAMP => {}
                None => placed.text(sink, *field, range),
            }
        }
        elements(&placed, &line.data, sink);
        placed.text(sink, MSG, &line.message);
        if line.form == Form::Free {
            let text = format_args!("Neither the form of RFC 5424 nor that of RFC 3164");
            sink.note(Severity::Hint, placed.place(&line.message), text);
        }
    }

    fn tell(&self, message: &Message, view: &View<'_>) -> Option<Telling> {
        let bytes = view.bytes(message.span);
        let line = Line::read(bytes)?;
        let text = bytes.get(line.message.clone()).unwrap_or(&[]).trim_ascii();
        let headline = match line.priority.as_ref().map(|(priority, _)| priority & 7) {
            Some(0..=2) => "Reports something that needs somebody at once",
            Some(3) => "Reports an error",
            Some(4) => "Warns",
            Some(_) => "Reports for the log",
            None => "Sends a line for the log, without saying how important it is",
        };
        let who = line.parts.iter().find(|(field, _)| *field == HOSTNAME);
        let who = who.map_or(String::new(), |(_, range)| {
            format!("From {}. ", Shown(bytes.get(range.clone()).unwrap_or(&[])))
        });
        let (standard, section) = match line.form {
            Form::New => ("RFC 5424", "6"),
            Form::Old | Form::Free => ("RFC 3164", "4"),
        };
        Some(
            Telling::new(short(text), headline, "Syslog")
                .detail(format!("{who}Nobody confirms it: a lost line is lost."))
                .lesson("syslog/message", standard, section),
        )
    }
}

/// What speaks, in Wireshark's short words.
fn facility(priority: u16) -> &'static str {
    let known = FACILITY.def().name_of(u64::from(priority >> 3));
    known.map_or("UNKNOWN", |name| name.split(' ').next().unwrap_or(name))
}

/// How important it is.
fn level(priority: u16) -> &'static str {
    let known = LEVEL.def().name_of(u64::from(priority & 7));
    known.map_or("UNKNOWN", |name| name.split(' ').next().unwrap_or(name))
}

/// A line for the log is alone.
fn look(bytes: &[u8], _wire: usize) -> Option<Seen<Kind>> {
    Line::read(bytes)?;
    Some(Seen { kind: Kind::Line, asking: Asking::Alone, same: 0 })
}

/// Elements of structured data: a name, then parameters (RFC 5424, section 6.3).
fn elements(placed: &Placed<'_>, data: &Range<usize>, sink: &mut dyn Sink) {
    if data.is_empty() {
        return;
    }
    sink.open(SD, Value::None, placed.place(data));
    for element in line::elements(placed.bytes, data) {
        sink.open(SD_ELEMENT, Value::None, placed.place(&element.whole));
        placed.text(sink, SD_NAME, &element.name);
        for (name, value) in &element.params {
            sink.open(SD_PARAM, Value::None, placed.place(&(name.start..value.end)));
            placed.text(sink, SD_PARAM_NAME, name);
            placed.text(sink, SD_PARAM_VALUE, value);
            sink.close();
        }
        sink.close();
    }
    sink.close();
}
