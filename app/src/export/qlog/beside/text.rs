//! A log beside a recording, in words and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};
use wirestage_dissectors::wording::{bytes, counted};

use super::{Beside, Name, Pair, Told};

/// Of a list so many stand in the text.
const SHOWN: usize = 12;
/// Of what an endpoint says in its own words, so many letters.
const LETTERS: usize = 120;

impl Name {
    /// `1RTT 17`.
    #[must_use]
    pub fn words(&self) -> String {
        let kind = match self.kind.as_str() {
            "1rtt" => "1-RTT",
            "0rtt" => "0-RTT",
            "initial" => "Initial",
            "handshake" => "Handshake",
            other => other,
        };
        format!("{kind} {}", self.number)
    }
}

impl Told {
    fn words(&self) -> String {
        let way = if self.is_sent { "sent" } else { "received" };
        let frame = self.frame.map(|frame| format!(", frame {}", frame.number()));
        let after = self.millis.map(|millis| format!(" at {millis} ms")).unwrap_or_default();
        let what = if self.what.is_empty() { String::new() } else { format!(": {}", self.what) };
        format!("{}, {way}{after}{}{what}", self.name.words(), frame.unwrap_or_default())
    }
}

impl Beside {
    /// In words.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(out, "Connection {} beside the log of {}", self.connection, self.by);
        let [sent, received] = self.both;
        let mut line = |name: &str, text: &str| {
            let _ = writeln!(out, "  {name:<20} {text}");
        };
        line(
            "both know",
            &format!(
                "{} that it sent, {received} that it received",
                counted(sent as u64, "packet")
            ),
        );
        if let Some((middle, most)) = self.later {
            let text =
                format!("{middle:.3} ms in the middle, {most:.3} ms at most, beyond the least");
            line("seen here later by", &text);
        }
        let millis = |value: f64| format!("{value:.2} ms");
        let amount = |value: f64| bytes(value.max(0.0) as u64);
        line("shortest round trip", &both(self.min_rtt, &millis));
        line("smoothed round trip", &both(self.smoothed_rtt, &millis));
        line("most in flight", &both(self.in_flight, &amount));
        if let Some(window) = self.window {
            line(
                "congestion window",
                &format!("{} at most, which only the log says", amount(window)),
            );
        }
        for (title, names) in
            ["lost, both say", "lost, the log says", "lost, inferred here"].iter().zip(&self.lost)
        {
            if !names.is_empty() {
                line(title, &listed(names.iter().map(Name::words), ", "));
            }
        }
        let lists = [
            ("Only in the log: never came by here", &self.only_log),
            ("Only in the recording: the endpoint did not log it", &self.only_capture),
            ("Differences", &self.differences),
        ];
        for (title, all) in lists {
            if !all.is_empty() {
                let _ = writeln!(out, "  {title}, {}", counted(all.len() as u64, "packet"));
                let lines = listed(all.iter().map(Told::words), "\n    ");
                let _ = writeln!(out, "    {lines}");
            }
        }
        if !self.thoughts.is_empty() {
            let counts = self.thoughts.iter().map(|(name, count)| format!("{count} × {name}"));
            let _ = writeln!(out, "  What else it thought: {}", listed(counts, ", "));
            let told = self.told.iter().map(|(millis, words)| {
                let short: String = words.chars().take(LETTERS).collect();
                let more = if short.len() < words.len() { "…" } else { "" };
                format!("{millis:.1} ms  {short}{more}")
            });
            if !self.told.is_empty() {
                let _ = writeln!(out, "    {}", listed(told, "\n    "));
            }
        }
        out
    }

    /// For programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let pair = |pair: Pair| json!({"log": pair.log, "recording": pair.capture});
        let names = |names: &[Name]| -> Vec<String> { names.iter().map(Name::words).collect() };
        let told = |all: &[Told]| -> Vec<Value> {
            let one = |one: &Told| {
                json!({"packet": one.name.words(), "sent": one.is_sent, "millis": one.millis,
                       "frame": one.frame.map(|frame| frame.number()), "what": one.what})
            };
            all.iter().map(one).collect()
        };
        let later = self.later.map(|(middle, most)| json!({"median": middle, "most": most}));
        let [sent, received] = self.both;
        let [both, log, recording] = &self.lost;
        json!({
            "by": self.by,
            "connection": self.connection,
            "both": {"sent": sent, "received": received},
            "only_log": told(&self.only_log),
            "only_recording": told(&self.only_capture),
            "differences": told(&self.differences),
            "later_millis": later,
            "min_rtt": pair(self.min_rtt),
            "smoothed_rtt": pair(self.smoothed_rtt),
            "in_flight": pair(self.in_flight),
            "congestion_window": self.window,
            "lost": {"both": names(both), "log": names(log), "recording": names(recording)},
            "thoughts": self.thoughts,
            "told": self.told.iter().map(|(millis, words)| json!({"millis": millis, "what": words}))
                .collect::<Vec<_>>(),
        })
    }
}

/// What both say, or which of them says nothing.
fn both(pair: Pair, words: &dyn Fn(f64) -> String) -> String {
    match (pair.log, pair.capture) {
        (Some(log), Some(own)) => format!("{} in the log, {} here", words(log), words(own)),
        (Some(log), None) => format!("{} in the log, not known here", words(log)),
        (None, Some(own)) => format!("{} here, not in the log", words(own)),
        (None, None) => "not known".to_owned(),
    }
}

/// The first of a list, and how many more there are.
fn listed(all: impl Iterator<Item = String>, between: &str) -> String {
    let all: Vec<String> = all.collect();
    let more = all.len().saturating_sub(SHOWN);
    let mut shown: Vec<String> = all.into_iter().take(SHOWN).collect();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown.join(between)
}
