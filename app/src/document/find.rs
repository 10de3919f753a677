//! Finding: text, bytes or an expression, in what frames say and in what they carry.
//!
//! ```text
//!   frames from here on ──> then those before ──> frames that have it, as they are found
//! ```
//!
//! What only a connection tells is read from where it begins, and looked at from here on.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};
use wirestage_dissectors::bits::Bits;
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::view::View;
use wirestage_dissectors::field::{FieldId, Value};
use wirestage_dissectors::filter::{Need, RowSet};
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::limits::MAX_PATTERN_BYTES;
use wirestage_dissectors::message::Message;
use wirestage_dissectors::sink::Sink;
use wirestage_dissectors::sinks::{FieldTree, RowText};
use wirestage_dissectors::span::{Buffer, BufferId, Span};

use super::sweep::Swept;
use super::{Ground, Progress};

/// How what is looked for is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spelling {
    /// As it stands.
    #[default]
    Text,
    /// Bytes in hex; `??` is any byte.
    Hex,
    /// A regular expression over bytes.
    Expression,
}

/// Where it is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// What the packet list says of a frame.
    #[default]
    Rows,
    /// What its tree says.
    Fields,
    /// Its bytes as they were captured.
    Bytes,
    /// What its messages carry: opened, put together and without codings.
    Bodies,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Needle(Regex);

/// Whether large letters are told from small ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Case {
    /// They are the same.
    #[default]
    Any,
    /// They are told apart.
    Exact,
}

/// Why nothing can be looked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongNeedle {
    /// Nothing was typed.
    #[error("Type what is to be found")]
    Empty,
    /// Hex that is none.
    #[error("Bytes are pairs of hex digits, such as 16 03 01 or 16:03:??; “{0}” is none")]
    Hex(String),
    /// An expression that cannot be read.
    #[error("This is no regular expression: {0}")]
    Expression(String),
}

impl Needle {
    /// Reads what was typed.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn new(typed: &str, spelling: Spelling, case: Case) -> Result<Self, WrongNeedle> {
        if typed.is_empty() {
            return Err(WrongNeedle::Empty);
        }
        let pattern = match spelling {
            Spelling::Text => regex::escape(typed),
            Spelling::Hex => hex(typed)?,
            Spelling::Expression => typed.to_owned(),
        };
        let mut builder = RegexBuilder::new(&pattern);
        // Bytes of a capture are not text in any one coding.
        builder.unicode(false).size_limit(MAX_PATTERN_BYTES);
        builder.case_insensitive(case == Case::Any && spelling != Spelling::Hex);
        let built = builder.build().map_err(|error| {
            let whole = error.to_string();
            let why = whole.rsplit("error: ").next().unwrap_or_default().trim().to_owned();
            WrongNeedle::Expression(why)
        })?;
        Ok(Self(built))
    }

    /// Where it stands first.
    #[must_use]
    pub fn place(&self, bytes: &[u8]) -> Option<Range<usize>> {
        self.0.find(bytes).map(|found| found.range())
    }

    /// Whether it stands anywhere in a text.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.0.is_match(text.as_bytes())
    }
}

/// The expression for bytes in hex.
fn hex(typed: &str) -> Result<String, WrongNeedle> {
    let bare: Vec<char> = typed.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
    let mut pattern = String::new();
    for pair in bare.chunks(2) {
        match pair {
            ['?', '?'] => pattern.push_str("(?s:.)"),
            [high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                pattern.extend(["\\x", &high.to_string(), &low.to_string()]);
            }
            other => return Err(WrongNeedle::Hex(other.iter().collect())),
        }
    }
    if pattern.is_empty() { Err(WrongNeedle::Empty) } else { Ok(pattern) }
}

impl Ground {
    /// The frames in which something is found, of those given (of all where none are): first from
    /// `here` on, then those before. `take` gets them as they are found, with whether they lie
    /// before `here`, and says whether it wants more. Says whether all were looked at.
    pub fn find(
        &self,
        (needle, scope): (&Needle, Scope),
        among: Option<&RowSet>,
        here: FrameId,
        progress: &Progress,
        mut take: impl FnMut(&RowSet, bool) -> bool,
    ) -> bool {
        let count = self.survey.frame_count();
        let is_asked = |id: u32| among.is_none_or(|among| among.contains(FrameId(id)));
        for (range, is_before) in [(here.0.min(count)..count, false), (0..here.0.min(count), true)]
        {
            let frames = Bits::of(count, |id| range.contains(&id) && is_asked(id));
            if frames.is_empty() {
                continue;
            }
            let need = if scope == Scope::Bytes { Need::Headers } else { Need::Messages };
            let look = |scene: &Dissection<'_>, frames: &mut dyn Iterator<Item = FrameId>| {
                let mut row = RowText::new();
                frames.filter(|id| holds(needle, scope, scene, *id, &mut row)).collect::<RowSet>()
            };
            let take = |found: RowSet| found.is_empty() || take(&found, is_before);
            if self.read_frames(&frames, need, progress, look, take) != Swept::All {
                return false;
            }
        }
        true
    }
}

