//! Reads one connection of PostgreSQL, message by message, up to where TLS begins.

use std::collections::VecDeque;

use super::tell::text;
use super::{CANCEL, GSSENC, Kind, Note, SSL};
use crate::engine::session::{Announce, Input, Out, Progress, Session, Way};
use crate::ids::{Both, Direction, MessageId};
use crate::limits::MAX_FRAMED_ASKED;
use crate::message::Relation;
use crate::protocol::{Claim, Likelihood};

/// The longest message that is held as a whole; longer ones pass by behind their head.
const MAX_WHOLE: usize = 1 << 16;
/// The longest message there is: PostgreSQL itself takes none beyond 1 GB.
const MAX_LEN: u32 = 1 << 30;
/// The longest message without a type: PostgreSQL refuses longer ones (MAX_STARTUP_PACKET_LENGTH).
const MAX_FIRST: u32 = 10_000;

/// The state of a connection.
#[derive(Clone, Default)]
pub(super) struct PgsqlSession {
    /// Who asks: who spoke first, unless what it said is a server's.
    client: Option<Direction>,
    started: bool,
    /// The request that the server's next byte answers, and whether it was for TLS.
    asked: Option<(MessageId, bool)>,
    /// Queries that wait: the answers are to the first of them, until the server is ready for the
    /// next.
    queries: VecDeque<Query>,
    /// Whether the latest query that was prepared asks to commit.
    prepares_commit: bool,
    /// What the server's latest demand for proof was.
    demand: Note,
    passing: Both<Option<MessageId>>,
    lost: Both<bool>,
    switched: bool,
}

/// A query that waits.
#[derive(Clone, Copy)]
struct Query {
    by: MessageId,
    /// Whether it asks to commit a transaction.
    commits: bool,
}

/// Whether a query asks to commit a transaction: END is COMMIT by another name.
fn commits(query: &[u8]) -> bool {
    let query = query.trim_ascii_start();
    let len = query.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let word = query.get(..len).unwrap_or_default();
    word.eq_ignore_ascii_case(b"commit") || word.eq_ignore_ascii_case(b"end")
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)
}

/// The length of a message without a type, and what stands where the version would.
fn first(bytes: &[u8]) -> Option<(usize, u32)> {
    let (len, code) = (number(bytes, 0)?, number(bytes, 4)?);
    let fits = match code {
        SSL | GSSENC => len == 8,
        CANCEL => (16..=MAX_FIRST).contains(&len),
        version => version >> 16 == 3 && (9..=MAX_FIRST).contains(&len),
    };
    fits.then_some((len as usize, code))
}

/// The length of a message with a type, its type included.
fn typed(bytes: &[u8]) -> Option<usize> {
    let len = number(bytes, 1).filter(|len| (4..MAX_LEN).contains(len))?;
    bytes.first()?.is_ascii_alphanumeric().then_some(len as usize + 1)
}

/// What begins a connection is sure; a message with a type is only a guess.
pub(super) fn probe(bytes: &[u8]) -> Likelihood {
    if first(bytes).is_some() {
        return Likelihood::Surely;
    }
    let known =
        matches!(bytes.first(), Some(b'Q' | b'P' | b'R' | b'T' | b'D' | b'Z' | b'E' | b'p' | b'S'));
    let whole = known && typed(bytes).is_some_and(|len| len == bytes.len() && len < MAX_WHOLE);
    let part = bytes.len() < 8
        && bytes.starts_with(&[0, 0])
        && bytes
            .get(2..)
            .is_none_or(|rest| rest.first().is_none_or(|high| u32::from(*high) << 8 <= MAX_FIRST));
    // A length alone is anybody's; behind it the versions and the requests begin so.
    let named = part && matches!(bytes.get(4), Some(0 | 4));
    if whole || named {
        return Likelihood::Perhaps;
    }
    // Others may follow in the same segment, or be of a kind that opens no connection. Where
    // text stands, the first byte of the length is none that a message has.
    match bytes {
        [b'1'..=b'3' | b'A'..=b'Z' | b'a'..=b'z', 0, ..]
            if bytes.len() < 5 || typed(bytes).is_some() =>
        {
            Likelihood::Unsaid
        }
        [] | [_] => Likelihood::Unsaid,
        _ if part && bytes.len() < 5 => Likelihood::Unsaid,
        _ => Likelihood::No,
    }
}

