//! Gathers what is compared: recordings from files, samples, and scenarios that are recorded for
//! it.

use std::path::{Path, PathBuf};

use wirestage_captures::Recording;
use wirestage_dissectors::story::Replay;

use super::{Comparison, MOST, Member, Set, Until, Way, said};
use crate::document::{Document, Opening, Progress, title};
use crate::record::{self, Setup, State};
use crate::samples;
use crate::trouble::Trouble;

/// One thing to be compared.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it comes from.
    pub from: Origin,
    /// What it is called and what it rests on, where its recording does not say that: in a set,
    /// or with settings of its own.
    pub named: Option<(String, String)>,
}

impl Source {
    /// A member of a set, from there.
    #[must_use]
    pub fn member(member: &Member, from: Origin) -> Self {
        Self { from, named: Some((member.name.to_owned(), member.under.to_owned())) }
    }

    /// The member of a set as its sample shows it.
    #[must_use]
    pub fn sample(member: &'static Member) -> Self {
        Self::member(member, Origin::Sample(member))
    }
}

/// Where a recording comes from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// It exists.
    File(PathBuf),
    /// The one that came with the program, of this member of a set.
    Sample(&'static Member),
    /// It is made now.
    Scenario(Box<Setup>),
}

/// Somebody who follows the gathering.
pub trait Witness {
    /// A scenario is about to be recorded.
    fn recording(&mut self, setup: &Setup);

    /// It was recorded.
    ///
    /// # Errors
    /// Where it was to be kept and cannot.
    fn recorded(&mut self, setup: &Setup, document: &Document) -> Result<(), Trouble>;
}

/// Gathers them. What of a set cannot be recorded here is left out, and a note says why.
///
/// # Errors
/// Where a file cannot be read, a scenario of one's own choice cannot be recorded, or fewer than
/// two are left.
pub fn gather(
    sources: &[Source],
    set: Option<&Set>,
    witness: &mut dyn Witness,
) -> Result<Comparison, Trouble> {
    if !(2..=MOST).contains(&sources.len()) {
        return Err(Trouble::new(
            format!("two to {MOST} are compared, and this is {}", sources.len()),
            "name recordings or scenarios; wirestage list shows the scenarios",
        ));
    }
    let mut comparison = Comparison::default();
    for source in sources {
        let way = match &source.from {
            Origin::File(path) => read(path, source),
            Origin::Sample(member) => sample(member, source),
            Origin::Scenario(setup) => recorded(setup, source, witness),
        };
        match way {
            Ok(way) => comparison.ways.push(way),
            Err(trouble) if set.is_some() => {
                let name = source.named.as_ref().map_or("one", |(name, _)| name);
                let Trouble { cause, mend } = trouble;
                comparison.notes.push(format!("{name} is left out: {cause}. To mend it: {mend}."));
            }
            Err(trouble) => return Err(trouble),
        }
    }
    if comparison.ways.len() < 2 {
        let why = comparison.notes.first().cloned().unwrap_or_default();
        return Err(Trouble::new(why, "wirestage doctor says what recording needs"));
    }
    comparison.entitle(set);
    Ok(comparison)
}

/// A recording that exists.
fn read(path: &Path, source: &Source) -> Result<Way, Trouble> {
    let document = Document::open(path, &Progress::new())?;
    told(&document, source, &path.display().to_string())
}

/// The sample of a member; samples are recorded with nothing set.
fn sample(member: &Member, source: &Source) -> Result<Way, Trouble> {
    let scenario = member.scenario;
    let bytes = samples::of(scenario).filter(|_| member.knobs.is_empty()).ok_or_else(|| {
        Trouble::new("no sample of it came with the program", "record the set, which takes seconds")
    })?;
    let recording = Recording::spool(bytes)?;
    let document = Document::survey(recording, &Progress::new(), Opening::default())?;
    told(&document, source, scenario)
}

/// A scenario, recorded now.
fn recorded(setup: &Setup, source: &Source, witness: &mut dyn Witness) -> Result<Way, Trouble> {
    let name = setup.scenario.name;
    witness.recording(setup);
    let mut take = record::start(setup, || {})?;
    match take.wait()? {
        State::Done => {}
        State::Failed(trouble) => return Err(trouble),
        State::Early { why } => return Err(Trouble::new(why, "compare again")),
        State::Running | State::Cancelled => {
            return Err(Trouble::new("the recording was stopped", "compare again"));
        }
    }
    let folder = tempfile::tempdir().map_err(|error| Trouble::without_room(&error))?;
    let path = folder.path().join(format!("{name}.pcapng"));
    record::save(take.recording(), &path)?;
    let document = Document::open(&path, &Progress::new())?;
    witness.recorded(setup, &document)?;
    told(&document, source, name)
}

