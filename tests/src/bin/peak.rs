//! Shows every row of a recording as `wirestage show` does, and says how much memory that took:
//! the last row on standard output, `peak BYTES` on standard error.
//!
//! A process of its own, for the peak of a test run is everybody's.

use std::io::Write;
use std::path::{Path, PathBuf};

use wirestage::cli::show::{Beside, Format, Show};
use wirestage::document::{Called, Opening, Progress, Windows};

/// Keeps only the last line written.
#[derive(Default)]
struct Last {
    line: Vec<u8>,
    ended: bool,
}

impl Write for Last {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        for byte in bytes {
            if std::mem::replace(&mut self.ended, *byte == b'\n') {
                self.line.clear();
            }
            self.line.push(*byte);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn main() {
    let path = std::env::args_os().nth(1).expect("a recording");
    let document = wirestage_tests::open(Path::new(&path), Opening::default());
    let show = Show {
        files: vec![PathBuf::from(&path)],
        beside: Beside::default(),
        frame: None,
        format: Format::Rows,
        fields: Vec::new(),
        filter: None,
        hosts: Called::Addresses,
    };
    let mut last = Last::default();
    show.print(&document, &Progress::new(), Windows::default(), &mut last).expect("rows");
    std::io::stdout().write_all(&last.line).expect("standard output");
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes =
        peak.and_then(|text| text.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    eprintln!("peak {}", kilobytes.expect("a figure") * 1024);
}
