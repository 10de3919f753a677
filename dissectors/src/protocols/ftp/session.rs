//! Reads one control connection: commands and replies are lines, answers come in order.

use super::super::lines::asked::Asked;
use super::super::lines::reply::{self, Found};
use super::super::lines::text::word;
use super::super::lines::{self, Cursor, Line, MAX_LINE};
use super::Kind;
use crate::engine::session::{Announce, Input, Out, Progress, Session, Way};
use crate::ids::Direction;
use crate::message::Relation;
use crate::protocol::Claim;

/// Bytes of a line of FTP without tokens of security: a command, and the longest name of a file
/// that Linux knows.
const MAX_NAME_LINE: usize = (1 << 12) + 16;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct FtpSession {
    /// Who answers, once somebody has spoken.
    server: Option<Direction>,
    commands: Cursor,
    replies: Cursor,
    /// How far an incomplete reply was looked through.
    scanned: usize,
    replied: bool,
    /// Commands that wait, and whether each asks for TLS.
    asked: Asked<bool>,
    /// The server agreed to go on in TLS.
    switched: bool,
}

impl Session for FtpSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let early = self.asked.waits(true) && lines::is_tls(input.bytes);
        let sure = self.server == Some(input.direction) || !self.replied;
        if self.switched || early && sure {
            return Progress::Switch(Claim::Named("tls"));
        }
        if input.direction == self.server(input) {
            self.reply(input, out)
        } else if early {
            // The reply that lets TLS begin was captured late.
            Progress::Need(input.bytes.len() + 1)
        } else {
            self.command(input, out)
        }
    }

    /// A line or a reply that lost its end is told as far as it is there.
    fn cut(&mut self, input: Input<'_>, out: &mut Out<'_>) {
        if input.direction == self.server(input) {
            self.scanned = 0;
            self.replied(reply::unended(input.bytes), input.bytes.len(), input, out);
        } else if lines::is_tls(input.bytes) {
            lines::other(Kind::Other, input.bytes.len(), input, out);
        } else {
            self.commanded(lines::unended(input.bytes), input, out);
        }
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, _out: &mut Out<'_>) -> bool {
        let direction = way.direction;
        self.asked.clear();
        if self.server == Some(direction) {
            self.replies.lost();
            self.scanned = 0;
        } else {
            self.commands.lost();
        }
        true
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl FtpSession {
    fn server(&mut self, input: Input<'_>) -> Direction {
        *self.server.get_or_insert_with(|| {
            let replies = input.bytes.first().is_some_and(u8::is_ascii_digit);
            if replies { input.direction } else { input.direction.reverse() }
        })
    }

    fn command(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let most = longest(input.bytes);
        match lines::next_within(most, &mut self.commands, Kind::Other, input, out) {
            Ok(line) => self.commanded(line, input, out),
            Err(progress) => progress,
        }
    }

    fn commanded(&mut self, line: Line, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let text = input.bytes.get(..line.text).unwrap_or(&[]);
        let span = out.span(input.at, line.len);
        let id = out.announce(Announce::new(Kind::Command, span));
        self.asked.push(id, asks_tls(text));
        Progress::Took(line.len)
    }

    fn reply(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        let most = longest(input.bytes);
        match reply::take_within(most, &mut self.replies, &mut self.scanned, input.bytes) {
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
        let asked = self.asked.oldest();
        let tls = asked.is_some_and(|(_, tls)| tls);
        // The greeting answers nobody, even where the client did not wait for it.
        let greets = input.at == 0 && !tls && matches!(code, Some(120 | 220 | 421));
        let id = out.announce(Announce::new(Kind::Reply, span));
        self.replied = true;
        if let Some((question, _)) = asked.filter(|_| !greets) {
            out.relate(id, Relation::Answers, question);
            // A first digit of 1 says that another reply will follow (RFC 959, section 4.2.1).
            if !matches!(code, Some(100..=199)) {
                self.asked.pop();
                self.switched = tls && matches!(code, Some(234 | 334));
            }
        }
        Progress::Took(len)
    }
}

/// How long a line may be that begins like this: a name of a file, unless it holds a token in
/// base64 (RFC 2228, sections 3 and 5).
fn longest(bytes: &[u8]) -> usize {
    const TOKENS: [&[u8]; 9] =
        [b"ADAT", b"MIC ", b"CONF", b"ENC ", b"235", b"335", b"631", b"632", b"633"];
    let start = bytes.get(..4).unwrap_or(bytes);
    let is =
        |token: &&[u8]| start.get(..token.len()).is_some_and(|s| s.eq_ignore_ascii_case(token));
    if TOKENS.iter().any(is) { MAX_LINE } else { MAX_NAME_LINE }
}

/// Whether a command asks to go on in TLS (RFC 4217, section 4).
fn asks_tls(text: &[u8]) -> bool {
    let verb = word(text, 0);
    let how = text.get(word(text, verb.end)).unwrap_or(&[]);
    let ways: [&[u8]; 4] = [b"TLS", b"TLS-C", b"SSL", b"TLS-P"];
    text.get(verb).is_some_and(|verb| verb.eq_ignore_ascii_case(b"AUTH"))
        && ways.iter().any(|way| how.eq_ignore_ascii_case(way))
}
