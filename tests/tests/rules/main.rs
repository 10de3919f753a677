//! The rules of the house: which part may know which, and how files look.
//!
//! Each rule is checked by reading manifests and sources as text, and a broken one is explained in
//! a sentence, with every place that breaks it.

mod circles;
mod floors;
mod sentences;

use std::fs;
use std::path::{Path, PathBuf};

/// The last column of a line, as rustfmt has it where nobody says otherwise.
const WIDTH: usize = 100;

/// Files longer than this need a reason in [`LONG_FILES`].
const MOST_LINES: usize = 500;

/// Files that may be longer, and why.
const LONG_FILES: &[(&str, &str)] = &[];

/// The crates of this project, by folder, and those of our own that each may depend on.
const CRATES: &[(&str, &[&str])] = &[
    ("dissectors", &[]),
    ("captures", &["wirestage-dissectors"]),
    ("generators", &[]),
    ("app", &["wirestage-captures", "wirestage-dissectors", "wirestage-generators"]),
    ("tests/fuzz", &["wirestage-captures", "wirestage-dissectors"]),
];

/// Crates of others that a folder must never see, and why.
const FOREIGN: &[(&str, &[&str], &str)] = &[
    (
        "dissectors",
        &["tokio", "rayon", "pcap", "memmap2", "tempfile", "nix", "libc", "socket2", "egui"],
        "dissectors are pure: no files, sockets, clocks, threads, async or windows",
    ),
    (
        "captures",
        &["tokio", "rustls", "hyper", "egui", "eframe", "epaint"],
        "captures move bytes: they know no protocols and no windows",
    ),
    (
        "generators",
        &["pcap", "etherparse", "egui", "eframe", "epaint"],
        "generators talk: they neither capture nor dissect nor draw",
    ),
];

/// The top of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests lie in the root").to_path_buf()
}

/// A source file: its path from the root, and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// The lines that hold code: numbered from one, without comments, without a module of tests
    /// at the end of the file.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = self.text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(self.text.len());
        let lines = self.text.get(..end).unwrap_or_default().lines();
        lines.enumerate().filter_map(|(index, line)| {
            let code = line.split("//").next().unwrap_or_default();
            (!code.trim().is_empty()).then_some((index + 1, code))
        })
    }

    /// Whether it is a test, or an example, and not part of the program.
    fn is_test(&self) -> bool {
        ["/tests/", "/tests.rs", "/examples/", "/benches/"].iter().any(|p| self.path.contains(p))
    }
}

/// All Rust files below a folder of the repository.
fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root()).expect("below the root");
                let text = fs::read_to_string(&path).expect("a source is text");
                found.push(Source { path: name.display().to_string(), text });
            }
        }
    }
    assert!(!found.is_empty(), "{folder} holds no sources: is it still called so?");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Every Rust file of the project.
fn all_sources() -> Vec<Source> {
    let crates = ["app", "captures", "dissectors", "generators", "tests"];
    crates.into_iter().flat_map(sources).collect()
}

/// The names of all dependencies in a folder's manifest, those for development included.
fn dependencies(folder: &str) -> Vec<String> {
    let manifest = root().join(folder).join("Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("every crate has a manifest");
    let mut inside = false;
    let mut names = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(heading) = line.strip_prefix('[') {
            inside = heading.ends_with("dependencies]");
        } else if inside && !line.is_empty() && !line.starts_with('#') {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            names.push(name.to_owned());
        }
    }
    names
}

/// Fails with the rule and every place that breaks it.
fn hold(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "\nThe rule: {rule}.\nBroken by:\n  {}\n", broken.join("\n  "));
}

