//! The command line.

pub mod info;
pub mod show;
