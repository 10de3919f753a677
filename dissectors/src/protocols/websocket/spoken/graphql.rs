//! GraphQL over WebSocket ("GraphQL over WebSocket Protocol" of graphql-ws, which goes by the name
//! graphql-transport-ws; and the older one of subscriptions-transport-ws, which goes by
//! graphql-ws): a type in JSON, and an id for each operation, for many run at once.
//!
//! ```text
//!   connection_init ──>  <── connection_ack
//!   subscribe 1 ──>      <── next 1, next 1 …  <── complete 1       older: start, data, stop
//! ```

use super::Said;
use crate::protocols::contents::{self, Media};
use crate::protocols::lines::text::short;

/// What a message means; `None` if it is none of GraphQL's.
pub(super) fn said(text: &[u8]) -> Option<Said> {
    let kind = contents::member(text, "type")?;
    let id = contents::member(text, "id");
    let headline = match kind.as_str() {
        "connection_init" => "Begins a conversation in GraphQL, and may say who it is",
        "connection_ack" => "Takes the client in: operations may begin",
        "connection_error" => "Refuses the client",
        "connection_terminate" => "Takes leave",
        "ping" | "ka" => "Keeps the connection alive",
        "pong" => "Answers a ping",
        "subscribe" | "start" => "Runs an operation; its results come under the same id",
        "next" | "data" => "Gives one result of an operation; more may follow",
        "error" => "Says that an operation failed",
        "complete" => "Says that nothing more comes of an operation, or is wanted",
        "stop" => "Wants nothing more of an operation",
        _ => return None,
    };
    let label = match &id {
        Some(id) => format!("{kind} {id}"),
        None => kind,
    };
    let detail = contents::called(&Media::json(), text).unwrap_or_default();
    Some(Said { label: short(label.as_bytes()), headline, detail })
}
