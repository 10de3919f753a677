//! Reads one SMTP connection: commands and replies are lines, mail passes by.
//!
//! ```text
//!   client:  Commands ── DATA ──> Expected ── 354, or bytes ──> Mail ── CRLF . CRLF ──> Commands
//!               │  ^                  └── refused ──> Commands
//!               │  └── chunk complete ── Chunk <── BDAT n
//!               └── 334 to AUTH ──> Secret ── a line ──> Commands
//! ```

use super::super::lines::asked::Asked;
use super::super::lines::dots::Dots;
use super::super::lines::reply::{self, Found};
use super::super::lines::text::{number, word};
use super::super::lines::{self, Cursor, Line};
use super::{Kind, Note, Role, Secret, Verb};
use crate::engine::session::{Announce, Ending, Input, Out, Progress, Session, Way};
use crate::ids::{Direction, MessageId};
use crate::message::Relation;
use crate::protocol::Claim;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct SmtpSession {
    /// Who answers, once somebody has spoken.
    server: Option<Direction>,
    client: Client,
    /// The lines of the client.
    commands: Cursor,
    /// How far an incomplete reply was looked through.
    scanned: usize,
    /// The lines of the server, after a gap.
    replies: Cursor,
    replied: bool,
    asked: Asked<Verb>,
    /// What the client's next answer to a challenge holds.
    secret: Option<Secret>,
    /// The server agreed to go on in TLS.
    switched: bool,
}

/// What the client says next.
#[derive(Clone, Copy, Default)]
enum Client {
    #[default]
    Commands,
    /// Mail, unless the server refuses it.
    Expected,
    Mail(MessageId, Dots),
    /// A chunk of so many bytes.
    Chunk(u64),
    /// A chunk that passes by.
    Passing(MessageId),
    /// The answer to a challenge of AUTH.
    Secret,
}

