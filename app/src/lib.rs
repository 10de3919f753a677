//! Wirestage: real traffic, captured, decrypted and drawn.

// A number that would change its sign, and what nobody reads at one look; tests tell a story whole.
#![cfg_attr(
    not(test),
    warn(clippy::cast_possible_wrap, clippy::fn_params_excessive_bools, clippy::too_many_lines)
)]

pub mod cli;
pub mod compare;
pub mod diagram;
pub mod document;
pub mod export;
#[cfg(feature = "gui")]
pub mod gui;
pub mod lessons;
mod private;
pub mod record;
mod samples;
pub mod trouble;
mod unused;
