//! What was meant by a word that is no file: a command in the wrong place, a filter without quotes,
//! a file of nearly that name.

use std::ffi::OsStr;
use std::path::Path;

use super::stop::{Outcome, Stop};
use crate::document;
use crate::trouble::Trouble;

/// How many names of a folder are looked at for one that is near.
const NAMES: usize = 10_000;
/// How many letters two names may differ in to be near.
const NEAR: usize = 2;
/// The commands that people may type, in the order in which help lists them.
pub(super) const COMMANDS: &[&str] = &[
    "list",
    "record",
    "run",
    "capture",
    "info",
    "show",
    "story",
    "export",
    "compare",
    "filter",
    "follow",
    "fields",
    "doctor",
    "completions",
    "manual",
];
/// Words of filters that shells hand on as words of their own.
const OPERATORS: &[&str] = &[
    "==", "!=", "===", "!==", "=", "<", ">", "<=", ">=", "eq", "ne", "lt", "gt", "le", "ge", "&&",
    "||", "and", "or", "not", "!", "contains", "matches", "in", "~", "&",
];

/// That all of these are there, or what was meant by the first that is not.
pub(super) fn there(files: &[impl AsRef<Path>]) -> Outcome {
    let files = files.iter().map(AsRef::as_ref);
    let is_missing = |file: &&Path| *file != Path::new("-") && !is_there(file);
    match files.clone().find(is_missing) {
        None => Ok(()),
        Some(missing) => Err(no_file(missing, files)),
    }
}

/// Whether there is something of this name; also where that cannot be told.
pub(super) fn is_there(file: &Path) -> bool {
    file.try_exists().unwrap_or(true)
}

/// That a file is not there, and what may have been meant; `all` stood where it stood.
fn no_file<'a>(missing: &Path, all: impl Iterator<Item = &'a Path>) -> Stop {
    let shown = missing.display().to_string();
    let others: Vec<String> =
        all.filter(|file| *file != missing).map(|file| format!(" {}", file.display())).collect();
    let others = others.concat();
    let no_file = format!("there is no file {shown}");
    if is_command(&shown) {
        let mend = format!("a command stands once, before all files: wirestage {shown}{others}");
        return Stop::wrong(format!("{no_file}, and the command {shown} is out of place"), mend);
    }
    if is_operator(&shown) {
        return Stop::wrong(no_file, QUOTES);
    }
    if let Some(near) = near(missing) {
        return Stop::Work(Trouble::new(no_file, format!("did you mean {near}?")));
    }
    // A name with a dot may be a field that nobody knows, and a file as well.
    let is_filter = missing.parent() == Some(Path::new("")) && document::filter(&shown).is_ok();
    let mend = match is_filter && !others.is_empty() {
        true => format!("a filter stands behind its option: --filter '{shown}'"),
        false => "check the name; wirestage --help lists the commands".to_owned(),
    };
    Stop::Work(Trouble::new(no_file, mend))
}

/// How a filter is written so that a shell hands it on whole.
pub(super) const QUOTES: &str = "a filter is one word to the shell: put it in quotes, \
                                 'tcp.port == 443'";

/// Whether this is a piece of a filter that lost its quotes.
pub(super) fn is_operator(word: &str) -> bool {
    OPERATORS.contains(&word)
}

/// Whether this is a command that people may type.
pub(super) fn is_command(word: &str) -> bool {
    COMMANDS.contains(&word)
}

/// A file beside it whose name is nearly that.
fn near(missing: &Path) -> Option<String> {
    let name = missing.file_name()?.to_str()?;
    let folder = missing.parent()?;
    let here = if folder == Path::new("") { Path::new(".") } else { folder };
    let names = here.read_dir().ok()?.take(NAMES).flatten().map(|entry| entry.file_name());
    let with_distance = |near: &OsStr| {
        let near = near.to_str()?;
        Some((strsim::osa_distance(near, name), near.to_owned()))
    };
    let nearest = names.filter_map(|near| with_distance(&near)).min()?;
    // Of two short names each is near the other.
    let is_near = nearest.0 <= NEAR && nearest.0 * 2 < name.chars().count();
    is_near.then(|| folder.join(nearest.1).display().to_string())
}

/// The number of a connection, as people count them.
pub(super) fn connection(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(0) => Err("connections are numbered from 1".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err("the number of a connection is one that wirestage story names".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_that_is_no_file_says_what_may_be_meant() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path("monday.pcapng"), "").unwrap();
        let a = path("monday.pcapng");
        let check = |files: &[&str], mend: &str| {
            let (Stop::Work(trouble) | Stop::Usage(trouble)) = there(files).unwrap_err() else {
                panic!("{files:?}")
            };
            assert!(trouble.cause.starts_with("there is no file "), "{trouble}");
            assert!(trouble.mend.contains(mend), "{files:?}: {}", trouble.mend);
        };
        assert!(there(&[a.as_str(), "-"]).is_ok());
        check(&[&a, "show"], &format!("before all files: wirestage show {a}"));
        check(&[&a, "=="], "put it in quotes");
        check(&[&a, "tcp"], "--filter 'tcp'");
        check(&[&path("munday.pcapng")], &format!("did you mean {a}?"));
        check(&[&path("monday.pcap")], "monday.pcapng?");
        check(&[&path("friday.pcapng")], "check the name");
        check(&["tcp"], "check the name");
    }

    #[test]
    fn connections_are_counted_from_one() {
        assert_eq!(connection("3"), Ok(3));
        for wrong in ["0", "-1", "one", "4294967296"] {
            assert!(connection(wrong).is_err(), "{wrong}");
        }
    }
}
