//! A program that can die: its sockets and timers are tokio's, and its tasks can all be ended at
//! once.

use std::{
    io,
    net::UdpSocket,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use quinn::{AsyncTimer, AsyncUdpSocket, Runtime, TokioRuntime};
use tokio::task::AbortHandle;

/// What runs the tasks of an end of QUIC.
#[derive(Debug, Default)]
pub(super) struct Mortal {
    tasks: Mutex<Vec<AbortHandle>>,
}

impl Mortal {
    /// Ends all tasks where they stand. Nobody says goodbye to anybody.
    pub(super) fn kill(&self) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.drain(..).for_each(|task| task.abort());
    }
}

impl Runtime for Mortal {
    fn new_timer(&self, at: Instant) -> Pin<Box<dyn AsyncTimer>> {
        TokioRuntime.new_timer(at)
    }

    fn spawn(&self, task: Pin<Box<dyn Future<Output = ()> + Send>>) {
        let task = tokio::spawn(task).abort_handle();
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).push(task);
    }

    fn wrap_udp_socket(&self, socket: UdpSocket) -> io::Result<Arc<dyn AsyncUdpSocket>> {
        TokioRuntime.wrap_udp_socket(socket)
    }

    fn now(&self) -> Instant {
        TokioRuntime.now()
    }
}
