//! Plays the parts of a scenario: a thread and a runtime for each role, as if each were a program of its own.
//!
//! Roles that share a thread would take turns, and a recording would show the turns instead of the
//! protocol. On threads of their own they wait for nothing but each other's packets.

use std::{pin::Pin, thread};

use crate::{Entry, Failure, Stage, StopSignal, Transcript, actor::Actor};

/// What one role plays, from its first socket to its last.
pub(crate) struct Part {
    role: &'static str,
    play: Play,
}

type Play = Box<dyn FnOnce(Actor) -> Playing + Send>;
type Playing = Pin<Box<dyn Future<Output = Result<(), Failure>>>>;

impl Part {
    /// `play` is called on the role's own thread; what it returns need not be able to move to another.
    pub(crate) fn new<F>(role: &'static str, play: impl FnOnce(Actor) -> F + Send + 'static) -> Part
    where
        F: Future<Output = Result<(), Failure>> + 'static,
    {
        Part { role, play: Box::new(move |actor| Box::pin(play(actor))) }
    }
}

/// Plays all parts at once and waits for the last. When one fails, the others are ended too.
pub(crate) fn perform<const N: usize>(
    stage: &Stage,
    parts: [Part; N],
) -> Result<Transcript, Failure> {
    let curtain = StopSignal::new();
    let outcomes = thread::scope(|scope| {
        let threads = parts.map(|part| {
            let curtain = Curtain { falls: curtain.clone(), kept_up: false };
            let role = part.role;
            let thread = thread::Builder::new()
                .name(role.to_owned())
                .spawn_scoped(scope, move || play(stage, part, curtain));
            (role, thread)
        });
        threads.map(|(role, thread)| match thread {
            Ok(thread) => thread.join().unwrap_or(Err(Failure::Panicked { role })),
            Err(source) => Err(Failure::Io { role, doing: "start a thread".to_owned(), source }),
        })
    });
    let mut entries = Vec::new();
    let mut failures = Vec::new();
    for outcome in outcomes {
        match outcome {
            Ok(said) => entries.extend(said),
            Err(failure) => failures.push(failure),
        }
    }
    // A role that was left alone is not the reason; the one that left is.
    failures.sort_by_key(Failure::is_consequence);
    match failures.into_iter().next() {
        Some(failure) => Err(failure),
        None => Ok(Transcript::new(entries)),
    }
}

/// Plays one part on the current thread, until it ends or has to.
fn play(stage: &Stage, part: Part, mut curtain: Curtain) -> Result<Vec<Entry>, Failure> {
    let Part { role, play } = part;
    let actor = Actor::new(stage.clone(), role);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| actor.cannot("start a runtime", source))?;
    let limit = stage.scenario().limit;
    runtime.block_on(async {
        let playing = play(actor.clone());
        tokio::select! {
            biased;
            () = stage.stop().raised() => Err(Failure::Stopped),
            outcome = playing => outcome,
            () = curtain.falls.raised() => Err(Failure::Deserted { role }),
            () = tokio::time::sleep(limit) => Err(Failure::TimedOut { role, limit }),
        }
    })?;
    curtain.kept_up = true;
    Ok(actor.said())
}

/// Ends the other roles when this one does not reach its end: on failure and on panic alike.
struct Curtain {
    falls: StopSignal,
    kept_up: bool,
}

impl Drop for Curtain {
    fn drop(&mut self) {
        if !self.kept_up {
            self.falls.raise();
        }
    }
}
