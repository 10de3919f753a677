//! Every sentence that a story can say stands in a test beside what makes it say so: in the table
//! of its protocol, in a story told by hand, or in the golden story of a sample.
//!
//! A sentence is any text in the code that tells with four words or more; of one with values in it,
//! the longest part between two of them counts.

use std::collections::BTreeSet;
use std::fs;

use super::{Source, all_sources, hold, root};

/// Files whose sentences are not all in a table yet. None is to be added, and one that is done is
/// to be taken out.
const LACKING: &[&str] = &[
    "dissectors/src/protocols/dhcpv6/tell.rs",
    "dissectors/src/protocols/icmp/tell.rs",
    "dissectors/src/protocols/icmpv6/tell.rs",
    "dissectors/src/protocols/isakmp/tell.rs",
    "dissectors/src/protocols/nbns/datagram.rs",
    "dissectors/src/protocols/nbns/tell.rs",
    "dissectors/src/protocols/nbss/mod.rs",
    "dissectors/src/protocols/radius/tell.rs",
    "dissectors/src/protocols/rpc/tell.rs",
    "dissectors/src/protocols/smb/mod.rs",
    "dissectors/src/protocols/smb2/tell.rs",
    "dissectors/src/protocols/snmp/tell.rs",
    "dissectors/src/protocols/socks/mod.rs",
    "dissectors/src/protocols/ssdp/tell.rs",
    "dissectors/src/story/errors.rs",
];

/// Sentences of what no test has staged yet. None is to be added.
const UNSTAGED: &[&str] = &[
    "A line before the one that counts; clients show it or drop it",
    "Bytes that are no line that was captured whole",
    "In the layer that the bind agreed on",
    "Part of a message of SIP",
];

#[test]
fn every_sentence_stands_in_a_test() {
    let tested = tested();
    let mut broken = Vec::new();
    let mut lacking = BTreeSet::new();
    for source in all_sources().iter().filter(|source| tells(source)) {
        let said = literals(code(source))
            .filter(|text| is_sentence(text) && !UNSTAGED.contains(&text.as_str()));
        let untested = said.filter(|text| !tested.contains(longest(text)));
        let untested: BTreeSet<String> = untested.collect();
        if LACKING.contains(&source.path.as_str()) {
            lacking
                .extend((!untested.is_empty()).then_some(source.path.as_str()).map(str::to_owned));
        } else {
            broken.extend(untested.iter().map(|text| format!("{}: {text:?}", source.path)));
        }
    }
    hold("every sentence that is told stands in a test beside what makes it true", &broken);
    let staged = UNSTAGED.iter().filter(|text| tested.contains(longest(text)));
    let staged: Vec<String> = staged.map(|text| format!("{text:?}")).collect();
    hold("these stand in a test by now: take them out of the list", &staged);
    let listed: BTreeSet<String> = LACKING.iter().map(|path| (*path).to_owned()).collect();
    assert_eq!(lacking, listed, "these lack nothing any more: take them out of the list");
}

/// Whether a file says sentences.
fn tells(source: &Source) -> bool {
    let is_protocol = source.path.starts_with("dissectors/src/protocols/");
    let says = source.text.contains("Telling::new") || source.path.contains("/tell");
    let is_story = source.path.starts_with("dissectors/src/story/");
    (is_protocol && says || is_story) && !source.is_test()
}

/// The part of a file that is no test.
fn code(source: &Source) -> &str {
    let end = source.text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(source.text.len());
    source.text.get(..end).unwrap_or_default()
}

/// This file, which lists sentences and tests none.
const OWN: &str = "tests/tests/rules/sentences.rs";

/// All that tests hold sentences against.
fn tested() -> String {
    let mut all = String::new();
    // What is listed here as untested is no test.
    for source in all_sources().iter().filter(|source| source.path != OWN) {
        let begin = if source.is_test() { 0 } else { code(source).len() };
        for text in literals(source.text.get(begin..).unwrap_or_default()) {
            all.push_str(&text);
            all.push('\n');
        }
    }
    let folder = root().join("assets/recordings");
    for sample in fs::read_dir(folder).expect("samples stand here").flatten() {
        all.push_str(&fs::read_to_string(sample.path().join("story.txt")).unwrap_or_default());
    }
    all
}

/// Whether a text is meant for readers: it begins as a sentence does, or goes on with one.
fn is_sentence(text: &str) -> bool {
    let begins = text.starts_with(|letter: char| letter.is_uppercase() || " {".contains(letter));
    begins && longest(text).split_whitespace().count() >= 4
}

/// The longest part of a text between values that are put in.
fn longest(text: &str) -> &str {
    let parts = text.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
    parts.max_by_key(|part| part.len()).unwrap_or_default().trim()
}

/// The string literals of a text in Rust, less what defines fields.
fn literals(text: &str) -> impl Iterator<Item = String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['"', '/', '\'', '\n']) {
        let here = rest.get(at..).unwrap_or_default();
        let len = if here.starts_with("//") {
            here.find('\n').unwrap_or(here.len())
        } else if here.starts_with("\nfields! {") {
            here.find("\n}").unwrap_or(here.len())
        } else if here.starts_with('"') {
            let (text, len) = literal(here);
            found.push(text);
            len
        } else {
            ["'\"'", "'\\\"'", "'/'"]
                .iter()
                .find(|one| here.starts_with(**one))
                .map_or(1, |one| one.len())
        };
        rest = here.get(len..).unwrap_or_default();
    }
    found.into_iter()
}

/// A literal that begins here, and how long it is with its quotes.
fn literal(text: &str) -> (String, usize) {
    let mut value = String::new();
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (value, at + 1),
            '\\' => match letters.next() {
                Some((_, '\n')) => {
                    while letters.next_if(|(_, next)| next.is_whitespace()).is_some() {}
                }
                Some((_, 'n')) => value.push('\n'),
                Some((_, other)) => value.push(other),
                None => {}
            },
            letter => value.push(letter),
        }
    }
    (value, text.len())
}

#[test]
fn literals_are_found_as_the_compiler_reads_them() {
    let check = |text: &str, expected: &[&str]| {
        assert_eq!(literals(text).collect::<Vec<_>>(), expected, "{text}");
    };
    check("f(\"a b\", 'x', \"c\")", &["a b", "c"]);
    check("// \"no\"\nf(\"a \\\n     b\\\"\")", &["a b\""]);
    check("f('\"', \"a\")", &["a"]);
    check("\nfields! { \"a\", \"b\";\n    X = 1,\n}\nf(\"c\")", &["c"]);
    assert_eq!(longest("{} bytes of {kind}{coded}, {how} or so."), "bytes of");
    assert!(is_sentence("Asks for it all") && !is_sentence("a frame that passes"));
    assert!(!is_sentence("TLS 1.3"));
}
