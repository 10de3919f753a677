//! Verdicts where nobody says why: an end without an alert, and another protocol.

use super::{Case, who, whom};
use crate::engine::session::Ending;
use crate::ids::Direction;
use crate::protocols::tls::names;
use crate::verdict::Verdict;

/// What bytes are called that no protocol knows.
const DATA: &str = "Data";

impl Case {
    /// The verdict on an end of the connection in one direction; nothing where the handshake was
    /// complete by then, or had not begun.
    pub(super) fn silent(&self, by: Direction, ending: Ending) -> Option<Verdict> {
        self.offer.as_ref()?;
        if self.finished == [true; 2] {
            return None;
        }
        let how = match ending {
            Ending::Closed => "ends the connection",
            Ending::Reset => "breaks the connection off",
            Ending::Cut => return None,
        };
        let spoken = |side: Direction| self.last.get(side.index()).copied().flatten();
        let other = by.reverse();
        let asked = self.offer.as_ref().and_then(|offer| offer.name.as_deref());
        let name = asked.map(|name| format!("It was asked for {name} (SNI)."));
        if spoken(Direction::Backward).is_none()
            && let Some(verdict) = self.spoke_first(by)
        {
            return Some(verdict);
        }
        if by == Direction::Backward && spoken(by).is_none() {
            let sentence = format!("The server {how} without a word of TLS");
            let open = "A program that speaks no TLS does so, one that does not know the name, or a \
                        device on the way: the bytes do not tell which.";
            return Some(Verdict::new("silence", by, sentence).seen(name).seen([open.to_owned()]));
        }
        if by == Direction::Forward && spoken(other).is_none() {
            let sentence = format!("The client {how} before the server has said a word of TLS");
            return Some(Verdict::new("gave-up", by, sentence));
        }
        let sentence =
            format!("{} {how} in the middle of the handshake, without an alert", who(by));
        let after = spoken(other)
            .map(|last| format!("The last that {} had said is its {last}.", whom(other)));
        let shown = self.what_was_shown(by);
        Some(Verdict::new("no-alert", by, sentence).seen(after).seen(shown))
    }

    /// A farewell before the handshake is complete.
    pub(super) fn leaves(&self, by: Direction) -> Verdict {
        let sentence = format!("{} takes leave before the handshake is complete", who(by));
        Verdict::new("gave-up", by, sentence)
    }

    /// The verdict where a side speaks something else on this connection.
    pub(super) fn other_protocol(&self, title: &str, by: Direction) -> Option<Verdict> {
        let has_answered = self.last.get(by.index()).copied().flatten().is_some();
        if by != Direction::Backward || self.offer.is_none() || has_answered {
            return None;
        }
        let sentence = if title == DATA {
            "The server answers with what is no TLS".to_owned()
        } else {
            format!("The server answers in {title}: it expects no TLS on this port")
        };
        Some(Verdict::new("not-tls", by, sentence))
    }

    /// The verdict on an alert where only one of both sides speaks TLS.
    pub(super) fn no_tls(&self, description: u8, by: Direction) -> Option<Verdict> {
        let has_spoken = |side: Direction| self.last.get(side.index()).copied().flatten().is_some();
        if by == Direction::Forward {
            return (!has_spoken(Direction::Backward)).then(|| self.spoke_first(by)).flatten();
        }
        if self.offer.is_some() || Direction::BOTH.into_iter().any(has_spoken) {
            return None;
        }
        // Data may be TLS whose beginning was not recorded.
        let title = self.said_beside(Direction::Forward).filter(|title| *title != DATA)?;
        let sentence = format!("The client speaks {title}, and the server TLS");
        let name = names::name(names::ALERTS, description.into()).to_lowercase();
        let refuses = format!("It refuses with an alert, {name}; no ClientHello went before it.");
        Some(Verdict::new("not-tls", by, sentence).seen([refuses]))
    }

    /// The verdict where the server spoke something else before the client began with TLS. Where
    /// the client has said something in the clear as well, both may have agreed on TLS.
    fn spoke_first(&self, by: Direction) -> Option<Verdict> {
        let title = self.said_beside(Direction::Backward)?;
        if self.offer.is_none() || self.said_beside(Direction::Forward).is_some() {
            return None;
        }
        let sentence = match title {
            DATA => "The server speaks first, and what it says is no TLS".to_owned(),
            title => format!("The server speaks first, in {title}: it expects no TLS on this port"),
        };
        Some(Verdict::new("not-tls", by, sentence))
    }

    fn said_beside(&self, side: Direction) -> Option<&'static str> {
        self.beside.get(side.index()).copied().flatten()
    }
}
