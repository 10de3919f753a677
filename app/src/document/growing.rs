//! A recording that still grows: what came is surveyed once, and shown as documents that stand
//! still.

use std::sync::Arc;

use wirestage_captures::OpenError as NotOpened;
use wirestage_captures::Recording;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::registry;
use wirestage_dissectors::survey::Survey;

use super::open::{CHUNK, survey_range};
use super::{CONVERSATION_BUDGET, Document};

/// What was surveyed so far, and the keys that were logged meanwhile.
pub struct Growing {
    recording: Arc<Recording>,
    survey: Survey,
    keys: String,
}

impl Growing {
    /// Nothing of it was looked at yet.
    #[must_use]
    pub fn new(recording: Arc<Recording>) -> Self {
        Self { recording, survey: Survey::new(), keys: String::new() }
    }

    /// The recording.
    #[must_use]
    pub const fn recording(&self) -> &Arc<Recording> {
        &self.recording
    }

    /// Takes in what came since, and says how many frames there are.
    ///
    /// # Errors
    /// Where what comes is no capture.
    pub fn refresh(&mut self) -> Result<u32, NotOpened> {
        self.recording.refresh()?;
        let count = self.recording.count();
        while self.survey.frame_count() < count {
            let first = self.survey.frame_count();
            let some = first..count.min(first.saturating_add(CHUNK));
            let registry = registry::standard();
            self.survey.absorb(survey_range(&self.recording, some, registry), registry);
        }
        Ok(count)
    }

    /// Takes the texts of key logs, as far as they were written. Says whether that is other than
    /// before: a line that has no end yet is taken when it has.
    pub fn set_keys(&mut self, logs: &[String]) -> bool {
        let whole =
            |log: &String| log.get(..log.rfind('\n').map_or(0, |end| end + 1)).map(str::to_owned);
        let keys: String = logs.iter().filter_map(whole).collect();
        let is_other = keys != self.keys;
        self.keys = keys;
        is_other
    }

    /// The key logs, as far as they were written.
    #[must_use]
    pub fn keys(&self) -> &str {
        &self.keys
    }

    /// What came so far.
    #[must_use]
    pub fn document(&self) -> Document {
        let recording = Arc::clone(&self.recording);
        let mut document = Document::new(recording, self.survey.clone(), CONVERSATION_BUDGET);
        if !self.keys.is_empty() {
            document.add_keys(&self.keys);
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::document::Progress;
    use crate::samples;

    #[test]
    fn a_document_of_what_grew_is_that_of_the_whole() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let bytes = samples::of("http1-keepalive").unwrap();
        let recording = Arc::new(Recording::follow(file.path()).unwrap());
        let mut growing = Growing::new(Arc::clone(&recording));
        let mut counts = Vec::new();
        for part in bytes.chunks(bytes.len().div_ceil(7)) {
            file.write_all(part).unwrap();
            counts.push(growing.refresh().unwrap());
            assert_eq!(growing.document().survey.frame_count(), *counts.last().unwrap());
        }
        assert!(counts.windows(2).filter(|two| two[0] < two[1]).count() > 2, "{counts:?}");
        let (grown, whole) =
            (growing.document(), Document::open(file.path(), &Progress::new()).unwrap());
        assert_eq!(grown.survey.flows(), whole.survey.flows());
        assert_eq!(grown.connections, whole.connections);
        assert_eq!(grown.survey.frame_count(), whole.survey.frame_count());
    }

    #[test]
    fn a_line_of_the_key_log_is_taken_once_it_is_whole() {
        let recording = Recording::spool(samples::of("udp-echo").unwrap()).unwrap();
        let mut growing = Growing::new(Arc::new(recording));
        let mut set = |logs: &[&str]| {
            let logs: Vec<String> = logs.iter().map(|log| (*log).to_owned()).collect();
            growing.set_keys(&logs)
        };
        assert!(!set(&["CLIENT_RANDOM 00"]));
        assert!(set(&["CLIENT_RANDOM 00 11\nCLIENT", "CLIENT_RANDOM 22 33\n"]));
        assert!(!set(&["CLIENT_RANDOM 00 11\nCLIENT_RANDOM", "CLIENT_RANDOM 22 33\n"]));
        assert_eq!(growing.keys(), "CLIENT_RANDOM 00 11\nCLIENT_RANDOM 22 33\n");
    }
}
