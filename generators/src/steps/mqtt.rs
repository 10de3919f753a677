//! The steps of MQTT: who is let in, what is wanted, and messages hop by hop.
//!
//! Each hop is told on its own: how sure a message is to arrive is settled between the broker and
//! each of its clients.

use super::Step;
use crate::digest;

/// A message in the terms both ends of a hop and the wire share.
#[derive(Clone, Copy, Debug)]
pub struct MqttMessage<'a> {
    /// The topic.
    pub topic: &'a str,
    /// The quality of service on this hop.
    pub quality: u8,
    /// The RETAIN flag.
    pub is_retained: bool,
    /// The payload.
    pub payload: &'a [u8],
}

/// `mqtt.connected {client, will}`: the broker let the client in.
///
/// On the wire: the Client Identifier and the Will Topic of CONNECT (absent if it is), and a
/// CONNACK with reason code 0.
pub fn mqtt_connected(client: &str, will: Option<&str>) -> Step {
    Step::new("mqtt.connected", [("client", client.to_owned())])
        .maybe("will", will.map(str::to_owned))
}

/// `mqtt.accepted {client, will}`: the broker's side of [`mqtt_connected`].
pub fn mqtt_accepted(client: &str, will: Option<&str>) -> Step {
    Step { name: "mqtt.accepted", ..mqtt_connected(client, will) }
}

/// `mqtt.subscribed {filter, qos}`: both sides know that the broker granted a subscription.
///
/// On the wire: the Topic Filter of SUBSCRIBE, and the reason code of SUBACK.
pub fn mqtt_subscribed(filter: &str, granted: u8) -> Step {
    let facts = [("filter", filter.to_owned()), ("qos", granted.to_string())];
    Step::new("mqtt.subscribed", facts)
}

/// `mqtt.message.sent {topic, qos, retain, bytes, sha256}`: a side handed a message to its library.
///
/// On the wire: a PUBLISH.
pub fn mqtt_message_sent(message: MqttMessage<'_>) -> Step {
    message_step("mqtt.message.sent", message)
}

/// `mqtt.message.received {...}`: the library gave one. The facts of [`mqtt_message_sent`].
pub fn mqtt_message_received(message: MqttMessage<'_>) -> Step {
    message_step("mqtt.message.received", message)
}

fn message_step(name: &'static str, message: MqttMessage<'_>) -> Step {
    let yes_or_no = if message.is_retained { "yes" } else { "no" };
    Step::new(
        name,
        [
            ("topic", message.topic.to_owned()),
            ("qos", message.quality.to_string()),
            ("retain", yes_or_no.to_owned()),
            ("bytes", message.payload.len().to_string()),
            ("sha256", digest::sha256(message.payload)),
        ],
    )
}

/// `mqtt.message.confirmed {qos}`: who sent a message knows that it arrived.
///
/// On the wire: a PUBACK for quality 1, a PUBCOMP for quality 2.
pub fn mqtt_message_confirmed(quality: u8) -> Step {
    Step::new("mqtt.message.confirmed", [("qos", quality.to_string())])
}

/// `mqtt.left {}`: both sides know that the client took leave, so that its last will is not sent.
///
/// On the wire: a DISCONNECT of the client.
pub fn mqtt_left() -> Step {
    Step::new("mqtt.left", [])
}
