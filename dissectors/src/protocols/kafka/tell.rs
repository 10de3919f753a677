//! What requests and responses of Kafka mean.

use super::describe::{api, name};
use super::wire::{self, Request};
use super::{Asked, Kind, fields as f};
use crate::engine::view::View;
use crate::field::{FieldId, Value};
use crate::message::Message;
use crate::protocols::lines::text::{Shown, short};
use crate::sink::Sink;
use crate::span::Span;
use crate::telling::{Outcome, Telling};

/// What a message means.
pub(super) fn tell(message: &Message, view: &View<'_>) -> Option<Telling> {
    let found = api(message, view);
    let name = name(found);
    let mut heard = Heard::default();
    super::describe::describe(message, view, &mut heard);
    let topic = heard.topic.as_deref().unwrap_or("");
    let label = short(format!("{name} {topic}").trim_end().as_bytes());
    let told = match message.kind()? {
        Kind::Request => {
            let bytes = view.bytes(message.span);
            let silent = Request::read(bytes).is_some_and(|request| request.is_silent(bytes));
            let told = new(label, asks(name)).detail(client(bytes));
            if silent { told } else { told.asking() }
        }
        Kind::Response => match heard.error {
            Some(code) => {
                let known = f::ERROR.def().name_of(code as u64);
                let error =
                    known.map_or_else(|| format!("Error {code}."), |name| format!("{name}."));
                new(label, "Refuses, or refuses a part of it, and says why")
                    .detail(error)
                    .answering()
                    .outcome(Outcome::Refused)
            }
            None if message.extra::<Kind>() == Some(Asked(None)) => {
                let number = wire::correlation(view.bytes(message.span)).unwrap_or(0);
                new(format!("response {number}"), "Answers a request that was not captured")
                    .answering()
            }
            None => new(label, answers(name)).answering(),
        },
    };
    Some(told)
}

fn new(label: impl Into<String>, headline: &str) -> Telling {
    Telling::new(label, headline, "Kafka").lesson("kafka/request", "Kafka protocol guide", "")
}

/// Who asks, in a sentence.
fn client(bytes: &[u8]) -> String {
    match Request::read(bytes) {
        Some(request) if !request.client.is_empty() => {
            format!(
                "It calls itself {}, and the number {} will be in the answer.",
                Shown(request.client),
                request.correlation
            )
        }
        Some(request) => format!("The number {} will be in the answer.", request.correlation),
        None => String::new(),
    }
}

fn asks(name: &str) -> &'static str {
    match name {
        "Produce" => "Appends records to a topic",
        "Fetch" => "Asks for records from an offset on, and waits for them for a while",
        "ListOffsets" => "Asks from which offset to which a partition has records",
        "Metadata" => "Asks which brokers there are, and who leads which partition",
        "OffsetCommit" => "Writes down how far its group has read",
        "OffsetFetch" => "Asks how far its group has read before",
        "FindCoordinator" => "Asks which broker looks after its group",
        "JoinGroup" => "Joins a group whose members share the partitions",
        "SyncGroup" => "Learns which partitions are its own in the group",
        "Heartbeat" => "Says to its group that it is still there",
        "LeaveGroup" => "Leaves its group: others take over its partitions",
        "SaslHandshake" => "Asks to prove itself by this mechanism",
        "SaslAuthenticate" => "Proves who it is with SASL",
        "ApiVersions" => "Asks which requests the broker understands, and in which versions",
        _ => "Asks the broker something",
    }
}

fn answers(name: &str) -> &'static str {
    match name {
        "Produce" => "Has the records, and says at which offset they stand",
        "Fetch" => "Gives the records that it has, or none when the wait is over",
        "Metadata" => "Names the brokers, the topics and their leaders",
        "ApiVersions" => "Says which requests it understands, and in which versions",
        _ => "Answers the request of that number",
    }
}

/// The first topic and the first error of a message.
#[derive(Default)]
struct Heard {
    topic: Option<String>,
    error: Option<i64>,
}

impl Sink for Heard {
    fn wants(&self, field: FieldId) -> bool {
        field == f::TOPIC_NAME || field == f::ERROR
    }

    fn field(&mut self, field: FieldId, value: Value<'_>, _span: Span) {
        match value {
            Value::Text(text) if field == f::TOPIC_NAME && self.topic.is_none() => {
                self.topic = Some(short(text.as_bytes()));
            }
            Value::Signed(code) if field == f::ERROR && code != 0 && self.error.is_none() => {
                self.error = Some(code);
            }
            _ => {}
        }
    }
}
