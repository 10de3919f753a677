//! What a protocol tells of one message: the raw material of a story.

mod lanes;

use std::fmt;

use crate::known::{Head, Known, Token};
use crate::message::Protection;
use crate::verdict::Verdict;

pub use lanes::{Allowed, OnLane, Piece, Route};

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Outcome {
    /// As meant.
    #[default]
    Arrived,
    /// It never got there: half an arrow and a cross.
    Lost,
    /// It was sent again.
    Repeated,
    /// It says no: a reset, an alert, an error.
    Refused,
}

/// The section of the standard that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// `RFC 9846`.
    pub standard: &'static str,
    /// `4.1.2`.
    pub section: &'static str,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.section {
            "" => f.write_str(self.standard),
            section => write!(f, "{}, section {section}", self.standard),
        }
    }
}

/// The phase of a conversation that a message belongs to. Phases of equal title that follow each
/// other are one chapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// Its title: "TLS 1.3 handshake".
    pub title: String,
    /// How much it insists: a flight that holds messages of several chapters goes to the one of
    /// the highest weight (0 for acknowledgements that ride along).
    pub weight: u8,
}

/// Which side of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who sent it.
    Sender,
    /// Who gets it.
    Receiver,
}

/// A side comes to hold keys or changes its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gained {
    /// Keys, and what they are called: "handshake keys".
    Keys(Protection, &'static str),
    /// A state: "ESTABLISHED", and whether a connection exists in it.
    State(&'static str, bool),
}

/// What one message means.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    /// What stands on its bead: "ClientHello". Short.
    pub label: String,
    /// One sentence, bold in the diagram: what and why. Of the messages of one flight the
    /// sentence of the highest `weight` speaks for the flight.
    pub headline: String,
    /// What a teacher would add; facts out of the bytes, the section of the standard.
    pub detail: String,
    /// How much its sentence insists.
    pub weight: u8,
    /// The phase it belongs to.
    pub chapter: Chapter,
    /// How it went.
    pub outcome: Outcome,
    /// The lesson behind it: `tls/client-hello`.
    pub lesson: Option<&'static str>,
    /// The section of the standard.
    pub source: Option<Source>,
    /// What the two sides gain by it.
    pub gained: Vec<(Side, Gained)>,
    /// Whether it asks for an answer, and so opens a round trip when it starts a flight.
    pub asks: bool,
    /// Whether it asks on a connection on which its sender has asked before.
    pub reuses: bool,
    /// Whether it answers the other side's last question, and so closes a round trip.
    pub answers: bool,
    /// Whether what it answers was asked by what its protocol carries: a Retry of QUIC answers a
    /// ClientHello of TLS.
    pub answers_inside: bool,
    /// Whether it goes on with what its sender asked on the same lane: the question is whole with
    /// the last of these.
    pub continues: bool,
    /// Whether that answer is not the last one: the question stays open (`100 Continue`).
    pub interim: bool,
    /// Bytes of it that came and were not kept, beyond the limit for what is collected.
    pub unkept: u64,
    /// What is told of the part that its sender held back until the other side had spoken.
    pub rest: Option<Box<Telling>>,
    /// Whether others tell of what it carries, as it comes: of itself there is its head.
    pub open_ended: bool,
    /// Whether it tells how what it spans ended: it stands there, and others tell of the rest.
    pub at_end: bool,
    /// Whether it only carries what others tell of: where those stand beside it, it has no bead.
    pub carries: bool,
    /// Whether the other side neither waits for it nor asked for it (a session ticket, an idle
    /// setting): it may cross what the other side says without ending its flight.
    pub aside: bool,
    /// Whether it takes leave: it opens a flight of its own after what was said before, so that
    /// an end is a step one can see.
    pub closes: bool,
    /// By what it is known again, where it asks something that may be handed on.
    pub known: Option<Box<Known>>,
    /// Which of several lanes of its connection it belongs to (a stream of HTTP/2): its bead says so.
    pub lane: Option<u64>,
    /// What it is on that lane.
    pub on_lane: Option<OnLane>,
    /// Of a list of header fields: its bytes, and how many of them were sent.
    pub packed: Option<(u64, u64)>,
    /// What it has to do with the path that it takes, where its connection takes several: its bead
    /// says which.
    pub route: Option<Route>,
    /// What it does to what may be sent.
    pub allowed: Option<Allowed>,
    /// Its head, where it has one that may be changed by whoever hands it on.
    pub head: Option<Box<Head>>,
    /// Whether what the other side has sent before its keys were agreed on counts for nothing: it has
    /// to be sent again.
    pub voids_early: bool,
    /// Since when silence ends the connection, where both sides have agreed on that by now.
    pub silent: Option<Box<Silent>>,
    /// Why the connection failed, where it did with this message.
    pub verdict: Option<Box<Verdict>>,
    /// What it hands out, to be shown on a later connection.
    pub gives: Option<Token>,
    /// What it shows that was handed out before.
    pub shows: Vec<Token>,
    /// What it is told from all other messages by: seen on another connection, it was handed on.
    pub unique: Option<Token>,
    /// Whether the other side's answer had come before it and was not recorded: it goes on as only who
    /// was answered does.
    pub after_unseen: bool,
    /// Whether it says that no answer came in time: what it took until then is no round trip.
    pub in_vain: bool,
    /// Whether it asked, and its answer stands before it in the recording.
    pub stored_late: bool,
}

