//! Server-sent events for scenarios: an answer that stays open, by hyper on both sides.

use std::{
    convert::Infallible,
    error::Error,
    pin::Pin,
    sync::{Mutex, PoisonError},
    task::{Context, Poll},
};

use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response,
    body::{Body, Bytes, Frame, Incoming},
    client, header, server,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{mpsc, oneshot},
};

use crate::{
    Failure,
    actor::Actor,
    lent::Lent,
    steps::{self, Event},
    web,
};

/// What a server writes into its answer.
pub(crate) enum Said {
    /// An event.
    Event(Event<'static>),
    /// After how many milliseconds a client may come again.
    Retry(u32),
    /// A line that no client is told.
    Comment(&'static str),
    /// Nothing more, and no end either: the answer breaks off.
    Break,
}

impl Said {
    /// Its lines, with the empty one that sends them off.
    fn lines(&self) -> Option<String> {
        Some(match self {
            Said::Event(Event { id, kind, data }) => {
                format!("id: {id}\nevent: {kind}\ndata: {data}\n\n")
            }
            Said::Retry(millis) => format!("retry: {millis}\n\n"),
            Said::Comment(text) => format!(": {text}\n\n"),
            Said::Break => return None,
        })
    }
}

/// An answer breaks off.
#[derive(Debug, thiserror::Error)]
#[error("the answer breaks off")]
struct BrokenOff;

/// The content of an open answer: what comes through a channel.
struct Open(mpsc::Receiver<Said>);

impl Body for Open {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        self.0.poll_recv(context).map(|said| {
            said.map(|said| said.lines().ok_or(BrokenOff).map(|it| Frame::data(it.into())))
        })
    }
}

/// Takes one request on a connection and answers it with what `speak` says, which is told the id
/// that the client saw last. Gives the connection back, still open, when the client has left or the
/// answer has broken off.
pub(crate) async fn answer<C, F>(
    actor: &Actor,
    connection: C,
    speak: impl FnOnce(Option<String>, mpsc::Sender<Said>) -> F,
) -> Result<C, Failure>
where
    C: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = Result<(), Failure>>,
{
    let (lent, given_back) = Lent::new(connection);
    let (asking, asked) = oneshot::channel();
    let asking = Mutex::new(Some(asking));
    let service = service_fn(async |request: Request<Incoming>| {
        let (head, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let version = format!("{:?}", head.version);
        actor.say(steps::http_request_received(web::told_request(&head, &version, &body)));
        let last = head.headers.get("last-event-id").and_then(|id| id.to_str().ok());
        let (sender, receiver) = mpsc::channel(1);
        let asking = asking.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(asking) = asking {
            // Who waits for it is below, and has not gone.
            let _ = asking.send((last.map(str::to_owned), sender));
        }
        let response = Response::builder()
            .header(header::CONTENT_TYPE, "text/event-stream")
            .header(header::CACHE_CONTROL, "no-store")
            .body(Open(receiver));
        response.map_err(Box::<dyn Error + Send + Sync>::from)
    });
    let serving = server::conn::http1::Builder::new()
        .title_case_headers(true)
        .serve_connection(TokioIo::new(lent), service);
    let speaking = async {
        let (last, sender) = actor.hear(asked).await?;
        speak(last, sender).await
    };
    // How it ends is for the roles to say: that an answer breaks off is an error to hyper.
    let (_, spoken) = tokio::join!(serving, speaking);
    spoken?;
    actor.hear(given_back).await
}

/// Says something, and tells it where it is an event.
pub(crate) async fn say(
    actor: &Actor,
    sender: &mpsc::Sender<Said>,
    said: Said,
) -> Result<(), Failure> {
    if let Said::Event(event) = said {
        actor.say(steps::sse_sent(event));
    }
    let gone = |_| actor.expected("a client that listens", "it has gone");
    sender.send(said).await.map_err(gone)
}

/// Asks for events, and reads until one has the id `until`, or the answer breaks off. Gives the
/// connection back, still open on our side.
pub(crate) async fn follow<C>(
    actor: &Actor,
    connection: C,
    target: &'static str,
    (last, until): (Option<&str>, &str),
) -> Result<C, Failure>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    let mut request = Request::builder()
        .uri(target)
        .header(header::HOST, web::SERVER_NAME)
        .header(header::ACCEPT, "text/event-stream");
    if let Some(last) = last {
        request = request.header("Last-Event-ID", last);
    }
    let request =
        request.body(Bytes::new()).map_err(|error| actor.failed("write its request", error))?;
    read_along(actor, connection, request, Some(until)).await
}

/// Asks something, and reads the events that answer it: until one has the id `until`, or to the end
/// of the answer.
pub(crate) async fn read_along<C>(
    actor: &Actor,
    connection: C,
    request: Request<Bytes>,
    until: Option<&str>,
) -> Result<C, Failure>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    let (lent, given_back) = Lent::new(connection);
    let (mut sender, moving) = client::conn::http1::Builder::new()
        .title_case_headers(true)
        .handshake(TokioIo::new(lent))
        .await
        .map_err(|error| actor.failed("begin HTTP", error))?;
    let (head, body) = request.into_parts();
    let version = format!("{:?}", head.version);
    actor.say(steps::http_request_sent(web::told_request(&head, &version, &body)));
    let reading = async move {
        let answer = sender.send_request(Request::from_parts(head, Full::new(body))).await;
        let answer = answer.map_err(|error| actor.failed("ask for events", error))?;
        read(actor, answer.into_body(), until).await
    };
    tokio::select! {
        read = reading => read?,
        // It lasts for as long as somebody asks.
        _ = async { moving.await.ok(); std::future::pending::<Infallible>().await } => {}
    }
    actor.hear(given_back).await
}

/// Reads events until one has the id `until`, or the answer ends or breaks off.
async fn read(actor: &Actor, mut body: Incoming, until: Option<&str>) -> Result<(), Failure> {
    let mut unread = String::new();
    while let Some(frame) = body.frame().await {
        // That it ends too early is how it is meant, and no failure.
        let Ok(frame) = frame else { return Ok(()) };
        let data = frame.into_data().unwrap_or_default();
        unread += std::str::from_utf8(&data).unwrap_or_default();
        while let Some((block, rest)) = unread.split_once("\n\n") {
            let value = |name: &str| {
                let mut lines = block.lines().filter_map(|line| line.split_once(": "));
                lines.find(|(found, _)| *found == name).map(|(_, value)| value)
            };
            let mut is_last = false;
            if let (Some(id), Some(kind), Some(data)) = (value("id"), value("event"), value("data"))
            {
                actor.say(steps::sse_received(Event { id, kind, data }));
                is_last = until == Some(id);
            }
            if is_last {
                return Ok(());
            }
            unread = rest.to_owned();
        }
    }
    match until {
        Some(until) => Err(actor.expected(format!("event {until}"), "the answer ended")),
        None => Ok(()),
    }
}
