//! Packets, and the transport parameters of a side (draft-ietf-quic-qlog-quic-events, sections on
//! `packet_sent` and `parameters_set`).

use serde_json::{Map, Value, json};
use wirestage_dissectors::field::FieldId;
use wirestage_dissectors::message::Message;
use wirestage_dissectors::protocols::quic::{self, How, Kind, Note};
use wirestage_dissectors::protocols::tls::fields as tls;

use super::collect::Fields;
use super::frame;
use super::schema::Version;

/// How a side tells delays that does not say so (RFC 9000, section 18.2).
pub(super) const DELAY_EXPONENT: u64 = 3;

/// The data of an event that is a packet; its sender tells delays with that exponent.
pub(super) fn data(message: &Message, fields: &Fields, by: (Version, u64)) -> Value {
    let how = Note::of(message).how;
    let kind = message.kind::<Kind>();
    let mut data = Map::new();
    data.insert("header".to_owned(), header(kind, how, fields));
    if let Some(len) = fields.number(quic::PACKET_LENGTH) {
        data.insert("raw".to_owned(), json!({"length": len}));
    }
    let frames = fields.all(quic::FRAME);
    if !frames.is_empty() {
        let frames: Vec<Value> = frames.iter().map(|one| frame::frame(&one.inside, by)).collect();
        data.insert("frames".to_owned(), frames.into());
    }
    if let Some(token) = fields.hex(quic::RESET_TOKEN) {
        data.insert("stateless_reset_token".to_owned(), token.into());
    }
    let versions = fields.all(quic::SUPPORTED_VERSION);
    if !versions.is_empty() {
        let versions: Vec<Value> =
            versions.iter().filter_map(|one| one.number()).map(version).collect();
        data.insert("supported_versions".to_owned(), versions.into());
    }
    Value::Object(data)
}

/// A version, in eight hexadecimal digits.
fn version(number: u64) -> Value {
    format!("{number:08x}").into()
}

fn header(kind: Option<Kind>, how: How, fields: &Fields) -> Value {
    let mut header = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            header.insert(name.to_owned(), value);
        }
    };
    let of_kind = match kind {
        _ if how == How::Reset => "stateless_reset",
        Some(Kind::Initial) => "initial",
        Some(Kind::Handshake) => "handshake",
        Some(Kind::ZeroRtt) => "0RTT",
        Some(Kind::OneRtt) => "1RTT",
        Some(Kind::Retry) => "retry",
        Some(Kind::Negotiation) => "version_negotiation",
        Some(Kind::Unknown) | None => "unknown",
    };
    let number = |id: FieldId| fields.number(id);
    let flag = |id: FieldId| number(id).map(|bit| (bit != 0).into());
    put("packet_type", Some(of_kind.into()));
    put("packet_number", number(quic::PACKET_NUMBER).map(Value::from));
    put("packet_number_length", number(quic::NUMBER_LENGTH).map(|len| (len + 1).into()));
    put("length", number(quic::LENGTH).map(Value::from));
    put("version", number(quic::VERSION).map(version));
    put("dcil", number(quic::DCIL).map(Value::from));
    put("dcid", fields.hex(quic::DCID).map(Value::from));
    put("scil", number(quic::SCIL).map(Value::from));
    put("scid", fields.hex(quic::SCID).map(Value::from));
    if kind == Some(Kind::OneRtt) && how != How::Reset {
        put("spin_bit", flag(quic::SPIN_BIT));
        put("key_phase_bit", flag(quic::KEY_PHASE));
    }
    for (id, of_token) in [(quic::TOKEN, None), (quic::RETRY_TOKEN, Some("retry"))] {
        let Some(bytes) = fields.hex(id) else { continue };
        let raw = json!({"length": bytes.len() / 2, "data": bytes});
        let token = match of_token {
            Some(of_token) => json!({"type": of_token, "raw": raw}),
            // It may be of a Retry, or of an earlier visit.
            None => json!({"raw": raw}),
        };
        put("token", Some(token));
    }
    Value::Object(header)
}

/// Parameters that are numbers, by their names.
const NUMBERS: [(&str, FieldId); 12] = [
    ("max_idle_timeout", tls::QUIC_IDLE),
    ("max_udp_payload_size", tls::QUIC_PAYLOAD_SIZE),
    ("ack_delay_exponent", tls::QUIC_ACK_EXPONENT),
    ("max_ack_delay", tls::QUIC_ACK_DELAY),
    ("active_connection_id_limit", tls::QUIC_ACTIVE_IDS),
    ("initial_max_data", tls::QUIC_MAX_DATA),
    ("initial_max_stream_data_bidi_local", tls::QUIC_BIDI_LOCAL),
    ("initial_max_stream_data_bidi_remote", tls::QUIC_BIDI_REMOTE),
    ("initial_max_stream_data_uni", tls::QUIC_UNI),
    ("initial_max_streams_bidi", tls::QUIC_STREAMS_BIDI),
    ("initial_max_streams_uni", tls::QUIC_STREAMS_UNI),
    ("max_datagram_frame_size", tls::QUIC_DATAGRAM_SIZE),
];

/// Those that are ids and tokens.
const BYTES: [(&str, FieldId); 4] = [
    ("original_destination_connection_id", tls::QUIC_ORIGINAL_ID),
    ("initial_source_connection_id", tls::QUIC_SOURCE_ID),
    ("retry_source_connection_id", tls::QUIC_RETRY_ID),
    ("stateless_reset_token", tls::QUIC_RESET_TOKEN),
];

/// The data of an event with the transport parameters in a message of the handshake; `None` if it
/// has none.
pub(super) fn parameters(fields: &Fields, (version, is_sent): (Version, bool)) -> Option<Value> {
    fields.find(tls::QUIC_PARAMETER)?;
    let mut data = Map::new();
    let side = if is_sent { "local" } else { "remote" };
    data.insert(version.side().to_owned(), side.into());
    let numbers = NUMBERS.iter().filter_map(|(name, id)| Some((name, fields.number(*id)?.into())));
    let bytes = BYTES.iter().filter_map(|(name, id)| Some((name, fields.hex(*id)?.into())));
    data.extend(numbers.chain(bytes).map(|(name, value): (_, Value)| ((*name).to_owned(), value)));
    Some(Value::Object(data))
}
