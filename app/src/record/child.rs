//! The child: in the lab it listens on the wire and plays the scenario.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use wirestage_captures::lab::{self, Place};
use wirestage_captures::live::{Feed, Header, record};
use wirestage_captures::write::SectionHeader;
use wirestage_generators::{Failure, PortPolicy, Stage, StopSignal, Transcript};

use super::ground::Ground;
use super::setup::Setup;
use super::sinks::{Keys, Marks};
use crate::document::PREFIX;
use crate::trouble::Trouble;

/// Plays and records to the end, or until standard input ends, and writes pcapng to `out` as it
/// comes. Call it before anything starts a thread.
///
/// # Errors
/// Where the lab cannot be entered, its wire cannot be captured, or the scenario fails. What
/// was recorded until then has been written, and the file says why it ends.
pub fn play(setup: &Setup, out: impl Write) -> Result<(), Trouble> {
    let place = lab::enter()?;
    let (feed, notes) = Feed::new();
    let (ground, mut taps) = Ground::prepare(setup, place, &feed)?;
    let stop = StopSignal::new();
    let stage = stage(setup, &ground, &feed, &stop).map_err(|f| Trouble::from(&f))?;

    let asked = stop.clone();
    lab::when_stdin_ends(move || asked.raise());
    let over = Arc::new(AtomicBool::new(false));
    let curtain = Curtain(Arc::clone(&over));
    let scenario = setup.scenario;
    // It lasts until everything is recorded: with its devices the packets in the taps would go.
    let ground = Arc::new(ground);
    let of_player = Arc::clone(&ground);
    let header = header(setup, &ground);
    let player = thread::spawn(move || {
        // Whatever ends this thread ends the recording.
        let _curtain = curtain;
        let played = (scenario.run)(&stage);
        feed.transcript(last_word(&played));
        if played.is_ok() {
            of_player.settle();
        }
        played
    });
    let recorded = record(&mut taps, &notes, &over, &header, out);
    // Where nobody listens any more there is nothing left to play for.
    stop.raise();
    let played = player.join().unwrap_or(Err(Failure::Panicked { role: "the scenario" }));
    recorded?;
    played.map(drop).map_err(|failure| Trouble::from(&failure))
}

/// Sets the flag when it falls.
struct Curtain(Arc<AtomicBool>);

impl Drop for Curtain {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// The stage on this ground.
fn stage(setup: &Setup, ground: &Ground, feed: &Feed, stop: &StopSignal) -> Result<Stage, Failure> {
    let ports = match ground.place {
        Place::Namespace => PortPolicy::Standard,
        Place::Host => PortPolicy::StandardOrFree,
    };
    let mut stage = Stage::builder(setup.scenario)
        .ports(ports)
        .keys(Arc::new(Keys(feed.clone())))
        .marks(Arc::new(Marks(feed.clone())))
        .stop(stop.clone())
        .own_network(ground.place == Place::Namespace)
        .patience(ground.patience());
    if let Some(door) = ground.door(setup.scenario) {
        stage = stage.door(door);
    }
    for (role, address) in &ground.addresses {
        stage = stage.address(*role, *address);
    }
    for (name, value) in &setup.knobs {
        stage = stage.knob(name, value);
    }
    stage.build()
}

/// What the recording says at its start: what is played, and who is who.
fn header(setup: &Setup, ground: &Ground) -> Header {
    let way = match ground.place {
        Place::Namespace => "namespace",
        Place::Host => "host",
    };
    let mut comments = setup.comments(way);
    comments.extend(ground.comments(setup.scenario));
    Header {
        section: SectionHeader::ours(comments),
        names: ground.names(setup.scenario),
        without_marks: setup.without_marks,
    }
}

/// The comment at the end of the file: what each side says it did, or why it could not.
fn last_word(played: &Result<Transcript, Failure>) -> String {
    let (name, json) = match played {
        Ok(transcript) => ("transcript", serde_json::to_string(transcript)),
        Err(failure) => ("failure", serde_json::to_string(&Trouble::from(failure))),
    };
    // Neither holds anything that JSON has no form for.
    format!("{PREFIX}{name}={}", json.unwrap_or_default())
}
