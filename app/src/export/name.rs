//! Names for files: what was played, how it was set, and when; or whose recording it is.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use wirestage_dissectors::ids::Time;
use wirestage_generators::SCENARIOS;

use super::zone::stamp;
use crate::document::About;

/// The name of a recording without its ending: scenario, knobs that are not at their default, link,
/// and date for one of our own ("tls12-full-suite-chacha20-2026-11-28-140305"); the name that it
/// has for all others. `first` is the time of its first frame.
#[must_use]
pub fn recording(about: &About, first: Time, path: &Path) -> String {
    let Some(scenario) = &about.scenario else { return stem(path) };
    let known = SCENARIOS.iter().find(|known| known.name == scenario);
    let is_default = |name: &str, value: &str| {
        let mut knobs = known.iter().flat_map(|known| known.knobs);
        knobs.any(|knob| knob.name == name && knob.default == value)
    };
    let set = about.knobs.iter().filter(|(name, value)| !is_default(name, value));
    let knobs = set.map(|(name, value)| format!("{name}-{value}"));
    let link = about.link.iter().map(|link| format!("link-{link}"));
    let parts = std::iter::once(scenario.clone()).chain(knobs).chain(link).chain(stamp(first));
    plain(&parts.collect::<Vec<_>>().join("-"))
}

/// A name with the date behind it, without an ending: "capture-lo-2026-11-28-140305".
#[must_use]
pub fn dated(name: &str, time: Time) -> String {
    let parts = std::iter::once(name.to_owned()).chain(stamp(time));
    plain(&parts.collect::<Vec<_>>().join("-"))
}

/// The name of what is told of a recording, without its ending: that of the recording, and which
/// of its connections where not all are told.
#[must_use]
pub fn story(recording: &str, connection: Option<usize>) -> String {
    match connection {
        Some(number) => format!("{recording}-connection-{number}"),
        None => recording.to_owned(),
    }
}

/// The file of one part of what takes several: `name-2.svg`.
#[must_use]
pub fn numbered(path: &Path, number: usize) -> PathBuf {
    let part = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, ending) = (part(path.file_stem()), part(path.extension()));
    path.with_file_name(format!("{stem}-{number}.{ending}"))
}

/// A file's name without folders and endings.
fn stem(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let mut name = name.as_ref();
    for ending in [".gz", ".zst", ".pcapng", ".pcap", ".cap"] {
        name = name.strip_suffix(ending).unwrap_or(name);
    }
    plain(name)
}

/// No name is longer: file systems take 255 bytes, and something may be put behind it.
const LONGEST: usize = 120;

/// What every file system takes, and no shell needs quoted.
fn plain(name: &str) -> String {
    let mut out = String::new();
    for character in name.chars() {
        let kept = match character {
            c if c.is_alphanumeric() || matches!(c, '.' | '_') => c,
            _ => '-',
        };
        if out.len() + kept.len_utf8() > LONGEST {
            break;
        }
        if kept != '-' || !out.ends_with('-') {
            out.push(kept);
        }
    }
    let out = out.trim_matches(['-', '.']);
    if out.is_empty() { "recording".to_owned() } else { out.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(knobs: &[(&str, &str)]) -> About {
        let knobs = knobs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        About { scenario: Some("tls12-full".into()), knobs, ..About::default() }
    }

    #[test]
    fn our_own_are_named_by_scenario_knobs_and_date() {
        let name = recording(&own(&[("suite", "chacha20")]), Time(0), Path::new("x.pcapng"));
        assert!(name.starts_with("tls12-full-suite-chacha20-19"), "{name}");
        // Where this machine is decides the day and the hour.
        assert_eq!(name.len(), "tls12-full-suite-chacha20-1970-01-01-000000".len());
        let odd = recording(&own(&[("a", "../b c\n")]), Time::UNKNOWN, Path::new("x"));
        assert_eq!(odd, "tls12-full-a-..-b-c");
        let link = About { link: Some("rtt=40ms,seed=1".into()), ..own(&[]) };
        let linked = recording(&link, Time::UNKNOWN, Path::new("x"));
        assert_eq!(linked, "tls12-full-link-rtt-40ms-seed-1");
    }

    #[test]
    fn knobs_at_their_default_are_not_told() {
        let known = SCENARIOS.iter().find(|known| !known.knobs.is_empty()).unwrap();
        let knob = &known.knobs[0];
        let about = About {
            scenario: Some(known.name.into()),
            knobs: vec![(knob.name.into(), knob.default.into())],
            ..About::default()
        };
        assert_eq!(recording(&about, Time::UNKNOWN, Path::new("x")), known.name);
    }

    #[test]
    fn those_of_others_keep_their_name() {
        let name = |path: &str| recording(&About::default(), Time(0), Path::new(path));
        assert_eq!(name("/tmp/a b.pcapng.gz"), "a-b");
        assert_eq!(name("nginx.1.cap"), "nginx.1");
        assert_eq!(name("/"), "recording");
        assert_eq!(name(&"x".repeat(500)).len(), LONGEST);
        assert_eq!(story(&name("a.pcap"), Some(3)), "a-connection-3");
        assert_eq!(story(&name("a.pcap"), None), "a");
    }
}
