//! Gathering a comparison away from the window: from the samples, or from recordings made now.

use std::path::PathBuf;
use std::sync::Arc;

use super::record::{Recorder, Wanted, new_path, private_folder};
use super::{Job, Wake};
use crate::compare::{
    Comparison, Member, Origin, Set, Source, Step, Witness, gather, steps, words,
};
use crate::document::{Document, Progress};
use crate::record::{Setup, find};
use crate::trouble::Trouble;

/// A comparison, and where each of its ways can be opened.
pub(crate) struct Gathered {
    /// What is compared.
    pub comparison: Comparison,
    /// The recording of each way.
    pub places: Vec<Place>,
    /// What differs within each step.
    pub steps: Vec<Step>,
    /// What differs between neighbours, in words.
    pub words: Vec<String>,
}

/// Where a recording is.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// It came with the program, where nothing is set for it.
    Sample(&'static Member),
    /// It was made.
    File(PathBuf),
}

/// Compares the samples of a set.
#[must_use]
pub(crate) fn samples(set: &'static Set, wake: Wake) -> Job<Option<Gathered>> {
    Job::start(format!("Comparing {}", set.title), wake, move |_| {
        let places = set.members.iter().map(Place::Sample);
        compared(set, places.collect()).map(Some)
    })
}

/// Records all of a set over a link, and compares that.
#[must_use]
pub(crate) fn record(
    set: &'static Set,
    link: String,
    (recorder, folder): (Arc<dyn Recorder>, PathBuf),
    wake: Wake,
) -> Job<Option<Gathered>> {
    let changed = Arc::clone(&wake);
    Job::start(format!("Recording {}", set.title), wake, move |progress| {
        private_folder(&folder)?;
        let mut places = Vec::new();
        for (number, member) in set.members.iter().enumerate() {
            progress.set(number as u64, set.members.len() as u64);
            let scenario = find(member.scenario)?;
            let link = Some(link.clone());
            let knobs = member.settings();
            let path = new_path(&folder, scenario.name, knobs.clone(), link.clone());
            let wanted = Wanted { scenario, knobs, link, path };
            // How far one recording is says nothing of how many are to come.
            match recorder.record(&wanted, &Progress::new(), &changed)? {
                Some(made) => places.push(Place::File(made.path)),
                None => return Ok(None),
            }
            if progress.is_cancelled() {
                return Ok(None);
            }
        }
        compared(set, places).map(Some)
    })
}

/// Nobody need be told: nothing is recorded here.
struct Nobody;

impl Witness for Nobody {
    fn recording(&mut self, _: &Setup) {}

    fn recorded(&mut self, _: &Setup, _: &Document) -> Result<(), Trouble> {
        Ok(())
    }
}

fn compared(set: &'static Set, places: Vec<Place>) -> Result<Gathered, Trouble> {
    let sources = set.members.iter().zip(&places).map(|(member, place)| match place {
        Place::Sample(_) => Source::sample(member),
        Place::File(path) => Source::member(member, Origin::File(path.clone())),
    });
    let sources: Vec<Source> = sources.collect();
    let comparison = gather(&sources, Some(set), &mut Nobody)?;
    // Who is missing has no column.
    let is_there = |name: &str| comparison.ways.iter().any(|way| way.name == name);
    let both = set.members.iter().zip(places).filter(|(member, _)| is_there(member.name));
    let places = both.map(|(_, place)| place).collect();
    let (steps, words) = (steps(&comparison), words(&comparison));
    Ok(Gathered { comparison, places, steps, words })
}
