//! Frames of HTTP/3 (draft-ietf-quic-qlog-h3-events, section "HTTP3Frame").

use serde_json::{Map, Value, json};
use wirestage_dissectors::protocols::http3 as f;

use super::collect::{Field, Fields};
use super::schema::Version;

/// The data of events that are frames in a message.
pub(super) fn frames(fields: &Fields, version: Version) -> Vec<Value> {
    let all = fields.all(f::FRAME);
    let all = all.iter().map(|one| {
        let stream = one.inside.number(f::FRAME_STREAM).unwrap_or(0);
        let mut data = json!({"stream_id": stream, "frame": frame(&one.inside)});
        if let (Version::Old, Some(len)) = (version, one.inside.number(f::FRAME_LENGTH)) {
            data["length"] = len.into();
        }
        data
    });
    all.collect()
}

fn frame(fields: &Fields) -> Value {
    let kind = fields.number(f::FRAME_TYPE).unwrap_or(u64::MAX);
    let mut says = Map::new();
    let mut put = |name: &str, value: Value| says.insert(name.to_owned(), value);
    let push = || fields.number(f::PUSH_ID).unwrap_or(0);
    let name = match kind {
        0x00 => "data",
        0x01 => {
            put("headers", headers(fields));
            "headers"
        }
        0x03 => {
            put("push_id", push().into());
            "cancel_push"
        }
        0x04 => {
            put("settings", settings(fields));
            "settings"
        }
        0x05 => {
            put("push_id", push().into());
            put("headers", headers(fields));
            "push_promise"
        }
        0x07 => {
            put("id", fields.number(f::GOAWAY_ID).unwrap_or(0).into());
            "goaway"
        }
        0x0d => {
            put("push_id", push().into());
            "max_push_id"
        }
        0xf_0700 | 0xf_0701 => {
            let element = if kind == 0xf_0700 { "stream_id" } else { "push_id" };
            put(element, fields.number(f::PRIORITY_ELEMENT).unwrap_or(0).into());
            put("priority_field_value", fields.text(f::PRIORITY_VALUE).unwrap_or("").into());
            "priority_update"
        }
        // Kept free, so that nobody stumbles over what nobody knows (RFC 9114, section 7.2.8).
        kind if kind >= 0x21 && (kind - 0x21).is_multiple_of(0x1f) => {
            put("frame_type_bytes", kind.into());
            "reserved"
        }
        kind => {
            put("frame_type_bytes", kind.into());
            "unknown"
        }
    };
    put("frame_type", name.into());
    if let Some(len) = fields.number(f::FRAME_LENGTH) {
        put("raw", json!({"payload_length": len}));
    }
    Value::Object(says)
}

/// Fields of a head, in their order. What is no text is told as bytes.
fn headers(fields: &Fields) -> Value {
    let line = |header: &&Field| {
        let mut line = Map::new();
        for (id, name) in [(f::NAME, "name"), (f::VALUE, "value")] {
            match (header.inside.text(id), header.inside.hex(id)) {
                (Some(text), _) => line.insert(name.to_owned(), text.into()),
                (None, Some(hex)) => line.insert(format!("{name}_bytes"), hex.into()),
                (None, None) => None,
            };
        }
        Value::Object(line)
    };
    fields.all(f::HEADER).iter().map(line).collect()
}

fn settings(fields: &Fields) -> Value {
    let one = |group: &&Field| {
        let id = group.inside.number(f::SETTING_ID)?;
        let value = group.inside.number(f::SETTING_VALUE)?;
        let name = match id {
            0x01 => "settings_qpack_max_table_capacity",
            0x06 => "settings_max_field_section_size",
            0x07 => "settings_qpack_blocked_streams",
            0x08 => "settings_enable_connect_protocol",
            0x33 => "settings_h3_datagram",
            id if id >= 0x21 && (id - 0x21).is_multiple_of(0x1f) => "reserved",
            _ => return Some(json!({"name": "unknown", "name_bytes": id, "value": value})),
        };
        Some(json!({"name": name, "value": value}))
    };
    fields.all(f::SETTINGS_GROUP).iter().filter_map(one).collect()
}
