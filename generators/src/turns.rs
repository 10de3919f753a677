//! Three pages whose pieces take turns, one after the other at a fixed pace: what two scenarios
//! send over two carriers, so that nothing but the carrier is left to differ.

use std::time::Duration;

use hyper::{
    Response,
    body::Bytes,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};

use crate::{Failure, actor::Actor};

/// The pages.
pub(crate) const PAGES: [&str; 3] = ["/a", "/b", "/c"];

/// How many pieces each page has, and how many bytes a piece: with all that is put around it, it
/// fits into a packet of either carrier.
const PIECES: usize = 3;
const PIECE: usize = 1000;

/// From one piece to the next: far less than the way takes, and long enough to tell packets apart.
pub(crate) const PACE: Duration = Duration::from_millis(10);

/// A page.
pub(crate) fn page() -> Vec<u8> {
    vec![b'.'; PIECES * PIECE]
}

/// The next piece of what is left of a page.
pub(crate) fn piece(page: &mut Vec<u8>) -> Bytes {
    page.split_off(page.len().saturating_sub(PIECE)).into()
}

/// The head of an answer.
pub(crate) fn head(actor: &Actor, page: &[u8]) -> Result<Response<()>, Failure> {
    Response::builder()
        .header(CONTENT_TYPE, "text/plain")
        .header(CONTENT_LENGTH, page.len())
        .body(())
        .map_err(|error| actor.failed("write its answer", error))
}
