//! How a server goes away without losing anybody's request: and what is lost where it just goes.
//!
//! In HTTP/1.1 it says `Connection: close` in its last answer (RFC 9112, section 9.6). In HTTP/2 it
//! says GOAWAY twice: first with the highest number there is, so that requests that are on their
//! way are still taken, and one round trip later with the last stream that it took (RFC 9113,
//! section 6.8). TLS ends with close_notify and TCP with FIN, in this order, so that the end of the
//! data can be told from a cut line (RFC 9846, section 6.1).
//!
//! A server that closes an idle connection says nothing beforehand. A request that is sent while
//! its FIN is on its way meets a closed socket, is answered by RST, and has to be sent again (RFC
//! 9112, section 9.3.1): the client here may do so, for it is a GET.

use std::{
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

use hyper::{
    Response,
    body::Bytes,
    header::{CONNECTION, CONTENT_TYPE, HeaderValue},
    http::request,
};
use tokio::{
    sync::oneshot,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    Failure, Group, Link, Role, Scenario, Stage, Transcript,
    actor::Actor,
    counted::Counted,
    http2::{self, Question, Settings},
    lent::Lent,
    perform::proven_server_and_client,
    tls::{self, Identity, Trust, Version},
    web::{self, Answer, Site},
};

/// `http-graceful-shutdown`
pub static SCENARIO: Scenario = Scenario {
    name: "http-graceful-shutdown",
    group: Group::Http,
    title: "HTTP: a server goes away",
    teaches: "A server that says before it goes that it will loses no request: Connection: close in \
              HTTP/1.1, GOAWAY twice in HTTP/2, close_notify before FIN. \
              One that closes an idle connection in silence races the next request, which finds \
              nobody and has to be sent again.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    // Something has to be on its way while something else is.
    link: Some(Link { settings: "rtt=100ms", by_choice: &[] }),
    limit: Duration::from_secs(15),
    run,
};

/// How long the report takes: longer than it takes to take leave.
const REPORT_TAKES: Duration = Duration::from_millis(300);

/// For how long the server keeps a connection on which nothing happens.
const IDLE: Duration = Duration::from_millis(300);

/// Pages with the word that they are the last on their connection.
static LAST_PAGES: Site = Site { refuse: |_| Ok(None), answer: last_page };

fn last_page(head: &request::Parts, body: &[u8]) -> Result<Answer, io::Error> {
    let mut answer = (web::PAGES.answer)(head, body)?;
    answer.response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    Ok(answer)
}

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let (plain, plain_address) = oneshot::channel();
    proven_server_and_client(
        stage,
        |actor, identity, sealed| server(actor, identity, sealed, plain),
        |actor, trust, sealed_address| client(actor, trust, sealed_address, plain_address),
    )
}

/// Goes away in order in HTTP/1.1 and in HTTP/2, and then in silence.
async fn server(
    actor: Actor,
    identity: Identity,
    sealed: oneshot::Sender<SocketAddr>,
    plain: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Server::new(&actor, Version::Tls13, tls::HTTP_2, identity)?;
    let sealed = actor.listen(web::HTTPS, sealed)?;
    let plain = actor.listen(web::HTTP, plain)?;

    let connection = web::serve(&actor, &LAST_PAGES, actor.accept(&plain).await?).await?;
    connection.close_first("client").await?;

    take_leave(&actor, tls.accept(actor.accept(&sealed).await?).await?).await?;

    // Whoever says nothing for so long has its connection closed, whatever is on its way.
    let (lent, given_back) = Lent::new(actor.accept(&plain).await?);
    let _ = timeout(IDLE, web::serve(&actor, &web::PAGES, lent)).await;
    actor.hear(given_back).await?.desert();

    let connection = web::serve(&actor, &web::PAGES, actor.accept(&plain).await?).await?;
    connection.close_after("client").await
}

