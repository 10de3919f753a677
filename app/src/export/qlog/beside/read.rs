//! Reads logs that endpoints write: qlog as JSON with traces (0.3 and 0.4, and drafts before), as
//! JSON text sequences (RFC 7464), and as lines of JSON.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::Name;

/// At which end a log was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// At the client's.
    Client,
    /// At the server's.
    Server,
}

/// What is logged of one connection: a trace, or of a trace those events that name one group.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Log {
    /// The place of its trace among those of the file.
    pub(super) trace: usize,
    /// The program that wrote it, as far as it says so.
    pub(super) name: String,
    pub(super) side: Option<Side>,
    /// Ids of the connection, in hexadecimal digits.
    pub(super) ids: BTreeSet<String>,
    pub(super) events: Vec<Event>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Event {
    /// In milliseconds, from wherever the log counts.
    pub(super) millis: f64,
    /// Without its category: `packet_sent`.
    pub(super) name: String,
    pub(super) data: Value,
}

/// The traces of a log. Says why where there is none.
pub(super) fn logs(text: &str) -> Result<Vec<Log>, String> {
    let text = text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    if !text.starts_with('\u{1e}')
        && let Ok(whole) = serde_json::from_str::<Value>(text)
        && let Some(traces) = whole.get("traces").and_then(Value::as_array)
    {
        let logs: Vec<Log> = traces
            .iter()
            .enumerate()
            .flat_map(|(place, trace)| Trace::whole(place, trace).logs)
            .collect();
        return if logs.is_empty() { Err("it holds no event".into()) } else { Ok(logs) };
    }
    let is_sequence = text.starts_with('\u{1e}');
    let parts: Vec<&str> =
        if is_sequence { text.split('\u{1e}').collect() } else { text.lines().collect() };
    let records = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    // A program that was ended may have left half a record behind.
    let mut records = records.filter_map(|part| serde_json::from_str::<Value>(part).ok());
    let head = records.next().ok_or("it is no JSON")?;
    let trace = head.get("trace").ok_or("it begins with no trace")?;
    let mut trace = Trace::headed(0, trace);
    for record in records {
        trace.add(&record, &[]);
    }
    if trace.logs.is_empty() { Err("it holds no event".into()) } else { Ok(trace.logs) }
}

/// How times are told.
struct Clock {
    is_since_last: bool,
    last: f64,
}

impl Clock {
    fn of(trace: &Value) -> Self {
        let format = trace.pointer("/common_fields/time_format").and_then(Value::as_str);
        let is_since_last = matches!(format, Some("delta" | "relative_to_previous_event"));
        Self { is_since_last, last: 0.0 }
    }

    fn millis(&mut self, told: f64) -> f64 {
        self.last = if self.is_since_last { self.last + told } else { told };
        self.last
    }
}

impl Log {
    /// Takes in what else the trace says of the connection.
    pub(super) fn join(&mut self, more: Self) {
        self.ids.extend(more.ids);
        self.events.extend(more.events);
        self.events.sort_by(|a, b| a.millis.total_cmp(&b.millis));
    }
}

/// A trace while it is read.
struct Trace {
    /// What holds of all its events.
    head: Log,
    clock: Clock,
    /// By the group that events name: quinn writes all connections of an endpoint into one trace.
    groups: HashMap<Option<String>, usize>,
    logs: Vec<Log>,
}

impl Trace {
    fn whole(place: usize, trace: &Value) -> Self {
        let mut found = Self::headed(place, trace);
        let names = trace.get("event_fields").and_then(Value::as_array);
        let names: Vec<&str> = names.into_iter().flatten().filter_map(Value::as_str).collect();
        for event in trace.get("events").and_then(Value::as_array).into_iter().flatten() {
            found.add(event, &names);
        }
        found
    }

    fn headed(place: usize, trace: &Value) -> Self {
        let text = |path: &str| trace.pointer(path).and_then(Value::as_str);
        let side = match (text("/vantage_point/type"), text("/vantage_point/flow")) {
            (Some("client"), _) | (Some("network"), Some("client")) => Some(Side::Client),
            (Some("server"), _) | (Some("network"), Some("server")) => Some(Side::Server),
            _ => None,
        };
        let name =
            text("/vantage_point/name").or(text("/title")).unwrap_or("an endpoint").to_owned();
        let named = ["/common_fields/ODCID", "/common_fields/odcid", "/common_fields/group_id"];
        let ids = named.iter().filter_map(|path| text(path)).filter_map(id);
        let head = Log { trace: place, name, side, ids: ids.collect(), events: Vec::new() };
        Self { head, clock: Clock::of(trace), groups: HashMap::new(), logs: Vec::new() }
    }

    /// Adds an event; one in a list has its parts in the order of these names.
    fn add(&mut self, event: &Value, names: &[&str]) {
        let part = |all: &[&str]| match event.as_array() {
            Some(list) => list.get(names.iter().position(|name| all.contains(name))?),
            None => all.iter().find_map(|name| event.get(name)),
        };
        let time = part(&["time", "relative_time", "delta_time", "reference_time"]);
        let time = time.and_then(|time| time.as_f64().or_else(|| time.as_str()?.parse().ok()));
        let name = part(&["name", "event", "event_type"]).and_then(Value::as_str);
        let (Some(time), Some(name)) = (time, name) else { return };
        let data = part(&["data"]).cloned().unwrap_or(Value::Null);
        let millis = self.clock.millis(time);
        let log = self.log(part(&["group_id"]).and_then(Value::as_str));
        for path in ["/header/dcid", "/header/scid", "/original_destination_connection_id"] {
            log.ids.extend(data.pointer(path).and_then(Value::as_str).and_then(id));
        }
        let name = name.rsplit([':', '/']).next().unwrap_or(name).to_lowercase();
        log.events.push(Event { millis, name, data });
    }

