//! A middlebox between the two that forgets their connection.
//!
//! Address translators and firewalls keep a table of the connections that pass them, and drop an
//! entry on which nothing has passed for a while (RFC 5382, section 5). Neither end hears of that.
//! The next segment then vanishes, and its sender tries for minutes; or the middlebox sends a reset
//! in the other end's name. Keep-alive, asked for often enough, reminds the middlebox.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::oneshot,
    time::sleep,
};

use crate::{
    Failure, Group, Knob, Link, Role, Scenario, Stage, Transcript,
    actor::Actor,
    counted::Counted,
    echo,
    kernel::{Probed, Resent},
    perform::{Part, perform},
};

/// `tcp-idle-forgotten`
pub static SCENARIO: Scenario = Scenario {
    name: "tcp-idle-forgotten",
    group: Group::Transport,
    title: "TCP: forgotten on the way",
    teaches: "A middlebox has forgotten the idle connection, and what is said on it after a pause \
              goes nowhere, or is answered by a reset that the server never sent. \
              Keep-alive in time prevents it.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[MIDDLEBOX],
    link: Some(Link {
        settings: "rtt=20ms",
        by_choice: &[
            (MIDDLEBOX.name, "drops", "forget=150ms"),
            (MIDDLEBOX.name, "resets", "forget=150ms,stray=reset"),
            (MIDDLEBOX.name, "reminded", "forget=1200ms"),
        ],
    }),
    limit: Duration::from_secs(10),
    run,
};

const MIDDLEBOX: Knob = Knob {
    name: "middlebox",
    help: "What becomes of the second line: the middlebox drops it, or answers with a reset, or has \
           been reminded of the connection by keep-alive.",
    default: "drops",
    choices: &["drops", "resets", "reminded"],
};

/// How long the client has nothing to say: longer than the middlebox remembers.
const IDLE: Duration = Duration::from_millis(250);

/// The same with keep-alive, which Linux asks for by the second.
const LONGER: Duration = Duration::from_millis(1400);
const ASKS_AFTER: Duration = Duration::from_secs(1);

/// How long the client's kernel tries. Left alone it would for a quarter of an hour.
const PATIENCE: Duration = Duration::from_millis(500);

const LINES: [&[u8]; 2] = [b"Remember me?\r\n", b"It is me again.\r\n"];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let (listening, server_address) = oneshot::channel();
    let (gone, is_gone) = oneshot::channel();
    perform(
        stage,
        [
            Part::new("server", |actor| server(actor, listening, is_gone)),
            Part::new("client", |actor| client(actor, server_address, gone)),
        ],
    )
}

/// Sends lines back. That the client is gone no packet tells it.
async fn server(
    actor: Actor,
    listening: oneshot::Sender<SocketAddr>,
    is_gone: oneshot::Receiver<()>,
) -> Result<(), Failure> {
    let listener = actor.listen(echo::PORT, listening)?;
    let mut connection = actor.accept(&listener).await?;
    echo::answer(&actor, &mut connection).await?;
    if actor.stage().knob(MIDDLEBOX.name) == "reminded" {
        while echo::answer(&actor, &mut connection).await? {}
        return connection.close_after("client").await;
    }
    // The play ends here. The program waits on: nothing will ever tell it.
    actor.hear(is_gone).await?;
    connection.wait_on();
    Ok(())
}

/// Says a line, is silent for too long, and says another.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
    gone: oneshot::Sender<()>,
) -> Result<(), Failure> {
    if !actor.stage().is_linked() {
        let what = "a middlebox on the way to the server".to_owned();
        return Err(Failure::NeedsNetwork { role: actor.role(), what });
    }
    let server = actor.hear(server_address).await?;
    let (resent, probed) = (Resent::from_now(&actor)?, Probed::from_now(&actor)?);
    let mut connection = actor.connect(server).await?;
    let [first, second] = LINES;
    let choice = actor.stage().knob(MIDDLEBOX.name).to_owned();
    if choice == "reminded" {
        connection.keep_alive(ASKS_AFTER)?;
        echo::ask(&actor, &mut connection, first).await?;
        sleep(LONGER).await;
        echo::ask(&actor, &mut connection, second).await?;
        resent.say(&actor)?;
        probed.say(&actor)?;
        return connection.close_first("server").await;
    }
    connection.give_up_after(PATIENCE)?;
    echo::ask(&actor, &mut connection, first).await?;
    sleep(IDLE).await;

    // The kernel takes it, and has no reason to doubt that the connection is there.
    connection.write_all(second).await.map_err(|source| actor.cannot("write", source))?;
    let how = wait(&actor, &mut connection).await?;
    resent.say(&actor)?;
    probed.say(&actor)?;
    match (how, choice.as_str()) {
        (io::ErrorKind::TimedOut, "drops") => connection.timed_out(),
        // It believes the reset: nothing tells it from one of the server's.
        (io::ErrorKind::ConnectionReset, "resets") => connection.broken("server"),
        (how, _) => return Err(actor.expected("what the middlebox does", how.to_string())),
    }
    actor.tell(gone, ())
}

/// Waits for an answer that will not come, and says with which error that ends.
async fn wait(actor: &Actor, connection: &mut Counted) -> Result<io::ErrorKind, Failure> {
    match connection.read(&mut [0; 64]).await {
        Err(error) => Ok(error.kind()),
        Ok(_) => Err(actor.expected("no answer", "one came")),
    }
}
