//! Plays the parts of a scenario: a thread and a runtime for each role, as if each were a program
//! of its own.
//!
//! Roles that share a thread would take turns, and a recording would show the turns instead of the
//! protocol. On threads of their own they wait for nothing but each other's packets.

use std::{net::SocketAddr, pin::Pin, thread};

use tokio::sync::oneshot;

use crate::{
    Entry, Failure, Guest, Stage, StopSignal, Transcript,
    actor::Actor,
    tls::{Authority, Identity, Trust},
    web,
};

/// What one role plays, from its first socket to its last.
pub(crate) struct Part {
    role: &'static str,
    play: Play,
}

type Play = Box<dyn FnOnce(Actor) -> Playing + Send>;
type Playing = Pin<Box<dyn Future<Output = Result<(), Failure>>>>;

impl Part {
    /// `play` is called on the role's own thread; what it returns need not be able to move to
    /// another.
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
            Err(cause) => Err(Failure::Io { role, doing: "start a thread".to_owned(), cause }),
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

/// Plays a server, and a client that is told where it listens: what most scenarios are made of.
/// Where another program plays one of them, the other is played alone.
pub(crate) fn server_and_client<S, C>(
    stage: &Stage,
    server: impl FnOnce(Actor, oneshot::Sender<SocketAddr>) -> S + Send + 'static,
    client: impl FnOnce(Actor, oneshot::Receiver<SocketAddr>) -> C + Send + 'static,
) -> Result<Transcript, Failure>
where
    S: Future<Output = Result<(), Failure>> + 'static,
    C: Future<Output = Result<(), Failure>> + 'static,
{
    let (listening, server_address) = oneshot::channel();
    match stage.guest() {
        None => perform(
            stage,
            [
                Part::new("server", |actor| server(actor, listening)),
                Part::new("client", |actor| client(actor, server_address)),
            ],
        ),
        Some(Guest::Client) => {
            let played = perform(stage, [Part::new("server", |actor| server(actor, listening))]);
            // Somebody has to be there to be told.
            drop(server_address);
            played
        }
        Some(Guest::Server(address)) => {
            // The other end is right here.
            let _ = listening.send(address);
            perform(stage, [Part::new("client", |actor| client(actor, server_address))])
        }
    }
}

/// The same with a server that proves itself under [`web::SERVER_NAME`]: long before anyone
/// connects, an authority vouches for it, and the client learns to trust the authority.
pub(crate) fn proven_server_and_client<S, C>(
    stage: &Stage,
    server: impl FnOnce(Actor, Identity, oneshot::Sender<SocketAddr>) -> S + Send + 'static,
    client: impl FnOnce(Actor, Trust, oneshot::Receiver<SocketAddr>) -> C + Send + 'static,
) -> Result<Transcript, Failure>
where
    S: Future<Output = Result<(), Failure>> + 'static,
    C: Future<Output = Result<(), Failure>> + 'static,
{
    let authority = Authority::new()?;
    let identity = authority.issue(web::SERVER_NAME)?;
    let trust = authority.trust()?;
    server_and_client(
        stage,
        |actor, listening| server(actor, identity, listening),
        |actor, server_address| client(actor, trust, server_address),
    )
}

/// The same where the client proves itself, too: another authority vouches for clients, and each
/// side believes the one it needs.
pub(crate) fn mutually_proven<S, C>(
    stage: &Stage,
    server: impl FnOnce(Actor, Identity, Trust, oneshot::Sender<SocketAddr>) -> S + Send + 'static,
    client: impl FnOnce(Actor, Identity, Trust, oneshot::Receiver<SocketAddr>) -> C + Send + 'static,
) -> Result<Transcript, Failure>
where
    S: Future<Output = Result<(), Failure>> + 'static,
    C: Future<Output = Result<(), Failure>> + 'static,
{
    let clients = Authority::called("Wirestage Clients")?;
    let own = clients.issue_to_client("client.wirestage.test")?;
    let known = clients.trust()?;
    proven_server_and_client(
        stage,
        |actor, identity, listening| server(actor, identity, known, listening),
        |actor, trust, server_address| client(actor, own, trust, server_address),
    )
}

/// Plays one part on the current thread, until it ends or has to.
fn play(stage: &Stage, part: Part, mut curtain: Curtain) -> Result<Vec<Entry>, Failure> {
    let Part { role, play } = part;
    let actor = Actor::new(stage.clone(), role);
    // Sockets stay in the network in which they were opened, so this comes before the first.
    stage.enter(role).map_err(|source| actor.cannot("enter its network", source))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| actor.cannot("start a runtime", source))?;
    let limit = stage.limit();
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

#[cfg(test)]
mod tests {
    use std::{
        future::pending,
        io,
        sync::{Arc, Mutex},
        thread::ThreadId,
        time::Duration,
    };

    use super::*;
    use crate::{Group, Role, Scenario, stage::Door, steps};

