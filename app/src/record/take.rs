//! The parent: a recording that is being made, seen from outside.

use std::ffi::OsString;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use wirestage_captures::Recording;
use wirestage_captures::lab::{self, Ended, LabError, LiveSource};
use wirestage_dissectors::frames::Frames;

use super::setup::Setup;
use crate::trouble::Trouble;

/// How long a child that was asked to stop may take before it is killed.
const GRACE: Duration = Duration::from_secs(2);

/// How a recording stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It goes on.
    Running,
    /// The scenario reached its end.
    Done,
    /// It was stopped because somebody asked for it.
    Cancelled,
    /// The child ended before its time; what it had written is kept.
    Early {
        /// How, in a sentence.
        why: String,
    },
    /// The scenario, or the recording of it, failed; what was written until then is kept.
    Failed(Trouble),
}

/// A scenario that is being recorded by a child process. Dropping it kills the child.
pub struct Take {
    recording: Arc<Recording>,
    /// Gone once a child that did not stop was killed.
    source: Option<LiveSource>,
    woken: Receiver<()>,
    /// When it was asked to stop.
    cancelled: Option<Instant>,
}

/// Starts to record. `wake` is called from another thread whenever something came, and at the
/// end.
///
/// # Errors
/// Where a knob or a setting of the link is wrong, this machine allows no recording, or the child
/// cannot be started.
pub fn start(setup: &Setup, wake: impl Fn() + Send + 'static) -> Result<Take, Trouble> {
    setup.check()?;
    let way = lab::probe();
    let stands_apart = setup.link()?.is_some() || setup.scenario.stands_apart();
    if let (true, lab::Way::HostLoopback { because }) = (stands_apart, &way) {
        return Err(Trouble::new(
            format!(
                "{} needs private networks, which cannot be had here. {}",
                setup.between(),
                because.cause
            ),
            &because.mend,
        ));
    }
    launch((setup.program.as_deref(), false), setup.arguments(), &way, wake)
}

/// Starts a program with these arguments in the lab: this program itself, where no other is named.
/// Where that is asked for, it gets input and outputs of this one for the programs that it starts.
pub(super) fn launch(
    (program, lends): (Option<&Path>, bool),
    arguments: Vec<OsString>,
    way: &lab::Way,
    wake: impl Fn() + Send + 'static,
) -> Result<Take, Trouble> {
    let mut command = own(program, arguments);
    let lent = lends.then(|| lab::streams::lend(&mut command)).transpose();
    // Without them the programs are silent, and recorded all the same.
    let _lent = lent.unwrap_or_default();
    Take::with(wake, |wake| lab::spawn(command, way, wake))
}

/// A call of this program itself, where no other is named.
pub(super) fn own(program: Option<&Path>, arguments: Vec<OsString>) -> Command {
    // Also where its file was replaced since it started.
    let program = program.unwrap_or(Path::new("/proc/self/exe"));
    let mut command = Command::new(program);
    command.arg0("wirestage").args(arguments);
    command
}

/// What calls the window from another thread.
type Woken = Box<dyn Fn() + Send>;

impl Take {
    /// What comes over a pipe, as it comes.
    ///
    /// # Errors
    /// Where there is no room for it.
    pub fn of_reader(
        reader: impl Read + Send + 'static,
        wake: impl Fn() + Send + 'static,
    ) -> Result<Self, Trouble> {
        Self::with(wake, |wake| LiveSource::from_reader(reader, wake).map_err(LabError::Spool))
    }

    /// What a source brings that is told whom to wake.
    pub(super) fn with(
        wake: impl Fn() + Send + 'static,
        start: impl FnOnce(Woken) -> Result<LiveSource, LabError>,
    ) -> Result<Self, Trouble> {
        let (sender, woken) = channel();
        let source = start(Box::new(move || {
            // The take may be gone; then nobody waits.
            let _ = sender.send(());
            wake();
        }))?;
        let recording = Arc::clone(source.recording());
        Ok(Self { recording, source: Some(source), woken, cancelled: None })
    }

    /// What has come so far. It can be read while it grows.
    #[must_use]
    pub const fn recording(&self) -> &Arc<Recording> {
        &self.recording
    }

    /// Looks for new frames and says how many there are now.
    ///
    /// # Errors
    /// Where what the child writes is no recording.
    pub fn frames(&self) -> Result<u32, Trouble> {
        self.recording.refresh()?;
        Ok(self.recording.count())
    }

    /// How it stands. Once it has been asked to stop, call this now and then: it kills a child
    /// that does not.
    pub fn state(&mut self) -> State {
        let Some(source) = &self.source else { return State::Cancelled };
        match (source.ended(), self.cancelled) {
            (None, Some(since)) if since.elapsed() >= GRACE => {
                self.source = None;
                State::Cancelled
            }
            (None, _) => State::Running,
            (Some(_), Some(_)) => State::Cancelled,
            (Some(Ended::Done), None) => State::Done,
            (Some(Ended::Early { why }), None) => match Trouble::printed(why) {
                Some(trouble) => State::Failed(trouble),
                None => State::Early { why: why.clone() },
            },
        }
    }

    /// Asks it to stop. Does not wait.
    pub fn cancel(&mut self) {
        self.cancelled.get_or_insert_with(Instant::now);
        if let Some(source) = &mut self.source {
            source.stop();
        }
    }

    /// Waits for the end, and takes in the last frames.
    ///
    /// # Errors
    /// Where what the child wrote is no recording.
    pub fn wait(&mut self) -> Result<State, Trouble> {
        loop {
            match self.state() {
                State::Running => {}
                // A child that failed early may have written nothing that can be read.
                failed @ State::Failed(_) => {
                    let _ = self.recording.refresh();
                    return Ok(failed);
                }
                ended => return self.frames().map(|_| ended),
            }
            match self.woken.recv_timeout(GRACE) {
                Ok(()) | Err(RecvTimeoutError::Timeout) => {}
                // The thread that wakes has ended, and so has everything it waited for.
                Err(RecvTimeoutError::Disconnected) => std::thread::yield_now(),
            }
        }
    }
}
