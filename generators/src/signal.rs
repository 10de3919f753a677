//! A flag that is raised once and that threads can ask for and tasks can await.

use std::sync::Arc;

use tokio::sync::watch;

/// Asks a run to end before its time. Copies share one flag; once raised it stays raised.
#[derive(Clone, Debug)]
pub struct StopSignal {
    flag: Arc<watch::Sender<bool>>,
}

impl StopSignal {
    /// A signal that is not raised yet.
    pub fn new() -> StopSignal {
        StopSignal { flag: Arc::new(watch::Sender::new(false)) }
    }

    /// Raises it, from any thread. A run that holds it ends with
    /// [`Failure::Stopped`](crate::Failure::Stopped).
    pub fn raise(&self) {
        self.flag.send_replace(true);
    }

    /// Whether it has been raised.
    pub fn is_raised(&self) -> bool {
        *self.flag.borrow()
    }

    /// Returns when it is raised: at once if it already was.
    pub async fn raised(&self) {
        // The sender lives as long as this signal, so waiting cannot fail.
        let _ = self.flag.subscribe().wait_for(|raised| *raised).await;
    }
}

impl Default for StopSignal {
    fn default() -> StopSignal {
        StopSignal::new()
    }
}