/// What a recording tells.
fn told(document: &Document, source: &Source, called: &str) -> Result<Way, Trouble> {
    let story = document.story(None);
    if story.beats.is_empty() {
        return Err(Trouble::new(
            format!("{called} holds nothing that could be compared"),
            "wirestage info says what it holds",
        ));
    }
    let (name, under) = match (&source.named, story.title.as_str()) {
        (Some((name, under)), _) => (name.clone(), under.clone()),
        (None, "") => (title(&[PathBuf::from(called)]), called.to_owned()),
        (None, title) => (title.to_owned(), called.to_owned()),
    };
    let way = Way { link: document.about().link, ..Way::new(name, under, story) };
    let said = said::said(document, &way);
    Ok(Way { said, ..way })
}

impl Comparison {
    /// Says what is compared, over which link, and what is counted.
    fn entitle(&mut self, set: Option<&Set>) {
        let first = self.ways.first().and_then(|way| way.link.clone());
        let link = first.filter(|link| self.ways.iter().all(|way| way.link.as_ref() == Some(link)));
        let over = link.map(|link| format!("over the same link{}", distance(&link)));
        let counted = "every ladder starts with its first packet and ends with the first byte of \
                       the answer";
        self.until = set.map_or(Until::FirstByte, |set| set.until);
        match set {
            Some(set) => {
                self.title = set.title.to_owned();
                self.claim = set.claim.to_owned();
                self.explains = set.explains.to_owned();
                let over = over.unwrap_or_else(|| "over links that differ".to_owned());
                self.subtitle = match set.until {
                    Until::FirstByte => format!("One request {over} · {counted}"),
                    Until::Whole => format!(
                        "The same requests {over} · every ladder starts with them and ends when \
                         all answers are whole"
                    ),
                };
            }
            None => {
                let names: Vec<&str> = self.ways.iter().map(|way| way.name.as_str()).collect();
                self.title = match names.as_slice() {
                    [one, other] => format!("{one} · {other}"),
                    several => format!("{} ways, side by side", several.len()),
                };
                let over = over.map_or("Each as it was recorded".to_owned(), |over| {
                    format!("Recorded {over}")
                });
                self.subtitle = format!("{over} · {counted}");
            }
        }
        self.notes.extend(uncounted(&self.ways));
    }
}

/// What was recorded beside what is counted.
fn uncounted(ways: &[Way]) -> Vec<String> {
    let of_several = |early: bool| -> Vec<&str> {
        let is_so = |way: &&Way| {
            let replay = way.ledger.map(|ledger| ledger.replay);
            way.story.ledgers.len() > 1 && early == (replay != Some(Replay::Impossible))
        };
        ways.iter().filter(is_so).map(|way| way.name.as_str()).collect()
    };
    let say = |names: Vec<&str>, what: &str| {
        (!names.is_empty()).then(|| format!("{what} of {}.", names.join("; ")))
    };
    let before = say(of_several(true), "Recorded too, and not counted: the visit before,");
    let later = say(of_several(false), "Counted is the first connection that was answered,");
    before.into_iter().chain(later).collect()
}

/// How far away the server is, and what else the link does: ", 100 ms there and back (loss=2%)".
fn distance(link: &str) -> String {
    let is_usual = |part: &str| ["mtu=1500", "seed=1"].contains(&part);
    let mut far = String::new();
    let mut others = Vec::new();
    for part in link.split(',') {
        match part.strip_prefix("rtt=") {
            Some(time) => far = format!(", {} there and back", apart(time)),
            None if is_usual(part) => {}
            None => others.push(part),
        }
    }
    if !others.is_empty() {
        far += &format!(" ({})", others.join(", "));
    }
    far
}

/// How long the way there and back takes over a link, where it says so: "100 ms".
pub(super) fn round_trip(link: &str) -> Option<String> {
    link.split(',').find_map(|part| part.strip_prefix("rtt=")).map(apart)
}

/// A number and its unit, with a space between.
fn apart(time: &str) -> String {
    let unit = time.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(time.len());
    let (number, unit) = time.split_at(unit);
    format!("{number} {unit}")
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn a_link_is_told_in_words() {
        let cases = [
            ("rtt=100ms,mtu=1500,seed=1", ", 100 ms there and back"),
            ("rtt=1.5s,loss=2%,mtu=1500,seed=1", ", 1.5 s there and back (loss=2%)"),
            ("mtu=1280,seed=7", " (mtu=1280, seed=7)"),
        ];
        for (link, expected) in cases {
            assert_eq!(distance(link), expected);
        }
    }
}
