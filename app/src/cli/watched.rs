//! How far long work is, in a line on the terminal that goes again when the work is done.

use std::io::{IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::document::Progress;

/// Work that is done sooner is not spoken of.
const SOON: Duration = Duration::from_secs(1);
/// How often the line is written anew.
const EACH: Duration = Duration::from_millis(200);

/// Does some work, and says on standard error how far it is where that is a terminal.
pub(super) fn watched<T>(what: &str, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::new();
    if !std::io::stderr().is_terminal() {
        return work(&progress);
    }
    std::thread::scope(|scope| {
        // The channel closes when the work is done, however that ends.
        let (_working, done) = channel::<()>();
        let watched = &progress;
        scope.spawn(move || {
            let begun = Instant::now();
            let mut is_told = false;
            while done.recv_timeout(EACH) == Err(RecvTimeoutError::Timeout) {
                if begun.elapsed() >= SOON {
                    is_told = true;
                    tell(&format!("\r\x1b[K{}", line(what, watched.get())));
                }
            }
            if is_told {
                tell("\r\x1b[K");
            }
        });
        work(&progress)
    })
}

/// Writes to the terminal; what cannot be written there is no loss.
fn tell(text: &str) {
    let mut terminal = std::io::stderr().lock();
    let _ = terminal.write_all(text.as_bytes()).and_then(|()| terminal.flush());
}

/// What the line says of so many that are done, of all.
fn line(what: &str, (done, all): (u64, u64)) -> String {
    match all {
        0 | 1 => format!("{what} … Ctrl+C stops it"),
        _ => format!("{what}: {} of {all} … Ctrl+C stops it", (done + 1).min(all)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_counts_what_is_at_hand() {
        assert_eq!(line("drawing", (0, 0)), "drawing … Ctrl+C stops it");
        assert_eq!(line("drawing", (0, 8)), "drawing: 1 of 8 … Ctrl+C stops it");
        assert_eq!(line("drawing", (8, 8)), "drawing: 8 of 8 … Ctrl+C stops it");
        assert_eq!(watched("nothing", |progress| progress.get()), (0, 0));
    }
}
