//! TLS 1.2 as it was long spoken: the client makes a secret and seals it to the server's RSA key.
//!
//! Nobody else can open ClientKeyExchange on the day (RFC 5246, section 7.4.7.1). But the key is
//! the same for years: who has stored the connection, and gets hold of the key later, opens both.
//! With ephemeral keys (ECDHE) the certificate's key only signs, and opens nothing. TLS 1.3 has no
//! exchange that could be opened so, and the library of the other scenarios never had this one.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Knob, Role, Scenario, Stage, Transcript,
    actor::Actor,
    openssl::{End, Kit},
    perform::server_and_client,
    web,
};

/// `tls12-rsa`
pub static SCENARIO: Scenario = Scenario {
    name: "tls12-rsa",
    group: Group::Tls,
    title: "TLS 1.2: a secret sealed to the server's key",
    teaches: "The client makes the secret alone and sends it sealed to the certificate's RSA key. \
              Whoever gets that key, even years later, opens every connection that was stored.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[EXCHANGE, KEY_FILE],
    link: None,
    limit: Duration::from_secs(20),
    run,
};

const EXCHANGE: Knob = Knob {
    name: "exchange",
    help: "How both come to share a secret: sealed to the server's key, or by keys made for this \
           connection alone, which the server's key only signs.",
    default: "rsa",
    choices: &["rsa", "ecdhe"],
};

const KEY_FILE: Knob = Knob {
    name: "key_file",
    help: "A file for the server's private key, which is made for this run.",
    default: "",
    choices: &[],
};

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let kit = Arc::new(Kit::new()?);
    let path = stage.knob(KEY_FILE.name);
    if !path.is_empty() {
        kit.save_key(Path::new(path))?;
    }
    let its = Arc::clone(&kit);
    server_and_client(
        stage,
        |actor, listening| server(actor, its, listening),
        |actor, server_address| client(actor, kit, server_address),
    )
}

/// What the programs are told of suites.
fn suites(actor: &Actor) -> [&'static str; 3] {
    let suite = match actor.stage().knob(EXCHANGE.name) {
        "ecdhe" => "ECDHE-RSA-AES128-GCM-SHA256",
        _ => "AES128-GCM-SHA256",
    };
    ["-tls1_2", "-cipher", suite]
}

/// Takes one connection, hears a line and answers.
async fn server(
    actor: Actor,
    kit: Arc<Kit>,
    listening: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let end = End::server(&actor, &kit, &suites(&actor)).await?;
    let listener = actor.listen(web::HTTPS, listening)?;
    let talk = end.speak(actor.accept(&listener).await?, async |console| {
        console.hear().await?;
        console.say("whoever has the key then\n").await
    });
    talk.await?.close_after("client").await
}

/// Says a line, hears the answer, and closes first.
async fn client(
    actor: Actor,
    kit: Arc<Kit>,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let end = End::client(&actor, &kit, &suites(&actor)).await?;
    let talk = end.speak(actor.connect(server).await?, async |console| {
        console.say("who will read this in ten years?\n").await?;
        console.hear().await?;
        console.quit().await
    });
    talk.await?.close_first("server").await
}
