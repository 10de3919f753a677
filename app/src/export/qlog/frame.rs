//! Frames of QUIC (draft-ietf-quic-qlog-quic-events, section "QUIC Frames").

use serde_json::{Map, Value, json};
use wirestage_dissectors::field::FieldId;
use wirestage_dissectors::protocols::quic as f;

use super::collect::Fields;
use super::schema::Version;

/// What a frame is in a log, from its fields; its sender tells delays with that exponent.
pub(super) fn frame(fields: &Fields, (version, exponent): (Version, u64)) -> Value {
    let kind = fields.number(f::FRAME_TYPE).unwrap_or(u64::MAX);
    let mut frame = Frame { fields, says: Map::new() };
    match kind {
        0x00 => {
            let len = fields.number(f::PADDING).unwrap_or(1);
            frame.of("padding").put("raw", json!({"length": len, "payload_length": len}));
        }
        0x01 => frame.of("ping").done(),
        0x02 | 0x03 => frame.of("ack").ack(exponent),
        0x04 => frame
            .of("reset_stream")
            .stream(f::RESET_STREAM)
            .application(f::RESET_CODE, version)
            .number("final_size", f::RESET_SIZE)
            .done(),
        0x05 => frame
            .of("stop_sending")
            .stream(f::STOP_STREAM)
            .application(f::STOP_CODE, version)
            .done(),
        0x06 => frame
            .of("crypto")
            .number("offset", f::CRYPTO_OFFSET)
            .length(f::CRYPTO_LENGTH, f::CRYPTO_DATA, version)
            .done(),
        0x07 => {
            let token = fields.hex(f::NEW_TOKEN).unwrap_or_default();
            let raw = json!({"length": token.len() / 2, "data": token});
            frame.of("new_token").put("token", json!({"raw": raw}));
        }
        0x08..=0x0f => {
            let fin = fields.number(f::STREAM_FIN) == Some(1);
            frame
                .of("stream")
                .stream(f::STREAM_ID)
                .put("offset", fields.number(f::STREAM_OFFSET).unwrap_or(0).into())
                .put("fin", fin.into())
                .length(f::STREAM_LENGTH, f::STREAM_DATA, version)
                .done();
        }
        0x10 => frame.of("max_data").number("maximum", f::MAX_DATA).done(),
        0x11 => frame
            .of("max_stream_data")
            .stream(f::MAX_STREAM)
            .number("maximum", f::MAX_STREAM_DATA)
            .done(),
        0x12 | 0x13 => {
            frame.of("max_streams").ways(kind == 0x12).number("maximum", f::MAX_STREAMS).done()
        }
        0x14 => frame.of("data_blocked").number("limit", f::BLOCKED).done(),
        0x15 => frame
            .of("stream_data_blocked")
            .stream(f::STREAM_BLOCKED)
            .number("limit", f::BLOCKED)
            .done(),
        0x16 | 0x17 => frame
            .of("streams_blocked")
            .ways(kind == 0x16)
            .number("limit", f::STREAMS_BLOCKED)
            .done(),
        0x18 => frame
            .of("new_connection_id")
            .number("sequence_number", f::ID_SEQUENCE)
            .number("retire_prior_to", f::ID_RETIRE)
            .number("connection_id_length", f::ID_LENGTH)
            .put("connection_id", fields.hex(f::ID).unwrap_or_default().into())
            .put("stateless_reset_token", fields.hex(f::ID_TOKEN).unwrap_or_default().into())
            .done(),
        0x19 => {
            frame.of("retire_connection_id").number("sequence_number", f::RETIRE_SEQUENCE).done()
        }
        0x1a => frame.of("path_challenge").hex("data", f::CHALLENGE).done(),
        0x1b => frame.of("path_response").hex("data", f::RESPONSE).done(),
        0x1c | 0x1d => frame.of("connection_close").close(kind == 0x1d),
        0x1e => frame.of("handshake_done").done(),
        0x30 | 0x31 => frame.of("datagram").length(f::DATAGRAM_LENGTH, f::DATAGRAM, version).done(),
        _ => frame.of("unknown").put("frame_type_bytes", kind.into()).done(),
    }
    Value::Object(frame.says)
}

/// A frame in the making.
struct Frame<'f> {
    fields: &'f Fields,
    says: Map<String, Value>,
}

