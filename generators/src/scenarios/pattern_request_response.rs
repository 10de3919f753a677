//! One question, one answer; and what a server does between them.
//!
//! TCP carries bytes and knows no requests. Where one ends, only HTTP says: at the empty line, or
//! as many bytes behind it as Content-Length announces (RFC 9112, section 6). So the order here,
//! whose second half comes 10 ms after the first, is read twice and parsed once, then carried out,
//! then answered; each of that is a mark of the server's program.

use std::{io, net::SocketAddr, time::Duration};

use hyper::{
    Method, Response, StatusCode,
    body::Bytes,
    header::{CONNECTION, CONTENT_TYPE, LOCATION},
    http::request,
};
use tokio::{sync::oneshot, time::sleep};

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::server_and_client,
    web::{self, Answer, Answers},
};

/// `pattern-request-response`
pub static SCENARIO: Scenario = Scenario {
    name: "pattern-request-response",
    group: Group::Patterns,
    title: "Request and response: one question, one answer",
    teaches: "A request ends where its own framing says, not where a packet does: the order comes \
              in two segments, and the server can begin with it only after the second. \
              What it then does (parse, execute, answer) takes longer than the wire.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// How long it takes to look a price up, and to carry an order out.
const LOOKING_UP: Duration = Duration::from_millis(5);
const ORDERING: Duration = Duration::from_millis(30);

/// The order, as the client comes to write it.
const ORDER: &[&[u8]] = &[br#"{"article":"tea","#, br#""amount":2}"#];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// A shop, whose program marks what it does with a request.
struct Shop(Actor);

impl Answers for Shop {
    async fn answer(&self, head: &request::Parts, _: &[u8]) -> Result<Answer, io::Error> {
        // The library hands a request on when it is whole.
        self.0.mark("parse", []);
        let is_order = head.method == Method::POST;
        sleep(if is_order { ORDERING } else { LOOKING_UP }).await;
        self.0.mark("execute", []);
        let response = if is_order {
            Response::builder()
                .status(StatusCode::CREATED)
                .header(LOCATION, "/orders/1")
                .body(Bytes::new())
        } else {
            Response::builder()
                .header(CONTENT_TYPE, "application/json")
                .body(Bytes::from_static(br#"{"tea":"4.20"}"#))
        };
        response.map(Answer::from).map_err(io::Error::other)
    }
}

/// Answers what comes on one connection.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    web::serve_once(&actor, &Shop(actor.clone()), listening).await
}

/// Asks for a price, and orders.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    let connection = web::visit(&actor, connection, "/prices").await?;

    let order = web::send("/orders", "application/json").header(CONNECTION, "close").body(());
    let order = order.map_err(|error| actor.failed("write its order", error))?;
    let (heard, connection) = web::ask_in_pieces(&actor, connection, order, ORDER).await?;
    heard.must_be(&actor, StatusCode::CREATED)?;
    connection.close_after("server").await
}
