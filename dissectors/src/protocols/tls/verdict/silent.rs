//! Verdicts where nobody says why: an end without an alert, and another protocol.

use super::{Case, who, whom};
use crate::engine::session::Ending;
use crate::ids::Direction;
use crate::verdict::Verdict;

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
        if by == Direction::Backward && spoken(by).is_none() {
            let sentence = format!("The server {how} without a word of TLS");
            let open = "A program that speaks no TLS does so, one that does not know the name, or a \
                        device on the way: the bytes do not tell which.";
            return Some(Verdict::new("silence", by, sentence).seen(name).seen([open.to_owned()]));
        }
        if by == Direction::Forward && spoken(other).is_none() {
            let sentence = format!("The client {how} before the server has said anything");
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
        let sentence = if title == "Data" {
            "The server answers with what is no TLS".to_owned()
        } else {
            format!("The server answers in {title}: it expects no TLS on this port")
        };
        Some(Verdict::new("not-tls", by, sentence))
    }
}
