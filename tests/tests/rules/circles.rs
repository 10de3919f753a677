//! Circles of files: which files of a crate name each other, directly or by way of others.
//!
//! ```text
//!   engine/reader ──> protocol ──> engine/session        no way back: no circle
//!   survey/row <──> survey/flow                          a circle within one folder
//!   gui/state ──> gui/stage/open ──> gui/state           a circle of two folders: broken
//! ```
//!
//! Who names a thing names the file that it stands in, also where a `use` of another file hands it
//! on. What is told of a whole folder in its `mod.rs` is a file of that folder.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::floors::test_modules;
use super::{Source, hold, sources};

/// The steps that lead to a module: `["survey", "chunk"]`.
type Module = Vec<String>;

/// The files of a crate by their modules, and whom each names.
#[derive(Default)]
struct Drawing {
    names: BTreeMap<Module, BTreeSet<Module>>,
    /// What `use` lines hand on: by the module they stand in and the name, the whole path.
    handed: BTreeMap<(Module, String), Module>,
}

/// A path that the code of a file names.
#[derive(Debug, PartialEq, Eq)]
struct Path {
    steps: Vec<String>,
    /// The name that a `use` gives it.
    called: Option<String>,
    /// Whether a `use` only hands it on to others.
    is_handed_on: bool,
}

#[test]
fn no_circle_of_files_is_larger_than_a_folder() {
    for folder in ["dissectors/src", "app/src", "captures/src", "generators/src"] {
        let broken = circles(&sources(folder));
        let rule = "files of one folder may know each other; between folders names lead one way, \
                    so what two of them need stands below both";
        hold(&format!("in {folder}, {rule}"), &broken);
    }
}

/// The circles of more than one folder, each with the shortest way round and all its files.
fn circles(sources: &[Source]) -> Vec<String> {
    let drawing = Drawing::of(sources);
    let ways: BTreeMap<_, _> =
        drawing.names.keys().map(|from| (from, drawing.reach(from))).collect();
    let mut seen: BTreeSet<&Module> = BTreeSet::new();
    let mut found = Vec::new();
    for (from, reached) in &ways {
        let back = |to: &&Module| ways.get(to).is_some_and(|ways| ways.contains_key(*from));
        let circle: BTreeSet<&Module> = reached.keys().filter(back).collect();
        if circle.is_empty() || !seen.insert(from) {
            continue;
        }
        seen.extend(&circle);
        if is_of_one_folder(&circle) {
            continue;
        }
        let edges = circle.iter().flat_map(|a| drawing.names[*a].iter().map(|b| (*a, b)));
        let rounds =
            edges.filter_map(|(a, b)| Some([&[a.clone()][..], ways.get(b)?.get(a)?].concat()));
        // Where no single round is larger than a folder, they are together.
        let is_larger = |round: &Vec<Module>| !is_of_one_folder(&round.iter().collect());
        let round = rounds.min_by_key(|round| (!is_larger(round), round.len()));
        let round: Vec<_> = round.unwrap_or_default().iter().map(|step| step.join("/")).collect();
        let files: Vec<_> = circle.iter().map(|file| file.join("/")).collect();
        found.push(format!("{} ({} files: {})", round.join(" -> "), files.len(), files.join(", ")));
    }
    found
}

/// Whether files are those of one folder, its `mod.rs` among them.
fn is_of_one_folder(files: &BTreeSet<&Module>) -> bool {
    let shortest = files.iter().map(|file| file.len()).min().unwrap_or_default();
    let folder = |len: usize| {
        let mut folders = files.iter().map(|file| file.get(..len));
        let first = folders.next().flatten();
        first.is_some() && folders.all(|one| one == first)
    };
    let shared = (0..=shortest).rev().find(|len| folder(*len)).unwrap_or_default();
    files.iter().all(|file| file.len() <= shared + 1)
}

