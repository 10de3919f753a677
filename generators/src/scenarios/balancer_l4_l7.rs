//! A load balancer that hands on connections, and one that hands on requests.
//!
//! At layer 4 it sees a connection, chooses a backend for it once, and copies bytes both ways
//! without reading them. Whatever comes on that connection goes to the same backend. At layer 7 it
//! is the server to the client and the client to the backends (RFC 9110, section 3.7: a gateway):
//! it reads each request, and may send each to another backend, over connections that it keeps.

use std::{io, net::SocketAddr, time::Duration};

use hyper::{Response, StatusCode, body::Bytes, header::CONTENT_TYPE, http::request};
use tokio::{net::TcpListener, sync::oneshot};

use crate::{
    Failure, Group, Role, RoleKind, Scenario, Stage, Transcript,
    actor::Actor,
    counted::Counted,
    perform::{Part, perform},
    proxy::{self, Spreading},
    web::{self, Answer, Answers},
};

/// `balancer-l4-l7`
pub static SCENARIO: Scenario = Scenario {
    name: "balancer-l4-l7",
    group: Group::Proxying,
    title: "Load balancing: connections, or requests",
    teaches: "Three requests on one connection all go to one backend where the balancer hands on \
              connections (layer 4). \
              Where it hands on requests (layer 7) the same three are spread over both backends.",
    roles: &[
        Role::CLIENT,
        Role { name: "balancer", title: "Load balancer", kind: RoleKind::Intermediary },
        Role { name: "server", title: "Backend 1", kind: RoleKind::Server },
        Role { name: "backend-2", title: "Backend 2", kind: RoleKind::Server },
    ],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// How many requests the client sends on each connection.
const REQUESTS: usize = 3;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let (one_listens, one_address) = oneshot::channel();
    let (two_listens, two_address) = oneshot::channel();
    let (listening, balancer_address) = oneshot::channel();
    perform(
        stage,
        [
            // One connection for each of the client's.
            Part::new("server", |actor| backend(actor, ("backend 1\n", 2), one_listens)),
            // The connection of layer 7 alone.
            Part::new("backend-2", |actor| backend(actor, ("backend 2\n", 1), two_listens)),
            Part::new("balancer", |actor| balancer(actor, [one_address, two_address], listening)),
            Part::new("client", |actor| client(actor, balancer_address)),
        ],
    )
}

/// Says who it is.
struct Name(&'static str);

impl Answers for Name {
    async fn answer(&self, _: &request::Parts, _: &[u8]) -> Result<Answer, io::Error> {
        let name = Bytes::from_static(self.0.as_bytes());
        let response = Response::builder().header(CONTENT_TYPE, "text/plain").body(name);
        response.map(Answer::from).map_err(io::Error::other)
    }
}

/// Answers whatever comes on so many connections with its name.
async fn backend(
    actor: Actor,
    (name, connections): (&'static str, usize),
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    for _ in 0..connections {
        let connection = web::serve(&actor, &Name(name), actor.accept(&listener).await?).await?;
        connection.close_after("balancer").await?;
    }
    Ok(())
}

/// Works at layer 4 for the client's first connection, and at layer 7 for its second.
async fn balancer(
    actor: Actor,
    [one, two]: [oneshot::Receiver<SocketAddr>; 2],
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let backends = [actor.hear(one).await?, actor.hear(two).await?];
    let listener = actor.listen(web::HTTP, listening)?;
    connections(&actor, &listener, backends).await?;
    requests(&actor, &listener, backends).await
}

/// Chooses a backend for the connection, and reads nothing of what passes.
async fn connections(
    actor: &Actor,
    listener: &TcpListener,
    [one, _]: [SocketAddr; 2],
) -> Result<(), Failure> {
    let front = actor.accept(listener).await?;
    let back = actor.connect(one).await?;
    proxy::splice(actor, front, back, "server").await
}

/// Reads each request, and chooses a backend for it.
async fn requests(
    actor: &Actor,
    listener: &TcpListener,
    [one, two]: [SocketAddr; 2],
) -> Result<(), Failure> {
    let front = actor.accept(listener).await?;
    let client = front.peer()?.ip();
    let (one, two) = (actor.connect(one).await?, actor.connect(two).await?);
    let mut served: Option<Counted> = None;
    let one = web::talk(actor, one, async |to_one| {
        let two = web::talk(actor, two, async |to_two| {
            let site = Spreading::new(client, [to_one, to_two]);
            served = Some(web::serve(actor, &site, front).await?);
            Ok(())
        });
        two.await?.close_first("backend-2").await
    });
    one.await?.close_first("server").await?;
    match served {
        Some(front) => front.close_after("client").await,
        // It is there once both talks have ended well.
        None => Err(actor.expected("the client's connection back", "it was gone")),
    }
}

/// Asks the same on two connections, one after the other.
async fn client(
    actor: Actor,
    balancer_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let balancer = actor.hear(balancer_address).await?;
    for _ in ["layer 4", "layer 7"] {
        let mut asked = Vec::new();
        for _ in 0..REQUESTS {
            let request = web::get("/who").body(Bytes::new());
            let request = request.map_err(|error| actor.failed("write its request", error))?;
            asked.push((request, StatusCode::OK));
        }
        let connection = web::browse(&actor, actor.connect(balancer).await?, asked).await?;
        connection.close_first("balancer").await?;
    }
    Ok(())
}