/// Whether a frame has it.
fn holds(
    needle: &Needle,
    scope: Scope,
    scene: &Dissection<'_>,
    id: FrameId,
    row: &mut RowText,
) -> bool {
    match scope {
        Scope::Rows => row_says(needle, scene, id, row),
        Scope::Fields => {
            let mut tree = FieldTree::new();
            scene.describe(id, &mut tree);
            tree.nodes.iter().any(|node| needle.is_in(&node.text))
        }
        Scope::Bytes => needle.place(scene.context().frames.frame(id).bytes).is_some(),
        Scope::Bodies => carries(needle, scene, id),
    }
}

fn row_says(needle: &Needle, scene: &Dissection<'_>, id: FrameId, row: &mut RowText) -> bool {
    row.set_ends(None);
    let protocol = scene.row(id, row);
    if needle.is_in(protocol) || needle.is_in(&row.info) {
        return true;
    }
    let survey = scene.survey();
    let known = survey.row(id).and_then(|row| Some((row.direction(), survey.flow(row.flow)?)));
    match known {
        Some((way, flow)) => {
            let ends = [flow.address(way), flow.address(way.reverse())];
            ends.iter().any(|end| needle.is_in(&end.to_string()))
        }
        None => row.ends().is_some_and(|(from, to)| needle.is_in(from) || needle.is_in(to)),
    }
}

fn carries(needle: &Needle, scene: &Dissection<'_>, id: FrameId) -> bool {
    let messages = scene.messages(id);
    let own =
        |(message, view): &(&Message, View<'_>)| needle.place(view.bytes(message.span)).is_some();
    if messages.iter().any(own) {
        return true;
    }
    // What was made on the way to a message is of the same connection.
    let Some((_, view)) = messages.first() else { return false };
    // The question that an answer is explained with is none of its own.
    let parts = |lent: bool| {
        let all = messages.iter().flat_map(|(message, view)| view.parts(message));
        all.filter(move |part| part.lent == lent).map(|part| part.span.buffer)
    };
    let own: Vec<BufferId> =
        messages.iter().map(|(message, _)| message.span.buffer).chain(parts(false)).collect();
    let lent: Vec<BufferId> = parts(true).filter(|buffer| !own.contains(buffer)).collect();
    let mut carried = Carried::default();
    scene.describe(id, &mut carried);
    carried.buffers.retain(|buffer| !lent.contains(buffer));
    carried
        .buffers
        .extend(own.into_iter().filter(|buffer| matches!(buffer.kind(), Buffer::Derived(_))));
    carried.buffers.iter().any(|buffer| {
        let whole = Span { buffer: *buffer, start: 0, len: u32::MAX };
        needle.place(view.bytes(whole)).is_some()
    })
}

/// The derived buffers that fields lie in.
#[derive(Default)]
struct Carried {
    buffers: Vec<BufferId>,
}

impl Sink for Carried {
    fn field(&mut self, _field: FieldId, _value: Value<'_>, span: Span) {
        let is_derived = matches!(span.buffer.kind(), Buffer::Derived(_));
        if is_derived && !self.buffers.contains(&span.buffer) {
            self.buffers.push(span.buffer);
        }
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.field(field, value, span);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, spelling: Spelling, exact: bool, expected: Option<Range<usize>>) {
        let needle =
            Needle::new(typed, spelling, if exact { Case::Exact } else { Case::Any }).unwrap();
        assert_eq!(needle.place(b"GET /a\x00\xff\r\nHost: b"), expected, "{typed}");
    }

    #[test]
    fn text_bytes_and_expressions_are_found_where_they_stand() {
        check("get", Spelling::Text, false, Some(0..3));
        check("get", Spelling::Text, true, None);
        check("/a.", Spelling::Text, false, None);
        check("00 ff", Spelling::Hex, false, Some(6..8));
        check("2F:61:??:fF", Spelling::Hex, true, Some(4..8));
        check("41", Spelling::Hex, false, None);
        check(r"host:\s*\w$", Spelling::Expression, false, Some(10..17));
        check(r"\x00.", Spelling::Expression, false, Some(6..8));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = |typed, spelling| match Needle::new(typed, spelling, Case::Any) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        };
        assert_eq!(wrong("", Spelling::Text), "Type what is to be found");
        assert!(wrong("16 3", Spelling::Hex).ends_with("“3” is none"));
        assert!(wrong("xy", Spelling::Hex).contains("“xy” is none"));
        assert_eq!(
            wrong("a(b", Spelling::Expression),
            "This is no regular expression: unclosed group"
        );
    }
}
