//! Programs of others, as processes that end with the test.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long one handshake may take: nothing waits for as long as that where all is well.
const PATIENCE: Duration = Duration::from_secs(20);

/// Whether a program is there and says its version.
pub(super) fn says_version(program: &str, ask: &str) -> bool {
    let found = Command::new(program).arg(ask).stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

/// A process that is ended with this.
pub(super) struct Running(pub(super) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits for a process that ends by itself.
pub(super) fn ended(mut child: Child) {
    let start = Instant::now();
    while child.try_wait().expect("it can be asked").is_none() {
        assert!(start.elapsed() < PATIENCE, "it does not end");
        std::thread::sleep(Duration::from_millis(10));
    }
}
