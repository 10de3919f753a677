//! What HTTP/2 and HTTP/3 have in common beyond the semantics of HTTP: requests and answers on
//! streams of one connection, and header fields that name entries of tables.
//!
//! ```text
//!   prefix, text, fixed, entries,    how names and values are written, and the tables they come from, as
//!   moment                           they were at any time
//!   line, list, head                 a field, a list of them, and what it says to the connection
//!   content                          what a stream carries, and to whom that goes
//!   describe, tables,                the same, field by field, as a part of an exchange, in words
//!   share, tell, row
//! ```
//!
//! A shared room: no protocol itself.

mod codes;
mod content;
mod describe;
mod entries;
mod fixed;
mod head;
mod line;
mod list;
mod moment;
mod prefix;
mod row;
mod share;
mod tables;
mod tell;
mod text;

pub(super) use codes::{NO_ERROR, error_of_http3};
pub(super) use content::{Body, Carried, Content, Question};
pub(super) use describe::{Fields, describe};
pub(super) use entries::{Entries, Entry, Name, OVERHEAD};
pub(super) use fixed::{Fixed, HPACK_ENTRIES};
pub(super) use head::Head;
pub(super) use line::{Fault, FieldLine, Form};
pub(super) use list::{List, Part};
pub(super) use moment::Moment;
pub(super) use prefix::{Cursor, NoShape, Written};
pub(super) use row::row;
pub(super) use share::share;
pub(super) use tables::{Numbering, TableFields, describe_table};
pub(super) use tell::{Frame, Words, ended, packing, tell, timeout, timeout_nanos};
pub(super) use text::{Text, literal};
