//! Tries the dissectors with captures that nobody would make, and keeps what teaches something.
//!
//! ```text
//!   seeds ── builders and sample recordings ──> inputs that are kept
//!                                                 │  ^
//!                             mutate: one of them │  │ kept where something new was told
//!                                                 v  │
//!                              make frames ──> look: every reading, held against the others
//! ```
//!
//! An input is not a file but what a file is made of: who says what, behind which headers, in
//! which tunnels and fragments, and what breaks on the way. So most of what is tried is read far
//! in. Guidance comes from what the dissectors tell: an input that makes them tell fields, notes or
//! rows in an order that was not met before is worth changing again.
//!
//! The same target, seed and number of cases give the same inputs on every machine.

pub mod carry;
pub mod dice;
pub mod input;
pub mod look;
mod mutate;
#[path = "../../../dissectors/tests/naive/mod.rs"]
mod naive;
pub mod novelty;
pub mod run;
pub mod sealed;
pub mod seeds;
pub mod store;
