//! Captures that are easily read wrong: segments stored out of order, clocks that were set back,
//! protocols that begin late or on one side only. Each with the rows that are right.
//!
//! Every one is read in windows of one frame, of three, and of all, and by conversations that may
//! keep nothing; all of them say the same.

mod fragments;
mod input;
mod made;
mod order;
mod reading;
mod segments;
mod speakers;
mod tunnels;
mod wrap;
