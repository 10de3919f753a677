//! AMQP 0-9-1 for scenarios: a broker with one queue, who publishes into it, and who works it off.
//! Frames are written and read by `amq-protocol`, on which the clients of that world rest.

mod broker;
mod client;

use std::collections::VecDeque;

use amq_protocol::{
    frame::{AMQPContentHeader, AMQPFrame, WriteContext, gen_frame, parse_frame},
    protocol::{AMQPClass, basic, connection},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{Failure, actor::Actor, counted::Counted};

pub(crate) use broker::serve;
pub(crate) use client::{Producer, Worker};

/// The well-known port of AMQP.
pub(crate) const AMQP: u16 = 5672;

/// The channel that all is said on; those of a connection as a whole are said on 0.
const CHANNEL: u16 = 1;

/// How much is read at once.
const READ: usize = 4096;

/// What stands before a frame's content, and the byte behind it.
const HEAD: usize = 7;
const END: usize = 1;

/// The number of the class of methods that carry content (AMQP 0-9-1, class basic).
const BASIC: u16 = 60;

/// The protocol's name and version, which a client says first.
const NAME: usize = 8;

/// One end of a connection.
struct Talk {
    actor: Actor,
    stream: Counted,
    /// What has come and is no whole frame yet.
    came: Vec<u8>,
    heard: VecDeque<AMQPFrame>,
}

impl Talk {
    fn new(actor: &Actor, stream: Counted) -> Talk {
        let (came, heard) = Default::default();
        Talk { actor: actor.clone(), stream, came, heard }
    }

    /// Sends frames, all in one write.
    async fn send(&mut self, frames: &[AMQPFrame]) -> Result<(), Failure> {
        let mut written = WriteContext::from(Vec::new());
        for frame in frames {
            let more = gen_frame(frame)(written);
            written = more.map_err(|error| self.actor.failed("write a frame", error))?;
        }
        let sent = self.stream.write_all(&written.write).await;
        sent.map_err(|source| self.actor.cannot("send a frame", source))
    }

    /// Sends a method on the one channel.
    async fn say(&mut self, method: AMQPClass) -> Result<(), Failure> {
        self.send(&[AMQPFrame::Method(CHANNEL, method)]).await
    }

    /// Sends a method about the connection as a whole.
    async fn say_of_all(&mut self, method: connection::AMQPMethod) -> Result<(), Failure> {
        self.send(&[AMQPFrame::Method(0, AMQPClass::Connection(method))]).await
    }

    /// Sends a method with its content.
    async fn say_with(&mut self, method: basic::AMQPMethod, body: &[u8]) -> Result<(), Failure> {
        let header = AMQPContentHeader {
            class_id: BASIC,
            body_size: body.len() as u64,
            properties: basic::AMQPProperties::default(),
        };
        self.send(&[
            AMQPFrame::Method(CHANNEL, AMQPClass::Basic(method)),
            AMQPFrame::Header(CHANNEL, header),
            AMQPFrame::Body(CHANNEL, body.to_vec()),
        ])
        .await
    }

    /// The next frame; nothing when the other side has ended its direction.
    async fn next(&mut self) -> Result<Option<AMQPFrame>, Failure> {
        while self.heard.is_empty() {
            let mut read = [0; READ];
            let count = self.stream.read(&mut read).await;
            let count = count.map_err(|source| self.actor.cannot("read a frame", source))?;
            if count == 0 {
                return Ok(None);
            }
            self.came.extend_from_slice(read.get(..count).unwrap_or_default());
            self.cut()?;
        }
        Ok(self.heard.pop_front())
    }

    /// The next frame, which has to come.
    async fn hear(&mut self) -> Result<AMQPFrame, Failure> {
        let next = self.next().await?;
        next.ok_or_else(|| self.actor.expected("another frame", "the connection ended"))
    }

    /// The next method, which has to come.
    async fn method(&mut self) -> Result<AMQPClass, Failure> {
        match self.hear().await? {
            AMQPFrame::Method(_, method) => Ok(method),
            other => Err(self.actor.expected("a method", format!("it was {other}"))),
        }
    }

    /// The content behind a method: a header that says its length, and as many bytes.
    async fn content(&mut self) -> Result<Vec<u8>, Failure> {
        let AMQPFrame::Header(_, header) = self.hear().await? else {
            return Err(self.actor.expected("a header", "something else came"));
        };
        let mut body = Vec::new();
        while (body.len() as u64) < header.body_size {
            let AMQPFrame::Body(_, piece) = self.hear().await? else {
                return Err(self.actor.expected("content", "something else came"));
            };
            body.extend(piece);
        }
        Ok(body)
    }

    /// Takes whole frames off the front of what has come.
    fn cut(&mut self) -> Result<(), Failure> {
        while let Some(length) = self.whole() {
            let frame: Vec<u8> = self.came.drain(..length).collect();
            let read = parse_frame(&frame[..]);
            let (_, frame) = read.map_err(|error| self.actor.failed("read a frame", error))?;
            self.heard.push_back(frame);
        }
        Ok(())
    }

    /// The length of the frame at the front, where all of it is there.
    fn whole(&self) -> Option<usize> {
        let length = match self.came.get(..HEAD)? {
            [b'A', ..] => NAME,
            [_, _, _, length @ ..] => {
                let length: [u8; 4] = length.try_into().ok()?;
                HEAD + u32::from_be_bytes(length) as usize + END
            }
            _ => return None,
        };
        (self.came.len() >= length).then_some(length)
    }
}

/// What a side says last.
fn goodbye() -> connection::Close {
    connection::Close { reply_code: 200, reply_text: "done".into(), class_id: 0, method_id: 0 }
}
