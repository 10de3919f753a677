//! Opens a recording, touches the first 64 bytes of every frame, and says what that cost.
//!
//! `cargo run --release -p wirestage-captures --example traverse -- capture.pcapng`

#![allow(clippy::print_stdout)] // What an example is for.

use std::ops::Range;
use std::time::Instant;

use wirestage_captures::Recording;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;

/// How many frames are read before their pages are given back.
const CHUNK: u32 = 16_384;
/// How many bytes of the file are copied at once: what stays in cache.
const STRETCH: u64 = 1 << 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: traverse FILE")?;
    let start = Instant::now();
    let recording = Recording::open(&path)?;
    let (count, bytes) = (recording.count(), recording.bytes());
    println!("{count} frames, {bytes} bytes: indexed in {:.1?}", start.elapsed());

    let start = Instant::now();
    let mut buffer = Vec::new();
    let (mut sum, mut next) = (0, 0);
    while next < count {
        let part = recording.frames_within(next, STRETCH);
        next = part.end;
        let stretch = recording.stretch(part.clone(), buffer)?;
        sum += touch(&stretch, part);
        buffer = stretch.into_buffer();
    }
    println!("touched by stretches in {:.1?} (sum {sum})", start.elapsed());

    let start = Instant::now();
    let mut sum = 0;
    for part in parts(count, CHUNK) {
        sum += touch(&recording, part.clone());
        recording.release(part);
    }
    println!("touched through the mapping in {:.1?} (sum {sum})", start.elapsed());

    for problem in recording.problems() {
        println!("{problem}");
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
        println!("peak resident memory: {}", line.trim_start_matches("VmHWM:").trim());
    }
    Ok(())
}

/// All frames in parts of at most `size`.
fn parts(count: u32, size: u32) -> impl Iterator<Item = Range<u32>> {
    (0..count).step_by(size as usize).map(move |from| from..count.min(from + size))
}

/// The sum of the first 64 bytes of each frame.
fn touch(frames: &impl Frames, part: Range<u32>) -> u64 {
    part.map(|number| {
        let bytes = frames.frame(FrameId(number)).bytes;
        bytes.iter().take(64).map(|&byte| u64::from(byte)).sum::<u64>()
    })
    .sum()
}
