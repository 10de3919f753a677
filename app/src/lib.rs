//! Wirestage: real traffic, captured, decrypted and drawn.

pub mod diagram;
pub mod cli;
pub mod document;
