//! The forwarder: one thread between the ends of the two sides' cables.

use std::io::{self, PipeReader};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::prctl::set_timerslack;
use nix::sys::time::TimeSpec;

use super::end::End;
use super::queue::{Mishap, Queue};
use super::side::Side;
use crate::live::Feed;
use crate::write::Mark;

/// How many frames of one side are taken before those that are due are looked at again.
const TURN: usize = 64;

/// Whether a frame holds an IP packet; others, such as those of ARP, do not cross the link, for
/// all neighbours are told beforehand.
fn is_ip(frame: &[u8], header: usize) -> bool {
    match header {
        0 => true,
        _ => matches!(frame.get(12..14), Some([0x08, 0x00] | [0x86, 0xdd])),
    }
}

/// When something last passed, for those who wait until nothing does.
#[derive(Clone)]
pub(super) struct Activity {
    start: Instant,
    /// Nanoseconds after the start until which something is known to be on its way.
    until: Arc<AtomicU64>,
}

impl Activity {
    pub(super) fn new() -> Self {
        Self { start: Instant::now(), until: Arc::default() }
    }

    /// Something is on its way until then.
    fn lasts(&self, until: Instant) {
        let nanos = until.duration_since(self.start).as_nanos() as u64;
        self.until.fetch_max(nanos, Ordering::AcqRel);
    }

    /// How long nothing has been on its way.
    pub(super) fn quiet(&self) -> Duration {
        let until = Duration::from_nanos(self.until.load(Ordering::Acquire));
        self.start.elapsed().saturating_sub(until)
    }
}

/// Carries frames from either side to the other until the writing end of `stop` is gone.
pub(super) struct Forwarder {
    pub(super) ends: [End; 2],
    pub(super) queue: Queue,
    pub(super) activity: Activity,
    pub(super) feed: Feed,
    pub(super) stop: PipeReader,
}

impl Forwarder {
    /// Carries until it is stopped, or a device is gone; the recording says so then.
    pub(super) fn run(mut self) {
        if let Err(error) = self.carry() {
            self.feed.mark(Mark::now("link", format!("end early: {error}")));
        }
    }

    fn carry(&mut self) -> io::Result<()> {
        // Else the kernel wakes us up to 50 microseconds late to save power. It may refuse.
        let _ = set_timerslack(1);
        let mut frame = Vec::new();
        loop {
            self.deliver();
            if self.wait()? {
                return Ok(());
            }
            for from in Side::BOTH {
                self.take(from, &mut frame)?;
            }
        }
    }

    /// Writes what is due.
    fn deliver(&mut self) {
        while let Some((to, frame)) = self.queue.pop(Instant::now()) {
            if let Some(end) = self.ends.get_mut(to.index()) {
                // A device that does not take a frame, because its queue is full, has lost it.
                let _ = end.write(&frame);
            }
            self.activity.lasts(Instant::now());
        }
    }

    /// Waits for a frame or for one that is due; says whether it is time to stop.
    fn wait(&self) -> io::Result<bool> {
        let until_due = |due: Instant| due.saturating_duration_since(Instant::now());
        let timeout = self.queue.due().map(until_due).map(TimeSpec::from_duration);
        let [client, server] = &self.ends;
        let fds = [client.as_fd(), server.as_fd(), self.stop.as_fd()];
        let mut polled = fds.map(|fd| PollFd::new(fd, PollFlags::POLLIN));
        match ppoll(&mut polled, timeout, None) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
        let [.., stop] = &polled;
        // Nobody writes to it: what comes is its end.
        Ok(stop.any().unwrap_or(false))
    }

    /// Takes what one side has sent.
    fn take(&mut self, from: Side, frame: &mut Vec<u8>) -> io::Result<()> {
        for _ in 0..TURN {
            let Some(end) = self.ends.get_mut(from.index()) else { return Ok(()) };
            let header = end.header();
            if !end.read(frame)? {
                return Ok(());
            }
            if !is_ip(frame, header) {
                continue;
            }
            let now = Instant::now();
            let taken = self.queue.push(from, now, frame, header);
            self.activity.lasts(taken.due.unwrap_or(now));
            for mishap in taken.mishaps {
                self.feed.mark(mark(from, taken.number, mishap, frame.len() - header));
            }
        }
        Ok(())
    }
}

/// What the forwarder did to a packet, in words.
fn mark(from: Side, number: u64, mishap: Mishap, bytes: usize) -> Mark {
    let (what, how) = match mishap {
        Mishap::Lost => ("drop", ""),
        Mishap::Overflow => ("drop", ", for too many are on the way"),
        Mishap::Held => ("hold back", ""),
        Mishap::Stalled => ("hold up", ", and those behind it"),
        Mishap::Twice => ("duplicate", ""),
        Mishap::Dropped => ("drop", ", at a router on the way"),
        Mishap::Stray => ("drop", ", for a middlebox has forgotten its connection"),
    };
    let side = from.name();
    let mut mark = Mark::now("link", format!("{what} packet {number} of the {side}{how}"));
    mark.fields = [
        ("what", what.to_owned()),
        ("side", side.to_owned()),
        ("packet", number.to_string()),
        ("bytes", bytes.to_string()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into();
    mark
}
