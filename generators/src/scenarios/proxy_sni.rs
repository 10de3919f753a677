//! A router that knows where a connection is to go, and nothing else of it.
//!
//! The ClientHello says in the clear which server it is for (server_name, RFC 6066, section 3). The
//! router looks at it, chooses a backend, and copies bytes: the handshake goes on between client
//! and backend, and the router has no key and no certificate. Where the name is encrypted (RFC
//! 9849) it sees no more than the name of who published the key.

use std::{net::SocketAddr, time::Duration};

use hyper::{StatusCode, body::Bytes};
use rustls::server::Acceptor;
use tokio::{sync::oneshot, time::sleep};

use crate::{
    Failure, Group, Role, RoleKind, Scenario, Stage, Transcript,
    actor::Actor,
    counted::Counted,
    perform::{Part, perform},
    proxy,
    tls::{self, Authority, Identity, Trust, Version},
    web,
};

/// `proxy-sni`
pub static SCENARIO: Scenario = Scenario {
    name: "proxy-sni",
    group: Group::Proxying,
    title: "Routing by server name",
    teaches: "The router reads the server's name in the ClientHello, sends the connection to the \
              backend of that name, and hands on bytes that it cannot open. \
              The certificate is the backend's, and the keys are known to both ends alone.",
    roles: &[
        Role::CLIENT,
        Role { name: "router", title: "Router", kind: RoleKind::Intermediary },
        Role { name: "server", title: "Server", kind: RoleKind::Server },
        Role { name: "shop", title: "Shop", kind: RoleKind::Server },
    ],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// What the servers are called, in the order in which the client visits them.
const NAMES: [&str; 2] = [web::SERVER_NAME, "shop.wirestage.test"];

/// More than a ClientHello here is long.
const HELLO: usize = 4096;

/// How long the router waits for the rest of a ClientHello that came in parts.
const A_MOMENT: Duration = Duration::from_millis(1);

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let authority = Authority::new()?;
    let [server_name, shop_name] = NAMES;
    let (of_server, of_shop) = (authority.issue(server_name)?, authority.issue(shop_name)?);
    let trust = authority.trust()?;
    let (server_listens, server_address) = oneshot::channel();
    let (shop_listens, shop_address) = oneshot::channel();
    let (listening, router_address) = oneshot::channel();
    perform(
        stage,
        [
            Part::new("server", |actor| backend(actor, of_server, server_listens)),
            Part::new("shop", |actor| backend(actor, of_shop, shop_listens)),
            Part::new("router", |actor| router(actor, [server_address, shop_address], listening)),
            Part::new("client", |actor| client(actor, trust, router_address)),
        ],
    )
}

/// Proves itself and serves one connection. That it comes from a router makes no difference.
async fn backend(
    actor: Actor,
    identity: Identity,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let tls = tls::Server::new(&actor, Version::Tls13, tls::HTTP_1, identity)?;
    let listener = actor.listen(web::HTTPS, listening)?;
    let connection = tls.accept(actor.accept(&listener).await?).await?;
    let connection = web::serve(&actor, &web::PAGES, connection).await?;
    tls::close_after(&actor, connection, "router").await
}

/// Looks at each ClientHello, and hands its connection on.
async fn router(
    actor: Actor,
    [server, shop]: [oneshot::Receiver<SocketAddr>; 2],
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let backends = [("server", actor.hear(server).await?), ("shop", actor.hear(shop).await?)];
    let listener = actor.listen(web::HTTPS, listening)?;
    for _ in NAMES {
        let front = actor.accept(&listener).await?;
        let name = wanted(&actor, &front).await?;
        let known = NAMES.iter().zip(backends).find(|(known, _)| **known == name);
        let Some((_, (role, address))) = known else {
            return Err(actor.expected("a name that it knows", format!("it was {name}")));
        };
        let back = actor.connect(address).await?;
        proxy::splice(&actor, front, back, role).await?;
    }
    Ok(())
}

/// The name in a ClientHello, which stays where it is, to be handed on.
async fn wanted(actor: &Actor, front: &Counted) -> Result<String, Failure> {
    let failed = |error| actor.failed("read a ClientHello", error);
    let mut hello = [0; HELLO];
    loop {
        let length = front.peek(&mut hello).await?;
        let mut acceptor = Acceptor::default();
        let mut rest = hello.get(..length).unwrap_or_default();
        acceptor.read_tls(&mut rest).map_err(|error| actor.cannot("read a hello", error))?;
        if let Some(accepted) = acceptor.accept().map_err(|(error, _)| failed(error))? {
            let name = accepted.client_hello().server_name().map(str::to_owned);
            return name.ok_or_else(|| actor.expected("a server's name", "there was none"));
        }
        sleep(A_MOMENT).await;
    }
}

/// Visits both servers at the same address.
async fn client(
    actor: Actor,
    trust: Trust,
    router_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let router = actor.hear(router_address).await?;
    for name in NAMES {
        let tls = tls::Client::new(&actor, Version::Tls13, tls::HTTP_1, trust.clone())?;
        let tls = tls.asking_for(name);
        let connection = tls.connect(actor.connect(router).await?).await?;
        let request = web::get_from(name, "/").body(Bytes::new());
        let request = request.map_err(|error| actor.failed("write its request", error))?;
        let asked = vec![(request, StatusCode::OK)];
        let connection = web::browse(&actor, connection, asked).await?;
        tls::close_first(&actor, connection, "router").await?;
    }
    Ok(())
}
