//! `wirestage capture`: records what passes an interface, until it is told to stop.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use wirestage_captures::Recording;
use wirestage_captures::live::{
    CaptureError, Feed, Header, Summary, Tap, helper, record, record_in, stop_on_interrupt,
};
use wirestage_captures::write::SectionHeader;
use wirestage_dissectors::frames::Frames as _;

use super::act::Act;
use super::output;
use super::ring::Ring;
use super::stop::{Outcome, Stop};
use crate::document::keys::read_key_log;
use crate::private;
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
    /// Write one file after another, and keep the last so many: a_00001.pcapng, a_00002.pcapng, …
    ///
    /// Each is a whole recording; wirestage a_*.pcapng reads all that are there as one.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    ring: Option<u32>,
    /// How large a file of the ring gets: 100M, 500K, 2G
    #[arg(long, value_name = "SIZE", default_value = "100M", value_parser = size, requires = "ring")]
    file_size: u64,
    /// Replace a file that exists
    #[arg(long)]
    force: bool,
}

/// A number of bytes as people write it.
fn size(text: &str) -> Result<u64, String> {
    let units = [("", 1), ("K", 1_000), ("M", 1_000_000), ("G", 1_000_000_000)];
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = unit.trim().to_uppercase();
    let unit = unit.strip_suffix('B').unwrap_or(&unit);
    let factor = units.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
    let bytes = number.parse::<u64>().ok().zip(factor);
    bytes
        .and_then(|(number, factor)| number.checked_mul(factor))
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| "a size is a number with K, M or G: 100M".to_owned())
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
  wirestage capture -i any --ring 10 --file-size 50M -o a.pcapng   the last 500 MB
  wirestage capture -i lo | wirestage -                  look at it while it grows";

    fn run(self, out: &mut dyn Write) -> Outcome {
        let mut ring = self.ring.map(|files| Ring::new(&self.output, files, self.file_size));
        match &ring {
            Some(_) if self.output == Path::new("-") => {
                return Err(Stop::wrong(
                    "a ring is of files, and standard output is none",
                    "name the files with -o a.pcapng",
                ));
            }
            Some(ring) => output::check(&ring.path(), self.force)?,
            None => output::recording(&self.output, self.force)?,
        }
        // Before anything starts a thread.
        let stop = stop_on_interrupt();
        let tap = match (Tap::open(&self.interface, self.filter.as_deref()), helper(None)) {
            (Err(CaptureError::Open { .. }), Some(helper)) if ring.is_none() => Err(helper),
            (tap, _) => Ok(tap.map_err(refused)?),
        };
        if let Some(duration) = self.duration {
            let stop = Arc::clone(&stop);
            thread::spawn(move || {
                thread::sleep(duration);
                stop.store(true, Ordering::Release);
            });
        }
        let mut tap = match tap {
            Ok(tap) => tap,
            Err(helper) => return self.by_helper(&helper, &stop, out),
        };
        let (feed, notes) = Feed::new();
        let keys = self.keys.clone();
        let follower = keys.map(|path| {
            let stop = Arc::clone(&stop);
            thread::spawn(move || follow_keys(&path, &feed, &stop))
        });
        let header = header();
        let to_pipe = self.output == Path::new("-");
        let note = |path: &Path| {
            eprintln!("note: recording {} into {}, until Ctrl+C", self.interface, path.display());
        };
        let summary = if to_pipe {
            record(&mut tap, &notes, &stop, &header, &mut *out)
        } else if let Some(ring) = &mut ring {
            let file = private::open(&ring.path(), self.force)?;
            note(&ring.path());
            let mut next = |bytes| ring.next(bytes);
            record_in(&mut tap, &notes, &stop, &header, (file, &mut next))
        } else {
            let file = private::open(&self.output, self.force)?;
            note(&self.output);
            record(&mut tap, &notes, &stop, &header, file)
        };
        stop.store(true, Ordering::Release);
        if let Some(follower) = follower {
            // What it told last was written, or the file below has it.
            let _ = follower.join();
        }
        let summary = summary.map_err(Trouble::from)?;
        let files = ring.map_or_else(|| vec![self.output.clone()], |ring| ring.files());
        if let (Some(keys), false) = (&self.keys, to_pipe) {
            files.iter().try_for_each(|file| with_keys(keys, file))?;
        }
        if !to_pipe {
            let name = files.last().unwrap_or(&self.output).display();
            let before = match files.len() - 1 {
                0 => String::new(),
                count => format!(" and {count} before it"),
            };
            writeln!(out, "{name}{before}: {}", told(summary))?;
        }
        Ok(())
    }
}

