//! `wirestage capture`: records what passes an interface, until it is told to stop.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use wirestage_captures::Recording;
use wirestage_captures::live::{Feed, Header, Summary, Tap, record, stop_on_interrupt};
use wirestage_captures::write::SectionHeader;

use super::act::Act;
use super::output;
use super::stop::{Outcome, Stop};
use crate::document::keys::read_key_log;
use crate::record as recording;
use crate::trouble::Trouble;

/// How often a key log is looked at for more.
const LOOK: Duration = Duration::from_millis(20);

/// Records what passes an interface, until Ctrl+C or as long as is said
///
/// This needs the right to capture (root, or the capability cap_net_raw): `wirestage doctor` says
/// what is possible here. For programs that you start yourself, `wirestage run` needs no right.
#[derive(Debug, clap::Args)]
pub(super) struct Capture {
    /// The interface: lo, eth0, any
    #[arg(short, long, value_name = "IF")]
    interface: String,
    /// Only packets that this lets through, in tcpdump's language
    #[arg(short, long, value_name = "BPF")]
    filter: Option<String>,
    /// Where to write pcapng; - is standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// A key log (NSS format) that programs write meanwhile: its keys go into the recording
    #[arg(long, value_name = "LOG")]
    keys: Option<PathBuf>,
    /// Stop after so long: 30s, 5m, 500ms
    #[arg(long, value_name = "T", value_parser = duration)]
    duration: Option<Duration>,
    /// Replace a file that exists
    #[arg(long)]
    force: bool,
}

/// A length of time as people write it.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let units = [("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("min", 60.0), ("h", 3600.0)];
    let end = text.find(|c: char| c.is_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = if unit.is_empty() { "s" } else { unit };
    let seconds = units.iter().find(|(name, _)| *name == unit).map(|(_, seconds)| *seconds);
    let length = number.trim().parse::<f64>().ok().zip(seconds);
    length
        .and_then(|(number, seconds)| Duration::try_from_secs_f64(number * seconds).ok())
        .ok_or_else(|| "a time is a number with ms, s, m or h: 30s".to_owned())
}

impl Act for Capture {
    const NAME: &'static str = "capture";
    const EXAMPLES: &'static str = "  \
  wirestage capture -i lo -o a.pcapng                    until Ctrl+C
  wirestage capture -i eth0 -f 'tcp port 443' --duration 30s -o a.pcapng --keys keys.log
  wirestage capture -i lo | wirestage -                  look at it while it grows";

    fn run(self, out: &mut dyn Write) -> Outcome {
        output::check(&self.output, self.force)?;
        // Before anything starts a thread.
        let stop = stop_on_interrupt();
        let mut tap = Tap::open(&self.interface, self.filter.as_deref()).map_err(refused)?;
        if let Some(duration) = self.duration {
            let stop = Arc::clone(&stop);
            thread::spawn(move || {
                thread::sleep(duration);
                stop.store(true, Ordering::Release);
            });
        }
        let (feed, notes) = Feed::new();
        let keys = self.keys.clone();
        let follower = keys.map(|path| {
            let stop = Arc::clone(&stop);
            thread::spawn(move || follow_keys(&path, &feed, &stop))
        });
        let header = header();
        let to_pipe = self.output == Path::new("-");
        let summary = if to_pipe {
            record(&mut tap, &notes, &stop, &header, &mut *out)
        } else {
            let file = private(&self.output, self.force)?;
            eprintln!(
                "note: recording {} into {}, until Ctrl+C",
                self.interface,
                self.output.display()
            );
            record(&mut tap, &notes, &stop, &header, file)
        };
        stop.store(true, Ordering::Release);
        if let Some(follower) = follower {
            // What it told last was written, or the file below has it.
            let _ = follower.join();
        }
        let summary = summary.map_err(|error| {
            Stop::Work(Trouble::new(error.to_string(), "look at what was kept, and record again"))
        })?;
        if let (Some(keys), false) = (&self.keys, to_pipe) {
            self.with_keys(keys)?;
        }
        if !to_pipe {
            writeln!(out, "{}: {}", self.output.display(), told(summary))?;
        }
        Ok(())
    }
}

impl Capture {
    /// Writes the recording again with all keys ahead of all packets: a program may log a key later
    /// than it uses it.
    fn with_keys(&self, keys: &Path) -> Outcome {
        let Ok(keys) = read_key_log(keys) else { return Ok(()) };
        let recorded = Recording::open(&self.output).map_err(Trouble::from)?;
        Ok(recording::save_with_keys(&recorded, &keys, &self.output)?)
    }
}

fn refused(error: wirestage_captures::live::CaptureError) -> Stop {
    let mend = "run it as root, or give the program the right: wirestage doctor says how; \
                wirestage run records what you start yourself without any";
    Stop::Work(Trouble::new(error.to_string(), mend))
}

/// What was recorded, in half a line.
fn told(summary: Summary) -> String {
    let lost = match summary.dropped {
        0 => String::new(),
        lost => format!(", {lost} lost for want of room"),
    };
    format!("{} packets, {} secrets{lost}", summary.packets, summary.secrets)
}

/// A file that only its owner can read: it may hold keys.
fn private(path: &Path, force: bool) -> Outcome<File> {
    let mut options = OpenOptions::new();
    options.write(true).truncate(true).mode(0o600);
    // A device or a pipe stays what it is.
    let is_new = !force && !path.exists();
    options.create(true).create_new(is_new).open(path).map_err(|error| {
        Stop::Work(Trouble::new(
            format!("{} cannot be written: {error}", path.display()),
            "check that its folder may be written to and has room",
        ))
    })
}

/// Hands on each line that comes to a key log, until the end.
fn follow_keys(path: &Path, feed: &Feed, stop: &AtomicBool) {
    let mut told = 0;
    loop {
        let is_over = stop.load(Ordering::Acquire);
        // It may not be there yet. A line that is not whole yet is told when it is.
        if let Ok(text) = read_key_log(path) {
            let whole = text.rfind('\n').map_or(0, |end| end + 1);
            let fresh = text.get(told..whole).unwrap_or_default();
            fresh.lines().for_each(|line| feed.secret(line));
            told = whole.max(told);
        }
        if is_over {
            return;
        }
        thread::sleep(LOOK);
    }
}

/// What the recording says of who made it.
pub(super) fn header() -> Header {
    Header {
        section: SectionHeader {
            hardware: std::env::consts::ARCH.to_owned(),
            system: std::env::consts::OS.to_owned(),
            application: format!("Wirestage {}", env!("CARGO_PKG_VERSION")),
            comments: Vec::new(),
        },
        ..Header::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let check = |text, millis| assert_eq!(duration(text), Ok(Duration::from_millis(millis)));
        check("30s", 30_000);
        check("5m", 300_000);
        check("500ms", 500);
        check("1.5", 1_500);
        for wrong in ["", "s", "-1s", "1 fortnight", "1e400s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
