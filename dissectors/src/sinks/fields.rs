//! Chosen fields as columns of text, as `tshark -T fields -E occurrence=a` prints them.

use std::collections::HashMap;
use std::fmt::Write;

use super::text::Bare;
use crate::field::{FieldId, Kind, Value};
use crate::sink::Sink;
use crate::span::Span;

/// The columns that were asked for.
#[derive(Clone, Debug)]
pub struct Columns {
    /// The columns of each field: a name may belong to several protocols.
    of: HashMap<FieldId, Vec<usize>>,
    count: usize,
}

/// A name that is no field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no field is called “{0}”")]
pub struct UnknownField(pub String);

impl Columns {
    /// The columns for these names; `fields` finds all fields of one name.
    ///
    /// # Errors
    /// Names the first that is no field.
    pub fn new<'a>(
        names: impl IntoIterator<Item = &'a str>,
        fields: impl Fn(&str) -> Vec<FieldId>,
    ) -> Result<Self, UnknownField> {
        let mut of: HashMap<FieldId, Vec<usize>> = HashMap::new();
        let mut count = 0;
        for name in names {
            let mut is_known = false;
            for field in fields(name) {
                of.entry(field).or_default().push(count);
                is_known = true;
            }
            if !is_known {
                return Err(UnknownField(name.to_owned()));
            }
            count += 1;
        }
        Ok(Self { of, count })
    }

    /// How many columns there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    fn of(&self, field: FieldId) -> impl Iterator<Item = usize> {
        self.of.get(&field).into_iter().flatten().copied()
    }
}

/// One frame's values, column by column; values of one column are joined by commas.
#[derive(Clone, Debug)]
pub struct FieldLines<'c> {
    columns: &'c Columns,
    cells: Vec<String>,
}

impl<'c> FieldLines<'c> {
    /// An empty line.
    #[must_use]
    pub fn new(columns: &'c Columns) -> Self {
        Self { columns, cells: vec![String::new(); columns.count()] }
    }

    /// Appends the line to `out`, tab-separated, and empties it.
    pub fn flush(&mut self, out: &mut String) {
        for (index, cell) in self.cells.iter_mut().enumerate() {
            if index > 0 {
                out.push('\t');
            }
            // A tab or a line end within a value would break the line: tshark escapes them too.
            for c in cell.chars() {
                match c {
                    '\t' => out.push_str("\\t"),
                    '\r' => out.push_str("\\r"),
                    '\n' => out.push_str("\\n"),
                    c => out.push(c),
                }
            }
            cell.clear();
        }
        out.push('\n');
    }
}

impl Sink for FieldLines<'_> {
    fn wants(&self, field: FieldId) -> bool {
        self.columns.of(field).next().is_some()
    }

    fn field(&mut self, field: FieldId, value: Value<'_>, _span: Span) {
        for column in self.columns.of(field) {
            if let Some(cell) = self.cells.get_mut(column) {
                if !cell.is_empty() {
                    cell.push(',');
                }
                let def = field.def();
                match value {
                    // As tshark has it: a heading says that it is there, and no bytes are missing.
                    _ if def.kind == Kind::Group => cell.push('1'),
                    Value::Bytes([]) => cell.push_str("<MISSING>"),
                    value => {
                        // Writing to a string does not fail.
                        let _ = write!(cell, "{}", Bare(def, value));
                    }
                }
            }
        }
    }

    fn open(&mut self, field: FieldId, value: Value<'_>, span: Span) {
        self.field(field, value, span);
    }
}
