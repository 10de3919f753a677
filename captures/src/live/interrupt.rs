//! Ending on Ctrl+C without losing what was recorded: the signal sets a flag.
//!
//! The signals are blocked, and a thread waits for them: nothing runs in the middle of anything
//! else, and no handler has to be written that may hardly do a thing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use nix::sys::signal::{SigSet, Signal};

/// What a terminal and a service manager end programs with.
fn signals() -> SigSet {
    [Signal::SIGINT, Signal::SIGTERM].into_iter().collect()
}

/// A flag that the first such signal sets; the second one ends the program. Call it before any
/// thread starts: threads and programs that are started later do not hear the signals.
#[must_use]
pub fn stop_on_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    if signals().thread_block().is_err() {
        // The signals then end the program, as ever.
        return stop;
    }
    let flag = Arc::clone(&stop);
    thread::spawn(move || {
        while signals().wait().is_ok() {
            if flag.swap(true, Ordering::AcqRel) {
                // As a shell says it of a program that an interrupt ended.
                std::process::exit(130);
            }
        }
    });
    stop
}

/// Hears the signals again, in a program that was started by one which does not.
pub fn hear_interrupts() {
    // Where that fails, the program that started this one still ends it.
    let _ = signals().thread_unblock();
}
