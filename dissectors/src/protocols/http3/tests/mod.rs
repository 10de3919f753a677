//! HTTP/3 on connections of QUIC that are made in memory.

mod exchanges;
mod qpack;
mod sentences;

use crate::protocols::quic::tests::play::{By, connection};
use crate::protocols::quic::tests::seal::{stream, varint};
use crate::protocols::stage::Played;

/// A frame of HTTP/3.
fn frame(kind: u64, payload: &[u8]) -> Vec<u8> {
    [varint(kind), varint(payload.len() as u64), payload.to_vec()].concat()
}

/// A HEADERS frame whose section names no table that changes: literals, in the plainest form.
fn headers(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut section = vec![0, 0];
    for (name, value) in fields {
        // Names and values are short here.
        match name.len() as u8 {
            len @ 0..7 => section.push(0x20 | len),
            len => section.extend([0x27, len - 7]),
        }
        section.extend(name.as_bytes());
        section.push(value.len() as u8);
        section.extend(value.as_bytes());
    }
    frame(1, &section)
}

/// What one side sends on a stream, in a packet of its own.
struct Say<'a>(By, u64, &'a [u8], bool);

/// Plays what both sides send on streams: each goes on where its sender stopped.
fn play(all: &[Say<'_>]) -> Played {
    let mut offsets = std::collections::HashMap::new();
    let packets: Vec<(By, Vec<u8>)> = all
        .iter()
        .map(|Say(by, id, bytes, fin)| {
            let offset = offsets.entry((*id, *by == By::Client)).or_insert(0u64);
            let sent = stream(*id, *offset, bytes, *fin);
            *offset += bytes.len() as u64;
            (*by, sent)
        })
        .collect();
    connection(&packets)
}

/// The rows of HTTP/3.
fn rows(stage: &Played) -> Vec<String> {
    let rows = stage.rows();
    let own = rows.lines().filter(|row| row.starts_with("http3") || row.starts_with("dns"));
    own.map(str::to_owned).collect()
}
