//! The Echo service (RFC 862) over TCP, for scenarios that are about what happens around it.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{Failure, actor::Actor, counted::Counted};

/// The well-known port of the Echo service.
pub(crate) const PORT: u16 = 7;

/// More than any line here.
const LONGEST: usize = 4096;

/// Writes a line and reads it back.
pub(crate) async fn ask(
    actor: &Actor,
    connection: &mut Counted,
    line: &[u8],
) -> Result<(), Failure> {
    connection.write_all(line).await.map_err(|source| actor.cannot("write", source))?;
    hear(actor, connection, line).await
}

/// Reads a line back that was written before.
pub(crate) async fn hear(
    actor: &Actor,
    connection: &mut Counted,
    line: &[u8],
) -> Result<(), Failure> {
    // An answer may come in pieces, so all of it is read before it is looked at.
    let mut answer = vec![0; line.len()];
    connection
        .read_exact(&mut answer)
        .await
        .map_err(|source| actor.cannot("read the echo", source))?;
    if answer != line {
        return Err(actor.expected("its own line back", "other bytes came"));
    }
    Ok(())
}

/// Sends back one line when all of it has come; says whether there was one.
pub(crate) async fn answer(actor: &Actor, connection: &mut Counted) -> Result<bool, Failure> {
    let mut line = Vec::new();
    let mut buffer = vec![0; LONGEST];
    while !line.ends_with(b"\n") {
        let length =
            connection.read(&mut buffer).await.map_err(|source| actor.cannot("read", source))?;
        let Some(more) = buffer.get(..length).filter(|more| !more.is_empty()) else {
            return Ok(false);
        };
        line.extend_from_slice(more);
    }
    connection.write_all(&line).await.map_err(|source| actor.cannot("write", source))?;
    Ok(true)
}
