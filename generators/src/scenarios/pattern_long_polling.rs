//! A question that is held back until there is an answer.
//!
//! The client asks for what came after the last it has seen, and the server answers when something
//! does. So it hears at once, without asking in vain; what is held open costs the server a
//! connection for each client. Because proxies and clients lose patience, the server answers with
//! nothing after a while, and the client asks again (RFC 6202, section 2).

use std::{io, net::SocketAddr, time::Duration};

use hyper::{Response, StatusCode, body::Bytes, header::CONTENT_TYPE, http::request};
use tokio::{sync::oneshot, time::Instant};

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::server_and_client,
    web::{self, Answer, Answers},
};

/// `pattern-long-polling`
pub static SCENARIO: Scenario = Scenario {
    name: "pattern-long-polling",
    group: Group::Patterns,
    title: "Long polling: held back until there is news",
    teaches: "The server holds the question until there is something to say, so that the client \
              hears of it at once and hardly ever asks in vain. \
              When nothing has come for a while the server says just that, lest somebody in \
              between gives the connection up.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// What comes, and how long after the server's start.
const NEWS: [(Duration, &str); 3] = [
    (Duration::from_millis(100), "Doors are open.\n"),
    (Duration::from_millis(180), "The band is late.\n"),
    (Duration::from_millis(420), "Here they are.\n"),
];

/// How long a question is held at most. Servers in earnest hold it for half a minute and more.
const HOLD: Duration = Duration::from_millis(150);

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Has news, each in its time.
struct News {
    start: Instant,
}

impl Answers for News {
    async fn answer(&self, head: &request::Parts, _: &[u8]) -> Result<Answer, io::Error> {
        // What the client has seen, it says in its question: /news/2 asks for the second.
        let number = head.uri.path().rsplit('/').next().and_then(|number| number.parse().ok());
        let next = number.and_then(|number: usize| NEWS.get(number.checked_sub(1)?));
        let wait = next.map(|(at, _)| (self.start + *at).duration_since(Instant::now()));
        let answer = Response::builder();
        let (response, wait) = match (next, wait) {
            (Some((_, text)), Some(wait)) if wait <= HOLD => {
                let text = Bytes::from_static(text.as_bytes());
                (answer.header(CONTENT_TYPE, "text/plain").body(text), wait)
            }
            _ => (answer.status(StatusCode::NO_CONTENT).body(Bytes::new()), HOLD),
        };
        response.map(|response| Answer::from(response).after(wait)).map_err(io::Error::other)
    }
}

/// Holds each question until there is an answer, or long enough.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    let connection = actor.accept(&listener).await?;
    let news = News { start: Instant::now() };
    let connection = web::serve(&actor, &news, connection).await?;
    connection.close_after("client").await
}

/// Asks for what is next, and as soon as there is an answer for what comes then.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = web::talk(&actor, actor.connect(server).await?, async |mut visitor| {
        let mut seen = 0;
        while seen < NEWS.len() {
            let question = web::get(format!("/news/{}", seen + 1)).body(Bytes::new());
            let question = question.map_err(|error| actor.failed("write its request", error))?;
            let heard = visitor.ask(question).await?;
            seen += usize::from(heard.head.status == StatusCode::OK);
        }
        Ok(())
    })
    .await?;
    connection.close_first("server").await
}
