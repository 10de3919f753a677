//! Wirestage: real traffic, captured, decrypted and drawn.

pub mod cli;
pub mod diagram;
pub mod document;
pub mod record;
pub mod trouble;
