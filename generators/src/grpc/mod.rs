//! gRPC for scenarios: both ends by `tonic` over `hyper`, with one service about the weather.
//!
//! Programs usually have the code between their methods and the library written for them, out of a
//! description of the service. Here it is written by hand: it is short, and shows what is done with
//! a call on its way in and out.

mod client;
mod heard;
mod server;
mod weather;

use std::time::Duration;

use prost::Message;
use tonic::{Code, Status};

use crate::{names, steps};

pub(crate) use client::{Client, Deadline, paced};
pub(crate) use heard::{Answers, Heard};
pub(crate) use server::{
    Outgoing, bidirectional, client_streaming, serve, server_streaming, unary,
};
pub(crate) use weather::{FORECAST, NOW, Place, REPORT, Reading, Summary, WATCH};

/// The port that gRPC servers listen on by custom. None is registered.
pub(crate) const PORT: u16 = 50_051;

/// What passes between two messages of a stream: as if each had to be made first.
pub(crate) const BETWEEN_MESSAGES: Duration = Duration::from_millis(8);

/// The header field that says how long the caller waits.
const TIMEOUT: &str = "grpc-timeout";

/// A message as the transcript tells it: as it travels, without the five bytes in front of it.
fn sent<M: Message>(message: &M) -> steps::Step {
    steps::grpc_message_sent(&message.encode_to_vec())
}

/// A message that came.
fn received<M: Message>(message: &M) -> steps::Step {
    steps::grpc_message_received(&message.encode_to_vec())
}

/// How a call went, as the transcript tells it.
fn told(status: &Status) -> (String, Option<&str>) {
    (code(status.code()), Some(status.message()).filter(|message| !message.is_empty()))
}

fn code(code: Code) -> String {
    names::grpc_status(i32::from(code).unsigned_abs())
}
