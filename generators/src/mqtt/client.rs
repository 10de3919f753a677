//! A client: it publishes, or subscribes and hears.

use std::net::SocketAddr;

use mqtt_protocol_core::mqtt::{
    packet::{
        Packet, Qos, ReceiveMaximum, SubEntry, SubOpts,
        v5_0::{Connect, Disconnect, Subscribe},
    },
    result_code::ConnectReasonCode,
    role,
};

use super::{Note, Talk};
use crate::{Failure, actor::Actor, steps};

/// After so many seconds of silence a client sends a ping.
const KEEP_ALIVE: u16 = 60;

/// A client's end of a connection.
pub(crate) struct Client {
    talk: Talk<role::Client>,
}

impl Client {
    /// Connects under a name, with a last will where there is one.
    pub(crate) async fn connect(
        actor: &Actor,
        broker: SocketAddr,
        name: &str,
        will: Option<&Note>,
    ) -> Result<Client, Failure> {
        let mut talk = Talk::new(actor, actor.connect(broker).await?);
        let failed = |error| actor.failed("write CONNECT", error);
        // Messages that are to be confirmed come one at a time (MQTT 5.0, section 3.1.2.11.3).
        let one = ReceiveMaximum::new(1).map_err(failed)?;
        let mut packet = Connect::builder()
            .client_id(name)
            .map_err(failed)?
            .clean_start(true)
            .keep_alive(KEEP_ALIVE)
            .props(vec![one.into()]);
        if let Some(will) = will {
            let text = will.text.as_str();
            packet = packet
                .will_message(will.topic.as_str(), text, will.quality, will.is_retained)
                .map_err(failed)?;
        }
        talk.send(packet.build().map_err(failed)?).await?;
        let answer = talk.until(|packet| matches!(packet, Packet::V5_0Connack(_))).await?;
        match answer {
            Packet::V5_0Connack(answer) if answer.reason_code() == ConnectReasonCode::Success => {}
            _ => return Err(actor.expected("to be let in", "the broker refused")),
        }
        actor.say(steps::mqtt_connected(name, will.map(|will| will.topic.as_str())));
        Ok(Client { talk })
    }

    /// Publishes something, and waits until it is confirmed as it asks to be.
    pub(crate) async fn publish(&mut self, note: &Note) -> Result<(), Failure> {
        self.talk.publish(note).await
    }

    /// Wants everything that matches.
    pub(crate) async fn subscribe(&mut self, filter: &str, most: Qos) -> Result<(), Failure> {
        let Talk { actor, rules, .. } = &mut self.talk;
        let failed = |error| actor.failed("write SUBSCRIBE", error);
        let entry = SubEntry::new(filter, SubOpts::new().set_qos(most)).map_err(failed)?;
        let id = rules.acquire_packet_id().map_err(failed)?;
        let packet = Subscribe::builder().packet_id(id).entries(vec![entry]).build();
        let packet = packet.map_err(failed)?;
        self.talk.send(packet).await?;
        let answer = self.talk.until(|packet| matches!(packet, Packet::V5_0Suback(_))).await?;
        let Packet::V5_0Suback(answer) = answer else { return Ok(()) };
        let granted = answer.reason_codes().first().map(|code| *code as u8);
        self.talk.actor.say(steps::mqtt_subscribed(filter, granted.unwrap_or_default()));
        Ok(())
    }

    /// Hears a message, and all that makes sure of it.
    pub(crate) async fn hear(&mut self) -> Result<Note, Failure> {
        let packet = self.talk.until(|packet| matches!(packet, Packet::V5_0Publish(_))).await?;
        let Packet::V5_0Publish(packet) = packet else {
            return Err(self.talk.actor.expected("a message", "something else came"));
        };
        let note = Note::of(&packet);
        self.talk.actor.say(steps::mqtt_message_received(note.told()));
        if note.quality == Qos::ExactlyOnce {
            self.talk.until(|packet| matches!(packet, Packet::V5_0Pubrel(_))).await?;
        }
        Ok(note)
    }

    /// Takes leave, and closes.
    pub(crate) async fn leave(mut self) -> Result<(), Failure> {
        let packet = Disconnect::builder().build();
        let packet = packet.map_err(|error| self.talk.actor.failed("write DISCONNECT", error))?;
        self.talk.send(packet).await?;
        self.talk.actor.say(steps::mqtt_left());
        self.talk.stream.close_first("server").await
    }

    /// Goes away without a word, as a program does that dies: its kernel closes the connection.
    pub(crate) async fn vanish(self) -> Result<(), Failure> {
        self.talk.stream.close_first("server").await
    }
}