impl Session for PgsqlSession {
    fn read(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if self.switched {
            return Progress::Switch(Claim::Named("tls"));
        }
        let bytes = input.bytes;
        let client = *self.client.get_or_insert_with(|| {
            let server =
                matches!(bytes.first(), Some(b'R' | b'T' | b'Z' | b'K' | b'N' | b'1'..=b'3'));
            if server { input.direction.reverse() } else { input.direction }
        });
        let lane = input.direction;
        if *self.lost.of(lane) {
            return other(input, out);
        }
        if client == input.direction && !self.started && bytes.first() == Some(&0) {
            return self.first(input, out);
        }
        if client != input.direction
            && let Some((question, tls)) = self.asked.take()
            && matches!(bytes.first(), Some(b'S' | b'N' | b'G'))
        {
            let span = out.span(input.at, 1);
            let id = out.announce(Announce::new(Kind::Consent, span).extra(if tls {
                Note::Tls
            } else {
                Note::None
            }));
            out.relate(id, Relation::Answers, question);
            self.switched = tls && bytes.first() == Some(&b'S');
            if bytes.first() == Some(&b'G') {
                self.lost = Both::each(true);
            }
            return Progress::Took(1);
        }
        self.typed(client == input.direction, input, out)
    }

    fn gap(&mut self, way: Way, _missing: Option<u64>, out: &mut Out<'_>) -> bool {
        let direction = way.direction;
        if let Some(id) = self.passing.of_mut(direction).take() {
            out.finish(id);
        }
        *self.lost.of_mut(direction) = true;
        self.queries.clear();
        true
    }

    fn passed(&mut self, way: Way, out: &mut Out<'_>) {
        let direction = way.direction;
        if let Some(id) = self.passing.of_mut(direction).take() {
            out.finish(id);
        }
    }

    fn fork(&self) -> Box<dyn Session> {
        Box::new(self.clone())
    }
}

impl PgsqlSession {
    fn first(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if input.bytes.len() < 8 {
            return Progress::Need(8);
        }
        let Some((len, code)) = first(input.bytes) else { return self.lose(input, out) };
        if input.bytes.len() < len {
            return Progress::Need(len);
        }
        let span = out.span(input.at, len);
        let id = out.announce(Announce::new(Kind::First, span));
        match code {
            SSL | GSSENC => self.asked = Some((id, code == SSL)),
            _ => {
                self.started = true;
                self.queries.push_back(Query { by: id, commits: false });
            }
        }
        Progress::Took(len)
    }

    fn typed(&mut self, client: bool, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        if input.bytes.len() < 5 {
            return Progress::Need(5);
        }
        let Some(len) = typed(input.bytes) else { return self.lose(input, out) };
        let kind = if client { Kind::Frontend } else { Kind::Backend };
        let extra = self.demand;
        if len > MAX_WHOLE {
            let here = out.span(input.at, input.bytes.len().min(5));
            let id = out.begin(Announce::new(kind, here).extra(extra));
            *self.passing.of_mut(input.direction) = Some(id);
            return Progress::Pass(len as u64);
        }
        if input.bytes.len() < len {
            return Progress::Need(len);
        }
        let span = out.span(input.at, len);
        let whole = input.bytes.get(..len).unwrap_or_default();
        // Who asks to commit a transaction that has failed is told that it was rolled back.
        let is_undone = !client
            && whole.first() == Some(&b'C')
            && text(whole, 5) == b"ROLLBACK"
            && self.queries.front().is_some_and(|query| query.commits);
        let extra = if is_undone { Note::Undone } else { extra };
        let id = out.announce(Announce::new(kind, span).extra(extra));
        match (client, input.bytes.first()) {
            (true, Some(b'p')) => {
                // A proof takes the place of what was asked before it.
                self.queries.pop_front();
                self.queries.push_front(Query { by: id, commits: false });
            }
            (true, Some(b'P')) => {
                self.prepares_commit = commits(text(whole, 6 + text(whole, 5).len()));
            }
            (true, Some(kind @ (b'Q' | b'S' | b'F'))) if self.queries.len() < MAX_FRAMED_ASKED => {
                let prepared = std::mem::take(&mut self.prepares_commit);
                let commits = if *kind == b'Q' { commits(text(whole, 5)) } else { prepared };
                self.queries.push_back(Query { by: id, commits });
            }
            (false, Some(b'R')) => {
                self.demand = number(input.bytes, 5).map_or(Note::None, Note::of_demand)
            }
            _ => {}
        }
        if !client && let Some(query) = self.queries.front() {
            out.relate(id, Relation::Answers, query.by);
        }
        if !client && input.bytes.first() == Some(&b'Z') {
            self.queries.pop_front();
        }
        Progress::Took(len)
    }

    /// What cannot be read is shown as data from here on.
    fn lose(&mut self, input: Input<'_>, out: &mut Out<'_>) -> Progress {
        *self.lost.of_mut(input.direction) = true;
        other(input, out)
    }
}

fn other(input: Input<'_>, out: &mut Out<'_>) -> Progress {
    let span = out.span(input.at, input.bytes.len());
    out.announce(Announce::new(Kind::Other, span));
    Progress::Took(input.bytes.len())
}
