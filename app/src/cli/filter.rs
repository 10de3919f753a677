//! `wirestage filter`: the frames that pass, as a recording of their own.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use wirestage_captures::write::extract;

use super::act::Act;
use super::input::{self, KeyLogs};
use super::output;
use super::stop::Outcome;
use super::{filters, stop::Stop};
use crate::document::Progress;
use crate::document::keys::read_key_log;
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
    /// Which frames pass
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    expression: String,
    /// Where to write the frames as pcapng; - is standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Keep all frames of each connection that has one which passes
    #[arg(long)]
    whole_connections: bool,
    /// Replace a file that exists
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    keys: KeyLogs,
}

impl Act for Filter {
    const NAME: &'static str = "filter";
    const EXAMPLES: &'static str = "  \
  wirestage filter a.pcapng 'ip.addr == 10.0.0.0/8' -o part.pcapng
  wirestage filter a.pcapng 'http.response.code >= 500' --whole-connections -o failed.pcapng
  wirestage filter a.pcap 'tls.handshake.type == 1' --keys keys.log -o -  for a pipe";

    fn run(self, out: &mut dyn Write) -> Outcome {
        let filter = filters::read(&self.expression)?;
        output::check(&self.output, self.force)?;
        let document = input::open(std::slice::from_ref(&self.file), &self.keys.files)?;
        let mut rows = document.rows(&filter, &Progress::new()).unwrap_or_default();
        let passed = rows.len();
        if self.whole_connections {
            rows = document.whole_connections(&rows);
        }
        let logs = self.keys.files.iter().map(|path| read_key_log(path));
        let keys = logs.collect::<Result<Vec<String>, _>>()?.join("\n");
        let keep = |id| rows.contains(id);
        if self.output == Path::new("-") {
            extract(&document.recording, &keep, &keys, out)?;
            return Ok(());
        }
        let failed = |error: std::io::Error| {
            Stop::Work(Trouble::new(
                format!("{} cannot be written: {error}", self.output.display()),
                "check that its folder may be written to and has room",
            ))
        };
        let folder = self.output.parent().filter(|folder| !folder.as_os_str().is_empty());
        // Only a file that is whole takes the place of another, and only its owner reads the keys in it.
        let mut file = tempfile::Builder::new()
            .prefix(".wirestage-")
            .tempfile_in(folder.unwrap_or(Path::new(".")))
            .map_err(failed)?;
        let mut to = BufWriter::new(file.as_file_mut());
        extract(&document.recording, &keep, &keys, &mut to).map_err(failed)?;
        to.flush().map_err(failed)?;
        drop(to);
        file.persist(&self.output).map_err(|error| failed(error.error))?;
        let (kept, all) = (rows.len(), document.survey.frame_count());
        let more = if kept == passed { String::new() } else { format!(" ({passed} of them pass)") };
        writeln!(out, "{}: {kept} of {all} frames{more}", self.output.display())?;
        Ok(())
    }
}
