//! Slow work: jobs on threads of their own, the reader of an open document, and making recordings.

pub(super) mod compare;
pub(super) mod export;
pub(super) mod job;
pub(super) mod lab;
pub(super) mod live;
pub(super) mod made;
pub(super) mod open;
pub(super) mod record;

pub(super) use job::{Job, Post, Wake};
pub(super) use made::Made;
