//! A transfer in which a segment gets lost, and how TCP notices.
//!
//! IP promises nothing, so TCP keeps every byte until it is acknowledged. What is missing it learns
//! in one of two ways: from the receiver, whose acknowledgements of later segments show the hole
//! (SACK, RFC 2018; loss recovery by it, RFC 6675), or from silence, when there is no later segment
//! to show anything: then a timer must run out (RFC 6298), which a probe of the last segment
//! shortens (RFC 8985, section 7). A timer proves nothing: where the way only takes longer all at
//! once, what it sends again comes twice, and the receiver says so (RFC 2883).
//!
//! The service is Character Generator (RFC 864), which sends as soon as somebody connects. Here it
//! sends one page: ten segments, which are the initial window (RFC 6928), so that all of them leave
//! at once.

use std::{net::SocketAddr, time::Duration};

use tokio::{io::AsyncWriteExt, sync::oneshot};

use crate::{
    Failure, Group, Knob, Link, Role, Scenario, Stage, Transcript, actor::Actor, chargen,
    kernel::Resent, perform::server_and_client,
};

/// `tcp-loss-recovery`
pub static SCENARIO: Scenario = Scenario {
    name: "tcp-loss-recovery",
    group: Group::Transport,
    title: "TCP: a segment gets lost",
    teaches: "Ten segments leave at once and one never comes. \
              Where others follow it, the receiver tells of the hole and it is mended a round trip \
              later; where it was the last, only a timer can tell, and that may be wrong: what it \
              sends again was only late.",
    roles: &[Role::CLIENT, Role::SERVER],
    knobs: &[LOST],
    link: Some(Link {
        settings: "rtt=40ms",
        by_choice: &[
            ("lost", "middle", "drop-data=server:3"),
            ("lost", "tail", "drop-data=server:10"),
            // What the server sends eleventh is its probe: the tenth again.
            ("lost", "tail-and-probe", "drop-data=server:10+11"),
            // Longer than the sender's timers wait: about 90 ms for a probe, and 240 from there.
            ("lost", "nothing", "stall-data=server:1@400ms"),
        ],
    }),
    limit: Duration::from_secs(10),
    run,
};

const LOST: Knob = Knob {
    name: "lost",
    help: "What the link drops: the third segment of ten, the last, or the last and the probe \
           that repeats it; or nothing, but all ten come so late that the sender takes them for \
           lost.",
    default: "middle",
    choices: &["middle", "tail", "tail-and-probe", "nothing"],
};

/// How many bytes of data a full segment carries: the 1500 of Ethernet, less 20 of IP, 20 of TCP
/// and 12 of its timestamps.
const SEGMENT: usize = 1448;

/// How many of them there are: what may be sent before the first acknowledgement (RFC 6928).
const SEGMENTS: usize = 10;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    server_and_client(stage, server, client)
}

/// The page: lines of 72 printable characters, each begun one further (RFC 864 shows them so).
fn page() -> Vec<u8> {
    let printable: Vec<u8> = (b' '..=b'~').collect();
    let line = |at: usize| {
        let characters = printable.iter().cycle().skip(at % printable.len()).take(72);
        characters.copied().chain(*b"\r\n")
    };
    (0..).flat_map(line).take(SEGMENT * SEGMENTS).collect()
}

/// Sends its page to whoever connects, and closes after the client.
async fn server(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let resent = Resent::from_now(&actor)?;
    let listener = actor.listen(chargen::PORT, listening)?;
    let mut connection = actor.accept(&listener).await?;

    // One write fills ten segments. The call returns when the kernel has the bytes; whether they
    // arrive, and how often they are sent, no program hears of.
    let page = page();
    connection.write_all(&page).await.map_err(|source| actor.cannot("write", source))?;

    connection.await_theirs().await?;
    // The client has everything, so whatever had to be sent again has been.
    resent.say(&actor)?;
    connection.close_after("client").await
}

/// Reads the page to its last byte, and closes first.
async fn client(
    actor: Actor,
    server_address: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let server = actor.hear(server_address).await?;
    let resent = Resent::from_now(&actor)?;
    let mut connection = actor.connect(server).await?;

    // What came behind the hole lies in the kernel: a read gives bytes in their order or none. So
    // this waits until the lost segment has come after all.
    chargen::read(&actor, &mut connection, &page()).await?;
    resent.say(&actor)?;
    connection.close_first("server").await
}