impl Session for SmtpSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let asked_tls = self.asked.waits(Verb::of(b"STARTTLS"));
        if self.switched || asked_tls && lines::is_tls(input.bytes) && self.sure(input.direction) {
            return Progress::Switch(Claim::Named("tls"));
        }
        if input.direction == self.server(input) {
            self.reply(input, out)
        } else if asked_tls && lines::is_tls(input.bytes) {
            // The reply that lets TLS begin was captured late.
            Progress::Need(input.bytes.len() + 1)
        } else {
            self.client(input, out)
        }
    }

    /// A line or a reply that lost its end is told as far as it is there.
    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        let line = lines::unended(input.bytes);
        if input.direction == self.server(input) {
            self.scanned = 0;
            self.replied(reply::unended(input.bytes), line.len, input, out);
        } else if lines::is_tls(input.bytes) {
            lines::other(Kind::Other, line.len, input, out);
        } else if matches!(self.client, Client::Secret) {
            self.proven(line.len, input, out);
        } else {
            self.commanded(line, input, out);
        }
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, out: &mut Out<'_>) -> bool {
        let direction = way.direction;
        self.asked.clear();
        if self.server == Some(direction) {
            self.replies.lost();
            self.scanned = 0;
            return true;
        }
        match &mut self.client {
            Client::Mail(_, dots) => *dots = Dots::Inside,
            Client::Passing(id) => {
                out.finish(*id);
                self.client = Client::Commands;
                self.commands.lost();
            }
            Client::Expected => {}
            Client::Commands | Client::Chunk(_) | Client::Secret => {
                self.client = Client::Commands;
                self.commands.lost();
            }
        }
        true
    }

    fn end(&mut self, way: Way, _ending: Ending, out: &mut Out<'_>) {
        let direction = way.direction;
        if self.server != Some(direction)
            && let Client::Mail(id, _) | Client::Passing(id) = self.client
        {
            out.finish(id);
            self.client = Client::Commands;
        }
    }

    fn passed(&mut self, _way: Way, out: &mut Out<'_>) {
        if let Client::Passing(id) = self.client {
            out.finish(id);
            self.client = Client::Commands;
        }
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl SmtpSession {
    /// Whether TLS in this direction proves that the other one was lost: the server would have
    /// said so before, or never speaks here.
    fn sure(&self, direction: Direction) -> bool {
        self.server == Some(direction) || !self.replied
    }

    fn server(&mut self, input: Input<'_>) -> Direction {
        *self.server.get_or_insert_with(|| {
            let replies = lines::line(input.bytes).is_none() || reply::code(input.bytes).is_some();
            let digit = input.bytes.first().is_some_and(u8::is_ascii_digit);
            if replies && digit { input.direction } else { input.direction.reverse() }
        })
    }

    fn client(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        match self.client {
            Client::Commands => self.command(input, out),
            Client::Secret => self.secret(input, out),
            Client::Chunk(len) => {
                let here = input.bytes.len().min(usize::try_from(len).unwrap_or(usize::MAX));
                let span = out.span(input.at, here);
                let id = out.begin(Announce::new(Kind::Content, span));
                out.collect(id, Role::Body);
                self.client = Client::Passing(id);
                Progress::Pass(len)
            }
            Client::Passing(_) => Progress::Took(input.bytes.len()),
            Client::Expected => {
                let mut dots = Dots::default();
                let (len, _) = dots.read(input.bytes);
                let span = out.span(input.at, len);
                let id = out.begin(Announce::new(Kind::Content, span));
                self.asked.push(id, Verb::MAIL);
                self.mail(id, Dots::default(), input, out)
            }
            Client::Mail(id, dots) => self.mail(id, dots, input, out),
        }
    }

    fn mail(
        &mut self,
        id: MessageId,
        mut dots: Dots,
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> Progress {
        let (len, over) = dots.read(input.bytes);
        let span = out.span(input.at, len);
        out.gather(id, Role::Body, span);
        self.client = Client::Mail(id, dots);
        if over {
            out.finish(id);
            self.client = Client::Commands;
        } else if input.bytes.contains(&b'\n') {
            // Of mail whose lines end elsewhere there is nothing to show yet.
            out.announce(Announce::new(Kind::Part, span).part_of(id));
        }
        Progress::Took(len)
    }

    fn command(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        match lines::next(&mut self.commands, Kind::Other, input, out) {
            Ok(line) => self.commanded(line, input, out),
            Err(progress) => progress,
        }
    }

    fn commanded(&mut self, line: Line, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let text = input.bytes.get(..line.text).unwrap_or(&[]);
        let first = word(text, 0);
        let verb = Verb::of(text.get(first.clone()).unwrap_or(&[]));
        let span = out.span(input.at, line.len);
        let id = out.announce(Announce::new(Kind::Command, span));
        self.asked.push(id, verb);
        if verb.is("DATA") {
            self.client = Client::Expected;
        } else if verb.is("AUTH") {
            self.secret = secret(text, first.end);
        } else if verb.is("BDAT")
            && let Some(len) = chunk(text, first.end)
        {
            self.client = Client::Chunk(len);
        }
        Progress::Took(line.len)
    }

    fn secret(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        match lines::next(&mut self.commands, Kind::Other, input, out) {
            Ok(line) => self.proven(line.len, input, out),
            Err(progress) => progress,
        }
    }

    fn proven(&mut self, len: usize, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let span = out.span(input.at, len);
        let id = out.announce(
            Announce::new(Kind::Auth, span).extra(self.secret.map_or(Note::Nothing, Note::Holds)),
        );
        self.secret = (self.secret == Some(Secret::Username)).then_some(Secret::Password);
        self.asked.push(id, Verb::of(b"AUTH"));
        self.client = Client::Commands;
        Progress::Took(len)
    }

    fn reply(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        match reply::take(&mut self.replies, &mut self.scanned, input.bytes) {
            Found::Wait => Progress::Need(input.bytes.len() + 1),
            Found::Long(len) => lines::other(Kind::Other, len, input, out),
            Found::Reply(code, len) => self.replied(code, len, input, out),
        }
    }

    fn replied(
        &mut self,
        code: Option<u16>,
        len: usize,
        input: Input<'_>,
        out: &mut Out<'_>,
    ) -> Progress {
        let span = out.span(input.at, len);
        let tls = self.asked.oldest().is_some_and(|(_, verb)| verb.is("STARTTLS"));
        // The greeting answers nobody, even where the client did not wait for it.
        let greets = input.at == 0 && !tls && matches!(code, Some(220 | 421 | 554));
        let answered = if greets { None } else { self.asked.pop() };
        let verb = answered.map_or(Verb::NONE, |(_, verb)| verb);
        let id = out.announce(Announce::new(Kind::Reply, span).extra(Note::Answers(verb)));
        if let Some((question, _)) = answered {
            out.relate(id, Relation::Answers, question);
        }
        self.replied = true;
        self.settle(verb, code.unwrap_or(0), out);
        Progress::Took(len)
    }

    /// What a reply does to the client's next words.
    fn settle(&mut self, verb: Verb, code: u16, out: &mut Out<'_>) {
        match (verb.name(), code) {
            ("STARTTLS", 220) => self.switched = true,
            ("AUTH", 334) => self.client = Client::Secret,
            ("DATA", 400..) if matches!(self.client, Client::Expected) => {
                self.client = Client::Commands;
            }
            _ => {}
        }
        // Mail that is answered is over, wherever its end was.
        if verb == Verb::MAIL
            && let Client::Mail(id, _) = self.client
        {
            out.finish(id);
            self.client = Client::Commands;
        }
    }
}

/// What the answer to the first challenge of a mechanism holds, where that is well known: LOGIN
/// asks for name and password in turn, PLAIN for both at once (RFC 4616).
fn secret(text: &[u8], from: usize) -> Option<Secret> {
    let mechanism = word(text, from);
    let initial = !word(text, mechanism.end).is_empty();
    match text.get(mechanism).unwrap_or(&[]) {
        name if name.eq_ignore_ascii_case(b"PLAIN") => Some(Secret::Both),
        name if name.eq_ignore_ascii_case(b"LOGIN") && initial => Some(Secret::Password),
        name if name.eq_ignore_ascii_case(b"LOGIN") => Some(Secret::Username),
        _ => None,
    }
}

/// How long the chunk behind `BDAT` is, where its line is one (RFC 3030, section 2): servers refuse
/// others, and read what follows as commands.
fn chunk(text: &[u8], from: usize) -> Option<u64> {
    let len = word(text, from);
    let last = text.get(word(text, len.end))?;
    let sound = last.is_empty() || last.eq_ignore_ascii_case(b"LAST");
    text.get(len).and_then(number).filter(|len| sound && *len > 0)
}
