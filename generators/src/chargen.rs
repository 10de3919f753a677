//! The Character Generator service (RFC 864) over TCP: one page to whoever connects, for scenarios
//! that are about how it gets there.

use tokio::io::AsyncReadExt;

use crate::{Failure, actor::Actor, counted::Counted};

/// The well-known port of the service.
pub(crate) const PORT: u16 = 19;

/// A page of so many printable characters, over and over.
pub(crate) fn page(length: usize) -> Vec<u8> {
    (b' '..=b'~').cycle().take(length).collect()
}

/// Reads `page` to its last byte.
pub(crate) async fn read(
    actor: &Actor,
    connection: &mut Counted,
    page: &[u8],
) -> Result<(), Failure> {
    let mut read = vec![0; page.len()];
    connection
        .read_exact(&mut read)
        .await
        .map_err(|source| actor.cannot("read the page", source))?;
    if read != page {
        return Err(actor.expected("the page, every byte in its place", "another text came"));
    }
    Ok(())
}
