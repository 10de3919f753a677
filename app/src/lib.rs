//! Wirestage: real traffic, captured, decrypted and drawn.

pub mod document;
