//! XML (Extensible Markup Language 1.0): read into a flat list first, for a tag is told with the
//! place of all of it.
//!
//! ```text
//!   <?xml …?>  <r a="1">  <x>text</x>  </r>        instruction, tag r: attribute a, tag x: text
//! ```

use std::ops::Range;

use super::Placed;
use crate::field::{FieldDef, FieldId, Value};
use crate::fields;
use crate::limits::{MAX_CONTENT_DEPTH, MAX_CONTENT_VALUES};
use crate::protocol::Protocol;
use crate::sink::{Severity, Sink};

fields! { "xml", "eXtensible Markup Language";
    INSTRUCTION = FieldDef::text("xml.xmlpi", "XMLPI"),
    DOCTYPE = FieldDef::text("xml.doctype", "Doctype"),
    COMMENT = FieldDef::text("xml.comment", "Comment"),
    TAG = FieldDef::text("xml.tag", "Tag").computed(),
    ATTRIBUTE = FieldDef::text("xml.attribute", "Attribute"),
    TEXT = FieldDef::text("xml.cdata", "CDATA"),
    SECTION = FieldDef::text("xml.cdatasection", "CDATASection"),
}

/// XML.
pub struct Xml;

impl Protocol for Xml {
    fn heading(&self) -> FieldId {
        HEADING
    }

    fn standards(&self) -> &'static [&'static str] {
        &["XML"]
    }

    fn fields(&self) -> &'static [FieldDef] {
        FIELDS
    }
}

/// Something that stands there.
struct Node {
    field: FieldId,
    place: Range<usize>,
    /// Of a tag, where it ends itself, before what it holds.
    head: usize,
    /// The number of the next thing that is not inside it.
    after: usize,
}

/// What is not elements: how it begins, how it ends.
const OTHERS: [(&[u8], &[u8], FieldId); 4] = [
    (b"<?", b"?>", INSTRUCTION),
    (b"<!--", b"-->", COMMENT),
    (b"<![CDATA[", b"]]>", SECTION),
    (b"<!", b">", DOCTYPE),
];

/// Describes a document, or as much of it as is sound.
pub(super) fn describe(content: Placed<'_>, sink: &mut dyn Sink) {
    let mut reader = Reader { bytes: content.bytes, at: 0, nodes: Vec::new(), open: Vec::new() };
    let why = reader.read();
    let Reader { at, nodes, .. } = reader;
    tell(&nodes, 0..nodes.len(), content, sink);
    if let Some(why) = why {
        let rest = content.part(at..content.bytes.len()).span;
        sink.note(Severity::Hint, rest, format_args!("{why}"));
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    nodes: Vec<Node>,
    /// The tags that have not ended.
    open: Vec<usize>,
}

impl Reader<'_> {
    /// Reads all of it, and says why it stopped before the end.
    fn read(&mut self) -> Option<&'static str> {
        let mut why = None;
        while let Some(rest) = self.bytes.get(self.at..).filter(|rest| !rest.is_empty()) {
            if self.nodes.len() >= MAX_CONTENT_VALUES || self.open.len() >= MAX_CONTENT_DEPTH {
                why = Some("Not all is told of content that is so long, or so deep");
                break;
            }
            let other = OTHERS.iter().find(|(begins, ..)| rest.starts_with(begins));
            let len = match (other, rest) {
                (Some((begins, ends, field)), _) => {
                    let behind = rest.get(begins.len()..).unwrap_or_default();
                    let len = memchr::memmem::find(behind, ends);
                    len.map(|len| (Some(*field), begins.len() + len + ends.len()))
                }
                (None, [b'<', ..]) => tag_end(rest).map(|len| (None, len)),
                (None, _) => {
                    let len = memchr::memchr(b'<', rest).unwrap_or(rest.len());
                    let is_blank = rest.iter().take(len).all(u8::is_ascii_whitespace);
                    if !is_blank {
                        self.push(TEXT, len);
                    }
                    self.at += len;
                    continue;
                }
            };
            match len {
                None => {
                    why = Some("It ends within a tag");
                    break;
                }
                Some((Some(field), len)) => self.push(field, len),
                Some((None, len)) if rest.starts_with(b"</") => self.close(self.at + len),
                Some((None, len)) => self.tag(rest.get(..len).unwrap_or_default()),
            }
            self.at += len.map_or(0, |(_, len)| len);
        }
        let end = self.at;
        while !self.open.is_empty() {
            self.close(end);
        }
        why
    }

    fn push(&mut self, field: FieldId, len: usize) {
        let place = self.at..self.at + len;
        self.nodes.push(Node { field, head: place.end, place, after: self.nodes.len() + 1 });
    }

    /// The innermost tag ends.
    fn close(&mut self, end: usize) {
        let after = self.nodes.len();
        if let Some(node) = self.open.pop().and_then(|index| self.nodes.get_mut(index)) {
            (node.place.end, node.after) = (end, after);
        }
    }

    /// A tag that begins, with its attributes.
    fn tag(&mut self, tag: &[u8]) {
        let index = self.nodes.len();
        self.push(TAG, tag.len());
        let start = self.at;
        let mut at = name_end(tag, 1);
        while let Some(attribute) = attribute(tag, at) {
            if self.nodes.len() >= MAX_CONTENT_VALUES {
                break;
            }
            at = attribute.end;
            self.at = start + attribute.start;
            self.push(ATTRIBUTE, attribute.len());
        }
        self.at = start;
        self.open.push(index);
        if tag.ends_with(b"/>") {
            self.close(start + tag.len());
        }
    }
}

/// How long a tag is that bytes begin with: a bracket in quotes ends none.
fn tag_end(bytes: &[u8]) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(*byte),
            (None, b'>') => return Some(at + 1),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    None
}

/// Where a name ends that begins at an offset.
fn name_end(tag: &[u8], from: usize) -> usize {
    let rest = tag.get(from..).unwrap_or_default();
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b'/');
    from + rest.iter().position(ends).unwrap_or(rest.len())
}

/// The next attribute of a tag: a name, and a value in quotes.
fn attribute(tag: &[u8], from: usize) -> Option<Range<usize>> {
    let rest = tag.get(from..)?;
    let start = from + rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let end = name_end(tag, start);
    if end == start {
        return None;
    }
    let behind = tag.get(end..)?;
    let blanks = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let equals = end + blanks(behind);
    if tag.get(equals) != Some(&b'=') {
        return Some(start..end);
    }
    let open = equals + 1 + blanks(tag.get(equals + 1..)?);
    let quote = tag.get(open).filter(|byte| matches!(byte, b'"' | b'\''))?;
    let close = open + 1 + memchr::memchr(*quote, tag.get(open + 1..)?)?;
    Some(start..close + 1)
}

/// Tells what stands beside each other in a range.
fn tell(nodes: &[Node], range: Range<usize>, content: Placed<'_>, sink: &mut dyn Sink) {
    let mut index = range.start;
    while let Some(node) = nodes.get(index).filter(|_| index < range.end && !sink.is_done()) {
        let inside = index + 1..node.after;
        index = node.after.max(index + 1);
        let here = content.part(node.place.clone());
        if node.field != TAG {
            sink.field(node.field, Value::text(here.bytes), here.span);
            continue;
        }
        let head = content.part(node.place.start..node.head);
        sink.open(TAG, Value::text(head.bytes), here.span);
        tell(nodes, inside, content, sink);
        sink.close();
    }
}
