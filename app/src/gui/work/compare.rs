//! Gathering a comparison away from the window: from the samples, or from recordings made now.

use std::path::PathBuf;
use std::sync::Arc;

use super::record::{Recorder, Wanted, new_path, private_folder};
use super::{Job, Wake};
use crate::compare::{Comparison, Origin, Set, Source, Step, Witness, gather, steps};
use crate::document::{Document, Progress};
use crate::record::find;
use crate::trouble::Trouble;

/// A comparison, and where each of its ways can be opened.
pub(crate) struct Gathered {
    /// What is compared.
    pub comparison: Comparison,
    /// The recording of each way.
    pub places: Vec<Place>,
    /// What differs within each step.
    pub steps: Vec<Step>,
}

/// Where a recording is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// It came with the program.
    Sample(&'static str),
    /// It was made.
    File(PathBuf),
}

/// Compares the samples of a set.
#[must_use]
pub(crate) fn samples(set: &'static Set, wake: Wake) -> Job<Option<Gathered>> {
    Job::start(format!("Comparing {}", set.title), wake, move |_| {
        let places = set.members.iter().map(|one| Place::Sample(one.scenario));
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
            let path = new_path(&folder, scenario.name, Vec::new(), link.clone());
            let wanted = Wanted { scenario, knobs: Vec::new(), link, path };
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
    fn recording(&mut self, _: &str) {}

    fn recorded(&mut self, _: &str, _: &Document) -> Result<(), Trouble> {
        Ok(())
    }
}

fn compared(set: &'static Set, places: Vec<Place>) -> Result<Gathered, Trouble> {
    let sources = set.members.iter().zip(&places).map(|(member, place)| Source {
        from: match place {
            Place::Sample(name) => Origin::Sample(name),
            Place::File(path) => Origin::File(path.clone()),
        },
        named: Some((member.name, member.under)),
    });
    let sources: Vec<Source> = sources.collect();
    let comparison = gather(&sources, Some(set), &mut Nobody)?;
    // Who is missing has no column.
    let is_there = |name: &str| comparison.ways.iter().any(|way| way.name == name);
    let both = set.members.iter().zip(places).filter(|(member, _)| is_there(member.name));
    let places = both.map(|(_, place)| place).collect();
    let steps = steps(&comparison);
    Ok(Gathered { comparison, places, steps })
}
