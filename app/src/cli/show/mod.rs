//! `wirestage show`: frames as rows, trees, JSON or chosen fields; requests as a table or JSON.

mod fields;
mod jsonl;
mod requests;
mod rows;
mod tree;

use std::io::Write;
use std::ops::Range;
use std::path::PathBuf;

use wirestage_dissectors::completions::Completions;
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::ids::FrameId;

use super::act::Act;
use super::filters;
use super::input;
pub use super::input::Beside;
use super::stop::{Outcome, Stop, one_of};
use crate::document::{Called, Document, Progress, Windows, sweep, sweep_rows};
use crate::trouble::Trouble;

/// Shows the frames of a recording, or its requests.
#[derive(Debug, clap::Args)]
pub struct Show {
    /// The recording: pcapng or pcap, also inside gzip or zstd. Several files are read as one.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// What is known besides.
    #[command(flatten)]
    pub beside: Beside,
    /// Show only this frame; the first is 1.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub frame: Option<u32>,
    /// How to show them.
    #[arg(long, value_enum, default_value_t = Format::Rows)]
    pub format: Format,
    /// Print these fields, one line a frame, tab-separated, under Wireshark's names; a repeated
    /// field's values are joined by commas.
    #[arg(long, value_delimiter = ',', value_name = "A,B,C")]
    pub fields: Vec<String>,
    /// Show only frames that pass this filter, in Wireshark's display-filter language, or
    /// requests that have a part in one.
    #[arg(long, value_name = "EXPR", conflicts_with = "frame", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// What hosts are called in rows.
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = Called::Addresses)]
    pub hosts: Called,
}

/// How frames are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One line a frame.
    Rows,
    /// Every field, indented.
    Tree,
    /// One JSON object a frame.
    Jsonl,
    /// One line a request, whatever carried it, with its answer.
    Requests,
    /// One JSON object a request.
    RequestsJsonl,
}

impl Act for Show {
    const NAME: &'static str = "show";
    const EXAMPLES: &'static str = "  \
  wirestage show a.pcapng                                   one line a frame
  wirestage show a.pcap --keys keys.log --format tree --frame 8
  wirestage show a.pcap --proto shop.proto                  fields of gRPC by their names
  wirestage show a.pcapng --format jsonl | jq -r .summary
  wirestage show a.pcapng --format requests                 one line a request, with its answer
  wirestage show a.pcapng --format requests --filter 'http.response.code >= 500'
  wirestage show a.pcapng --fields frame.number,ip.src,tls.handshake.type
  wirestage show a.pcapng --filter 'http.response.code >= 400 or tcp.flags.reset == 1'";

    fn run(self, out: &mut dyn Write) -> Outcome {
        // A mistake in the filter is told before a large file is read.
        self.filter.as_deref().map(filters::read).transpose()?;
        let document = input::open(&self.files, &self.beside)?;
        self.print(&document, &Progress::new(), Windows::default(), out)
    }
}

/// Turns a run of frames into text; runs on all cores.
pub(super) trait Printer: Sync {
    /// Appends the frames' text to `out`.
    fn print(&self, scene: &Dissection<'_>, frames: Range<u32>, out: &mut String);
}

impl Show {
    /// Prints the frames of a document that is open.
    ///
    /// # Errors
    /// Where a name is no field, a frame does not exist, or writing fails.
    pub fn print(
        &self,
        document: &Document,
        progress: &Progress,
        windows: Windows,
        out: &mut dyn Write,
    ) -> Outcome {
        if !self.fields.is_empty() {
            let printer = fields::Fields::new(&self.fields)?;
            return self.frames(document, progress, windows, &printer, out);
        }
        let cancelled = || Trouble::new("the work was cancelled", "start it again");
        let completions = || document.completions(progress).ok_or_else(cancelled);
        match self.format {
            Format::Rows => {
                let printer = rows::RowPrinter::new(document, self.hosts);
                self.frames(document, progress, windows, &printer, out)
            }
            Format::Tree => {
                let printer = tree::Trees { completions: completions()? };
                self.frames(document, progress, windows, &printer, out)
            }
            Format::Jsonl => {
                let printer = jsonl::Lines { completions: completions()? };
                self.frames(document, progress, windows, &printer, out)
            }
            Format::Requests | Format::RequestsJsonl => {
                if self.frame.is_some() {
                    return Err(Stop::wrong(
                        "a request is more than one frame",
                        "leave out --frame",
                    ));
                }
                let all = match &self.filter {
                    Some(expression) => document.requests_of(&filters::read(expression)?, progress),
                    None => document.requests(windows, progress),
                };
                let all = all.ok_or_else(cancelled)?;
                let as_json = self.format == Format::RequestsJsonl;
                Ok(requests::print(&document.ground(), &all, as_json, out)?)
            }
        }
    }

    fn frames(
        &self,
        document: &Document,
        progress: &Progress,
        windows: Windows,
        printer: &dyn Printer,
        out: &mut dyn Write,
    ) -> Outcome {
        if let Some(number) = self.frame {
            return one_frame(document, number, printer, out);
        }
        let mut failed = Ok(());
        let mut put = |text: String| {
            failed = out.write_all(text.as_bytes());
            failed.is_ok()
        };
        if let Some(expression) = &self.filter {
            let filter = filters::read(expression)?;
            document.ground().each_row(
                &filter,
                progress,
                |scene, frames| {
                    let mut text = String::new();
                    for id in frames {
                        printer.print(scene, id.0..id.0 + 1, &mut text);
                    }
                    text
                },
                put,
            );
            return failed.map_err(Into::into);
        }
        let print = |scene: &Dissection<'_>, frames: Range<u32>| {
            let mut text = String::new();
            printer.print(scene, frames, &mut text);
            text
        };
        if self.fields.is_empty() && self.format == Format::Rows {
            sweep_rows(document, windows, progress, print, &mut put);
        } else {
            sweep(document, windows, progress, print, &mut put);
        }
        failed.map_err(Into::into)
    }
}

/// Prints one frame; only its connection is read.
fn one_frame(
    document: &Document,
    number: u32,
    printer: &dyn Printer,
    out: &mut dyn Write,
) -> Outcome {
    let count = document.survey.frame_count();
    if number > count {
        let cause = format!("there is no frame {number}: the recording has {count}");
        return Err(Trouble::new(cause, one_of(count as usize)).into());
    }
    let id = FrameId(number - 1);
    let (context, survey) = (document.context(), &document.survey);
    let held = document.conversations().at_frame(id, context, survey);
    let scene = match &held {
        Some(held) => Dissection::of_stretch(context, survey, held),
        None => Dissection::of_headers(context, survey),
    };
    let mut text = String::new();
    printer.print(&scene, id.0..id.0 + 1, &mut text);
    out.write_all(text.as_bytes())?;
    Ok(())
}

/// What a frame says that holds only a part of a message.
fn part_of(completions: &Completions, frame: FrameId) -> Option<String> {
    let done = completions.of(frame)?;
    Some(format!("part of what frame {} completes", done.number()))
}
