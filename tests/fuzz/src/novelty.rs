//! What was told before, so that an input which makes the dissectors tell something new is seen.

use std::collections::HashSet;
use std::fmt;

use wirestage_dissectors::field::{FieldId, Kind, Value};
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::sink::{Severity, Sink};
use wirestage_dissectors::span::{Buffer, Span};

use crate::dice::mixed;

/// All that was ever told, as numbers: which field followed which, with which named value.
#[derive(Debug, Default)]
pub struct Known(HashSet<u64>);

impl Known {
    /// How much it is.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was told yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes in a text; says whether it is new.
    pub fn hear(&mut self, text: &str) -> bool {
        self.0.insert(number(text))
    }
}

/// Listens to a walk over one frame.
pub struct Listener<'a> {
    known: &'a mut Known,
    frames: &'a dyn Frames,
    before: u64,
    /// Whether anything was new.
    pub is_new: bool,
    /// The first place that lies outside its frame.
    pub outside: Option<String>,
    /// The places in buffers that were made, and the names of their fields.
    pub made: Vec<(Span, &'static str)>,
    /// How many groups are open.
    pub depth: i32,
}

impl<'a> Listener<'a> {
    /// Listens on behalf of all that is known.
    pub fn new(known: &'a mut Known, frames: &'a dyn Frames) -> Self {
        Self { known, frames, before: 0, is_new: false, outside: None, made: Vec::new(), depth: 0 }
    }

    fn hear(&mut self, what: u64) {
        self.is_new |= self.known.0.insert(mixed(self.before ^ what.rotate_left(17)));
        self.before = what;
    }

    fn value(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        let def = field.def();
        let class = match (value, def.kind) {
            (Value::Unsigned(number), Kind::Unsigned(_)) if !def.names.is_empty() => {
                // Of numbers without a name, one is like the other.
                let known = def.names.iter().any(|(named, _)| *named == number);
                if known { number + 1 } else { 0 }
            }
            (Value::Bool(set), _) => u64::from(set),
            (Value::Bytes(bytes), _) => u64::from(bytes.is_empty()),
            _ => 0,
        };
        self.hear(number(def.name) ^ mixed(class));
        if let Buffer::Derived(_) = span.buffer.kind() {
            self.made.push((span, def.name));
        }
        if let Buffer::Frame(frame) = span.buffer.kind() {
            let end = u64::from(span.start) + u64::from(span.len);
            let held = self.frames.frame(frame).bytes.len() as u64;
            if end > held && self.outside.is_none() {
                let place = format!("{} ends at {end} of {held}", def.name);
                self.outside = Some(format!("frame {}: {place}", FrameId(frame.0).number()));
            }
        }
    }
}

impl Sink for Listener<'_> {
    fn field(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.value(field, value, span);
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.depth += 1;
        self.value(field, value, span);
    }

    fn close(&mut self) {
        self.depth -= 1;
    }

    fn note(&mut self, severity: Severity, _span: Span, text: fmt::Arguments<'_>) {
        // The words of a note are known, its numbers are not.
        let words = text.to_string();
        let words: String = words.chars().filter(|letter| !letter.is_ascii_digit()).collect();
        self.hear(number(words.get(..24).unwrap_or(&words)) ^ severity as u64);
    }
}

/// A text as a number, the same on every machine.
fn number(text: &str) -> u64 {
    text.bytes().fold(0x0100_0000_01b3, |sum, byte| mixed(sum ^ u64::from(byte)))
}