impl Capture {
    /// Lets the helper capture, which may where this program may not.
    fn by_helper(&self, helper: &Path, stop: &AtomicBool, out: &mut dyn Write) -> Outcome {
        let to_pipe = self.output == Path::new("-");
        if to_pipe && self.keys.is_some() {
            return Err(Stop::wrong(
                "the helper that captures here puts no keys into a pipe",
                "write into a file with -o, or give them to who reads: wirestage show - --keys LOG",
            ));
        }
        let was_there = self.output.exists();
        let stdout = match to_pipe {
            true => Stdio::inherit(),
            false => Stdio::from(private::open(&self.output, self.force)?),
        };
        let mut command = Command::new(helper);
        command.arg(&self.interface).args(self.filter.iter()).stdin(Stdio::piped()).stdout(stdout);
        let ended = last_words(command.stderr(Stdio::piped()), stop);
        let trouble = match ended {
            Ok(None) => None,
            Ok(Some(words)) => Some(words),
            Err(error) => Some(Trouble::new(
                format!("{} failed: {error}", helper.display()),
                "check that it may be started",
            )),
        };
        if let Some(trouble) = trouble {
            // Nothing came: no empty file stays in the way of the next try.
            if !to_pipe && !was_there && self.output.metadata().is_ok_and(|file| file.len() == 0) {
                let _ = std::fs::remove_file(&self.output);
            }
            return Err(trouble.into());
        }
        if let (Some(keys), false) = (&self.keys, to_pipe) {
            with_keys(keys, &self.output)?;
        }
        if !to_pipe {
            let recorded = Recording::open(&self.output).map_err(Trouble::from)?;
            let (name, count) = (self.output.display(), recorded.count());
            writeln!(out, "{name}: {count} packets, by {}", helper.display())?;
        }
        Ok(())
    }
}

/// Runs the helper until it ends or is to stop; what it says of its failure, where it fails.
fn last_words(command: &mut Command, stop: &AtomicBool) -> std::io::Result<Option<Trouble>> {
    let mut child = command.spawn()?;
    while child.try_wait()?.is_none() {
        if stop.load(Ordering::Acquire) {
            // It ends when its input does.
            drop(child.stdin.take());
        }
        thread::sleep(LOOK);
    }
    let ended = child.wait_with_output()?;
    let otherwise = || Trouble::new("the helper that captures failed", "wirestage doctor");
    let said = || Trouble::printed(&String::from_utf8_lossy(&ended.stderr));
    Ok((!ended.status.success()).then(|| said().unwrap_or_else(otherwise)))
}

/// Writes a recording again with all keys ahead of all packets: a program may log a key later than
/// it uses it.
fn with_keys(keys: &Path, file: &Path) -> Outcome {
    let Ok(keys) = read_key_log(keys) else { return Ok(()) };
    let recorded = Recording::open(file).map_err(Trouble::from)?;
    Ok(recording::save_with_keys(&recorded, &keys, file)?)
}

/// Why there is no tap. Only of an interface that cannot be opened the right may be missing.
fn refused(error: CaptureError) -> Stop {
    let mend = match &error {
        CaptureError::Open { .. } => {
            "run it as root, or give the program the right: wirestage doctor says how; \
             wirestage run records what you start yourself without any"
                .into()
        }
        other => other.mend(),
    };
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
    Header { section: SectionHeader::ours(Vec::new()), ..Header::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        let check = |text, bytes| assert_eq!(size(text), Ok(bytes), "{text}");
        check("100M", 100_000_000);
        check("5 kB", 5_000);
        check("2g", 2_000_000_000);
        check("512", 512);
        for wrong in ["", "M", "0", "-1M", "1T", "99999999999G"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

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
