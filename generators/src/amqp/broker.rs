//! A small broker with one queue: it hands jobs to whoever has none, and takes back what nobody has
//! said is done.

use std::{cell::RefCell, collections::VecDeque};

use amq_protocol::{
    frame::AMQPFrame,
    protocol::{AMQPClass, basic, channel, connection, queue},
};
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use super::Talk;
use crate::{Failure, actor::Actor, counted::Counted, each::serve_each, steps};

/// Bytes of the longest frame that either side may send.
const LONGEST_FRAME: u32 = 131_072;

/// A job, and whether it was handed out before.
#[derive(Clone)]
struct Held {
    body: Vec<u8>,
    again: bool,
}

/// The queue, and who works it off. One thread serves all, so nobody waits for it.
#[derive(Default)]
struct Queue {
    jobs: VecDeque<Held>,
    /// Consumers without a job, whoever has waited longest first.
    idle: VecDeque<UnboundedSender<Held>>,
}

impl Queue {
    /// Hands out what can be.
    fn spread(&mut self) {
        while let (Some(job), Some(worker)) = (self.jobs.front(), self.idle.front()) {
            // Who has gone takes none.
            let is_taken = worker.send(job.clone()).is_ok();
            self.idle.pop_front();
            if is_taken {
                self.jobs.pop_front();
            }
        }
    }
}

