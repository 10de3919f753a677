//! What the engine can do, each by a test of its own, on protocols that are made up for it.

mod describing;
mod endings;
mod giving_up;
mod growing;
mod known;
mod lanes;
mod late;
mod made;
mod many;
mod moving;
#[path = "../naive/mod.rs"]
mod naive;
mod nesting;
mod play;
mod segments;
mod speakers;
mod tables;
mod tcp;
