//! Asking again and again whether something is done.
//!
//! The server takes an order and says where its result will be (202 Accepted; RFC 9110, section
//! 15.3.3). Until it is there, every question is answered at once, with "not yet". Each costs a
//! round trip, and between the moment when the result is ready and the next question it lies there.

use std::{
    io,
    net::SocketAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use hyper::{
    Method, Response, StatusCode,
    body::Bytes,
    header::{CONTENT_TYPE, LOCATION},
    http::request,
};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep},
};

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::server_and_client,
    web::{self, Answer, Answers},
};

/// `pattern-short-polling`
pub static SCENARIO: Scenario = Scenario {
    name: "pattern-short-polling",
    group: Group::Patterns,
    title: "Short polling: is it done yet?",
    teaches: "The client orders a report and asks for it every 60 ms, and each time but the last \
              the answer is that it is not ready. \
              Asking more often costs more requests for nothing, asking less often leaves the \
              result lying.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// From one question to the next.
const EVERY: Duration = Duration::from_millis(60);

/// How long the report takes: between the third question and the fourth.
const TAKES: Duration = Duration::from_millis(210);

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Makes one report, which is ready some time after it was ordered.
#[derive(Default)]
struct Reports {
    ready: Mutex<Option<Instant>>,
}

impl Answers for Reports {
    async fn answer(&self, head: &request::Parts, _: &[u8]) -> Result<Answer, io::Error> {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = Response::builder().header(CONTENT_TYPE, "text/plain");
        let response = if head.method == Method::POST {
            *ready = Some(Instant::now() + TAKES);
            let answer = answer.status(StatusCode::ACCEPTED).header(LOCATION, "/reports/1");
            answer.body(Bytes::new())
        } else if ready.is_some_and(|ready| ready <= Instant::now()) {
            answer.body(Bytes::from_static(b"visits=41\n"))
        } else {
            answer.status(StatusCode::ACCEPTED).body(Bytes::from_static(b"not yet\n"))
        };
        response.map(Answer::from).map_err(io::Error::other)
    }
}

/// Answers every question at once.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    let connection = actor.accept(&listener).await?;
    let connection = web::serve(&actor, &Reports::default(), connection).await?;
    connection.close_after("client").await
}

/// Orders a report, and asks for it until it is there.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let failed = |error| actor.failed("write its request", error);
    let connection = web::talk(&actor, actor.connect(server).await?, async |mut visitor| {
        let order = web::send("/reports", "text/plain").body(Bytes::from_static(b"visits\n"));
        let ordered = visitor.ask(order.map_err(failed)?).await?;
        let place = ordered.must_be(&actor, StatusCode::ACCEPTED)?.location(&actor)?;
        loop {
            sleep(EVERY).await;
            let question = web::get(place.as_str()).body(Bytes::new()).map_err(failed)?;
            if visitor.ask(question).await?.head.status == StatusCode::OK {
                return Ok(());
            }
        }
    })
    .await?;
    connection.close_first("server").await
}
