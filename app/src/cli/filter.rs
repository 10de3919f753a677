//! `wirestage filter`: the frames that pass, as a recording of their own.

use std::io::Write;
use std::path::{Path, PathBuf};

use wirestage_captures::write::extract;

use super::act::Act;
use super::filters;
use super::input::{self, Beside};
use super::meant;
use super::output;
use super::split::{self, Split};
use super::stop::{Outcome, Stop};
use crate::document::Progress;
use crate::document::keys::read_key_log;
use crate::private;
use crate::trouble::Trouble;

/// Keeps the frames that pass a filter, with keys, names and comments
///
/// The language is that of Wireshark's display filters: fields and protocols (`wirestage fields`
/// lists them), == != < > contains matches in, and or not, len() count() lower(), networks as
/// 10.0.0.0/8, parts as tcp.payload[0:3], names of values as tls.handshake.type == "Client Hello".
#[derive(Debug, clap::Args)]
pub(super) struct Filter {
    /// The recording: pcapng or pcap, also inside gzip or zstd; - reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Which frames pass; all of them where only --split is asked for
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    #[arg(required_unless_present = "split")]
    expression: Option<String>,
    /// Where to write the frames as pcapng; - is standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Keep all frames of each connection that has one which passes
    #[arg(long)]
    whole_connections: bool,
    /// Write parts, each a file with all keys, names and comments (part-1.pcapng, part-2.pcapng):
    /// so many frames (100k), so long (10s, 5min), so large (50MB), or one for each of the
    /// connections, under its number
    #[arg(long, value_name = "100k|10s|50MB|connections", value_parser = Split::read)]
    split: Option<Split>,
    /// Replace a file that exists
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    beside: Beside,
}

impl Act for Filter {
    const NAME: &'static str = "filter";
    const EXAMPLES: &'static str = "  \
  wirestage filter a.pcapng 'ip.addr == 10.0.0.0/8' -o part.pcapng
  wirestage filter a.pcapng 'http.response.code >= 500' --whole-connections -o failed.pcapng
  wirestage filter a.pcapng --split 10s -o part.pcapng
  wirestage filter a.pcapng tls --split connections -o tls.pcapng
  wirestage filter a.pcap 'tls.handshake.type == 1' --keys keys.log -o -  for a pipe";

    fn run(self, out: &mut dyn Write) -> Outcome {
        self.turned_round()?;
        let filter = filters::read(self.expression.as_deref().unwrap_or_default())?;
        // Parts have names of their own.
        output::recording(&self.output, self.force || self.split.is_some())?;
        let document = input::open(std::slice::from_ref(&self.file), &self.beside)?;
        let mut rows = document.rows(&filter, &Progress::new()).unwrap_or_default();
        let passed = rows.len();
        if self.whole_connections {
            rows = document.whole_connections(&rows);
        }
        let logs = self.beside.keys.iter().map(|path| read_key_log(path));
        let keys = logs.collect::<Result<Vec<String>, _>>()?.join("\n");
        if let Some(split) = self.split {
            let to = (self.output.as_path(), self.force);
            let told = split::write((&document, &keys), &rows, split, to)?;
            writeln!(out, "{told}")?;
            return Ok(());
        }
        let keep = |id| rows.contains(id);
        if self.output == Path::new("-") {
            extract(&document.recording, &keep, &keys, out)?;
            return Ok(());
        }
        // The keys are in it.
        private::put(&self.output, |to| -> Result<_, Trouble> {
            let written = extract(&document.recording, &keep, &keys, to);
            let failed = |error| Trouble::unwritable(&self.output, &error);
            written.map(Some).map_err(failed)
        })?;
        let (kept, all) = (rows.len(), document.survey.frame_count());
        let more = if kept == passed { String::new() } else { format!(" ({passed} of them pass)") };
        writeln!(out, "{}: {kept} of {all} frames{more}", self.output.display())?;
        Ok(())
    }
}

impl Filter {
    /// That the recording stands before what is asked of it.
    fn turned_round(&self) -> Outcome {
        let Self { file, output, .. } = self;
        let expression = self.expression.as_deref().unwrap_or_default();
        if file == Path::new("-") || meant::is_there(file) || !Path::new(expression).is_file() {
            return Ok(());
        }
        let (filter, output) = (file.display(), output.display());
        Err(Stop::wrong(
            format!("there is no file {filter}"),
            format!("the file stands first: wirestage filter {expression} '{filter}' -o {output}"),
        ))
    }
}
