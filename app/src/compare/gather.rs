//! Gathers what is compared: recordings from files, and scenarios that are recorded for it.

use std::path::PathBuf;

use super::{Comparison, MOST, Set, Way};
use crate::document::{Document, Progress, title};
use crate::record::{self, Setup, State};
use crate::trouble::Trouble;

/// One thing to be compared.
#[derive(Clone, Debug)]
pub enum Source {
    /// A recording that exists.
    File(PathBuf),
    /// A scenario that is to be recorded; what it is called, and what it rests on, where it stands
    /// in a set.
    Scenario(Box<Setup>, Option<(&'static str, &'static str)>),
}

/// A recording in a folder for whoever wants to keep it.
type Keep<'a> = &'a mut dyn FnMut(&str, &Document) -> Result<(), Trouble>;

/// Gathers them. `hear` is told of each scenario before it is recorded. What of a set cannot be
/// recorded here is left out, and a note says why.
///
/// # Errors
/// Where a file cannot be read, a scenario of one's own choice cannot be recorded, or fewer than two
/// are left.
pub fn gather(
    sources: &[Source],
    set: Option<&Set>,
    hear: &mut dyn FnMut(&str),
    keep: Keep<'_>,
) -> Result<Comparison, Trouble> {
    if !(2..=MOST).contains(&sources.len()) {
        return Err(Trouble::new(
            format!("two to {MOST} are compared, and this is {}", sources.len()),
            "name recordings or scenarios; wirestage list shows the scenarios",
        ));
    }
    let mut comparison = match set {
        Some(set) => Comparison {
            title: set.title.to_owned(),
            claim: set.claim.to_owned(),
            explains: set.explains.to_owned(),
            ..Comparison::default()
        },
        None => Comparison::default(),
    };
    for source in sources {
        match source {
            Source::File(path) => comparison.ways.push(read(path)?),
            Source::Scenario(setup, named) => {
                hear(setup.scenario.name);
                match recorded(setup, *named, keep) {
                    Ok(way) => comparison.ways.push(way),
                    Err(trouble) if set.is_some() => {
                        comparison.notes.push(missing(setup, &trouble))
                    }
                    Err(trouble) => return Err(trouble),
                }
            }
        }
    }
    if comparison.ways.len() < 2 {
        let why = comparison.notes.first().cloned().unwrap_or_default();
        return Err(Trouble::new(why, "wirestage doctor says what recording needs"));
    }
    comparison.settle(sources);
    Ok(comparison)
}

/// Why somebody is missing, in one line.
fn missing(setup: &Setup, trouble: &Trouble) -> String {
    format!("{} is left out: {}; {}", setup.scenario.name, trouble.cause, trouble.mend)
}

/// A recording that exists.
fn read(path: &PathBuf) -> Result<Way, Trouble> {
    let document = Document::open(path, &Progress::new()).map_err(Trouble::from)?;
    let story = document.story(None);
    if story.beats.is_empty() {
        return Err(Trouble::new(
            format!("{} holds nothing that could be compared", path.display()),
            "wirestage info says what it holds",
        ));
    }
    let name = match story.title.as_str() {
        "" => title(std::slice::from_ref(path)),
        title => title.to_owned(),
    };
    Ok(Way::new(name, title(std::slice::from_ref(path)), story))
}

/// A scenario, recorded now.
fn recorded(
    setup: &Setup,
    named: Option<(&'static str, &'static str)>,
    keep: Keep<'_>,
) -> Result<Way, Trouble> {
    let mut job = record::start(setup, || {})?;
    match job.wait()? {
        State::Done => {}
        State::Failed(trouble) => return Err(trouble),
        State::Early { why } => return Err(Trouble::new(why, "compare again")),
        State::Running | State::Cancelled => {
            return Err(Trouble::new("the recording was stopped", "compare again"));
        }
    }
    let folder = tempfile::tempdir().map_err(|error| {
        Trouble::new(format!("there is no room for a recording: {error}"), "free some disk space")
    })?;
    let path = folder.path().join(format!("{}.pcapng", setup.scenario.name));
    record::save(job.recording(), &path)?;
    let document = Document::open(&path, &Progress::new()).map_err(Trouble::from)?;
    keep(setup.scenario.name, &document)?;
    let story = document.story(None);
    let (name, under) = match named {
        Some((name, under)) => (name.to_owned(), under.to_owned()),
        None => (story.title.clone(), setup.scenario.name.to_owned()),
    };
    Ok(Way::new(name, under, story))
}

impl Comparison {
    /// Says over which link, and what is counted.
    fn settle(&mut self, sources: &[Source]) {
        let link = |source: &Source| match source {
            Source::Scenario(setup, _) => setup.link().ok().flatten().map(|link| link.to_string()),
            Source::File(_) => None,
        };
        let links: Vec<_> = sources.iter().map(link).collect();
        let same = links.windows(2).all(|pair| matches!(pair, [a, b] if a == b));
        let link = links.first().cloned().flatten().filter(|_| same);
        let over = link.map(|link| format!("over the same link{}", distance(&link)));
        let over = over.unwrap_or_else(|| "each as it was recorded".to_owned());
        let counted = "every ladder starts with its first packet and ends with the first byte of \
                       the answer";
        if self.title.is_empty() {
            let names: Vec<&str> = self.ways.iter().map(|way| way.name.as_str()).collect();
            self.title = match names.as_slice() {
                [one, other] => format!("{one} · {other}"),
                several => format!("{} ways, side by side", several.len()),
            };
            self.subtitle = format!("{over} · {counted}");
        } else {
            self.subtitle = format!("One request {over} · {counted}");
        }
        let mut first = self.subtitle.chars();
        if let Some(letter) = first.next() {
            self.subtitle = letter.to_uppercase().chain(first).collect();
        }
        let alone = self.ways.iter().filter(|way| way.story.ledgers.len() > 1);
        let names: Vec<&str> = alone.map(|way| way.name.as_str()).collect();
        if !names.is_empty() {
            let (rest, are) = if names.len() == 1 { ("rests", "it") } else { ("rest", "them") };
            self.notes.push(format!(
                "{} {rest} on an earlier visit, which was recorded before {are} and is not counted.",
                names.join("; ")
            ));
        }
    }
}

/// How far away the server is, and what else the link does: ", 100 ms there and back (loss=2%)".
fn distance(link: &str) -> String {
    let is_usual = |part: &str| ["mtu=1500", "seed=1"].contains(&part);
    let mut far = String::new();
    let mut others = Vec::new();
    for part in link.split(',') {
        match part.strip_prefix("rtt=") {
            Some(time) => {
                let unit = time.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(time.len());
                let (number, unit) = time.split_at(unit);
                far = format!(", {number} {unit} there and back");
            }
            None if is_usual(part) => {}
            None => others.push(part),
        }
    }
    if !others.is_empty() {
        far += &format!(" ({})", others.join(", "));
    }
    far
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