    /// The log of a group.
    fn log(&mut self, group: Option<&str>) -> &mut Log {
        let next = self.logs.len();
        let at = *self.groups.entry(group.map(str::to_owned)).or_insert(next);
        if at == next {
            let mut log = self.head.clone();
            log.ids.extend(group.and_then(id));
            self.logs.push(log);
        }
        &mut self.logs[at]
    }
}

/// An id, in lower case; an empty one names nothing.
fn id(text: &str) -> Option<String> {
    let text = text.trim_start_matches("0x").to_lowercase();
    let is_id = text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then_some(text)
}

impl Name {
    /// The packet that data is about: in its header, or beside each other.
    pub(super) fn of(data: &Value) -> Option<Self> {
        let at = |names: &[&str]| names.iter().find_map(|path| data.pointer(path));
        let kind = at(&["/header/packet_type", "/packet_type", "/type"])?.as_str()?;
        let number = at(&["/header/packet_number", "/packet_number"])?;
        let number = number.as_u64().or_else(|| number.as_str()?.parse().ok())?;
        Some(Self { kind: kind_of(kind), number })
    }
}

/// A packet's type: `1RTT`, `1-RTT` and `onertt` are one.
pub(super) fn kind_of(text: &str) -> String {
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    match plain.to_lowercase().as_str() {
        "onertt" => "1rtt".to_owned(),
        "zerortt" => "0rtt".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the events of a text, and when they happened.
    fn check(text: &str, side: Option<Side>, events: &[(&str, f64)]) -> Log {
        let [log] = logs(text).expect("a log").try_into().expect("one trace");
        let found: Vec<(&str, f64)> =
            log.events.iter().map(|event| (event.name.as_str(), event.millis)).collect();
        assert_eq!((log.side, found.as_slice()), (side, events));
        log
    }

    #[test]
    fn every_form_of_a_log_is_read() {
        let log = check(
            r#"{"qlog_version":"0.3","traces":[{"common_fields":{"ODCID":"E56AE42C28FF1119"},
                "vantage_point":{"name":"aioquic","type":"server"},
                "events":[{"name":"transport:packet_sent","time":5.5,"data":{"header":
                {"packet_type":"1RTT","packet_number":7,"dcid":"a9307100a1caa59b"}}}]}]}"#,
            Some(Side::Server),
            &[("packet_sent", 5.5)],
        );
        let ids: Vec<&str> = log.ids.iter().map(String::as_str).collect();
        assert_eq!(ids, ["a9307100a1caa59b", "e56ae42c28ff1119"]);
        let name = Name { kind: "1rtt".into(), number: 7 };
        assert_eq!(Name::of(&log.events[0].data), Some(name));
        check(
            "\u{1e}{\"trace\":{\"vantage_point\":{\"type\":\"client\"},\
             \"common_fields\":{\"time_format\":\"relative_to_previous_event\"}}}\n\
             \u{1e}{\"time\":1,\"name\":\"quic:packet_lost\",\"data\":{}}\n\
             \u{1e}{\"time\":2,\"name\":\"quic:packet_sent\",\"data\":{}}\n\u{1e}{\"time\":3,\"na",
            Some(Side::Client),
            &[("packet_lost", 1.0), ("packet_sent", 3.0)],
        );
        check(
            r#"{"traces":[{"event_fields":["relative_time","category","event","data"],
                "events":[["12","TRANSPORT","PACKET_SENT",{"packet_type":"initial"}]]}]}"#,
            None,
            &[("packet_sent", 12.0)],
        );
    }

    #[test]
    fn events_of_two_connections_in_one_trace_are_two_logs() {
        let text = "\u{1e}{\"title\":\"all\",\"trace\":{\"title\":\"quinn\"}}\n\
             \u{1e}{\"time\":1,\"name\":\"quic:packet_sent\",\"data\":{},\"group_id\":\"AA00aa00aa00aa00\"}\n\
             \u{1e}{\"time\":2,\"name\":\"quic:packet_lost\",\"data\":{},\"group_id\":\"bb00bb00bb00bb00\"}\n\
             \u{1e}{\"time\":3,\"name\":\"quic:packet_lost\",\"data\":{},\"group_id\":\"AA00aa00aa00aa00\"}\n";
        let found = logs(text).expect("logs");
        let ids: Vec<Vec<&str>> =
            found.iter().map(|log| log.ids.iter().map(String::as_str).collect()).collect();
        assert_eq!(ids, [["aa00aa00aa00aa00"], ["bb00bb00bb00bb00"]]);
        let times = found.iter().map(|log| log.events.iter().map(|event| event.millis));
        let times: Vec<Vec<f64>> = times.map(Iterator::collect).collect();
        assert_eq!(times, [vec![1.0, 3.0], vec![2.0]]);
        assert!(found.iter().all(|log| log.name == "quinn"));
    }

    #[test]
    fn what_is_no_log_is_refused() {
        for text in ["", "x", "{}", "[1]", "{\"traces\":[]}", "\u{1e}{\"trace\":{}}"] {
            assert!(logs(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn types_have_one_name() {
        let names = ["1RTT", "1-RTT", "onertt", "one_rtt"].map(kind_of);
        assert!(names.iter().all(|name| name == "1rtt"), "{names:?}");
        assert_eq!(kind_of("Handshake"), "handshake");
    }
}
