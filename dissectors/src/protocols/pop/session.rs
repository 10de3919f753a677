//! Reads one POP3 connection: commands are lines, answers a line and perhaps content.

use super::super::lines::asked::Asked;
use super::super::lines::dots::Dots;
use super::super::lines::text::word;
use super::super::lines::{self, Cursor, Line};
use super::{Kind, Role};
use crate::engine::session::{Announce, Ending, Input, Out, Progress, Session, Way};
use crate::ids::{Direction, MessageId};
use crate::message::Relation;
use crate::protocol::Claim;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct PopSession {
    /// Who answers, once somebody has spoken.
    server: Option<Direction>,
    commands: Cursor,
    answers: Cursor,
    /// Content of an answer that is being read.
    content: Option<(MessageId, Dots)>,
    asked: Asked<Asks>,
    replied: bool,
    /// The client's next line answers a challenge.
    challenged: bool,
    /// The server agreed to go on in TLS.
    switched: bool,
}

/// What is remembered of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    /// A line for an answer.
    Line,
    /// Content behind it.
    Content,
    /// To go on in TLS.
    Tls,
    /// To be let in; the server may challenge.
    Auth,
}

impl Session for PopSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let early = self.asked.waits(Asks::Tls) && lines::is_tls(input.bytes);
        let sure = self.server == Some(input.direction) || !self.replied;
        if self.switched || early && sure {
            return Progress::Switch(Claim::Named("tls"));
        }
        if input.direction != self.server(input) {
            if early {
                // The answer that lets TLS begin was captured late.
                return Progress::Need(input.bytes.len() + 1);
            }
            return self.command(input, out);
        }
        match self.content {
            Some((id, dots)) => self.content(id, dots, input, out),
            None => self.answer(input, out),
        }
    }

    /// A line that lost its end is told as far as it is there.
    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        let line = lines::unended(input.bytes);
        if input.direction == self.server(input) {
            self.answered(line, input, out);
        } else if lines::is_tls(input.bytes) {
            lines::other(Kind::Other, line.len, input, out);
        } else {
            self.commanded(line, input, out);
        }
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, _out: &mut Out<'_>) -> bool {
        let direction = way.direction;
        self.asked.clear();
        if self.server != Some(direction) {
            self.commands.lost();
        } else if let Some((_, dots)) = &mut self.content {
            *dots = Dots::Inside;
        } else {
            self.answers.lost();
        }
        true
    }

    fn end(&mut self, way: Way, _ending: Ending, out: &mut Out<'_>) {
        let direction = way.direction;
        if self.server == Some(direction)
            && let Some((id, _)) = self.content.take()
        {
            out.finish(id);
        }
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl PopSession {
    fn server(&mut self, input: Input<'_>) -> Direction {
        *self.server.get_or_insert_with(|| {
            let answers = matches!(input.bytes.first(), Some(b'+' | b'-'));
            if answers { input.direction } else { input.direction.reverse() }
        })
    }

    fn command(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        match lines::next(&mut self.commands, Kind::Other, input, out) {
            Ok(line) => self.commanded(line, input, out),
            Err(progress) => progress,
        }
    }

    fn commanded(&mut self, line: Line, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let text = input.bytes.get(..line.text).unwrap_or(&[]);
        let span = out.span(input.at, line.len);
        let (kind, asks) =
            if self.challenged { (Kind::Auth, Asks::Auth) } else { (Kind::Command, asks(text)) };
        self.challenged = false;
        let id = out.announce(Announce::new(kind, span));
        self.asked.push(id, asks);
        Progress::Took(line.len)
    }

    fn answer(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        match lines::next(&mut self.answers, Kind::Other, input, out) {
            Ok(line) => self.answered(line, input, out),
            Err(progress) => progress,
        }
    }

    fn answered(&mut self, line: Line, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let text = input.bytes.get(..line.text).unwrap_or(&[]);
        let span = out.span(input.at, line.len);
        let well = text.starts_with(b"+");
        let oldest = self.asked.oldest().map(|(_, asks)| asks);
        // The greeting answers nobody, even where the client did not wait for it.
        let greets = input.at == 0 && well && oldest != Some(Asks::Tls) && !self.replied;
        let answered = if greets { None } else { self.asked.pop() };
        self.replied = true;
        let kind = if greets { Kind::Greeting } else { Kind::Answer };
        let announce = Announce::new(kind, span);
        let content = well && answered.is_some_and(|(_, asks)| asks == Asks::Content);
        let id = if content { out.begin(announce) } else { out.announce(announce) };
        if content {
            self.content = Some((id, Dots::Start));
        }
        if let Some((question, asks)) = answered {
            out.relate(id, Relation::Answers, question);
            self.switched = asks == Asks::Tls && well;
            self.challenged =
                asks == Asks::Auth && text.starts_with(b"+") && word(text, 0) == (0..1);
        }
        Progress::Took(line.len)
    }

    fn content(
        &mut self,
        id: MessageId,
        mut dots: Dots,
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> Progress {
        let (len, over) = dots.read(input.bytes);
        let span = out.span(input.at, len);
        out.gather(id, Role::Content, span);
        self.content = (!over).then_some((id, dots));
        if over {
            out.finish(id);
        } else if input.bytes.contains(&b'\n') {
            // Of content whose lines end elsewhere there is nothing to show yet.
            out.announce(Announce::new(Kind::Part, span).part_of(id));
        }
        Progress::Took(len)
    }
}

/// What a command asks for. Some have content in their answer only without an argument (RFC 1939,
/// sections 5 and 7); AUTH alone asks for a list (RFC 5034, section 4, of older servers).
fn asks(text: &[u8]) -> Asks {
    let verb = word(text, 0);
    let alone = word(text, verb.end).is_empty();
    let verb = text.get(verb).unwrap_or(&[]).to_ascii_uppercase();
    match (verb.as_slice(), alone) {
        (b"STLS", _) => Asks::Tls,
        (b"AUTH", false) => Asks::Auth,
        (b"RETR" | b"TOP" | b"CAPA", _) | (b"LIST" | b"UIDL" | b"AUTH", true) => Asks::Content,
        _ => Asks::Line,
    }
}