/// Serves these clients, who come in this order, until the last has gone.
pub(crate) async fn serve(
    actor: &Actor,
    listener: &TcpListener,
    clients: &[&'static str],
) -> Result<(), Failure> {
    let queue = RefCell::default();
    serve_each(actor, listener, clients, |own, connection, client| {
        attend(own, connection, client, &queue)
    })
    .await
}

/// Serves one client until it goes; puts the job back that it held.
async fn attend(
    own: Actor,
    connection: Counted,
    client: &'static str,
    queue: &RefCell<Queue>,
) -> Result<(), Failure> {
    let mut talk = Talk::new(&own, connection);
    open(&mut talk).await?;
    let (due, mut waiting) = unbounded_channel();
    let mut hand = Hand { due, tag: 0, job: None };
    while let Some(next) = next(&mut talk, &mut waiting).await? {
        match next {
            Next::Due(job) => hand.give(&mut talk, job).await?,
            // What carries content is read with its method; all else says that somebody is there.
            Next::Came(frame) => {
                if let AMQPFrame::Method(_, method) = *frame {
                    answer(&mut talk, method, (&mut hand, queue)).await?;
                }
            }
        }
    }
    if let Some(job) = hand.job {
        // Nobody knows how far it came: whoever is next may do it a second time.
        let mut queue = queue.borrow_mut();
        queue.jobs.push_front(Held { again: true, ..job });
        queue.spread();
    }
    talk.stream.close_after(client).await
}

/// Lets a client in: whoever comes, with whatever password.
async fn open(talk: &mut Talk) -> Result<(), Failure> {
    talk.hear().await?;
    let start = connection::Start {
        version_major: 0,
        version_minor: 9,
        server_properties: Default::default(),
        mechanisms: "PLAIN".into(),
        locales: "en_US".into(),
    };
    talk.say_of_all(connection::AMQPMethod::Start(start)).await?;
    let AMQPClass::Connection(connection::AMQPMethod::StartOk(proof)) = talk.method().await? else {
        return Err(talk.actor.expected("who it is", "something else came"));
    };
    let limits = connection::Tune { channel_max: 1, frame_max: LONGEST_FRAME, heartbeat: 60 };
    talk.say_of_all(connection::AMQPMethod::Tune(limits)).await?;
    talk.method().await?;
    let AMQPClass::Connection(connection::AMQPMethod::Open(host)) = talk.method().await? else {
        return Err(talk.actor.expected("a host", "something else came"));
    };
    talk.say_of_all(connection::AMQPMethod::OpenOk(connection::OpenOk {})).await?;
    talk.method().await?;
    talk.say(AMQPClass::Channel(channel::AMQPMethod::OpenOk(channel::OpenOk {}))).await?;
    // PLAIN: nobody, name, password, with a zero before each of the latter (RFC 4616, section 2).
    let proof = proof.response.as_bytes().split(|byte| *byte == 0).nth(1).unwrap_or_default();
    let name = String::from_utf8_lossy(proof).into_owned();
    talk.actor.say(steps::amqp_opened(&name, host.virtual_host.as_str()));
    Ok(())
}

/// What a client holds.
struct Hand {
    due: UnboundedSender<Held>,
    /// The number of the last delivery.
    tag: u64,
    /// What it has not said to be done.
    job: Option<Held>,
}

impl Hand {
    /// Delivers a job.
    async fn give(&mut self, talk: &mut Talk, job: Held) -> Result<(), Failure> {
        self.tag += 1;
        let deliver = basic::Deliver {
            consumer_tag: "worker".into(),
            delivery_tag: self.tag,
            redelivered: job.again,
            exchange: "".into(),
            routing_key: "jobs".into(),
        };
        talk.say_with(basic::AMQPMethod::Deliver(deliver), &job.body).await?;
        talk.actor.say(steps::amqp_handed_out(self.tag, job.again, &job.body));
        self.job = Some(job);
        Ok(())
    }
}

/// What there is to do next.
enum Next {
    /// The client sent something.
    Came(Box<AMQPFrame>),
    /// A job is to be handed to it.
    Due(Held),
}

/// Waits for either; nothing when the client has gone.
async fn next(
    talk: &mut Talk,
    waiting: &mut UnboundedReceiver<Held>,
) -> Result<Option<Next>, Failure> {
    if let Some(frame) = talk.heard.pop_front() {
        return Ok(Some(Next::Came(Box::new(frame))));
    }
    tokio::select! {
        biased;
        came = talk.stream.spoken_to() => came?,
        Some(job) = waiting.recv() => return Ok(Some(Next::Due(job))),
    }
    Ok(talk.next().await?.map(|frame| Next::Came(Box::new(frame))))
}

/// Does what a method asks for.
async fn answer(
    talk: &mut Talk,
    method: AMQPClass,
    (hand, shared): (&mut Hand, &RefCell<Queue>),
) -> Result<(), Failure> {
    match method {
        AMQPClass::Queue(queue::AMQPMethod::Declare(declare)) => {
            let there = queue::DeclareOk {
                queue: declare.queue.clone(),
                message_count: 0,
                consumer_count: 0,
            };
            talk.say(AMQPClass::Queue(queue::AMQPMethod::DeclareOk(there))).await?;
            talk.actor.say(steps::amqp_declared(declare.queue.as_str()));
        }
        AMQPClass::Basic(basic::AMQPMethod::Publish(publish)) => {
            let body = talk.content().await?;
            talk.actor.say(steps::amqp_taken(publish.routing_key.as_str(), &body));
            let mut shared = shared.borrow_mut();
            shared.jobs.push_back(Held { body, again: false });
            shared.spread();
        }
        AMQPClass::Basic(basic::AMQPMethod::Qos(_)) => {
            talk.say(AMQPClass::Basic(basic::AMQPMethod::QosOk(basic::QosOk {}))).await?;
        }
        AMQPClass::Basic(basic::AMQPMethod::Consume(consume)) => {
            let agreed = basic::ConsumeOk { consumer_tag: consume.consumer_tag.clone() };
            talk.say(AMQPClass::Basic(basic::AMQPMethod::ConsumeOk(agreed))).await?;
            talk.actor.say(steps::amqp_consuming(consume.queue.as_str(), 1));
            let mut shared = shared.borrow_mut();
            shared.idle.push_back(hand.due.clone());
            shared.spread();
        }
        AMQPClass::Basic(basic::AMQPMethod::Ack(ack)) => {
            talk.actor.say(steps::amqp_acknowledged(ack.delivery_tag));
            hand.job = None;
            let mut shared = shared.borrow_mut();
            shared.idle.push_back(hand.due.clone());
            shared.spread();
        }
        AMQPClass::Connection(connection::AMQPMethod::Close(_)) => {
            talk.actor.say(steps::amqp_left());
            talk.say_of_all(connection::AMQPMethod::CloseOk(connection::CloseOk {})).await?;
        }
        _ => {}
    }
    Ok(())
}
