//! The steps of AMQP 0-9-1: who is let in, and jobs from who has them to who does them.

use super::Step;
use crate::digest;

/// `amqp.opened {user, host}`: both sides know that the client is let in and has a channel.
///
/// On the wire: the name inside the response of StartOk, the virtual host of Open, and the OpenOk
/// of channel 1.
pub fn amqp_opened(user: &str, host: &str) -> Step {
    Step::new("amqp.opened", [("user", user.to_owned()), ("host", host.to_owned())])
}

/// `amqp.declared {queue}`: both sides know that a queue of that name is there.
///
/// On the wire: the queue of Queue.DeclareOk.
pub fn amqp_declared(queue: &str) -> Step {
    Step::new("amqp.declared", [("queue", queue.to_owned())])
}

/// `amqp.consuming {queue, prefetch}`: both sides know that the client works a queue off, and how
/// many jobs it may hold at once.
///
/// On the wire: the prefetch count of Basic.Qos, the queue of Basic.Consume, and its ConsumeOk.
pub fn amqp_consuming(queue: &str, prefetch: u16) -> Step {
    let facts = [("queue", queue.to_owned()), ("prefetch", prefetch.to_string())];
    Step::new("amqp.consuming", facts)
}

/// `amqp.job.published {queue, bytes, sha256}`: the client put a job into a queue.
///
/// On the wire: the routing key of Basic.Publish, and the content behind it.
pub fn amqp_published(queue: &str, job: &[u8]) -> Step {
    published("amqp.job.published", queue, job)
}

/// `amqp.job.taken {...}`: the broker has it. The facts of [`amqp_published`].
pub fn amqp_taken(queue: &str, job: &[u8]) -> Step {
    published("amqp.job.taken", queue, job)
}

fn published(name: &'static str, queue: &str, job: &[u8]) -> Step {
    Step::new(
        name,
        [
            ("queue", queue.to_owned()),
            ("bytes", job.len().to_string()),
            ("sha256", digest::sha256(job)),
        ],
    )
}

/// `amqp.job.handed-out {tag, redelivered, bytes, sha256}`: the broker gave a job to a worker.
///
/// On the wire: delivery tag and flag of Basic.Deliver, and the content behind it.
pub fn amqp_handed_out(tag: u64, redelivered: bool, job: &[u8]) -> Step {
    delivered("amqp.job.handed-out", tag, redelivered, job)
}

/// `amqp.job.received {...}`: the worker has it. The facts of [`amqp_handed_out`].
pub fn amqp_received(tag: u64, redelivered: bool, job: &[u8]) -> Step {
    delivered("amqp.job.received", tag, redelivered, job)
}

fn delivered(name: &'static str, tag: u64, redelivered: bool, job: &[u8]) -> Step {
    let yes_or_no = if redelivered { "yes" } else { "no" };
    Step::new(
        name,
        [
            ("tag", tag.to_string()),
            ("redelivered", yes_or_no.to_owned()),
            ("bytes", job.len().to_string()),
            ("sha256", digest::sha256(job)),
        ],
    )
}

/// `amqp.job.acknowledged {tag}`: both sides know that a job is done.
///
/// On the wire: the delivery tag of Basic.Ack.
pub fn amqp_acknowledged(tag: u64) -> Step {
    Step::new("amqp.job.acknowledged", [("tag", tag.to_string())])
}

/// `amqp.left {}`: both sides know that the client took leave.
///
/// On the wire: a Connection.Close of the client, which is answered.
pub fn amqp_left() -> Step {
    Step::new("amqp.left", [])
}