/// Every line of code in `folder` that holds one of `words`, except in tests.
fn mentions(folder: &str, words: &[&str], except: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources(folder).iter().filter(|source| !source.is_test()) {
        if except.contains(&source.path.as_str()) {
            continue;
        }
        for (number, line) in source.code() {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    found
}

#[test]
fn every_dependency_has_its_reason() {
    let mut broken = Vec::new();
    for (folder, _) in CRATES.iter().chain(&[("tests", &[] as &[&str])]) {
        let manifest = format!("{folder}/Cargo.toml");
        let text = fs::read_to_string(root().join(&manifest)).expect("every crate has a manifest");
        let (mut inside, mut explained) = (false, false);
        for line in text.lines() {
            if line.starts_with('[') {
                inside = line.ends_with("dependencies]");
            } else if inside && !line.is_empty() && !line.contains('#') && !explained {
                broken.push(format!("{manifest}: {line}"));
            }
            explained = line.starts_with('#');
        }
    }
    hold("a dependency says what it is for, behind it or in the line above", &broken);
}

#[test]
fn crates_depend_in_one_direction_only() {
    for (folder, allowed) in CRATES {
        let ours = dependencies(folder).into_iter().filter(|name| name.starts_with("wirestage"));
        let broken: Vec<_> = ours.filter(|name| !allowed.contains(&name.as_str())).collect();
        let rule = format!("{folder} may depend, of our own crates, on {allowed:?} only");
        hold(&rule, &broken);
    }
}

#[test]
fn crates_do_not_see_what_is_not_theirs() {
    for (folder, foreign, why) in FOREIGN {
        let names = dependencies(folder).into_iter();
        let broken: Vec<_> = names.filter(|name| foreign.contains(&name.as_str())).collect();
        hold(&format!("in {folder}/Cargo.toml: {why}"), &broken);
    }
}

#[test]
fn dissectors_touch_no_file_socket_clock_or_thread() {
    let words = [
        "std::fs",
        "std::env",
        "std::thread",
        "std::process",
        "SystemTime",
        "Instant::",
        "TcpStream",
        "TcpListener",
        "UdpSocket",
        "std::io::stdin",
        "async fn",
    ];
    hold(
        "reading a recording twice gives the same story, so time, randomness and input come into \
         dissectors as data",
        &mentions("dissectors/src", &words, &[]),
    );
}

#[test]
fn captures_take_ids_frames_and_secrets_from_dissectors_and_name_no_protocol() {
    let broken: Vec<String> = sources("captures").iter().flat_map(not_shared).collect();
    hold("captures share ids, frames and secrets with dissectors, and nothing else", &broken);
    let protocols = ["ProtocolId", "protocols::", "etherparse"];
    // Routers and middleboxes on a lab link read and write headers: that is what they are.
    let but_for = ["captures/src/lab/link/router.rs", "captures/src/lab/link/middlebox.rs"];
    hold("captures know no protocols", &mentions("captures/src", &protocols, &but_for));
}

/// What a file of `captures` takes of `dissectors` and may not.
fn not_shared(source: &Source) -> Vec<String> {
    let text: String = source.code().flat_map(|(_, line)| [line, "\n"]).collect();
    let is_shared = |path: &[String]| match path {
        [of, module, ..] if of == "wirestage_dissectors" => {
            ["ids", "frames", "secret"].contains(&module.as_str())
        }
        _ => true,
    };
    let paths = circles::named(&text).into_iter().filter(|path| !is_shared(path));
    paths.map(|path| format!("{}: {}", source.path, path.join("::"))).collect()
}

#[test]
fn the_tls_handshake_knows_none_of_its_carriers() {
    let words = ["record", "TlsSession", "super::keys", "quic::", "dtls::"];
    hold(
        "the handshake of TLS goes over records, QUIC and DTLS, so it names none of them",
        &mentions("dissectors/src/protocols/tls/handshake", &words, &[]),
    );
}

#[test]
fn the_command_line_builds_without_the_window() {
    let manifest = fs::read_to_string(root().join("app/Cargo.toml")).expect("the manifest");
    let window = ["eframe", "egui", "egui_tiles", "rfd", "winit"];
    let must: Vec<_> = manifest
        .lines()
        .filter(|line| window.iter().any(|name| line.starts_with(&format!("{name} "))))
        .filter(|line| !line.contains("optional = true"))
        .map(str::to_owned)
        .collect();
    hold("crates of the window are optional, behind the feature `gui`", &must);

    let words = ["egui::", "eframe::", "egui_tiles::", "rfd::", "winit::"];
    for folder in ["app/src/document", "app/src/record"] {
        hold("documents and recordings know no window", &mentions(folder, &words, &[]));
    }
    let words = ["egui::", "eframe::", "winit::"];
    hold("the command line knows no window library", &mentions("app/src/cli", &words, &[]));
}

#[test]
fn nothing_in_the_app_knows_what_comes_after_it() {
    let rule = "data flows one way: document, then diagram, then command line and window";
    let later = ["crate::diagram", "crate::cli", "crate::gui", "crate::record"];
    hold(rule, &mentions("app/src/document", &later, &[]));
    let later = ["crate::cli", "crate::gui", "crate::record"];
    hold(rule, &mentions("app/src/diagram", &later, &[]));
    hold(rule, &mentions("app/src/record", &["crate::cli", "crate::gui", "crate::diagram"], &[]));
}

#[test]
fn where_hostile_bytes_are_read_nothing_is_unsafe_and_nothing_panics() {
    let check = |file: &str, wanted: &[&str]| {
        let text = fs::read_to_string(root().join(file)).expect("the crate's first file");
        let missing: Vec<_> =
            wanted.iter().filter(|lint| !text.contains(*lint)).map(|lint| (*lint).into()).collect();
        hold(&format!("{file} keeps these lints"), &missing);
    };
    let panics = ["clippy::indexing_slicing", "clippy::unwrap_used", "clippy::panic"];
    check("dissectors/src/lib.rs", &["#![forbid(unsafe_code)]"]);
    check("dissectors/src/lib.rs", &panics);
    check("generators/src/lib.rs", &["#![forbid(unsafe_code)]"]);
    check("captures/src/lib.rs", &["#![deny(unsafe_code)]"]);
    check("captures/src/lib.rs", &panics);
}

#[test]
fn every_file_says_in_its_first_line_what_it_is() {
    let without = all_sources().into_iter().filter(|source| !source.text.starts_with("//! "));
    let broken: Vec<_> = without.map(|source| source.path).collect();
    hold("a file begins with `//!` and a sentence on what it is", &broken);
}

#[test]
fn files_are_short_or_have_a_reason() {
    let mut broken = Vec::new();
    let sources = all_sources();
    for source in &sources {
        let lines = source.text.lines().count();
        let excused = LONG_FILES.iter().any(|(path, _)| *path == source.path);
        if lines > MOST_LINES && !excused {
            broken.push(format!("{} has {lines} lines", source.path));
        }
        if lines <= MOST_LINES && excused {
            broken.push(format!("{} needs no reason any more: {lines} lines", source.path));
        }
    }
    for (path, _) in LONG_FILES {
        if !sources.iter().any(|source| source.path == *path) {
            broken.push(format!("{path} has a reason but does not exist"));
        }
    }
    hold(&format!("a file has one idea and at most {MOST_LINES} lines"), &broken);
}

#[test]
fn comments_are_as_wide_as_code() {
    let mut broken = Vec::new();
    for source in &all_sources() {
        for (number, line) in source.text.lines().enumerate() {
            // Pictures and tables stand further in, and addresses cannot be broken.
            let comment =
                ["/// ", "//! ", "// "].iter().find_map(|mark| line.trim().strip_prefix(mark));
            let is_text = comment.is_some_and(|text| !text.starts_with([' ', '|', '[']));
            if is_text && line.chars().count() > WIDTH && !line.contains("://") {
                broken.push(format!("{}:{}", source.path, number + 1));
            }
        }
    }
    hold(&format!("a line of a comment ends by column {WIDTH}, as rustfmt ends code"), &broken);
}

#[test]
fn colours_come_from_themes() {
    let mut broken = Vec::new();
    for source in sources("app/src").iter().filter(|source| !source.is_test()) {
        for (number, line) in source.code() {
            if names_a_colour(line) {
                broken.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    hold("colours have names, and only the files in assets/themes hold their values", &broken);
}

/// Whether a line of code holds a colour as numbers or by egui's names for some.
fn names_a_colour(line: &str) -> bool {
    // Whoever hands on three variables hands on somebody else's colour.
    let number = |text: &str| text.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let made = ["from_rgb(", "from_gray(", "from_rgba_unmultiplied(", "from_black_alpha("];
    let by_number = made.iter().any(|call| line.split(call).skip(1).any(number));
    let named = line.split("Color32::").skip(1).any(|rest| {
        let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        let constant = name.len() > 1 && name.chars().all(|c| c.is_ascii_uppercase());
        // These two are no colours: nothing at all, and "to be filled in".
        constant && name != "TRANSPARENT" && name != "PLACEHOLDER"
    });
    let hex = line.split("\"#").skip(1).any(|rest| {
        let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
        digits == 6 || digits == 8
    });
    by_number || named || hex
}

#[test]
fn nothing_is_left_to_be_done() {
    // Spelled apart, or this file would break its own rule.
    let words = [["to", "do!("].concat(), ["unimple", "mented!("].concat(), ["db", "g!("].concat()];
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    for folder in ["app", "captures", "dissectors", "generators"] {
        hold("what is there works", &mentions(folder, &words, &[]));
    }
}

#[test]
fn the_rules_themselves_see_what_they_look_for() {
    assert!(names_a_colour("let red = Color32::from_rgb(255, 0, 0);"));
    assert!(names_a_colour("fill(Color32::RED)"));
    assert!(names_a_colour("let paper = \"#ffffff\";"));
    assert!(!names_a_colour("Color32::from_rgb(red, green, blue)"));
    assert!(!names_a_colour("Color32::TRANSPARENT"));
    let text = "//! A file.\n#[cfg(test)]\nmod more;\nuse std::fs; // std::env\n\
                \n#[cfg(test)]\nmod tests {\nuse std::thread;\n}\n";
    let source = Source { path: "x.rs".into(), text: text.into() };
    let code: Vec<_> = source.code().map(|(number, _)| number).collect();
    assert_eq!(code, [2, 3, 4], "a module of tests in the file is left out, and nothing else");
    for (taken, is_shared) in [
        ("use wirestage_dissectors::{\n    frames::Frames,\n    story::Beat,\n};", false),
        ("use wirestage_dissectors::story;", false),
        ("let beat = wirestage_dissectors::story::Beat::default();", false),
        ("use wirestage_dissectors::{frames::Frames, ids::FrameId};", true),
    ] {
        let source = Source { path: "x.rs".into(), text: taken.into() };
        assert_eq!(not_shared(&source).is_empty(), is_shared, "{taken}");
    }
    assert!(dependencies("captures").contains(&"wirestage-dissectors".to_owned()));
    assert!(dependencies("generators").contains(&"rustls".to_owned()));
}