    /// A scenario that lends its name and limit to parts of the test's own. It is never run.
    const fn rehearsal(limit: Duration) -> Scenario {
        Scenario {
            name: "rehearsal",
            group: Group::Transport,
            title: "",
            teaches: "",
            roles: &[Role::CLIENT, Role::SERVER],
            knobs: &[],
            link: None,
            limit,
            run: |_| Ok(Transcript::default()),
        }
    }

    /// A stage on which nothing takes long enough to meet the limit.
    fn stage() -> Stage {
        static SCENARIO: Scenario = rehearsal(Duration::from_secs(600));
        Stage::builder(&SCENARIO).build().unwrap()
    }

    /// A part that would play for ever.
    fn endless(role: &'static str) -> Part {
        Part::new(role, |_| pending())
    }

    #[test]
    fn what_both_roles_said_is_one_transcript() {
        let speak = |role| {
            Part::new(role, async |actor: Actor| {
                actor.say(steps::tcp_closed("client"));
                Ok(())
            })
        };
        let transcript = perform(&stage(), [speak("server"), speak("client")]).unwrap();
        let roles: Vec<_> = transcript.entries.iter().map(|entry| entry.role.as_str()).collect();
        assert_eq!(roles, ["client", "server"]);
    }

    #[test]
    fn each_role_enters_its_network_on_its_own_thread_before_it_plays() {
        let entered: Arc<Mutex<Vec<(&str, ThreadId)>>> = Arc::default();
        let door = Arc::clone(&entered);
        static SCENARIO: Scenario = rehearsal(Duration::from_secs(600));
        let builder = Stage::builder(&SCENARIO).patience(Duration::from_secs(1));
        let stage = builder
            .door(Arc::new(move |role| {
                door.lock().unwrap().push((role, thread::current().id()));
                Ok(())
            }))
            .build()
            .unwrap();
        assert_eq!(stage.limit(), Duration::from_secs(601));
        let plays = |role: &'static str| {
            let entered = Arc::clone(&entered);
            Part::new(role, async move |_| {
                let here = (role, thread::current().id());
                assert!(entered.lock().unwrap().contains(&here), "{role} plays outside");
                Ok(())
            })
        };
        perform(&stage, [plays("server"), plays("client")]).unwrap();
        assert_eq!(entered.lock().unwrap().len(), 2);

        let closed: Door = Arc::new(|_| Err(io::ErrorKind::PermissionDenied.into()));
        let stage = Stage::builder(&SCENARIO).door(closed).build().unwrap();
        let failure = perform(&stage, [endless("server"), endless("client")]).unwrap_err();
        assert!(failure.to_string().contains("could not enter its network"), "{failure}");
    }

    #[test]
    fn a_guest_leaves_the_other_part_to_be_played_alone() {
        static SCENARIO: Scenario = rehearsal(Duration::from_secs(600));
        let address = SocketAddr::from(([127, 0, 0, 2], 7));
        for (guest, expected) in [(Guest::Client, ["server"]), (Guest::Server(address), ["client"])]
        {
            let stage = Stage::builder(&SCENARIO).guest(guest).build().unwrap();
            let transcript = server_and_client(
                &stage,
                async move |actor: Actor, listening: oneshot::Sender<SocketAddr>| {
                    listening.send(address).map_err(|_| actor.expected("a listener", "none"))?;
                    actor.say(steps::tcp_closed("client"));
                    Ok(())
                },
                async move |actor: Actor, server_address: oneshot::Receiver<SocketAddr>| {
                    assert_eq!(actor.hear(server_address).await?, address);
                    actor.say(steps::tcp_closed("server"));
                    Ok(())
                },
            );
            let entries = transcript.unwrap().entries;
            let roles: Vec<_> = entries.iter().map(|entry| entry.role.as_str()).collect();
            assert_eq!(roles, expected);
        }
    }

    #[test]
    fn a_role_that_fails_ends_the_others_and_gives_the_reason() {
        let fails =
            Part::new("client", async |actor: Actor| Err(actor.expected("an answer", "none came")));
        let failure = perform(&stage(), [endless("server"), fails]).unwrap_err();
        assert_eq!(failure.to_string(), "client expected an answer, but none came");
    }

    #[test]
    fn a_role_that_panics_ends_the_others() {
        let panics = Part::new("client", async |_| panic!("on purpose"));
        let failure = perform(&stage(), [endless("server"), panics]).unwrap_err();
        assert!(matches!(failure, Failure::Panicked { role: "client" }), "{failure:?}");
    }

    #[test]
    fn a_run_without_an_end_is_ended_by_its_limit() {
        static SCENARIO: Scenario = rehearsal(Duration::from_millis(1));
        let stage = Stage::builder(&SCENARIO).build().unwrap();
        let failure = perform(&stage, [endless("server"), endless("client")]).unwrap_err();
        assert!(matches!(failure, Failure::TimedOut { .. }), "{failure:?}");
    }
}
