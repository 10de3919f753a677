//! Captures that are easily read wrong: segments stored out of order, clocks that were set back,
//! protocols that begin late or on one side only. Each with the rows that are right.
//!
//! Every one is read in windows of one frame, of three, and of all, and by conversations that may
//! keep nothing; all of them say the same, and the same as a naive reader.

mod fragments;
mod input;
mod keys;
mod links;
mod made;
#[path = "../naive/mod.rs"]
mod naive;
mod order;
mod paths;
mod quic;
mod reading;
mod segments;
mod speakers;
mod tunnels;
mod wrap;
