//! Jobs that wait in a queue until somebody has time, and are done even where somebody dies.
//!
//! A broker keeps jobs until a worker says that they are done (AMQP 0-9-1, Basic.Ack). Each worker
//! may hold one at a time (Basic.Qos): whoever is quicker does more of them. One that dies holds a
//! job that nobody has acknowledged; the broker hands it to another, marked as delivered before,
//! because it may be done by now and then is done twice.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::{
    Failure, Group, Role, RoleKind, Scenario, Stage, Transcript,
    actor::Actor,
    amqp::{self, Producer, Worker},
    perform::{Part, perform},
};

/// `pattern-work-queue`
pub static SCENARIO: Scenario = Scenario {
    name: "pattern-work-queue",
    group: Group::Patterns,
    title: "Work queue: done by whoever has time",
    teaches: "Three jobs wait in a queue of a broker, and two workers compete for them, each with \
              one job at a time. \
              The first dies with a job in hand; nobody has acknowledged it, so the other gets it, \
              marked as delivered before.",
    roles: &[
        Role { name: "client", title: "Producer", kind: RoleKind::Client },
        Role { name: "server", title: "Broker", kind: RoleKind::Server },
        Role { name: "worker-1", title: "First worker", kind: RoleKind::Client },
        Role { name: "worker-2", title: "Second worker", kind: RoleKind::Client },
    ],
    knobs: &[],
    link: None,
    limit: Duration::from_secs(10),
    run,
};

/// The roles that connect, in the order in which they come.
const CLIENTS: [&str; 3] = ["client", "worker-1", "worker-2"];

/// Where the jobs wait, and what they are.
const QUEUE: &str = "jobs";
const JOBS: [&str; 3] = ["resize picture 1", "resize picture 2", "resize picture 3"];

fn run(stage: &Stage) -> Result<Transcript, Failure> {
    let (listening, broker_address) = oneshot::channel();
    let (published, jobs_wait) = oneshot::channel();
    let (first_works, first_is_busy) = oneshot::channel();
    let (second_works, second_is_busy) = oneshot::channel();
    perform(
        stage,
        [
            Part::new("server", |actor| broker(actor, listening)),
            Part::new("client", |actor| producer(actor, broker_address, published)),
            Part::new("worker-1", |actor| dies(actor, jobs_wait, first_works, second_is_busy)),
            Part::new("worker-2", |actor| works(actor, first_is_busy, second_works)),
        ],
    )
}

/// Keeps jobs until they are done.
async fn broker(actor: Actor, listening: oneshot::Sender<SocketAddr>) -> Result<(), Failure> {
    let listener = actor.listen(amqp::AMQP, listening)?;
    amqp::serve(&actor, &listener, &CLIENTS).await
}

/// Puts all jobs into the queue, and leaves: it need not be there when they are done.
async fn producer(
    actor: Actor,
    broker_address: oneshot::Receiver<SocketAddr>,
    published: oneshot::Sender<SocketAddr>,
) -> Result<(), Failure> {
    let broker = actor.hear(broker_address).await?;
    let mut producer = Producer::connect(&actor, broker, QUEUE).await?;
    for job in JOBS {
        producer.publish(QUEUE, job.as_bytes()).await?;
    }
    producer.leave().await?;
    actor.tell(published, broker)
}

/// Takes a job, and dies with it when the other one has work, too.
async fn dies(
    actor: Actor,
    jobs_wait: oneshot::Receiver<SocketAddr>,
    busy: oneshot::Sender<SocketAddr>,
    other_is_busy: oneshot::Receiver<()>,
) -> Result<(), Failure> {
    let broker = actor.hear(jobs_wait).await?;
    let mut worker = Worker::connect(&actor, broker, QUEUE).await?;
    worker.take().await?;
    actor.tell(busy, broker)?;
    actor.hear(other_is_busy).await?;
    worker.die().await
}

/// Does all the other jobs, and the one that comes back.
async fn works(
    actor: Actor,
    other_is_busy: oneshot::Receiver<SocketAddr>,
    busy: oneshot::Sender<()>,
) -> Result<(), Failure> {
    let broker = actor.hear(other_is_busy).await?;
    let mut worker = Worker::connect(&actor, broker, QUEUE).await?;
    let second = worker.take().await?;
    worker.done(second).await?;
    let third = worker.take().await?;
    actor.tell(busy, ())?;
    worker.done(third).await?;
    let again = worker.take().await?;
    worker.done(again).await?;
    worker.leave().await
}
