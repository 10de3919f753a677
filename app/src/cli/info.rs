//! `wirestage info`: what a survey alone can say about a recording.

use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

use serde_json::json;
use wirestage_captures::read::{Format, OneOf};
use wirestage_dissectors::ids::Time;
use wirestage_dissectors::limits::MAX_OVERVIEW_ROWS;
use wirestage_dissectors::story::apart::Unread;

use super::act::Act;
use super::facts::{Facts, Share};
use super::filters;
use super::input;
use super::overview;
use super::stop::Outcome;
use crate::document::{Document, Progress, title};

/// Surveys a recording: frames, flows, bytes, time span, protocols.
#[derive(Debug, clap::Args)]
pub struct Info {
    /// The recording: pcapng or pcap, also inside gzip or zstd. Several files are read as one.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// Count only frames that pass this filter, in Wireshark's display-filter language; services
    /// are those of the connections that have any of them, as a whole.
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub filter: Option<String>,
}

impl Act for Info {
    const NAME: &'static str = "info";
    const EXAMPLES: &'static str = "  \
  wirestage info a.pcapng                      frames, flows, bytes, protocols
  wirestage info a.pcapng --filter 'ip.addr == 10.0.0.0/8'
  wirestage info ring_1.pcap ring_2.pcap       several files as one
  wirestage info a.pcap.gz --json | jq .frames";

    fn run(self, out: &mut dyn Write) -> Outcome {
        let filter = self.filter.as_deref().map(filters::read).transpose()?;
        // What is wrong with the file is part of the answer, so it is not told beside it too.
        let document = input::read(&self.files)?;
        let facts = match &filter {
            Some(filter) => {
                let rows = document.rows(filter, &Progress::new()).unwrap_or_default();
                Facts::of_rows(&document, &rows)
            }
            None => Facts::of(&document),
        };
        let text =
            if self.json { facts.json(&self, &document) } else { facts.text(&self, &document) };
        Ok(out.write_all(text.as_bytes())?)
    }
}

impl Info {
    /// What the recording is called.
    fn called(&self) -> String {
        match &self.files[..] {
            [file] => file.display().to_string(),
            files => title(files),
        }
    }
}

/// A format in words.
fn told(format: Option<Format>) -> String {
    format.map_or_else(|| "unknown".into(), |one| one.to_string())
}

/// How many secrets are known, and how many of them are good for nothing here.
fn told_keys(document: &Document) -> String {
    let all = document.secrets().len();
    match document.idle_keys().said() {
        Some(idle) => format!("{all}: {idle}"),
        None => all.to_string(),
    }
}

impl Facts {
    fn text(&self, info: &Info, document: &Document) -> String {
        let mut out = String::new();
        // Writing to a string does not fail.
        let mut line = |name: &str, value: String| {
            let _ = writeln!(out, "{name:<12}{value}");
        };
        line("file", info.called());
        let files = document.recording.files();
        let width = files.iter().map(|file| file.name.len()).max().unwrap_or(0);
        for file in &files {
            let format = told(file.format);
            let OneOf { name, frames, bytes, .. } = file;
            line("", format!("{name:<width$} {frames:>10} frames {bytes:>14} bytes  {format}"));
        }
        if files.is_empty() {
            line("format", told(document.recording.format()));
        } else {
            line("interfaces", document.recording.interfaces().len().to_string());
        }
        line("frames", self.frames.to_string());
        if self.marks > 0 {
            line("of them", format!("{} marks", self.marks));
        }
        line(
            "bytes",
            format!("{} on the wire, {} in the file", self.bytes, document.recording.bytes()),
        );
        let span = |(first, last): (Time, Time)| format!("{:.6} s", last.since(first) as f64 / 1e9);
        line("time", self.times.map_or_else(|| "not recorded".into(), span));
        line("flows", format!("{} TCP, {} UDP", self.tcp, self.udp));
        line("secrets", told_keys(document));
        let width = self.protocols.iter().map(|share| share.name.len()).max().unwrap_or(0).max(10);
        for Share { name, flows, frames, bytes } in &self.protocols {
            line(
                "",
                format!("{name:<width$} {flows:>8} flows {frames:>10} frames {bytes:>14} bytes"),
            );
        }
        if let Some(Unread { frames, bytes, .. }) = &self.unread {
            line("not read", format!("{frames} frames, {bytes} bytes"));
        }
        if !self.report.rows.is_empty() {
            line(
                "services",
                format!("{}: {}", self.report.sums.headline(), self.report.sums.counts),
            );
            for row in overview::lines(&self.report) {
                line("", row);
            }
        }
        for problem in document.recording.problems() {
            line("note", problem.to_string());
        }
        out
    }

    fn json(&self, info: &Info, document: &Document) -> String {
        let protocols: Vec<_> = self
            .protocols
            .iter()
            .map(|Share { name, flows, frames, bytes }| {
                json!({"name": name, "flows": flows, "frames": frames, "bytes": bytes})
            })
            .collect();
        let notes: Vec<String> =
            document.recording.problems().iter().map(ToString::to_string).collect();
        let unread = self.unread.as_ref().map(
            |unread| json!({"frames": unread.frames, "bytes": unread.bytes, "what": unread.what}),
        );
        let files: Vec<_> = document
            .recording
            .files()
            .into_iter()
            .map(|one| {
                json!({"file": one.name, "frames": one.frames, "bytes": one.bytes,
                       "format": told(one.format), "interfaces": one.interfaces})
            })
            .collect();
        let rows = self.report.rows.iter().take(MAX_OVERVIEW_ROWS);
        let services: Vec<_> = rows.map(|row| overview::of_row(row, false)).collect();
        let value = json!({
            "file": info.called(),
            "files": files,
            "frames": self.frames,
            "marks": self.marks,
            "bytes": self.bytes,
            "file_bytes": document.recording.bytes(),
            "first_time_ns": self.times.map(|(first, _)| first.0),
            "last_time_ns": self.times.map(|(_, last)| last.0),
            "flows": {"tcp": self.tcp, "udp": self.udp},
            "secrets": document.secrets().len(),
            "idle_secrets": document.idle_keys().idle,
            "protocols": protocols,
            "fates": overview::fates(&self.report.sums.counts),
            "services": services,
            "services_in_all": self.report.rows.len(),
            "unread": unread,
            "notes": notes,
        });
        format!("{value:#}\n")
    }
}
