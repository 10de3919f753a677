//! Wirestage: real traffic, captured, decrypted and drawn.

pub mod cli;
pub mod compare;
pub mod diagram;
pub mod document;
pub mod export;
#[cfg(feature = "gui")]
pub mod gui;
pub mod lessons;
pub mod private;
pub mod record;
pub mod samples;
pub mod trouble;
