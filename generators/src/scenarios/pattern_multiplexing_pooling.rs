//! Many requests at once towards few connections, in two ways: streams in front, a pool behind.
//!
//! The client has one connection of HTTP/2, on which each request has a stream of its own (RFC
//! 9113, section 5). The proxy speaks HTTP/1.1 to the server, where a connection carries one
//! exchange at a time (RFC 9112, section 9.3): it keeps two connections open and lends one to each
//! request. The third request waits for one to come back, though its stream has been open all the
//! while.

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hyper::{
    Response,
    body::Bytes,
    header::{CONTENT_TYPE, VIA},
    http::request,
};
use tokio::sync::{Notify, Semaphore, oneshot};

use crate::{
    Failure, Group, Role, RoleKind, Scenario, Stage, Transcript,
    actor::Actor,
    counted::Counted,
    http2::{self, Question, Settings},
    perform::{Part, perform},
    web::{self, Answer, Answers, Visitor},
};

/// `pattern-multiplexing-pooling`
pub static SCENARIO: Scenario = Scenario {
    name: "pattern-multiplexing-pooling",
    group: Group::Patterns,
    title: "Multiplexing in front, a pool behind",
    teaches: "Three requests share one connection of HTTP/2, each on a stream; behind the proxy \
              each needs a connection of HTTP/1.1 to itself for as long as it takes. \
              The pool has two, so the third request waits for one to come back: streams cost \
              numbers, connections cost handshakes and memory.",
    roles: &[
        Role::CLIENT,
        Role { name: "proxy", title: "Reverse proxy", kind: RoleKind::Intermediary },
        Role::SERVER,
    ],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// What is asked for, all at once. The first takes longest: it is ready only after the third, so
/// that the connection of the second is the one that comes back, however busy the machine is.
const SLOWEST: &str = "/report/1";
const SECOND: &str = "/report/2";
const WAITING: &str = "/report/3";

/// How long the server works on one of them, once it can.
const REPORT_TAKES: Duration = Duration::from_millis(40);

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let (listening, server_address) = oneshot::channel();
    let (in_front, proxy_address) = oneshot::channel();
    perform(
        stage,
        [
            Part::new("server", |actor| server(actor, listening)),
            Part::new("proxy", |actor| proxy(actor, server_address, in_front)),
            Part::new("client", |actor| client(actor, proxy_address)),
        ],
    )
}

/// Makes reports, the slowest of which needs what the one that waits was made of.
#[derive(Default)]
struct Reports {
    asked_for_last: Notify,
}

impl Answers for Reports {
    async fn answer(&self, head: &request::Parts, _: &[u8]) -> Result<Answer, io::Error> {
        let path = head.uri.path();
        match path {
            SLOWEST => self.asked_for_last.notified().await,
            WAITING => self.asked_for_last.notify_one(),
            _ => {}
        }
        let takes = if path == SLOWEST { 2 * REPORT_TAKES } else { REPORT_TAKES };
        let report = Bytes::from(format!("This is {path}.\n"));
        let response = Response::builder().header(CONTENT_TYPE, "text/plain").body(report);
        response.map(|response| Answer::from(response).after(takes)).map_err(io::Error::other)
    }
}

/// Serves two connections at the same time, and keeps a notebook for each.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    let reports = Reports::default();
    let serve = async |own: &Actor, connection: Counted| {
        web::serve(own, &reports, connection).await?.close_after("proxy").await
    };
    let (own_one, own_two) = (actor.apart(), actor.apart());
    let one = own_one.accept(&listener).await?;
    let two = own_two.accept(&listener).await?;
    tokio::try_join!(serve(&own_one, one), serve(&own_two, two))?;
    actor.take_in(&own_one);
    actor.take_in(&own_two);
    Ok(())
}

/// Connections that are open, each lent to one request at a time.
struct Pool {
    free: Semaphore,
    idle: Mutex<VecDeque<Visitor>>,
}

impl Pool {
    fn new(visitors: impl Into<VecDeque<Visitor>>) -> Pool {
        let idle = visitors.into();
        Pool { free: Semaphore::new(idle.len()), idle: Mutex::new(idle) }
    }

    /// Takes the connection that has been idle for longest.
    fn take(&self) -> Option<Visitor> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    fn give_back(&self, visitor: Visitor) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push_back(visitor);
    }
}

/// Opens two connections to the server as soon as a client comes, keeps a notebook for each, and
/// lends them to the client's requests.
async fn proxy(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let listener = actor.listen(web::HTTP, listening)?;
    let front = actor.accept(&listener).await?;
    front.spoken_to().await?;
    let (own_one, own_two) = (actor.apart(), actor.apart());
    let one = own_one.connect(server).await?;
    let two = own_two.connect(server).await?;
    let mut served: Option<Counted> = None;
    let one = web::talk(&own_one, one, async |to_one| {
        let two = web::talk(&own_two, two, async |to_two| {
            served = Some(lend(&actor, front, Pool::new([to_one, to_two])).await?);
            Ok(())
        });
        two.await?.close_first("server").await
    });
    one.await?.close_first("server").await?;
    let Some(front) = served else {
        // It is there once both talks have ended well.
        return Err(actor.expected("the client's connection back", "it was gone"));
    };
    http2::close_first(&actor, front, "client").await?;
    actor.take_in(&own_one);
    actor.take_in(&own_two);
    Ok(())
}

/// Serves the client out of the pool, until it takes leave.
async fn lend(actor: &Actor, front: Counted, pool: Pool) -> Result<Counted, Failure> {
    let pool = Arc::new(pool);
    let hand_on = |question| hand_on(actor.clone(), Arc::clone(&pool), question);
    http2::serve_with(actor, front, Settings::HUNDRED_STREAMS, hand_on).await
}

/// Hands a request on as soon as a connection is free, and its answer back.
async fn hand_on(actor: Actor, pool: Arc<Pool>, mut question: Question) -> Result<(), Failure> {
    question.read().await?;
    let lent = pool.free.acquire().await;
    let lent = lent.map_err(|error| actor.failed("wait for a connection", error))?;
    let Some(mut visitor) = pool.take() else {
        return Err(actor.expected("a connection that is idle", "there was none"));
    };
    // The version is that of the side it came from (RFC 9110, section 7.6.3).
    let request = web::get(question.head.uri.path()).header(VIA, "2 proxy").body(Bytes::new());
    let request = request.map_err(|error| actor.failed("write its request", error))?;
    let heard = visitor.ask(request).await?;
    pool.give_back(visitor);
    drop(lent);
    question.answer(Response::from_parts(heard.head, heard.body))
}

/// Asks for all reports before it hears any of them.
async fn client(actor: Actor, proxy_address: oneshot::Receiver<SocketAddr>) -> Result<(), Failure> {
    let proxy = actor.hear(proxy_address).await?;
    let connection = actor.connect(proxy).await?;
    let mut client = http2::Client::begin(&actor, connection, Settings::NO_PUSH).await?;
    let mut asked = Vec::new();
    for path in [SLOWEST, SECOND, WAITING] {
        let request = http2::get("http", path).body(Bytes::new());
        let request = request.map_err(|error| actor.failed("write its request", error))?;
        asked.push(client.ask(request).await?);
    }
    for asked in asked {
        client.hear(asked.stream, asked.answer).await?;
    }
    client.say_streams_allowed();
    let connection = client.finish().await?;
    http2::close_after(&actor, connection, "proxy").await
}
