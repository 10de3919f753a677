//! HTTP/2 for scenarios: both ends by `h2`, over any connection they are given.
//!
//! `h2` shows what `hyper` hides: streams by their numbers, windows, promises, resets. Each end has
//! two halves, as everywhere: one that asks or answers, and one that moves the frames.

mod client;
mod server;

use h2::{Reason, RecvStream};
use hyper::body::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};

use crate::{Failure, actor::Actor, counted::Counted, names, steps};

pub(crate) use client::{Client, ask_for_all, get};
pub(crate) use server::{Question, Server, push, serve, serve_with, take};

/// What a side tells the other to keep to, where it is not what the standard begins with (RFC 9113,
/// section 6.5.2).
#[derive(Clone, Copy, Default)]
pub(crate) struct Settings {
    /// Whether the server may push.
    pub(crate) enable_push: Option<bool>,
    /// How many streams the other side may have open at once.
    pub(crate) max_concurrent_streams: Option<u32>,
    /// How many bytes of content may come on a stream before more are asked for.
    pub(crate) initial_window_size: Option<u32>,
}

impl Settings {
    /// What a client says that takes no pushed answers, as today's do.
    pub(crate) const NO_PUSH: Settings = Settings {
        enable_push: Some(false),
        max_concurrent_streams: None,
        initial_window_size: None,
    };

    /// What a server says that limits how many requests are under way.
    pub(crate) const HUNDRED_STREAMS: Settings = Settings {
        enable_push: None,
        max_concurrent_streams: Some(100),
        initial_window_size: None,
    };

    fn say(self, actor: &Actor) {
        let settings = [
            (names::ENABLE_PUSH, self.enable_push.map(u32::from)),
            (names::MAX_CONCURRENT_STREAMS, self.max_concurrent_streams),
            (names::INITIAL_WINDOW_SIZE, self.initial_window_size),
        ];
        let sent = settings.into_iter().filter_map(|(id, value)| Some((id, value?)));
        actor.say(steps::http2_settings_sent(sent));
    }
}

/// Closes a connection of TCP before `peer` does. What `peer`'s library still had to say is read:
/// it may take leave (GOAWAY) while this side has gone.
pub(crate) async fn close_first(
    actor: &Actor,
    mut connection: Counted,
    peer: &'static str,
) -> Result<(), Failure> {
    connection.shutdown().await.map_err(|source| actor.cannot("end its direction", source))?;
    drain(actor, &mut connection).await?;
    connection.close_first(peer).await
}

/// Closes a connection of TCP after `peer` did, and reads to its end what `peer` said until then.
pub(crate) async fn close_after(
    actor: &Actor,
    mut connection: Counted,
    peer: &'static str,
) -> Result<(), Failure> {
    drain(actor, &mut connection).await?;
    connection.close_after(peer).await
}

/// Reads a connection to its end. Frames that come when the library has gone are of no use to
/// anybody, but they were sent.
pub(crate) async fn drain(
    actor: &Actor,
    connection: &mut (impl AsyncRead + Unpin),
) -> Result<(), Failure> {
    let mut rest = [0; 1024];
    while connection
        .read(&mut rest)
        .await
        .map_err(|source| actor.cannot("read to the end", source))?
        > 0
    {}
    Ok(())
}

/// Reads content to its end, and gives its room back: what was read may be sent again (RFC 9113,
/// section 5.2).
async fn read(actor: &Actor, content: &mut RecvStream) -> Result<Bytes, Failure> {
    let mut whole = Vec::new();
    while let Some(piece) = content.data().await {
        let piece = piece.map_err(|error| actor.failed("read content", error))?;
        whole.extend_from_slice(&piece);
        content
            .flow_control()
            .release_capacity(piece.len())
            .map_err(|error| actor.failed("give room back", error))?;
    }
    Ok(whole.into())
}

/// The registered name of an error code.
pub(crate) fn code(reason: Reason) -> String {
    names::http2_error(reason.into())
}
