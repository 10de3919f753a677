//! An answer that nobody asked for: how a server pushes, and how a client forbids it.
//!
//! A server that knows what a page needs can promise it on the stream of the page and send it on a
//! stream of its own (RFC 9113, section 8.4). It saves a round trip where the client would have
//! asked, and wastes what the client had already. So a client can forbid it by a setting, and
//! browsers do: the second connection shows that.

use std::{net::SocketAddr, time::Duration};

use hyper::{Response, body::Bytes, header::CONTENT_TYPE};
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    counted::Counted,
    http2::{self, Question, Settings},
    perform::server_and_client,
    steps, web,
};

/// `http2-server-push`
pub static SCENARIO: Scenario = Scenario {
    name: "http2-server-push",
    group: Group::Http,
    title: "HTTP/2: answers that nobody asked for",
    teaches: "The server promises the style sheet of a page and sends it with the page, which saves \
              the client the round trip of asking. \
              On the second connection the client forbids it with ENABLE_PUSH 0, and has to ask.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// What every page needs.
const STYLE: &str = "/style.css";

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Serves two connections, one after the other.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    for _ in 0..2 {
        let connection = actor.accept(&listener).await?;
        connection.spoken_to().await?;
        let mut server = http2::Server::begin(&actor, connection, Settings::default()).await?;
        while let Some(mut question) = server.next().await? {
            question.read().await?;
            if question.head.uri.path() == STYLE {
                question.answer(style(&actor)?)?;
            } else {
                page(&actor, &mut question)?;
            }
        }
        let connection = server.finish().await?;
        http2::close_first(&actor, connection, "client").await?;
    }
    Ok(())
}

/// Sends a page and, where it may, what the page needs. The promise goes first: when the client
/// reads the page it must know already that it need not ask (RFC 9113, section 8.4.1).
fn page(actor: &Actor, question: &mut Question) -> Result<(), Failure> {
    let page = (web::PAGES.answer)(&question.head, &[]);
    let page = page.map_err(|error| actor.cannot("make a page", error))?;
    let promise =
        http2::get("http", STYLE).body(()).map_err(|error| actor.failed("promise", error))?;
    match question.respond.push_request(promise) {
        Ok(pushed) => {
            let promised = pushed.stream_id().as_u32();
            actor.say(steps::http2_push_promised(question.stream, promised, STYLE));
            question.answer(page.response)?;
            http2::push(actor, pushed, style(actor)?)
        }
        Err(error) => {
            actor.say(steps::http2_push_refused(question.stream, &error.to_string()));
            question.answer(page.response)
        }
    }
}

fn style(actor: &Actor) -> Result<Response<Bytes>, Failure> {
    Response::builder()
        .header(CONTENT_TYPE, "text/css")
        .body(Bytes::from_static(b"body { max-width: 40em; margin: auto }\n"))
        .map_err(|error| actor.failed("write its answer", error))
}

/// Visits twice: the second time it wants nothing pushed.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    for takes_pushes in [true, false] {
        let connection = actor.connect(server).await?;
        let settings = Settings { enable_push: Some(takes_pushes), ..Settings::default() };
        let mut client = http2::Client::begin(&actor, connection, settings).await?;
        if takes_pushes {
            take_promise(&actor, &mut client).await?;
        } else {
            ask(&actor, &mut client, "/").await?;
            ask(&actor, &mut client, STYLE).await?;
        }
        let connection = client.finish().await?;
        http2::close_after(&actor, connection, "server").await?;
    }
    Ok(())
}

/// Asks for a page, and takes with it what is promised.
async fn take_promise(actor: &Actor, client: &mut http2::Client<Counted>) -> Result<(), Failure> {
    let request = http2::get("http", "/").body(Bytes::new());
    let request = request.map_err(|error| actor.failed("write its request", error))?;
    let mut asked = client.ask(request).await?;
    let Some(promise) = asked.answer.push_promises().push_promise().await else {
        return Err(actor.expected("a promise", "there was none"));
    };
    let promise = promise.map_err(|error| actor.failed("take a promise", error))?;
    let (promise, pushed) = promise.into_parts();
    let promised = pushed.stream_id().as_u32();
    actor.say(steps::http2_push_received(asked.stream, promised, promise.uri().path()));
    client.hear(asked.stream, asked.answer).await?;
    client.hear(promised, pushed).await
}

/// Asks for something, and reads it.
async fn ask(
    actor: &Actor,
    client: &mut http2::Client<Counted>,
    path: &str,
) -> Result<(), Failure> {
    let request = http2::get("http", path).body(Bytes::new());
    let request = request.map_err(|error| actor.failed("write its request", error))?;
    let asked = client.ask(request).await?;
    client.hear(asked.stream, asked.answer).await
}
