//! Opens a recording, touches the first 64 bytes of every frame, and says what that cost.
//!
//! `cargo run --release -p wirestage-captures --example traverse -- capture.pcapng`

#![allow(clippy::print_stdout)] // What an example is for.

use std::time::Instant;

use wirestage_captures::Recording;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;

/// How many frames are read before their pages are given back.
const CHUNK: u32 = 16_384;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: traverse FILE")?;
    let start = Instant::now();
    let recording = Recording::open(&path)?;
    let indexed = start.elapsed();

    for chunk in [256, 1024, 2048, 4096, 16384] {
        let start = Instant::now();
        let (mut sum, mut from, mut buffer) = (0_u64, 0, Vec::new());
        while from < recording.count() {
            let to = recording.count().min(from + chunk);
            let stretch = recording.stretch(from..to, buffer)?;
            for number in from..to {
                let bytes = stretch.frame(FrameId(number)).bytes;
                sum += bytes.iter().take(64).map(|&b| u64::from(b)).sum::<u64>();
            }
            buffer = stretch.into_buffer();
            from = to;
        }
        println!("copied by {chunk}: {:.1?} (sum {sum})", start.elapsed());
    }

    let start = Instant::now();
    let (mut sum, mut from) = (0_u64, 0);
    while from < recording.count() {
        let to = recording.count().min(from + CHUNK);
        for number in from..to {
            let bytes = recording.frame(FrameId(number)).bytes;
            sum += bytes.iter().take(64).map(|&b| u64::from(b)).sum::<u64>();
        }
        recording.release(from..to);
        from = to;
    }
    println!(
        "{} frames, {} bytes: indexed in {indexed:.1?}, touched in {:.1?} (sum {sum})",
        recording.count(),
        recording.bytes(),
        start.elapsed()
    );
    for problem in recording.problems() {
        println!("{problem}");
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
        println!("peak resident memory: {}", line.trim_start_matches("VmHWM:").trim());
    }
    Ok(())
}
