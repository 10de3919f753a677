//! JSON (RFC 8259): read into a flat list first, for a field is told with the place of all of it.
//!
//! ```text
//!   {"a": [1, "x"]}        0 object ─ 1 member a: array ─ 2 number, 3 string
//! ```

use std::ops::Range;

use super::Placed;
use super::quoted::unquoted;
use crate::bytes::Lossy;
use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::limits::{MAX_CONTENT_DEPTH, MAX_CONTENT_VALUES, MAX_JSON_PATH};
use crate::protocol::Protocol;
use crate::sink::{Severity, Sink};

fields! { "json", "JavaScript Object Notation";
    OBJECT = FieldDef::group("json.object", "Object"),
    ARRAY = FieldDef::group("json.array", "Array"),
    MEMBER = FieldDef::text("json.member", "Member").computed(),
    PATH_WITH_VALUE = FieldDef::text("json.path_with_value", "Path with value").computed(),
    MEMBER_WITH_VALUE = FieldDef::text("json.member_with_value", "Member with value").computed(),
    STRING = FieldDef::text("json.value.string", "String value").computed(),
    NUMBER = FieldDef::text("json.value.number", "Number value"),
    TRUE = FieldDef::group("json.value.true", "True value"),
    FALSE = FieldDef::group("json.value.false", "False value"),
    NULL = FieldDef::group("json.value.null", "Null value"),
    KEY = FieldDef::text("json.key", "Key").computed(),
    PATH = FieldDef::text("json.path", "Path").computed(),
}

/// JSON.
pub struct Json;

impl Protocol for Json {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["RFC 8259"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Object,
    Array,
    String,
    Number,
    True,
    False,
    Null,
}

/// A value, with the name that an object gives it.
struct Node {
    what: What,
    key: Option<Range<usize>>,
    place: Range<usize>,
    /// The number of the next value that is not inside it.
    after: usize,
}

/// Why reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    /// Nothing of JSON stands here.
    Broken,
    /// There are too many values, or too many in each other.
    TooMuch,
}

/// Describes a text of JSON, or as much of it as is sound.
pub(super) fn describe(content: Placed<'_>, sink: &mut dyn Sink) {
    let mut reader = Reader { bytes: content.bytes, at: 0, nodes: Vec::new() };
    let told = reader.value(None, 0).and_then(|()| {
        reader.skip_blanks();
        if reader.at == content.bytes.len() { Ok(()) } else { Err(Stop::Broken) }
    });
    let Reader { at, nodes, .. } = reader;
    tell(&nodes, 0..nodes.len(), "", content, sink);
    if let Err(why) = told {
        let rest = content.part(at..content.bytes.len()).span;
        match why {
            Stop::Broken => {
                sink.note(Severity::Broken, rest, format_args!("No JSON goes on like this (RFC 8259)"));
            }
            Stop::TooMuch => sink.note(
                Severity::Hint,
                rest,
                format_args!(
                    "No more is told than {MAX_CONTENT_VALUES} values, {MAX_CONTENT_DEPTH} in each other"
                ),
            ),
        }
    }
}

/// Whether a text that nobody gives a type is an object or an array of JSON, from its first letter
/// to its last.
pub(in crate::protocols) fn is_json(bytes: &[u8]) -> bool {
    let ends = [bytes.trim_ascii().first(), bytes.trim_ascii().last()];
    if !matches!(ends, [Some(b'{'), Some(b'}')] | [Some(b'['), Some(b']')]) {
        return false;
    }
    let mut reader = Reader { bytes, at: 0, nodes: Vec::new() };
    let is_read = reader.value(None, 0).is_ok();
    reader.skip_blanks();
    is_read && reader.at == bytes.len()
}

/// The values that stand in an object or an array which is all of a text: each with its name, where
/// it has one, and as it is written. `None` if the text is something else, or not sound.
pub(super) fn parts(bytes: &[u8]) -> Option<Vec<(Option<String>, &[u8])>> {
    let mut reader = Reader { bytes, at: 0, nodes: Vec::new() };
    reader.value(None, 0).ok()?;
    let top = reader.nodes.first().filter(|top| matches!(top.what, What::Object | What::Array))?;
    let (mut found, mut index) = (Vec::new(), 1);
    while let Some(node) = reader.nodes.get(index).filter(|_| index < top.after) {
        let key = node.key.clone().and_then(|key| bytes.get(key)).map(unquoted);
        found.push((key, bytes.get(node.place.clone())?));
        index = node.after.max(index + 1);
    }
    Some(found)
}

/// Reads values into a list.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    nodes: Vec<Node>,
}