/// Takes leave as soon as it is asked for something: what it was asked for, and what is on its way,
/// is still answered.
async fn take_leave(actor: &Actor, connection: tls::ServerEnd) -> Result<(), Failure> {
    let mut server = http2::Server::begin(actor, connection, Settings::HUNDRED_STREAMS).await?;
    let mut answering = JoinSet::new();
    let mut has_left = false;
    loop {
        tokio::select! {
            question = server.next() => {
                let Some(question) = question? else { break };
                if !std::mem::replace(&mut has_left, true) {
                    server.take_leave();
                }
                answering.spawn(report(actor.clone(), question));
            },
            Some(answered) = answering.join_next() => http2::take(actor, answered)?,
        }
    }
    tls::leave_first(actor, server.finish().await?, "client").await
}

/// Answers after a while.
async fn report(actor: Actor, mut question: Question) -> Result<(), Failure> {
    question.read().await?;
    sleep(REPORT_TAKES).await;
    let report = Response::builder()
        .header(CONTENT_TYPE, "text/plain")
        .body(Bytes::from_static(b"visits=41\nentries=3\n"))
        .map_err(|error| actor.failed("write its answer", error))?;
    question.answer(report)
}

/// Asks on four connections, each of which the server leaves in another way; the last it ends
/// itself.
async fn client(
    actor: Actor,
    trust: Trust,
    sealed: oneshot::Receiver<SocketAddr>,
    plain: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    if !actor.stage().is_linked() {
        let what = "a distance between the two, on which requests and leave can cross".to_owned();
        return Err(Failure::NeedsNetwork { role: actor.role(), what });
    }
    let (sealed, plain) = (actor.hear(sealed).await?, actor.hear(plain).await?);
    let connection = web::visit(&actor, actor.connect(plain).await?, "/").await?;
    connection.close_after("server").await?;

    let tls = tls::Client::new(&actor, Version::Tls13, tls::HTTP_2, trust)?;
    let (connection, way) = connect(&actor, sealed).await?;
    be_left(&actor, tls.connect(connection).await?, way).await?;

    // An answer, a pause, and another request: it leaves before the FIN comes, and gets there
    // behind it.
    let (connection, way) = connect(&actor, plain).await?;
    let connection = web::visit(&actor, connection, "/").await?;
    sleep(IDLE.saturating_sub(way)).await;
    let request = web::get("/about.html").body(Bytes::new());
    let request = request.map_err(|error| actor.failed("write its request", error))?;
    let left = web::ask_unanswered(&actor, connection, request).await?;

    let connection = actor.connect(plain).await?;
    left.broken("server");
    let connection = web::visit(&actor, connection, "/about.html").await?;
    connection.close_first("server").await
}

/// Connects, and says how long a packet takes to get there.
async fn connect(actor: &Actor, to: SocketAddr) -> Result<(Counted, Duration), Failure> {
    let began = Instant::now();
    let connection = actor.connect(to).await?;
    Ok((connection, began.elapsed() / 2))
}

/// Asks for a report, and for another one while the server's GOAWAY is on its way; both are
/// answered. A third one is no use any more, and the library knows.
async fn be_left(actor: &Actor, connection: tls::ClientEnd, way: Duration) -> Result<(), Failure> {
    let mut client = http2::Client::begin(actor, connection, Settings::NO_PUSH).await?;
    let request = |path| {
        let request = http2::get("https", path).body(Bytes::new());
        request.map_err(|error| actor.failed("write its request", error))
    };
    let first = client.ask(request("/report/1")?).await?;
    sleep(way).await;
    let second = client.ask(request("/report/2")?).await?;
    client.hear(first.stream, first.answer).await?;
    client.hear(second.stream, second.answer).await?;
    client.say_streams_allowed();
    client.ask_in_vain(request("/report/3")?).await?;

    let mut connection = client.finish().await?;
    http2::drain(actor, &mut connection).await?;
    tls::close_after(actor, connection, "server").await
}
