//! An answer that gets lost, and the request that is sent again.
//!
//! When a connection breaks before the answer, the client cannot know whether the request was
//! carried out. A POST must not simply be repeated (RFC 9110, section 9.2.2): here the first
//! payment is made twice. With a key that the client chose, the server recognises the second try
//! and gives the answer of the first (draft-ietf-httpapi-idempotency-key-header).

use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use hyper::{
    Method, Request, Response, StatusCode,
    body::Bytes,
    header::{CONTENT_TYPE, LOCATION},
    http::{self, request},
};
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::server_and_client,
    web::{self, Answer, Answers},
};

/// `exec-idempotency`
pub static SCENARIO: Scenario = Scenario {
    name: "exec-idempotency",
    group: Group::Execution,
    title: "Sent again: done twice, or once",
    teaches: "The server pays and dies before it answers, so the client, which cannot know, asks \
              again. \
              Without a key the payment is made twice; with one the server knows the request and \
              gives the answer that got lost.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

const PAYMENTS: &str = "/payments";

/// The field in which the client names its request.
const KEY: &str = "idempotency-key";

/// What is to be paid, with and without a key.
const ORDERS: [(&str, Option<&str>); 2] =
    [(r#"{"amount":"12.00"}"#, None), (r#"{"amount":"7.50"}"#, Some("order-4711"))];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// What the server has paid, which outlives its connections.
#[derive(Default)]
struct Payments(Mutex<Book>);

#[derive(Default)]
struct Book {
    made: Vec<Bytes>,
    /// Which payment a key stands for.
    known: BTreeMap<Vec<u8>, usize>,
}

impl Answers for Payments {
    async fn answer(&self, head: &request::Parts, body: &[u8]) -> Result<Answer, io::Error> {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let response = if head.method == Method::POST {
            let key = head.headers.get(KEY).map(|key| key.as_bytes().to_vec());
            let known = key.as_ref().and_then(|key| book.known.get(key).copied());
            let number = known.unwrap_or_else(|| {
                book.made.push(Bytes::copy_from_slice(body));
                book.made.len()
            });
            if let Some(key) = key {
                book.known.insert(key, number);
            }
            let location = format!("{PAYMENTS}/{number}");
            Response::builder()
                .status(StatusCode::CREATED)
                .header(LOCATION, location)
                .body(Bytes::new())
        } else {
            let all = book.made.join(&b","[..]);
            Response::builder()
                .header(CONTENT_TYPE, "application/json")
                .body([&b"["[..], &all, b"]"].concat().into())
        };
        response.map(Answer::from).map_err(io::Error::other)
    }
}

/// Pays, and dies before the answer; pays what it is asked again. And once more, with a key.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let payments = Payments::default();
    let listener = actor.listen(web::HTTP, listening)?;
    for _ in ORDERS {
        let connection = actor.accept(&listener).await?;
        web::serve_and_die(&actor, &payments, connection).await?;

        let connection = actor.accept(&listener).await?;
        let connection = web::serve(&actor, &payments, connection).await?;
        connection.close_after("client").await?;
    }
    Ok(())
}

/// Orders, hears nothing, and orders again; in the end it looks at what was paid.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let failed = |error| actor.failed("write its request", error);
    for (order, key) in ORDERS {
        let connection = actor.connect(server).await?;
        let pay = payment(order, key).map_err(failed)?;
        web::ask_in_vain(&actor, connection, pay.clone(), "server").await?;

        let look = web::get(PAYMENTS).body(Bytes::new()).map_err(failed)?;
        let asked = vec![(pay, StatusCode::CREATED), (look, StatusCode::OK)];
        let connection = web::browse(&actor, actor.connect(server).await?, asked).await?;
        connection.close_first("server").await?;
    }
    Ok(())
}

fn payment(order: &'static str, key: Option<&str>) -> Result<Request<Bytes>, http::Error> {
    let mut request = web::send(PAYMENTS, "application/json");
    if let Some(key) = key {
        request = request.header(KEY, key);
    }
    request.body(Bytes::from_static(order.as_bytes()))
}
