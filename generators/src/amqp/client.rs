//! Who publishes jobs, and who works them off.

use std::net::SocketAddr;

use amq_protocol::{
    frame::{AMQPFrame, ProtocolVersion},
    protocol::{AMQPClass, basic, channel, connection, queue},
};

use super::{Talk, goodbye};
use crate::{Failure, actor::Actor, steps};

/// Name and password of everybody here, as PLAIN wants them (RFC 4616).
const PROOF: &str = "\0guest\0guest";

/// A connection with one channel.
struct Client {
    talk: Talk,
}

impl Client {
    /// Connects, proves who it is, and opens a channel.
    async fn connect(actor: &Actor, broker: SocketAddr) -> Result<Client, Failure> {
        let mut talk = Talk::new(actor, actor.connect(broker).await?);
        talk.send(&[AMQPFrame::ProtocolHeader(ProtocolVersion::amqp_0_9_1())]).await?;
        talk.method().await?;
        let proof = connection::StartOk {
            client_properties: Default::default(),
            mechanism: "PLAIN".into(),
            response: PROOF.into(),
            locale: "en_US".into(),
        };
        talk.say_of_all(connection::AMQPMethod::StartOk(proof)).await?;
        let AMQPClass::Connection(connection::AMQPMethod::Tune(offer)) = talk.method().await?
        else {
            return Err(actor.expected("limits", "something else came"));
        };
        let agreed = connection::TuneOk {
            channel_max: offer.channel_max,
            frame_max: offer.frame_max,
            heartbeat: offer.heartbeat,
        };
        talk.say_of_all(connection::AMQPMethod::TuneOk(agreed)).await?;
        let host = connection::Open { virtual_host: "/".into() };
        talk.say_of_all(connection::AMQPMethod::Open(host)).await?;
        talk.method().await?;
        talk.say(AMQPClass::Channel(channel::AMQPMethod::Open(channel::Open {}))).await?;
        talk.method().await?;
        actor.say(steps::amqp_opened("guest", "/"));
        Ok(Client { talk })
    }

    /// Takes leave, and closes.
    async fn leave(mut self) -> Result<(), Failure> {
        self.talk.say_of_all(connection::AMQPMethod::Close(goodbye())).await?;
        self.talk.method().await?;
        self.talk.actor.say(steps::amqp_left());
        self.talk.stream.close_first("server").await
    }
}

/// Who has jobs to be done.
pub(crate) struct Producer(Client);

impl Producer {
    /// Connects, and makes sure that the queue is there.
    pub(crate) async fn connect(
        actor: &Actor,
        broker: SocketAddr,
        name: &str,
    ) -> Result<Producer, Failure> {
        let mut client = Client::connect(actor, broker).await?;
        let wanted = queue::Declare { queue: name.into(), durable: true, ..Default::default() };
        client.talk.say(AMQPClass::Queue(queue::AMQPMethod::Declare(wanted))).await?;
        client.talk.method().await?;
        actor.say(steps::amqp_declared(name));
        Ok(Producer(client))
    }

    /// Puts a job into the queue. Nobody says that it arrived.
    pub(crate) async fn publish(&mut self, queue: &str, job: &[u8]) -> Result<(), Failure> {
        let Client { talk } = &mut self.0;
        let publish = basic::Publish { routing_key: queue.into(), ..Default::default() };
        talk.say_with(basic::AMQPMethod::Publish(publish), job).await?;
        talk.actor.say(steps::amqp_published(queue, job));
        Ok(())
    }

    pub(crate) async fn leave(self) -> Result<(), Failure> {
        self.0.leave().await
    }
}

/// Who works jobs off.
pub(crate) struct Worker(Client);

/// A job that was handed to a worker.
pub(crate) struct Job {
    tag: u64,
}

impl Worker {
    /// Connects, and takes part in working a queue off: one job at a time.
    pub(crate) async fn connect(
        actor: &Actor,
        broker: SocketAddr,
        queue: &str,
    ) -> Result<Worker, Failure> {
        let mut client = Client::connect(actor, broker).await?;
        let one = basic::Qos { prefetch_count: 1, ..Default::default() };
        client.talk.say(AMQPClass::Basic(basic::AMQPMethod::Qos(one))).await?;
        client.talk.method().await?;
        let consume = basic::Consume {
            queue: queue.into(),
            consumer_tag: actor.role().into(),
            ..Default::default()
        };
        client.talk.say(AMQPClass::Basic(basic::AMQPMethod::Consume(consume))).await?;
        client.talk.method().await?;
        actor.say(steps::amqp_consuming(queue, 1));
        Ok(Worker(client))
    }

    /// Waits for a job.
    pub(crate) async fn take(&mut self) -> Result<Job, Failure> {
        let Client { talk } = &mut self.0;
        let AMQPClass::Basic(basic::AMQPMethod::Deliver(deliver)) = talk.method().await? else {
            return Err(talk.actor.expected("a job", "something else came"));
        };
        let body = talk.content().await?;
        let tag = deliver.delivery_tag;
        talk.actor.say(steps::amqp_received(tag, deliver.redelivered, &body));
        Ok(Job { tag })
    }

    /// Says that a job is done: only now the broker forgets it.
    pub(crate) async fn done(&mut self, job: Job) -> Result<(), Failure> {
        let Client { talk } = &mut self.0;
        let ack = basic::Ack { delivery_tag: job.tag, multiple: false };
        talk.say(AMQPClass::Basic(basic::AMQPMethod::Ack(ack))).await?;
        talk.actor.say(steps::amqp_acknowledged(job.tag));
        Ok(())
    }

    pub(crate) async fn leave(self) -> Result<(), Failure> {
        self.0.leave().await
    }

    /// Goes away with a job in hand, as a program does that dies: its kernel closes the connection.
    pub(crate) async fn die(self) -> Result<(), Failure> {
        self.0.talk.stream.close_first("server").await
    }
}
