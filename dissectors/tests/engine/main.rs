//! What the engine can do, each by a test of its own, on protocols that are made up for it.

mod describing;
mod endings;
mod growing;
mod known;
mod lanes;
mod late;
mod made;
mod moving;
#[path = "../naive/mod.rs"]
mod naive;
mod nesting;
mod play;
mod segments;
mod speakers;
mod tables;
mod tcp;
