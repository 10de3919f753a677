//! The frames that carry no content: what keeps a connection of HTTP/2 in order.
//!
//! A ping measures whether the other side is there. A header list that is too large for one frame
//! goes on in CONTINUATION. A stream that nobody wants any more is reset, and the connection stays.
//! A server that wants to be gone takes leave first, so that no request is lost (RFC 9113, sections
//! 6.7, 6.10, 6.4 and 6.8).

use std::{future::poll_fn, net::SocketAddr, time::Duration};

use h2::Reason;
use hyper::{
    Response,
    body::Bytes,
    header::{CONTENT_TYPE, COOKIE},
};
use tokio::{sync::oneshot, task::JoinSet};

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    http2::{self, Question, Settings},
    perform::server_and_client,
    steps, web,
};

/// `http2-control`
pub static SCENARIO: Scenario = Scenario {
    name: "http2-control",
    group: Group::Http,
    title: "HTTP/2: ping, reset and taking leave",
    teaches: "A connection that many share needs words of its own: is anybody there, this stream is \
              of no use any more, no new streams from now on. \
              None of them costs the other streams anything, where HTTP/1.1 can only close the \
              connection.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// The bytes of cookies that the client sends: more than the 16,384 that a frame may hold (RFC
/// 9113, section 4.2), also when they are packed.
const COOKIES: usize = 28_000;

/// What never ends by itself.
const FEED: &str = "/feed";

/// What is still answered after the server has taken leave.
const REPORT: &str = "/report";

/// The first piece of the feed, and the only one.
const NEWS: &[u8] = b"event: nothing new\n\n";

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Answers, and takes leave when the report is asked for.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    let connection = actor.accept(&listener).await?;
    connection.spoken_to().await?;
    let mut server = http2::Server::begin(&actor, connection, Settings::HUNDRED_STREAMS).await?;

    let mut feeding = JoinSet::new();
    loop {
        tokio::select! {
            question = server.next() => {
                let Some(mut question) = question? else { break };
                question.read().await?;
                match question.head.uri.path() {
                    FEED => drop(feeding.spawn(feed(actor.clone(), question))),
                    REPORT => {
                        // GOAWAY first, with the highest number there is, and a ping: when that
                        // comes back, the client knows, and the library says which stream was the
                        // last. The report is under way and is still answered.
                        server.take_leave();
                        question.answer(text(&actor, b"visits=41\nentries=3\n")?)?;
                    }
                    _ => {
                        let page = (web::PAGES.answer)(&question.head, &[]);
                        let page = page.map_err(|error| actor.cannot("make a page", error))?;
                        question.answer(page.response)?;
                    }
                }
            },
            Some(fed) = feeding.join_next() => http2::take(&actor, fed)?,
        }
    }
    let connection = server.finish().await?;
    http2::close_first(&actor, connection, "client").await
}

/// Sends one piece, and would send more if the client wanted it.
async fn feed(actor: Actor, mut question: Question) -> Result<(), Failure> {
    let head = text(&actor, b"")?.map(|_| ());
    let mut content = question.answer_head(head, NEWS)?;
    question.send(&mut content, Bytes::from_static(NEWS), false)?;
    let reason = poll_fn(|context| content.poll_reset(context))
        .await
        .map_err(|error| actor.failed("hear of a reset", error))?;
    actor.say(steps::http2_reset_received(question.stream, &http2::code(reason)));
    Ok(())
}

fn text(actor: &Actor, body: &'static [u8]) -> Result<Response<Bytes>, Failure> {
    Response::builder()
        .header(CONTENT_TYPE, "text/plain")
        .body(Bytes::from_static(body))
        .map_err(|error| actor.failed("write its answer", error))
}

/// Pings, sends too many cookies, gives a stream up, and is told to go.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    let mut client = http2::Client::begin(&actor, connection, Settings::NO_PUSH).await?;

    // Eight bytes there and back.
    client.ping().await?;

    // HEADERS up to the size of a frame, the rest in CONTINUATION. Nothing may stand between the
    // two, on any stream: the list is unpacked as a whole.
    let request = http2::get("http", "/").header(COOKIE, cookies()).body(Bytes::new());
    let request = request.map_err(|error| actor.failed("write its request", error))?;
    let asked = client.ask(request).await?;
    client.hear(asked.stream, asked.answer).await?;
    client.say_streams_allowed();

    // A first piece comes, and the user goes elsewhere.
    let request = http2::get("http", FEED).body(Bytes::new());
    let request = request.map_err(|error| actor.failed("write its request", error))?;
    let mut asked = client.ask(request).await?;
    let mut heard = client.head(asked.stream, asked.answer).await?;
    let piece = heard.piece(&actor).await?;
    client.heard(&heard, &piece)?;
    asked.content.send_reset(Reason::CANCEL);
    actor.say(steps::http2_reset_sent(asked.stream, &http2::code(Reason::CANCEL)));
    // The library gets its turn, or else it would send the next request with it, and before it.
    tokio::task::yield_now().await;

    // Other streams are not touched by that. This one's answer comes behind the server's GOAWAY.
    let request = http2::get("http", REPORT).body(Bytes::new());
    let request = request.map_err(|error| actor.failed("write its request", error))?;
    let asked = client.ask(request).await?;
    client.hear(asked.stream, asked.answer).await?;

    let request = http2::get("http", "/about.html").body(Bytes::new());
    let request = request.map_err(|error| actor.failed("write its request", error))?;
    client.ask_in_vain(request).await?;

    let connection = client.finish().await?;
    http2::close_after(&actor, connection, "server").await
}

/// More cookies than anybody should have.
fn cookies() -> String {
    let visits =
        (1u32..).map(|visit| format!("visit-{visit}={:08x}; ", visit.wrapping_mul(0x9e37_79b9)));
    let mut jar = String::new();
    for visit in visits {
        jar.push_str(&visit);
        if jar.len() >= COOKIES {
            break;
        }
    }
    jar.trim_end_matches("; ").to_owned()
}
