//! The WebSocket scenarios, run for real on the host's loopback.

use wirestage_generators::{Transcript, steps::websocket_accept};

use crate::{
    common::{only, play, stage, steps},
    http::told,
};

/// Plays `name`: what one side sent the other must have received, in this order.
fn check(name: &str) -> Transcript {
    let transcript = play(stage(name)).0.unwrap_or_else(|failure| panic!("{name}: {failure}"));
    for (from, to) in [("client", "server"), ("server", "client")] {
        for what in ["message", "ping"] {
            let facts = ["kind", "bytes", "sha256"];
            assert_eq!(
                told(&transcript, from, &format!("websocket.{what}.sent"), facts),
                told(&transcript, to, &format!("websocket.{what}.received"), facts),
                "{name}"
            );
        }
    }
    for [key, accept] in told(&transcript, "server", "websocket.accepted", ["key", "accept"]) {
        assert_eq!(websocket_accept(&key), accept, "{name}");
    }
    transcript
}

#[test]
fn websocket_chat_is_held_twice() {
    let transcript = check("websocket-chat");
    only(&transcript, "client", "tls.established");
    let spoken: Vec<_> = steps(&transcript, "client")
        .into_iter()
        .filter_map(|step| step.strip_prefix("websocket."))
        .collect();
    let once = [
        "opened",
        "message.received",
        "message.sent",
        "message.received",
        "ping.received",
        "message.received",
        "close.sent",
        "close.received",
    ];
    assert_eq!(spoken, once.repeat(2));
    let closed = told(&transcript, "server", "websocket.close.received", ["code", "reason"]);
    assert_eq!(closed, [["1000", "bye"], ["1000", "bye"]]);
    assert_eq!(told(&transcript, "server", "websocket.pong.received", ["bytes"]), [["6"], ["6"]]);
}

#[test]
fn websocket_deflate_is_agreed_on() {
    let transcript = check("websocket-deflate");
    let agreed = &only(&transcript, "server", "websocket.accepted").facts["extensions"];
    assert!(agreed.starts_with("permessage-deflate"), "{agreed}");
    let messages = told(&transcript, "client", "websocket.message.sent", ["kind"]);
    assert_eq!(messages, [["text"], ["text"], ["text"]]);
}
