//! A visitor whose request is longer than one write: its content leaves piece by piece.

use std::{convert::Infallible, time::Duration};

use futures_util::stream;
use http_body_util::{BodyExt, StreamBody};
use hyper::{
    Request,
    body::{Bytes, Frame},
    client::conn::http1,
    header::CONTENT_LENGTH,
};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{
    answer::Body,
    client::{Heard, hear},
    told_request,
};
use crate::{Failure, actor::Actor, steps};

/// What passes between two pieces: long enough for the first to be read on its own.
const BETWEEN_PIECES: Duration = Duration::from_millis(10);

/// Sends a request whose content comes in these pieces and whose length the head says, hears the
/// answer, and gives the connection back still open.
pub(crate) async fn ask_in_pieces<C>(
    actor: &Actor,
    connection: C,
    request: Request<()>,
    pieces: &'static [&'static [u8]],
) -> Result<(Heard, C), Failure>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    let (mut sender, connection) = http1::Builder::new()
        .title_case_headers(true)
        .handshake(TokioIo::new(connection))
        .await
        .map_err(|error| actor.failed("begin HTTP", error))?;
    let (mut head, ()) = request.into_parts();
    let whole = pieces.concat();
    head.headers.insert(CONTENT_LENGTH, whole.len().into());
    actor.say(steps::http_request_sent(told_request(&head, "HTTP/1.1", &whole)));

    let doing = format!("ask for {}", head.uri);
    let request = Request::from_parts(head, body(pieces));
    let asking = async move {
        let response = sender.send_request(request).await;
        let response = response.map_err(|error| actor.failed(&doing, error))?;
        // With the sender the connection learns that nothing more is asked.
        drop(sender);
        hear(actor, response).await
    };
    let (heard, moved) = tokio::join!(asking, connection.without_shutdown());
    let heard = heard?;
    let parts = moved.map_err(|error| actor.failed("carry HTTP", error))?;
    Ok((heard, parts.io.into_inner()))
}

/// The pieces, each after the one before has had its time.
fn body(pieces: &'static [&'static [u8]]) -> Body {
    StreamBody::new(stream::unfold(pieces.iter().enumerate(), |mut left| async move {
        let (at, piece) = left.next()?;
        if at > 0 {
            tokio::time::sleep(BETWEEN_PIECES).await;
        }
        Some((Ok::<_, Infallible>(Frame::data(Bytes::from_static(piece))), left))
    }))
    .boxed_unsync()
}
