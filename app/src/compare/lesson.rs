//! Fills the lesson about a set with what is shown beside it: a lesson must not say which answer
//! lost something, or how far away a server is, where the picture shows another.
//!
//! ```text
//!   {lost}    the answer that a lost packet held a piece of: "the answer to `/c`"
//!   {wait}    what a round trip takes over the link of all ways: ", here 40 ms"
//! ```

use super::Comparison;
use super::gather::round_trip;

impl Comparison {
    /// The text with these words.
    #[must_use]
    pub fn fill(&self, text: &str) -> String {
        let lost = match self.lost().as_deref() {
            Some(name) => format!("the answer to `{name}`"),
            None => "one of the answers".to_owned(),
        };
        let wait = self.round_trip().map_or_else(String::new, |time| format!(", here {time}"));
        text.replace("{lost}", &lost).replace("{wait}", &wait)
    }

    /// The one answer that waits for something where each answer has an order of its own: only what
    /// it held a piece of can have been lost.
    fn lost(&self) -> Option<String> {
        let mut alone = self.ways.iter().filter(|way| way.held_up().0 == 1);
        let way = alone.next()?;
        let answer = way.answers.iter().find(|answer| answer.held() > 0)?;
        Some(answer.name.clone())
    }

    /// How far away the server is, where that is the same for all ways.
    fn round_trip(&self) -> Option<String> {
        let first = self.ways.first()?.link.as_deref()?;
        let is_shared = self.ways.iter().all(|way| way.link.as_deref() == Some(first));
        round_trip(first).filter(|_| is_shared)
    }
}

#[cfg(test)]
mod tests {
    use crate::compare::{Set, Source, Witness, gather};
    use crate::document::Document;
    use crate::lessons;
    use crate::record::Setup;
    use crate::trouble::Trouble;

    struct Nobody;

    impl Witness for Nobody {
        fn recording(&mut self, _: &Setup) {}

        fn recorded(&mut self, _: &Setup, _: &Document) -> Result<(), Trouble> {
            Ok(())
        }
    }

    /// The lesson of a set, beside its samples.
    fn lesson(name: &str) -> (String, crate::compare::Comparison) {
        let set = Set::find(name).unwrap();
        let sources: Vec<Source> = set.members.iter().map(Source::sample).collect();
        let comparison = gather(&sources, Some(set), &mut Nobody).unwrap();
        let text: Vec<String> = lessons::find(set.lesson).unwrap().paragraphs().collect();
        (comparison.fill(&text.join(" ")), comparison)
    }

    #[test]
    fn the_lesson_says_which_answer_lost_a_piece_in_the_samples() {
        let (text, comparison) = lesson("hol-blocking");
        let quic = comparison.ways.iter().find(|way| way.name.contains("QUIC")).unwrap();
        let held: Vec<&str> = quic
            .answers
            .iter()
            .filter(|answer| answer.held() > 0)
            .map(|answer| answer.name.as_str())
            .collect();
        assert_eq!(held, ["/c"]);
        assert!(text.contains("a piece of the answer to `/c` and nothing"), "{text}");
        assert!(!text.contains(['{', '}']), "{text}");
    }

    #[test]
    fn the_lesson_speaks_of_the_link_of_the_samples() {
        let (text, comparison) = lesson("https");
        assert!(comparison.subtitle.contains("40 ms there and back"), "{}", comparison.subtitle);
        assert!(text.contains("costs one round trip, here 40 ms,"), "{text}");
        assert!(!text.contains(['{', '}']), "{text}");
    }

    #[test]
    fn what_has_no_sample_is_left_out_and_named() {
        let (_, comparison) = lesson("https-defaults");
        let names: Vec<&str> = comparison.ways.iter().map(|way| way.name.as_str()).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        assert!(names.iter().all(|name| name.ends_with(", tuned")), "{names:?}");
        let missing =
            comparison.notes.iter().filter(|note| note.contains("by default is left out"));
        assert_eq!(missing.count(), 3, "{:?}", comparison.notes);
    }

    #[test]
    fn without_a_shared_link_and_a_loss_it_names_none() {
        let nothing = crate::compare::Comparison::default();
        let filled = nothing.fill("A piece of {lost}. One round trip{wait}, however.");
        assert_eq!(filled, "A piece of one of the answers. One round trip, however.");
    }
}
