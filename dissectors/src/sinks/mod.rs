//! The sinks at hand: a tree to look at, a row, chosen fields as text, JSON.

pub mod date;
pub mod decimal;
pub mod fields;
pub mod json;
pub mod row;
pub mod text;
pub mod tree;

pub use fields::FieldLines;
pub use json::Json;
pub use row::RowText;
pub use tree::FieldTree;