impl Drawing {
    fn of(sources: &[Source]) -> Self {
        let for_tests: BTreeSet<Vec<&str>> = sources.iter().flat_map(test_modules).collect();
        let is_read = |source: &&Source| {
            let own = source.module();
            !source.is_test() && !for_tests.iter().any(|module| own.starts_with(module))
        };
        let files: Vec<(Module, Vec<Path>)> = sources
            .iter()
            .filter(is_read)
            .map(|source| {
                let module = source.module().into_iter().map(str::to_owned).collect();
                let code: Vec<_> = source.code().map(|(_, line)| line).collect();
                (module, paths(&code.join("\n")))
            })
            .collect();
        let names = files.iter().map(|(module, _)| (module.clone(), BTreeSet::new()));
        let mut drawing = Self { names: names.collect(), handed: BTreeMap::new() };
        for (module, paths) in &files {
            for path in paths {
                let whole = drawing.whole(module, &path.steps);
                if let (Some(name), Some(whole)) = (&path.called, whole) {
                    drawing.handed.insert((module.clone(), name.clone()), whole);
                }
            }
        }
        for (module, paths) in &files {
            for path in paths.iter().filter(|path| !path.is_handed_on) {
                let whole = drawing.whole(module, &path.steps);
                let file = whole.map(|whole| drawing.file(&whole)).unwrap_or_default();
                // The crate's root holds nothing but its modules, and names of macros.
                if !file.is_empty() && file != *module {
                    drawing.names.entry(module.clone()).or_default().insert(file);
                }
            }
        }
        drawing
    }

    /// The whole path of what a module names by these steps; nothing where that is of another
    /// crate.
    fn whole(&self, module: &Module, steps: &[String]) -> Option<Module> {
        let first = steps.first()?;
        let mut base = module.clone();
        let mut rest = steps;
        match first.as_str() {
            "crate" => (base, rest) = (Vec::new(), &steps[1..]),
            "self" => rest = &steps[1..],
            "super" => {
                while rest.first().is_some_and(|step| step == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            _ => {
                let child = [&base[..], std::slice::from_ref(first)].concat();
                self.names.contains_key(&child).then_some(())?;
            }
        }
        Some([&base[..], rest].concat())
    }

    /// The module that a path leads to: where the thing itself stands, whoever handed it on.
    fn file(&self, path: &[String]) -> Module {
        let mut path = path.to_vec();
        // Names may be handed on from hand to hand, and never so often.
        for _ in 0..8 {
            let len = (0..=path.len()).rev().find(|len| self.names.contains_key(&path[..*len]));
            let len = len.unwrap_or_default();
            let next = path.get(len).cloned();
            let handed = next.and_then(|name| self.handed.get(&(path[..len].to_vec(), name)));
            match handed {
                Some(whole) if *whole != path => path = [&whole[..], &path[len + 1..]].concat(),
                _ => return path[..len].to_vec(),
            }
        }
        Vec::new()
    }

    /// Every file that one leads to, with the shortest way there.
    fn reach(&self, from: &Module) -> BTreeMap<Module, Vec<Module>> {
        let mut found: BTreeMap<Module, Vec<Module>> = BTreeMap::new();
        let mut next = VecDeque::from([(from.clone(), vec![from.clone()])]);
        while let Some((at, way)) = next.pop_front() {
            for to in self.names.get(&at).into_iter().flatten() {
                if !found.contains_key(to) {
                    let way = [&way[..], std::slice::from_ref(to)].concat();
                    found.insert(to.clone(), way.clone());
                    next.push_back((to.clone(), way));
                }
            }
        }
        found
    }
}

/// The steps of each path in code.
pub(super) fn named(code: &str) -> Vec<Vec<String>> {
    paths(code).into_iter().map(|path| path.steps).collect()
}

/// The paths of more than one step in code, and all that `use` lines name.
fn paths(code: &str) -> Vec<Path> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let before = at.checked_sub(1).map_or("", |at| tokens[at]);
        if *token == "pub" && tokens.get(at + 1..at + 3) == Some(&["(", "in"]) {
            at += tokens[at..].iter().position(|token| *token == ")").unwrap_or(1);
        } else if *token == "use" {
            let is_handed_on = ["pub", ")"].contains(&before);
            at = tree(&tokens, at + 1, &[], is_handed_on, &mut found);
        } else if is_name(token) && !["::", "$", "."].contains(&before) {
            let mut steps = vec![(*token).to_owned()];
            while tokens.get(at + 1) == Some(&"::")
                && tokens.get(at + 2).is_some_and(|t| is_name(t))
            {
                steps.push(tokens[at + 2].to_owned());
                at += 2;
            }
            if steps.len() > 1 {
                found.push(Path { steps, called: None, is_handed_on: false });
            }
        }
        at += 1;
    }
    found
}

