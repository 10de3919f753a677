//! How a telling is put together: what it says first, and then what it is.

use super::{Chapter, Gained, Outcome, Route, Side, Source, Telling};
use crate::known::{Head, Known, Token};
use crate::verdict::Verdict;

impl Telling {
    /// A bead with its sentence; everything else as quiet as can be.
    #[must_use]
    pub fn new(
        label: impl Into<String>,
        headline: impl Into<String>,
        chapter: impl Into<String>,
    ) -> Self {
        Self {
            label: label.into(),
            headline: headline.into(),
            weight: 5,
            chapter: Chapter { title: chapter.into(), weight: 5 },
            ..Self::default()
        }
    }

    /// With what a teacher would add.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// On a connection on which its sender has asked before, where that is so.
    #[must_use]
    pub const fn reusing(mut self, reuses: bool) -> Self {
        self.turn.reuses = reuses;
        self
    }

    /// Less a detail that says no more than its bead does.
    #[must_use]
    pub fn terse(mut self) -> Self {
        if self.label.ends_with(self.detail.trim_end_matches('.')) {
            self.detail.clear();
        }
        self
    }

    /// With its lane on its bead, where it has one.
    #[must_use]
    pub fn on_its_lane(mut self) -> Self {
        if let Some(lane) = self.lane {
            self.label += &format!(" #{lane}");
        }
        self
    }

    /// With the weight of its sentence and of its chapter.
    #[must_use]
    pub fn weight(mut self, sentence: u8, chapter: u8) -> Self {
        self.weight = sentence;
        self.chapter.weight = chapter;
        self
    }

    /// With a lesson and the section of the standard.
    #[must_use]
    pub fn lesson(
        mut self,
        lesson: &'static str,
        standard: &'static str,
        section: &'static str,
    ) -> Self {
        self.lesson = Some(lesson);
        self.source = Some(Source { standard, section });
        self
    }

    /// With something a side gains.
    #[must_use]
    pub fn gains(mut self, side: Side, gained: Gained) -> Self {
        self.gained.push((side, gained));
        self
    }

    /// It asks for an answer.
    #[must_use]
    pub fn asking(mut self) -> Self {
        self.turn.asks = true;
        self
    }

    /// It answers what the other side asked.
    #[must_use]
    pub fn answering(mut self) -> Self {
        self.turn.answers = true;
        self
    }

    /// It answers what was asked by what its protocol carries.
    #[must_use]
    pub fn answering_inside(mut self) -> Self {
        (self.turn.answers, self.turn.answers_inside) = (true, true);
        self
    }

    /// It says in the stead of an answer that none came in time.
    #[must_use]
    pub fn answering_in_vain(mut self) -> Self {
        (self.turn.answers, self.turn.in_vain, self.outcome) = (true, true, Outcome::Refused);
        self
    }

    /// It goes on with what its sender asked on the same lane.
    #[must_use]
    pub fn continuing(mut self) -> Self {
        self.turn.continues = true;
        self
    }

    /// It answers for now, and another answer will follow.
    #[must_use]
    pub fn answering_for_now(mut self) -> Self {
        (self.turn.answers, self.turn.interim) = (true, true);
        self
    }

    /// So many bytes of it came and were not kept.
    #[must_use]
    pub fn unkept(mut self, bytes: u64) -> Self {
        self.unkept = bytes;
        self
    }

    /// Where its sender holds a part back until the other side speaks, that part is told so.
    #[must_use]
    pub fn holding_back(mut self, rest: Self) -> Self {
        self.rest = Some(Box::new(rest));
        self
    }

    /// Others tell of what it carries, as it comes.
    #[must_use]
    pub fn open_ended(mut self) -> Self {
        self.stance.open_ended = true;
        self
    }

    /// It stands where what it spans ended.
    #[must_use]
    pub fn at_end(mut self) -> Self {
        self.stance.at_end = true;
        self
    }

    /// It only carries what others tell of.
    #[must_use]
    pub fn carrying(mut self) -> Self {
        self.stance.carries = true;
        self
    }

    /// Nobody waits for it: it may cross what the other side says.
    #[must_use]
    pub fn aside(mut self) -> Self {
        self.stance.aside = true;
        self
    }

    /// It takes leave.
    #[must_use]
    pub fn closing(mut self) -> Self {
        self.stance.closes = true;
        self
    }

    /// By what it is known where it is handed on.
    #[must_use]
    pub fn known(mut self, by: Known) -> Self {
        self.trace.known = Some(Box::new(by));
        self
    }

    /// On that lane of its connection.
    #[must_use]
    pub fn on_lane(mut self, lane: u64) -> Self {
        self.lane = Some(lane);
        self
    }

    /// Where its connection takes several paths, its bead and its detail name the one that it
    /// takes.
    #[must_use]
    pub fn naming_path(mut self, route: Route) -> Self {
        self.route = Some(route);
        self
    }

    /// With its head, where that is known as a whole.
    #[must_use]
    pub fn head(mut self, head: Option<Head>) -> Self {
        self.head = head.map(Box::new);
        self
    }

    /// What the other side has sent early counts for nothing.
    #[must_use]
    pub fn voiding_early(mut self) -> Self {
        self.voids_early = true;
        self
    }

    /// Where it rides with others of its protocol, this is said of it.
    #[must_use]
    pub fn noted(mut self, words: impl Into<String>) -> Self {
        self.noted = Some(words.into()).filter(|words| !words.is_empty());
        self
    }

    /// It hands something out, to be shown on a later connection.
    #[must_use]
    pub fn giving(mut self, token: Option<Token>) -> Self {
        self.trace.gives = token;
        self
    }

    /// Nobody says the same again.
    #[must_use]
    pub fn unlike_others(mut self, token: Option<Token>) -> Self {
        self.trace.unique = token;
        self
    }

    /// It shows what was handed out before.
    #[must_use]
    pub fn showing(mut self, tokens: Vec<Token>) -> Self {
        self.trace.shows = tokens;
        self
    }

    /// An answer had come before it that was not recorded, and it shows so.
    #[must_use]
    pub fn after_unseen(mut self) -> Self {
        self.turn.after_unseen = true;
        self
    }

    /// Its answer stands before it in the recording.
    #[must_use]
    pub fn stored_late(mut self) -> Self {
        self.turn.stored_late = true;
        self
    }

    /// The connection has failed with this, and that is why: what proves it takes the place of
    /// what would be said of any such message.
    #[must_use]
    pub fn judged(mut self, verdict: Verdict) -> Self {
        self.detail = verdict.told();
        self.verdict = Some(Box::new(verdict));
        self
    }

    /// How it went.
    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Telling;

    /// What is left of a detail beside its bead.
    #[track_caller]
    fn check(label: &str, detail: &str, expected: &str) {
        let told = Telling::new(label, "Answers", "SMTP").detail(detail).terse();
        assert_eq!(told.detail, expected);
    }

    #[test]
    fn what_stands_on_the_bead_is_not_said_again() {
        check("250 Recipient OK", "Recipient OK.", "");
        check("DATA", "DATA.", "");
        check("220 mx ready for a long…", "mx ready for a long time.", "mx ready for a long time.");
        check("ACK", "ack 7", "ack 7");
        check("SYN", "", "");
    }
}
