//! Asking before sending: `Expect: 100-continue`, once with a yes and once with a no.
//!
//! A client with a large body may send its head alone, and wait (RFC 9110, section 10.1.1). The
//! server answers 100 Continue, and the body follows; or it refuses, and the body never travels.
//! It costs a round trip, and saves the body where the answer is no.

use std::{net::SocketAddr, time::Duration};

use hyper::StatusCode;
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, Scenario, Stage, Transcript,
    actor::Actor,
    perform::server_and_client,
    web::{self, Upload},
};

/// `http1-expect-continue`
pub static SCENARIO: Scenario = Scenario {
    name: "http1-expect-continue",
    group: Group::Http,
    title: "HTTP/1.1: asking before sending",
    teaches: "Asking costs one round trip: 100 Continue comes, then the file goes. \
              It pays when the answer is no: the second file is larger than the server takes, \
              413 comes at once, and 8 MiB never leave the client.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// A file the server takes, and one it does not.
const OFFERED: [Upload; 2] = [
    Upload {
        target: "/files/small.bin",
        bytes: 4000,
        status: StatusCode::CREATED,
        is_wanted: true,
    },
    Upload {
        target: "/files/large.bin",
        bytes: 8 << 20,
        status: StatusCode::PAYLOAD_TOO_LARGE,
        is_wanted: false,
    },
];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// Takes files of a size, on a connection each.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(web::HTTP, listening)?;
    for _ in OFFERED {
        let connection = actor.accept(&listener).await?;
        let connection = web::serve(&actor, &web::UPLOADS, connection).await?;
        connection.close_after("client").await?;
    }
    Ok(())
}

/// Offers two files, and leaves after each: a connection whose request was not sent to its end
/// cannot carry another.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    for upload in OFFERED {
        let connection = actor.connect(server).await?;
        let connection = web::offer(&actor, connection, upload).await?;
        connection.close_first("server").await?;
    }
    Ok(())
}
