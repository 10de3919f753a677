//! The floors inside `dissectors`, read from its `use` lines and from paths within the code.

use std::collections::BTreeSet;

use super::{Source, hold, sources};

/// The floors, from the ground up: each knows itself and those below it.
/// (`fields` is the macro of the field definitions.)
const FLOORS: &[(&str, &[&str])] = &[
    (
        "ground",
        &[
            "ids", "bits", "span", "claim", "bytes", "frames", "field", "fields", "sink", "sinks",
            "known", "exchange", "limits", "schema", "message", "secret", "telling", "typed",
            "codes", "maps", "verdict", "wording",
        ],
    ),
    ("engine", &["protocol", "engine", "survey", "headers", "attribution"]),
    ("protocols", &["protocols"]),
    ("registry", &["registry"]),
    (
        "story",
        &["story", "describe", "filter", "completions", "course", "keys", "overview", "requests"],
    ),
];

/// What several protocols are made of, and no protocol itself.
const SHARED_ROOMS: &[&str] = &[
    "ber",
    "contents",
    "datagrams",
    "ech",
    "framed",
    "lines",
    "multiplexed",
    "semantics",
    "values",
    "varint",
    "waiting",
];

/// Protocols that may name another one.
const ALLOWED_PAIRS: &[(&str, &str)] = &[
    // QUIC and DTLS carry TLS's own handshake, and read it by its code.
    ("quic", "tls"),
    ("dtls", "tls"),
    // A stream of QUIC says by its number whose it is, and HTTP/3 has rules for each kind.
    ("http3", "quic"),
    // What gRPC carries has names where a schema is at hand.
    ("grpc", "protobuf"),
    // Trailers say how a call of gRPC went, in a message of that form.
    ("multiplexed", "protobuf"),
];

#[test]
fn every_floor_knows_only_those_below_it() {
    let floor = |module: &str| FLOORS.iter().position(|(_, modules)| modules.contains(&module));
    let sources = sources("dissectors/src");
    // Modules that exist in tests only may look at the whole house.
    let for_tests: BTreeSet<Vec<&str>> = sources.iter().flat_map(test_modules).collect();
    let mut broken = Vec::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        let own = source.module();
        if own.is_empty() || for_tests.iter().any(|module| own.starts_with(module)) {
            continue;
        }
        let Some(own_floor) = floor(own[0]) else {
            broken.push(format!("{}: on which floor is it?", source.path));
            continue;
        };
        for (number, named) in source.named() {
            let Some(module) = named.first() else { continue };
            let place = format!("{}:{number}", source.path);
            match floor(module) {
                None => broken.push(format!("{place}: {module} is on no floor")),
                Some(other) if other > own_floor => {
                    let (here, there) = (FLOORS[own_floor].0, FLOORS[other].0);
                    let whom = named.join("::");
                    broken.push(format!("{place}: {here} names {whom}, which is {there}"));
                }
                Some(_) if own[0] == "protocols" && module == "protocols" => {
                    let (Some(own), Some(other)) = (own.get(1), named.get(1)) else { continue };
                    let pair = (*own, other.as_str());
                    let is_allowed = own == other
                        || SHARED_ROOMS.contains(&pair.1)
                        || ALLOWED_PAIRS.contains(&pair);
                    if !is_allowed {
                        broken.push(format!("{place}: the protocol {own} names {other}"));
                    }
                }
                Some(_) => {}
            }
        }
    }
    let floors: Vec<_> = FLOORS.iter().map(|(name, _)| *name).collect();
    hold(
        &format!(
            "inside dissectors there are floors ({}), and each knows itself and those below it; \
             protocols know no other protocol: what several need lies below them",
            floors.join(", ")
        ),
        &broken,
    );
}

