//! What a ClientHello offers, as one would list it.

use super::super::handshake::wire::{ANYWHERE, Hello, extension, is_grease, numbers, vector};
use super::super::names::{self, GROUPS, SIGNATURE_SCHEMES, VERSIONS};
use super::super::version::Version;
use crate::bytes::Reader;
use crate::field::Names;
use crate::limits::MAX_OFFERED_TOLD;

/// What a client offers.
#[derive(Debug, Default)]
pub(super) struct Offer {
    pub(super) versions: Vec<Version>,
    suites: Vec<String>,
    groups: Vec<String>,
    schemes: Vec<String>,
    pub(super) alpn: Vec<String>,
    pub(super) name: Option<String>,
    /// Whether it sends early data.
    pub(super) early: bool,
}

impl Offer {
    pub(super) fn of(hello: &Hello<'_>) -> Self {
        let listed = |kind: u16, table: Names| -> Vec<String> {
            let list = hello.extension(kind).and_then(|mut data| vector(&mut data, 2));
            let known = numbers(list.unwrap_or_default()).filter(|number| !is_grease(*number));
            known.map(|number| names::name(table, number)).collect()
        };
        Self {
            versions: hello.offered_versions().filter(|one| !is_grease(one.0)).collect(),
            suites: hello
                .suites()
                .filter(|suite| !is_grease(suite.0) && !suite.is_signal())
                .map(|suite| suite.name())
                .collect(),
            groups: listed(extension::SUPPORTED_GROUPS, GROUPS),
            schemes: listed(extension::SIGNATURE_ALGORITHMS, SIGNATURE_SCHEMES),
            alpn: hello.extension(extension::ALPN).map(protocols).unwrap_or_default(),
            name: hello.server_name().map(|name| String::from_utf8_lossy(name).into_owned()),
            early: hello.extension(extension::EARLY_DATA).is_some(),
        }
    }

    /// "The client offers TLS 1.3 and TLS 1.2."
    pub(super) fn told_versions(&self) -> String {
        let versions: Vec<String> = self.versions.iter().copied().map(told_version).collect();
        format!("The client offers {}.", listed(&versions))
    }

    /// What a server looks for a set in that it has, too.
    pub(super) fn told_parameters(&self) -> Vec<String> {
        let lists = [
            ("suite", "suites", &self.suites),
            ("group", "groups", &self.groups),
            ("signature scheme", "signature schemes", &self.schemes),
        ];
        let told = lists.into_iter().filter(|(.., list)| !list.is_empty());
        told.map(|(one, many, list)| {
            let what = if list.len() == 1 { one } else { many };
            format!("It offers the {what} {}.", listed(list))
        })
        .collect()
    }
}

/// A version by its name; a draft of TLS 1.3 by its number.
pub(super) fn told_version(version: Version) -> String {
    match version.draft() {
        Some(draft) => format!("TLS 1.3 as of draft {draft}"),
        None => names::name(VERSIONS, version.0),
    }
}

/// Words as a list: "a, b and c"; of many, the first few.
pub(super) fn listed(words: &[String]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] if words.len() <= MAX_OFFERED_TOLD => {
            format!("{} and {last}", first.join(", "))
        }
        _ => {
            let first: Vec<&str> =
                words.iter().take(MAX_OFFERED_TOLD).map(String::as_str).collect();
            format!("{} and {} more", first.join(", "), words.len() - MAX_OFFERED_TOLD)
        }
    }
}

fn protocols(mut data: Reader<'_>) -> Vec<String> {
    let mut list = Reader::new(vector(&mut data, 2).unwrap_or_default(), ANYWHERE);
    let next = move || vector(&mut list, 1).map(|name| String::from_utf8_lossy(name).into_owned());
    std::iter::from_fn(next).collect()
}
