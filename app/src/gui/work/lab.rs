//! Recordings out of the lab: the recorder that the program itself uses.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::Wake;
use super::live::{Begun, LiveWanted, Origin};
use super::record::{Recorded, Recorder, Wanted};
use crate::document::Progress;
use crate::record::{Programs, Setup, State, Take, save, start};
use crate::trouble::Trouble;

/// How often a take is looked at, besides whenever something came.
const LOOK: Duration = Duration::from_millis(20);

/// Plays scenarios in the lab, in a child process of this program.
#[derive(Debug, Default)]
pub struct Lab {
    /// The program to start as the child, where that is not the one that runs.
    pub program: Option<PathBuf>,
}

impl Recorder for Lab {
    fn record(
        &self,
        wanted: &Wanted,
        progress: &Progress,
        changed: &Wake,
    ) -> Result<Option<Recorded>, Trouble> {
        let setup = Setup {
            knobs: wanted.knobs.clone(),
            link: wanted.link.clone(),
            program: self.program.clone(),
            ..Setup::of(wanted.scenario)
        };
        let wake = Arc::clone(changed);
        let mut take = start(&setup, move || wake())?;
        let early = match watch(&mut take, progress)? {
            State::Failed(trouble) => return Err(trouble),
            State::Cancelled => return Ok(None),
            State::Early { why } => Some(why),
            State::Running | State::Done => None,
        };
        progress.set(u64::from(take.frames()?), 0);
        save(take.recording(), &wanted.path)?;
        Ok(Some(Recorded { path: wanted.path.clone(), ended_early: early }))
    }

    fn listen(&self, wanted: &LiveWanted) -> Result<Begun, Trouble> {
        let program = self.program.as_deref();
        match &wanted.origin {
            Origin::Interface(listen) => {
                let take = listen.start(program, || {})?;
                Ok(Begun { take, keys: wanted.keys.clone(), kept: None })
            }
            Origin::Programs { server, command } => {
                let kept = tempfile::NamedTempFile::new()
                    .map_err(|error| Trouble::without_room(&error))?;
                let keys = kept.path().to_path_buf();
                let programs = Programs {
                    servers: server.iter().cloned().collect(),
                    command: ["sh".into(), "-c".into(), command.into()].into(),
                    keys: keys.clone(),
                };
                let take = programs.start_as(program, || {})?;
                Ok(Begun { take, keys: Some(keys), kept: Some(kept) })
            }
        }
    }
}

/// Counts frames until it has ended, one way or another.
fn watch(take: &mut Take, progress: &Progress) -> Result<State, Trouble> {
    loop {
        if progress.is_cancelled() {
            take.cancel();
        }
        match take.state() {
            State::Running => {}
            ended => return Ok(ended),
        }
        progress.set(u64::from(take.frames()?), 0);
        thread::sleep(LOOK);
    }
}
