//! A header list in the row of its frame: what is asked for, how it is answered, how a call went.

use std::fmt::{self, Write};

use super::line::Form;
use super::list::List;
use super::tell::{CALL, outcome};
use crate::bytes::Lossy;
use crate::engine::view::View;
use crate::protocols::semantics::codes;

/// What stands behind the name of a frame with a header list.
pub(in crate::protocols) fn row<F: Form>(
    list: &List<F>,
    view: &View<'_>,
    line: &mut dyn Write,
) -> fmt::Result {
    let value_of = |name: &[u8]| list.value_of(name, view);
    if let Some(status) = value_of(b":status") {
        write!(line, ": {}", Lossy(status))?;
        if let Some(name) = codes::name(list.status) {
            write!(line, " {name}")?;
        }
        return match value_of(CALL) {
            Some(code) => write!(line, ", grpc-status {}", outcome(code)),
            None => Ok(()),
        };
    }
    if let Some(method) = value_of(b":method") {
        let target = value_of(b":path").or_else(|| value_of(b":authority")).unwrap_or_default();
        return write!(line, ": {} {}", Lossy(method), Lossy(target));
    }
    match value_of(CALL) {
        Some(code) => write!(line, ": grpc-status {}", outcome(code)),
        None => Ok(()),
    }
}
