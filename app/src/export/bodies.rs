//! The contents of requests and answers, each in a file of its own, with its codings undone.
//!
//! A name is made of numbers and of words of this program: nothing that came over the wire stands
//! in it, so that no recording chooses where a file lies or what opens it.

use std::fs;
use std::io;
use std::path::Path;

use wirestage_dissectors::requests::{Content, Half};
use wirestage_dissectors::wording::{bytes, counted};

use crate::document::{Gathered, Ground, Progress};
use crate::private;
use crate::trouble::Trouble;

/// Endings that files get by media type; all others are `.bin`, and so are contents that are still
/// coded.
const ENDINGS: &[(&str, &str)] = &[
    ("application/dns-message", "dns"),
    ("application/javascript", "js"),
    ("application/json", "json"),
    ("application/pdf", "pdf"),
    ("application/xml", "xml"),
    ("application/x-www-form-urlencoded", "txt"),
    ("application/zip", "zip"),
    ("font/woff2", "woff2"),
    ("image/avif", "avif"),
    ("image/gif", "gif"),
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/svg+xml", "svg"),
    ("image/webp", "webp"),
    ("text/css", "css"),
    ("text/csv", "csv"),
    ("text/plain", "txt"),
    ("text/html", "html"),
    ("text/javascript", "js"),
    ("text/xml", "xml"),
];

/// Which side a content is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who asks.
    Question,
    /// Who answers.
    Answer,
}

/// What was saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// The files, in their order.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Contents of which the recording keeps a part only.
    pub parts: u64,
}

/// Saves the contents of all requests in a folder, which is made where it is missing, or of the one
/// with that number; the first is 1. What stands there under the same names is replaced. Nothing
/// where that was cancelled.
///
/// # Errors
/// Where a file cannot be written.
pub fn save(
    ground: &Ground,
    all: &Gathered,
    only: Option<usize>,
    folder: &Path,
    progress: &Progress,
) -> Result<Option<Saved>, Trouble> {
    let fail = |path: &Path, error: io::Error| Trouble::unwritable(path, &error);
    fs::create_dir_all(folder).map_err(|error| fail(folder, error))?;
    let mut details = ground.details();
    let mut saved = Saved::default();
    let rows = all.rows.iter().enumerate();
    let rows = rows.filter(|(at, _)| only.is_none_or(|only| only == at + 1));
    let is_whole = details.each(rows, |at, _, detail| -> Result<bool, Trouble> {
        progress.set(at as u64, all.rows.len() as u64);
        for (side, half) in [(Side::Question, &detail.question), (Side::Answer, &detail.answer)] {
            let Some(content) = half.content.as_ref().filter(|one| !one.bytes.is_empty()) else {
                continue;
            };
            let path = folder.join(name(at + 1, side, half));
            private::put(&path, |to| {
                to.write_all(&content.bytes).map(Some).map_err(|error| fail(&path, error))
            })?;
            saved.take(content);
        }
        Ok(!progress.is_cancelled())
    })?;
    if !is_whole {
        return Ok(None);
    }
    Ok(Some(saved))
}

impl Saved {
    /// What was saved, in a line.
    #[must_use]
    pub fn told(&self) -> String {
        let mut text = format!("{}, {}", counted(self.files, "content"), bytes(self.bytes));
        if self.parts > 0 {
            text += &format!("; of {} the recording keeps a part only", self.parts);
        }
        text
    }

    fn take(&mut self, content: &Content) {
        self.files += 1;
        self.bytes += content.bytes.len() as u64;
        self.parts += u64::from(content.unkept > 0);
    }
}

/// The name of the file for a content: `0007-answer.json`.
#[must_use]
pub fn name(number: usize, side: Side, half: &Half) -> String {
    let side = match side {
        Side::Question => "question",
        Side::Answer => "answer",
    };
    let kind = half.value("content-type").unwrap_or_default();
    let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    let is_coded = half.content.as_ref().is_some_and(|content| content.is_coded);
    let own = |(known, _): &&(&str, &str)| kind.eq_ignore_ascii_case(known.as_bytes());
    let ending = ENDINGS.iter().find(own).filter(|_| !is_coded).map_or("bin", |(_, one)| one);
    format!("{number:04}-{side}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: &str, is_coded: bool, expected: &str) {
        let content = Content { is_coded, ..Content::default() };
        let fields = vec![(b"Content-Type".to_vec(), kind.as_bytes().to_vec())];
        let half = Half { fields, content: Some(content), ..Half::default() };
        assert_eq!(name(7, Side::Answer, &half), expected);
    }

    #[test]
    fn a_name_holds_nothing_that_came_over_the_wire() {
        check("application/json; charset=utf-8", false, "0007-answer.json");
        check("IMAGE/PNG", false, "0007-answer.png");
        check("text/html", false, "0007-answer.html");
        check("application/x-msdownload", false, "0007-answer.bin");
        check("../../etc/passwd", false, "0007-answer.bin");
        check("application/json", true, "0007-answer.bin");
        assert_eq!(name(12345, Side::Question, &Half::default()), "12345-question.bin");
    }
}
