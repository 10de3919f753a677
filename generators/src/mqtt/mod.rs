//! MQTT 5.0 for scenarios: a broker and its clients, on `mqtt-protocol-core`, which keeps the rules
//! of both ends and leaves sockets to us.

mod broker;
mod client;

use std::collections::VecDeque;

use mqtt_protocol_core::mqtt::{
    Connection, Version,
    common::Cursor,
    connection::Event,
    packet::{GenericPacketTrait, Packet, Qos, v5_0::Publish},
    role::RoleType,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{Failure, actor::Actor, counted::Counted, steps};

pub(crate) use broker::serve;
pub(crate) use client::Client;

/// The well-known port of MQTT.
pub(crate) const MQTT: u16 = 1883;

/// How much is read at once.
const READ: usize = 1024;

/// Something that is published.
#[derive(Clone)]
pub(crate) struct Note {
    /// What it is about: words with slashes between them.
    pub(crate) topic: String,
    /// What it says.
    pub(crate) text: String,
    /// How sure it is to arrive.
    pub(crate) quality: Qos,
    /// Whether the broker is to keep it, or has kept it, for those who come later.
    pub(crate) is_retained: bool,
}

impl Note {
    pub(crate) fn new(topic: &str, text: &str, quality: Qos) -> Note {
        Note { topic: topic.to_owned(), text: text.to_owned(), quality, is_retained: false }
    }

    /// The same, to be kept.
    pub(crate) fn retained(self) -> Note {
        Note { is_retained: true, ..self }
    }

    fn of(packet: &Publish) -> Note {
        Note {
            topic: packet.topic_name().to_owned(),
            text: String::from_utf8_lossy(packet.payload().as_slice()).into_owned(),
            quality: packet.qos(),
            is_retained: packet.retain(),
        }
    }

    fn told(&self) -> steps::MqttMessage<'_> {
        steps::MqttMessage {
            topic: &self.topic,
            quality: self.quality as u8,
            is_retained: self.is_retained,
            payload: self.text.as_bytes(),
        }
    }
}

/// One end of a connection: what it has heard, and the rules it keeps to.
struct Talk<R: RoleType> {
    actor: Actor,
    stream: Counted,
    rules: Connection<R>,
    heard: VecDeque<Packet>,
}

impl<R: RoleType> Talk<R> {
    fn new(actor: &Actor, stream: Counted) -> Talk<R> {
        let mut rules = Connection::new(Version::V5_0);
        // Whatever confirms a message leaves by itself.
        rules.set_auto_pub_response(true);
        Talk { actor: actor.clone(), stream, rules, heard: VecDeque::new() }
    }

    /// Sends a packet.
    async fn send(&mut self, packet: impl Into<Packet>) -> Result<(), Failure> {
        let events = self.rules.send(packet.into());
        self.follow(events).await
    }

    /// Sends a message, and waits until the other side has confirmed it as its quality asks.
    async fn publish(&mut self, note: &Note) -> Result<(), Failure> {
        let mut packet = Publish::builder()
            .topic_name(note.topic.as_str())
            .map_err(|error| self.actor.failed("name a topic", error))?
            .qos(note.quality)
            .retain(note.is_retained)
            .payload(note.text.as_str());
        if note.quality != Qos::AtMostOnce {
            let id = self.rules.acquire_packet_id();
            packet = packet.packet_id(id.map_err(|error| self.actor.failed("number it", error))?);
        }
        let packet = packet.build().map_err(|error| self.actor.failed("write a message", error))?;
        self.send(packet).await?;
        self.actor.say(steps::mqtt_message_sent(note.told()));
        match note.quality {
            Qos::AtMostOnce => return Ok(()),
            Qos::AtLeastOnce => {
                self.until(|packet| matches!(packet, Packet::V5_0Puback(_))).await?;
            }
            Qos::ExactlyOnce => {
                self.until(|packet| matches!(packet, Packet::V5_0Pubcomp(_))).await?;
            }
        }
        self.actor.say(steps::mqtt_message_confirmed(note.quality as u8));
        Ok(())
    }

    /// The next packet; nothing when the other side has ended its direction.
    async fn next(&mut self) -> Result<Option<Packet>, Failure> {
        while self.heard.is_empty() {
            let mut read = [0; READ];
            let count = self.stream.read(&mut read).await;
            let count = count.map_err(|source| self.actor.cannot("read a packet", source))?;
            if count == 0 {
                return Ok(None);
            }
            let mut came = Cursor::new(read.get(..count).unwrap_or_default());
            while came.position() < count as u64 {
                let events = self.rules.recv(&mut came);
                self.follow(events).await?;
            }
        }
        Ok(self.heard.pop_front())
    }

    /// Waits for a packet of that kind; what comes before belongs to the way there.
    async fn until(&mut self, is_it: impl Fn(&Packet) -> bool) -> Result<Packet, Failure> {
        loop {
            match self.next().await? {
                Some(packet) if is_it(&packet) => return Ok(packet),
                Some(_) => {}
                None => return Err(self.actor.expected("another packet", "the connection ended")),
            }
        }
    }

    /// Does what the rules ask for.
    async fn follow(&mut self, events: Vec<Event>) -> Result<(), Failure> {
        for event in events {
            match event {
                Event::RequestSendPacket { packet, .. } => {
                    let sent = self.stream.write_all(&packet.to_continuous_buffer()).await;
                    sent.map_err(|source| self.actor.cannot("send a packet", source))?;
                }
                Event::NotifyPacketReceived(packet) => self.heard.push_back(packet),
                Event::NotifyError(error) => {
                    return Err(self.actor.failed("keep to the rules of MQTT", error));
                }
                // No scenario is silent for as long as a keep-alive takes; who closes, says so.
                _ => {}
            }
        }
        Ok(())
    }
}
