//! HTTP/3 for scenarios: both ends by `h3`, on connections of QUIC.
//!
//! Each end opens three streams on which it speaks alone: one for control, two for the table of
//! header fields (RFC 9114, section 6.2; RFC 9204, section 4.2). Requests have streams of their
//! own.

mod client;
mod server;

use hyper::{
    body::{Buf, Bytes},
    http,
};

pub(crate) use client::{Client, ask_for_all};
pub(crate) use server::{Server, serve};

use crate::http2;

/// The code of what ends without an error (RFC 9114, section 8.1).
pub(crate) const H3_NO_ERROR: u32 = 0x100;

/// How many bytes of header fields each side takes, unpacked (RFC 9114, section 4.2.2).
const FIELDS: u64 = 16 << 10;

/// A request for a page.
pub(crate) fn get(path: &str) -> http::request::Builder {
    http2::get("https", path)
}

/// Adds a piece of content to those before it.
fn gather(whole: &mut Vec<u8>, mut piece: impl Buf) {
    let piece: Bytes = piece.copy_to_bytes(piece.remaining());
    whole.extend_from_slice(&piece);
}
