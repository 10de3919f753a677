//! Header compression of HTTP/3 (RFC 9204): a table that one stream fills, and sections on all
//! others that name its entries.
//!
//! ```text
//!   encoder stream   |insert name, value|insert …|      fills the table, in order
//!   request stream   |how many inserts it needs|base|representations …|
//!                     └ more than there are: the section waits for them
//! ```

mod encoder;
mod section;
mod table;

pub(super) use encoder::{Decoding, Instruction, acknowledgements, instructions};
pub(super) use section::{Form, Head, Section};
pub(super) use table::Table;
