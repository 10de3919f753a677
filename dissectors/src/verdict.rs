//! Why something came to nothing: a verdict, and what proves it.

use crate::ids::Direction;

/// Why a connection failed, as far as its bytes prove it.
///
/// Where they leave more than one reason, the sentence says which they are, and no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The reason, by a word that programs can look for: `unknown-issuer`.
    pub cause: &'static str,
    /// One sentence, without its full stop.
    pub sentence: String,
    /// What was said before that shows it: whole sentences, in the order in which one would look.
    pub evidence: Vec<String>,
    /// Which way what ended it was sent: who that is would not go on.
    pub by: Direction,
}

impl Verdict {
    /// A verdict on what was sent that way, with no evidence yet.
    #[must_use]
    pub fn new(cause: &'static str, by: Direction, sentence: impl Into<String>) -> Self {
        Self { cause, sentence: sentence.into(), evidence: Vec::new(), by }
    }

    /// With more evidence.
    #[must_use]
    pub fn seen(mut self, evidence: impl IntoIterator<Item = String>) -> Self {
        self.evidence.extend(evidence);
        self
    }

    /// The sentence and its evidence, as running text.
    #[must_use]
    pub fn told(&self) -> String {
        let mut text = format!("{}.", self.sentence);
        for one in &self.evidence {
            text.push(' ');
            text.push_str(one);
        }
        text
    }
}
