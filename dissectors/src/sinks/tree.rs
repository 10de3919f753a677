//! The details tree: every field with its value, place and depth, in reading order.

use std::fmt;

use super::text::Named;
use crate::field::{FieldId, Shown, Value};
use crate::sink::{Severity, Sink};
use crate::span::Span;

/// One line of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The field; a note has none.
    pub field: Option<FieldId>,
    /// How deep it lies: 0 for protocols.
    pub depth: u16,
    /// What a person reads: "Type: Client Hello (1)".
    pub text: String,
    /// Where its bytes are.
    pub span: Span,
    /// What a note warns of.
    pub severity: Option<Severity>,
}

/// Collects a walk as lines.
#[derive(Clone, Debug, Default)]
pub struct FieldTree {
    /// The lines, parents before their children.
    pub nodes: Vec<Node>,
    depth: u16,
}

impl FieldTree {
    /// An empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The innermost line whose bytes include this one.
    #[must_use]
    pub fn at(&self, buffer: crate::span::BufferId, offset: u32) -> Option<usize> {
        let holds =
            |span: Span| span.buffer == buffer && (span.start..span.end()).contains(&offset);
        let found = self.nodes.iter().enumerate().filter(|(_, node)| holds(node.span));
        found.min_by_key(|(index, node)| (node.span.len, usize::MAX - index)).map(|(at, _)| at)
    }

    /// The tree as indented text, one line a field.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        for node in &self.nodes {
            for _ in 0..node.depth {
                out.push_str("    ");
            }
            out.push_str(&node.text);
            out.push('\n');
        }
        out
    }

    fn add(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        let def = field.def();
        let text = match value {
            Value::None => def.title.to_owned(),
            value => format!("{}: {}", def.title, Named(def, value)),
        };
        let (field, depth) = (Some(field), self.depth);
        self.nodes.push(Node { field, depth, text, span, severity: None });
    }
}

impl Sink for FieldTree {
    fn wants(&self, field: FieldId) -> bool {
        matches!(field.def().shown, Shown::Everywhere | Shown::InTrees)
    }

    fn field(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        if self.wants(field) {
            self.add(field, value, span);
        }
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.add(field, value, span);
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn note(&mut self, severity: Severity, span: Span, text: fmt::Arguments<'_>) {
        let (text, severity) = (format!("Note: {text}"), Some(severity));
        self.nodes.push(Node { field: None, depth: self.depth, text, span, severity });
    }
}
