//! What README shows is what the program prints, on the samples of the repository.
//!
//! Blocks of `console` hold a command behind `$` and what it prints. A line that ends in `…` may go
//! on, and a line that holds nothing else stands for any number of lines. Commands that record are
//! not run: what they print differs each time.

use std::fs;
use std::path::Path;
use std::process::Command;

use wirestage_tests::{program, root, samples};

/// The commands that print the same of the same recording.
const SAME_EACH_TIME: [&str; 8] =
    ["export", "fields", "filter", "follow", "info", "list", "show", "story"];

/// A command, and the lines that README shows of what it prints.
struct Shown {
    command: String,
    lines: Vec<String>,
}

/// All commands of a text's `console` blocks.
fn shown(text: &str) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if !inside {
        } else if let Some(command) = line.strip_prefix("$ ") {
            found.push(Shown { command: command.to_owned(), lines: Vec::new() });
        } else if let Some(last) = found.last_mut() {
            if last.command.ends_with('\\') {
                last.command.pop();
                last.command.push_str(line.trim_start());
            } else {
                last.lines.push(line.to_owned());
            }
        }
    }
    found
}

/// The first line of a piece that README shows and the program does not print in its place.
fn differs<'a>(shown: &'a [String], printed: &[&str]) -> Option<&'a str> {
    let is_it = |(line, printed): (&String, &&str)| match line.strip_suffix('…') {
        Some(start) => printed.starts_with(start),
        None => printed.trim_end() == line.trim_end(),
    };
    let (mut rest, mut pieces) = (printed, shown.split(|line| line == "…"));
    let first = pieces.next().unwrap_or_default();
    if let Some(wrong) = first.iter().zip(rest).position(|pair| !is_it(pair)) {
        return Some(&first[wrong]);
    }
    rest = rest.get(first.len()..).unwrap_or_default();
    let mut ends = first.len() == printed.len();
    for piece in pieces {
        let place = |at: &usize| {
            let here = &rest[*at..];
            here.len() >= piece.len() && piece.iter().zip(here).all(is_it)
        };
        let Some(at) = (0..=rest.len()).find(place) else {
            return piece
                .iter()
                .find(|line| !rest.iter().any(|one| is_it((line, one))))
                .or(piece.first())
                .map(String::as_str);
        };
        rest = &rest[at + piece.len()..];
        ends = rest.is_empty() || piece.is_empty();
    }
    (!ends && !shown.is_empty()).then_some("(and there it ends)")
}

#[test]
fn what_readme_shows_is_what_the_program_prints() {
    let readme = fs::read_to_string(root().join("README.md")).expect("there is a README");
    let folder = tempfile::tempdir().expect("a folder");
    for (name, sample) in samples() {
        let copy = folder.path().join(format!("{name}.pcapng"));
        fs::copy(sample.join("recording.pcapng"), copy).expect("a sample");
    }
    let mut tried = 0;
    let mut wrong = Vec::new();
    for Shown { command, lines } in shown(&readme) {
        let mut words = command.split_whitespace();
        if words.next() != Some("wirestage")
            || !words.next().is_some_and(|word| SAME_EACH_TIME.contains(&word))
        {
            continue;
        }
        tried += 1;
        let printed = print(&command, folder.path());
        let printed: Vec<_> = printed.lines().collect();
        if let Some(line) = differs(&lines, &printed) {
            wrong.push(format!("$ {command}\nREADME: {line}\nprinted:\n{}", printed.join("\n")));
        }
    }
    assert!(tried >= 15, "README shows what {tried} commands print: is it still written so?");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What a command of a shell prints, on both of its outputs, in a terminal of 120 columns.
fn print(command: &str, folder: &Path) -> String {
    let program = program::program().parent().expect("it lies in a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let ran = Command::new("bash")
        .args(["-c", &format!("{{ {command}; }} 2>&1")])
        .current_dir(folder)
        .env("PATH", path)
        .env("COLUMNS", "120")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .expect("there is a shell");
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

#[test]
fn a_line_that_differs_is_found() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let printed = ["one", "two and more", "three", "four"];
    assert_eq!(differs(&lines("one\ntwo…\n…\nfour"), &printed), None);
    assert_eq!(differs(&lines("one\n…"), &printed), None);
    assert_eq!(differs(&lines("one\nthree\n…"), &printed), Some("three"));
    assert_eq!(differs(&lines("…\nfive"), &printed), Some("five"));
    assert_eq!(differs(&lines("one"), &printed), Some("(and there it ends)"));
    assert_eq!(differs(&lines("one\n…\nthree"), &printed), Some("(and there it ends)"));
    assert_eq!(differs(&lines("…\ntwo and more\nthree\n…"), &printed), None);
    assert_eq!(differs(&[], &printed), None, "what is not shown is not claimed");
}