impl Source {
    /// The module that the file is, in its crate: `["survey", "chunk"]`.
    pub(super) fn module(&self) -> Vec<&str> {
        let (_, path) = self.path.split_once("src/").unwrap_or_default();
        let parts = path.trim_end_matches(".rs").split('/');
        parts.filter(|part| !["mod", "lib"].contains(part)).collect()
    }

    /// Every module of its crate that the code names, by `crate::` or by `super::`, with the line.
    fn named(&self) -> Vec<(usize, Vec<String>)> {
        let mut found = Vec::new();
        let code: Vec<_> = self.code().collect();
        for (index, (number, line)) in code.iter().enumerate() {
            // A list in braces may go on for lines: as far as it goes, it is read as one.
            let behind = || code[index + 1..].iter().map(|(_, line)| *line);
            for (start, _) in line.match_indices("crate::").chain(line.match_indices("super::")) {
                let before = &line[..start];
                let is_inside_a_name = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
                if before.ends_with("super::") || is_inside_a_name || before.ends_with('$') {
                    continue;
                }
                let text: String =
                    std::iter::once(&line[start..]).chain(behind().take(20)).collect();
                found.extend(self.resolve(&text).into_iter().map(|module| (*number, module)));
            }
        }
        found
    }

    /// The modules that a path beginning with `crate::` or `super::` names, the first two steps of
    /// each.
    fn resolve(&self, path: &str) -> Vec<Vec<String>> {
        let mut base: Vec<String> = self.module().into_iter().map(str::to_owned).collect();
        let mut rest = path;
        if let Some(behind) = rest.strip_prefix("crate::") {
            (base, rest) = (Vec::new(), behind);
        }
        while let Some(behind) = rest.strip_prefix("super::") {
            base.pop();
            rest = behind;
        }
        let steps = |path: &str| -> Vec<String> {
            let end = path.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
            let path = &path[..end.unwrap_or(path.len())];
            let steps = path.split("::").filter(|step| !step.is_empty()).map(str::to_owned);
            base.iter().cloned().chain(steps).take(2).collect()
        };
        match rest.strip_prefix('{') {
            Some(list) => items(list).map(steps).collect(),
            None => vec![steps(rest)],
        }
    }
}

/// The parts of a list in braces, whose opening brace was taken away; lists within are left whole.
fn items(list: &str) -> impl Iterator<Item = &str> {
    let mut depth = 1;
    let mut ends = Vec::new();
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && c == ',') {
            ends.push(at);
        }
        if depth == 0 {
            break;
        }
    }
    let starts = std::iter::once(0).chain(ends.clone().into_iter().map(|end| end + 1));
    let parts = starts.zip(ends).map(|(start, end)| list[start..end].trim());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().into_iter()
}

/// The modules that a file declares for tests only.
pub(super) fn test_modules(source: &Source) -> Vec<Vec<&str>> {
    let mut lines = source.text.lines().map(str::trim);
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let declared = (line == "#[cfg(test)]").then(|| lines.next()).flatten();
        let name = declared.and_then(|line| line.split("mod ").nth(1)?.strip_suffix(';'));
        found.extend(name.map(|name| [source.module(), vec![name]].concat()));
    }
    found
}

#[test]
fn the_rule_sees_what_it_looks_for() {
    let source = Source {
        path: "dissectors/src/lib.rs".into(),
        text: "#[cfg(test)]\nmod more;\nmod less;\n".into(),
    };
    assert_eq!(test_modules(&source), [["more"]]);
    let text = "use crate::{\n    ids::FlowId,\n    story::{Story, text},\n};\n\
                use super::super::story::Story;\nlet x = super::row::Row::of($crate::fields);\n";
    let source = Source { path: "dissectors/src/survey/chunk.rs".into(), text: text.into() };
    let named: Vec<_> = source
        .named()
        .iter()
        .map(|(number, path)| format!("{number} {}", path.join("::")))
        .collect();
    assert_eq!(named, ["1 ids::FlowId", "1 story", "5 story::Story", "6 survey::row"]);
}
