//! What the engine can do, each by a test of its own, on protocols that are made up for it.

mod lanes;
mod made;
mod nesting;
mod play;
