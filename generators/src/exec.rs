//! Two clients that want the same slow report, a moment apart: what scenarios have in common that
//! are about how a server divides its work.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Role, RoleKind, Stage, Transcript,
    actor::Actor,
    perform::{Part, perform},
    web,
};

/// Who takes part.
pub(crate) const CAST: &[Role] = &[
    Role { name: "client", title: "First client", kind: RoleKind::Client },
    Role::SERVER,
    Role { name: "second", title: "Second client", kind: RoleKind::Client },
];

/// The roles of the clients, in the order in which they come.
pub(crate) const CLIENTS: [&str; 2] = ["client", "second"];

/// How long after the first client's connection the second one comes: while the report is being
/// made.
const LATER: Duration = Duration::from_millis(25);

/// Plays both clients, and the server that is to be shown.
pub(crate) fn two_clients<S>(
    stage: &Stage,
    server: impl FnOnce(Actor, oneshot::Sender<SocketAddr>) -> S + Send + 'static,
) -> Result<Transcript, Failure>
where
    S: Future<Output = Result<(), Failure>> + 'static,
{
    let (listening, server_address) = oneshot::channel();
    let (gone_ahead, following) = oneshot::channel();
    perform(
        stage,
        [
            Part::new("server", |actor| server(actor, listening)),
            Part::new("client", |actor| first(actor, server_address, gone_ahead)),
            Part::new("second", |actor| second(actor, following)),
        ],
    )
}

/// Asks for the report, and lets the second client know where.
async fn first(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
    gone_ahead: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let connection = actor.connect(server).await?;
    actor.tell(gone_ahead, server)?;
    let connection = web::visit(&actor, connection, "/report").await?;
    connection.close_first("server").await
}

/// Asks for the same, a little later.
async fn second(actor: Actor, following: oneshot::Receiver<SocketAddr>) -> Result<(), Failure> {
    let server = actor.hear(following).await?;
    tokio::time::sleep(LATER).await;
    let connection = actor.connect(server).await?;
    let connection = web::visit(&actor, connection, "/report").await?;
    connection.close_first("server").await
}
