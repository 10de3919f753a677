//! The messages of HTTP/1.1 in streams that are in the clear, and how questions meet answers.

use super::wire::{Stream, Wire};

/// A request or a response.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message {
    pub(crate) connection: usize,
    /// 0 where who began says it.
    pub(crate) end: usize,
    /// The frames of its first and its last byte.
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// How long its body is said to be, and how much of it came.
    pub(crate) announced: usize,
    pub(crate) arrived: usize,
    /// Its head and what came of its body, in bytes; 0 where it is sealed.
    pub(crate) size: usize,
    /// Where it lies in its stream, and where its body begins.
    start: usize,
    body: usize,
    interim: bool,
}

/// A question, and the answer to it.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) question: Message,
    pub(crate) answer: Message,
    /// The last frame of the question before the answer.
    pub(crate) asked: usize,
}

impl Message {
    /// Whether it is only the body, which was held back, of a message whose head was told before.
    pub(crate) fn is_rest(&self) -> bool {
        self.size > 0 && self.start == self.body
    }

    /// Whether it was said in answer for now, so that another answer follows.
    pub(crate) fn is_interim(&self) -> bool {
        self.interim
    }

    /// A message that lies there sealed.
    pub(crate) fn sealed(
        (connection, end): (usize, usize),
        (first, last): (usize, usize),
        body: usize,
    ) -> Self {
        Self {
            connection,
            end,
            first,
            last,
            announced: body,
            arrived: body,
            size: 0,
            start: 0,
            body: 0,
            interim: false,
        }
    }
}

impl Wire {
    /// All messages in the clear, connection by connection, in the order of their first frames.
    pub(crate) fn http(&self) -> Vec<Message> {
        let mut all = Vec::new();
        for connection in 0..self.connections.len() {
            let mut own: Vec<Message> = Vec::new();
            for end in [0, 1] {
                own.extend(messages((connection, end), &self.stream(connection, end)));
            }
            own.sort_by_key(|one| one.first);
            all.extend(own);
        }
        all
    }

    /// Which of them answers which.
    pub(crate) fn exchanges(&self, messages: &[Message]) -> Vec<Exchange> {
        let mut all = Vec::new();
        for connection in 0..self.connections.len() {
            let of = |end: usize| {
                let own = messages.iter().filter(move |one| one.connection == connection);
                own.filter(move |one| one.end == end).cloned()
            };
            let asked = self.stream(connection, 0);
            let mut questions = of(0);
            let mut open: Option<Message> = None;
            for answer in of(1) {
                let question = match open.take() {
                    Some(question) => question,
                    None => match questions.next() {
                        Some(question) => question,
                        None => break,
                    },
                };
                let whole = question.start..question.start + question.size;
                let Some(last) = asked.last_before(whole.clone(), answer.first) else { continue };
                if answer.interim {
                    // What it held back is a question of its own.
                    let first = asked.frame(question.body);
                    let start = question.body;
                    let size = whole.end - start;
                    open = Some(Message { first, start, size, ..question.clone() });
                }
                let question = if answer.interim {
                    Message { last, size: question.body - question.start, ..question }
                } else {
                    question
                };
                all.push(Exchange { question, answer, asked: last });
            }
        }
        all
    }
}

/// The messages that one end sent.
fn messages((connection, end): (usize, usize), stream: &Stream) -> Vec<Message> {
    let bytes = &stream.bytes;
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(rest) = bytes.get(start..).filter(|rest| is_head(rest)) {
        let Some(head) = rest.windows(4).position(|part| part == b"\r\n\r\n") else { break };
        let text = String::from_utf8_lossy(&rest[..head]);
        let length = text.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        let announced: usize = length.map_or(0, |length| length.parse().expect("a number"));
        let body = start + head + 4;
        let after = bytes.len().min(body + announced);
        found.push(Message {
            connection,
            end,
            first: stream.frame(start),
            last: stream.frame(after - 1),
            announced,
            arrived: after - body,
            size: after - start,
            start,
            body,
            interim: text.starts_with("HTTP/1.1 1"),
        });
        start = after;
    }
    found
}

/// Whether a head of HTTP begins so, as those of these recordings do.
fn is_head(bytes: &[u8]) -> bool {
    [&b"GET /"[..], b"POST /", b"HTTP/1.1 "].iter().any(|begin| bytes.starts_with(begin))
}