/// A silence that ends a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silent {
    /// After so many nanoseconds.
    pub after: i64,
    /// What is said of it where it came to that: a sentence.
    pub told: String,
}

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
            detail: String::new(),
            weight: 5,
            chapter: Chapter { title: chapter.into(), weight: 5 },
            outcome: Outcome::Arrived,
            lesson: None,
            source: None,
            gained: Vec::new(),
            asks: false,
            reuses: false,
            answers: false,
            answers_inside: false,
            continues: false,
            interim: false,
            unkept: 0,
            rest: None,
            open_ended: false,
            at_end: false,
            carries: false,
            aside: false,
            closes: false,
            known: None,
            lane: None,
            on_lane: None,
            packed: None,
            route: None,
            allowed: None,
            head: None,
            voids_early: false,
            silent: None,
            verdict: None,
            gives: None,
            shows: Vec::new(),
            unique: None,
            after_unseen: false,
            in_vain: false,
            stored_late: false,
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
        self.reuses = reuses;
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
        self.asks = true;
        self
    }

    /// It answers what the other side asked.
    #[must_use]
    pub fn answering(mut self) -> Self {
        self.answers = true;
        self
    }

    /// It answers what was asked by what its protocol carries.
    #[must_use]
    pub fn answering_inside(mut self) -> Self {
        (self.answers, self.answers_inside) = (true, true);
        self
    }

    /// It says in the stead of an answer that none came in time.
    #[must_use]
    pub fn answering_in_vain(mut self) -> Self {
        (self.answers, self.in_vain, self.outcome) = (true, true, Outcome::Refused);
        self
    }

    /// It goes on with what its sender asked on the same lane.
    #[must_use]
    pub fn continuing(mut self) -> Self {
        self.continues = true;
        self
    }

    /// It answers for now, and another answer will follow.
    #[must_use]
    pub fn answering_for_now(mut self) -> Self {
        (self.answers, self.interim) = (true, true);
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
        self.open_ended = true;
        self
    }

    /// It stands where what it spans ended.
    #[must_use]
    pub fn at_end(mut self) -> Self {
        self.at_end = true;
        self
    }

    /// It only carries what others tell of.
    #[must_use]
    pub fn carrying(mut self) -> Self {
        self.carries = true;
        self
    }

    /// Nobody waits for it: it may cross what the other side says.
    #[must_use]
    pub fn aside(mut self) -> Self {
        self.aside = true;
        self
    }

    /// It takes leave.
    #[must_use]
    pub fn closing(mut self) -> Self {
        self.closes = true;
        self
    }

    /// By what it is known where it is handed on.
    #[must_use]
    pub fn known(mut self, by: Known) -> Self {
        self.known = Some(Box::new(by));
        self
    }

    /// On that lane of its connection.
    #[must_use]
    pub fn on_lane(mut self, lane: u64) -> Self {
        self.lane = Some(lane);
        self
    }

    /// Where its connection takes several paths, its bead and its detail name the one that it takes.
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

    /// It hands something out, to be shown on a later connection.
    #[must_use]
    pub fn giving(mut self, token: Option<Token>) -> Self {
        self.gives = token;
        self
    }

    /// Nobody says the same again.
    #[must_use]
    pub fn unlike_others(mut self, token: Option<Token>) -> Self {
        self.unique = token;
        self
    }

    /// It shows what was handed out before.
    #[must_use]
    pub fn showing(mut self, tokens: Vec<Token>) -> Self {
        self.shows = tokens;
        self
    }

    /// An answer had come before it that was not recorded, and it shows so.
    #[must_use]
    pub fn after_unseen(mut self) -> Self {
        self.after_unseen = true;
        self
    }

    /// Its answer stands before it in the recording.
    #[must_use]
    pub fn stored_late(mut self) -> Self {
        self.stored_late = true;
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