/// The paths of one branch of a `use`, which begins at a token; gives where it ends.
fn tree(
    tokens: &[&str],
    mut at: usize,
    before: &[String],
    is_handed_on: bool,
    found: &mut Vec<Path>,
) -> usize {
    let mut steps = before.to_vec();
    let mut called = None;
    while let Some(token) = tokens.get(at) {
        match *token {
            "{" => {
                while tokens.get(at).is_some_and(|token| *token != "}") {
                    at = tree(tokens, at + 1, &steps, is_handed_on, found);
                }
                return at + 1;
            }
            "," | "}" | ";" => break,
            "as" => {
                called = tokens.get(at + 1).map(|name| (*name).to_owned());
                at += 1;
            }
            // `use a::{self}` names `a` itself.
            "self" if steps.len() > before.len() || !before.is_empty() => {}
            name if is_name(name) => steps.push(name.to_owned()),
            _ => {}
        }
        at += 1;
    }
    if steps.len() > before.len() || (tokens.get(at - 1) == Some(&"self") && !before.is_empty()) {
        let called = called.or_else(|| steps.last().cloned());
        found.push(Path { steps, called, is_handed_on });
    }
    at
}

/// Names, double colons and single signs.
fn tokens(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = if is_name(rest.get(..first.len_utf8()).unwrap_or_default()) {
            rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        let (token, behind) = rest.split_at(len);
        found.push(token);
        rest = behind.trim_start();
    }
    found
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

#[test]
fn the_rule_sees_a_circle_where_there_is_one() {
    let check = |files: &[(&str, &str)], expected: &[&str]| {
        let source = |(path, text): &(&str, &str)| Source {
            path: format!("house/src/{path}"),
            text: (*text).to_owned(),
        };
        let sources: Vec<_> = files.iter().map(source).collect();
        assert_eq!(circles(&sources), expected, "{files:?}");
    };
    // Within a folder, its `mod.rs` among them.
    check(
        &[
            ("a/mod.rs", "mod x;\nmod y;\nuse self::x::X;\npub struct A;\n"),
            ("a/x.rs", "use super::{A, y::{self, Y}};\npub struct X;\n"),
            ("a/y.rs", "fn of() -> super::x::X { super::x::X }\npub struct Y;\n"),
        ],
        &[],
    );
    // One way only.
    check(&[("a.rs", "use crate::b::B;\n"), ("b/mod.rs", "pub struct B;\n")], &[]);
    // Between two folders, by a `use` and by a path within the code.
    check(
        &[
            ("a/x.rs", "use crate::b::y::{Y, Z as Other};\n"),
            ("b/y.rs", "fn of() -> crate::a::x::X { todo() }\n"),
        ],
        &["a/x -> b/y -> a/x (2 files: a/x, b/y)"],
    );
    // By way of a third, which a folder hands on under another name.
    check(
        &[
            ("a.rs", "use crate::b::Gate;\n"),
            ("b/mod.rs", "mod y;\npub use self::y::Y as Gate;\n"),
            ("b/y.rs", "use crate::c;\npub struct Y;\n"),
            ("c.rs", "use super::a::A;\n"),
        ],
        &["a -> b/y -> c -> a (3 files: a, b/y, c)"],
    );
    // A file below a folder below: `mod.rs` calls down, and what is called names what is above.
    check(
        &[
            ("a/mod.rs", "mod b;\nfn of() { b::c::of() }\npub struct A;\n"),
            ("a/b/mod.rs", "pub mod c;\n"),
            ("a/b/c.rs", "use super::super::A;\npub fn of() {}\n"),
        ],
        &["a -> a/b/c -> a (2 files: a, a/b/c)"],
    );
    // What only tests name, whom one lets in, and what is said of it in words.
    check(
        &[
            ("a.rs", "//! See [`crate::b::B`].\n#[cfg(test)]\nmod tests;\npub struct A;\n"),
            ("a/tests.rs", "use crate::b::B;\n"),
            ("b.rs", "use crate::a::A;\npub(in crate::a) struct B;\n"),
        ],
        &[],
    );
}
