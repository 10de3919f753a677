//! The child: in the lab it listens on the loopback and plays the scenario.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use wirestage_captures::lab::{self, Place};
use wirestage_captures::live::{Feed, Header, Tap, record};
use wirestage_captures::write::SectionHeader;
use wirestage_generators::{Failure, PortPolicy, Stage, StopSignal, Transcript};

use super::setup::Setup;
use super::sinks::{Keys, Marks};
use crate::document::PREFIX;
use crate::trouble::Trouble;

/// Plays and records to the end, or until standard input ends, and writes pcapng to `out` as it
/// comes. Call it before anything starts a thread.
///
/// # Errors
/// Where the lab cannot be entered, the loopback cannot be captured, or the scenario fails. What
/// was recorded until then has been written, and the file says why it ends.
pub fn play(setup: &Setup, out: impl Write) -> Result<(), Trouble> {
    let place = lab::enter()?;
    let addresses = addresses(setup, place);
    let mut tap = Tap::open("lo", filter(&addresses, place).as_deref())?;
    let (feed, notes) = Feed::new();
    let stop = StopSignal::new();
    let stage = stage(setup, place, &addresses, &feed, &stop).map_err(|f| Trouble::from(&f))?;

    let asked = stop.clone();
    lab::when_stdin_ends(move || asked.raise());
    let over = Arc::new(AtomicBool::new(false));
    let curtain = Curtain(Arc::clone(&over));
    let scenario = setup.scenario;
    let player = thread::spawn(move || {
        // Whatever ends this thread ends the recording.
        let _curtain = curtain;
        let played = (scenario.run)(&stage);
        feed.transcript(last_word(&played));
        played
    });
    let recorded = record(&mut tap, &notes, &over, &header(setup, place, &addresses), out);
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

/// An address for each role. In a network of its own they are those of every textbook run; on
/// the host they lie in a corner of 127.0.0.0/8 that is this process's alone, so that recordings
/// made at the same time do not mix.
fn addresses(setup: &Setup, place: Place) -> Vec<(&'static str, IpAddr)> {
    let mut addresses = Stage::default_addresses(setup.scenario);
    if place == Place::Host {
        let [.., high, low] = std::process::id().to_be_bytes();
        for (_, address) in &mut addresses {
            if let IpAddr::V4(v4) = address {
                let [a, _, _, last] = v4.octets();
                // Other programs keep to 127.0.x.x and 127.1.x.x.
                *address = Ipv4Addr::new(a, high | 0x80, low, last).into();
            }
        }
    }
    addresses
}

/// On the host, only our own packets are recorded, in tcpdump's language.
fn filter(addresses: &[(&'static str, IpAddr)], place: Place) -> Option<String> {
    match (place, addresses.first()) {
        (Place::Host, Some((_, IpAddr::V4(first)))) => {
            let [a, b, c, _] = first.octets();
            Some(format!("net {a}.{b}.{c}.0/24"))
        }
        _ => None,
    }
}

/// The stage for this place.
fn stage(
    setup: &Setup,
    place: Place,
    addresses: &[(&'static str, IpAddr)],
    feed: &Feed,
    stop: &StopSignal,
) -> Result<Stage, Failure> {
    let ports = match place {
        Place::Namespace => PortPolicy::Standard,
        Place::Host => PortPolicy::StandardOrFree,
    };
    let mut stage = Stage::builder(setup.scenario)
        .ports(ports)
        .keys(Arc::new(Keys(feed.clone())))
        .marks(Arc::new(Marks(feed.clone())))
        .stop(stop.clone());
    for (role, address) in addresses {
        stage = stage.address(*role, *address);
    }
    for (name, value) in &setup.knobs {
        stage = stage.knob(name, value);
    }
    stage.build()
}

/// What the recording says at its start: what is played, and who is who.
fn header(setup: &Setup, place: Place, addresses: &[(&'static str, IpAddr)]) -> Header {
    let kernel = |name: &str| {
        let text = std::fs::read_to_string(format!("/proc/sys/kernel/{name}"));
        text.unwrap_or_default().trim().to_owned()
    };
    let way = match place {
        Place::Namespace => "namespace",
        Place::Host => "host",
    };
    let title = |role: &str| setup.scenario.role(role).map_or(role, |role| role.title).to_owned();
    Header {
        section: SectionHeader {
            hardware: std::env::consts::ARCH.to_owned(),
            system: format!("{} {}", kernel("ostype"), kernel("osrelease")),
            application: format!("Wirestage {}", env!("CARGO_PKG_VERSION")),
            comments: setup.comments(way),
        },
        names: addresses.iter().map(|(role, address)| (*address, title(role))).collect(),
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
