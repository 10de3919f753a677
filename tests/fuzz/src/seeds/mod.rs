//! The six targets, and what each begins with: built here, and the sample recordings.

mod datagrams;
mod dialogues;
mod icmp;
mod links;
mod packets;

use crate::carry::bytes;
use crate::input::{Carrier, Input, Turn};

/// A group of protocols that is tried together.
pub struct Target {
    /// What it is called.
    pub name: &'static str,
    /// What it begins with.
    pub seeds: fn() -> Vec<Input>,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "links", seeds: links::seeds },
    Target { name: "tunnels", seeds: packets::tunnels },
    Target { name: "fragments", seeds: packets::fragments },
    Target { name: "icmp", seeds: icmp::seeds },
    Target { name: "datagrams", seeds: datagrams::seeds },
    Target { name: "dialogues", seeds: dialogues::seeds },
];

/// What is said, as it is written down: `C` or `S` for who says it, then a space and text, or `x`
/// and hexadecimal digits.
fn talk(carrier: Carrier, said: &[&str]) -> Input {
    let turns = said.iter().map(|said| {
        let (who, what) = said.split_at(1);
        let bytes = match what.split_at(1) {
            ("x", hex) => bytes(hex),
            (_, text) => text.as_bytes().to_vec(),
        };
        Turn { is_client: who == "C", after: 1_000_000, link: 1, bytes }
    });
    Input::new(carrier, turns.collect())
}

/// One input for each of these frames of a link, and one of all.
fn alone(link: u16, frames: &[&str]) -> Vec<Input> {
    let turn = |hex: &&str| Turn { is_client: true, after: 1_000, link, bytes: bytes(hex) };
    let turns: Vec<Turn> = frames.iter().map(turn).collect();
    let mut found: Vec<Input> =
        turns.iter().map(|turn| Input::new(Carrier::Frame, vec![turn.clone()])).collect();
    found.push(Input::new(Carrier::Frame, turns));
    found
}