impl Frame<'_> {
    fn of(&mut self, kind: &str) -> &mut Self {
        self.put("frame_type", kind.into())
    }

    fn put(&mut self, name: &str, value: Value) -> &mut Self {
        self.says.insert(name.to_owned(), value);
        self
    }

    fn number(&mut self, name: &str, id: FieldId) -> &mut Self {
        let number = self.fields.number(id).unwrap_or(0);
        self.put(name, number.into())
    }

    fn hex(&mut self, name: &str, id: FieldId) -> &mut Self {
        let hex = self.fields.hex(id).unwrap_or_default();
        self.put(name, hex.into())
    }

    fn stream(&mut self, id: FieldId) -> &mut Self {
        self.number("stream_id", id)
    }

    /// Of streams of which kind a number is said.
    fn ways(&mut self, both: bool) -> &mut Self {
        let ways = if both { "bidirectional" } else { "unidirectional" };
        self.put("stream_type", ways.into())
    }

    /// An error whose name only the protocol above knows.
    fn application(&mut self, id: FieldId, version: Version) -> &mut Self {
        if version == Version::Current {
            self.put("error", "unknown".into());
        }
        self.number("error_code", id)
    }

    /// How many bytes it carries: as it says, or all that are left.
    fn length(&mut self, said: FieldId, bytes: FieldId, version: Version) -> &mut Self {
        let carried = self.fields.find(bytes).map_or(0, |field| field.len.into());
        let len: u64 = self.fields.number(said).unwrap_or(carried);
        if version == Version::Old {
            self.put("length", len.into());
        }
        self.put("raw", json!({"length": len, "payload_length": len}))
    }

    /// Runs of numbers from the lowest up, and how long the largest was held back, in milliseconds.
    fn ack(&mut self, exponent: u64) {
        let fields = self.fields;
        let number = |id| fields.number(id);
        let delay = number(f::ACK_DELAY).unwrap_or(0) as f64;
        let scale = 2f64.powi(i32::try_from(exponent.min(20)).unwrap_or(0));
        self.put("ack_delay", json!(delay * scale / 1_000.0));
        let largest = number(f::ACK_LARGEST).unwrap_or(0);
        let mut low = largest.saturating_sub(number(f::ACK_FIRST).unwrap_or(0));
        let mut runs = vec![(low, largest)];
        let gaps = fields.all(f::ACK_GAP);
        let ranges = fields.all(f::ACK_RANGE);
        for (gap, range) in gaps.iter().zip(ranges) {
            let (Some(gap), Some(range)) = (gap.number(), range.number()) else { break };
            // A range that reaches below 0 is none (RFC 9000, section 19.3.1).
            let Some(high) = low.checked_sub(gap.saturating_add(2)) else { break };
            let Some(next) = high.checked_sub(range) else { break };
            runs.push((next, high));
            low = next;
        }
        let runs = runs.iter().rev();
        let runs =
            runs.map(|(from, to)| if from == to { json!([from]) } else { json!([from, to]) });
        self.put("acked_ranges", runs.collect());
        for (name, id) in [("ect0", f::ACK_ECT0), ("ect1", f::ACK_ECT1), ("ce", f::ACK_CE)] {
            if let Some(marks) = fields.number(id) {
                self.put(name, marks.into());
            }
        }
    }

    /// Why a connection ends.
    fn close(&mut self, by_application: bool) {
        let space = if by_application { "application" } else { "transport" };
        let id = if by_application { f::CLOSE_APP } else { f::CLOSE_CODE };
        let code = self.fields.number(id).unwrap_or(0);
        let name = match code {
            _ if by_application => None,
            0x100..=0x1ff => Some(format!("crypto_error_{code:#05x}")),
            0x00..=0x10 => f::CLOSE_CODE.def().name_of(code).map(str::to_lowercase),
            _ => None,
        };
        self.put("error_space", space.into());
        if name.is_none() {
            self.put("error_code", code.into());
        }
        self.put("error", name.unwrap_or_else(|| "unknown".to_owned()).into());
        if let Some(reason) = self.fields.text(f::CLOSE_REASON) {
            let reason = reason.to_owned();
            self.put("reason", reason.into());
        }
        if !by_application && let Some(kind) = self.fields.number(f::CLOSE_FRAME) {
            self.put("trigger_frame_type", kind.into());
        }
    }

    /// All is said.
    fn done(&mut self) {}
}
