//! `wirestage follow`: what the two sides of a connection said, in order.

use std::io::Write;
use std::path::{Path, PathBuf};

use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{ConnectionId, FrameId};

use super::act::Act;
use super::input::{self, Beside};
use super::meant;
use super::output;
use super::stop::{Outcome, Stop, one_of};
use crate::document::{Depth, Document, Progress};
use crate::export::follow::{Line, Only, Runs, Side, Style, contents};
use crate::private;

/// Shows what the two sides of a connection said, opened where there are keys
#[derive(Debug, clap::Args)]
pub(super) struct Follow {
    /// The recording: pcapng or pcap, also inside gzip or zstd; - reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    beside: Beside,
    /// Which connection, in the order of their first frames; not needed where there is one
    #[arg(long, value_name = "N", value_parser = meant::connection)]
    connection: Option<u32>,
    /// Sixteen bytes a line, in hex and as text
    #[arg(long, conflicts_with_all = ["raw", "bodies"])]
    hex: bool,
    /// The bytes alone, as they were sent
    #[arg(long, conflicts_with = "bodies")]
    raw: bool,
    /// Requests and answers, with the codings of their contents undone
    #[arg(long, conflicts_with = "sealed")]
    bodies: bool,
    /// What TCP or UDP carries, sealed where it is sealed
    #[arg(long)]
    sealed: bool,
    /// Only what this side sent
    #[arg(long, value_enum)]
    side: Option<Side>,
    /// Only this stream of QUIC; with --bodies also of HTTP/2
    #[arg(long, value_name = "S")]
    stream: Option<u64>,
    /// Write it to this file; - is standard output
    #[arg(short, long, value_name = "OUT", default_value = "-")]
    output: PathBuf,
    /// Replace a file that exists
    #[arg(long)]
    force: bool,
}

impl Act for Follow {
    const NAME: &'static str = "follow";
    const EXAMPLES: &'static str = "  \
  wirestage follow a.pcapng                              a recording of one connection
  wirestage follow a.pcapng --connection 3 --hex
  wirestage follow a.pcapng --connection 3 --bodies      requests, their contents decoded
  wirestage follow a.pcap --connection 3 --keys keys.log --side server --raw -o page.bin";

    fn run(self, out: &mut dyn Write) -> Outcome {
        output::check(&self.output, self.force)?;
        let document = input::open(std::slice::from_ref(&self.file), &self.beside)?;
        let connection = self.chosen(&document)?;
        if self.output == Path::new("-") {
            return self.tell(&document, connection, out);
        }
        // It may have been opened with keys.
        private::put(&self.output, |to| self.tell(&document, connection, to).map(Some))?;
        writeln!(out, "{}", self.output.display())?;
        Ok(())
    }
}

impl Follow {
    /// The connection that is meant.
    fn chosen(&self, document: &Document) -> Outcome<ConnectionId> {
        let all = &document.connections;
        let count = all.len();
        let number = match (self.connection, count) {
            (Some(number), _) => number,
            (None, 0 | 1) => 1,
            (None, _) => {
                return Err(Stop::wrong(
                    format!("the recording has {count} connections"),
                    format!("say which: --connection N, from 1 to {count}"),
                ));
            }
        };
        all.get(number as usize - 1).copied().ok_or_else(|| {
            let mend = match count {
                0 => "only TCP and UDP can be followed".to_owned(),
                _ => one_of(count),
            };
            Stop::wrong(format!("there is no connection {number}: the recording has {count}"), mend)
        })
    }

    fn tell(&self, document: &Document, id: ConnectionId, out: &mut dyn Write) -> Outcome {
        let (ground, progress) = (document.ground(), Progress::new());
        let only = Only { side: self.side, stream: self.stream };
        let mut wrote = Ok(());
        let mut line = |line: Line| {
            if wrote.is_ok() {
                wrote = writeln!(out, "{}", line.text);
            }
            wrote.is_ok()
        };
        if self.bodies {
            contents(&ground, id, only, &progress, &mut line);
            return Ok(wrote?);
        }
        let depth = if self.sealed { Depth::Carried } else { Depth::Opened };
        let mut found = false;
        if self.raw {
            ground.follow(id, depth, &progress, |piece| {
                if only.is(piece.by_client, piece.stream) {
                    found = true;
                    wrote = out.write_all(piece.bytes);
                }
                wrote.is_ok()
            });
        } else {
            let style = if self.hex { Style::Hex } else { Style::Text };
            let start = document.recording.frame(FrameId(0)).time;
            let mut runs = Runs::new(style, only, start);
            ground.follow(id, depth, &progress, |piece| {
                found = true;
                runs.take(piece, &mut |one| {
                    line(one);
                });
                true
            });
            runs.finish(&mut |one| {
                line(one);
            });
        }
        wrote?;
        if !found && depth == Depth::Opened {
            eprintln!(
                "note: nothing could be opened; --keys KEYLOG opens it, --sealed shows it as it was \
                 sent"
            );
        }
        Ok(())
    }
}
