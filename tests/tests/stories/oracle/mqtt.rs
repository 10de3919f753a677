//! The steps of MQTT, from the fields of its packets.

use wirestage_dissectors::ids::Direction::{Backward, Forward};
use wirestage_dissectors::ids::ProtocolId;
use wirestage_generators::Entry;
use wirestage_generators::steps::{
    MqttMessage, mqtt_accepted, mqtt_connected, mqtt_left, mqtt_message_confirmed,
    mqtt_message_received, mqtt_message_sent, mqtt_subscribed,
};

use super::fields::Fields;
use super::{Connection, say};

/// Types of packets (MQTT 5.0, section 2.1.2).
const CONNECT: u64 = 1;
const CONNACK: u64 = 2;
const PUBLISH: u64 = 3;
const PUBACK: u64 = 4;
const PUBCOMP: u64 = 7;
const SUBSCRIBE: u64 = 8;
const SUBACK: u64 = 9;
const DISCONNECT: u64 = 14;

pub(super) fn tell(connection: &Connection<'_>, entries: &mut Vec<Entry>) {
    let (client, broker) = (connection.role(Forward), connection.role(Backward));
    let (mut asked, mut wanted): (Option<&Fields>, Option<&Fields>) = (None, None);
    for said in connection.of(ProtocolId::of("mqtt")) {
        let fields = &said.fields;
        let from = connection.role(said.direction);
        let to = connection.role(said.direction.reverse());
        match fields.number("mqtt.msgtype").expect("a packet has a type") {
            CONNECT => {
                asked = Some(fields);
            }
            CONNACK if fields.number("mqtt.connack.reason_code") == Some(0) => {
                let Some(asked) = asked else { continue };
                let name = asked.text("mqtt.clientid").expect("a client has a name");
                let will = asked.text("mqtt.willtopic");
                say(entries, client, mqtt_connected(name, will));
                say(entries, broker, mqtt_accepted(name, will));
            }
            SUBSCRIBE => wanted = Some(fields),
            SUBACK => {
                let Some(wanted) = wanted else { continue };
                let filter = wanted.text("mqtt.topic").expect("something is wanted");
                let granted = fields.number("mqtt.suback.reason_code").expect("it is granted");
                let granted = u8::try_from(granted).expect("a code has one byte");
                say(entries, client, mqtt_subscribed(filter, granted));
                say(entries, broker, mqtt_subscribed(filter, granted));
            }
            PUBLISH => {
                let quality = fields.number("mqtt.qos").expect("it has a quality");
                let message = MqttMessage {
                    topic: fields.text("mqtt.topic").expect("it has a topic"),
                    quality: u8::try_from(quality).expect("it has two bits"),
                    is_retained: fields.number("mqtt.retain") == Some(1),
                    payload: fields.bytes("mqtt.msg").unwrap_or_default(),
                };
                say(entries, from, mqtt_message_sent(message));
                say(entries, to, mqtt_message_received(message));
            }
            PUBACK => say(entries, to, mqtt_message_confirmed(1)),
            PUBCOMP => say(entries, to, mqtt_message_confirmed(2)),
            DISCONNECT => {
                say(entries, client, mqtt_left());
                say(entries, broker, mqtt_left());
            }
            _ => {}
        }
    }
}
