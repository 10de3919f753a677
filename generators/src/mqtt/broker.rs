//! A small broker: it keeps what is to be kept, and hands each message on to whoever wants it.

use std::{cell::RefCell, collections::BTreeMap};

use mqtt_protocol_core::mqtt::{
    packet::{
        Packet, Qos, SubEntry,
        v5_0::{Connack, Connect, Suback, Subscribe},
    },
    result_code::{ConnectReasonCode, SubackReasonCode},
    role,
};
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use super::{Note, Talk};
use crate::{Failure, actor::Actor, counted::Counted, each::serve_each, steps};

/// What all connections share. One thread serves them, so nobody waits for it.
#[derive(Default)]
struct Shared {
    /// The last message of each topic that is to be kept.
    retained: BTreeMap<String, Note>,
    subscriptions: Vec<Subscription>,
}

/// Who wants what, and how sure it has to be.
struct Subscription {
    filter: String,
    most: Qos,
    due: UnboundedSender<Note>,
}

impl Subscription {
    /// Whether a topic matches: `#` stands for all levels from there on (MQTT 5.0, section 4.7).
    fn wants(&self, topic: &str) -> bool {
        match self.filter.strip_suffix("/#") {
            Some(above) => topic.strip_prefix(above).is_some_and(|rest| rest.starts_with('/')),
            None => self.filter == topic,
        }
    }

    /// Hands a message on: from here on it is as sure as the less demanding of the two wants it.
    fn hand_on(&self, note: &Note, is_retained: bool) {
        let quality = (self.most as u8).min(note.quality as u8);
        let quality = Qos::try_from(quality).unwrap_or(Qos::AtMostOnce);
        // Nobody waits for it where the subscriber has gone.
        let _ = self.due.send(Note { quality, is_retained, ..note.clone() });
    }
}

/// Serves these clients, who come in this order, until the last has gone.
pub(crate) async fn serve(
    actor: &Actor,
    listener: &TcpListener,
    clients: &[&'static str],
) -> Result<(), Failure> {
    let shared = RefCell::default();
    serve_each(actor, listener, clients, |own, connection, client| {
        attend(own, connection, client, &shared)
    })
    .await
}

/// Serves one client until it goes; sends its last will where it did not take leave.
async fn attend(
    own: Actor,
    connection: Counted,
    client: &'static str,
    shared: &RefCell<Shared>,
) -> Result<(), Failure> {
    let mut talk = Talk::new(&own, connection);
    let packet = talk.until(|packet| matches!(packet, Packet::V5_0Connect(_))).await?;
    let Packet::V5_0Connect(asked) = packet else { return Ok(()) };
    let mut will = will_of(&asked);
    let answer = Connack::builder().session_present(false).reason_code(ConnectReasonCode::Success);
    let answer = answer.build().map_err(|error| own.failed("write CONNACK", error))?;
    talk.send(answer).await?;
    own.say(steps::mqtt_accepted(asked.client_id(), asked.will_topic()));

    let (due, mut waiting) = unbounded_channel();
    while let Some(next) = next(&mut talk, &mut waiting).await? {
        match next {
            Next::Due(note) => talk.publish(&note).await?,
            Next::Came(Packet::V5_0Publish(packet)) => {
                let note = Note::of(&packet);
                own.say(steps::mqtt_message_received(note.told()));
                spread(shared, note);
            }
            Next::Came(Packet::V5_0Subscribe(packet)) => {
                subscribe(&mut talk, &packet, &due, shared).await?;
            }
            Next::Came(Packet::V5_0Disconnect(_)) => {
                own.say(steps::mqtt_left());
                will = None;
            }
            // Whatever confirms, the library has answered.
            Next::Came(_) => {}
        }
    }
    if let Some(will) = will {
        spread(shared, will);
    }
    talk.stream.close_after(client).await
}

/// What there is to do next.
enum Next {
    /// The client sent something.
    Came(Packet),
    /// Something is to be sent to it.
    Due(Note),
}

/// Waits for either; nothing when the client has gone.
async fn next(
    talk: &mut Talk<role::Server>,
    waiting: &mut UnboundedReceiver<Note>,
) -> Result<Option<Next>, Failure> {
    if let Some(packet) = talk.heard.pop_front() {
        return Ok(Some(Next::Came(packet)));
    }
    tokio::select! {
        biased;
        came = talk.stream.spoken_to() => came?,
        Some(note) = waiting.recv() => return Ok(Some(Next::Due(note))),
    }
    Ok(talk.next().await?.map(Next::Came))
}

/// Takes a subscription, and sends at once what was kept.
async fn subscribe(
    talk: &mut Talk<role::Server>,
    packet: &Subscribe,
    due: &UnboundedSender<Note>,
    shared: &RefCell<Shared>,
) -> Result<(), Failure> {
    let granted = packet.entries().iter().map(|entry| match entry.sub_opts().qos() {
        Qos::AtMostOnce => SubackReasonCode::GrantedQos0,
        Qos::AtLeastOnce => SubackReasonCode::GrantedQos1,
        Qos::ExactlyOnce => SubackReasonCode::GrantedQos2,
    });
    let answer = Suback::builder().packet_id(packet.packet_id()).reason_codes(granted.collect());
    let answer = answer.build().map_err(|error| talk.actor.failed("write SUBACK", error))?;
    talk.send(answer).await?;
    for entry in packet.entries() {
        let subscription = subscription(entry, due);
        let (filter, most) = (subscription.filter.as_str(), subscription.most as u8);
        talk.actor.say(steps::mqtt_subscribed(filter, most));
        let mut shared = shared.borrow_mut();
        for note in shared.retained.values().filter(|note| subscription.wants(&note.topic)) {
            subscription.hand_on(note, true);
        }
        shared.subscriptions.push(subscription);
    }
    Ok(())
}

fn subscription(entry: &SubEntry, due: &UnboundedSender<Note>) -> Subscription {
    let filter = entry.topic_filter().to_owned();
    Subscription { filter, most: entry.sub_opts().qos(), due: due.clone() }
}

/// Hands a message on to all who want it, and keeps it where it is to be kept.
fn spread(shared: &RefCell<Shared>, note: Note) {
    let mut shared = shared.borrow_mut();
    for subscription in shared.subscriptions.iter().filter(|one| one.wants(&note.topic)) {
        // It came live, and is marked as kept only for those who come later (section 3.3.1.3).
        subscription.hand_on(&note, false);
    }
    if note.is_retained {
        shared.retained.insert(note.topic.clone(), note);
    }
}

/// What a client wants to be published when it goes without a word.
fn will_of(asked: &Connect) -> Option<Note> {
    let text = String::from_utf8_lossy(asked.will_payload()?).into_owned();
    let topic = asked.will_topic()?.to_owned();
    Some(Note { topic, text, quality: asked.will_qos(), is_retained: asked.will_retain() })
}
