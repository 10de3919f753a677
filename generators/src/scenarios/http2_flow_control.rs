//! A reader that does not read: how HTTP/2 makes a sender wait, and only where it has to.
//!
//! The receiver says how much content it is ready to take, for each stream and for all of them
//! together (RFC 9113, section 5.2). Here the client takes its time twice. First four answers fill
//! the window that they share, although each has room left in its own; then one answer fills its
//! own, although there is room on the connection. Each time the server stands still until a
//! WINDOW_UPDATE comes.

use std::{future::poll_fn, net::SocketAddr, task::Poll, time::Duration};

use h2::SendStream;
use hyper::{
    Response,
    body::{Buf, Bytes},
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinSet,
};

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    counted::Counted,
    http2::{self, Question, Settings},
    perform::server_and_client,
    steps, web,
};

/// `http2-flow-control`
pub static SCENARIO: Scenario = Scenario {
    name: "http2-flow-control",
    group: Group::Http,
    title: "HTTP/2: windows that are used up",
    teaches: "Content may be sent only as far as the receiver's windows reach, one for each stream \
              and one for all together. \
              Here the client does not read for a while: first the shared window is used up, then \
              that of a single stream, and the server waits for WINDOW_UPDATE each time.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// The window of a stream that the client asks for: one full frame. That of the connection is what
/// every one begins with, 65,535 bytes (RFC 9113, section 6.9.2): a byte less than four of these.
const STREAM_WINDOW: u32 = 16_384;

/// Files that fill a stream's window exactly. Of the last one a byte has to wait.
const SHELVES: [&str; 4] = ["/shelf/1", "/shelf/2", "/shelf/3", "/shelf/4"];

/// A file that is more than a stream takes.
const BOX: &str = "/box";

/// What the server says to the client aside, not over the wire: that its library takes no more for
/// a stream, and how much it has taken.
type Spent = mpsc::UnboundedSender<usize>;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let (spent, hearing) = mpsc::unbounded_channel();
    server_and_client(
        stage,
        |actor, listening| server(actor, spent, listening),
        |actor, server_address| client(actor, hearing, server_address),
    )
}

/// Sends whatever is asked for, as far as it may.
async fn server(
    actor: Actor,
    spent: Spent,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    let connection = actor.accept(&listener).await?;
    connection.spoken_to().await?;
    let mut server = http2::Server::begin(&actor, connection, Settings::default()).await?;

    let mut pouring = JoinSet::new();
    loop {
        tokio::select! {
            question = server.next() => match question? {
                Some(question) => drop(pouring.spawn(pour(actor.clone(), question, spent.clone()))),
                None => break,
            },
            Some(poured) = pouring.join_next() => http2::take(&actor, poured)?,
        }
    }
    let connection = server.finish().await?;
    http2::close_first(&actor, connection, "client").await
}

/// Answers with a file, and waits for room whenever there is none.
async fn pour(actor: Actor, mut question: Question, spent: Spent) -> Result<(), Failure> {
    question.read().await?;
    let bytes = STREAM_WINDOW as usize + if question.head.uri.path() == BOX { 10_000 } else { 0 };
    let mut left = Bytes::from(vec![b'.'; bytes]);
    let head = Response::builder()
        .header(CONTENT_TYPE, "text/plain")
        .header(CONTENT_LENGTH, bytes)
        .body(())
        .map_err(|error| actor.failed("write its answer", error))?;
    let mut content = question.answer_head(head, &left)?;
    while left.has_remaining() {
        content.reserve_capacity(left.len());
        let sent = bytes - left.len();
        let room = room(&actor, &mut content, sent, &spent).await?;
        let piece = left.split_to(room.min(left.len()));
        question.send(&mut content, piece, left.is_empty())?;
    }
    Ok(())
}

/// How much may be sent. Where that is nothing, says so, and waits.
async fn room(
    actor: &Actor,
    content: &mut SendStream<Bytes>,
    sent: usize,
    spent: &Spent,
) -> Result<usize, Failure> {
    // The library hands room out when it is asked for it. So what it says at once is all there is.
    let at_once = poll_fn(|context| Poll::Ready(content.poll_capacity(context))).await;
    if let Poll::Ready(Some(Ok(room))) = at_once
        && room > 0
    {
        return Ok(room);
    }
    actor.say(steps::http2_window_spent(content.stream_id().as_u32(), sent));
    spent.send(sent).map_err(|_| Failure::Deserted { role: actor.role() })?;
    loop {
        match poll_fn(|context| content.poll_capacity(context)).await {
            Some(Ok(0)) => {}
            Some(room) => return room.map_err(|error| actor.failed("wait for room", error)),
            None => return Err(actor.expected("room on the stream", "the stream ended")),
        }
    }
}

/// Fills both kinds of windows, one after the other.
async fn client(
    actor: Actor,
    mut hearing: mpsc::UnboundedReceiver<usize>,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    let settings = Settings { initial_window_size: Some(STREAM_WINDOW), ..Settings::NO_PUSH };
    let mut client = http2::Client::begin(&actor, connection, settings).await?;

    // Four at once: three are whole, and the fourth stops where the connection's window does.
    fill(&actor, &mut client, &SHELVES, &mut hearing, 0).await?;
    // One alone: it stops where its own window does.
    fill(&actor, &mut client, &[BOX], &mut hearing, 9).await?;

    let connection = client.finish().await?;
    http2::close_after(&actor, connection, "server").await
}

/// Asks for files and takes what comes without giving room back, until the server can send no more;
/// gives all of it back at once, and takes the rest. The window that was used up is that of
/// `stream`.
async fn fill(
    actor: &Actor,
    client: &mut http2::Client<Counted>,
    paths: &[&str],
    hearing: &mut mpsc::UnboundedReceiver<usize>,
    stream: u32,
) -> Result<(), Failure> {
    let mut asked = Vec::new();
    for path in paths {
        let request = http2::get("http", path).body(Bytes::new());
        let request = request.map_err(|error| actor.failed("write its request", error))?;
        asked.push(client.ask(request).await?);
    }
    let spent = hearing.recv().await.ok_or(Failure::Deserted { role: actor.role() })?;

    // What the library holds counts against the windows until it is told that it is done with.
    let mut held = Vec::new();
    let last = asked.len() - 1;
    for (at, asked) in asked.into_iter().enumerate() {
        let mut heard = client.head(asked.stream, asked.answer).await?;
        let enough = if at == last { spent } else { STREAM_WINDOW as usize };
        let mut taken = Vec::new();
        while taken.len() < enough {
            taken.extend_from_slice(&heard.piece(actor).await?);
        }
        held.push((heard, taken));
    }
    let mut given_back = 0;
    for (heard, taken) in &mut held {
        heard.give_back(actor, taken.len())?;
        given_back += taken.len();
    }
    actor.say(steps::http2_window_opened(stream, given_back));

    for (mut heard, mut taken) in held {
        let rest = heard.rest(actor).await?;
        taken.extend_from_slice(&rest);
        client.heard(&heard, &taken)?;
    }
    Ok(())
}
