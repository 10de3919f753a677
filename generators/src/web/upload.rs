//! A visitor that asks before it sends: `Expect: 100-continue` (RFC 9110, section 10.1.1).

use std::{
    convert::Infallible,
    sync::{Mutex, PoisonError},
};

use futures_util::stream;
use http_body_util::{BodyExt, StreamBody};
use hyper::{
    Method, Request, StatusCode,
    body::{Bytes, Frame},
    client::conn::http1,
    ext,
    header::{CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::oneshot,
};

use super::{SERVER_NAME, answer::Body, client::hear, told_request};
use crate::{Failure, actor::Actor, steps};

/// A file that is offered.
pub(crate) struct Upload {
    /// Where to.
    pub(crate) target: &'static str,
    /// Its length, announced in the head.
    pub(crate) bytes: usize,
    /// The status of the answer that must come: to the whole, or to the head alone.
    pub(crate) status: StatusCode,
    /// Whether the server wants it.
    pub(crate) is_wanted: bool,
}

/// Sends the head, waits for a word, and sends the file where it is 100 Continue; where the answer
/// comes instead, the file never leaves. Gives the connection back.
pub(crate) async fn offer<C>(actor: &Actor, connection: C, upload: Upload) -> Result<C, Failure>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    let (mut sender, mut connection) = http1::Builder::new()
        .title_case_headers(true)
        .handshake(TokioIo::new(connection))
        .await
        .map_err(|error| actor.failed("begin HTTP", error))?;
    let request = request(actor, &upload)?;
    let asking = async {
        let response = sender
            .send_request(request)
            .await
            .map_err(|error| actor.failed(format!("offer {}", upload.target), error))?;
        hear(actor, response).await?.must_be(actor, upload.status).map(drop)
    };
    // After a refusal hyper still waits for the file: whoever has the answer stops.
    let moving = std::future::poll_fn(|context| connection.poll_without_shutdown(context));
    tokio::pin!(asking);
    tokio::select! {
        biased;
        asked = &mut asking => asked?,
        moved = moving => {
            moved.map_err(|error| actor.failed("carry HTTP", error))?;
            asking.await?;
        }
    }
    Ok(connection.into_parts().io.into_inner())
}

/// The request, whose body waits until it is wanted.
fn request(actor: &Actor, upload: &Upload) -> Result<Request<Body>, Failure> {
    let file = Bytes::from(vec![b'w'; upload.bytes]);
    let (wanted, when_wanted) = oneshot::channel();
    let body = StreamBody::new(stream::once({
        let file = file.clone();
        async move {
            // Nobody says so after a refusal, and then nothing is sent.
            match when_wanted.await {
                Ok(()) => Ok::<_, Infallible>(Frame::data(file)),
                Err(_) => std::future::pending().await,
            }
        }
    }));
    let (head, ()) = Request::builder()
        .method(Method::PUT)
        .uri(upload.target)
        .header(HOST, SERVER_NAME)
        .header(USER_AGENT, "wirestage")
        .header(CONTENT_TYPE, "application/octet-stream")
        .header(CONTENT_LENGTH, upload.bytes)
        .header(EXPECT, "100-continue")
        .body(())
        .map_err(|error| actor.failed("write its request", error))?
        .into_parts();

    let sent = if upload.is_wanted { &file[..] } else { &[] };
    actor.say(steps::http_request_sent(told_request(&head, "HTTP/1.1", sent)));

    let mut request = Request::from_parts(head, body.boxed_unsync());
    let wanted = Mutex::new(Some(wanted));
    let hearing = actor.clone();
    ext::on_informational(&mut request, move |interim| {
        let version = format!("{:?}", interim.version());
        hearing.say(steps::http_interim_received(&version, interim.status().as_u16()));
        let wanted = wanted.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(wanted) = wanted.filter(|_| interim.status() == StatusCode::CONTINUE) {
            // The body is gone where the answer came first.
            let _ = wanted.send(());
        }
    });
    Ok(request)
}