impl Reader<'_> {
    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn takes(&mut self, byte: u8) -> bool {
        self.skip_blanks();
        let is_there = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn value(&mut self, key: Option<Range<usize>>, depth: usize) -> Result<(), Stop> {
        self.skip_blanks();
        let what = match self.bytes.get(self.at) {
            Some(b'{') => What::Object,
            Some(b'[') => What::Array,
            Some(b'"') => What::String,
            Some(b't') => What::True,
            Some(b'f') => What::False,
            Some(b'n') => What::Null,
            Some(b'-' | b'0'..=b'9') => What::Number,
            _ => return Err(Stop::Broken),
        };
        if depth >= MAX_CONTENT_DEPTH || self.nodes.len() >= MAX_CONTENT_VALUES {
            return Err(Stop::TooMuch);
        }
        let (start, index) = (self.at, self.nodes.len());
        self.nodes.push(Node { what, key, place: start..start, after: 0 });
        let told = self.rest(what, depth);
        let (end, after) = (self.at, self.nodes.len());
        if let Some(node) = self.nodes.get_mut(index) {
            (node.place.end, node.after) = (end, after);
        }
        told
    }

    fn rest(&mut self, what: What, depth: usize) -> Result<(), Stop> {
        match what {
            What::Object | What::Array => self.inside(what, depth),
            What::String => self.string().map(|_| ()),
            What::Number => {
                let rest = self.bytes.get(self.at..).unwrap_or_default();
                let is_part =
                    |byte: &&u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
                self.at += rest.iter().take_while(is_part).count();
                Ok(())
            }
            What::True => self.word(b"true"),
            What::False => self.word(b"false"),
            What::Null => self.word(b"null"),
        }
    }

    fn inside(&mut self, what: What, depth: usize) -> Result<(), Stop> {
        let end = if what == What::Object { b'}' } else { b']' };
        self.at += 1;
        if self.takes(end) {
            return Ok(());
        }
        loop {
            let mut key = None;
            if what == What::Object {
                self.skip_blanks();
                key = Some(self.string()?);
                if !self.takes(b':') {
                    return Err(Stop::Broken);
                }
            }
            self.value(key, depth + 1)?;
            if !self.takes(b',') {
                return if self.takes(end) { Ok(()) } else { Err(Stop::Broken) };
            }
        }
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Stop> {
        let is_there = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        self.at += if is_there { word.len() } else { 0 };
        if is_there { Ok(()) } else { Err(Stop::Broken) }
    }

    /// A string, and where it stands with its quotes.
    fn string(&mut self) -> Result<Range<usize>, Stop> {
        let start = self.at;
        if self.bytes.get(start) != Some(&b'"') {
            return Err(Stop::Broken);
        }
        let mut at = start + 1;
        loop {
            match self.bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => at += 2,
                Some(_) => at += 1,
                None => return Err(Stop::Broken),
            }
        }
        self.at = at + 1;
        Ok(start..self.at)
    }
}

/// Tells the values of a range, which stand beside each other.
fn tell(nodes: &[Node], range: Range<usize>, path: &str, content: Placed<'_>, sink: &mut dyn Sink) {
    let mut index = range.start;
    while let Some(node) = nodes.get(index).filter(|_| index < range.end && !sink.is_done()) {
        let inside = index + 1..node.after;
        index = node.after.max(index + 1);
        let Some(key) = &node.key else {
            value(node, (nodes, inside), (path, "[]"), content, sink);
            continue;
        };
        let name = unquoted(content.part(key.clone()).bytes);
        let path = longer(path, &name);
        sink.open(MEMBER, Value::Text(&name), content.part(key.start..node.place.end).span);
        value(node, (nodes, inside), (&path, &name), content, sink);
        sink.field(KEY, Value::Text(&name), content.part(key.clone()).span);
        sink.field(PATH, Value::Text(&path), content.part(key.start..node.place.end).span);
        sink.close();
    }
}

/// A path with one more step, while it is short enough to be told.
fn longer(path: &str, step: &str) -> String {
    if path.len() + step.len() > MAX_JSON_PATH { path.to_owned() } else { format!("{path}/{step}") }
}

fn value(
    node: &Node,
    (nodes, inside): (&[Node], Range<usize>),
    (path, name): (&str, &str),
    content: Placed<'_>,
    sink: &mut dyn Sink,
) {
    let here = content.part(node.place.clone());
    match node.what {
        What::Object | What::Array => {
            let is_object = node.what == What::Object;
            sink.open(if is_object { OBJECT } else { ARRAY }, Value::None, here.span);
            let path = if is_object { path.to_owned() } else { longer(path, "[]") };
            tell(nodes, inside, &path, content, sink);
            sink.close();
        }
        what => {
            let text = match what {
                What::String => unquoted(here.bytes),
                _ => Lossy(here.bytes).to_string(),
            };
            // At the top nothing names it.
            if !path.is_empty() {
                sink.field(PATH_WITH_VALUE, Value::Text(&format!("{path}:{text}")), here.span);
                sink.field(MEMBER_WITH_VALUE, Value::Text(&format!("{name}:{text}")), here.span);
            }
            match what {
                What::String => sink.field(STRING, Value::Text(&text), here.span),
                What::Number => sink.field(NUMBER, Value::text(here.bytes), here.span),
                What::True => sink.field(TRUE, Value::None, here.span),
                What::False => sink.field(FALSE, Value::None, here.span),
                _ => sink.field(NULL, Value::None, here.span),
            }
        }
    }
}
