//! Publishers and subscribers that do not know each other: a broker stands between them.
//!
//! A sensor publishes, two programs subscribe. How sure a message is to arrive is settled for each
//! hop (MQTT 5.0, section 4.3): not at all, at least once, exactly once. What is marked as retained
//! the broker keeps for those who come later; the last will it sends for who goes without a word
//! (section 3.1.2.5).

use std::{net::SocketAddr, time::Duration};

use mqtt_protocol_core::mqtt::packet::Qos;
use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, RoleKind, Scenario, Stage, Transcript,
    actor::Actor,
    mqtt::{self, Client, Note},
    perform::{Part, perform},
};

/// `pattern-publish-subscribe`
pub static SCENARIO: Scenario = Scenario {
    name: "pattern-publish-subscribe",
    group: Group::Patterns,
    title: "Publish and subscribe: through a broker",
    teaches: "A sensor publishes once and does not know who listens: the broker hands each message \
              on to both subscribers, kept ones to those who come late, and the last will when the \
              sensor goes without a word. \
              How sure it is to arrive (0, 1 or 2) holds for one hop at a time.",
    roles: &[
        Role { name: "client", title: "Sensor", kind: RoleKind::Client },
        Role { name: "server", title: "Broker", kind: RoleKind::Server },
        Role { name: "display", title: "Display", kind: RoleKind::Client },
        Role { name: "archive", title: "Archive", kind: RoleKind::Client },
    ],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// The roles that connect, in the order in which they come.
const CLIENTS: [&str; 3] = ["client", "display", "archive"];

/// What both subscribers want: all that the sensor says.
const ALL: &str = "sensor/#";

/// How many messages each of them hears: what was kept, three readings, the last will.
const MESSAGES: usize = 5;

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let (listening, broker_address) = oneshot::channel();
    let (kept, something_is_kept) = oneshot::channel();
    let (display_listens, display_is_there) = oneshot::channel();
    let (archive_listens, archive_is_there) = oneshot::channel();
    perform(
        stage,
        [
            Part::new("server", |actor| broker(actor, listening)),
            Part::new("client", |actor| sensor(actor, broker_address, kept, archive_is_there)),
            Part::new("display", |actor| {
                subscriber(actor, Qos::AtLeastOnce, something_is_kept, display_listens)
            }),
            Part::new("archive", |actor| {
                subscriber(actor, Qos::ExactlyOnce, display_is_there, archive_listens)
            }),
        ],
    )
}

/// Hands messages on until all clients have gone.
async fn broker(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(mqtt::MQTT, listening)?;
    mqtt::serve(&actor, &listener, &CLIENTS).await
}

/// Publishes something to be kept, and, when both subscribers are there, a reading of each quality;
/// then dies.
async fn sensor(
    actor: Actor,
    broker_address: oneshot::Receiver<SocketAddr>,
    kept: oneshot::Sender<SocketAddr>,
    all_are_there: oneshot::Receiver<SocketAddr>,
) -> Result<(), Failure> {
    let broker = actor.hear(broker_address).await?;
    let will = Note::new("sensor/status", "gone", Qos::AtLeastOnce);
    let mut client = Client::connect(&actor, broker, "sensor", Some(&will)).await?;
    let unit = Note::new("sensor/unit", "degrees Celsius", Qos::AtLeastOnce).retained();
    client.publish(&unit).await?;
    actor.tell(kept, broker)?;

    actor.hear(all_are_there).await?;
    for (reading, quality) in
        [("20.5", Qos::AtMostOnce), ("20.7", Qos::AtLeastOnce), ("20.9", Qos::ExactlyOnce)]
    {
        client.publish(&Note::new("sensor/temperature", reading, quality)).await?;
    }
    client.vanish().await
}

/// Subscribes when it is its turn, hears what was kept, lets the next one know, and hears the rest.
async fn subscriber(
    actor: Actor,
    most: Qos,
    turn: oneshot::Receiver<SocketAddr>,
    next: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let broker = actor.hear(turn).await?;
    let mut client = Client::connect(&actor, broker, actor.role(), None).await?;
    client.subscribe(ALL, most).await?;
    client.hear().await?;
    actor.tell(next, broker)?;
    for _ in 1..MESSAGES {
        client.hear().await?;
    }
    client.leave().await
}
