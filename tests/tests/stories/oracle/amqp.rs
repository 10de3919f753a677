//! The steps of AMQP, from the fields of its frames.

use wirestage_dissectors::ids::Direction::{Backward, Forward};
use wirestage_dissectors::ids::ProtocolId;
use wirestage_generators::Entry;
use wirestage_generators::steps::{
    amqp_acknowledged, amqp_consuming, amqp_declared, amqp_handed_out, amqp_left, amqp_opened,
    amqp_published, amqp_received, amqp_taken,
};

use super::fields::Fields;
use super::{Connection, say};

/// Classes and methods (AMQP 0-9-1, section 1 of the generated reference).
const START_OK: (u64, u64) = (10, 11);
const OPEN: (u64, u64) = (10, 40);
const CLOSE: (u64, u64) = (10, 50);
const CHANNEL_OPEN_OK: (u64, u64) = (20, 11);
const DECLARE_OK: (u64, u64) = (50, 11);
const QOS: (u64, u64) = (60, 10);
const CONSUME: (u64, u64) = (60, 20);
const CONSUME_OK: (u64, u64) = (60, 21);
const PUBLISH: (u64, u64) = (60, 40);
const DELIVER: (u64, u64) = (60, 60);
const ACK: (u64, u64) = (60, 80);

pub(super) fn tell(connection: &Connection<'_>, entries: &mut Vec<Entry>) {
    let (client, broker) = (connection.role(Forward), connection.role(Backward));
    let [mut user, mut host, mut queue] = [String::new(), String::new(), String::new()];
    let mut prefetch = 0;
    // A method whose content is still to come.
    let mut open: Option<((u64, u64), &Fields)> = None;
    for said in connection.of(ProtocolId::of("amqp")) {
        let fields = &said.fields;
        let argument = |name: &str| {
            let name = format!("amqp.method.arguments.{name}");
            fields.text(&name).unwrap_or_default().to_owned()
        };
        let number = |name: &str| {
            fields.number(&format!("amqp.method.arguments.{name}")).unwrap_or_default()
        };
        if let Some(body) = fields.bytes("amqp.payload") {
            let Some((method, fields)) = open.take() else { continue };
            let number = |name: &str| fields.number(&format!("amqp.method.arguments.{name}"));
            if method == PUBLISH {
                let queue = fields.text("amqp.method.arguments.routing_key").unwrap_or_default();
                say(entries, client, amqp_published(queue, body));
                say(entries, broker, amqp_taken(queue, body));
            } else {
                let tag = number("delivery_tag").expect("a delivery has a number");
                let again = number("redelivered") == Some(1);
                say(entries, broker, amqp_handed_out(tag, again, body));
                say(entries, client, amqp_received(tag, again, body));
            }
            continue;
        }
        let class = fields.number("amqp.method.class").unwrap_or_default();
        let method = fields.number("amqp.method.method").unwrap_or_default();
        let mut both = |step: wirestage_generators::steps::Step| {
            say(entries, client, step.clone());
            say(entries, broker, step);
        };
        match (class, method) {
            START_OK => {
                let proof = fields.bytes("amqp.method.arguments.response").unwrap_or_default();
                let name = proof.split(|byte| *byte == 0).nth(1).unwrap_or_default();
                user = String::from_utf8_lossy(name).into_owned();
            }
            OPEN => host = argument("virtual_host"),
            CHANNEL_OPEN_OK => both(amqp_opened(&user, &host)),
            DECLARE_OK => both(amqp_declared(&argument("queue"))),
            QOS => prefetch = number("prefetch_count"),
            CONSUME => queue = argument("queue"),
            CONSUME_OK => {
                let prefetch = u16::try_from(prefetch).expect("a count has two bytes");
                both(amqp_consuming(&queue, prefetch));
            }
            found @ (PUBLISH | DELIVER) => open = Some((found, fields)),
            ACK => both(amqp_acknowledged(number("delivery_tag"))),
            CLOSE => both(amqp_left()),
            _ => {}
        }
    }
}
