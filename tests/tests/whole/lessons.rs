//! Every lesson that a protocol names is written, and every one that is written is named.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use wirestage_tests::root;

/// All files below a folder that end in this.
fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == end) {
                found.push(path);
            }
        }
    }
    found
}

/// Text in quotation marks that looks like the name of a lesson: `tls/client-hello`.
fn names(source: &str, rooms: &BTreeSet<String>) -> Vec<String> {
    let quoted = source.split('"').skip(1).step_by(2);
    let is_name = |text: &&str| {
        text.split_once('/').is_some_and(|(room, name)| {
            let letter = |letter: char| letter.is_ascii_lowercase() || letter == '-';
            rooms.contains(room) && !name.is_empty() && name.chars().all(letter)
        })
    };
    quoted.filter(is_name).map(str::to_owned).collect()
}

fn written() -> BTreeSet<String> {
    let folder = root().join("assets/lessons");
    let name = |path: &PathBuf| {
        let path = path.strip_prefix(&folder).expect("it lies below").with_extension("");
        path.to_string_lossy().replace('\\', "/")
    };
    files(&folder, "md").iter().map(name).collect()
}

#[test]
fn what_is_named_is_written_and_what_is_written_is_named() {
    let protocols = root().join("dissectors/src/protocols");
    let room = |path: PathBuf| Some(path.file_name()?.to_string_lossy().into_owned());
    let entries = std::fs::read_dir(&protocols).expect("protocols").flatten();
    let mut rooms: BTreeSet<String> = entries.filter_map(|entry| room(entry.path())).collect();
    // Echo lives in a folder that says what carries it.
    rooms.insert("udp".into());
    // What two databases have in common.
    rooms.insert("sql".into());
    // Sets of scenarios that are seen side by side have theirs.
    rooms.insert("compare".into());
    // So have graphs.
    rooms.insert("graph".into());
    let mut named = BTreeSet::new();
    let sources = ["dissectors/src", "app/src/compare", "app/src/diagram/graph"]
        .map(|folder| files(&root().join(folder), "rs"));
    for path in sources.concat() {
        // Lines of text can break inside quotation marks; a name never does.
        let source = std::fs::read_to_string(&path).expect("source is text");
        for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
            named.extend(names(line, &rooms));
        }
    }
    let written = written();
    // A lesson about fields names them itself; that they exist is tested beside the table.
    let folder = root().join("assets/lessons");
    let is_about_fields = |name: &&String| {
        let text = std::fs::read_to_string(folder.join(name).with_extension("md")).expect("text");
        text.lines().any(|line| line.starts_with("Fields: "))
    };
    named.extend(written.iter().filter(is_about_fields).cloned());
    let missing: Vec<_> = named.difference(&written).collect();
    assert!(missing.is_empty(), "these lessons are named and not written: {missing:?}");
    let idle: Vec<_> = written.difference(&named).collect();
    assert!(idle.is_empty(), "these lessons are written and not named: {idle:?}");
    assert!(written.len() > 30, "the search for names finds them: {}", written.len());
}

#[test]
fn lessons_are_short_and_begin_with_a_title() {
    let folder = root().join("assets/lessons");
    for name in written() {
        let text = std::fs::read_to_string(folder.join(&name).with_extension("md")).expect("text");
        assert!(text.starts_with("# "), "{name} begins with a title");
        let told = text.lines().filter(|line| !line.starts_with("Fields: "));
        let words: usize = told.map(|line| line.split_whitespace().count()).sum();
        assert!((80..=220).contains(&words), "{name} has {words} words");
        let standard = |line: &str| line.starts_with("The standard");
        assert!(text.lines().any(standard), "{name} says where the standard says so");
    }
}
